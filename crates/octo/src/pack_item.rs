//! `octo pack item`: one variation of an item with its answer, for authors, and for those who test
//! the pages. Judging answers is the business of `grade`.

use anyhow::bail;
use course::{Course, Form, Item};
use serde_json::json;

use crate::Answer;
use crate::cli::PackItemArgs;
use crate::pack;

pub(crate) fn show(args: &PackItemArgs) -> anyhow::Result<Answer> {
    let files = match &args.pack {
        Some(dir) => pack::read(dir)?,
        None => pack::inside(),
    };
    let course = course::load(&files).course;
    let Some(item) = course.items.get(&args.id) else {
        bail!("This pack has no item “{}”. Ids begin with their skill, as in read.queueing.16.", args.id);
    };
    let seed = args.seed % item.variations();
    let vars = item.vars(seed);
    let plain = |text: &str| course.item_plain(item, text, &vars);
    let fields = fields(item, seed);
    if args.json {
        let shown = json!({
            "id": item.id, "kind": item.form_word(), "seed": seed, "variations": item.variations(),
            "values": vars, "ask": plain(&item.ask), "answer": fields,
        });
        println!("{shown}");
        return Ok(Answer::Fine);
    }
    println!("{}, variation {seed} of {}", item.id, item.variations());
    println!("{}", plain(&item.ask));
    println!("Answer: {}", words(&course, item, seed).unwrap_or_else(|| "decided by runs, or in own words".into()));
    Ok(Answer::Fine)
}

/// What a form would send to be right; empty where only runs or a reader can tell.
fn fields(item: &Item, seed: u64) -> Vec<(String, String)> {
    let field = |name: &str, value: String| (name.to_owned(), value);
    match &item.form {
        Form::Choice { options } | Form::Several { options } => {
            let right = options.iter().enumerate().filter(|(_, option)| option.right);
            right.map(|(at, _)| field("option", at.to_string())).collect()
        }
        Form::Order { lines, .. } => (0..lines.len()).map(|at| field(&format!("place{at}"), (at + 1).to_string())).collect(),
        Form::Numeric(numeric) => {
            let Ok(key) = item.solve(&numeric.solve, seed) else { return Vec::new() };
            let unit = numeric.unit.as_ref().and_then(|unit| units::Quantity::parse(&format!("1 {unit}")).ok());
            let size = unit.filter(|unit| unit.dimension == key.dimension).map_or(1.0, |unit| unit.value);
            let number = format!("{:e}", key.value / size);
            let ends = if numeric.interval { vec!["low", "high"] } else { Vec::new() };
            [vec!["number"], ends].concat().into_iter().map(|name| field(name, number.clone())).collect()
        }
        Form::Saturates(saturates) => {
            let first = saturates.boxes.iter().position(|name| *name == saturates.first);
            first.map(|at| field("option", at.to_string())).into_iter().collect()
        }
        Form::Repair(repair) => vec![field(&format!("change{}", repair.own.0), repair.own.1.to_string())],
        Form::Short { .. } | Form::Predict(_) => Vec::new(),
    }
}

fn words(course: &Course, item: &Item, seed: u64) -> Option<String> {
    let vars = item.vars(seed);
    let right = |options: &[course::OptionText]| {
        let right = options.iter().filter(|option| option.right);
        right.map(|option| course.item_plain(item, &option.text, &vars)).collect::<Vec<_>>().join("; ")
    };
    match &item.form {
        Form::Choice { options } | Form::Several { options } => Some(right(options)),
        Form::Numeric(_) => grade::key(item, seed),
        Form::Saturates(saturates) => Some(saturates.first.clone()),
        Form::Repair(repair) => {
            let (offer, to) = repair.own;
            Some(format!("{} = {}", repair.offers[offer].path, repair.offers[offer].to[to].value))
        }
        Form::Order { lines, .. } => {
            Some(lines.iter().map(|line| course.item_plain(item, &line.text, &vars)).collect::<Vec<_>>().join("; "))
        }
        Form::Short { .. } | Form::Predict(_) => None,
    }
}
