//! A lesson under a learner's hand: answers, hints, predictions, why-questions, overrules.

use std::sync::Arc;

use course::{Figure, Item, Lesson};
use grade::{Bet, FigureRuns, Judged, Response, Verdict, judge};
use record::{Answer, Depth, Guess, Outcome, Ppm, Prediction, Setting, Treatment, What};
use sim::Measure;
use units::Quantity;

use crate::error::no_such;
use crate::{Desk, DeskError, Learner};

/// What came of a post: where the record stands now.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    pub seq: u64,
}

/// An item as a page shows it: the question, and what was last answered to it.
#[derive(Debug, Clone)]
pub struct ItemView {
    pub item: Item,
    pub seed: u64,
    pub last: Option<LastAnswer>,
    /// Rungs of the hint ladder seen.
    pub hints: u8,
    /// Answers to this very question.
    pub attempts: u32,
}

#[derive(Debug, Clone)]
pub struct LastAnswer {
    pub response: Response,
    pub verdict: Verdict,
}

/// A figure as a page shows it.
#[derive(Debug, Clone)]
pub struct FigureView {
    /// The one point that is shown before the prediction.
    pub known: Option<(f64, Quantity)>,
    /// Everything else, once a prediction is committed.
    pub committed: Option<(Prediction, FigureRuns)>,
    /// The measures beside the chart at the graded point, once committed.
    pub shown: Vec<(String, Measure)>,
}

impl Learner {
    pub fn lesson(&self, skill: &str) -> Result<&Lesson, DeskError> {
        self.shelf.course.lessons.get(skill).ok_or_else(|| no_such("lesson", skill))
    }

    /// Which variation of an item the lesson page shows: the one last worked on there, or a fresh one.
    fn lesson_seed(&self, item: &Item) -> u64 {
        self.answers(&item.id)
            .rev()
            .find(|(_, answer)| answer.setting == Setting::Lesson)
            .map_or_else(|| self.fresh_seed(item), |(_, answer)| answer.seed)
    }
}

impl Desk {
    /// An item as it stands on a lesson page.
    pub async fn lesson_item(&self, learner: &Learner, id: &str) -> Result<ItemView, DeskError> {
        let item = self.item(learner, id)?;
        let seed = learner.lesson_seed(&item);
        self.item_view(learner, item, seed, Setting::Lesson).await
    }

    /// An item with the last answer given to it in a setting.
    pub(crate) async fn item_view(&self, learner: &Learner, item: Item, seed: u64, setting: Setting) -> Result<ItemView, DeskError> {
        let given: Vec<Answer> = learner
            .answers(&item.id)
            .filter(|(_, answer)| answer.seed == seed && answer.setting == setting)
            .map(|(_, answer)| answer.clone())
            .collect();
        let last = match given.last() {
            Some(answer) => self.last_answer(learner, &item, answer).await?,
            None => None,
        };
        Ok(ItemView { hints: learner.hints(&item.id, seed), attempts: given.len() as u32, item, seed, last })
    }

    /// What was answered, judged again for its feedback; `None` when the item has changed so much
    /// that the old answer no longer fits.
    async fn last_answer(&self, learner: &Learner, item: &Item, answer: &Answer) -> Result<Option<LastAnswer>, DeskError> {
        if answer.version != item.version {
            return Ok(None);
        }
        let written = match &answer.text {
            Some(id) => self.text(id).await?,
            None => None,
        };
        let Some(response) = Response::parse(item, &answer.response, written.as_deref()) else { return Ok(None) };
        let (shelf, runs, judged_item, seed) = (Arc::clone(&learner.shelf), Arc::clone(&self.runs), item.clone(), answer.seed);
        let given = response.clone();
        let work = move || judge(&shelf.course, &judged_item, seed, &given, &mut |experiment| runs.report(experiment));
        // What needs no runs is too quick to leave the thread.
        let judged = if item.needs_runs() {
            tokio::task::spawn_blocking(work).await.map_err(|_| DeskError::Run("the run was broken off".into()))??
        } else {
            work()?
        };
        Ok(match judged {
            Judged::Verdict(verdict) => Some(LastAnswer { response, verdict }),
            Judged::Question(_) => None,
        })
    }

    /// Answers an item in a lesson, in practice or as a probe.
    pub async fn answer(&self, id: &str, seed: u64, setting: Setting, fields: &[(String, String)]) -> Result<Answered, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        let item = self.item(&learner, id)?;
        let seed = seed % item.variations();
        let response = Response::from_fields(&item, fields).map_err(DeskError::Question)?;
        let (verdict, text) = self.verdict(&learner, &item, seed, &response).await?;
        let before: Vec<&Answer> = learner.answers(id).map(|(_, answer)| answer).filter(|answer| answer.seed == seed).collect();
        // The same thing sent twice (a double click, a reload) is one answer.
        let same = |answer: &&Answer| answer.setting == setting && answer.response == response.to_text() && text.is_none();
        if before.last().is_some_and(same) {
            return Ok(Answered { seq: learner.seq() });
        }
        let confidence = fields.iter().find(|(key, _)| key == "sure").and_then(|(_, value)| confidence(value));
        let answer = Answer {
            skill: item.skill.clone(),
            item: item.id.clone(),
            version: item.version,
            seed,
            setting,
            outcome: verdict.outcome,
            score: Ppm::from_f64(verdict.score),
            guess: Ppm::from_f64(item.guess()),
            slip: Ppm::from_f64(item.slip()),
            hard: item.hard(),
            form: item.form_word().into(),
            attempt: before.len() as u32 + 1,
            hints: learner.hints(id, seed),
            confidence,
            response: response.to_text(),
            text,
            interval: verdict.interval,
        };
        Ok(Answered { seq: self.append_in(&turn, vec![What::Answered(answer)]).await? })
    }

    /// Shows the next rung of the hint ladder; each rung after the first needs a new attempt.
    pub async fn hint(&self, id: &str, seed: u64, setting: Setting) -> Result<Answered, DeskError> {
        let learner = self.learner().await?;
        let item = self.item(&learner, id)?;
        let seed = seed % item.variations();
        let seen = learner.hints(id, seed);
        let attempts = learner
            .answers(id)
            .filter(|(_, answer)| answer.seed == seed && answer.setting == setting && answer.outcome != Outcome::Right)
            .count();
        if usize::from(seen) >= item.hints.len() {
            return Err(DeskError::NotYet("There is no further hint for this question.".into()));
        }
        if usize::from(seen) > attempts {
            return Err(DeskError::NotYet("Try once more before the next hint; a guess with a reason is enough.".into()));
        }
        Ok(Answered {
            seq: self.append(vec![What::Hinted { skill: item.skill.clone(), item: id.to_owned(), seed, rung: seen + 1 }]).await?,
        })
    }

    /// A figure as this learner sees it. Runs are made off the async threads.
    pub async fn figure(&self, learner: &Learner, skill: &str, figure: &str) -> Result<FigureView, DeskError> {
        let figure = self.find_figure(learner, skill, figure)?;
        let committed = learner.prediction(skill, &figure.id).cloned();
        let (shelf, runs) = (Arc::clone(&learner.shelf), Arc::clone(&self.runs));
        tokio::task::spawn_blocking(move || {
            let mut run = |experiment: &design::Experiment| runs.report(experiment);
            let known = grade::known_point(&shelf.course, &figure, &mut run)?;
            let Some(prediction) = committed else { return Ok(FigureView { known, committed: None, shown: Vec::new() }) };
            let runs = grade::sweep(&shelf.course, &figure, &mut run)?;
            let at = figure.predict.iter().find(|ask| ask.graded).map_or(figure.knob.start, |ask| ask.at);
            let shown = grade::shown_at(&shelf.course, &figure, at, &mut run)?;
            Ok(FigureView { known, committed: Some((prediction, runs)), shown })
        })
        .await
        .map_err(|_| DeskError::Run("the run was broken off".into()))?
    }

    /// Runs every point of a lesson's figures ahead of time, so that a commit answers at once.
    pub fn warm(&self, learner: &Learner, skill: &str) {
        let (shelf, runs, skill) = (Arc::clone(&learner.shelf), Arc::clone(&self.runs), skill.to_owned());
        tokio::task::spawn_blocking(move || {
            let Some(lesson) = shelf.course.lessons.get(&skill) else { return };
            for figure in lesson.figures.values() {
                for experiment in grade::figure_experiments(&shelf.course, figure).unwrap_or_default() {
                    // A fault shows where the figure is shown; here there is nobody to tell.
                    drop(runs.report(&experiment));
                }
            }
        });
    }

    /// After a start: makes again what pages with a committed prediction show.
    pub async fn warm_committed(&self) -> Result<(), DeskError> {
        let learner = self.learner().await?;
        let skills: std::collections::BTreeSet<&str> = learner.predictions().map(|prediction| prediction.skill.as_str()).collect();
        for skill in skills {
            self.warm(&learner, skill);
        }
        Ok(())
    }

    /// Commits a prediction: runs, scores, and records it. Only the first commit counts.
    pub async fn predict(&self, skill: &str, figure: &str, fields: &[(String, String)]) -> Result<Answered, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        let found = self.find_figure(&learner, skill, figure)?;
        if learner.prediction(skill, figure).is_some() {
            return Ok(Answered { seq: learner.seq() });
        }
        let bets = bets(&found, fields)?;
        let (shelf, runs, run_figure) = (Arc::clone(&learner.shelf), Arc::clone(&self.runs), found.clone());
        let verdicts = tokio::task::spawn_blocking(move || {
            grade::predict(&shelf.course, &run_figure, &bets, &mut |experiment| runs.report(experiment))
        })
        .await
        .map_err(|_| DeskError::Run("the run was broken off".into()))??;
        let graded: Vec<f64> = verdicts.iter().filter(|verdict| verdict.ask.graded).map(|verdict| verdict.score).collect();
        let score = graded.iter().sum::<f64>() / graded.len().max(1) as f64;
        let guesses = verdicts
            .iter()
            .map(|verdict| Guess {
                ask: verdict.ask.ask.clone(),
                guess: match &verdict.bet {
                    Bet::Unknown => None,
                    Bet::Quantity(_, text) | Bet::Name(text) => Some(text.clone()),
                },
                measured: shown(&verdict.measured),
                run: verdict.run.to_string(),
                score: Ppm::from_f64(verdict.score),
                graded: verdict.ask.graded,
            })
            .collect();
        let prediction = Prediction { skill: skill.to_owned(), figure: figure.to_owned(), guesses, score: Ppm::from_f64(score) };
        Ok(Answered { seq: self.append_in(&turn, vec![What::Predicted(prediction)]).await? })
    }

    fn find_figure(&self, learner: &Learner, skill: &str, figure: &str) -> Result<Figure, DeskError> {
        learner.lesson(skill)?.figures.get(figure).cloned().ok_or_else(|| no_such("figure", figure))
    }

    /// Keeps what was written in answer to a why-question.
    pub async fn wrote(&self, skill: &str, prompt: &str, text: &str) -> Result<Answered, DeskError> {
        let learner = self.learner().await?;
        let asks = learner.lesson(skill)?.count(course::BlockKind::Ask);
        if !(1..=asks).any(|at| prompt == format!("ask-{at}")) {
            return Err(no_such("question", prompt));
        }
        let Some(text) = self.keep_text(text, 4_000).await? else {
            return Err(DeskError::Question("Write a sentence first; then compare.".into()));
        };
        let prompt = prompt.to_owned();
        Ok(Answered { seq: self.append(vec![What::Wrote { skill: skill.to_owned(), prompt, text }]).await? })
    }

    /// The lesson was read to its end.
    pub async fn taught(&self, skill: &str, depth: Depth) -> Result<Answered, DeskError> {
        let learner = self.learner().await?;
        learner.lesson(skill)?;
        if learner.was_taught(skill) {
            return Ok(Answered { seq: learner.seq() });
        }
        Ok(Answered { seq: self.append(vec![What::Taught { skill: skill.to_owned(), depth }]).await? })
    }

    /// The learner decides; `None` gives the line back to the plan.
    pub async fn overrule(&self, skill: &str, treatment: Option<Treatment>) -> Result<Answered, DeskError> {
        let learner = self.learner().await?;
        if learner.shelf.course.skill(skill).is_none() {
            return Err(no_such("module", skill));
        }
        if learner.line(skill).is_some_and(|line| line.overruled == treatment) {
            return Ok(Answered { seq: learner.seq() });
        }
        Ok(Answered { seq: self.append(vec![What::Overruled { skill: skill.to_owned(), treatment }]).await? })
    }
}

/// As the record keeps it: without separators between thousands, so that it can be read again.
pub(crate) fn shown(measure: &Measure) -> String {
    match measure {
        Measure::Quantity(quantity) => quantity.to_string().replace(',', ""),
        Measure::Text(text) => text.clone(),
    }
}

fn confidence(word: &str) -> Option<Ppm> {
    match word {
        "guess" => Some(Ppm(500_000)),
        "think" => Some(Ppm(750_000)),
        "sure" => Some(Ppm(950_000)),
        _ => None,
    }
}

/// Reads the posted guesses `g0`, `g1`, ... in the order of the figure's questions.
fn bets(figure: &Figure, fields: &[(String, String)]) -> Result<Vec<Bet>, DeskError> {
    const MAX: usize = 64;
    let field = |name: String| fields.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.trim());
    let unknown = !field("unknown".into()).is_empty();
    figure
        .predict
        .iter()
        .enumerate()
        .map(|(at, ask)| {
            let text = field(format!("g{at}"));
            if unknown || text.is_empty() {
                return if unknown {
                    Ok(Bet::Unknown)
                } else {
                    Err(DeskError::Question(format!("{}: commit a value, or say that you don't know.", ask.ask)))
                };
            }
            if text.chars().count() > MAX {
                return Err(DeskError::Question(format!("{}: that is longer than any answer here needs to be.", ask.ask)));
            }
            if ask.is_name() {
                return Ok(Bet::Name(text.to_owned()));
            }
            quantity(text, ask.unit())
                .map(|(quantity, text)| Bet::Quantity(quantity, text))
                .map_err(|question| DeskError::Question(format!("{}: {question}", ask.ask)))
        })
        .collect()
}

/// A number in the unit that stands beside the field, unless it names its own.
fn quantity(text: &str, unit: Option<&str>) -> Result<(Quantity, String), String> {
    let given = Quantity::parse(text).map_err(|problem| problem.to_string())?;
    match unit {
        // Shares and plain numbers have the same dimension, so the sign beside the field decides.
        Some("%") if !text.contains('%') => {
            let text = format!("{text} %");
            Quantity::parse(&text).map(|quantity| (quantity, text)).map_err(|problem| problem.to_string())
        }
        Some(unit) => {
            let with_unit = format!("{text} {unit}");
            let asked = Quantity::parse(&format!("1 {unit}")).map_err(|problem| problem.to_string())?;
            if given.dimension == asked.dimension {
                Ok((given, text.to_owned()))
            } else if given.dimension == units::Dimension::NONE {
                Quantity::parse(&with_unit).map(|quantity| (quantity, with_unit)).map_err(|problem| problem.to_string())
            } else {
                Err(format!("that is {}, but {} is asked for.", given.dimension.noun(), asked.dimension.noun()))
            }
        }
        None => Ok((given, text.to_owned())),
    }
}
