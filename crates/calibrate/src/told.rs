//! From what was measured of a case to what is told of it: the fit, the predictions of its designs
//! at every level, and what the reasons are computed from. Sentences are in `reasons`, tables in
//! `page`.

use crate::case::{Case, Kind};
use crate::fit::{self, Fit};
use crate::ideal::Worker;
use crate::level::{Latency, Rounds, Verdict};
use crate::load::Asked;
use crate::measure::{Level, Measured};
use crate::model::{self, Boxes, Model};
use crate::reasons::{self, Seen};
use crate::schedule::{Luck, Schedule, scv};
use crate::server::service::Timing;

/// A case as it is told.
pub(crate) struct Told {
    pub(crate) title: &'static str,
    pub(crate) asks: &'static str,
    /// [per second]
    pub(crate) capacity: f64,
    /// Or why there is none.
    pub(crate) fitted: Result<Fitted, String>,
    /// What each prediction of a level is.
    pub(crate) columns: Vec<&'static str>,
    pub(crate) levels: Vec<Line>,
    pub(crate) reasons: Vec<String>,
    /// A design that a reader can run.
    pub(crate) document: Option<String>,
}

pub(crate) struct Fitted {
    /// The level.
    pub(crate) share: f64,
    /// [ns]
    pub(crate) mean: f64,
    pub(crate) scv: f64,
    pub(crate) way: f64,
    pub(crate) services: usize,
}

/// A level as it is told.
pub(crate) struct Line {
    pub(crate) share: f64,
    /// [per second]
    pub(crate) rate: f64,
    pub(crate) verdict: Verdict,
    /// The 99th percentile of how late requests were sent [ns].
    pub(crate) late: f64,
    /// Of the gaps between sendings; 1 for a Poisson process.
    pub(crate) gaps_scv: f64,
    pub(crate) measured: Option<Rounds>,
    /// One for each column; none where the design says that it would never settle.
    pub(crate) predicted: Vec<Option<Latency>>,
}

/// A design, and the arrivals that it is given.
struct Column {
    name: &'static str,
    model: Model,
    /// Those that were sent, or a Poisson process of the same rate.
    sent: bool,
}

pub(crate) fn tell(case: &Case, measured: &Measured) -> anyhow::Result<Told> {
    let counted: Vec<Vec<Vec<Asked>>> = measured.levels.iter().map(Level::counted).collect();
    let stands = |number: usize| measured.levels[number].verdict() == Verdict::Stands;
    let base = fitted_at(measured.levels.len(), stands);
    // By all that was asked for, so that a fit at one level does not rest on what was asked there.
    let choices = measured.levels.iter().flat_map(|level| &level.rounds).flat_map(|(schedule, _)| &schedule.which);
    let shares = fit::shares(choices.map(|choice| choice.kind));
    let known = fit::Known { capacity: measured.capacity, at_once: case.kind == Kind::AtOnce };
    let fitted = match base {
        Some(base) => Fit::of(&counted[base], &shares, known).map(|fit| (base, fit)),
        None => Err("every level was thrown out".to_owned()),
    };
    let columns = match &fitted {
        Ok((base, fit)) => columns(case, &measured.levels[*base], fit),
        Err(_) => Vec::new(),
    };
    let mut levels = Vec::new();
    for (level, counted) in measured.levels.iter().zip(&counted) {
        levels.push(line(level, counted, &columns)?);
    }
    let reasons = match &fitted {
        Ok((_, fit)) => why(case, measured, fit, &columns, &levels)?,
        Err(_) => Vec::new(),
    };
    Ok(Told {
        title: case.title,
        asks: case.asks,
        capacity: measured.capacity,
        columns: columns.iter().map(|column| column.name).collect(),
        document: columns.first().zip(base).map(|(column, base)| column.model.poisson_document(measured.levels[base].rate)),
        fitted: fitted.map(|(base, fit)| Fitted {
            share: measured.levels[base].share,
            mean: fit.mean(),
            scv: fit.scv(),
            way: fit.way,
            services: fit.services.len(),
        }),
        levels,
        reasons,
    })
}

/// The level that is fitted: the second of those that stand, where some requests still find nobody
/// and others follow each other. A server that is idle most of the time sleeps and wakes between
/// requests, and is slower for it than it ever is at work.
fn fitted_at(levels: usize, stands: impl Fn(usize) -> bool) -> Option<usize> {
    let standing: Vec<usize> = (0..levels).filter(|&number| stands(number)).collect();
    standing.get(1).or(standing.first()).copied()
}

fn columns(case: &Case, base: &Level, fit: &Fit) -> Vec<Column> {
    let in_turn = || model::one(case.part, "fifo", fit);
    let sent = |name| Column { name, model: in_turn(), sent: true };
    let poisson = |name, model| Column { name, model, sent: false };
    if case.kind != Kind::Chain {
        return vec![poisson("design, Poisson arrivals", in_turn()), sent("design, the arrivals sent")];
    }
    let drawn = boxes(base).map(|boxes| poisson("boxes as drawn", model::boxes(&boxes)));
    let mut columns: Vec<Column> = drawn.into_iter().collect();
    columns.push(poisson("one core, shared", model::one(case.part, "shared", fit)));
    columns.push(poisson("one core, in turn", in_turn()));
    columns.push(sent("one core, in turn, the arrivals sent"));
    columns
}

/// What the parts of the chain say of themselves at a level; none if an answer does not.
fn boxes(level: &Level) -> Option<Boxes> {
    let heads = level.rounds.iter().flat_map(|(_, round)| &round.heads);
    let timings: Vec<Timing> = heads.map(|head| Timing::read(head)).collect::<Option<_>>()?;
    let sorted = |times: Vec<f64>| {
        let mut times: Vec<u64> = times.into_iter().map(|ns| ns as u64).collect();
        times.sort_unstable();
        times
    };
    let misses: Vec<_> = timings.iter().filter_map(|timing| timing.miss).collect();
    let service = sorted(timings.iter().map(|timing| timing.own).collect());
    let cache = sorted(timings.iter().map(|timing| timing.get).chain(misses.iter().map(|miss| miss.put)).collect());
    let db = sorted(misses.iter().map(|miss| miss.db).collect());
    let nginx = *level.spent.parts.get("nginx")? as f64 / level.requests().max(1) as f64;
    let share = misses.len() as f64 / timings.len().max(1) as f64;
    // What is left of those that found nobody is the way.
    let alone: Vec<u64> = level.counted().iter().flat_map(|round| fit::alone(round)).map(|(_, time)| time).collect();
    let [own, asks, adds] = [&service, &cache, &db].map(|times| fit::mean(times));
    let way = (fit::mean(&alone) - nginx - own - asks * (1.0 + share) - adds * share).max(0.0);
    (!db.is_empty()).then_some(Boxes { nginx, way, service, cache, db, hits: 1.0 - share })
}

fn line(level: &Level, counted: &[Vec<Asked>], columns: &[Column]) -> anyhow::Result<Line> {
    let verdict = level.verdict();
    let mut predicted = Vec::new();
    if verdict == Verdict::Stands {
        for column in columns {
            predicted.push(match column.sent {
                true => replay(&column.model, level)?,
                false => column.model.poisson(level.rate)?,
            });
        }
    }
    let all: Vec<Asked> = counted.iter().flatten().copied().collect();
    let gaps: Vec<f64> =
        counted.iter().flat_map(|round| round.windows(2).map(|pair| pair[1].sent.saturating_sub(pair[0].sent) as f64)).collect();
    let latencies: Vec<Latency> = counted.iter().filter_map(|round| Latency::of(round)).collect();
    Ok(Line {
        share: level.share,
        rate: level.rate,
        verdict,
        late: crate::level::lateness(&all),
        gaps_scv: scv(gaps.iter().copied()),
        measured: Rounds::of(&latencies).filter(|_| verdict != Verdict::Overrun),
        predicted,
    })
}

fn replay(model: &Model, level: &Level) -> anyhow::Result<Option<Latency>> {
    let schedules: Vec<&Schedule> = level.rounds.iter().map(|(schedule, _)| schedule).collect();
    Ok(model.replay(&schedules, level.lasts, level.warm)?.map(|rounds| rounds.middle))
}

/// What is known of the levels that stand, and the sentences that follow.
fn why(case: &Case, measured: &Measured, fit: &Fit, columns: &[Column], lines: &[Line]) -> anyhow::Result<Vec<String>> {
    let mut seen = Vec::new();
    for (level, line) in measured.levels.iter().zip(lines) {
        let (Verdict::Stands, Some(rounds)) = (line.verdict, line.measured) else { continue };
        let elsewhere = fit.elsewhere(&level.counted());
        let own = fit.times(elsewhere.map_or(1.0, |(mean, _)| mean / fit.mean()));
        let named =
            |sent: bool| columns.iter().zip(&line.predicted).rfind(|(column, _)| column.sent == sent).and_then(|(_, latency)| *latency);
        seen.push(Seen {
            share: level.share,
            measured: rounds,
            sent: named(true),
            poisson: named(false),
            service: elsewhere.map(|(mean, _)| mean),
            with_its_service: replay(&model::one(case.part, "fifo", &own), level)?,
            sizes: sizes(level, fit),
            at_once: (case.kind == Kind::AtOnce).then(|| at_once(level, &own)).flatten(),
            processor: level.processor(),
            others: level.spent.others(),
            stolen: level.spent.stolen(),
            together: elsewhere.map_or(0.0, |(_, soon)| soon),
            drawn: columns.iter().position(|column| column.name == "boxes as drawn").and_then(|at| line.predicted[at]),
            shared: columns.iter().position(|column| column.name == "one core, shared").and_then(|at| line.predicted[at]),
        });
    }
    Ok(reasons::sentences(case.kind, fit.way, measured.capacity, measured.capacity_after, &seen))
}

/// Times that services are drawn anew for the comparison of two ideal servers.
const TIMES: u64 = 8;

/// How much longer a worker makes them wait that answers at once all that waited together, by its
/// services and arrivals: factors of mean, p50 and p99.
fn at_once(level: &Level, fit: &Fit) -> Option<[f64; 3]> {
    let drawn = |luck: &mut Luck, _: u32| fit.services[luck.below(fit.services.len() as u32) as usize];
    let (each, all) = (ideal(level, fit, false, drawn)?.values(), ideal(level, fit, true, drawn)?.values());
    Some([0, 1, 2].map(|number| all[number] / each[number]))
}

/// How much longer the mean is for the kinds of requests that were sent at a level, in their
/// order, than for kinds drawn by their shares, as a factor.
fn sizes(level: &Level, fit: &Fit) -> Option<f64> {
    let service = |kind: u32| fit.kinds.get(&kind).map_or(0, |&mean| mean as u64);
    let sent = ideal(level, fit, false, |_, kind| service(kind))?;
    let drawn = ideal(level, fit, false, |luck, _| service(fit.any_kind(luck.unit())))?;
    Some(sent.mean / drawn.mean)
}

/// What an ideal server makes of a level whose services are as `service` says for each kind.
fn ideal(level: &Level, fit: &Fit, at_once: bool, service: impl Fn(&mut Luck, u32) -> u64) -> Option<Latency> {
    let worker = Worker { way: fit.way as u64, at_once };
    let mut asked = Vec::new();
    for ((schedule, _), seed) in level.rounds.iter().flat_map(|round| (0..TIMES).map(move |seed| (round, seed))) {
        let mut luck = Luck::new(seed);
        let served = worker.serve(&schedule.at, |number| service(&mut luck, schedule.which[number].kind));
        asked.extend(served.into_iter().filter(|one| one.intended as f64 >= level.warm * 1e9));
    }
    Latency::of(&asked)
}
