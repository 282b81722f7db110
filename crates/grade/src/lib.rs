//! Verdicts: on answers, on predictions, and on the claims of a pack.
//!
//! Everything here is a pure function; whoever calls it brings the runner that turns an
//! experiment into a report, and so decides on threads and caching. What a verdict means for a
//! learner is the business of `tutor`.

mod answer;
mod claims;
mod experiment;
mod figure;
mod foresee;
mod foretold;
mod lint;
mod number;
mod proof;
mod repair;
mod response;
mod saturate;
mod score;
mod short;
mod stats;

pub use answer::{Judged, Say, Verdict, judge};
pub use claims::{Finding, check_claim};
pub use experiment::{RunProblem, Runner, experiment, run_now, run_within};
pub use figure::{Bet, Curve, FigureRuns, GuessVerdict, Reply, figure_experiments, known_point, predict, shown_at, sweep};
pub use foresee::{Expected, Foreseen, Seen, foresee};
pub use lint::check_lint;
pub use number::key;
pub use proof::check_item;
pub use response::{Response, shuffled};
pub use score::{band_score, interval_score, log_ratio, log_score};
pub use stats::{FEWEST, ItemStats, item_stats};
