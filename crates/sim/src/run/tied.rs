//! Tied requests (Dean and Barroso, "The Tail at Scale", CACM 2013): two copies of a request wait in
//! two queues, and whichever begins first calls the other off. How the second is sent is in
//! `branch`, beside hedges.
//!
//! The message takes one way of the link, so copies that begin within that time of each other are
//! both served, and the first answer counts.

use super::{Action, Run};
use crate::job::{NONE, NOT_YET};
use crate::program::Op;
use crate::time::Ns;

impl Run {
    /// Tells components that copies are tied at them.
    pub(super) fn start_tied(&mut self) {
        let programs = &self.table.programs;
        for fork in programs.forks.iter().filter(|fork| fork.tied) {
            let start = programs.branches[fork.first as usize].start;
            if let Some(Op::Send(step)) = programs.ops.get(start as usize) {
                let component = &mut self.table.components[programs.steps[*step as usize].to as usize];
                component.manner.tied = true;
                component.settle_special();
            }
        }
    }

    /// A worker takes a call that may be a copy of a tied request.
    pub(super) fn tied_begins(&mut self, place: u32, depth: u8) {
        let (parent, wait) = (self.jobs[place].parent, self.jobs[place].wait_of_parent);
        if depth != 1 || parent == NONE || wait == NONE || self.jobs[parent].wait != wait {
            return;
        }
        if self.fork_before(parent).is_some_and(|fork| fork.tied) {
            let way = self.way_of(place);
            self.after(way, Action::Tied { job: parent, wait });
        }
    }

    /// One way from the caller to the replica of a copy, and so about the way to its fellow.
    fn way_of(&self, place: u32) -> Ns {
        let frame = self.jobs.frame_of(place, 1);
        let edge = self.table.programs.steps[frame.step as usize].edge;
        self.table.edges[edge as usize].way + self.distance(place, 1, frame.station)
    }

    /// Whether a worker has taken this copy.
    fn has_begun(&self, place: u32) -> bool {
        self.jobs[place].depth > 0 && self.jobs.frame_of(place, 1).started != NOT_YET
    }

    /// Whether a copy that is still to be sent would find at its replica that it was called off.
    pub(super) fn is_called_off(&self, wait: u32) -> bool {
        let Some(family) = self.families.get(&wait) else { return false };
        let begun = family.iter().filter(|&&(job, stamp)| self.jobs.is(job, stamp) && self.has_begun(job));
        let mut heard = begun.map(|&(job, _)| self.jobs.frame_of(job, 1).started.saturating_add(self.way_of(job)));
        heard.any(|heard| heard <= self.now)
    }

    /// Copies hear that one has begun: those that wait or are on their way do not go on. If that one
    /// has crashed since, they do.
    pub(super) fn call_off_tied(&mut self, parent: u32, wait: u32) {
        if self.jobs[parent].wait != wait {
            return;
        }
        let Some(family) = self.families.get(&wait) else { return };
        let alive = family.iter().copied().filter(|&(job, stamp)| self.jobs.is(job, stamp));
        let (begun, others): (Vec<_>, Vec<_>) = alive.partition(|&(job, _)| self.has_begun(job));
        if !begun.is_empty() {
            self.jobs[parent].pending -= others.len() as u32;
            self.call_back_all(others);
        }
    }
}
