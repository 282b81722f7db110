//! What kind of number each measure of a report is, so that a requirement can be checked before
//! anything runs. The numbers themselves are made by `sim::Report::measure`; a test compares both.

use units::Dimension;

/// What a measure is, and with that how it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Time,
    Rate,
    /// A part of a whole: from 0 to 100 %.
    Share,
    /// A plain number, like a mean length.
    Number,
    /// How often something happened in a run.
    Count,
    /// The greatest of a run: what happened once is enough.
    LongestTime,
    GreatestCount,
    Recovery,
    /// Money per time.
    Spending,
    Money,
    /// The name of a component.
    Word,
}

impl Kind {
    pub(crate) fn dimension(self) -> Dimension {
        match self {
            Self::Time | Self::LongestTime | Self::Recovery => Dimension::TIME,
            Self::Rate => Dimension::RATE,
            Self::Spending => Dimension::SPENDING,
            Self::Money => Dimension::MONEY,
            Self::Share | Self::Number | Self::Count | Self::GreatestCount | Self::Word => Dimension::NONE,
        }
    }

    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Share => "a share",
            Self::Count | Self::GreatestCount => "a count",
            Self::Word => "a name",
            other => other.dimension().noun(),
        }
    }

    /// A bound as one would write it.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Time | Self::LongestTime => "100 ms",
            Self::Recovery => "30 s",
            Self::Rate => "500/s",
            Self::Share => "99.9 %",
            Self::Number => "2.5",
            Self::Count | Self::GreatestCount => "10",
            Self::Spending => "400 USD/month",
            Self::Money => "0.05 USD",
            Self::Word => "db",
        }
    }

    pub(crate) fn is_count(self) -> bool {
        matches!(self, Self::Count | Self::GreatestCount)
    }

    pub(crate) fn is_greatest(self) -> bool {
        matches!(self, Self::LongestTime | Self::GreatestCount)
    }
}

use Kind::{Count, GreatestCount, LongestTime, Money, Number, Rate, Recovery, Share, Spending, Time, Word};

pub(crate) const WHOLE: &[(&str, Kind)] =
    &[("cost", Spending), ("cost per 1000", Money), ("recovery", Recovery), ("first saturated", Word), ("bottleneck", Word)];

pub(crate) const CLASS: &[(&str, Kind)] = &[
    ("mean", Time),
    ("p50", Time),
    ("p90", Time),
    ("p95", Time),
    ("p99", Time),
    ("p999", Time),
    ("max", LongestTime),
    ("sd", Time),
    ("network", Time),
    ("recovery", Recovery),
    ("throughput", Rate),
    ("goodput", Rate),
    ("offered", Rate),
    ("errors", Share),
    ("good", Share),
    ("stale", Share),
    ("attempts", Number),
    ("inside", Number),
    ("inside sd", Number),
    ("arrivals dispersion", Number),
    ("sent", Count),
    ("answered", Count),
    ("failed", Count),
    ("unfinished", Count),
];

pub(crate) const COMPONENT: &[(&str, Kind)] = &[
    ("utilisation", Share),
    ("queue", Number),
    ("max queue", GreatestCount),
    ("wait", Time),
    ("waited", Share),
    ("wait sd", Time),
    ("service", Time),
    ("time", Time),
    ("inside", Number),
    ("rate", Rate),
    ("visit rate", Rate),
    ("visits", Count),
    ("rejected", Count),
    ("refused", Share),
    ("dropped", Count),
    ("left", Share),
    ("hits", Share),
    ("resident", Number),
    ("stale", Share),
    ("behind", Number),
    ("lost writes", Count),
    ("duplicates", Count),
    ("replicas", Number),
    ("max share", Share),
    ("min share", Share),
];

/// Only of a queue and a log.
pub(crate) const MESSAGES: &[(&str, Kind)] = &[
    ("produced", Count),
    ("deliveries", Count),
    ("redelivered", Count),
    ("consumed", Count),
    ("dead", Count),
    ("lost", Count),
    ("backlog", Number),
    ("max backlog", GreatestCount),
    ("oldest", LongestTime),
];

pub(crate) const LINK: &[(&str, Kind)] = &[("calls", Count), ("retries", Count), ("hedges", Count), ("lost", Count)];

const POINT_OF_CLASS: &[(&str, Kind)] = &[
    ("goodput", Rate),
    ("throughput", Rate),
    ("offered", Rate),
    ("failed", Rate),
    ("inside", Number),
    ("p50", Time),
    ("p99", Time),
    ("mean", Time),
];

const POINT_OF_COMPONENT: &[(&str, Kind)] =
    &[("inside", Number), ("busy", Number), ("queue", Number), ("rate", Rate), ("backlog", Number), ("oldest", Time), ("replicas", Number)];

pub(crate) fn of_whole(what: &str) -> Option<Kind> {
    find(WHOLE, what)
}

pub(crate) fn of_class(what: &str) -> Option<Kind> {
    let by_rule = || {
        if let Some(time) = what.strip_prefix("within ") {
            return time.parse::<units::Duration>().is_ok().then_some(Share);
        }
        if what.strip_prefix("failed.").is_some_and(|cause| !cause.is_empty()) {
            return Some(Share);
        }
        if let Some(versions) = what.strip_prefix("stale.") {
            return versions.parse::<u8>().is_ok_and(|versions| versions > 0).then_some(Share);
        }
        if what.strip_prefix("inside ").is_some_and(is_percentile) {
            return Some(Number);
        }
        is_percentile(what).then_some(Time)
    };
    find(CLASS, what).or_else(by_rule)
}

pub(crate) fn of_component(what: &str, kind: &str) -> Option<Kind> {
    let by_rule = || {
        if what.strip_prefix("wait ").is_some_and(is_percentile) {
            return Some(Time);
        }
        let number = what.strip_prefix("at least ").or_else(|| what.strip_prefix("share of "))?;
        number.parse::<u16>().is_ok().then_some(Share)
    };
    let of_messages = || if has_messages(kind) { find(MESSAGES, what) } else { None };
    find(COMPONENT, what).or_else(of_messages).or_else(by_rule)
}

pub(crate) fn has_messages(kind: &str) -> bool {
    matches!(kind, "queue" | "log")
}

pub(crate) fn of_link(what: &str) -> Option<Kind> {
    find(LINK, what)
}

pub(crate) fn of_point(what: &str, is_class: bool) -> Option<Kind> {
    find(if is_class { POINT_OF_CLASS } else { POINT_OF_COMPONENT }, what)
}

fn find(list: &[(&str, Kind)], what: &str) -> Option<Kind> {
    list.iter().find(|(name, _)| *name == what).map(|(_, kind)| *kind)
}

/// "p99", "p99.9", "p999"; as `sim` reads them.
fn is_percentile(name: &str) -> bool {
    let Some(digits) = name.strip_prefix('p') else { return false };
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number && digits.len() <= 9 && units::float(digits).is_some_and(|number| number > 0.0) && (digits.find('.') != Some(3))
}
