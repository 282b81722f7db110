//! Why a run went as it did, in plain sentences that are computed from its report: what was the
//! cause, what it led to, whether it passed, and how much room is left. One run is enough. Who is
//! to blame is looked for from what requests suffered down to what explains it, because the busiest
//! component is not always the cause. Judging requirements is the business of `require`.

mod blame;
mod caches;
mod course;
mod data;
mod effects;
pub(crate) mod facts;
mod failures;
mod graph;
mod held;
mod load;
mod messages;
mod network;
mod say;
mod slow;
mod symptoms;
mod triggers;
mod waiting;
mod well;

use sorted::BTreeMap;

use design::Document;
use sim::Report;
use units::Quantity;

use crate::require::Verdict;
use facts::Facts;

/// What happened, the most important first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    /// The first names the cause, or says that all is well.
    pub findings: Vec<Finding>,
}

/// One thing that can be said, with the figures that show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub role: Role,
    pub kind: Kind,
    /// The component that it is about; none if it is about all of them.
    pub subject: Option<String>,
    /// One sentence or two, for people.
    pub sentence: String,
    pub figures: Vec<Figure>,
}

/// A number behind a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// As [`Report::measure`] calls it, or the path of a setting ("components.web.workers").
    pub name: String,
    pub value: Quantity,
    pub from: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Asked of the report by its name.
    Report,
    /// Written in the design.
    Design,
    /// Worked out here from several numbers of the report.
    Computed,
}

/// What a finding is in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Cause,
    /// What followed from the cause, and what became of it.
    Effect,
    /// Nothing went wrong there, and it is worth knowing.
    Note,
    Well,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::Effect => "effect",
            Self::Note => "note",
            Self::Well => "well",
        }
    }
}

macro_rules! kinds {
    ($($kind:ident $name:literal,)*) => {
        /// By which mechanism.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $(#[doc = $name] $kind,)* }

        impl Kind {
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    Data "wrong data",
    Overload "overload",
    Close "close to its limit",
    Users "more users than it can serve",
    Held "workers held by a slow callee",
    HeadOfLine "one class holds the workers of others",
    Priority "urgent requests first",
    Lock "row lock",
    HotKey "hot key",
    Imbalance "uneven replicas",
    Contention "workers slow each other down",
    Bursts "requests come together",
    Uneven "uneven work",
    ColdStart "cold start",
    Autoscaler "autoscaler late",
    Waiting "waiting",
    Work "slow work",
    Repeated "repeated calls",
    FanOut "slowest of many calls",
    Distance "round trips",
    Connections "new connections",
    Bandwidth "bandwidth",
    Loss "lost messages",
    Crash "crash",
    Failover "failover gap",
    Freeze "freeze",
    SlowReplica "slow",
    Cut "cut network",
    Place "lost place",
    Deploy "bad deploy",
    Quota "quota",
    Flush "cache flush",
    Rebalance "rebalance",
    Skew "clock skew",
    Errors "errors",
    Quorum "no quorum",
    Limiter "limiter",
    Bulkhead "bulkhead",
    Breaker "breaker",
    Deadlock "deadlock",
    Timeout "timeout too short",
    Deadline "deadline too short",
    QueueFull "queue full",
    Misses "cache misses",
    Stampede "stampede",
    ColdCache "cold cache",
    Retries "retries",
    Partitions "too few partitions",
    Consumers "slow consumers",
    Visibility "visibility too short",
    Redelivery "redelivery",
    SlowRequests "slow requests",
    Cascade "cascade",
    Amplification "retry amplification",
    Waste "work for nobody",
    Recovery "recovery",
    Backlog "backlog",
    Failures "failures",
    Lost "lost writes",
    Share "where the time goes",
    Well "all is well",
    Room "room left",
}

/// Explains a run, or several that are pooled; how things went over time is that of the first.
/// The verdicts say which measures matter most to whoever asks.
pub fn explain(document: &Document, report: &Report, verdicts: Option<&BTreeMap<String, Verdict>>) -> Explanation {
    let facts = Facts::new(document, report);
    if let Some(circle) = held::circle(&facts) {
        return Explanation { findings: vec![circle] };
    }
    if report.measured == 0 || facts.points.is_empty() {
        return Explanation::default();
    }
    let mut findings = data::causes(&facts);
    let trouble = symptoms::trouble(&facts, verdicts);
    let cause = triggers::cause(&facts, &trouble).or_else(|| blame::cause(&facts, &trouble));
    match cause {
        Some(cause) => {
            let effects = effects::effects(&facts, &trouble, &cause);
            findings.push(cause);
            findings.extend(effects);
        }
        None if findings.is_empty() => findings = well::well(&facts, verdicts),
        None => {}
    }
    findings.extend(data::came_too_late(&facts));
    findings.dedup_by(|one, other| one.sentence == other.sentence);
    Explanation { findings }
}
