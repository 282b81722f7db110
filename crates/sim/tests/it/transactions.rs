//! Transactions in time: how long locks are held, who waits for whom, who gives up and when, and
//! what a caller who gives up leaves behind. Which schedules end how is tested beside PostgreSQL,
//! at the foot of `part::transactions`.

use expect_test::{Expect, expect};
use sim::{Budget, Invariant, Progress, Report, Run, Watch};

use crate::check::{experiment, measure, pooled};

fn design(database: &str, link: &str, plans: &str, workload: &str) -> String {
    format!(
        r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", workers = 50, time = "0 ms" }}
db    = {{ kind = "relational", pool = 50, time = "2 ms", {database} }}
[links]
"users -> web" = {{}}
"web -> db"    = {{ {link} }}
[data]
stock = {{ rows = 1, value = 1000000 }}
spare = {{ rows = 1, value = 1000000 }}
[calls]
{plans}
[workload]
lasts  = "20 s"
warmup = "10 %"
{workload}
"#
    )
}

fn told(report: &Report) -> String {
    let class = |(name, class): (&String, &sim::ClassReport)| {
        let failed: Vec<String> = class.failed.iter().map(|(cause, count)| format!(", {cause} {count}")).collect();
        format!("{name}: {} answered{}\n", class.answered, failed.concat())
    };
    report.classes.iter().map(class).collect()
}

fn check(text: &str, expected: Expect) {
    let report = crate::check::report(text, 3, Budget::default());
    assert!(report.ended_by.is_none(), "{text}");
    expected.assert_eq(&told(&report));
}

#[test]
fn a_lock_is_held_from_the_statement_that_takes_it_to_the_commit() {
    // Two services and the round trip between them: 10 ms for each, one after the other.
    let plan = "buy = \"web > db read stock\""
        .replace("web > db read stock", "\"\"\nweb\n  transaction: db read stock locked; db write stock\n\"\"");
    let users = "buy = { from = \"users\", arrivals = \"closed 10 users think 0 ms\" }";
    let report = pooled(&design("", "rtt = \"6 ms\"", &plan, users));
    let rate = measure(&report, "buy.throughput");
    assert!((rate - 100.0).abs() < 1.0, "{rate}");
    // Nine wait for the lock before them, and half a round trip lies on either side.
    let mean = measure(&report, "buy.mean");
    assert!((mean - 0.1).abs() < 0.001, "{mean}");
}

#[test]
fn without_a_lock_readers_wait_for_nobody() {
    let plan = "buy = \"\"\"\nweb\n  transaction: db read stock; db read spare\n\"\"\"";
    let users = "buy = { from = \"users\", arrivals = \"closed 10 users think 0 ms\" }";
    let report = pooled(&design("", "rtt = \"6 ms\"", plan, users));
    // Two services, the round trip between them, and the one of the call.
    let mean = measure(&report, "buy.mean");
    assert!((mean - 0.016).abs() < 0.0001, "{mean}");
}

const CROSSWISE: &str = "one = \"\"\"\nweb\n  transaction: db take stock; db take spare\n\"\"\"\nother = \"\"\"\nweb\n  transaction: db take spare; db take stock\n\"\"\"";
const BOTH: &str = "one = { from = \"users\", arrivals = \"constant 0.5/s\" }\nother = { from = \"users\", arrivals = \"constant 0.5/s\" }";

#[test]
fn two_that_lock_crosswise_stop_each_other_for_a_second() {
    let text = design("", "rtt = \"20 ms\"", CROSSWISE, BOTH);
    check(
        &text,
        expect![[r#"
        one: 0 answered, db: deadlock 9
        other: 9 answered
    "#]],
    );
    let report = crate::check::report(&text, 3, Budget::default());
    assert!((measure(&report, "other.max") - 1.044).abs() < 1e-6, "whoever goes on has waited until the other gives up");
    // In one order nobody waits in a circle; and tried again, all come through.
    check(
        &design("", "rtt = \"20 ms\"", &CROSSWISE.replace("db take spare; db take stock", "db take stock; db take spare"), BOTH),
        expect![[r#"
            one: 9 answered
            other: 9 answered
        "#]],
    );
    check(
        &design("", "rtt = \"20 ms\", retry = { attempts = 5 }", CROSSWISE, BOTH),
        expect![[r#"
        one: 9 answered
        other: 9 answered
    "#]],
    );
}

#[test]
fn write_skew_is_stopped_where_transactions_are_serializable() {
    let plans = "one = \"\"\"\nweb\n  transaction: db read stock; db read spare; db write stock\n\"\"\"\nother = \"\"\"\nweb\n  transaction: db read stock; db read spare; db write spare\n\"\"\"";
    let both = BOTH.replace("constant 0.5/s", "poisson 10/s");
    let at = |isolation: &str| design(&format!("isolation = \"{isolation}\""), "rtt = \"5 ms\"", plans, &both);
    check(
        &at("read committed"),
        expect![[r#"
        one: 184 answered
        other: 190 answered
    "#]],
    );
    check(
        &at("repeatable read"),
        expect![[r#"
        one: 162 answered, db: serialization failure 22
        other: 160 answered, db: serialization failure 30
    "#]],
    );
    check(
        &at("snapshot"),
        expect![[r#"
        one: 162 answered, db: serialization failure 22
        other: 160 answered, db: serialization failure 30
    "#]],
    );
    check(
        &at("serializable"),
        expect![[r#"
        one: 145 answered, db: serialization failure 39
        other: 136 answered, db: serialization failure 54
    "#]],
    );
}

/// How many takes of the stock were committed.
fn committed(text: &str) -> (u64, u64) {
    let mut run = Run::new(&experiment(text, 3)).unwrap();
    run.watching(&[Watch { data: "stock".into(), invariant: Invariant::NoOversell }]);
    while run.advance(u64::MAX) != Progress::Done {}
    let report = run.report();
    (report.watched[0].checked, report.classes["buy"].answered)
}

#[test]
fn a_transaction_that_its_caller_gave_up_is_rolled_back() {
    let users = "buy = { from = \"users\", arrivals = \"constant 10/s\" }";
    let slow = "write = \"2 ms or 100 ms 20 %\"";
    let whole = "buy = \"\"\"\nweb\n  transaction: db take stock; db take spare\n\"\"\"";
    let (took, answered) = committed(&design(slow, "timeout = \"50 ms\"", whole, users).replace("10 %", "0 %"));
    assert_eq!(took, answered, "nobody who was not told has bought");
    let alone = "buy = \"web > db take stock\"";
    let (took, answered) = committed(&design(slow, "timeout = \"50 ms\"", alone, users).replace("10 %", "0 %"));
    assert_eq!((took, answered), (199, 160), "a statement by itself needs nobody to commit it");
}

#[test]
fn a_crash_takes_back_what_was_not_committed() {
    let users =
        "buy = { from = \"users\", arrivals = \"constant 100/s\" }\n[[faults]]\nat = \"5005 ms\"\nlasts = \"1 s\"\nwhat = \"crash db\"";
    let plan = "buy = \"\"\"\nweb\n  transaction: db take stock; db take spare\n\"\"\"";
    let (took, answered) = committed(&design("", "rtt = \"6 ms\"", plan, users).replace("10 %", "0 %"));
    assert_eq!(took, answered);
}

#[test]
fn a_transaction_with_a_key_is_made_once_as_a_whole() {
    let users = "buy = { from = \"users\", arrivals = \"constant 10/s\" }";
    let slow = "write = \"2 ms or 100 ms 20 %\"";
    let plan = "buy = \"\"\"\nweb\n  db take stock once\n\"\"\"";
    let tried = |plan: &str| committed(&design(slow, "timeout = \"50 ms\", retry = { attempts = 4 }", plan, users).replace("10 %", "0 %"));
    assert_eq!(tried(plan).0, 199, "each of 199 requests, whatever it was told");
    let (took, _) = tried(&plan.replace(" once", ""));
    assert!(took > 220, "{took}");
}
