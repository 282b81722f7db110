//! The report for people: what was run, what came of it, and what to be careful about. The order
//! is that of the questions one asks: did it work, where was the trouble, why, at what price.

mod caution;
mod components;
mod requests;
pub(crate) mod time;
mod trouble;
mod waterfall;

pub(crate) use caution::{cautions, in_short};
use design::Resolved;
use judge::explain::Explanation;
use sim::{Interval, Measure, Report};

use crate::sim::asked::Asked;
use crate::sim::figures;
use crate::sim::judged::Judged;
use crate::sim::sheet::{Sheet, Tone};
use crate::sim::{formulas, told};

/// What the page needs to know beside the report.
pub(crate) struct About<'a> {
    pub(crate) asked: &'a Asked,
    /// The document as it was run, with every default.
    pub(crate) document: &'a design::Document,
    /// How many runs were asked for, and whether Ctrl-C came before they were done.
    pub(crate) runs: u32,
    pub(crate) is_interrupted: bool,
    pub(crate) budget: sim::Budget,
    /// Whether to show the slowest request that was looked at closely.
    pub(crate) traces: bool,
    /// Whether to say in full what the model leaves out.
    pub(crate) ignores: bool,
    /// What is required, and whether it is met; a sweep does not judge.
    pub(crate) judged: Option<Judged<'a>>,
    /// What was run in place of the whole, and why.
    pub(crate) sample: &'a [String],
    /// Why it went as it did; a sweep does not say.
    pub(crate) told: Option<&'a Explanation>,
    /// Whether to say all of that, with the figures behind it.
    pub(crate) explain: bool,
}

pub(crate) fn write(sheet: &mut Sheet, report: &Report, about: &About<'_>, document: &Resolved) {
    sheet.heading(&about.asked.title());
    what_was_run(sheet, report, about);
    if !about.sample.is_empty() {
        sheet.paragraph(&about.sample.join(" "), Tone::Plain);
    }
    for caution in cautions(report, about) {
        sheet.paragraph(&format!("! {caution}"), Tone::Alarm);
    }
    if let Some(judged) = &about.judged {
        judged.write(sheet);
    }
    if let Some(explained) = about.told {
        told::write(sheet, explained, about.explain);
    }
    if report.measured == 0 {
        return;
    }
    requests::write(sheet, report);
    formulas::beside(sheet, document);
    requests::failures(sheet, report);
    time::write(sheet, report, about.document);
    components::write(sheet, report);
    trouble::write(sheet, report);
    requests::slow(sheet, report);
    if about.traces {
        waterfall::write(sheet, report);
    }
    verdict(sheet, report, about);
    ignored(sheet, report, about.ignores);
}

fn what_was_run(sheet: &mut Sheet, report: &Report, about: &About<'_>) {
    let time = |time: units::Duration| time.to_string();
    let lasts = about.document.workload.lasts.unwrap_or_default();
    let thrown_away = thrown_away(about.document);
    let measured = if thrown_away.0 > 0 { format!(", the first {} not measured", thrown_away.quantity()) } else { String::new() };
    let (runs, seeds) = match report.seeds.as_slice() {
        [seed] => (String::new(), format!("seed {seed}")),
        seeds => (format!("{} runs of ", seeds.len()), format!("seeds {}", spans(seeds))),
    };
    let steps = figures::count(report.events);
    sheet.paragraph(&format!("{runs}{}{measured}; {seeds}, engine {}, {steps} steps.", time(lasts), report.engine), Tone::Plain);
    if !about.asked.changes.is_empty() {
        sheet.paragraph(&format!("With {}.", about.asked.changes.join(", ")), Tone::Plain);
    }
    let id = report.runs.first().map_or("", String::as_str);
    match report.runs.len() {
        0 | 1 => sheet.paragraph(&format!("Run {id}"), Tone::Quiet),
        runs => sheet.paragraph(&format!("Runs {id} and {} more (--json names them)", runs - 1), Tone::Quiet),
    }
    if report.seeds.len() > 1 {
        let text = "± is the 95 % interval of the mean over the runs; what has none was the same in all, and counts are sums.";
        sheet.paragraph(text, Tone::Quiet);
    }
}

/// How long the beginning is that is not measured.
fn thrown_away(document: &design::Document) -> units::Duration {
    let (lasts, warmup) = (document.workload.lasts.unwrap_or_default(), document.workload.warmup.unwrap_or_default());
    units::Duration((u128::from(lasts.0) * u128::from(warmup.0) / u128::from(units::Share::ONE.0)) as u64)
}

/// "1 to 10", "1, 2, 5".
fn spans(seeds: &[u64]) -> String {
    let is_row = seeds.windows(2).all(|pair| pair[0].wrapping_add(1) == pair[1]);
    match (seeds, is_row) {
        ([first, .., last], true) => format!("{first} to {last}"),
        _ => seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// A measure with its unit, and its interval where there is one; empty where nothing was measured.
pub(crate) fn shown(report: &Report, measure: &str) -> String {
    match report.measure(measure) {
        Some(Measure::Quantity(quantity)) => {
            report.interval(measure).map_or_else(|| quantity.to_string(), |interval| figures::quantity_within(interval, quantity.dimension))
        }
        Some(Measure::Text(text)) => text,
        None => String::new(),
    }
}

/// A measure that is a part of a whole.
pub(crate) fn share(report: &Report, measure: &str) -> String {
    match report.measure(measure).and_then(|measure| measure.value()) {
        Some(value) => report.interval(measure).map_or_else(|| figures::share(value), figures::share_within),
        None => String::new(),
    }
}

fn verdict(sheet: &mut Sheet, report: &Report, about: &About<'_>) {
    sheet.heading("Verdict");
    if !about.told.is_some_and(told::is_trouble) {
        sheet.labelled("load", ROOM, &load(report));
    }
    sheet.labelled("cost", ROOM, &cost(report, about.document));
}

/// Who reached its limit first, and who was busiest, which need not be the same.
fn load(report: &Report) -> String {
    let busy = |name: &str| share(report, &format!("{name}.utilisation"));
    let saturations = report.saturations();
    let Some(busiest) = report.bottleneck() else { return "Nothing here has a limit that could be reached.".into() };
    let Some(first) = saturations.first() else {
        let is_close = report.measure(&format!("{busiest}.utilisation")).and_then(|busy| busy.value()) > Some(CLOSE);
        let so = if is_close { " Beyond 80 %, waiting grows faster than load." } else { "" };
        return format!("Nothing is saturated; the busiest is {busiest}, {} busy.{so}", busy(busiest));
    };
    let when = |from: u64| if from == 0 { "from the start".to_owned() } else { format!("at {}", units::Duration(from).quantity()) };
    let mut text = format!("{} was saturated first, {}: {} busy in all.", first.component, when(first.from), busy(first.component));
    if busiest != first.component {
        let later = saturations.iter().find(|later| later.component == busiest);
        let later = later.map_or_else(String::new, |later| format!(", and was saturated {}", when(later.from)));
        text.push_str(&format!(" The busiest in all was {busiest}, {} busy{later}.", busy(busiest)));
    }
    if !report.each.is_empty() {
        text.push_str(" When, is that of the first run.");
    }
    text
}

/// From this utilisation on, a little more load makes much more waiting.
const CLOSE: f64 = 0.8;

/// As wide as the labels of the verdict and of the cautions.
const ROOM: usize = 4;

fn cost(report: &Report, document: &design::Document) -> String {
    let per_month = 1.0 / units::Quantity::parse("1 USD/month").map_or(1.0, |one| one.value);
    let amount = |measure: &str, times: f64| {
        let value = report.measure(measure)?.value()? * times;
        let with = |mut interval: Interval| {
            (interval.mean, interval.half) = (interval.mean * times, interval.half * times);
            figures::money_within(interval)
        };
        Some(report.interval(measure).map_or_else(|| figures::money(value), with))
    };
    let Some(month) = amount("cost", per_month) else {
        return match &document.prices.list {
            Some(list) => format!("Nothing has a price here; write the size of a component, by its name in “{list}”."),
            None => "Nothing has a price here; name a price list under [prices], and the size of each component.".into(),
        };
    };
    let mut text = format!("{month} a month");
    text.extend(amount("cost per 1000", 1.0).map(|thousand| format!(", {thousand} per thousand answered requests")));
    text.push('.');
    let mut sources: Vec<&str> = report.costs.sources.values().map(String::as_str).collect();
    sources.sort_unstable();
    sources.dedup();
    text.push_str(&format!(" Prices: {}.", sources.join("; ")));
    if !report.costs.not_priced.is_empty() {
        text.push_str(&format!(" Without a price: {}.", report.costs.not_priced.join(", ")));
    }
    text
}

/// One line per kind: what is left out, and in full also which way the error goes.
fn ignored(sheet: &mut Sheet, report: &Report, in_full: bool) {
    sheet.heading(if in_full { "What this model leaves out" } else { "What this model leaves out (--ignores says what follows from it)" });
    let room = report.ignores.keys().map(|kind| kind.chars().count()).max().unwrap_or(0);
    for (kind, ignores) in &report.ignores {
        if in_full {
            ignores.iter().enumerate().for_each(|(at, text)| sheet.labelled(if at == 0 { kind } else { "" }, room, text));
        } else {
            sheet.labelled(kind, room, &ignores.iter().map(|text| matter(text)).collect::<Vec<_>>().join("; "));
        }
    }
}

/// What a sentence is about: "Disk and scans: real queries are slower." -> "disk and scans".
fn matter(text: &str) -> String {
    let matter = text.split(':').next().unwrap_or(text).trim().trim_end_matches('.');
    let mut letters = matter.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
