//! Answers to items: whether what was given is right, and what to say about it.

use course::{Course, Form, Idea, Item, Line, OptionText, OrderSlip};
use record::{Interval, Outcome};

use crate::experiment::{RunProblem, Runner};
use crate::response::Response;
use crate::{foretold, number, repair, saturate, short};

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
    /// What became of the range, where one was asked for; never part of the score.
    pub interval: Option<Interval>,
}

impl Verdict {
    pub(crate) fn new(right: bool, score: f64, say: Vec<Say>) -> Self {
        let outcome = if right { Outcome::Right } else { Outcome::Wrong };
        Self { outcome, score, say, runs: Vec::new(), interval: None }
    }

    /// All or nothing.
    fn whole(right: bool, say: Vec<Say>) -> Judged {
        Judged::Verdict(Self::new(right, f64::from(u8::from(right)), say))
    }
}

/// One piece of feedback, as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The option it is about, by place.
    pub option: Option<usize>,
    pub html: String,
}

impl Say {
    pub(crate) fn of_all(html: String) -> Self {
        Self { option: None, html }
    }
}

/// How texts of an item become HTML.
pub(crate) type Html<'a> = dyn Fn(&str) -> String + 'a;

/// Judges an answer. `Err` only when a run that the verdict needs could not be made.
pub fn judge(course: &Course, item: &Item, seed: u64, response: &Response, run: &mut Runner<'_>) -> Result<Judged, RunProblem> {
    let vars = item.vars(seed);
    let html = |text: &str| course.item_html(item, text, &vars);
    if *response == Response::Unknown {
        return given_up(course, item, run).map(Judged::Verdict);
    }
    Ok(match (&item.form, response) {
        (Form::Choice { options }, Response::Options(chosen)) => {
            Verdict::whole(chosen.len() == 1 && options[chosen[0]].right, option_says(options, chosen, &html))
        }
        (Form::Several { options }, Response::Options(chosen)) => several(options, chosen, &html),
        (Form::Numeric(numeric), Response::Number(text)) => number::judge(item, numeric, seed, text, None, &html),
        (Form::Numeric(numeric), Response::Range { value, low, high }) => {
            number::judge(item, numeric, seed, value, Some((low, high)), &html)
        }
        (Form::Order { lines, wrong }, Response::Order(order)) => ordered(item, lines, wrong, order, &html),
        (Form::Short { ideas, pass, must, number, no_number, .. }, Response::Written(text)) => {
            written(item, ideas, (*pass, must), (*number, no_number), text, &html)
        }
        (Form::Predict(predict), Response::Prediction { up, factor, bottleneck }) => {
            foretold::judge(course, item, predict, (*up, factor, bottleneck), &html, run)?
        }
        (Form::Saturates(saturates), Response::Options(chosen)) => saturate::judge(course, item, saturates, chosen, &html, run)?,
        (Form::Repair(asked), Response::Options(chosen)) => repair::judge(course, item, asked, chosen, &html, run)?,
        _ => Judged::Question("This answer does not fit the question; it may have changed. Please answer again.".into()),
    })
}

/// "I don't know": no mark, and what the runs would have told.
fn given_up(course: &Course, item: &Item, run: &mut Runner<'_>) -> Result<Verdict, RunProblem> {
    let (html, runs) = match &item.form {
        Form::Predict(predict) => foretold::told(course, predict, run)?,
        Form::Saturates(saturates) => saturate::told(course, saturates, run)?,
        Form::Repair(asked) => repair::told(course, asked, run)?,
        _ => (String::new(), Vec::new()),
    };
    let say = if html.is_empty() { Vec::new() } else { vec![Say::of_all(html)] };
    Ok(Verdict { outcome: Outcome::Unknown, runs, ..Verdict::new(false, 0.0, say) })
}

fn option_says(options: &[OptionText], chosen: &[usize], html: &Html<'_>) -> Vec<Say> {
    chosen.iter().map(|at| Say { option: Some(*at), html: html(&options[*at].say) }).collect()
}

fn several(options: &[OptionText], chosen: &[usize], html: &Html<'_>) -> Judged {
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
    Judged::Verdict(Verdict::new(right, if right { 1.0 } else { 0.9 * agree as f64 / options.len().max(1) as f64 }, say))
}

fn ordered(item: &Item, lines: &[Line], wrong: &[OrderSlip], order: &[usize], html: &Html<'_>) -> Judged {
    let pairs = lines.len().saturating_sub(1).max(1);
    let correct = order.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let right = order.iter().enumerate().all(|(at, line)| at == *line);
    let place = |line: usize| order.iter().position(|other| *other == line);
    let slips = wrong.iter().filter(|slip| place(slip.before[0]) < place(slip.before[1]));
    let mut say: Vec<Say> = slips.map(|slip| Say::of_all(html(&slip.say))).collect();
    if right || say.is_empty() {
        say = vec![Say::of_all(html(if right { &item.right } else { &item.otherwise }))];
    }
    Judged::Verdict(Verdict::new(right, if right { 1.0 } else { correct as f64 / pairs as f64 * 0.9 }, say))
}

/// `pass` of the ideas, among them all of `must`; a number too, where `number` says so.
fn written(
    item: &Item,
    ideas: &[Idea],
    (pass, must): (usize, &[String]),
    (number, no_number): (bool, &str),
    text: &str,
    html: &Html<'_>,
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
        say.push(Say::of_all(html(&item.right)));
    }
    say.extend(ideas.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(idea, _)| Say::of_all(html(&idea.missing))));
    if !numbered && !no_number.is_empty() {
        say.push(Say::of_all(html(no_number)));
    }
    say.retain(|say| !say.html.trim().is_empty());
    Judged::Verdict(Verdict::new(right, if right { 1.0 } else { 0.9 * found as f64 / ideas.len().max(1) as f64 }, say))
}
