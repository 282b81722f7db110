//! What is known of the express before anybody rides: which classes may, which boxes at the
//! beginning of their way are only passed through, and all that a ride must know of each call.

use super::super::quiet::Way;
use crate::agenda::{CALENDAR, Lane};
use crate::job::{EXPRESS, Frame, Job, NOT_YET};
use crate::policy::Guard;
use crate::program::{Op, Step, Verb};
use crate::station::{SLOW, STOPPED, UNLIMITED};
use crate::table::{Table, Tap};
use crate::time::{Ns, Window};

/// Requests with more places to spend time at do not ride.
const MOST_SLOTS: usize = 16;

#[derive(Debug, Default, PartialEq)]
pub(in crate::run) struct Express {
    /// By class.
    pub(in crate::run) routes: Vec<Route>,
    /// By step, and after them the boxes that are passed through, of all classes.
    pub(super) stops: Vec<Stop>,
    /// The operations of all programs, each at its place.
    pub(super) moves: Vec<Move>,
    /// By source: the class, where all of its requests ride.
    pub(super) taps: Vec<Option<u32>>,
    /// By class: what has passed through the boxes at the beginning and is not yet written down.
    pub(super) passed: Vec<Passed>,
}

/// Requests that came to the boxes at the beginning, and that left them. All that an account says
/// of a box where nobody waits is in these.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Passed {
    pub(crate) came: u64,
    pub(crate) left: u64,
    /// Sums of the moments of coming and of leaving, and of the times between [ns].
    pub(crate) coming: u128,
    pub(crate) leaving: u128,
    pub(crate) spent: u128,
    /// The part of that inside the measured window.
    #[cfg(debug_assertions)]
    pub(crate) residence: u128,
}

impl Passed {
    #[inline(always)]
    pub(super) fn comes(&mut self, now: Ns) {
        self.came += 1;
        self.coming += u128::from(now);
    }

    #[inline(always)]
    pub(super) fn leaves(&mut self, came: Ns, now: Ns, window: Window) {
        self.left += 1;
        self.leaving += u128::from(now);
        self.spent += u128::from(now - came);
        #[cfg(debug_assertions)]
        {
            self.residence += u128::from(window.passed(now) - window.passed(came));
        }
        #[cfg(not(debug_assertions))]
        let _ = window;
    }
}

/// What a job does next, as [`Op`] has it; small, and only what the express knows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Move {
    Enter(u32),
    Arrive(u32),
    Served(u32),
    /// The same where nothing is called after the service.
    ServedLast(u32),
    Exit(u32),
    /// Out of the boxes that were passed through, and on there.
    PassOut(u32),
    Return(u32),
    OnHit(u32),
    Fill,
    Chance(u32),
    Goto(u32),
    Finish,
    /// Not for the express.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::run) struct Route {
    /// Whether requests of the class may ride.
    pub(in crate::run) open: bool,
    /// Places of the boxes passed through at the beginning.
    pub(super) passes: (u32, u32),
    /// The operation after them.
    pub(super) at: u32,
    /// Whether the first of them is called with a time-out.
    pub(super) guarded: bool,
}

/// A call of the plan, as far as a ride has to do with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::run) struct Stop {
    /// Made since they were last written down at the edge.
    pub(super) calls: u64,
    pub(super) to: u32,
    pub(super) edge: u32,
    pub(super) first: u32,
    pub(super) replicas: u32,
    pub(super) workers: u32,
    pub(super) queue: u32,
    pub(super) step: u32,
    /// How likely a read finds what it wants, where that is drawn [billionths].
    pub(super) assumed: u32,
    /// The operations that end the visit, that follow it, and that follow it on a hit.
    pub(super) exit: u32,
    pub(super) next: u32,
    pub(super) on_hit: u32,
    pub(super) slot: u16,
    pub(super) way: Way,
    pub(super) depth: u8,
    pub(super) looks_up: bool,
    pub(super) holds: bool,
    /// No frame is written for it, because it takes no time; or one is, because it goes on after
    /// the service.
    pub(super) passes: bool,
    pub(super) keeps: bool,
    /// It is over with its service.
    pub(super) last: bool,
    /// A balancer looks at how many calls are open at each replica.
    pub(super) counted: bool,
    /// Its caller has a time-out, or counts what is under way.
    pub(super) guarded: bool,
    /// Counted or guarded, or it takes time on the way.
    pub(super) odd: bool,
    pub(super) lane: Lane,
    pub(super) there_lane: Lane,
    pub(super) back_lane: Lane,
    pub(super) timeout_lane: Lane,
    pub(super) there: Ns,
    pub(super) back: Ns,
    pub(super) timeout: Ns,
}

impl Express {
    pub(in crate::run) fn new(table: &Table) -> Self {
        let stops: Vec<(Stop, bool)> = (0..table.programs.steps.len()).map(|step| stop(table, step)).collect();
        let moves = table.programs.ops.iter().zip(1..).map(|(op, next)| move_of(*op, next)).collect();
        let mut express = Self {
            routes: Vec::new(),
            stops: stops.iter().map(|(stop, _)| *stop).collect(),
            moves,
            taps: Vec::new(),
            passed: vec![Passed::default(); table.classes.len()],
        };
        for (class, slots) in table.classes.iter().zip(&table.programs.slots) {
            let open = slots.len() <= MOST_SLOTS
                && ops_of(table, class.program).all(|op| match op {
                    Op::Send(step) => stops[step as usize].1,
                    Op::Fill(step) => table.components[table.programs.steps[step as usize].to as usize].assumed.is_some(),
                    Op::Arrive(_) | Op::Served(_) | Op::Settled(_) | Op::Exit(_) | Op::Return(_) | Op::OnHit { .. } | Op::Chance { .. } => {
                        true
                    }
                    _ => false,
                });
            let from = express.stops.len() as u32;
            let mut at = class.program;
            while open
                && let Op::Send(step) = table.programs.ops[at as usize]
                && passes(table, &table.programs.steps[step as usize], &express.stops[step as usize])
                && express.stops[from as usize..].last().is_none_or(|outer| leave_together(table, outer.step, step))
            {
                express.stops[step as usize].passes = true;
                express.stops.push(express.stops[step as usize]);
                at += 3;
            }
            let passes = (from, express.stops.len() as u32);
            let guarded = express.note_way_out(table, passes);
            if open {
                express.note_ends(table, class.program);
            }
            express.routes.push(Route { open, passes, at, guarded });
        }
        express.taps = table.taps.iter().map(|tap| express.class_of(tap)).collect();
        express
    }

    /// Whether requests of a class ride.
    pub(in crate::run) fn is_open_to(&self, class: u32) -> bool {
        self.routes[class as usize].open
    }

    /// Sources are left to others, who look at each request that they send.
    pub(in crate::run) fn leave_sources(&mut self) {
        self.taps.fill(None);
    }

    /// Nobody rides.
    pub(in crate::run) fn close(&mut self) {
        self.leave_sources();
        self.routes.iter_mut().for_each(|route| route.open = false);
    }

    #[cfg(debug_assertions)]
    pub(in crate::run) fn is_counted(&self, step: u32) -> bool {
        self.stops[step as usize].counted
    }

    fn class_of(&self, tap: &Tap) -> Option<u32> {
        match tap.classes[..] {
            [(class, _)] if tap.source.is_single() && self.routes[class as usize].open => Some(class),
            _ => None,
        }
    }

    /// Visits that are over with their service, and what follows them; and which others leave
    /// something to be done at their end.
    fn note_ends(&mut self, table: &Table, program: u32) {
        for (op, at) in ops_of(table, program).zip(program..) {
            let Op::Served(step) = op else { continue };
            let stop = &mut self.stops[step as usize];
            let settles = matches!(table.programs.ops[at as usize + 1], Op::Settled(_));
            stop.last = at + 1 + u32::from(settles) == stop.exit && !stop.passes;
            if stop.last {
                self.moves[at as usize] = Move::ServedLast(step);
                continue;
            }
            let must_know = stop.counted || stop.back > 0;
            stop.keeps = stop.holds || stop.replicas > 1 && must_know;
            let leaves_nothing = !stop.holds && !must_know && !stop.guarded;
            if leaves_nothing && !stop.passes {
                self.moves[stop.exit as usize] = Move::Goto(stop.exit + 2);
            }
        }
        for op in ops_of(table, program) {
            let Op::Send(step) = op else { continue };
            let stop = &self.stops[step as usize];
            let (next, on_hit) = match table.programs.ops[stop.exit as usize + 2] {
                Op::OnHit { to } if stop.looks_up => (stop.exit + 3, to),
                _ => (stop.exit + 2, stop.exit + 2),
            };
            let (next, on_hit) = (self.after(next), self.after(on_hit));
            let stop = &mut self.stops[step as usize];
            (stop.next, stop.on_hit) = (next, on_hit);
        }
    }

    /// The first operation from here on that is something to do.
    pub(super) fn after(&self, mut at: u32) -> u32 {
        while let Move::Goto(to) = self.moves[at as usize] {
            at = to;
        }
        at
    }

    /// The ways out of all that was passed through are one move. Whether there is a guard.
    fn note_way_out(&mut self, table: &Table, passes: (u32, u32)) -> bool {
        let passed = &self.stops[passes.0 as usize..passes.1 as usize];
        let (Some(first), Some(last)) = (passed.first(), passed.last()) else { return false };
        let exit = |stop: &Stop| table.programs.steps[stop.step as usize].exit;
        let guarded = first.guarded;
        self.moves[exit(last) as usize] = Move::PassOut(exit(first) + 2);
        guarded
    }
}

fn move_of(op: Op, next: u32) -> Move {
    match op {
        Op::Send(step) => Move::Enter(step),
        Op::Arrive(step) => Move::Arrive(step),
        Op::Served(step) => Move::Served(step),
        Op::Exit(step) => Move::Exit(step),
        Op::Return(step) => Move::Return(step),
        Op::OnHit { to } => Move::OnHit(to),
        Op::Chance { to, .. } => Move::Chance(to),
        Op::Fill(_) => Move::Fill,
        // Where nothing but service happens there is nothing more to wait for.
        Op::Settled(_) => Move::Goto(next),
        Op::Finish => Move::Finish,
        _ => Move::Never,
    }
}

/// What a class does, without the end.
pub(super) fn ops_of(table: &Table, program: u32) -> impl Iterator<Item = Op> {
    table.programs.ops[program as usize..].iter().copied().take_while(|op| !matches!(op, Op::Finish | Op::BranchEnd))
}

/// Whether nothing can happen to a call but that it goes there and comes back at once.
fn passes(table: &Table, step: &Step, stop: &Stop) -> bool {
    let component = &table.components[step.to as usize];
    let free = stop.workers == UNLIMITED && stop.queue > 0 && stop.holds && !stop.looks_up;
    free && stop.way == Way::Only && component.service.constant() == Some(0) && stop.there == 0 && stop.back == 0
}

/// Whether a call returns to a box that then returns at once.
fn leave_together(table: &Table, outer: u32, inner: u32) -> bool {
    table.programs.steps[inner as usize].exit + 2 == table.programs.steps[outer as usize].exit
}

/// A call, and whether it may be made on the express.
fn stop(table: &Table, number: usize) -> (Stop, bool) {
    let (step, hop) = (&table.programs.steps[number], &table.hops[number]);
    let (edge, component) = (&table.edges[step.edge as usize], &table.components[step.to as usize]);
    let way = Way::simple(edge.choice.policy, component.replicas);
    let stations = &table.stations[component.first as usize..(component.first + component.replicas) as usize];
    let all_well = stations.iter().all(|station| station.state & (STOPPED | SLOW) == 0);
    let plain_choice = !component.picky && (component.replicas == 1 || edge.choice.is_plain());
    let silent = edge.simple && table.distances.all_near && hop.slow_start == 0;
    let guarded = edge.guard.is_some();
    let plain_guard = edge.guard.as_ref().is_none_or(|guard| step.depth == 1 && is_plain(guard));
    let counted = is_counted(table, step.to);
    let stop = Stop {
        calls: 0,
        to: step.to,
        edge: step.edge,
        first: component.first,
        replicas: component.replicas,
        workers: component.workers,
        queue: component.queue,
        step: number as u32,
        exit: step.exit,
        next: 0,
        on_hit: 0,
        assumed: component.assumed.map_or(0, |share| share.min(1_000_000_000) as u32),
        slot: step.slot,
        way,
        depth: step.depth,
        looks_up: component.assumed.is_some() && step.verb == Verb::Read,
        holds: component.holds,
        passes: false,
        keeps: false,
        last: false,
        counted,
        guarded,
        odd: counted || guarded || hop.there > 0 || hop.back > 0,
        lane: component.lane,
        there_lane: if hop.there > 0 { hop.there_lane } else { CALENDAR },
        back_lane: if hop.back > 0 { hop.back_lane } else { CALENDAR },
        timeout_lane: edge.timeout_lane,
        there: hop.there,
        back: hop.back,
        timeout: edge.guard.as_ref().and_then(|guard| guard.timeout).unwrap_or(NOT_YET),
    };
    (stop, all_well && plain_choice && silent && plain_guard && !component.special)
}

/// Whether some balancer looks at the calls that are open at each replica.
fn is_counted(table: &Table, component: u32) -> bool {
    let looks = |number: u32| !table.edges[number as usize].choice.is_plain();
    table.programs.edges.iter().any(|((_, to), number)| *to == component && looks(*number))
}

/// Whether a job waits in the queue of a station.
#[inline(always)]
pub(in crate::run) fn waits_at(job: &Job, frame: &Frame, number: u32) -> bool {
    let (station, arrived, started) =
        if job.flags & EXPRESS > 0 { (job.station, job.arrived, job.begun) } else { (frame.station, frame.arrived, frame.started) };
    station == number && arrived != NOT_YET && started == NOT_YET
}

/// A guard that lets every first attempt through.
fn is_plain(guard: &Guard) -> bool {
    guard.budget.is_none() && guard.bulkhead.is_none() && guard.breaker.is_none() && guard.throttle.is_none()
}
