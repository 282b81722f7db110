//! Stores, caches, logs and queues, and what goes wrong with them.

use super::super::Planted;
use super::super::draft::Draft;
use super::planted;

pub(super) fn hot_key(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let nodes = draft.dice.whole(4, 8);
    let time = nodes as f64 / draft.rate * draft.dice.real(0.5, 0.6) * 1e3;
    let kv =
        draft.part(&format!("kind = \"keyvalue\", replicas = {nodes}, shards = {}, workers = 1, time = \"exp {time:.2} ms\"", nodes * 4));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    draft.plan(&draft.class.clone(), &[format!("{kv} read thing")]);
    let hot = draft.dice.whole(45, 65);
    draft.poisson(&format!("keys = \"uniform of 100000; hot {hot} %\""));
    planted(&[&kv], &["key"])
}

pub(super) fn becomes_hot(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let nodes = draft.dice.whole(4, 8);
    let time = nodes as f64 / draft.rate * draft.dice.real(0.5, 0.6) * 1e3;
    let kv =
        draft.part(&format!("kind = \"keyvalue\", replicas = {nodes}, shards = {}, workers = 1, time = \"exp {time:.2} ms\"", nodes * 4));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    let class = draft.class.clone();
    draft.plan(&class, &[format!("{kv} read thing")]);
    draft.poisson("keys = \"uniform of 100000\"");
    let (at, hot) = (draft.dice.real(20.0, 30.0), draft.dice.whole(50, 80));
    draft.fault(at, None, &format!("hot {class} {hot} %"));
    planted(&[&kv], &["key"])
}

pub(super) fn row_lock(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let hot = draft.dice.real(0.4, 0.7);
    // The one row is asked for more often than it can be written.
    let time = draft.dice.real(1.1, 1.5) / (draft.rate * hot) * 1e3;
    let pool = draft.dice.whole(20, 60);
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\", locks = true"));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    draft.plan(&draft.class.clone(), &[format!("{db} write thing")]);
    draft.poisson(&format!("keys = \"uniform of 100000; hot {:.0} %\"", hot * 100.0));
    planted(&[&db], &["lock"])
}

/// A database that bears a third of the requests, behind a cache that finds 90 %.
fn behind_cache(draft: &mut Draft, cache: &str, bears: f64) -> (String, String) {
    draft.surround();
    draft.ample_web();
    let pool = draft.dice.whole(4, 10);
    let time = pool as f64 / (draft.rate * bears) * 1e3;
    let cache = draft.part(&format!("kind = \"cache\", {cache}"));
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    draft.plan(&draft.class.clone(), &[format!("{cache} get thing\n  miss: {db} read thing; {cache} put thing")]);
    (cache, db)
}

pub(super) fn flushed(draft: &mut Draft) -> Planted {
    let (cache, _) = behind_cache(draft, "entries = 100000", 0.45);
    draft.poisson("keys = \"zipf 1.1 of 2000\"");
    let at = draft.dice.real(20.0, 35.0);
    draft.fault(at, None, &format!("flush {cache}"));
    planted(&[&cache], &["flush", "emptied"])
}

/// Few keys, a slow store: all who come while an entry is fetched fetch it as well.
pub(super) fn herd(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let ttl = draft.dice.real(2.0, 5.0);
    let keys = draft.dice.whole(1, 3);
    let pool = draft.dice.whole(1, 2);
    // So many come for an entry while it is fetched.
    let crowd = draft.dice.real(8.0, 20.0);
    let time = (crowd * keys as f64 / draft.rate * 1e3).min(400.0);
    let cache = draft.part(&format!("kind = \"cache\", entries = 1000, ttl = \"{ttl:.1} s\""));
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"erlang 4 {time:.1} ms\""));
    draft.data("thing = { key = \"id\", rows = 100 }");
    draft.plan(&draft.class.clone(), &[format!("{cache} get thing\n  miss: {db} read thing; {cache} put thing")]);
    draft.poisson(&format!("keys = \"uniform of {keys}\""));
    planted(&[&cache], &["expire"])
}

pub(super) fn small_cache(draft: &mut Draft) -> Planted {
    let entries = draft.dice.whole(100, 400);
    let (cache, _) = behind_cache(draft, &format!("entries = {entries}"), 0.35);
    draft.poisson("keys = \"uniform of 5000\"");
    planted(&[&cache], &["finds only"])
}

pub(super) fn lost_cache(draft: &mut Draft) -> Planted {
    let (cache, db) = behind_cache(draft, "hits = \"90 %\"", 0.3);
    let (web, class) = (draft.web.clone(), draft.class.clone());
    let _ = (db, web, class);
    draft.poisson("keys = \"uniform of 5000\"");
    let (at, lasts) = (draft.dice.real(20.0, 30.0), draft.dice.real(5.0, 15.0));
    draft.fault(at, Some(lasts), &format!("crash {cache}"));
    planted(&[&cache], &["down", "crash"])
}

pub(super) fn quorum(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let copies = draft.dice.whole(2, 3);
    let kv = draft.part(&format!(
        "kind = \"keyvalue\", replicas = 3, copies = {copies}, write = {copies}, shards = 24, hints = false, workers = 50, time = \"exp 2 ms\""
    ));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    draft.plan(&draft.class.clone(), &[format!("{kv} write thing")]);
    draft.poisson("keys = \"uniform of 100000\"");
    let (at, node) = (draft.dice.real(15.0, 30.0), draft.dice.whole(1, 3));
    draft.fault(at, Some(15.0), &format!("crash {kv}.{node}"));
    planted(&[&kv], &["quorum", "crash", "down"])
}

pub(super) fn failover(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let (misses, promote) = (draft.dice.whole(2, 5), draft.dice.real(2.0, 8.0));
    let db = draft.part(&format!(
        "kind = \"relational\", pool = 40, time = \"exp 5 ms\", followers = {{ count = 2, lag = \"20 ms\" }}, failover = {{ every = \"1 s\", misses = {misses}, promote = \"{promote:.1} s\" }}"
    ));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    draft.plan(&draft.class.clone(), &[format!("{db} write thing")]);
    draft.poisson("");
    let at = draft.dice.real(15.0, 30.0);
    draft.fault(at, Some(25.0), &format!("crash {db}.1"));
    planted(&[&db], &["took over"])
}

/// A log or a queue, and a service that takes its messages.
fn pipeline(draft: &mut Draft, broker: &str, worker: &str) -> (String, String) {
    draft.surround();
    draft.ample_web();
    let broker = draft.part(broker);
    let worker = draft.part(&format!("kind = \"service\", {worker}"));
    draft.plan(&draft.class.clone(), &[format!("{broker}\n  {worker}")]);
    (broker, worker)
}

pub(super) fn partitions(draft: &mut Draft) -> Planted {
    let lines = draft.dice.whole(2, 4);
    let time = lines as f64 / draft.rate * draft.dice.real(1.15, 1.6) * 1e3;
    let replicas = lines * draft.dice.whole(3, 5);
    let (log, _) = pipeline(
        draft,
        &format!("kind = \"log\", partitions = {lines}"),
        &format!("replicas = {replicas}, workers = 1, time = \"exp {time:.2} ms\""),
    );
    draft.poisson("");
    planted(&[&log], &["partitions"])
}

pub(super) fn consumers(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(2, 5);
    let time = replicas as f64 / draft.rate * draft.dice.real(1.15, 1.6) * 1e3;
    let broker = draft.dice.one(&["kind = \"log\", partitions = 48", "kind = \"queue\", visibility = \"20 s\""]).to_owned();
    let (_, worker) = pipeline(draft, &broker, &format!("replicas = {replicas}, workers = 1, time = \"exp {time:.2} ms\""));
    draft.poisson("");
    planted(&[&worker], &["cannot keep up"])
}

pub(super) fn poison(draft: &mut Draft) -> Planted {
    let failures = draft.dice.whole(12, 35);
    let attempts = draft.dice.whole(2, 4);
    let time = 20.0 / draft.rate * 0.3 * 1e3;
    let (queue, worker) = pipeline(
        draft,
        &format!("kind = \"queue\", visibility = \"5 s\", attempts = {attempts}"),
        &format!("replicas = 20, workers = 1, time = \"exp {time:.2} ms\", failures = \"{failures} %\""),
    );
    draft.poisson("");
    planted(&[&worker, &queue], &["delivered again", "dead letters"])
}

pub(super) fn visibility(draft: &mut Draft) -> Planted {
    draft.rate = draft.dice.real(10.0, 30.0).round();
    let hidden = draft.dice.real(0.8, 2.0);
    let time = hidden * draft.dice.real(0.6, 1.1);
    let replicas = (draft.rate * time * 8.0).round();
    let (queue, _) = pipeline(
        draft,
        &format!("kind = \"queue\", visibility = \"{hidden:.2} s\", attempts = 50"),
        &format!("replicas = {replicas}, workers = 1, time = \"exp {time:.2} s\""),
    );
    draft.poisson("");
    planted(&[&queue], &["visibility"])
}

pub(super) fn rebalance(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(6, 12);
    let time = replicas as f64 / draft.rate * draft.dice.real(0.4, 0.6) * 1e3;
    let (log, _) =
        pipeline(draft, "kind = \"log\", partitions = 24", &format!("replicas = {replicas}, workers = 1, time = \"exp {time:.2} ms\""));
    draft.poisson("");
    let (at, lasts) = (draft.dice.real(15.0, 30.0), draft.dice.real(5.0, 12.0));
    draft.fault(at, Some(lasts), &format!("rebalance {log}"));
    planted(&[&log], &["rebalance"])
}

/// Every write waits until all copies have it, and they are far away.
pub(super) fn far_copies(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let lag = draft.dice.real(30.0, 150.0);
    let db = draft.part(&format!(
        "kind = \"relational\", pool = 400, time = \"exp 2 ms\", followers = {{ count = 2, lag = \"{lag:.0} ms\", sync = true }}"
    ));
    draft.data("thing = { key = \"id\", rows = 100000 }");
    let class = draft.class.clone();
    draft.plan(&class, &[format!("{db} write thing")]);
    draft.poisson("");
    draft.require(&format!("{class} p99 < {:.0} ms", lag * 0.8));
    planted(&[&db], &["followers", "copies"])
}

/// Messages with one key go to one partition, which one worker reads.
pub(super) fn partition_of_keys(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(4, 8);
    let time = replicas as f64 / draft.rate * draft.dice.real(0.45, 0.6) * 1e3;
    let (log, worker) = pipeline(
        draft,
        &format!("kind = \"log\", partitions = {}", replicas * 2),
        &format!("replicas = {replicas}, workers = 1, time = \"exp {time:.2} ms\""),
    );
    let hot = draft.dice.whole(45, 70);
    draft.poisson(&format!("keys = \"uniform of 10000; hot {hot} %\""));
    planted(&[&log, &worker], &["partitions get most", "one key", "hot"])
}
