//! The words of links, data and classes, and those that most components share.

use units::{Bytes, Duration, Share};

use super::Runs::{Kept, NotYet, Now};
use super::{Runs, Takes, Word};

pub(super) const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);
const PIB: Bytes = Bytes(1 << 50);
const WHOLE: Share = Share::ONE;

pub(super) const fn word(key: &'static str, takes: Takes, default: Option<&'static str>, runs: Runs, doc: &'static str) -> Word {
    Word { key, synonym: None, takes, default, runs, doc }
}

pub(super) const fn count(min: u64, max: u64) -> Takes {
    Takes::Count { min, max }
}

pub(super) const fn or_unlimited(min: u64, max: u64) -> Takes {
    Takes::CountOrUnlimited { min, max }
}

pub(super) const fn time_up_to(max: Duration) -> Takes {
    Takes::Duration { min: Duration::ZERO, max }
}

pub(super) const fn time_above_zero(max: Duration) -> Takes {
    Takes::Duration { min: Duration(1), max }
}

pub(super) const SHARE: Takes = Takes::Share { max: WHOLE };
pub(super) const DATA_SIZE: Takes = Takes::Bytes { max: PIB };

/// Where it stands and how large it is bought.
pub(super) const PLACE: &[Word] = &[
    word("replicas", count(1, 10_000), Some("1"), Now, "How many of it there are, each with its own queue and workers."),
    word("zones", Takes::Names, None, Kept, "The zones that its replicas are spread over."),
    word("region", Takes::Name, None, Kept, "The region that it stands in."),
    word("size", Takes::Name, None, Now, "The name of one replica in the price list; it changes what a run costs, not how it goes."),
];

/// A queue and some workers; the workers and the time differ by kind.
pub(super) const STATION: &[Word] = &[
    word("queue", or_unlimited(0, 1_000_000_000), Some("unlimited"), Now, "How many requests may wait per replica; one more is rejected."),
    word("order", Takes::Word(&["fifo", "lifo", "priority", "random"]), Some("fifo"), NotYet, "Who is served next."),
    word("holds", Takes::Flag, Some("true"), Now, "Whether a worker stays taken while it waits for the calls it made."),
];

pub(super) const fn workers(default: &'static str) -> Word {
    word("workers", or_unlimited(1, 1_000_000), Some(default), Now, "How many requests one replica serves at the same time.")
}

pub(super) const fn pool(default: &'static str) -> Word {
    Word { synonym: Some("pool"), ..workers(default) }
}

pub(super) const fn time(default: &'static str) -> Word {
    word("time", Takes::Distribution, Some(default), Now, "How long a worker needs for one request, calls not counted.")
}

const RETRY: &[Word] = &[
    word("attempts", count(1, 100), Some("1"), NotYet, "How often it is tried in all."),
    word("backoff", Takes::Text, None, NotYet, "How long to wait between attempts: \"full jitter 20 ms..1 s\"."),
    word("budget", SHARE, None, NotYet, "Retries as a share of first attempts, above which none is made."),
];

/// The words of a link: its network and the caller's policy.
pub const LINK: &[Word] = &[
    word("rtt", time_up_to(MINUTE), Some("0 s"), Now, "The round trip on the network; half of it each way."),
    word("jitter", time_up_to(MINUTE), Some("0 s"), Now, "The mean of an exponential delay added each way."),
    word("reuse", SHARE, Some("100 %"), Now, "The share of requests that find an open connection."),
    word(
        "tls",
        Takes::Word(&["none", "1.2", "1.3"]),
        Some("none"),
        Now,
        "Set up with a new connection: one round trip for 1.3, two for 1.2, after one for TCP.",
    ),
    word("dns", time_up_to(MINUTE), Some("0 s"), Now, "The name lookup before a new connection."),
    word(
        "bandwidth",
        Takes::Bandwidth,
        Some("unlimited"),
        Now,
        "How fast `request` and `response` of the class travel; requests do not share it.",
    ),
    word("loss", SHARE, Some("0 %"), NotYet, "The share of messages that are lost."),
    word("timeout", time_above_zero(DAY), None, NotYet, "When the caller stops waiting."),
    word("retry", Takes::Table(RETRY), None, NotYet, "What the caller does after a failure."),
    word("breaker", Takes::Text, None, NotYet, "When the caller stops trying for a while."),
    word("hedge", time_above_zero(DAY), None, NotYet, "When the caller sends a second request beside the first."),
];

/// The words of a kind of record.
pub const DATA: &[Word] = &[
    word("key", Takes::Name, None, Kept, "The name of what finds a row."),
    word("rows", count(0, 1_000_000_000_000_000), None, Kept, "How many there are."),
    word("row", DATA_SIZE, None, Kept, "The size of one."),
    word("home", Takes::Component, None, Kept, "The component whose copy counts."),
];

/// The words of a class beside `from` and `arrivals`.
pub const CLASS: &[Word] = &[
    word("keys", Takes::Text, None, Kept, "Which keys are asked for: \"zipf 1.0; hot 30 %\", \"fresh\"."),
    word("operation", Takes::Name, None, Kept, "What the request asks for, where no call plan says it."),
    word("priority", count(0, 100), None, Kept, "Who goes first; 0 is the most urgent."),
    word("request", DATA_SIZE, Some("0 B"), Now, "The size of a request on every link."),
    word("response", DATA_SIZE, Some("0 B"), Now, "The size of an answer on every link."),
];
