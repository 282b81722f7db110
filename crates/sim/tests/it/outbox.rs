//! A database and a queue together: what a crash between the two loses, and what an outbox keeps;
//! and repeated requests, whose effect a key makes happen once.

use expect_test::{Expect, expect};
use sim::{Budget, Report};

use crate::check::{measure, report};

const BOTH: &str = "web\n  db insert order\n  events put order > worker";
const BOTH_TURNED: &str = "web\n  events put order > worker\n  rest\n  db insert order";
const OUTBOX: &str = "web > db insert order outbox > events put order > worker";

/// One order at 100 ms: the service needs 10 ms, the way to the database takes 10 ms each way and
/// its write 10 ms, and a message 2 ms.
fn shop(plan: &str, more: &str) -> Report {
    shop_for("10 s", "", plan, more)
}

fn shop_for(lasts: &str, retry: &str, plan: &str, more: &str) -> Report {
    let text = format!(
        r#"octo = 1
[components]
users  = {{ kind = "clients" }}
web    = {{ kind = "service", workers = 10, time = "10 ms" }}
db     = {{ kind = "relational", pool = 10, time = "10 ms", relay = "50 ms" }}
events = {{ kind = "queue", time = "2 ms" }}
worker = {{ kind = "service", workers = 10, time = "1 ms" }}
ledger = {{ kind = "relational", pool = 10, time = "1 ms" }}
rest   = {{ kind = "service", workers = 10, time = "10 ms" }}
[links]
"web -> db"    = {{ rtt = "20 ms"{retry} }}
"db -> events" = {{ timeout = "30 ms" }}
[data]
order = {{}}
[calls]
buy = """
{plan}
"""
[workload]
lasts  = "{lasts}"
warmup = "0 %"
buy    = {{ from = "users", arrivals = "trace orders" }}
[traces]
orders = "0.1"
{more}"#
    );
    report(&text, 1, Budget::default())
}

fn told(report: &Report) -> String {
    let (buy, messages) = (&report.classes["buy"], &report.components["events"].messages);
    format!(
        "{} answered, {} written, {} of them again; {} sent, {} dealt with\n",
        buy.answered, report.components["db"].finished, report.components["db"].duplicates, messages.produced, messages.consumed,
    )
}

fn tell(cases: &[(&str, &str, &str)], expected: Expect) {
    expected.assert_eq(&cases.iter().map(|(name, plan, more)| format!("{name}: {}", told(&shop(plan, more)))).collect::<String>());
}

fn fault(what: &str, at: &str, lasts: &str) -> String {
    format!("[[faults]]\nat = \"{at}\"\nlasts = \"{lasts}\"\nwhat = \"{what}\"\n")
}

#[test]
fn a_crash_between_the_write_and_the_message_loses_one_of_them_but_for_an_outbox() {
    // The write is made at 130 ms and the service would hear of it at 140 ms. Turned round, the
    // message is there at 112 ms, and the write would be begun at 122 ms.
    let after = fault("crash web", "135 ms", "1 ms");
    tell(
        &[
            ("both, no crash", BOTH, ""),
            ("outbox, no crash", OUTBOX, ""),
            ("both, crash after the write", BOTH, &after),
            ("outbox, crash after the write", OUTBOX, &after),
            ("both, crash before the write", BOTH, &fault("crash web", "105 ms", "1 ms")),
            ("outbox, crash before the write", OUTBOX, &fault("crash web", "105 ms", "1 ms")),
            ("turned round, crash after the message", BOTH_TURNED, &fault("crash web", "115 ms", "1 ms")),
        ],
        expect![[r#"
            both, no crash: 1 answered, 1 written, 0 of them again; 1 sent, 1 dealt with
            outbox, no crash: 1 answered, 1 written, 0 of them again; 1 sent, 1 dealt with
            both, crash after the write: 0 answered, 1 written, 0 of them again; 0 sent, 0 dealt with
            outbox, crash after the write: 0 answered, 1 written, 0 of them again; 1 sent, 1 dealt with
            both, crash before the write: 0 answered, 0 written, 0 of them again; 0 sent, 0 dealt with
            outbox, crash before the write: 0 answered, 0 written, 0 of them again; 0 sent, 0 dealt with
            turned round, crash after the message: 0 answered, 0 written, 0 of them again; 1 sent, 1 dealt with
        "#]],
    );
}

#[test]
fn the_message_is_sent_by_the_relay_after_its_delay_and_nobody_waits_for_it() {
    let visits = |lasts: &str| shop_for(lasts, "", OUTBOX, "").components["events"].visits;
    assert_eq!((visits("179.999 ms"), visits("180.001 ms")), (0, 1), "committed at 130 ms, sent 50 ms later");
    assert_eq!(measure(&shop(OUTBOX, ""), "max"), 0.040);
    assert_eq!(measure(&shop(BOTH, ""), "max"), 0.042);
    assert_eq!(
        measure(&shop("web > db insert order > events put order > worker", ""), "max"),
        0.042,
        "without the word the database waits"
    );
}

#[test]
fn the_relay_tries_until_the_message_was_taken_so_it_may_come_twice() {
    let (there, back) = (fault("cut db -> events", "100 ms", "500 ms"), fault("cut events -> db", "100 ms", "500 ms"));
    let down = fault("crash events", "100 ms", "500 ms");
    tell(
        &[
            ("the way there is cut", OUTBOX, &there),
            ("the way back is cut", OUTBOX, &back),
            ("the queue is down", OUTBOX, &down),
            ("the queue is down, and there is no outbox", BOTH, &down),
        ],
        expect![[r#"
            the way there is cut: 1 answered, 1 written, 0 of them again; 1 sent, 1 dealt with
            the way back is cut: 1 answered, 1 written, 0 of them again; 5 sent, 5 dealt with
            the queue is down: 1 answered, 1 written, 0 of them again; 1 sent, 1 dealt with
            the queue is down, and there is no outbox: 0 answered, 1 written, 0 of them again; 0 sent, 0 dealt with
        "#]],
    );
}

#[test]
fn a_key_makes_what_comes_twice_happen_once() {
    // The way back from the queue is cut until 600 ms, so that each attempt of the relay is taken.
    let back = fault("cut events -> db", "100 ms", "500 ms");
    let ledger = |once: &str| shop(&format!("{OUTBOX} > ledger insert order {once}"), &back).components["ledger"].duplicates;
    assert_eq!((ledger(""), ledger("once")), (4, 0));
    // An attempt takes 30 ms and is given 25 ms, so the service asks twice for what was done.
    let asked = |plan: &str| told(&shop_for("10 s", r#", timeout = "25 ms", retry = { attempts = 2 }"#, plan, ""));
    expect![[r#"
        0 answered, 2 written, 1 of them again; 2 sent, 2 dealt with
    "#]]
    .assert_eq(&asked(OUTBOX));
    expect![[r#"
        0 answered, 2 written, 0 of them again; 1 sent, 1 dealt with
    "#]]
    .assert_eq(&asked(&OUTBOX.replace("outbox", "once outbox")));
}

#[test]
fn a_report_says_what_an_outbox_leaves_out() {
    assert_eq!(shop(OUTBOX, "").ignores["outbox"].len(), 2);
    assert!(!shop(BOTH, "").ignores.contains_key("outbox"));
}
