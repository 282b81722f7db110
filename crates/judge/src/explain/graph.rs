//! Who calls whom, and how, read off the call plans. What came of the calls is in `facts`.

use design::{Call, CallMode, Document};

/// A call of a plan, as its caller makes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) class: &'a str,
    pub(crate) caller: &'a str,
    pub(crate) to: &'a str,
    /// Whether the caller waits for the answer.
    pub(crate) waited: bool,
    /// How many go out at once: its own times, and the neighbours that go out with it.
    pub(super) at_once: u64,
    /// How often it is made per visit of the caller.
    pub(super) times: u64,
    /// Per request of the class, if nothing is tried again; a miss counts as certain.
    pub(crate) per_request: f64,
    /// The cache whose miss makes it.
    pub(super) miss_of: Option<&'a str>,
    /// Whether a broker stands between the client and this call.
    pub(crate) later: bool,
    /// Whether it changes something.
    pub(super) writes: bool,
}

pub(super) fn visits(document: &Document) -> Vec<Visit<'_>> {
    let mut visits = Vec::new();
    for (class, calls) in &document.calls {
        let Some((name, of)) = document.workload.classes.get_key_value(class) else { continue };
        let at = At { document, class: name, caller: &of.from, per_request: 1.0, miss_of: None, later: false };
        walk(at, calls, &mut visits);
    }
    visits
}

#[derive(Clone, Copy)]
struct At<'a> {
    document: &'a Document,
    class: &'a str,
    caller: &'a str,
    per_request: f64,
    miss_of: Option<&'a str>,
    later: bool,
}

fn walk<'a>(at: At<'a>, calls: &'a [Call], visits: &mut Vec<Visit<'a>>) {
    for (number, call) in calls.iter().enumerate() {
        let times = call.times.base();
        let per_request = at.per_request * times as f64 * call.probability.as_f64();
        let waited = call.mode != CallMode::Async;
        visits.push(Visit {
            class: at.class,
            caller: at.caller,
            to: &call.to,
            waited,
            at_once: if call.mode == CallMode::Parallel { together(calls, number) } else { 1 },
            times,
            per_request,
            miss_of: at.miss_of,
            later: at.later || !waited,
            writes: !call.reads(),
        });
        let broker = at.document.components.get(&call.to).is_some_and(|to| matches!(to.kind.as_str(), "log" | "queue"));
        let below = At { caller: &call.to, per_request, miss_of: None, later: at.later || broker || !waited, ..at };
        walk(below, &call.then, visits);
        // Behind a component that answers for itself (cdn), what it has not is asked below.
        walk(At { per_request, miss_of: Some(&call.to), later: at.later || !waited, ..at }, &call.miss, visits);
    }
}

/// How many calls go out with this one, itself counted.
fn together(calls: &[Call], number: usize) -> u64 {
    let parallel = |call: &&Call| call.mode == CallMode::Parallel;
    let before = calls[..number].iter().rev().take_while(parallel);
    let after = calls[number..].iter().take_while(parallel);
    before.chain(after).map(|call| call.times.base()).sum()
}
