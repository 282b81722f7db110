//! The studio: the page that its island lives in, with the catalogue, the icons and the designs
//! of the pack as data. What is drawn, kept and run there is the island's; nothing is kept here.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use course::Course;
use design::catalogue::{self, Arrows, Kind, Takes, Word};
use serde_json::{Value as Json, json};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::segment;
use crate::pages::{chrome, is_local};

#[derive(Template)]
#[template(path = "studio.html")]
struct StudioPage {
    chrome: Chrome,
    /// Its own style and script, known before the loader asks for them.
    style: Option<&'static str>,
    module: Option<&'static str>,
    templates: Vec<Shown>,
    /// JSON for the island, in which nothing can end the element around it.
    data: String,
}

/// A design of the pack that can be begun with.
struct Shown {
    href: String,
    title: String,
}

pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, request: Request) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let mut chrome = chrome(&app, &learner, request.headers(), &uri, "studio", "Studio");
    chrome.started &= is_local(&request);
    let course = &learner.shelf.course;
    let page = StudioPage {
        chrome,
        style: assets::url("studio-style.css"),
        module: assets::url("studio.js"),
        templates: templates(course),
        data: data(course).to_string().replace('<', "\\u003c"),
    };
    Ok(html(StatusCode::OK, &page))
}

/// A design of the pack as a file, for those without the island.
pub(crate) async fn template(State(app): State<Arc<App>>, Path(path): Path<String>) -> Result<Response, WebError> {
    let shelf = app.desk.shelf();
    let Some(design) = shelf.course.designs.get(&path) else {
        return Err(desk::DeskError::NoSuch { what: "design", name: path }.into());
    };
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], design::to_toml(design)).into_response())
}

fn templates(course: &Course) -> Vec<Shown> {
    let title = |path: &str, title: &str| if title.is_empty() { path.to_owned() } else { title.to_owned() };
    let href = |path: &str| format!("/studio/templates/{}", path.split('/').map(segment).collect::<Vec<_>>().join("/"));
    course.designs.iter().map(|(path, design)| Shown { title: title(path, &design.title), href: href(path) }).collect()
}

fn data(course: &Course) -> Json {
    let templates: Vec<Json> = templates(course)
        .into_iter()
        .zip(course.designs.values())
        .map(|(shown, design)| json!({ "title": shown.title, "text": design::to_toml(design) }))
        .collect();
    json!({ "catalogue": catalogue(), "templates": templates, "engine": sim::ENGINE })
}

/// The words of a design. Those that several kinds share are told once, by number.
fn catalogue() -> Json {
    let mut told = Told::default();
    let kinds: Vec<Json> = catalogue::KINDS.iter().map(|kind| told.kind(kind)).collect();
    let [link, data, class] =
        [catalogue::LINK, catalogue::DATA, catalogue::CLASS].map(|words| words.iter().map(|word| told.word(word)).collect::<Vec<_>>());
    let sizes: Vec<Json> = catalogue::prices::LISTS
        .iter()
        .map(|list| json!({ "list": list.name, "sizes": list.items.iter().map(|item| json!({ "name": item.name, "doc": item.doc })).collect::<Vec<_>>() }))
        .collect();
    json!({ "words": told.words, "kinds": kinds, "link": link, "data": data, "class": class, "prices": sizes })
}

#[derive(Default)]
struct Told {
    words: Vec<Json>,
    known: BTreeMap<String, usize>,
}

impl Told {
    fn kind(&mut self, kind: &'static Kind) -> Json {
        let words: Vec<usize> = kind.words().map(|word| self.word(word)).collect();
        json!({ "name": kind.name, "doc": kind.doc, "icon": picture::icon(kind.name), "arrows": arrows(kind.arrows), "sends": kind.sends(), "words": words })
    }

    fn word(&mut self, word: &'static Word) -> usize {
        let mut told = takes(word.takes);
        told["key"] = word.key.into();
        told["doc"] = word.doc.into();
        for (name, value) in [("default", word.default), ("synonym", word.synonym)] {
            if let Some(value) = value {
                told[name] = value.into();
            }
        }
        if let Takes::Table(words) = word.takes {
            told["words"] = words.iter().map(|word| self.word(word)).collect();
        }
        *self.known.entry(told.to_string()).or_insert_with(|| {
            self.words.push(told);
            self.words.len() - 1
        })
    }
}

fn arrows(arrows: Arrows) -> &'static str {
    match arrows {
        Arrows::Forward => "forward",
        Arrows::Call => "call",
        Arrows::Store => "store",
        Arrows::Cache => "cache",
        Arrows::End => "end",
    }
}

/// What a field of a form needs to know: the noun of what is written, and what may be chosen.
fn takes(takes: Takes) -> Json {
    match takes {
        Takes::Count { min, max } => json!({ "takes": "count", "min": min, "max": max }),
        Takes::CountOrUnlimited { min, max } => json!({ "takes": "count or unlimited", "min": min, "max": max }),
        Takes::Duration { .. } => json!({ "takes": "duration" }),
        Takes::Rate { .. } => json!({ "takes": "rate" }),
        Takes::Bytes { .. } => json!({ "takes": "bytes" }),
        Takes::Bandwidth => json!({ "takes": "bandwidth" }),
        Takes::Share { .. } => json!({ "takes": "share" }),
        Takes::Flag => json!({ "takes": "flag" }),
        Takes::Word(words) => json!({ "takes": "word", "choices": words }),
        Takes::Name => json!({ "takes": "name" }),
        Takes::Component => json!({ "takes": "component" }),
        Takes::Names => json!({ "takes": "names" }),
        Takes::Counts => json!({ "takes": "counts" }),
        Takes::Text => json!({ "takes": "text" }),
        Takes::Distribution => json!({ "takes": "distribution" }),
        Takes::Keys => json!({ "takes": "keys" }),
        Takes::Backoff => json!({ "takes": "backoff" }),
        Takes::Shed => json!({ "takes": "shed" }),
        Takes::Table(_) => json!({ "takes": "table" }),
    }
}
