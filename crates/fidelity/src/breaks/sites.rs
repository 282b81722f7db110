//! Sites: a balancer, some servers, a database or a cache behind them.

use super::draw::Draw;
use super::sketch::{Base, Plant, ms, time_for, too_few, workers};

pub(super) fn all(seed: u64) -> Vec<Base> {
    vec![shop(seed), news(seed), zones(seed), checks(seed), edge(seed), scaled(seed)]
}

/// Web servers and a database, that stand twice the load and the loss of a server.
fn shop(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "A shop"
[components]
users = { kind = "clients" }
lb    = { kind = "balancer", policy = "least connections" }
web   = { kind = "service", replicas = $replicas, workers = $workers, time = "exp $web" }
db    = { kind = "relational", pool = $pool, time = "exp $db" }
[links]
"users -> lb" = { rtt = "20 ms" }
"lb -> web" = {}
"web -> db" = { rtt = "1 ms" }
[workload]
lasts = "60 s"
buy = { from = "users", arrivals = "poisson $rate/s", deadline = "$late" }
[require]
fast = "p99 < $bound"
good = "good >= 99 %"
[envelope]
rate = "x0.5..x2"
faults = { any = ["crash 1 of web"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "shop");
    let (rate, web, db) = (draw.between(80.0, 250.0), draw.between(4.0, 12.0), draw.between(5.0, 20.0));
    let replicas = 3 + draw.below(2) as u64;
    let (most, held) = (2.0 * rate, web + db + 1.0);
    let bound = 20.0 + 12.0 * held;
    Base::new("shop", TEXT)
        .with("rate", rate)
        .with("web", ms(web))
        .with("db", ms(db))
        .with("replicas", replicas)
        .with("workers", workers(most / (replicas - 1) as f64, held, 0.4))
        .with("pool", workers(most, db, 0.5) + 2)
        .with("bound", ms(bound))
        .with("late", ms(3.0 * bound))
        .plant(Plant::new("small pool", &["load"], &["db"]).with("pool", too_few(most, db, 1.25)))
        .plant(
            Plant::new("few workers", &["load"], &["web"])
                .with("workers", 4)
                .with("web", ms(time_for(most / replicas as f64, 4, 1.2) - db - 1.0)),
        )
        .plant(Plant::new("one server", &["crash web"], &["web"]).with("replicas", 1).with("workers", workers(most, held, 0.4)))
        .plant(
            Plant::new("no spare server", &["crash web"], &["web"])
                .with("replicas", 2)
                .with("workers", 6)
                .with("web", ms(time_for(rate, 6, 1.25) - db - 1.0))
                .with("bound", ms(20.0 + 12.0 * time_for(rate, 6, 1.25)))
                .with("late", ms(60.0 + 36.0 * time_for(rate, 6, 1.25)))
                .swap("x0.5..x2", "x0.5..x1"),
        )
}

/// Reads from a cache, that may be emptied.
fn news(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "News from a cache"
[components]
users = { kind = "clients" }
web   = { kind = "service", replicas = 2, workers = $workers, time = "exp 2 ms" }
cache = { kind = "cache", entries = 100000, time = "0.5 ms", coalesce = true }
db    = { kind = "relational", pool = $pool, time = "exp $db" }
[links]
"users -> web" = { rtt = "20 ms" }
"web -> cache" = { rtt = "0.5 ms" }
"web -> db" = { rtt = "1 ms" }
[data]
page = { rows = $pages, home = "db" }
[calls]
read = """
web
  cache get page
    miss: db read page; cache put page
"""
[workload]
lasts = "120 s"
warmup = "50 %"
read = { from = "users", arrivals = "poisson $rate/s", keys = "zipf 0.9 of $pages", deadline = "$late" }
[require]
good = "good >= 97 %"
fast = "p95 < $bound"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["flush of cache"], lasts = "..10 s" }
"#;
    let mut draw = Draw::new(seed, "news");
    let (rate, db) = (draw.between(150.0, 350.0), draw.between(15.0, 40.0));
    let pages = (rate * draw.between(4.0, 6.0)) as u64;
    let most = 1.5 * rate;
    Base::new("news", TEXT)
        .with("rate", rate)
        .with("db", ms(db))
        .with("pages", pages)
        .with("workers", workers(most, 10.0 * db, 0.5) + 50)
        .with("pool", workers(most, db, 0.6) + 2)
        .with("bound", ms(100.0 + 8.0 * db))
        .with("late", ms(250.0 + 5.0 * db))
        .plant(
            Plant::new("cache too important", &["flush cache"], &["cache", "db"])
                .with("pool", too_few(rate, db, 2.3))
                .swap("x0.5..x1.5", "x0.5..x1"),
        )
        .plant(
            Plant::new("cache too small", &["load"], &["cache", "db"])
                .swap("entries = 100000", "entries = 40")
                .with("pool", too_few(rate, db, 1.2)),
        )
}

/// Two zones, of which one may be lost.
fn zones(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Two zones"
[components]
users = { kind = "clients", region = "east" }
lb    = { kind = "balancer" , replicas = 2, zones = ["$a", "$b"], region = "east" }
web   = { kind = "service", replicas = 4, zones = [$web_zones], region = "east", workers = $workers, time = "exp $web" }
store = { kind = "keyvalue", replicas = 3, copies = 3, read = 1, write = 2, zones = ["$a", "$b", "$c"], region = "east", workers = $nodes, time = "exp $store" }
[links]
"users -> lb" = { rtt = "20 ms" }
"lb -> web" = {}
"web -> store" = {}
[network]
zones = "1 ms"
[data]
item = { rows = 10000, home = "store" }
[calls]
get = "lb > web > store get item"
[workload]
lasts = "60 s"
get = { from = "users", arrivals = "poisson $rate/s", keys = "uniform of 10000", deadline = "$bound" }
[require]
up = "good >= 95 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["lose zone of $a, $b, $c"], lasts = "..15 s" }
"#;
    let mut draw = Draw::new(seed, "zones");
    let (rate, web, store) = (draw.between(100.0, 300.0), draw.between(4.0, 10.0), draw.between(2.0, 6.0));
    let most = 1.5 * rate;
    Base::new("zones", TEXT)
        .with("rate", rate)
        .with("web", ms(web))
        .with("store", ms(store))
        .with("a", "east-a")
        .with("b", "east-b")
        .with("c", "east-c")
        .with("web_zones", "\"east-a\", \"east-b\"")
        .with("workers", workers(most / 2.0, web + store + 2.0, 0.4) + 2)
        .with("nodes", workers(most, store, 0.4) + 2)
        .with("bound", ms(100.0 + 15.0 * (web + store)))
        .plant(Plant::new("single zone", &["lose zone east-a", "lose zone east-b"], &["web"]).with("web_zones", "\"east-b\""))
        .plant(
            Plant::new("store in one zone", &["lose zone east-a", "lose zone east-b"], &["store"])
                .swap(
                    r#"zones = ["$a", "$b", "$c"], region = "east", workers = $nodes"#,
                    r#"zones = ["$b"], region = "east", workers = $nodes"#,
                )
                .swap("lose zone of $a, $b, $c", "lose zone of $a, $b"),
        )
        .plant(
            Plant::new("no room for a zone", &["lose zone east-a", "lose zone east-b"], &["web"])
                .with("workers", 2)
                .with("web", ms(time_for(rate / 2.0, 2, 1.3) - store - 2.0))
                .swap("x0.5..x1.5", "x0.5..x1"),
        )
}

/// A balancer that asks its servers whether they are there.
fn checks(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Health checks"
[components]
users = { kind = "clients" }
lb    = { kind = "balancer", health = { every = "$every", misses = 2 } }
api   = { kind = "service", replicas = $replicas, workers = $workers, time = "exp $api" }
[links]
"users -> lb" = { rtt = "10 ms" }
"lb -> api" = {}
[workload]
lasts = "80 s"
ask = { from = "users", arrivals = "poisson $rate/s" }
[require]
up   = "good >= 98 %"
back = "ask recovery < 15 s"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["crash 1 of api"], lasts = "..30 s" }
"#;
    let mut draw = Draw::new(seed, "checks");
    let (rate, api) = (draw.between(100.0, 300.0), draw.between(5.0, 20.0));
    let replicas = 3 + draw.below(3) as u64;
    Base::new("checks", TEXT)
        .with("rate", rate)
        .with("api", ms(api))
        .with("every", "1 s")
        .with("replicas", replicas)
        .with("workers", workers(1.5 * rate / (replicas - 1) as f64, api, 0.4) + 1)
        .plant(Plant::new("slow failure detection", &["crash api"], &["api"]).with("every", format!("{} s", 10 + draw.below(5))))
        .plant(
            Plant::new("few workers", &["load"], &["api"])
                .with("workers", 2)
                .with("api", ms(time_for(1.5 * rate / replicas as f64, 2, 1.2))),
        )
}

/// Copies close to the readers, and an origin that must carry the load when they are emptied.
fn edge(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Pictures from the edge"
[components]
users  = { kind = "clients" }
edge   = { kind = "cdn", entries = 100000, time = "1 ms", coalesce = true }
origin = { kind = "service", replicas = 2, workers = $workers, time = "exp $origin" }
[links]
"users -> edge" = { rtt = "10 ms" }
"edge -> origin" = { rtt = "40 ms", timeout = "2 s" }
[data]
picture = { rows = $pictures }
[calls]
show = """
edge get picture
  origin
"""
[workload]
lasts = "80 s"
warmup = "25 %"
show = { from = "users", arrivals = "poisson $rate/s", keys = "zipf 0.8 of $pictures", deadline = "500 ms" }
[require]
good = "good >= 98 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["flush of edge"], lasts = "..10 s" }
"#;
    let mut draw = Draw::new(seed, "edge");
    let (rate, origin) = (draw.between(150.0, 300.0), draw.between(20.0, 60.0));
    let pictures = (rate * draw.between(5.0, 7.0)) as u64;
    Base::new("edge", TEXT)
        .with("rate", rate)
        .with("origin", ms(origin))
        .with("pictures", pictures)
        .with("workers", workers(1.5 * rate / 2.0, origin, 0.6) + 2)
        .plant(
            Plant::new("origin too small", &["flush edge"], &["edge", "origin"])
                .with("workers", 2)
                .with("origin", ms(time_for(rate / 2.0, 2, 2.6)))
                .swap("x0.5..x1.5", "x0.5..x1"),
        )
}

/// Servers that come with the load.
fn scaled(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Servers that come with the load"
[components]
users = { kind = "clients" }
lb    = { kind = "balancer", policy = "least connections" }
web   = { kind = "service", replicas = $min, workers = $workers, time = "exp $web", queue = $queue, autoscale = { min = $min, max = $max, target = "50 %", every = "$every", delay = "$delay", calm = "30 s" } }
[links]
"users -> lb" = { rtt = "10 ms" }
"lb -> web" = {}
[workload]
lasts = "100 s"
play = { from = "users", arrivals = "poisson $rate/s", deadline = "1 s" }
[require]
good = "good >= 90 %"
back = "play recovery < 20 s"
[envelope]
faults = { any = ["load x3"], lasts = "..40 s" }
"#;
    let mut draw = Draw::new(seed, "scaled");
    let (rate, web) = (draw.between(60.0, 150.0), draw.between(10.0, 30.0));
    let workers = 4;
    let min = (rate * web / 1000.0 / 0.5 / workers as f64).ceil().max(2.0);
    Base::new("scaled", TEXT)
        .with("rate", rate)
        .with("web", ms(web))
        .with("workers", workers)
        .with("queue", 200)
        .with("min", min)
        .with("max", 6.0 * min)
        .with("every", "1 s")
        .with("delay", "1 s")
        .plant(
            Plant::new("autoscaler too slow", &["load"], &["web"])
                .with("every", "15 s")
                .with("delay", format!("{} s", 25 + draw.below(15)))
                .with("min", 2)
                .with("web", ms(time_for(rate, 8, 0.45))),
        )
        .plant(Plant::new("too few at most", &["load"], &["web"]).with("min", 2).with("web", ms(time_for(rate, 8, 0.45))).with("max", 2))
}
