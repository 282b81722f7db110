//! One question as a block of a page, in each of its forms and states. Lessons, practice and
//! placement show the same block. What stands over a picture is in `picked`.

use askama::Template;
use course::{Course, Form, Item, OptionText, Vars};
use desk::ItemView;
use grade::{Response, Say};
use record::Outcome;

use crate::figure::{system, with};
use crate::picked;

/// Where a block's forms are sent, and how it stands on its page.
pub(crate) struct Place {
    /// The address that takes the answer.
    pub(crate) action: String,
    /// The address that shows the next hint; empty where there are none.
    pub(crate) hint: String,
    /// "Question 2 of 4"
    pub(crate) label: String,
    /// Ask how sure they are.
    pub(crate) confidence: bool,
    /// No feedback: the placement.
    pub(crate) silent: bool,
    /// Something to say about an answer that was not recorded, and what was sent.
    pub(crate) notice: Option<Notice>,
}

#[derive(Clone)]
pub(crate) struct Notice {
    pub(crate) question: String,
    pub(crate) fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "item.html")]
pub(crate) struct ItemBlock {
    place: Place,
    id: String,
    seed: u64,
    ask: String,
    form: &'static str,
    note: &'static str,
    /// The question is settled: answered right, or given up.
    settled: bool,
    outcome: Option<Outcome>,
    options: Vec<OptionRow>,
    lines: Vec<LineRow>,
    unit: String,
    value: String,
    /// A range is asked for, and what was given.
    interval: bool,
    low: String,
    high: String,
    /// What a repair must meet, and the settings it may change.
    required: Vec<String>,
    changes: Vec<ChangeRow>,
    /// What the answer was, once settled.
    key: Option<String>,
    says: Vec<String>,
    hints: Vec<String>,
    /// The rung that the button would show; none when it must wait for an attempt.
    next_hint: Option<usize>,
    hint_count: usize,
    model: String,
    senior: String,
    /// For a prediction: the system, and its boxes to choose from.
    picture: String,
    boxes: Vec<String>,
    direction: String,
    bottleneck: String,
    chosen_sure: String,
}

struct OptionRow {
    at: usize,
    html: String,
    chosen: bool,
    /// Shown as right or wrong.
    right: Option<bool>,
    say: Option<String>,
}

/// A setting that may be changed.
struct ChangeRow {
    at: usize,
    /// "db · workers", and what the catalogue says of it.
    name: String,
    doc: &'static str,
    now: String,
    values: Vec<String>,
    /// The place of the chosen value.
    chosen: Option<usize>,
}

struct LineRow {
    at: usize,
    html: String,
    note: String,
    place: usize,
}

impl ItemBlock {
    pub(crate) fn new(course: &Course, view: &ItemView, place: Place) -> Self {
        let item = &view.item;
        let vars = item.vars(view.seed);
        let html = |text: &str| course.item_html(item, text, &vars);
        let last = view.last.as_ref().filter(|_| !place.silent);
        let outcome = last.map(|last| last.verdict.outcome);
        let settled = matches!(outcome, Some(Outcome::Right | Outcome::Unknown));
        let fields = place.notice.as_ref().map(|notice| notice.fields.clone()).unwrap_or_default();
        let sent = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let response = last.map(|last| &last.response);
        let (direction, factor, bottleneck) = match response {
            Some(Response::Prediction { up, factor, bottleneck }) => {
                (["down", "same", "up"][(up + 1) as usize].to_owned(), factor.clone(), bottleneck.clone())
            }
            _ => (sent("direction"), sent("factor"), sent("bottleneck")),
        };
        let value = match response {
            Some(Response::Number(text) | Response::Written(text) | Response::Range { value: text, .. }) => text.clone(),
            Some(Response::Prediction { .. }) => factor,
            _ => [sent("number"), sent("text"), sent("factor")].concat(),
        };
        let (low, high) = match response {
            Some(Response::Range { low, high, .. }) => (low.clone(), high.clone()),
            _ => (sent("low"), sent("high")),
        };
        let attempts = view.attempts;
        let waits = usize::from(view.hints) > attempts as usize;
        Self {
            id: item.id.clone(),
            seed: view.seed,
            ask: html(&item.ask),
            form: item.form_word(),
            note: note(item),
            settled,
            outcome,
            options: if let Form::Saturates(_) = &item.form {
                boxes_of(course, item, view, settled)
            } else {
                options(item, view, settled, &html)
            },
            lines: lines(item, view, &sent, &html),
            unit: unit(item),
            value,
            interval: matches!(&item.form, Form::Numeric(numeric) if numeric.interval),
            low,
            high,
            required: required(item),
            changes: changes(course, item, view, &sent),
            key: settled.then(|| grade::key(item, view.seed)).flatten(),
            says: says(item, last.map(|last| last.verdict.say.as_slice()), outcome, &html),
            hints: item.hints.iter().take(view.hints.into()).map(|hint| html(hint)).collect(),
            next_hint: (!settled && !waits && usize::from(view.hints) < item.hints.len() && !place.hint.is_empty())
                .then_some(usize::from(view.hints) + 1),
            hint_count: item.hints.len(),
            model: if let Form::Short { model, .. } = &item.form { html(model) } else { String::new() },
            senior: if let Form::Short { senior, .. } = &item.form { html(senior) } else { String::new() },
            picture: picture(course, item, view, settled),
            boxes: boxes(course, item),
            direction,
            bottleneck,
            chosen_sure: sent("sure"),
            place,
        }
    }

    /// The id for headings and labels, without points.
    fn dom(&self) -> String {
        self.id.replace('.', "-")
    }

    fn is_wrong(&self) -> bool {
        self.outcome == Some(Outcome::Wrong)
    }

    fn is_right(&self) -> bool {
        self.outcome == Some(Outcome::Right)
    }

    fn rung(&self) -> &'static str {
        match self.next_hint {
            Some(1) => "First hint",
            Some(2) => "Second hint",
            Some(3) => "Third hint",
            _ => "Last hint",
        }
    }
}

fn note(item: &Item) -> &'static str {
    match &item.form {
        Form::Choice { .. } => "one is right",
        Form::Several { .. } => "any number may be right",
        Form::Numeric(numeric) if numeric.within.is_some() => "a sum",
        Form::Numeric(numeric) if numeric.interval => "an estimate and its range",
        Form::Numeric(_) => "an estimate: the right factor counts",
        Form::Order { .. } => "put them in order",
        Form::Short { .. } => "in your own words",
        Form::Predict(_) | Form::Saturates(_) => "decided by a run",
        Form::Repair(_) => "one change, decided by runs",
    }
}

fn unit(item: &Item) -> String {
    match &item.form {
        Form::Numeric(numeric) => numeric.unit.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

fn options(item: &Item, view: &ItemView, settled: bool, html: &dyn Fn(&str) -> String) -> Vec<OptionRow> {
    let (Form::Choice { options } | Form::Several { options }) = &item.form else { return Vec::new() };
    let chosen: &[usize] = match view.last.as_ref().map(|last| &last.response) {
        Some(Response::Options(chosen)) => chosen,
        _ => &[],
    };
    let answered = view.last.is_some();
    let row = |(at, option): (usize, &OptionText)| {
        let was_chosen = chosen.contains(&at);
        // Before it is settled only the chosen options show what they are: the rest is still to be found.
        let shown = answered && (settled || was_chosen);
        OptionRow {
            at,
            html: html(&option.text),
            chosen: was_chosen,
            right: shown.then_some(option.right),
            say: shown.then(|| html(&option.say)),
        }
    };
    options.iter().enumerate().map(row).collect()
}

fn lines(item: &Item, view: &ItemView, sent: &dyn Fn(&str) -> String, html: &dyn Fn(&str) -> String) -> Vec<LineRow> {
    let Form::Order { lines, .. } = &item.form else { return Vec::new() };
    let order: Option<&Vec<usize>> = match view.last.as_ref().map(|last| &last.response) {
        Some(Response::Order(order)) => Some(order),
        _ => None,
    };
    let settled = matches!(view.last.as_ref().map(|last| last.verdict.outcome), Some(Outcome::Right | Outcome::Unknown));
    let shown = if settled { (0..lines.len()).collect() } else { grade::shuffled(item, view.seed, lines.len()) };
    let place = |line: usize| match order {
        Some(order) => order.iter().position(|other| *other == line).map_or(0, |at| at + 1),
        None => sent(&format!("place{line}")).parse().unwrap_or(0),
    };
    shown
        .into_iter()
        .map(|at| LineRow {
            at,
            html: html(&lines[at].text),
            note: if settled { html(&lines[at].note) } else { String::new() },
            place: place(at),
        })
        .collect()
}

/// Feedback that belongs to no option; what "I don't know" is answered with is the solution.
fn says(item: &Item, said: Option<&[Say]>, outcome: Option<Outcome>, html: &dyn Fn(&str) -> String) -> Vec<String> {
    let said = said.unwrap_or(&[]).iter().filter(|say| say.option.is_none()).map(|say| say.html.clone());
    if outcome == Some(Outcome::Unknown) && !item.right.is_empty() {
        return said.chain([html(&item.right)]).collect();
    }
    said.collect()
}

/// The design of a question as it stands before any change.
fn design_of(course: &Course, item: &Item) -> Option<design::Document> {
    let set = match &item.form {
        Form::Predict(predict) => &predict.before,
        Form::Saturates(saturates) => &saturates.set,
        Form::Repair(repair) => &repair.set,
        _ => return None,
    };
    course.designs.get(item.design()?).map(|design| with(design, set))
}

fn picture(course: &Course, item: &Item, view: &ItemView, settled: bool) -> String {
    let Some(design) = design_of(course, item) else { return String::new() };
    let id = format!("{}-{}", item.id.replace('.', "-"), view.seed);
    match &item.form {
        Form::Saturates(saturates) if !settled => picked::system(&design, &saturates.boxes, &id, &item.id.replace('.', "-")),
        _ => system(&design, &id),
    }
}

/// The boxes as options: what the picture writes into them, in words.
fn boxes_of(course: &Course, item: &Item, view: &ItemView, settled: bool) -> Vec<OptionRow> {
    let (Form::Saturates(saturates), Some(design)) = (&item.form, design_of(course, item)) else { return Vec::new() };
    let chosen = match view.last.as_ref().map(|last| &last.response) {
        Some(Response::Options(chosen)) => chosen.first().copied(),
        _ => None,
    };
    let row = |(at, name): (usize, &String)| OptionRow {
        at,
        html: picked::words(&design, name),
        chosen: chosen == Some(at),
        right: (view.last.is_some() && (settled || chosen == Some(at))).then_some(*name == saturates.first),
        say: None,
    };
    saturates.boxes.iter().enumerate().map(row).collect()
}

/// What must hold, as a design writes it.
fn required(item: &Item) -> Vec<String> {
    let Form::Repair(repair) = &item.form else { return Vec::new() };
    let budget = repair.budget.iter().map(|budget| format!("cost <= {budget}"));
    repair.require.values().cloned().chain(budget).collect()
}

fn changes(course: &Course, item: &Item, view: &ItemView, sent: &dyn Fn(&str) -> String) -> Vec<ChangeRow> {
    let (Form::Repair(repair), Some(design)) = (&item.form, design_of(course, item)) else { return Vec::new() };
    let given = match view.last.as_ref().map(|last| &last.response) {
        Some(Response::Options(places)) => places.as_slice(),
        _ => &[],
    };
    let row = |(at, offer): (usize, &course::Offer)| ChangeRow {
        at,
        name: offer.path.replace("->", "→").replacen('.', " · ", 1),
        doc: picked::meaning(&design, &offer.path),
        now: picked::now(&design, &offer.path),
        values: offer.to.iter().map(|change| change.value.clone()).collect(),
        chosen: match given {
            [offer, to] => (*offer == at).then_some(*to),
            _ => sent(&format!("change{at}")).parse().ok(),
        },
    };
    repair.offers.iter().enumerate().map(row).collect()
}

/// The components that can be the busiest: all but those that send.
fn boxes(course: &Course, item: &Item) -> Vec<String> {
    let Form::Predict(predict) = &item.form else { return Vec::new() };
    course.designs.get(&predict.design).map(component_names).unwrap_or_default()
}

pub(crate) fn component_names(design: &design::Document) -> Vec<String> {
    design.components.iter().filter(|(_, component)| component.kind != "clients").map(|(name, _)| name.clone()).collect()
}

/// Values of a question without any: for texts outside an item.
pub(crate) fn no_vars() -> Vars {
    Vars::new()
}
