//! Requests begin and end. What happens in between is in `follow`.

use super::{Action, Run};
use crate::agenda::{CALENDAR, Event};
use crate::job::{Cause, EXPRESS, FLIGHT, HIT, MEASURED, NOT_YET, ROOT, SIGHTS};
use crate::tally::End;
use crate::time::{Ns, later};

impl Run {
    /// Everything that is known to happen from the start.
    pub(super) fn start(&mut self) {
        let window = self.table.window;
        if window.from > 0 {
            self.at(window.from, CALENDAR, Action::WindowBegins);
        } else {
            self.window_begins();
        }
        self.at(window.to, CALENDAR, Action::WindowEnds);
        let first_tick = self.series.next_tick(0, window, self.table.drained);
        self.at(first_tick, CALENDAR, Action::Tick);
        self.start_special();
        for tap in 0..self.table.taps.len() as u32 {
            self.schedule_next(tap);
        }
        for class in 0..self.table.classes.len() as u32 {
            let (first, users) = (self.table.classes[class as usize].first_user, self.table.classes[class as usize].users);
            (first..first + users).for_each(|user| self.think(class, user));
        }
    }

    /// The next open arrivals, unless they come after the end.
    #[inline]
    pub(super) fn schedule_next(&mut self, number: u32) {
        let tap = &mut self.table.taps[number as usize];
        let next = tap.source.next(self.now, &mut tap.stream, &self.ziggurat).filter(|&time| time < self.table.window.to);
        tap.next = match next {
            Some(time) => self.agenda.schedule(time, tap.lane, Event::Send(number)),
            None => u64::MAX,
        };
    }

    /// A closed-loop user thinks before the next request.
    fn think(&mut self, number: u32, user: u32) {
        let class = &mut self.table.classes[number as usize];
        let time = later(self.now, class.think.draw(&mut class.arrivals, &self.ziggurat));
        if time < self.table.window.to {
            self.agenda.schedule(time, CALENDAR, Event::Send(self.table.taps.len() as u32 + user));
        }
    }

    #[inline]
    pub(super) fn send_due(&mut self, number: u32, order: u64) {
        let Some(tap) = self.table.taps.get_mut(number as usize) else {
            let user = number - self.table.taps.len() as u32;
            let class = self.table.classes.partition_point(|class| class.first_user + class.users <= user);
            return self.send_request(class as u32, user, None);
        };
        if tap.next != order {
            return;
        }
        let batch = tap.source.batch(&mut tap.stream);
        for _ in 0..batch.requests {
            if self.jobs.live() > self.budget.live_requests {
                // The run ends after this step.
                break;
            }
            let class = match &self.table.taps[number as usize].classes[..] {
                [(class, _)] => *class,
                _ => match self.draw_class(number) {
                    Some(class) => class,
                    None => continue,
                },
            };
            let session = self.table.classes[class as usize].session(&mut self.sessions);
            self.send_request(class, session, batch.key);
        }
        self.schedule_next(number);
    }

    fn draw_class(&mut self, tap: u32) -> Option<u32> {
        let tap = &mut self.table.taps[tap as usize];
        let draw = tap.stream.below(1_000_000_000);
        tap.classes.iter().find(|(_, sum)| draw < *sum).map(|(class, _)| *class)
    }

    #[inline]
    fn send_request(&mut self, number: u32, session: u32, key: Option<u64>) {
        let class = &mut self.table.classes[number as usize];
        let key = key.unwrap_or_else(|| class.key(self.now));
        let now = self.now;
        let measured = self.table.window.contains(now);
        self.tally[number as usize].sent(measured, now);
        let flags = ROOT | HIT | if measured { MEASURED } else { 0 };
        let (place, job) = self.jobs.begin(now, class.program, number, flags, session);
        (job.key, job.deadline) = (key, now.saturating_add(class.deadline));
        self.requests += 1;
        job.request = self.requests;
        if measured && self.tracer.is_on() {
            self.trace_request(place);
        }
        if self.express.is_open_to(number) && !self.jobs[place].traced {
            self.jobs[place].flags |= EXPRESS;
        }
        self.goes_on(place);
    }

    /// The client has its answer, or knows that it gets none.
    #[inline]
    pub(super) fn finish(&mut self, place: u32) {
        let job = &self.jobs[place];
        let end = End {
            intended: job.intended,
            now: self.now,
            measured: job.has(MEASURED),
            good: job.failed == Cause::None && self.now <= self.deadline_of(job.class, job.intended),
            retries: job.retries,
        };
        let (class, user) = (job.class, job.session);
        let tally = &mut self.tally[class as usize];
        match job.failed {
            Cause::None => tally.answered(&end, self.jobs.parts_of(place), job.stamp),
            cause => tally.failed(&end, job.failed_at, cause),
        }
        if self.is_traced(place) {
            self.trace_finished(place);
        }
        if self.watching.is_some() && self.jobs[place].failed == Cause::None {
            self.watch_answer(place);
        }
        self.remove(place);
        if self.table.classes[class as usize].users > 0 {
            self.think(class, user);
        }
    }

    /// A job is at its end.
    #[inline(always)]
    pub(super) fn remove(&mut self, place: u32) {
        if self.jobs[place].has(FLIGHT) {
            self.abandon_fetches(place, 0);
        }
        if self.jobs[place].has(SIGHTS) {
            self.forget_sights(place);
        }
        if self.is_traced(place) {
            self.trace_removed(place);
        }
        self.jobs.remove(place);
    }

    #[inline]
    pub(super) fn deadline_of(&self, class: u32, intended: Ns) -> Ns {
        match self.table.classes[class as usize].deadline {
            Ns::MAX => NOT_YET,
            deadline => intended.saturating_add(deadline),
        }
    }

    pub(super) fn window_begins(&mut self) {
        for component in &mut self.table.components {
            component.account.queue_max = 0;
        }
        self.pass_shared();
        self.series.from = Some(self.snapshot());
        self.sample_later();
    }

    fn sample_later(&mut self) {
        let next = later(self.now, self.series.between_samples(self.table.stations.len()));
        if next < self.table.window.to {
            self.at(next, CALENDAR, Action::Sample);
        }
    }

    pub(super) fn sample(&mut self) {
        self.series.sample(&self.table, &self.tally);
        self.sample_later();
    }

    pub(super) fn window_ends(&mut self) {
        self.pass_shared();
        self.series.to = Some(self.snapshot());
        if cfg!(debug_assertions) {
            self.prove();
        }
    }

    pub(super) fn tick(&mut self) {
        #[cfg(debug_assertions)]
        self.prove_now_and_then();
        self.pass_shared();
        let snapshot = self.snapshot();
        self.series.tick(snapshot, &self.tally);
        let next = self.series.next_tick(self.now, self.table.window, self.table.drained);
        if next <= self.table.drained && (next <= self.table.window.to || self.jobs.live() > 0) {
            self.at(next, CALENDAR, Action::Tick);
        }
    }
}
