//! A map of things that rest on each other: columns of boxes that are links, each with a share that
//! is told by a number and by how far its bar is filled, and arrows between them. It knows sizes and
//! words; what the things are is the caller's.

use crate::svg::{ACCENT, GROUND, INK, LINE, QUIET, SANS, escape, n, prefix, width};

/// A map as data. Boxes are numbered through all columns, from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The beginning of every id on the page.
    pub id: String,
    pub title: String,
    /// What it shows, for those who do not see it, and where the same stands in words.
    pub summary: String,
    pub columns: Vec<Column>,
    /// From what is needed to what needs it.
    pub arrows: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: String,
    pub boxes: Vec<Spot>,
}

/// One box.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// "1.4"
    pub number: String,
    pub name: String,
    pub href: String,
    /// From 0 to 1.
    pub share: f64,
    pub ground: Ground,
}

/// What a share rests on, told by the edge of its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Inferred: a dashed edge.
    Inferred,
    /// Seen: a thin one.
    Seen,
    /// Settled: a thick one, and a tick.
    Settled,
}

const BOX: f64 = 116.0;
const HIGH: f64 = 76.0;
const GAP_ACROSS: f64 = 22.0;
const GAP_DOWN: f64 = 18.0;
const HEAD: f64 = 44.0;
const MARGIN: f64 = 16.0;
const PAD: f64 = 8.0;
const TEXT: f64 = 11.5;
const LINE_HIGH: f64 = 13.5;
const LINES: usize = 3;
/// More is no picture any more.
const MOST: usize = 400;

/// Draws a map. No share is shown as none or as all: what is believed is never beyond doubt.
pub fn map(map: &Map) -> String {
    let places = places(map);
    let id = prefix(&map.id);
    let rows = map.columns.iter().map(|column| column.boxes.len()).max().unwrap_or(0) as f64;
    let wide = map.columns.len() as f64 * (BOX + GAP_ACROSS) - GAP_ACROSS + 2.0 * MARGIN;
    let high = HEAD + rows * (HIGH + GAP_DOWN) + 4.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"group\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{SANS}\"><title id=\"{id}-title\">{2}</title><desc id=\"{id}-desc\">{3}</desc>\n",
        n(wide.max(1.0)),
        n(high),
        escape(&map.title),
        escape(&map.summary)
    );
    out.push_str(&format!(
        "<defs><marker id=\"{id}-tip\" viewBox=\"0 0 6 6\" refX=\"5.4\" refY=\"3\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">\
         <path d=\"M0 .6L5.4 3L0 5.4\" fill=\"none\" stroke=\"{LINE}\"/></marker></defs>\n"
    ));
    for (at, column) in map.columns.iter().enumerate() {
        out.push_str(&heading(&column.title, MARGIN + at as f64 * (BOX + GAP_ACROSS)));
    }
    for &(from, to) in &map.arrows {
        if let (Some(&from), Some(&to)) = (places.get(from), places.get(to)) {
            out.push_str(&arrow(from, to, &id));
        }
    }
    for (spot, &place) in map.columns.iter().flat_map(|column| &column.boxes).zip(&places) {
        out.push_str(&spot_at(spot, place));
    }
    out.push_str("</svg>\n");
    out
}

/// The upper left corner of each box.
fn places(map: &Map) -> Vec<(f64, f64)> {
    let mut places = Vec::new();
    for (at, column) in map.columns.iter().enumerate() {
        let x = MARGIN + at as f64 * (BOX + GAP_ACROSS);
        places.extend((0..column.boxes.len()).map(|row| (x, HEAD + row as f64 * (HIGH + GAP_DOWN))));
    }
    places.truncate(MOST);
    places
}

fn heading(title: &str, x: f64) -> String {
    let lines = wrapped(title, 12.5, BOX, 2);
    // The last line stands above the boxes, whether there are one or two.
    let top = HEAD - 12.0 - (lines.len() as f64 - 1.0) * 14.0;
    let line = |(at, line): (usize, &String)| {
        format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"12.5\" font-weight=\"600\" fill=\"{INK}\">{}</text>\n",
            n(x),
            n(top + at as f64 * 14.0),
            escape(line)
        )
    };
    lines.iter().enumerate().map(line).collect()
}

/// From the right edge to the left edge of what needs it; within a column (and back) around the left.
fn arrow(from: (f64, f64), to: (f64, f64), id: &str) -> String {
    let (y1, y2) = (from.1 + HIGH / 2.0, to.1 + HIGH / 2.0);
    let path = if to.0 > from.0 {
        let (x1, x2) = (from.0 + BOX, to.0 - 1.0);
        let bend = ((x2 - x1) / 2.0).clamp(12.0, 60.0);
        format!("M{} {}C{} {} {} {} {} {}", n(x1), n(y1), n(x1 + bend), n(y1), n(x2 - bend), n(y2), n(x2), n(y2))
    } else if to.0 == from.0 && (to.1 - from.1 - HIGH - GAP_DOWN).abs() < 0.5 {
        let x = from.0 + BOX / 2.0;
        format!("M{} {}V{}", n(x), n(from.1 + HIGH), n(to.1 - 1.0))
    } else {
        let (x1, x2) = (from.0, to.0 - 1.0);
        let bend = x1.min(x2) - 13.0;
        format!("M{} {}C{} {} {} {} {} {}", n(x1), n(y1), n(bend), n(y1), n(bend), n(y2), n(x2), n(y2))
    };
    format!("<path class=\"map-arrow\" d=\"{path}\" fill=\"none\" stroke=\"{LINE}\" marker-end=\"url(#{id}-tip)\"/>\n")
}

fn spot_at(spot: &Spot, (x, y): (f64, f64)) -> String {
    let share = if spot.share.is_finite() { spot.share.clamp(0.0, 1.0) } else { 0.0 };
    let (edge, class) = match spot.ground {
        Ground::Inferred => ("stroke-width=\"1\" stroke-dasharray=\"4 3\"", "is-inferred"),
        Ground::Seen => ("stroke-width=\"1.25\"", "is-seen"),
        Ground::Settled => ("stroke-width=\"2.75\"", "is-settled"),
    };
    let tick = if spot.ground == Ground::Settled { "✓ " } else { "" };
    let bar = BOX - 2.0 * PAD;
    let mut out = format!(
        "<a class=\"map-spot {class}\" href=\"{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{GROUND}\" stroke=\"{INK}\" {edge}/>",
        escape(&spot.href),
        n(x),
        n(y),
        n(BOX),
        n(HIGH)
    );
    out.push_str(&format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{TEXT}\" fill=\"{ACCENT}\">{} </text><text x=\"{}\" y=\"{}\" font-size=\"{TEXT}\" text-anchor=\"end\" font-weight=\"600\" fill=\"{INK}\">{tick}{} % </text>",
        n(x + PAD),
        n(y + 15.5),
        escape(&spot.number),
        n(x + BOX - PAD),
        n(y + 15.5),
        libm::round(share * 100.0).clamp(1.0, 99.0)
    ));
    for (at, line) in wrapped(&spot.name, TEXT, BOX - 2.0 * PAD, LINES).iter().enumerate() {
        let y = y + 30.0 + at as f64 * LINE_HIGH;
        out.push_str(&format!("<text x=\"{}\" y=\"{}\" font-size=\"{TEXT}\" fill=\"{INK}\">{} </text>", n(x + PAD), n(y), escape(line)));
    }
    let (left, top) = (n(x + PAD), n(y + HIGH - 10.0));
    out.push_str(&format!(
        "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"4\" fill=\"none\" stroke=\"{QUIET}\" stroke-width=\".75\"/><rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"4\" fill=\"{INK}\"/></a>\n",
        n(bar),
        n(bar * share)
    ));
    out
}

/// Lines no wider than that; what does not fit ends in an ellipsis.
fn wrapped(text: &str, size: f64, most: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let longer = out.last().map(|line| format!("{line} {word}"));
        match longer.filter(|longer| width(longer, size) <= most) {
            Some(longer) => *out.last_mut().unwrap_or(&mut String::new()) = longer,
            None => out.push(word.to_owned()),
        }
    }
    let over = out.len() > lines;
    out.truncate(lines);
    if over && let Some(last) = out.last_mut() {
        last.push('…');
    }
    out.into_iter().map(|line| crate::svg::cut(&line, size, most + size)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Map {
        let spot = |number: &str, name: &str, share, ground| Spot {
            number: number.into(),
            name: name.into(),
            href: format!("/beliefs/{number}"),
            share,
            ground,
        };
        Map {
            id: "m".into(),
            title: "What rests on what".into(),
            summary: "Three.".into(),
            columns: vec![
                Column {
                    title: "How to read a system".into(),
                    boxes: vec![
                        spot("1.1", "Little’s law and utilisation, at length", 0.5, Ground::Inferred),
                        spot("1.2", "Tails", 0.98, Ground::Settled),
                    ],
                },
                Column { title: "Stores".into(), boxes: vec![spot("2.1", "<script>&\"", f64::NAN, Ground::Seen)] },
            ],
            arrows: vec![(0, 1), (0, 2), (2, 0), (1, 99)],
        }
    }

    #[test]
    fn every_box_is_a_link_with_its_number_its_bar_and_its_edge() {
        let svg = map(&small());
        assert_eq!(svg.matches("<a class=\"map-spot").count(), 3);
        assert!(svg.contains("is-inferred") && svg.contains("stroke-dasharray") && svg.contains("✓ 98 %") && svg.contains("50 %"));
        assert_eq!(svg.matches("map-arrow").count(), 3, "an arrow to nothing is left out");
        assert!(svg.contains("utilisation, at") && !svg.contains("<script>") && !svg.contains("NaN"));
    }

    #[test]
    fn an_empty_map_is_a_picture_too() {
        let empty = Map { columns: Vec::new(), ..small() };
        assert!(map(&empty).ends_with("</svg>\n"));
    }
}
