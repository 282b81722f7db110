//! Answers to items: what was given, whether it is right, and what to say about it.

use std::collections::BTreeMap;

use course::{Course, Form, Idea, Item, Numeric, OptionText, PredictItem, Vars};
use record::Outcome;
use sim::Measure;
use units::{Dimension, Quantity};

use crate::experiment::{RunProblem, Runner, experiment};
use crate::score::log_score;
use crate::short;

/// What a learner gave, in a form that fits the item. Its text form (`to_text`, `parse`) is what
/// the record keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// "I don't know."
    Unknown,
    /// Places of the chosen options.
    Options(Vec<usize>),
    /// A number with its unit, as typed.
    Number(String),
    /// For each place from the top, which line of the right order was put there.
    Order(Vec<usize>),
    Written(String),
    Prediction {
        up: i8,
        factor: String,
        bottleneck: String,
    },
}

/// Either a verdict, or a question back: a text that can be read in two ways is never marked.
#[derive(Debug, Clone)]
pub enum Judged {
    Verdict(Verdict),
    Question(String),
}

#[derive(Debug, Clone)]
pub struct Verdict {
    pub outcome: Outcome,
    /// 0 to 1.
    pub score: f64,
    pub say: Vec<Say>,
    /// Runs that the verdict rests on.
    pub runs: Vec<String>,
}

/// One piece of feedback, as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The option it is about, by place.
    pub option: Option<usize>,
    pub html: String,
}

const MAX_NUMBER: usize = 64;
const MAX_WRITTEN: usize = 4_000;

impl Response {
    /// Reads the fields of a posted form. `Err` is a question to the learner: nothing was chosen.
    pub fn from_fields(item: &Item, fields: &[(String, String)]) -> Result<Self, String> {
        let all = |name: &str| fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect::<Vec<_>>();
        let one = |name: &str| all(name).first().copied().unwrap_or("").to_owned();
        if !one("unknown").is_empty() {
            return Ok(Self::Unknown);
        }
        match &item.form {
            Form::Choice { options } | Form::Several { options } => {
                let mut chosen: Vec<usize> =
                    all("option").iter().filter_map(|text| text.parse().ok()).filter(|at| *at < options.len()).collect();
                chosen.sort_unstable();
                chosen.dedup();
                if chosen.is_empty() { Err("Choose an option, or say that you don't know.".into()) } else { Ok(Self::Options(chosen)) }
            }
            Form::Numeric(_) => match one("number") {
                text if text.is_empty() => Err("Write a number, or say that you don't know.".into()),
                text if text.chars().count() > MAX_NUMBER => Err("That is longer than any number here needs to be.".into()),
                text => Ok(Self::Number(text)),
            },
            Form::Order { lines, .. } => {
                let places: Vec<String> = (0..lines.len()).map(|line| one(&format!("place{line}"))).collect();
                order_from(&places)
            }
            Form::Short { .. } => match one("text") {
                text if text.is_empty() => Err("Write a sentence or two, or say that you don't know.".into()),
                text => Ok(Self::Written(text.chars().take(MAX_WRITTEN).collect())),
            },
            Form::Predict(_) => {
                let (direction, factor, bottleneck) = (one("direction"), one("factor"), one("bottleneck"));
                let up = match direction.as_str() {
                    "up" => 1,
                    "same" => 0,
                    "down" => -1,
                    _ => return Err("Say whether it goes up, stays or goes down.".into()),
                };
                if factor.is_empty() && up != 0 {
                    return Err("Say by what factor, as in 2 or 0.5.".into());
                }
                Ok(Self::Prediction {
                    up,
                    factor: factor.chars().take(MAX_NUMBER).collect(),
                    bottleneck: bottleneck.chars().take(MAX_NUMBER).collect(),
                })
            }
        }
    }

    /// The short, harmless form that the record keeps. A written answer is kept elsewhere.
    pub fn to_text(&self) -> String {
        let join = |places: &[usize]| places.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        match self {
            Self::Unknown => "-".into(),
            Self::Options(places) | Self::Order(places) => join(places),
            Self::Number(text) => text.clone(),
            Self::Written(_) => String::new(),
            Self::Prediction { up, factor, bottleneck } => format!("{up}|{factor}|{bottleneck}"),
        }
    }

    /// Reads what `to_text` wrote; `written` is the kept text of a written answer.
    pub fn parse(item: &Item, text: &str, written: Option<&str>) -> Option<Self> {
        if text == "-" {
            return Some(Self::Unknown);
        }
        let places = || text.split(',').map(|place| place.parse().ok()).collect::<Option<Vec<usize>>>();
        Some(match &item.form {
            Form::Choice { options } | Form::Several { options } => {
                Self::Options(places()?.into_iter().filter(|at| *at < options.len()).collect())
            }
            Form::Numeric(_) => Self::Number(text.to_owned()),
            Form::Order { lines, .. } => Self::Order(places().filter(|order| is_permutation(order, lines.len()))?),
            Form::Short { .. } => Self::Written(written?.to_owned()),
            Form::Predict(_) => {
                let mut parts = text.splitn(3, '|');
                Self::Prediction { up: parts.next()?.parse().ok()?, factor: parts.next()?.to_owned(), bottleneck: parts.next()?.to_owned() }
            }
        })
    }
}

/// Places are posted per line in the right order's numbering: "place1 = 3" puts line 1 third.
fn order_from(places: &[String]) -> Result<Response, String> {
    let lines = places.len();
    let mut order = vec![usize::MAX; lines];
    for (line, place) in places.iter().enumerate() {
        let Some(place) = place.parse::<usize>().ok().filter(|place| (1..=lines).contains(place)) else {
            return Err(format!("Give every line a place from 1 to {lines}."));
        };
        if order[place - 1] != usize::MAX {
            return Err(format!("Place {place} is taken twice."));
        }
        order[place - 1] = line;
    }
    Ok(Response::Order(order))
}

fn is_permutation(order: &[usize], n: usize) -> bool {
    order.len() == n && (0..n).all(|line| order.contains(&line))
}

/// The order in which the lines of an ordering item are shown: fixed by id and seed, and never
/// the right one.
pub fn shuffled(item: &Item, seed: u64, n: usize) -> Vec<usize> {
    let mut state =
        item.id.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut order: Vec<usize> = (0..n).collect();
    for at in (1..n).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, ((state >> 33) as usize) % (at + 1));
    }
    if n > 1 && order.iter().enumerate().all(|(at, line)| at == *line) {
        order.rotate_left(1);
    }
    order
}

/// Judges an answer. `Err` only when a run that the verdict needs could not be made.
pub fn judge(course: &Course, item: &Item, seed: u64, response: &Response, run: &mut Runner<'_>) -> Result<Judged, RunProblem> {
    let vars = item.vars(seed);
    let html = |text: &str| course.item_html(item, text, &vars);
    if *response == Response::Unknown {
        return given_up(course, item, run).map(Judged::Verdict);
    }
    Ok(match (&item.form, response) {
        (Form::Choice { options }, Response::Options(chosen)) => {
            verdict(chosen.len() == 1 && options[chosen[0]].right, option_says(options, chosen, &html))
        }
        (Form::Several { options }, Response::Options(chosen)) => several(options, chosen, &html),
        (Form::Numeric(numeric), Response::Number(text)) => number(item, numeric, &vars, text, &html),
        (Form::Order { lines, wrong }, Response::Order(order)) => {
            let pairs = lines.len().saturating_sub(1).max(1);
            let correct = order.windows(2).filter(|pair| pair[0] < pair[1]).count();
            let right = order.iter().enumerate().all(|(at, line)| at == *line);
            let place = |line: usize| order.iter().position(|other| *other == line);
            let mut say: Vec<Say> = wrong
                .iter()
                .filter(|slip| place(slip.before[0]) < place(slip.before[1]))
                .map(|slip| Say { option: None, html: html(&slip.say) })
                .collect();
            if right || say.is_empty() {
                say = vec![Say { option: None, html: html(if right { &item.right } else { &item.otherwise }) }];
            }
            Judged::Verdict(Verdict {
                outcome: outcome(right),
                score: if right { 1.0 } else { correct as f64 / pairs as f64 * 0.9 },
                say,
                runs: Vec::new(),
            })
        }
        (Form::Short { ideas, pass, must, number, no_number, .. }, Response::Written(text)) => {
            written(item, ideas, *pass, must, *number, no_number, text, &html)
        }
        (Form::Predict(predict), Response::Prediction { up, factor, bottleneck }) => {
            prediction(course, item, predict, (*up, factor, bottleneck), &html, run)?
        }
        _ => Judged::Question("This answer does not fit the question; it may have changed. Please answer again.".into()),
    })
}

/// "I don't know": no mark, and for a prediction what the runs would have told.
fn given_up(course: &Course, item: &Item, run: &mut Runner<'_>) -> Result<Verdict, RunProblem> {
    let (say, runs) = match &item.form {
        Form::Predict(predict) => {
            let compared = compare(course, predict, run)?;
            (vec![Say { option: None, html: compared.sentence() }], compared.runs)
        }
        _ => (Vec::new(), Vec::new()),
    };
    Ok(Verdict { outcome: Outcome::Unknown, score: 0.0, say, runs })
}

fn outcome(right: bool) -> Outcome {
    if right { Outcome::Right } else { Outcome::Wrong }
}

fn verdict(right: bool, say: Vec<Say>) -> Judged {
    Judged::Verdict(Verdict { outcome: outcome(right), score: f64::from(u8::from(right)), say, runs: Vec::new() })
}

fn option_says(options: &[OptionText], chosen: &[usize], html: &dyn Fn(&str) -> String) -> Vec<Say> {
    chosen.iter().map(|at| Say { option: Some(*at), html: html(&options[*at].say) }).collect()
}

fn several(options: &[OptionText], chosen: &[usize], html: &dyn Fn(&str) -> String) -> Judged {
    let agree = options.iter().enumerate().filter(|(at, option)| option.right == chosen.contains(at)).count();
    let mut say = option_says(options, chosen, html);
    // What was left out is explained too, or the learner could not find out.
    say.extend(
        options
            .iter()
            .enumerate()
            .filter(|(at, option)| option.right && !chosen.contains(at))
            .map(|(at, option)| Say { option: Some(at), html: html(&option.say) }),
    );
    let right = agree == options.len();
    Judged::Verdict(Verdict {
        outcome: outcome(right),
        score: if right { 1.0 } else { 0.9 * agree as f64 / options.len().max(1) as f64 },
        say,
        runs: Vec::new(),
    })
}

/// Reads a typed number in the unit that the item asks for; a question where it cannot be read.
fn typed(text: &str, unit: Option<&str>, wanted: Dimension, wrong_unit: &str) -> Result<Quantity, String> {
    let given = Quantity::parse(text).map_err(|problem| problem.to_string())?;
    // Shares and plain numbers have the same dimension, so the sign beside the field decides.
    if unit == Some("%") && !text.contains('%') {
        return Quantity::parse(&format!("{text} %")).map_err(|problem| problem.to_string());
    }
    if given.dimension == wanted {
        return Ok(given);
    }
    // A bare number is taken in the unit that stands beside the field.
    if given.dimension == Dimension::NONE
        && let Some(unit) = unit
        && let Ok(given) = Quantity::parse(&format!("{text} {unit}"))
        && given.dimension == wanted
    {
        return Ok(given);
    }
    // The cents, kilobytes and percents of a count are still a count; the rest is a question.
    Err(if wrong_unit.is_empty() {
        format!("“{text}” is {}, but {} is asked for. Which did you mean?", given.dimension.noun(), wanted.noun())
    } else {
        wrong_unit.to_owned()
    })
}

fn number(item: &Item, numeric: &Numeric, vars: &Vars, text: &str, html: &dyn Fn(&str) -> String) -> Judged {
    let Ok(key) = item.solve(&numeric.solve, vars) else {
        return Judged::Question("This question cannot be computed; its author has been told by the pack check.".into());
    };
    let wrong_unit = if numeric.wrong_unit.is_empty() { String::new() } else { course_plain(&numeric.wrong_unit, vars) };
    let given = match typed(text, numeric.unit.as_deref(), key.dimension, &wrong_unit) {
        Ok(given) => given,
        Err(question) => return Judged::Question(question),
    };
    let near = |truth: f64| (given.value - truth).abs() <= numeric.within.unwrap_or(0.05) * truth.abs();
    let score = match numeric.within {
        Some(_) => f64::from(u8::from(near(key.value))),
        None => log_score(given.value, key.value),
    };
    let right = score >= 0.5;
    let slip = numeric
        .slips
        .iter()
        .find(|slip| item.solve(&slip.solve, vars).is_ok_and(|wrong| wrong.dimension == given.dimension && near(wrong.value)));
    let say = match (right, slip) {
        (true, _) => &item.right,
        (false, Some(slip)) => &slip.say,
        (false, None) => &item.otherwise,
    };
    Judged::Verdict(Verdict { outcome: outcome(right), score, say: vec![Say { option: None, html: html(say) }], runs: Vec::new() })
}

/// A question is shown as plain text, so only the varied values are put in.
fn course_plain(text: &str, vars: &Vars) -> String {
    course::plain(text, course::Context { values: &BTreeMap::new(), sources: &[], vars })
}

/// The answer of a numeric item in the unit asked for, for the page that shows it after the fact.
pub fn key(item: &Item, seed: u64) -> Option<String> {
    let Form::Numeric(numeric) = &item.form else { return None };
    let key = item.solve(&numeric.solve, &item.vars(seed)).ok()?;
    let Some(unit) = &numeric.unit else { return Some(key.to_string()) };
    let size = Quantity::parse(&format!("1 {unit}")).ok().filter(|size| size.dimension == key.dimension)?;
    let space = if unit.starts_with(['/', '%']) { "" } else { " " };
    Some(format!("{}{space}{unit}", units::significant(key.value / size.value)))
}

#[allow(clippy::too_many_arguments)]
fn written(
    item: &Item,
    ideas: &[Idea],
    pass: usize,
    must: &[String],
    number: bool,
    no_number: &str,
    text: &str,
    html: &dyn Fn(&str) -> String,
) -> Judged {
    if short::word_count(text) < 5 {
        return Judged::Question("That is very short. Write a sentence or two, so that the idea can be seen.".into());
    }
    let shown = short::ideas_shown(text, ideas);
    let found = shown.iter().filter(|shown| **shown).count();
    let musts = ideas.iter().zip(&shown).all(|(idea, shown)| *shown || !must.contains(&idea.name));
    let numbered = !number || short::has_number(text);
    let right = found >= pass && musts && numbered;
    let mut say: Vec<Say> = Vec::new();
    if right {
        say.push(Say { option: None, html: html(&item.right) });
    }
    say.extend(ideas.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(idea, _)| Say { option: None, html: html(&idea.missing) }));
    if !numbered && !no_number.is_empty() {
        say.push(Say { option: None, html: html(no_number) });
    }
    say.retain(|say| !say.html.trim().is_empty());
    Judged::Verdict(Verdict {
        outcome: outcome(right),
        score: if right { 1.0 } else { 0.9 * found as f64 / ideas.len().max(1) as f64 },
        say,
        runs: Vec::new(),
    })
}

fn prediction(
    course: &Course,
    item: &Item,
    predict: &PredictItem,
    (up, factor, bottleneck): (i8, &str, &str),
    html: &dyn Fn(&str) -> String,
    run: &mut Runner<'_>,
) -> Result<Judged, RunProblem> {
    let factor = if factor.is_empty() {
        1.0
    } else {
        match Quantity::parse(factor.trim_start_matches(['x', '×', 'X']).trim_end_matches(['x', '×', 'X'])) {
            Ok(quantity) if quantity.dimension == Dimension::NONE => quantity.value,
            Ok(_) => return Ok(Judged::Question("The factor is a plain number: 2 for twice, 0.5 for half.".into())),
            Err(problem) => return Ok(Judged::Question(problem.to_string())),
        }
    };
    let compared = compare(course, predict, run)?;
    let truth = compared.factor();
    // Within 5 % counts as staying: that is the noise of a run of this length.
    let went = if truth > 1.05 {
        1
    } else if truth < 0.95 {
        -1
    } else {
        0
    };
    let (direction_ok, factor_score, bottleneck_ok) = (up == went, log_score(factor, truth), bottleneck == compared.busiest);
    let score = 0.3 * f64::from(u8::from(direction_ok)) + 0.4 * factor_score + 0.3 * f64::from(u8::from(bottleneck_ok));
    // Two of the three can be had without the third; only all of them show the reasoning.
    let right = direction_ok && bottleneck_ok && factor_score >= 0.5;
    let mut say = vec![Say { option: None, html: compared.sentence() }];
    for (ok, text) in
        [(direction_ok, &predict.say_direction), (factor_score >= 0.5, &predict.say_factor), (bottleneck_ok, &predict.say_bottleneck)]
    {
        if !ok && !text.is_empty() {
            say.push(Say { option: None, html: html(text) });
        }
    }
    say.push(Say { option: None, html: html(if right { &item.right } else { &item.otherwise }) });
    say.retain(|say| !say.html.trim().is_empty());
    Ok(Judged::Verdict(Verdict { outcome: outcome(right), score, say, runs: compared.runs }))
}

/// What the two runs of a prediction gave.
struct Compared {
    was: Quantity,
    is: Quantity,
    /// The busiest box after the change.
    busiest: String,
    runs: Vec<String>,
}

impl Compared {
    fn factor(&self) -> f64 {
        self.is.value / self.was.value
    }

    fn sentence(&self) -> String {
        format!(
            "<p>The runs: <span class=\"n\">{}</span> before, <span class=\"n\">{}</span> after, a factor of <span class=\"n\">{}</span>; busiest afterwards: <strong>{}</strong>.</p>",
            self.was,
            self.is,
            Quantity::plain(self.factor()),
            self.busiest.replace('<', "&lt;")
        )
    }
}

fn compare(course: &Course, predict: &PredictItem, run: &mut Runner<'_>) -> Result<Compared, RunProblem> {
    let mut runs = Vec::new();
    let mut report = |set: &BTreeMap<String, String>| -> Result<sim::Report, RunProblem> {
        let mut reports = Vec::new();
        for seed in 1..=u64::from(predict.seeds.max(1)) {
            let experiment = experiment(course, &predict.design, set, seed)?;
            runs.push(experiment.run_id().to_string());
            reports.push(run(&experiment)?);
        }
        sim::pool(&reports).ok_or_else(|| RunProblem("The runs cannot be pooled.".into()))
    };
    let (before, after) = (report(&predict.before)?, report(&predict.after)?);
    let value = |report: &sim::Report| match report.measure(&predict.measure) {
        Some(Measure::Quantity(quantity)) => Ok(quantity),
        _ => Err(RunProblem(format!("The run has no number “{}”.", predict.measure))),
    };
    let busiest = match after.measure("bottleneck") {
        Some(Measure::Text(name)) => name,
        _ => String::new(),
    };
    Ok(Compared { was: value(&before)?, is: value(&after)?, busiest, runs })
}
