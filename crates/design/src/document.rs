//! The document: what a person designed and the world it must live in, as plain data.
//!
//! Names identify things, never positions, so every collection is an ordered map or keeps the
//! author's order where order has a meaning (calls, faults). Reading and printing are in `read`
//! and `print`; what a component may say is in `catalogue`; faults are in `faults`, and the
//! values of settings that are more than a quantity in `keys` and `policy`.

use sorted::BTreeMap;

use serde_json::Value as Json;
use units::{Bytes, Count, Duration, Money, Rate, Share};

use crate::What;

/// A design and its world. Everything but `components` may be empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The meaning of the words (`octo = 1`); engine, catalogue and seed belong to a run.
    pub octo: u32,
    pub title: String,
    pub components: BTreeMap<String, Component>,
    pub links: BTreeMap<LinkName, Link>,
    pub data: BTreeMap<String, Data>,
    /// Round trips between places: "zones" (two zones of one region), "regions" (two regions),
    /// and pairs "a -- b" of zones or regions, the lesser name first.
    pub network: BTreeMap<String, Duration>,
    /// What the design does for each class of requests; a class without an entry follows the arrows.
    pub calls: BTreeMap<String, Vec<Call>>,
    pub workload: Workload,
    /// Recorded arrivals, replayed by classes that name them.
    pub traces: BTreeMap<String, Trace>,
    pub faults: Vec<Fault>,
    /// Requirement ids and their text form; judged above `sim`.
    pub require: BTreeMap<String, String>,
    /// All that the design must survive; kept as written until the judge reads it.
    pub envelope: BTreeMap<String, Json>,
    pub prices: Prices,
    /// Where the boxes stand on a canvas; never part of a digest.
    pub layout: BTreeMap<String, Json>,
    /// Keys this version does not know, by their path: kept through a round trip and reported.
    pub unknown: BTreeMap<String, Json>,
}

impl Document {
    /// Whether what happens at this component depends on the versions, values and locks of single
    /// rows: it has transactions, an isolation, or calls that speak of them.
    pub fn is_transactional(&self, component: &str) -> bool {
        let valued = |name: &String| self.data.get(name).is_some_and(|data| data.settings.contains_key("value"));
        let speaks = |call: &Call| {
            let touches = call.data.as_ref().is_some_and(valued);
            !call.statements.is_empty() || call.takes() || call.locks() || call.says("if-unchanged") || touches
        };
        fn any(calls: &[Call], test: &dyn Fn(&Call) -> bool) -> bool {
            let below = |call: &Call| [&call.then, &call.miss, &call.statements].into_iter().any(|calls| any(calls, test));
            calls.iter().any(|call| test(call) || below(call))
        }
        self.components.get(component).is_some_and(|component| component.settings.contains_key("isolation"))
            || self.calls.values().any(|calls| any(calls, &|call| call.to == component && speaks(call)))
    }
}

/// One box. `kind` is a word of the catalogue, and so are the keys of `settings`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Component {
    pub kind: String,
    /// Only what the author wrote; defaults are filled in by [`crate::resolve`].
    pub settings: BTreeMap<String, Setting>,
}

/// A value of a setting, already in base units.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Count(Count),
    Duration(Duration),
    Rate(Rate),
    Bytes(Bytes),
    /// Data per second, written "1 Gbit/s" or "125 MB/s" [bytes per second].
    Bandwidth(Bytes),
    Share(Share),
    Flag(bool),
    /// One of the words that the catalogue lists for this key, a free name or text, "unlimited"
    /// where a count or a bandwidth may be so, or the notation of [`crate::Keys`],
    /// [`crate::Backoff`] or [`crate::Shed`] as it is printed.
    Word(String),
    Words(Vec<String>),
    Counts(Vec<Count>),
    Distribution(Distribution),
    Table(BTreeMap<String, Setting>),
}

/// A distribution of times. Short form "exp 5 ms"; object form `{"dist":"exp","mean":"5 ms"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distribution {
    /// "5 ms"
    Constant { value: Duration },
    /// "exp 5 ms"
    Exponential { mean: Duration },
    /// "lognormal 6 ms scv 2"; scv = variance / mean^2
    Lognormal { mean: Duration, scv: Share },
    /// "erlang 4 10 ms": the sum of `stages` equal exponentials with this mean in all
    Erlang { mean: Duration, stages: Count },
    /// "hyper 10 ms scv 4": two exponentials with balanced means
    Hyperexponential { mean: Duration, scv: Share },
    /// "10 ms or 1 s 1 %": the second value with the given probability
    TwoPoint { usual: Duration, rare: Duration, probability: Share },
    /// "uniform 5 ms..15 ms"
    Uniform { low: Duration, high: Duration },
    /// "normal 10 ms sd 2 ms": a negative draw is drawn again
    Normal { mean: Duration, sd: Duration },
    /// "pareto 1.5 ms shape 3.8"; with a shape of at most 1 the mean is infinite
    Pareto { least: Duration, shape: Share },
    /// "90 % exp 1 ms else exp 10 ms": the first with this probability
    Mixture { share: Share, first: Box<Distribution>, second: Box<Distribution> },
    /// "75 ms plus exp 3 ms"
    Plus { fixed: Duration, random: Box<Distribution> },
    /// "quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms": linear between the points
    Quantiles { points: Vec<(Share, Duration)> },
}

/// "web -> db". Both ends are names of components.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkName {
    pub from: String,
    pub to: String,
}

/// An arrow with its network and the caller's policy; keys are words of `catalogue::LINK`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    pub settings: BTreeMap<String, Setting>,
}

/// A kind of record that the design keeps, and where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    pub settings: BTreeMap<String, Setting>,
}

/// One step of a call plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The component that is called.
    pub to: String,
    /// "get", "put", "read", "insert", "append", "take"; empty for a plain request.
    pub operation: String,
    /// The name under `data`, where the operation touches data.
    pub data: Option<String>,
    /// Extra words after the data: "once", a repeated write does nothing; "outbox", the calls below
    /// are committed with the write, and made later by a relay until they have succeeded; "locked"
    /// (or "for update"), a read that locks the row until its transaction ends; "if-unchanged", a
    /// write that fails if the row has changed since the request read it.
    pub modifiers: Vec<String>,
    /// How often it is made per visit of the caller.
    pub times: Count,
    /// Whether they are waited for, and how: all `times` go out together when parallel.
    pub mode: CallMode,
    /// How many answers of its group are enough; none: all. The same on every call of a group,
    /// which is a run of parallel neighbours.
    pub wait: Option<Count>,
    /// Whether the others are called back once enough have answered.
    pub cancel: bool,
    /// With which probability it is made at all.
    pub probability: Share,
    /// Whether the caller goes on when it fails.
    pub optional: bool,
    /// Calls that the called component makes, in order.
    pub then: Vec<Call>,
    /// Calls that the *caller* makes when a cache answers "not here".
    pub miss: Vec<Call>,
    /// A transaction: its statements, in order, all to the database `to`. Empty for a plain call.
    pub statements: Vec<Call>,
}

impl Call {
    pub fn says(&self, word: &str) -> bool {
        self.modifiers.iter().any(|modifier| modifier == word)
    }

    /// Whether it takes one from a row that has a number, if one is left.
    pub fn takes(&self) -> bool {
        self.operation == "take" && self.data.is_some()
    }

    /// Whether it makes a row of its own, and so is in nobody's way.
    pub fn inserts(&self) -> bool {
        matches!(self.operation.as_str(), "insert" | "append" | "add" | "create" | "post")
    }

    /// Whether it is a read that locks its row until the transaction ends.
    pub fn locks(&self) -> bool {
        self.reads() && (self.says("locked") || self.says("for") && self.says("update"))
    }

    /// Whether it only looks, by its operation.
    pub fn reads(&self) -> bool {
        matches!(self.operation.as_str(), "" | "get" | "read" | "query" | "scan" | "search" | "list" | "find" | "count" | "ask")
    }
}

impl Default for Call {
    /// A plain call, made once and waited for, of nobody yet.
    fn default() -> Self {
        Self {
            to: String::new(),
            operation: String::new(),
            data: None,
            modifiers: Vec::new(),
            times: Count(1),
            mode: CallMode::Sequence,
            wait: None,
            cancel: false,
            probability: Share::ONE,
            optional: false,
            then: Vec::new(),
            miss: Vec::new(),
            statements: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallMode {
    /// One after the other, and wait for each.
    Sequence,
    /// With the neighbours that are also parallel: all go out, wait for all or for `wait`.
    Parallel,
    /// Sent, not waited for.
    Async,
}

/// What is thrown at the design.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workload {
    pub lasts: Option<Duration>,
    /// What is thrown away at the start, so that an empty system does not flatter the means.
    pub warmup: Option<Share>,
    /// What the classes divide up that have a `share` instead of arrivals of their own.
    pub arrivals: Option<Arrivals>,
    pub classes: BTreeMap<String, Class>,
}

/// One class of requests: with arrivals of its own, or a share of those of the workload.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Class {
    pub from: String,
    pub arrivals: Option<Arrivals>,
    pub share: Option<Share>,
    /// Keys are words of `catalogue::CLASS`.
    pub settings: BTreeMap<String, Setting>,
}

/// How requests arrive. Short form "poisson 90/s"; object form `{"arrivals":"poisson","rate":"90/s"}`.
/// Whatever has rates and is not constant is a Poisson process with that rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrivals {
    /// "poisson 90/s"
    Poisson { rate: Rate },
    /// "constant 90/s"
    Constant { rate: Rate },
    /// "closed 50 users think exp 1 s"
    Closed { users: Count, think: Distribution },
    /// "every erlang 2 12.5 ms": independent gaps
    Renewal { gap: Distribution },
    /// "bursty 20/s for 1 s, 180/s for 1 s": two rates by turns, for exponential times of these means
    Bursty { low: Rate, low_stay: Duration, high: Rate, high_stay: Duration },
    /// "batches of 5, poisson 16/s", "batches of geometric 5, poisson 16/s": the rate is of batches
    Batches { size: Count, geometric: bool, rate: Rate },
    /// "ramp 100/s..3100/s in 5 min": linear from time 0, then it stays
    Ramp { from: Rate, to: Rate, lasts: Duration },
    /// "steps 500/s, 1000/s from 2 min, 0/s from 4 min": the first from time 0, ascending
    Steps { steps: Vec<(Duration, Rate)> },
    /// "diurnal 50/s..150/s every 10 min": a sine between the two that begins in the middle, rising
    Diurnal { low: Rate, high: Rate, period: Duration },
    /// "flash 200/s..600/s in 3 min, half-life 20 min, at 5 min": `base` until `at`, linear to `peak`
    /// in `rise`, then `base + (peak - base) * 2^-(t / half_life)`
    Flash { base: Rate, peak: Rate, rise: Duration, half_life: Duration, at: Duration },
    /// "trace launch": the times of `[traces]`
    Trace { name: String },
}

/// Recorded arrivals: a text of lines "seconds" or "seconds,key", in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    pub rows: Vec<(Duration, Option<u64>)>,
}

/// Something that goes wrong at a time, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub at: Duration,
    /// None: it never ends. A constant time unless `every` is given. A flush has no length.
    pub lasts: Option<Distribution>,
    /// It comes again, each time so long after the last one ended.
    pub every: Option<Distribution>,
    pub what: What,
}

/// What things cost. A key is "component" or "kind" or "size word"; no source, no price.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prices {
    /// The name of a dated list in the catalogue ("2026-10 us-east"); none: nothing is priced.
    pub list: Option<String>,
    /// The author's own, over the list: component name -> price of one replica.
    pub own: BTreeMap<String, Price>,
}

/// "0.1008 USD/h" with where it was read and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    pub amount: Money,
    pub per: Per,
    pub source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    Hour,
    Month,
    Gigabyte,
    GigabyteMonth,
    MillionRequests,
}

/// One thing wrong (or worth knowing) about a text a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// Dotted path: `components.web.workers`.
    pub path: String,
    /// From 1, where the text is at hand.
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub message: String,
    /// What to write instead, as a sentence.
    pub suggestion: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Kept and reported; a run is possible.
    Note,
    /// A run is refused until it is mended.
    Error,
}

/// What could be understood, and everything that could not.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    pub document: Document,
    pub problems: Vec<Problem>,
}

impl Loaded {
    /// No problem speaks against a run. A design without a workload is one of these: it can be
    /// drawn and changed, and [`crate::resolve`] asks for the workload.
    pub fn is_runnable(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity < Severity::Error)
    }
}
