//! What sessions know: what they have read and written, as far as they were told. A request is
//! compared with those of its session that were answered before it was sent, and with itself.

use super::REMEMBERED;
use crate::job::Job;
use crate::part::versions::Record;
use crate::run::Run;
use crate::run::rows::Sight;
use crate::time::Ns;
use crate::watch::{Invariant, Scene, Violation};

#[derive(Debug, Default)]
pub(super) struct Known {
    read: Option<Told>,
    wrote: Option<Told>,
}

/// The latest version that a session was told of, when it was, and how it came to know.
#[derive(Debug, Clone)]
struct Told {
    version: u64,
    at: Ns,
    scene: Scene,
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

    pub(super) fn watch_session(&mut self, place: u32, record: Record, seen: &Sight, scene: &Scene, row: &str) {
        let job = &self.jobs[place];
        let (sent, session) = (job.intended, self.session_of(job));
        // What it has seen itself counts before anything else.
        let own = self.sight(place, record.0, seen.plain).map(|own| {
            let did = format!("{} {row}: version {}", if own.wrote { "writes" } else { "reads" }, own.version);
            (own.wrote, Told { version: own.version, at: own.at, scene: self.scene(job, own.at, own.component, did) })
        });
        let now = self.now;
        let Some(watching) = &mut self.watching else { return };
        let known = session.and_then(|session| watching.sessions.get(&(session, record)));
        for number in watching.about[usize::from(record.0)].clone() {
            let found = &mut watching.found[number];
            let (told, did) = match found.invariant {
                Invariant::ReadYourWrites => (known.and_then(|known| known.wrote.as_ref()), "written"),
                Invariant::MonotonicReads => (known.and_then(|known| known.read.as_ref()), "read"),
                _ => continue,
            };
            let own = own.as_ref().filter(|(wrote, _)| *wrote == (did == "written")).map(|(_, told)| told);
            let before = told.filter(|told| told.at <= sent).into_iter().chain(own).max_by_key(|told| told.version);
            let Some(before) = before else { continue };
            found.checked += 1;
            if seen.version < before.version {
                let what = format!("A session read version {} of {row} after it had {did} version {}.", seen.version, before.version);
                let story = vec![before.scene.clone(), scene.clone()];
                found.violate(|| Violation { at: now, request: scene.request, what, story });
            }
        }
    }

    /// A client has its answer: its session knows from now on what the request has seen.
    pub(in crate::run) fn watch_answer(&mut self, place: u32) {
        let Some(watching) = &self.watching else { return };
        let job = &self.jobs[place];
        let Some(session) = self.session_of(job) else { return };
        let is_room = watching.sessions.len() < REMEMBERED;
        let Some(sights) = self.sights.get(&(place, job.stamp)).cloned() else { return };
        for sight in sights {
            let record = (sight.data, job.key);
            let row = self.row_name(record);
            let did = format!("{} {row}: version {}", if sight.wrote { "writes" } else { "reads" }, sight.version);
            let scene = self.scene(&self.jobs[place], sight.at, sight.component, did);
            let now = self.now;
            let Some(watching) = &mut self.watching else { return };
            let wants = |invariant| matches!(invariant, Invariant::ReadYourWrites | Invariant::MonotonicReads);
            if watching.wanted(sight.data, wants).is_empty() || !is_room && !watching.sessions.contains_key(&(session, record)) {
                continue;
            }
            let known = watching.sessions.entry((session, record)).or_default();
            let told = if sight.wrote { &mut known.wrote } else { &mut known.read };
            if told.as_ref().is_none_or(|told| told.version <= sight.version) {
                *told = Some(Told { version: sight.version, at: now, scene });
            }
        }
    }
}
