//! Calls at the door: the replica that a component chooses by itself, and whom it refuses or holds
//! back. Those who then wait are in `queue`.

use crate::job::{Cause, NONE};
use crate::part::Part;
use crate::part::relational::ReadsFrom;
use crate::program::Verb;
use crate::run::Run;
use crate::station::{DOWN, OFF, Order, STARTING, STOPPED, UNLIMITED};
use crate::time::Ns;

impl Run {
    /// The replica that a component itself sends a call to.
    pub(in crate::run) fn station_by_part(&mut self, place: u32, number: u32) -> Option<u32> {
        let step = &self.table.programs.steps[number as usize];
        let job = &self.jobs[place];
        if job.message != NONE && step.depth == 1 && self.is_first_of_message(place, number) {
            return Some(job.message_station);
        }
        let keyed = self.table.classes[job.class as usize].keys.is_some() || step.data > 0;
        let (key, session, verb) = (job.key, job.session, step.verb);
        let record = (step.data, key);
        // Copies of one call go to different replicas, as long as there are enough.
        let taken = if step.depth == 1 { self.taken_by_siblings(place, step.to) } else { Vec::new() };
        let component = &mut self.table.components[step.to as usize];
        let first = component.first;
        match &mut component.part {
            Part::Sharded(_) | Part::KeyValue(_) if keyed => {
                let all = component.replicas;
                // The first of its copies that is up answers for the others.
                let (home, copies) = match &component.part {
                    Part::KeyValue(part) => (part.home(key), part.copies),
                    Part::Sharded(places) => (places.home(key, all), 1),
                    _ => (0, 1),
                };
                let mut up = (0..copies)
                    .map(|copy| (home + copy) % all)
                    .filter(|&node| self.table.stations[(first + node) as usize].state & DOWN == 0);
                let next = up.clone().find(|node| !taken.contains(node)).or_else(|| up.next());
                Some(first + next.unwrap_or(home % all))
            }
            Part::Relational(part) => {
                let owned = step.modifiers.iter().any(|word| word == "leader")
                    || step.modifiers.iter().any(|word| word == "own") && self.versions.of(record).session == session;
                let read = verb == Verb::Read && !owned && part.followers > 0 && part.reads_from != ReadsFrom::Leader;
                if !read {
                    let leaders = if part.leader < part.leaders { part.leaders } else { 1 };
                    let leader = if leaders > 1 { crate::balance::in_turn(&mut component.turn, leaders) } else { part.leader };
                    return Some(first + leader);
                }
                let any = part.reads_from == ReadsFrom::Any;
                let (leaders, leader, n) = (part.leaders, part.leader, part.followers + if any { part.leaders } else { 0 });
                let stations = &self.table.stations;
                let from = if any { 0 } else { leaders };
                let fits = |node: u32| stations[(first + node) as usize].state & DOWN == 0 && (any || node != leader);
                let mut fitting: Vec<u32> = (from..from + n).filter(|&node| fits(node)).collect();
                if fitting.iter().any(|node| !taken.contains(node)) {
                    fitting.retain(|node| !taken.contains(node));
                }
                match fitting.len() {
                    0 => Some(first + leader),
                    many => Some(first + fitting[component.choices.below(many as u64) as usize]),
                }
            }
            _ => None,
        }
    }

    fn is_first_of_message(&self, place: u32, number: u32) -> bool {
        let job = &self.jobs[place];
        job.message_step == number && job.failed == Cause::None
    }

    /// The station at which a message was handed on, or left in an outbox: where calls come from that
    /// nobody waits for.
    pub(in crate::run) fn origin_of_message(&self, place: u32) -> Option<u32> {
        let job = &self.jobs[place];
        if job.message_of == NONE && job.message_station != NONE {
            return Some(job.message_station);
        }
        (job.message != NONE).then(|| self.table.components[job.message_of as usize].first)
    }

    /// A call at the door of a component that may refuse it, or let it wait for something else.
    pub(in crate::run) fn arrive_special(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (depth, to) = (step.depth, step.to);
        let station_number = self.jobs.frame_of(place, depth).station;
        self.take_reserved(place);
        if self.table.stations[station_number as usize].state & DOWN != 0 {
            return self.reject(place, number, Cause::Down);
        }
        let pause = match self.admit(place, number) {
            Ok(pause) => pause,
            Err(cause) => return self.reject(place, number, cause),
        };
        let class = self.jobs[place].class;
        let now = self.now;
        if self.table.stations[station_number as usize].state & OFF != 0 {
            self.switch_on(station_number);
        }
        let station = &mut self.table.stations[station_number as usize];
        let component = &mut self.table.components[to as usize];
        let component_queue = component.queue;
        let free = station.busy < component.workers && station.state & STOPPED == 0;
        let shared = component.order == Order::Shared;
        let room = if shared {
            component.workers == UNLIMITED
                || component_queue == UNLIMITED
                || station.busy < component.workers.saturating_add(component_queue)
        } else {
            free || station.waiting < component_queue
        };
        if !room {
            return self.reject(place, number, Cause::QueueFull);
        }
        component.account.enter(now);
        self.jobs.frame(place, depth).arrived = now;
        if let Some(pause) = pause {
            // Held back by a leaky bucket: it waits there, and no worker is taken.
            return self.hold_back(place, depth, pause);
        }
        let goes_on = if shared && station.state & (OFF | STARTING) == 0 || free {
            self.start_visit(place, depth)
        } else {
            self.wait_in_queue(place, depth, station_number, class);
            false
        };
        self.note_extra(station_number);
        goes_on
    }

    /// The place that was kept for a message is taken.
    pub(in crate::run) fn take_reserved(&mut self, place: u32) {
        if std::mem::replace(&mut self.jobs[place].reserved, false) {
            self.table.stations[self.jobs[place].message_station as usize].reserved -= 1;
        }
    }

    /// The place that was kept for a message is not needed any more, so another may have it.
    pub(in crate::run) fn leave_reserved(&mut self, place: u32) {
        if self.jobs[place].reserved {
            self.take_reserved(place);
            let station = self.jobs[place].message_station;
            self.ask_for_more(self.table.stations[station as usize].component, station);
        }
    }

    /// Whether a component takes a call at all, and after what pause.
    fn admit(&mut self, place: u32, number: u32) -> Result<Option<Ns>, Cause> {
        let step = &self.table.programs.steps[number as usize];
        let (now, verb, to) = (self.now, step.verb, step.to);
        let job = &self.jobs[place];
        let component = &mut self.table.components[to as usize];
        if let Some(quota) = &mut component.manner.quota
            && quota.ask(now, 0, 0).is_none()
        {
            return Err(Cause::RateLimit);
        }
        match &mut component.part {
            Part::Limiter(limiter) => match limiter.ask(now, job.key, job.session) {
                None => Err(Cause::RateLimit),
                Some(0) => Ok(None),
                Some(pause) => Ok(Some(pause)),
            },
            Part::Relational(part) if part.headless && verb == Verb::Write => Err(Cause::Down),
            _ => Ok(None),
        }
    }

    fn hold_back(&mut self, place: u32, depth: u8, pause: Ns) -> bool {
        let frame = self.jobs.frame(place, depth);
        let station = &mut self.table.stations[frame.station as usize];
        let component = &mut self.table.components[station.component as usize];
        station.busy += 1;
        component.account.begin(self.now, self.now);
        (frame.started, frame.begun) = (self.now, self.now);
        self.wake(place, pause, crate::agenda::CALENDAR);
        false
    }
}
