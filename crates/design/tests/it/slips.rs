//! Slips of the pen in the parts of the language that are about policies and plans, and in the file
//! below about the world: what is written, and what its author is told.

mod world;

use design::{Format, read};
use expect_test::{Expect, expect};

use crate::tell;

const DESIGN: &str = r#"octo = 1
[components]
users = { kind = "clients", region = "eu" }
cron  = { kind = "scheduler" }
lb    = { kind = "balancer" }
web   = { kind = "service", replicas = 2, zones = ["eu-a", "eu-b"], region = "eu" }
cache = { kind = "cache", ttl = "1 min" }
db    = { kind = "relational" }
kv    = { kind = "keyvalue", copies = 3 }
log   = { kind = "log" }
pay   = { kind = "external" }
[links]
"users -> lb"   = {}
"lb -> web"     = {}
"web -> cache"  = {}
"web -> db"     = {}
"web -> kv"     = {}
"web -> log"    = {}
"web -> pay"    = {}
[workload]
lasts = "10 min"
buy   = { from = "users", arrivals = "poisson 90/s" }
"#;

/// Each line is put in place of one text of the design, or after it where that text is empty.
fn check(place: &str, lines: &[&str], expected: Expect) {
    let mut out = String::new();
    for line in lines {
        let text = if place.is_empty() { format!("{DESIGN}{line}\n") } else { DESIGN.replacen(place, line, 1) };
        assert_ne!(text, DESIGN, "the design has no {place}");
        let loaded = read(&text, Format::Toml);
        out.push_str(&format!("{line}\n"));
        out.extend(loaded.problems.iter().map(|problem| format!("  {}\n", tell(problem))));
    }
    expected.assert_eq(&out);
}

const WEB: &str = r#"replicas = 2, zones = ["eu-a", "eu-b"], region = "eu""#;

#[test]
fn stations() {
    check(
        WEB,
        &[
            "replicas = 2, order = \"lilo\"",
            "replicas = 2, shed = \"codel 100 ms 5 ms\"",
            "replicas = 2, shed = \"codle 5 ms 100 ms\"",
            "replicas = 2, shed = \"codel 5 ms\"",
            "replicas = 2, shed = { shed = \"codel\", target = \"5 ms\" }",
            "replicas = 2, failures = \"101 %\"",
            "replicas = 2, autoscale = { min = 5, max = 4 }",
            "replicas = 2, autoscale = { min = 11 }",
            "replicas = 2, autoscale = { targt = \"70 %\" }",
            "replicas = 2, idle = \"5 min\"",
            "replicas = 2, time = \"2 d\"",
            "replicas = 2, time = \"exp 3 d\"",
            "replicas = 2, time = { dist = \"exp\", mean = \"3 d\" }",
            "replicas = 2, time = { dist = \"mixture\", share = \"50 %\", first = \"exp 1 ms\" }",
            "replicas = 2, time = { dist = \"quantiles\", points = [[\"0 %\", \"1 ms\"], [\"100 %\"]] }",
            "replicas = 2, time = { dist = \"quantiles\", points = [[\"0 %\", \"1 ms\"], [\"90 %\", \"2 ms\"]] }",
        ],
        expect![[r#"
            replicas = 2, order = "lilo"
              6:51 Error components.web.order: “lilo” is not one of the words for this key. Did you mean “lifo”?
            replicas = 2, shed = "codel 100 ms 5 ms"
              6:50 Error components.web.shed: “codel 100 ms 5 ms” does not wait longer than its target before it turns calls away. Write the target first, then an interval that is longer, as in “codel 5 ms 100 ms”.
            replicas = 2, shed = "codle 5 ms 100 ms"
              6:50 Error components.web.shed: “codle 5 ms 100 ms” does not say which calls are turned away. Write “late” or “codel 5 ms 100 ms”.
            replicas = 2, shed = "codel 5 ms"
              6:50 Error components.web.shed: “codel 5 ms” is not complete. Write it as in “codel 5 ms 100 ms”.
            replicas = 2, shed = { shed = "codel", target = "5 ms" }
              6:50 Error components.web.shed: “interval” is missing here. Add it: a time such as "5 ms".
            replicas = 2, failures = "101 %"
              6:54 Error components.web.failures: 101 % is more than the whole. Write 0 % to 100 %.
            replicas = 2, autoscale = { min = 5, max = 4 }
              6:57 Error components.web.autoscale.min: At least 5 replicas cannot be at most 4. Write min and max so that min is not the greater.
            replicas = 2, autoscale = { min = 11 }
              6:57 Error components.web.autoscale.min: At least 11 replicas cannot be at most 10. Write min and max so that min is not the greater.
            replicas = 2, autoscale = { targt = "70 %" }
              6:57 Error components.web.autoscale.targt: “targt” is not a key that is known here. Did you mean “target”?
            replicas = 2, idle = "5 min"
              6:43 Note components.web.idle: “idle” does nothing without “start”. Write start too.
            replicas = 2, time = "2 d"
              6:50 Error components.web.time: 2 d is longer than a day. Check the unit.
            replicas = 2, time = "exp 3 d"
              6:50 Error components.web.time: 3 d is longer than a day. Check the unit.
            replicas = 2, time = { dist = "exp", mean = "3 d" }
              6:50 Error components.web.time: 3 d is longer than a day. Check the unit.
            replicas = 2, time = { dist = "mixture", share = "50 %", first = "exp 1 ms" }
              6:50 Error components.web.time: “second” is missing here. Add it: a distribution of times such as "exp 5 ms".
            replicas = 2, time = { dist = "quantiles", points = [["0 %", "1 ms"], ["100 %"]] }
              6:99 Error components.web.time.points: This list has something other than pairs in it. Write a list such as [["0 %", "1 ms"], ["100 %", "40 ms"]].
            replicas = 2, time = { dist = "quantiles", points = [["0 %", "1 ms"], ["90 %", "2 ms"]] }
              6:50 Error components.web.time: The quantiles do not go from 0 % to 100 %. Write shares from 0 % to 100 % that rise, as in “quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms”.
        "#]],
    );
}

#[test]
fn balancers_and_limiters() {
    check(
        "kind = \"balancer\"",
        &[
            "kind = \"balancer\", policy = \"weighted\"",
            "kind = \"balancer\", policy = \"weighted\", weights = [1]",
            "kind = \"balancer\", policy = \"weighted\", weights = [0, 0]",
            "kind = \"balancer\", policy = \"weighted\", weights = [1, \"two\"]",
            "kind = \"balancer\", policy = \"weighted\", weights = [1, true]",
            "kind = \"balancer\", weights = [1, 2]",
            "kind = \"balancer\", sticky = true",
            "kind = \"balancer\", bound = \"2000 %\"",
            "kind = \"balancer\", health = \"5 s\"",
            "kind = \"limiter\"",
            "kind = \"limiter\", rate = \"0/s\"",
            "kind = \"limiter\", rate = \"10/s\", per = \"session\"",
            "kind = \"limiter\", rate = \"10/s\", algorithm = \"token buket\"",
        ],
        expect![[r#"
            kind = "balancer", policy = "weighted"
              5:1 Error components.lb.weights: A weighted balancer needs weights. Write one for each replica of the next component, as in weights = [3, 1].
            kind = "balancer", policy = "weighted", weights = [1]
              5:51 Error components.lb.weights: “web” has 2 replicas, but there are weights for 1. Write one weight for each replica.
            kind = "balancer", policy = "weighted", weights = [0, 0]
              5:51 Error components.lb.weights: With these weights no replica is ever chosen. Write one that is not 0.
            kind = "balancer", policy = "weighted", weights = [1, "two"]
              5:61 Error components.lb.weights: “two” does not begin with a number. Write it as in “200”.
            kind = "balancer", policy = "weighted", weights = [1, true]
              5:61 Error components.lb.weights: This list has something other than whole numbers in it. Write a list of whole numbers such as [3, 1].
            kind = "balancer", weights = [1, 2]
              5:30 Note components.lb.weights: Only a weighted balancer has use for weights. Write policy = "weighted".
            kind = "balancer", sticky = true
              5:30 Note components.lb.sticky: No class has sessions, so each request is one of its own here. Write sessions = 1000 in a class.
            kind = "balancer", bound = "2000 %"
              5:38 Error components.lb.bound: 2000 % is more than 1000 %, the most that is accepted. Check the unit.
            kind = "balancer", health = "5 s"
              5:39 Error components.lb.health: “5 s” is a text, but a table such as { every = ... } is needed.
            kind = "limiter"
              5:1 Error components.lb: This limiter does not say what it lets through. Write rate = "100/s".
            kind = "limiter", rate = "0/s"
              5:36 Error components.lb.rate: 0/s is too little. Write more than zero.
            kind = "limiter", rate = "10/s", per = "session"
              5:44 Note components.lb.per: No class has sessions, so each request is one of its own here. Write sessions = 1000 in a class.
            kind = "limiter", rate = "10/s", algorithm = "token buket"
              5:56 Error components.lb.algorithm: “token buket” is not one of the words for this key. Did you mean “token bucket”?
        "#]],
    );
}

#[test]
fn stores() {
    check(
        "copies = 3",
        &["copies = 3, read = 4", "write = 2", "copies = 0"],
        expect![[r#"
        copies = 3, read = 4
          9:42 Error components.kv.read: A read waits for 4 copies, but there are only 3. Write at most 3, or more copies.
        write = 2
          9:30 Error components.kv.write: A write waits for 2 copies, but there are only 1. Write at most 1, or more copies.
        copies = 0
          9:39 Error components.kv.copies: 0 is out of range. Write a whole number from 1 to 100.
    "#]],
    );
    check(
        "ttl = \"1 min\"",
        &["hits = \"90 %\", memory = \"1 GiB\"", "renew = true", "entries = 0", "evict = \"lur\""],
        expect![[r#"
        hits = "90 %", memory = "1 GiB"
          7:27 Note components.cache.hits: “hits” is assumed, so “memory” changes nothing. Take one of them out; with memory alone the hits follow from the keys.
        renew = true
          7:27 Note components.cache.renew: “renew” does nothing without “ttl”. Write ttl too.
        entries = 0
          7:37 Error components.cache.entries: 0 is out of range. Write a whole number from 1 to 1000000000000.
        evict = "lur"
          7:35 Error components.cache.evict: “lur” is not one of the words for this key. Did you mean “lru”?
    "#]],
    );
}

#[test]
fn policies_of_links() {
    check(
        "\"web -> db\"     = {}",
        &[
            "\"web -> db\" = { retry = { attempts = 3, backoff = \"20\" } }",
            "\"web -> db\" = { retry = { attempts = 3, backoff = \"full jiter 20 ms..1 s\" } }",
            "\"web -> db\" = { retry = { attempts = 3, backoff = \"full jitter 1 s..20 ms\" } }",
            "\"web -> db\" = { retry = { attempts = 3, backoff = \"full jitter 20 ms\" } }",
            "\"web -> db\" = { retry = { attempts = 3, backoff = { backoff = \"full jitter\", base = \"20 ms\", top = \"1 s\" } } }",
            "\"web -> db\" = { retry = 3 }",
            "\"web -> db\" = { breaker = { error = \"50 %\" } }",
            "\"web -> db\" = { breaker = \"50 %\" }",
            "\"web -> db\" = { hedges = 2 }",
            "\"web -> db\" = { throttle = \"200\" }",
            "\"web -> cron\" = {}",
        ],
        expect![[r#"
            "web -> db" = { retry = { attempts = 3, backoff = "20" } }
              16:51 Error links.web -> db.retry.backoff: “20” has no unit. Write it as in “5 ms”.
            "web -> db" = { retry = { attempts = 3, backoff = "full jiter 20 ms..1 s" } }
              16:51 Error links.web -> db.retry.backoff: “full jiter 20 ms..1 s” is not a way of waiting before the next attempt. Did you mean “full jitter”?
            "web -> db" = { retry = { attempts = 3, backoff = "full jitter 1 s..20 ms" } }
              16:51 Error links.web -> db.retry.backoff: “full jitter 1 s..20 ms” does not go from more than nothing up to at most a day. Write it as in “full jitter 20 ms..1 s”.
            "web -> db" = { retry = { attempts = 3, backoff = "full jitter 20 ms" } }
              16:51 Error links.web -> db.retry.backoff: “full jitter 20 ms” is not complete. Write it as in “full jitter 20 ms..1 s”.
            "web -> db" = { retry = { attempts = 3, backoff = { backoff = "full jitter", base = "20 ms", top = "1 s" } } }
              16:51 Error links.web -> db.retry.backoff: “cap” is missing here. Add it: a time such as "5 ms".
              16:94 Error links.web -> db.retry.backoff.top: “top” is not a key that is known here. Correct it, or take it out; it is kept, but nothing heeds it.
            "web -> db" = { retry = 3 }
              16:25 Error links.web -> db.retry: “3” is a text, but a table such as { attempts = ... } is needed.
            "web -> db" = { breaker = { error = "50 %" } }
              16:29 Error links.web -> db.breaker.error: “error” is not a key that is known here. Did you mean “errors”?
            "web -> db" = { breaker = "50 %" }
              16:27 Error links.web -> db.breaker: “50 %” is a text, but a table such as { errors = ... } is needed.
            "web -> db" = { hedges = 2 }
              16:17 Note links.web -> db.hedges: “hedges” does nothing without “hedge”. Write hedge too.
            "web -> db" = { throttle = "200" }
              16:28 Error links.web -> db.throttle: 20000 % is more than 10000 %, the most that is accepted. Check the unit.
            "web -> cron" = {}
              16:1 Error links.web -> cron: An arrow leads to “cron”, but a scheduler only sends. Turn the arrow round.
        "#]],
    );
}

#[test]
fn ties() {
    check(
        "\"web -> db\"     = {}",
        &["\"web -> db\" = { tied = \"1 ms\" }", "\"web -> db\" = { tied = \"1\" }", "\"web -> db\" = { tied = true }"],
        expect![[r#"
            "web -> db" = { tied = "1 ms" }
              16:17 Note links.web -> db.tied: One replica of “db” is asked for a request, so both copies wait in the same queue. Write replicas or copies of it, or take “tied” out.
            "web -> db" = { tied = "1" }
              16:24 Error links.web -> db.tied: “1” has no unit. Write it as in “5 ms”.
            "web -> db" = { tied = true }
              16:24 Error links.web -> db.tied: “true” does not begin with a number. Write it as in “5 ms”.
        "#]],
    );
    check(
        "\"web -> kv\"     = {}",
        &["\"web -> kv\" = { tied = \"1 ms\" }"],
        expect![[r#"
        "web -> kv" = { tied = "1 ms" }
          17:17 Note links.web -> kv.tied: Nobody waits in a queue at “kv”, so the first copy always begins at once. Bound its workers, or write “hedge” instead.
    "#]],
    );
    check(
        "\"users -> lb\"   = {}",
        &["\"users -> lb\" = { tied = \"1 ms\" }"],
        expect![[r#"
        "users -> lb" = { tied = "1 ms" }
          13:19 Note links.users -> lb.tied: One replica of “lb” is asked for a request, so both copies wait in the same queue. Write replicas or copies of it, or take “tied” out.
    "#]],
    );
    check(
        "\"lb -> web\"     = {}",
        &["\"lb -> web\" = { tied = \"0 s\" }", "\"lb -> web\" = { tied = \"1 ms\", hedge = \"2 ms\" }"],
        expect![[r#"
            "lb -> web" = { tied = "0 s" }
            "lb -> web" = { tied = "1 ms", hedge = "2 ms" }
              14:17 Error links.lb -> web.tied: A request cannot be both tied and hedged: each says when the second copy is sent. Take “hedge” out, or “tied”.
        "#]],
    );
}

#[test]
fn plans() {
    let weighted = DESIGN
        .replace("kind = \"balancer\"", "kind = \"balancer\", policy = \"weighted\", weights = [1, 2, 3]")
        .replace("\"lb -> web\"     = {}\n", "");
    let problems = read(&format!("{weighted}[calls]\nbuy = \"lb > web\"\n"), Format::Toml).problems;
    expect!["5:51 Error components.lb.weights: “web” has 2 replicas, but there are weights for 3. Write one weight for each replica."]
        .assert_eq(&tell(&problems[0]));
    let plans = [
        "lb > web\n  kv x5 wait 6",
        "lb > web\n  kv x5 wait 0",
        "lb > web\n  kv wait 1",
        "lb > web\n  kv 5 times wait 1",
        "lb > web\n  async: kv x5 wait 1",
        "lb > web\n  together wait 3: kv; db",
        "lb > web\n  together wait 1: kv; db x2 wait 2",
        "lb > web\n  together for 1: kv; db",
        "lb > web\n  together wait many: kv; db",
        "lb > web\n  kv x5 cancel",
        "lb > web\n  trye: kv",
        "lb > cron",
        "lb > web\n  db insert outbox",
        "lb > web\n  kv insert row outbox > log append row",
        "lb > web\n  db read row outbox > log append row",
        "lb > web\n  db insert row outbox",
        "lb > web\n  db insert row outbox > log append row",
    ];
    let lines: Vec<String> = plans.iter().map(|plan| format!("[calls]\nbuy = \"\"\"\n{plan}\n\"\"\"")).collect();
    check(
        "",
        &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        expect![[r#"
            [calls]
            buy = """
            lb > web
              kv x5 wait 6
            """
              26:3 Error calls.buy.0.then.0.then.0: 6 answers are waited for, but 5 calls go out. Write 1 to 5.
            [calls]
            buy = """
            lb > web
              kv x5 wait 0
            """
              26:3 Error calls.buy: “0” is not how many answers can be waited for. Write a whole number, at least 1.
            [calls]
            buy = """
            lb > web
              kv wait 1
            """
              26:3 Error calls.buy.0.then.0.then.0: Only calls that go out together can wait for a part of them. Write it as in “leaf x5 wait 3”.
            [calls]
            buy = """
            lb > web
              kv 5 times wait 1
            """
              26:3 Error calls.buy.0.then.0.then.0: Only calls that go out together can wait for a part of them. Write it as in “leaf x5 wait 3”.
            [calls]
            buy = """
            lb > web
              async: kv x5 wait 1
            """
              26:10 Error calls.buy.0.then.0.then.0: Only calls that go out together can wait for a part of them. Write it as in “leaf x5 wait 3”.
            [calls]
            buy = """
            lb > web
              together wait 3: kv; db
            """
              26:20 Error calls.buy.0.then.0.then.0: 3 answers are waited for, but 2 calls go out. Write 1 to 2.
            [calls]
            buy = """
            lb > web
              together wait 1: kv; db x2 wait 2
            """
              26:20 Error calls.buy.0.then.0.then.0: Calls that go out together wait for different numbers. Write it once before all, as in “together wait 2: a; b; c”.
            [calls]
            buy = """
            lb > web
              together for 1: kv; db
            """
              26:3 Error calls.buy: “together for 1:” is not a word of a plan. Write “together:”, “together wait 2:” or “together wait 2 cancel:”.
            [calls]
            buy = """
            lb > web
              together wait many: kv; db
            """
              26:3 Error calls.buy: “together wait many:” is not a word of a plan. Write “together:”, “together wait 2:” or “together wait 2 cancel:”.
            [calls]
            buy = """
            lb > web
              kv x5 cancel
            """
              26:3 Error calls.buy.0.then.0.then.0: No data is called “cancel”. Add cancel = {} under [data].
            [calls]
            buy = """
            lb > web
              trye: kv
            """
              26:3 Error calls.buy: “trye:” is not a word of a plan. Write miss:, together:, async:, try:, transaction: or a share such as 50 %:
            [calls]
            buy = """
            lb > cron
            """
              25:6 Error calls.buy.0.then.0: This plan calls “cron”, but a scheduler only sends. Call a component that answers.
            [calls]
            buy = """
            lb > web
              db insert outbox
            """
              26:3 Error calls.buy.0.then.0.then.0: No data is called “outbox”. Add outbox = {} under [data].
            [calls]
            buy = """
            lb > web
              kv insert row outbox > log append row
            """
              26:3 Error calls.buy.0.then.0.then.0: “kv” is of kind keyvalue, and an outbox needs a transaction. Write “outbox” after an insert into a relational component.
              26:3 Error calls.buy.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
              26:26 Error calls.buy.0.then.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
            [calls]
            buy = """
            lb > web
              db read row outbox > log append row
            """
              26:3 Error calls.buy.0.then.0.then.0: Only a write of some data can leave a message in an outbox. Write it as in “db insert order outbox”.
              26:3 Error calls.buy.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
              26:24 Error calls.buy.0.then.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
            [calls]
            buy = """
            lb > web
              db insert row outbox
            """
              26:3 Error calls.buy.0.then.0.then.0: Nothing is below this outbox, so it sends nothing. Indent below it what is to be sent, as in “events append order”.
              26:3 Error calls.buy.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
            [calls]
            buy = """
            lb > web
              db insert row outbox > log append row
            """
              26:3 Error calls.buy.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
              26:26 Error calls.buy.0.then.0.then.0.then.0: No data is called “row”. Add row = {} under [data].
        "#]],
    );
    check(
        "",
        &[
            "[calls]\nbuy = [{ call = \"lb\", times = 2, mode = \"parallel\", cancel = true }]",
            "[calls]\nbuy = [{ call = \"lb\", mode = \"parallel\", wait = 1 }, { call = \"lb\", mode = \"parallel\" }]",
        ],
        expect![[r#"
            [calls]
            buy = [{ call = "lb", times = 2, mode = "parallel", cancel = true }]
              24:8 Error calls.buy.0: All answers are waited for, so none is left to be called back. Write “wait” with a number too.
            [calls]
            buy = [{ call = "lb", mode = "parallel", wait = 1 }, { call = "lb", mode = "parallel" }]
              24:8 Error calls.buy.0: Calls that go out together wait for different numbers. Write it once before all, as in “together wait 2: a; b; c”.
        "#]],
    );
}
