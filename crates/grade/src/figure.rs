//! Lesson figures: the runs behind a chart, and the score of a committed prediction.

use course::{Ask, Course, Figure, Series};
use design::{Experiment, RunId};
use sim::Measure;
use units::Quantity;

use crate::experiment::{RunProblem, Runner, experiment};
use crate::score::log_score;

/// One line of the chart: measured values over the knob.
#[derive(Debug, Clone)]
pub struct Curve {
    pub label: String,
    pub points: Vec<(f64, Quantity)>,
    /// The run of each point, in the same order.
    pub runs: Vec<RunId>,
}

/// All runs of a figure.
#[derive(Debug, Clone)]
pub struct FigureRuns {
    pub curves: Vec<Curve>,
    /// The trap's prediction at the points, where it has one.
    pub trap: Vec<(f64, Quantity)>,
}

/// What the learner bets on one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Bet {
    Unknown,
    Quantity(Quantity, String),
    Name(String),
}

#[derive(Debug, Clone)]
pub struct GuessVerdict {
    pub ask: Ask,
    pub bet: Bet,
    pub measured: Measure,
    pub run: RunId,
    pub score: f64,
    pub reply: Reply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Low,
    Near,
    High,
    Unknown,
}

/// Runs one point of a figure and reads a measure.
fn point(
    course: &Course,
    figure: &Figure,
    series: &Series,
    value: f64,
    measure: &str,
    run: &mut Runner<'_>,
) -> Result<(Measure, RunId), RunProblem> {
    let experiment = experiment(course, &figure.design, &figure.settings(series, value), figure.seed)?;
    let report = run(&experiment)?;
    let measured = report
        .measure(measure)
        .ok_or_else(|| RunProblem(format!("The run has no measure “{measure}”; it has {}.", report.measures().join(", "))))?;
    Ok((measured, experiment.run_id()))
}

/// Every experiment behind a figure: the points of its chart and the places it asks about.
pub fn figure_experiments(course: &Course, figure: &Figure) -> Result<Vec<Experiment>, RunProblem> {
    let points = figure.series.iter().flat_map(|series| figure.points.iter().chain(&figure.known).map(move |value| (series, *value)));
    let asked = figure.predict.iter().map(|ask| (figure.series_named(ask.series.as_deref()), ask.at));
    points.chain(asked).map(|(series, value)| experiment(course, &figure.design, &figure.settings(series, value), figure.seed)).collect()
}

/// The one measured point that is shown before the prediction.
pub fn known_point(course: &Course, figure: &Figure, run: &mut Runner<'_>) -> Result<Option<(f64, Quantity)>, RunProblem> {
    let Some(at) = figure.known else { return Ok(None) };
    match point(course, figure, &figure.series[0], at, &figure.measure, run)?.0 {
        Measure::Quantity(quantity) => Ok(Some((at, quantity))),
        Measure::Text(_) => Ok(None),
    }
}

/// What the figure shows beside its chart, measured at one knob value of the first line.
pub fn shown_at(course: &Course, figure: &Figure, value: f64, run: &mut Runner<'_>) -> Result<Vec<(String, Measure)>, RunProblem> {
    let experiment = experiment(course, &figure.design, &figure.settings(&figure.series[0], value), figure.seed)?;
    let report = run(&experiment)?;
    figure
        .show
        .iter()
        .map(|name| match report.measure(name) {
            Some(measure) => Ok((name.clone(), measure)),
            None => Err(RunProblem(format!("The run has no measure “{name}”; it has {}.", report.measures().join(", ")))),
        })
        .collect()
}

/// All points of the chart.
pub fn sweep(course: &Course, figure: &Figure, run: &mut Runner<'_>) -> Result<FigureRuns, RunProblem> {
    let mut curves = Vec::new();
    for series in &figure.series {
        let mut curve = Curve { label: series.label.clone(), points: Vec::new(), runs: Vec::new() };
        for value in &figure.points {
            match point(course, figure, series, *value, &figure.measure, run)? {
                (Measure::Quantity(quantity), id) => {
                    curve.points.push((*value, quantity));
                    curve.runs.push(id);
                }
                (Measure::Text(text), _) => {
                    return Err(RunProblem(format!("“{}” is a name ({text}), which no chart can draw.", figure.measure)));
                }
            }
        }
        curves.push(curve);
    }
    let known = known_point(course, figure, run)?;
    let mut trap: Vec<(f64, Quantity)> = figure.points.iter().filter_map(|value| Some((*value, figure.trap_at(*value, known)?))).collect();
    if let Some(own) = &figure.trap {
        trap.extend(own.values.iter().filter(|(at, _)| !figure.points.contains(at)));
        trap.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    Ok(FigureRuns { curves, trap })
}

/// Runs what was asked and scores each bet; the bets are in the order of `figure.predict`.
pub fn predict(course: &Course, figure: &Figure, bets: &[Bet], run: &mut Runner<'_>) -> Result<Vec<GuessVerdict>, RunProblem> {
    figure
        .predict
        .iter()
        .enumerate()
        .map(|(at, ask)| {
            let bet = bets.get(at).cloned().unwrap_or(Bet::Unknown);
            let (measured, id) = point(course, figure, figure.series_named(ask.series.as_deref()), ask.at, &ask.measure, run)?;
            let (score, reply) = score(&bet, &measured);
            Ok(GuessVerdict { ask: ask.clone(), bet, measured, run: id, score, reply })
        })
        .collect()
}

fn score(bet: &Bet, measured: &Measure) -> (f64, Reply) {
    match (bet, measured) {
        (Bet::Unknown, _) => (0.0, Reply::Unknown),
        (Bet::Name(name), Measure::Text(text)) => (f64::from(u8::from(name == text)), if name == text { Reply::Near } else { Reply::Low }),
        (Bet::Quantity(guess, _), Measure::Quantity(truth)) => {
            let score = log_score(guess.value, truth.value);
            let reply = if score >= 0.75 {
                Reply::Near
            } else if guess.value < truth.value {
                Reply::Low
            } else {
                Reply::High
            };
            (score, reply)
        }
        _ => (0.0, Reply::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bet_far_below_the_run_is_answered_as_low() {
        let truth = Measure::Quantity(Quantity::parse("200 ms").unwrap());
        let bet = |text: &str| Bet::Quantity(Quantity::parse(text).unwrap(), text.into());
        assert_eq!(score(&bet("38 ms"), &truth).1, Reply::Low);
        assert_eq!(score(&bet("2 s"), &truth), (0.0, Reply::High));
        assert_eq!(score(&bet("180 ms"), &truth), (1.0, Reply::Near));
        assert_eq!(score(&Bet::Unknown, &truth), (0.0, Reply::Unknown));
    }

    #[test]
    fn a_named_box_is_right_or_wrong() {
        let truth = Measure::Text("web".into());
        assert_eq!(score(&Bet::Name("web".into()), &truth).0, 1.0);
        assert_eq!(score(&Bet::Name("db".into()), &truth).0, 0.0);
    }
}
