//! Where a run looks whether invariants on data hold. It is told what to watch before its first
//! step; a run that watches nothing never comes here. Looking draws nothing at random, and what is
//! remembered for it is in nobody's way. The sessions of clients are in `sessions`, messages in
//! `messages`.

mod messages;
mod sessions;

use std::collections::{BTreeSet, VecDeque};

use super::Run;
use super::rows::Sight;
use crate::job::{Job, NONE};
use crate::keys::Lookup;
use crate::part::Part;
use crate::part::versions::Record;
use crate::program::{Step, Touch, Verb};
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

    /// A call has done what it does, at a component that keeps no versions.
    #[inline(never)]
    pub(super) fn watch_served(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (to, data, verb, touch) = (step.to, step.data, step.verb, step.touch);
        let failed = self.jobs[place].failed != crate::job::Cause::None;
        if data == 0 || failed || !self.is_watched(data) {
            return;
        }
        let component = &self.table.components[to as usize];
        if matches!(component.part, Part::Relational(_) | Part::KeyValue(_) | Part::Cache(_) | Part::Broker(_)) || component.manner.rows {
            return;
        }
        let record = (data, self.jobs[place].key);
        if matches!(self.table.kinds[to as usize].as_str(), "document" | "objects" | "relational" | "keyvalue") {
            let version = self.watching.as_ref().and_then(|watching| watching.records.get(&record)).map_or(0, |history| history.plain);
            let sight = Sight { data, plain: true, version, value: None, at: self.now, component: to, wrote: false };
            if verb == Verb::Read {
                return self.sees(place, sight);
            }
            if touch != Touch::Insert {
                let (before, version, acknowledged) = (version, version + 1, self.now);
                self.watch_commit(place, number, Committed { record, version, before, value_before: None, value: None, acknowledged });
                if let Some(history) = self.watching.as_mut().and_then(|watching| watching.records.get_mut(&record)) {
                    history.plain = version;
                }
                self.sees(place, Sight { version, wrote: true, ..sight });
            }
        }
        if verb == Verb::Write {
            self.watch_effect(place, number);
        }
    }

    /// A request has had an effect, which it may have had before.
    pub(super) fn watch_effect(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (to, data, most, depth) = (step.to, step.data, step.most, step.depth);
        let Some(watching) = &self.watching else { return };
        let rules = watching.wanted(data, |invariant| invariant == Invariant::OneEffect);
        if rules.is_empty() {
            return;
        }
        let is_once = step.modifiers.iter().any(|word| word == "once");
        let (verb, row) = (verb_of(step, self.experiment.document.document(), &self.table), self.row_name((data, self.jobs[place].key)));
        let attempt = self.jobs.frame_of(place, depth).attempts;
        let job = &self.jobs[place];
        let try_of = match (attempt, job.message) {
            (1.., _) => format!(", attempt {attempt}"),
            (_, NONE) => String::new(),
            (_, message) => self.delivery_of(job.message_of, message),
        };
        let scene = self.scene(job, self.now, to, format!("{verb} {row}{try_of}"));
        let (request, now) = (job.request, self.now);
        let name = self.table.names[to as usize].clone();
        let Some(watching) = &mut self.watching else { return };
        let key = (number, request);
        let (times, first) = watching.effects.entry(key).or_insert_with(|| (0, scene.clone()));
        if *times == 0 {
            watching.order.push_back(key);
        }
        // What is done once whatever happens, is known by the key of the request.
        *times += u64::from(!is_once || *times == 0);
        let (times, first) = (*times, first.clone());
        for rule in rules {
            let found = &mut watching.found[rule];
            found.checked += 1;
            if times > most {
                let what = format!("Request {request} had its effect on {row} at {name} {times} times.");
                found.violate(|| Violation { at: now, request, what, story: vec![first.clone(), scene.clone()] });
            }
        }
        if watching.order.len() > REMEMBERED
            && let Some(oldest) = watching.order.pop_front()
        {
            watching.effects.remove(&oldest);
        }
    }

    /// Another leader has taken over, without these writes.
    pub(super) fn watch_lost_writes(&mut self, component: u32, lost: &[(Record, u64)], crashed: Ns) {
        let names: Vec<String> = lost.iter().map(|(record, _)| self.row_name(*record)).collect();
        let (now, name) = (self.now, self.table.names[component as usize].clone());
        let Some(watching) = &mut self.watching else { return };
        for ((record, version), row) in lost.iter().zip(names) {
            let rules = watching.wanted(record.0, |invariant| invariant == Invariant::NoLostWrite);
            let deed = watching.records.get(record).and_then(|history| history.deeds.iter().find(|deed| deed.version == *version));
            // Whoever was not yet told that it had written has lost nothing.
            if deed.is_some_and(|deed| deed.acknowledged > crashed) {
                continue;
            }
            for rule in rules {
                let what =
                    format!("Version {version} of {row} had been acknowledged, and was lost when another replica of {name} took over.");
                let scene = |at, did: &str| Scene { at, request: 0, session: None, component: name.clone(), did: did.into() };
                let mut story: Vec<Scene> = deed.iter().map(|deed| deed.scene.clone()).collect();
                story.push(scene(crashed, "its leader crashes"));
                story.push(scene(now, &format!("a follower leads that does not have version {version} of {row}")));
                let request = deed.map_or(0, |deed| deed.scene.request);
                watching.found[rule].violate(|| Violation { at: now, request, what, story });
            }
        }
    }

    /// An acknowledged write that nobody will ever see: another has a later time stamp.
    pub(super) fn watch_hidden_write(&mut self, place: u32, number: u32, record: Record, version: u64) {
        let step = &self.table.programs.steps[number as usize];
        let row = self.row_name(record);
        let did = format!("writes {row}: version {version}, with a clock that is behind that of the write before");
        let (scene, now) = (self.scene(&self.jobs[place], self.now, step.to, did), self.now);
        let Some(watching) = &mut self.watching else { return };
        for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostWrite) {
            let before = watching.records.get(&record).and_then(|history| history.deeds.back()).map(|deed| deed.scene.clone());
            let what = format!("Version {version} of {row} was acknowledged, and an older one is kept: the clocks differ.");
            let story = before.into_iter().chain([scene.clone()]).collect();
            watching.found[rule].violate(|| Violation { at: now, request: scene.request, what, story });
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

/// "inserts", "charges": what the call asks for.
fn verb_of(step: &Step, document: &design::Document, table: &Table) -> String {
    fn find<'a>(calls: &'a [design::Call], to: &str, modifiers: &[String], data: &str) -> Option<&'a str> {
        calls.iter().find_map(|call| {
            let is_it = call.to == to && call.modifiers == modifiers && call.data.as_deref() == Some(data) && !call.reads();
            let below = || [&call.then, &call.miss, &call.statements].into_iter().find_map(|calls| find(calls, to, modifiers, data));
            is_it.then_some(call.operation.as_str()).or_else(below)
        })
    }
    let class = table.classes[step.class as usize].name.as_str();
    let data = document.data.keys().nth(usize::from(step.data).saturating_sub(1)).map_or("", String::as_str);
    let calls = document.calls.get(class).map_or(&[][..], Vec::as_slice);
    find(calls, &table.names[step.to as usize], &step.modifiers, data).unwrap_or("writes").to_owned()
}

/// The requests of jobs that have not ended.
fn under_way(run: &Run) -> BTreeSet<u64> {
    run.jobs.all().into_iter().map(|place| run.jobs[place].request).collect()
}
