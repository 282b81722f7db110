//! The placement: one question at a time, no feedback until the end.

use course::Item;
use grade::{Judged, Response, judge};
use record::{Answer, Entry, PlacementEnd, Ppm, Setting, What};
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

/// How far the placement is, for pages beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// Never begun.
    Ahead,
    /// Begun and neither ended nor stopped: so many questions answered.
    UnderWay {
        answered: usize,
    },
    Over,
}

impl Learner {
    /// How far the placement is.
    pub fn placing(&self) -> Placing {
        let since_it_began = self.entries.iter().rev().take_while(|entry| entry.what != What::PlacementBegan);
        let answered = since_it_began.filter(|entry| is_of_placement(entry)).count();
        match self.is_placed() {
            true => Placing::Over,
            false if answered == 0 && !self.entries.iter().any(|entry| entry.what == What::PlacementBegan) => Placing::Ahead,
            false => Placing::UnderWay { answered },
        }
    }

    /// The next question, or that it is over.
    pub fn placement(&self) -> Placement {
        if self.is_placed() {
            return Placement::Over;
        }
        let asked = match self.placing() {
            Placing::UnderWay { answered } => answered,
            Placing::Ahead | Placing::Over => 0,
        };
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

fn is_of_placement(entry: &Entry) -> bool {
    entry.answer().is_some_and(|answer| answer.setting == Setting::Placement)
}

impl Desk {
    /// Begins the placement, or goes on with the one that is under way. After one that is over this is
    /// another: its evidence is kept, and its questions may be asked again with other numbers.
    pub async fn begin_placement(&self) -> Result<u64, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        if !learner.has_started() {
            return Err(DeskError::NotYet("Answer the six questions first; they take two minutes.".into()));
        }
        let running = learner.entries.iter().rev().find_map(|entry| match entry.what {
            What::PlacementBegan => Some(true),
            What::PlacementEnded { .. } => Some(false),
            _ => None,
        });
        if running != Some(true) {
            return self.append_in(&turn, vec![What::PlacementBegan]).await;
        }
        // A course that has changed since may have nothing left to ask.
        match next_placement(&learner.shelf.curriculum, &learner.priors, &learner.entries) {
            Next::Stop(reason) => self.append_in(&turn, vec![What::PlacementEnded { reason }]).await,
            Next::Ask(_) => Ok(learner.seq()),
        }
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
        // What ends it is kept in one piece with the answer that ended it.
        let mut what = vec![What::Answered(answer)];
        let answered = Entry { learner: self.learner.clone(), seq: learner.seq() + 1, at: self.now(), what: what[0].clone() };
        let entries: Vec<Entry> = learner.entries.iter().cloned().chain([answered]).collect();
        if let Next::Stop(reason) = next_placement(&learner.shelf.curriculum, &learner.priors, &entries) {
            what.push(What::PlacementEnded { reason });
        }
        self.append_in(&turn, what).await?;
        Ok(self.learner().await?.placement())
    }

    pub async fn stop_placement(&self) -> Result<u64, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        if learner.is_placed() {
            Ok(learner.seq())
        } else {
            self.append_in(&turn, vec![What::PlacementEnded { reason: PlacementEnd::Learner }]).await
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
