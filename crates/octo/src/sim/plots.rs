//! What `--svg` draws: the design with how busy it was, how long requests took, and how it went
//! over time; of a sweep, what the setting does. The drawing is done by `picture`.

use design::Document;
use picture::{Axis, Chart, Load, Options, Point, Role, Scale, Series, Span};
use sim::Report;

use crate::sim::page::time::series;
use crate::sim::range::Range;
use crate::sim::sweep::Swept;

const WIDTH: f64 = 880.0;
/// From where latencies are drawn in seconds [s].
const IN_SECONDS: f64 = 10.0;

/// From this ratio of the longest latency to a usual one, only a logarithmic axis shows both.
const FAR_APART: f64 = 100.0;

pub(crate) fn report(title: &str, document: &Document, report: &Report) -> String {
    let loads = report.components.keys().filter_map(|name| {
        let busy = report.measure(&format!("{name}.utilisation"))?.value()?;
        Some((name.clone(), Load { busy }))
    });
    let system = picture::svg(document, &Options { loads: loads.collect(), ..Options::new("system") });
    let mut drawings = vec![system, latencies(report)];
    let points = report.sending();
    if points.len() > 1 {
        drawings.extend(over_time(report, points));
    }
    picture::sheet("octo", title, &drawings)
}

/// How slow the slowest one in two, ten, a hundred are: the tail gets its room.
fn latencies(report: &Report) -> String {
    let longest = report.classes.values().filter_map(|class| class.latency.max()).max().unwrap_or(0) as f64 / 1e9;
    let (size, unit) = scale(longest);
    let usual = report.classes.values().filter_map(|class| class.latency.percentile(500_000)).min().unwrap_or(0) as f64 / 1e9;
    let spread = if usual > 0.0 && longest / usual > FAR_APART { Scale::Log } else { Scale::Linear };
    let lines = report.classes.iter().enumerate().map(|(number, (name, class))| {
        let most = class.answered as f64;
        // Ten points per decade, as far as there is at least one request beyond.
        let ranks = (0..70).map(|tenth| 10f64.powf(f64::from(tenth) / 10.0)).take_while(|one_in| *one_in <= most);
        let point = |one_in: f64| {
            let millionths = ((1.0 - 1.0 / one_in) * 1e6).round().clamp(1.0, 1e6) as u32;
            Some(Point::new(one_in, class.latency.percentile(millionths)? as f64 / 1e9 / size))
        };
        Series { name: name.clone(), role: role(report, number), points: ranks.filter_map(point).collect() }
    });
    picture::chart(&Chart {
        id: "latency".into(),
        title: "How long requests took".into(),
        summary: String::new(),
        x: Axis { scale: Scale::Log, ..Axis::new("one request in so many takes longer (100: p99)", "") },
        y: Axis { scale: spread, ..Axis::new("latency", unit) },
        series: lines.collect(),
        danger: None,
        width: WIDTH,
    })
}

fn over_time(report: &Report, points: &[sim::Point]) -> [String; 2] {
    // Points lie some nanoseconds off: a run of 100 s ends at 100.
    let end = (points.last().map_or(0, |point| point.at) as f64 / 1e6).round() / 1e3;
    let (size, unit) = time_scale(end);
    let all: Vec<_> = (0..report.class_names.len()).map(|number| series(points, number)).collect();
    let line = |number: usize, values: &[Option<f64>], times: f64| Series {
        name: report.class_names[number].clone(),
        role: role(report, number),
        points: points
            .iter()
            .zip(values)
            .filter_map(|(point, value)| Some(Point::new(point.at as f64 / 1e9 / size, (*value)? / times)))
            .collect(),
    };
    let longest = all.iter().flat_map(|values| values.p99.iter().flatten()).copied().fold(0.0, f64::max);
    let (latency, latency_unit) = scale(longest);
    let spans: Vec<Span> = report.faults.iter().flat_map(|fault| spans(&fault.what, &fault.times, size, end)).collect();
    let chart = |id: &str, title: &str, y: Axis, series: Vec<Series>| {
        let x = Axis { range: Some((0.0, end / size)), ..Axis::new("time", unit) };
        picture::chart_with(
            &Chart { id: id.into(), title: title.into(), summary: title.into(), x, y, series, danger: None, width: WIDTH },
            &spans,
        )
    };
    let goodput = all.iter().enumerate().map(|(number, values)| line(number, &values.goodput, 1.0));
    let p99 = all.iter().enumerate().map(|(number, values)| line(number, &values.p99, latency));
    [
        chart("goodput", "Answered in time, over time", Axis::new("goodput", "requests/s"), goodput.collect()),
        chart("p99", "The slow ones, over time", Axis::new("p99 of what was answered since the last point", latency_unit), p99.collect()),
    ]
}

fn spans(what: &str, times: &[(u64, Option<u64>)], size: f64, end: f64) -> Vec<Span> {
    let at = |ns: u64| ns as f64 / 1e9 / size;
    times
        .iter()
        .enumerate()
        .map(|(number, (began, ended))| Span {
            from: at(*began),
            to: ended.map_or(end / size, at),
            // Many times the same needs its name once.
            label: if number == 0 { what.to_owned() } else { String::new() },
        })
        .collect()
}

/// What the setting does to the latencies and to what is answered.
pub(crate) fn sweep(title: &str, path: &str, range: &Range, swept: &[Swept]) -> String {
    let Some(first) = swept.first() else { return picture::sheet("octo", title, &[]) };
    let classes: Vec<&String> = first.report.classes.keys().collect();
    let values = |measure: &str| swept.iter().filter_map(|step| step.report.measure(measure)?.value()).fold(0.0, f64::max);
    let longest = classes.iter().map(|class| values(&format!("{class}.p99"))).fold(0.0, f64::max);
    let (size, unit) = scale(longest);
    let line = |number: usize, what: &str, size: f64| {
        let measure = format!("{}.{what}", classes[number]);
        let point = |step: &Swept| {
            let y = step.report.measure(&measure)?.value()? / size;
            let spread = step.report.interval(&measure).map(|sure| ((sure.mean - sure.half) / size, (sure.mean + sure.half) / size));
            Some(Point { spread, marked: true, ..Point::new(step.value, y) })
        };
        Series { name: classes[number].clone(), role: role(&first.report, number), points: swept.iter().filter_map(point).collect() }
    };
    let chart = |id: &str, title: &str, y: Axis, what: &str, size: f64| {
        let x = Axis { scale: if range.is_wide() { Scale::Log } else { Scale::Linear }, ..Axis::new(path, range.unit.clone()) };
        let series = (0..classes.len()).map(|number| line(number, what, size)).collect();
        picture::chart(&Chart { id: id.into(), title: title.into(), summary: String::new(), x, y, series, danger: None, width: WIDTH })
    };
    let drawings = [
        chart("p50", "A usual request", Axis::new("p50", unit), "p50", size),
        chart("p99", "A slow request", Axis::new("p99", unit), "p99", size),
        chart("goodput", "Answered in time", Axis::new("goodput", "requests/s"), "goodput", 1.0),
    ];
    picture::sheet("octo", title, &drawings)
}

/// One class alone is the result; several are told apart by their dashes.
fn role(report: &Report, number: usize) -> Role {
    if report.classes.len() == 1 { Role::Result } else { Role::Among(number) }
}

/// What latencies up to so long are best told in [s].
fn scale(longest: f64) -> (f64, &'static str) {
    if longest >= IN_SECONDS { (1.0, "s") } else { (1e-3, "ms") }
}

/// What runs of so long are best told in [s].
fn time_scale(longest: f64) -> (f64, &'static str) {
    match longest {
        longest if longest >= 2.0 * 86_400.0 => (86_400.0, "days"),
        longest if longest >= 2.0 * 3_600.0 => (3_600.0, "hours"),
        longest if longest >= 2.0 * 60.0 => (60.0, "minutes"),
        _ => (1.0, "seconds"),
    }
}
