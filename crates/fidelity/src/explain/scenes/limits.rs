//! Too much is asked of something, in the steady state.

use super::super::Planted;
use super::super::draft::Draft;
use super::planted;

const OVER: &[&str] = &["cannot keep up"];

/// The service holds far more workers than the database has connections, so it is full as well.
pub(super) fn database(draft: &mut Draft) -> Planted {
    draft.surround();
    let (pool, over) = (draft.dice.whole(2, 8), draft.dice.real(1.06, 1.4));
    let time = pool as f64 / draft.rate * over * 1e3;
    let workers = draft.dice.whole(16, 64);
    draft.web(&format!("workers = {workers}, time = \"exp 1 ms\""));
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    draft.poisson("");
    planted(&[&db], OVER)
}

pub(super) fn service(draft: &mut Draft) -> Planted {
    draft.surround();
    let (replicas, workers, over) = (draft.dice.whole(1, 4), draft.dice.whole(2, 6), draft.dice.real(1.06, 1.5));
    let time = (replicas * workers) as f64 / draft.rate * over * 1e3;
    let queue = if draft.dice.chance(0.5) { ", queue = 100" } else { "" };
    draft.web(&format!("replicas = {replicas}, workers = {workers}, time = \"exp {time:.2} ms\"{queue}, holds = false"));
    let db = draft.part("kind = \"relational\", pool = 60, time = \"exp 4 ms\"");
    draft.plan(&draft.class.clone(), &[db]);
    draft.poisson("");
    planted(&[&draft.web], OVER)
}

/// 92 to 96 % busy: nothing fails, much waits.
pub(super) fn close(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let busy = draft.dice.real(0.93, 0.96);
    let pool = draft.dice.whole(1, 2);
    let time = pool as f64 / draft.rate * busy * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.3} ms\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    draft.poisson("");
    planted(&[&db], &["close to its limit", "cannot keep up"])
}

pub(super) fn slow_callee(draft: &mut Draft) -> Planted {
    draft.surround();
    let time = draft.dice.real(0.4, 2.0);
    let workers = (draft.rate * time * draft.dice.real(0.6, 0.9)).round();
    draft.web(&format!("workers = {workers}, time = \"exp 1 ms\""));
    let ext = draft.part(&format!("kind = \"external\", time = \"exp {time:.2} s\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext], &["held", "hold", "is slow"])
}

/// The slow one is called by what the service calls: two victims before it.
pub(super) fn far_callee(draft: &mut Draft) -> Planted {
    draft.surround();
    let pool = draft.dice.whole(2, 6);
    let time = pool as f64 / draft.rate * draft.dice.real(1.08, 1.3) * 1e3;
    draft.web("workers = 60, time = \"exp 1 ms\"");
    let middle = draft.part("kind = \"service\", workers = 24, time = \"exp 2 ms\"");
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    draft.plan(&draft.class.clone(), &[format!("{middle} > {db}")]);
    draft.poisson("");
    planted(&[&db], OVER)
}

pub(super) fn contention(draft: &mut Draft) -> Planted {
    draft.surround();
    let workers = draft.dice.whole(24, 48);
    // Alone it would be a third busy; together they take several times as long.
    let time = workers as f64 / draft.rate * draft.dice.real(0.3, 0.4) * 1e3;
    let serial = draft.dice.real(8.0, 14.0);
    draft
        .web(&format!("workers = {workers}, time = \"exp {time:.2} ms\", serial = \"{serial:.1} %\", coherency = \"0.2 %\", queue = 2000"));
    draft.plan(&draft.class.clone(), &[]);
    draft.poisson("");
    planted(&[&draft.web], &["each other"])
}

pub(super) fn closed_loop(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let pool = draft.dice.whole(1, 6);
    let time = draft.dice.real(6.0, 20.0);
    let think = draft.dice.real(0.2, 1.5);
    let users = (pool as f64 / (time / 1e3) * think * draft.dice.real(3.0, 6.0)).round();
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    let class = draft.class.clone();
    draft.load(&class, &format!("closed {users} users think exp {think:.2} s"), "");
    planted(&[&db], &["users are more than"])
}

/// One class in ten waits for something slow and keeps a worker meanwhile.
pub(super) fn head_of_line(draft: &mut Draft) -> Planted {
    draft.surround();
    let slow = draft.dice.real(0.8, 2.5);
    let rare = (draft.rate * draft.dice.real(0.05, 0.12)).round();
    let workers = (rare * slow * draft.dice.real(0.85, 1.0)).round().max(4.0);
    draft.web(&format!("workers = {workers}, time = \"exp 1 ms\""));
    let ext = draft.part(&format!("kind = \"columnar\", workers = 400, time = \"exp {slow:.2} s\""));
    let db = draft.part("kind = \"relational\", pool = 60, time = \"exp 3 ms\"");
    let (class, other) = (draft.class.clone(), draft.other.clone());
    draft.plan(&class, &[db]);
    draft.plan(&other, std::slice::from_ref(&ext));
    draft.poisson("");
    draft.load(&other, &format!("poisson {rare}/s"), "");
    Planted::Cause { components: vec![draft.web.clone(), ext], words: &["holds the workers"], also: Some(other) }
}

pub(super) fn starved(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let share = draft.dice.real(0.2, 0.35);
    let pool = draft.dice.whole(1, 4);
    let time = pool as f64 / draft.rate * draft.dice.real(0.75, 0.88) * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\", order = \"priority\""));
    let (class, other) = (draft.class.clone(), draft.other.clone());
    draft.plan(&class, std::slice::from_ref(&db));
    draft.plan(&other, std::slice::from_ref(&db));
    draft.poisson("priority = 0");
    let rare = (draft.rate * share).round();
    draft.load(&other, &format!("poisson {rare}/s"), "priority = 3");
    planted(&[&db], &["priority"])
}

pub(super) fn third_party(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let limit = (draft.rate * draft.dice.real(0.4, 0.85)).round();
    let ext = draft.part(&format!("kind = \"external\", time = \"exp 30 ms\", limit = \"{limit}/s\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext], &["has a limit of", "quota"])
}

pub(super) fn limiter(draft: &mut Draft) -> Planted {
    let rate = (draft.rate * draft.dice.real(0.4, 0.85)).round();
    let algorithm = draft.dice.one(&["token bucket", "sliding window", "fixed window"]).to_owned();
    let limiter = draft.part(&format!("kind = \"limiter\", algorithm = \"{algorithm}\", rate = \"{rate}/s\", burst = 20"));
    draft.ample_web();
    let db = draft.part("kind = \"relational\", pool = 60, time = \"exp 4 ms\"");
    let (class, web) = (draft.class.clone(), draft.web.clone());
    draft.whole_plan(&class, &format!("{limiter} > {web} > {db}"));
    draft.poisson("");
    planted(&[&limiter], &["lets through at most"])
}
