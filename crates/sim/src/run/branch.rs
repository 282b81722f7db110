//! Calls at once, calls that nobody waits for, and hedges: jobs that begin inside another.

use super::{Action, Run};
use crate::job::{Cause, DETACHED, FREE, HIT, Job, MEASURED, NONE, SIGHTS};
use crate::program::Fork;

/// So few that were called back are named in `ready` without harm.
const FEW: usize = 100;

impl Run {
    /// Everything at once; true if there is nothing to wait for.
    pub(super) fn fork(&mut self, place: u32, number: u32) -> bool {
        let fork = self.table.programs.forks[number as usize];
        self.jobs[place].at += 1;
        let wait = self.begin_wait(place);
        let mut children = Vec::new();
        for branch in fork.first..fork.first + fork.count {
            let (times, billionths) =
                (self.table.programs.branches[branch as usize].times, self.table.programs.branches[branch as usize].billionths);
            if self.draws(place, billionths) {
                children.extend((0..self.at_most(times)).map(|_| self.child(place, branch, wait)));
            }
        }
        let n = children.len() as u32;
        let job = &mut self.jobs[place];
        (job.pending, job.needed) = (n, fork.wait.min(n));
        if n == 0 {
            job.wait = NONE;
            return true;
        }
        if fork.cancel || fork.wait < n {
            let family = children.iter().map(|&child| (child, self.jobs[child].stamp)).collect();
            self.families.insert(wait, family);
        }
        // The first is taken last from the pile, so it goes first.
        children.into_iter().rev().for_each(|child| self.goes_on(child));
        false
    }

    /// Of so many new jobs those after which the run ends anyway, there being too many.
    fn at_most(&self, times: u32) -> u32 {
        let room = self.budget.live_requests.saturating_sub(self.jobs.live()) + 1;
        times.min(u32::try_from(room).unwrap_or(u32::MAX))
    }

    fn begin_wait(&mut self, place: u32) -> u32 {
        // A message that is dealt with by branches needs the place that was kept for it no longer.
        self.take_reserved(place);
        self.waits = if self.waits >= NONE - 1 { 0 } else { self.waits + 1 };
        self.jobs[place].wait = self.waits;
        self.waits
    }

    /// A branch for which its caller waits.
    fn child(&mut self, place: u32, branch: u32, wait: u32) -> u32 {
        let start = self.table.programs.branches[branch as usize].start;
        let parent = &self.jobs[place];
        let child = Job {
            at: start,
            began: self.now,
            depth: 0,
            floor: FREE,
            flags: HIT | (parent.flags & MEASURED),
            failed: Cause::None,
            wake: u64::MAX,
            parent: place,
            wait_of_parent: wait,
            wait: NONE,
            message: NONE,
            message_step: NONE,
            reserved: false,
            retries: 0,
            ..parent.clone()
        };
        let child = self.jobs.insert(child);
        if self.jobs[place].has(SIGHTS) {
            self.copy_sights(place, child);
        }
        if self.is_traced(place) {
            self.tracer.branch(place, self.jobs[place].depth, child);
        }
        child
    }

    /// One more repetition of a branch; true once all are done.
    pub(super) fn loop_again(&mut self, place: u32, branch: u32) -> bool {
        let times = self.table.programs.branches[branch as usize].times;
        let depth = self.jobs[place].depth;
        let frame = self.jobs.frame(place, depth);
        if frame.rounds == times {
            frame.rounds = 0;
            self.jobs[place].at += 1;
            return true;
        }
        frame.rounds += 1;
        let wait = self.begin_wait(place);
        let child = self.child(place, branch, wait);
        let job = &mut self.jobs[place];
        (job.pending, job.needed) = (1, 1);
        self.goes_on(child);
        false
    }

    /// A branch that nobody waits for.
    pub(super) fn detach(&mut self, place: u32, branch: u32) -> bool {
        self.jobs[place].at += 1;
        self.take_reserved(place);
        let times = self.at_most(self.table.programs.branches[branch as usize].times);
        for _ in 0..times {
            let child = self.child(place, branch, NONE);
            let job = &mut self.jobs[child];
            job.parent = NONE;
            job.set(DETACHED, true);
            self.goes_on(child);
        }
        true
    }

    pub(super) fn hedge(&mut self, place: u32, number: u32) -> bool {
        let fork = self.table.programs.forks[number as usize];
        self.jobs[place].at += 1;
        let wait = self.begin_wait(place);
        let child = self.child(place, fork.first, wait);
        let job = &mut self.jobs[place];
        (job.pending, job.needed) = (1, 1);
        self.families.insert(wait, vec![(child, self.jobs[child].stamp)]);
        if fork.after > 0 {
            self.after(fork.after, Action::Hedge { job: place, wait, fork: number, left: fork.more });
        } else {
            // Taken from the pile after the first.
            self.hedge_more(place, wait, number, fork.more);
        }
        self.goes_on(child);
        false
    }

    pub(super) fn hedge_more(&mut self, place: u32, wait: u32, number: u32, left: u32) {
        if wait == NONE || self.jobs[place].wait != wait || left == 0 {
            return;
        }
        let fork = self.table.programs.forks[number as usize];
        if fork.tied && self.is_called_off(wait) {
            return;
        }
        let child = self.child(place, fork.first, wait);
        self.jobs[place].pending += 1;
        if let Some(family) = self.families.get_mut(&wait) {
            family.push((child, self.jobs[child].stamp));
        }
        if let Some(edge) = self.edge_of_branch(fork.first) {
            self.table.edges[edge as usize].hedges += 1;
        }
        if left > 1 {
            self.after(fork.after, Action::Hedge { job: place, wait, fork: number, left: left - 1 });
        }
        self.goes_on(child);
    }

    fn edge_of_branch(&self, branch: u32) -> Option<u32> {
        let start = self.table.programs.branches[branch as usize].start;
        match self.table.programs.ops.get(start as usize) {
            Some(crate::program::Op::Send(step)) => Some(self.table.programs.steps[*step as usize].edge),
            _ => None,
        }
    }

    /// A branch is done: whoever waits for it hears so.
    pub(super) fn branch_end(&mut self, place: u32) {
        let job = &self.jobs[place];
        let (parent, wait, failed, failed_at, hit) = (job.parent, job.wait_of_parent, job.failed, job.failed_at, job.has(HIT));
        if job.has(DETACHED) {
            self.message_done(place);
            return self.remove(place);
        }
        if parent == NONE || wait == NONE || self.jobs[parent].wait != wait {
            return self.remove(place);
        }
        let retries = job.retries;
        let waiting = &mut self.jobs[parent];
        waiting.retries += retries;
        waiting.pending -= 1;
        if failed == Cause::None {
            waiting.needed -= 1;
        }
        if failed == Cause::None && self.jobs[place].has(SIGHTS) {
            self.copy_sights(place, parent);
        }
        let waiting = &mut self.jobs[parent];
        let (enough, hopeless) = (waiting.needed == 0, waiting.pending < waiting.needed);
        if !enough && !hopeless {
            return self.remove(place);
        }
        waiting.wait = NONE;
        waiting.set(HIT, hit);
        self.jobs.hand_over(place, parent);
        self.remove(place);
        let fork = self.fork_before(parent);
        self.end_family(wait, fork.is_some_and(|fork| fork.cancel));
        if hopeless {
            self.jobs[parent].failed = failed;
            self.jobs[parent].failed_at = failed_at;
        }
        self.go_on_after(parent, fork, hopeless);
    }

    /// The fork or hedge that a job has just been waiting at; none at a loop.
    pub(super) fn fork_before(&self, place: u32) -> Option<Fork> {
        let before = self.jobs[place].at.checked_sub(1)?;
        match self.table.programs.ops[before as usize] {
            crate::program::Op::Fork(fork) | crate::program::Op::Hedge(fork) if !self.is_at_loop(place) => {
                Some(self.table.programs.forks[fork as usize])
            }
            _ => None,
        }
    }

    fn is_at_loop(&self, place: u32) -> bool {
        matches!(self.table.programs.ops[self.jobs[place].at as usize], crate::program::Op::Loop { .. })
            && self.jobs.frame_of(place, self.jobs[place].depth).rounds > 0
    }

    fn go_on_after(&mut self, place: u32, fork: Option<Fork>, failed: bool) {
        if failed || fork.is_some_and(|fork| fork.after > 0) {
            let slot = fork.and_then(|fork| self.slot_of_branch(fork.first)).unwrap_or(0);
            self.settle_time(place, slot);
        }
        if failed {
            match fork {
                Some(fork) => self.jobs[place].at = fork.fail,
                None => self.fail_loop(place),
            }
        }
        self.goes_on(place);
    }

    fn slot_of_branch(&self, branch: u32) -> Option<u16> {
        let start = self.table.programs.branches[branch as usize].start;
        match self.table.programs.ops.get(start as usize) {
            Some(crate::program::Op::Send(step)) => Some(self.table.programs.steps[*step as usize].slot),
            _ => None,
        }
    }

    /// A repetition has failed, and with it what repeats.
    fn fail_loop(&mut self, place: u32) {
        let at = self.jobs[place].at;
        if let crate::program::Op::Loop { branch } = self.table.programs.ops[at as usize] {
            self.jobs[place].at = self.table.programs.branches[branch as usize].fail;
        }
    }

    /// Nobody waits for the rest of a family; where that was agreed, it is called back.
    fn end_family(&mut self, wait: u32, cancel: bool) {
        let Some(family) = self.families.remove(&wait) else { return };
        if cancel {
            self.call_back_all(family);
        }
    }

    /// Ends these branches, if they have not ended, and everything that they wait for.
    pub(super) fn call_back_all(&mut self, family: Vec<(u32, u32)>) {
        for (job, stamp) in family {
            if self.jobs.is(job, stamp) {
                self.call_back(job);
                self.gone += 1;
            }
        }
        if self.gone > self.ready.len() / 2 + FEW {
            // Those that were about to begin at this moment are still named.
            self.gone = 0;
            self.ready.retain(|&(job, stamp)| self.jobs.is(job, stamp));
        }
    }

    /// Ends a branch and everything that it waits for.
    fn call_back(&mut self, place: u32) {
        self.unwind(place, 0);
        self.remove(place);
    }

    /// What a job waits for goes on for nobody, or is called back with it.
    pub(super) fn abandon_branches(&mut self, place: u32) {
        let wait = std::mem::replace(&mut self.jobs[place].wait, NONE);
        if wait != NONE {
            self.end_family(wait, true);
        }
    }

    /// The same, but nobody is called back: whoever could have said so has crashed.
    pub(super) fn abandon_branches_quietly(&mut self, place: u32) {
        let wait = std::mem::replace(&mut self.jobs[place].wait, NONE);
        self.families.remove(&wait);
    }

    /// A job that was parted: its caller's side takes its place in the family.
    pub(super) fn adopt(&mut self, from: u32, to: u32) {
        let old = self.jobs[from].stamp;
        let new = self.jobs[to].stamp;
        if let Some(family) = self.families.get_mut(&self.jobs[from].wait_of_parent) {
            for member in family.iter_mut().filter(|member| **member == (from, old)) {
                *member = (to, new);
            }
        }
    }
}
