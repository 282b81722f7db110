//! What was read in a learner's own words, as chips to correct, and what follows from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use course::Word;
use desk::{Correction, DeskError, Learner};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::Fields;
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "words.html")]
struct WordsPage {
    chrome: Chrome,
    problem: Option<String>,
    typed: String,
    groups: Vec<(&'static str, Vec<Chip>)>,
    /// Lessons with notes on their tools or their field, and with numbers worked out for their size.
    notes: usize,
    sized: usize,
    /// Modules that are worth more to them: number and name.
    raised: Vec<String>,
    brief: String,
    placed: bool,
}

struct Chip {
    word: String,
    label: String,
}

pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, WebError> {
    page(&app, &uri, &headers, StatusCode::OK, None, String::new()).await
}

pub(crate) async fn correct(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, fields: Fields) -> Result<Response, WebError> {
    let correction = match fields.one("remove") {
        "" => Correction::Add(fields.one("add").to_owned()),
        word => Correction::Remove(word.to_owned()),
    };
    match app.desk.correct(correction).await {
        Ok(_) => Ok(go("/start/words")),
        Err(DeskError::Question(question)) => {
            page(&app, &uri, &headers, StatusCode::UNPROCESSABLE_ENTITY, Some(question), fields.one("add").to_owned()).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    status: StatusCode,
    problem: Option<String>,
    typed: String,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let course = &learner.shelf.course;
    let page = WordsPage {
        chrome: chrome(app, &learner, headers, uri, "start", "What Octo read in your words"),
        problem,
        typed: typed.chars().take(200).collect(),
        groups: groups(&learner),
        notes: course.lessons.values().filter(|lesson| lesson.has_note_for(learner.stacks())).count(),
        sized: course.lessons.values().filter(|lesson| lesson.computes_for(learner.about())).count(),
        raised: raised(&learner),
        brief: course.background.brief(&learner.system()),
        placed: learner.is_placed(),
    };
    Ok(html(status, &page))
}

fn groups(learner: &Learner) -> Vec<(&'static str, Vec<Chip>)> {
    let course = &learner.shelf.course;
    let mut groups: [(&str, Vec<Chip>); 3] =
        [("You work with", Vec::new()), ("Your system is for", Vec::new()), ("It is so large", Vec::new())];
    for word in &learner.words {
        let (group, label) = match word {
            Word::Stack(id) => (0, course.stacks.find(id).map(|stack| stack.name.clone())),
            Word::Domain(id) => (1, course.background.domain(id).map(|domain| domain.name.clone())),
            Word::Scale(text) => (2, Some(text.clone())),
        };
        // What this edition of the course no longer knows is kept in the record and not shown.
        groups[group].1.extend(label.map(|label| Chip { word: word.to_string(), label }));
    }
    groups.into()
}

fn raised(learner: &Learner) -> Vec<String> {
    let numbers: BTreeMap<String, String> = learner.shelf.numbers();
    let name = |at: usize| {
        let skill = &learner.shelf.curriculum.skills[at];
        format!("{} {}", numbers.get(&skill.id).map_or("", String::as_str), skill.name)
    };
    learner.raised().into_iter().map(name).collect()
}
