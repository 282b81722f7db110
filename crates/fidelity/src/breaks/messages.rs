//! Messages: queues with workers, logs with consumers, work that nobody waits for.

use super::draw::Draw;
use super::sketch::{Base, Plant, ms, time_for, too_few, workers};

pub(super) fn all(seed: u64) -> Vec<Base> {
    vec![mails(seed), clicks(seed), thumbnails(seed), receipts(seed)]
}

/// A queue and its workers.
fn mails(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Mails through a queue"
[components]
site   = { kind = "clients" }
api    = { kind = "service", replicas = 2, workers = 20, time = "exp 3 ms" }
jobs   = { kind = "queue", visibility = "$visibility", attempts = 5, time = "5 ms" }
worker = { kind = "service", replicas = $replicas, workers = $workers, time = "exp $work" }
[links]
"site -> api" = { rtt = "10 ms" }
"api -> jobs" = {}
"jobs -> worker" = {}
[data]
mail = {}
[calls]
send = """
api > jobs send mail
  worker
"""
[workload]
lasts = "80 s"
send = { from = "site", arrivals = "poisson $rate/s", keys = "fresh" }
[require]
fresh = "jobs oldest < 20 s"
kept  = "jobs dead = 0"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["crash 1 of worker"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "mails");
    let (rate, work) = (draw.between(20.0, 60.0), draw.between(100.0, 300.0));
    let (most, replicas) = (1.5 * rate, 4 + draw.below(3) as u64);
    Base::new("mails", TEXT)
        .with("rate", rate)
        .with("work", ms(work))
        .with("visibility", "12 s")
        .with("replicas", replicas)
        .with("workers", workers(most / (replicas - 1) as f64, work, 0.6) + 1)
        .plant(Plant::new("too few workers", &["load"], &["worker", "jobs"]).with("workers", 1).with("replicas", too_few(most, work, 1.25)))
        .plant(
            Plant::new("hidden for less than the work", &["slow worker"], &["jobs", "worker"])
                .with("visibility", ms(1.2 * work))
                .swap("crash 1 of worker", "slow x4 of worker"),
        )
        .plant(
            Plant::new("one worker", &["crash worker"], &["worker", "jobs"])
                .with("replicas", 1)
                .with("workers", workers(most, work, 0.6) + 1)
                .swap("..20 s", "..40 s"),
        )
}

/// A log, read by one consumer for each partition.
fn clicks(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Clicks in a log"
[components]
site   = { kind = "clients" }
clicks = { kind = "log", partitions = $partitions, time = "1 ms", rebalance = "$rebalance" }
count  = { kind = "service", replicas = $consumers, workers = 1, time = "exp $count" }
[links]
"site -> clicks" = {}
"clicks -> count" = {}
[data]
click = {}
[calls]
click = "clicks append click > count"
[workload]
lasts = "80 s"
click = { from = "site", arrivals = "poisson $rate/s", keys = "uniform of 100000" }
[require]
fresh = "clicks oldest < 15 s"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["rebalance"], lasts = "..2 s" }
"#;
    let mut draw = Draw::new(seed, "clicks");
    let (rate, count) = (draw.between(150.0, 300.0), draw.between(8.0, 20.0));
    let consumers = workers(1.5 * rate, count, 0.6) + 1;
    Base::new("clicks", TEXT)
        .with("rate", rate)
        .with("count", ms(count))
        .with("rebalance", "1 s")
        .with("consumers", consumers)
        .with("partitions", 8 * consumers)
        .plant(Plant::new("too few partitions", &["load"], &["clicks", "count"]).with("partitions", too_few(1.5 * rate, count, 1.4)))
        .plant(
            Plant::new("too few consumers", &["load"], &["clicks", "count"])
                .with("consumers", 3)
                .with("count", ms(time_for(1.5 * rate, 3, 1.25))),
        )
}

/// Heavy work behind a queue, whose results go to a store.
fn thumbnails(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Thumbnails"
[components]
users  = { kind = "clients" }
api    = { kind = "service", replicas = 2, workers = 30, time = "exp 3 ms" }
todo   = { kind = "queue", visibility = "20 s", time = "5 ms" }
resize = { kind = "service", replicas = 3, workers = $workers, time = "exp $resize" }
files  = { kind = "objects", time = "exp $files"$limit }
[links]
"users -> api" = { rtt = "10 ms" }
"api -> todo" = {}
"todo -> resize" = {}
"resize -> files" = { timeout = "3 s"$retry }
[data]
image = {}
[calls]
upload = """
api > todo send image
  resize > files put image
"""
[workload]
lasts = "80 s"
upload = { from = "users", arrivals = "poisson $rate/s", keys = "fresh", deadline = "1 s" }
[require]
quick = "p99 < 500 ms"
fresh = "todo oldest < 10 s"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["slow x4 of files"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "thumbnails");
    let (rate, resize, files) = (draw.between(15.0, 50.0), draw.between(100.0, 250.0), draw.between(30.0, 60.0));
    let most = 1.5 * rate;
    Base::new("thumbnails", TEXT)
        .with("rate", rate)
        .with("resize", ms(resize))
        .with("files", ms(files))
        .with("limit", "")
        .with("retry", ", retry = { attempts = 2, backoff = \"full jitter 50 ms..500 ms\" }")
        .with("workers", workers(most / 3.0, resize + 4.0 * files, 0.6) + 1)
        .plant(
            Plant::new("no room for slow files", &["slow files"], &["files", "resize"])
                .with("workers", workers(most / 3.0, resize + files, 0.8))
                .swap("slow x4", "slow x30"),
        )
        .plant(
            Plant::new("too few workers", &["load"], &["resize", "todo"])
                .with("workers", 2)
                .with("resize", ms(time_for(most / 3.0, 2, 1.25) - files)),
        )
        .plant(
            Plant::new("small store", &["load", "slow files"], &["files", "resize"])
                .with("limit", ", workers = 2")
                .with("files", ms(time_for(most, 2, 1.2))),
        )
}

/// A mail to each buyer, which nobody waits for.
fn receipts(seed: u64) -> Base {
    const TEXT: &str = r#"
octo = 1
title = "Receipts"
[components]
users = { kind = "clients" }
shop  = { kind = "service", replicas = 2, workers = $workers, time = "exp $shop" }
mail  = { kind = "external", time = "exp 80 ms" }
[links]
"users -> shop" = { rtt = "10 ms" }
"shop -> mail" = { rtt = "20 ms" }
[calls]
buy = """
shop
  $how mail
"""
[workload]
lasts = "60 s"
buy = { from = "users", arrivals = "poisson $rate/s", deadline = "1 s" }
[require]
good = "good >= 99 %"
[envelope]
rate = "x0.5..x1.5"
faults = { any = ["slow x20 of mail", "crash 1 of shop"], lasts = "..20 s" }
"#;
    let mut draw = Draw::new(seed, "receipts");
    let (rate, shop) = (draw.between(60.0, 150.0), draw.between(8.0, 20.0));
    Base::new("receipts", TEXT)
        .with("rate", rate)
        .with("shop", ms(shop))
        .with("workers", workers(1.5 * rate, shop, 0.4) + 2)
        .with("how", "async:")
        .plant(
            Plant::new("waits for the mail", &["slow mail"], &["mail", "shop"])
                .with("how", "")
                .with("workers", workers(1.5 * rate, shop + 100.0, 0.5)),
        )
        .plant(Plant::new("one shop", &["crash shop"], &["shop"]).swap("replicas = 2, workers = $workers", "replicas = 1, workers = 40"))
}
