//! The rules of item writing that a machine can hold, for one item alone (learning note 4.1).

use super::{Form, Item, OptionText, Repair};
use crate::problem::Reporter;

/// What anybody can weigh against each other; more are bought by trying, not by thinking.
const CHANGES_MOST: usize = 20;
const SEEDS_MOST: u32 = 20;

pub(super) fn check(item: &Item, report: &mut Reporter<'_>) {
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
        Form::Saturates(_) => {
            if item.right.is_empty() || item.otherwise.is_empty() {
                report.suggest(line, format!("Item {id} lacks feedback."), "Add right = \"…\" and else = \"…\".");
            }
        }
        Form::Repair(repair) => check_repair(item, repair, report),
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
    }
}

fn check_repair(item: &Item, repair: &Repair, report: &mut Reporter<'_>) {
    let (id, line) = (&item.id, item.line);
    let changes = repair.offers.iter().map(|offer| offer.to.len()).sum::<usize>();
    if !(4..=CHANGES_MOST).contains(&changes) || repair.offers.len() < 2 {
        report.error(
            line,
            format!("Item {id} offers {changes} changes of {} settings; give 4 to {CHANGES_MOST} of two or more.", repair.offers.len()),
        );
    }
    if repair.seeds > SEEDS_MOST {
        report.error(line, format!("Item {id} asks for {} runs of each change; {SEEDS_MOST} are enough.", repair.seeds));
    }
    if repair.require.is_empty() {
        report.suggest(line, format!("Item {id} requires nothing."), "Add require = { fast = \"page p99 < 300 ms\" }.");
    }
    let (fair, meet) = repair.odds();
    if 2 * meet > fair {
        report.error(line, format!("In item {id}, {meet} of {fair} changes do: too many for a choice that says something."));
    }
    if item.right.is_empty() {
        report.suggest(line, format!("Item {id} lacks feedback."), "Add right = \"…\".");
    }
    for (at, offer) in repair.offers.iter().enumerate() {
        if repair.offers[..at].iter().any(|earlier| earlier.path == offer.path) {
            report.error(line, format!("Item {id} offers {} twice; put its values into one list.", offer.path));
        }
        if offer.say.trim().is_empty() {
            report.error(line, format!("Changes of {} in {id} have no feedback of their own.", offer.path));
        }
    }
    let own = &repair.offers[repair.own.0].to[repair.own.1];
    if !own.meets || own.over {
        report.error(line, format!("The author's own repair of {id} is not said to meet what it must within the budget."));
    }
}
