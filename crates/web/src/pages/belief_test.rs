//! "That is wrong, test me": one fresh question after another on one skill, with feedback and without
//! hints, until the belief is sure either way.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{DeskError, ItemView, Learner};
use record::Setting;
use tutor::{Settled, Test, percent};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::{Fields, segment};
use crate::item::{ItemBlock, Notice, Place};
use crate::pages::plan::{Banner, banner};
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "belief-test.html")]
struct TestPage {
    chrome: Chrome,
    skill: String,
    number: String,
    title: String,
    banner: Option<Banner>,
    item: Option<String>,
    /// The question on the page was answered.
    answered: bool,
    asked: u32,
    right: u32,
    before: String,
    now: String,
    /// What came of it, once it is over.
    outcome: Option<&'static str>,
}

/// "That is wrong, test me."
pub(crate) async fn begin(State(app): State<Arc<App>>, Path(skill): Path<String>) -> Result<Response, WebError> {
    app.desk.doubt(&skill).await?;
    Ok(go(&address(&skill)))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(skill): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let testing = app.desk.testing(&learner, &skill)?;
    let Some(test) = testing.test else { return Ok(go(&format!("/beliefs/{}", segment(&skill)))) };
    Asked { app: &app, learner: &learner, skill: &skill, uri: &uri, headers: &headers }.page(test, testing.view, None, None)
}

/// A question with what was answered to it.
pub(crate) async fn again(
    State(app): State<Arc<App>>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let Some(test) = learner.test(&skill) else { return Ok(go(&format!("/beliefs/{}", segment(&skill)))) };
    let view = app.desk.questioned(&learner, &item, seed, Setting::Probe).await?;
    let changed = query.get("changed").and_then(|seq| seq.parse().ok());
    Asked { app: &app, learner: &learner, skill: &skill, uri: &uri, headers: &headers }.page(test, Some(view), changed, None)
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.answer(&item, seed, Setting::Probe, &fields.0).await {
        Ok(answered) => Ok(go(&format!("{}?changed={}", question(&skill, &item, seed), answered.seq))),
        Err(DeskError::Question(question)) => {
            let learner = app.desk.learner().await?;
            let Some(test) = learner.test(&skill) else { return Ok(go(&format!("/beliefs/{}", segment(&skill)))) };
            let view = app.desk.questioned(&learner, &item, seed, Setting::Probe).await?;
            let notice = Some(Notice { question, fields: fields.0 });
            Asked { app: &app, learner: &learner, skill: &skill, uri: &uri, headers: &headers }.page(test, Some(view), None, notice)
        }
        Err(error) => Err(error.into()),
    }
}

fn address(skill: &str) -> String {
    format!("/beliefs/{}/test", segment(skill))
}

fn question(skill: &str, item: &str, seed: u64) -> String {
    format!("{}/{}/{seed}", address(skill), segment(item))
}

/// Who asked for which page.
struct Asked<'a> {
    app: &'a App,
    learner: &'a Learner,
    skill: &'a str,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

impl Asked<'_> {
    fn page(self, test: Test, view: Option<ItemView>, changed: Option<u64>, notice: Option<Notice>) -> Result<Response, WebError> {
        let Self { app, learner, skill, uri, headers } = self;
        let course = &learner.shelf.course;
        let row = course.skill(skill).ok_or_else(|| DeskError::NoSuch { what: "module", name: skill.chars().take(80).collect() })?;
        let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let mut page_chrome = chrome(app, learner, headers, uri, "beliefs", format!("Test: {}", row.title));
        if status != StatusCode::OK {
            page_chrome.path = address(skill);
        }
        let answered = view.as_ref().is_some_and(|view| view.last.is_some());
        let page = TestPage {
            chrome: page_chrome,
            skill: skill.to_owned(),
            number: learner.shelf.numbers().remove(skill).unwrap_or_default(),
            title: row.title.clone(),
            banner: changed.and_then(|seq| banner(learner, seq)),
            answered,
            asked: test.asked,
            right: test.right,
            before: percent(test.before.p()),
            now: percent(test.after.p()),
            outcome: test.settled.map(told).or_else(|| view.is_none().then_some(NONE_LEFT)),
            item: view.map(|view| {
                let place = Place {
                    action: question(skill, &view.item.id, view.seed),
                    // A hint would make the answer say less, and this one is to say as much as it can.
                    hint: String::new(),
                    label: format!("Question {}", if answered { test.asked } else { test.asked + 1 }),
                    confidence: true,
                    silent: false,
                    notice,
                };
                ItemBlock::new(course, &view, place).render().unwrap_or_default().replace("<!--depth-->", "")
            }),
        };
        Ok(html(status, &page))
    }
}

const NONE_LEFT: &str =
    "There is no question left on this that you have not seen, so the test ends here. The belief stands as the answers left it.";

fn told(settled: Settled) -> &'static str {
    match settled {
        Settled::Known => "That settles it: you know this, and your plan takes it so from now on.",
        Settled::Unknown => "That settles it the other way: this is not known yet. Your plan keeps room for it.",
        Settled::Open => "After that many questions it is still open. A lesson would tell more than another question.",
    }
}
