//! The studio's predictions: a design of the learner's own is run here, what they expected of it is
//! scored, and the first time it is kept. Drawing and playing leave nothing behind.

use std::sync::Arc;

use design::Format;
use grade::Expected;
use record::{Foreseen, Foresight, Ppm, What};

use crate::lesson::shown;
use crate::{Desk, DeskError};

/// The most questions about one run, and the longest answer to one [characters].
const ASKED: usize = 16;
const LONGEST: usize = 80;
/// The most steps of a run that is judged here: some seconds.
const STEPS: u64 = 100_000_000;

impl Desk {
    /// Runs a design (JSON) and scores what was expected of it. Of the predictions of one design
    /// only the first is kept: afterwards the answer is known.
    pub async fn foresee(&self, design: &str, seed: u64, expected: Vec<Expected>) -> Result<Foresight, DeskError> {
        if expected.is_empty() || expected.len() > ASKED {
            return Err(DeskError::Question(format!("Between 1 and {ASKED} answers are expected; these are {}.", expected.len())));
        }
        if let Some(long) = expected.iter().find(|expected| expected.ask.chars().count().max(expected.guess.chars().count()) > LONGEST) {
            let ask: String = long.ask.chars().take(LONGEST).collect();
            return Err(DeskError::Question(format!("“{ask}”: that is longer than any answer here needs to be.")));
        }
        let loaded = design::read(design, Format::Json);
        let runs = Arc::clone(&self.runs);
        let foreseen = tokio::task::spawn_blocking(move || {
            grade::foresee(&loaded.document, seed, expected, &mut |experiment| runs.report_within(experiment, STEPS))
        });
        let foreseen = foreseen.await.map_err(|_| DeskError::Run("the run was broken off".into()))?;
        // The design is the learner's, and so is what is wrong with it.
        let foreseen = foreseen.map_err(|problem| DeskError::Question(problem.0))?;
        let guesses = foreseen.seen.iter().map(|seen| Foreseen {
            ask: seen.expected.ask.clone(),
            guess: seen.expected.guess.clone(),
            measured: shown(&seen.measured),
            score: Ppm::from_f64(seen.score),
            confidence: Ppm::from_f64(seen.expected.confidence),
        });
        let foresight = Foresight {
            design: foreseen.design.to_string(),
            run: foreseen.run.to_string(),
            guesses: guesses.collect(),
            score: Ppm::from_f64(foreseen.score()),
        };
        let turn = self.turn().await;
        let known = self.learner().await?;
        let is_known = known.entries.iter().any(|entry| matches!(&entry.what, What::Foresaw(before) if before.design == foresight.design));
        if !is_known {
            self.append_in(&turn, vec![What::Foresaw(foresight.clone())]).await?;
        }
        Ok(foresight)
    }
}
