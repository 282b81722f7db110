//! A lesson figure as a block of a page: the system, the prediction, and after the commit the
//! chart, the gap and the table. The island lets the hand play with the same experiment.

use std::collections::BTreeMap;

use askama::Template;
use course::{Ask, Course, Figure, Lesson};
use desk::FigureView;
use grade::FigureRuns;
use picture::{Axis, Chart, Direction, Options, Place, Point, Role, Scale, Series};
use record::Prediction;
use units::{Dimension, Quantity};

use crate::item::{Notice, component_names, no_vars};

#[derive(Template)]
#[template(path = "figure.html")]
pub(crate) struct FigureBlock {
    id: String,
    number: usize,
    title: String,
    ask: String,
    system: String,
    system_text: String,
    action: String,
    /// What stands at rest: "50 requests/s: 20 ms".
    known: Option<(String, String)>,
    guesses: Vec<GuessField>,
    notice: Option<String>,
    committed: Option<Committed>,
    try_line: String,
    ignores: String,
    data: String,
}

struct GuessField {
    name: String,
    ask: String,
    unit: String,
    value: String,
    /// Boxes to choose from, where a name is asked for.
    boxes: Vec<String>,
}

struct Committed {
    /// Question, guess, what the trap says, what the run gave, guess / run, run id.
    rows: Vec<GapRow>,
    has_trap: bool,
    trap: String,
    chart: String,
    head: Vec<String>,
    table: Vec<Vec<String>>,
    reply: String,
    /// Label, value, and whether it is a load over 80 %.
    measures: Vec<(String, String, bool)>,
    run: String,
    /// None when the figure has changed since: the run of the prediction is then an earlier one.
    seed: Option<u64>,
}

struct GapRow {
    ask: String,
    guess: String,
    trap: String,
    measured: String,
    ratio: String,
}

impl FigureBlock {
    pub(crate) fn new(
        course: &Course,
        lesson: &Lesson,
        figure: &Figure,
        number: usize,
        view: &FigureView,
        action: String,
        notice: Option<&Notice>,
    ) -> Self {
        let text = |text: &str| lesson.html(text, &no_vars());
        let drawn = course
            .designs
            .get(&figure.design)
            .map(|design| with(design, &figure.settings(&figure.series[0], figure.known.unwrap_or(figure.knob.start))));
        let design = drawn.as_ref();
        let unit = scale(view, figure);
        let sent = |name: &str| {
            notice.and_then(|notice| notice.fields.iter().find(|(key, _)| key == name)).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let field = |(at, ask): (usize, &Ask)| GuessField {
            name: format!("g{at}"),
            ask: ask.ask.clone(),
            unit: ask.unit().unwrap_or_default().to_owned(),
            value: sent(&format!("g{at}")),
            boxes: if ask.is_name() { design.map(component_names).unwrap_or_default() } else { Vec::new() },
        };
        Self {
            id: figure.id.clone(),
            number,
            title: figure.title.clone(),
            ask: text(&figure.ask),
            system: design.map(|design| system(design, &format!("{}-system", figure.id))).unwrap_or_default(),
            system_text: design.map(picture::text).unwrap_or_default(),
            action,
            known: view.known.map(|(at, quantity)| (knob_value(figure, at), quantity.to_string())),
            guesses: figure.predict.iter().enumerate().map(field).collect(),
            notice: notice.map(|notice| notice.question.clone()),
            committed: view.committed.as_ref().map(|(prediction, runs)| committed(lesson, figure, view, prediction, runs, &unit)),
            try_line: text(&figure.try_line),
            ignores: text(&figure.ignores),
            data: data(course, figure, view, &unit),
        }
    }
}

/// The picture of a system as it fits its place: to the right where there is room, downwards in a
/// narrow column. Both stand in the page where the width of the window decides.
pub(crate) fn system(design: &design::Document, id: &str) -> String {
    system_under(design, id, &|_| String::new())
}

/// The same with something over each of its boxes, told where they stand.
pub(crate) fn system_under(design: &design::Document, id: &str, over: &dyn Fn(&BTreeMap<String, Place>) -> String) -> String {
    /// The reading column, and a phone's, inside the frame of a figure [px].
    const COLUMN: f64 = 570.0;
    const PHONE: f64 = 330.0;
    let draw = |direction: Direction, id: String| {
        let svg = picture::svg(design, &Options { direction, ..Options::new(id) });
        let over = over(&picture::places(design, direction));
        match svg.rsplit_once("</svg>") {
            Some((drawn, _)) if !over.is_empty() => format!("{drawn}{over}</svg>"),
            _ => svg,
        }
    };
    let right = draw(Direction::Right, id.to_owned());
    let wide = width(&right);
    if wide <= PHONE {
        return right;
    }
    let down = draw(Direction::Down, format!("{id}-down"));
    if wide > COLUMN {
        return down;
    }
    format!("<div class=\"at-desk\">{right}</div><div class=\"at-phone\">{down}</div>")
}

/// The width that a picture states [px].
fn width(svg: &str) -> f64 {
    let stated = svg.split_once("width=\"").and_then(|(_, rest)| rest.split_once('"')).and_then(|(width, _)| width.parse().ok());
    stated.unwrap_or(0.0)
}

/// A design as it is run with these settings: the picture shows what the run has.
pub(crate) fn with(design: &design::Document, set: &std::collections::BTreeMap<String, String>) -> design::Document {
    let mut design = design.clone();
    for (path, text) in set {
        // A setting that does not fit is told by the run and by the pack check.
        drop(design::set(&mut design, path, text));
    }
    design
}

/// "50/s", "80 ms"; a count is named: "calls per page: 10".
fn knob_value(figure: &Figure, at: f64) -> String {
    if figure.knob.unit.is_empty() { format!("{}: {at}", figure.knob.label) } else { format!("{at}{}", figure.knob.unit) }
}

/// The unit of the chart's y axis: one for all, so that values can be compared.
struct Unit {
    name: &'static str,
    size: f64,
}

fn scale(view: &FigureView, figure: &Figure) -> Unit {
    let known = view.known.map(|(_, quantity)| quantity);
    let first = view.committed.as_ref().and_then(|(_, runs)| runs.curves.first()?.points.first().map(|(_, quantity)| *quantity));
    let Some(quantity) = known.or(first) else { return Unit { name: "", size: 1.0 } };
    match quantity.dimension {
        Dimension::TIME if quantity.value < 1e-3 => Unit { name: "µs", size: 1e-6 },
        Dimension::TIME if quantity.value < 2.0 => Unit { name: "ms", size: 1e-3 },
        Dimension::TIME => Unit { name: "s", size: 1.0 },
        Dimension::RATE => Unit { name: "/s", size: 1.0 },
        Dimension::SPENDING => Unit { name: "USD/month", size: 1.0 / 2_628_000.0 },
        Dimension::MONEY => Unit { name: "USD", size: 1.0 },
        Dimension::NONE if is_share(&figure.measure) => Unit { name: "%", size: 0.01 },
        _ => Unit { name: "", size: 1.0 },
    }
}

fn committed(lesson: &Lesson, figure: &Figure, view: &FigureView, prediction: &Prediction, runs: &FigureRuns, unit: &Unit) -> Committed {
    let chart = chart(figure, prediction, runs, unit);
    let (head, table) = table(figure, view, runs);
    let rows: Vec<GapRow> = figure
        .predict
        .iter()
        .zip(&prediction.guesses)
        .map(|(ask, guess)| {
            let measured = Quantity::parse(&guess.measured).ok();
            let guessed = guess.guess.as_ref().and_then(|text| Quantity::parse(text).ok());
            let trap = if ask.measure == figure.measure { figure.trap_at(ask.at, view.known) } else { None };
            GapRow {
                ask: ask.ask.clone(),
                guess: guess.guess.clone().unwrap_or_else(|| "not known".into()),
                trap: trap.map(|quantity| told(ask, quantity)).unwrap_or_default(),
                measured: measured.map_or_else(|| guess.measured.clone(), |quantity| told(ask, quantity)),
                ratio: match (guessed, measured) {
                    (Some(guess), Some(run)) if run.value != 0.0 && guess.dimension == run.dimension => {
                        Quantity::plain(guess.value / run.value).to_string()
                    }
                    _ => String::new(),
                },
            }
        })
        .collect();
    let run =
        figure.predict.iter().zip(&prediction.guesses).find(|(ask, _)| ask.graded).map(|(_, guess)| guess.run.clone()).unwrap_or_default();
    Committed {
        has_trap: rows.iter().any(|row| !row.trap.is_empty()),
        trap: figure.trap.as_ref().map(|trap| trap.label.clone()).unwrap_or_default(),
        rows,
        chart: picture::chart(&chart),
        head,
        table,
        reply: lesson.html(reply(figure, prediction), &no_vars()),
        measures: view.shown.iter().map(|(name, measure)| shown(name, measure)).collect(),
        seed: runs.curves.iter().flat_map(|curve| &curve.runs).any(|id| id.to_string() == run).then_some(figure.seed),
        run,
    }
}

/// A value in the terms of its question: a share as a percentage.
fn told(ask: &Ask, quantity: Quantity) -> String {
    if ask.unit() == Some("%") { quantity.percent() } else { quantity.to_string() }
}

/// Every point that was run, with what the trap says there.
fn table(figure: &Figure, view: &FigureView, runs: &FigureRuns) -> (Vec<String>, Vec<Vec<String>>) {
    let mut head = vec![figure.knob.label.clone()];
    head.extend(runs.curves.iter().map(|curve| if curve.label.is_empty() { measure_label(&figure.measure) } else { curve.label.clone() }));
    let trap = figure.trap.as_ref().filter(|_| !runs.trap.is_empty());
    head.extend(trap.map(|trap| trap.label.clone()));
    let row = |(at, x): (usize, &f64)| {
        let mut row = vec![format!("{x}")];
        row.extend(runs.curves.iter().map(|curve| curve.points.get(at).map(|(_, quantity)| quantity.to_string()).unwrap_or_default()));
        if trap.is_some() {
            row.push(figure.trap_at(*x, view.known).map(|quantity| quantity.to_string()).unwrap_or_default());
        }
        row
    };
    (head, figure.points.iter().enumerate().map(row).collect())
}

/// One measure as it stands beside the chart.
fn shown(name: &str, measure: &sim::Measure) -> (String, String, bool) {
    let share = is_share(name);
    let value = match measure {
        sim::Measure::Quantity(quantity) if share => quantity.percent(),
        other => other.to_string(),
    };
    let danger = name.ends_with("utilisation") && measure.value().is_some_and(|busy| busy > 0.8);
    (measure_label(name), value, danger)
}

fn is_share(measure: &str) -> bool {
    ["utilisation", "errors", "hits"].iter().any(|share| measure.ends_with(share))
}

/// What is said about the gap of the graded guess.
fn reply<'a>(figure: &'a Figure, prediction: &Prediction) -> &'a str {
    let Some(guess) = prediction.guesses.iter().find(|guess| guess.graded) else { return "" };
    let quantities = guess.guess.as_ref().map(|text| (Quantity::parse(text), Quantity::parse(&guess.measured)));
    match quantities {
        None => &figure.reply.unknown,
        Some(_) if guess.score.as_f64() >= 0.75 => &figure.reply.near,
        Some((Ok(guess), Ok(run))) if guess.value > run.value => &figure.reply.high,
        Some(_) => &figure.reply.low,
    }
}

fn chart(figure: &Figure, prediction: &Prediction, runs: &FigureRuns, unit: &Unit) -> Chart {
    let y = |quantity: Quantity| quantity.value / unit.size;
    let marked: Vec<f64> = figure.predict.iter().map(|ask| ask.at).chain(figure.known).collect();
    let mut series: Vec<Series> = Vec::new();
    if let Some(trap) = &figure.trap {
        series.push(Series {
            name: trap.label.clone(),
            role: Role::Trap,
            points: runs.trap.iter().map(|(x, quantity)| Point::new(*x, y(*quantity))).collect(),
        });
    }
    for curve in &runs.curves {
        let points = curve
            .points
            .iter()
            .map(|(x, quantity)| if marked.contains(x) { Point::marked(*x, y(*quantity)) } else { Point::new(*x, y(*quantity)) });
        series.push(Series { name: curve.label.clone(), role: Role::Result, points: points.collect() });
    }
    let guesses: Vec<Point> = figure
        .predict
        .iter()
        .zip(&prediction.guesses)
        .filter(|(ask, _)| ask.measure == figure.measure)
        .filter_map(|(ask, guess)| Some(Point::marked(ask.at, y(Quantity::parse(guess.guess.as_ref()?).ok()?))))
        .collect();
    if !guesses.is_empty() {
        series.push(Series { name: "yours".into(), role: Role::Guess, points: guesses });
    }
    series.retain(|series| !series.points.is_empty());
    Chart {
        id: format!("{}-chart", figure.id),
        title: figure.title.clone(),
        summary: String::new(),
        x: Axis {
            quantity: figure.knob.label.clone(),
            unit: if figure.knob.unit.starts_with('/') { String::new() } else { figure.knob.unit.trim().to_owned() },
            scale: Scale::Linear,
            range: None,
        },
        y: Axis {
            quantity: measure_label(&figure.measure),
            unit: unit.name.to_owned(),
            scale: if figure.log { Scale::Log } else { Scale::Linear },
            range: None,
        },
        series,
        danger: None,
        width: 560.0,
    }
}

/// "buy.p99" -> "p99 of buy"; the only class of a design needs no name.
fn measure_label(measure: &str) -> String {
    match measure.split_once('.') {
        Some(("network", class)) => format!("network time of {class}"),
        Some((of, "mean")) => format!("mean time of {of}"),
        Some((of, what @ ("p50" | "p90" | "p95" | "p99" | "p999" | "max"))) => format!("{what} time of {of}"),
        Some((of, "utilisation")) => format!("{of} busy"),
        Some((of, "sent")) => format!("requests sent ({of})"),
        Some((of, "failed")) => format!("requests failed ({of})"),
        Some((of, "errors")) => format!("share failed ({of})"),
        Some((of, "throughput" | "goodput")) => format!("answered ({of})"),
        Some((of, "inside")) => format!("inside ({of})"),
        Some((of, "queue")) => format!("waiting at {of}"),
        Some((of, "wait")) => format!("wait at {of}"),
        Some((of, "rate")) => format!("calls to {of}"),
        Some((of, what)) => format!("{what} of {of}"),
        None => match measure {
            "cost" => "cost a month".to_owned(),
            "cost per 1000" => "cost per 1,000 requests".to_owned(),
            other => other.to_owned(),
        },
    }
}

/// What the island needs, as JSON in the page. `<` is escaped, so that no text can end the block.
fn data(course: &Course, figure: &Figure, view: &FigureView, unit: &Unit) -> String {
    let design = course.designs.get(&figure.design).map(design::to_json);
    let graded = figure.predict.iter().position(|ask| ask.graded);
    let ran = view.committed.as_ref().and_then(|(prediction, _)| {
        let at = graded?;
        let ask = &figure.predict[at];
        let first = figure.series.first().map(|series| series.label.as_str());
        let on_first = ask.series.is_none() || ask.series.as_deref() == first;
        on_first.then(|| serde_json::json!({ "value": ask.at, "run": prediction.guesses.get(at).map(|guess| guess.run.clone()) }))
    });
    let value = serde_json::json!({
        "design": design,
        // For people: the studio opens it in the words that it was written with.
        "toml": course.designs.get(&figure.design).map(design::to_toml),
        "seed": figure.seed.to_string(),
        "set": figure.set,
        "knob": {
            "label": figure.knob.label, "unit": figure.knob.unit, "from": figure.knob.from, "to": figure.knob.to, "step": figure.knob.step,
            "value": view.committed.as_ref().and(graded).map_or(figure.knob.start, |at| figure.predict[at].at), "say": "", "set": figure.knob.set,
        },
        "series": figure.series.iter().map(|series| serde_json::json!({ "label": series.label, "set": series.set })).collect::<Vec<_>>(),
        "measures": figure.show.iter().map(|name| serde_json::json!({ "name": name, "label": measure_label(name), "unit": is_share(name).then_some("%") })).collect::<Vec<_>>(),
        "chart": { "measure": figure.measure, "unit": unit.name },
        "committed": view.committed.is_some(),
        "ran": ran,
    });
    value.to_string().replace('<', "\\u003c")
}
