//! The six background questions.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use course::{Stack, Word};
use desk::{DeskError, StartForm};
use record::{Goal, Profile, Role};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::Fields;
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    chrome: Chrome,
    problem: Option<String>,
    roles: Vec<Choice>,
    goals: Vec<Choice>,
    groups: Vec<(String, Vec<Choice>)>,
    claims: Vec<(Choice, String)>,
    years: String,
    hours: String,
    stack_text: String,
    system: String,
    again: bool,
}

struct Choice {
    value: String,
    label: String,
    on: bool,
}

const ROLES: [(&str, &str, Role); 8] = [
    ("backend", "Backend", Role::Backend),
    ("full-stack", "Full-stack", Role::FullStack),
    ("frontend", "Frontend", Role::Frontend),
    ("data", "Data", Role::Data),
    ("operations", "Platform or SRE", Role::Operations),
    ("lead", "Lead", Role::Lead),
    ("student", "Student", Role::Student),
    ("other", "Something else", Role::Other),
];

const GOALS: [(&str, &str, Goal); 4] = [
    ("promotion", "A promotion", Goal::Promotion),
    ("interviews", "Interviews", Goal::Interviews),
    ("work", "Design reviews at work", Goal::Work),
    ("understanding", "To understand it", Goal::Understanding),
];

pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let filled = match learner.profile() {
        Some(profile) => {
            let mut fields = filled(profile, learner.claims(), &learner);
            for (name, id) in [("stack_text", &profile.stack_text), ("system", &profile.system_text)] {
                let words = match id {
                    Some(id) => app.desk.text(id).await?,
                    None => None,
                };
                fields.0.extend(words.map(|words| (name.to_owned(), words)));
            }
            fields
        }
        None => Fields::default(),
    };
    page(&app, &uri, &headers, StatusCode::OK, &filled, None).await
}

/// Deletes the learner's own words.
pub(crate) async fn forget(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    app.desk.delete_texts().await?;
    Ok(go("/start"))
}

/// The form as the record has it.
fn filled(profile: &Profile, claims: &[String], learner: &desk::Learner) -> Fields {
    let mut fields = Vec::new();
    let mut put = |key: &str, value: String| fields.push((key.to_owned(), value));
    put("role", ROLES.iter().find(|(.., role)| *role == profile.role).map_or("", |(value, ..)| value).to_owned());
    put("goal", GOALS.iter().find(|(.., goal)| *goal == profile.goal).map_or("", |(value, ..)| value).to_owned());
    put("years", profile.years.to_string());
    put("hours", profile.hours.to_string());
    for word in &learner.words {
        if let Word::Stack(id) = word {
            put("stack", id.clone());
        }
    }
    for chapter in &learner.shelf.course.text.chapters {
        let mut skills = learner.shelf.course.skills_of(&chapter.id).peekable();
        if skills.peek().is_some() && skills.all(|skill| claims.contains(&skill.id)) {
            put("claim", chapter.id.clone());
        }
    }
    Fields(fields)
}

pub(crate) async fn send(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, fields: Fields) -> Result<Response, WebError> {
    let form = StartForm {
        role: fields.one("role").to_owned(),
        years: fields.one("years").to_owned(),
        stacks: fields.all("stack").map(str::to_owned).collect(),
        stack_text: fields.one("stack_text").to_owned(),
        goal: fields.one("goal").to_owned(),
        hours: fields.one("hours").to_owned(),
        system: fields.one("system").to_owned(),
        claims: fields.all("claim").map(str::to_owned).collect(),
    };
    match app.desk.start(form).await {
        Ok(_) if fields.has("then", "course") => {
            app.desk.stop_placement().await?;
            Ok(go("/course"))
        }
        Ok(_) => {
            let learner = app.desk.learner().await?;
            // What was read in somebody's own words is shown to them before anything rests on it.
            let read = learner.words.iter().any(|word| !matches!(word, Word::Stack(id) if fields.has("stack", id)));
            if read {
                return Ok(go("/start/words"));
            }
            if learner.is_placed() {
                return Ok(go("/course"));
            }
            app.desk.begin_placement().await?;
            Ok(go("/placement"))
        }
        Err(DeskError::Question(question)) => page(&app, &uri, &headers, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(question)).await,
        Err(error) => Err(error.into()),
    }
}

async fn page(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    status: StatusCode,
    fields: &Fields,
    problem: Option<String>,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let course = &learner.shelf.course;
    let choice =
        |name: &str, value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned(), on: fields.has(name, value) };
    let mut groups: Vec<(String, Vec<Choice>)> = Vec::new();
    let recognised: Vec<&Stack> = course.stacks.stacks.iter().filter(|stack| stack.ticked || fields.has("stack", &stack.id)).collect();
    for stack in recognised {
        let chip = choice("stack", &stack.id, &stack.name);
        match groups.iter_mut().find(|(group, _)| *group == stack.group) {
            Some((_, chips)) => chips.push(chip),
            None => groups.push((stack.group.clone(), vec![chip])),
        }
    }
    let page = StartPage {
        chrome: chrome(app, &learner, headers, uri, "start", "Six questions"),
        problem,
        roles: ROLES.iter().map(|(value, label, _)| choice("role", value, label)).collect(),
        goals: GOALS.iter().map(|(value, label, _)| choice("goal", value, label)).collect(),
        groups,
        claims: course
            .text
            .chapters
            .iter()
            .filter_map(|chapter| Some((choice("claim", &chapter.id, &chapter.title), chapter.claim.clone()?)))
            .collect(),
        years: fields.one("years").to_owned(),
        hours: fields.one("hours").to_owned(),
        stack_text: fields.one("stack_text").to_owned(),
        system: fields.one("system").to_owned(),
        again: learner.is_placed(),
    };
    Ok(html(status, &page))
}
