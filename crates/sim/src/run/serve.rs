//! Calls arrive, wait, are served and answered.

use super::{Run, jitter};
use crate::agenda::Event;
use crate::station::UNLIMITED;
use crate::task::{NONE, Role};
use crate::time::{Ns, later};

impl Run {
    pub(super) fn arrive(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &mut self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        let window = self.table.window;
        component.account.arrive(self.now, window);
        task.arrived = self.now;
        task.started = Ns::MAX;
        if station.busy < component.workers {
            task.inside = true;
            component.account.enter(self.now, window);
            return self.start(place);
        }
        if station.waiting < component.queue {
            task.inside = true;
            component.account.enter(self.now, window);
            station.enqueue(&mut self.tasks, place);
            if window.contains(self.now) {
                component.account.queue_max = component.account.queue_max.max(station.waiting);
            }
            return;
        }
        component.account.reject(self.now, window);
        task.refused_by = station.component;
        self.reply(place);
    }

    pub(super) fn start(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &mut self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        station.busy += 1;
        component.account.begin(self.now, self.table.window);
        task.started = self.now;
        task.waiting = self.now - task.arrived;
        if component.workers == UNLIMITED && component.service.is_always_zero() {
            return self.served(place);
        }
        let length = component.service.draw(&mut component.times, &self.ziggurat);
        self.agenda.schedule(later(self.now, length), Event::Served(place));
    }

    pub(super) fn served(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        task.serving = self.now - task.started;
        if let Some(hits) = component.hits.filter(|_| self.table.plans.steps[task.step as usize].may_miss) {
            task.hit = component.choices.chance(hits);
            component.account.hits += u64::from(task.hit && task.measured);
            component.account.misses += u64::from(!task.hit && task.measured);
        }
        if !component.holds {
            self.release(place);
        }
        self.ready.push(place);
    }

    /// A worker is free again and takes the next who waits.
    pub(super) fn release(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &mut self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        task.inside = false;
        station.busy -= 1;
        component.account.leave(task, self.now, self.table.window);
        if let Some(next) = station.dequeue(&mut self.tasks) {
            self.start(next);
        }
    }

    /// A plan is at its end, or given up.
    pub(super) fn complete(&mut self, place: u32) {
        let task = &self.tasks[place];
        match task.role {
            Role::Root => self.finish(place),
            Role::Branch => self.returned(place),
            Role::Visit => {
                if task.inside {
                    self.release(place);
                }
                self.reply(place);
            }
        }
    }

    pub(super) fn reply(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let edge = &mut self.table.edges[self.table.plans.steps[task.step as usize].edge as usize];
        let delay = edge.back + self.table.travel[task.step as usize].back + jitter(edge.jitter, &mut edge.stream, &self.ziggurat);
        task.network += delay;
        if delay == 0 { self.returned(place) } else { self.agenda.schedule(later(self.now, delay), Event::Reply(place)) }
    }

    /// The caller has the answer.
    pub(super) fn returned(&mut self, place: u32) {
        let task = &self.tasks[place];
        let (parent, hit, refused_by, request) = (task.parent, task.hit, task.refused_by, task.request);
        if task.role == Role::Visit {
            self.table.stations[task.station as usize].open -= 1;
        }
        if task.detached {
            self.discard(place);
            return self.close(request);
        }
        let caller = &mut self.tasks[parent];
        caller.hit = hit;
        if caller.refused_by == NONE {
            caller.refused_by = refused_by;
        }
        caller.pending -= 1;
        if caller.pending > 0 {
            return self.discard(place);
        }
        self.append(parent, place);
        self.ready.push(parent);
    }
}
