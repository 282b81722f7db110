//! Enough in the mean, and not as it comes: batches, bursts, crowds, uneven shares.

use super::super::Planted;
use super::super::draft::Draft;
use super::planted;

pub(super) fn batches(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let size = draft.dice.whole(30, 120);
    let pool = draft.dice.whole(1, 3);
    let rate = draft.dice.real(1.0, 3.0);
    let time = pool as f64 / (rate * size as f64) * draft.dice.real(0.35, 0.6) * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.3} ms\""));
    let class = draft.class.clone();
    draft.plan(&class, std::slice::from_ref(&db));
    draft.load(&class, &format!("batches of {size}, poisson {rate:.2}/s"), "");
    planted(&[&db], &["batches"])
}

pub(super) fn bursts(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let (low, high) = ((draft.rate * 0.3).round(), (draft.rate * draft.dice.real(3.0, 5.0)).round());
    let mean = (low * 4.0 + high) / 5.0;
    let pool = draft.dice.whole(2, 5);
    let time = pool as f64 / mean * draft.dice.real(0.5, 0.65) * 1e3;
    let queue = draft.dice.whole(10, 30);
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.3} ms\", queue = {queue}"));
    let class = draft.class.clone();
    draft.plan(&class, std::slice::from_ref(&db));
    draft.load(&class, &format!("bursty {low}/s for 2 s, {high}/s for 0.5 s"), "");
    planted(&[&db], &["bursts"])
}

/// A job sends hundreds of calls at once to what users need.
pub(super) fn job(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let pool = draft.dice.whole(2, 4);
    let time = pool as f64 / draft.rate * draft.dice.real(0.35, 0.5) * 1e3;
    let size = (draft.rate * draft.dice.real(1.0, 2.0)).round();
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.3} ms\""));
    let (class, other) = (draft.class.clone(), draft.other.clone());
    draft.plan(&class, std::slice::from_ref(&db));
    draft.whole_plan(&other, &db);
    draft.poisson("");
    draft.load(&other, &format!("batches of {size}, poisson 0.15/s"), "");
    Planted::Cause { components: vec![db], words: &["batches"], also: Some(other) }
}

pub(super) fn uneven(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let pool = draft.dice.whole(1, 2);
    let time = pool as f64 / draft.rate * draft.dice.real(0.5, 0.65) * 1e3;
    let spread = draft.dice.whole(30, 60);
    let shape = draft.dice.one(&["hyper", "lognormal"]).to_owned();
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"{shape} {time:.3} ms scv {spread}\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    draft.poisson("");
    planted(&[&db], &["uneven"])
}

pub(super) fn flash(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let base = draft.rate.round();
    let peak = (base * draft.dice.real(3.0, 5.0)).round();
    let pool = draft.dice.whole(2, 6);
    let time = pool as f64 / base * draft.dice.real(0.45, 0.6) * 1e3;
    let queue = if draft.dice.chance(0.5) { ", queue = 200" } else { "" };
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\"{queue}"));
    let class = draft.class.clone();
    draft.plan(&class, std::slice::from_ref(&db));
    let at = draft.dice.real(15.0, 25.0);
    draft.load(&class, &format!("flash {base}/s..{peak}/s in 4 s, half-life 12 s, at {at:.0} s"), "");
    planted(&[&db], &["load"])
}

pub(super) fn steps(draft: &mut Draft) -> Planted {
    draft.surround();
    let base = draft.rate.round();
    let high = (base * draft.dice.real(1.8, 3.0)).round();
    let workers = draft.dice.whole(4, 12);
    let time = workers as f64 / base * draft.dice.real(0.65, 0.75) * 1e3;
    draft.web(&format!("workers = {workers}, time = \"exp {time:.2} ms\", queue = 300, holds = false"));
    let class = draft.class.clone();
    draft.plan(&class, &[]);
    let at = draft.dice.real(20.0, 35.0);
    draft.load(&class, &format!("steps {base}/s, {high}/s from {at:.0} s"), "");
    planted(&[&draft.web], &["load"])
}

pub(super) fn autoscaler(draft: &mut Draft) -> Planted {
    draft.surround();
    let base = draft.rate.round();
    let high = (base * draft.dice.real(2.0, 3.0)).round();
    let workers = draft.dice.whole(4, 10);
    let time = workers as f64 * 2.0 / base * draft.dice.real(0.55, 0.65) * 1e3;
    let delay = draft.dice.real(10.0, 18.0);
    draft.web(&format!(
        "replicas = 2, workers = {workers}, time = \"exp {time:.2} ms\", autoscale = {{ min = 2, max = 12, target = \"65 %\", every = \"2 s\", delay = \"{delay:.0} s\" }}"
    ));
    let class = draft.class.clone();
    draft.plan(&class, &[]);
    let at = draft.dice.real(15.0, 22.0);
    draft.load(&class, &format!("steps {base}/s, {high}/s from {at:.0} s"), "");
    planted(&[&draft.web], &["autoscaler"])
}

pub(super) fn cold(draft: &mut Draft) -> Planted {
    draft.rate = draft.dice.real(1.5, 4.0);
    let start = draft.dice.real(0.8, 3.0);
    let replicas = draft.dice.whole(3, 8);
    draft.web(&format!(
        "replicas = {replicas}, workers = 1, time = \"exp 40 ms\", start = \"normal {start:.1} s sd 0.1 s\", idle = \"1 s\""
    ));
    draft.plan(&draft.class.clone(), &[]);
    draft.poisson("");
    planted(&[&draft.web], &["cold"])
}

pub(super) fn sticky(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(4, 6);
    let sessions = draft.dice.whole(3, 4);
    let workers = draft.dice.whole(2, 5);
    let time = (replicas * workers) as f64 / draft.rate * draft.dice.real(0.55, 0.7) * 1e3;
    let balancer = draft.balancer("sticky = true");
    draft.web(&format!("replicas = {replicas}, workers = {workers}, time = \"exp {time:.2} ms\", holds = false"));
    draft.plan(&draft.class.clone(), &[]);
    draft.poisson(&format!("sessions = {sessions}"));
    planted(&[&draft.web, &balancer], &["sticky", "session"])
}

pub(super) fn hashed(draft: &mut Draft) -> Planted {
    let replicas = draft.dice.whole(4, 8);
    let workers = draft.dice.whole(2, 4);
    let time = (replicas * workers) as f64 / draft.rate * draft.dice.real(0.5, 0.65) * 1e3;
    let balancer = draft.balancer("policy = \"hash\"");
    draft.web(&format!("replicas = {replicas}, workers = {workers}, time = \"exp {time:.2} ms\", holds = false"));
    draft.plan(&draft.class.clone(), &[]);
    let hot = draft.dice.whole(40, 60);
    draft.poisson(&format!("keys = \"uniform of 10000; hot {hot} %\""));
    planted(&[&draft.web, &balancer], &["key", "hash"])
}

/// The load rises slowly until it is too much.
pub(super) fn ramp(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let (from, to) = ((draft.rate * 0.4).round(), (draft.rate * draft.dice.real(1.8, 2.6)).round());
    let pool = draft.dice.whole(2, 8);
    let time = pool as f64 / draft.rate * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    let class = draft.class.clone();
    draft.plan(&class, std::slice::from_ref(&db));
    draft.load(&class, &format!("ramp {from}/s..{to}/s in 50 s"), "");
    planted(&[&db], &["load", "cannot keep up"])
}
