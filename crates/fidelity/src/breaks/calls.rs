//! Services that call services: chains, fans, limits, and others who are slow.

use super::draw::Draw;
use super::sketch::{Base, Plant, ms, time_for, workers};

pub(super) fn all(seed: u64) -> Vec<Base> {
    vec![chain(seed), fan(seed), gateway(seed), pay(seed), login(seed), reports(seed), ideas(seed)]
}

/// Three services, each of which tries again.
fn chain(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "A chain that tries again"
[components]
users = { kind = "clients" }
front = { kind = "service", replicas = 2, workers = 300, time = "exp 2 ms" }
back  = { kind = "service", replicas = 2, workers = $workers, time = "exp $back"$queue }
[links]
"users -> front" = { rtt = "10 ms" }
"front -> back" = { timeout = "$timeout", cancel = $cancel, retry = { attempts = $attempts, backoff = "$backoff"$budget } }
[calls]
ask = "front > back"
[workload]
lasts = "90 s"
ask = { from = "users", arrivals = "poisson $rate/s", deadline = "2 s" }
[require]
back = "ask recovery < 15 s"
up   = "good >= 60 %"
[envelope]
rate = "x0.5..x1.2"
faults = { any = ["slow x8 of back"], lasts = "..10 s" }
"#;
    let mut draw = Draw::new(seed, "chain");
    let (rate, back) = (draw.between(80.0, 200.0), draw.between(10.0, 25.0));
    let most = 1.2 * rate;
    Base::new("chain", TEXT)
        .with("rate", rate)
        .with("back", ms(back))
        .with("workers", workers(most / 2.0, back, 0.6) + 1)
        .with("queue", ", queue = 30, shed = \"late\"")
        .with("timeout", ms(12.0 * back))
        .with("cancel", "true")
        .with("attempts", 3)
        .with("backoff", "full jitter 50 ms..1 s")
        .with("budget", ", budget = \"10 %\"")
        .plant(
            Plant::new("retry storm", &["slow back", "load"], &["back"])
                .with("queue", "")
                .with("cancel", "false")
                .with("budget", "")
                .with("backoff", "10 ms")
                .with("attempts", 4)
                .with("timeout", ms(6.0 * back)),
        )
        .plant(
            Plant::new("no retry budget", &["slow back", "load"], &["back"])
                .with("queue", "")
                .with("cancel", "false")
                .with("budget", "")
                .with("attempts", 3)
                .with("timeout", ms(7.0 * back)),
        )
        .plant(Plant::new("few workers", &["load"], &["back"]).with("workers", 2).with("back", ms(time_for(most / 2.0, 2, 2.0))))
}

/// One request asks many.
fn fan(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "A page of many parts"
[components]
users = { kind = "clients" }
page  = { kind = "service", replicas = 2, workers = 200, time = "exp 2 ms" }
part  = { kind = "service", replicas = $replicas, workers = $workers, time = "exp $part" }
[links]
"users -> page" = { rtt = "10 ms" }
"page -> part" = { timeout = "1 s" }
[calls]
show = "page > part x$fan"
[workload]
lasts = "60 s"
show = { from = "users", arrivals = "poisson $rate/s", deadline = "$late" }
[require]
fast = "p99 < $bound"
good = "good >= 98 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["freeze 1 of part"], lasts = "..300 ms" }
"#;
    let mut draw = Draw::new(seed, "fan");
    let (rate, part, fan) = (draw.between(15.0, 40.0), draw.between(4.0, 12.0), 8 + draw.below(5));
    let (most, replicas) = (1.5 * rate * fan as f64, 4u64);
    let bound = 60.0 + 20.0 * part;
    Base::new("fan", TEXT)
        .with("rate", rate)
        .with("part", ms(part))
        .with("fan", fan)
        .with("replicas", replicas)
        .with("workers", workers(most / replicas as f64, part, 0.4) + fan as u64)
        .with("bound", ms(bound))
        .with("late", ms(4.0 * bound))
        .plant(
            Plant::new("asks for too much", &["load"], &["part"])
                .with("fan", 2 * fan)
                .with("workers", 4)
                .with("part", ms(time_for(2.0 * most / replicas as f64, 4, 1.2)))
                .with("bound", ms(60.0 + 20.0 * time_for(2.0 * most / replicas as f64, 4, 1.2))),
        )
        .plant(
            Plant::new("few workers", &["load"], &["part"]).with("workers", 2).with("part", ms(time_for(most / replicas as f64, 2, 1.1))),
        )
}

/// A door that lets through what the house can take.
fn gateway(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "A door with a limit"
[components]
users = { kind = "clients" }
door  = { kind = "gateway", replicas = 2, workers = $door, time = "1 ms" }
limit = { kind = "limiter", rate = "$limit/s", burst = $burst }
api   = { kind = "service", replicas = 3, workers = $workers, time = "exp $api" }
[links]
"users -> door" = { rtt = "20 ms" }
"door -> limit" = {}
"limit -> api" = {}
[workload]
lasts = "60 s"
get = { from = "users", arrivals = "poisson $rate/s", deadline = "1 s" }
[require]
good = "good >= 99 %"
[envelope]
rate = "x0.5..x2"
faults = { any = ["crash 1 of api"], lasts = "..15 s" }
"#;
    let mut draw = Draw::new(seed, "gateway");
    let (rate, api) = (draw.between(100.0, 250.0), draw.between(5.0, 15.0));
    let most = 2.0 * rate;
    Base::new("gateway", TEXT)
        .with("rate", rate)
        .with("api", ms(api))
        .with("door", 300)
        .with("limit", (most * 1.25).round())
        .with("burst", (most / 2.0).round())
        .with("workers", workers(most / 2.0, api, 0.5) + 1)
        .plant(Plant::new("limit too low", &["load"], &["limit"]).with("limit", (rate * draw.between(1.2, 1.7)).round()).with("burst", 20))
        .plant(Plant::new("few workers", &["load"], &["api"]).with("workers", 2).with("api", ms(time_for(most / 3.0, 2, 1.2))))
        .plant(Plant::new("one server", &["crash api"], &["api"]).swap("replicas = 3, workers = $workers", "replicas = 1, workers = 40"))
}

/// Somebody else takes the money, with a quota and bad days.
fn pay(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Paying elsewhere"
[components]
users = { kind = "clients" }
shop  = { kind = "service", replicas = 2, workers = $workers, time = "exp 4 ms" }
db    = { kind = "relational", pool = 60, time = "exp 3 ms" }
bank  = { kind = "external", time = "exp $bank"$quota }
[links]
"users -> shop" = { rtt = "10 ms" }
"shop -> db" = { rtt = "1 ms" }
"shop -> bank" = { rtt = "20 ms"$care }
[calls]
browse = "shop > db"
pay = """
shop
  db
  bank
"""
[workload]
lasts = "80 s"
browse = { from = "users", arrivals = "poisson $browse/s", deadline = "1 s" }
pay    = { from = "users", arrivals = "poisson $pay/s", deadline = "5 s" }
[require]
browse = "browse good >= 99 %"
pay    = "pay good >= 70 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["slow x30 of bank"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "pay");
    let (browse, pay, bank) = (draw.between(80.0, 200.0), draw.between(20.0, 40.0), draw.between(80.0, 150.0));
    let most = 1.5 * pay;
    Base::new("pay", TEXT)
        .with("browse", browse)
        .with("pay", pay)
        .with("bank", ms(bank))
        .with("quota", "")
        .with("care", ", timeout = \"800 ms\", bulkhead = 30")
        .with("workers", workers((1.5 * browse + most) / 2.0, 12.0, 0.4) + 34)
        .plant(Plant::new("no time-out", &["slow bank"], &["bank", "shop"]).with("care", "").swap("slow x30", "slow x60"))
        .plant(Plant::new("quota too low", &["load"], &["bank"]).with("quota", format!(", limit = \"{}/s\"", (most * 0.55).round())))
}

/// Everybody is checked at the door.
fn login(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Who are you?"
[components]
users = { kind = "clients" }
api   = { kind = "service", replicas = 4, workers = 100, time = "exp 3 ms" }
auth  = { kind = "service", replicas = $replicas, workers = $workers, time = "exp $auth" }
near  = { kind = "cache", entries = 10000, time = "0.2 ms" }
db    = { kind = "relational", pool = 60, time = "exp 4 ms" }
[links]
"users -> api" = { rtt = "10 ms" }
"api -> near" = {}
"api -> auth" = { timeout = "500 ms" }
"api -> db" = {}
[data]
token = { rows = 3000 }
[calls]
get = """
api
  auth
  db
"""
[workload]
lasts = "60 s"
get = { from = "users", arrivals = "poisson $rate/s", deadline = "1 s" }
[require]
good = "good >= 99 %"
fast = "p99 < $bound"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["crash 1 of auth", "crash 1 of api"], lasts = "..15 s", at_once = 2 }
"#;
    let mut draw = Draw::new(seed, "login");
    let (rate, auth) = (draw.between(80.0, 250.0), draw.between(4.0, 12.0));
    let most = 1.5 * rate;
    Base::new("login", TEXT)
        .with("rate", rate)
        .with("auth", ms(auth))
        .with("replicas", 4)
        .with("workers", workers(most / 2.0, auth, 0.4) + 2)
        .with("bound", ms(100.0 + 12.0 * auth))
        .plant(Plant::new("one door-keeper", &["crash auth"], &["auth"]).with("replicas", 1).with("workers", workers(most, auth, 0.4) + 2))
        .plant(
            Plant::new("few workers", &["load"], &["auth"])
                .with("workers", 2)
                .with("auth", ms(time_for(most / 4.0, 2, 1.25)))
                .with("bound", ms(100.0 + 20.0 * time_for(most / 4.0, 2, 1.25))),
        )
}

/// Long reports beside short questions.
fn reports(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Reports beside questions"
[components]
users  = { kind = "clients" }
office = { kind = "clients" }
web    = { kind = "service", replicas = 2, workers = $workers, time = "exp 4 ms" }
batch  = { kind = "service", replicas = 2, workers = $batch, time = "exp 5 ms", queue = 500 }
db     = { kind = "relational", pool = $pool, time = "exp $ask" }
sums   = { kind = "columnar", workers = $sums, time = "exp $report", queue = 500 }
[links]
"users -> web" = { rtt = "10 ms" }
"office -> batch" = { rtt = "10 ms" }
"office -> web" = { rtt = "10 ms" }
"web -> db" = {}
"web -> sums" = {}
"batch -> sums" = {}
[calls]
ask = "web > db"
report = "$door > sums"
[workload]
lasts = "80 s"
ask    = { from = "users", arrivals = "poisson $rate/s", deadline = "500 ms" }
report = { from = "office", arrivals = "poisson $reports/s" }
[require]
ask = "ask good >= 99 %"
[envelope]
rate = { ask = "x0.5..x1.5", report = "x0.5..x5" }
"#;
    let mut draw = Draw::new(seed, "reports");
    let (rate, report, reports) = (draw.between(80.0, 200.0), draw.between(400.0, 900.0), draw.between(2.0, 5.0));
    let web = workers(1.5 * rate / 2.0, 10.0, 0.3) + 2;
    Base::new("reports", TEXT)
        .with("rate", rate)
        .with("report", ms(report))
        .with("reports", reports)
        .with("workers", web)
        .with("batch", 20)
        .with("pool", workers(1.5 * rate, 4.0, 0.4) + 2)
        .with("ask", "4 ms")
        .with("sums", workers(reports, report, 0.7))
        .with("door", "batch")
        .plant(Plant::new("reports through the same servers", &["load"], &["web", "sums"]).with("door", "web"))
        .plant(Plant::new("small pool", &["load"], &["db"]).with("pool", 2).with("ask", ms(time_for(1.5 * rate, 2, 1.25))))
}

/// Suggestions that are nice to have.
fn ideas(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Suggestions that are nice to have"
[components]
users = { kind = "clients" }
page  = { kind = "service", replicas = 2, workers = $workers, time = "exp 3 ms" }
store = { kind = "document", workers = 40, time = "exp 5 ms" }
ideas = { kind = "service", replicas = 2, workers = $ideas_workers, time = "exp $ideas" }
[links]
"users -> page" = { rtt = "10 ms" }
"page -> store" = {}
"page -> ideas" = { $care }
[calls]
show = """
page
  store
  $try ideas
"""
[workload]
lasts = "80 s"
show = { from = "users", arrivals = "poisson $rate/s", deadline = "1 s" }
[require]
good = "good >= 98 %"
[envelope]
rate = "x0.5..x1.2"
faults = { any = ["slow x20 of ideas", "down of ideas"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "ideas");
    let (rate, ideas) = (draw.between(80.0, 180.0), draw.between(8.0, 20.0));
    let most = 1.2 * rate;
    Base::new("ideas", TEXT)
        .with("rate", rate)
        .with("ideas", ms(ideas))
        .with("workers", workers(most / 2.0, 220.0, 0.5) + 10)
        .with("ideas_workers", workers(most / 2.0, ideas, 0.4) + 1)
        .with("care", "timeout = \"150 ms\", breaker = { errors = \"50 %\", calls = 20, window = \"2 s\", open = \"2 s\" }")
        .with("try", "try:")
        .plant(Plant::new("no time-out", &["slow ideas"], &["ideas", "page"]).with("care", "rtt = \"1 ms\""))
        .plant(Plant::new("cannot do without", &["down ideas", "slow ideas"], &["ideas"]).with("try", ""))
}
