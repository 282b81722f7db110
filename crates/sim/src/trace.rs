//! Some requests looked at closely: every call that was made for them, when, and what came of it.
//! Which requests these are is decided by their numbers, so looking draws nothing at random and
//! changes no result. Where in a run the looking is done, is in `run::tracing`.

use sorted::{BTreeMap, Tree};

use crate::job::{Cause, NONE, NOT_YET};
use crate::table::Table;
use crate::time::Ns;

/// So many requests of all classes are looked at, up to twice as many; the slowest among them are
/// about the slowest thousandth of a class.
const LOOKED_AT: usize = 500;
/// And so many are shown at most, spread evenly over the run.
const SHOWN: usize = 48;
/// Besides these, so many of each class that took longest.
const SLOWEST: usize = 3;
/// Calls kept of one request; a page may need thousands.
const SPANS: usize = 200;

/// A request that was looked at closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Its number among all requests of the run.
    pub request: u64,
    pub class: String,
    /// When it was meant to be sent [ns].
    pub sent: u64,
    /// When its client had the answer, or knew that there would be none [ns]; none if it was still
    /// under way when the run ended.
    pub ended: Option<u64>,
    /// "answered", or component and cause as in "db: queue full".
    pub outcome: Option<String>,
    /// Whether it is one of those spread evenly over the run, which say how requests usually go.
    /// The others were added because they took longest.
    pub is_sample: bool,
    /// Whether it made more calls than are kept here: they are the first so many.
    pub is_cut: bool,
    /// In the order in which they were made, so that a caller stands before those it calls.
    pub spans: Vec<Span>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The call in whose course it was made, as an index of the list; none if the client made it.
    pub parent: Option<usize>,
    pub component: String,
    /// Counted from 1; none if the caller's policies did not let it out.
    pub replica: Option<u32>,
    /// Counted from 1.
    pub attempt: u32,
    /// [ns], all of them.
    pub sent: u64,
    pub arrived: Option<u64>,
    /// When a worker took it.
    pub began: Option<u64>,
    /// When it left its worker, or the queue without one.
    pub left: Option<u64>,
    /// When its caller knew what came of it; what was still done then was done for nobody.
    pub ended: Option<u64>,
    /// "answered", "called back" or a cause, with its component if that is another; none if nobody
    /// waited for it to the end of the run.
    pub outcome: Option<String>,
}

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Open,
    Answered,
    CalledBack,
    Failed { cause: Cause, at: u32 },
}

#[derive(Debug, Clone)]
struct Call {
    parent: u32,
    component: u32,
    replica: u32,
    attempt: u32,
    sent: Ns,
    arrived: Ns,
    began: Ns,
    left: Ns,
    ended: Ns,
    outcome: Outcome,
}

/// A new call: to which component, which of its replicas (`NONE` if to none), and which attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewCall {
    pub(crate) component: u32,
    pub(crate) replica: u32,
    pub(crate) attempt: u32,
}

#[derive(Debug, Clone)]
struct Looked {
    class: u32,
    /// Its number among the measured requests of its class.
    number: u64,
    sent: Ns,
    ended: Ns,
    outcome: Outcome,
    is_cut: bool,
    calls: Vec<Call>,
}

/// Who is looked at, and what has been seen.
#[derive(Debug, Default)]
pub(crate) struct Tracer {
    is_on: bool,
    /// Jobs under way that belong to requests that are, or were, looked at.
    pub(crate) live: u32,
    /// By class: every so many-th request is looked at, and so many are.
    strides: Vec<(u64, usize)>,
    looked: Tree<u64, Looked>,
    /// The call that a job is in at each depth: request and index. At depth 0 that of whoever made
    /// the job.
    open: Tree<(u32, u8), (u64, u32)>,
}

impl Tracer {
    pub(crate) fn switch_on(&mut self, classes: usize) {
        self.is_on = true;
        self.strides = vec![(1, 0); classes];
    }

    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whether this one is looked at: the `number`-th measured of its class. If they become too
    /// many, every second one is forgotten, so that those left are as evenly spread as before.
    pub(crate) fn takes(&mut self, request: u64, class: u32, number: u64, now: Ns) -> bool {
        let most = 2 * LOOKED_AT / self.strides.len().clamp(1, 50);
        let (stride, count) = &mut self.strides[class as usize];
        if !number.is_multiple_of(*stride) {
            return false;
        }
        let new = Looked { class, number, sent: now, ended: NOT_YET, outcome: Outcome::Open, is_cut: false, calls: Vec::new() };
        self.looked.insert(request, new);
        *count += 1;
        if *count > most {
            *stride *= 2;
            let stride = *stride;
            self.looked.retain(|_, looked| looked.class != class || looked.number.is_multiple_of(stride));
            self.strides[class as usize].1 = self.looked.values().filter(|looked| looked.class == class).count();
        }
        true
    }

    pub(crate) fn knows(&self, request: u64) -> bool {
        self.looked.contains_key(&request)
    }

    /// A call is made by a job in its visit above `depth`.
    pub(crate) fn call(&mut self, request: u64, place: u32, depth: u8, call: NewCall, now: Ns) {
        let parent = depth.checked_sub(1).and_then(|above| self.open.get(&(place, above)));
        let parent = parent.filter(|(of, _)| *of == request).map_or(NONE, |(_, index)| *index);
        self.open.remove(&(place, depth));
        let Some(looked) = self.looked.get_mut(&request) else { return };
        if looked.calls.len() >= SPANS {
            looked.is_cut = true;
            return;
        }
        self.open.insert((place, depth), (request, looked.calls.len() as u32));
        let NewCall { component, replica, attempt } = call;
        let (arrived, began, left, ended) = (NOT_YET, NOT_YET, NOT_YET, NOT_YET);
        looked.calls.push(Call { parent, component, replica, attempt, sent: now, arrived, began, left, ended, outcome: Outcome::Open });
    }

    fn at(&mut self, place: u32, depth: u8) -> Option<&mut Call> {
        let (request, index) = self.open.get(&(place, depth))?;
        self.looked.get_mut(request)?.calls.get_mut(*index as usize)
    }

    /// A visit is over, served or not.
    pub(crate) fn left(&mut self, place: u32, depth: u8, arrived: Ns, began: Ns, now: Ns) {
        if let Some(call) = self.at(place, depth) {
            (call.arrived, call.began, call.left) = (arrived, began, now);
        }
    }

    /// The caller knows what came of a call; what it hears later is of no use to it.
    pub(crate) fn ended(&mut self, place: u32, depth: u8, outcome: Outcome, now: Ns) {
        if let Some(call) = self.at(place, depth).filter(|call| call.outcome == Outcome::Open) {
            (call.outcome, call.ended) = (outcome, now);
        }
    }

    pub(crate) fn finished(&mut self, request: u64, outcome: Outcome, now: Ns) {
        if let Some(looked) = self.looked.get_mut(&request) {
            (looked.outcome, looked.ended) = (outcome, now);
        }
    }

    /// A job begins inside another, in its visit at `depth`.
    pub(crate) fn branch(&mut self, parent: u32, depth: u8, child: u32) {
        self.live += 1;
        if let Some(inside) = self.open.get(&(parent, depth)).copied() {
            self.open.insert((child, 0), inside);
        }
    }

    /// A job that deals with a message begins: inside the last call to the broker that had it.
    pub(crate) fn message(&mut self, request: u64, broker: u32, job: u32) {
        self.live += 1;
        let calls = self.looked.get(&request).map_or(&[][..], |looked| &looked.calls);
        if let Some(index) = calls.iter().rposition(|call| call.component == broker) {
            self.open.insert((job, 0), (request, index as u32));
        }
    }

    /// A job is parted: what lies above `depth` is its caller's, a new job.
    pub(crate) fn split(&mut self, place: u32, caller: u32, depth: u8) {
        self.live += 1;
        let above: Vec<_> = self.open.range((place, 0)..(place, depth)).map(|(key, call)| (key.1, *call)).collect();
        for (above, call) in above {
            self.open.remove(&(place, above));
            self.open.insert((caller, above), call);
        }
    }

    pub(crate) fn removed(&mut self, place: u32) {
        self.live -= 1;
        let open: Vec<_> = self.open.range((place, 0)..=(place, u8::MAX)).map(|(key, _)| *key).collect();
        for key in open {
            self.open.remove(&key);
        }
    }

    /// Those to be shown, in the order in which they were sent.
    pub(crate) fn traces(&self, table: &Table) -> Vec<Trace> {
        let mut shown: BTreeMap<u64, bool> = BTreeMap::new();
        for class in 0..self.strides.len() as u32 {
            let of: Vec<(&u64, &Looked)> = self.looked.iter().filter(|(_, looked)| looked.class == class).collect();
            let mut slowest: Vec<(u64, u64)> = Vec::new();
            for (request, looked) in of.iter().filter(|(_, looked)| looked.ended != NOT_YET) {
                // The few slowest in order, the slowest first.
                let took = looked.ended - looked.sent;
                let at = slowest.partition_point(|(other, _)| *other >= took);
                slowest.insert(at, (took, **request));
                slowest.truncate(SLOWEST);
            }
            shown.extend(slowest.iter().map(|(_, request)| (*request, false)));
            let most = (SHOWN / self.strides.len()).max(1);
            let mut stride = 1;
            let within = |stride: u64| of.iter().filter(move |(_, looked)| looked.number.is_multiple_of(stride));
            while within(stride).count() > most {
                stride *= 2;
            }
            shown.extend(within(stride).map(|(request, _)| (**request, true)));
        }
        shown.into_iter().filter_map(|(request, is_sample)| Some(self.looked.get(&request)?.tell(request, is_sample, table))).collect()
    }
}

impl Looked {
    fn tell(&self, request: u64, is_sample: bool, table: &Table) -> Trace {
        Trace {
            request,
            class: table.classes[self.class as usize].name.clone(),
            sent: self.sent,
            ended: known(self.ended),
            outcome: self.outcome.tell(NONE, table),
            is_sample,
            is_cut: self.is_cut,
            spans: self.calls.iter().map(|call| call.tell(table)).collect(),
        }
    }
}

impl Call {
    fn tell(&self, table: &Table) -> Span {
        Span {
            parent: (self.parent != NONE).then_some(self.parent as usize),
            component: table.names[self.component as usize].clone(),
            replica: (self.replica != NONE).then(|| self.replica + 1),
            attempt: self.attempt,
            sent: self.sent,
            arrived: known(self.arrived),
            began: known(self.began),
            left: known(self.left),
            ended: known(self.ended),
            outcome: self.outcome.tell(self.component, table),
        }
    }
}

impl Outcome {
    /// The name of a component is left out where it is `here`.
    fn tell(self, here: u32, table: &Table) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Answered => Some("answered".into()),
            Self::CalledBack => Some("called back".into()),
            Self::Failed { cause, at } if at == here || at == NONE => Some(cause.name().into()),
            Self::Failed { cause, at } => Some(format!("{}: {}", table.names[at as usize], cause.name())),
        }
    }
}

fn known(moment: Ns) -> Option<u64> {
    (moment != NOT_YET).then_some(moment)
}
