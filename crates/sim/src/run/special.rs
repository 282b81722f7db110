//! What happens at components that do more than let calls wait and serve them. Each part keeps its
//! own state; here it is asked at the door, at the start of a service, after it, and at the end.

use super::{Action, Run};
use crate::job::{Cause, FROZEN, HIT, Job, MEASURED, NONE, NOT_YET, WAITING};
use crate::part::Part;
use crate::part::broker::Message;
use crate::part::keyvalue::Moment;
use crate::part::relational::ReadsFrom;
use crate::part::versions::Record;
use crate::program::{Op, Verb};
use crate::sample::whole;
use crate::station::{DOWN, EXTRA, FROZEN as STATION_FROZEN, OFF, Order, STARTING, STOPPED, UNLIMITED};
use crate::time::{Ns, later};

/// A queue that has stood for so long is served from its end ("adaptive LIFO"; Maurer, "Fail at
/// scale", ACM Queue 2015) [ns].
const STANDING: Ns = 100_000_000;
/// So many messages of one line are handed on in one step of the engine.
const A_STEP: usize = 1_000;
/// Jobs that wait for something other than a time carry such a number as their wake.
pub(super) const PARKED: u64 = 1 << 63;
/// And those among them that are served together with others, such a one.
const SHARES: u64 = PARKED | 1 << 61;

/// Whether a job with this wake is served together with others.
#[cfg(debug_assertions)]
pub(super) fn is_shared(wake: u64) -> bool {
    wake & SHARES == SHARES && wake != u64::MAX
}

impl Run {
    pub(super) fn start_special(&mut self) {
        for number in 0..self.table.components.len() as u32 {
            match &self.table.components[number as usize].part {
                Part::Scaled(scaler) => {
                    let every = scaler.every;
                    self.after(every, Action::Scale { component: number });
                }
                Part::Broker(_) => self.feed(number),
                _ => {}
            }
            let component = &self.table.components[number as usize];
            if component.manner.start.is_some() {
                let range = component.first..component.first + component.replicas;
                range.for_each(|station| self.table.stations[station as usize].state |= OFF);
            }
        }
        for edge in 0..self.table.edges.len() as u32 {
            if self.table.edges[edge as usize].choice.stale > 0 {
                self.look(edge);
            }
        }
        self.settle_quiet();
        self.start_faults();
    }

    /// Tells the consumers of a broker whose messages they deal with.
    fn feed(&mut self, broker: u32) {
        let programs = &self.table.programs;
        let fed: Vec<u32> =
            programs.steps.iter().filter(|step| step.to == broker && step.consumer != NONE).map(|step| step.consumed_by).collect();
        for component in fed {
            let feeds = &mut self.table.components[component as usize].manner.feeds;
            if !feeds.contains(&broker) {
                feeds.push(broker);
            }
            self.table.components[component as usize].settle_special();
        }
    }

    pub(super) fn record(&self, place: u32, number: u32) -> Record {
        (self.table.programs.steps[number as usize].data, self.jobs[place].key)
    }

    /// The replica that a component itself sends a call to.
    pub(super) fn station_by_part(&mut self, place: u32, number: u32) -> Option<u32> {
        let step = &self.table.programs.steps[number as usize];
        let job = &self.jobs[place];
        if job.message != NONE && step.depth == 1 && self.is_first_of_message(place, number) {
            return Some(job.message_station);
        }
        let keyed = self.table.classes[job.class as usize].keys.is_some() || step.data > 0;
        let (key, session, verb) = (job.key, job.session, step.verb);
        let record = (step.data, key);
        let component = &mut self.table.components[step.to as usize];
        let first = component.first;
        match &mut component.part {
            Part::Sharded | Part::KeyValue(_) if keyed => {
                let n = match &component.part {
                    Part::KeyValue(part) => part.shards.max(1),
                    _ => component.replicas,
                };
                let home = (crate::keys::hash(key, 3) % u64::from(n)) as u32;
                // The first of its copies that is up answers for the others.
                let copies = if let Part::KeyValue(part) = &component.part { part.copies } else { 1 };
                let all = component.replicas;
                let up = (0..copies)
                    .map(|copy| (home + copy) % all)
                    .find(|&node| self.table.stations[(first + node) as usize].state & DOWN == 0);
                Some(first + up.unwrap_or(home % all))
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
                let fitting: Vec<u32> = (from..from + n).filter(|&node| fits(node)).collect();
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

    /// The station at which a message was handed on, where its consumer's calls come from.
    pub(super) fn origin_of_message(&self, place: u32) -> Option<u32> {
        let job = &self.jobs[place];
        (job.message != NONE).then(|| self.table.components[job.message_of as usize].first)
    }

    /// A call at the door of a component that may refuse it, or let it wait for something else.
    pub(super) fn arrive_special(&mut self, place: u32, number: u32) -> bool {
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
    pub(super) fn take_reserved(&mut self, place: u32) {
        if std::mem::replace(&mut self.jobs[place].reserved, false) {
            self.table.stations[self.jobs[place].message_station as usize].reserved -= 1;
        }
    }

    /// The place that was kept for a message is not needed any more, so another may have it.
    pub(super) fn leave_reserved(&mut self, place: u32) {
        if self.jobs[place].reserved {
            self.take_reserved(place);
            let station = self.jobs[place].message_station;
            self.ask_for_more(self.table.stations[station as usize].component, station);
        }
    }

    fn wait_in_queue(&mut self, place: u32, depth: u8, number: u32, class: u32) {
        let stamp = self.jobs[place].stamp;
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[station.component as usize];
        if station.waiting == 0 {
            station.empty = self.now;
        }
        let level = if component.order == Order::Priority { self.table.classes[class as usize].priority } else { 0 };
        station.enqueue_at(level, place, stamp);
        component.account.queue_max = component.account.queue_max.max(station.waiting);
        if let Some(patience) = &component.manner.patience {
            let patience = patience.draw(&mut component.choices, &self.ziggurat);
            let arrived = self.jobs.frame_of(place, depth).arrived;
            self.after(patience, Action::Impatient { job: place, stamp, arrived });
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

    /// A worker begins with a call whose service is not simply drawn. True if it is over at once.
    pub(super) fn serve_special(&mut self, place: u32, depth: u8) -> bool {
        let frame = *self.jobs.frame_of(place, depth);
        let step = &self.table.programs.steps[frame.step as usize];
        let (verb, to) = (step.verb, step.to);
        let record = self.record(place, frame.step);
        let component = &mut self.table.components[to as usize];
        if let Part::Relational(part) = &mut component.part
            && verb == Verb::Write
            && let Some(locks) = &mut part.locks
        {
            if let Some(waiting) = locks.get_mut(&record) {
                self.parks += 1;
                let ticket = PARKED | self.parks;
                waiting.push_back((place, ticket));
                self.jobs[place].wake = ticket;
                return false;
            }
            locks.insert(record, std::collections::VecDeque::new());
            self.jobs.frame(place, depth).locks = true;
        }
        self.serve(place, depth)
    }

    /// Draws the length of a service and waits for its end.
    fn serve(&mut self, place: u32, depth: u8) -> bool {
        let frame = *self.jobs.frame_of(place, depth);
        let length = self.length(place, &frame);
        let station = &mut self.table.stations[frame.station as usize];
        if station.state & STATION_FROZEN != 0 && station.shared.is_none() {
            // It was given the lock that it waited for, but nothing proceeds here.
            let job = &mut self.jobs[place];
            job.set(FROZEN, true);
            (job.due, job.wake) = (length, u64::MAX);
            return false;
        }
        let component = &self.table.components[station.component as usize];
        if component.order == Order::Shared {
            let (workers, stopped) = (component.workers, station.is_stopped());
            self.parks += 1;
            let ticket = SHARES | self.parks;
            if let Some(sharing) = &mut station.shared {
                sharing.pass(self.now, workers, stopped);
                sharing.enter(length, place, ticket);
            }
            // How long it will have been served is kept until then.
            self.jobs[place].due = length;
            self.jobs[place].wake = ticket;
            self.share_again(frame.station);
            return false;
        }
        if length == 0 {
            return true;
        }
        self.wake(place, length, crate::agenda::CALENDAR);
        false
    }

    fn length(&mut self, place: u32, frame: &crate::job::Frame) -> Ns {
        let step = &self.table.programs.steps[frame.step as usize];
        let verb = step.verb;
        let session = self.jobs[place].session;
        let station = &self.table.stations[frame.station as usize];
        let (busy, slow) = (f64::from(station.busy), station.slow);
        let component = &mut self.table.components[step.to as usize];
        if let Part::Names(names) = &mut component.part
            && names.knows(session, self.now)
        {
            return 0;
        }
        if let Part::Limiter(_) = component.part
            && matches!(component.service.constant(), Some(0))
        {
            return 0;
        }
        let sampler = match (&component.manner.write, verb) {
            (Some(write), Verb::Write) => write,
            _ => &component.service,
        };
        let length = sampler.draw(&mut component.times, &self.ziggurat);
        let manner = &component.manner;
        let mut factor = slow * manner.slow;
        if manner.serial > 0.0 || manner.coherency > 0.0 {
            // Gunther's law: each busy worker makes the others wait, and each pair keeps in step.
            factor *= 1.0 + manner.serial * (busy - 1.0) + manner.coherency * busy * (busy - 1.0);
        }
        if factor == 1.0 { length } else { whole(length as f64 * factor) }
    }

    // Sharing.

    pub(super) fn share_again(&mut self, number: u32) {
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        let workers = self.table.components[station.component as usize].workers;
        let stopped = station.is_stopped();
        let Some(sharing) = &mut station.shared else { return };
        let timer = std::mem::replace(&mut sharing.timer, NONE);
        let next = if stopped { None } else { sharing.next(now, workers) };
        self.call_off(timer);
        if let Some(time) = next.filter(|&time| time < crate::time::LAST) {
            let timer = self.at(time, crate::agenda::CALENDAR, Action::Shared { station: number });
            if let Some(sharing) = &mut self.table.stations[number as usize].shared {
                sharing.timer = timer;
            }
        }
    }

    pub(super) fn share_done(&mut self, number: u32) {
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        let workers = self.table.components[station.component as usize].workers;
        let stopped = station.is_stopped();
        let Some(sharing) = &mut station.shared else { return };
        sharing.timer = NONE;
        sharing.pass(now, workers, stopped);
        if let Some((job, ticket)) = sharing.done()
            && self.jobs[job].wake == ticket
        {
            if let Some(sharing) = &mut self.table.stations[number as usize].shared {
                sharing.leave();
            }
            let (depth, length) = (self.jobs[job].depth, self.jobs[job].due);
            self.jobs[job].wake = u64::MAX;
            let frame = self.jobs.frame(job, depth);
            // Beyond its own service it has waited for its share.
            frame.begun = now.saturating_sub(length).max(frame.arrived);
            self.goes_on(job);
        }
        self.share_again(number);
    }

    /// Brings what is measured of shared stations up to this moment.
    pub(super) fn pass_shared(&mut self) {
        let now = self.now;
        for station in &mut self.table.stations {
            let stopped = station.is_stopped();
            if let Some(sharing) = &mut station.shared {
                sharing.pass(now, self.table.components[station.component as usize].workers, stopped);
            }
        }
    }

    // After the service.

    /// What a service comes to. False if the job waits for more.
    pub(super) fn outcome(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, exit) = (step.to, step.exit);
        let component = &mut self.table.components[to as usize];
        let manner = &component.manner;
        let failing = manner.failures > 0 && component.choices.chance(manner.failures)
            || component.manner.errors > 0 && component.choices.chance(component.manner.errors);
        if failing {
            let job = &mut self.jobs[place];
            (job.failed, job.failed_at, job.at) = (Cause::Error, to, exit);
            self.note_message_served(place, number);
            return true;
        }
        self.note_message_served(place, number);
        match &self.table.components[to as usize].part {
            Part::Cache(_) => self.at_cache(place, number),
            Part::Broker(_) => {
                self.append(place, number);
                true
            }
            Part::Relational(_) => self.at_database(place, number),
            Part::KeyValue(_) => self.at_quorum(place, number),
            _ => true,
        }
    }

    /// The time since a job began to wait for another job is waiting.
    pub(super) fn unpark(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (depth, slot) = (step.depth, step.slot);
        let frame = self.jobs.frame(place, depth);
        let waited = self.now - frame.begun;
        frame.begun = self.now;
        self.jobs.spend(place, slot, WAITING, waited);
        self.jobs[place].wake = u64::MAX;
    }

    fn at_database(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth) = (step.to, step.verb, step.depth);
        let record = self.record(place, number);
        let now = self.now;
        let station = self.jobs.frame_of(place, depth).station;
        let component = &mut self.table.components[to as usize];
        let node = station - component.first;
        let Part::Relational(part) = &mut component.part else { return true };
        if verb == Verb::Read {
            let latest = self.versions.of(record).version;
            let seen = part.seen(record, node, latest, now);
            part.reads.read(seen, latest);
            self.jobs[place].version = seen;
            self.note_read(place, seen, latest);
            return true;
        }
        if !self.takes_effect(place, number) {
            return true;
        }
        let version = self.versions.begin(record);
        self.versions.commit(record, version, self.jobs[place].session);
        self.jobs[place].version = version;
        let component = &mut self.table.components[to as usize];
        let Part::Relational(part) = &mut component.part else { return true };
        let all_have_it = part.committed(record, version, now, &mut component.choices, &self.ziggurat);
        let group = if part.commit > 0 { part.commit - now % part.commit } else { 0 };
        let wait = if part.sync { all_have_it.max(group) } else { group };
        self.settle_later(place, number, wait)
    }

    /// A request has read a record, perhaps not its latest version.
    fn note_read(&mut self, place: u32, seen: u64, latest: u64) {
        let job = &self.jobs[place];
        if job.has(MEASURED) {
            self.tally[job.class as usize].reads.read(seen, latest);
        }
    }

    /// Waits after the service for what others must do; that time is waiting.
    fn settle_later(&mut self, place: u32, number: u32, wait: Ns) -> bool {
        if wait == 0 {
            return true;
        }
        let slot = self.table.programs.steps[number as usize].slot;
        self.jobs.spend(place, slot, WAITING, wait);
        self.wake(place, wait, crate::agenda::CALENDAR);
        false
    }

    /// Whether a write does anything: one that may happen only once does nothing the second time.
    fn takes_effect(&mut self, place: u32, number: u32) -> bool {
        if !self.may_repeat {
            return true;
        }
        let step = &self.table.programs.steps[number as usize];
        let once = step.modifiers.iter().any(|word| word == "once");
        if self.effects.is_first(step.to, self.jobs[place].request) {
            return true;
        }
        if !once {
            match &mut self.table.components[step.to as usize].part {
                Part::Relational(part) => part.reads.duplicates += 1,
                Part::KeyValue(part) => part.reads.duplicates += 1,
                _ => {}
            }
        }
        !once
    }

    fn at_quorum(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth, exit) = (step.to, step.verb, step.depth, step.exit);
        let record = self.record(place, number);
        let now = self.now;
        let station = self.jobs.frame_of(place, depth).station;
        let component = &mut self.table.components[to as usize];
        let (first, all) = (component.first, component.replicas);
        let Part::KeyValue(part) = &mut component.part else { return true };
        let home = (crate::keys::hash(record.1, 3) % u64::from(part.shards.max(1))) as u32;
        let up: Vec<bool> =
            (0..part.copies).map(|copy| self.table.stations[(first + (home + copy) % all) as usize].state & DOWN == 0).collect();
        let latest = self.versions.of(record).version;
        if verb == Verb::Write && !self.takes_effect(place, number) {
            self.jobs[place].version = 0;
            return true;
        }
        let begun = if verb == Verb::Write { self.versions.begin(record) } else { 0 };
        let component = &mut self.table.components[to as usize];
        let Part::KeyValue(part) = &mut component.part else { return true };
        let wait = match verb {
            Verb::Read => part.read(record, latest, &up, now, &mut component.choices, &self.ziggurat).map(|(wait, version)| {
                part.reads.read(version, latest);
                (wait, version)
            }),
            Verb::Write => {
                let at = Moment { now, node: (station - first) as usize, up: &up };
                let wait = part.write(record, begun, &at, &mut component.choices, &self.ziggurat);
                wait.map(|wait| (wait, begun))
            }
        };
        let Some((wait, version)) = wait else {
            let job = &mut self.jobs[place];
            (job.failed, job.failed_at, job.at) = (Cause::NoQuorum, to, exit);
            return true;
        };
        self.jobs[place].version = version;
        if verb == Verb::Read {
            self.note_read(place, version, latest);
        }
        if wait == 0 {
            return true;
        }
        self.settle_later(place, number, wait)
    }

    /// Whatever a store waited for has come.
    pub(super) fn settled(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth) = (step.to, step.verb, step.depth);
        self.jobs[place].at += 1;
        if let (Part::KeyValue(_), Verb::Write, Cause::None) = (&self.table.components[to as usize].part, verb, self.jobs[place].failed) {
            // A write counts from when enough copies have it.
            let record = self.record(place, number);
            let version = self.jobs[place].version;
            self.versions.commit(record, version, self.jobs[place].session);
        }
        if !self.table.components[to as usize].holds && self.jobs.frame_of(place, depth).arrived != NOT_YET {
            self.release(place, depth);
        }
        true
    }

    // Messages.

    fn append(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (to, program, consumer) = (step.to, step.consumer, step.consumed_by);
        let now = self.now;
        if program == NONE {
            if let Part::Broker(broker) = &mut self.table.components[to as usize].part {
                broker.keep(now);
            }
            return;
        }
        let job = &self.jobs[place];
        let keyed = self.table.classes[job.class as usize].keys.is_some();
        let message = Message {
            program,
            consumer,
            class: job.class,
            key: job.key,
            session: job.session,
            intended: job.intended,
            request: job.request,
            measured: job.has(MEASURED),
            came: self.now,
            line: 0,
            receives: 0,
            delivery: 0,
            effects: 0,
            gone: false,
            queued: true,
            open: 0,
        };
        let Part::Broker(broker) = &mut self.table.components[to as usize].part else { return };
        let line = if broker.ordered { broker.line_of(keyed.then_some(message.key)) } else { 0 };
        broker.append(Message { line, ..message });
        if broker.counts.backlog > self.budget.live_requests as u64 {
            // Messages take memory as well.
            return self.end(Some(crate::report::EndedBy::LiveRequests));
        }
        self.deliver(to, line as usize);
    }

    /// Hands the messages of one line to consumers while there are both.
    fn deliver(&mut self, number: u32, line: usize) {
        for _ in 0..A_STEP {
            let now = self.now;
            let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
            if broker.paused_until > now || broker.lines[line].taken {
                return;
            }
            let ordered = broker.ordered;
            let Some(place) = broker.front(line, now) else { return };
            let consumer = broker.messages[place as usize].consumer;
            let Some(station) = self.free_consumer(consumer, if ordered { Some(line) } else { None }) else { return };
            self.hand_on(number, line, station);
        }
        // The rest is handed on in further steps at the same moment.
        self.after(0, Action::Resume { component: number });
    }

    /// A replica that can take a message now; for a log, the one that has the partition.
    fn free_consumer(&mut self, consumer: u32, line: Option<usize>) -> Option<u32> {
        let component = &mut self.table.components[consumer as usize];
        let (first, n, picky) = (component.first, component.replicas, component.picky);
        let station = match line {
            Some(line) if !picky => Some(first + line as u32 % n),
            Some(line) => {
                let live: Vec<u32> =
                    (first..first + n).filter(|&station| self.table.stations[station as usize].state & DOWN == 0).collect();
                self.charge(n as usize);
                live.get(line % live.len().max(1)).copied()
            }
            None => {
                let turn = crate::balance::in_turn(&mut component.turn, n);
                let free = (0..n).position(|i| self.can_take(first + (turn + i) % n));
                self.charge(free.unwrap_or(n as usize));
                free.map(|i| first + (turn + i as u32) % n)
            }
        };
        station.filter(|&station| self.can_take(station))
    }

    fn hand_on(&mut self, number: u32, line: usize, station: u32) {
        let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
        let Some((place, delivery)) = broker.take(line) else { return };
        let message = broker.messages[place as usize].clone();
        let (ordered, visibility, ack_first) = (broker.ordered, broker.visibility, broker.ack_first);
        let first_step = match self.table.programs.ops[message.program as usize..] {
            [Op::Send(step), ..] | [Op::Chance { .. }, Op::Send(step), ..] => step,
            // Branches make the call, and choose a replica by themselves.
            _ => NONE,
        };
        self.table.stations[station as usize].reserved += 1;
        let job = Job {
            at: message.program,
            began: self.now,
            class: message.class,
            key: message.key,
            session: message.session,
            intended: message.intended,
            request: message.request,
            flags: HIT | crate::job::DETACHED | if message.measured { MEASURED } else { 0 },
            message: place,
            message_of: number,
            message_station: station,
            message_step: first_step,
            reserved: true,
            ..Job::empty()
        };
        let job = self.jobs.insert(job);
        if self.tracer.is_on() {
            self.trace_message(job);
        }
        self.goes_on(job);
        if !ordered && !ack_first {
            self.after(visibility, Action::Visible { component: number, message: place, delivery });
        }
    }

    /// The consumer's own service is over, whatever comes of it.
    fn note_message_served(&mut self, place: u32, number: u32) {
        if self.jobs[place].message != NONE && self.jobs[place].message_step == number {
            self.jobs[place].message_served = true;
        }
    }

    /// A delivery is at its end, good or bad.
    pub(super) fn message_done(&mut self, place: u32) {
        let job = &self.jobs[place];
        if job.message == NONE {
            return;
        }
        let (number, message, done, served) = (job.message_of, job.message, job.failed == Cause::None, job.message_served);
        self.leave_reserved(place);
        let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
        let line = broker.messages[message as usize].line as usize;
        broker.ended(message, done, served);
        self.deliver(number, line);
    }

    pub(super) fn visible_again(&mut self, number: u32, message: u32, delivery: u32) {
        let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
        let known = &broker.messages[message as usize];
        if known.gone || known.delivery != delivery || known.queued {
            return;
        }
        let line = known.line as usize;
        broker.again(message);
        self.deliver(number, line);
    }

    pub(super) fn resume(&mut self, number: u32) {
        let Part::Broker(broker) = &self.table.components[number as usize].part else { return };
        if broker.paused_until <= self.now {
            let ready = broker.ready();
            self.charge(ready.len());
            ready.into_iter().for_each(|line| self.deliver(number, line));
        }
    }

    /// The consumers of the brokers that feed a component have changed: a pause, then on.
    pub(super) fn rebalance(&mut self, component: u32) {
        for number in self.table.components[component as usize].manner.feeds.clone() {
            let now = self.now;
            let Part::Broker(broker) = &mut self.table.components[number as usize].part else { continue };
            if broker.ordered && broker.rebalance > 0 {
                broker.paused_until = broker.paused_until.max(later(now, broker.rebalance));
                let pause = broker.paused_until - now;
                self.after(pause, Action::Resume { component: number });
            } else {
                self.resume(number);
            }
        }
    }

    /// A worker of a consumer is free: the brokers that feed it are asked.
    fn ask_for_more(&mut self, component: u32, station: u32) {
        for at in 0..self.table.components[component as usize].manner.feeds.len() {
            let number = self.table.components[component as usize].manner.feeds[at];
            let ordered = matches!(&self.table.components[number as usize].part, Part::Broker(broker) if broker.ordered);
            if !ordered {
                self.deliver(number, 0);
                continue;
            }
            let Some((index, among)) = self.place_among_consumers(component, station) else { continue };
            while self.can_take(station) {
                let Part::Broker(broker) = &mut self.table.components[number as usize].part else { break };
                let (line, looked_at) = broker.next_ready(index, among);
                let ready = broker.ready_count();
                self.charge(looked_at);
                let Some(line) = line else { break };
                self.deliver(number, line);
                let Part::Broker(broker) = &self.table.components[number as usize].part else { break };
                if broker.ready_count() == ready {
                    // Nothing may be delivered now.
                    break;
                }
            }
        }
    }

    /// Which one a replica is of those that partitions are divided up among, and of how many.
    fn place_among_consumers(&mut self, component: u32, station: u32) -> Option<(u32, u32)> {
        let consumer = &self.table.components[component as usize];
        let (first, n) = (consumer.first, consumer.replicas);
        if !consumer.picky {
            return (station - first < n).then_some((station - first, n));
        }
        self.charge(n as usize);
        let live = (first..first + n).filter(|&station| self.table.stations[station as usize].state & DOWN == 0);
        let index = live.clone().position(|live| live == station)?;
        Some((index as u32, live.count() as u32))
    }

    fn can_take(&self, station: u32) -> bool {
        let station = &self.table.stations[station as usize];
        let workers = self.table.components[station.component as usize].workers;
        station.busy + station.reserved < workers && station.state & (DOWN | STATION_FROZEN) == 0
    }

    // Leaving.

    pub(super) fn release_special(&mut self, place: u32, depth: u8, number: u32) {
        let frame = *self.jobs.frame_of(place, depth);
        self.unlock(place, &frame);
        self.take_next(number);
        let component = self.table.stations[number as usize].component;
        if !self.table.components[component as usize].manner.feeds.is_empty() {
            self.ask_for_more(component, number);
        }
        self.maybe_idle(number);
        self.note_extra(number);
    }

    pub(super) fn dropped_special(&mut self, place: u32, number: u32, started: bool) {
        let depth = self.jobs[place].depth;
        let frame = *self.jobs.frame_of(place, depth);
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        let workers = self.table.components[station.component as usize].workers;
        let stopped = station.is_stopped();
        if self.jobs[place].wake & SHARES == SHARES
            && self.jobs[place].wake != u64::MAX
            && let Some(sharing) = &mut station.shared
        {
            sharing.pass(now, workers, stopped);
            sharing.leave();
            self.jobs[place].wake = u64::MAX;
            self.share_again(number);
        }
        if started {
            self.unlock(place, &frame);
        }
        self.note_extra(number);
    }

    /// The row that a visit had locked goes to the next who waits for it.
    fn unlock(&mut self, place: u32, frame: &crate::job::Frame) {
        if !frame.locks {
            return;
        }
        let to = self.table.programs.steps[frame.step as usize].to;
        let record = self.record(place, frame.step);
        let Part::Relational(part) = &mut self.table.components[to as usize].part else { return };
        let Some(locks) = part.locks.as_mut() else { return };
        let Some(waiting) = locks.get_mut(&record) else { return };
        // Whoever left while it waited is still named, and so is whoever is about to crash as well.
        while let Some((next, ticket)) = waiting.pop_front() {
            let depth = self.jobs[next].depth;
            if self.jobs[next].wake == ticket && self.table.stations[self.jobs.frame_of(next, depth).station as usize].state & DOWN == 0 {
                self.jobs[next].wake = u64::MAX;
                let frame = self.jobs.frame(next, depth);
                (frame.begun, frame.locks) = (self.now, true);
                if self.serve(next, depth) {
                    self.goes_on(next);
                }
                return;
            }
        }
        locks.remove(&record);
    }

    /// The next to be served, where the queue has an order of its own or may drop those in it.
    pub(super) fn next_special(&mut self, number: u32) -> Option<u32> {
        loop {
            let now = self.now;
            let station = &mut self.table.stations[number as usize];
            if station.is_stopped() {
                return None;
            }
            let component = &mut self.table.components[station.component as usize];
            let standing = component.order == Order::AdaptiveLast && now - station.empty > STANDING;
            let (job, stamp) = if standing { station.dequeue_last() } else { station.dequeue(component.order, &mut component.choices) }?;
            if !self.jobs.is(job, stamp) || !self.waits_at(job, number) {
                continue;
            }
            if let Some(cause) = self.sheds(job, number) {
                self.leave_queue(job, cause);
                continue;
            }
            self.table.stations[number as usize].waiting -= 1;
            return Some(job);
        }
    }

    /// Whether the one who is next is dropped instead.
    fn sheds(&mut self, job: u32, number: u32) -> Option<Cause> {
        let station = &mut self.table.stations[number as usize];
        let component = &self.table.components[station.component as usize];
        let waited = self.now - self.jobs.frame_of(job, self.jobs[job].depth).arrived;
        match component.manner.shed.as_ref()? {
            design::Shed::Late => (self.jobs[job].deadline <= self.now).then_some(Cause::Late),
            design::Shed::CoDel { target, interval } => {
                let dropped = crate::shedding::drops(waited, station.empty, self.now, target.base(), interval.base());
                dropped.then_some(Cause::Shed)
            }
        }
    }

    /// A call leaves the queue without service, and its caller hears why.
    fn leave_queue(&mut self, place: u32, cause: Cause) {
        let depth = self.jobs[place].depth;
        let number = self.jobs.frame_of(place, depth).step;
        let step = &self.table.programs.steps[number as usize];
        let (to, exit, slot) = (step.to, step.exit, step.slot);
        let arrived = self.jobs.frame_of(place, depth).arrived;
        self.jobs.spend(place, slot, WAITING, self.now - arrived);
        self.drop_visit(place, depth);
        let job = &mut self.jobs[place];
        (job.failed, job.failed_at, job.at) = (cause, to, exit);
        self.goes_on(place);
    }

    pub(super) fn impatient(&mut self, place: u32, stamp: u32, arrived: Ns) {
        if !self.jobs.is(place, stamp) {
            return;
        }
        let frame = self.jobs.frame_of(place, self.jobs[place].depth);
        if frame.arrived == arrived && frame.started == NOT_YET {
            self.leave_queue(place, Cause::Left);
        }
    }

    // Switching on and off.

    fn switch_on(&mut self, number: u32) {
        let station = &mut self.table.stations[number as usize];
        if station.state & STARTING != 0 {
            return;
        }
        station.state |= STARTING;
        let component = &mut self.table.components[station.component as usize];
        let start = component.manner.start.as_ref().map_or(0, |start| start.draw(&mut component.times, &self.ziggurat));
        self.after(start, Action::Started { station: number });
    }

    pub(super) fn started(&mut self, number: u32) {
        self.table.stations[number as usize].state &= !(OFF | STARTING);
        self.fill(number);
    }

    fn maybe_idle(&mut self, number: u32) {
        let station = &mut self.table.stations[number as usize];
        let component = &self.table.components[station.component as usize];
        if component.manner.start.is_none() || station.busy > 0 || station.waiting > 0 {
            return;
        }
        if component.manner.idle == 0 {
            station.state |= OFF;
            return;
        }
        station.empty = self.now;
        let (idle, since) = (component.manner.idle, self.now);
        self.after(idle, Action::Idle { station: number, since });
    }

    pub(super) fn idle(&mut self, number: u32, since: Ns) {
        let station = &mut self.table.stations[number as usize];
        if station.busy == 0 && station.waiting == 0 && station.empty == since {
            station.state |= OFF;
        }
    }

    // What balancers and autoscalers see.

    pub(super) fn look(&mut self, number: u32) {
        let Some(to) = self.callee(number) else { return };
        self.charge(self.table.components[to as usize].replicas as usize);
        let component = &self.table.components[to as usize];
        let range = component.first as usize..(component.first + component.replicas) as usize;
        let edge = &mut self.table.edges[number as usize];
        edge.choice.look(&self.table.stations[range]);
        let stale = edge.choice.stale;
        if later(self.now, stale) < self.table.drained {
            self.after(stale, Action::Look { edge: number });
        }
    }

    pub(super) fn callee(&self, edge: u32) -> Option<u32> {
        self.table.programs.edges.iter().find(|(_, number)| **number == edge).map(|((_, to), _)| *to)
    }

    pub(super) fn scale(&mut self, number: u32) {
        let now = self.now;
        let component = &mut self.table.components[number as usize];
        let (_, mut busy) = component.account.areas(now);
        let (replicas, workers) = (component.replicas, component.workers);
        if component.order == Order::Shared {
            // All who are here are served, but no more than there are workers count as busy.
            self.pass_shared();
            self.charge(self.table.stations.len());
            let stations = self.table.stations.iter().filter(|station| station.component == number);
            busy = stations.filter_map(|station| station.shared.as_ref()).map(|shared| shared.busy).sum();
        }
        let component = &mut self.table.components[number as usize];
        let Part::Scaled(scaler) = &mut component.part else { return };
        let capacity = f64::from(replicas) * f64::from(workers) * scaler.every as f64;
        let utilisation = (busy - scaler.busy) as f64 / capacity.max(1.0);
        scaler.busy = busy;
        let wanted = scaler.decide(now, replicas, utilisation);
        let (every, delay, asked) = (scaler.every, scaler.delay, scaler.asked);
        scaler.asked = wanted;
        if wanted > asked {
            self.after(delay, Action::Grow { component: number, to: wanted });
        } else if wanted < replicas {
            self.grow(number, wanted);
        }
        if now < self.table.window.to {
            self.after(every, Action::Scale { component: number });
        }
    }

    /// So many replicas are in use from now on. Those beyond finish what they have.
    pub(super) fn grow(&mut self, number: u32, to: u32) {
        let now = self.now;
        let component = &mut self.table.components[number as usize];
        let before = component.replicas;
        let Part::Scaled(scaler) = &mut component.part else { return };
        let to = to.clamp(scaler.min, scaler.max);
        if to > before && to > scaler.asked {
            // It has changed its mind since.
            return;
        }
        scaler.changes(now, before);
        component.replicas = to;
        let first = component.first;
        (before.min(to)..before.max(to)).for_each(|replica| self.note_extra(first + replica));
        self.settle_quiet();
        let component = &self.table.components[number as usize];
        if to != before && !component.manner.feeds.is_empty() {
            self.rebalance(number);
        }
    }

    /// Whether a replica of an autoscaled service works on although it is out of use.
    fn note_extra(&mut self, number: u32) {
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[station.component as usize];
        let Part::Scaled(scaler) = &mut component.part else { return };
        let extra = number - component.first >= component.replicas && station.busy + station.waiting > 0;
        if extra != (station.state & EXTRA != 0) {
            station.state ^= EXTRA;
            scaler.works_on(self.now, component.replicas, extra);
        }
    }

    /// A replica that stood still serves those who wait.
    pub(super) fn thaw(&mut self, number: u32) {
        self.share_again(number);
        self.fill(number);
        let component = self.table.stations[number as usize].component;
        if !self.table.components[component as usize].manner.feeds.is_empty() {
            self.ask_for_more(component, number);
        }
    }
}
