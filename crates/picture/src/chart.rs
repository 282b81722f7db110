//! Line charts for the figures of a lesson: what the learner guessed, what the trap says, what the
//! run gave. Roles carry a form as well as a colour, and marks are labelled where they stand.

use units::significant;

use crate::svg::{ACCENT, DANGER, GROUND, INK, QUIET, RULE, cut, escape, hatch, n, open, prefix, width};
pub use crate::ticks::Scale;
use crate::ticks::{Ruler, ends};

/// A chart as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The beginning of every id, so that several charts can share a page.
    pub id: String,
    pub title: String,
    /// One sentence with the point and its numbers, for those who do not see the chart. Empty: it
    /// is put together from the marked points.
    pub summary: String,
    pub x: Axis,
    pub y: Axis,
    /// Later ones are drawn over earlier ones.
    pub series: Vec<Series>,
    pub danger: Option<Danger>,
    /// How wide the drawing is, from 280 to 960 [px]; texts keep their size.
    pub width: f64,
}

/// "mean time in system (ms)".
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub quantity: String,
    /// Empty for plain numbers.
    pub unit: String,
    pub scale: Scale,
    /// Fixed ends, so that nothing rescales while two charts are compared.
    pub range: Option<(f64, f64)>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Written at the end of the line.
    pub name: String,
    pub role: Role,
    pub points: Vec<Point>,
}

/// What a line stands for. Result: solid. Guess: dotted, with squares. Trap: dashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Result,
    Guess,
    Trap,
    /// One of several results, by its number from 0: each has dashes of its own, the first none.
    Among(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    /// The band that several seeds gave.
    pub spread: Option<(f64, f64)>,
    /// Drawn as a point with its value beside it, and listed in the table.
    pub marked: bool,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y, spread: None, marked: false }
    }

    pub const fn marked(x: f64, y: f64) -> Self {
        Self { x, y, spread: None, marked: true }
    }
}

/// A hatched region above a value of y: where the system does harm.
#[derive(Debug, Clone, PartialEq)]
pub struct Danger {
    pub above: f64,
    /// "over 250 ms"
    pub label: String,
}

/// A stretch of x in which something was different: a fault was on.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: f64,
    /// "crash db"
    pub label: String,
}

/// The numbers of a chart, ready for an HTML table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub head: Vec<String>,
    /// As long as the head; empty where a line has no point.
    pub rows: Vec<Vec<String>>,
}

const TEXT: f64 = 13.0;
/// How wide a line of a name beside the plot may be, as a share of the drawing.
const NAME_SHARE: f64 = 0.22;
/// A page that shrinks the drawing may enlarge its words by this much.
const ENLARGED: f64 = 1.36;
const NAME_LINE: f64 = 17.0;
const MAX_NAME_LINES: usize = 4;
const MAX_POINTS: usize = 2000;
const MAX_ROWS: usize = 200;
const MAX_SPANS: usize = 100;
const MAX_SPAN_LINES: usize = 4;
/// The dashes of several results, in their order; then they begin again.
const DASHES: [&str; 5] = ["", "9 4", "2 4", "9 4 2 4", "16 5"];

/// Draws a chart. The `<svg>` tells its axes in `data-xmin`, `data-x0` and so on (the end of the
/// axis, and where it lies), so that a page can place a moving point on it.
///
/// Points that are not finite are left out; of a line at most 2000 are drawn.
pub fn chart(chart: &Chart) -> String {
    chart_with(chart, &[])
}

/// Draws a chart with stretches of its x axis marked; at most 100 of them, and those without a
/// beginning or an end are left out.
pub fn chart_with(chart: &Chart, spans: &[Span]) -> String {
    let plot = Plot::new(chart);
    let id = prefix(&chart.id);
    let data = format!(" data-chart=\"\"{}{}", data("x", &plot.x), data("y", &plot.y));
    let mut out = open("chart", &id, (plot.width, plot.height), &data, &chart.title, &summary(chart));
    out.push_str(&hatch(&id));
    out.push_str(&format!(
        "<defs><clipPath id=\"{id}-clip\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath></defs>\n",
        n(plot.x.start - 7.0),
        n(plot.y.end - 7.0),
        n(plot.x.end - plot.x.start + 14.0),
        n(plot.y.start - plot.y.end + 14.0)
    ));
    out.push_str(&plot.danger_area(chart, &id));
    out.push_str(&plot.spans(spans, &id));
    out.push_str(&plot.axes(chart));
    out.push_str(&plot.danger_line(chart));
    for series in &chart.series {
        out.push_str(&plot.line(series, &id));
    }
    let mut taken = Vec::new();
    for series in &chart.series {
        out.push_str(&plot.values(series, &mut taken));
    }
    out.push_str(&plot.names(chart));
    out.push_str("</svg>\n");
    out
}

/// One row per x; the marked points where there are any, all points where there are none.
pub fn chart_table(chart: &Chart) -> Table {
    let any = chart.series.iter().any(|series| series.points.iter().any(|point| point.marked));
    let listed = |point: &&Point| (point.marked || !any) && point.x.is_finite() && point.y.is_finite();
    let mut xs: Vec<f64> = chart.series.iter().flat_map(|series| series.points.iter().filter(listed)).map(|point| point.x).collect();
    sorted::sort_by(&mut xs, f64::total_cmp);
    xs.dedup();
    xs.truncate(MAX_ROWS);
    let cell = |series: &Series, x: f64| {
        series.points.iter().filter(listed).find(|point| point.x == x).map_or_else(String::new, |point| significant(point.y))
    };
    let head = std::iter::once(chart.x.title()).chain(
        chart.series.iter().map(
            |series| {
                if chart.y.unit.is_empty() { series.name.clone() } else { format!("{} ({})", series.name, chart.y.unit) }
            },
        ),
    );
    let rows = xs.iter().map(|&x| std::iter::once(significant(x)).chain(chart.series.iter().map(|series| cell(series, x))).collect());
    Table { head: head.collect(), rows: rows.collect() }
}

impl Axis {
    /// Linear, with ends that follow from the points.
    pub fn new(quantity: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { quantity: quantity.into(), unit: unit.into(), scale: Scale::Linear, range: None }
    }

    fn title(&self) -> String {
        match self.unit.as_str() {
            "" => self.quantity.clone(),
            unit => format!("{} ({unit})", self.quantity),
        }
    }

    fn drawn_title(&self) -> String {
        if self.scale == Scale::Log { format!("{}, logarithmic", self.title()) } else { self.title() }
    }
}

fn summary(chart: &Chart) -> String {
    if !chart.summary.trim().is_empty() {
        return chart.summary.clone();
    }
    let table = chart_table(chart);
    let mut text = format!("{} against {}.", chart.y.title(), chart.x.title());
    for (column, name) in table.head.iter().enumerate().skip(1) {
        let points: Vec<_> =
            table.rows.iter().filter(|row| !row[column].is_empty()).take(8).map(|row| format!("{} at {}", row[column], row[0])).collect();
        text.push_str(&format!(" {name}: {}.", points.join(", ")));
    }
    text
}

fn data(name: &str, ruler: &Ruler) -> String {
    let scale = match ruler.scale {
        Scale::Linear => "linear",
        Scale::Log => "log",
    };
    format!(
        " data-{name}min=\"{}\" data-{name}max=\"{}\" data-{name}0=\"{}\" data-{name}1=\"{}\" data-{name}scale=\"{scale}\"",
        ruler.min,
        ruler.max,
        n(ruler.start),
        n(ruler.end)
    )
}

/// The drawing's measures.
struct Plot {
    width: f64,
    height: f64,
    x: Ruler,
    y: Ruler,
}

impl Plot {
    fn new(chart: &Chart) -> Self {
        let wide = if chart.width.is_finite() { chart.width.clamp(280.0, 960.0) } else { 640.0 };
        let height = libm::round((wide * 0.36 + 106.0).clamp(230.0, 360.0));
        let points = || chart.series.iter().flat_map(|series| &series.points);
        let x = ends(points().map(|point| point.x), chart.x.range, chart.x.scale, false);
        let danger = chart.danger.iter().map(|danger| danger.above * 1.05);
        let ys = points().flat_map(|point| [Some(point.y), point.spread.map(|spread| spread.1)]).flatten().chain(danger);
        let y = ends(ys, chart.y.range, chart.y.scale, true);
        let mut plot = Self {
            width: wide,
            height,
            x: Ruler { scale: chart.x.scale, min: x.0, max: x.1, start: 0.0, end: 0.0 },
            y: Ruler { scale: chart.y.scale, min: y.0, max: y.1, start: height - 46.0, end: 40.0 },
        };
        let ticks = plot.y.ticks(5.0).iter().map(|tick| width(&significant(*tick), TEXT)).fold(0.0, f64::max);
        let lines = |series: &Series| name_lines(&series.name, wide).iter().map(|line| width(line, TEXT)).fold(0.0, f64::max);
        let names = chart.series.iter().map(lines).fold(0.0, f64::max) * ENLARGED;
        plot.x.start = libm::ceil(ticks + 16.0);
        plot.x.end = libm::floor(wide - names - 22.0);
        plot
    }

    fn axes(&self, chart: &Chart) -> String {
        let mut out = String::new();
        for tick in self.y.ticks(5.0) {
            let Some(y) = self.y.place(tick) else { continue };
            out.push_str(&format!(
                "<path class=\"grid\" d=\"M{} {}H{}\" fill=\"none\" stroke=\"{RULE}\" stroke-width=\"1\"/>",
                n(self.x.start),
                n(y),
                n(self.x.end)
            ));
            out.push_str(&label(self.x.start - 8.0, y + 4.5, "end", QUIET, "", &significant(tick)));
        }
        let mut free = f64::NEG_INFINITY;
        for tick in self.x.ticks((self.x.end - self.x.start) / 75.0) {
            let Some(x) = self.x.place(tick) else { continue };
            let (text, y) = (significant(tick), self.y.start);
            let half = width(&text, TEXT) / 2.0;
            out.push_str(&format!("<path class=\"axis\" d=\"M{} {}v5\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1\"/>", n(x), n(y)));
            if x - half > free {
                out.push_str(&label(x, y + 19.0, "middle", QUIET, "", &text));
                free = x + half + 6.0;
            }
        }
        out.push_str(&format!(
            "<path class=\"axis\" d=\"M{} {}H{}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1\"/>\n",
            n(self.x.start),
            n(self.y.start),
            n(self.x.end)
        ));
        out.push_str(&label(2.0, 16.0, "start", QUIET, "title", &chart.y.drawn_title()));
        out.push_str(&label(self.x.end, self.height - 7.0, "end", QUIET, "title", &chart.x.drawn_title()));
        out
    }

    /// Where the danger begins, within the plot.
    fn danger<'a>(&self, chart: &'a Chart) -> Option<(&'a Danger, f64)> {
        let danger = chart.danger.as_ref()?;
        Some((danger, self.y.place(danger.above)?.clamp(self.y.end, self.y.start)))
    }

    fn danger_area(&self, chart: &Chart, id: &str) -> String {
        let Some((_, y)) = self.danger(chart) else { return String::new() };
        let (x, top) = (self.x.start, self.y.end);
        let area = format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", n(x), n(top), n(self.x.end - x), n(y - top));
        format!(
            "<rect class=\"danger-band\" {area} fill=\"var(--danger-wash, #f6dfd6)\" opacity=\".5\"/><rect {area} fill=\"url(#{id}-hatch)\" opacity=\".16\"/>\n"
        )
    }

    /// Bands from top to bottom with their names, one below the other where they would touch.
    fn spans(&self, spans: &[Span], id: &str) -> String {
        let mut out = String::new();
        let mut ends: Vec<f64> = Vec::new();
        for span in spans.iter().take(MAX_SPANS) {
            let (Some(from), Some(to)) = (self.x.place(span.from), self.x.place(span.to)) else { continue };
            let (from, to) = (from.clamp(self.x.start, self.x.end), to.clamp(self.x.start, self.x.end));
            let area = format!(
                "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                n(from),
                n(self.y.end),
                n((to - from).max(1.5)),
                n(self.y.start - self.y.end)
            );
            out.push_str(&format!("<rect class=\"span\" {area} fill=\"url(#{id}-hatch)\" opacity=\".3\"/>"));
            let wide = width(&span.label, TEXT);
            let (x, anchor) = if from + wide < self.x.end { (from + 4.0, "start") } else { (to - 4.0, "end") };
            let start = if anchor == "start" { x } else { x - wide };
            let line = ends.iter().position(|end| start > *end + 6.0).unwrap_or(ends.len());
            if line < MAX_SPAN_LINES {
                ends.resize(ends.len().max(line + 1), 0.0);
                ends[line] = start + wide;
                out.push_str(&halo(x, self.y.end + 13.0 + line as f64 * NAME_LINE, anchor, DANGER, "danger", &span.label));
            }
        }
        out
    }

    fn danger_line(&self, chart: &Chart) -> String {
        let Some((danger, y)) = self.danger(chart) else { return String::new() };
        format!(
            "<path d=\"M{} {}H{}\" fill=\"none\" stroke=\"{DANGER}\" stroke-width=\"1.5\"/>{}",
            n(self.x.start),
            n(y),
            n(self.x.end),
            halo(self.x.start + 8.0, (y - 7.0).max(self.y.end + 13.0), "start", DANGER, "danger", &danger.label)
        )
    }

    /// The points that have a place, in their order.
    fn placed<'a>(&'a self, series: &'a Series) -> impl Iterator<Item = (&'a Point, f64, f64)> {
        series.points.iter().take(MAX_POINTS).filter_map(|point| Some((point, self.x.place(point.x)?, self.y.place(point.y)?)))
    }

    fn line(&self, series: &Series, id: &str) -> String {
        let (class, form) = match series.role {
            Role::Result => ("result", format!("stroke=\"var(--result, {ACCENT})\" stroke-width=\"2.5\" stroke-linejoin=\"round\"")),
            Role::Guess => {
                ("guess", format!("stroke=\"var(--guess, {INK})\" stroke-width=\"2\" stroke-dasharray=\"1 5\" stroke-linecap=\"round\""))
            }
            Role::Trap => ("trap", format!("stroke=\"var(--trap, {QUIET})\" stroke-width=\"1.5\" stroke-dasharray=\"7 5\"")),
            Role::Among(number) => {
                let dashes = DASHES[number % DASHES.len()];
                let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
                ("result", format!("stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\"{dashes}", among(number)))
            }
        };
        let points: Vec<_> = self.placed(series).map(|(_, x, y)| format!("{} {}", n(x), n(y))).collect();
        if points.is_empty() {
            return String::new();
        }
        let mut out = format!("<g clip-path=\"url(#{id}-clip)\">{}", self.spread(series));
        out.push_str(&format!("<path class=\"{class}-line\" d=\"M{}\" fill=\"none\" {form}/>", points.join("L")));
        for (_, x, y) in self.placed(series).filter(|(point, ..)| point.marked || points.len() == 1) {
            out.push_str(&match series.role {
                Role::Guess => format!("<rect class=\"guess-dot\" x=\"{}\" y=\"{}\" width=\"8\" height=\"8\" fill=\"var(--guess, {INK})\"/>", n(x - 4.0), n(y - 4.0)),
                Role::Trap => format!("<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"var(--trap, {QUIET})\"/>", n(x), n(y)),
                Role::Among(number) => format!("<circle cx=\"{}\" cy=\"{}\" r=\"3.5\" fill=\"{}\"/>", n(x), n(y), among(number)),
                Role::Result => format!(
                    "<circle class=\"result-dot\" cx=\"{}\" cy=\"{}\" r=\"4.5\" fill=\"{GROUND}\" stroke=\"var(--result, {ACCENT})\" stroke-width=\"2.5\"/>",
                    n(x),
                    n(y)
                ),
            });
        }
        out.push_str("</g>\n");
        out
    }

    /// The band between the spreads of the points that have one.
    fn spread(&self, series: &Series) -> String {
        let edge = |which: fn((f64, f64)) -> f64| -> Vec<String> {
            let place = |point: &Point| Some(format!("{} {}", n(self.x.place(point.x)?), n(self.y.place(which(point.spread?))?)));
            series.points.iter().take(MAX_POINTS).filter_map(place).collect()
        };
        let (low, mut high) = (edge(|spread| spread.0), edge(|spread| spread.1));
        if low.len() < 2 || low.len() != high.len() {
            return String::new();
        }
        high.reverse();
        format!("<path class=\"spread\" d=\"M{}L{}Z\" fill=\"var(--accent-wash, #dde8e6)\"/>", low.join("L"), high.join("L"))
    }

    /// Values beside the marked points of a result: left of a rising line, else where there is room.
    fn values(&self, series: &Series, taken: &mut Vec<(f64, f64, f64)>) -> String {
        if series.role != Role::Result {
            return String::new();
        }
        let mut out = String::new();
        let marked = self.placed(series).filter(|(point, ..)| point.marked && self.x.holds(point.x) && self.y.holds(point.y));
        for (point, x, y) in marked {
            let text = significant(point.y);
            let wide = width(&text, TEXT) * 1.15;
            let left = (x - 10.0 - wide, y - 8.0);
            let (at, anchor) = if left.0 < self.x.start { ((x + 9.0, y - 9.0), "start") } else { ((x - 10.0, y - 8.0), "end") };
            let start = if anchor == "end" { left.0 } else { at.0 };
            let clear = taken.iter().all(|(a, b, y)| start > *b || start + wide < *a || (at.1 - y).abs() > 15.0);
            if clear {
                taken.push((start, start + wide, at.1));
                out.push_str(&halo(at.0, at.1.max(self.y.end + 4.0), anchor, INK, "value", &text));
            }
        }
        out
    }

    /// Names at the ends of the lines, pushed apart where they would touch.
    fn names(&self, chart: &Chart) -> String {
        // The middle of each name, its lines, and whose it is.
        let mut names: Vec<(f64, Vec<String>, &Series)> = Vec::new();
        for series in &chart.series {
            let inside = self.placed(series).filter(|(point, ..)| self.x.holds(point.x)).last();
            if let Some((_, _, y)) = inside {
                names.push((y.clamp(self.y.end, self.y.start), name_lines(&series.name, self.width), series));
            }
        }
        sorted::sort_by(&mut names, |a, b| a.0.total_cmp(&b.0));
        for i in 1..names.len() {
            names[i].0 = names[i].0.max(names[i - 1].0 + apart(&names[i - 1].1, &names[i].1));
        }
        // Pushed below the axis, the lowest ones move up again.
        if let Some(last) = names.last_mut() {
            last.0 = last.0.min(self.y.start);
        }
        for i in (1..names.len()).rev() {
            names[i - 1].0 = names[i - 1].0.min(names[i].0 - apart(&names[i - 1].1, &names[i].1));
        }
        let label = |(y, lines, series): &(f64, Vec<String>, &Series)| {
            let colour = match series.role {
                Role::Result => ACCENT,
                Role::Guess => INK,
                Role::Trap => QUIET,
                Role::Among(number) => among(number),
            };
            let first = y + 4.5 - (lines.len().saturating_sub(1)) as f64 * NAME_LINE / 2.0;
            broken(&label(self.x.end + 12.0, first, "start", colour, "name", ""), self.x.end + 12.0, lines)
        };
        names.iter().map(label).collect()
    }
}

/// Neighbours differ in colour as well as in dashes.
fn among(number: usize) -> &'static str {
    if number.is_multiple_of(2) { ACCENT } else { INK }
}

/// A name in lines that fit beside the plot.
fn name_lines(name: &str, wide: f64) -> Vec<String> {
    let most = wide * NAME_SHARE;
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let full = lines.len() == MAX_NAME_LINES;
        match lines.last_mut() {
            Some(line) if full || width(&format!("{line} {word}"), TEXT) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| cut(line, TEXT, most)).collect()
}

/// How far the middles of two names must be from each other.
fn apart(above: &[String], below: &[String]) -> f64 {
    (above.len().max(1) + below.len().max(1)) as f64 * NAME_LINE / 2.0
}

/// Puts lines into an empty `<text>`; their distance grows with the size of the words.
fn broken(text: &str, x: f64, lines: &[String]) -> String {
    let spans: Vec<String> = match lines {
        [] => return String::new(),
        [line] => vec![escape(line)],
        _ => lines
            .iter()
            .enumerate()
            .map(|(at, line)| format!("<tspan x=\"{}\" dy=\"{}\">{}</tspan>", n(x), if at == 0 { "0" } else { "1.3em" }, escape(line)))
            .collect(),
    };
    text.replacen("></text>", &format!(">{}</text>", spans.concat()), 1)
}

fn label(x: f64, y: f64, anchor: &str, colour: &str, class: &str, text: &str) -> String {
    let weight = if matches!(class, "name" | "value" | "danger") { " font-weight=\"600\"" } else { "" };
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!(
        "<text{class} x=\"{}\" y=\"{}\" font-size=\"{TEXT}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{weight}>{}</text>\n",
        n(x),
        n(y),
        escape(text)
    )
}

/// A label that stays readable over lines.
fn halo(x: f64, y: f64, anchor: &str, colour: &str, class: &str, text: &str) -> String {
    label(x, y, anchor, colour, class, text).replacen(
        "<text",
        &format!("<text paint-order=\"stroke\" stroke=\"{GROUND}\" stroke-width=\"4\" stroke-linejoin=\"round\""),
        1,
    )
}
