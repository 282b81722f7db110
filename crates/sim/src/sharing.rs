//! Processor sharing: all who are here are served at once, each at its share of the workers. Time
//! is kept as the service that each has had since the station began, in fractions of a
//! nanosecond, so that nobody's remaining service needs to be touched when another comes or goes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::job::NONE;
use crate::station::UNLIMITED;
use crate::time::Ns;

/// Service is counted in 2^-24 ns.
const FINE: u32 = 24;

#[derive(Debug, Clone)]
pub(crate) struct Sharing {
    /// What each has been served so far.
    given: u128,
    since: Ns,
    here: u32,
    /// By what must have been given when it is done; then by ticket, which is the order of coming.
    targets: BinaryHeap<Reverse<(u128, u64, u32)>>,
    /// The area under the number of busy workers [worker ns].
    pub(crate) busy: u128,
    pub(crate) timer: u32,
}

impl Default for Sharing {
    fn default() -> Self {
        Self { given: 0, since: 0, here: 0, targets: BinaryHeap::new(), busy: 0, timer: NONE }
    }
}

impl Sharing {
    pub(crate) fn here(&self) -> u32 {
        self.here
    }

    fn busy_now(&self, workers: u32) -> u32 {
        if workers == UNLIMITED { self.here } else { self.here.min(workers) }
    }

    /// Lets time pass. Nobody is served while the station is stopped.
    pub(crate) fn pass(&mut self, now: Ns, workers: u32, stopped: bool) {
        let passed = u128::from(now - self.since);
        self.since = now;
        if self.here > 0 && !stopped {
            let busy = u128::from(self.busy_now(workers));
            self.given += (passed << FINE) * busy / u128::from(self.here);
            self.busy += passed * busy;
        }
    }

    pub(crate) fn enter(&mut self, service: Ns, job: u32, ticket: u64) {
        self.here += 1;
        self.targets.push(Reverse((self.given + (u128::from(service) << FINE), ticket, job)));
    }

    /// Somebody leaves before the end; its target stays and finds nobody.
    pub(crate) fn leave(&mut self) {
        self.here -= 1;
    }

    /// When the next is done, if nothing changes before.
    pub(crate) fn next(&self, now: Ns, workers: u32) -> Option<Ns> {
        let Reverse((target, ..)) = self.targets.peek()?;
        let rest = target.saturating_sub(self.given) * u128::from(self.here.max(1));
        let rest = rest.div_ceil(u128::from(self.busy_now(workers).max(1)) << FINE);
        Some(now.saturating_add(u64::try_from(rest).unwrap_or(u64::MAX)))
    }

    /// The one whose time has come, with its ticket.
    pub(crate) fn done(&mut self) -> Option<(u32, u64)> {
        let Reverse((target, ticket, job)) = self.targets.pop()?;
        self.given = self.given.max(target);
        Some((job, ticket))
    }

    pub(crate) fn forget(&mut self) {
        self.targets.clear();
        self.here = 0;
    }
}
