//! Design documents for what was fitted, as a learner would write them, and what the engine
//! predicts from them: for Poisson arrivals of a level's rate, and for the very arrivals that were
//! sent.

use design::{Experiment, Format};
use sim::{Budget, Progress, Report, Run};

use crate::fit::{self, Fit};
use crate::level::{Latency, Rounds};
use crate::schedule::{SECOND, Schedule};

/// The class of every document.
const CLASS: &str = "ask";
/// Requests of a prediction, and times that the very arrivals are run through.
const REQUESTS: f64 = 3e6;
const TIMES: u64 = 8;

/// A design without its arrivals.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    design: String,
    /// The service time of its fullest station [ns]: beyond one per this time nothing settles.
    needs: f64,
}

/// One server: all that can be said of it is its way and its services.
pub(crate) fn one(part: &str, order: &str, fit: &Fit) -> Model {
    let order = if order == "fifo" { String::new() } else { format!(", order = \"{order}\"") };
    let (times, way) = (fit::quantiles(&fit.services), fit::micros(fit.way));
    let design = format!(
        "\
octo = 1
[components]
users = {{ kind = \"clients\" }}
{part} = {{ kind = \"service\", workers = 1{order}, time = \"{times}\" }}
[links]
\"users -> {part}\" = {{ rtt = \"{way}\" }}
"
    );
    Model { design, needs: fit.mean() }
}

/// What the parts of the chain told of themselves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Boxes {
    /// Means [ns].
    pub(crate) nginx: f64,
    pub(crate) way: f64,
    /// Sorted [ns].
    pub(crate) service: Vec<u64>,
    pub(crate) cache: Vec<u64>,
    pub(crate) db: Vec<u64>,
    /// Share of the requests.
    pub(crate) hits: f64,
}

/// The chain as it would be drawn: each box with a core of its own.
pub(crate) fn boxes(boxes: &Boxes) -> Model {
    let [service, cache, db] = [&boxes.service, &boxes.cache, &boxes.db].map(|times| fit::quantiles(times));
    let [nginx, way] = [boxes.nginx, boxes.way].map(fit::micros);
    let misses = 1.0 - boxes.hits;
    let design = format!(
        "\
octo = 1
[components]
users = {{ kind = \"clients\" }}
nginx = {{ kind = \"service\", workers = 1, holds = false, time = \"{nginx}\" }}
service = {{ kind = \"service\", workers = 1, time = \"{service}\" }}
cache = {{ kind = \"cache\", workers = 1, hits = \"{:.2} %\", time = \"{cache}\" }}
db = {{ kind = \"relational\", pool = 1, time = \"{db}\" }}
[links]
\"users -> nginx\" = {{ rtt = \"{way}\" }}
\"nginx -> service\" = {{}}
\"service -> cache\" = {{}}
\"service -> db\" = {{}}
[data]
item = {{ key = \"id\", home = \"db\" }}
[calls]
{CLASS} = \"\"\"
nginx > service
  cache get item
    miss: db read item; cache put item
\"\"\"
",
        boxes.hits * 100.0
    );
    let [own, asks, adds] = [&boxes.service, &boxes.cache, &boxes.db].map(|times| fit::mean(times));
    Model { design, needs: own + asks * (1.0 + misses) + adds * misses }
}

impl Model {
    /// The document with these arrivals; times in seconds.
    fn document(&self, arrivals: &str, lasts: f64, warm: f64, rest: &str) -> String {
        format!(
            "{}[workload]\nlasts = \"{lasts} s\"\nwarmup = \"{warm} s\"\n{CLASS} = {{ from = \"users\", arrivals = \"{arrivals}\" }}\n{rest}",
            self.design
        )
    }

    /// As a reader may run it.
    pub(crate) fn poisson_document(&self, rate: f64) -> String {
        let lasts = (REQUESTS / rate).ceil();
        self.document(&format!("poisson {rate:.2}/s"), lasts, (lasts / 20.0).ceil(), "")
    }

    /// None where it would never settle.
    pub(crate) fn poisson(&self, rate: f64) -> anyhow::Result<Option<Latency>> {
        if rate * self.needs / SECOND > 0.995 {
            return Ok(None);
        }
        latency(&run(&self.poisson_document(rate), 1)?).map(Some)
    }

    /// Round by round with the arrivals of that round, services drawn anew several times.
    pub(crate) fn replay(&self, rounds: &[&Schedule], lasts: f64, warm: f64) -> anyhow::Result<Option<Rounds>> {
        let rounds = rounds.iter().map(|round| {
            let rows: String = round.at.iter().map(|&at| format!("{:.9}\n", at as f64 / SECOND)).collect();
            let document = self.document("trace sent", lasts, warm, &format!("[traces]\nsent = \"\"\"\nseconds\n{rows}\"\"\"\n"));
            let reports = (1..=TIMES).map(|seed| run(&document, seed)).collect::<anyhow::Result<Vec<_>>>()?;
            let Some(pooled) = sim::pool(&reports) else { anyhow::bail!("there is nothing to run") };
            latency(&pooled)
        });
        Ok(Rounds::of(&rounds.collect::<anyhow::Result<Vec<_>>>()?))
    }
}

fn run(document: &str, seed: u64) -> anyhow::Result<Report> {
    let told = |problems: &[design::Problem]| {
        let problems: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect();
        anyhow::anyhow!("the engine refuses a design of ours: {}", problems.join(" "))
    };
    let loaded = design::read(document, Format::Toml);
    let document = design::resolve(&loaded.document).map_err(|problems| told(&problems))?;
    let experiment = Experiment { document, seed, engine: sim::ENGINE.to_owned() };
    let mut run = Run::within(&experiment, Budget::default()).map_err(|problems| told(&problems))?;
    while run.advance(1_000_000) != Progress::Done {
        if crate::interrupt::asked() {
            anyhow::bail!(crate::interrupt::Interrupted);
        }
    }
    Ok(run.report())
}

fn latency(report: &Report) -> anyhow::Result<Latency> {
    let latency = report.classes.get(CLASS).map(|class| &class.latency);
    let percentile = |millionths| latency?.percentile(millionths).map(|ns| ns as f64);
    match (latency.and_then(|latency| latency.mean()), percentile(500_000), percentile(990_000)) {
        (Some(mean), Some(p50), Some(p99)) => Ok(Latency { mean, p50, p99 }),
        _ => anyhow::bail!("the engine answered no request"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{Choice, poisson};

    fn fitted() -> Fit {
        let mut fit = Fit::default();
        (fit.services, fit.way) = ((0..=1000).map(|n| 100_000 + n * 800).collect(), 60_000.0);
        fit
    }

    #[test]
    fn a_fitted_server_becomes_a_document_that_runs() {
        let model = one("nginx", "fifo", &fitted());
        expect_test::expect![[r#"
            octo = 1
            [components]
            users = { kind = "clients" }
            nginx = { kind = "service", workers = 1, time = "quantiles 0 % 100.00 us, 1 % 108.00 us, 3 % 124.00 us, 6 % 148.00 us, 10 % 180.00 us, 15 % 220.00 us, 20 % 260.00 us, 25 % 300.00 us, 30 % 340.00 us, 35 % 380.00 us, 40 % 420.00 us, 45 % 460.00 us, 50 % 500.00 us, 55 % 540.00 us, 60 % 580.00 us, 65 % 620.00 us, 70 % 660.00 us, 75 % 700.00 us, 80 % 740.00 us, 85 % 780.00 us, 90 % 820.00 us, 93 % 844.00 us, 95 % 860.00 us, 97 % 876.00 us, 98 % 884.00 us, 99 % 892.00 us, 99.5 % 896.00 us, 99.9 % 899.20 us, 100 % 900.00 us" }
            [links]
            "users -> nginx" = { rtt = "60.00 us" }
            [workload]
            lasts = "3000 s"
            warmup = "150 s"
            ask = { from = "users", arrivals = "poisson 1000.00/s" }
        "#]].assert_eq(&model.poisson_document(1000.0));
        // M/G/1: 60 us of way, 500 us of service, and a wait of rho S (1 + scv) / 2 (1 - rho).
        let scv = fitted().scv();
        let expected = 60e3 + 500e3 + 0.5 * 500e3 * (1.0 + scv) / (2.0 * 0.5);
        let predicted = model.poisson(1000.0).unwrap().unwrap();
        assert!((predicted.mean / expected - 1.0).abs() < 0.01, "{predicted:?} for {expected}");
        assert_eq!(model.poisson(2000.0).unwrap(), None);
    }

    #[test]
    fn the_very_arrivals_are_run_again_and_warm_up_is_left_out_as_it_was_measured() {
        let model = one("redis", "fifo", &fitted());
        let schedule = poisson(9, 1000.0, 2.0, |_| Choice::plain(0));
        // The wait of each by Lindley's recursion with the mean service, as a yardstick.
        let (mut free, mut times) = (0.0f64, Vec::new());
        for &at in &schedule.at {
            free = free.max(at as f64) + 500_000.0;
            if at >= 500_000_000 {
                times.push(free - at as f64 + 60_000.0);
            }
        }
        let expected = times.iter().sum::<f64>() / times.len() as f64;
        let replayed = model.replay(&[&schedule], 2.0, 0.5).unwrap().unwrap().middle;
        assert!((replayed.mean / expected - 1.0).abs() < 0.2, "{replayed:?} for {expected}");
    }

    #[test]
    fn the_chain_as_it_is_drawn_runs_and_knows_what_its_worker_is_held_for() {
        let parts =
            Boxes { nginx: 40_000.0, way: 50_000.0, service: vec![20_000; 9], cache: vec![30_000; 9], db: vec![400_000; 9], hits: 0.7 };
        let model = boxes(&parts);
        // 20 + 30 * 1.3 + 400 * 0.3
        assert!((model.needs - 179_000.0).abs() < 1.0, "{}", model.needs);
        let schedule = poisson(3, 100.0, 30.0, |_| Choice::plain(0));
        let predicted = model.replay(&[&schedule], 30.0, 1.0).unwrap().unwrap().middle;
        // Nearly nobody waits at 2 %: way, nginx and what the worker is held for.
        assert!((predicted.mean / 273_000.0 - 1.0).abs() < 0.03, "{predicted:?}");
    }
}
