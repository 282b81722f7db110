//! For every invariant a small design that violates it, and the same with the usual cures: what
//! the judge says of each, and the story of the first violation.

use design::{Document, Experiment, Format};
use expect_test::{Expect, expect};
use judge::explain::{Kind, explain};
use judge::require::{judge, read, watches};
use sim::{Budget, EndedBy, Progress, Report, Run, Scene};

/// A cure: its name, and what is written instead of what.
type Cure<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// What is said of a requirement in the design as it is, and with each cure.
fn check(text: &str, requirement: &str, cures: &[Cure], expected: Expect) {
    let mut told = format!("as it is: {}", judged(text, requirement));
    for (name, changes) in cures {
        let mut cured = text.to_owned();
        for (from, to) in *changes {
            assert!(cured.contains(from), "{name}: {from} stands nowhere in\n{cured}");
            cured = cured.replace(from, to);
        }
        told.push_str(&format!("{name}: {}", judged(&cured, requirement)));
    }
    expected.assert_eq(&told);
}

fn judged(text: &str, requirement: &str) -> String {
    let document = document(text, requirement);
    let (requirements, problems) = read(&document);
    assert!(problems.is_empty(), "{problems:#?}");
    let report = run(&document, Some(&watches(&requirements)));
    let verdict = &judge(&requirements, &report)["it"];
    let story = report.watched.iter().flat_map(|watched| watched.violations.first()).flat_map(|first| &first.story);
    let failed: Vec<String> =
        report.classes.values().flat_map(|class| &class.failed).map(|(cause, count)| format!(" {cause} {count};")).collect();
    let failed = if failed.is_empty() { String::new() } else { format!("  failed:{}\n", failed.concat()) };
    let why = explain(&document, &report, None).findings.into_iter().next().filter(|finding| finding.kind == Kind::Data);
    let why = why.map_or_else(String::new, |why| format!("  {}\n", why.sentence));
    format!("{verdict}\n{failed}{}{why}", story.map(line).collect::<String>())
}

fn line(Scene { at, request, session, component, did }: &Scene) -> String {
    let session = session.map_or(String::new(), |session| format!(" of session {}", session & u64::from(u32::MAX)));
    format!("  {:.3} s, request {request}{session}, {component}: {did}\n", *at as f64 / 1e9)
}

fn document(text: &str, requirement: &str) -> Document {
    let loaded = design::read(text, Format::Toml);
    assert!(loaded.is_runnable(), "{text}\n{:#?}", loaded.problems);
    let mut document = loaded.document;
    document.require.insert("it".into(), requirement.into());
    document
}

fn run(document: &Document, watches: Option<&[sim::Watch]>) -> Report {
    run_with(document, watches, 7)
}

fn run_with(document: &Document, watches: Option<&[sim::Watch]>, seed: u64) -> Report {
    let document = design::resolve(document).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut run = Run::within(&Experiment { document, seed, engine: sim::ENGINE.into() }, Budget::default()).unwrap();
    if let Some(watches) = watches {
        run.watching(watches);
    }
    while run.advance(u64::MAX) != Progress::Done {}
    let report = run.report();
    assert!(matches!(report.ended_by, None | Some(EndedBy::DrainTime)), "{:?}", report.ended_by);
    report
}

/// A hundred come at once for thirty of one thing.
const SALE: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 32, time = "exp 3 ms" }
db    = { kind = "relational", pool = 20, time = "exp 2 ms" }
[links]
"users -> web" = {}
"web -> db"    = { rtt = "1 ms" }
[data]
stock = { rows = 1, value = 30 }
[calls]
buy = """
web
  db read stock
  db write stock
"""
[workload]
lasts = "1 s"
warmup = "0 %"
buy = { from = "users", arrivals = "constant 100/s" }
"#;

const TWO_STATEMENTS: &str = "  db read stock\n  db write stock\n";
const ON_THE_LINK: &str = "{ rtt = \"1 ms\" }";
const WITH_RETRIES: &str = "{ rtt = \"1 ms\", retry = { attempts = 20, backoff = \"full jitter 5 ms..50 ms\" } }";

#[test]
fn a_flash_sale_sells_more_than_there_is_and_has_these_cures() {
    let transaction = "  transaction: db read stock; db write stock\n";
    let locked = "  transaction: db read stock for update; db write stock\n";
    check(
        SALE,
        "stock: no oversell",
        &[
            ("a transaction alone", &[(TWO_STATEMENTS, transaction)]),
            ("an atomic take", &[(TWO_STATEMENTS, "  db take stock\n")]),
            ("for update", &[(TWO_STATEMENTS, locked)]),
            (
                "serializable",
                &[(TWO_STATEMENTS, transaction), ("pool = 20", "isolation = \"serializable\", pool = 20"), (ON_THE_LINK, WITH_RETRIES)],
            ),
            (
                "repeatable read",
                &[(TWO_STATEMENTS, transaction), ("pool = 20", "isolation = \"repeatable read\", pool = 20"), (ON_THE_LINK, WITH_RETRIES)],
            ),
        ],
        expect![[r#"
            as it is: missed: 5 of 35. 31 of stock were sold, and there were 30.
              failed: db: sold out 64;
              0.106 s, request 10, db: reads stock: 21 left (version 9)
              0.111 s, request 11, db: reads stock: 21 left (version 9)
              0.118 s, request 10, db: writes stock: 20 left (version 10)
              0.119 s, request 11, db: writes stock: 20 left (version 11)
              0.312 s, request 31, db: reads stock: 4 left (version 30)
              0.318 s, request 31, db: writes stock: 3 left (version 31)
              31 of stock were sold, and there were 30: requests 10 and 11 both read it at db before either wrote, and no lock, no one statement and no `if-unchanged` keeps the second from writing over the first. “stock: no oversell” was violated 5 of 35 times.
            a transaction alone: missed: 5 of 35. 31 of stock were sold, and there were 30.
              failed: db: sold out 64;
              0.106 s, request 10, db: reads stock: 21 left (version 9)
              0.111 s, request 11, db: reads stock: 21 left (version 9)
              0.118 s, request 10, db: writes stock: 20 left (version 10)
              0.119 s, request 11, db: writes stock: 20 left (version 11)
              0.312 s, request 31, db: reads stock: 4 left (version 30)
              0.318 s, request 31, db: writes stock: 3 left (version 31)
              31 of stock were sold, and there were 30: requests 10 and 11 both read it at db before either wrote, and their transactions are read committed, which lets the second write over the first. “stock: no oversell” was violated 5 of 35 times.
            an atomic take: met: 0 of 30
              failed: db: sold out 69;
            for update: met: 0 of 30
              failed: db: sold out 69;
            serializable: met: 0 of 30
              failed: db: sold out 69;
            repeatable read: met: 0 of 30
              failed: db: sold out 69;
        "#]],
    );
}

#[test]
fn only_what_is_read_and_written_in_read_committed_is_sold_twice() {
    let plans = [
        "  db take stock\n",
        "  transaction: db take stock\n",
        "  transaction: db read stock locked; db write stock\n",
        "  transaction: db read stock; db take stock\n",
        "  transaction: db read stock; db write stock if-unchanged\n",
        "  transaction: db read stock; db write stock\n",
    ];
    let mut sold_twice = std::collections::BTreeSet::new();
    for (number, plan) in plans.iter().enumerate() {
        for isolation in ["read committed", "repeatable read", "serializable"] {
            for seed in 1..=4 {
                let text = SALE
                    .replace(TWO_STATEMENTS, plan)
                    .replace("pool = 20", &format!("isolation = \"{isolation}\", pool = {}", [20, 3][seed as usize % 2]))
                    .replace("constant 100/s", ["constant 100/s", "poisson 300/s", "closed 20 users think exp 20 ms"][seed as usize % 3])
                    .replace(ON_THE_LINK, WITH_RETRIES);
                let document = document(&text, "stock: no oversell");
                let (requirements, _) = read(&document);
                let report = run_with(&document, Some(&watches(&requirements)), seed);
                let found = &report.watched[0];
                assert!(found.checked >= 30, "all that there is, is sold: {text}");
                assert_eq!(found.violated, found.checked - 30, "each that is sold beyond that is told: {text}");
                if found.violated > 0 {
                    sold_twice.insert((number, isolation));
                }
            }
        }
    }
    assert_eq!(sold_twice.into_iter().collect::<Vec<_>>(), [(plans.len() - 1, "read committed")]);
}

#[test]
fn what_a_failover_puts_back_is_sold_again() {
    let take = SALE.replace(TWO_STATEMENTS, "  db take stock\n");
    let followers =
        "pool = 20, followers = { count = 2, lag = \"exp 100 ms\" }, failover = { every = \"50 ms\", misses = 1, promote = \"50 ms\" }";
    let failing = take.replace("pool = 20", followers) + "[[faults]]\nat = \"200 ms\"\nlasts = \"300 ms\"\nwhat = \"crash db.1\"\n";
    check(
        &failing,
        "stock: no oversell",
        &[("synchronous", &[("lag =", "sync = true, lag =")])],
        expect![[r#"
            as it is: missed: 16 of 46. 31 of stock were sold, and there were 30.
              failed: db: down 11; db: sold out 42;
              0.031 s, request 3, db: takes one of stock: 27 left (version 3)
              0.200 s, request 0, db: its leader crashes
              0.300 s, request 0, db: a follower leads that does not have version 3 of stock
              0.431 s, request 42, db: takes one of stock: 15 left (version 31)
              31 of stock were sold, and there were 30: a follower of db took the lead before it had been told all that was acknowledged, because followers there lag (sync = false). “stock: no oversell” was violated 16 of 46 times.
            synchronous: met: 0 of 30
              failed: db: down 29; db: sold out 40;
        "#]],
    );
}

#[test]
fn an_update_is_lost_between_a_read_and_a_write() {
    check(
        SALE,
        "stock: no lost update",
        &[
            ("for update", &[(TWO_STATEMENTS, "  transaction: db read stock locked; db write stock\n")]),
            ("if unchanged", &[("write stock", "write stock if-unchanged")]),
        ],
        expect![[r#"
            as it is: missed: 7 of 35. Version 10 of stock was overwritten by a request that had not seen it.
              failed: db: sold out 64;
              0.106 s, request 10, db: reads stock: 21 left (version 9)
              0.111 s, request 11, db: reads stock: 21 left (version 9)
              0.118 s, request 10, db: writes stock: 20 left (version 10)
              0.119 s, request 11, db: writes stock: 20 left (version 11)
              Version 10 of stock was overwritten by a request that had not seen it: requests 10 and 11 both read it at db before either wrote, and no lock, no one statement and no `if-unchanged` keeps the second from writing over the first. “stock: no lost update” was violated 7 of 35 times.
            for update: met: 0 of 30
              failed: db: sold out 69;
            if unchanged: met: 0 of 30
              failed: db: changed meanwhile 5; db: sold out 64;
        "#]],
    );
    let documents = SALE.replace("relational\", pool = 20", "document\"").replace(", value = 30", "");
    check(
        &documents,
        "stock: no lost update",
        &[("if unchanged", &[("write stock", "write stock if-unchanged")])],
        expect![[r#"
            as it is: missed: 12 of 99. Version 10 of stock was overwritten by a request that had not seen it.
              0.111 s, request 10, db: reads stock: version 9
              0.112 s, request 11, db: reads stock: version 9
              0.114 s, request 11, db: writes stock: version 10
              0.118 s, request 10, db: writes stock: version 11
              Version 10 of stock was overwritten by a request that had not seen it: requests 10 and 11 both read it at db before either wrote, and no lock, no one statement and no `if-unchanged` keeps the second from writing over the first. “stock: no lost update” was violated 12 of 99 times.
            if unchanged: met: 0 of 87
              failed: db: changed meanwhile 12;
        "#]],
    );
}

const PAYMENT: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 8, time = "2 ms" }
pay   = { kind = "external", time = "60 ms or 400 ms 5 %" }
[links]
"users -> web" = {}
"web -> pay"   = { timeout = "200 ms", retry = { attempts = 3 } }
[data]
payment = {}
[calls]
buy = "web > pay charge payment"
[workload]
lasts = "5 s"
buy = { from = "users", arrivals = "constant 20/s", keys = "fresh" }
"#;

#[test]
fn a_payment_that_is_tried_again_is_made_twice() {
    check(
        PAYMENT,
        "payment: no double charge",
        &[("with its key", &[("charge payment", "charge payment once")])],
        expect![[r#"
            as it is: missed: 2 of 101. Request 33 had its effect on payment 33 at pay 2 times.
              1.912 s, request 33, pay: charge payment 33, attempt 2
              2.052 s, request 33, pay: charge payment 33, attempt 1
              Request 33 had its effect on payment 33 at pay 2 times: a call that had worked was given up and tried again, and pay does not know that it is the same (`once`). “payment: at most one effect per key” was violated 2 of 101 times.
            with its key: met: 0 of 101
        "#]],
    );
}

const JOBS: &str = r#"octo = 1
[components]
users  = { kind = "clients" }
web    = { kind = "service", workers = 8, time = "2 ms" }
jobs   = { kind = "queue", visibility = "300 ms", time = "1 ms" }
worker = { kind = "service", workers = 20, time = "100 ms or 500 ms 3 %" }
db     = { kind = "relational", pool = 20, time = "2 ms" }
[links]
"users -> web" = {}
[data]
order = {}
[calls]
buy = """
web
  jobs append order
    worker
      db insert order
"""
[workload]
lasts = "10 s"
buy = { from = "users", arrivals = "constant 50/s", keys = "uniform of 20" }
"#;

#[test]
fn a_message_that_comes_again_has_its_effect_again() {
    check(
        JOBS,
        "order: at most one effect per key",
        &[("once", &[("insert order", "insert order once")])],
        expect![[r#"
            as it is: missed: 9 of 508. Request 82 had its effect on order 6 at db 2 times.
              2.045 s, request 82, db: insert order 6, delivered 2 times
              2.145 s, request 82, db: insert order 6, delivered 2 times
              Request 82 had its effect on order 6 at db 2 times: its message was delivered again before the work was acknowledged, and db does not know that it is the same (`once`). “order: at most one effect per key” was violated 9 of 508 times.
            once: met: 0 of 499
        "#]],
    );
}

#[test]
fn messages_about_one_key_overtake_each_other_in_a_queue() {
    let log = [("kind = \"queue\", visibility = \"300 ms\"", "kind = \"log\", partitions = 20"), ("workers = 20,", "replicas = 20,")];
    check(
        JOBS,
        "order: order per key",
        &[("partitions of a log", &log)],
        expect![[r#"
            as it is: missed: 14 of 508. About order 6, message 4 took effect after message 5.
              1.763 s, request 83, worker: deals with message 5 about order 6
              2.043 s, request 82, worker: deals with message 4 about order 6, delivered 2 times
              About order 6, message 4 took effect after message 5: jobs hands messages about one key to several consumers at once, or again after a time-out. “order: order per key” was violated 14 of 508 times.
            partitions of a log: met: 0 of 499
        "#]],
    );
}

const FAILING: &str = r#"octo = 1
[components]
users  = { kind = "clients" }
web    = { kind = "service", workers = 8, time = "2 ms" }
jobs   = { kind = "queue", visibility = "300 ms", time = "1 ms", ack = "before" }
worker = { kind = "service", workers = 20, time = "10 ms", failures = "5 %" }
[links]
"users -> web" = {}
[data]
order = {}
[calls]
buy = """
web
  jobs append order
    worker
"""
[workload]
lasts = "4 s"
buy = { from = "users", arrivals = "constant 50/s", keys = "uniform of 20" }
"#;

#[test]
fn a_message_that_is_acknowledged_first_is_lost() {
    check(
        FAILING,
        "order: no lost message",
        &[("acknowledged after", &[("before", "after")])],
        expect![[r#"
            as it is: missed: 13 of 199. A message about order 9 was lost.
              0.083 s, request 4, jobs: takes a message about order 9
              0.093 s, request 4, jobs: has acknowledged it before it was dealt with, and that failed
              A message about order 9 was lost. “order: no lost message” was violated 13 of 199 times.
            acknowledged after: met: 0 of 199
        "#]],
    );
}

const TWO_WRITES: &str = r#"octo = 1
[components]
users  = { kind = "clients" }
web    = { kind = "service", workers = 8, time = "2 ms" }
db     = { kind = "relational", pool = 20, time = "15 ms" }
events = { kind = "log", time = "20 ms" }
mail   = { kind = "service", workers = 20, time = "1 ms" }
[links]
"users -> web" = {}
[data]
order = {}
[calls]
buy = """
web
  db insert order
  events append order
    mail
"""
[workload]
lasts = "4 s"
buy = { from = "users", arrivals = "constant 50/s", keys = "fresh" }
[[faults]]
at = "2 s"
lasts = "500 ms"
what = "crash web"
"#;

#[test]
fn who_writes_and_then_tells_may_crash_in_between() {
    let outbox =
        [("  db insert order\n  events append order\n    mail\n", "  db insert order outbox\n    events append order\n      mail\n")];
    check(
        TWO_WRITES,
        "order: no lost message",
        &[("an outbox", &outbox)],
        expect![[r#"
        as it is: met: 0 of 348
          failed: web: down 26;
        an outbox: met: 0 of 348
          failed: web: down 25;
    "#]],
    );
    let transaction = [(
        "  db insert order\n  events append order\n    mail\n",
        "  transaction:\n    db insert order outbox\n      events append order\n        mail\n",
    )];
    check(
        TWO_WRITES,
        "order: no lost message",
        &[("an outbox in a transaction", &transaction)],
        expect![[r#"
        as it is: met: 0 of 348
          failed: web: down 26;
        an outbox in a transaction: met: 0 of 348
          failed: web: down 25;
    "#]],
    );
}

const REPLICAS: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 64, time = "1 ms" }
db    = { kind = "relational", pool = 40, time = "2 ms", followers = { count = 2, lag = "uniform 50 ms..900 ms" }, failover = { every = "1 s", misses = 1, promote = "1 s" } }
[links]
"users -> web" = {}
"web -> db"    = {}
[data]
link = { rows = 20 }
[calls]
edit = "web > db write link"
look = "web > db read link"
[workload]
lasts = "10 s"
edit = { from = "users", arrivals = "constant 20/s", sessions = 30 }
look = { from = "users", arrivals = "constant 100/s", sessions = 30 }
"#;

#[test]
fn a_session_does_not_find_what_it_wrote() {
    check(
        REPLICAS,
        "link: read your writes",
        &[
            ("from the leader if it wrote last", &[("read link", "read link own")]),
            ("from the leader", &[("read link", "read link leader")]),
        ],
        expect![[r#"
            as it is: missed: 13 of 167. A session read version 0 of link 3 after it had written version 3.
              0.603 s, request 71 of session 0, db: writes link 3: version 3
              1.033 s, request 123 of session 0, db: reads link 3: version 0
              A session read version 0 of link 3 after it had written version 3: it was read from a follower of db that lags behind its leader. “link: read your writes” was violated 13 of 167 times.
            from the leader if it wrote last: missed: 3 of 167. A session read version 2 of link 6 after it had written version 3.
              3.703 s, request 443 of session 3, db: writes link 6: version 3
              4.403 s, request 528 of session 3, db: reads link 6: version 2
              A session read version 2 of link 6 after it had written version 3: it was read from a follower of db that lags behind its leader. “link: read your writes” was violated 3 of 167 times.
            from the leader: met: 0 of 167
        "#]],
    );
}

#[test]
fn a_session_goes_back_in_time() {
    let from_leader = [("lag =", "reads = \"leader\", lag =")];
    check(
        REPLICAS,
        "link: monotonic reads",
        &[("from the leader", &from_leader)],
        expect![[r#"
            as it is: missed: 5 of 505. A session read version 0 of link 11 after it had read version 1.
              0.123 s, request 14 of session 6, db: reads link 11: version 1
              0.243 s, request 28 of session 6, db: reads link 11: version 0
              A session read version 0 of link 11 after it had read version 1: it was read from a follower of db that lags behind its leader. “link: monotonic reads” was violated 5 of 505 times.
            from the leader: met: 0 of 505
        "#]],
    );
}

#[test]
fn a_follower_is_too_far_behind() {
    check(
        REPLICAS,
        "link: stale at most 500 ms",
        &[("less behind", &[("50 ms..900 ms", "50 ms..400 ms")])],
        expect![[r#"
            as it is: missed: 61 of 999. Version 0 of link 15 was read 840 ms after version 1 had replaced it; the bound is 500 ms.
              0.053 s, request 5 of session 28, db: writes link 15: version 1
              0.893 s, request 106 of session 1, db: reads link 15: version 0
              Version 0 of link 15 was read 840 ms after version 1 had replaced it; the bound is 500 ms: it was read from a follower of db that lags behind its leader. “link: stale at most 500 ms” was violated 61 of 999 times.
            less behind: met: 0 of 999
        "#]],
    );
}

#[test]
fn a_failover_loses_what_was_acknowledged() {
    let failing = format!("{REPLICAS}[[faults]]\nat = \"5 s\"\nlasts = \"4 s\"\nwhat = \"crash db.1\"\n");
    check(
        &failing,
        "link: no lost write",
        &[("synchronous", &[("lag =", "sync = true, lag =")])],
        expect![[r#"
            as it is: missed: 8 of 159. Version 9 of link 3 had been acknowledged, and was lost when another replica of db took over.
              failed: db: down 40;
              4.853 s, request 581 of session 1, db: writes link 3: version 9
              5.000 s, request 0, db: its leader crashes
              7.000 s, request 0, db: a follower leads that does not have version 9 of link 3
              Version 9 of link 3 had been acknowledged, and was lost when another replica of db took over: a follower of db took the lead before it had been told all that was acknowledged, because followers there lag (sync = false). “link: no lost write” was violated 8 of 159 times.
            synchronous: met: 0 of 159
              failed: db: down 52;
        "#]],
    );
}

const CACHED: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 64, time = "1 ms" }
cache = { kind = "cache", entries = 100, ttl = "20 s" }
db    = { kind = "relational", pool = 40, time = "2 ms" }
[links]
"users -> web" = {}
[data]
link = { rows = 50 }
[calls]
edit = "web > db write link"
look = """
web
  cache get link
    miss: db read link
"""
[workload]
lasts = "30 s"
edit = { from = "users", arrivals = "constant 10/s" }
look = { from = "users", arrivals = "constant 100/s" }
"#;

#[test]
fn a_cache_answers_what_is_long_gone() {
    let dropped = [("edit = \"web > db write link\"", "edit = \"\"\"\nweb\n  db write link\n  cache put link drop\n\"\"\"")];
    check(
        CACHED,
        "link: cache stale at most 5 s",
        &[("a shorter ttl", &[("20 s", "5 s")]), ("dropped when it is written", &dropped)],
        expect![[r#"
            as it is: missed: 1,171 of 2,899. Version 0 of link 47 was read 5.058 s after version 1 had replaced it; the bound is 5 s.
              0.103 s, request 10, db: writes link 47: version 1
              5.162 s, request 567, cache: reads link 47: version 0
              Version 0 of link 47 was read 5.058 s after version 1 had replaced it; the bound is 5 s: cache goes on answering with what it has until that expires. “link: cache stale at most 5 s” was violated 1,171 of 2,899 times.
            a shorter ttl: met: 0 of 2,704
            dropped when it is written: met: 0 of 2,684
        "#]],
    );
}

#[test]
fn watching_changes_nothing_else() {
    for (text, requirement) in [
        (SALE, "stock: no oversell"),
        (PAYMENT, "payment: no double charge"),
        (JOBS, "order: order per key"),
        (TWO_WRITES, "order: no lost message"),
        (REPLICAS, "link: monotonic reads"),
        (CACHED, "link: cache stale at most 5 s"),
    ] {
        let document = document(text, requirement);
        let (requirements, _) = read(&document);
        let (without, mut with) = (run(&document, None), run(&document, Some(&watches(&requirements))));
        assert_eq!(with.watched.len(), 1);
        with.watched.clear();
        assert_eq!(without.to_json(), with.to_json(), "{requirement}");
    }
}

#[test]
fn what_cannot_be_asked_of_data_is_told() {
    let mut told = String::new();
    for (text, requirement) in [
        (SALE, "stock: no overselling of anything"),
        (SALE, "stock: no lots update"),
        (SALE, "stok: no oversell"),
        (SALE, "db: no oversell"),
        (SALE, "stock: stale at most 5"),
        (SALE, "stock: read your writes"),
        (SALE, "stock: cache stale at most 10 min"),
        (SALE, "stock: no lost message"),
        (PAYMENT, "payment: no oversell"),
        (PAYMENT, "payment: no lost update"),
        (PAYMENT, "payment: no lost write"),
        (PAYMENT, "payment: stale at most 3 s"),
        (CACHED, "link: no lost update"),
        (CACHED, "link: order per key"),
        (CACHED, "link: at most 3 parsecs stale"),
    ] {
        let (_, problems) = read(&document(text, requirement));
        let problem = problems.first().unwrap_or_else(|| panic!("nothing is said of {requirement}"));
        told.push_str(&format!("{requirement}\n  {} {}\n", problem.message, problem.suggestion.as_deref().unwrap_or("")));
    }
    let assumed = CACHED.replace("entries = 100, ttl = \"20 s\"", "hits = \"90 %\"");
    let (_, problems) = read(&document(&assumed, "link: cache stale at most 5 s"));
    told.push_str(&format!("{} {}\n", problems[0].message, problems[0].suggestion.as_deref().unwrap_or("")));
    expect![[r#"
        stock: no overselling of anything
          At “no overselling of anything”: “no overselling of anything” is nothing that can be required of data. Known are: no oversell, at most one effect per key, no lost update, no lost write, read your writes, monotonic reads, no lost message, order per key, stale at most 5 s, cache stale at most 10 min.
        stock: no lots update
          At “no lots update”: “no lots update” is nothing that can be required of data. Did you mean “no lost update”?
        stok: no oversell
          There is no data “stok” under [data]. Did you mean “stock”?
        db: no oversell
          “db” is a component, and an invariant is about data. Name the data: stock.
        stock: stale at most 5
          At “stale at most 5”: “5” is no time. Write it as in “stale at most 5 s”.
        stock: read your writes
          Each request that touches “stock” is a session of its own, so it is never compared with another. Write sessions = 1000 in their classes, or let users come back (closed arrivals).
        stock: cache stale at most 10 min
          No store or cache that counts versions is read for “stock”. Write the call, as in “db read stock”, or leave this requirement out.
        stock: no lost message
          No log or queue gets a message about “stock”. Name it where a message is sent, as in “events append stock”.
        payment: no oversell
          “payment” has no value, so there is no number that could be oversold. Write what each row begins with, as in payment = { value = 500 } under [data].
        payment: no lost update
          No class reads “payment” and then writes it, so no update can be lost. Ask for “payment: no lost write”, or leave this requirement out.
        payment: no lost write
          No relational or keyvalue component is written with “payment”, and only those can lose what they acknowledged. Write the call, as in “db write payment”, or leave this requirement out.
        payment: stale at most 3 s
          No store or cache that counts versions is read for “payment”. Write the call, as in “db read payment”, or leave this requirement out.
        link: no lost update
          No class reads “link” and then writes it, so no update can be lost. Ask for “link: no lost write”, or leave this requirement out.
        link: order per key
          No log or queue gets a message about “link”. Name it where a message is sent, as in “events append link”.
        link: at most 3 parsecs stale
          At “at most 3 parsecs stale”: “3 parsecs” is no time. Write it as in “stale at most 5 s”.
        “cache” answers an assumed share of requests and keeps no keys, so nothing in it has an age. Give cache entries or memory instead of hits.
    "#]].assert_eq(&told);
}

#[test]
fn people_say_it_in_several_ways() {
    let mut told = String::new();
    for text in [
        "stock: No Oversell",
        "stock : never oversold",
        "order: no double charge",
        "order: at-most-once",
        "order:one effect per key",
        "stock: no lost updates",
        "link: no write lost",
        "link: read-your-writes",
        "link: reads its own writes",
        "link: monotonic read",
        "link: at most 300 ms stale",
        "link: bounded staleness 0.5 s",
        "link: staleness at most 2 min",
        "link: no stale cache past 10 min",
        "link: cache at most 90 s stale",
        "order: no message lost",
        "order: in order per key",
    ] {
        let requirement: judge::require::Requirement = text.parse().unwrap_or_else(|slip| panic!("{text}: {slip:?}"));
        assert_eq!(requirement.to_string().parse(), Ok(requirement.clone()));
        told.push_str(&format!("{text} -> {requirement}\n"));
    }
    expect![[r#"
        stock: No Oversell -> stock: no oversell
        stock : never oversold -> stock: no oversell
        order: no double charge -> order: at most one effect per key
        order: at-most-once -> order: at most one effect per key
        order:one effect per key -> order: at most one effect per key
        stock: no lost updates -> stock: no lost update
        link: no write lost -> link: no lost write
        link: read-your-writes -> link: read your writes
        link: reads its own writes -> link: read your writes
        link: monotonic read -> link: monotonic reads
        link: at most 300 ms stale -> link: stale at most 300 ms
        link: bounded staleness 0.5 s -> link: stale at most 500 ms
        link: staleness at most 2 min -> link: stale at most 2 min
        link: no stale cache past 10 min -> link: cache stale at most 10 min
        link: cache at most 90 s stale -> link: cache stale at most 90 s
        order: no message lost -> order: no lost message
        order: in order per key -> order: order per key
    "#]]
    .assert_eq(&told);
}
