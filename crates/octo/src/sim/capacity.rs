//! `--capacity`: the highest load that meets the requirements, and the fewest replicas that meet them at
//! the load that is asked for. Both searches are those of `judge`.

use design::Document;
use judge::capacity::{Fewest, Highest, Limits, fewest, highest};
use judge::runs::Stop;
use units::{Dimension, Quantity, Share};

use crate::Answer;
use crate::cli::SimArgs;
use crate::sim::asked::Asked;
use crate::sim::search::Cores;
use crate::sim::sheet::{Cell, Sheet, Table, Tone};
use crate::sim::{json as report_json, judged, say};

pub(crate) fn run(args: &SimArgs, asked: &Asked) -> anyhow::Result<Answer> {
    let resolved = asked.resolve(&asked.document)?;
    let requirements = judged::required(asked, &resolved, "A search for the highest load")?;
    let limits = Limits { runs: args.budget_runs.unwrap_or(1_000) as usize, seed: args.seed };
    let mut cores = Cores::new(args);
    let highest = highest(&asked.document, &requirements, limits, &mut cores);
    // Whoever ended the first search does not want another.
    let left = Limits { runs: limits.runs.saturating_sub(highest.runs), ..limits };
    let fewest = if highest.stopped.is_none() { Some(fewest(&asked.document, &requirements, left, &mut cores)) } else { None };
    let seconds = cores.seconds();
    drop(cores);
    for stopped in [Some(&highest.stopped), fewest.as_ref().map(|fewest| &fewest.stopped)].into_iter().flatten() {
        if let Some(Stop::Refused(problems)) = stopped {
            return Err(asked.refuse(problems));
        }
    }
    if args.json {
        say(&report_json::text(&judge::json::capacity(&highest, fewest.as_ref())))?;
    } else {
        let mut sheet = Sheet::for_stdout();
        sheet.heading(&asked.title());
        sheet.paragraph(
            &format!("How much it can take: {} runs in {seconds:.1} s.", highest.runs + fewest.as_ref().map_or(0, |fewest| fewest.runs)),
            Tone::Plain,
        );
        write_highest(&mut sheet, &asked.document, &highest);
        if let Some(fewest) = &fewest {
            write_fewest(&mut sheet, fewest);
        }
        say(&sheet.into_text())?;
    }
    Ok(match (&highest.stopped, highest.meets.is_some_and(|meets| meets >= 1.0)) {
        (Some(Stop::Interrupted), _) => Answer::Interrupted,
        (_, true) => Answer::Fine,
        (_, false) if highest.misses.as_ref().is_some_and(|beyond| beyond.factor <= 1.0) => Answer::No,
        _ => Answer::Fine,
    })
}

fn write_highest(sheet: &mut Sheet, document: &Document, highest: &Highest) {
    sheet.heading("The highest load");
    let mut table = Table::new(1, &["load", "factor", "sent", "requirements"]);
    if let Some(meets) = highest.meets {
        table.row(vec!["up to".into(), factor(meets).into(), sent(document, meets).into(), "all met".into()]);
    }
    if let Some(beyond) = &highest.misses {
        let measured = beyond.verdict.measured().map(|measured| format!(": {measured}")).unwrap_or_default();
        let shows = beyond.component.as_ref().map(|name| format!(", at {name}")).unwrap_or_default();
        let cell = Cell::alarm(format!("{} missed{measured}{shows}", beyond.requirement));
        table.row(vec!["from".into(), factor(beyond.factor).into(), sent(document, beyond.factor).into(), cell]);
    }
    sheet.table(&table);
    let sentence = match (highest.meets, &highest.misses) {
        (Some(meets), Some(beyond)) if beyond.factor / meets > 1.021 => {
            Some("In between the bound is too near to tell, with as many runs as are worth it.".to_owned())
        }
        (Some(_), None) => Some("No load was found that misses a requirement.".into()),
        (None, Some(_)) => Some("No load was found, however low, that meets every requirement.".into()),
        (None, None) => Some("No load was found of which the runs can tell.".into()),
        _ => None,
    };
    sentence.iter().for_each(|sentence| sheet.paragraph(sentence, Tone::Plain));
    stopped(sheet, highest.stopped.as_ref());
}

fn write_fewest(sheet: &mut Sheet, fewest: &Fewest) {
    sheet.heading("The fewest replicas at the load asked for");
    if fewest.parts.is_empty() {
        return sheet.paragraph("No component here has replicas whose number could vary.", Tone::Plain);
    }
    if !fewest.meets {
        let what = fewest.missed.as_ref().map(|id| format!(" {id} is missed even so.")).unwrap_or_default();
        if fewest.stopped.is_none() {
            sheet.paragraph(&format!("Even 16 times the replicas do not meet every requirement.{what}"), Tone::Alarm);
        }
        return stopped(sheet, fewest.stopped.as_ref());
    }
    let mut table = Table::new(1, &["component", "now", "enough", "difference a month"]);
    for part in &fewest.parts {
        let difference = part.price.map_or_else(|| "not priced".to_owned(), |price| money(price, part.needs as i64 - part.had as i64));
        table.row(vec![part.name.as_str().into(), part.had.to_string().into(), part.needs.to_string().into(), difference.into()]);
    }
    sheet.table(&table);
    if fewest.stopped.is_none() {
        sheet.paragraph("These meet every requirement, and none of them can give up another one. What they are for when something fails, --ablate says.", Tone::Plain);
    }
    stopped(sheet, fewest.stopped.as_ref());
}

fn stopped(sheet: &mut Sheet, stop: Option<&Stop>) {
    if let Some(stop) = stop {
        sheet.paragraph(&format!("The search ended before it was done: {}.", stop.why()), Tone::Alarm);
    }
}

fn money(price: i64, more: i64) -> String {
    let usd = price as f64 * more as f64 / 1e9;
    if more == 0 { "none".into() } else { format!("{usd:+.2} USD") }
}

fn factor(value: f64) -> String {
    format!("x{}", units::significant(value))
}

/// What is sent at a factor, where a rate says it: "buy 182/s".
fn sent(document: &Document, factor: f64) -> String {
    let share = Share((factor * 1e9).round() as u64);
    let rate = |arrivals: &design::Arrivals| match arrivals.scaled(share) {
        design::Arrivals::Poisson { rate } | design::Arrivals::Constant { rate } => {
            Some(Quantity::new(rate.as_per_second(), Dimension::RATE).to_string())
        }
        design::Arrivals::Closed { users, .. } => Some(format!("{users} users")),
        _ => None,
    };
    let workload = &document.workload;
    let classes = workload.classes.iter().filter_map(|(name, class)| Some(format!("{name} {}", rate(class.arrivals.as_ref()?)?)));
    let whole = workload.arrivals.as_ref().and_then(rate);
    classes.chain(whole).collect::<Vec<_>>().join(", ")
}
