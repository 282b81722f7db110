//! What callers do about trouble, and make of it.

use super::super::Planted;
use super::super::draft::Draft;
use super::planted;

/// A database at two thirds, whose callers give up early and try again at once.
fn impatient(draft: &mut Draft) -> String {
    draft.surround();
    let workers = if draft.dice.chance(0.5) { "unlimited".to_owned() } else { draft.dice.whole(3000, 5000).to_string() };
    let workers = if workers == "unlimited" { "\"unlimited\"".to_owned() } else { workers };
    draft.web(&format!("workers = {workers}, time = \"exp 1 ms\""));
    let pool = draft.dice.whole(2, 6);
    let busy = draft.dice.real(0.6, 0.72);
    let time = pool as f64 / draft.rate * busy * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    let timeout = time * draft.dice.real(12.0, 20.0);
    let attempts = draft.dice.whole(4, 6);
    let web = draft.web.clone();
    draft.link(&web, &db, &format!("timeout = \"{timeout:.0} ms\", retry = {{ attempts = {attempts} }}"));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&db));
    draft.poisson("");
    db
}

const RETRIES: &[&str] = &["retries", "retry"];

pub(super) fn spike(draft: &mut Draft) -> Planted {
    let db = impatient(draft);
    let (at, lasts) = (draft.dice.real(12.0, 18.0), draft.dice.real(4.0, 7.0));
    let factor = draft.dice.real(2.5, 4.0);
    draft.fault(at, Some(lasts), &format!("load x{factor:.1}"));
    planted(&[&db], RETRIES)
}

pub(super) fn slow_time(draft: &mut Draft) -> Planted {
    let db = impatient(draft);
    let (at, lasts) = (draft.dice.real(12.0, 18.0), draft.dice.real(4.0, 7.0));
    let factor = draft.dice.whole(4, 10);
    draft.fault(at, Some(lasts), &format!("slow {db} x{factor}"));
    planted(&[&db], RETRIES)
}

/// It would bear all first attempts, and not the further ones.
pub(super) fn amplified(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.web("workers = 3000, time = \"exp 1 ms\"");
    let workers = draft.dice.whole(3, 10);
    let failures = draft.dice.real(0.35, 0.5);
    let time = workers as f64 / draft.rate * draft.dice.real(0.75, 0.85) * 1e3;
    let ext = draft.part(&format!(
        "kind = \"external\", workers = {workers}, queue = 200, time = \"exp {time:.2} ms\", failures = \"{:.0} %\"",
        failures * 100.0
    ));
    let web = draft.web.clone();
    draft.link(&web, &ext, "retry = { attempts = 6 }");
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext], RETRIES)
}

pub(super) fn timeout(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let time = draft.dice.real(20.0, 80.0);
    let limit = time * draft.dice.real(0.6, 1.4);
    let kind = draft.dice.one(&["external", "columnar", "objects"]).to_owned();
    let ext = draft.part(&format!("kind = \"{kind}\", workers = 200, time = \"exp {time:.1} ms\""));
    let web = draft.web.clone();
    let retry = if draft.dice.chance(0.5) { ", retry = { attempts = 2 }" } else { "" };
    draft.link(&web, &ext, &format!("timeout = \"{limit:.0} ms\"{retry}"));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext, &web], &["timeout"])
}

pub(super) fn deadline(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let time = draft.dice.real(60.0, 200.0);
    let limit = time * draft.dice.real(0.7, 1.3);
    let ext = draft.part(&format!("kind = \"external\", time = \"erlang 4 {time:.0} ms\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson(&format!("deadline = \"{limit:.0} ms\""));
    planted(&[&ext], &["deadline"])
}

pub(super) fn bulkhead(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let time = draft.dice.real(20.0, 80.0);
    let open = draft.rate * time / 1e3;
    let most = (open * draft.dice.real(0.5, 0.9)).round().max(1.0);
    let ext = draft.part(&format!("kind = \"external\", time = \"exp {time:.1} ms\""));
    let web = draft.web.clone();
    draft.link(&web, &ext, &format!("bulkhead = {most}"));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext, &web], &["bulkhead"])
}

pub(super) fn breaker(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let failures = draft.dice.whole(15, 30);
    let errors = failures - draft.dice.whole(3, 6);
    let ext = draft.part(&format!("kind = \"external\", time = \"exp 20 ms\", failures = \"{failures} %\""));
    let web = draft.web.clone();
    let open = draft.dice.whole(3, 8);
    draft.link(&web, &ext, &format!("breaker = {{ errors = \"{errors} %\", calls = 20, window = \"2 s\", open = \"{open} s\" }}"));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext, &web], &["breaker"])
}

pub(super) fn errors(draft: &mut Draft) -> Planted {
    draft.surround();
    draft.ample_web();
    let failures = draft.dice.real(2.0, 15.0);
    let ext = draft.part(&format!("kind = \"external\", time = \"exp 20 ms\", failures = \"{failures:.1} %\""));
    draft.plan(&draft.class.clone(), std::slice::from_ref(&ext));
    draft.poisson("");
    planted(&[&ext], &["fails"])
}

/// Retries at two places multiply: three times three attempts at what is slow for a while.
pub(super) fn nested(draft: &mut Draft) -> Planted {
    draft.web("workers = 4000, time = \"exp 1 ms\"");
    let middle = draft.part("kind = \"service\", workers = 4000, time = \"exp 1 ms\"");
    let pool = draft.dice.whole(2, 6);
    let time = pool as f64 / draft.rate * draft.dice.real(0.6, 0.7) * 1e3;
    let db = draft.part(&format!("kind = \"relational\", pool = {pool}, time = \"exp {time:.2} ms\""));
    let (web, wait) = (draft.web.clone(), time * draft.dice.real(12.0, 18.0));
    draft.link(&web, &middle, &format!("timeout = \"{:.0} ms\", retry = {{ attempts = 3 }}", wait * 4.0));
    draft.link(&middle, &db, &format!("timeout = \"{wait:.0} ms\", retry = {{ attempts = 3 }}"));
    draft.plan(&draft.class.clone(), &[format!("{middle} > {db}")]);
    draft.poisson("");
    let (at, lasts) = (draft.dice.real(12.0, 18.0), draft.dice.real(4.0, 7.0));
    draft.fault(at, Some(lasts), &format!("slow {db} x6"));
    planted(&[&db], RETRIES)
}
