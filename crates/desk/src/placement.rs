//! The placement: one question at a time, no feedback until the end.

use course::Item;
use grade::{Judged, Response, judge};
use record::{Answer, PlacementEnd, Ppm, Setting, What};
use tutor::{Next, next_placement};

use crate::error::no_such;
use crate::{Desk, DeskError, Learner};

/// Where the placement stands.
#[derive(Debug, Clone)]
// There is one at a time, so its size costs nothing.
#[allow(clippy::large_enum_variant)]
pub enum Placement {
    Ask { item: Item, seed: u64, asked: usize },
    Over,
}

impl Learner {
    /// The next question, or that it is over.
    pub fn placement(&self) -> Placement {
        if self.is_placed() {
            return Placement::Over;
        }
        let asked = self
            .entries
            .iter()
            .rev()
            .take_while(|entry| entry.what != What::PlacementBegan)
            .filter(|entry| matches!(&entry.what, What::Answered(answer) if answer.setting == Setting::Placement))
            .count();
        match next_placement(&self.shelf.curriculum, &self.priors, &self.entries) {
            Next::Ask(index) => {
                let id = &self.shelf.curriculum.items[index].id;
                match self.shelf.course.items.get(id) {
                    Some(item) => Placement::Ask { item: item.clone(), seed: self.fresh_seed(item), asked },
                    None => Placement::Over,
                }
            }
            Next::Stop(_) => Placement::Over,
        }
    }

    /// The first variation of an item that was not answered yet; round again when all were.
    pub(crate) fn fresh_seed(&self, item: &Item) -> u64 {
        let used: std::collections::BTreeSet<u64> = self.answers(&item.id).map(|(_, answer)| answer.seed).collect();
        (0..item.variations()).find(|seed| !used.contains(seed)).unwrap_or(0)
    }
}

impl Desk {
    pub async fn begin_placement(&self) -> Result<u64, DeskError> {
        let learner = self.learner().await?;
        if !learner.has_started() {
            return Err(DeskError::NotYet("Answer the six questions first; they take two minutes.".into()));
        }
        let running = learner.entries.iter().rev().find_map(|entry| match entry.what {
            What::PlacementBegan => Some(true),
            What::PlacementEnded { .. } => Some(false),
            _ => None,
        });
        if running == Some(true) { Ok(learner.seq()) } else { self.append(vec![What::PlacementBegan]).await }
    }

    /// Records an answer; ends the placement when the tutor is sure.
    pub async fn answer_placement(&self, item: &str, seed: u64, fields: &[(String, String)]) -> Result<Placement, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        let Placement::Ask { item: asked, seed: asked_seed, .. } = learner.placement() else { return Ok(Placement::Over) };
        // A page sent twice or gone stale: show what is asked now, and record nothing.
        if asked.id != item || asked_seed != seed {
            return Ok(learner.placement());
        }
        let response = Response::from_fields(&asked, fields).map_err(DeskError::Question)?;
        let (verdict, text) = self.verdict(&learner, &asked, seed, &response).await?;
        let answer = Answer {
            skill: asked.skill.clone(),
            item: asked.id.clone(),
            version: asked.version,
            seed,
            setting: Setting::Placement,
            outcome: verdict.outcome,
            score: Ppm::from_f64(verdict.score),
            guess: Ppm::from_f64(asked.guess()),
            slip: Ppm::from_f64(asked.slip()),
            hard: asked.hard(),
            form: asked.form_word().into(),
            attempt: 1,
            hints: 0,
            confidence: None,
            response: response.to_text(),
            text,
            interval: verdict.interval,
        };
        self.append_in(&turn, vec![What::Answered(answer)]).await?;
        let learner = self.learner().await?;
        if let Next::Stop(reason) = next_placement(&learner.shelf.curriculum, &learner.priors, &learner.entries) {
            self.append_in(&turn, vec![What::PlacementEnded { reason }]).await?;
        }
        Ok(self.learner().await?.placement())
    }

    pub async fn stop_placement(&self) -> Result<u64, DeskError> {
        let learner = self.learner().await?;
        if learner.is_placed() {
            Ok(learner.seq())
        } else {
            self.append(vec![What::PlacementEnded { reason: PlacementEnd::Learner }]).await
        }
    }

    /// Judges off the async threads, since a verdict may need runs; keeps a written answer.
    pub(crate) async fn verdict(
        &self,
        learner: &Learner,
        item: &Item,
        seed: u64,
        response: &Response,
    ) -> Result<(grade::Verdict, Option<record::TextId>), DeskError> {
        let (shelf, runs) = (std::sync::Arc::clone(&learner.shelf), std::sync::Arc::clone(&self.runs));
        let (judged_item, judged_response) = (item.clone(), response.clone());
        let judged = tokio::task::spawn_blocking(move || {
            judge(&shelf.course, &judged_item, seed, &judged_response, &mut |experiment| runs.report(experiment))
        })
        .await
        .map_err(|_| DeskError::Run("the run was broken off".into()))??;
        match judged {
            Judged::Question(question) => Err(DeskError::Question(question)),
            Judged::Verdict(verdict) => {
                let text = match response {
                    Response::Written(text) => self.keep_text(text, 4_000).await?,
                    _ => None,
                };
                Ok((verdict, text))
            }
        }
    }

    pub(crate) fn item(&self, learner: &Learner, id: &str) -> Result<Item, DeskError> {
        learner.shelf.course.items.get(id).cloned().ok_or_else(|| no_such("question", id))
    }
}
