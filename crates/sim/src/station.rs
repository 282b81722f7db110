//! Where calls wait and are served: one station per replica, one account per component. The
//! order of service is first come, first served.

use design::Distribution;

use crate::random::Stream;
use crate::sample::Sampler;
use crate::task::{NONE, Slab, Task};
use crate::time::{Ns, Window};

/// "Unlimited" for workers and for places in a queue.
pub(crate) const UNLIMITED: u32 = u32::MAX;

pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) stations: std::ops::Range<u32>,
    /// Per replica.
    pub(crate) workers: u32,
    /// Places to wait, per replica.
    pub(crate) queue: u32,
    pub(crate) service: Sampler,
    /// Whether a worker is kept until the calls it made are answered.
    pub(crate) holds: bool,
    /// How likely a cache has what is read [billionths]; none for other kinds.
    pub(crate) hits: Option<u64>,
    /// Whose turn it is where no balancer chooses.
    pub(crate) turn: u32,
    pub(crate) times: Stream,
    pub(crate) choices: Stream,
    pub(crate) account: Account,
}

impl Component {
    pub(crate) fn sampler(distribution: Option<&Distribution>) -> Result<Sampler, String> {
        distribution.map_or(Ok(Sampler::Constant(0)), Sampler::new)
    }
}

/// One replica.
#[derive(Debug, Clone)]
pub(crate) struct Station {
    pub(crate) component: u32,
    pub(crate) busy: u32,
    pub(crate) waiting: u32,
    /// Calls sent here and not yet answered, as a balancer counts them.
    pub(crate) open: u32,
    first: u32,
    last: u32,
}

impl Station {
    pub(crate) fn new(component: u32) -> Self {
        Self { component, busy: 0, waiting: 0, open: 0, first: NONE, last: NONE }
    }

    pub(crate) fn enqueue(&mut self, tasks: &mut Slab<Task>, task: u32) {
        if self.first == NONE {
            self.first = task;
        } else {
            tasks[self.last].next = task;
        }
        self.last = task;
        self.waiting += 1;
    }

    pub(crate) fn dequeue(&mut self, tasks: &mut Slab<Task>) -> Option<u32> {
        let task = self.first;
        if task == NONE {
            return None;
        }
        self.first = std::mem::replace(&mut tasks[task].next, NONE);
        self.waiting -= 1;
        Some(task)
    }
}

/// What is measured of a component, all in whole numbers. Areas are kept as sums over moments:
/// the area under "how many are here" is the sum of the times of leaving less those of coming.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    // The whole run.
    pub(crate) arrived: u64,
    pub(crate) finished: u64,
    pub(crate) rejected: u64,
    pub(crate) inside: u64,
    pub(crate) busy: u64,
    came: u128,
    began: u128,
    left: u128,
    /// Time here and time with a worker of those who left, cut to the window [ns].
    residence: u128,
    service: u128,
    // Inside the window.
    pub(crate) window_arrived: u64,
    pub(crate) window_finished: u64,
    pub(crate) window_rejected: u64,
    pub(crate) queue_max: u32,
    // Of requests meant to be sent inside the window.
    pub(crate) measured: u64,
    pub(crate) waited: u128,
    pub(crate) served: u128,
    pub(crate) spent: u128,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
}

impl Account {
    /// Someone comes to the door, and may be refused.
    pub(crate) fn arrive(&mut self, now: Ns, window: Window) {
        self.arrived += 1;
        self.window_arrived += u64::from(window.contains(now));
    }

    pub(crate) fn reject(&mut self, now: Ns, window: Window) {
        self.rejected += 1;
        self.window_rejected += u64::from(window.contains(now));
    }

    pub(crate) fn enter(&mut self, now: Ns, window: Window) {
        self.inside += 1;
        self.came += u128::from(window.passed(now));
    }

    pub(crate) fn begin(&mut self, now: Ns, window: Window) {
        self.busy += 1;
        self.began += u128::from(window.passed(now));
    }

    pub(crate) fn leave(&mut self, task: &Task, now: Ns, window: Window) {
        self.inside -= 1;
        self.busy -= 1;
        self.finished += 1;
        let passed = window.passed(now);
        self.left += u128::from(passed);
        self.residence += u128::from(passed - window.passed(task.arrived));
        self.service += u128::from(passed - window.passed(task.started));
        self.window_finished += u64::from(window.contains(now));
        if task.measured {
            self.measured += 1;
            self.waited += u128::from(task.waiting);
            self.served += u128::from(task.serving);
            self.spent += u128::from(now - task.arrived);
        }
    }

    /// The area under the number inside, and under the number of busy workers [ns].
    pub(crate) fn areas(&self, now: Ns, window: Window) -> (u128, u128) {
        let passed = u128::from(window.passed(now));
        (self.left + u128::from(self.inside) * passed - self.came, self.left + u128::from(self.busy) * passed - self.began)
    }

    /// The exact identities: flows balance, the area under the number inside is the residence
    /// cut to the window, and busy time is service cut to the window. `still` are those inside.
    pub(crate) fn check(&self, name: &str, still: &[&Task], now: Ns, window: Window) {
        assert_eq!(self.arrived, self.finished + self.rejected + self.inside, "flow balance of {name}");
        assert_eq!(self.inside, still.len() as u64, "those inside {name} are known");
        let passed = window.passed(now);
        let residence: u128 = still.iter().map(|task| u128::from(passed - window.passed(task.arrived))).sum();
        let serving = still.iter().filter(|task| task.started != Ns::MAX);
        let service: u128 = serving.map(|task| u128::from(passed - window.passed(task.started))).sum();
        let (inside, busy) = self.areas(now, window);
        assert_eq!(inside, self.residence + residence, "the area under the number inside {name} is the time spent there");
        assert_eq!(busy, self.service + service, "the busy time of {name} is the service given");
    }
}
