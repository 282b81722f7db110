//! Messages of logs and queues on their way to consumers. What a broker keeps is in `part::broker`.

use crate::job::{Cause, HIT, Job, MEASURED, NONE};
use crate::part::Part;
use crate::part::broker::Message;
use crate::program::Op;
use crate::run::{Action, Run};
use crate::station::{DOWN, FROZEN as STATION_FROZEN};
use crate::time::later;

/// So many messages of one line are handed on in one step of the engine.
const A_STEP: usize = 1_000;

impl Run {
    pub(super) fn append(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (to, program, consumer) = (step.to, step.consumer, step.consumed_by);
        let now = self.now;
        let turn = if self.watching.is_some() && step.data > 0 { self.watch_append(place, number) } else { (false, 0) };
        let data = self.table.programs.steps[number as usize].data;
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
            data,
            turn,
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
            let Some(place) = broker.front(line, now) else { return self.watch_gone(number) };
            let consumer = broker.messages[place as usize].consumer;
            let Some(station) = self.free_consumer(consumer, if ordered { Some(line) } else { None }) else { return };
            self.hand_on(number, line, station);
        }
        self.watch_gone(number);
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
    pub(super) fn note_message_served(&mut self, place: u32, number: u32) {
        if self.jobs[place].message != NONE && self.jobs[place].message_step == number {
            let is_first = !std::mem::replace(&mut self.jobs[place].message_served, true);
            if is_first && self.watching.is_some() {
                self.watch_handled(place, number);
            }
        }
    }

    /// A delivery is at its end, good or bad.
    pub(in crate::run) fn message_done(&mut self, place: u32) {
        let job = &self.jobs[place];
        if job.message == NONE {
            return;
        }
        let (number, message, done, served) = (job.message_of, job.message, job.failed == Cause::None, job.message_served);
        self.leave_reserved(place);
        let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
        let line = broker.messages[message as usize].line as usize;
        broker.ended(message, done, served);
        self.watch_gone(number);
        self.deliver(number, line);
    }

    pub(in crate::run) fn visible_again(&mut self, number: u32, message: u32, delivery: u32) {
        let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
        let known = &broker.messages[message as usize];
        if known.gone || known.delivery != delivery || known.queued {
            return;
        }
        let line = known.line as usize;
        broker.again(message);
        self.deliver(number, line);
    }

    pub(in crate::run) fn resume(&mut self, number: u32) {
        let Part::Broker(broker) = &self.table.components[number as usize].part else { return };
        if broker.paused_until <= self.now {
            let ready = broker.ready();
            self.charge(ready.len());
            ready.into_iter().for_each(|line| self.deliver(number, line));
        }
    }

    /// The consumers of the brokers that feed a component have changed: a pause, then on.
    pub(in crate::run) fn rebalance(&mut self, component: u32) {
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
    pub(super) fn ask_for_more(&mut self, component: u32, station: u32) {
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
}
