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
mod score;
mod short;

pub use answer::{Judged, Response, Say, Verdict, judge, key, shuffled};
pub use claims::{Finding, check_claim, check_lint};
pub use experiment::{RunProblem, Runner, experiment, run_now, run_within};
pub use figure::{Bet, Curve, FigureRuns, GuessVerdict, Reply, figure_experiments, known_point, predict, shown_at, sweep};
pub use foresee::{Expected, Foreseen, Seen, foresee};
pub use score::{log_ratio, log_score};
