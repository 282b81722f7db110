//! The kinds of component. Defaults are plain starting points, not claims about a product:
//! what a run should rest on, its author writes.

use units::Duration;

use super::Runs::Now;
use super::words::{
    DATA_SIZE, DAY, PLACE, RATE, SHARDS, SHARE, STATION, count, pool, share_up_to, time, time_above_zero, time_up_to, word, workers,
};
use super::{Arrows, Kind, Takes, Word};

const YEAR: Duration = Duration::from_secs(365 * 86_400);

const LOOKS: &[Word] = &[
    word("region", Takes::Name, None, Now, "The region that they are in."),
    word("zones", Takes::Names, None, Now, "The zones that they are in, in turn."),
];

const DNS: &[Word] = &[time("exp 20 ms"), word("ttl", time_up_to(DAY), Some("5 min"), Now, "How long a caller keeps an answer.")];

const BALANCER: &[Word] = &[
    word(
        "policy",
        Takes::Word(&["round robin", "random", "weighted", "least connections", "two choices", "hash", "bounded hash"]),
        Some("round robin"),
        Now,
        "Which replica gets the next request.",
    ),
    word("weights", Takes::Counts, None, Now, "For `weighted`: how often each replica is chosen, beside the others."),
    word("vnodes", count(1, 10_000), Some("100"), Now, "For the hashes: how many places on the ring a replica has."),
    word("bound", share_up_to(10), Some("25 %"), Now, "For `bounded hash`: how far above the mean a replica may be loaded."),
    word("stale", time_up_to(DAY), Some("0 s"), Now, "How old the load that it knows may be; it asks so often."),
    word("sticky", Takes::Flag, Some("false"), Now, "Whether a session stays on its replica."),
    word("health", Takes::Table(HEALTH), None, Now, "How it finds out which replicas are gone; without, it knows at once."),
    workers("unlimited"),
    time("0 s"),
];

const HEALTH: &[Word] = &[
    word("every", time_above_zero(DAY), Some("5 s"), Now, "From one check to the next."),
    word("misses", count(1, 100), Some("3"), Now, "After how many checks without an answer a replica is left out."),
];

const LIMITER: &[Word] = &[
    word(
        "algorithm",
        Takes::Word(&["token bucket", "leaky bucket", "fixed window", "sliding log", "sliding window"]),
        Some("token bucket"),
        Now,
        "How it counts.",
    ),
    word("rate", RATE, None, Now, "What is let through."),
    word("burst", count(1, 1_000_000_000), Some("1"), Now, "For the buckets: how many may come at once."),
    word("window", time_above_zero(DAY), Some("1 s"), Now, "For the windows and the log: over how long the rate holds."),
    word("per", Takes::Word(&["all", "key", "session"]), Some("all"), Now, "What is counted together."),
];

const SERVICE: &[Word] = &[
    workers("1"),
    time("exp 5 ms"),
    word("serial", SHARE, Some("0 %"), Now, "What n busy workers cost each other: a request takes 1 + serial (n - 1) times as long."),
    word("coherency", SHARE, Some("0 %"), Now, "What they cost each other in pairs: coherency n (n - 1) is added to that."),
    word("start", Takes::Distribution, None, Now, "How long a request waits that finds a replica switched off."),
    word("idle", time_up_to(DAY), Some("0 s"), Now, "With `start`: after how long without work a replica is switched off; 0 s: never."),
    word("autoscale", Takes::Table(AUTOSCALE), None, Now, "How the number of replicas follows the load."),
];

const AUTOSCALE: &[Word] = &[
    word("min", count(1, 10_000), Some("1"), Now, "The fewest replicas."),
    word("max", count(1, 10_000), Some("10"), Now, "The most replicas."),
    word("target", SHARE, Some("70 %"), Now, "The utilisation that it aims at."),
    word("every", time_above_zero(DAY), Some("15 s"), Now, "From one look to the next."),
    word("delay", time_up_to(DAY), Some("1 min"), Now, "From the decision to the first request served."),
    word("tolerance", SHARE, Some("10 %"), Now, "How far off the target nothing is done."),
    word("calm", time_up_to(DAY), Some("5 min"), Now, "For how long fewer must be enough before replicas go."),
];

const fn hits(default: &'static str) -> Word {
    Word {
        unless: &["entries", "memory"],
        ..word("hits", SHARE, Some(default), Now, "The assumed share of requests that find their answer here, whatever their key.")
    }
}

const REMEMBERS: &[Word] = &[
    word("entries", count(1, 1_000_000_000_000), None, Now, "How many answers it holds, per replica; which, follows from the keys."),
    word("memory", DATA_SIZE, None, Now, "How much it holds, per replica, of rows of the size that `data` says."),
    word("evict", Takes::Word(&["lru", "lfu", "fifo", "random"]), Some("lru"), Now, "What goes when it is full."),
    word("ttl", time_above_zero(YEAR), None, Now, "How long an entry may be used."),
    word("renew", Takes::Flag, Some("false"), Now, "Whether a hit begins the ttl anew."),
    word("coalesce", Takes::Flag, Some("false"), Now, "Whether requests for a key that is being fetched wait for that one."),
    word("stale", time_above_zero(YEAR), None, Now, "How long after its ttl an entry is still served while one request fetches it anew."),
];

const RELATIONAL: &[Word] = &[
    pool("20"),
    time("exp 5 ms"),
    word("write", Takes::Distribution, None, Now, "How long a worker needs for a write; without, as for a read."),
    word("commit", time_up_to(DAY), Some("0 s"), Now, "Writes wait for the next group commit, which comes so often."),
    word("locks", Takes::Flag, Some("false"), Now, "Whether writes to one row wait for each other."),
    word(
        "isolation",
        Takes::Word(&["read committed", "repeatable read", "snapshot", "serializable"]),
        None,
        Now,
        "What transactions see of each other, as in PostgreSQL: without, read committed; snapshot is repeatable read.",
    ),
    word(
        "relay",
        Takes::Distribution,
        None,
        Now,
        "How long after its commit the message of a write with `outbox` is sent; without, at once.",
    ),
    word("followers", Takes::Table(FOLLOWERS), None, Now, "Copies that follow the leader and answer reads."),
    word("failover", Takes::Table(FAILOVER), None, Now, "How a follower takes over; without, nobody does."),
];

const FOLLOWERS: &[Word] = &[
    word("count", count(0, 100), Some("1"), Now, "How many there are."),
    word("lag", Takes::Distribution, Some("0 s"), Now, "How far behind they are."),
    word("sync", Takes::Flag, Some("false"), Now, "Whether a write waits until they have it."),
    word("reads", Takes::Word(&["leader", "followers", "any"]), Some("any"), Now, "Who answers reads."),
];

const FAILOVER: &[Word] = &[
    word("every", time_above_zero(DAY), Some("1 s"), Now, "From one sign of life of the leader to the next."),
    word("misses", count(1, 100), Some("3"), Now, "After how many that are missing it counts as gone."),
    word("promote", time_up_to(DAY), Some("5 s"), Now, "How long a follower needs to become the leader."),
];

const KEYVALUE: &[Word] = &[
    workers("unlimited"),
    time("exp 2 ms"),
    SHARDS,
    word("copies", count(1, 100), Some("1"), Now, "N: how many nodes keep a key."),
    word("read", count(1, 100), Some("1"), Now, "R: how many of them a read waits for."),
    word("write", count(1, 100), Some("1"), Now, "W: how many of them a write waits for."),
    word("legs", Takes::Table(LEGS), None, Now, "How long the messages between the nodes take; without, no time."),
    word("distance", time_up_to(DAY), Some("0 s"), Now, "How much longer every copy but one is away, each way."),
    word("hints", Takes::Flag, Some("true"), Now, "Whether writes for a copy that is gone are kept for it."),
];

const LEGS: &[Word] = &[
    word("write", Takes::Distribution, Some("0 s"), Now, "A write on its way to a copy."),
    word("ack", Takes::Distribution, Some("0 s"), Now, "Its acknowledgement on the way back."),
    word("read", Takes::Distribution, Some("0 s"), Now, "A read on its way to a copy."),
    word("answer", Takes::Distribution, Some("0 s"), Now, "Its answer on the way back."),
];

const LOG: &[Word] = &[
    word("partitions", count(1, 100_000), Some("1"), Now, "Order holds within one of them, and one consumer reads it."),
    word("copies", count(1, 100), Some("3"), Now, "How many brokers keep a partition."),
    word("retention", time_above_zero(Duration::from_secs(315_360_000)), Some("7 d"), Now, "How long an entry is kept."),
    time("2 ms"),
    word("rebalance", time_up_to(DAY), Some("3 s"), Now, "How long nothing is read when the consumers change."),
];

const QUEUE: &[Word] = &[
    word("visibility", time_above_zero(DAY), Some("30 s"), Now, "How long a taken message is hidden."),
    word("attempts", count(1, 1_000), Some("5"), Now, "After how many it goes to the dead letters."),
    word("retention", time_above_zero(Duration::from_secs(1_209_600)), Some("4 d"), Now, "How long a message is kept."),
    time("10 ms"),
    word("ack", Takes::Word(&["after", "before"]), Some("after"), Now, "Whether a message is acknowledged after its work or before."),
    word("dedupe", Takes::Flag, Some("false"), Now, "Whether a message that was sent twice is kept once."),
];

const OBJECTS: &[Word] = &[
    workers("unlimited"),
    time("exp 30 ms"),
    word("bandwidth", Takes::Bandwidth, Some("unlimited"), Now, "How fast one body comes out of it or goes in."),
];

const EXTERNAL: &[Word] = &[
    workers("unlimited"),
    time("exp 100 ms"),
    word("limit", RATE, None, Now, "The rate above which it refuses, but for a burst of a second."),
];

/// Every kind, in the order in which a request usually meets them.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "clients",
        doc: "Whoever sends the requests: people, devices, other companies.",
        arrows: Arrows::Call,
        ignores: &["Nobody leaves for good or comes back later because it was slow: after an outage, real load returns higher than here."],
        groups: &[LOOKS],
    },
    Kind {
        name: "dns",
        doc: "Turns a name into an address.",
        arrows: Arrows::Forward,
        ignores: &["Resolvers on the way that keep an answer longer than its ttl: after a change, real traffic moves later than here."],
        groups: &[PLACE, DNS],
    },
    Kind {
        name: "cdn",
        doc: "Copies close to the readers.",
        arrows: Arrows::Forward,
        ignores: &[
            "Its hundreds of places are the replicas here, and each is equally near: a reader far from all of them waits longer.",
            "The layers between them: a miss at the edge often hits a larger copy behind it, so the origin is asked less in reality.",
        ],
        groups: &[PLACE, &[hits("90 %")], REMEMBERS, &[workers("unlimited"), time("exp 10 ms")], STATION],
    },
    Kind {
        name: "balancer",
        doc: "Hands each request to one replica of the next component.",
        arrows: Arrows::Forward,
        ignores: &["Its own limits on connections and bandwidth: a real one saturates, this one does so only if given workers."],
        groups: &[PLACE, BALANCER, STATION],
    },
    Kind {
        name: "gateway",
        doc: "The one door: checks, routes and counts requests.",
        arrows: Arrows::Forward,
        ignores: &["What it does with a body: checking and rewriting large ones takes longer in reality than for small ones."],
        groups: &[&[workers("unlimited"), time("1 ms")], STATION, PLACE],
    },
    Kind {
        name: "limiter",
        doc: "Refuses what comes too fast.",
        arrows: Arrows::Forward,
        ignores: &["It counts in one place and at once: real ones count apart and late, so they let more through than here."],
        groups: &[LIMITER, PLACE],
    },
    Kind {
        name: "service",
        doc: "Our own code: some workers, a queue, and calls to others.",
        arrows: Arrows::Call,
        ignores: &[
            "Memory, garbage collection and noisy neighbours: real slow requests are slower than here.",
            "A new replica is as fast as the others from its first request: real ones fill their caches and compile first, and are slower.",
        ],
        groups: &[PLACE, SERVICE, STATION],
    },
    Kind {
        name: "cache",
        doc: "Answers from memory what was asked before.",
        arrows: Arrows::Cache,
        ignores: &[
            "What an entry takes beside its row, and memory in pieces too small to use: a real cache holds fewer entries than here.",
            "Making room takes no time: a real cache that is full answers more slowly.",
        ],
        groups: &[PLACE, &[hits("90 %")], REMEMBERS, &[workers("unlimited"), time("0.5 ms")], STATION],
    },
    Kind {
        name: "relational",
        doc: "Tables, transactions, and a pool of connections.",
        arrows: Arrows::Store,
        ignores: &[
            "Disk, buffer cache and scans: the first query after a start, and one over many rows, are slower in reality.",
            "Deadlocks and clean-up of old versions: under many writes, real waiting is longer.",
            "What a connection costs: a real database with thousands of them is slower, here a larger pool is only better.",
        ],
        groups: &[PLACE, RELATIONAL, STATION],
    },
    Kind {
        name: "keyvalue",
        doc: "Finds a value by its key, spread over many nodes.",
        arrows: Arrows::Store,
        ignores: &[
            "Compaction and repair in the background: real slow requests are slower.",
            "The data that moves when a node is added: a real store is slower for as long as that takes.",
        ],
        groups: &[PLACE, KEYVALUE, STATION],
    },
    Kind {
        name: "document",
        doc: "Keeps whole documents and finds them by their fields.",
        arrows: Arrows::Store,
        ignores: &["Indexes and sizes: a query without an index, or for large documents, is slower in reality than `time` says."],
        groups: &[&[workers("unlimited"), time("exp 5 ms"), SHARDS], STATION, PLACE],
    },
    Kind {
        name: "columnar",
        doc: "Keeps columns together, for sums over many rows.",
        arrows: Arrows::Store,
        ignores: &["How many rows and columns a query reads: real queries become slower as the table grows, here they do not."],
        groups: &[&[workers("4"), time("exp 500 ms")], STATION, PLACE],
    },
    Kind {
        name: "log",
        doc: "Keeps what happened, in order, for many readers.",
        arrows: Arrows::Forward,
        ignores: &[
            "Disk and page cache: a consumer that reads old entries is slower in reality, and so is everybody beside it.",
            "Entries travel one by one: real producers send many at once, so they carry more and each waits longer.",
        ],
        groups: &[LOG, PLACE],
    },
    Kind {
        name: "queue",
        doc: "Hands each message to one worker, again if it is not acknowledged.",
        arrows: Arrows::Forward,
        ignores: &["Limits of a provider on messages that are taken and not acknowledged: under a backlog, real delivery is slower."],
        groups: &[QUEUE, PLACE],
    },
    Kind {
        name: "objects",
        doc: "Keeps files by name, cheaply and for ever.",
        arrows: Arrows::Store,
        ignores: &["Limits per prefix, and objects that nobody asked for in a while: real slow requests are slower than here."],
        groups: &[OBJECTS, STATION, PLACE],
    },
    Kind {
        name: "search",
        doc: "Finds documents by the words in them.",
        arrows: Arrows::Store,
        ignores: &[
            "Merging of its files in the background: real slow requests are slower.",
            "What is written is found at once: in reality only after the next refresh.",
        ],
        groups: &[&[workers("4"), time("exp 20 ms"), SHARDS], STATION, PLACE],
    },
    Kind {
        name: "scheduler",
        doc: "Starts work at set times.",
        arrows: Arrows::Call,
        ignores: &[
            "It never misses a start and never starts twice: real ones do both when they fail, so more is lost or repeated than here.",
        ],
        groups: &[PLACE],
    },
    Kind {
        name: "external",
        doc: "Somebody else's system: payment, mail, maps.",
        arrows: Arrows::End,
        ignores: &["Its load by others and its bad days: real calls fail and slow down together, more than `failures` says."],
        groups: &[PLACE, EXTERNAL, STATION],
    },
];
