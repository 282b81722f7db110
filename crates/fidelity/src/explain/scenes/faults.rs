//! Something happens to one component, and ends or does not.

use super::super::Planted;
use super::super::draft::Draft;
use super::planted;

/// A service with room to spare and a database with room to spare.
fn calm(draft: &mut Draft, web: &str) -> String {
    draft.surround();
    draft.web(web);
    let pool = draft.dice.whole(4, 10);
    let time = pool as f64 / draft.rate * draft.dice.real(0.35, 0.55) * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    draft.poisson("");
    db
}

fn moment(draft: &mut Draft) -> (f64, f64) {
    (draft.dice.real(15.0, 30.0), draft.dice.real(6.0, 15.0))
}

pub(super) fn slow_replica(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(3, 8);
    let time = (replicas * 8) as f64 / draft.rate * draft.dice.real(0.3, 0.5) * 1e3;
    calm(draft, &format!("replicas = {replicas}, workers = 8, time = \"exp {time:.2} ms\", holds = false"));
    let (at, one, factor) = (draft.dice.real(15.0, 30.0), draft.dice.whole(1, replicas), draft.dice.whole(5, 12));
    let web = draft.web.clone();
    draft.fault(at, None, &format!("slow {web}.{one} x{factor}"));
    planted(&[&web], &["slower"])
}

/// There is no time before it that it could be compared with.
pub(super) fn always_slow(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(3, 8);
    let time = (replicas * 8) as f64 / draft.rate * draft.dice.real(0.3, 0.5) * 1e3;
    calm(draft, &format!("replicas = {replicas}, workers = 8, time = \"exp {time:.2} ms\", holds = false"));
    let (one, factor) = (draft.dice.whole(1, replicas), draft.dice.whole(5, 12));
    let web = draft.web.clone();
    draft.fault(0.0, None, &format!("slow {web}.{one} x{factor}"));
    planted(&[&web], &["slower"])
}

pub(super) fn slow_database(draft: &mut Draft) -> Planted {
    let db = calm(draft, "workers = 80, time = \"exp 1 ms\"");
    let (at, lasts) = moment(draft);
    let factor = draft.dice.real(2.5, 5.0);
    draft.fault(at, Some(lasts), &format!("slow {db} x{factor:.1}"));
    planted(&[&db], &["slower"])
}

/// As a garbage collector does it.
pub(super) fn pauses(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(2, 5);
    calm(draft, &format!("replicas = {replicas}, workers = 60, time = \"exp 2 ms\""));
    let (one, lasts) = (draft.dice.whole(1, replicas), draft.dice.real(600.0, 1400.0));
    let web = draft.web.clone();
    draft.faults(6.0, "exp 7 s", &format!("exp {lasts:.0} ms"), &format!("freeze {web}.{one}"));
    planted(&[&web], &["freeze", "stood still"])
}

pub(super) fn cut(draft: &mut Draft) -> Planted {
    let db = calm(draft, "workers = 2000, time = \"exp 1 ms\"");
    let web = draft.web.clone();
    draft.link(&web, &db, "timeout = \"1 s\"");
    let (at, lasts) = moment(draft);
    draft.fault(at, Some(lasts), &format!("cut {web} -- {db}"));
    planted(&[&db, &web], &["cut"])
}

pub(super) fn crash(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(2, 4);
    let workers = draft.dice.whole(3, 8);
    let left = (replicas - 1) as f64 / replicas as f64;
    let time = (replicas * workers) as f64 / draft.rate * (left * draft.dice.real(1.1, 1.25)).min(0.85) * 1e3;
    calm(draft, &format!("replicas = {replicas}, workers = {workers}, time = \"exp {time:.2} ms\", holds = false"));
    let (at, one) = (draft.dice.real(15.0, 30.0), draft.dice.whole(1, replicas));
    let web = draft.web.clone();
    draft.fault(at, None, &format!("crash {web}.{one}"));
    planted(&[&web], &["crash"])
}

pub(super) fn zone(draft: &mut Draft) -> Planted {
    let workers = draft.dice.whole(4, 10);
    let time = (2 * workers) as f64 / draft.rate * draft.dice.real(0.6, 0.75) * 1e3;
    calm(
        draft,
        &format!("replicas = 2, workers = {workers}, zones = [\"west-a\", \"west-b\"], time = \"exp {time:.2} ms\", holds = false"),
    );
    let (at, lasts) = moment(draft);
    draft.fault(at, Some(lasts), "lose zone west-b");
    planted(&[&draft.web], &["zone"])
}

pub(super) fn down(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let ext = draft.part("kind = \"external\", time = \"exp 20 ms\"");
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    let (at, lasts) = moment(draft);
    draft.fault(at, Some(lasts), &format!("down {ext}"));
    planted(&[&ext], &["down"])
}

pub(super) fn deploy_errors(draft: &mut Draft) -> Planted {
    calm(draft, "replicas = 2, workers = 60, time = \"exp 2 ms\"");
    let (at, _) = moment(draft);
    let share = draft.dice.whole(5, 40);
    let web = draft.web.clone();
    draft.fault(at, None, &format!("deploy {web} errors {share} %"));
    planted(&[&web], &["deploy"])
}

pub(super) fn deploy_slow(draft: &mut Draft) -> Planted {
    let workers = draft.dice.whole(4, 10);
    let time = (2 * workers) as f64 / draft.rate * draft.dice.real(0.4, 0.6) * 1e3;
    calm(draft, &format!("replicas = 2, workers = {workers}, time = \"exp {time:.2} ms\", holds = false"));
    let (at, _) = moment(draft);
    let factor = draft.dice.real(2.2, 4.0);
    let web = draft.web.clone();
    draft.fault(at, None, &format!("deploy {web} slow x{factor:.1}"));
    planted(&[&web], &["deploy"])
}

pub(super) fn quota(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let ext = draft.part("kind = \"external\", time = \"exp 20 ms\"");
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    let (at, lasts) = moment(draft);
    let rate = (draft.rate * draft.dice.real(0.2, 0.7)).round();
    draft.fault(at, Some(lasts), &format!("quota {ext} {rate}/s"));
    planted(&[&ext], &["quota"])
}

pub(super) fn loss(draft: &mut Draft) -> Planted {
    let db = calm(draft, "workers = 2000, time = \"exp 1 ms\"");
    let web = draft.web.clone();
    draft.link(&web, &db, "timeout = \"400 ms\", retry = { attempts = 2 }");
    let (at, lasts) = moment(draft);
    let share = draft.dice.whole(10, 40);
    draft.fault(at, Some(lasts), &format!("loss {web} -> {db} {share} %"));
    planted(&[&db, &web], &["lost"])
}
