//! Predictions of items: two runs, and how far what was said of them holds.

use course::{Course, Item, PredictItem};
use sim::Measure;
use units::{Dimension, Quantity};

use crate::answer::{Html, Judged, Say, Verdict};
use crate::experiment::{RunProblem, Runner, document, pooled};
use crate::score::log_score;

pub(crate) fn judge(
    course: &Course,
    item: &Item,
    predict: &PredictItem,
    (up, factor, bottleneck): (i8, &str, &str),
    html: &Html<'_>,
    run: &mut Runner<'_>,
) -> Result<Judged, RunProblem> {
    let factor = if factor.is_empty() {
        1.0
    } else {
        match Quantity::parse(factor.trim_start_matches(['x', '×', 'X']).trim_end_matches(['x', '×', 'X'])) {
            Ok(quantity) if quantity.dimension == Dimension::NONE => quantity.value,
            Ok(_) => return Ok(Judged::Question("The factor is a plain number: 2 for twice, 0.5 for half.".into())),
            Err(problem) => return Ok(Judged::Question(problem.to_string())),
        }
    };
    let compared = compare(course, predict, run)?;
    let truth = compared.factor();
    // Within 5 % counts as staying: that is the noise of a run of this length.
    let went = if truth > 1.05 {
        1
    } else if truth < 0.95 {
        -1
    } else {
        0
    };
    let (direction_ok, factor_score, bottleneck_ok) = (up == went, log_score(factor, truth), bottleneck == compared.busiest);
    let score = 0.3 * f64::from(u8::from(direction_ok)) + 0.4 * factor_score + 0.3 * f64::from(u8::from(bottleneck_ok));
    // Two of the three can be had without the third; only all of them show the reasoning.
    let right = direction_ok && bottleneck_ok && factor_score >= 0.5;
    let mut say = vec![Say::of_all(compared.sentence())];
    for (ok, text) in
        [(direction_ok, &predict.say_direction), (factor_score >= 0.5, &predict.say_factor), (bottleneck_ok, &predict.say_bottleneck)]
    {
        if !ok && !text.is_empty() {
            say.push(Say::of_all(html(text)));
        }
    }
    say.push(Say::of_all(html(if right { &item.right } else { &item.otherwise })));
    say.retain(|say| !say.html.trim().is_empty());
    Ok(Judged::Verdict(Verdict { runs: compared.runs, ..Verdict::new(right, score, say) }))
}

/// What the runs tell, for somebody who gave up.
pub(crate) fn told(course: &Course, predict: &PredictItem, run: &mut Runner<'_>) -> Result<(String, Vec<String>), RunProblem> {
    let compared = compare(course, predict, run)?;
    Ok((compared.sentence(), compared.runs))
}

/// What the two runs of a prediction gave.
struct Compared {
    was: Quantity,
    is: Quantity,
    /// The busiest box after the change.
    busiest: String,
    runs: Vec<String>,
}

impl Compared {
    fn factor(&self) -> f64 {
        self.is.value / self.was.value
    }

    fn sentence(&self) -> String {
        format!(
            "<p>The runs: <span class=\"n\">{}</span> before, <span class=\"n\">{}</span> after, a factor of <span class=\"n\">{}</span>; busiest afterwards: <strong>{}</strong>.</p>",
            self.was,
            self.is,
            Quantity::plain(self.factor()),
            self.busiest.replace('<', "&lt;")
        )
    }
}

fn compare(course: &Course, predict: &PredictItem, run: &mut Runner<'_>) -> Result<Compared, RunProblem> {
    let (before, mut runs) = pooled(&document(course, &predict.design, &predict.before)?, predict.seeds, run)?;
    let (after, runs_after) = pooled(&document(course, &predict.design, &predict.after)?, predict.seeds, run)?;
    runs.extend(runs_after);
    let value = |report: &sim::Report| match report.measure(&predict.measure) {
        Some(Measure::Quantity(quantity)) => Ok(quantity),
        _ => Err(RunProblem(format!("The run has no number “{}”.", predict.measure))),
    };
    let busiest = match after.measure("bottleneck") {
        Some(Measure::Text(name)) => name,
        _ => String::new(),
    };
    Ok(Compared { was: value(&before)?, is: value(&after)?, busiest, runs })
}
