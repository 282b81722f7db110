//! The kinds of component. Defaults are plain starting points, not claims about a product:
//! what a run should rest on, its author writes.

use units::{Duration, Rate};

use super::Runs::{Kept, NotYet, Now};
use super::words::{DATA_SIZE, DAY, PLACE, SHARE, STATION, count, pool, time, time_above_zero, time_up_to, word, workers};
use super::{Arrows, Kind, Takes, Word};

const LOOKS: &[Word] = &[
    word("region", Takes::Name, None, Kept, "The region that they are in."),
    word("zones", Takes::Names, None, Kept, "The zones that they are in."),
];

const BALANCER: &[Word] = &[
    word(
        "policy",
        Takes::Word(&["round robin", "random", "least connections", "two choices"]),
        Some("round robin"),
        Now,
        "Which replica gets the next request.",
    ),
    workers("unlimited"),
    time("0 s"),
];

const SERVICE: &[Word] = &[
    workers("1"),
    time("exp 5 ms"),
    word("autoscale", Takes::Table(AUTOSCALE), None, NotYet, "How the number of replicas follows the load."),
];

const AUTOSCALE: &[Word] = &[
    word("min", count(1, 10_000), Some("1"), NotYet, "The fewest replicas."),
    word("max", count(1, 10_000), Some("10"), NotYet, "The most replicas."),
    word("target", SHARE, Some("70 %"), NotYet, "The utilisation that it aims at."),
    word("delay", time_up_to(DAY), Some("1 min"), NotYet, "From the decision to the first request served."),
];

const CACHE: &[Word] = &[
    word("hits", SHARE, Some("90 %"), Now, "The assumed share of requests that find their answer here."),
    word("memory", DATA_SIZE, None, Kept, "How much it can hold."),
    word("evict", Takes::Word(&["lru", "lfu", "fifo", "random"]), None, Kept, "What goes when it is full."),
    word("ttl", time_above_zero(Duration::from_secs(31_536_000)), None, Kept, "How long an entry may be used."),
    workers("unlimited"),
    time("0.5 ms"),
];

const RELATIONAL: &[Word] = &[
    pool("20"),
    time("exp 5 ms"),
    word("followers", Takes::Table(FOLLOWERS), None, NotYet, "Copies that follow the leader and answer reads."),
    word("failover", time_up_to(DAY), None, NotYet, "From the loss of the leader to the next write."),
];

const FOLLOWERS: &[Word] = &[
    word("count", count(0, 100), Some("1"), NotYet, "How many there are."),
    word("lag", Takes::Distribution, Some("0 s"), NotYet, "How far behind they are."),
];

const KEYVALUE: &[Word] = &[
    workers("unlimited"),
    time("exp 2 ms"),
    word("shards", count(1, 100_000), Some("1"), NotYet, "Over how many parts the keys are spread."),
    word("copies", count(1, 100), Some("1"), NotYet, "N: how many nodes keep a key."),
    word("read", count(1, 100), Some("1"), NotYet, "R: how many of them a read waits for."),
    word("write", count(1, 100), Some("1"), NotYet, "W: how many of them a write waits for."),
];

const EXTERNAL: &[Word] =
    &[workers("unlimited"), time("exp 100 ms"), word("limit", RATE, None, NotYet, "The rate above which it refuses.")];

const RATE: Takes = Takes::Rate { max: Rate::per_second(1_000_000_000) };

const fn not_run(name: &'static str, doc: &'static str, arrows: Arrows, groups: &'static [&'static [Word]]) -> Kind {
    Kind { name, doc, runs: false, arrows, ignores: &[], groups }
}

/// Every kind, in the order in which a request usually meets them.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "clients",
        doc: "Whoever sends the requests: people, devices, other companies.",
        runs: true,
        arrows: Arrows::Call,
        ignores: &["Nobody gives up, reloads the page or comes back later: in real overload the load is higher than here."],
        groups: &[LOOKS],
    },
    not_run(
        "dns",
        "Turns a name into an address.",
        Arrows::Forward,
        &[PLACE, &[time("exp 20 ms"), word("ttl", time_up_to(DAY), Some("5 min"), NotYet, "How long an answer may be kept.")]],
    ),
    not_run(
        "cdn",
        "Copies close to the readers.",
        Arrows::Forward,
        &[PLACE, &[word("hits", SHARE, Some("90 %"), NotYet, "The share that it answers itself."), time("exp 10 ms")]],
    ),
    Kind {
        name: "balancer",
        doc: "Hands each request to one replica of the next component.",
        runs: true,
        arrows: Arrows::Forward,
        ignores: &[
            "It knows at once which replica is busy or gone: real balancers act on what they last heard, so uneven load is worse than here.",
            "Its own limits on connections and bandwidth: a real one saturates, this one does so only if given workers.",
        ],
        groups: &[PLACE, BALANCER, STATION],
    },
    not_run(
        "gateway",
        "The one door: checks, routes and counts requests.",
        Arrows::Forward,
        &[&[workers("unlimited"), time("1 ms")], STATION, PLACE],
    ),
    not_run(
        "limiter",
        "Refuses what comes too fast.",
        Arrows::Forward,
        &[
            &[
                word("rate", RATE, None, NotYet, "What is let through."),
                word("burst", count(1, 1_000_000_000), Some("1"), NotYet, "How many may come at once."),
            ],
            PLACE,
        ],
    ),
    Kind {
        name: "service",
        doc: "Our own code: some workers, a queue, and calls to others.",
        runs: true,
        arrows: Arrows::Call,
        ignores: &[
            "Memory, garbage collection and noisy neighbours: real slow requests are slower than here.",
            "Work that grows with the number of requests inside (locks, context switches): real capacity under overload is lower.",
            "Starting, deploying and crashing: real availability is lower.",
        ],
        groups: &[PLACE, SERVICE, STATION],
    },
    Kind {
        name: "cache",
        doc: "Answers from memory what was asked before.",
        runs: true,
        arrows: Arrows::Cache,
        ignores: &[
            "Which keys are asked for and what has been evicted: the share of hits is assumed, so a cold start and a hot key look better than they are.",
            "Stale answers: none is ever seen here.",
        ],
        groups: &[PLACE, CACHE, STATION],
    },
    Kind {
        name: "relational",
        doc: "Tables, transactions, and a pool of connections.",
        runs: true,
        arrows: Arrows::Store,
        ignores: &[
            "Locks and conflicts between transactions: under writes to the same rows, real waiting is longer.",
            "Disk, buffer cache and size of the data: the first query after a start and scans are slower in reality.",
            "Replication: every replica here is a whole database that takes reads and writes, so writes scale too well.",
        ],
        groups: &[PLACE, RELATIONAL, STATION],
    },
    Kind {
        name: "keyvalue",
        doc: "Finds a value by its key, spread over many nodes.",
        runs: true,
        arrows: Arrows::Store,
        ignores: &[
            "Shards, copies and quorums: a hot key is spread over all replicas here, so real hot spots are worse.",
            "Compaction and repair in the background: real slow requests are slower.",
        ],
        groups: &[PLACE, KEYVALUE, STATION],
    },
    not_run(
        "document",
        "Keeps whole documents and finds them by their fields.",
        Arrows::Store,
        &[&[workers("unlimited"), time("exp 5 ms")], STATION, PLACE],
    ),
    not_run(
        "columnar",
        "Keeps columns together, for sums over many rows.",
        Arrows::Store,
        &[&[workers("4"), time("exp 500 ms")], STATION, PLACE],
    ),
    not_run(
        "log",
        "Keeps what happened, in order, for many readers.",
        Arrows::End,
        &[
            &[
                word("partitions", count(1, 100_000), Some("1"), NotYet, "Order holds within one of them."),
                word("copies", count(1, 100), Some("3"), NotYet, "How many brokers keep a partition."),
                word("retention", time_above_zero(Duration::from_secs(315_360_000)), Some("7 d"), NotYet, "How long an entry is kept."),
                time("2 ms"),
            ],
            PLACE,
        ],
    ),
    not_run(
        "queue",
        "Hands each message to one worker, again if it is not acknowledged.",
        Arrows::End,
        &[
            &[
                word("visibility", time_above_zero(DAY), Some("30 s"), NotYet, "How long a taken message is hidden."),
                word("attempts", count(1, 1_000), Some("5"), NotYet, "After how many it goes to the dead letters."),
                word("retention", time_above_zero(Duration::from_secs(1_209_600)), Some("4 d"), NotYet, "How long a message is kept."),
                time("10 ms"),
            ],
            PLACE,
        ],
    ),
    not_run("objects", "Keeps files by name, cheaply and for ever.", Arrows::Store, &[&[workers("unlimited"), time("exp 30 ms")], PLACE]),
    not_run("search", "Finds documents by the words in them.", Arrows::Store, &[&[workers("4"), time("exp 20 ms")], STATION, PLACE]),
    not_run(
        "scheduler",
        "Starts work at set times.",
        Arrows::Call,
        &[&[word("every", time_above_zero(Duration::from_secs(31_536_000)), None, NotYet, "From one start to the next.")], PLACE],
    ),
    Kind {
        name: "external",
        doc: "Somebody else's system: payment, mail, maps.",
        runs: true,
        arrows: Arrows::End,
        ignores: &["Its limits, failures and bad days: real calls fail and slow down together."],
        groups: &[PLACE, EXTERNAL, STATION],
    },
];
