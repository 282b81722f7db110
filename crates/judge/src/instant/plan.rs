//! The call plan as a flat list of calls, and how often each is made per request. How long they
//! take is the business of `solve`.

use sorted::BTreeMap;

use design::{Call, CallMode, Document, LinkName};

use super::network::messages;
use super::part::{Part, Spread};
use super::station::Routing;
use super::time::Time;
use super::words::Words;

/// Calls that stand beside each other: the first and how many.
pub(super) type List = (usize, usize);

/// When the calls below a call are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    Always,
    OnMiss,
    /// By those who pull a message, or a relay: nobody waits.
    Later,
}

pub(super) struct Site {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) class: usize,
    pub(super) messages: Time,
    pub(super) write: bool,
    pub(super) times: f64,
    pub(super) mode: CallMode,
    pub(super) wait: Option<f64>,
    pub(super) chance: f64,
    pub(super) optional: bool,
    /// Attempts in all after failures, made at once.
    pub(super) attempts: f64,
    pub(super) then: List,
    pub(super) below: Below,
    pub(super) miss: List,
    pub(super) routing: Option<Routing>,
    pub(super) link: Option<usize>,
}

pub(super) struct Plans<'a> {
    pub(super) sites: Vec<Site>,
    /// What the client of each class calls.
    pub(super) roots: Vec<List>,
    /// Arrows with their settings.
    pub(super) links: Vec<(String, Words<'a>)>,
}

pub(super) struct Planner<'a, 'b> {
    document: &'a Document,
    parts: &'b [Part<'a>],
    plans: Plans<'a>,
    known: BTreeMap<(usize, usize), Option<usize>>,
}

impl<'a, 'b> Planner<'a, 'b> {
    pub(super) fn plans(document: &'a Document, parts: &'b [Part<'a>]) -> Plans<'a> {
        let plans = Plans { sites: Vec::new(), roots: Vec::new(), links: Vec::new() };
        let mut planner = Self { document, parts, plans, known: BTreeMap::new() };
        for (number, (name, class)) in document.workload.classes.iter().enumerate() {
            let calls = document.calls.get(name).map_or(&[][..], |calls| calls);
            let root = match planner.number(&class.from) {
                Some(from) => planner.list(from, number, Words(&class.settings), calls),
                None => (0, 0),
            };
            planner.plans.roots.push(root);
        }
        planner.plans
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.parts.binary_search_by(|part| part.name.cmp(name)).ok()
    }

    fn list(&mut self, from: usize, class: usize, words: Words<'a>, calls: &'a [Call]) -> List {
        let first = self.plans.sites.len();
        for call in calls {
            let site = self.site(from, class, words, call);
            self.plans.sites.push(site);
        }
        for (place, call) in (first..).zip(calls) {
            let to = self.plans.sites[place].to;
            self.plans.sites[place].then = self.list(to, class, words, &call.then);
            self.plans.sites[place].miss = self.list(from, class, words, &call.miss);
        }
        (first, calls.len())
    }

    fn site(&mut self, from: usize, class: usize, words: Words<'a>, call: &Call) -> Site {
        // Resolved designs name components only; what a broken one names is nobody's.
        let to = self.number(&call.to).unwrap_or(from);
        let link = self.link(from, to);
        let settings = link.map_or(Words(&EMPTY), |link| self.plans.links[link].1);
        let callee = &self.parts[to];
        let relayed = callee.relays && call.says("outbox") && !call.reads();
        let below = match (callee.broker || relayed, callee.hits.is_some() && call.reads()) {
            (true, _) => Below::Later,
            (false, true) => Below::OnMiss,
            (false, false) => Below::Always,
        };
        let retry = settings.table("retry");
        let at_once = retry.is_some_and(|retry| retry.word("backoff").is_empty() && !retry.has("budget"));
        Site {
            from,
            to,
            class,
            messages: messages(self.document, self.parts[from].place, callee.place, settings, words),
            write: !call.reads(),
            times: call.times.base() as f64,
            mode: call.mode,
            wait: call.wait.map(|wait| wait.base() as f64),
            chance: call.probability.as_f64(),
            optional: call.optional,
            attempts: if at_once { retry.and_then(|retry| retry.count("attempts")).unwrap_or(1.0) } else { 1.0 },
            then: (0, 0),
            below,
            miss: (0, 0),
            routing: match self.parts[from].spreads {
                Spread::By(routing) => Some(routing),
                Spread::Untold => None,
            },
            link,
        }
    }

    fn link(&mut self, from: usize, to: usize) -> Option<usize> {
        if let Some(&known) = self.known.get(&(from, to)) {
            return known;
        }
        let name = LinkName { from: self.parts[from].name.to_owned(), to: self.parts[to].name.to_owned() };
        let found = self.document.links.get(&name).map(|link| {
            self.plans.links.push((name.to_string(), Words(&link.settings)));
            self.plans.links.len() - 1
        });
        self.known.insert((from, to), found);
        found
    }
}

static EMPTY: BTreeMap<String, design::Setting> = BTreeMap::new();

/// How often the calls of all plans are made, with what fails on the way.
pub(super) struct Flow {
    /// Attempts per request of the class of each call.
    pub(super) visits: Vec<f64>,
    /// Of a call with its repetitions, as its caller sees it.
    pub(super) success: Vec<f64>,
    /// Of one attempt.
    once: Vec<f64>,
}

impl Site {
    /// Whether its caller goes on without its answer.
    pub(super) fn is_detached(&self) -> bool {
        self.mode == CallMode::Async
    }

    /// The share of visits after which the calls below it are made.
    pub(super) fn share_below(&self, parts: &[Part]) -> f64 {
        if self.below == Below::OnMiss { 1.0 - parts[self.to].hits.unwrap_or(0.0) } else { 1.0 }
    }

    pub(super) fn share_missed(&self, parts: &[Part]) -> f64 {
        1.0 - parts[self.to].hits.unwrap_or(0.0)
    }

    /// How many attempts a call needs, in the mean: all equally likely to fail.
    pub(super) fn tries(&self, success: f64) -> f64 {
        if success >= 1.0 { 1.0 } else { (1.0 - power(1.0 - success, self.attempts)) / success.max(1e-12) }
    }
}

impl Flow {
    /// `fails` is the share of visits that each component fails or rejects.
    pub(super) fn new(plans: &Plans, parts: &[Part], fails: &[f64]) -> Self {
        let mut flow =
            Self { visits: vec![0.0; plans.sites.len()], success: vec![1.0; plans.sites.len()], once: vec![1.0; plans.sites.len()] };
        // What is called stands after its caller.
        for number in (0..plans.sites.len()).rev() {
            flow.succeed(plans, parts, fails, number);
        }
        for root in &plans.roots {
            flow.spread(plans, parts, fails, *root, 1.0);
        }
        flow
    }

    /// How likely all calls of a list succeed.
    pub(super) fn list(&self, plans: &Plans, (first, count): List) -> f64 {
        (first..first + count).filter(|&call| !plans.sites[call].is_detached()).map(|call| self.success[call]).product()
    }

    fn succeed(&mut self, plans: &Plans, parts: &[Part], fails: &[f64], number: usize) {
        let site = &plans.sites[number];
        let below = if site.below == Below::Later { 1.0 } else { self.list(plans, site.then) };
        let share = site.share_below(parts);
        self.once[number] = (1.0 - fails[site.to]) * (1.0 - share + share * below);
        let tried = 1.0 - power(1.0 - self.once[number], site.attempts);
        let missed = site.share_missed(parts);
        let full = power(tried, site.times) * if site.miss.1 == 0 { 1.0 } else { 1.0 - missed + missed * self.list(plans, site.miss) };
        self.success[number] = if site.optional { 1.0 } else { 1.0 - site.chance + site.chance * full };
    }

    fn spread(&mut self, plans: &Plans, parts: &[Part], fails: &[f64], (first, count): List, rate: f64) {
        let mut reach = rate;
        for call in first..first + count {
            let site = &plans.sites[call];
            let tries = site.tries(self.once[call]);
            let tried = 1.0 - power(1.0 - self.once[call], site.attempts);
            // One after the other, each only if those before it succeeded; at once, all.
            let calls =
                if site.mode == CallMode::Parallel || tried >= 1.0 { site.times } else { (1.0 - power(tried, site.times)) / (1.0 - tried) };
            let made = reach * site.chance * calls;
            self.visits[call] = made * tries;
            let below = made * tries * (1.0 - fails[site.to]) * site.share_below(parts);
            self.spread(plans, parts, fails, site.then, below);
            self.spread(plans, parts, fails, site.miss, made * site.share_missed(parts));
            if site.mode == CallMode::Sequence {
                reach *= self.success[call];
            }
        }
    }

    /// Of one attempt of a call.
    pub(super) fn once(&self, call: usize) -> f64 {
        self.once[call]
    }
}

/// Nearly every call is made once and tried once.
fn power(base: f64, times: f64) -> f64 {
    if times == 1.0 { base } else { libm::pow(base, times) }
}
