//! What formulas say of a design at once, without a run: loads, the first component to saturate,
//! response times. Each number names its formula, its source and its limits; what no formula here
//! covers is a reason with its place, and whatever does not depend on it is still told.
//!
//! Time passes in `sim`; here is only the steady state of a design that nothing happens to.

mod arrivals;
mod closed;
mod fork;
mod form;
mod guard;
mod network;
mod part;
mod plan;
mod solve;
mod station;
mod tell;
pub(crate) mod time;
mod users;
pub(crate) mod words;

use sorted::BTreeMap;
use std::borrow::Cow;
use std::fmt;

use design::Resolved;

pub use form::{Form, Sureness};

/// What formulas say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimate {
    pub classes: BTreeMap<String, ClassEstimate>,
    /// All that is called.
    pub components: BTreeMap<String, ComponentEstimate>,
    /// Who is the first without an idle worker as the load of all open classes grows together.
    pub first: Option<First>,
    /// What is not told, or left out, and why; numbers stand beside them.
    pub reasons: Vec<Reason>,
    /// How much arithmetic it took.
    pub steps: u64,
}

/// One class of requests.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClassEstimate {
    /// Calls per request, by component; second attempts too.
    pub visits: BTreeMap<String, f64>,
    /// Requests [per second]; of a closed class, what its users manage.
    pub rate: Option<Number>,
    /// The share of requests that is answered.
    pub answered: Option<Number>,
    /// Time to the answer, of answered requests [s].
    pub mean: Option<Number>,
    pub sd: Option<Number>,
    pub p50: Option<Number>,
    pub p95: Option<Number>,
    pub p99: Option<Number>,
    /// The highest rate before the first component saturates [per second].
    pub most: Option<Number>,
}

/// One component, all its replicas together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ComponentEstimate {
    /// Calls [per second].
    pub rate: Option<Number>,
    /// Service that is asked for, of rejected calls too; waits for other components not counted [Erlang].
    pub load: Option<Number>,
    /// The share of workers that is taken, also by calls that wait for others; none if unlimited.
    pub utilisation: Option<Number>,
    /// Before a worker takes a call [s].
    pub wait: Option<Number>,
    /// From the call to its worker being free again [s].
    pub time: Option<Number>,
    /// Calls there, waiting and taken.
    pub inside: Option<Number>,
    /// The share of calls that wait.
    pub waiting: Option<Number>,
    /// The share of calls refused because the queue is full.
    pub rejected: Option<Number>,
}

/// Who saturates first.
#[derive(Debug, Clone, PartialEq)]
pub struct First {
    pub component: String,
    /// By how much the load may grow until then; below 1 it is already too high.
    pub factor: Number,
}

/// A value with what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    pub value: f64,
    pub sureness: Sureness,
    pub form: &'static Form,
}

impl Number {
    /// How it was made, in a line: "M/M/c (Erlang 1917), exact".
    pub fn how(&self) -> String {
        format!("{} ({}), {}", self.form.name, self.form.source, self.sureness.name())
    }
}

/// Something that formulas pass over or cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A component, a class, an arrow "web -> db", or "faults".
    pub subject: String,
    /// The rest of the sentence.
    pub why: Cow<'static, str>,
    pub effect: Effect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Numbers are told as if it were not there.
    LeftOut,
    /// Numbers that depend on it are not told.
    Untold,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = match self.effect {
            Effect::LeftOut => "These numbers leave that out.",
            Effect::Untold => "No formula here says what follows; run the design to see.",
        };
        write!(f, "{}: {}. {advice}", self.subject, self.why)
    }
}

/// A percentile with the formula that it came from.
#[derive(Debug, Clone, Copy)]
struct Percentile {
    value: f64,
    form: &'static Form,
}

/// Estimates a design in its steady state, or says why nothing can be said. A design of ten
/// components takes some ten thousand steps of arithmetic at most, so a slider may ask at each move.
pub fn estimate(resolved: &Resolved) -> Result<Estimate, Vec<Reason>> {
    tell::tell(resolved.document())
}
