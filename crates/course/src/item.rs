//! Items: questions as data, in the forms that can be graded here. Grading is in `grade`.

use std::collections::{BTreeMap, BTreeSet};

use record::Depth;
use serde::Deserialize;

use crate::problem::{Reporter, read_toml};

/// The values that a variation of an item takes: name -> text with its unit.
pub type Vars = BTreeMap<String, String>;

/// Texts are Markdown; `{name}` in them is a value that varies.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: String,
    pub skill: String,
    pub file: String,
    /// The line of its fence.
    pub line: usize,
    pub version: u32,
    pub supersedes: Option<String>,
    /// Depths on whose page it stands; empty: practice alone.
    pub pages: BTreeSet<Depth>,
    pub placement: bool,
    pub ask: String,
    pub hints: Vec<String>,
    /// Said when the answer is right.
    pub right: String,
    /// Said when it is wrong in a way that nothing more particular fits.
    pub otherwise: String,
    pub vary: BTreeMap<String, Vec<String>>,
    pub form: Form,
}

#[derive(Debug, Clone)]
pub enum Form {
    Choice { options: Vec<OptionText> },
    Several { options: Vec<OptionText> },
    Numeric(Numeric),
    Order { lines: Vec<Line>, wrong: Vec<OrderSlip> },
    Short { ideas: Vec<Idea>, pass: usize, must: Vec<String>, number: bool, no_number: String, model: String, senior: String },
    Predict(PredictItem),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionText {
    pub text: String,
    #[serde(default)]
    pub right: bool,
    /// Feedback of its own.
    pub say: String,
}

#[derive(Debug, Clone)]
pub struct Numeric {
    /// A napkin expression over the varied values.
    pub solve: String,
    pub unit: Option<String>,
    /// Relative tolerance of a sum; `None`: scored on the log scale of estimates.
    pub within: Option<f64>,
    pub slips: Vec<Slip>,
    pub wrong_unit: String,
}

/// A known way to go wrong: what it computes, and what to say about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slip {
    pub solve: String,
    pub say: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub text: String,
    /// Shown beside the line once it is in its place.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderSlip {
    /// The first line (by its place in the right order) was put before the second.
    pub before: [usize; 2],
    pub say: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idea {
    pub name: String,
    /// Phrases that show the idea; words match by their beginning ("wait" finds "waiting").
    pub any: Vec<String>,
    pub missing: String,
}

#[derive(Debug, Clone)]
pub struct PredictItem {
    /// Relative to the pack.
    pub design: String,
    pub before: BTreeMap<String, String>,
    pub after: BTreeMap<String, String>,
    pub measure: String,
    pub seeds: u32,
    pub say_direction: String,
    pub say_factor: String,
    pub say_bottleneck: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kind: String,
    ask: String,
    #[serde(default = "one")]
    version: u32,
    supersedes: Option<String>,
    #[serde(default, rename = "in")]
    pages: Vec<String>,
    #[serde(default)]
    placement: bool,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    right: String,
    #[serde(default, rename = "else")]
    otherwise: String,
    #[serde(default)]
    vary: BTreeMap<String, Vec<String>>,
    options: Option<Vec<OptionText>>,
    solve: Option<String>,
    unit: Option<String>,
    within: Option<String>,
    scale: Option<String>,
    #[serde(default)]
    wrong_unit: String,
    /// Slips of a number, or of an order: told apart by the kind.
    #[serde(default)]
    wrong: Vec<toml::Table>,
    lines: Option<Vec<Line>>,
    ideas: Option<Vec<Idea>>,
    pass: Option<usize>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    number: bool,
    #[serde(default)]
    no_number: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    senior: String,
    design: Option<String>,
    #[serde(default)]
    before: BTreeMap<String, String>,
    #[serde(default)]
    after: BTreeMap<String, String>,
    measure: Option<String>,
    #[serde(default = "one")]
    seeds: u32,
    #[serde(default)]
    say: BTreeMap<String, String>,
}

fn one() -> u32 {
    1
}

pub(crate) fn read_item(id: &str, text: &str, line: usize, folder: &str, report: &mut Reporter<'_>) -> Option<Item> {
    let raw: Raw = read_toml(text, line, report)?;
    let skill = skill_of(id)?;
    let form = read_form(id, &raw, line, folder, report)?;
    let item = Item {
        id: id.to_owned(),
        skill,
        file: report.file().to_owned(),
        line,
        version: raw.version,
        supersedes: raw.supersedes,
        pages: pages(id, &raw.pages, line, report),
        placement: raw.placement,
        ask: raw.ask,
        hints: raw.hints,
        right: raw.right,
        otherwise: raw.otherwise,
        vary: raw.vary,
        form,
    };
    check(&item, report);
    Some(item)
}

/// "read.queueing.03" belongs to "read.queueing".
pub(crate) fn skill_of(id: &str) -> Option<String> {
    id.rsplit_once('.').map(|(skill, _)| skill.to_owned())
}

fn pages(id: &str, words: &[String], line: usize, report: &mut Reporter<'_>) -> BTreeSet<Depth> {
    let mut depths = BTreeSet::new();
    for word in words {
        match depth(word) {
            Some(depth) => {
                depths.insert(depth);
            }
            None => report.suggest(line, format!("“{word}” in item {id} is not a depth."), "Write brief, standard or slow."),
        }
    }
    depths
}

pub(crate) fn depth(word: &str) -> Option<Depth> {
    match word {
        "brief" => Some(Depth::Brief),
        "standard" => Some(Depth::Standard),
        "slow" => Some(Depth::Slow),
        _ => None,
    }
}

fn read_form(id: &str, raw: &Raw, line: usize, folder: &str, report: &mut Reporter<'_>) -> Option<Form> {
    let mut need = |what: &str| {
        report.suggest(line, format!("Item {id} is of kind {} and has no {what}.", raw.kind), format!("Add {what} = …"));
    };
    Some(match raw.kind.as_str() {
        "choice" | "several" => {
            let Some(options) = raw.options.clone() else {
                need("options");
                return None;
            };
            if raw.kind == "choice" { Form::Choice { options } } else { Form::Several { options } }
        }
        "numeric" => {
            let Some(solve) = raw.solve.clone() else {
                need("solve");
                return None;
            };
            Form::Numeric(Numeric {
                solve,
                unit: raw.unit.clone(),
                within: within(id, raw, line, report)?,
                slips: raw.wrong.iter().filter_map(|slip| typed(id, slip, line, report)).collect(),
                wrong_unit: raw.wrong_unit.clone(),
            })
        }
        "order" => {
            let Some(lines) = raw.lines.clone() else {
                need("lines");
                return None;
            };
            Form::Order { lines, wrong: raw.wrong.iter().filter_map(|slip| typed(id, slip, line, report)).collect() }
        }
        "short" => {
            let Some(ideas) = raw.ideas.clone() else {
                need("ideas");
                return None;
            };
            Form::Short {
                pass: raw.pass.unwrap_or(ideas.len()),
                ideas,
                must: raw.must.clone(),
                number: raw.number,
                no_number: raw.no_number.clone(),
                model: raw.model.clone(),
                senior: raw.senior.clone(),
            }
        }
        "predict" => {
            let (Some(design), Some(measure)) = (&raw.design, &raw.measure) else {
                need("design and measure");
                return None;
            };
            let say = |key: &str| raw.say.get(key).cloned().unwrap_or_default();
            Form::Predict(PredictItem {
                design: format!("{folder}/{design}"),
                before: raw.before.clone(),
                after: raw.after.clone(),
                measure: measure.clone(),
                seeds: raw.seeds,
                say_direction: say("direction"),
                say_factor: say("factor"),
                say_bottleneck: say("bottleneck"),
            })
        }
        other => {
            report.suggest(
                line,
                format!("Item {id} is of kind “{other}”, which is not known."),
                "Write choice, several, numeric, order, short or predict.",
            );
            return None;
        }
    })
}

fn within(id: &str, raw: &Raw, line: usize, report: &mut Reporter<'_>) -> Option<Option<f64>> {
    if raw.scale.as_deref() == Some("estimate") {
        return Some(None);
    }
    let text = raw.within.as_deref().unwrap_or("2 %");
    match units::Share::parse(text) {
        Ok(share) => Some(Some(share.as_f64())),
        Err(problem) => {
            report.error(line, format!("within of item {id}: {problem}"));
            None
        }
    }
}

fn typed<T: serde::de::DeserializeOwned>(id: &str, table: &toml::Table, line: usize, report: &mut Reporter<'_>) -> Option<T> {
    match table.clone().try_into() {
        Ok(value) => Some(value),
        Err(error) => {
            report.error(line, format!("In wrong of item {id}: {}.", error.message().trim_end_matches('.')));
            None
        }
    }
}

/// The rules of item writing that a machine can hold (learning note 4.1).
fn check(item: &Item, report: &mut Reporter<'_>) {
    let (id, line) = (&item.id, item.line);
    if item.hints.len() != 4 {
        report.suggest(
            line,
            format!("Item {id} has {} hints.", item.hints.len()),
            "Give four: the goal, the section, the next step, a worked sibling.",
        );
    }
    for (at, hint) in item.hints.iter().enumerate() {
        if hint.split_whitespace().count() > 60 {
            report.note(line, format!("Hint {} of {id} is longer than 60 words.", at + 1));
        }
    }
    if item.variations() > 10_000 {
        report.error(line, format!("Item {id} has {} variations; 10,000 are enough.", item.variations()));
    }
    match &item.form {
        Form::Choice { options } => check_options(item, options, true, report),
        Form::Several { options } => check_options(item, options, false, report),
        Form::Numeric(_) => {
            if item.right.is_empty() || item.otherwise.is_empty() {
                report.suggest(line, format!("Item {id} lacks feedback."), "Add right = \"…\" and else = \"…\".");
            }
        }
        Form::Order { lines, .. } => {
            if !(3..=6).contains(&lines.len()) {
                report.error(line, format!("Item {id} orders {} lines; three to six can be held in mind.", lines.len()));
            }
        }
        Form::Short { ideas, pass, must, .. } => {
            if *pass > ideas.len() || ideas.is_empty() {
                report.error(line, format!("Item {id} passes with {pass} of {} ideas.", ideas.len()));
            }
            if let Some(name) = must.iter().find(|name| ideas.iter().all(|idea| idea.name != **name)) {
                report.error(line, format!("Item {id} demands the idea “{name}”, which it does not list."));
            }
        }
        Form::Predict(_) => {}
    }
}

fn check_options(item: &Item, options: &[OptionText], one: bool, report: &mut Reporter<'_>) {
    let (id, line) = (&item.id, item.line);
    let right = options.iter().filter(|option| option.right).count();
    if one && right != 1 {
        report.error(line, format!("Item {id} has {right} right options; a choice has exactly one."));
    }
    if !(3..=if one { 4 } else { 6 }).contains(&options.len()) {
        report.error(line, format!("Item {id} has {} options.", options.len()));
    }
    for (at, option) in options.iter().enumerate() {
        if option.say.trim().is_empty() {
            report.error(line, format!("Option {} of {id} has no feedback of its own.", at + 1));
        }
        let text = option.text.to_lowercase();
        if ["all of the above", "none of the above", "all of these"].iter().any(|banned| text.contains(banned)) {
            report.error(line, format!("Option {} of {id} says “{}”, which tests nothing.", at + 1, option.text));
        }
        if options[..at].iter().any(|earlier| earlier.text == option.text) {
            report.error(line, format!("Option {} of {id} stands twice.", at + 1));
        }
    }
}

impl Item {
    /// How many different questions this one can be.
    pub fn variations(&self) -> u64 {
        self.vary.values().map(|values| values.len() as u64).product::<u64>().max(1)
    }

    /// The values of variation `seed`; seeds beyond the number of variations come round again.
    ///
    /// Neighbouring seeds differ in every varied value where they can, so that two in a row do
    /// not look alike.
    pub fn vars(&self, seed: u64) -> Vars {
        let total = self.variations();
        let mut index = (seed % total) * stride(total) % total;
        let mut vars = Vars::new();
        for (name, values) in &self.vary {
            let n = values.len() as u64;
            vars.insert(name.clone(), values[(index % n) as usize].clone());
            index /= n;
        }
        vars
    }

    /// The chance of being right without knowing.
    pub fn guess(&self) -> f64 {
        match &self.form {
            Form::Choice { options } => 1.0 / options.len().max(2) as f64,
            Form::Several { options } => 1.0 / (1u32 << options.len().clamp(1, 16)) as f64,
            Form::Numeric(_) | Form::Short { .. } | Form::Predict(_) => 0.05,
            Form::Order { lines, .. } => 1.0 / (1..=lines.len().min(8)).product::<usize>().max(1) as f64,
        }
    }

    pub fn slip(&self) -> f64 {
        0.10
    }

    /// Whether a right answer is hard to come by without knowing.
    pub fn hard(&self) -> bool {
        matches!(self.form, Form::Numeric(_) | Form::Short { .. } | Form::Predict(_))
    }

    pub fn form_word(&self) -> &'static str {
        match self.form {
            Form::Choice { .. } => "choice",
            Form::Several { .. } => "several",
            Form::Numeric(_) => "numeric",
            Form::Order { .. } => "order",
            Form::Short { .. } => "short",
            Form::Predict(_) => "run",
        }
    }
}

/// A step that visits every index below `total` and moves far each time.
fn stride(total: u64) -> u64 {
    let mut step = (total * 5 / 8) | 1;
    while gcd(step, total) != 1 {
        step += 2;
    }
    step
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Item {
    /// Evaluates an expression of this item over the values of one variation.
    pub fn solve(&self, expression: &str, vars: &Vars) -> Result<units::Quantity, String> {
        let mut sheet = String::new();
        for (name, value) in vars {
            sheet.push_str(&format!("{name} = {value}\n"));
        }
        sheet.push_str(expression);
        match napkin::evaluate(&sheet) {
            Ok(sheet) => sheet.steps.last().map(|step| step.value.quantity()).ok_or_else(|| "there is nothing to compute.".to_owned()),
            Err(problems) => Err(problems.first().map(ToString::to_string).unwrap_or_default()),
        }
    }
}
