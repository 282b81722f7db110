//! Paths: where a task's time went, as a list of visits that is bounded in length.

use super::Run;
use crate::task::{NO_PATH, NONE, Role};

impl Run {
    /// Adds an answered task and its own path to its caller's.
    pub(super) fn append(&mut self, caller: u32, place: u32) {
        let task = &self.tasks[place];
        let (role, step, rest) = (task.role, task.step, task.path);
        if role == Role::Visit {
            let tail = self.tasks[caller].path.tail;
            if tail != NONE && self.tasks[tail].step == step {
                // The same call again: its visits may share a place.
                self.fold(tail, place);
            } else {
                self.tasks[place].next = NONE;
                self.link(caller, place, place, 1);
            }
        } else {
            self.tasks.remove(place);
        }
        if rest.head != NONE {
            self.link(caller, rest.head, rest.tail, rest.length);
        }
        let length = self.tasks[caller].path.length as usize;
        if length > 64.max(2 * self.standing.len()) {
            self.shorten(caller);
        }
    }

    pub(super) fn link(&mut self, caller: u32, head: u32, tail: u32, length: u32) {
        let path = self.tasks[caller].path;
        if path.tail == NONE {
            self.tasks[caller].path.head = head;
        } else {
            self.tasks[path.tail].next = head;
        }
        self.tasks[caller].path.tail = tail;
        self.tasks[caller].path.length += length;
    }

    /// Adds the times of one visit to another's and leaves its place.
    pub(super) fn fold(&mut self, into: u32, place: u32) {
        let task = &self.tasks[place];
        let (waiting, serving, network) = (task.waiting, task.serving, task.network);
        let kept = &mut self.tasks[into];
        kept.waiting += waiting;
        kept.serving += serving;
        kept.network += network;
        self.tasks.remove(place);
    }

    /// Keeps one visit per component of a path.
    pub(super) fn shorten(&mut self, caller: u32) {
        let mut next = std::mem::replace(&mut self.tasks[caller].path, NO_PATH).head;
        while next != NONE {
            let place = next;
            next = std::mem::replace(&mut self.tasks[place].next, NONE);
            let component = self.table.plans.steps[self.tasks[place].step as usize].to as usize;
            if self.standing[component] == NONE {
                self.standing[component] = place;
                self.link(caller, place, place, 1);
            } else {
                self.fold(self.standing[component], place);
            }
        }
        self.standing.fill(NONE);
    }

    /// Leaves the places of a task and of its path.
    pub(super) fn discard(&mut self, place: u32) {
        let mut next = self.tasks[place].path.head;
        while next != NONE {
            self.tasks.remove(next);
            next = self.tasks[next].next;
        }
        self.tasks.remove(place);
    }
}
