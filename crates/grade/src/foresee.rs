//! What was expected of a run before it was made, beside what the run says: the score of each
//! expectation. Whose design it is, and whether it counts for anything, is decided elsewhere.

use design::{Document, Experiment, RunId};
use sim::Measure;
use units::Quantity;

use crate::experiment::{RunProblem, Runner, sentence};
use crate::score::log_score;

/// One question about a run that somebody has answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// As a report calls it: "bottleneck", "buy.p99", "cost".
    pub ask: String,
    /// As it was typed: a name, or a quantity in the unit of what is asked for.
    pub guess: String,
    /// How sure they said they were, from 0 to 1.
    pub confidence: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub expected: Expected,
    pub measured: Measure,
    pub score: f64,
}

/// The run of a design, and what it says of each expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    pub run: RunId,
    /// Names the design with its world, whatever the seed: what its run with seed 0 would be called.
    pub design: RunId,
    pub seen: Vec<Seen>,
}

impl Foreseen {
    /// The mean of the scores.
    pub fn score(&self) -> f64 {
        self.seen.iter().map(|seen| seen.score).sum::<f64>() / self.seen.len().max(1) as f64
    }
}

/// Below this share of failures nobody can tell the difference, so all of it is "none".
const NO_ERRORS: f64 = 0.001;

/// Runs the design and scores what was expected of it. The problem says what is wrong with the
/// design, or with an expectation.
pub fn foresee(document: &Document, seed: u64, expected: Vec<Expected>, run: &mut Runner<'_>) -> Result<Foreseen, RunProblem> {
    let document = design::resolve(document).map_err(|problems| sentence(&problems))?;
    let of = |seed| Experiment { document: document.clone(), seed, engine: sim::ENGINE.to_owned() };
    let experiment = of(seed);
    let report = run(&experiment)?;
    if let Some(ended_by) = report.ended_by {
        return Err(RunProblem(format!("The run was cut short ({}), so it says nothing of what was expected.", ended_by.name())));
    }
    let seen = expected.into_iter().map(|expected| {
        let measured = report.measure(&expected.ask).ok_or_else(|| RunProblem(format!("This run says nothing of “{}”.", expected.ask)))?;
        let score = score(&expected, &measured)?;
        Ok(Seen { expected, measured, score })
    });
    Ok(Foreseen { run: experiment.run_id(), design: of(0).run_id(), seen: seen.collect::<Result<_, RunProblem>>()? })
}

fn score(expected: &Expected, measured: &Measure) -> Result<f64, RunProblem> {
    match measured {
        Measure::Text(name) => Ok(f64::from(u8::from(expected.guess.trim() == name))),
        Measure::Quantity(truth) => {
            let guess = Quantity::parse(&expected.guess).ok().filter(|guess| guess.dimension == truth.dimension);
            let guess = guess.ok_or_else(|| {
                RunProblem(format!("“{}” is no answer to “{}”: write it with its unit, as in {truth}.", expected.guess, expected.ask))
            })?;
            let least = if expected.ask.ends_with("errors") { NO_ERRORS } else { 1e-9 };
            Ok(log_score(guess.value.max(least), truth.value.max(least)))
        }
    }
}

#[cfg(test)]
mod tests {
    use design::Format;
    use expect_test::expect;

    use super::*;
    use crate::run_now;

    const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web = { kind = "service", workers = 4, time = "exp 10 ms" }
[links]
"users -> web" = {}
[workload]
lasts = "20 s"
buy = { from = "users", arrivals = "poisson 320/s" }
"#;

    fn told(text: &str, asked: &[(&str, &str)]) -> String {
        let document = design::read(text, Format::Toml).document;
        let expected = asked.iter().map(|(ask, guess)| Expected { ask: (*ask).into(), guess: (*guess).into(), confidence: 0.75 }).collect();
        match foresee(&document, 1, expected, &mut run_now) {
            Err(problem) => problem.0,
            Ok(foreseen) => {
                let seen = foreseen
                    .seen
                    .iter()
                    .map(|seen| format!("{}: {}, measured {}: {:.2}", seen.expected.ask, seen.expected.guess, seen.measured, seen.score));
                format!("{} of {}\n{}", foreseen.run, foreseen.design, seen.collect::<Vec<_>>().join("\n"))
            }
        }
    }

    #[test]
    fn each_expectation_is_scored_by_its_kind() {
        expect![[r#"
            r-f9895393db034a9b858dcdcecd073922 of r-f269adbb7f5355a09ee848530a7416b5
            bottleneck: web, measured web: 1.00
            buy.p99: 60 ms, measured 66.5 ms: 1.00
            buy.p99: 400 ms, measured 66.5 ms: 0.21
            buy.errors: 0 %, measured 0: 1.00
            buy.errors: 20 %, measured 0: 0.00"#]]
        .assert_eq(&told(
            SHOP,
            &[("bottleneck", "web"), ("buy.p99", "60 ms"), ("buy.p99", "400 ms"), ("buy.errors", "0 %"), ("buy.errors", "20 %")],
        ));
    }

    #[test]
    fn what_cannot_be_answered_is_told() {
        let all = [
            told(SHOP, &[("buy.p99", "40")]),
            told(SHOP, &[("bye.p99", "40 ms")]),
            told(SHOP, &[("cost", "3 USD/month")]),
            told("octo = 1", &[]),
        ];
        expect![[r#"
            “40” is no answer to “buy.p99”: write it with its unit, as in 66.5 ms.
            This run says nothing of “bye.p99”.
            This run says nothing of “cost”.
            components: There are no components. workload: Nothing is sent: the workload has no class."#]]
        .assert_eq(&all.join("\n"));
    }
}
