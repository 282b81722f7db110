//! Call plans as programs: one list of operations for all classes, followed by jobs. What an
//! operation does to a run is in `run`.

mod touch;

use sorted::BTreeMap;

use design::{Call, CallMode};

pub(crate) use touch::Touch;

/// What a job does next. Numbers are steps, unless a name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Sends a call on its way.
    Send(u32),
    /// It is at the door of its replica.
    Arrive(u32),
    /// A worker has done its own part.
    Served(u32),
    /// What the component had to wait for after that has come: copies, a group commit.
    Settled(u32),
    /// A worker of a database has done a statement of a transaction, or is about to begin the next.
    Statement(u32),
    /// The visit is over: the worker is given back and the answer sent.
    Exit(u32),
    /// The caller has the answer, or knows that it gets none.
    Return(u32),
    /// Made `times` times, each after the other.
    Repeat { step: u32, times: u32 },
    /// What was fetched after a miss is kept by the cache.
    Fill(u32),
    /// Passes over the plan for a miss.
    OnHit { to: u32 },
    /// Goes on with this probability [billionths], else there.
    Chance { billionths: u32, to: u32 },
    /// Several branches at once; which, and how many answers it waits for, is in `Fork`.
    Fork(u32),
    /// One branch, and the same again if it has not answered after a while.
    Hedge(u32),
    /// A branch, again and again, each time waiting for it.
    Loop { branch: u32 },
    /// A branch that nobody waits for.
    Detach { branch: u32 },
    /// A branch is at its end.
    BranchEnd,
    /// The relay of an outbox has sent what a write left there, or could not.
    Relayed(u32),
    /// The client has its answer.
    Finish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Read,
    Write,
}

/// One call of a plan, to one component.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) to: u32,
    pub(crate) edge: u32,
    /// Of the visit; the caller is one less.
    pub(crate) depth: u8,
    /// Where the component stands among those of its class.
    pub(crate) slot: u16,
    pub(crate) verb: Verb,
    /// The data it touches, from 1; 0 for none.
    pub(crate) data: u16,
    pub(crate) class: u32,
    pub(crate) modifiers: Vec<String>,
    /// What it does to a row, where rows count.
    pub(crate) touch: Touch,
    /// For transactions: the steps that are its statements; of any other call, itself.
    pub(crate) statements: (u32, u32),
    /// With which probability a statement is made [billionths].
    pub(crate) billionths: u32,
    /// How often a request makes this call at most, if nothing is tried again.
    pub(crate) most: u64,
    /// The caller goes on when it fails.
    pub(crate) optional: bool,
    // Places in the program.
    pub(crate) send: u32,
    pub(crate) exit: u32,
    /// Where the caller goes when it fails.
    pub(crate) fail: u32,
    /// What the consumers of a log or queue do, or the relay of an outbox, or `u32::MAX`; and which
    /// component does it.
    pub(crate) consumer: u32,
    pub(crate) consumed_by: u32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Branch {
    pub(crate) start: u32,
    pub(crate) times: u32,
    /// With which probability it is run at all [billionths].
    pub(crate) billionths: u32,
    /// For repeated branches: where the caller goes when one fails.
    pub(crate) fail: u32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fork {
    pub(crate) first: u32,
    pub(crate) count: u32,
    /// How many answers are enough; `u32::MAX` for all.
    pub(crate) wait: u32,
    /// The rest is called back then.
    pub(crate) cancel: bool,
    pub(crate) fail: u32,
    /// For hedges: after how long [ns], and how many more.
    pub(crate) after: u64,
    pub(crate) more: u32,
    /// Whichever begins first calls the other off.
    pub(crate) tied: bool,
}

/// When a second request is sent beside a slow one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hedge {
    pub(crate) after: u64,
    pub(crate) more: u32,
    pub(crate) cancel: bool,
    pub(crate) tied: bool,
}

/// What the compiler must know of components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Plain,
    /// Calls made below a read are made on a miss only.
    ReadsThrough,
    /// Calls made below it are made later, by consumers.
    HandsOn,
    /// It waits for something after its own service.
    Settles,
    /// The same, and every call is a transaction of one statement or of several.
    Transacts,
}

#[derive(Debug, Default)]
pub(crate) struct Programs {
    pub(crate) ops: Vec<Op>,
    pub(crate) steps: Vec<Step>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) forks: Vec<Fork>,
    /// Arrows in use, as pairs of components, with their places.
    pub(crate) edges: BTreeMap<(u32, u32), u32>,
    /// By class: the component at each slot.
    pub(crate) slots: Vec<Vec<u32>>,
    /// The deepest visit.
    pub(crate) depth: u8,
}

impl Programs {
    /// The components at both ends of each arrow, by its place.
    pub(crate) fn ends(&self) -> Vec<(u32, u32)> {
        let mut ends = vec![(0, 0); self.edges.len()];
        for (&both, &place) in &self.edges {
            ends[place as usize] = both;
        }
        ends
    }
}

pub(crate) const ALWAYS: u32 = 1_000_000_000;
/// To be filled in once it is known.
const LATER: u32 = u32::MAX;

/// Compiles the plan of one class.
pub(crate) struct Compiler<'a> {
    pub(crate) programs: &'a mut Programs,
    pub(crate) class: u32,
    /// The number and the manner of a component.
    pub(crate) find: &'a dyn Fn(&str) -> (u32, Manner),
    /// How often a request comes to the calls that are compiled now.
    pub(crate) most: u64,
    /// The number of some data, from 1.
    pub(crate) data: &'a dyn Fn(&str) -> u16,
    /// Whether calls from one component to another are hedged.
    pub(crate) hedged: &'a dyn Fn(u32, u32) -> Option<Hedge>,
}

/// Pieces that stand apart from the program they belong to and are written after it.
struct Piece<'c> {
    from: u32,
    calls: &'c [Call],
    place: Placed,
    most: u64,
}

enum Placed {
    Branch(u32),
    /// A branch that is only the call, without what its caller does on a miss.
    Hedged(u32),
    Consumer(u32),
    Relay(u32),
}

impl<'a> Compiler<'a> {
    /// Adds what component `from` does for a request and returns where its program begins.
    pub(crate) fn root(&mut self, from: u32, calls: &[Call]) -> u32 {
        self.programs.slots.push(Vec::new());
        self.most = 1;
        let mut pieces = Vec::new();
        let start = self.program(from, calls, Op::Finish, None, &mut pieces);
        while let Some(piece) = pieces.pop() {
            let end = if let Placed::Relay(step) = piece.place { Op::Relayed(step) } else { Op::BranchEnd };
            self.most = piece.most;
            let begin = self.program(piece.from, piece.calls, end, Some(&piece.place), &mut pieces);
            match piece.place {
                Placed::Branch(branch) | Placed::Hedged(branch) => self.programs.branches[branch as usize].start = begin,
                Placed::Consumer(step) | Placed::Relay(step) => self.programs.steps[step as usize].consumer = begin,
            }
        }
        start
    }

    /// A list of calls with its end. Of the one call of a branch, mode, number and probability are
    /// the business of those who start it.
    fn program<'c>(&mut self, from: u32, calls: &'c [Call], end: Op, place: Option<&Placed>, pieces: &mut Vec<Piece<'c>>) -> u32 {
        let start = self.here();
        let mut fails = Vec::new();
        match (place, calls.first()) {
            (Some(Placed::Branch(_)), Some(call)) => self.once(from, call, 1, &mut fails, pieces),
            (Some(Placed::Hedged(_)), Some(call)) => {
                self.bare(from, call, 1, &mut fails, pieces);
            }
            _ => self.list(from, calls, 1, &mut fails, pieces),
        }
        self.fail_to(&fails, self.here());
        self.programs.ops.push(end);
        start
    }

    fn here(&self) -> u32 {
        self.programs.ops.len() as u32
    }

    /// Steps and forks whose failure leads to `place`.
    fn fail_to(&mut self, fails: &[Fails], place: u32) {
        for fail in fails {
            match *fail {
                Fails::Step(step) => self.programs.steps[step as usize].fail = place,
                Fails::Fork(fork) => self.programs.forks[fork as usize].fail = place,
                Fails::Branch(branch) => self.programs.branches[branch as usize].fail = place,
            }
        }
    }

    fn list<'c>(&mut self, from: u32, calls: &'c [Call], depth: u8, fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let mut rest = calls;
        while let Some(call) = rest.first() {
            let together = rest.iter().take_while(|call| call.mode == CallMode::Parallel).count();
            if together > 0 {
                self.fork(from, &rest[..together], fails, pieces);
                rest = &rest[together..];
            } else {
                self.one(from, call, depth, fails, pieces);
                rest = &rest[1..];
            }
        }
    }

    fn fork<'c>(&mut self, from: u32, calls: &'c [Call], fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let first = self.programs.branches.len() as u32;
        for call in calls {
            self.branch(from, call, pieces);
        }
        let wait = calls.iter().find_map(|call| call.wait).map_or(u32::MAX, |wait| u32::try_from(wait.0).unwrap_or(u32::MAX));
        let cancel = calls.iter().any(|call| call.cancel);
        let fork = self.programs.forks.len() as u32;
        self.programs.forks.push(Fork { first, count: calls.len() as u32, wait, cancel, fail: LATER, after: 0, more: 0, tied: false });
        self.programs.ops.push(Op::Fork(fork));
        fails.push(Fails::Fork(fork));
    }

    fn branch<'c>(&mut self, from: u32, call: &'c Call, pieces: &mut Vec<Piece<'c>>) -> u32 {
        let branch = self.programs.branches.len() as u32;
        let times = u32::try_from(call.times.0).unwrap_or(u32::MAX);
        self.programs.branches.push(Branch { start: LATER, times, billionths: call.probability.0 as u32, fail: LATER });
        pieces.push(Piece { from, calls: std::slice::from_ref(call), place: Placed::Branch(branch), most: self.most });
        branch
    }

    /// A call that is not one of several at once.
    fn one<'c>(&mut self, from: u32, call: &'c Call, depth: u8, fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let chance = (call.probability.0 < u64::from(ALWAYS)).then(|| self.here());
        if chance.is_some() {
            self.programs.ops.push(Op::Chance { billionths: call.probability.0 as u32, to: LATER });
        }
        let times = u32::try_from(call.times.0).unwrap_or(u32::MAX);
        if call.mode == CallMode::Async {
            let branch = self.branch(from, call, pieces);
            self.programs.branches[branch as usize].billionths = ALWAYS;
            self.programs.ops.push(Op::Detach { branch });
        } else if times != 1 && (!call.miss.is_empty() || (self.hedged)(from, (self.find)(&call.to).0).is_some()) {
            let branch = self.branch(from, call, pieces);
            self.programs.branches[branch as usize].billionths = ALWAYS;
            self.programs.ops.push(Op::Loop { branch });
            fails.push(Fails::Branch(branch));
        } else {
            let step = self.programs.steps.len() as u32;
            self.once(from, call, depth, fails, pieces);
            if times != 1 {
                self.programs.ops.push(Op::Repeat { step, times });
            }
        }
        if let Some(chance) = chance {
            let here = self.here();
            if let Op::Chance { to, .. } = &mut self.programs.ops[chance as usize] {
                *to = here;
            }
        }
    }

    /// The call made a single time, and what its caller does on a miss.
    fn once<'c>(&mut self, from: u32, call: &'c Call, depth: u8, fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let before = self.most;
        self.most = before.saturating_mul(call.times.0);
        self.one_of_them(from, call, depth, fails, pieces);
        self.most = before;
    }

    fn one_of_them<'c>(&mut self, from: u32, call: &'c Call, depth: u8, fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let step = self.programs.steps.len() as u32;
        match (self.hedged)(from, (self.find)(&call.to).0) {
            None => self.bare(from, call, depth, fails, pieces),
            Some(hedge) => self.hedge(from, call, hedge, fails, pieces),
        }
        if !call.miss.is_empty() {
            let on_hit = self.here();
            self.programs.ops.push(Op::OnHit { to: LATER });
            self.list(from, &call.miss, depth, fails, pieces);
            // Who does not say when the cache is filled means: with what was fetched.
            let says = call.miss.iter().any(|other| other.to == call.to && verb(other) == Verb::Write);
            if !says && self.programs.steps.get(step as usize).is_some_and(|known| known.to == (self.find)(&call.to).0) {
                self.programs.ops.push(Op::Fill(step));
            }
            self.programs.ops[on_hit as usize] = Op::OnHit { to: self.here() };
        }
    }

    fn hedge<'c>(&mut self, from: u32, call: &'c Call, hedge: Hedge, fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let first = self.programs.branches.len() as u32;
        self.programs.branches.push(Branch { start: LATER, times: 1, billionths: ALWAYS, fail: LATER });
        pieces.push(Piece { from, calls: std::slice::from_ref(call), place: Placed::Hedged(first), most: self.most });
        let fork = self.programs.forks.len() as u32;
        let Hedge { after, more, cancel, tied } = hedge;
        self.programs.forks.push(Fork { first, count: 1, wait: 1, cancel, fail: LATER, after, more, tied });
        self.programs.ops.push(Op::Hedge(fork));
        fails.push(Fails::Fork(fork));
    }

    /// The call alone.
    fn bare<'c>(&mut self, from: u32, call: &'c Call, depth: u8, fails: &mut Vec<Fails>, pieces: &mut Vec<Piece<'c>>) {
        let (to, manner) = (self.find)(&call.to);
        let step = self.step(from, to, call, depth);
        fails.push(Fails::Step(step));
        let served = if manner == Manner::Transacts { Op::Statement(step) } else { Op::Served(step) };
        self.programs.ops.extend([Op::Send(step), Op::Arrive(step), served]);
        let settles = matches!(manner, Manner::Settles | Manner::Transacts);
        if settles {
            self.programs.ops.push(Op::Settled(step));
        }
        if manner == Manner::Transacts {
            self.statements(from, step, call, depth, pieces);
        }
        if manner == Manner::HandsOn {
            if !call.then.is_empty() {
                pieces.push(Piece { from: to, calls: &call.then, place: Placed::Consumer(step), most: self.most });
            }
        } else if settles && call.says("outbox") && !call.reads() && !call.then.is_empty() {
            pieces.push(Piece { from: to, calls: &call.then, place: Placed::Relay(step), most: self.most });
        } else {
            self.inside(step, call, depth, manner, pieces);
        }
        self.programs.steps[step as usize].exit = self.here();
        self.programs.ops.extend([Op::Exit(step), Op::Return(step)]);
    }

    /// The statements of a transaction, each with what it leaves in an outbox.
    fn statements<'c>(&mut self, from: u32, step: u32, call: &'c Call, depth: u8, pieces: &mut Vec<Piece<'c>>) {
        let to = self.programs.steps[step as usize].to;
        let first = self.programs.steps.len() as u32;
        for statement in &call.statements {
            let number = self.step(from, to, statement, depth);
            if statement.says("outbox") && !statement.reads() && !statement.then.is_empty() {
                pieces.push(Piece { from: to, calls: &statement.then, place: Placed::Relay(number), most: self.most });
            }
        }
        if !call.statements.is_empty() {
            let transaction = &mut self.programs.steps[step as usize];
            // It goes where writes go.
            (transaction.statements, transaction.verb) = ((first, call.statements.len() as u32), Verb::Write);
        }
    }

    /// What the called component does after its own service.
    fn inside<'c>(&mut self, step: u32, call: &'c Call, depth: u8, manner: Manner, pieces: &mut Vec<Piece<'c>>) {
        if call.then.is_empty() {
            return;
        }
        let to = self.programs.steps[step as usize].to;
        let only_on_miss = manner == Manner::ReadsThrough && verb(call) == Verb::Read;
        let on_hit = only_on_miss.then(|| self.here());
        if on_hit.is_some() {
            self.programs.ops.push(Op::OnHit { to: LATER });
        }
        let mut fails = Vec::new();
        self.list(to, &call.then, depth + 1, &mut fails, pieces);
        // A failure passes over what keeps the answer.
        let here = self.here();
        self.fail_to(&fails, here + u32::from(only_on_miss));
        if let Some(on_hit) = on_hit {
            self.programs.ops.push(Op::Fill(step));
            self.programs.ops[on_hit as usize] = Op::OnHit { to: here + 1 };
        }
    }

    fn step(&mut self, from: u32, to: u32, call: &Call, depth: u8) -> u32 {
        let send = self.here();
        let programs = &mut *self.programs;
        let next = programs.edges.len() as u32;
        let edge = *programs.edges.entry((from, to)).or_insert(next);
        let slots = &mut programs.slots[self.class as usize];
        let slot = slots.iter().position(|&known| known == to).unwrap_or_else(|| {
            slots.push(to);
            slots.len() - 1
        });
        programs.depth = programs.depth.max(depth);
        let number = programs.steps.len() as u32;
        programs.steps.push(Step {
            to,
            edge,
            depth,
            slot: slot as u16,
            verb: verb(call),
            data: call.data.as_deref().map_or(0, |data| (self.data)(data)),
            class: self.class,
            modifiers: call.modifiers.clone(),
            touch: Touch::of(call),
            statements: (number, 1),
            billionths: call.probability.0 as u32,
            most: self.most,
            optional: call.optional,
            send,
            exit: LATER,
            fail: LATER,
            consumer: LATER,
            consumed_by: call.then.first().map_or(LATER, |first| (self.find)(&first.to).0),
        });
        number
    }
}

enum Fails {
    Step(u32),
    Fork(u32),
    Branch(u32),
}

/// What a call is to a store.
pub(crate) fn verb(call: &Call) -> Verb {
    if call.reads() { Verb::Read } else { Verb::Write }
}
