//! What sessions know: what they have read and written, as far as they were told. A request is
//! compared with those of its session that were answered before it was sent, and with itself.

use super::{Note, REMEMBERED, Watching};
use crate::job::Job;
use crate::part::versions::Record;
use crate::run::Run;
use crate::run::rows::Sight;
use crate::time::Ns;
use crate::watch::{Invariant, Violation};

#[derive(Debug, Default)]
pub(super) struct Known {
    read: Option<Told>,
    wrote: Option<Told>,
}

/// The latest version that a session was told of, when it was, and how it came to know.
#[derive(Debug, Clone, Copy)]
struct Told {
    version: u64,
    at: Ns,
    note: Note,
}

impl Run {
    /// The session of a request, where it may have others.
    pub(super) fn session_of(&self, job: &Job) -> Option<u64> {
        let class = &self.table.classes[job.class as usize];
        match (class.sessions, class.users) {
            (0, 0) => None,
            (0, _) => Some(1 << 32 | u64::from(job.session)),
            _ => Some(u64::from(job.session)),
        }
    }

    pub(super) fn look_at_session(&self, watching: &mut Watching, place: u32, record: Record, seen: &Sight) {
        let (job, now) = (&self.jobs[place], self.now);
        let (sent, session) = (job.intended, self.session_of(job));
        // What it has seen itself counts before anything else.
        let own = self.sight(place, record.0, seen.plain);
        let own = own.map(|own| (own.wrote, Told { version: own.version, at: own.at, note: self.note_of(job, &own) }));
        let known = session.and_then(|session| watching.sessions.get(&(session, record)));
        for &rule in &watching.about[usize::from(record.0)] {
            let found = &mut watching.found[rule];
            let (told, did) = match found.invariant {
                Invariant::ReadYourWrites => (known.and_then(|known| known.wrote), "written"),
                Invariant::MonotonicReads => (known.and_then(|known| known.read), "read"),
                _ => continue,
            };
            let own = own.filter(|(wrote, _)| *wrote == (did == "written")).map(|(_, told)| told);
            let before = told.filter(|told| told.at <= sent).into_iter().chain(own).max_by_key(|told| told.version);
            let Some(before) = before else { continue };
            found.checked += 1;
            if seen.version < before.version {
                found.violate(|| {
                    let row = self.row_name(record);
                    let what = format!("A session read version {} of {row} after it had {did} version {}.", seen.version, before.version);
                    let note = self.note_of(job, seen);
                    let story = vec![self.tell(&before.note, record), self.tell(&note, record)];
                    Violation { at: now, request: job.request, what, story }
                });
            }
        }
    }

    /// A client has its answer: its session knows from now on what the request has seen.
    pub(in crate::run) fn watch_answer(&mut self, place: u32) {
        let job = &self.jobs[place];
        let Some(session) = self.session_of(job) else { return };
        let Some(sights) = self.sights.get(&(place, job.stamp)) else { return };
        let Some(mut watching) = self.watching.take() else { return };
        let wants = |invariant| matches!(invariant, Invariant::ReadYourWrites | Invariant::MonotonicReads);
        for sight in sights.iter().filter(|sight| !watching.wanted(sight.data, wants).is_empty()).collect::<Vec<_>>() {
            let key = (session, (sight.data, job.key));
            if watching.sessions.len() >= REMEMBERED && !watching.sessions.contains_key(&key) {
                continue;
            }
            let known = watching.sessions.entry(key).or_default();
            let told = if sight.wrote { &mut known.wrote } else { &mut known.read };
            if told.is_none_or(|told| told.version <= sight.version) {
                *told = Some(Told { version: sight.version, at: self.now, note: self.note_of(job, sight) });
            }
        }
        self.watching = Some(watching);
    }
}
