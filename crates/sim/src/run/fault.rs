//! Faults begin and end: replicas crash and come back, messages vanish, caches are emptied.

use super::{Action, Run};
use crate::agenda::CALENDAR;
use crate::faults::Effect;
use crate::job::{Cause, FROZEN, NONE, NOT_YET, RETRY};
use crate::part::Part;
use crate::part::limiter::Limiter;
use crate::program::Op;
use crate::station::{DOWN, FROZEN as STATION_FROZEN, SLOW};
use crate::time::later;

impl Run {
    pub(super) fn start_faults(&mut self) {
        for number in 0..self.faults.list.len() {
            let first = self.faults.list[number].first(&self.ziggurat);
            if first < self.table.window.to {
                self.at(first, CALENDAR, Action::FaultBegins(number as u32));
            }
        }
    }

    pub(super) fn fault_begins(&mut self, number: u32) {
        let now = self.now;
        let fault = &mut self.faults.list[number as usize];
        fault.begins(now);
        let lasts = fault.lasts(&self.ziggurat);
        let effect = fault.effect.clone();
        self.apply(&effect, true);
        if let Some(lasts) = lasts {
            self.after(lasts, Action::FaultEnds(number));
        }
    }

    pub(super) fn fault_ends(&mut self, number: u32) {
        let now = self.now;
        let fault = &mut self.faults.list[number as usize];
        fault.ended(now);
        let again = fault.again(&self.ziggurat);
        let effect = fault.effect.clone();
        self.apply(&effect, false);
        if let Some(again) = again.filter(|&again| later(now, again) < self.table.window.to) {
            self.after(again, Action::FaultBegins(number));
        }
    }

    fn apply(&mut self, effect: &Effect, on: bool) {
        // It looks at all that there is.
        self.charge(self.jobs.live() + self.table.stations.len());
        self.alight_all();
        self.apply_only(effect, on);
        self.settle_quiet();
    }

    fn apply_only(&mut self, effect: &Effect, on: bool) {
        match effect {
            Effect::Down(stations) => {
                if on {
                    self.crash(stations)
                } else {
                    stations.iter().for_each(|&station| self.come_back(station))
                }
                self.tell_balancers();
            }
            Effect::Freeze(stations) if on => self.freeze(stations),
            Effect::Freeze(stations) => self.unfreeze(stations),
            Effect::Slow(stations, factor) => {
                for &station in stations {
                    let station = &mut self.table.stations[station as usize];
                    station.slow = times(station.slow, *factor, on);
                    station.state = if station.slow == 1.0 { station.state & !SLOW } else { station.state | SLOW };
                }
            }
            Effect::SlowAll(component, factor) => {
                let component = &mut self.table.components[*component as usize];
                component.manner.slow = times(component.manner.slow, *factor, on);
                component.settle_special();
            }
            Effect::Errors(component, _) => {
                let same = |other: &Effect| if let Effect::Errors(at, share) = other { (at == component).then_some(*share) } else { None };
                let errors = self.faults.worst(same);
                let component = &mut self.table.components[*component as usize];
                component.manner.errors = errors;
                component.settle_special();
            }
            Effect::Cut(edges) => {
                for &(edge, there, back) in edges {
                    let edge = &mut self.table.edges[edge as usize];
                    let count = |cuts: u32, cut: bool| if on { cuts + u32::from(cut) } else { cuts - u32::from(cut) };
                    (edge.cut_there, edge.cut_back) = (count(edge.cut_there, there), count(edge.cut_back, back));
                    edge.settle_simple();
                }
            }
            Effect::Loss(edges, _) => {
                for &number in edges {
                    let same =
                        |other: &Effect| if let Effect::Loss(at, share) = other { at.contains(&number).then_some(*share) } else { None };
                    let edge = &mut self.table.edges[number as usize];
                    edge.fault_loss = self.faults.worst(same);
                    edge.settle_simple();
                }
            }
            Effect::Flush(component) => {
                let component = &mut self.table.components[*component as usize];
                if let Part::Cache(caches) = &mut component.part {
                    for cache in caches.iter_mut() {
                        if on {
                            cache.flush();
                            cache.emptied += 1;
                        } else {
                            cache.emptied -= 1;
                        }
                        component.assumed = cache.assumed();
                    }
                }
            }
            Effect::Hot(class, _) => {
                let same = |other: &Effect| if let Effect::Hot(at, share) = other { (at == class).then_some(*share) } else { None };
                let forced = self.faults.worst(same);
                if let Some(keys) = &mut self.table.classes[*class as usize].keys {
                    keys.forced = forced;
                }
            }
            Effect::Quota(component, _) => {
                let same = |other: &Effect| if let Effect::Quota(at, rate) = other { (at == component).then_some(*rate) } else { None };
                let rate = self.faults.now(same).min();
                let component = &mut self.table.components[*component as usize];
                match &mut component.part {
                    Part::Limiter(limiter) => limiter.squeeze(rate),
                    _ => component.manner.quota = rate.map(|rate| Box::new(Limiter::quota(rate))),
                }
                component.settle_special();
            }
            Effect::Skew(component, ..) => self.skew(*component),
            Effect::Load(taps, factor) => taps.iter().for_each(|&tap| self.load(tap, *factor, on)),
            Effect::Rebalance(component) => self.pause_all(*component, on),
        }
    }

    fn load(&mut self, number: u32, factor: f64, on: bool) {
        let now = self.now;
        let tap = &mut self.table.taps[number as usize];
        if tap.source.scale(now, factor, on) {
            // What was drawn at the old load still stands in its lane, and is nobody's any more.
            tap.lane = CALENDAR;
            self.schedule_next(number);
        }
    }

    /// What all faults that go on now make of a component's clocks.
    fn skew(&mut self, number: u32) {
        let component = &mut self.table.components[number as usize];
        // Of all replicas, or of one that is counted from 1.
        let by = |replica: u32| {
            let same = |other: &Effect| match other {
                Effect::Skew(at, one, by) if *at == number && (*one == 0 || *one == replica) => Some(*by),
                _ => None,
            };
            self.faults.now(same).fold(0i64, i64::saturating_add)
        };
        match &mut component.part {
            Part::KeyValue(part) => part.skew = (1..=component.replicas).map(by).collect(),
            Part::Limiter(limiter) => limiter.skew = by(0),
            _ => {}
        }
    }

    fn pause_all(&mut self, number: u32, on: bool) {
        let component = &mut self.table.components[number as usize];
        let range = component.first..component.first + component.replicas;
        if let Part::Broker(broker) = &mut component.part {
            broker.paused_until = if on { crate::time::Ns::MAX } else { 0 };
            if !on {
                self.resume(number);
            }
            return;
        }
        let stations: Vec<u32> = range.collect();
        if on { self.freeze(&stations) } else { self.unfreeze(&stations) }
    }

    // Crashes.

    /// Replicas crash at the same moment. One look at every job is enough for all of them.
    fn crash(&mut self, stations: &[u32]) {
        let mut crashed = Vec::new();
        for &number in stations {
            let station = &mut self.table.stations[number as usize];
            station.downs += 1;
            if station.downs == 1 {
                station.state |= DOWN;
                crashed.push(number);
            }
        }
        if crashed.is_empty() {
            return;
        }
        for place in self.jobs.all() {
            while self.crash_job(place) {}
        }
        for number in crashed {
            let station = &mut self.table.stations[number as usize];
            station.forget_queue();
            if let Some(sharing) = &mut station.shared {
                sharing.forget();
            }
            let component = station.component;
            self.crash_part(component, number);
        }
    }

    /// The first visit of a job to a crashed replica is over, and what it had called goes on for
    /// nobody, under the old number. False if there is none.
    fn crash_job(&mut self, place: u32) -> bool {
        let job = &self.jobs[place];
        let here = |depth: &u8| {
            let frame = self.jobs.frame_of(place, *depth);
            *depth > 0 && frame.arrived != NOT_YET && self.table.stations[frame.station as usize].state & DOWN != 0
        };
        let Some(depth) = job.visits().find(here) else { return false };
        let caller = if job.depth > depth {
            let below = *self.jobs.frame_of(place, depth + 1);
            self.call_off(below.timer);
            self.jobs.frame(place, depth + 1).timer = NONE;
            let edge = self.table.programs.steps[below.step as usize].edge;
            if let Some(guard) = &mut self.table.edges[edge as usize].guard {
                guard.called_back(self.now);
            }
            let caller = self.split(place, depth + 1);
            if below.timer != NONE {
                self.jobs[caller].deadline = below.deadline;
            }
            caller
        } else {
            place
        };
        self.abandon_branches_quietly(caller);
        self.drop_visit(caller, depth);
        let step = self.jobs.frame_of(caller, depth).step;
        let step = &self.table.programs.steps[step as usize];
        let (slot, exit, to) = (step.slot, step.exit, step.to);
        let job = &mut self.jobs[caller];
        job.set(FROZEN, false);
        job.set(RETRY, false);
        (job.failed, job.failed_at, job.at) = (Cause::Down, to, exit);
        self.settle_time(caller, slot);
        self.goes_on(caller);
        true
    }

    fn crash_part(&mut self, component: u32, number: u32) {
        let now = self.now;
        let first = self.table.components[component as usize].first;
        if !self.table.components[component as usize].manner.feeds.is_empty() {
            self.rebalance(component);
        }
        if let Part::Cache(caches) = &mut self.table.components[component as usize].part
            && let Some(cache) = caches.get_mut((number - first) as usize)
        {
            // What was in memory is gone.
            cache.flush();
        }
        if let Part::Relational(part) = &mut self.table.components[component as usize].part
            && part.leader == number - first
        {
            part.headless = true;
            if let Some(after) = part.takes_over_after(now) {
                part.crashes += 1;
                (part.crashed, part.due) = (now, later(now, after));
                let crash = part.crashes;
                self.after(after, Action::Promote { component, crash });
            }
        }
    }

    pub(super) fn promote(&mut self, component: u32, crash: u32) {
        let first = self.table.components[component as usize].first;
        let Part::Relational(part) = &mut self.table.components[component as usize].part else { return };
        if part.headless && part.crashes == crash {
            part.promote(|node| self.table.stations[(first + node) as usize].state & DOWN == 0);
            self.lose_writes(component);
        }
    }

    /// Another leader has taken over: what it does not have is as it was before.
    fn lose_writes(&mut self, component: u32) {
        let Part::Relational(part) = &mut self.table.components[component as usize].part else { return };
        let (lost, crashed) = (std::mem::take(&mut part.lost_now), part.crashed);
        let counts_rows = part.transactions.is_some();
        for &(record, version) in lost.iter().rev().filter(|_| counts_rows) {
            let value = self.rows.value(record, version - 1);
            let kept = crate::part::rows::Kept { commit: self.rows.tick(), version: self.versions.of(record).version, value };
            self.rows.keep(record, kept, kept.commit);
        }
        if self.watching.is_some() {
            self.watch_lost_writes(component, &lost, crashed);
        }
    }

    fn come_back(&mut self, number: u32) {
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        station.downs -= 1;
        if station.downs > 0 {
            return;
        }
        station.state &= !DOWN;
        let component = station.component;
        if let Some(sharing) = &mut station.shared {
            sharing.pass(now, 1, true);
        }
        let (first, replicas) = (self.table.components[component as usize].first, self.table.components[component as usize].replicas);
        match &mut self.table.components[component as usize].part {
            Part::Relational(part) if part.leader == number - first => part.headless = false,
            Part::Relational(part) if part.headless && part.due <= now && part.failover.is_some() => {
                // There was nobody who could have taken over when it was time to.
                part.promote(|node| self.table.stations[(first + node) as usize].state & DOWN == 0);
                self.lose_writes(component);
            }
            Part::KeyValue(part) => part.hand_over(number - first, replicas, now),
            _ => {}
        }
        if !self.table.components[component as usize].manner.feeds.is_empty() {
            self.rebalance(component);
        }
    }

    // Standing still.

    /// Replicas stand still at the same moment. One look at every job is enough for all of them.
    fn freeze(&mut self, stations: &[u32]) {
        let now = self.now;
        let mut frozen = Vec::new();
        for &number in stations {
            let station = &mut self.table.stations[number as usize];
            station.freezes += 1;
            if station.freezes == 1 {
                let (workers, stopped) = (self.table.components[station.component as usize].workers, station.is_stopped());
                if let Some(sharing) = &mut station.shared {
                    sharing.pass(now, workers, stopped);
                }
                station.state |= STATION_FROZEN;
                frozen.push(number);
            }
        }
        if frozen.is_empty() {
            return;
        }
        for place in self.jobs.all() {
            let job = &self.jobs[place];
            let frame = self.jobs.frame_of(place, job.depth);
            let served = matches!(self.table.programs.ops[job.at as usize], Op::Served(_) | Op::Statement(_));
            let here = job.depth > 0 && frame.started != NOT_YET && frame.arrived != NOT_YET;
            if served && here && job.wake < super::GOING && !job.has(FROZEN) && self.table.stations[frame.station as usize].freezes > 0 {
                let job = &mut self.jobs[place];
                job.set(FROZEN, true);
                (job.due, job.wake) = (job.due.saturating_sub(now), u64::MAX);
            }
        }
        frozen.into_iter().for_each(|number| self.share_again(number));
    }

    /// What stood still goes on where it was, unless something else still holds it.
    fn unfreeze(&mut self, stations: &[u32]) {
        let now = self.now;
        let mut thawed = Vec::new();
        for &number in stations {
            let station = &mut self.table.stations[number as usize];
            station.freezes -= 1;
            if station.freezes == 0 {
                let workers = self.table.components[station.component as usize].workers;
                if let Some(sharing) = &mut station.shared {
                    sharing.pass(now, workers, true);
                }
                station.state &= !STATION_FROZEN;
                thawed.push(number);
            }
        }
        if thawed.is_empty() {
            return;
        }
        for place in self.jobs.all() {
            let job = &self.jobs[place];
            if job.has(FROZEN) && self.table.stations[self.jobs.frame_of(place, job.depth).station as usize].freezes == 0 {
                let left = job.due;
                self.jobs[place].set(FROZEN, false);
                self.wake(place, left, CALENDAR);
            }
        }
        thawed.into_iter().for_each(|number| self.thaw(number));
    }

    // Balancers learn of it, at once or when they try.

    fn tell_balancers(&mut self) {
        for number in 0..self.table.edges.len() as u32 {
            if let Some((every, _)) = self.table.edges[number as usize].choice.health
                && !self.table.edges[number as usize].choice.probing
            {
                self.believe_as_before(number);
                self.table.edges[number as usize].choice.probing = true;
                let next = self.now / every * every + every;
                self.at(next, CALENDAR, Action::Probe { edge: number });
            }
        }
        for component in &mut self.table.components {
            // A plain turn must look who is there.
            let range = component.first as usize..(component.first + component.replicas) as usize;
            let any_down = self.table.stations[range].iter().any(|station| station.state & DOWN != 0);
            component.picky = component.part.is_picky() || any_down;
        }
    }

    fn believe_as_before(&mut self, number: u32) {
        let Some(to) = self.callee(number) else { return };
        let replicas = self.table.components[to as usize].replicas as usize;
        let choice = &mut self.table.edges[number as usize].choice;
        choice.believed_gone.resize(replicas, false);
        choice.missed.resize(replicas, 0);
    }

    /// A balancer tries every replica: some misses in a row make one count as gone, one answer
    /// brings it back.
    pub(super) fn probe(&mut self, number: u32) {
        let Some(to) = self.callee(number) else { return };
        self.charge(self.table.components[to as usize].replicas as usize);
        let component = &self.table.components[to as usize];
        let stations = &self.table.stations[component.first as usize..(component.first + component.replicas) as usize];
        let choice = &mut self.table.edges[number as usize].choice;
        let Some((every, misses)) = choice.health else { return };
        choice.believed_gone.resize(stations.len(), false);
        choice.missed.resize(stations.len(), 0);
        let mut quiet = true;
        for (replica, station) in stations.iter().enumerate() {
            let down = station.state & DOWN != 0;
            choice.missed[replica] = if down { choice.missed[replica] + 1 } else { 0 };
            choice.believed_gone[replica] = down && choice.missed[replica] >= misses;
            quiet &= down == choice.believed_gone[replica];
        }
        choice.probing = !quiet;
        if !quiet {
            self.after(every, Action::Probe { edge: number });
        }
    }
}

fn times(value: f64, factor: f64, on: bool) -> f64 {
    let changed = if on { value * factor } else { value / factor };
    // Back to exactly one, so that nothing is left of a fault that is over.
    if (changed - 1.0).abs() < 1e-9 { 1.0 } else { changed }
}
