//! Stores: sharded, replicated, with quorums, locks and copies of what is searched.

use super::draw::Draw;
use super::sketch::{Base, Plant, ms, time_for, too_few, workers};

pub(super) fn all(seed: u64) -> Vec<Base> {
    vec![sharded(seed), failover(seed), quorum(seed), locks(seed), search(seed)]
}

/// A key-value store over several nodes.
fn sharded(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Profiles on shards"
[components]
users = { kind = "clients" }
api   = { kind = "service", replicas = 2, workers = $workers, time = "exp 2 ms" }
kv    = { kind = "keyvalue", shards = $shards, workers = $node_workers, time = "exp $kv" }
[links]
"users -> api" = { rtt = "10 ms" }
"api -> kv" = { rtt = "1 ms" }
[data]
profile = { rows = 100000, home = "kv" }
[calls]
look = "api > kv get profile"
[workload]
lasts = "60 s"
look = { from = "users", arrivals = "poisson $rate/s", keys = "uniform of 100000", deadline = "$late" }
[require]
fast = "p99 < $bound"
good = "good >= 99 %"
[envelope]
rate = "x0.5..x2"
faults = { any = ["hot 10 %"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "sharded");
    let (rate, kv, nodes) = (draw.between(150.0, 300.0), draw.between(10.0, 20.0), 4 + 2 * draw.below(3));
    let most = 2.0 * rate;
    // A node has its part of the keys, and may get a hot one on top.
    let node = most / nodes as f64 + 0.1 * most;
    let bound = 40.0 + 12.0 * kv;
    Base::new("sharded", TEXT)
        .with("rate", rate)
        .with("kv", ms(kv))
        .with("nodes", nodes)
        .with("shards", nodes)
        .with("node_workers", workers(node * 1.3, kv, 0.5) + 1)
        .with("workers", workers(most, 5.0 * kv + 10.0, 0.5))
        .with("bound", ms(bound))
        .with("late", ms(4.0 * bound))
        .plant(Plant::new("too few shards", &["load", "hot look"], &["kv"]).with("shards", 1).with("node_workers", too_few(most, kv, 1.3)))
        .plant(
            Plant::new("small nodes", &["load", "hot look"], &["kv"])
                .with("node_workers", 2)
                .with("kv", ms(time_for(most / nodes as f64, 2, 1.4)))
                .with("bound", ms(40.0 + 12.0 * time_for(most / nodes as f64, 2, 1.4))),
        )
        .plant(
            Plant::new("hot key too heavy", &["hot look"], &["kv"])
                .swap("hot 10 %", "hot 40 %")
                .swap("x0.5..x2", "x0.5..x1")
                .with("node_workers", 2)
                .with("kv", ms(time_for(rate * (0.4 + 0.6 / nodes as f64), 2, 1.3))),
        )
}

/// A leader with followers, of which one takes over.
fn failover(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Orders in a database that fails over"
[components]
users = { kind = "clients" }
app   = { kind = "service", replicas = 2, workers = 60, time = "exp 3 ms" }
db    = { kind = "relational", pool = $pool, time = "exp $db", followers = { count = $followers, lag = "exp 20 ms", reads = "leader" }$failover }
[links]
"users -> app" = { rtt = "20 ms" }
"app -> db" = { rtt = "1 ms", timeout = "500 ms" }
[data]
order = { rows = 100000, home = "db" }
[calls]
order = "app > db write order"
[workload]
lasts = "90 s"
order = { from = "users", arrivals = "poisson $rate/s", keys = "uniform of 100000", deadline = "1 s" }
[require]
up   = "good >= $up %"
back = "order recovery < 20 s"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["crash 1 of db"], lasts = "..$lasts" }
"#;
    let mut draw = Draw::new(seed, "failover");
    let (rate, db) = (draw.between(80.0, 200.0), draw.between(4.0, 15.0));
    Base::new("failover", TEXT)
        .with("rate", rate)
        .with("db", ms(db))
        .with("pool", workers(1.5 * rate, db, 0.4) + 2)
        .with("followers", 2)
        .with("failover", ", failover = { every = \"500 ms\", misses = 3, promote = \"1 s\" }")
        .with("lasts", "30 s")
        .with("up", 93)
        .plant(Plant::new("no failover", &["crash db"], &["db"]).with("failover", ""))
        .plant(
            Plant::new("slow failover", &["crash db"], &["db"])
                .with("failover", format!(", failover = {{ every = \"{} s\", misses = 4, promote = \"5 s\" }}", 3 + draw.below(3))),
        )
        .plant(Plant::new("small pool", &["load"], &["db"]).with("pool", 2).with("db", ms(time_for(1.5 * rate, 2, 1.2))))
}

/// Three copies of everything, of which two are enough.
fn quorum(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Baskets in three copies"
[components]
users = { kind = "clients" }
app   = { kind = "service", replicas = 2, workers = 60, time = "exp 2 ms" }
kv    = { kind = "keyvalue", replicas = $nodes, copies = $copies, read = $read, write = $write, workers = $workers, time = "exp $kv", hints = false, legs = { write = "exp 1 ms", ack = "exp 1 ms", read = "exp 1 ms", answer = "exp 1 ms" } }
[links]
"users -> app" = { rtt = "20 ms" }
"app -> kv" = { timeout = "500 ms" }
[data]
basket = { rows = 50000, home = "kv" }
[calls]
look = "app > kv get basket"
put  = "app > kv put basket"
[workload]
lasts = "60 s"
look = { from = "users", arrivals = "poisson $rate/s", keys = "uniform of 50000", deadline = "1 s" }
put  = { from = "users", arrivals = "poisson $rate/s", keys = "uniform of 50000", deadline = "1 s" }
[require]
reads  = "look good >= 98 %"
writes = "put good >= 98 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["crash 1 of kv"], lasts = "..25 s" }
"#;
    let mut draw = Draw::new(seed, "quorum");
    let (rate, kv, nodes) = (draw.between(40.0, 120.0), draw.between(3.0, 10.0), 3 + draw.below(3));
    Base::new("quorum", TEXT)
        .with("rate", rate)
        .with("kv", ms(kv))
        .with("nodes", nodes)
        .with("copies", 3)
        .with("read", 2)
        .with("write", 2)
        .with("workers", workers(1.5 * rate * 6.0 / 2.0, kv, 0.5) + 2)
        .plant(Plant::new("writes need every copy", &["crash kv"], &["kv"]).with("write", 3).with("read", 1))
        .plant(Plant::new("one copy", &["crash kv"], &["kv"]).with("copies", 1).with("read", 1).with("write", 1))
}

/// Writes to one row wait for each other.
fn locks(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Seats with locks"
[components]
users = { kind = "clients" }
app   = { kind = "service", replicas = 2, workers = 100, time = "exp 2 ms" }
db    = { kind = "relational", pool = 60, time = "exp 3 ms", write = "exp $write", locks = true }
[links]
"users -> app" = { rtt = "20 ms" }
"app -> db" = { rtt = "1 ms" }
[data]
seat = { rows = 100000, home = "db" }
[calls]
take = "app > db write seat"
[workload]
lasts = "60 s"
take = { from = "users", arrivals = "poisson $rate/s", keys = "uniform of 100000", deadline = "1 s" }
[require]
good = "good >= 99 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["hot 30 %"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "locks");
    let rate = draw.between(80.0, 200.0);
    // What a hot row takes, without a queue that lasts: half of its time.
    let hot = 0.3 * 1.5 * rate;
    Base::new("locks", TEXT)
        .with("rate", rate)
        .with("write", ms(500.0 / hot))
        .plant(Plant::new("long writes under a lock", &["hot take"], &["db", "app"]).with("write", ms(1800.0 / hot)))
}

/// Several copies of an index, one of which may be slow.
fn search(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Search that asks twice"
[components]
users = { kind = "clients" }
api   = { kind = "service", replicas = 2, workers = 200, time = "exp 2 ms" }
find  = { kind = "search", replicas = $replicas, workers = $workers, time = "exp $find" }
[links]
"users -> api" = { rtt = "20 ms" }
"api -> find" = { rtt = "1 ms"$hedge }
[calls]
find = "api > find"
[workload]
lasts = "60 s"
find = { from = "users", arrivals = "poisson $rate/s" }
[require]
fast = "p99 < $bound"
[envelope]
rate = "x0.5..x1.2"
faults = { any = ["slow 1 x10 of find"], lasts = "..25 s" }
"#;
    let mut draw = Draw::new(seed, "search");
    let (rate, find) = (draw.between(60.0, 150.0), draw.between(8.0, 20.0));
    let replicas = 4 + draw.below(2) as u64;
    Base::new("search", TEXT)
        .with("rate", rate)
        .with("find", ms(find))
        .with("replicas", replicas)
        .with("workers", workers(1.2 * rate / replicas as f64 * 1.4, 10.0 * find, 0.45) + 3)
        .with("hedge", format!(", hedge = \"{}\", hedges = 2", ms(2.5 * find)))
        .with("bound", ms(60.0 + 12.0 * find))
        .plant(Plant::new("no second request", &["slow find"], &["find"]).with("hedge", ""))
        .plant(
            Plant::new("few workers", &["load"], &["find"])
                .with("hedge", "")
                .with("workers", 2)
                .with("find", ms(time_for(1.2 * rate / replicas as f64, 2, 1.1)))
                .with("bound", ms(60.0 + 20.0 * time_for(1.2 * rate / replicas as f64, 2, 1.1)))
                .swap("faults = { any = [\"slow 1 x10 of find\"], lasts = \"..25 s\" }", ""),
        )
}
