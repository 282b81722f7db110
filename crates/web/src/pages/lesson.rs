//! A lesson at one depth, with its figures, questions, margin and the way on.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use course::{BlockKind, Lesson, Part, Piece, Showing, Whose};
use desk::{DeskError, Learner};
use record::{Depth, Setting};
use tutor::{State as LineState, Way};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::figure::FigureBlock;
use crate::form::{Fields, segment};
use crate::item::{ItemBlock, Notice, Place, no_vars};
use crate::pages::onward::{Onward, onward};
use crate::pages::plan::{Banner, banner};
use crate::pages::way::{WayLine, another_example, first, margins, way_line};
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "lesson.html")]
struct LessonPage {
    chrome: Chrome,
    skill: String,
    number: String,
    chapter: String,
    title: String,
    outcome: String,
    needs: Vec<(String, String)>,
    minutes: u32,
    depths: Vec<(&'static str, &'static str, bool)>,
    depth: &'static str,
    why_depth: String,
    way: WayLine,
    banner: Option<Banner>,
    toc: Vec<(String, String)>,
    sections: Vec<Section>,
    sources: Vec<SourceRow>,
    margins: Vec<(String, String)>,
    read: bool,
    proved: bool,
    missing: String,
    onward: Onward,
    /// The tutor would ask a question before this lesson.
    asks_first: bool,
    problems: Vec<String>,
}

/// A block of the lesson, ready for the page.
struct Section {
    id: String,
    class: &'static str,
    heading: String,
    folded: bool,
    /// Whether the heading stands outside, with a lead before the fold.
    lead: Option<String>,
    body: Vec<String>,
    ask: Option<AskBlock>,
    note: String,
    /// Where the note can be acted on: address and label.
    note_link: Option<(&'static str, &'static str)>,
}

struct AskBlock {
    action: String,
    wrote: String,
    answer: String,
    notice: String,
}

struct SourceRow {
    id: String,
    text: String,
    good_for: String,
}

type QueryMap = Query<BTreeMap<String, String>>;

/// A notice about one part of the page: which, and what to say.
struct Said {
    part: String,
    notice: Notice,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(skill): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): QueryMap,
) -> Result<Response, WebError> {
    page(&app, &skill, &uri, &headers, &query, None).await
}

fn depth_named(word: &str) -> Option<Depth> {
    match word {
        "brief" => Some(Depth::Brief),
        "standard" => Some(Depth::Standard),
        "slow" => Some(Depth::Slow),
        _ => None,
    }
}

fn depth_word(depth: Depth) -> &'static str {
    ["brief", "standard", "slow"][depth as usize]
}

/// How the page was shown on which a form stood: "depth=slow&way=example&".
fn as_it_was(fields: &Fields) -> String {
    let depth = depth_named(fields.one("depth")).map(|depth| format!("depth={}&", depth_word(depth))).unwrap_or_default();
    let way = Way::named(fields.one("way")).map(|way| format!("way={}&", way.word())).unwrap_or_default();
    depth + &way
}

/// The page of a lesson, with the change that a post made, down at the part it was about.
fn back(skill: &str, fields: &Fields, seq: u64, part: &str) -> Response {
    go(&format!("/learn/{}?{}changed={seq}#{}", segment(skill), as_it_was(fields), segment(part)))
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path((skill, item)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    let seed = fields.one("seed").parse().unwrap_or(0);
    match app.desk.answer(&item, seed, Setting::Lesson, &fields.0).await {
        Ok(answered) => Ok(back(&skill, &fields, answered.seq, &item_anchor(&item))),
        Err(DeskError::Question(question)) => asked_back(&app, &skill, &uri, &headers, item, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn hint(
    State(app): State<Arc<App>>,
    Path((skill, item)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    let seed = fields.one("seed").parse().unwrap_or(0);
    match app.desk.hint(&item, seed, Setting::Lesson).await {
        Ok(_) => Ok(go(&format!("/learn/{}?{}#{}", segment(&skill), as_it_was(&fields).trim_end_matches('&'), item_anchor(&item)))),
        Err(DeskError::NotYet(question)) => asked_back(&app, &skill, &uri, &headers, item, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn predict(
    State(app): State<Arc<App>>,
    Path((skill, figure)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.predict(&skill, &figure, &fields.0).await {
        Ok(answered) => Ok(back(&skill, &fields, answered.seq, &format!("figure-{figure}"))),
        Err(DeskError::Question(question)) => asked_back(&app, &skill, &uri, &headers, figure, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn why(
    State(app): State<Arc<App>>,
    Path((skill, prompt)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.wrote(&skill, &prompt, fields.one("text")).await {
        Ok(answered) => Ok(back(&skill, &fields, answered.seq, &prompt)),
        Err(DeskError::Question(question)) => asked_back(&app, &skill, &uri, &headers, prompt, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(skill): Path<String>, fields: Fields) -> Result<Response, WebError> {
    let depth = depth_named(fields.one("depth")).unwrap_or(Depth::Standard);
    let answered = app.desk.taught(&skill, depth).await?;
    let learner = app.desk.learner().await?;
    let proved = learner.line(&skill).is_some_and(|line| line.state == LineState::Proved);
    // What is read is practised; what is proved leads on.
    Ok(go(&if proved { format!("/course?changed={}", answered.seq) } else { format!("/practice/{}", segment(&skill)) }))
}

/// The page again with a question about one of its parts; nothing was recorded.
async fn asked_back(
    app: &App,
    skill: &str,
    uri: &Uri,
    headers: &HeaderMap,
    part: String,
    question: String,
    fields: Fields,
) -> Result<Response, WebError> {
    let query = BTreeMap::from(["depth", "way"].map(|name| (name.to_owned(), fields.one(name).to_owned())));
    page(app, skill, uri, headers, &query, Some(Said { part, notice: Notice { question, fields: fields.0 } })).await
}

fn item_anchor(item: &str) -> String {
    item.replace('.', "-")
}

async fn page(
    app: &App,
    skill: &str,
    uri: &Uri,
    headers: &HeaderMap,
    query: &BTreeMap<String, String>,
    said: Option<Said>,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let lesson = learner.lesson(skill)?;
    let course = &learner.shelf.course;
    let numbers = learner.shelf.numbers();
    let depth = query.get("depth").and_then(|word| depth_named(word)).unwrap_or_else(|| learner.depth(skill));
    app.desk.warm(&learner, skill);
    let shown = learner.way(skill);
    let asked_way = query.get("way").and_then(|word| Way::named(word));
    let way = asked_way.or(shown.map(|shown| shown.way)).unwrap_or(Way::AsWritten);
    let pieces = lesson.page_with(depth, learner.about(), first(way));
    let mut maker =
        Maker { app, learner: &learner, lesson, depth, way, said: said.as_ref(), figures: 0, items: 0, item_count: item_count(&pieces) };
    let mut sections = maker.sections(pieces).await?;
    if let Some(example) = another_example(&learner, lesson).filter(|_| matches!(way, Way::AnotherExample)) {
        sections.insert(0, Section::plain("another", "Another example", example));
    }
    let toc = sections
        .iter()
        .filter(|section| !section.heading.is_empty() && !section.folded)
        .map(|section| (section.id.clone(), section.heading.clone()))
        .collect();
    let line = learner.line(skill);
    let onward = onward(&learner, app.desk.now());
    let skill_row = course.skill(skill);
    let mut page_chrome = chrome(app, &learner, headers, uri, "course", skill_row.map(|row| row.title.clone()).unwrap_or_default());
    if said.is_some() {
        page_chrome.path = format!("/learn/{}", segment(skill));
    }
    let page = LessonPage {
        chrome: page_chrome,
        skill: skill.to_owned(),
        number: numbers.get(skill).cloned().unwrap_or_default(),
        chapter: skill_row
            .and_then(|row| course.text.chapters.iter().find(|chapter| chapter.id == row.chapter))
            .map(|chapter| chapter.title.clone())
            .unwrap_or_default(),
        title: skill_row.map(|row| row.title.clone()).unwrap_or_default(),
        outcome: lesson.plain(&lesson.outcome, &no_vars()),
        needs: skill_row.map(|row| row.needs.iter().map(|need| needed(&learner, &numbers, need)).collect()).unwrap_or_default(),
        minutes: lesson.minutes.at(depth),
        depths: [Depth::Brief, Depth::Standard, Depth::Slow]
            .map(|other| (depth_word(other), ["Brief", "Standard", "Slow"][other as usize], other == depth))
            .into(),
        depth: depth_word(depth),
        why_depth: line
            .filter(|_| learner.depth(skill) == depth)
            .map(|line| line.reason.sentence(&learner.shelf.curriculum))
            .unwrap_or_default(),
        way: way_line(way, shown),
        banner: query.get("changed").and_then(|seq| seq.parse().ok()).and_then(|seq| banner(&learner, seq)),
        toc,
        sections,
        sources: sources(lesson),
        margins: margins(lesson, learner.stacks(), way),
        read: learner.was_taught(skill),
        proved: line.is_some_and(|line| line.state == LineState::Proved),
        missing: line.and_then(|line| line.proof.missing()).unwrap_or_default(),
        asks_first: !learner.was_taught(skill) && onward.asks_first(skill),
        onward,
        problems: if app.authoring {
            learner
                .shelf
                .problems
                .iter()
                .filter(|problem| {
                    problem.file == lesson.file
                        || problem.file.starts_with(lesson.file.rsplit_once('/').map_or("", |(folder, _)| folder))
                            && problem.file.contains("/designs/")
                })
                .map(ToString::to_string)
                .collect()
        } else {
            Vec::new()
        },
    };
    let status = if said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &page))
}

impl Section {
    /// A section that is none of the lesson's own blocks.
    fn plain(id: &str, heading: &str, html: String) -> Self {
        let (class, lead, ask, note) = ("", None, None, String::new());
        Self { id: id.into(), class, heading: heading.into(), folded: false, lead, body: vec![html], ask, note, note_link: None }
    }
}

/// Where a module is that this one needs, and its number and name.
fn needed(learner: &Learner, numbers: &BTreeMap<String, String>, need: &str) -> (String, String) {
    let curriculum = &learner.shelf.curriculum;
    let name = curriculum.skill(need).map_or("", |at| curriculum.skills[at].name.as_str());
    (format!("/learn/{}", segment(need)), format!("{} {name}", numbers.get(need).map_or("", String::as_str)))
}

fn item_count(pieces: &[Piece]) -> usize {
    pieces.iter().flat_map(|piece| &piece.parts).filter(|part| matches!(part, Part::Item(_))).count()
}

/// Turns the pieces of a lesson into sections of the page.
struct Maker<'a> {
    app: &'a App,
    learner: &'a Learner,
    lesson: &'a Lesson,
    depth: Depth,
    way: Way,
    said: Option<&'a Said>,
    figures: usize,
    items: usize,
    item_count: usize,
}

impl Maker<'_> {
    async fn sections(&mut self, pieces: Vec<Piece>) -> Result<Vec<Section>, WebError> {
        let mut sections: Vec<Section> = Vec::new();
        // Nothing below an open prediction may give its answer away.
        let mut open_bet = false;
        for mut piece in pieces {
            let mut body = Vec::new();
            for part in &piece.parts {
                if let Part::Figure(id) = part {
                    open_bet |= self.learner.prediction(&self.lesson.skill, id).is_none();
                }
                body.push(self.part(part).await?);
            }
            if open_bet && gives_away(piece.kind) && piece.showing != Showing::Folded {
                piece.showing = Showing::Folded;
                piece.heading =
                    format!("{} (after your prediction)", if piece.heading.is_empty() { "The rule in one line" } else { &piece.heading });
            }
            // The answer that follows a why-question waits behind it.
            if piece.kind == BlockKind::Answer
                && let Some(ask) = sections.last_mut().and_then(|section| section.ask.as_mut())
            {
                ask.answer = body.concat();
                continue;
            }
            let ask = match piece.kind {
                BlockKind::Ask => Some(self.ask(&piece.id).await?),
                _ => None,
            };
            let note = self.note(&piece);
            let note_link = matches!(piece.whose, Some(Whose::Lesson { .. })).then_some(("/start/words", "Say how large your system is"));
            let heading = if piece.kind == BlockKind::Analogy && piece.showing == Showing::Folded {
                "An analogy".to_owned()
            } else {
                self.heading(&piece)
            };
            sections.push(Section {
                id: piece.id,
                class: class(piece.kind),
                heading,
                folded: piece.showing == Showing::Folded,
                lead: piece.lead,
                body,
                ask,
                note,
                note_link,
            });
        }
        Ok(sections)
    }

    /// "In your stack: Django, Gunicorn", "In a clinic", "At your scale: 300 requests/s".
    fn heading(&self, piece: &Piece) -> String {
        let course = &self.learner.shelf.course;
        let stacks = || piece.words.iter().filter_map(|word| course.stacks.find(word)).map(|stack| stack.name.as_str());
        match (piece.kind, &piece.whose) {
            (BlockKind::Stack, _) => format!("{}: {}", piece.heading, stacks().collect::<Vec<_>>().join(", ")),
            (BlockKind::Domain, _) => course.background.heading(&piece.words, self.learner.stacks()),
            (_, Some(Whose::Reader { shown })) => format!("At your scale: {shown}"),
            (_, Some(Whose::Lesson { shown } | Whose::Outside { shown, .. })) => format!("At a scale of {shown}"),
            _ => piece.heading.clone(),
        }
    }

    /// Why a part is here although nothing that is known of the learner asked for it.
    fn note(&self, piece: &Piece) -> String {
        match (piece.kind, &piece.whose) {
            (BlockKind::Stack, _) if !self.lesson.knows_stack(self.learner.stacks()) => {
                "None of your tools has a note here, so this is the most common one.".into()
            }
            (_, Some(Whose::Lesson { .. })) => "The lesson’s own size; it can be worked out for yours.".into(),
            (_, Some(Whose::Outside { yours, .. })) => {
                format!("Yours, {yours}, is outside of what this sum is good for, so the lesson’s own number stands here.")
            }
            _ => String::new(),
        }
    }

    async fn part(&mut self, part: &Part) -> Result<String, WebError> {
        match part {
            Part::Prose(html) => Ok(html.clone()),
            Part::Item(id) => {
                self.items += 1;
                let view = self.app.desk.lesson_item(self.learner, id).await?;
                let base = format!("/learn/{}/items/{}", segment(&self.lesson.skill), segment(id));
                let place = Place {
                    hint: format!("{base}/hint"),
                    action: base,
                    label: format!("Question {} of {}", self.items, self.item_count),
                    confidence: self.items % 3 == 1,
                    silent: false,
                    notice: self.notice(id),
                };
                Ok(self.with_depth(ItemBlock::new(&self.learner.shelf.course, &view, place).render().unwrap_or_default()))
            }
            Part::Figure(id) => {
                self.figures += 1;
                let view = self.app.desk.figure(self.learner, &self.lesson.skill, id).await?;
                let Some(figure) = self.lesson.figures.get(id) else { return Ok(String::new()) };
                let action = format!("/learn/{}/figures/{}", segment(&self.lesson.skill), segment(id));
                let notice = self.notice(id);
                let block = FigureBlock::new(&self.learner.shelf.course, self.lesson, figure, self.figures, &view, action, notice.as_ref());
                Ok(self.with_depth(block.render().unwrap_or_default()))
            }
        }
    }

    /// Every form carries the depth and the order of its page, so that the answer comes back to the same one.
    fn with_depth(&self, html: String) -> String {
        let hidden = |name: &str, value: &str| format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        html.replace("<!--depth-->", &(hidden("depth", depth_word(self.depth)) + &hidden("way", self.way.word())))
    }

    fn notice(&self, part: &str) -> Option<Notice> {
        self.said.filter(|said| said.part == part).map(|said| said.notice.clone())
    }

    async fn ask(&self, id: &str) -> Result<AskBlock, WebError> {
        let wrote = match self.learner.wrote(&self.lesson.skill, id) {
            Some(text) => self.app.desk.text(text).await?.unwrap_or_else(|| "(deleted)".into()),
            None => String::new(),
        };
        let notice = self.notice(id).map(|notice| notice.question).unwrap_or_default();
        Ok(AskBlock { action: format!("/learn/{}/why/{}", segment(&self.lesson.skill), segment(id)), wrote, answer: String::new(), notice })
    }
}

/// Blocks that state what a figure above them shows.
fn gives_away(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Saw | BlockKind::Trap | BlockKind::Rule)
}

fn class(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Rule => "rule",
        BlockKind::Analogy => "aside-analogy",
        BlockKind::Stack | BlockKind::Domain | BlockKind::Scale => "stack",
        BlockKind::Summary => "one-screen",
        BlockKind::Numbers => "numbers-box",
        BlockKind::Rest => "rest",
        BlockKind::Trap => "trap",
        _ => "",
    }
}

fn sources(lesson: &Lesson) -> Vec<SourceRow> {
    lesson
        .sources
        .iter()
        .map(|source| SourceRow {
            id: source.id.clone(),
            text: format!(
                "{} {}, “{}”{}",
                source.author,
                source.year,
                source.title,
                if source.place.is_empty() { String::new() } else { format!(", {}", source.place) }
            ),
            good_for: source.good_for.clone(),
        })
        .collect()
}
