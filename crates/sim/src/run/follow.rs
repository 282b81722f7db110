//! Programs are followed: each job goes on until it waits for something or is at its end. What
//! happens at a component is in `visit`; calls at once, in `branch`.

use super::Run;
use super::quiet::Way;
use crate::job::{Cause, HIT, NONE};
use crate::program::{ALWAYS, Op};

/// So many repetitions are a step of the engine at most.
const A_STEP: u32 = 16;

impl Run {
    /// Follows a program until the job waits or is at its end.
    #[inline]
    pub(super) fn go(&mut self, place: u32) {
        loop {
            let job = &mut self.jobs[place];
            let on = match self.table.programs.ops[job.at as usize] {
                Op::Send(step) => {
                    let leg = self.legs[step as usize];
                    match leg.way {
                        Way::NotQuiet | Way::Careful => self.send(place, step),
                        _ if self.tracer.live > 0 && job.traced => self.send(place, step),
                        // Branches of one wait keep apart, and a message goes where it was handed to.
                        Way::Turns | Way::RoundRobin | Way::Random if job.wait_of_parent != NONE || job.message != NONE => {
                            self.send(place, step)
                        }
                        _ => self.send_quietly(place, step, leg),
                    }
                }
                Op::Arrive(step) => self.arrive(place, step),
                Op::Served(step) => {
                    let leg = self.legs[step as usize];
                    self.served_quietly(place, step, leg)
                }
                Op::Settled(step) => self.settled(place, step),
                Op::Statement(step) => self.statement(place, step),
                Op::Exit(step) => {
                    let leg = self.legs[step as usize];
                    if leg.way == Way::NotQuiet || self.is_traced(place) {
                        self.exit(place, step)
                    } else {
                        self.exit_quietly(place, step, leg)
                    }
                }
                Op::Return(step) => self.returned(place, step),
                Op::Fill(step) => self.fill_cache(place, step),
                Op::OnHit { to } => {
                    job.at = if job.has(HIT) { to } else { job.at + 1 };
                    true
                }
                Op::Chance { billionths, to } => {
                    let next = job.at + 1;
                    let at = if self.draws(place, billionths) { next } else { to };
                    self.jobs[place].at = at;
                    true
                }
                Op::Repeat { step, times } => self.repeat(place, step, times),
                Op::Fork(fork) => self.fork(place, fork),
                Op::Hedge(fork) => self.hedge(place, fork),
                Op::Loop { branch } => self.loop_again(place, branch),
                Op::Detach { branch } => self.detach(place, branch),
                Op::BranchEnd => {
                    self.branch_end(place);
                    false
                }
                Op::Relayed(step) => {
                    self.relayed(place, step);
                    false
                }
                Op::Finish => {
                    self.finish(place);
                    false
                }
            };
            if !on {
                return;
            }
        }
    }

    pub(super) fn draws(&mut self, place: u32, billionths: u32) -> bool {
        billionths >= ALWAYS || self.table.classes[self.jobs[place].class as usize].calls.chance(billionths.into())
    }

    /// The call just made is made again, until it has been made so many times.
    fn repeat(&mut self, place: u32, step: u32, times: u32) -> bool {
        let depth = self.jobs[place].depth;
        let frame = self.jobs.frame(place, depth);
        frame.rounds += 1;
        let (rounds, again) = (frame.rounds, frame.rounds < times);
        if !again {
            frame.rounds = 0;
        }
        let job = &mut self.jobs[place];
        job.at = if again { self.table.programs.steps[step as usize].send } else { job.at + 1 };
        if again && rounds.is_multiple_of(A_STEP) {
            // Where nothing takes any time, all of them would be one step.
            self.goes_on(place);
            return false;
        }
        true
    }

    /// A call of the job has failed for good: its caller goes on without it, or fails as well.
    pub(super) fn fail_on(&mut self, place: u32, optional: bool, fail: u32, on: u32) -> bool {
        let job = &mut self.jobs[place];
        if optional {
            (job.failed, job.at) = (Cause::None, on);
            job.set(HIT, false);
        } else {
            job.at = fail;
        }
        true
    }
}
