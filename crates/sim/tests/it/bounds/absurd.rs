//! Designs that are valid and absurd: each asks for more than any machine has, in its own way. A
//! run of any of them ends soon by a budget, or because there is nothing more to do, and says so.
//!
//! `OCTO_ONLY=name` runs one of them, `OCTO_TIMES=100` allows so many times as much, and `OCTO_TELL=1`
//! says how long each took.

use std::time::Duration as Wall;

use sim::{Budget, EndedBy, Progress, Run};

use crate::check::experiment;

const SMALL: Budget = Budget { events: 200_000, live_requests: 10_000 };
/// On a machine that does other things as well; alone, each takes less than two seconds.
const PATIENCE: Wall = Wall::from_secs(20);

/// Name, components, links, calls of class `buy`, its other words, and what else is written.
type Absurd = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const ABSURD: &[Absurd] = &[
    ("batches", "a = { kind = \"service\" }", "", "a", "arrivals = \"batches of 100000, poisson 1000000000/s\"", ""),
    ("geometric batches", "a = { kind = \"service\" }", "", "a", "arrivals = \"batches of geometric 100000, poisson 1000000000/s\"", ""),
    (
        "retries of retries",
        "a = { kind = \"gateway\", time = \"0 s\" }\nb = { kind = \"gateway\", time = \"0 s\" }\nc = { kind = \"gateway\", time = \"0 s\" }\nd = { kind = \"gateway\", time = \"0 s\", failures = \"100 %\" }",
        "\"users -> a\" = { retry = { attempts = 100 } }\n\"a -> b\" = { retry = { attempts = 100 } }\n\"b -> c\" = { retry = { attempts = 100 } }\n\"c -> d\" = { retry = { attempts = 100 } }",
        "a > b > c > d",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    (
        "retries of forks",
        "a = { kind = \"gateway\", time = \"0 s\" }\nb = { kind = \"gateway\", time = \"0 s\" }\nc = { kind = \"gateway\", time = \"0 s\", failures = \"100 %\" }",
        "\"users -> a\" = { retry = { attempts = 100 } }\n\"a -> b\" = { retry = { attempts = 100 } }\n\"b -> c\" = { retry = { attempts = 100 } }",
        "a x90 > b x90 > c x90",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    (
        "repetitions of repetitions",
        "a = { kind = \"gateway\", time = \"0 s\" }\nb = { kind = \"gateway\", time = \"0 s\" }",
        "",
        "a 1000 times > b 999 times",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    (
        "a million at once",
        "a = { kind = \"gateway\", time = \"0 s\" }\nb = { kind = \"gateway\", time = \"0 s\" }",
        "",
        "a x10 > b x99999",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    (
        "a million that nobody waits for",
        "a = { kind = \"gateway\", time = \"1 s\" }",
        "",
        "async: a x99999\nasync: a x99999\nasync: a x99999",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    (
        "the first of many",
        "a = { kind = \"service\", replicas = 1000, workers = \"unlimited\" }",
        "",
        "a x9000 wait 1 cancel",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    (
        "the first of many, all at once",
        "a = { kind = \"gateway\", time = \"0 s\" }",
        "",
        "a x9000 wait 1 cancel",
        "arrivals = \"batches of 100000, poisson 1000/s\"",
        "",
    ),
    (
        "all but one of many",
        "a = { kind = \"gateway\", time = \"exp 1 s\", replicas = 50 }",
        "",
        "a x9000 wait 8999",
        "arrivals = \"constant 100/s\"",
        "",
    ),
    ("a million users", "a = { kind = \"gateway\", time = \"0 s\" }", "", "a", "arrivals = \"closed 1000000 users think 0 s\"", ""),
    ("users who do not think", "a = { kind = \"gateway\", time = \"0 s\" }", "", "a", "arrivals = \"closed 1 users think 0 s\"", ""),
    ("gaps of nothing", "a = { kind = \"gateway\", time = \"0 s\" }", "", "a", "arrivals = \"every 0 s or 1 s 0.0000001 %\"", ""),
    ("bursts of nothing", "a = { kind = \"service\" }", "", "a", "arrivals = \"bursty 0.001/s for 1 ns, 0.002/s for 1 ns\"", ""),
    ("a day of a nanosecond", "a = { kind = \"service\" }", "", "a", "arrivals = \"diurnal 0.000001/s..0.00001/s every 1 ns\"", ""),
    (
        "a flash that is over",
        "a = { kind = \"service\" }",
        "",
        "a",
        "arrivals = \"flash 0.000000001/s..1000000000/s in 1 ns, half-life 1 ns, at 1 s\"",
        "",
    ),
    ("an ascent of a year", "a = { kind = \"service\" }", "", "a", "arrivals = \"ramp 0.000000001/s..0.000000002/s in 365 d\"", ""),
    (
        "hedges",
        "a = { kind = \"service\", time = \"1 s\", workers = \"unlimited\" }",
        "\"users -> a\" = { hedge = \"1 ns\", hedges = 10 }",
        "a x50",
        "arrivals = \"poisson 100000/s\"",
        "",
    ),
    (
        "an autoscaler in a hurry",
        "a = { kind = \"service\", replicas = 10000, autoscale = { min = 1, max = 10000, every = \"1 ns\", delay = \"0 s\", calm = \"1 d\", tolerance = \"0 %\" } }",
        "",
        "a",
        "arrivals = \"diurnal 1/s..100000/s every 1 s\"",
        "",
    ),
    (
        "an autoscaler of shared workers",
        "a = { kind = \"service\", order = \"shared\", autoscale = { min = 1, max = 10000, every = \"1 ns\", delay = \"0 s\", calm = \"0 s\", tolerance = \"0 %\", target = \"0 %\" } }",
        "",
        "a",
        "arrivals = \"poisson 100/s\"",
        "",
    ),
    (
        "a breaker of a nanosecond",
        "a = { kind = \"service\", failures = \"90 %\", time = \"0 s\" }",
        "\"users -> a\" = { breaker = { window = \"1 ns\", open = \"1 ns\", calls = 1, errors = \"0 %\" }, retry = { attempts = 100, backoff = \"1 ns\" }, throttle = \"1 %\", bulkhead = 1 }",
        "a",
        "arrivals = \"poisson 10000/s\"",
        "",
    ),
    (
        "pending time-outs",
        "a = { kind = \"gateway\", time = \"0 s\" }",
        "\"users -> a\" = { timeout = \"1 d\" }",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "pending patience",
        "a = { kind = \"service\", time = \"1 ns\", patience = \"1 d\", start = \"1 ns\", idle = \"1 d\" }",
        "",
        "a x3",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "nobody has patience",
        "a = { kind = \"service\", time = \"1 d\", patience = \"1 ns\" }",
        "",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "everybody is called back",
        "a = { kind = \"service\", time = \"1 d\" }",
        "\"users -> a\" = { timeout = \"1 ns\", cancel = true }",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "work that is left behind",
        "a = { kind = \"service\", time = \"1 d\", workers = \"unlimited\" }",
        "\"users -> a\" = { timeout = \"1 ns\", retry = { attempts = 100 } }",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "all served at once",
        "a = { kind = \"service\", time = \"1 d\", order = \"shared\" }",
        "",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "a queue of random order",
        "a = { kind = \"service\", time = \"1 d\", order = \"random\", patience = \"1 ms\" }",
        "",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "codel of a nanosecond",
        "a = { kind = \"service\", time = \"1 ms\", shed = \"codel 1 ns 1 ns\", order = \"adaptive lifo\" }",
        "",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "a cache of everything",
        "a = { kind = \"cache\", entries = 1000000000000, ttl = \"1 s\", evict = \"lfu\", renew = true }",
        "",
        "a get d",
        "arrivals = \"poisson 1000000/s\", keys = \"fresh\"",
        "[data]\nd = {}",
    ),
    (
        "a cache of one key",
        "a = { kind = \"cache\", entries = 1, ttl = \"100 ms\", renew = true, coalesce = true, stale = \"1 s\" }\nb = { kind = \"keyvalue\", time = \"1 ms\" }",
        "",
        "a get d > b\na put d",
        "arrivals = \"poisson 1000000/s\", keys = \"uniform of 1\"",
        "[data]\nd = {}",
    ),
    (
        "ten thousand caches",
        "a = { kind = \"cdn\", replicas = 10000, memory = \"1 PiB\", ttl = \"1 ns\" }",
        "",
        "a get d",
        "arrivals = \"poisson 1000000/s\", keys = \"zipf 0.000000001 of 1000000000000000; hot 50 % on 1000000000000000 keys, moves every 1 ns\"",
        "[data]\nd = { spread = \"100000 %\", row = \"1 PiB\" }",
    ),
    (
        "a steep zipf",
        "a = { kind = \"keyvalue\", shards = 100000, copies = 100, read = 100, write = 100 }",
        "",
        "a get d\na put d",
        "arrivals = \"poisson 1000000/s\", keys = \"zipf 10 of 1000000000000000\"",
        "[data]\nd = {}",
    ),
    (
        "a log of a day of requests",
        "a = { kind = \"limiter\", algorithm = \"sliding log\", rate = \"1000000000/s\", window = \"1 d\" }",
        "",
        "a x100",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "a bucket for everybody",
        "a = { kind = \"limiter\", rate = \"0.000000001/s\", per = \"session\", burst = 1000000000, algorithm = \"leaky bucket\" }",
        "",
        "a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    ("names for everybody", "a = { kind = \"dns\", ttl = \"1 d\", time = \"0 s\" }", "", "a", "arrivals = \"poisson 1000000/s\"", ""),
    (
        "a ring of everything",
        "lb = { kind = \"balancer\", policy = \"bounded hash\", vnodes = 100, bound = \"0 %\", time = \"0 s\" }\na = { kind = \"service\", replicas = 10000 }",
        "",
        "lb > a",
        "arrivals = \"poisson 1000000/s\", keys = \"uniform of 1\"",
        "",
    ),
    (
        "a balancer that looks",
        "lb = { kind = \"balancer\", policy = \"least connections\", stale = \"1 ns\", time = \"0 s\", health = { every = \"1 ns\", misses = 100 } }\na = { kind = \"service\", replicas = 10000 }",
        "",
        "lb > a",
        "arrivals = \"poisson 1000000/s\"",
        "[[faults]]\nwhat = \"crash a.2\"\nevery = \"1 ns\"\nlasts = \"1 ns\"",
    ),
    (
        "partitions",
        "q = { kind = \"log\", partitions = 100000, time = \"0 s\" }\na = { kind = \"service\", replicas = 9999, time = \"1 ms\" }",
        "",
        "q append > a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "partitions of one consumer",
        "q = { kind = \"log\", partitions = 100000, time = \"0 s\" }\na = { kind = \"service\", time = \"1 us\" }",
        "",
        "q append > a",
        "arrivals = \"poisson 1000000/s\"",
        "",
    ),
    (
        "a backlog that is let go",
        "q = { kind = \"log\", partitions = 1000, time = \"0 s\" }\na = { kind = \"gateway\", time = \"1 s\" }",
        "",
        "q append > a",
        "arrivals = \"poisson 100000/s\"",
        "[[faults]]\nwhat = \"rebalance q\"\nat = \"0 s\"\nlasts = \"90 ms\"",
    ),
    (
        "messages that come again",
        "q = { kind = \"queue\", visibility = \"1 ns\", attempts = 1000, time = \"0 s\" }\na = { kind = \"gateway\", time = \"1 s\" }",
        "",
        "q > a",
        "arrivals = \"poisson 100000/s\"",
        "",
    ),
    (
        "a queue that feeds itself",
        "q = { kind = \"queue\", time = \"0 s\" }\na = { kind = \"gateway\", time = \"0 s\" }",
        "",
        "q > a > q x60 > a > q x60 > a > q x60 > a",
        "arrivals = \"poisson 1000/s\"",
        "",
    ),
    (
        "a log that nobody reads",
        "q = { kind = \"log\", time = \"0 s\", retention = \"1 ns\" }",
        "",
        "q x1000",
        "arrivals = \"poisson 1000/s\"",
        "",
    ),
    (
        "one row",
        "a = { kind = \"relational\", workers = 1000000, locks = true, commit = \"1 ns\", time = \"1 ms\", followers = { count = 100, lag = \"pareto 1 ms shape 0.1\", sync = true }, failover = { every = \"1 ns\", misses = 1, promote = \"0 s\" } }",
        "\"users -> a\" = { timeout = \"1 s\" }",
        "a write d",
        "arrivals = \"poisson 100000/s\", keys = \"uniform of 1\"",
        "[data]\nd = {}\n[[faults]]\nwhat = \"crash a.1\"\nevery = \"1 us\"\nlasts = \"1 ns\"",
    ),
    (
        "faults without end",
        "a = { kind = \"service\", replicas = 10000, workers = \"unlimited\", time = \"1 d\", region = \"r\", zones = [\"z\"] }",
        "",
        "a x2",
        "arrivals = \"poisson 1000000/s\"",
        "[[faults]]\nwhat = \"crash a\"\nat = \"4 ms\"\nevery = \"1 ns\"\nlasts = \"0 s\"\n[[faults]]\nwhat = \"freeze a\"\nat = \"4 ms\"\nevery = \"1 ns\"\nlasts = \"1 ns\"\n[[faults]]\nwhat = \"lose zone z\"\nat = \"4 ms\"\nevery = \"1 ns\"\nlasts = \"0 s\"\n[[faults]]\nwhat = \"load x1000\"\nevery = \"1 ns\"\nlasts = \"1 ns\"",
    ),
    (
        "times of a thousand stages",
        "a = { kind = \"gateway\", time = \"erlang 1000 1 ns\" }",
        "",
        "a x100 > a2\n",
        "arrivals = \"poisson 100000/s\"",
        "",
    ),
    (
        "a message that is lost",
        "a = { kind = \"service\" }",
        "\"users -> a\" = { loss = \"100 %\" }",
        "a",
        "arrivals = \"poisson 1000/s\"",
        "",
    ),
    (
        "the longest times of all",
        "a = { kind = \"service\", time = \"1 d\", start = \"1 d\", order = \"shared\" }",
        "\"users -> a\" = { rtt = \"1 min\", jitter = \"1 min\", dns = \"1 min\", tls = \"1.2\", reuse = \"0 %\", slow_start = true, window = \"1 B\", packet_loss = \"100 %\", bandwidth = \"1 B/s\" }",
        "a 3 times",
        "arrivals = \"poisson 1/s\", request = \"1 PiB\", response = \"1 PiB\", deadline = \"1 ns\"",
        "",
    ),
];

fn text((_, components, links, calls, class, more): &Absurd) -> String {
    let calls = calls.replace("a2", "b2");
    let components = if calls.contains("b2") {
        format!("{components}\nb2 = {{ kind = \"gateway\", time = \"erlang 1000 1 d\" }}")
    } else {
        (*components).to_owned()
    };
    format!(
        "octo = 1\n[components]\nusers = {{ kind = \"clients\" }}\n{components}\n[links]\n{links}\n[calls]\nbuy = \"\"\"\n{calls}\n\"\"\"\n[workload]\nlasts = \"30 d\"\nbuy = {{ from = \"users\", {class} }}\n{more}\n"
    )
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it is about time: no run may take long")]
fn whatever_is_asked_for_a_run_ends_soon_and_says_why() {
    let (only, told) = (crate::laws::asked("OCTO_ONLY"), crate::laws::asked("OCTO_TELL").is_some());
    let times: u64 = crate::laws::asked("OCTO_TIMES").and_then(|times| times.parse().ok()).unwrap_or(1);
    let budget = Budget { events: SMALL.events * times, live_requests: SMALL.live_requests * times as usize };
    for absurd in ABSURD.iter().filter(|absurd| only.as_ref().is_none_or(|only| absurd.0 == only)) {
        let began = std::time::Instant::now();
        let experiment = experiment(&text(absurd), 1);
        let mut run = Run::within(&experiment, budget).unwrap_or_else(|problems| panic!("{}: {problems:#?}", absurd.0));
        let made = began.elapsed();
        let mut longest = Wall::ZERO;
        loop {
            let began = std::time::Instant::now();
            let progress = run.advance(1);
            longest = longest.max(began.elapsed());
            if progress == Progress::Done {
                break;
            }
        }
        let report = run.report();
        let took = began.elapsed();
        if told {
            eprintln!(
                "{:6} ms, {:6} ms to begin, {:6} ms at most a step, {:8} events, {:?}: {}",
                took.as_millis(),
                made.as_millis(),
                longest.as_millis(),
                report.events,
                report.ended_by.map(EndedBy::name),
                absurd.0
            );
        }
        assert!(took < PATIENCE * times as u32, "{} takes {took:?}", absurd.0);
        assert!(longest < PATIENCE / 10 * times as u32, "one step of {} takes {longest:?}", absurd.0);
    }
}
