//! The common path in one loop: requests of which every call is plain, at components that only
//! let calls wait and serve them, until something else happens. It does what `go`, `call` and
//! `visit` do, to the same jobs, stations and accounts, in the same order and with the same draws;
//! a report does not tell which of them a request took. What it leaves out is asking, again and
//! again, for things that are known beforehand not to be so.
//!
//! A job that rides the express keeps the visit it is in on itself, and has frames only of visits
//! that it will come back to. Whoever else has to do with it lets it alight first.

mod alight;
mod routes;
pub(super) mod tiers;

use super::{Action, Actions, GOING, Run};
use crate::agenda::{Agenda, CALENDAR, Event, Lane};
use crate::balance::in_turn;
use crate::job::{EXPRESS, Frame, HIT, Job, Jobs, MEASURED, NETWORK, NONE, NOT_YET, ROOT, SERVING, Span, WAITING, next_stamp};
use crate::network::Edge;
use crate::program::{ALWAYS, Op};
use crate::random::Ziggurat;
pub(crate) use crate::run::express::routes::Passed;
pub(super) use crate::run::express::routes::{Express, waits_at};
use crate::run::express::routes::{Move, Route, Stop};
use crate::run::quiet::Way;
use crate::station::{Component, STOPPED, Station};
use crate::table::{Load, Tap};
use crate::tally::{ClassTally, End};
use crate::time::{Ns, Window, later};

/// What comes after the loop.
pub(super) enum Next {
    /// An event that is not for the express, taken from the agenda.
    Event(Option<(Ns, u64, Event)>),
    /// Something goes on at this moment, or the steps asked for are taken.
    Nothing,
    /// A job is refused at the door where it stands.
    Refused(u32),
}

/// A run, as far as the express has to do with it: each table borrowed once.
struct Ride<'a> {
    now: Ns,
    /// The loop ends after so many steps of the run.
    until: u64,
    /// A job for which there is no room where it has arrived.
    refused: Option<u32>,
    stops: &'a mut [Stop],
    routes: &'a [Route],
    moves: &'a [Move],
    ops: &'a [Op],
    components: &'a mut [Component],
    stations: &'a mut [Station],
    edges: &'a mut [Edge],
    classes: &'a mut [Load],
    taps: &'a mut [Tap],
    open_taps: &'a [Option<u32>],
    tally: &'a mut [ClassTally],
    jobs: &'a mut [Job],
    frames: &'a mut [Frame],
    spans: &'a mut [Span],
    free: &'a mut Vec<u32>,
    stamps: &'a mut u32,
    depth: usize,
    slots: usize,
    agenda: &'a mut Agenda,
    actions: &'a mut Actions,
    ready: &'a mut Vec<(u32, u32)>,
    ziggurat: &'a Ziggurat,
    passed: &'a mut [Passed],
    window: Window,
}

/// Who has been taken from a queue, and how long the service takes.
struct Begun {
    place: u32,
    stamp: u32,
    length: Ns,
    rides: bool,
}

/// Instead of the operation at which a job goes on: it waits, or is at its end.
const WAITS: u32 = u32::MAX;

impl Run {
    #[inline(always)]
    fn ride(&mut self, until: u64) -> Ride<'_> {
        let Jobs { jobs, frames, spans, free, stamps, depth, slots, .. } = &mut self.jobs;
        Ride {
            now: self.now,
            until,
            refused: None,
            stops: &mut self.express.stops,
            routes: &self.express.routes,
            moves: &self.express.moves,
            ops: &self.table.programs.ops,
            components: &mut self.table.components,
            stations: &mut self.table.stations,
            edges: &mut self.table.edges,
            classes: &mut self.table.classes,
            taps: &mut self.table.taps,
            open_taps: &self.express.taps,
            tally: &mut self.tally,
            jobs,
            frames,
            spans,
            free,
            stamps,
            depth: *depth,
            slots: *slots,
            agenda: &mut self.agenda,
            actions: &mut self.actions,
            ready: &mut self.ready,
            ziggurat: &self.ziggurat,
            passed: &mut self.express.passed,
            window: self.table.window,
        }
    }

    /// Takes events while they are for the express.
    #[inline(never)]
    pub(super) fn express(&mut self, until: u64) -> Next {
        let (mut events, mut requests, mut sessions) = (self.events, self.requests, self.sessions);
        let drained = self.table.drained;
        let mut ride = self.ride(until);
        let next = loop {
            if events >= ride.until {
                break ride.refused.map_or(Next::Nothing, Next::Refused);
            }
            events += 1;
            let Some((time, ticket, event)) = ride.agenda.next() else { break Next::Event(None) };
            let (place, at) = match event {
                Event::Wake(place) if time <= drained => {
                    let job = &ride.jobs[place as usize];
                    if job.wake != ticket {
                        ride.now = time;
                        continue;
                    }
                    if job.flags & EXPRESS == 0 {
                        break Next::Event(Some((time, ticket, event)));
                    }
                    ride.now = time;
                    (place, job.at)
                }
                Event::Send(tap) => match ride.boards(tap, ticket) {
                    Some((class, place)) => {
                        ride.now = time;
                        requests += 1;
                        // To be sent and to go on are two steps.
                        events += 1;
                        (place, ride.send(tap, class, place, requests, &mut sessions))
                    }
                    None => break Next::Event(Some((time, ticket, event))),
                },
                Event::Timer(slot) if time <= drained && ride.actions.is_called_off(slot) => {
                    ride.now = time;
                    ride.actions.leave(slot);
                    continue;
                }
                _ => break Next::Event(Some((time, ticket, event))),
            };
            ride.follow(place, at);
        };
        let now = ride.now;
        (self.now, self.events, self.requests, self.sessions) = (now, events, requests, sessions);
        self.write_passed();
        next
    }

    /// Writes down what has passed through the boxes at the beginning.
    fn write_passed(&mut self) {
        let express = &mut self.express;
        for (route, passed) in express.routes.iter().zip(&mut express.passed) {
            if passed.came + passed.left == 0 {
                continue;
            }
            for stop in &express.stops[route.passes.0 as usize..route.passes.1 as usize] {
                self.table.components[stop.to as usize].account.pass(passed);
                let edge = &mut self.table.edges[stop.edge as usize];
                edge.calls += passed.came;
                let (came, left) = (passed.came as u32, passed.left as u32);
                if let Some(guard) = &mut edge.guard {
                    guard.under_way = guard.under_way + came - left;
                }
                let station = &mut self.table.stations[stop.first as usize];
                station.got += passed.came;
                station.busy = station.busy + came - left;
                if stop.counted {
                    station.open = station.open + came - left;
                }
            }
            *passed = Passed::default();
        }
    }

    /// Calls made over an arrow since the start of the run.
    pub(crate) fn calls_over(&self, edge: usize) -> u64 {
        let riding = self.express.stops.iter().filter(|stop| stop.edge as usize == edge).map(|stop| stop.calls);
        self.table.edges[edge].calls + riding.sum::<u64>()
    }

    /// A job that was sent by others sets out on the express.
    pub(super) fn set_out(&mut self, place: u32) {
        let mut ride = self.ride(0);
        let at = ride.set_out(place);
        ride.follow(place, at);
        let refused = ride.refused.is_some();
        self.write_passed();
        if refused {
            self.alight(place);
            self.go(place);
        }
    }
}

/// When a source sends its next request, if that is before the end.
#[inline(always)]
fn next_of(tap: &mut Tap, now: Ns, window: Window, ziggurat: &Ziggurat) -> Option<Ns> {
    tap.source.next(now, &mut tap.stream, ziggurat).filter(|&time| time < window.to)
}

impl Ride<'_> {
    /// Whether this is the next event of a source of single requests of one class, which all
    /// ride; the class, and a place for the request.
    #[inline(always)]
    fn boards(&mut self, tap: u32, ticket: u64) -> Option<(u32, u32)> {
        let class = (*self.open_taps.get(tap as usize)?)?;
        if self.taps[tap as usize].next != ticket {
            return None;
        }
        Some((class, self.free.pop()?))
    }

    /// The next request of a source sets out. Where it goes on.
    #[inline(always)]
    fn send(&mut self, number: u32, of: u32, place: u32, request: u64, sessions: &mut u64) -> u32 {
        self.begin(of, place, request, sessions);
        let tap = &mut self.taps[number as usize];
        tap.next = match next_of(tap, self.now, self.window, self.ziggurat) {
            Some(time) => self.agenda.schedule(time, tap.lane, Event::Send(number)),
            None => u64::MAX,
        };
        self.set_out(place)
    }

    /// A new request of a class.
    #[inline(always)]
    fn begin(&mut self, of: u32, place: u32, request: u64, sessions: &mut u64) {
        let now = self.now;
        let class = &mut self.classes[of as usize];
        let (session, key) = (class.session(sessions), class.key(now));
        let measured = self.window.contains(now);
        self.tally[of as usize].sent(measured, now);
        let flags = ROOT | HIT | EXPRESS | if measured { MEASURED } else { 0 };
        let stamp = next_stamp(self.stamps);
        let job = &mut self.jobs[place as usize];
        job.begin(now, class.program, of, flags, session, stamp);
        (job.key, job.deadline, job.request) = (key, now.saturating_add(class.deadline), request);
    }

    /// From the client on: through the boxes at the beginning that take no time.
    #[inline(always)]
    fn set_out(&mut self, place: u32) -> u32 {
        let job = &mut self.jobs[place as usize];
        let (class, route) = (job.class, &self.routes[job.class as usize]);
        job.used = 0;
        if route.passes.1 > route.passes.0 {
            self.passed[class as usize].comes(self.now);
            if route.guarded {
                let stop = self.stops[route.passes.0 as usize];
                self.begin_timer(place, &stop);
            }
        }
        route.at
    }

    /// Goes on at an operation, until there is something to wait for.
    #[inline(always)]
    fn follow(&mut self, place: u32, mut at: u32) {
        while at != WAITS {
            at = match self.moves[at as usize] {
                Move::Enter(step) => self.enter(place, step, at),
                Move::ServedLast(step) => self.served_last(place, step),
                Move::Served(step) => {
                    self.served(place, step);
                    at + 1
                }
                Move::OnHit(to) => {
                    if self.jobs[place as usize].flags & HIT > 0 {
                        to
                    } else {
                        at + 1
                    }
                }
                Move::Exit(step) => self.exit(place, step),
                Move::PassOut(next) => {
                    self.pass_out(place);
                    next
                }
                Move::Finish => {
                    self.finish::<true>(place);
                    WAITS
                }
                Move::Arrive(step) => self.arrive(place, step, at),
                Move::Return(step) => {
                    let station = self.jobs[place as usize].station;
                    self.back_at_caller(place, step, station);
                    at + 1
                }
                // A cache of which only the hit ratio is known keeps nothing.
                Move::Fill => {
                    self.jobs[place as usize].flags |= HIT;
                    at + 1
                }
                Move::Chance(to) => {
                    if self.draws(place, at) {
                        at + 1
                    } else {
                        to
                    }
                }
                Move::Goto(to) => to,
                Move::Never => unreachable!("such a class does not ride"),
            };
        }
    }

    #[inline(never)]
    fn draws(&mut self, place: u32, at: u32) -> bool {
        let Op::Chance { billionths, .. } = self.ops[at as usize] else { return true };
        let class = self.jobs[place as usize].class;
        billionths >= ALWAYS || self.classes[class as usize].calls.chance(billionths.into())
    }

    /// Sends a call: to a replica, over the network, to the door.
    #[inline(always)]
    fn enter(&mut self, place: u32, step: u32, at: u32) -> u32 {
        let stop = &mut self.stops[step as usize];
        stop.calls += 1;
        let chosen = stop.first
            + match stop.way {
                Way::Only => 0,
                Way::RoundRobin => in_turn(&mut self.edges[stop.edge as usize].turn, stop.replicas),
                Way::Random => self.edges[stop.edge as usize].choices.below(stop.replicas.into()) as u32,
                _ => in_turn(&mut self.components[stop.to as usize].turn, stop.replicas),
            };
        if stop.odd {
            return self.enter_oddly(place, step, chosen, at);
        }
        self.stations[chosen as usize].got += 1;
        self.at_door(place, step, chosen, at + 2)
    }

    /// The same for a call that takes time, or is counted by its caller.
    #[inline(never)]
    fn enter_oddly(&mut self, place: u32, step: u32, chosen: u32, at: u32) -> u32 {
        let stop = self.stops[step as usize];
        if stop.guarded {
            self.begin_guard(place, &stop);
        }
        let station = &mut self.stations[chosen as usize];
        station.got += 1;
        station.open += u32::from(stop.counted);
        if stop.there == 0 {
            return self.at_door(place, step, chosen, at + 2);
        }
        let job = &mut self.jobs[place as usize];
        (job.arrived, job.station, job.depth, job.at) = (NOT_YET, chosen, stop.depth, at + 1);
        self.travel(place, stop.slot, stop.there, stop.there_lane);
        WAITS
    }

    /// It was on its way for a while.
    #[inline(never)]
    fn arrive(&mut self, place: u32, step: u32, at: u32) -> u32 {
        let station = self.jobs[place as usize].station;
        self.at_door(place, step, station, at + 1)
    }

    /// Into the queue, or to a worker. `served` is the operation after the service.
    #[inline(always)]
    fn at_door(&mut self, place: u32, step: u32, number: u32, served: u32) -> u32 {
        let now = self.now;
        let stop = &self.stops[step as usize];
        let component = &mut self.components[stop.to as usize];
        let station = &mut self.stations[number as usize];
        let job = &mut self.jobs[place as usize];
        debug_assert!(station.state & STOPPED == 0, "the express stops where it is served");
        (job.arrived, job.begun, job.at) = (now, now, served);
        (job.station, job.depth) = (number, stop.depth);
        if station.busy >= stop.workers {
            if station.waiting >= stop.queue {
                (job.arrived, job.at) = (NOT_YET, served - 1);
                (self.refused, self.until) = (Some(place), 0);
                return WAITS;
            }
            job.begun = NOT_YET;
            component.account.arrived += 1;
            component.account.enter(now);
            station.enqueue(place, job.stamp);
            component.account.queue_max = component.account.queue_max.max(station.waiting);
            return WAITS;
        }
        component.account.arrived += 1;
        component.account.enter(now);
        station.busy += 1;
        component.account.begin_at_once(now);
        let length = component.service.draw(&mut component.times, self.ziggurat);
        if length == 0 {
            component.account.serve(0);
            if stop.last {
                return self.leave(place, step, number, now, now);
            }
            self.after_service(place, step);
            return served + 1;
        }
        let due = later(now, length);
        job.due = due;
        job.wake = self.agenda.schedule(due, stop.lane, Event::Wake(place));
        WAITS
    }

    /// A worker has done its own part of the call.
    #[inline(always)]
    fn served(&mut self, place: u32, step: u32) {
        let stop = &self.stops[step as usize];
        let job = &self.jobs[place as usize];
        let (waited, served) = (job.begun - job.arrived, self.now - job.begun);
        self.components[stop.to as usize].account.serve(served);
        let slot = stop.slot;
        self.spend(place, slot, waited, served);
        self.after_service(place, step);
    }

    /// The same where nothing is called after the service.
    #[inline(always)]
    fn served_last(&mut self, place: u32, step: u32) -> u32 {
        let stop = &self.stops[step as usize];
        let job = &self.jobs[place as usize];
        let (arrived, begun, number) = (job.arrived, job.begun, job.station);
        let (waited, served) = (begun - arrived, self.now - begun);
        self.components[stop.to as usize].account.serve(served);
        let slot = stop.slot;
        self.spend(place, slot, waited, served);
        self.leave(place, step, number, arrived, begun)
    }

    /// Out of a visit that is over with its service.
    #[inline(always)]
    fn leave(&mut self, place: u32, step: u32, number: u32, arrived: Ns, begun: Ns) -> u32 {
        let stop = &self.stops[step as usize];
        let mut next = stop.next;
        let component = &mut self.components[stop.to as usize];
        if stop.looks_up {
            let hit = component.draw_hit(stop.assumed.into());
            self.jobs[place as usize].set(HIT, hit);
            if hit {
                next = stop.on_hit;
            }
        }
        component.account.finished += 1;
        component.account.leave_served(arrived, begun, self.now, self.window);
        let odd = stop.odd;
        let station = &mut self.stations[number as usize];
        station.busy -= 1;
        if station.waiting > 0 {
            self.take_next(number);
        }
        if odd {
            return self.go_back(place, step, number, next);
        }
        next
    }

    /// The answer on its way, and at the caller; where that goes on.
    #[inline(never)]
    fn go_back(&mut self, place: u32, step: u32, number: u32, next: u32) -> u32 {
        let stop = self.stops[step as usize];
        if stop.back == 0 {
            self.back_at_caller(place, step, number);
            return next;
        }
        let job = &mut self.jobs[place as usize];
        (job.arrived, job.station, job.depth, job.at) = (NOT_YET, number, stop.depth, stop.exit + 1);
        self.travel(place, stop.slot, stop.back, stop.back_lane);
        WAITS
    }

    #[inline(always)]
    fn spend(&mut self, place: u32, slot: u16, waited: Ns, served: Ns) {
        let job = &mut self.jobs[place as usize];
        let span = &mut self.spans[place as usize * self.slots + usize::from(slot)];
        let bit = 1 << slot;
        if job.used & bit == 0 {
            job.used |= bit;
            *span = [waited, served, 0];
        } else {
            span[WAITING] += waited;
            span[SERVING] += served;
        }
    }

    /// What follows the service of a visit that goes on, or took no time.
    #[inline(always)]
    fn after_service(&mut self, place: u32, step: u32) {
        let stop = &self.stops[step as usize];
        let job = &mut self.jobs[place as usize];
        if stop.looks_up {
            let component = &mut self.components[stop.to as usize];
            let hit = component.draw_hit(stop.assumed.into());
            job.set(HIT, hit);
        }
        let (arrived, begun, number) = (job.arrived, job.begun, job.station);
        if stop.keeps {
            let frame = &mut self.frames[place as usize * self.depth + usize::from(stop.depth)];
            (frame.arrived, frame.started, frame.station) = (if stop.holds { arrived } else { NOT_YET }, begun, number);
        }
        if !stop.holds {
            self.release(step, number, arrived, begun);
        }
    }

    /// A worker is free again and takes the next who waits.
    #[inline(always)]
    fn release(&mut self, step: u32, number: u32, arrived: Ns, begun: Ns) {
        let account = &mut self.components[self.stops[step as usize].to as usize].account;
        account.finished += 1;
        account.leave_served(arrived, begun, self.now, self.window);
        let station = &mut self.stations[number as usize];
        station.busy -= 1;
        if station.waiting > 0 {
            self.take_next(number);
        }
    }

    /// The next who waits is served.
    #[inline(never)]
    fn take_next(&mut self, number: u32) {
        let Some(next) = self.begin_next(number) else { return };
        if next.length == 0 {
            self.jobs[next.place as usize].wake = GOING;
            self.ready.push((next.place, next.stamp));
            self.until = 0;
        } else {
            let due = later(self.now, next.length);
            let lane = self.components[self.stations[number as usize].component as usize].lane;
            let wake = self.agenda.schedule(due, lane, Event::Wake(next.place));
            let job = &mut self.jobs[next.place as usize];
            (job.due, job.wake) = (due, wake);
        }
    }

    /// A worker takes the next who waits; it may be anybody's.
    #[inline(always)]
    fn begin_next(&mut self, number: u32) -> Option<Begun> {
        let now = self.now;
        let station = &mut self.stations[number as usize];
        let component = &mut self.components[station.component as usize];
        while let Some((place, stamp)) = station.dequeue_first() {
            let job = &mut self.jobs[place as usize];
            let frame = &mut self.frames[place as usize * self.depth + usize::from(job.depth)];
            // Whoever left the queue is still named in it.
            if job.stamp != stamp || !waits_at(job, frame, number) {
                continue;
            }
            station.waiting -= 1;
            station.busy += 1;
            let rides = job.flags & EXPRESS > 0;
            let arrived = if rides { job.arrived } else { frame.arrived };
            component.account.begin(arrived, now);
            if arrived < now && self.window.contains(now) {
                component.waits.record(now - arrived);
            }
            if rides {
                job.begun = now;
            } else {
                (frame.started, frame.begun) = (now, now);
            }
            let length = component.service.draw(&mut component.times, self.ziggurat);
            return Some(Begun { place, stamp, length, rides });
        }
        None
    }

    /// The end of a visit that went on after its service, and the answer on its way.
    #[inline(always)]
    fn exit(&mut self, place: u32, step: u32) -> u32 {
        let stop = &self.stops[step as usize];
        let (mut number, next, odd) = (stop.first, stop.exit + 2, stop.odd);
        if stop.keeps {
            let frame = &self.frames[place as usize * self.depth + usize::from(stop.depth)];
            number = frame.station;
            let (arrived, started) = (frame.arrived, frame.started);
            if stop.holds {
                self.release(step, number, arrived, started);
            }
        }
        if odd { self.go_back(place, step, number, next) } else { next }
    }

    #[inline(never)]
    fn back_at_caller(&mut self, place: u32, step: u32, station: u32) {
        let stop = self.stops[step as usize];
        if stop.counted {
            self.stations[station as usize].open -= 1;
        }
        if stop.guarded {
            self.end_guard(place, &stop);
        }
    }

    /// Out of all that was passed through.
    #[inline(always)]
    fn pass_out(&mut self, place: u32) {
        let job = &self.jobs[place as usize];
        let (came, timer, class) = (job.intended, job.timer, job.class);
        self.passed[class as usize].leaves(came, self.now, self.window);
        if self.routes[class as usize].guarded {
            self.end_timer(place, timer);
        }
    }

    #[inline(never)]
    fn travel(&mut self, place: u32, slot: u16, delay: Ns, lane: Lane) {
        self.spend(place, slot, 0, 0);
        self.spans[place as usize * self.slots + usize::from(slot)][NETWORK] += delay;
        let due = later(self.now, delay);
        let job = &mut self.jobs[place as usize];
        job.due = due;
        job.wake = self.agenda.schedule(due, lane, Event::Wake(place));
    }

    /// A caller that counts what is under way, and may have a time-out.
    #[inline(never)]
    fn begin_guard(&mut self, place: u32, stop: &Stop) {
        if let Some(guard) = &mut self.edges[stop.edge as usize].guard {
            guard.under_way += 1;
        }
        self.jobs[place as usize].sent = self.now;
        self.begin_timer(place, stop);
    }

    #[inline(always)]
    fn begin_timer(&mut self, place: u32, stop: &Stop) {
        let mut timer = NONE;
        if stop.timeout != Ns::MAX {
            timer = self.actions.enter(Action::Timeout { job: place, depth: stop.depth, step: stop.step });
            self.agenda.schedule(later(self.now, stop.timeout), stop.timeout_lane, Event::Timer(timer));
        }
        self.jobs[place as usize].timer = timer;
    }

    #[inline(never)]
    fn end_guard(&mut self, place: u32, stop: &Stop) {
        if let Some(guard) = &mut self.edges[stop.edge as usize].guard {
            guard.under_way -= 1;
        }
        let timer = self.jobs[place as usize].timer;
        self.end_timer(place, timer);
    }

    #[inline(always)]
    fn end_timer(&mut self, place: u32, timer: u32) {
        if timer != NONE {
            self.actions.call_off(timer);
            self.jobs[place as usize].timer = NONE;
        }
    }

    /// The client has its answer. It may have `TRAVELLED`, or else no time went by on the way.
    #[inline(always)]
    fn finish<const TRAVELLED: bool>(&mut self, place: u32) {
        let job = &mut self.jobs[place as usize];
        let (class, session, used) = (job.class, job.session, job.used);
        let load = &mut self.classes[class as usize];
        let end = End {
            intended: job.intended,
            now: self.now,
            measured: job.flags & MEASURED > 0,
            good: load.deadline == Ns::MAX || self.now - job.intended <= load.deadline,
            retries: 0,
        };
        // What still comes for this place finds nobody.
        (job.wake, job.stamp, job.flags) = (u64::MAX, NONE, ROOT);
        self.free.push(place);
        let spans = &self.spans[place as usize * self.slots..];
        self.tally[class as usize].arrived::<TRAVELLED>(&end, spans, used);
        if load.users > 0 {
            let time = later(self.now, load.think.draw(&mut load.arrivals, self.ziggurat));
            if time < self.window.to {
                self.agenda.schedule(time, CALENDAR, Event::Send(self.taps.len() as u32 + session));
            }
        }
    }
}
