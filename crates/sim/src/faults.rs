//! Faults: when each begins and ends, and what it touches. What it does is in `run::fault`.

use design::{Distribution, Document, Problem, Severity, Target, What};

use crate::random::{Stream, Ziggurat};
use crate::sample::Sampler;
use crate::table::Table;
use crate::time::Ns;

/// The faults of a run, with what has happened to them so far.
pub(crate) struct Faults {
    pub(crate) list: Vec<Fault>,
}

pub(crate) struct Fault {
    pub(crate) what: What,
    /// What it touches, found once.
    pub(crate) effect: Effect,
    pub(crate) at: Ns,
    lasts: Option<Sampler>,
    every: Option<Sampler>,
    stream: Stream,
    on: bool,
    /// When it began and ended, each time [ns]; an end is missing while it goes on.
    pub(crate) times: Vec<(Ns, Option<Ns>)>,
}

/// More of a repeated fault's times than this are not kept.
const KEPT: usize = 1_000;

#[derive(Debug, Clone)]
pub(crate) enum Effect {
    Down(Vec<u32>),
    Freeze(Vec<u32>),
    Slow(Vec<u32>, f64),
    SlowAll(u32, f64),
    /// Edges, and which ways are cut.
    Cut(Vec<(u32, bool, bool)>),
    Loss(Vec<u32>, u64),
    Flush(u32),
    Hot(u32, u64),
    Errors(u32, u64),
    Quota(u32, u64),
    Skew(u32, u32, i64),
    Load(Vec<u32>, f64),
    Rebalance(u32),
}

impl Faults {
    pub(crate) fn new(document: &Document, seed: u64, table: &Table) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut list = Vec::new();
        for (number, fault) in document.faults.iter().enumerate() {
            let sampler = |distribution: &Option<Distribution>| distribution.as_ref().map(Sampler::new).transpose();
            match (effect(&fault.what, table), sampler(&fault.lasts), sampler(&fault.every)) {
                (Ok(effect), Ok(lasts), Ok(every)) => list.push(Fault {
                    what: fault.what.clone(),
                    effect,
                    at: fault.at.base(),
                    lasts,
                    every,
                    stream: Stream::new(seed, &named(document, number), "fault"),
                    on: false,
                    times: Vec::new(),
                }),
                (Err(message), ..) | (_, Err(message), _) | (.., Err(message)) => problems.push(Problem {
                    severity: Severity::Error,
                    path: format!("faults.{number}"),
                    line: None,
                    column: None,
                    message,
                    suggestion: Some("Name a part of the design.".into()),
                }),
            }
        }
        if problems.is_empty() { Ok(Self { list }) } else { Err(problems) }
    }
}

impl Faults {
    /// What the faults that go on now say, of one kind and at one place.
    pub(crate) fn now<T>(&self, same: impl Fn(&Effect) -> Option<T>) -> impl Iterator<Item = T> {
        self.list.iter().filter(|fault| fault.on).filter_map(move |fault| same(&fault.effect))
    }

    /// Of several that overlap the worst is felt.
    pub(crate) fn worst(&self, same: impl Fn(&Effect) -> Option<u64>) -> u64 {
        self.now(same).max().unwrap_or(0)
    }
}

impl Fault {
    pub(crate) fn begins(&mut self, now: Ns) {
        self.on = true;
        if self.times.len() < KEPT {
            self.times.push((now, None));
        }
    }

    pub(crate) fn ended(&mut self, now: Ns) {
        self.on = false;
        if let Some((_, end)) = self.times.last_mut() {
            end.get_or_insert(now);
        }
    }

    /// How long it lasts this time [ns]; none if it never ends. A flush is over at once.
    pub(crate) fn lasts(&mut self, ziggurat: &Ziggurat) -> Option<Ns> {
        match &self.lasts {
            Some(lasts) => Some(lasts.draw(&mut self.stream, ziggurat)),
            None => matches!(self.effect, Effect::Flush(_)).then_some(0),
        }
    }

    /// How long until it comes again [ns].
    pub(crate) fn again(&mut self, ziggurat: &Ziggurat) -> Option<Ns> {
        self.every.as_ref().map(|every| every.draw(&mut self.stream, ziggurat).max(1))
    }

    /// When it comes first: a repeated one after its first pause, unless a time is set.
    pub(crate) fn first(&mut self, ziggurat: &Ziggurat) -> Ns {
        match self.every.as_ref().filter(|_| self.at == 0) {
            Some(every) => every.draw(&mut self.stream, ziggurat),
            None => self.at,
        }
    }
}

/// A name of its own for each of several faults that are alike.
fn named(document: &Document, number: usize) -> String {
    let what = &document.faults[number].what;
    match document.faults[..number].iter().filter(|fault| fault.what == *what).count() {
        0 => what.to_string(),
        before => format!("{what} {before}"),
    }
}

fn effect(what: &What, table: &Table) -> Result<Effect, String> {
    let number = |name: &str| {
        table
            .names
            .iter()
            .position(|known| known == name)
            .map(|number| number as u32)
            .ok_or_else(|| format!("There is no component “{name}”."))
    };
    let stations = |target: &Target| {
        let component = &table.components[number(&target.component)? as usize];
        let made =
            table.stations.iter().filter(|station| table.components[station.component as usize].first == component.first).count() as u32;
        match target.replica {
            None => Ok((component.first..component.first + made).collect()),
            Some(replica) if (1..=u64::from(made)).contains(&replica.base()) => Ok(vec![component.first + replica.base() as u32 - 1]),
            Some(replica) => Err(format!("“{}” has no replica {replica}.", target.component)),
        }
    };
    let factor = |share: units::Share| share.base() as f64 / 1e9;
    let where_they_stand = |stands: &dyn Fn(u16) -> bool| {
        (0..table.stations.len() as u32).filter(|&station| stands(table.stations[station as usize].place)).collect()
    };
    Ok(match what {
        What::Crash { target } => Effect::Down(stations(target)?),
        What::Down { component } => Effect::Down(stations(&Target { component: component.clone(), replica: None })?),
        What::Freeze { target } => Effect::Freeze(stations(target)?),
        What::Slow { target, factor: times } => Effect::Slow(stations(target)?, factor(*times)),
        What::DeploySlow { component, factor: times } => Effect::SlowAll(number(component)?, factor(*times)),
        What::DeployErrors { component, share } => Effect::Errors(number(component)?, share.base()),
        What::Cut { from, to, both } => Effect::Cut(cuts(table, number(from)?, number(to)?, *both)?),
        What::Loss { from, to, share } => {
            let edges: Vec<u32> = cuts(table, number(from)?, number(to)?, true)?.into_iter().map(|(edge, ..)| edge).collect();
            Effect::Loss(edges, share.base())
        }
        What::LoseZone { zone } => Effect::Down(where_they_stand(&|place| table.distances.zone(place) == zone)),
        What::LoseRegion { region } => Effect::Down(where_they_stand(&|place| table.distances.region(place) == region)),
        What::Flush { component } => Effect::Flush(number(component)?),
        What::Hot { class, share } => {
            let class = table.classes.iter().position(|load| load.name == *class).ok_or_else(|| format!("There is no class “{class}”."))?;
            Effect::Hot(class as u32, share.base())
        }
        What::Quota { component, rate } => Effect::Quota(number(component)?, rate.base()),
        What::Skew { target, ahead, by } => {
            let by = i64::try_from(by.base()).unwrap_or(i64::MAX);
            Effect::Skew(
                number(&target.component)?,
                target.replica.map_or(0, |replica| replica.base() as u32),
                if *ahead { by } else { -by },
            )
        }
        What::Load { class, factor: times } => Effect::Load(taps(table, class.as_deref())?, factor(*times)),
        What::Rebalance { component } => Effect::Rebalance(number(component)?),
    })
}

/// The arrows between two components, and which of their ways are meant.
fn cuts(table: &Table, from: u32, to: u32, both: bool) -> Result<Vec<(u32, bool, bool)>, String> {
    let edges: Vec<_> = table
        .programs
        .edges
        .iter()
        .filter_map(|(&ends, &edge)| match ends {
            ends if ends == (from, to) => Some((edge, true, both)),
            ends if ends == (to, from) => Some((edge, both, true)),
            _ => None,
        })
        .collect();
    if edges.is_empty() {
        return Err(format!("No call goes between “{}” and “{}”.", table.names[from as usize], table.names[to as usize]));
    }
    Ok(edges)
}

fn taps(table: &Table, class: Option<&str>) -> Result<Vec<u32>, String> {
    let of = |tap: &crate::table::Tap| match class {
        None => true,
        Some(class) => tap.classes.iter().any(|(number, _)| table.classes[*number as usize].name == class),
    };
    let taps: Vec<u32> = table.taps.iter().zip(0..).filter(|(tap, _)| of(tap)).map(|(_, number)| number).collect();
    if taps.is_empty() {
        return Err("This load is that of a closed loop, which only its users make.".into());
    }
    Ok(taps)
}
