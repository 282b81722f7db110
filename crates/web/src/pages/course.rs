//! The page of the course: what it is, for whom, and what is open. Anyone may see it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use course::{Course, CourseText};
use picture::{Axis, Chart, Danger, Options, Point, Role, Scale, Series};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::pages::{chrome, is_local, markdown};

#[derive(Template)]
#[template(path = "course.html")]
struct CoursePage<'a> {
    chrome: Chrome,
    text: &'a CourseText,
    overview: String,
    why: String,
    /// Number, title, about, how many modules, and how many of them are open.
    chapters: Vec<ChapterRow>,
    modules: usize,
    /// Tool and the modules that own it.
    tools: Vec<(String, String)>,
    questions: Vec<(String, String)>,
    emblem: Option<Emblem>,
    /// The learner has begun: the page offers to go on.
    started: bool,
    local: bool,
}

struct ChapterRow {
    number: String,
    title: String,
    about: String,
    modules: usize,
    open: usize,
}

struct Emblem {
    system: String,
    chart: String,
}

pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, request: Request) -> Result<Response, WebError> {
    let local = is_local(&request);
    let learner = app.desk.learner().await?;
    let course = &learner.shelf.course;
    let mut page_chrome = chrome(&app, &learner, request.headers(), &uri, "about", course.text.headline.clone());
    page_chrome.started &= local;
    let page = CoursePage {
        started: page_chrome.started,
        chrome: page_chrome,
        overview: markdown(&course.text.overview),
        why: markdown(&course.text.why),
        chapters: chapters(course),
        modules: course.skills.len(),
        tools: tools(course, &learner.shelf.numbers()),
        questions: course.text.questions.iter().map(|question| (question.ask.clone(), markdown(&question.answer))).collect(),
        emblem: emblem(course),
        text: &course.text,
        local,
    };
    Ok(html(StatusCode::OK, &page))
}

fn chapters(course: &Course) -> Vec<ChapterRow> {
    let row = |(at, chapter): (usize, &course::Chapter)| {
        let skills: Vec<_> = course.skills_of(&chapter.id).collect();
        ChapterRow {
            number: format!("{:02}", at + 1),
            title: chapter.title.clone(),
            about: chapter.about.clone(),
            open: skills.iter().filter(|skill| course.lessons.contains_key(&skill.id)).count(),
            modules: skills.len(),
        }
    };
    course.text.chapters.iter().enumerate().map(row).collect()
}

fn tools(course: &Course, numbers: &std::collections::BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut tools: std::collections::BTreeMap<&str, Vec<&str>> = std::collections::BTreeMap::new();
    for skill in &course.skills {
        for tool in &skill.owns {
            tools.entry(tool).or_default().push(numbers.get(&skill.id).map_or("", String::as_str));
        }
    }
    let mut tools: Vec<(String, String)> = tools.into_iter().map(|(tool, numbers)| (tool.to_owned(), numbers.join(", "))).collect();
    tools.sort_by_key(|(tool, _)| tool.to_lowercase());
    tools
}

/// The design of the emblem: one worker and its queue.
const EMBLEM: &str = "01-read/designs/queueing-one-worker.toml";

/// The system of the queueing lesson, and its curve by the closed form of one worker with mixed
/// work: mean time = work / idle share (M/M/1). The lesson itself runs it.
fn emblem(course: &Course) -> Option<Emblem> {
    const WORK_MS: f64 = 10.0;
    let design = course.designs.get(EMBLEM)?;
    let mean = |rate: f64| WORK_MS / (1.0 - rate * WORK_MS / 1000.0);
    let curve = (0..=190)
        .map(|step| f64::from(step) / 2.0)
        .map(|rate| if [50.0, 80.0, 90.0, 95.0].contains(&rate) { Point::marked(rate, mean(rate)) } else { Point::new(rate, mean(rate)) });
    let chart = Chart {
        id: "emblem".into(),
        title: "Mean time against load for one worker".into(),
        summary: String::new(),
        x: Axis { quantity: "requests/s".into(), unit: String::new(), scale: Scale::Linear, range: Some((0.0, 100.0)) },
        y: Axis { quantity: "mean time".into(), unit: "ms".into(), scale: Scale::Linear, range: Some((0.0, 210.0)) },
        series: vec![
            Series {
                name: String::new(),
                role: Role::Trap,
                points: vec![Point::new(0.0, 0.0), Point::new(50.0, mean(50.0)), Point::new(95.0, mean(50.0) * 95.0 / 50.0)],
            },
            Series { name: String::new(), role: Role::Result, points: curve.collect() },
        ],
        danger: None::<Danger>,
        width: 460.0,
    };
    Some(Emblem { system: picture::svg(design, &Options::new("emblem-system")), chart: picture::chart(&chart) })
}
