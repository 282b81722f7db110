//! Where calls wait and are served: one station per replica, one account per component. What a
//! component does beside serving is in `part`.

use std::collections::VecDeque;

use crate::agenda::Lane;
use crate::histogram::Histogram;
use crate::job::{Frame, NOT_YET};
use crate::part::Part;
use crate::random::Stream;
use crate::sample::Sampler;
use crate::time::{Ns, Window};

/// "Unlimited" for workers and for places in a queue.
pub(crate) const UNLIMITED: u32 = u32::MAX;

/// Who is served next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    First,
    Last,
    Priority,
    Random,
    /// All at once, each at its share of the workers' speed.
    Shared,
    /// First come first served while the queue is short-lived, last come when it stands.
    AdaptiveLast,
}

pub(crate) struct Component {
    pub(crate) first: u32,
    /// Replicas in use: the first so many stations.
    pub(crate) replicas: u32,
    /// Per replica.
    pub(crate) workers: u32,
    /// Places to wait, per replica.
    pub(crate) queue: u32,
    pub(crate) order: Order,
    /// Whether a worker is kept until the calls it made are answered.
    pub(crate) holds: bool,
    /// Whether anything but a plain wait and a plain service can happen here.
    pub(crate) special: bool,
    /// Whether the replica that answers next must be looked for: some are down, or are not alike.
    pub(crate) picky: bool,
    /// Whose turn it is where no balancer chooses.
    pub(crate) turn: u32,
    /// How likely a read finds what it wants, where a cache keeps no keys [billionths].
    pub(crate) assumed: Option<u64>,
    pub(crate) service: Sampler,
    pub(crate) lane: Lane,
    pub(crate) times: Stream,
    pub(crate) choices: Stream,
    pub(crate) account: Account,
    /// Of calls that a worker took inside the measured window after they had waited [ns].
    pub(crate) waits: Histogram,
    pub(crate) part: Part,
    pub(crate) manner: Manners,
}

impl Component {
    /// Whether a cache that keeps no keys has what is read, with this probability [billionths].
    #[inline(always)]
    pub(crate) fn draw_hit(&mut self, assumed: u64) -> bool {
        let hit = self.choices.chance(assumed);
        self.account.hits += u64::from(hit);
        self.account.misses += u64::from(!hit);
        hit
    }
}

/// What few components do; looked at only if the component is special.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manners {
    /// How long a write takes, where it differs from a read.
    pub(crate) write: Option<Sampler>,
    /// How long a call waits before it leaves.
    pub(crate) patience: Option<Sampler>,
    pub(crate) shed: Option<design::Shed>,
    /// How likely a call fails after its service [billionths].
    pub(crate) failures: u64,
    /// The same, by a fault.
    pub(crate) errors: u64,
    /// What a fault lets through.
    pub(crate) quota: Option<Box<crate::part::limiter::Limiter>>,
    /// How much slower one more busy worker makes the others, and how much each pair.
    pub(crate) serial: f64,
    pub(crate) coherency: f64,
    /// What a fault multiplies service by, for all replicas.
    pub(crate) slow: f64,
    /// How long a replica needs that was switched off, and after how long without work it is.
    pub(crate) start: Option<Sampler>,
    pub(crate) idle: Ns,
    /// Logs and queues whose messages are dealt with here.
    pub(crate) feeds: Vec<u32>,
    /// Whether a call that begins here may call a copy of itself off.
    pub(crate) tied: bool,
    /// Whether it counts here which row a call is about, and what is in it.
    pub(crate) rows: bool,
}

/// One replica.
#[derive(Debug, Clone)]
pub(crate) struct Station {
    pub(crate) component: u32,
    pub(crate) busy: u32,
    pub(crate) waiting: u32,
    /// Calls sent here and not yet answered, as a balancer counts them.
    pub(crate) open: u32,
    /// Calls sent here since the start of the run.
    pub(crate) got: u64,
    /// Workers that messages on their way will take.
    pub(crate) reserved: u32,
    pub(crate) state: u8,
    /// Faults that keep it down, or frozen.
    pub(crate) downs: u16,
    pub(crate) freezes: u16,
    /// Where it stands, as a number of `distance`.
    pub(crate) place: u16,
    /// What a fault multiplies service by.
    pub(crate) slow: f64,
    queue: VecDeque<Waiting>,
    /// Only where priorities are served: the queue of each other level.
    levels: Vec<VecDeque<Waiting>>,
    /// When its queue was last empty [ns].
    pub(crate) empty: Ns,
    pub(crate) shared: Option<Box<crate::sharing::Sharing>>,
}

// States of a station.
pub(crate) const DOWN: u8 = 1;
pub(crate) const FROZEN: u8 = 2;
pub(crate) const OFF: u8 = 4;
pub(crate) const STARTING: u8 = 8;
/// Served, but not at its usual speed.
pub(crate) const SLOW: u8 = 16;
/// Out of use by an autoscaler, and still at work.
pub(crate) const EXTRA: u8 = 32;
/// In any of these nobody is served.
pub(crate) const STOPPED: u8 = DOWN | FROZEN | OFF | STARTING;

#[derive(Debug, Clone, Copy)]
struct Waiting {
    job: u32,
    stamp: u32,
}

/// So many who have left are named in a queue without harm.
const FEW: usize = 100;

impl Station {
    pub(crate) fn new(component: u32, place: u16) -> Self {
        Self {
            component,
            busy: 0,
            waiting: 0,
            open: 0,
            got: 0,
            reserved: 0,
            state: 0,
            downs: 0,
            freezes: 0,
            place,
            slow: 1.0,
            queue: VecDeque::new(),
            levels: Vec::new(),
            empty: 0,
            shared: None,
        }
    }

    #[inline]
    pub(crate) fn enqueue(&mut self, job: u32, stamp: u32) {
        self.waiting += 1;
        self.queue.push_back(Waiting { job, stamp });
    }

    pub(crate) fn enqueue_at(&mut self, level: usize, job: u32, stamp: u32) {
        self.waiting += 1;
        if level == 0 {
            return self.queue.push_back(Waiting { job, stamp });
        }
        if self.levels.len() < level {
            self.levels.resize_with(level, VecDeque::new);
        }
        self.levels[level - 1].push_back(Waiting { job, stamp });
    }

    #[inline(always)]
    pub(crate) fn dequeue_first(&mut self) -> Option<(u32, u32)> {
        self.queue.pop_front().map(|waiting| (waiting.job, waiting.stamp))
    }

    /// The next to be served, with the stamp by which it is known; whoever left is still named.
    #[inline]
    pub(crate) fn dequeue(&mut self, order: Order, choices: &mut Stream) -> Option<(u32, u32)> {
        let waiting = match order {
            Order::First | Order::Shared => self.queue.pop_front(),
            Order::Last => self.queue.pop_back(),
            Order::AdaptiveLast => self.queue.pop_front(),
            Order::Random => {
                let among = self.queue.len() as u64;
                if among == 0 { None } else { self.queue.swap_remove_back(choices.below(among) as usize) }
            }
            Order::Priority => self.queue.pop_front().or_else(|| self.levels.iter_mut().find_map(VecDeque::pop_front)),
        }?;
        Some((waiting.job, waiting.stamp))
    }

    pub(crate) fn dequeue_last(&mut self) -> Option<(u32, u32)> {
        self.queue.pop_back().map(|waiting| (waiting.job, waiting.stamp))
    }

    /// Forgets those in the queue who have left it, if they are the more.
    pub(crate) fn forget_those_who_left(&mut self, waits: impl Fn(u32, u32) -> bool) {
        let named = self.queue.len() + self.levels.iter().map(VecDeque::len).sum::<usize>();
        if named > 2 * self.waiting as usize + FEW {
            for queue in self.levels.iter_mut().chain([&mut self.queue]) {
                queue.retain(|waiting| waits(waiting.job, waiting.stamp));
            }
        }
    }

    /// Forgets everybody in the queue.
    pub(crate) fn forget_queue(&mut self) {
        self.queue.clear();
        self.levels.clear();
        self.waiting = 0;
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.state & STOPPED != 0
    }
}

/// What an account is told of many visits at once, in numbers of half the size: moments count from
/// one shortly before, and so many visits in so short a time are meant that no sum is too large.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    since: Ns,
    arrived: u64,
    came: u64,
    begun: u64,
    began: u64,
    ended: u64,
    left: u64,
    /// In all [ns].
    serving: u128,
    spent: u128,
    /// Both ends of visits where nobody waits.
    passed: u64,
    coming: u64,
    leaving: u64,
}

impl Sums {
    pub(crate) fn since(since: Ns) -> Self {
        Self { since, ..Self::default() }
    }

    #[inline(always)]
    pub(crate) fn comes(&mut self, now: Ns) {
        self.arrived += 1;
        self.came += now - self.since;
    }

    /// A worker takes a call that has not waited.
    #[inline(always)]
    pub(crate) fn begins(&mut self, now: Ns) {
        self.begun += 1;
        self.began += now - self.since;
    }

    #[inline(always)]
    pub(crate) fn passes(&mut self, came: Ns, left: Ns) {
        self.passed += 1;
        self.coming += came - self.since;
        self.leaving += left - self.since;
    }

    pub(crate) fn arrived(&self) -> u64 {
        self.arrived + self.passed
    }

    pub(crate) fn ended(&self) -> u64 {
        self.ended + self.passed
    }

    /// It is served, and the visit is over.
    #[inline(always)]
    pub(crate) fn ends(&mut self, arrived: Ns, begun: Ns, now: Ns) {
        self.ended += 1;
        self.left += now - self.since;
        self.serving += u128::from(now - begun);
        self.spent += u128::from(now - arrived);
    }
}

/// What is measured of a component, all in whole numbers, from the start of the run; what happens
/// in a window is the difference between two of these. Areas are kept as sums over moments: the
/// area under "how many are here" is the sum of the times of leaving less those of coming.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    /// Calls that came to the door.
    pub(crate) arrived: u64,
    /// Refused at the door.
    pub(crate) rejected: u64,
    /// Taken by a worker, and served by it.
    pub(crate) begun: u64,
    pub(crate) served: u64,
    /// Left after service, or without it: impatient, shed, called back, crashed.
    pub(crate) finished: u64,
    pub(crate) dropped: u64,
    pub(crate) dropped_unserved: u64,
    came: u128,
    began: u128,
    /// Of all who left; and of those who left with a worker.
    left: u128,
    freed: u128,
    /// In all [ns].
    pub(crate) waiters: u64,
    pub(crate) waiting: u128,
    /// [us^2]
    pub(crate) waiting_squares: u128,
    pub(crate) serving: u128,
    pub(crate) spent: u128,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    /// The longest queue of one replica since the measured window began.
    pub(crate) queue_max: u32,
    /// The same areas found another way, to be compared with: visits cut to the window, one by one.
    #[cfg(debug_assertions)]
    proof: Proof,
}

#[cfg(debug_assertions)]
#[derive(Debug, Clone, Default)]
struct Proof {
    residence: u128,
    service: u128,
}

impl Account {
    #[inline]
    pub(crate) fn enter(&mut self, now: Ns) {
        self.came += u128::from(now);
    }

    /// Calls that nobody kept waiting, and that took no time: so many came, and so many left.
    pub(crate) fn pass(&mut self, passed: &crate::run::Passed) {
        self.arrived += passed.came;
        self.begun += passed.came;
        self.served += passed.came;
        self.came += passed.coming;
        self.began += passed.coming;
        self.finished += passed.left;
        self.left += passed.leaving;
        self.freed += passed.leaving;
        self.spent += passed.spent;
        #[cfg(debug_assertions)]
        {
            self.proof.residence += passed.residence;
            self.proof.service += passed.residence;
        }
    }

    pub(crate) fn add(&mut self, sums: &Sums) {
        let moments = |count: u64, sum: u64| u128::from(count) * u128::from(sums.since) + u128::from(sum);
        let left = moments(sums.ended(), sums.left + sums.leaving);
        let passing = u128::from(sums.leaving - sums.coming);
        self.arrived += sums.arrived();
        self.came += moments(sums.arrived(), sums.came + sums.coming);
        self.begun += sums.begun + sums.passed;
        self.began += moments(sums.begun + sums.passed, sums.began + sums.coming);
        self.served += sums.ended();
        self.finished += sums.ended();
        self.left += left;
        self.freed += left;
        self.serving += sums.serving + passing;
        self.spent += sums.spent + passing;
    }

    /// A worker takes a call that has not waited.
    #[inline]
    pub(crate) fn begin_at_once(&mut self, now: Ns) {
        self.begun += 1;
        self.began += u128::from(now);
    }

    #[inline(always)]
    pub(crate) fn begin(&mut self, arrived: Ns, now: Ns) {
        self.begun += 1;
        self.began += u128::from(now);
        let waited = now - arrived;
        if waited > 0 {
            self.waiters += 1;
            self.waiting += u128::from(waited);
            self.waiting_squares += crate::tally::square(waited);
        }
    }

    /// A worker has done its own part, in so long.
    #[inline]
    pub(crate) fn serve(&mut self, length: Ns) {
        self.served += 1;
        self.serving += u128::from(length);
    }

    /// The visit is over, and it was served. `window` is only looked at to prove the areas.
    #[inline]
    pub(crate) fn leave_served(&mut self, arrived: Ns, started: Ns, now: Ns, window: Window) {
        self.left += u128::from(now);
        self.freed += u128::from(now);
        self.spent += u128::from(now - arrived);
        self.prove_visit(arrived, started, now, window);
    }

    /// The visit is over, for whatever reason. `window` is only looked at to prove the areas.
    #[inline]
    pub(crate) fn leave(&mut self, frame: &Frame, now: Ns, window: Window) {
        self.left += u128::from(now);
        if frame.started == NOT_YET {
            self.dropped_unserved += 1;
        } else {
            self.freed += u128::from(now);
        }
        self.spent += u128::from(now - frame.arrived);
        self.prove_visit(frame.arrived, frame.started, now, window);
    }

    #[inline]
    pub(crate) fn prove_visit(&mut self, arrived: Ns, started: Ns, now: Ns, window: Window) {
        #[cfg(debug_assertions)]
        {
            self.proof.residence += u128::from(window.passed(now) - window.passed(arrived));
            if started != NOT_YET {
                self.proof.service += u128::from(window.passed(now) - window.passed(started));
            }
        }
        #[cfg(not(debug_assertions))]
        let _ = (arrived, started, now, window);
    }

    pub(crate) fn inside(&self) -> u64 {
        self.arrived - self.rejected - self.finished - self.dropped
    }

    pub(crate) fn busy(&self) -> u64 {
        self.begun - (self.finished + self.dropped - self.dropped_unserved)
    }

    /// The areas from the start of the run to `now` under the number inside and under the number
    /// of busy workers [ns].
    pub(crate) fn areas(&self, now: Ns) -> (u128, u128) {
        let now = u128::from(now);
        ((self.left + u128::from(self.inside()) * now) - self.came, (self.freed + u128::from(self.busy()) * now) - self.began)
    }

    /// Asserts the exact identities at a moment not after the window: flows balance, the area
    /// under the number inside is the residence cut to the window, and busy time is service cut to
    /// the window. `from` is this account when the window began, `still` are those inside.
    #[cfg(debug_assertions)]
    pub(crate) fn check(&self, name: &str, from: &Account, still: &[Frame], to: Ns, window: Window) {
        if to < window.from {
            return;
        }
        let begin = window.from;
        assert_eq!(self.inside(), still.len() as u64, "flow balance of {name}: those inside are known");
        let passed = |moment: Ns| u128::from(window.passed(moment));
        let residence: u128 = still.iter().map(|frame| passed(to) - passed(frame.arrived)).sum();
        let serving = still.iter().filter(|frame| frame.started != NOT_YET);
        assert_eq!(self.busy(), serving.clone().count() as u64, "those served at {name} are known");
        let service: u128 = serving.map(|frame| passed(to) - passed(frame.started)).sum();
        let ((inside_to, busy_to), (inside_from, busy_from)) = (self.areas(to), from.areas(begin));
        assert_eq!(
            inside_to - inside_from,
            self.proof.residence + residence,
            "the area under the number inside {name} is the time spent there"
        );
        assert_eq!(busy_to - busy_from, self.proof.service + service, "the busy time of {name} is the service given");
    }
}
