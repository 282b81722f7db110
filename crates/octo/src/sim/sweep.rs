//! `--sweep`: the same design for several values of one setting, a row for each as soon as it is
//! there.

use design::{Document, Resolved};
use serde_json::{Value, json};
use sim::Report;
use units::Share;

use crate::Answer;
use crate::cli::SimArgs;
use crate::sim::asked::{Asked, experiment, full_path};
use crate::sim::conduct::{Ran, Work, conduct};
use crate::sim::figures;
use crate::sim::file::sentence;
use crate::sim::page::{self, About, cautions};
use crate::sim::range::Range;
use crate::sim::sheet::{Sheet, Tone};
use crate::sim::{budget, json as report_json, plots, pooled, save, say};

/// The word for all arrivals at once.
const LOAD: &str = "load";

/// A value of the sweep, and the design that it makes.
struct Step {
    /// As it stands in the first column.
    shown: String,
    value: f64,
    document: Resolved,
}

/// A report beside its value.
pub(crate) struct Swept {
    pub(crate) value: f64,
    pub(crate) report: Report,
}

pub(crate) fn run(args: &SimArgs, asked: &Asked, sweep: &str) -> anyhow::Result<Answer> {
    let wrong = |problem: String| anyhow::anyhow!("--sweep \"{sweep}\": {problem}");
    let replications = args.replications.unwrap_or(1);
    if !asked.document.require.is_empty() {
        eprintln!("note: a sweep shows numbers and judges no requirement; run one value (--set) to have it judged.");
    }
    let mut range = Range::read(sweep).map_err(wrong)?;
    let named = range.path.clone();
    if range.path != LOAD {
        range.path = full_path(&asked.document, &range.path).map_err(wrong)?;
    }
    let steps = steps(asked, &range).map_err(|problem| match problem {
        Slip::Value(problem) => wrong(problem),
        Slip::Design(error) => error,
    })?;
    let work = Work {
        count: steps.len() * replications as usize,
        experiment: &|number| {
            let (step, run) = (number / replications as usize, number % replications as usize);
            experiment(&steps[step].document, args.seed.wrapping_add(run as u64))
        },
        budget: budget(args),
        lasts: steps.iter().map(|step| step.document.workload.lasts.unwrap_or_default().0).max().unwrap_or(0),
        traces: false,
        watches: &[],
    };
    let mut rows = Rows::new(asked, args, &named, &steps);
    if !args.json {
        say(&rows.head())?;
    }
    let mut swept: Vec<Swept> = Vec::new();
    let mut listed: Vec<Value> = Vec::new();
    let mut under_way: Vec<(usize, Ran)> = Vec::new();
    let mut failed = Ok(());
    conduct(&work, &mut |number, ran| {
        let at = number / replications as usize;
        under_way.push((at, ran));
        let is_last = (number + 1).is_multiple_of(replications as usize);
        if !is_last {
            return;
        }
        // After Ctrl-C some runs are missing, so what is here may belong to an earlier value.
        let runs: Vec<Ran> = std::mem::take(&mut under_way).into_iter().filter(|(of, _)| *of == at).map(|(_, ran)| ran).collect();
        // A value of which a part was run would stand beside whole ones as if it were one.
        if runs.len() < replications as usize || runs.iter().any(|ran| !ran.whole) {
            return;
        }
        let Some(report) = pooled(runs) else { return };
        let step = &steps[at];
        let about = About {
            asked,
            document: &step.document,
            runs: replications,
            is_interrupted: false,
            budget: work.budget,
            traces: false,
            ignores: false,
            judged: None,
            sample: &[],
            told: None,
            explain: false,
        };
        if args.json {
            let cautions = cautions(&report, &about);
            listed.push(json!({ "set": { range.path.as_str(): step.shown }, "report": report_json::report(&report, &cautions) }));
        } else if failed.is_ok() {
            failed = say(&rows.rows(step, &report));
        }
        swept.push(Swept { value: step.value, report });
    })
    .map_err(|problems| asked.refuse(&problems))?;
    failed?;
    if args.json {
        say(&report_json::text(&listed.into()))?;
    }
    if let Some(file) = &args.svg {
        save(file, &plots::sweep(&asked.title(), &named, &range, &swept))?;
    }
    if swept.len() < steps.len() {
        eprintln!("Interrupted by Ctrl-C: {} of {} values were done.", swept.len(), steps.len());
        return Ok(Answer::Interrupted);
    }
    Ok(Answer::Fine)
}

/// What is wrong with a sweep: a value that the setting does not take, or the design that it makes.
enum Slip {
    Value(String),
    Design(anyhow::Error),
}

/// The design for each value. Values that come to the same are tried once.
fn steps(asked: &Asked, range: &Range) -> Result<Vec<Step>, Slip> {
    let mut steps: Vec<Step> = Vec::new();
    for value in range.values() {
        let (shown, document) = changed(&asked.document, range, value).map_err(Slip::Value)?;
        if steps.iter().any(|step| step.shown == shown) {
            continue;
        }
        let document = asked.resolve(&document).map_err(|error| Slip::Design(error.context(format!("with {} = {shown}", range.path))))?;
        steps.push(Step { shown, value, document });
    }
    Ok(steps)
}

/// The document with the value in the first spelling that the setting takes.
fn changed(document: &Document, range: &Range, value: f64) -> Result<(String, Document), String> {
    if range.path == LOAD {
        return scaled(document, value).map(|document| (format!("x{value}"), document));
    }
    let mut refused = None;
    for text in range.spellings(value) {
        let mut changed = document.clone();
        match design::set(&mut changed, &range.path, &text) {
            Ok(()) => return Ok((text, changed)),
            // What it says of the value as it was written is what helps.
            Err(problem) => refused = refused.or_else(|| Some(sentence(&problem))),
        }
    }
    let others = if range.path.ends_with(".rate") { " Or sweep all that is sent, as in load=x0.5..x3." } else { "" };
    Err(format!("{}{others}", refused.unwrap_or_default()))
}

/// So many times as much of everything.
fn scaled(document: &Document, factor: f64) -> Result<Document, String> {
    if !(0.0..=1_000.0).contains(&factor) || factor == 0.0 {
        return Err(format!("A load of x{factor} is not tried. Write more than x0 and at most x1000."));
    }
    let factor = Share((factor * 1e9).round() as u64);
    let mut changed = document.clone();
    let classes = changed.workload.classes.values_mut().filter_map(|class| class.arrivals.as_mut());
    for arrivals in classes.chain(changed.workload.arrivals.as_mut()) {
        *arrivals = arrivals.scaled(factor);
    }
    if changed == *document && factor != Share::ONE {
        return Err("What is sent here comes from recorded traces, at their own times; its load cannot be scaled.".into());
    }
    Ok(changed)
}

/// The rows, printed one by one: their columns are as wide as whatever may come.
struct Rows<'a> {
    asked: &'a Asked,
    path: &'a str,
    /// How many runs there are for each value.
    runs: u32,
    first: usize,
    class: usize,
    number: usize,
    has_p50: bool,
    sheet: Sheet,
}

/// Wide enough for "12.35 ± 0.41 ms".
const WITH_INTERVAL: usize = 15;
const ALONE: usize = 9;
/// Room for the name of the busiest component and how busy it is.
const BUSIEST: usize = 16;
const GAP: usize = 2;

impl<'a> Rows<'a> {
    fn new(asked: &'a Asked, args: &SimArgs, path: &'a str, steps: &[Step]) -> Self {
        let shown = steps.iter().map(|step| step.shown.chars().count()).max().unwrap_or(0);
        let classes = &asked.document.workload.classes;
        let class = if classes.len() > 1 { classes.keys().map(|class| class.chars().count()).max().unwrap_or(0).max(5) } else { 0 };
        let first = shown.max(path.chars().count());
        let number = if args.replications.unwrap_or(1) > 1 { WITH_INTERVAL } else { ALONE };
        let sheet = Sheet::for_stdout();
        let has_p50 = first + class + 4 * (number + GAP) + 2 * GAP + BUSIEST <= sheet.width;
        Self { asked, path, runs: args.replications.unwrap_or(1), first, class, number, has_p50, sheet }
    }

    fn head(&mut self) -> String {
        self.sheet.heading(&self.asked.title());
        let runs = match self.runs {
            1 => "One run for each value.".to_owned(),
            runs => format!("{runs} runs for each value; ± is the 95 % interval of their mean."),
        };
        self.sheet.paragraph(&runs, Tone::Plain);
        if !self.asked.changes.is_empty() {
            self.sheet.paragraph(&format!("With {}.", self.asked.changes.join(", ")), Tone::Plain);
        }
        self.sheet.blank();
        let head = self.line(&[self.path, "class", "goodput", "errors", "p50", "p99", "busiest"]);
        self.sheet.line(&head, Tone::Quiet);
        self.sheet.take()
    }

    fn rows(&mut self, step: &Step, report: &Report) -> String {
        let mut first = step.shown.as_str();
        for class in report.classes.keys() {
            let shown = |what: &str| page::shown(report, &format!("{class}.{what}"));
            let errors = page::share(report, &format!("{class}.errors"));
            let busiest = if first.is_empty() { String::new() } else { busiest(report) };
            let line = self.line(&[first, class, &shown("goodput"), &errors, &shown("p50"), &shown("p99"), &busiest]);
            self.sheet.line(&line, Tone::Plain);
            first = "";
        }
        if let Some(by) = report.ended_by {
            self.sheet.line(&format!("{:>width$}  ! {}", "", page::in_short(by), width = self.first), Tone::Alarm);
        }
        self.sheet.take()
    }

    fn line(&self, cells: &[&str; 7]) -> String {
        let [value, class, goodput, errors, p50, p99, busiest] = cells;
        let mut line = format!("{value:>width$}", width = self.first);
        if self.class > 0 {
            line.push_str(&format!("  {class:<width$}", width = self.class));
        }
        for cell in [Some(goodput), Some(errors), self.has_p50.then_some(p50), Some(p99)].into_iter().flatten() {
            line.push_str(&format!("  {cell:>width$}", width = self.number));
        }
        format!("{line}  {busiest}").trim_end().to_owned()
    }
}

/// "db 93 %".
fn busiest(report: &Report) -> String {
    let busy = |name: &str| report.measure(&format!("{name}.utilisation"))?.value();
    report.bottleneck().and_then(|name| Some(format!("{name} {}", figures::share(busy(name)?)))).unwrap_or_default()
}
