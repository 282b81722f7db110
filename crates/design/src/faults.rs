//! What can go wrong in a design, as notation: "crash web.2", "cut web -> db". Whether the names
//! exist is in `check`; doing it is the business of `sim`.

use std::fmt;
use std::str::FromStr;

use units::{Count, Duration, Rate, Share, UnitProblem};

use crate::nearest::did_you_mean;
use crate::notation::{RATE_MAX, Read, YEAR, above_one, incomplete, is_name, plain, shown};
use crate::pattern::Piece::{Part as P, Text as T};
use crate::pattern::{Notation, Part, Parts, Pattern, Piece, Slot};
use crate::setting::Form;

const FACTOR_MAX: Share = Share(1_000 * Share::ONE.0);

/// A component, or one replica of it: "web", "web.2".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub component: String,
    /// From 1.
    pub replica: Option<Count>,
}

/// What goes wrong while a fault lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// "crash web.2": the work there is lost, and calls are refused
    Crash { target: Target },
    /// "freeze web": nothing proceeds, and then it goes on where it was
    Freeze { target: Target },
    /// "slow web x10"
    Slow { target: Target, factor: Share },
    /// "cut web -> db" one way, "cut web -- db" both: messages vanish
    Cut { from: String, to: String, both: bool },
    /// "loss web -> db 5 %", in both directions
    Loss { from: String, to: String, share: Share },
    /// "lose zone us-east-a": all replicas there are crashed
    LoseZone { zone: String },
    /// "lose region us-east"
    LoseRegion { region: String },
    /// "flush cache": all that it remembers is gone
    Flush { component: String },
    /// "hot buy 30 %": so much of what the class asks for is one key
    Hot { class: String, share: Share },
    /// "deploy web errors 20 %": a bad version on all replicas fails so many calls
    DeployErrors { component: String, share: Share },
    /// "deploy web slow x3"
    DeploySlow { component: String, factor: Share },
    /// "down pay": all replicas refuse
    Down { component: String },
    /// "quota pay 10/s": what is above it is refused
    Quota { component: String, rate: Rate },
    /// "skew db.2 500 ms" (its clock is ahead), "skew db.2 -500 ms" (behind)
    Skew { target: Target, ahead: bool, by: Duration },
    /// "load x2", "load buy x2"
    Load { class: Option<String>, factor: Share },
    /// "rebalance clicks": nothing is served meanwhile
    Rebalance { component: String },
}

impl FromStr for Target {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let (component, replica) = match text.split_once('.') {
            Some((component, replica)) => (component, Some(Count::parse(replica)?)),
            None => (text, None),
        };
        if !is_name(component) || replica == Some(Count(0)) {
            return Err(UnitProblem::new(format!("“{}” is not a component or one of its replicas.", shown(text)))
                .suggest("Write it as in “web”, or “web.1” for the first replica."));
        }
        Ok(Self { component: component.to_owned(), replica })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.component)?;
        self.replica.map_or(Ok(()), |replica| write!(f, ".{replica}"))
    }
}

const fn fault(name: &'static str, pieces: &'static [Piece], example: &'static str) -> Pattern {
    Pattern { name, pieces, example }
}

impl Notation for What {
    const TAG: &'static str = "fault";
    const PATTERNS: &'static [Pattern] = &[
        fault("crash", &[T("crash "), P("target", Slot::Target)], "crash web.2"),
        fault("freeze", &[T("freeze "), P("target", Slot::Target)], "freeze web"),
        fault("slow", &[T("slow "), P("target", Slot::Target), T(" x"), P("factor", Slot::Factor)], "slow web x10"),
        fault("cut", &[T("cut "), P("from", Slot::Name), T(" -> "), P("to", Slot::Name)], "cut web -> db"),
        fault("cut both", &[T("cut "), P("from", Slot::Name), T(" -- "), P("to", Slot::Name)], "cut web -- db"),
        fault(
            "loss",
            &[T("loss "), P("from", Slot::Name), T(" -> "), P("to", Slot::Name), T(" "), P("share", Slot::Share)],
            "loss web -> db 5 %",
        ),
        fault("lose zone", &[T("lose zone "), P("zone", Slot::Place)], "lose zone us-east-a"),
        fault("lose region", &[T("lose region "), P("region", Slot::Place)], "lose region us-east"),
        fault("flush", &[T("flush "), P("component", Slot::Name)], "flush cache"),
        fault("hot", &[T("hot "), P("class", Slot::Name), T(" "), P("share", Slot::Share)], "hot buy 30 %"),
        fault(
            "deploy errors",
            &[T("deploy "), P("component", Slot::Name), T(" errors "), P("share", Slot::Share)],
            "deploy web errors 20 %",
        ),
        fault("deploy slow", &[T("deploy "), P("component", Slot::Name), T(" slow x"), P("factor", Slot::Factor)], "deploy web slow x3"),
        fault("down", &[T("down "), P("component", Slot::Name)], "down pay"),
        fault("quota", &[T("quota "), P("component", Slot::Name), T(" "), P("rate", Slot::Rate)], "quota pay 10/s"),
        fault("skew ahead", &[T("skew "), P("target", Slot::Target), T(" "), P("by", Slot::Time)], "skew db.2 500 ms"),
        fault("skew behind", &[T("skew "), P("target", Slot::Target), T(" -"), P("by", Slot::Time)], "skew db.2 -500 ms"),
        fault("load", &[T("load "), T("x"), P("factor", Slot::Factor)], "load x2"),
        fault("load", &[T("load "), P("class", Slot::Name), T(" x"), P("factor", Slot::Factor)], "load buy x2"),
        fault("rebalance", &[T("rebalance "), P("component", Slot::Name)], "rebalance clicks"),
    ];

    fn parts(&self) -> Parts {
        let name = |name: &str| Part::Name(name.to_owned());
        let at = |target: &Target| Part::Target(target.clone());
        match self {
            Self::Crash { target } => ("crash", vec![at(target)]),
            Self::Freeze { target } => ("freeze", vec![at(target)]),
            Self::Slow { target, factor } => ("slow", vec![at(target), Part::Factor(*factor)]),
            Self::Cut { from, to, both } => (if *both { "cut both" } else { "cut" }, vec![name(from), name(to)]),
            Self::Loss { from, to, share } => ("loss", vec![name(from), name(to), Part::Share(*share)]),
            Self::LoseZone { zone } => ("lose zone", vec![name(zone)]),
            Self::LoseRegion { region } => ("lose region", vec![name(region)]),
            Self::Flush { component } => ("flush", vec![name(component)]),
            Self::Hot { class, share } => ("hot", vec![name(class), Part::Share(*share)]),
            Self::DeployErrors { component, share } => ("deploy errors", vec![name(component), Part::Share(*share)]),
            Self::DeploySlow { component, factor } => ("deploy slow", vec![name(component), Part::Factor(*factor)]),
            Self::Down { component } => ("down", vec![name(component)]),
            Self::Quota { component, rate } => ("quota", vec![name(component), Part::Rate(*rate)]),
            Self::Skew { target, ahead, by } => (if *ahead { "skew ahead" } else { "skew behind" }, vec![at(target), Part::Time(*by)]),
            Self::Load { class, factor } => ("load", class.as_deref().map(name).into_iter().chain([Part::Factor(*factor)]).collect()),
            Self::Rebalance { component } => ("rebalance", vec![name(component)]),
        }
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        use Part::{Factor, Name, Target};
        Some(match (name, parts) {
            ("crash", [Target(target)]) => Self::Crash { target: target.clone() },
            ("freeze", [Target(target)]) => Self::Freeze { target: target.clone() },
            ("slow", [Target(target), Factor(factor)]) => Self::Slow { target: target.clone(), factor: *factor },
            ("cut" | "cut both", [Name(from), Name(to)]) => Self::Cut { from: from.clone(), to: to.clone(), both: name == "cut both" },
            ("loss", [Name(from), Name(to), Part::Share(share)]) => Self::Loss { from: from.clone(), to: to.clone(), share: *share },
            ("lose zone", [Name(zone)]) => Self::LoseZone { zone: zone.clone() },
            ("lose region", [Name(region)]) => Self::LoseRegion { region: region.clone() },
            ("flush", [Name(component)]) => Self::Flush { component: component.clone() },
            ("hot", [Name(class), Part::Share(share)]) => Self::Hot { class: class.clone(), share: *share },
            ("deploy errors", [Name(component), Part::Share(share)]) => Self::DeployErrors { component: component.clone(), share: *share },
            ("deploy slow", [Name(component), Factor(factor)]) => Self::DeploySlow { component: component.clone(), factor: *factor },
            ("down", [Name(component)]) => Self::Down { component: component.clone() },
            ("quota", [Name(component), Part::Rate(rate)]) => Self::Quota { component: component.clone(), rate: *rate },
            ("skew ahead" | "skew behind", [Target(target), Part::Time(by)]) => {
                Self::Skew { target: target.clone(), ahead: name == "skew ahead", by: *by }
            }
            ("load", [Factor(factor)]) => Self::Load { class: None, factor: *factor },
            ("load", [Name(class), Factor(factor)]) => Self::Load { class: Some(class.clone()), factor: *factor },
            ("rebalance", [Name(component)]) => Self::Rebalance { component: component.clone() },
            _ => return None,
        })
    }

    fn checked(self) -> Read<Self> {
        match &self {
            Self::Slow { factor, .. } | Self::DeploySlow { factor, .. } if *factor < Share::ONE || *factor > FACTOR_MAX => {
                Err(UnitProblem::new(format!("x{} is out of range.", plain(*factor))).suggest("Write x1 to x1000."))
            }
            Self::Load { factor, .. } if *factor > FACTOR_MAX => {
                Err(UnitProblem::new(format!("x{} is out of range.", plain(*factor))).suggest("Write x0 to x1000."))
            }
            Self::Loss { share, .. } | Self::Hot { share, .. } | Self::DeployErrors { share, .. } if *share > Share::ONE => {
                Err(above_one(*share))
            }
            Self::Quota { rate, .. } if *rate > RATE_MAX => {
                Err(UnitProblem::new(format!("{rate} is more than {RATE_MAX}, the most that is accepted."))
                    .suggest("Check the power of ten."))
            }
            Self::Skew { by, .. } if *by > YEAR => Err(UnitProblem::new(format!("{by} is longer than a year.")).suggest("Check the unit.")),
            Self::Cut { from, to, .. } | Self::Loss { from, to, .. } if from == to => {
                Err(UnitProblem::new(format!("“{self}” leads back to where it began.")).suggest("Name two components."))
            }
            _ => Ok(self),
        }
    }
}

impl FromStr for What {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        <Self as Notation>::read(text, |text| {
            let head = text.split_whitespace().next().unwrap_or("");
            let first = |pattern: &'static Pattern| pattern.example.split(' ').next().unwrap_or("");
            if let Some(pattern) = Self::PATTERNS.iter().find(|pattern| first(pattern) == head) {
                return incomplete(text, pattern.example);
            }
            let heads = Self::PATTERNS.iter().map(first);
            let suggestion = did_you_mean(head, heads).unwrap_or_else(|| {
                "Write it as in “crash web.2”, “slow web x10”, “cut web -> db”, “lose zone us-east-a” or “flush cache”.".into()
            });
            UnitProblem::new(format!("“{}” is not a fault known here.", shown(text))).suggest(suggestion)
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Form::Short))
    }
}
