//! The simulator: an experiment in, a report out. Integer time, ordered maps and named random
//! streams, so the same experiment gives the same bytes everywhere. No clock and no threads:
//! the caller owns both and advances a run in slices.

#![forbid(unsafe_code)]

mod agenda;
mod balance;
mod costs;
mod faults;
mod histogram;
mod interval;
mod job;
mod keys;
mod ledger;
mod measure;
mod network;
mod part;
mod policy;
mod pool;
mod program;
mod random;
mod report;
mod run;
mod sample;
mod sampled;
mod saturation;
mod series;
mod sharing;
mod shedding;
mod source;
mod station;
mod table;
mod tally;
mod time;
mod trace;
mod warmup;
mod watch;
mod words;

pub use costs::Costs;
pub use histogram::Histogram;
pub use interval::Interval;
pub use measure::{Measure, told_in};
pub use pool::pool;
pub use report::{ClassReport, ComponentReport, EndedBy, Report, Slow, Spent};
pub use run::{Budget, Progress, Run, run};
pub use sampled::Sampled;
pub use saturation::Saturation;
pub use series::{ClassPoint, ComponentPoint, Point};
pub use tally::{ClassReads, Seconds};
pub use trace::{Span, Trace};
pub use warmup::Settled;
pub use watch::{Invariant, Scene, Violation, Watch, Watched};

/// The meaning of results. It rises when the same experiment may give another report, and it is
/// part of an experiment's digest.
pub const ENGINE: &str = "2";
