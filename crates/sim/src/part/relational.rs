//! A relational database: a leader that takes writes, followers that come after it, row locks,
//! group commits, and what a failover loses.

use sorted::Tree;
use std::collections::VecDeque;

use super::transactions::{Isolation, Transactions, Write as RowWrite};
use super::versions::{Reads, Record};
use crate::job::Cause;
use crate::random::{Stream, Ziggurat};
use crate::sample::Sampler;
use crate::table::Build;
use crate::time::Ns;
use crate::words::Words;

pub(crate) struct Relational {
    pub(crate) leaders: u32,
    pub(crate) followers: u32,
    lag: Sampler,
    pub(crate) sync: bool,
    pub(crate) reads_from: ReadsFrom,
    /// Writes wait for the next multiple of this [ns].
    pub(crate) commit: Ns,
    pub(crate) locks: Option<Tree<Record, VecDeque<(u32, u64)>>>,
    pub(crate) failover: Option<Failover>,
    /// Where calls are transactions.
    pub(crate) transactions: Option<Box<Transactions>>,
    /// What each of them is at, by the place of its job.
    pub(crate) works: Tree<u32, Work>,
    /// The station that leads, from the first of the component.
    pub(crate) leader: u32,
    /// No leader until one is promoted.
    pub(crate) headless: bool,
    /// When it last crashed, when somebody else is to lead [ns], and how often it did.
    pub(crate) crashed: Ns,
    pub(crate) due: Ns,
    pub(crate) crashes: u32,
    /// Writes that some follower does not have yet, by record.
    behind: Tree<Record, VecDeque<Write>>,
    /// All of them, in order of their commits.
    recent: VecDeque<(Ns, Record)>,
    pub(crate) reads: Reads,
    /// How long after its commit the message of a write is sent.
    pub(crate) relay: Sampler,
    /// Writes that a failover lost.
    pub(crate) lost: u64,
    pub(crate) failovers: u64,
    /// Those of the last failover, until somebody asks.
    pub(crate) lost_now: Vec<(Record, u64)>,
}

/// What a transaction is at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    /// The call that it is, and which of its statements is next.
    pub(crate) step: u32,
    pub(crate) at: u32,
    /// Since when its present statement waits [ns].
    pub(crate) since: Ns,
    /// On its way to the next statement.
    pub(crate) travels: bool,
    /// It has been given the lock that it waited for.
    pub(crate) has_lock: bool,
    /// Why the present statement fails, once it has been served.
    pub(crate) refused: Option<Cause>,
    /// The writes it has made, as steps; and once it commits, what they come to.
    pub(crate) done: Vec<u32>,
    pub(crate) writes: Vec<(RowWrite, u64)>,
}

impl Work {
    pub(crate) fn new(step: u32, since: Ns) -> Self {
        Self { step, since, ..Self::default() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadsFrom {
    Leader,
    Followers,
    Any,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Failover {
    every: Ns,
    misses: u64,
    promote: Ns,
}

#[derive(Debug, Clone)]
struct Write {
    version: u64,
    /// When each follower has it [ns].
    applied: Vec<Ns>,
}

impl Relational {
    /// None if there is nothing about it that a plain station cannot do.
    pub(crate) fn new(build: &mut Build, name: &str, words: Words) -> Option<Self> {
        let followers = words.table("followers");
        let locks = words.flag("locks").unwrap_or(false);
        let commit = words.time("commit").unwrap_or(0);
        let is_transactional = build.document.is_transactional(name);
        if !is_transactional
            && followers.is_none()
            && !locks
            && commit == 0
            && words.table("failover").is_none()
            && build.document.data.is_empty()
        {
            return None;
        }
        let lag = followers.and_then(|followers| build.sampler(name, followers, "lag")).unwrap_or(Sampler::Constant(0));
        Some(Self {
            leaders: words.count("replicas").unwrap_or(1) as u32,
            followers: followers.map_or(0, |followers| followers.count("count").unwrap_or(1) as u32),
            lag,
            sync: followers.and_then(|followers| followers.flag("sync")).unwrap_or(false),
            reads_from: match followers.map_or("", |followers| followers.word("reads")) {
                "leader" => ReadsFrom::Leader,
                "followers" => ReadsFrom::Followers,
                _ => ReadsFrom::Any,
            },
            commit,
            locks: (locks && !is_transactional).then(Tree::new),
            transactions: is_transactional.then(|| Box::new(Transactions::new(Isolation::named(words.word("isolation"))))),
            failover: words.table("failover").map(|failover| Failover {
                every: failover.time("every").unwrap_or(1_000_000_000).max(1),
                misses: failover.count("misses").unwrap_or(3),
                promote: failover.time("promote").unwrap_or(0),
            }),
            works: Tree::new(),
            leader: 0,
            headless: false,
            crashed: 0,
            due: 0,
            crashes: 0,
            behind: Tree::new(),
            recent: VecDeque::new(),
            reads: Reads::default(),
            relay: build.sampler(name, words, "relay").unwrap_or(Sampler::Constant(0)),
            lost: 0,
            failovers: 0,
            lost_now: Vec::new(),
        })
    }

    /// A write is committed now; how long until every follower has it [ns].
    pub(crate) fn committed(&mut self, record: Record, version: u64, now: Ns, stream: &mut Stream, ziggurat: &Ziggurat) -> Ns {
        if self.followers == 0 {
            return 0;
        }
        self.forget(now);
        let writes = self.behind.entry(record).or_default();
        let before = writes.back();
        let applied: Vec<Ns> = (0..self.followers as usize)
            .map(|follower| {
                // A follower applies in order, so never before what came before.
                let earliest = before.map_or(0, |before| before.applied[follower]);
                now.saturating_add(self.lag.draw(stream, ziggurat)).max(earliest)
            })
            .collect();
        let last = applied.iter().copied().max().unwrap_or(now);
        writes.push_back(Write { version, applied });
        self.recent.push_back((last, record));
        last - now
    }

    /// Writes that all followers have are of no more interest than any other.
    fn forget(&mut self, now: Ns) {
        while self.recent.front().is_some_and(|(last, _)| *last <= now) {
            let Some((_, record)) = self.recent.pop_front() else { return };
            if let Some(writes) = self.behind.get_mut(&record) {
                while writes.front().is_some_and(|write| write.applied.iter().all(|applied| *applied <= now)) {
                    writes.pop_front();
                }
                if writes.is_empty() {
                    self.behind.remove(&record);
                }
            }
        }
    }

    /// The version that a station shows now.
    pub(crate) fn seen(&self, record: Record, station: u32, latest: u64, now: Ns) -> u64 {
        let Some(follower) = self.follower(station) else { return latest };
        let Some(writes) = self.behind.get(&record) else { return latest };
        // A follower has them in order.
        let missing = writes.partition_point(|write| write.applied[follower] <= now);
        writes.get(missing).map_or(latest, |write| write.version - 1)
    }

    /// The number of a station among the followers; none for the leaders.
    fn follower(&self, station: u32) -> Option<usize> {
        if station == self.leader || station < self.leaders && self.leader < self.leaders {
            return None;
        }
        Some((station.saturating_sub(self.leaders) as usize).min(self.followers.saturating_sub(1) as usize))
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.recent.len() * (88 + 8 * self.followers as usize) + self.transactions.as_ref().map_or(0, |transactions| transactions.held())
    }

    /// How long after a crash at `now` a follower leads [ns]; none if nobody takes over.
    pub(crate) fn takes_over_after(&self, now: Ns) -> Option<Ns> {
        let failover = self.failover.filter(|_| self.followers > 0)?;
        let next = now / failover.every * failover.every + failover.every;
        let detected = next.saturating_add((failover.misses.saturating_sub(1)).saturating_mul(failover.every));
        Some((detected - now).saturating_add(failover.promote))
    }

    /// Of the followers that are up the one that has the most leads from now on; what it had not
    /// got when the leader crashed is lost.
    pub(crate) fn promote(&mut self, is_up: impl Fn(u32) -> bool) {
        let crashed = self.crashed;
        let missing =
            |follower: usize| -> u64 { self.behind.values().flatten().filter(|write| write.applied[follower] > crashed).count() as u64 };
        let up = (0..self.followers as usize).filter(|&follower| is_up(self.leaders + follower as u32));
        let Some(best) = up.min_by_key(|&follower| missing(follower)) else { return };
        self.lost += if self.sync { 0 } else { missing(best) };
        if !self.sync {
            let lost = self.behind.iter().flat_map(|(record, writes)| writes.iter().map(move |write| (record, write)));
            let lost = lost.filter(|(_, write)| write.applied[best] > crashed);
            self.lost_now = lost.map(|(record, write)| (*record, write.version)).collect();
        }
        self.leader = self.leaders + best as u32;
        self.headless = false;
        self.failovers += 1;
        self.behind.clear();
        self.recent.clear();
    }
}
