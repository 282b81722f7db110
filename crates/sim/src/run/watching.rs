//! Where a run looks whether invariants on data hold. It is told what to watch before its first
//! step; a run that watches nothing never comes here. Looking draws nothing at random, and what is
//! remembered for it is in nobody's way. What is done once and what is lost is in `effects`, sessions of clients in
//! `sessions`, messages in `messages`.

mod effects;
mod messages;
mod sessions;

use sorted::TreeSet;
use std::collections::VecDeque;

use super::Run;
use super::rows::Sight;
use crate::job::{Job, NONE};
use crate::keys::Lookup;
use crate::part::Part;
use crate::part::versions::Record;
use crate::program::{Step, Touch};
use crate::table::Table;
use crate::time::Ns;
use crate::watch::{Invariant, Scene, Violation, Watch, Watched, about};

/// So many writes of a record are remembered for a story, and so many for how old an answer is.
const DEEDS: usize = 64;
const COMMITS: usize = 4_096;
/// So many requests back an effect is remembered, and so many records of sessions.
const REMEMBERED: usize = 1_000_000;

/// What a run watches, and what it must remember for that.
#[derive(Debug, Default)]
pub(crate) struct Watching {
    found: Vec<Watched>,
    /// By data, from 1: which of them are about it.
    about: Vec<Vec<usize>>,
    records: Lookup<Record, History>,
    sessions: Lookup<(u64, Record), sessions::Known>,
    /// By step and request: how often it took effect, and the first time.
    effects: Lookup<(u32, u64), (u64, Note)>,
    order: VecDeque<(u32, u64)>,
    messages: messages::Messages,
}

/// What became of one record.
#[derive(Debug, Default)]
struct History {
    deeds: VecDeque<Deed>,
    /// Versions, and when they were committed.
    commits: VecDeque<(u64, Ns)>,
    sold: u64,
    /// How one came to be sold twice, for the first time.
    twice: Vec<Note>,
    /// Of stores that keep no versions: how often it was written there.
    plain: u64,
    /// Appended so far, and the last that took effect: its number or version, and who.
    appended: u64,
    effected: [Option<(u64, Note)>; 2],
}

/// A write that was committed.
#[derive(Debug, Clone, Copy)]
struct Deed {
    version: u64,
    acknowledged: Ns,
    note: Note,
    /// What its author had read, if that is known.
    base: Option<Note>,
}

impl Deed {
    /// What its author read and then wrote.
    fn notes(&self) -> impl Iterator<Item = Note> + use<> {
        self.base.into_iter().chain([self.note])
    }
}

/// A scene that may have to be told. What a component does by itself has request 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Note {
    at: Ns,
    request: u64,
    session: Option<u64>,
    component: u32,
    did: Did,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Did {
    Read {
        version: u64,
        value: Option<u64>,
    },
    Write {
        version: u64,
        value: Option<u64>,
        takes: bool,
    },
    /// A write that is older by its clock than the one before.
    WriteBehind {
        version: u64,
    },
    /// What the call of this step does, at which attempt, or with a message delivered so often.
    Effect {
        step: u32,
        attempt: u16,
        receives: u32,
    },
    Handle {
        by_version: bool,
        turn: u64,
        receives: u32,
    },
    EndUntold,
    Crash,
    TakeOverWithout {
        version: u64,
    },
}

impl Watching {
    pub(crate) fn new(watches: &[Watch], table: &Table, data: &[String]) -> Self {
        let mut about = vec![Vec::new(); data.len() + 1];
        for (number, watch) in watches.iter().enumerate() {
            if let Some(at) = data.iter().position(|name| *name == watch.data) {
                about[at + 1].push(number);
            }
        }
        let messages = messages::Messages::new(table);
        Self { found: watches.iter().map(Watched::new).collect(), about, messages, ..Self::default() }
    }

    /// Those invariants on this data that are wanted.
    fn wanted(&self, data: u16, wanted: impl Fn(Invariant) -> bool) -> Vec<usize> {
        let all = self.about.get(usize::from(data)).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(|&number| wanted(self.found[number].invariant)).collect()
    }

    fn is_about(&self, data: u16) -> bool {
        self.about.get(usize::from(data)).is_some_and(|about| !about.is_empty())
    }
}

/// A write as it is committed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Committed {
    pub(super) record: Record,
    pub(super) version: u64,
    /// What it replaced.
    pub(super) before: u64,
    pub(super) value_before: Option<u64>,
    pub(super) value: Option<u64>,
    pub(super) acknowledged: Ns,
}

impl Run {
    /// Looks whether these invariants hold; the report then has `watched`, in the same order. To be
    /// said before the first step. It changes no other part of the report.
    pub fn watching(&mut self, watches: &[Watch]) {
        if watches.is_empty() {
            return;
        }
        let data: Vec<String> = self.experiment.document.document().data.keys().cloned().collect();
        for watch in watches {
            if let Some(at) = data.iter().position(|name| *name == watch.data) {
                self.sighted[at + 1] = true;
            }
        }
        self.watching = Some(Box::new(Watching::new(watches, &self.table, &data)));
        for component in &mut self.table.components {
            if let Part::Broker(broker) = &mut component.part {
                broker.tells = true;
            }
        }
        // Whoever rides is seen by nobody.
        self.take_the_long_way();
    }

    /// What was found, with what only shows at the end.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let Some(watching) = &self.watching else { return Vec::new() };
        let mut found = watching.found.clone();
        self.add_untold(watching, &mut found);
        found
    }

    fn is_watched(&self, data: u16) -> bool {
        self.watching.as_ref().is_some_and(|watching| watching.is_about(data))
    }

    /// "stock 12"
    fn row_name(&self, record: Record) -> String {
        let document = self.experiment.document.document();
        let Some((name, data)) = document.data.iter().nth(usize::from(record.0).saturating_sub(1)) else { return String::new() };
        let is_single = data.settings.get("rows") == Some(&design::Setting::Count(units::Count(1)));
        // Fresh keys are numbered by class.
        if is_single { name.clone() } else { format!("{name} {}", record.1 & ((1 << 48) - 1)) }
    }

    fn note(&self, job: &Job, at: Ns, component: u32, did: Did) -> Note {
        Note { at, request: job.request, session: self.session_of(job), component, did }
    }

    fn note_of(&self, job: &Job, sight: &Sight) -> Note {
        let did = match sight.wrote {
            true => Did::Write { version: sight.version, value: sight.value, takes: false },
            false => Did::Read { version: sight.version, value: sight.value },
        };
        self.note(job, sight.at, sight.component, did)
    }

    fn tell(&self, note: &Note, record: Record) -> Scene {
        let row = self.row_name(record);
        let valued = |verb: &str, version: u64, value: Option<u64>| match value {
            Some(value) => format!("{verb} {row}: {value} left (version {version})"),
            None => format!("{verb} {row}: version {version}"),
        };
        let did = match note.did {
            Did::Read { version, value } => valued("reads", version, value),
            Did::Write { version, value, takes } => valued(if takes { "takes one of" } else { "writes" }, version, value),
            Did::WriteBehind { version } => {
                format!("writes {row}: version {version}, with a clock that is behind that of the write before")
            }
            Did::Effect { step, attempt, receives } => format!("{} {row}{}", self.verb_of(step), tries(attempt, receives)),
            Did::Handle { by_version, turn, receives } => {
                format!("deals with {} about {row}{}", counted(by_version, turn), tries(0, receives))
            }
            Did::Crash => "its leader crashes".into(),
            Did::TakeOverWithout { version } => format!("a follower leads that does not have version {version} of {row}"),
            Did::EndUntold => format!("ends without the message about {row}"),
        };
        let component = self.table.names.get(note.component as usize).cloned().unwrap_or_default();
        Scene { at: note.at, request: note.request, session: note.session, component, did }
    }

    /// A write has been committed; what its job has seen is as it was before.
    pub(super) fn watch_commit(&mut self, place: u32, number: u32, committed: Committed) {
        if !self.is_watched(committed.record.0) {
            return;
        }
        if let Some(mut watching) = self.watching.take() {
            self.look_at_commit(&mut watching, place, number, &committed);
            self.watching = Some(watching);
        }
    }

    fn look_at_commit(&self, watching: &mut Watching, place: u32, number: u32, committed: &Committed) {
        let Committed { record, version, before, value, value_before, acknowledged } = *committed;
        let step = &self.table.programs.steps[number as usize];
        let (now, class, job) = (self.now, step.class, &self.jobs[place]);
        let base = self.sight(place, record.0, self.is_plain(step.to)).filter(|_| step.touch.is_computed());
        let takes = step.touch == Touch::Take;
        let note = self.note(job, now, step.to, Did::Write { version, value, takes });
        let read = base.map(|base| Note { did: Did::Read { version: base.version, value: base.value }, ..self.note_of(job, &base) });
        let deed = Deed { version, acknowledged, note, base: read };
        let sells = takes || base.is_some() && value.is_some();
        let wants_telling = job.message == NONE && job.message_station == NONE;
        let history = watching.records.entry(record).or_default();
        let overwritten = history.deeds.back().filter(|deed| deed.version == before).copied();
        for &rule in &watching.about[usize::from(record.0)] {
            let found = &mut watching.found[rule];
            match found.invariant {
                Invariant::NoLostWrite => found.checked += 1,
                Invariant::NoLostUpdate if base.is_some() => {
                    found.checked += 1;
                    if base.is_some_and(|base| base.version < before) {
                        found.violate(|| {
                            let row = self.row_name(record);
                            let what = format!("Version {before} of {row} was overwritten by a request that had not seen it.");
                            let story = self.story(overwritten.iter().chain([&deed]).flat_map(Deed::notes), record);
                            Violation { at: now, request: note.request, what, story }
                        });
                    }
                }
                Invariant::NoOversell if sells => {
                    found.checked += 1;
                    history.sold += 1;
                    if value >= value_before && value.is_some() && history.twice.is_empty() {
                        history.twice.extend(overwritten.iter().chain([&deed]).flat_map(Deed::notes));
                    }
                    let initial = self.rows.first(record).value.unwrap_or(u64::MAX);
                    if history.sold > initial {
                        found.violate(|| {
                            let what = format!("{} of {} were sold, and there were {initial}.", history.sold, self.row_name(record));
                            let notes = history.twice.iter().copied().chain(deed.notes());
                            Violation { at: now, request: note.request, what, story: self.story(notes, record) }
                        });
                    }
                }
                Invariant::NoLostMessage if wants_telling => found.checked += u64::from(watching.messages.owes(class, record, note)),
                _ => {}
            }
        }
        history.deeds.push_back(deed);
        history.commits.push_back((version, now));
        if history.deeds.len() > DEEDS {
            history.deeds.pop_front();
        }
        if history.commits.len() > COMMITS {
            history.commits.pop_front();
        }
    }

    /// Each scene once, in the order of time.
    fn story(&self, told: impl Iterator<Item = Note>, record: Record) -> Vec<Scene> {
        let mut notes: Vec<Note> = Vec::new();
        for note in told {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        sorted::sort_by_key(&mut notes, |note| note.at);
        notes.iter().map(|note| self.tell(note, record)).collect()
    }

    /// A call at a store or cache has read a version; `seen` is not yet among what its job has seen.
    pub(super) fn watch_read(&mut self, place: u32, record: Record, seen: Sight) {
        if !self.is_watched(record.0) {
            return;
        }
        if let Some(mut watching) = self.watching.take() {
            self.look_at_session(&mut watching, place, record, &seen);
            self.look_at_age(&mut watching, place, record, &seen);
            self.watching = Some(watching);
        }
    }

    fn look_at_age(&self, watching: &mut Watching, place: u32, record: Record, seen: &Sight) {
        let is_cache = matches!(self.table.components[seen.component as usize].part, Part::Cache(_));
        let (now, latest) = (self.now, self.versions.of(record).version);
        let history = watching.records.get(&record);
        for &rule in &watching.about[usize::from(record.0)] {
            let found = &mut watching.found[rule];
            let bound = match found.invariant {
                Invariant::StaleAtMost(bound) => bound,
                Invariant::CacheStaleAtMost(bound) if is_cache => bound,
                _ => continue,
            };
            found.checked += 1;
            // The first version that it has missed.
            let missed = history.filter(|_| seen.version < latest).and_then(|history| {
                let at = history.commits.partition_point(|(version, _)| *version <= seen.version);
                history.commits.get(at).copied()
            });
            let Some((version, since)) = missed.filter(|(_, since)| now - since > bound) else { continue };
            found.violate(|| {
                let (old, bound, row) = (about(now - since), about(bound), self.row_name(record));
                let seen_version = seen.version;
                let what = format!(
                    "Version {seen_version} of {row} was read {old} after version {version} had replaced it; the bound is {bound}."
                );
                let wrote = history.and_then(|history| history.deeds.iter().find(|deed| deed.version == version));
                let note = self.note_of(&self.jobs[place], seen);
                let story = wrote.map(|deed| deed.note).into_iter().chain([note]).map(|note| self.tell(&note, record)).collect();
                Violation { at: now, request: note.request, what, story }
            });
        }
    }

    /// "insert", "charge": what a call asks for.
    fn verb_of(&self, number: u32) -> String {
        fn find<'a>(calls: &'a [design::Call], to: &str, step: &Step, data: &str) -> Option<&'a str> {
            calls.iter().find_map(|call| {
                let is_it = call.to == to && call.modifiers == step.modifiers && call.data.as_deref() == Some(data) && !call.reads();
                let below = || [&call.then, &call.miss, &call.statements].into_iter().find_map(|calls| find(calls, to, step, data));
                is_it.then_some(call.operation.as_str()).or_else(below)
            })
        }
        let (document, step) = (self.experiment.document.document(), &self.table.programs.steps[number as usize]);
        let data = document.data.keys().nth(usize::from(step.data).saturating_sub(1)).map_or("", String::as_str);
        let calls = document.calls.get(&self.table.classes[step.class as usize].name).map_or(&[][..], Vec::as_slice);
        find(calls, &self.table.names[step.to as usize], step, data).unwrap_or("write").to_owned()
    }
}

/// ", attempt 2", ", delivered 3 times"
fn tries(attempt: u16, receives: u32) -> String {
    match (attempt, receives) {
        (1.., _) => format!(", attempt {attempt}"),
        (_, 2..) => format!(", delivered {receives} times"),
        _ => String::new(),
    }
}

/// "version 3", "message 7"
fn counted(by_version: bool, turn: u64) -> String {
    if by_version { format!("version {turn}") } else { format!("message {turn}") }
}

/// The requests of jobs that have not ended.
fn under_way(run: &Run) -> TreeSet<u64> {
    run.jobs.all().into_iter().map(|place| run.jobs[place].request).collect()
}
