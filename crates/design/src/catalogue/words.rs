//! The words of links, data and classes, and those that most components share.

use units::{Bytes, Duration, Rate, Share};

use super::Runs::{Kept, Now};
use super::{Runs, Takes, Word};

pub(super) const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);
const PIB: Bytes = Bytes(1 << 50);
const WHOLE: Share = Share::ONE;

pub(super) const fn word(key: &'static str, takes: Takes, default: Option<&'static str>, runs: Runs, doc: &'static str) -> Word {
    Word { key, synonym: None, takes, default, unless: &[], runs, doc: if cfg!(feature = "docs") { doc } else { "" } }
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

pub(super) const fn share_up_to(times: u64) -> Takes {
    Takes::Share { max: Share(times * WHOLE.0) }
}

pub(super) const RATE: Takes = Takes::Rate { max: Rate::per_second(1_000_000_000) };
pub(super) const SHARE: Takes = Takes::Share { max: WHOLE };
pub(super) const DATA_SIZE: Takes = Takes::Bytes { max: PIB };

/// Where it stands and how large it is bought.
pub(super) const PLACE: &[Word] = &[
    word("replicas", count(1, 10_000), Some("1"), Now, "How many of it there are, each with its own queue and workers."),
    word("zones", Takes::Names, None, Now, "The zones that its replicas are spread over, in turn."),
    word("region", Takes::Name, None, Now, "The region that it stands in."),
    word("size", Takes::Name, None, Now, "The name of one replica in the price list; it changes what a run costs, not how it goes."),
];

/// A queue and some workers; the workers and the time differ by kind.
pub(super) const STATION: &[Word] = &[
    word("queue", or_unlimited(0, 1_000_000_000), Some("unlimited"), Now, "How many requests may wait per replica; one more is rejected."),
    word(
        "order",
        Takes::Word(&["fifo", "lifo", "priority", "random", "shared", "adaptive lifo"]),
        Some("fifo"),
        Now,
        "Who is served next; shared: all at once, each more slowly; adaptive lifo: the last first while the queue does not empty.",
    ),
    word("holds", Takes::Flag, Some("true"), Now, "Whether a worker stays taken while it waits for the calls it made."),
    word("patience", Takes::Distribution, None, Now, "How long a request waits in the queue before it leaves."),
    word("shed", Takes::Shed, None, Now, "Which waiting requests are turned away: \"late\", \"codel 5 ms 100 ms\"."),
    word("failures", SHARE, Some("0 %"), Now, "The share of requests that fail after they were served."),
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

pub(super) const SHARDS: Word = word("shards", count(1, 100_000), Some("1"), Now, "Over how many parts the keys are spread.");

const RETRY: &[Word] = &[
    word("attempts", count(1, 100), Some("1"), Now, "How often it is tried in all."),
    word("backoff", Takes::Backoff, None, Now, "How long to wait between attempts: \"full jitter 20 ms..1 s\"."),
    word("budget", SHARE, None, Now, "Retries as a share of first attempts, above which none is made."),
];

const BREAKER: &[Word] = &[
    word("errors", SHARE, Some("50 %"), Now, "The share of failures from which it opens."),
    word("calls", count(1, 1_000_000), Some("20"), Now, "How many calls it must have seen before it does."),
    word("window", time_above_zero(DAY), Some("10 s"), Now, "How far back it looks."),
    word("open", time_above_zero(DAY), Some("5 s"), Now, "How long no call is made before one is tried."),
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
    word("window", DATA_SIZE, None, Now, "How much may be under way before it is acknowledged; it bounds a body to this per round trip."),
    word("slow_start", Takes::Flag, Some("false"), Now, "Whether a new connection begins with ten packets and doubles per round trip."),
    word("packet_loss", SHARE, Some("0 %"), Now, "The share of packets that TCP sends again, which bounds how fast a body travels."),
    word("loss", SHARE, Some("0 %"), Now, "The share of messages that are lost for good."),
    word("timeout", time_above_zero(DAY), None, Now, "When the caller stops waiting."),
    word("cancel", Takes::Flag, Some("false"), Now, "Whether the callee is told when the caller gives up; else it goes on for nobody."),
    word("retry", Takes::Table(RETRY), None, Now, "What the caller does after a failure."),
    word("hedge", time_above_zero(DAY), None, Now, "When the caller sends a second request beside the first."),
    word("hedges", count(1, 10), Some("1"), Now, "How many such requests it sends at most."),
    word(
        "tied",
        time_up_to(DAY),
        None,
        Now,
        "When the caller sends the same request to a second replica; whichever begins first calls the other off, if that still waits.",
    ),
    word("bulkhead", count(1, 1_000_000), None, Now, "How many calls one caller may have open here; one more is refused at once."),
    word("breaker", Takes::Table(BREAKER), None, Now, "When the caller stops trying for a while."),
    word("throttle", share_up_to(100), None, Now, "K: the caller refuses by itself what exceeds K times what was accepted of late."),
];

/// Shown beside results whose design has this word on a link or in a plan: what the model leaves out.
pub const WORD_IGNORES: &[(&str, &[&str])] = &[
    (
        "outbox",
        &[
            "A relay that stops with its database: after a crash, real messages come later than here.",
            "The order of commits, and writes that a failover loses: messages are sent beside each other here, and those of lost writes too.",
        ],
    ),
    (
        "transaction",
        &[
            "Locks on pages and indexes: a real serializable database also aborts transactions that touched neighbouring rows.",
            "What BEGIN and COMMIT send: each takes a round trip of its own in many drivers, and none here.",
        ],
    ),
    (
        "tied",
        &[
            "A message that is late or lost when it calls the other copy off, which takes one way of the link here: real ones serve both more often.",
        ],
    ),
];

/// The words of a kind of record.
pub const DATA: &[Word] = &[
    word("key", Takes::Name, None, Kept, "The name of what finds a row."),
    word("rows", count(0, 1_000_000_000_000_000), None, Now, "How many there are."),
    word("row", DATA_SIZE, None, Now, "The size of one."),
    word(
        "value",
        count(0, 1_000_000_000_000_000),
        None,
        Now,
        "The number that each row begins with, such as what is in stock; `take` lowers it by one.",
    ),
    word("spread", share_up_to(1_000), Some("0 %"), Now, "How much the sizes differ: their variance divided by the square of their mean."),
    word("home", Takes::Component, None, Now, "The component whose copy counts."),
];

/// The words of a class beside `from`, `arrivals` and `share`.
pub const CLASS: &[Word] = &[
    word("keys", Takes::Keys, None, Now, "Which keys are asked for: \"zipf 0.99 of 10000; hot 30 %\", \"fresh\"."),
    word("operation", Takes::Name, None, Now, "What the request asks for, where no call plan says it."),
    word("priority", count(0, 100), None, Now, "Who goes first; 0 is the most urgent."),
    word("deadline", time_above_zero(DAY), None, Now, "An answer that comes later is of no use."),
    word("sessions", count(1, 1_000_000_000), None, Now, "How many sessions share its open requests; in a closed loop each user is one."),
    word("request", DATA_SIZE, Some("0 B"), Now, "The size of a request on every link."),
    word("response", DATA_SIZE, Some("0 B"), Now, "The size of an answer on every link."),
];
