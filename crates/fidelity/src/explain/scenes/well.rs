//! Designs with nothing wrong.

use super::super::Planted;
use super::super::draft::Draft;

fn database(draft: &mut Draft) -> String {
    let pool = draft.dice.whole(4, 12);
    let time = pool as f64 / draft.rate * draft.dice.real(0.25, 0.6) * 1e3;
    draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""))
}

pub(super) fn chain(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let db = database(draft);
    draft.plan(&draft.class.clone(), &[db]);
    draft.poisson("");
    Planted::Nothing
}

pub(super) fn cached(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let cache = draft.part("kind = \"cache\", entries = 3000, ttl = \"30 s\"");
    let db = database(draft);
    draft.data("thing = { key = \"id\", rows = 100000 }");
    draft.plan(&draft.class.clone(), &[format!("{cache} get thing\n  miss: {db} read thing; {cache} put thing")]);
    draft.poisson("keys = \"zipf 1.1 of 5000\"");
    Planted::Nothing
}

pub(super) fn survives(draft: &mut Draft) -> Planted {
    draft.surround();
    let replicas = draft.dice.whole(4, 6);
    let time = (replicas * 6) as f64 / draft.rate * draft.dice.real(0.25, 0.4) * 1e3;
    draft.web(&format!("replicas = {replicas}, workers = 6, time = \"exp {time:.2} ms\", holds = false"));
    let db = database(draft);
    draft.plan(&draft.class.clone(), &[db]);
    draft.poisson("");
    let web = draft.web.clone();
    let caller = draft.caller();
    draft.link(&caller, &web, "retry = { attempts = 2 }");
    let at = draft.dice.real(10.0, 30.0);
    draft.fault(at, Some(8.0), &format!("crash {web}.1"));
    Planted::Nothing
}

pub(super) fn log(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let replicas = draft.dice.whole(4, 8);
    let time = replicas as f64 / draft.rate * draft.dice.real(0.35, 0.6) * 1e3;
    let log = draft.part("kind = \"log\", partitions = 24");
    let worker = draft.part(&format!("kind = \"service\", replicas = {replicas}, workers = 1, time = \"exp {time:.2} ms\""));
    draft.plan(&draft.class.clone(), &[format!("{log}\n  {worker}")]);
    draft.poisson("");
    Planted::Nothing
}

pub(super) fn retries(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let ext = draft.part("kind = \"external\", time = \"exp 20 ms\", failures = \"1 %\"");
    let web = draft.web.clone();
    draft.link(&web, &ext, "timeout = \"1 s\", retry = { attempts = 3, backoff = \"full jitter 20 ms..1 s\" }");
    draft.plan(&draft.class.clone(), &[ext]);
    draft.poisson("");
    Planted::Nothing
}

pub(super) fn closed(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let db = database(draft);
    let class = draft.class.clone();
    draft.plan(&class, &[db]);
    let users = (draft.rate * 2.0).round();
    draft.load(&class, &format!("closed {users} users think exp 2.5 s"), "");
    Planted::Nothing
}
