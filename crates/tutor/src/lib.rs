//! From a learner's record to an evidence ledger, mastery and a plan. It knows skills, items and
//! answers; it knows nothing of system design, of lessons' texts, or of where the record is kept.
//!
//! Everything here is a pure function of curriculum, priors, record and `now`: the same arguments
//! give the same bytes, on every platform. The reasons for the rules and numbers are those of an
//! evidence ledger: every belief is a sum of weights that can be shown line by line.

mod curriculum;
mod priors;
mod weight;

mod ledger;
mod replay;

mod placement;
mod practice;
mod proof;

mod change;
mod plan;
mod reason;
mod words;

pub use change::{Change, Changed, change};
pub use curriculum::{Curriculum, ItemCard, Skill};
pub use ledger::{Belief, Cause, Evidence, Ledger, ledger};
pub use placement::{Next, expected_error, next_placement};
pub use plan::{Line, Moved, Plan, State, plan};
pub use practice::{Practice, next_practice};
pub use priors::Priors;
pub use proof::{Proof, proof};
pub use reason::{Reason, Run, Tally, Why};
pub use weight::Weight;
