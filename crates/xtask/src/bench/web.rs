//! The figures of the pages: how soon there is one, what it costs to keep ready, what a browser
//! must fetch, and how many a second beside nginx. Release binary, loopback only.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::bench::instance::Instance;
use crate::bench::pace::Page;
use crate::bench::{Figure, http, median, pace, weight};
use crate::steps;

/// What the house promises [ms], [MB], [kB], [share of nginx].
const START_MS: f64 = 500.0;
const REST_MB: f64 = 60.0;
const PAGE_KB: f64 = 60.0;
const FIGURE_KB: f64 = 310.0;
const COURSE_PACE: f64 = 0.4;
const LESSON_PACE: f64 = 0.2;
/// So many entries has the learner whose lesson is measured.
const ENTRIES: u64 = 300;

pub(super) fn measure(tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    steps::run(steps::cargo().args(["build", "--quiet", "--release", "--locked", "--package", "octo"]))?;
    let octo = steps::octo("release")?;
    let starts = (0..5).map(|_| Ok(Instance::start(&octo)?.first_page.as_secs_f64() * 1e3)).collect::<anyhow::Result<Vec<_>>>()?;
    tell(Figure::at_most("start to first response", median(starts), "ms", START_MS));
    let instance = Instance::start(&octo)?;
    std::thread::sleep(Duration::from_secs(2));
    if let Some(resident) = instance.resident_mb() {
        tell(Figure::at_most("resident memory at rest", resident, "MB", REST_MB));
    }
    let at = instance.at;
    let course = weight::of(at, "/")?;
    tell(Figure::at_most("course page, compressed, without fonts", kb(course.page), "kB", PAGE_KB));
    pace::measure(at, &Page { name: "course page", path: "/", least: COURSE_PACE }, tell)?;
    begin(at)?;
    let lessons = lessons(at)?;
    let mut heaviest: Option<(usize, &str)> = None;
    let mut figure = 0;
    for lesson in &lessons {
        let weight = weight::of(at, lesson)?;
        figure = figure.max(weight.figure);
        heaviest = heaviest.max(Some((weight.page, lesson)));
    }
    let (page, lesson) = heaviest.context("the course has no open lesson")?;
    tell(Figure::at_most(format!("heaviest lesson page ({lesson})"), kb(page), "kB", PAGE_KB));
    tell(Figure::at_most("what a figure adds", kb(figure), "kB", FIGURE_KB));
    let entries = answer(at, &lessons)?;
    tell(Figure::told("entries of the learner", entries as f64, "entries"));
    pace::measure(at, &Page { name: "lesson page", path: lesson, least: LESSON_PACE }, tell)
}

fn kb(bytes: usize) -> f64 {
    bytes as f64 / 1e3
}

/// The six questions, and the placement left at once.
fn begin(at: SocketAddr) -> anyhow::Result<()> {
    for (path, form) in [("/start", "role=backend&years=3&goal=work&hours=4"), ("/placement/stop", "")] {
        let answer = http::post(at, path, form)?;
        ensure!(answer.status == 303, "POST {path} answered {}", answer.status);
    }
    Ok(())
}

/// The open lessons, from the learner's own course.
fn lessons(at: SocketAddr) -> anyhow::Result<Vec<String>> {
    let page = http::get(at, "/course", "identity")?.text();
    let mut found: Vec<String> =
        page.match_indices("\"/learn/").filter_map(|(at, _)| page[at + 1..].split(['"', '?', '#']).next()).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// Answers the lessons' questions of choice, now this option, now that, until the record is long.
/// Returns its length, as the last answer says it.
fn answer(at: SocketAddr, lessons: &[String]) -> anyhow::Result<u64> {
    let mut questions = Vec::new();
    for lesson in lessons {
        let page = http::get(at, &format!("{lesson}?depth=standard"), "identity")?.text();
        questions.extend(
            page.split("<form class=\"item").skip(1).filter(|form| form.contains("type=\"radio\" name=\"option\"")).filter_map(|form| {
                let field = |mark: &str| form.split_once(mark)?.1.split('"').next();
                Some((field("action=\"")?.to_owned(), field("name=\"seed\" value=\"")?.to_owned()))
            }),
        );
    }
    ensure!(!questions.is_empty(), "no lesson has a question of choice on its standard page");
    let mut entries = 0;
    for round in 0..ENTRIES {
        for (action, seed) in &questions {
            let answer = http::post(at, action, &format!("seed={seed}&option={}&depth=standard", round % 2))?;
            ensure!(answer.status == 303, "POST {action} answered {}", answer.status);
            let said = answer.header("location").and_then(|to| to.split_once("changed=")?.1.split('#').next()?.parse().ok());
            entries = said.with_context(|| format!("the answer to {action} does not say how long the record is"))?;
            if entries >= ENTRIES {
                return Ok(entries);
            }
        }
    }
    Ok(entries)
}
