//! Call plans that use every way of calling. They may call nobody or themselves until `fit` has
//! seen them.

use design::{Call, CallMode};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use units::Count;

use super::designs::CALLED;
use super::values::part;

const OPERATIONS: &[&str] = &["", "get", "read", "put", "write", "insert", "take", "search"];

pub(super) fn plan() -> impl Strategy<Value = Vec<Call>> {
    vec(call(), 1..4)
}

fn call() -> impl Strategy<Value = Call> {
    let mode = prop_oneof![5 => Just(CallMode::Sequence), 3 => Just(CallMode::Parallel), 1 => Just(CallMode::Async)];
    let words = vec![
        vec![],
        vec![],
        vec![],
        vec!["drop"],
        vec!["leader"],
        vec!["own"],
        vec!["once"],
        vec!["outbox"],
        vec!["once", "outbox"],
        vec!["if-unchanged"],
        vec!["locked"],
    ];
    let what = (select(CALLED), select(OPERATIONS), option::weighted(0.6, select(&["row", "item"][..])), select(words));
    let how = (
        prop_oneof![6 => Just(1u64), 2 => 2..5u64, 1 => 5..20u64],
        mode,
        option::weighted(0.4, 1..4u64),
        any::<bool>(),
        prop_oneof![4 => Just(units::Share::ONE), 1 => part()],
        proptest::bool::weighted(0.2),
    );
    let plain = (what, how).prop_map(|((to, operation, data, words), (times, mode, wait, cancel, probability, optional))| Call {
        to: to.to_owned(),
        operation: operation.to_owned(),
        data: data.map(str::to_owned),
        modifiers: words.into_iter().map(str::to_owned).collect(),
        times: Count(times),
        mode,
        wait: wait.map(Count),
        cancel,
        probability,
        optional,
        ..Call::default()
    });
    plain.prop_recursive(4, 10, 3, |inner| {
        let lists = (vec(inner.clone(), 0..3), vec(inner.clone(), 0..3), option::weighted(0.15, vec(inner.clone(), 1..4)));
        (inner, lists).prop_map(|(call, (then, miss, statements))| Call { then, miss, statements: statements.unwrap_or_default(), ..call })
    })
}

/// Makes a plan one that `design` accepts: nobody calls himself, only caches miss, and those who
/// go out together wait for the same number.
pub(super) fn fit(caller: &str, calls: &mut [Call]) {
    for call in calls.iter_mut() {
        if !call.statements.is_empty() {
            fit_transaction(caller, call);
            continue;
        }
        if call.to == caller {
            call.to = if caller == "web" { "api".to_owned() } else { "web".to_owned() };
        }
        if call.operation.is_empty() {
            (call.data, call.modifiers) = (None, Vec::new());
        }
        if !["cache", "near", "edge"].contains(&call.to.as_str()) {
            call.miss.clear();
        }
        if call.modifiers.iter().any(|word| word == "outbox") {
            if call.to == "db" && call.data.is_some() && !call.then.is_empty() {
                call.operation = "insert".to_owned();
            } else {
                call.modifiers.retain(|word| word != "outbox");
            }
        }
        let holds = ["db", "kv", "pages"].contains(&call.to.as_str());
        if call.takes() && !holds {
            call.operation = "get".to_owned();
        }
        let writes = holds && !call.reads() && call.data.is_some();
        call.modifiers.retain(|word| word != "locked" && (word != "if-unchanged" || writes));
        let to = call.to.clone();
        fit(&to, &mut call.then);
        fit(caller, &mut call.miss);
    }
    let mut at = 0;
    while at < calls.len() {
        let parallel = calls[at..].iter().take_while(|call| call.mode == CallMode::Parallel).count();
        let group = &mut calls[at..at + parallel.max(1)];
        let total: u64 = group.iter().map(|call| call.times.0).sum();
        let wait = group[0].wait.filter(|_| parallel > 0).map(|wait| Count(wait.0.clamp(1, total)));
        let cancel = group[0].cancel && wait.is_some();
        group.iter_mut().for_each(|call| (call.wait, call.cancel) = (wait, cancel));
        at += parallel.max(1);
    }
}

/// A transaction is of one database, and so of nobody who is one.
fn fit_transaction(caller: &str, call: &mut Call) {
    if caller == "db" {
        call.statements.clear();
        call.to = "web".to_owned();
        return fit(caller, std::slice::from_mut(call));
    }
    let statements = call.statements.iter().map(|statement| {
        let mut modifiers = statement.modifiers.clone();
        let operation = if statement.operation.is_empty() { "write" } else { &statement.operation }.to_owned();
        let (data, probability) = (Some(statement.data.clone().unwrap_or_else(|| "row".to_owned())), statement.probability);
        let mut made = Call { to: "db".to_owned(), operation, data, probability, ..Call::default() };
        if !statement.then.is_empty() && modifiers.iter().any(|word| word == "outbox") {
            made.operation = "insert".to_owned();
            made.then = statement.then.clone();
            fit("db", &mut made.then);
        } else {
            modifiers.retain(|word| word != "outbox");
        }
        let (reads, writes) = (made.reads(), !made.reads());
        modifiers.retain(|word| (word != "locked" || reads) && (word != "if-unchanged" || writes));
        Call { modifiers, ..made }
    });
    call.statements = statements.collect();
    (call.to, call.operation, call.data) = ("db".to_owned(), String::new(), None);
    (call.modifiers, call.then, call.miss, call.times) = (Vec::new(), Vec::new(), Vec::new(), Count(1));
}

/// Who calls whom.
pub(super) fn arrows(caller: &str, calls: &[Call], all: &mut Vec<(String, String)>) {
    for call in calls {
        all.push((caller.to_owned(), call.to.clone()));
        arrows(&call.to, &call.then, all);
        arrows(caller, &call.miss, all);
        call.statements.iter().for_each(|statement| arrows(&statement.to, &statement.then, all));
    }
}
