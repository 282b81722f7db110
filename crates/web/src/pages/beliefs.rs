//! What Octo believes of a learner: every skill as a picture and as a list, each with the evidence
//! that made it. Being tested is in `belief_test`, how sure they were in `sure`.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use certificate::Utc;
use desk::{DeskError, Learner};
use picture::{Column, Ground, Map, Spot};
use tutor::{Belief, Cause, Evidence, Line, State as LineState, Weight, percent};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::segment;
use crate::pages::plan::{choices, day_words};
use crate::pages::sure::Sure;
use crate::pages::{chrome, go};

/// As many skills as an answer would move are listed.
const MOVED: usize = 10;

#[derive(Template)]
#[template(path = "beliefs.html")]
struct BeliefsPage {
    chrome: Chrome,
    picture: String,
    chapters: Vec<ChapterBeliefs>,
    sure: Sure,
    answers: u32,
}

struct ChapterBeliefs {
    number: usize,
    title: String,
    rows: Vec<Row>,
}

struct Row {
    number: String,
    name: String,
    href: String,
    /// Of the bar, and in words.
    percent: u32,
    words: String,
    ground: String,
    /// Numbers and names of what it rests on.
    needs: Vec<Named>,
}

struct Named {
    number: String,
    name: String,
    href: String,
}

#[derive(Template)]
#[template(path = "belief.html")]
struct BeliefPage {
    chrome: Chrome,
    skill: String,
    number: String,
    title: String,
    percent: String,
    weight: String,
    /// In words: "Octo thinks that you probably know this."
    verdict: &'static str,
    groups: Vec<Group>,
    running: bool,
    reason: String,
    overruled: bool,
    choices: Vec<(&'static str, &'static str, bool)>,
    due: Option<String>,
    lesson: Option<String>,
    moves: Vec<MovedRow>,
    needs: Vec<Named>,
    needed_by: Vec<Named>,
}

/// Lines of the ledger that belong together, with their sum.
struct Group {
    title: &'static str,
    lines: Vec<LedgerLine>,
    sum: String,
    /// Many small lines are folded.
    folded: bool,
}

struct LedgerLine {
    when: String,
    sentence: String,
    amount: String,
}

struct MovedRow {
    named: Named,
    itself: bool,
    now: String,
    right: String,
    wrong: String,
}

pub(crate) async fn all(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let beliefs = learner.beliefs();
    let numbers = learner.shelf.numbers();
    let page = BeliefsPage {
        chrome: chrome(&app, &learner, &headers, &uri, "beliefs", "What Octo believes of you"),
        picture: picture::map(&map(&learner, &beliefs, &numbers)),
        chapters: chapters(&learner, &beliefs, &numbers),
        sure: Sure::of(&learner.calibration(), tutor::ranges(&learner.entries)),
        answers: learner.plan.lines.iter().map(|line| line.answers.right + line.answers.wrong).sum(),
    };
    Ok(html(StatusCode::OK, &page))
}

pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Path(skill): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let no_such = || DeskError::NoSuch { what: "module", name: skill.chars().take(80).collect() };
    let index = learner.shelf.curriculum.skill(&skill).ok_or_else(no_such)?;
    let row = learner.shelf.course.skill(&skill).ok_or_else(no_such)?;
    let line = learner.plan.line(index).ok_or_else(no_such)?;
    let belief = learner.beliefs().swap_remove(index);
    let numbers = learner.shelf.numbers();
    let skills = &learner.shelf.curriculum.skills;
    let page = BeliefPage {
        chrome: chrome(&app, &learner, &headers, &uri, "beliefs", format!("What Octo believes: {}", row.title)),
        number: numbers.get(&skill).cloned().unwrap_or_default(),
        title: row.title.clone(),
        percent: percent(belief.p()),
        weight: belief.weight.to_string(),
        verdict: verdict(belief.p()),
        groups: groups(&learner, &belief),
        running: learner.test(&skill).is_some_and(|test| test.settled.is_none()),
        reason: line.reason.sentence(&learner.shelf.curriculum),
        overruled: line.overruled.is_some(),
        choices: choices(line.treatment),
        due: due(&learner, index),
        lesson: learner.shelf.course.lessons.contains_key(&skill).then(|| format!("/learn/{}", segment(&skill))),
        moves: moves(&learner, index, &numbers),
        needs: skills[index].prerequisites.iter().map(|&needed| named(&learner, needed, &numbers)).collect(),
        needed_by: (0..skills.len())
            .filter(|&other| skills[other].prerequisites.contains(&index))
            .map(|other| named(&learner, other, &numbers))
            .collect(),
        skill,
    };
    Ok(html(StatusCode::OK, &page))
}

fn verdict(p: f64) -> &'static str {
    match p {
        p if p >= 0.96 => "Octo takes it that you know this.",
        p if p > 0.7 => "Octo thinks that you probably know this.",
        p if p >= 0.3 => "Octo cannot tell whether you know this.",
        _ => "Octo thinks that you do not know this yet.",
    }
}

fn named(learner: &Learner, skill: usize, numbers: &BTreeMap<String, String>) -> Named {
    let skill = &learner.shelf.curriculum.skills[skill];
    Named {
        number: numbers.get(&skill.id).cloned().unwrap_or_default(),
        name: skill.name.clone(),
        href: format!("/beliefs/{}", segment(&skill.id)),
    }
}

/// What a belief rests on, in words.
fn ground(line: &Line) -> (Ground, String) {
    let answers = line.answers.right + line.answers.wrong;
    let counted = match answers {
        1 => "one answer of yours on it".to_owned(),
        n => format!("{n} answers of yours on it"),
    };
    match line.state {
        LineState::Proved => (Ground::Settled, format!("proved, {counted}")),
        LineState::Mastered => (Ground::Settled, format!("mastered, {counted}")),
        _ if answers > 0 => (Ground::Seen, counted),
        _ => (Ground::Inferred, "inferred, no answer on it yet".to_owned()),
    }
}

fn map(learner: &Learner, beliefs: &[Belief], numbers: &BTreeMap<String, String>) -> Map {
    let course = &learner.shelf.course;
    let skills = &learner.shelf.curriculum.skills;
    // Boxes are numbered chapter by chapter, which need not be the order of the curriculum.
    let mut place = BTreeMap::new();
    let mut columns = Vec::new();
    for chapter in &course.text.chapters {
        let own = (0..skills.len()).filter(|&skill| skills[skill].area == chapter.id);
        let mut boxes = Vec::new();
        for skill in own {
            let Some(line) = learner.plan.line(skill) else { continue };
            place.insert(skill, place.len());
            boxes.push(spot(named(learner, skill, numbers), &beliefs[skill], line));
        }
        columns.push(Column { title: chapter.title.clone(), boxes });
    }
    let arrows = place.iter().flat_map(|(&skill, &to)| {
        let needs = skills[skill].prerequisites.iter();
        needs.filter_map(|needed| place.get(needed)).map(move |&from| (from, to)).collect::<Vec<_>>()
    });
    Map {
        id: "skills".into(),
        title: "What rests on what, and what is believed".into(),
        summary: "A column for each chapter and a box for each module, with an arrow from what is needed to what needs it. \
                  The list below says the same in words."
            .into(),
        arrows: arrows.collect(),
        columns,
    }
}

fn spot(named: Named, belief: &Belief, line: &Line) -> Spot {
    Spot { number: named.number, name: named.name, href: named.href, share: belief.p(), ground: ground(line).0 }
}

fn chapters(learner: &Learner, beliefs: &[Belief], numbers: &BTreeMap<String, String>) -> Vec<ChapterBeliefs> {
    let skills = &learner.shelf.curriculum.skills;
    let row = |skill: usize| {
        let line = learner.plan.line(skill)?;
        let Named { number, name, href } = named(learner, skill, numbers);
        let needs = skills[skill].prerequisites.iter().map(|&needed| self::named(learner, needed, numbers)).collect();
        let p = beliefs[skill].p();
        Some(Row { number, name, href, percent: (p * 100.0).round() as u32, words: percent(p), ground: ground(line).1, needs })
    };
    let chapters = learner.shelf.course.text.chapters.iter().enumerate();
    let chapters = chapters.map(|(at, chapter)| ChapterBeliefs {
        number: at + 1,
        title: chapter.title.clone(),
        rows: (0..skills.len()).filter(|&skill| skills[skill].area == chapter.id).filter_map(row).collect(),
    });
    chapters.collect()
}

fn groups(learner: &Learner, belief: &Belief) -> Vec<Group> {
    const FOLD: usize = 12;
    let titles = ["Assumed before your first answer", "What you did on it", "What your other answers say of it"];
    let place = |line: &Evidence| match line.entry {
        None => 0,
        Some(_) if is_own(line.cause) => 1,
        Some(_) => 2,
    };
    let groups = titles.into_iter().enumerate().map(|(at, title)| {
        let lines: Vec<&Evidence> = belief.lines.iter().filter(|line| place(line) == at).collect();
        let sum: Weight = lines.iter().map(|line| line.amount).sum();
        let lines: Vec<LedgerLine> = lines.into_iter().map(|line| ledger_line(learner, line)).collect();
        Group { title, folded: lines.len() > FOLD, sum: sum.to_string(), lines }
    });
    groups.filter(|group| !group.lines.is_empty()).collect()
}

fn is_own(cause: Cause) -> bool {
    match cause {
        Cause::Claim { .. } | Cause::Answer { .. } | Cause::Lesson | Cause::Practised => true,
        Cause::Level | Cause::Held { .. } | Cause::Above { .. } | Cause::Below { .. } | Cause::Ability { .. } | Cause::Claims => false,
    }
}

fn ledger_line(learner: &Learner, line: &Evidence) -> LedgerLine {
    let entry = line.entry.and_then(|seq| usize::try_from(seq).ok()?.checked_sub(1)).and_then(|at| learner.entries.get(at));
    LedgerLine {
        when: entry.map_or_else(String::new, |entry| Utc::from_unix_ms(entry.at.0).date().to_owned()),
        sentence: line.sentence(&learner.shelf.curriculum),
        amount: line.amount.to_string(),
    }
}

/// When it comes back as a review, if it does.
fn due(learner: &Learner, skill: usize) -> Option<String> {
    let cards = tutor::cards(&learner.shelf.curriculum, &learner.priors, &learner.entries);
    let card = cards.into_iter().find(|card| card.skill == skill)?;
    Some(day_words(card.due, learner.now))
}

fn moves(learner: &Learner, skill: usize, numbers: &BTreeMap<String, String>) -> Vec<MovedRow> {
    // Half a percent is visible where whole ones are shown: one decimal tells every listed row apart.
    let shown = |p: f64| format!("{:.1}%", p * 100.0);
    let rows = learner.influence(skill).into_iter().take(MOVED).map(|moved| MovedRow {
        named: named(learner, moved.skill, numbers),
        itself: moved.skill == skill,
        now: shown(moved.now),
        right: shown(moved.right),
        wrong: shown(moved.wrong),
    });
    rows.collect()
}
