//! Call plans as small programs: one list of operations for all classes, followed by tasks. What
//! an operation does to a run is in `run`.

use std::collections::BTreeMap;

use design::{Call, CallMode};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Make a call and wait for its answer.
    Call(u32),
    /// Pass over so many operations if the last answer was not "not here".
    SkipIfHit(u32),
    /// Go on with this probability [billionths]; else pass over so many operations.
    Maybe {
        billionths: u64,
        skip: u32,
    },
    /// A branch again and again, each time waiting for it.
    Repeat(u32),
    /// Several branches at once, waiting for all.
    Fork {
        first: u32,
        count: u32,
    },
    /// A branch that nobody waits for.
    Detach(u32),
    End,
}

/// One call of a plan, to one component.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) to: u32,
    pub(crate) edge: u32,
    /// What the called component does after its own service.
    pub(crate) program: u32,
    /// Only reading can miss.
    pub(crate) may_miss: bool,
}

/// A piece of a plan that is repeated, or run beside others.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) start: Start,
    pub(crate) times: u32,
    /// With which probability it is run at all [billionths].
    pub(crate) billionths: u64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// A single call: its visit is the branch, which spares a task.
    Step(u32),
    /// Operations from here to their end.
    Program(u32),
}

#[derive(Debug, Default)]
pub(crate) struct Plans {
    pub(crate) ops: Vec<Op>,
    pub(crate) steps: Vec<Step>,
    pub(crate) branches: Vec<Branch>,
    /// Arrows in use, as pairs of components, with their places.
    pub(crate) edges: BTreeMap<(u32, u32), u32>,
}

const ALWAYS: u64 = 1_000_000_000;

impl Plans {
    /// Adds what component `from` does, and returns where its program begins. `find` gives the
    /// number of a component; what it does not find has been refused before.
    pub(crate) fn program(&mut self, from: u32, calls: &[Call], find: &impl Fn(&str) -> u32) -> u32 {
        let mut ops = self.list(from, calls, find);
        ops.push(Op::End);
        let start = self.ops.len() as u32;
        self.ops.append(&mut ops);
        start
    }

    fn list(&mut self, from: u32, calls: &[Call], find: &impl Fn(&str) -> u32) -> Vec<Op> {
        let mut ops = Vec::new();
        let mut rest = calls;
        while let Some(call) = rest.first() {
            let together = rest.iter().take_while(|call| call.mode == CallMode::Parallel).count();
            if together > 0 {
                let branches: Vec<Branch> = rest[..together].iter().map(|call| self.branch(from, call, find)).collect();
                ops.push(Op::Fork { first: self.branches.len() as u32, count: together as u32 });
                self.branches.extend(branches);
                rest = &rest[together..];
                continue;
            }
            let one = self.one(from, call, find);
            if call.probability.base() < ALWAYS {
                ops.push(Op::Maybe { billionths: call.probability.base(), skip: one.len() as u32 });
            }
            ops.extend(one);
            rest = &rest[1..];
        }
        ops
    }

    /// A call that is not one of several at once, without its probability.
    fn one(&mut self, from: u32, call: &Call, find: &impl Fn(&str) -> u32) -> Vec<Op> {
        if call.mode == CallMode::Sequence && call.times.base() == 1 {
            return self.once(from, call, find);
        }
        let branch = Branch { billionths: ALWAYS, ..self.branch(from, call, find) };
        self.branches.push(branch);
        let place = (self.branches.len() - 1) as u32;
        vec![if call.mode == CallMode::Async { Op::Detach(place) } else { Op::Repeat(place) }]
    }

    fn branch(&mut self, from: u32, call: &Call, find: &impl Fn(&str) -> u32) -> Branch {
        let start = if call.miss.is_empty() {
            Start::Step(self.step(from, call, find))
        } else {
            let mut ops = self.once(from, call, find);
            ops.push(Op::End);
            let start = self.ops.len() as u32;
            self.ops.append(&mut ops);
            Start::Program(start)
        };
        Branch { start, times: u32::try_from(call.times.base()).unwrap_or(u32::MAX), billionths: call.probability.base() }
    }

    /// The call made a single time, and what its caller does on a miss.
    fn once(&mut self, from: u32, call: &Call, find: &impl Fn(&str) -> u32) -> Vec<Op> {
        let mut ops = vec![Op::Call(self.step(from, call, find))];
        if !call.miss.is_empty() {
            let miss = self.list(from, &call.miss, find);
            ops.push(Op::SkipIfHit(miss.len() as u32));
            ops.extend(miss);
        }
        ops
    }

    fn step(&mut self, from: u32, call: &Call, find: &impl Fn(&str) -> u32) -> u32 {
        let to = find(&call.to);
        let program = self.program(to, &call.then, find);
        let next = self.edges.len() as u32;
        let edge = *self.edges.entry((from, to)).or_insert(next);
        let may_miss = matches!(call.operation.as_str(), "" | "get" | "read");
        self.steps.push(Step { to, edge, program, may_miss });
        (self.steps.len() - 1) as u32
    }
}
