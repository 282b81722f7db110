//! "Which box saturates first": one run, and how busy the chosen box was beside the first.

use course::{Course, Item, Saturates};
use sim::{Measure, Report};

use crate::answer::{Html, Judged, Say, Verdict};
use crate::experiment::{RunProblem, Runner, document, pooled};

pub(crate) fn judge(
    course: &Course,
    item: &Item,
    saturates: &Saturates,
    chosen: &[usize],
    html: &Html<'_>,
    run: &mut Runner<'_>,
) -> Result<Judged, RunProblem> {
    let [at] = chosen else { return Ok(Judged::Question("Choose one box.".into())) };
    let Some(chosen) = saturates.boxes.get(*at) else { return Ok(Judged::Question("Choose a box of the picture.".into())) };
    let seen = Seen::of(course, saturates, run)?;
    let right = *chosen == seen.first;
    let own = saturates.say.get(chosen).map(|text| html(text)).unwrap_or_default();
    let closing = html(if right { &item.right } else { &item.otherwise });
    let mut say: Vec<Say> = [seen.sentence(chosen, right), own, closing].map(Say::of_all).into();
    say.retain(|say| !say.html.trim().is_empty());
    Ok(Judged::Verdict(Verdict { runs: seen.runs, ..Verdict::new(right, f64::from(u8::from(right)), say) }))
}

/// What the run tells, for somebody who gave up.
pub(crate) fn told(course: &Course, saturates: &Saturates, run: &mut Runner<'_>) -> Result<(String, Vec<String>), RunProblem> {
    let seen = Seen::of(course, saturates, run)?;
    Ok((seen.sentence(&seen.first, true), seen.runs))
}

/// The box that the run says saturates first; "nothing" if none does.
pub(crate) fn first(course: &Course, saturates: &Saturates, run: &mut Runner<'_>) -> Result<String, RunProblem> {
    Ok(Seen::of(course, saturates, run)?.first)
}

struct Seen {
    report: Report,
    first: String,
    runs: Vec<String>,
}

impl Seen {
    fn of(course: &Course, saturates: &Saturates, run: &mut Runner<'_>) -> Result<Self, RunProblem> {
        let (report, runs) = pooled(&document(course, &saturates.design, &saturates.set)?, saturates.seeds, run)?;
        match report.measure("first saturated") {
            Some(Measure::Text(first)) => Ok(Self { first, report, runs }),
            _ => Err(RunProblem("The run does not say who saturated first.".into())),
        }
    }

    /// Only the chosen box is named while the first is still to be found.
    fn sentence(&self, chosen: &str, right: bool) -> String {
        let name = format!("<strong>{}</strong>", chosen.replace('&', "&amp;").replace('<', "&lt;"));
        let first = self.busy(&self.first).map(|busy| format!(", {busy} busy,")).unwrap_or_default();
        match (self.busy(chosen), right) {
            (Some(busy), true) => format!("<p>The run: {name} reaches its limit before any other, {busy} busy.</p>"),
            (None, true) => format!("<p>The run: {name} reaches its limit before any other.</p>"),
            (Some(busy), false) => format!("<p>The run: {name} is {busy} busy, and another box{first} reaches its limit before it.</p>"),
            (None, false) => format!("<p>The run: {name} has no limit of its own, and another box{first} reaches one.</p>"),
        }
    }

    fn busy(&self, name: &str) -> Option<String> {
        match self.report.measure(&format!("{name}.utilisation")) {
            Some(Measure::Quantity(busy)) => Some(format!("<span class=\"n\">{}</span>", busy.percent().replace(" %", "%"))),
            _ => None,
        }
    }
}
