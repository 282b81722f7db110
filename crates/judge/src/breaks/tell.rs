//! What a search found, in sentences. Colours, tables and JSON are the business of who prints them.

use super::symptom::{How, Symptom};
use super::{Finding, Outcome};
use crate::require::Verdict;

impl Finding {
    /// The story: what was done, what broke by how much, and where it shows.
    pub fn story(&self) -> Vec<String> {
        let mut story = Vec::new();
        let done = capital(&self.case.spoken());
        story.push(match &self.verdict {
            Verdict::Missed { measured: Some(measured), by: Some(by), .. } => {
                format!(
                    "{done}, “{}” ({}) is missed by {}: it is {measured} over {} runs.",
                    self.says,
                    self.requirement,
                    measured.shown(*by),
                    self.seeds
                )
            }
            Verdict::Missed { why, .. } => {
                let why = why.as_deref().unwrap_or("No number tells by how much.");
                format!("{done}, “{}” ({}) is missed in {} runs. {why}", self.says, self.requirement, self.seeds)
            }
            other => format!("{done}, “{}” ({}) is not met: {other}", self.says, self.requirement),
        });
        story.extend(self.symptom.as_ref().map(Symptom::sentence));
        if self.case != self.first {
            story.push(format!("It was first seen {}; less is enough.", self.first.spoken()));
        }
        if !self.is_smallest {
            story.push("There was no time to find out whether less is enough.".into());
        }
        story
    }

    /// What follows "octo sim design.toml" to see it again.
    pub fn arguments(&self) -> Vec<String> {
        let mut words = self.case.arguments();
        words.extend(["--seed".to_owned(), self.seed.to_string()]);
        if self.seeds > 1 {
            words.extend(["--replications".to_owned(), self.seeds.to_string()]);
        }
        words
    }
}

impl Symptom {
    pub fn sentence(&self) -> String {
        let name = &self.component;
        match &self.how {
            How::Saturated { from } => format!("It shows at {name}, which is at its limit from {} on.", length(*from)),
            How::Failing { cause, share } => {
                let share = units::significant(libm::round(share * 100.0));
                format!("It shows at {name}: {share} % of the failures are “{cause}”.")
            }
            How::Slow { time } => format!("It shows at {name}, where slow requests spend {}.", length(*time)),
            How::Backlog { most } => format!("It shows at {name}, where up to {most} messages wait."),
        }
    }
}

impl Outcome {
    /// What was tried and not found, when nothing was.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if self.found.is_none() {
            sentences.push(match self.tried.len() {
                0 => "Nothing was tried.".to_owned(),
                count => format!("Nothing was found that breaks a requirement: {count} cases in {} runs.", self.runs),
            });
            if let Some(nearest) = self.tried.first().filter(|tried| tried.slack < 1.0) {
                let slack = units::significant(libm::round(nearest.slack.max(0.0) * 1000.0) / 10.0);
                sentences.push(format!(
                    "Nearest to a break was {} {}, with {slack} % of its bound to spare in one run.",
                    nearest.requirement,
                    nearest.case.spoken()
                ));
            }
            if self.suspicions > 0 {
                sentences.push(format!("{} of the cases missed something in one run, and not so in fresh ones.", self.suspicions));
            }
        }
        if let Some(stop) = &self.stopped {
            sentences.push(format!("The search ended before it was done: {}.", stop.why()));
        }
        for (id, why) in &self.not_judged {
            sentences.push(format!("{id} was not looked at: {why}"));
        }
        sentences
    }
}

/// Not to the nanosecond.
fn length(time: units::Duration) -> String {
    units::Quantity::new(time.as_secs_f64(), units::Dimension::TIME).to_string()
}

/// Names are of any letters; sentences of ours begin with English ones, so no table of all scripts is needed.
fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
