//! Replicas that come and go by plan: switched on and off, or in and out of use, and what balancers
//! and autoscalers see. Those that crash are in `fault`.

use crate::part::Part;
use crate::run::{Action, Run};
use crate::station::{EXTRA, OFF, Order, STARTING};
use crate::time::{Ns, later};

impl Run {
    pub(super) fn switch_on(&mut self, number: u32) {
        let station = &mut self.table.stations[number as usize];
        if station.state & STARTING != 0 {
            return;
        }
        station.state |= STARTING;
        let component = &mut self.table.components[station.component as usize];
        let start = component.manner.start.as_ref().map_or(0, |start| start.draw(&mut component.times, &self.ziggurat));
        self.after(start, Action::Started { station: number });
    }

    pub(in crate::run) fn started(&mut self, number: u32) {
        self.table.stations[number as usize].state &= !(OFF | STARTING);
        self.fill(number);
    }

    pub(super) fn maybe_idle(&mut self, number: u32) {
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

    pub(in crate::run) fn idle(&mut self, number: u32, since: Ns) {
        let station = &mut self.table.stations[number as usize];
        if station.busy == 0 && station.waiting == 0 && station.empty == since {
            station.state |= OFF;
        }
    }

    pub(in crate::run) fn look(&mut self, number: u32) {
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

    pub(in crate::run) fn callee(&self, edge: u32) -> Option<u32> {
        self.table.programs.edges.iter().find(|(_, number)| **number == edge).map(|((_, to), _)| *to)
    }

    pub(in crate::run) fn scale(&mut self, number: u32) {
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
    pub(in crate::run) fn grow(&mut self, number: u32, to: u32) {
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
    pub(super) fn note_extra(&mut self, number: u32) {
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
    pub(in crate::run) fn thaw(&mut self, number: u32) {
        self.share_again(number);
        self.fill(number);
        let component = self.table.stations[number as usize].component;
        if !self.table.components[component as usize].manner.feeds.is_empty() {
            self.ask_for_more(component, number);
        }
    }
}
