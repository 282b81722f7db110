//! From a learner's record to an evidence ledger, mastery and a plan. It knows skills, items and
//! answers; it knows nothing of system design, of lessons' texts, or of where the record is kept.
//!
//! Everything here is a pure function of curriculum, priors, record and `now`: the same arguments
//! give the same bytes, on every platform. The reasons for the rules and numbers are those of an
//! evidence ledger: every belief is a sum of weights that can be shown line by line.
//!
//! ```
//! use record::{Depth, Entry, LearnerId, Moment, What};
//! use tutor::{Curriculum, Priors, Skill, Weight};
//!
//! let skill = Skill {
//!     id: "read.queueing".into(),
//!     name: "Waiting time".into(),
//!     area: "How to read a system".into(),
//!     difficulty: 0.0,
//!     prerequisites: vec![],
//!     need: 1.0,
//!     written: true,
//!     minutes: 12,
//! };
//! let curriculum = Curriculum::new(vec![skill], vec![]).unwrap();
//! let what = What::Taught { skill: "read.queueing".into(), depth: Depth::Standard };
//! let record = [Entry { learner: LearnerId("ada".into()), seq: 1, at: Moment(0), what }];
//!
//! let ledger = tutor::ledger(&curriculum, &Priors::default(), &record);
//! assert_eq!(ledger.beliefs[0].lines[0].sentence(&curriculum), "You read the lesson.");
//! assert_eq!(ledger.beliefs[0].weight, ledger.beliefs[0].lines.iter().map(|line| line.amount).sum::<Weight>());
//! let plan = tutor::plan(&curriculum, &Priors::default(), &record, Moment(0));
//! assert_eq!(plan.next, Some(0));
//! ```

mod curriculum;
mod priors;
mod weight;

mod ledger;
mod mistake;
mod network;
mod own;
mod replay;

mod placement;
mod practice;
mod proof;

mod ahead;
mod calibration;
mod change;
mod forecast;
mod influence;
mod plan;
mod ranges;
mod reason;
mod review;
mod sitting;
mod step;
mod test;
mod way;
mod words;

pub mod session;

pub use ahead::{Ahead, Because, ahead};
pub use calibration::{Calibration, ENOUGH, Hits, Level, calibration, chance_band};
pub use change::{Change, Changed, change};
pub use curriculum::{Curriculum, ItemCard, Skill};
pub use forecast::{Forecast, OpenModule, forecast};
pub use influence::{Influence, influence};
pub use ledger::{Belief, Cause, Evidence, Ledger, ledger};
pub use placement::{Next, expected_error, next_placement};
pub use plan::{Line, Moved, Plan, State, plan};
pub use practice::{Practice, next_practice, next_probe, next_review};
pub use priors::Priors;
pub use proof::{Proof, proof};
pub use ranges::{Ranges, ranges};
pub use reason::{Reason, Run, Tally, Why};
pub use review::{Card, Due, Grade, cards, grade, review, reviews, reviews_in_sitting};
pub use sitting::{Kept, Sitting, sitting};
pub use step::{Mode, Step, next_step};
pub use test::{Settled, Test, running_test, test};
pub use way::{Shown, Way, way};
pub use weight::Weight;
pub use words::percent;
