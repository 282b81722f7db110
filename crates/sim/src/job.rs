//! What is under way: jobs, each one thread of calls, and the visits that it is in. A slab of
//! fixed places, so the common path allocates nothing per request.

use crate::time::Ns;

pub(crate) const NONE: u32 = u32::MAX;
/// No visit, no moment.
pub(crate) const NOT_YET: Ns = Ns::MAX;

/// One thread of calls: a request as its client sees it, one of several calls made at once, or
/// work that nobody waits for any more.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(crate) struct Job {
    /// The ticket of the event that wakes it; anything else that comes for it is out of date.
    pub(crate) wake: u64,
    /// When that event comes [ns].
    pub(crate) due: Ns,
    /// When its request was meant to be sent [ns].
    pub(crate) intended: Ns,
    /// On the express: its present visit, as a frame has it of others [ns].
    pub(crate) arrived: Ns,
    pub(crate) begun: Ns,
    pub(crate) station: u32,
    /// The next operation of its program.
    pub(crate) at: u32,
    pub(crate) class: u32,
    /// Tells this job from those that had its place before.
    pub(crate) stamp: u32,
    pub(crate) flags: u16,
    /// On the express: which of its parts are in use.
    pub(crate) used: u16,
    /// The visit it is in, counted from the caller's own level 0.
    pub(crate) depth: u8,
    /// Returning to this depth it ends: the caller there has given up. `FREE` if somebody waits.
    pub(crate) floor: u8,
    pub(crate) failed: Cause,
    /// On the express: when the call that its caller guards was sent [ns], and the timer of that.
    pub(crate) sent: Ns,
    pub(crate) timer: u32,
    /// When this thread began [ns].
    pub(crate) began: Ns,
    // Rarely touched.
    /// Which record it is about.
    pub(crate) key: u64,
    /// Answers are of no use after this [ns].
    pub(crate) deadline: Ns,
    pub(crate) session: u32,
    /// The job that waits for it, and for which of its waits.
    pub(crate) parent: u32,
    pub(crate) wait_of_parent: u32,
    /// Names the wait that this job is in; `NONE` if it waits for no branch.
    pub(crate) wait: u32,
    /// Branches not yet back, and how many good answers are still needed.
    pub(crate) pending: u32,
    pub(crate) needed: u32,
    /// The component at which it failed.
    pub(crate) failed_at: u32,
    /// Numbers the request, so that further attempts of it are known as such.
    pub(crate) request: u64,
    /// The version of the record that it last read or wrote.
    pub(crate) version: u64,
    /// The message that it handles, or `NONE`: whose, which delivery, to which replica by which step.
    /// The relay of an outbox has only a replica: its database.
    pub(crate) message: u32,
    pub(crate) message_of: u32,
    pub(crate) message_station: u32,
    pub(crate) message_step: u32,
    /// Whether the place at that replica is still kept free for it.
    pub(crate) reserved: bool,
    /// Whether the consumer has done its own part.
    pub(crate) message_served: bool,
    /// Whether its request is looked at closely; it then takes the general path everywhere.
    pub(crate) traced: bool,
    /// Calls tried again for its request.
    pub(crate) retries: u32,
}

/// Nobody has given up on it.
pub(crate) const FREE: u8 = u8::MAX;

// Flags.
/// Its request was meant to be sent inside the measured window.
pub(crate) const MEASURED: u16 = 1;
/// The last answer was what was asked for, and not "not here".
pub(crate) const HIT: u16 = 2;
/// Nobody waits for its end.
pub(crate) const DETACHED: u16 = 4;
/// A message of it was lost on the way: nothing will wake it.
pub(crate) const LOST: u16 = 8;
/// Frozen together with its replica: `due` is what was left [ns].
pub(crate) const FROZEN: u16 = 16;
/// The client of a request, as opposed to a branch of one.
pub(crate) const ROOT: u16 = 32;
/// The next sending of a call is another attempt.
pub(crate) const RETRY: u16 = 64;
/// Others wait for what it fetches into a cache.
pub(crate) const FLIGHT: u16 = 128;
/// Rides the express: not all of its frames are written.
pub(crate) const EXPRESS: u16 = 256;
/// It is remembered what it has seen of rows.
pub(crate) const SIGHTS: u16 = 512;

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Cause {
    None,
    QueueFull,
    TimedOut,
    /// It left the queue impatient.
    Left,
    Shed,
    /// Its deadline had passed before it was served.
    Late,
    RateLimit,
    Bulkhead,
    Breaker,
    Throttled,
    /// Its replica crashed, or was down.
    Down,
    Error,
    NoQuorum,
    /// There was none left to take.
    SoldOut,
    /// The row was not as its author had read it.
    Changed,
    /// The transaction fits into no order with the others.
    Serialization,
    Deadlock,
}

impl Cause {
    /// Whether it is an answer: asking again would get the same.
    pub(crate) fn is_final(self) -> bool {
        self == Self::SoldOut
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::QueueFull => "queue full",
            Self::TimedOut => "timed out",
            Self::Left => "left the queue",
            Self::Shed => "shed",
            Self::Late => "too late",
            Self::RateLimit => "rate limit",
            Self::Bulkhead => "bulkhead full",
            Self::Breaker => "breaker open",
            Self::Throttled => "throttled by the caller",
            Self::Down => "down",
            Self::Error => "error",
            Self::NoQuorum => "no quorum",
            Self::SoldOut => "sold out",
            Self::Changed => "changed meanwhile",
            Self::Serialization => "serialization failure",
            Self::Deadlock => "deadlock",
        }
    }
}

/// One visit of a job to a component.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(crate) struct Frame {
    /// `NOT_YET` while it is on its way, and after its worker was given back.
    pub(crate) arrived: Ns,
    /// When a worker took it; `NOT_YET` while it waits.
    pub(crate) started: Ns,
    /// When the worker's own part began: later than `started` where it waited for a lock.
    pub(crate) begun: Ns,
    /// The deadline of the job before the call that made this visit set its own [ns].
    pub(crate) deadline: Ns,
    /// The call that made this visit.
    pub(crate) step: u32,
    pub(crate) station: u32,
    /// The timer of that call, or `NONE`.
    pub(crate) timer: u32,
    /// Repetitions made so far of the calls that this visit makes.
    pub(crate) rounds: u32,
    /// Attempts made so far of the call that made this visit.
    pub(crate) attempts: u16,
    /// Whether it has locked the row that it writes.
    pub(crate) locks: bool,
    /// The last pause between two of them [us].
    pub(crate) pause: u32,
}

pub(crate) const NO_FRAME: Frame = Frame {
    arrived: NOT_YET,
    started: NOT_YET,
    begun: NOT_YET,
    deadline: NOT_YET,
    step: NONE,
    station: NONE,
    timer: NONE,
    rounds: 0,
    attempts: 0,
    locks: false,
    pause: 0,
};

/// Where a job's time went at one component [ns]; of no account unless the stamp is the job's.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
pub(crate) struct Part {
    pub(crate) stamp: u64,
    pub(crate) times: [u64; PARTS],
}

/// The same without attempts that came to nothing; which of them a job uses is in its bits.
pub(crate) type Span = [u64; PARTS - 1];

/// Waiting, serving, network, and attempts that came to nothing with the pauses between them.
pub(crate) const PARTS: usize = 4;
pub(crate) const WAITING: usize = 0;
pub(crate) const SERVING: usize = 1;
pub(crate) const NETWORK: usize = 2;
pub(crate) const RETRYING: usize = 3;

/// All jobs with their frames and parts, in numbered places; a place is used again after it was left.
pub(crate) struct Jobs {
    pub(crate) jobs: Vec<Job>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) parts: Vec<Part>,
    /// On the express, instead of parts.
    pub(crate) spans: Vec<Span>,
    pub(crate) free: Vec<u32>,
    /// Frames per job.
    pub(crate) depth: usize,
    /// Parts per job.
    pub(crate) slots: usize,
    pub(crate) stamps: u32,
}

/// Nobody has the last number: it says that a place is free.
#[inline(always)]
pub(crate) fn next_stamp(stamps: &mut u32) -> u32 {
    *stamps = if *stamps == NONE - 1 { 0 } else { *stamps + 1 };
    *stamps
}

impl Jobs {
    pub(crate) fn new(depth: usize, slots: usize) -> Self {
        Self { jobs: Vec::new(), frames: Vec::new(), parts: Vec::new(), spans: Vec::new(), free: Vec::new(), depth, slots, stamps: 0 }
    }

    /// A new job; frames and parts of the place are whatever they were.
    #[inline(always)]
    pub(crate) fn insert(&mut self, job: Job) -> u32 {
        let stamp = next_stamp(&mut self.stamps);
        let place = self.free.pop().unwrap_or_else(|| self.grow());
        let here = &mut self.jobs[place as usize];
        *here = job;
        here.stamp = stamp;
        self.frames[place as usize * self.depth].rounds = 0;
        place
    }

    /// A new request of a client, at the start of its program. All that a request does not say
    /// is as [`Job::empty`] has it: the place was left so.
    #[inline(always)]
    pub(crate) fn begin(&mut self, now: Ns, at: u32, class: u32, flags: u16, session: u32) -> (u32, &mut Job) {
        let stamp = next_stamp(&mut self.stamps);
        let place = self.free.pop().unwrap_or_else(|| self.grow());
        self.frames[place as usize * self.depth].rounds = 0;
        let job = &mut self.jobs[place as usize];
        job.begin(now, at, class, flags, session, stamp);
        (place, job)
    }

    #[inline(never)]
    fn grow(&mut self) -> u32 {
        self.jobs.push(Job::empty());
        self.frames.resize(self.frames.len() + self.depth, NO_FRAME);
        self.parts.resize(self.parts.len() + self.slots, Part { stamp: u64::MAX, times: [0; PARTS] });
        self.spans.resize(self.parts.len(), Span::default());
        (self.jobs.len() - 1) as u32
    }

    /// Makes so many free places.
    pub(crate) fn make_room(&mut self, places: usize) {
        while self.free.len() < places {
            let place = self.grow();
            self.free.insert(0, place);
        }
    }

    /// A second job with the same frames and parts.
    pub(crate) fn copy(&mut self, place: u32) -> u32 {
        let copy = self.insert(self.jobs[place as usize].clone());
        let (from, to) = (place as usize * self.depth, copy as usize * self.depth);
        self.frames.copy_within(from..from + self.depth, to);
        let (old, stamp) = (u64::from(self.jobs[place as usize].stamp), u64::from(self.jobs[copy as usize].stamp));
        for slot in 0..self.slots {
            let part = self.parts[place as usize * self.slots + slot];
            self.parts[copy as usize * self.slots + slot] = Part { stamp: if part.stamp == old { stamp } else { u64::MAX }, ..part };
        }
        copy
    }

    #[inline]
    pub(crate) fn remove(&mut self, place: u32) {
        let job = &mut self.jobs[place as usize];
        if job.flags & ROOT == 0 {
            *job = Job::empty();
        }
        // What still comes for this place finds nobody.
        (job.wake, job.stamp, job.wait) = (u64::MAX, NONE, NONE);
        (job.retries, job.version) = (0, 0);
        self.free.push(place);
    }

    /// So many are under way or were at some time.
    pub(crate) fn places(&self) -> usize {
        self.jobs.len()
    }

    /// Writes the parts of a job that was on the express.
    pub(crate) fn write_parts(&mut self, place: u32) {
        let job = &self.jobs[place as usize];
        let (used, stamp) = (job.used, u64::from(job.stamp));
        let here = place as usize * self.slots..(place as usize + 1) * self.slots;
        for ((part, span), slot) in self.parts[here.clone()].iter_mut().zip(&self.spans[here]).zip(0..) {
            let in_use = used.checked_shr(slot).unwrap_or(0) & 1 > 0;
            *part = Part { stamp: if in_use { stamp } else { u64::MAX }, times: [span[WAITING], span[SERVING], span[NETWORK], 0] };
        }
    }

    /// What all of them take [bytes].
    pub(crate) fn held(&self) -> usize {
        let each = size_of::<Job>() + self.depth * size_of::<Frame>() + self.slots * (size_of::<Part>() + size_of::<Span>());
        self.jobs.len() * each
    }

    pub(crate) fn live(&self) -> usize {
        self.jobs.len() - self.free.len()
    }

    /// The job with this stamp, if it has not ended.
    pub(crate) fn is(&self, place: u32, stamp: u32) -> bool {
        self.jobs.get(place as usize).is_some_and(|job| job.stamp == stamp)
    }

    /// A job with the visit it has at a depth.
    #[inline]
    pub(crate) fn job_and_frame(&mut self, place: u32, depth: u8) -> (&mut Job, &mut Frame) {
        (&mut self.jobs[place as usize], &mut self.frames[place as usize * self.depth + usize::from(depth)])
    }

    #[inline]
    pub(crate) fn frame(&mut self, place: u32, depth: u8) -> &mut Frame {
        &mut self.frames[place as usize * self.depth + usize::from(depth)]
    }

    #[inline]
    pub(crate) fn frame_of(&self, place: u32, depth: u8) -> &Frame {
        &self.frames[place as usize * self.depth + usize::from(depth)]
    }

    /// All that a job's parts add up to [ns].
    pub(crate) fn spent(&self, place: u32) -> Ns {
        self.parts(place).map(|(_, times)| times.iter().sum::<u64>()).sum()
    }

    /// Adds to what one component took of a job's time.
    #[inline]
    pub(crate) fn spend(&mut self, place: u32, slot: u16, kind: usize, time: Ns) {
        let stamp = u64::from(self.jobs[place as usize].stamp);
        let part = &mut self.parts[place as usize * self.slots + usize::from(slot)];
        if part.stamp != stamp {
            *part = Part { stamp, times: [0; PARTS] };
        }
        part.times[kind] += time;
    }

    /// Takes back what was written down for times that then did not come.
    pub(crate) fn take_back(&mut self, place: u32, mut time: Ns) {
        let stamp = u64::from(self.jobs[place as usize].stamp);
        let parts = &mut self.parts[place as usize * self.slots..(place as usize + 1) * self.slots];
        for kind in [NETWORK, RETRYING, WAITING, SERVING] {
            for part in parts.iter_mut().filter(|part| part.stamp == stamp) {
                let less = part.times[kind].min(time);
                part.times[kind] -= less;
                time -= less;
            }
        }
    }

    /// The same for a visit's wait and service.
    #[inline]
    pub(crate) fn spend_here(&mut self, place: u32, slot: u16, waited: Ns, served: Ns) {
        let stamp = u64::from(self.jobs[place as usize].stamp);
        let part = &mut self.parts[place as usize * self.slots + usize::from(slot)];
        if part.stamp == stamp {
            part.times[WAITING] += waited;
            part.times[SERVING] += served;
        } else {
            *part = Part { stamp, times: [waited, served, 0, 0] };
        }
    }

    /// Where a job's time went, by slot; what has not its stamp is of no account.
    #[inline]
    pub(crate) fn parts_of(&self, place: u32) -> &[Part] {
        &self.parts[place as usize * self.slots..(place as usize + 1) * self.slots]
    }

    /// The parts of a job's time, by slot.
    #[inline]
    pub(crate) fn parts(&self, place: u32) -> impl Iterator<Item = (usize, &[u64; PARTS])> + Clone {
        let stamp = u64::from(self.jobs[place as usize].stamp);
        let parts = &self.parts[place as usize * self.slots..(place as usize + 1) * self.slots];
        parts.iter().enumerate().filter(move |(_, part)| part.stamp == stamp).map(|(slot, part)| (slot, &part.times))
    }

    /// Gives what a job's time went to, to the job that waited for it.
    pub(crate) fn hand_over(&mut self, from: u32, to: u32) {
        for slot in 0..self.slots {
            let part = self.parts[from as usize * self.slots + slot];
            if part.stamp == u64::from(self.jobs[from as usize].stamp) {
                for (kind, time) in part.times.into_iter().enumerate() {
                    self.spend(to, slot as u16, kind, time);
                }
            }
        }
    }

    /// The places of all jobs that have not ended.
    pub(crate) fn all(&self) -> Vec<u32> {
        let mut left = vec![false; self.jobs.len()];
        self.free.iter().for_each(|&place| left[place as usize] = true);
        (0..self.jobs.len() as u32).filter(|&place| !left[place as usize]).collect()
    }
}

impl Job {
    /// A new request of a client. All that it does not say is as `empty` has it.
    #[inline(always)]
    pub(crate) fn begin(&mut self, now: Ns, at: u32, class: u32, flags: u16, session: u32, stamp: u32) {
        (self.intended, self.began) = (now, now);
        (self.at, self.class, self.stamp, self.session) = (at, class, stamp, session);
        (self.depth, self.flags, self.failed) = (0, flags, Cause::None);
    }

    pub(crate) fn empty() -> Self {
        Self {
            wake: u64::MAX,
            due: 0,
            intended: 0,
            arrived: NOT_YET,
            begun: NOT_YET,
            station: NONE,
            used: 0,
            began: 0,
            at: 0,
            class: 0,
            stamp: 0,
            depth: 0,
            floor: FREE,
            failed: Cause::None,
            flags: HIT,
            sent: 0,
            timer: NONE,
            key: 0,
            deadline: NOT_YET,
            session: 0,
            parent: NONE,
            wait_of_parent: NONE,
            wait: NONE,
            pending: 0,
            needed: 0,
            failed_at: NONE,
            request: 0,
            version: 0,
            message: NONE,
            message_of: NONE,
            message_station: NONE,
            message_step: NONE,
            reserved: false,
            message_served: false,
            traced: false,
            retries: 0,
        }
    }

    pub(crate) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn set(&mut self, flag: u16, on: bool) {
        self.flags = if on { self.flags | flag } else { self.flags & !flag };
    }

    /// The depths of the visits that are this job's own.
    pub(crate) fn visits(&self) -> std::ops::RangeInclusive<u8> {
        (if self.floor == FREE { 1 } else { self.floor })..=self.depth
    }
}

impl std::ops::Index<u32> for Jobs {
    type Output = Job;

    #[inline]
    fn index(&self, place: u32) -> &Job {
        &self.jobs[place as usize]
    }
}

impl std::ops::IndexMut<u32> for Jobs {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut Job {
        &mut self.jobs[place as usize]
    }
}
