//! A design as a drawing: boxes, arrows, labels and load. Where things stand is decided in
//! `layers`; what is written on them in `words`.

use sorted::BTreeMap;

use design::{Call, CallMode, Component, Document, LinkName, Setting};

use crate::layers::{Arrow, Layout, Size, layout};
use crate::svg::{ACCENT, BUSY, DANGER, GROUND, INK, LINE, PAPER, QUIET, cut, escape, hatch, n, open, percent, prefix, width};
use crate::{icon, text, words};

/// A drawing of more says nothing any more; the text still does.
pub const MAX_COMPONENTS: usize = 200;
const MAX_ARROWS: usize = 400;
/// Call plans come bounded from `design`; a plan built by hand is not followed further.
const MAX_CALL_DEPTH: usize = 64;

/// How a design is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The beginning of every id, so that several pictures can share a page.
    pub id: String,
    pub direction: Direction,
    /// Load by the name of the component; others are drawn without.
    pub loads: BTreeMap<String, Load>,
}

impl Options {
    /// To the right, without load.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), direction: Direction::Right, loads: BTreeMap::new() }
    }
}

/// Where the arrows lead; downwards suits a narrow screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Right,
    Down,
}

/// How busy a component was in a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// The share of time that its workers were busy [0 to 1].
    pub busy: f64,
}

/// Draws a design. The same design and options give the same text, byte for byte.
///
/// Beyond [`MAX_COMPONENTS`] the picture only says so, and its description is the [`text`].
pub fn svg(document: &Document, options: &Options) -> String {
    let arrows = arrows(document);
    if document.components.len() > MAX_COMPONENTS || arrows.len() > MAX_ARROWS {
        return too_large(document, options, arrows.len());
    }
    let boxes: Vec<Boxed> = document.components.iter().map(|(name, component)| Boxed::new(document, name, component, options)).collect();
    let stretch = options.direction == Direction::Right;
    let placed = layout(&sizes(&boxes, options.direction), &lines(&boxes, &arrows, options.direction), stretch);
    Drawing { boxes: &boxes, arrows: &arrows, placed: &placed, direction: options.direction, id: prefix(&options.id) }
        .draw(document, options)
}

/// A rectangle: its upper left corner and its size [px].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Where [`svg`] puts each box, for whoever draws them; also of more than can be drawn.
pub fn places(document: &Document, direction: Direction) -> BTreeMap<String, Place> {
    let options = Options { direction, ..Options::new("") };
    let arrows = arrows(document);
    let boxes: Vec<Boxed> = document.components.iter().map(|(name, component)| Boxed::new(document, name, component, &options)).collect();
    let placed = layout(&sizes(&boxes, direction), &lines(&boxes, &arrows, direction), direction == Direction::Right);
    let drawing = Drawing { boxes: &boxes, arrows: &arrows, placed: &placed, direction, id: String::new() };
    boxes.iter().enumerate().map(|(i, boxed)| (boxed.name.to_owned(), drawing.place(i))).collect()
}

const NAME: f64 = 15.0;
const SMALL: f64 = 12.5;
const LINE_HEIGHT: f64 = 16.5;
const PAD: f64 = 13.0;
const ICON: f64 = 24.0;
const METER: f64 = 30.0;
const STACK: f64 = 5.0;
const MARGIN: f64 = 14.0;
/// Text beyond this is cut [px].
const TEXT: f64 = 176.0;
/// Room for the sentence that stands in the place of a picture that is too large.
const SENTENCE_WIDTH: f64 = 560.0;

/// A component with everything that its box shows.
struct Boxed<'a> {
    name: &'a str,
    kind: &'a str,
    lines: Vec<String>,
    replicas: u64,
    busy: Option<f64>,
    width: f64,
    height: f64,
}

impl<'a> Boxed<'a> {
    fn new(document: &Document, name: &'a str, component: &'a Component, options: &Options) -> Self {
        let lines = words::lines(document, name, component);
        let busy = options.loads.get(name).map(|load| load.busy).filter(|busy| busy.is_finite()).map(|busy| busy.max(0.0));
        let mut text = lines.iter().map(|line| width(line, SMALL)).fold(width(name, NAME) * 1.06, f64::max);
        if let Some(busy) = busy {
            text = text.max(width(&busy_words(busy), SMALL) * 1.06 - ICON - 10.0);
        }
        Self {
            name,
            kind: &component.kind,
            replicas: words::replicas(component),
            busy,
            width: libm::ceil((text.min(TEXT) + ICON + 10.0 + 2.0 * PAD).max(120.0)),
            height: libm::ceil((2.0 * PAD + NAME + 3.0 + lines.len() as f64 * LINE_HEIGHT).max(50.0))
                + if busy.is_some() { METER } else { 0.0 },
            lines,
        }
    }

    /// How many sheets show behind the front one.
    fn behind(&self) -> u64 {
        self.replicas.saturating_sub(1).min(2)
    }

    /// `sheets` says where those behind stand: above for arrows to the right, below for arrows
    /// that point down, so that they never hide the tip of an arrow.
    fn draw(&self, (left, top): (f64, f64), wide: f64, sheets: f64, id: &str) -> String {
        let overload = self.busy.is_some_and(|busy| busy > BUSY);
        let (stroke, weight) = if overload { (DANGER, 2.25) } else { (INK, 1.5) };
        let mut out =
            format!("<g class=\"component\" data-component=\"{0}\"><title>{0}: {1}</title>\n", escape(self.name), escape(self.kind));
        for sheet in (0..=self.behind()).rev() {
            let shift = sheet as f64 * STACK;
            out.push_str(&format!(
                "<rect class=\"box\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{PAPER}\" stroke=\"{stroke}\" stroke-width=\"{weight}\"/>\n",
                n(left + shift),
                n(top + sheets * shift),
                n(wide),
                n(self.height)
            ));
        }
        let text_left = left + PAD + ICON + 10.0;
        let icon_top = top + PAD - 4.0;
        out.push_str(&format!(
            "<path class=\"icon\" transform=\"translate({} {})\" d=\"{}\" fill=\"none\" stroke=\"{ACCENT}\" stroke-width=\"1.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n",
            n(left + PAD - 2.0),
            n(icon_top),
            icon::path(self.kind)
        ));
        let mut base = if self.lines.is_empty() { top + self.height / 2.0 + 5.0 } else { top + PAD + NAME - 3.0 };
        out.push_str(&line(text_left, base, NAME, INK, "600", &cut(self.name, NAME, TEXT)));
        base += 2.0;
        for text in &self.lines {
            base += LINE_HEIGHT;
            out.push_str(&line(text_left, base, SMALL, QUIET, "400", &cut(text, SMALL, TEXT)));
        }
        if let Some(busy) = self.busy {
            out.push_str(&meter(busy, (left + PAD, top + self.height - METER + 4.0), wide - 2.0 * PAD, id));
        }
        out.push_str("</g>\n");
        out
    }
}

/// The load in words and as a bar with a notch at 80 %.
fn meter(busy: f64, (left, top): (f64, f64), room: f64, id: &str) -> String {
    let bar = top + 12.0;
    let (colour, weight, fill) = if busy > BUSY { (DANGER, "600", format!("url(#{id}-hatch)")) } else { (QUIET, "400", ACCENT.to_owned()) };
    format!(
        "{}<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"7\" fill=\"{fill}\"/>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"7\" fill=\"none\" stroke=\"{}\" stroke-width=\"1\"/>\
         <path d=\"M{} {}v11\" stroke=\"{INK}\" stroke-width=\"1.5\"/>\n",
        line(left, top + 7.0, SMALL, colour, weight, &busy_words(busy)),
        n(room * busy.min(1.0)),
        n(room),
        if busy > BUSY { DANGER } else { LINE },
        n(left + room * BUSY),
        n(bar - 2.0),
        x = n(left),
        y = n(bar),
    )
}

fn busy_words(busy: f64) -> String {
    if busy > BUSY { format!("{} busy: 80%+", percent(busy)) } else { format!("{} busy", percent(busy)) }
}

fn line(x: f64, y: f64, size: f64, colour: &str, weight: &str, text: &str) -> String {
    format!("<text x=\"{}\" y=\"{}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{colour}\">{}</text>\n", n(x), n(y), escape(text))
}

/// An arrow of the drawing: a link, a call without a link, or both.
struct Drawn {
    from: usize,
    to: usize,
    label: String,
    /// Nothing waits for the calls over it.
    is_async: bool,
}

/// What the call plans say about one arrow.
#[derive(Default)]
struct Calls {
    waited: bool,
    sent: bool,
    /// Only made when a cache has no answer.
    miss: bool,
    usual: bool,
    most: u64,
}

fn arrows(document: &Document) -> Vec<Drawn> {
    let mut found = BTreeMap::new();
    for (name, plan) in &document.calls {
        if let Some(class) = document.workload.classes.get(name) {
            follow(&class.from, plan, false, 0, &mut found);
        }
    }
    let index: BTreeMap<&str, usize> = document.components.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    for link in document.links.keys() {
        found.entry((link.from.as_str(), link.to.as_str())).or_default();
    }
    let known = found.into_iter().filter_map(|((from, to), calls)| Some((*index.get(from)?, *index.get(to)?, from, to, calls)));
    known
        .filter(|(from, to, ..)| from != to)
        .map(|(from, to, from_name, to_name, calls)| {
            let link = document.links.get(&LinkName { from: from_name.to_owned(), to: to_name.to_owned() });
            let label = label(link.map(|link| &link.settings), &calls);
            Drawn { from, to, label, is_async: calls.sent && !calls.waited }
        })
        .collect()
}

fn follow<'a>(from: &'a str, plan: &'a [Call], on_miss: bool, depth: usize, calls: &mut BTreeMap<(&'a str, &'a str), Calls>) {
    if depth == MAX_CALL_DEPTH {
        return;
    }
    for call in plan {
        let seen = calls.entry((from, &call.to)).or_default();
        if call.mode == CallMode::Async {
            seen.sent = true
        } else {
            seen.waited = true
        }
        if on_miss {
            seen.miss = true
        } else {
            seen.usual = true
        }
        seen.most = seen.most.max(call.times.0);
        follow(&call.to, &call.then, false, depth + 1, calls);
        follow(from, &call.miss, true, depth + 1, calls);
    }
}

/// "rtt 40 ms · on a miss".
fn label(link: Option<&BTreeMap<String, Setting>>, calls: &Calls) -> String {
    let mut parts = Vec::new();
    if let Some(rtt) = link.and_then(|settings| settings.get("rtt")) {
        parts.push(format!("rtt {}", words::setting(rtt)));
    }
    if calls.most > 1 {
        parts.push(format!("× {}", calls.most));
    }
    if calls.miss && !calls.usual {
        parts.push("on a miss".into());
    }
    if calls.sent && !calls.waited {
        parts.push("async".into());
    }
    parts.join(" · ")
}

fn sizes(boxes: &[Boxed<'_>], direction: Direction) -> Vec<Size> {
    let size = |boxed: &Boxed<'_>| {
        let (along, across) = match direction {
            Direction::Right => (boxed.width, boxed.height),
            Direction::Down => (boxed.height, boxed.width),
        };
        Size { along, across, first: matches!(boxed.kind, "clients" | "scheduler") }
    };
    boxes.iter().map(size).collect()
}

/// Arrows for the layout. A label lies along an arrow to the right, across one that points down;
/// the sheets of a stack need room as well.
fn lines(boxes: &[Boxed<'_>], arrows: &[Drawn], direction: Direction) -> Vec<Arrow> {
    let arrow = |drawn: &Drawn| {
        let label = match direction {
            _ if drawn.label.is_empty() => 0.0,
            Direction::Right => width(&drawn.label, SMALL),
            Direction::Down => 18.0,
        };
        Arrow { from: drawn.from, to: drawn.to, label: label + boxes[drawn.from].behind() as f64 * STACK }
    };
    arrows.iter().map(arrow).collect()
}

struct Drawing<'a> {
    boxes: &'a [Boxed<'a>],
    arrows: &'a [Drawn],
    placed: &'a Layout,
    direction: Direction,
    id: String,
}

/// A rectangle by its middle and half its size.
type Patch = (f64, f64, f64, f64);

impl Drawing<'_> {
    fn draw(&self, document: &Document, options: &Options) -> String {
        let title = if document.title.trim().is_empty() { "A system".to_owned() } else { document.title.clone() };
        let mut out = open("system", &self.id, self.size(), "", &title, &description(document, options));
        if self.boxes.iter().any(|boxed| boxed.busy.is_some_and(|busy| busy > BUSY)) {
            out.push_str(&hatch(&self.id));
        }
        for (i, arrow) in self.arrows.iter().enumerate() {
            out.push_str(&self.wire(i, arrow));
        }
        for (i, boxed) in self.boxes.iter().enumerate() {
            let place = self.place(i);
            let sheets = if self.direction == Direction::Right { -1.0 } else { 1.0 };
            out.push_str(&boxed.draw((place.x, place.y), place.width, sheets, &self.id));
        }
        // Labels last: a line may pass beneath a label, never across it.
        let mut taken = Vec::new();
        for (i, arrow) in self.arrows.iter().enumerate().filter(|(_, arrow)| !arrow.label.is_empty()) {
            out.push_str(&self.label(i, arrow, &mut taken));
        }
        out.push_str("</svg>\n");
        out
    }

    fn place(&self, i: usize) -> Place {
        let (x, y) = self.point(self.placed.boxes[i]);
        let Boxed { width, height, .. } = self.boxes[i];
        match self.direction {
            Direction::Right => Place { x, y: y - height / 2.0, width: self.placed.lengths[i], height },
            Direction::Down => Place { x: x - width / 2.0, y, width, height },
        }
    }

    fn content(&self) -> (f64, f64) {
        match self.direction {
            Direction::Right => self.placed.size,
            Direction::Down => (self.placed.size.1, self.placed.size.0),
        }
    }

    fn size(&self) -> (f64, f64) {
        let (wide, high) = self.content();
        (wide + 2.0 * MARGIN + 2.0 * STACK, high + 2.0 * MARGIN + 2.0 * STACK)
    }

    /// From (along, across) to (x, y), with the margin and in the middle of the picture.
    fn point(&self, (along, across): (f64, f64)) -> (f64, f64) {
        let left = (self.size().0 - self.content().0) / 2.0 - STACK;
        let top = MARGIN + 2.0 * STACK;
        match self.direction {
            Direction::Right => (along + left, across + top),
            Direction::Down => (across + left, along + top),
        }
    }

    fn wire(&self, i: usize, arrow: &Drawn) -> String {
        let backward = self.placed.arrows[i].1;
        let mut points = self.points(i, arrow);
        let tip = if backward { points[0] } else { points[points.len() - 1] };
        let inward = if backward { 7.0 } else { -7.0 };
        let last = points.len() - 1;
        points[if backward { 0 } else { last }].0 += inward;
        let mut path = format!("M{}", self.at(points[0]));
        for pair in points.windows(2) {
            let [(_, c1), (_, c2)] = [pair[0], pair[1]];
            let half = (pair[0].0 + pair[1].0) / 2.0;
            match c1 == c2 {
                true => path.push_str(&format!("L{}", self.at(pair[1]))),
                false => path.push_str(&format!("C{} {} {}", self.at((half, c1)), self.at((half, c2)), self.at(pair[1]))),
            }
        }
        let head = [(tip.0 + inward * 1.35, tip.1 - 4.2), tip, (tip.0 + inward * 1.35, tip.1 + 4.2)].map(|point| self.at(point));
        let dashes = if arrow.is_async { " stroke-dasharray=\"6 4\"" } else { "" };
        format!(
            "<path class=\"wire\" d=\"{path}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.5\"{dashes}/><path class=\"fill-ink\" d=\"M{}Z\" fill=\"{INK}\"/>\n",
            head.join("L")
        )
    }

    /// The way of an arrow, beginning outside the sheets of a stack.
    fn points(&self, i: usize, arrow: &Drawn) -> Vec<(f64, f64)> {
        let (points, backward) = &self.placed.arrows[i];
        let mut points = points.clone();
        let first = if *backward { arrow.to } else { arrow.from };
        points[0].0 += self.boxes[first].behind() as f64 * STACK;
        points
    }

    fn at(&self, point: (f64, f64)) -> String {
        let (x, y) = self.point(point);
        format!("{} {}", n(x), n(y))
    }

    /// On the line, near its middle, where it covers no label that is already there.
    fn label(&self, i: usize, arrow: &Drawn, taken: &mut Vec<Patch>) -> String {
        let points = self.points(i, arrow);
        let (start, end) = (points[0], points[1]);
        let half = (width(&arrow.label, SMALL) / 2.0 + 3.0, 9.0);
        let patch = |share: f64| {
            // The curve's control points lie half-way along, so along is nearly linear in `share`.
            let ease = share * share * (3.0 - 2.0 * share);
            let along = start.0 + (end.0 - start.0) * (1.5 * share * (1.0 - share) + share * share * share);
            let (x, y) = self.point((along, start.1 + (end.1 - start.1) * ease));
            (x, y, half.0, half.1)
        };
        let overlap = |a: &Patch| taken.iter().filter(|b| (a.0 - b.0).abs() < a.2 + b.2 && (a.1 - b.1).abs() < a.3 + b.3).count();
        let candidates = [0.5, 0.6, 0.4, 0.7, 0.3].map(patch);
        let best = candidates.iter().min_by_key(|patch| overlap(patch)).copied().unwrap_or((0.0, 0.0, 0.0, 0.0));
        taken.push(best);
        format!(
            "<text class=\"wire-label\" x=\"{}\" y=\"{}\" font-size=\"{SMALL}\" text-anchor=\"middle\" fill=\"{QUIET}\" stroke=\"{GROUND}\" stroke-width=\"6\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>\n",
            n(best.0),
            n(best.1 + 4.0),
            escape(&arrow.label)
        )
    }
}

/// One paragraph for those who hear the picture: boxes, arrows, and what is too busy.
fn description(document: &Document, options: &Options) -> String {
    let boxes: Vec<_> = document.components.iter().map(|(name, component)| format!("{name} ({})", component.kind)).collect();
    let names: Vec<_> = document.components.keys().collect();
    let arrows: Vec<_> = arrows(document).iter().map(|arrow| format!("{} to {}", names[arrow.from], names[arrow.to])).collect();
    let mut text = format!("Components: {}.", boxes.join(", "));
    if !arrows.is_empty() {
        text.push_str(&format!(" Arrows: {}.", arrows.join(", ")));
    }
    let loads = options.loads.iter().filter(|(name, load)| document.components.contains_key(*name) && load.busy.is_finite());
    for (name, load) in loads {
        text.push_str(&format!(" {name} is {}.", busy_words(load.busy.max(0.0))));
    }
    text
}

fn too_large(document: &Document, options: &Options, arrows: usize) -> String {
    let id = prefix(&options.id);
    let (width, height) = (SENTENCE_WIDTH, 96.0);
    let message = format!("{} components and {arrows} arrows are too many for a picture.", document.components.len());
    let mut out = open("system", &id, (width, height), "", &message, &text::text(document));
    out.push_str(&line(24.0, 44.0, NAME, INK, "600", &message));
    out.push_str(&line(
        24.0,
        66.0,
        SMALL,
        QUIET,
        "400",
        &format!("At most {MAX_COMPONENTS} components and {MAX_ARROWS} arrows are drawn. The design in words has them all."),
    ));
    out.push_str("</svg>\n");
    out
}
