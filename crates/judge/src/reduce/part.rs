//! Which part of a design is run when one in so many replicas is: what is left whole because it
//! must be, or because it stands behind something whole, and how many calls that takes.

use sorted::{BTreeMap, BTreeSet};

use design::{Arrivals, Call, CallMode, Document, Resolved};

use super::listed;
use super::role::{Role, Roles};
use crate::instant::words::Words;

pub(super) struct Part<'a> {
    pub(super) one_in: u64,
    /// What must see everything, and why.
    pub(super) whole: BTreeMap<&'a str, &'static str>,
    pub(super) alike: BTreeMap<&'a str, u64>,
    pub(super) passed: BTreeSet<&'a str>,
    /// What requests pass on their way to what is run whole.
    pub(super) above: BTreeSet<&'a str>,
    /// Calls from what is run in part to what is run whole.
    pub(super) borders: Vec<Border<'a>>,
    /// Fewer requests ask for fewer keys.
    pub(super) fewer_keys: bool,
    /// Every so many-th request comes, not each at random.
    pub(super) in_turn: bool,
    /// How many calls are made in a second, in this part and in all.
    pub(super) calls: f64,
    pub(super) all_calls: f64,
}

pub(super) struct Border<'a> {
    pub(super) class: &'a str,
    pub(super) from: &'a str,
    pub(super) call: &'a Call,
    /// How often it is made for each request of the class.
    pub(super) per_request: f64,
}

const BEHIND: &str = "it stands behind something that sees everything";
const FEW: &str = "of its replicas too few would be left, or no whole number of them";

impl<'a> Part<'a> {
    /// Nothing comes of it if nothing is left of which one in so many could be run.
    pub(super) fn of(document: &'a Resolved, roles: &Roles<'a>, one_in: u64) -> Result<Self, Vec<String>> {
        let mut part = Self::begun(roles, one_in);
        part.keep_keys_together(roles);
        loop {
            (part.borders, part.above, part.calls) = (Vec::new(), BTreeSet::new(), 0.0);
            let before = part.whole.len();
            for (name, class) in &document.workload.classes {
                let rate = rate(document, name);
                let calls = document.calls.get(name).map_or(&[][..], |calls| calls);
                part.walk(document, (name, rate), &[&class.from], calls, 1.0);
            }
            part.keep_keys_together(roles);
            if part.whole.len() == before {
                break;
            }
        }
        part.all_calls = all_calls(document);
        let used = used(document);
        part.alike.retain(|name, _| !part.whole.contains_key(name) && used.contains(name));
        part.passed.retain(|name| !part.whole.contains_key(name));
        if part.alike.is_empty() {
            return Err(part.whys(&used));
        }
        part.refuse_borders(document)?;
        Ok(part)
    }

    /// The more is run the nearer it comes, as long as there is room for it [calls per second] and
    /// it is still worth its caveats.
    pub(super) fn is_better_than(&self, other: &Self, room: f64) -> bool {
        let fits = |part: &Self| part.calls <= room && part.is_worth_it();
        match (fits(self), fits(other)) {
            (true, true) => self.calls > other.calls,
            (false, false) => self.calls < other.calls,
            (fits, _) => fits,
        }
    }

    pub(super) fn is_worth_it(&self) -> bool {
        self.all_calls >= super::WORTH * self.calls
    }

    fn begun(roles: &Roles<'a>, one_in: u64) -> Self {
        let mut part = Self {
            one_in,
            whole: BTreeMap::new(),
            alike: BTreeMap::new(),
            passed: BTreeSet::new(),
            above: BTreeSet::new(),
            borders: Vec::new(),
            fewer_keys: false,
            in_turn: roles.in_turn,
            calls: 0.0,
            all_calls: 0.0,
        };
        for (&name, &role) in &roles.of {
            match role {
                Role::Alike { count, least } if count.is_multiple_of(one_in) && count / one_in >= least => {
                    part.alike.insert(name, count);
                }
                Role::Alike { .. } => drop(part.whole.insert(name, FEW)),
                Role::Passed => drop(part.passed.insert(name)),
                Role::Whole(why) => drop(part.whole.insert(name, why)),
            }
        }
        part
    }

    /// Either all in which keys meet are run in part, with fewer keys, or none of them is.
    fn keep_keys_together(&mut self, roles: &Roles<'a>) {
        self.fewer_keys = !roles.keyed.is_empty() && roles.keyed.iter().all(|name| !self.whole.contains_key(name));
        if !self.fewer_keys {
            for name in &roles.keyed {
                self.whole.entry(name).or_insert("its keys are also asked for where everything is run");
            }
        }
    }

    fn walk(&mut self, document: &'a Document, class: (&'a str, f64), path: &[&'a str], calls: &'a [Call], per_request: f64) {
        let Some(&from) = path.last() else { return };
        for call in calls {
            let made = per_request * call.probability.as_f64() * call.times.0 as f64;
            if self.whole.contains_key(call.to.as_str()) {
                self.borders.push(Border { class: class.0, from, call, per_request: made });
                self.above.extend(path);
                self.calls += class.1 * made * below(document, call);
                self.all_whole(std::slice::from_ref(call));
                continue;
            }
            self.calls += class.1 * made / self.one_in as f64;
            let missed = missed(document, call);
            let below: Vec<&'a str> = path.iter().copied().chain([call.to.as_str()]).collect();
            self.walk(document, class, &below, &call.then, made * missed);
            self.walk(document, class, path, &call.miss, made * missed);
        }
    }

    /// What is called by something whole sees everything as well.
    fn all_whole(&mut self, calls: &'a [Call]) {
        for call in calls {
            self.whole.entry(&call.to).or_insert(BEHIND);
            self.all_whole(&call.then);
            self.all_whole(&call.miss);
        }
    }

    /// What stands for the rest comes at random, so it must come so in the design.
    fn refuse_borders(&self, document: &Document) -> Result<(), Vec<String>> {
        let mut why = BTreeSet::new();
        for border in &self.borders {
            let Border { class, from, call, .. } = border;
            let arrivals = document.workload.classes[*class].arrivals.as_ref().or(document.workload.arrivals.as_ref());
            if matches!(arrivals, Some(Arrivals::Closed { .. })) {
                why.insert(format!("{class} is sent by users who wait for {}, which sees everything, so all of them are run.", call.to));
            }
            if matches!(arrivals, Some(Arrivals::Bursty { .. })) {
                why.insert(format!("{class} comes in bursts that {}, which sees everything, sees all at once.", call.to));
            }
            if call.times.0 > 1 && call.mode == CallMode::Parallel {
                why.insert(format!("{from} makes {} calls of {} at once, which sees everything.", call.times.0, call.to));
            }
            if remembers(document, call, from) {
                why.insert(format!("How often {} is called, which sees everything, follows from what is remembered before it.", call.to));
            }
        }
        if why.is_empty() { Ok(()) } else { Err(why.into_iter().collect()) }
    }

    pub(super) fn whys(&self, used: &BTreeSet<&str>) -> Vec<String> {
        let mut whys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, why) in self.whole.iter().filter(|(name, _)| used.contains(**name)) {
            whys.entry(why).or_default().insert(name);
        }
        let mut whys: Vec<String> = whys.into_iter().map(|(why, names)| format!("{}: {why}.", listed(&names))).collect();
        if whys.is_empty() {
            whys.push("There are no replicas of which some could stand for all.".into());
        }
        whys
    }

    pub(super) fn too_little(&self) -> Vec<String> {
        let mut whys = vec!["So much must see everything that leaving out the rest would save little.".to_owned()];
        whys.extend(self.whys(&self.whole.keys().copied().collect()));
        whys
    }
}

/// The share of calls after which those below are made.
fn missed(document: &Document, call: &Call) -> f64 {
    let component = &document.components[&call.to];
    let caches = matches!(component.kind.as_str(), "cache" | "cdn") && call.reads();
    if caches { 1.0 - Words(&component.settings).share("hits").unwrap_or(0.0) } else { 1.0 }
}

/// Whether something that remembers stands between the clients and this call.
fn remembers(document: &Document, call: &Call, from: &str) -> bool {
    fn leads(document: &Document, calls: &[Call], wanted: &Call, behind: bool) -> bool {
        calls.iter().any(|call| {
            let words = Words(&document.components[&call.to].settings);
            let behind = behind || words.has("entries") || words.has("memory");
            std::ptr::eq(call, wanted) && behind
                || leads(document, &call.then, wanted, behind)
                || leads(document, &call.miss, wanted, behind)
        })
    }
    let own = Words(&document.components[&call.to].settings);
    let from_memory = Words(&document.components[from].settings);
    let itself = own.has("entries") || own.has("memory") || from_memory.has("entries");
    !itself && document.calls.values().any(|calls| leads(document, calls, call, false))
}

/// Calls made by one call, itself included.
fn below(document: &Document, call: &Call) -> f64 {
    let inner =
        |calls: &[Call]| -> f64 { calls.iter().map(|call| call.probability.as_f64() * call.times.0 as f64 * below(document, call)).sum() };
    1.0 + missed(document, call) * (inner(&call.then) + inner(&call.miss))
}

fn all_calls(document: &Document) -> f64 {
    let of = |(name, calls): (&String, &Vec<Call>)| -> f64 {
        let each = calls.iter().map(|call| call.probability.as_f64() * call.times.0 as f64 * below(document, call));
        rate(document, name) * each.sum::<f64>()
    };
    document.calls.iter().map(of).sum()
}

fn used(document: &Document) -> BTreeSet<&str> {
    fn note<'a>(calls: &'a [Call], used: &mut BTreeSet<&'a str>) {
        for call in calls {
            used.insert(&call.to);
            note(&call.then, used);
            note(&call.miss, used);
        }
    }
    let mut used = BTreeSet::new();
    document.calls.values().for_each(|calls| note(calls, &mut used));
    used
}

/// About how many requests of a class come [per second]; what matters is how it compares.
fn rate(document: &Document, class: &str) -> f64 {
    let Some(class) = document.workload.classes.get(class) else { return 0.0 };
    let of = |arrivals: &Arrivals| match arrivals {
        Arrivals::Poisson { rate } | Arrivals::Constant { rate } | Arrivals::Batches { rate, .. } => rate.as_per_second(),
        Arrivals::Bursty { low, high, .. } | Arrivals::Diurnal { low, high, .. } => (low.as_per_second() + high.as_per_second()) / 2.0,
        Arrivals::Ramp { from, to, .. } => (from.as_per_second() + to.as_per_second()) / 2.0,
        Arrivals::Steps { steps } => steps.iter().map(|(_, rate)| rate.as_per_second()).fold(0.0, f64::max),
        Arrivals::Flash { base, peak, .. } => (base.as_per_second() + peak.as_per_second()) / 2.0,
        Arrivals::Closed { users, .. } => users.0 as f64,
        Arrivals::Renewal { .. } | Arrivals::Trace { .. } => 1.0,
    };
    match (&class.arrivals, &document.workload.arrivals, class.share) {
        (Some(arrivals), ..) => of(arrivals),
        (None, Some(arrivals), share) => of(arrivals) * share.map_or(1.0, |share| share.as_f64()),
        (None, None, _) => 0.0,
    }
}
