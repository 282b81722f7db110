//! What is under way: requests, and the tasks they are made of. A slab each, so the common path
//! allocates nothing per request.

use crate::time::Ns;

pub(crate) const NONE: u32 = u32::MAX;

/// One request of a client, from the time it is meant to be sent until nothing of it is left.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) class: u32,
    /// The closed-loop user who waits for it, or a number of its own.
    pub(crate) session: u64,
    /// Which record it is about.
    #[expect(dead_code, reason = "stores will read the key; every request carries one, so that streams need not change then")]
    pub(crate) key: u64,
    /// The first try is 1.
    #[expect(dead_code, reason = "the retry policy will count here")]
    pub(crate) attempt: u32,
    /// Tasks that still speak for it: its own, and calls that nobody waits for.
    pub(crate) open: u32,
    pub(crate) intended: Ns,
    /// Whether it was meant to be sent inside the measured window.
    pub(crate) measured: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// What a client does for a request.
    Root,
    /// One call to a component.
    Visit,
    /// A piece of a plan run for its caller: one of several that go on at once or again.
    Branch,
}

/// A plan being followed by one caller. A finished visit stays, linked into its caller's path,
/// until it is known where the request's time went.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) parent: u32,
    pub(crate) request: u32,
    pub(crate) role: Role,
    /// The call that made this visit; meaningless for other roles.
    pub(crate) step: u32,
    /// The next operation of the plan.
    pub(crate) at: u32,
    /// Answers waited for.
    pub(crate) pending: u32,
    /// Repetitions left, counted by the operation at `at`.
    pub(crate) left: u32,
    pub(crate) station: u32,
    /// The next in the station's queue or, later, in the caller's path.
    pub(crate) next: u32,
    pub(crate) path: Path,
    /// The component that refused, or `NONE`.
    pub(crate) refused_by: u32,
    /// Nobody waits for it.
    pub(crate) detached: bool,
    /// Whether the last answer was what was asked for, and not "not here".
    pub(crate) hit: bool,
    /// Whether it stands in the station's queue or holds one of its workers.
    pub(crate) inside: bool,
    pub(crate) measured: bool,
    pub(crate) arrived: Ns,
    pub(crate) started: Ns,
    /// Own time only; what it called is in `path`.
    pub(crate) waiting: Ns,
    pub(crate) serving: Ns,
    pub(crate) network: Ns,
}

/// The visits that a task's time went to, first to last: of calls made at once only the last to
/// answer, so the times of a path add up to the time that has passed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    pub(crate) head: u32,
    pub(crate) tail: u32,
    pub(crate) length: u32,
}

pub(crate) const NO_PATH: Path = Path { head: NONE, tail: NONE, length: 0 };

impl Task {
    pub(crate) fn new(role: Role, parent: u32, request: u32, at: u32) -> Self {
        Self {
            parent,
            request,
            role,
            step: NONE,
            at,
            pending: 0,
            left: 0,
            station: NONE,
            next: NONE,
            path: NO_PATH,
            refused_by: NONE,
            detached: false,
            hit: true,
            inside: false,
            measured: false,
            arrived: 0,
            started: 0,
            waiting: 0,
            serving: 0,
            network: 0,
        }
    }
}

/// Things in numbered places; a place is used again after it was left.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    places: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(crate) fn insert(&mut self, thing: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = thing;
            return place;
        }
        self.places.push(thing);
        (self.places.len() - 1) as u32
    }

    pub(crate) fn remove(&mut self, place: u32) {
        self.free.push(place);
    }

    pub(crate) fn live(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Everything still in its place, for sums at the end of a run.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let mut left = vec![false; self.places.len()];
        self.free.iter().for_each(|&place| left[place as usize] = true);
        self.places.iter().zip(left).filter(|(_, left)| !left).map(|(thing, _)| thing)
    }
}

impl<T> std::ops::Index<u32> for Slab<T> {
    type Output = T;

    fn index(&self, place: u32) -> &T {
        &self.places[place as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Slab<T> {
    fn index_mut(&mut self, place: u32) -> &mut T {
        &mut self.places[place as usize]
    }
}
