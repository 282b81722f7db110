//! Item fences: TOML in, an item out, and a problem for whatever is missing.

use std::collections::{BTreeMap, BTreeSet};

use record::Depth;
use serde::Deserialize;

use super::{Change, Form, Idea, Item, Line, Numeric, Offer, OptionText, PredictItem, Repair, Saturates, check, range, skill_of, vary};
use crate::problem::{Reporter, read_toml};

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
    vary: toml::Table,
    #[serde(default)]
    sums: String,
    #[serde(default)]
    keep: Vec<String>,
    round: Option<u32>,
    options: Option<Vec<OptionText>>,
    solve: Option<String>,
    unit: Option<String>,
    within: Option<String>,
    scale: Option<String>,
    band: Option<[String; 2]>,
    #[serde(default)]
    interval: bool,
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
    #[serde(default)]
    set: BTreeMap<String, String>,
    first: Option<String>,
    #[serde(default)]
    require: BTreeMap<String, String>,
    budget: Option<String>,
    #[serde(default)]
    change: Vec<RawOffer>,
    own: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOffer {
    set: String,
    to: Vec<String>,
    #[serde(default)]
    meets: Vec<String>,
    #[serde(default)]
    over: Vec<String>,
    say: String,
}

fn one() -> u32 {
    1
}

pub(crate) fn read_item(id: &str, text: &str, line: usize, folder: &str, report: &mut Reporter<'_>) -> Option<Item> {
    let raw: Raw = read_toml(text, line, report)?;
    let skill = skill_of(id)?;
    let form = read_form(id, &raw, line, folder, report)?;
    let values = range::read(id, &raw.vary, line, report);
    let mut item = Item {
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
        vary: values,
        sums: raw.sums,
        admitted: None,
        form,
    };
    check::check(&item, report);
    vary::admit(&mut item, &raw.keep, raw.round, report);
    Some(item)
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
                band: raw.band.clone(),
                interval: raw.interval,
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
        "saturates" => {
            let (Some(design), Some(first)) = (&raw.design, &raw.first) else {
                need("design and first");
                return None;
            };
            Form::Saturates(Saturates {
                design: format!("{folder}/{design}"),
                set: raw.set.clone(),
                first: first.clone(),
                seeds: raw.seeds,
                say: raw.say.clone(),
                boxes: Vec::new(),
            })
        }
        "repair" => Form::Repair(read_repair(id, raw, line, folder, report)?),
        other => {
            report.suggest(
                line,
                format!("Item {id} is of kind “{other}”, which is not known."),
                "Write choice, several, numeric, order, short, predict, saturates or repair.",
            );
            return None;
        }
    })
}

fn read_repair(id: &str, raw: &Raw, line: usize, folder: &str, report: &mut Reporter<'_>) -> Option<Repair> {
    let (Some(design), Some(own)) = (&raw.design, &raw.own) else {
        report.suggest(
            line,
            format!("Item {id} is of kind repair and has no design or own."),
            "Add design = … and own = \"db.workers = 16\".",
        );
        return None;
    };
    let offers: Vec<Offer> = raw.change.iter().map(|offer| read_offer(id, offer, line, report)).collect();
    let (path, value) = own.split_once('=').map_or((own.as_str(), ""), |(path, value)| (path.trim(), value.trim()));
    let found = offers.iter().enumerate().find_map(|(at, offer)| {
        let to = offer.to.iter().position(|change| change.value == value)?;
        (offer.path == path).then_some((at, to))
    });
    let Some(own) = found else {
        report.suggest(line, format!("The author's own repair of {id}, “{own}”, is not among its changes."), "Offer it, or mend own.");
        return None;
    };
    Some(Repair {
        design: format!("{folder}/{design}"),
        set: raw.set.clone(),
        require: raw.require.clone(),
        budget: raw.budget.clone(),
        // One run says nothing of its own error; five give an interval that is worth reading.
        seeds: if raw.seeds < 2 { 5 } else { raw.seeds },
        offers,
        own,
    })
}

fn read_offer(id: &str, offer: &RawOffer, line: usize, report: &mut Reporter<'_>) -> Offer {
    for value in offer.meets.iter().chain(&offer.over).filter(|value| !offer.to.contains(value)) {
        report.error(line, format!("Item {id} says of {} = {value} what it does, and does not offer it.", offer.set));
    }
    let change = |value: &String| Change { value: value.clone(), meets: offer.meets.contains(value), over: offer.over.contains(value) };
    Offer { path: offer.set.clone(), to: offer.to.iter().map(change).collect(), say: offer.say.clone() }
}

fn within(id: &str, raw: &Raw, line: usize, report: &mut Reporter<'_>) -> Option<Option<f64>> {
    if raw.scale.as_deref() == Some("estimate") {
        return Some(None);
    }
    if raw.band.is_some() || raw.interval {
        report.suggest(line, format!("Item {id} asks for a band or a range and is a sum."), "Write scale = \"estimate\".");
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

pub(super) fn typed<T: serde::de::DeserializeOwned>(id: &str, table: &toml::Table, line: usize, report: &mut Reporter<'_>) -> Option<T> {
    match table.clone().try_into() {
        Ok(value) => Some(value),
        Err(error) => {
            report.error(line, format!("In wrong of item {id}: {}.", error.message().trim_end_matches('.')));
            None
        }
    }
}
