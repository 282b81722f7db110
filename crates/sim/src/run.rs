//! A run: events taken from the agenda one by one, and what each of them does. What is measured
//! on the way is defined in `station` and `tally`; how it is told, in `report`.

use design::{Experiment, Problem};

use crate::agenda::{Agenda, Event, MOST_EVENTS, MOST_INDEX};
use crate::plan::{Op, Start};
use crate::random::{Stream, Ziggurat};
use crate::report::{EndedBy, Report};
use crate::sample::whole;
use crate::source::Source;
use crate::station::UNLIMITED;
use crate::table::{Policy, Table};
use crate::tally::Tally;
use crate::task::{NO_PATH, NONE, Request, Role, Slab, Task};
use crate::time::{Ns, later};

/// What a run may use up. A run that reaches a limit ends there and its report says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of the engine; a request takes about four, and more for each call it makes.
    pub events: u64,
    /// Requests and calls under way at the same time; each takes about 150 bytes.
    pub live_requests: usize,
}

impl Default for Budget {
    /// Minutes of work and at most a few hundred megabytes.
    fn default() -> Self {
        Self { events: 2_000_000_000, live_requests: 2_000_000 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// The part of the simulated time that has passed, from 0 to 1.
    Running { done: f64 },
    Done,
}

/// Runs an experiment to its end or to the end of the budget.
pub fn run(experiment: &Experiment, budget: Budget) -> Result<Report, Vec<Problem>> {
    let mut run = Run::within(experiment, budget)?;
    while run.advance(u64::MAX) != Progress::Done {}
    Ok(run.report())
}

/// An experiment under way. The caller advances it in slices and may stop or report at any time;
/// however it is sliced, the report is the same.
pub struct Run {
    pub(crate) table: Table,
    pub(crate) tally: Tally,
    pub(crate) now: Ns,
    pub(crate) events: u64,
    pub(crate) ended: Option<Option<EndedBy>>,
    pub(crate) experiment: Experiment,
    agenda: Agenda,
    tasks: Slab<Task>,
    requests: Slab<Request>,
    /// Tasks that go on at this very moment.
    ready: Vec<u32>,
    ziggurat: Ziggurat,
    budget: Budget,
    sessions: u64,
    /// For folding long paths: by component, the visit that stands for it.
    standing: Vec<u32>,
}

impl Run {
    /// With the default budget. The problems say why the experiment cannot be run.
    pub fn new(experiment: &Experiment) -> Result<Self, Vec<Problem>> {
        Self::within(experiment, Budget::default())
    }

    pub fn within(experiment: &Experiment, budget: Budget) -> Result<Self, Vec<Problem>> {
        let document = experiment.document.document();
        let table = Table::new(document, experiment.seed)?;
        let mut run = Self {
            tally: Tally::new(table.classes.len(), table.components.len()),
            standing: vec![NONE; table.components.len()],
            table,
            now: 0,
            events: 0,
            ended: None,
            experiment: experiment.clone(),
            agenda: Agenda::default(),
            tasks: Slab::default(),
            requests: Slab::default(),
            ready: Vec::new(),
            ziggurat: Ziggurat::new(),
            budget: Budget { events: budget.events.min(MOST_EVENTS / 2), live_requests: budget.live_requests.min(MOST_INDEX / 2) },
            sessions: 0,
        };
        run.start_sources();
        Ok(run)
    }

    /// Takes at most so many steps. One step is bounded: it makes at most 100,000 calls.
    pub fn advance(&mut self, events: u64) -> Progress {
        let mut left = events;
        while self.ended.is_none() && left > 0 {
            left -= 1;
            self.step();
        }
        match self.ended {
            Some(_) => Progress::Done,
            None => Progress::Running { done: self.done() },
        }
    }

    /// What has been measured so far, or in all once the run is done.
    pub fn report(&self) -> Report {
        Report::of(self)
    }

    fn done(&self) -> f64 {
        (self.now.min(self.table.window.to) as f64 / self.table.window.to.max(1) as f64).min(1.0)
    }

    fn step(&mut self) {
        if self.events >= self.budget.events || self.agenda.scheduled() >= MOST_EVENTS - MOST_INDEX as u64 {
            return self.end(Some(EndedBy::Events));
        }
        if self.tasks.live() > self.budget.live_requests {
            return self.end(Some(EndedBy::LiveRequests));
        }
        self.events += 1;
        if let Some(task) = self.ready.pop() {
            return self.go_on(task);
        }
        match self.agenda.next() {
            None => {
                self.now = self.now.max(self.table.window.to);
                self.end(None);
            }
            Some((time, _)) if time > self.table.drained => {
                self.now = self.table.drained;
                self.end(Some(EndedBy::DrainTime));
            }
            Some((time, event)) => {
                debug_assert!(time >= self.now, "time runs forward");
                self.now = time;
                self.happen(event);
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Send(class) => {
                self.sessions += 1;
                self.send(class, self.sessions - 1);
                self.schedule_next(class);
            }
            Event::Act(user) => {
                let class = self.table.classes.partition_point(|class| class.first_user <= user) as u32 - 1;
                self.send(class, user.into());
            }
            Event::Arrive(task) => self.arrive(task),
            Event::Served(task) => self.served(task),
            Event::Reply(task) => self.returned(task),
        }
    }

    fn end(&mut self, by: Option<EndedBy>) {
        self.ended = Some(by);
        if cfg!(debug_assertions) {
            self.check();
        }
    }

    /// Asserts the exact identities of every component and class.
    fn check(&self) {
        let mut inside = vec![Vec::new(); self.table.components.len()];
        for task in self.tasks.iter().filter(|task| task.inside) {
            inside[self.table.stations[task.station as usize].component as usize].push(task);
        }
        for (component, still) in self.table.components.iter().zip(inside) {
            component.account.check(&component.name, &still, self.now, self.table.window);
        }
        self.tally.check(self.requests.live() as u64, self.now, self.table.window);
    }
}

/// Requests begin and end.
impl Run {
    fn start_sources(&mut self) {
        for number in 0..self.table.classes.len() as u32 {
            self.schedule_next(number);
            let class = &self.table.classes[number as usize];
            let Source::Closed { users, .. } = class.source else { continue };
            let first = class.first_user;
            (first..first + users).for_each(|user| self.think(number, user));
        }
    }

    /// The next open arrival, unless it comes after the end.
    fn schedule_next(&mut self, number: u32) {
        let class = &mut self.table.classes[number as usize];
        if let Some(time) = class.source.next(self.now, &mut class.arrivals, &self.ziggurat).filter(|&time| time < self.table.window.to) {
            self.agenda.schedule(time, Event::Send(number));
        }
    }

    fn think(&mut self, number: u32, user: u32) {
        let class = &mut self.table.classes[number as usize];
        let Source::Closed { think, .. } = &class.source else { return };
        let time = later(self.now, think.draw(&mut class.arrivals, &self.ziggurat));
        if time < self.table.window.to {
            self.agenda.schedule(time, Event::Act(user));
        }
    }

    fn send(&mut self, number: u32, session: u64) {
        let class = &mut self.table.classes[number as usize];
        let (key, program) = (class.keys.bits(), class.program);
        let measured = self.table.window.contains(self.now);
        let request = Request { class: number, session, key, attempt: 1, open: 1, intended: self.now, measured };
        let request = self.requests.insert(request);
        self.tally.sent(number, measured, self.now, self.table.window);
        let mut task = Task::new(Role::Root, NONE, request, program);
        task.measured = measured;
        let task = self.tasks.insert(task);
        self.ready.push(task);
    }

    /// The client has its answer, or knows that it gets none.
    fn finish(&mut self, root: u32) {
        let task = &self.tasks[root];
        let (place, path, refused_by) = (task.request, task.path, task.refused_by);
        let request = &self.requests[place];
        let (class, session) = (request.class, request.session);
        let (tasks, steps) = (&self.tasks, &self.table.plans.steps);
        let mut next = path.head;
        let parts = std::iter::from_fn(move || {
            let visit = (next != NONE).then(|| &tasks[next])?;
            next = visit.next;
            Some((steps[visit.step as usize].to, [visit.waiting, visit.serving, visit.network]))
        });
        self.tally.finished(request, refused_by, parts, self.now, self.table.window);
        self.discard(root);
        self.close(place);
        if matches!(self.table.classes[class as usize].source, Source::Closed { .. }) {
            self.think(class, session as u32);
        }
    }

    fn close(&mut self, place: u32) {
        let request = &mut self.requests[place];
        request.open -= 1;
        if request.open == 0 {
            self.requests.remove(place);
        }
    }
}

/// Plans are followed.
impl Run {
    /// Follows a plan until it waits for an answer or is at its end.
    fn go_on(&mut self, place: u32) {
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

    fn draws(&mut self, place: u32, billionths: u64) -> bool {
        let class = self.requests[self.tasks[place].request].class;
        self.table.classes[class as usize].calls.chance(billionths)
    }

    /// One more repetition; false once all are done.
    fn repeat(&mut self, place: u32, branch: u32) -> bool {
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
    fn fork(&mut self, place: u32, first: u32, count: u32) -> bool {
        // One more than is sent, so that an answer on the spot does not end the waiting early.
        let task = &mut self.tasks[place];
        task.at += 1;
        task.pending = 1;
        for branch in first..first + count {
            let (times, billionths) = (self.table.plans.branches[branch as usize].times, self.table.plans.branches[branch as usize].billionths);
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
    fn begin(&mut self, place: u32, branch: u32) {
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
    fn detach(&mut self, place: u32, branch: u32) {
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

    fn call(&mut self, caller: u32, step: u32) {
        let task = &self.tasks[caller];
        let (request, measured) = (task.request, task.measured);
        self.visit(caller, request, measured, step);
    }

    /// Sends a call on its way, to the replica that is chosen now.
    fn visit(&mut self, caller: u32, request: u32, measured: bool, step: u32) {
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

    fn choose(&mut self, to: u32, edge: u32) -> u32 {
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

/// Calls are served and answered.
impl Run {
    fn arrive(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &mut self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        let window = self.table.window;
        component.account.arrive(self.now, window);
        task.arrived = self.now;
        task.started = Ns::MAX;
        if station.busy < component.workers {
            task.inside = true;
            component.account.enter(self.now, window);
            return self.start(place);
        }
        if station.waiting < component.queue {
            task.inside = true;
            component.account.enter(self.now, window);
            station.enqueue(&mut self.tasks, place);
            if window.contains(self.now) {
                component.account.queue_max = component.account.queue_max.max(station.waiting);
            }
            return;
        }
        component.account.reject(self.now, window);
        task.refused_by = station.component;
        self.reply(place);
    }

    fn start(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &mut self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        station.busy += 1;
        component.account.begin(self.now, self.table.window);
        task.started = self.now;
        task.waiting = self.now - task.arrived;
        if component.workers == UNLIMITED && component.service.is_always_zero() {
            return self.served(place);
        }
        let length = component.service.draw(&mut component.times, &self.ziggurat);
        self.agenda.schedule(later(self.now, length), Event::Served(place));
    }

    fn served(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        task.serving = self.now - task.started;
        if let Some(hits) = component.hits.filter(|_| self.table.plans.steps[task.step as usize].may_miss) {
            task.hit = component.choices.chance(hits);
            component.account.hits += u64::from(task.hit && task.measured);
            component.account.misses += u64::from(!task.hit && task.measured);
        }
        if !component.holds {
            self.release(place);
        }
        self.ready.push(place);
    }

    /// A worker is free again and takes the next who waits.
    fn release(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let station = &mut self.table.stations[task.station as usize];
        let component = &mut self.table.components[station.component as usize];
        task.inside = false;
        station.busy -= 1;
        component.account.leave(task, self.now, self.table.window);
        if let Some(next) = station.dequeue(&mut self.tasks) {
            self.start(next);
        }
    }

    /// A plan is at its end, or given up.
    fn complete(&mut self, place: u32) {
        let task = &self.tasks[place];
        match task.role {
            Role::Root => self.finish(place),
            Role::Branch => self.returned(place),
            Role::Visit => {
                if task.inside {
                    self.release(place);
                }
                self.reply(place);
            }
        }
    }

    fn reply(&mut self, place: u32) {
        let task = &mut self.tasks[place];
        let edge = &mut self.table.edges[self.table.plans.steps[task.step as usize].edge as usize];
        let delay = edge.back + self.table.travel[task.step as usize].back + jitter(edge.jitter, &mut edge.stream, &self.ziggurat);
        task.network += delay;
        if delay == 0 { self.returned(place) } else { self.agenda.schedule(later(self.now, delay), Event::Reply(place)) }
    }

    /// The caller has the answer.
    fn returned(&mut self, place: u32) {
        let task = &self.tasks[place];
        let (parent, hit, refused_by, request) = (task.parent, task.hit, task.refused_by, task.request);
        if task.role == Role::Visit {
            self.table.stations[task.station as usize].open -= 1;
        }
        if task.detached {
            self.discard(place);
            return self.close(request);
        }
        let caller = &mut self.tasks[parent];
        caller.hit = hit;
        if caller.refused_by == NONE {
            caller.refused_by = refused_by;
        }
        caller.pending -= 1;
        if caller.pending > 0 {
            return self.discard(place);
        }
        self.append(parent, place);
        self.ready.push(parent);
    }
}

/// Paths: where a task's time went.
impl Run {
    /// Adds an answered task and its own path to its caller's.
    fn append(&mut self, caller: u32, place: u32) {
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

    fn link(&mut self, caller: u32, head: u32, tail: u32, length: u32) {
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
    fn fold(&mut self, into: u32, place: u32) {
        let task = &self.tasks[place];
        let (waiting, serving, network) = (task.waiting, task.serving, task.network);
        let kept = &mut self.tasks[into];
        kept.waiting += waiting;
        kept.serving += serving;
        kept.network += network;
        self.tasks.remove(place);
    }

    /// Keeps one visit per component of a path.
    fn shorten(&mut self, caller: u32) {
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
    fn discard(&mut self, place: u32) {
        let mut next = self.tasks[place].path.head;
        while next != NONE {
            self.tasks.remove(next);
            next = self.tasks[next].next;
        }
        self.tasks.remove(place);
    }
}

fn in_turn(turn: &mut u32, n: u32) -> u32 {
    let now = *turn % n;
    *turn = (now + 1) % n;
    now
}

fn jitter(mean: f64, stream: &mut Stream, ziggurat: &Ziggurat) -> Ns {
    if mean == 0.0 { 0 } else { whole(mean * ziggurat.draw(stream)) }
}
