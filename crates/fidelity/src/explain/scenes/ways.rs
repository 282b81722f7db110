//! Time on the way, or in calls that are made at once: nothing is full, and requests are slow.

use super::super::Planted;
use super::super::draft::Draft;
use super::planted;

pub(super) fn distance(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let (times, rtt) = (draft.dice.whole(5, 25), draft.dice.real(8.0, 50.0));
    let db = draft.part("kind = \"relational\", pool = 200, time = \"exp 1 ms\"");
    let web = draft.web.clone();
    if draft.dice.chance(0.6) {
        draft.link(&web, &db, &format!("rtt = \"{rtt:.1} ms\""));
    } else {
        draft.link(&web, &db, &format!("rtt = \"{:.1} ms\", jitter = \"{:.2} ms\"", rtt * 0.8, rtt * 0.1));
    }
    draft.plan(&draft.class.clone(), &[format!("{db} {times} times")]);
    draft.poisson("");
    planted(&[&db], &["round trips"])
}

pub(super) fn fan_out(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    draft.rate = draft.dice.real(20.0, 60.0).round();
    let (many, slow) = (draft.dice.whole(20, 80), draft.dice.real(80.0, 300.0));
    let leaf = draft.part(&format!("kind = \"search\", workers = \"unlimited\", time = \"99 % exp 4 ms else {slow:.0} ms\""));
    let class = draft.class.clone();
    draft.plan(&class, &[format!("{leaf} x{many}")]);
    draft.poisson("");
    if draft.dice.chance(0.5) {
        draft.require(&format!("{class} p99 < {:.0} ms", slow * 0.8));
    }
    planted(&[&leaf], &["slowest of"])
}

pub(super) fn bandwidth(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let (size, wide) = (draft.dice.real(0.5, 6.0), draft.dice.whole(8, 60));
    let caller = draft.users.clone();
    let first = draft.caller();
    // The users' own link is the narrow one.
    let to = if first == caller { draft.web.clone() } else { draft.first() };
    draft.link(&caller, &to, &format!("rtt = \"20 ms\", bandwidth = \"{wide} Mbit/s\""));
    draft.plan(&draft.class.clone(), &[]);
    draft.poisson(&format!("response = \"{size:.1} MB\""));
    planted(&[&to], &["bandwidth"])
}

pub(super) fn connections(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let (rtt, dns) = (draft.dice.real(20.0, 90.0), draft.dice.real(10.0, 60.0));
    let tls = draft.dice.one(&["1.2", "1.3"]).to_owned();
    let reuse = draft.dice.whole(0, 20);
    let caller = draft.users.clone();
    let to = if draft.caller() == caller { draft.web.clone() } else { draft.first() };
    draft.link(&caller, &to, &format!("rtt = \"{rtt:.0} ms\", reuse = \"{reuse} %\", tls = \"{tls}\", dns = \"{dns:.0} ms\""));
    draft.plan(&draft.class.clone(), &[]);
    draft.poisson("");
    planted(&[&to], &["connection"])
}

pub(super) fn loss(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.web("workers = 3000, time = \"exp 1 ms\"");
    let share = draft.dice.real(1.5, 8.0);
    let db = draft.part("kind = \"relational\", pool = 60, time = \"exp 5 ms\"");
    let web = draft.web.clone();
    draft.link(&web, &db, &format!("loss = \"{share:.1} %\", timeout = \"500 ms\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    draft.poisson("");
    planted(&[&db, &web], &["lost"])
}
