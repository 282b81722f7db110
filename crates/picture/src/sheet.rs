//! Several drawings on one sheet, one below the other: what a file holds that is looked at by
//! itself, without a page around it.

use crate::svg::{GROUND, INK, escape, n, open, prefix};

const MARGIN: f64 = 24.0;
const GAP: f64 = 28.0;
const TITLE: f64 = 22.0;

/// Puts drawings of this crate below each other under a title, on paper of their own. A text that
/// is no such drawing is left out.
pub fn sheet(id: &str, title: &str, drawings: &[String]) -> String {
    let id = prefix(id);
    let drawings: Vec<(&str, (f64, f64))> = drawings.iter().filter_map(|drawing| Some((drawing.as_str(), size(drawing)?))).collect();
    let wide = drawings.iter().map(|(_, (wide, _))| *wide).fold(280.0, f64::max) + 2.0 * MARGIN;
    let high = drawings.iter().map(|(_, (_, high))| high + GAP).sum::<f64>() + TITLE + 2.0 * MARGIN;
    let mut out = open("sheet", &id, (wide, high), "", title, &format!("{} drawings, one below the other.", drawings.len()));
    out.push_str(&format!("<rect width=\"{}\" height=\"{}\" fill=\"{GROUND}\"/>\n", n(wide), n(high)));
    out.push_str(&format!(
        "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"{TITLE}\" font-weight=\"600\" fill=\"{INK}\">{}</text>\n",
        n(MARGIN + TITLE * 0.7),
        escape(title)
    ));
    let mut top = MARGIN + TITLE + GAP;
    for (drawing, (_, high)) in drawings {
        out.push_str(&drawing.replacen("<svg ", &format!("<svg x=\"{MARGIN}\" y=\"{}\" ", n(top)), 1));
        top += high + GAP;
    }
    out.push_str("</svg>\n");
    out
}

/// What its first tag says of its size.
fn size(drawing: &str) -> Option<(f64, f64)> {
    let tag = drawing.strip_prefix("<svg ")?.split('>').next()?;
    let attribute = |name: &str| tag.split_once(&format!(" {name}=\""))?.1.split('"').next().and_then(units::float);
    Some((attribute("width")?, attribute("height")?))
}
