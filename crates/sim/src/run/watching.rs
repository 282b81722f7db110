//! Where a run looks whether invariants on data hold. It is told what to watch before its first
//! step; a run that watches nothing never comes here. Looking draws nothing at random, and what is
//! remembered for it is in nobody's way. What is done once and what is lost is in `effects`, sessions of clients in
//! `sessions`, messages in `messages`.

mod effects;
mod messages;
mod sessions;

use std::collections::{BTreeSet, VecDeque};

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
    effects: Lookup<(u32, u64), (u64, Scene)>,
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
    /// Two that sold the same one.
    twice: Option<(Deed, Deed)>,
    /// Of stores that keep no versions: how often it was written there.
    plain: u64,
    /// Appended so far, and the last that took effect: its number or version, and who.
    appended: u64,
    effected: [Option<(u64, Scene)>; 2],
}

/// A write that was committed.
#[derive(Debug, Clone)]
struct Deed {
    version: u64,
    acknowledged: Ns,
    scene: Scene,
    /// What its author had read, if that is known.
    base: Option<Scene>,
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

    fn scene(&self, job: &Job, at: Ns, component: u32, did: String) -> Scene {
        let component = self.table.names.get(component as usize).cloned().unwrap_or_default();
        Scene { at, request: job.request, session: self.session_of(job), component, did }
    }

    fn read_scene(&self, job: &Job, record: Record, sight: &Sight) -> Scene {
        let row = self.row_name(record);
        let did = match sight.value {
            Some(value) => format!("reads {row}: {value} left (version {})", sight.version),
            None => format!("reads {row}: version {}", sight.version),
        };
        self.scene(job, sight.at, sight.component, did)
    }

    /// A write has been committed; what its job has seen is as it was before.
    pub(super) fn watch_commit(&mut self, place: u32, number: u32, committed: Committed) {
        let Committed { record, version, before, .. } = committed;
        if !self.is_watched(record.0) {
            return;
        }
        let step = &self.table.programs.steps[number as usize];
        let base = self.sight(place, record.0, self.is_plain(step.to));
        let deed = self.deed_of(place, step, &committed, base);
        let sells = step.touch == Touch::Take || step.touch.is_computed() && base.is_some() && committed.value.is_some();
        let is_computed = step.touch.is_computed() && base.is_some();
        let initial = self.rows.first(record).value;
        let row = self.row_name(record);
        let (now, class) = (self.now, step.class);
        let job = &self.jobs[place];
        let wants_telling = job.message == NONE && job.message_station == NONE;
        let Some(watching) = &mut self.watching else { return };
        let history = watching.records.entry(record).or_default();
        let overwritten = history.deeds.back().filter(|deed| deed.version == before).cloned();
        for number in watching.about[usize::from(record.0)].clone() {
            let found = &mut watching.found[number];
            match found.invariant {
                Invariant::NoLostWrite => found.checked += 1,
                Invariant::NoLostUpdate if is_computed => {
                    found.checked += 1;
                    if base.is_some_and(|base| base.version < before) {
                        let what = format!("Version {before} of {row} was overwritten by a request that had not seen it.");
                        found.violate(|| Violation {
                            at: now,
                            request: deed.scene.request,
                            what,
                            story: story(overwritten.iter().chain([&deed])),
                        });
                    }
                }
                Invariant::NoOversell if sells => {
                    found.checked += 1;
                    history.sold += 1;
                    if committed.value >= committed.value_before && committed.value.is_some() {
                        let first = overwritten.clone().unwrap_or_else(|| deed.clone());
                        history.twice.get_or_insert((first, deed.clone()));
                    }
                    if initial.is_some_and(|initial| history.sold > initial) {
                        let what = format!("{} of {row} were sold, and there were {}.", history.sold, initial.unwrap_or(0));
                        let twice = history.twice.iter().flat_map(|(first, second)| [first, second]);
                        found.violate(|| Violation { at: now, request: deed.scene.request, what, story: story(twice.chain([&deed])) });
                    }
                }
                Invariant::NoLostMessage if wants_telling => {
                    found.checked += u64::from(watching.messages.owes(class, record, &deed.scene));
                }
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

    fn deed_of(&self, place: u32, step: &Step, committed: &Committed, base: Option<Sight>) -> Deed {
        let job = &self.jobs[place];
        let row = self.row_name(committed.record);
        let verb = if step.touch == Touch::Take { "takes one of" } else { "writes" };
        let did = match committed.value {
            Some(value) => format!("{verb} {row}: {value} left (version {})", committed.version),
            None => format!("{verb} {row}: version {}", committed.version),
        };
        let base = base.filter(|_| step.touch.is_computed()).map(|base| self.read_scene(job, committed.record, &base));
        let scene = self.scene(job, self.now, step.to, did);
        Deed { version: committed.version, acknowledged: committed.acknowledged, scene, base }
    }

    /// A call at a store or cache has read a version; `seen` is not yet among what its job has seen.
    pub(super) fn watch_read(&mut self, place: u32, record: Record, seen: Sight) {
        if !self.is_watched(record.0) {
            return;
        }
        let is_cache = matches!(self.table.components[seen.component as usize].part, Part::Cache(_));
        let latest = self.versions.of(record).version;
        let scene = self.read_scene(&self.jobs[place], record, &seen);
        let row = self.row_name(record);
        self.watch_session(place, record, &seen, &scene, &row);
        let now = self.now;
        let Some(watching) = &mut self.watching else { return };
        let history = watching.records.get(&record);
        for number in watching.about[usize::from(record.0)].clone() {
            let found = &mut watching.found[number];
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
            if let Some((version, since)) = missed.filter(|(_, since)| now - since > bound) {
                let (old, bound) = (about(now - since), about(bound));
                let what = format!(
                    "Version {} of {row} was read {old} after version {version} had replaced it; the bound is {bound}.",
                    seen.version
                );
                let wrote = history.and_then(|history| history.deeds.iter().find(|deed| deed.version == version));
                let scenes = wrote.map(|deed| deed.scene.clone()).into_iter().chain([scene.clone()]);
                found.violate(|| Violation { at: now, request: scene.request, what, story: scenes.collect() });
            }
        }
    }
}

/// What an author read and then wrote, of each of them, in the order of time.
fn story<'a>(deeds: impl Iterator<Item = &'a Deed>) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for deed in deeds {
        for scene in deed.base.iter().chain([&deed.scene]) {
            if !scenes.contains(scene) {
                scenes.push(scene.clone());
            }
        }
    }
    scenes.sort_by_key(|scene| scene.at);
    scenes
}

/// The requests of jobs that have not ended.
fn under_way(run: &Run) -> BTreeSet<u64> {
    run.jobs.all().into_iter().map(|place| run.jobs[place].request).collect()
}
