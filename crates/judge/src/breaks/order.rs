//! Which cases are tried, and in which order. Whether one breaks anything is the business of `search`.

use design::{Arrivals, Document};
use sim::Report;
use units::{Duration, Share};

use super::{Case, Placed, Tried};
use crate::envelope::{Envelope, Trouble};

/// The time in which faults are placed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) warm: Duration,
    pub(super) lasts: Duration,
    /// When most is sent, if that changes.
    peak: Option<Duration>,
}

impl Room {
    /// The first part of a document's time, as long as said.
    pub(super) fn of(document: &Document, lasts: Duration) -> Self {
        let warmup = document.workload.warmup.unwrap_or(Share(50_000_000));
        let whole = document.workload.lasts.unwrap_or(Duration::from_secs(60));
        let warm = Duration((whole.0 as f64 * warmup.as_f64()) as u64).min(Duration(lasts.0 / 4));
        let workload = &document.workload;
        let arrivals = workload.classes.values().filter_map(|class| class.arrivals.as_ref()).chain(&workload.arrivals);
        let peak = arrivals.filter_map(peak).next().filter(|peak| *peak < lasts);
        Self { warm, lasts, peak }
    }

    /// A bad moment: the peak, or early, so that what follows can be seen.
    fn moment(&self, envelope: &Envelope, length: Duration) -> Duration {
        let early = self.warm.0 + (self.lasts.0 - self.warm.0) / 5;
        let wanted = self.peak.map_or(early, |peak| peak.0.saturating_sub(length.0 / 4).max(self.warm.0));
        let (from, to) = envelope.at.unwrap_or((Duration::ZERO, self.lasts));
        round(Duration(wanted)).clamp(from, to)
    }

    /// The longest that a fault may last and still leave time to recover: up to three quarters.
    fn longest(&self, envelope: &Envelope) -> Duration {
        let room = Duration((self.lasts.0 - self.warm.0) / 2);
        let most = envelope.lasts.1.unwrap_or(room);
        round_down(most.min(room)).max(envelope.lasts.0)
    }
}

fn peak(arrivals: &Arrivals) -> Option<Duration> {
    match arrivals {
        Arrivals::Ramp { lasts, .. } => Some(*lasts),
        Arrivals::Flash { at, rise, .. } => Some(Duration(at.0 + rise.0)),
        Arrivals::Diurnal { period, .. } => Some(Duration(period.0 / 4)),
        Arrivals::Steps { steps } => steps.iter().max_by_key(|(_, rate)| *rate).map(|(at, _)| *at),
        _ => None,
    }
}

/// To a time that people would write.
pub(super) fn round(time: Duration) -> Duration {
    let step = step(time);
    Duration((time.0 + step / 2) / step * step)
}

fn round_down(time: Duration) -> Duration {
    let step = step(time);
    Duration(time.0 / step * step)
}

fn step(time: Duration) -> u64 {
    const SECOND: u64 = 1_000_000_000;
    match time.0 / SECOND {
        600.. => 60 * SECOND,
        60.. => 10 * SECOND,
        10.. => 5 * SECOND,
        2.. => SECOND,
        _ => SECOND / 10,
    }
}

/// The usual load of an envelope.
pub(super) fn usual(envelope: &Envelope) -> Case {
    let classes = envelope.classes.iter().map(|(name, factors)| (name.clone(), factors.usual())).collect();
    Case { all: envelope.all.map_or(Share::ONE, |all| all.usual()), classes, faults: Vec::new() }
}

/// Everything as high as it may be.
pub(super) fn highest(envelope: &Envelope) -> Case {
    let classes = envelope.classes.iter().map(|(name, factors)| (name.clone(), factors.to)).collect();
    Case { all: envelope.all.map_or(Share::ONE, |all| all.to), classes, faults: Vec::new() }
}

/// All corners but those of several faults: what is likelier comes first.
pub(super) fn corners(envelope: &Envelope, room: &Room, report: &Report) -> Vec<Case> {
    let (usual, highest) = (usual(envelope), highest(envelope));
    let mut cases = vec![highest.clone()];
    let singles = singles(envelope, room, report);
    let with = |case: &Case| singles.iter().map(|placed| Case { faults: vec![placed.clone()], ..case.clone() }).collect::<Vec<_>>();
    cases.extend(with(&usual));
    if highest != usual {
        cases.extend(with(&highest));
    }
    cases.extend(loads_apart(envelope, &usual));
    let mut kept: Vec<Case> = Vec::new();
    for case in cases {
        if case != usual && !kept.contains(&case) {
            kept.push(case);
        }
    }
    kept
}

/// The same for who has no search of its own.
pub(crate) fn corners_of(document: &Document, envelope: &Envelope, report: &Report) -> Vec<Case> {
    let lasts = document.workload.lasts.unwrap_or(Duration::from_secs(60));
    corners(envelope, &Room::of(document, lasts), report)
}

/// Each class alone at its highest, everything at its lowest.
fn loads_apart(envelope: &Envelope, usual: &Case) -> Vec<Case> {
    let alone = envelope.classes.iter().map(|(name, factors)| {
        let mut case = usual.clone();
        case.classes.insert(name.clone(), factors.to);
        case
    });
    let lowest = Case {
        all: envelope.all.map_or(Share::ONE, |all| all.from),
        classes: envelope.classes.iter().map(|(name, factors)| (name.clone(), factors.from)).collect(),
        faults: Vec::new(),
    };
    alone.chain([lowest]).collect()
}

/// Each trouble at a bad moment for as long as it may last; of every kind those at busy components
/// first, and the kinds by turns.
fn singles(envelope: &Envelope, room: &Room, report: &Report) -> Vec<Placed> {
    let mut number = 0;
    let mut columns: Vec<Vec<(f64, Placed)>> = Vec::new();
    for kind in &envelope.faults {
        let mut column = Vec::new();
        for trouble in &kind.options {
            column.push((busy(trouble, report), placed(number, trouble, envelope, room)));
            number += 1;
        }
        sorted::sort_by(&mut column, |a, b| b.0.total_cmp(&a.0));
        columns.push(column);
    }
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|row| columns.iter().filter_map(move |column| column.get(row).map(|(_, placed)| placed.clone()))).collect()
}

pub(super) fn placed(number: usize, trouble: &Trouble, envelope: &Envelope, room: &Room) -> Placed {
    let longest = room.longest(envelope);
    let at = room.moment(envelope, longest);
    Placed { trouble: number, whats: trouble.whats.clone(), at, lasts: trouble.lasts().then_some(longest) }
}

/// How much work goes through what is struck.
fn busy(trouble: &Trouble, report: &Report) -> f64 {
    let struck = |name: &String| trouble.whats.iter().any(|what| what.to_string().split([' ', '.']).any(|word| word == name));
    let of = |name: &String| report.measure(&format!("{name}.utilisation")).and_then(|measure| measure.value()).unwrap_or(0.01);
    report.components.keys().filter(|name| struck(name)).map(of).fold(0.0, f64::max)
}

/// Two and more at once, of those that came closest alone.
pub(super) fn several(envelope: &Envelope, room: &Room, tried: &[Tried]) -> Vec<Case> {
    let mut alone: Vec<&Tried> = tried.iter().filter(|tried| tried.case.faults.len() == 1).collect();
    sorted::sort_by(&mut alone, |a, b| a.slack.total_cmp(&b.slack));
    let mut best: Vec<&Placed> = Vec::new();
    for placed in alone.iter().map(|tried| &tried.case.faults[0]) {
        if !best.iter().any(|other| other.trouble == placed.trouble) {
            best.push(placed);
        }
    }
    best.truncate(8);
    let mut cases = Vec::new();
    for (first, one) in best.iter().enumerate() {
        for other in &best[first + 1..] {
            let faults = vec![(*one).clone(), (*other).clone()];
            cases.push(Case { faults: faults.clone(), ..usual(envelope) });
            cases.push(Case { faults, ..highest(envelope) });
        }
    }
    if envelope.at_once > 2 {
        let all: Vec<Placed> = envelope.troubles().enumerate().map(|(number, trouble)| placed(number, trouble, envelope, room)).collect();
        let many = best.iter().map(|placed| all[placed.trouble].clone()).take(envelope.at_once).collect();
        cases.push(Case { faults: many, ..highest(envelope) });
    }
    cases
}
