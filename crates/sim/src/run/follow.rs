//! Plans are followed: each task goes on until it waits for an answer or is at its end. What a
//! called component does is in `serve`.

use super::{Run, jitter};
use crate::agenda::Event;
use crate::plan::{Op, Start};
use crate::table::Policy;
use crate::task::{NONE, Role, Task};
use crate::time::later;

impl Run {
    /// Follows a plan until it waits for an answer or is at its end.
    pub(super) fn go_on(&mut self, place: u32) {
        loop {
            let task = &mut self.tasks[place];
            if task.refused_by != NONE {
                return self.complete(place);
            }
            let op = self.table.plans.ops[task.at as usize];
            match op {
                Op::End => return self.complete(place),
                Op::Call(step) => {
                    task.at += 1;
                    task.pending = 1;
                    return self.call(place, step);
                }
                Op::SkipIfHit(skip) => task.at += if task.hit { skip + 1 } else { 1 },
                Op::Maybe { billionths, skip } => {
                    let on = if self.draws(place, billionths) { 1 } else { skip + 1 };
                    self.tasks[place].at += on;
                }
                Op::Repeat(branch) => {
                    if self.repeat(place, branch) {
                        return;
                    }
                }
                Op::Fork { first, count } => {
                    if self.fork(place, first, count) {
                        return;
                    }
                }
                Op::Detach(branch) => {
                    task.at += 1;
                    (0..self.table.plans.branches[branch as usize].times).for_each(|_| self.detach(place, branch));
                }
            }
        }
    }

    pub(super) fn draws(&mut self, place: u32, billionths: u64) -> bool {
        let class = self.requests[self.tasks[place].request].class;
        self.table.classes[class as usize].calls.chance(billionths)
    }

    /// One more repetition; false once all are done.
    pub(super) fn repeat(&mut self, place: u32, branch: u32) -> bool {
        let times = self.table.plans.branches[branch as usize].times;
        let task = &mut self.tasks[place];
        if task.left == 0 {
            task.left = times;
        }
        if times == 0 {
            task.at += 1;
            return false;
        }
        task.left -= 1;
        task.at += u32::from(task.left == 0);
        task.pending = 1;
        self.begin(place, branch);
        true
    }

    /// Everything at once; false if nothing is left to wait for.
    pub(super) fn fork(&mut self, place: u32, first: u32, count: u32) -> bool {
        // One more than is sent, so that an answer on the spot does not end the waiting early.
        let task = &mut self.tasks[place];
        task.at += 1;
        task.pending = 1;
        for branch in first..first + count {
            let (times, billionths) =
                (self.table.plans.branches[branch as usize].times, self.table.plans.branches[branch as usize].billionths);
            if self.draws(place, billionths) {
                for _ in 0..times {
                    self.tasks[place].pending += 1;
                    self.begin(place, branch);
                }
            }
        }
        let task = &mut self.tasks[place];
        task.pending -= 1;
        task.pending > 0
    }

    /// A branch for which its caller waits.
    pub(super) fn begin(&mut self, place: u32, branch: u32) {
        match self.table.plans.branches[branch as usize].start {
            Start::Step(step) => self.call(place, step),
            Start::Program(at) => {
                let caller = &self.tasks[place];
                let mut task = Task::new(Role::Branch, place, caller.request, at);
                task.measured = caller.measured;
                let task = self.tasks.insert(task);
                self.ready.push(task);
            }
        }
    }

    /// A branch for which nobody waits.
    pub(super) fn detach(&mut self, place: u32, branch: u32) {
        let caller = &self.tasks[place];
        let (request, measured) = (caller.request, caller.measured);
        self.requests[request].open += 1;
        match self.table.plans.branches[branch as usize].start {
            Start::Step(step) => self.visit(NONE, request, measured, step),
            Start::Program(at) => {
                let mut task = Task::new(Role::Branch, NONE, request, at);
                (task.measured, task.detached) = (measured, true);
                let task = self.tasks.insert(task);
                self.ready.push(task);
            }
        }
    }

    pub(super) fn call(&mut self, caller: u32, step: u32) {
        let task = &self.tasks[caller];
        let (request, measured) = (task.request, task.measured);
        self.visit(caller, request, measured, step);
    }

    /// Sends a call on its way, to the replica that is chosen now.
    pub(super) fn visit(&mut self, caller: u32, request: u32, measured: bool, step: u32) {
        let plan = &self.table.plans.steps[step as usize];
        let (to, edge) = (plan.to, plan.edge);
        let mut task = Task::new(Role::Visit, caller, request, plan.program);
        task.step = step;
        task.measured = measured;
        task.detached = caller == NONE;
        task.station = self.choose(to, edge);
        self.table.stations[task.station as usize].open += 1;
        let edge = &mut self.table.edges[edge as usize];
        let mut delay = edge.there + self.table.travel[step as usize].there + jitter(edge.jitter, &mut edge.stream, &self.ziggurat);
        if edge.setup > 0 && !edge.stream.chance(edge.reuse) {
            delay += edge.setup;
        }
        task.network = delay;
        let task = self.tasks.insert(task);
        if delay == 0 { self.arrive(task) } else { self.agenda.schedule(later(self.now, delay), Event::Arrive(task)) }
    }

    pub(super) fn choose(&mut self, to: u32, edge: u32) -> u32 {
        let component = &mut self.table.components[to as usize];
        let edge = &mut self.table.edges[edge as usize];
        let (first, n) = (component.stations.start, component.stations.len() as u32);
        if n == 1 {
            return first;
        }
        let stations = &self.table.stations[first as usize..(first + n) as usize];
        let open = |replica: u32| stations[replica as usize].open;
        first
            + match edge.policy {
                None => in_turn(&mut component.turn, n),
                Some(Policy::RoundRobin) => in_turn(&mut edge.turn, n),
                Some(Policy::Random) => edge.choices.below(n.into()) as u32,
                Some(Policy::LeastConnections) => {
                    // Looking from a moving start, so that ties do not all fall on the first.
                    let start = in_turn(&mut edge.turn, n);
                    (start..n).chain(0..start).min_by_key(|&replica| open(replica)).unwrap_or(start)
                }
                Some(Policy::TwoChoices) => {
                    let one = edge.choices.below(n.into()) as u32;
                    let other = edge.choices.below(u64::from(n) - 1) as u32;
                    let other = other + u32::from(other >= one);
                    if open(other) < open(one) { other } else { one }
                }
            }
    }
}

fn in_turn(turn: &mut u32, n: u32) -> u32 {
    let now = *turn % n;
    *turn = (now + 1) % n;
    now
}
