//! How busy each component was, as bars from zero to one. Past 80 % a bar is hatched and says so.

use crate::svg::{ACCENT, BUSY, DANGER, INK, LINE, QUIET, cut, escape, hatch, n, open, percent, prefix, width};

const MAX_ROWS: usize = 200;
const ROW: f64 = 28.0;
const TEXT: f64 = 13.0;

/// Utilisation per component.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// The beginning of every id, so that several pictures can share a page.
    pub id: String,
    pub title: String,
    /// A name and the share of time that it was busy [0 to 1], in the order of drawing.
    pub rows: Vec<(String, f64)>,
    /// How wide the drawing is, from 280 to 960 [px].
    pub width: f64,
}

/// Draws at most 200 bars; a share that is not finite is drawn as unknown.
pub fn bars(bars: &Bars) -> String {
    let id = prefix(&bars.id);
    let wide = if bars.width.is_finite() { bars.width.clamp(280.0, 960.0) } else { 640.0 };
    let rows = &bars.rows[..bars.rows.len().min(MAX_ROWS)];
    let names = rows.iter().map(|(name, _)| width(name, TEXT)).fold(40.0, f64::max).min(wide * 0.3);
    let (left, right) = (libm::ceil(names + 12.0), wide - 92.0);
    let said: Vec<_> = rows.iter().map(|(name, share)| format!("{name} {}", words(*share))).collect();
    let mut out = open("chart", &id, (wide, rows.len() as f64 * ROW + 30.0), "", &bars.title, &format!("Busy: {}.", said.join(", ")));
    out.push_str(&hatch(&id));
    for (i, (name, share)) in rows.iter().enumerate() {
        let top = i as f64 * ROW + 6.0;
        let over = *share > BUSY;
        out.push_str(&label(0.0, top + 13.0, "start", INK, "", &cut(name, TEXT, names + 6.0)));
        let fill = if over { format!("url(#{id}-hatch)") } else { ACCENT.to_owned() };
        let size = |share: f64| if share.is_finite() { n((right - left) * share.clamp(0.0, 1.0)) } else { "0".into() };
        out.push_str(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"16\" fill=\"{fill}\"/><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"16\" fill=\"none\" stroke=\"{}\" stroke-width=\"1\"/>\n",
            size(*share),
            size(1.0),
            if over { DANGER } else { LINE },
            x = n(left),
            y = n(top),
        ));
        let colour = if over { DANGER } else { INK };
        out.push_str(&label(right + 10.0, top + 13.0, "start", colour, " class=\"value\" font-weight=\"600\"", &words(*share)));
    }
    let (limit, bottom) = (left + (right - left) * BUSY, rows.len() as f64 * ROW + 4.0);
    out.push_str(&format!("<path class=\"axis\" d=\"M{} 2V{}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1\"/>", n(limit), n(bottom)));
    out.push_str(&label(limit, bottom + 16.0, "middle", QUIET, "", "80 %"));
    out.push_str("</svg>\n");
    out
}

fn words(share: f64) -> String {
    match share {
        share if !share.is_finite() => "not known".into(),
        share if share > BUSY => format!("{} 80%+", percent(share)),
        share => percent(share.max(0.0)),
    }
}

fn label(x: f64, y: f64, anchor: &str, colour: &str, more: &str, text: &str) -> String {
    format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{TEXT}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{more}>{}</text>\n",
        n(x),
        n(y),
        escape(text)
    )
}
