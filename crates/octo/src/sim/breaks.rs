//! `--find-break`: what was found inside the envelope, as a story with the command that replays it, or
//! what was tried in vain. The search is that of `judge`.

use anyhow::Context as _;
use judge::breaks::{Finding, Limits, Outcome, find};
use judge::runs::Stop;
use serde_json::Value;

use crate::Answer;
use crate::cli::SimArgs;
use crate::sim::asked::Asked;
use crate::sim::search::Cores;
use crate::sim::sheet::{Cell, Sheet, Table, Tone};
use crate::sim::{json as report_json, judged, say};

/// How many of the cases that came nearest are shown.
const NEAREST: usize = 5;

pub(crate) fn run(args: &SimArgs, asked: &Asked) -> anyhow::Result<Answer> {
    let resolved = asked.resolve(&asked.document)?;
    let requirements = judged::required(asked, &resolved, "A search for what breaks it")?;
    let (envelope, problems) = judge::envelope::read(&asked.document);
    if !problems.is_empty() {
        return Err(asked.refuse(&problems));
    }
    let limits = Limits { runs: args.budget_runs.unwrap_or(200) as usize, seed: args.seed };
    let mut cores = Cores::new(args);
    let outcome = find(&asked.document, &requirements, &envelope, limits, &mut cores);
    let seconds = cores.seconds();
    drop(cores);
    if let Some(Stop::Refused(problems)) = &outcome.stopped {
        return Err(asked.refuse(problems));
    }
    let command = outcome.found.as_ref().map(|found| command(args, found));
    if args.json {
        say(&report_json::text(&value(&outcome, command.as_deref())))?;
    } else {
        let mut sheet = Sheet::for_stdout();
        write(&mut sheet, &asked.title(), &outcome, command.as_deref(), seconds);
        say(&sheet.into_text())?;
    }
    if let (Some(file), Some(found)) = (&args.counterexample, &outcome.found) {
        let text = design::to_toml(&found.document);
        std::fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(match (&outcome.found, &outcome.stopped) {
        (Some(_), _) => Answer::No,
        (None, Some(Stop::Interrupted)) => Answer::Interrupted,
        (None, _) => Answer::Fine,
    })
}

/// What was said on the command line, and what was found to be enough.
fn command(args: &SimArgs, found: &Finding) -> String {
    let mut words = vec!["octo".to_owned(), "sim".to_owned(), args.design.display().to_string()];
    let mut option = |name: &str, value: &str| words.extend([name.to_owned(), value.to_owned()]);
    if let Some(path) = &args.workload {
        option("--workload", &path.display().to_string());
    }
    args.set.iter().for_each(|set| option("--set", set));
    for load in &args.load {
        let class = load.class.as_ref().map(|class| format!("{class}=")).unwrap_or_default();
        option("--load", &format!("{class}{}", judge::envelope::factor(load.factor)));
    }
    if let Some(duration) = &args.duration {
        option("--duration", duration);
    }
    args.fault.iter().for_each(|fault| option("--fault", fault));
    words.extend(found.arguments());
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// As a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+%@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn write(sheet: &mut Sheet, title: &str, outcome: &Outcome, command: Option<&str>, seconds: f64) {
    sheet.heading(title);
    sheet.paragraph(&format!("Searched for what breaks it: {} runs in {seconds:.1} s.", outcome.runs), Tone::Plain);
    if let (Some(found), Some(command)) = (&outcome.found, command) {
        sheet.heading("It breaks");
        for (number, sentence) in found.story().iter().enumerate() {
            sheet.paragraph(sentence, if number == 0 { Tone::Alarm } else { Tone::Plain });
        }
        sheet.blank();
        sheet.paragraph("To see it again:", Tone::Plain);
        sheet.line(&format!("  {command}"), Tone::Plain);
    }
    let sentences = outcome.sentences();
    if !sentences.is_empty() {
        sheet.blank();
        sentences.iter().for_each(|sentence| sheet.paragraph(sentence, Tone::Plain));
    }
    if outcome.found.is_none() && !outcome.tried.is_empty() {
        nearest(sheet, outcome);
    }
}

fn nearest(sheet: &mut Sheet, outcome: &Outcome) {
    sheet.heading("Nearest to a break");
    let mut table = Table::new(1, &["requirement", "to spare", "case"]);
    for tried in outcome.tried.iter().take(NEAREST) {
        let slack = if tried.slack < 0.0 { "none in one run".to_owned() } else { format!("{:.1} %", tried.slack * 100.0) };
        let slack = if tried.slack < 0.0 { Cell::alarm(slack) } else { slack.into() };
        table.row(vec![tried.requirement.as_str().into(), slack, tried.case.spoken().into()]);
    }
    sheet.table(&table);
}

/// With the command that shows it again.
fn value(outcome: &Outcome, command: Option<&str>) -> Value {
    let mut value = judge::json::breaks(outcome);
    if let Some(found) = value["found"].as_object_mut() {
        found.insert("command".into(), command.into());
    }
    value
}
