//! One question at a time: practice until a module is proved, and the question before a lesson that
//! may save it. Reviews have their own page (`review`).

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{DeskError, ItemView, Learner};
use record::{Outcome, Setting};
use tutor::{State as LineState, Step, Way};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::{Fields, segment};
use crate::item::{ItemBlock, Notice, Place};
use crate::pages::onward::{Onward, onward};
use crate::pages::plan::{Banner, banner};
use crate::pages::way::another_example;
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "practice.html")]
struct PracticePage {
    chrome: Chrome,
    skill: String,
    number: String,
    title: String,
    /// A question before the lesson, with the reason.
    probe: Option<String>,
    /// Why a question is asked once more.
    again: Option<String>,
    banner: Option<Banner>,
    item: Option<String>,
    /// The question belongs to another module, which is named once it is settled.
    mixed: Option<String>,
    /// Answered or missed: there is a way on.
    answered: bool,
    settled: bool,
    aids: Vec<Aid>,
    in_a_row: u8,
    missing: String,
    proved: bool,
    taught: bool,
    onward: Onward,
    /// The way on is more of the same.
    stays: bool,
}

/// Something that helps after a miss.
struct Aid {
    title: String,
    text: String,
    open: bool,
}

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Practice,
    Probe,
}

impl Kind {
    fn setting(self) -> Setting {
        match self {
            Self::Practice => Setting::Practice,
            Self::Probe => Setting::Probe,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Probe => "probe",
        }
    }

    fn address(self, skill: &str, item: &str, seed: u64) -> String {
        format!("/{}/{}/{}/{seed}", self.word(), segment(skill), segment(item))
    }
}

/// What a page is made for: who asks, and what for.
struct Asked<'a> {
    app: &'a App,
    kind: Kind,
    skill: &'a str,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

type Queried = Query<BTreeMap<String, String>>;

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(kind): Extension<Kind>,
    Path(skill): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    fresh(Asked { app: &app, kind, skill: &skill, uri: &uri, headers: &headers }).await
}

async fn fresh(asked: Asked<'_>) -> Result<Response, WebError> {
    let learner = asked.app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let found = match asked.kind {
        Kind::Practice => asked.app.desk.practice(&learner, asked.skill).await?,
        // Once the lesson was read its questions are practice.
        Kind::Probe if learner.was_taught(asked.skill) => return Ok(go(&format!("/practice/{}", segment(asked.skill)))),
        Kind::Probe => asked.app.desk.probe(&learner, asked.skill).await?,
    };
    page(&asked, &learner, found.view, None, None)
}

pub(crate) async fn again(
    State(app): State<Arc<App>>,
    Extension(kind): Extension<Kind>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Queried,
) -> Result<Response, WebError> {
    settled(Asked { app: &app, kind, skill: &skill, uri: &uri, headers: &headers }, &item, seed, &query).await
}

/// A question with what was answered to it; also where a question comes back to.
async fn settled(asked: Asked<'_>, item: &str, seed: u64, query: &BTreeMap<String, String>) -> Result<Response, WebError> {
    let learner = asked.app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let view = asked.app.desk.questioned(&learner, item, seed, asked.kind.setting()).await?;
    let changed = query.get("changed").and_then(|seq| seq.parse().ok());
    page(&asked, &learner, Some(view), changed, None)
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Extension(kind): Extension<Kind>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    take(Asked { app: &app, kind, skill: &skill, uri: &uri, headers: &headers }, &item, seed, fields).await
}

async fn take(asked: Asked<'_>, item: &str, seed: u64, fields: Fields) -> Result<Response, WebError> {
    match asked.app.desk.answer(item, seed, asked.kind.setting(), &fields.0).await {
        Ok(answered) => Ok(go(&format!("{}?changed={}", asked.kind.address(asked.skill, item, seed), answered.seq))),
        Err(DeskError::Question(question)) => asked_back(&asked, item, seed, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn hint(
    State(app): State<Arc<App>>,
    Extension(kind): Extension<Kind>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    hinted(Asked { app: &app, kind, skill: &skill, uri: &uri, headers: &headers }, &item, seed, fields).await
}

async fn hinted(asked: Asked<'_>, item: &str, seed: u64, fields: Fields) -> Result<Response, WebError> {
    match asked.app.desk.hint(item, seed, asked.kind.setting()).await {
        Ok(_) => Ok(go(&asked.kind.address(asked.skill, item, seed))),
        Err(DeskError::NotYet(question)) => asked_back(&asked, item, seed, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

async fn asked_back(asked: &Asked<'_>, item: &str, seed: u64, question: String, fields: Fields) -> Result<Response, WebError> {
    let learner = asked.app.desk.learner().await?;
    let view = asked.app.desk.questioned(&learner, item, seed, asked.kind.setting()).await?;
    page(asked, &learner, Some(view), None, Some(Notice { question, fields: fields.0 }))
}

fn page(
    asked: &Asked<'_>,
    learner: &Learner,
    view: Option<ItemView>,
    changed: Option<u64>,
    notice: Option<Notice>,
) -> Result<Response, WebError> {
    let Asked { app, kind, skill, uri, headers } = *asked;
    let course = &learner.shelf.course;
    let row = course.skill(skill).ok_or_else(|| DeskError::NoSuch { what: "module", name: skill.chars().take(80).collect() })?;
    let line = learner.line(skill);
    let outcome = view.as_ref().and_then(|view| view.last.as_ref()).map(|last| last.verdict.outcome);
    let settled = outcome.is_some_and(|outcome| outcome != Outcome::Wrong);
    let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let asked_on = view.as_ref().map(|view| view.item.skill.clone()).filter(|of| of != skill);
    let missed = outcome.is_some_and(|outcome| outcome != Outcome::Right);
    let aids = if missed && kind == Kind::Practice { aids(learner, asked_on.as_deref().unwrap_or(skill)) } else { Vec::new() };
    let numbers = learner.shelf.numbers();
    let number = |skill: &str| numbers.get(skill).cloned().unwrap_or_default();
    let mixed = asked_on.map(|of| format!("{} {}", number(&of), course.skill(&of).map_or("", |row| row.title.as_str())));
    let item = view.map(|view| block(learner, kind, skill, &view, notice));
    let proved = line.is_some_and(|line| line.state == LineState::Proved);
    let onward = onward(learner, app.desk.now());
    let title = if kind == Kind::Probe { format!("A question first: {}", row.title) } else { format!("Practice: {}", row.title) };
    let mut page_chrome = chrome(app, learner, headers, uri, "course", title);
    if status != StatusCode::OK {
        page_chrome.path = format!("/{}/{}", kind.word(), segment(skill));
    }
    let page = PracticePage {
        chrome: page_chrome,
        skill: skill.to_owned(),
        number: number(skill),
        title: row.title.clone(),
        probe: (kind == Kind::Probe).then(|| why_asked(&onward, skill, outcome)),
        again: (kind == Kind::Practice && outcome.is_none() && onward.corrects(skill)).then(|| onward.why.clone()),
        banner: changed.and_then(|seq| banner(learner, seq)),
        item,
        mixed,
        answered: outcome.is_some(),
        settled,
        aids,
        in_a_row: line.map_or(0, |line| line.proof.unaided_right_in_a_row.min(3)),
        missing: line.and_then(|line| line.proof.missing()).unwrap_or_default(),
        proved,
        taught: learner.was_taught(skill),
        // A review waits until what is at hand is put down.
        stays: onward.practises(skill) || (matches!(onward.step, Step::Review(_)) && line.is_some_and(|line| !line.done())),
        onward,
    };
    Ok(html(status, &page))
}

/// One question in three asks how sure somebody is: which, is drawn from what is asked.
fn asks_how_sure(item: &str, seed: u64) -> bool {
    item.bytes().fold(seed, |sum, byte| sum.wrapping_add(u64::from(byte))).is_multiple_of(3)
}

fn block(learner: &Learner, kind: Kind, skill: &str, view: &ItemView, notice: Option<Notice>) -> String {
    let action = kind.address(skill, &view.item.id, view.seed);
    let place = Place {
        hint: format!("{action}/hint"),
        action,
        label: String::new(),
        confidence: asks_how_sure(&view.item.id, view.seed),
        silent: false,
        notice,
    };
    ItemBlock::new(&learner.shelf.course, view, place).render().unwrap_or_default().replace("<!--depth-->", "")
}

/// Why the question is asked; once it is answered, what that was good for.
fn why_asked(onward: &Onward, skill: &str, outcome: Option<Outcome>) -> String {
    match outcome {
        None if onward.asks_first(skill) => onward.why.clone(),
        None => "A question before the lesson. A right answer shortens it or saves it; a wrong one costs nothing.".into(),
        Some(Outcome::Right) => "Right, and without the lesson. That counts like any answer without help.".into(),
        Some(_) => "Not known yet, and that is worth knowing. The lesson stays as long as it is.".into(),
    }
}

/// What helps after a miss: another example, and after several a second explanation.
fn aids(learner: &Learner, skill: &str) -> Vec<Aid> {
    let (Some(shown), Ok(lesson)) = (learner.way(skill), learner.lesson(skill)) else { return Vec::new() };
    let mut aids = Vec::new();
    if shown.way == Way::ExplainedAgain
        && let Some((heading, text)) = lesson.again()
    {
        aids.push(Aid { title: format!("Explained another way: {heading}"), text, open: true });
    }
    if matches!(shown.way, Way::AnotherExample | Way::ExplainedAgain)
        && let Some(text) = another_example(learner, lesson)
    {
        aids.push(Aid { title: "Another example".into(), text, open: aids.is_empty() });
    }
    aids
}
