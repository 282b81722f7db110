//! Requests begin and end. What happens in between is in `follow`.

use super::Run;
use crate::agenda::Event;
use crate::source::Source;
use crate::task::{NONE, Request, Role, Task};
use crate::time::later;

impl Run {
    pub(super) fn start_sources(&mut self) {
        for number in 0..self.table.classes.len() as u32 {
            self.schedule_next(number);
            let class = &self.table.classes[number as usize];
            let Source::Closed { users, .. } = class.source else { continue };
            let first = class.first_user;
            (first..first + users).for_each(|user| self.think(number, user));
        }
    }

    /// The next open arrival, unless it comes after the end.
    pub(super) fn schedule_next(&mut self, number: u32) {
        let class = &mut self.table.classes[number as usize];
        if let Some(time) = class.source.next(self.now, &mut class.arrivals, &self.ziggurat).filter(|&time| time < self.table.window.to) {
            self.agenda.schedule(time, Event::Send(number));
        }
    }

    pub(super) fn think(&mut self, number: u32, user: u32) {
        let class = &mut self.table.classes[number as usize];
        let Source::Closed { think, .. } = &class.source else { return };
        let time = later(self.now, think.draw(&mut class.arrivals, &self.ziggurat));
        if time < self.table.window.to {
            self.agenda.schedule(time, Event::Act(user));
        }
    }

    pub(super) fn send(&mut self, number: u32, session: u64) {
        let class = &mut self.table.classes[number as usize];
        let (key, program) = (class.keys.bits(), class.program);
        let measured = self.table.window.contains(self.now);
        let request = Request { class: number, session, key, attempt: 1, open: 1, intended: self.now, measured };
        let request = self.requests.insert(request);
        self.tally.sent(number, measured, self.now, self.table.window);
        let mut task = Task::new(Role::Root, NONE, request, program);
        task.measured = measured;
        let task = self.tasks.insert(task);
        self.ready.push(task);
    }

    /// The client has its answer, or knows that it gets none.
    pub(super) fn finish(&mut self, root: u32) {
        let task = &self.tasks[root];
        let (place, path, refused_by) = (task.request, task.path, task.refused_by);
        let request = &self.requests[place];
        let (class, session) = (request.class, request.session);
        let (tasks, steps) = (&self.tasks, &self.table.plans.steps);
        let mut next = path.head;
        let parts = std::iter::from_fn(move || {
            let visit = (next != NONE).then(|| &tasks[next])?;
            next = visit.next;
            Some((steps[visit.step as usize].to, [visit.waiting, visit.serving, visit.network]))
        });
        self.tally.finished(request, refused_by, parts, self.now, self.table.window);
        self.discard(root);
        self.close(place);
        if matches!(self.table.classes[class as usize].source, Source::Closed { .. }) {
            self.think(class, session as u32);
        }
    }

    pub(super) fn close(&mut self, place: u32) {
        let request = &mut self.requests[place];
        request.open -= 1;
        if request.open == 0 {
            self.requests.remove(place);
        }
    }
}
