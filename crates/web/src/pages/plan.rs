//! Their course: chapters and modules, each line with its treatment, its reason and an undo.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{Learner, Placing};
use record::Treatment;
use tutor::{Changed, Line, State as LineState};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::{Fields, segment};
use crate::pages::onward::{Onward, onward};
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    chrome: Chrome,
    answers: usize,
    banner: Option<Banner>,
    onward: Onward,
    proved: usize,
    mastered: usize,
    to_go: usize,
    unwritten: usize,
    time: String,
    chapters: Vec<ChapterLines>,
    placed: bool,
    /// Answers of a placement that is under way.
    under_way: Option<usize>,
    /// Reviews that are due now; and how many days until the next one is.
    due: usize,
    next_due: Option<i64>,
}

/// One sentence about a change of the plan, and what can be done about it.
pub(crate) struct Banner {
    pub(crate) sentence: String,
    /// The skill and the treatment it had before.
    pub(crate) undo: Option<(String, &'static str, &'static str)>,
}

struct ChapterLines {
    number: usize,
    title: String,
    done: usize,
    lines: Vec<PlanLine>,
}

struct PlanLine {
    skill: String,
    number: String,
    title: String,
    href: Option<String>,
    class: &'static str,
    treatment: &'static str,
    small: String,
    reason: String,
    moved: String,
    tag: Option<(&'static str, &'static str)>,
    /// Value, words, whether it is chosen.
    choices: Vec<(&'static str, &'static str, bool)>,
    overruled: bool,
    p: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Query<std::collections::BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let course = &learner.shelf.course;
    let numbers = learner.shelf.numbers();
    let banner = query.get("changed").and_then(|seq| seq.parse().ok()).and_then(|seq| banner(&learner, seq));
    let lines: Vec<(&Line, &course::Skill)> =
        learner.plan.lines.iter().filter_map(|line| Some((line, course.skill(&learner.shelf.curriculum.skills[line.skill].id)?))).collect();
    let count = |state: LineState| lines.iter().filter(|(line, _)| line.state == state).count();
    let chapters = course
        .text
        .chapters
        .iter()
        .enumerate()
        .map(|(at, chapter)| {
            let own: Vec<_> = lines.iter().filter(|(_, skill)| skill.chapter == chapter.id).collect();
            ChapterLines {
                number: at + 1,
                title: chapter.title.clone(),
                done: own.iter().filter(|(line, _)| line.done()).count(),
                lines: own.iter().map(|(line, skill)| plan_line(&learner, line, skill, &numbers)).collect(),
            }
        })
        .collect();
    let page = PlanPage {
        chrome: chrome(&app, &learner, &headers, &uri, "course", "Your course"),
        answers: learner.entries.iter().filter(|entry| matches!(entry.what, record::What::Answered(_))).count(),
        banner,
        onward: onward(&learner, app.desk.now()),
        proved: count(LineState::Proved),
        mastered: count(LineState::Mastered),
        to_go: count(LineState::Open) + count(LineState::InProgress),
        unwritten: count(LineState::Unwritten),
        time: time(learner.plan.minutes_left, learner.profile().map_or(0, |profile| profile.hours)),
        chapters,
        placed: learner.is_placed(),
        under_way: if let Placing::UnderWay { answered } = learner.placing() { Some(answered) } else { None },
        due: learner.due(app.desk.now()).len(),
        next_due: learner.next_due(app.desk.now()),
    };
    Ok(html(StatusCode::OK, &page))
}

/// "1 to 2 hours, which is a week at your 5 hours"
fn time((quick, thorough): (u32, u32), hours: u8) -> String {
    if thorough == 0 {
        return "nothing is open".into();
    }
    let range = if thorough < 100 {
        format!("{quick} to {thorough} minutes")
    } else {
        format!("{} to {} hours", quick.div_ceil(60).max(1), thorough.div_ceil(60))
    };
    match hours {
        0 => range,
        hours => {
            let weeks = f64::from(thorough) / 60.0 / f64::from(hours);
            let weeks = if weeks <= 1.0 { "within a week".to_owned() } else { format!("up to {} weeks", weeks.ceil()) };
            format!("{range}, {weeks} at your {hours} hours a week")
        }
    }
}

pub(crate) fn banner(learner: &Learner, seq: u64) -> Option<Banner> {
    let change = learner.change_at(seq)?;
    let skill = &learner.shelf.curriculum.skills[change.skill].id;
    let undo = match change.what {
        Changed::Treatment { from, .. } => Some((
            skill.clone(),
            word(from),
            match from {
                Treatment::Skip => "Undo: skip it",
                Treatment::Compress => "Undo: show it short",
                Treatment::Standard => "Undo: show it in full",
                Treatment::Slow => "Undo: show it slowly",
            },
        )),
        _ => None,
    };
    Some(Banner { sentence: change.sentence, undo })
}

pub(crate) fn word(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Skip => "skip",
        Treatment::Compress => "compress",
        Treatment::Standard => "standard",
        Treatment::Slow => "slow",
    }
}

fn named(word: &str) -> Option<Treatment> {
    [Treatment::Skip, Treatment::Compress, Treatment::Standard, Treatment::Slow]
        .into_iter()
        .find(|treatment| self::word(*treatment) == word)
}

fn plan_line(learner: &Learner, line: &Line, skill: &course::Skill, numbers: &std::collections::BTreeMap<String, String>) -> PlanLine {
    let curriculum = &learner.shelf.curriculum;
    let lesson = learner.shelf.course.lessons.get(&skill.id);
    let minutes = |at: record::Depth| lesson.map_or(skill.minutes, |lesson| lesson.minutes.at(at));
    let (class, treatment, small) = match line.treatment {
        Treatment::Skip => ("is-skip", "Skipped", String::new()),
        Treatment::Compress => ("is-compress", "Short", format!("{} min", minutes(record::Depth::Brief))),
        Treatment::Standard => ("is-standard", "Standard", format!("{} min", minutes(record::Depth::Standard))),
        Treatment::Slow => ("is-slow", "Slow", format!("{} min", minutes(record::Depth::Slow))),
    };
    PlanLine {
        skill: skill.id.clone(),
        number: numbers.get(&skill.id).cloned().unwrap_or_default(),
        title: skill.title.clone(),
        href: lesson.map(|_| format!("/learn/{}", segment(&skill.id))),
        class,
        treatment,
        small,
        reason: line.reason.sentence(curriculum),
        moved: line.moved.map(|moved| moved.sentence(curriculum)).unwrap_or_default(),
        tag: match line.state {
            LineState::Proved => Some(("is-proved", "proved")),
            LineState::Mastered => Some(("is-open", "mastered")),
            LineState::InProgress => Some(("is-open", "begun")),
            LineState::Unwritten => Some(("is-unwritten", "not written yet")),
            LineState::Open | LineState::Skipped => None,
        },
        choices: [
            (Treatment::Skip, "Skip it"),
            (Treatment::Compress, "Short"),
            (Treatment::Standard, "Standard"),
            (Treatment::Slow, "Slow, in small steps"),
        ]
        .map(|(treatment, words)| (word(treatment), words, line.treatment == treatment))
        .into(),
        overruled: line.overruled.is_some(),
        p: tutor::percent(line.p),
    }
}

pub(crate) async fn overrule(State(app): State<Arc<App>>, Path(skill): Path<String>, fields: Fields) -> Result<Response, WebError> {
    let treatment = named(fields.one("treatment"));
    app.desk.overrule(&skill, treatment).await?;
    let back = fields.one("back");
    Ok(go(if back.starts_with("/learn/") && !back.contains("//") { back } else { "/course" }))
}
