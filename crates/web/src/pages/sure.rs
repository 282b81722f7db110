//! How sure a learner said they were, beside how often they were right: rows and a chart for the page
//! of beliefs. What counts is decided in `tutor::calibration`.

use picture::{Axis, Chart, Point, Role, Scale, Series};
use tutor::{Calibration, ENOUGH, Hits, Ranges, chance_band};

/// How sure they were, beside how often they were right.
pub(crate) struct Sure {
    pub(crate) chart: Option<String>,
    pub(crate) rows: Vec<SureRow>,
    pub(crate) brier: Option<String>,
    pub(crate) ranges: String,
    pub(crate) predictions: String,
}

pub(crate) struct SureRow {
    pub(crate) word: &'static str,
    pub(crate) said: String,
    pub(crate) held: String,
    pub(crate) share: String,
    pub(crate) say: String,
}

impl Sure {
    pub(crate) fn of(found: &Calibration, given: Ranges) -> Self {
        let words = ["a guess", "I think so", "sure"];
        let rows = words.into_iter().zip(&found.levels).map(|(word, level)| SureRow {
            word,
            said: if level.hits.of > 0 { format!("{}%", percent(level.said)) } else { String::new() },
            held: format!("{} of {}", level.hits.held, level.hits.of),
            share: level.hits.share().map_or_else(String::new, |share| format!("{}%", percent(share))),
            say: judged(level.hits, level.said),
        });
        Sure {
            chart: found.brier.is_some().then(|| picture::chart(&chart(found))),
            rows: rows.collect(),
            brier: found.brier.map(|brier| format!("{brier:.2}")),
            ranges: ranges(given),
            predictions: predictions(found.predictions),
        }
    }
}

/// Whether so many hits are more or fewer than chance gives somebody who is as sure as they said.
fn judged(hits: Hits, said: f64) -> String {
    if hits.missing() > 0 {
        return format!("{} more until this says something", hits.missing());
    }
    let (least, most) = chance_band(hits.of, said);
    let band = format!("{least} to {most} of {} are to be expected", hits.of);
    match hits.held {
        held if held < least => format!("surer than right: {band}"),
        held if held > most => format!("righter than sure: {band}"),
        _ => format!("fits: {band}"),
    }
}

fn ranges(ranges: Ranges) -> String {
    ranges.sentence().unwrap_or_else(|| {
        let missing = ENOUGH.saturating_sub(ranges.given);
        format!("Ranges that are to hold the truth 4 times out of 5: {} so far, {missing} more until this says something.", ranges.given)
    })
}

fn predictions(hits: Hits) -> String {
    match hits.missing() {
        0 => format!("Of {} predictions in figures, {} lay within a factor of three of the run.", hits.of, hits.held),
        missing => format!("Predictions in figures: {} so far, {missing} more until this says something.", hits.of),
    }
}

fn chart(found: &Calibration) -> Chart {
    let axis = |quantity: &str, range| Axis { quantity: quantity.into(), unit: "%".into(), scale: Scale::Linear, range: Some(range) };
    let points = found.levels.iter().filter_map(|level| Some(Point::marked(level.said * 100.0, level.hits.share()? * 100.0)));
    Chart {
        id: "sure".into(),
        title: "How sure you were, and how often you were right".into(),
        summary: String::new(),
        x: axis("how sure you said you were", (40.0, 100.0)),
        y: axis("right", (0.0, 100.0)),
        series: vec![
            Series { name: "as sure as right".into(), role: Role::Trap, points: vec![Point::new(40.0, 40.0), Point::new(100.0, 100.0)] },
            Series { name: "you".into(), role: Role::Result, points: points.collect() },
        ],
        danger: None,
        width: 560.0,
    }
}

/// Whole percent of answers: all of them is 100.
fn percent(share: f64) -> u32 {
    (share * 100.0).round() as u32
}
