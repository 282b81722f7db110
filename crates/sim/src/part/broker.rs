//! Queues and logs: messages wait for consumers, are taken, dealt with, taken again, or given up.
//! When a consumer is free is the business of `run`.

use sorted::BTreeSet;
use std::collections::VecDeque;

use crate::time::Ns;
use crate::words::Words;

pub(crate) struct Broker {
    /// One line of messages per partition; a queue has one.
    pub(crate) lines: Vec<Line>,
    /// A log: each partition goes to one consumer, one message after the other.
    pub(crate) ordered: bool,
    /// How long a taken message is hidden [ns].
    pub(crate) visibility: Ns,
    /// After so many deliveries a message goes to the dead letters.
    pub(crate) attempts: u32,
    retention: Ns,
    pub(crate) ack_first: bool,
    dedupe: bool,
    /// How long nothing is consumed after the consumers have changed [ns].
    pub(crate) rebalance: Ns,
    /// Nothing is consumed until then [ns].
    pub(crate) paused_until: Ns,
    pub(crate) messages: Vec<Message>,
    /// Those that nobody deals with: when, the last of them, and how many.
    kept: VecDeque<(u64, Ns, u64)>,
    free: Vec<u32>,
    turn: usize,
    /// Lines in which something waits that could be delivered, and where to look first.
    ready: BTreeSet<u32>,
    next_line: u32,
    pub(crate) counts: Counts,
    /// Whether it tells of the messages that it loses, and those of which it has not told.
    pub(crate) tells: bool,
    pub(crate) gone: Vec<Gone>,
}

/// A message that was lost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone {
    pub(crate) request: u64,
    pub(crate) data: u16,
    pub(crate) key: u64,
    pub(crate) came: Ns,
    /// Kept for as long as anything is; else it was acknowledged too early.
    pub(crate) expired: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) waiting: VecDeque<u32>,
    pub(crate) taken: bool,
}

/// Whole numbers since the start of the run: produced = consumed + dead + lost + backlog.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) produced: u64,
    pub(crate) deliveries: u64,
    /// Messages dealt with for good.
    pub(crate) consumed: u64,
    /// Messages that were delivered more than once.
    pub(crate) redelivered: u64,
    /// The longest backlog so far.
    pub(crate) backlog_max: u64,
    /// Effects beyond the first of a message.
    pub(crate) duplicates: u64,
    pub(crate) dead: u64,
    pub(crate) lost: u64,
    /// Waiting, or taken and not yet dealt with.
    pub(crate) backlog: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) program: u32,
    /// The component that deals with it.
    pub(crate) consumer: u32,
    pub(crate) class: u32,
    pub(crate) key: u64,
    /// What it is about, from 1; and its turn among those about the same record: whether that is
    /// a version, and which. Only counted where somebody watches.
    pub(crate) data: u16,
    pub(crate) turn: (bool, u64),
    pub(crate) session: u32,
    pub(crate) intended: Ns,
    pub(crate) request: u64,
    pub(crate) measured: bool,
    pub(crate) came: Ns,
    pub(crate) line: u32,
    pub(crate) receives: u32,
    /// Names the present delivery; 0 once it is gone.
    pub(crate) delivery: u32,
    /// Effects it has had.
    pub(crate) effects: u32,
    pub(crate) gone: bool,
    /// Whether it stands in its line.
    pub(crate) queued: bool,
    /// Deliveries under way: its place is kept until the last is done.
    pub(crate) open: u32,
}

/// Messages that nobody deals with are told apart to this part of their retention.
const KEPT_APART: u64 = 1_000;

impl Broker {
    fn new(lines: usize, ordered: bool, words: Words) -> Self {
        Self {
            lines: vec![Line::default(); lines.max(1)],
            ordered,
            visibility: words.time("visibility").unwrap_or(30_000_000_000),
            attempts: words.count("attempts").unwrap_or(u64::from(u32::MAX)) as u32,
            retention: words.time("retention").unwrap_or(Ns::MAX / 2),
            ack_first: words.word("ack") == "before",
            dedupe: words.flag("dedupe").unwrap_or(false),
            rebalance: words.time("rebalance").unwrap_or(0),
            paused_until: 0,
            messages: Vec::new(),
            kept: VecDeque::new(),
            free: Vec::new(),
            turn: 0,
            ready: BTreeSet::new(),
            next_line: 0,
            counts: Counts::default(),
            tells: false,
            gone: Vec::new(),
        }
    }

    fn tell_of(&mut self, place: u32, expired: bool) {
        if self.tells {
            let Message { request, data, key, came, .. } = self.messages[place as usize];
            self.gone.push(Gone { request, data, key, came, expired });
        }
    }

    pub(crate) fn queue(words: Words) -> Self {
        Self::new(1, false, words)
    }

    pub(crate) fn log(words: Words) -> Self {
        Self::new(words.count("partitions").unwrap_or(1).min(100_000) as usize, true, words)
    }

    /// The partition of a key; without one, the next in turn.
    pub(crate) fn line_of(&mut self, key: Option<u64>) -> u32 {
        let n = self.lines.len();
        match key {
            Some(key) => (crate::keys::hash(key, 5) % n as u64) as u32,
            None => {
                self.turn = (self.turn + 1) % n;
                self.turn as u32
            }
        }
    }

    /// A message that nobody deals with is only kept, for as long as anything is.
    pub(crate) fn keep(&mut self, now: Ns) {
        self.counts.produced += 1;
        self.counts.backlog += 1;
        self.counts.backlog_max = self.counts.backlog_max.max(self.counts.backlog);
        // Those that come close together are counted together, so that a log may become long.
        let moment = now / (self.retention / KEPT_APART).max(1);
        match self.kept.back_mut() {
            Some((last, latest, count)) if *last == moment => (*latest, *count) = (now, *count + 1),
            _ => self.kept.push_back((moment, now, 1)),
        }
        while let Some(&(_, latest, count)) = self.kept.front().filter(|(_, latest, _)| latest.saturating_add(self.retention) <= now) {
            self.counts.lost += count;
            self.counts.backlog -= count;
            debug_assert!(latest < now);
            self.kept.pop_front();
        }
    }

    pub(crate) fn append(&mut self, message: Message) -> u32 {
        self.counts.produced += 1;
        self.counts.backlog += 1;
        self.counts.backlog_max = self.counts.backlog_max.max(self.counts.backlog);
        let line = message.line as usize;
        let place = match self.free.pop() {
            Some(place) => {
                // Deliveries are numbered on, so that nothing of the old message is taken for this.
                let delivery = self.messages[place as usize].delivery;
                self.messages[place as usize] = Message { delivery, ..message };
                place
            }
            None => {
                self.messages.push(message);
                (self.messages.len() - 1) as u32
            }
        };
        self.lines[line].waiting.push_back(place);
        self.settle_ready(line);
        place
    }

    fn settle_ready(&mut self, line: usize) {
        if self.lines[line].taken || self.lines[line].waiting.is_empty() {
            self.ready.remove(&(line as u32));
        } else {
            self.ready.insert(line as u32);
        }
    }

    pub(crate) fn ready_count(&self) -> usize {
        self.ready.len()
    }

    pub(crate) fn ready(&self) -> Vec<usize> {
        self.ready.iter().map(|&line| line as usize).collect()
    }

    /// The next line that has something for the consumer of this number among so many, beginning
    /// with another each time so that none of them starves; and how many were looked at.
    pub(crate) fn next_ready(&mut self, index: u32, among: u32) -> (Option<usize>, usize) {
        let from = self.next_line;
        let mine = |line: &u32| line % among == index;
        // Whichever are fewer are gone through: those that are ready, or those of this consumer.
        let found = if self.ready.len() < self.lines.len() / among as usize {
            let circle = self.ready.range(from..).chain(self.ready.range(..from));
            let place = circle.clone().position(mine);
            (place.and_then(|place| circle.clone().nth(place)).copied(), place.unwrap_or(self.ready.len()))
        } else {
            let start = from / among * among + index;
            let n = self.lines.len() as u32;
            let mut circle = (start..n).chain(index..start.min(n)).step_by(among as usize).enumerate();
            let found = circle.find(|(_, line)| self.ready.contains(line));
            (found.map(|(_, line)| line), found.map_or(n / among, |(place, _)| place as u32) as usize)
        };
        if let Some(line) = found.0 {
            self.next_line = line + 1;
        }
        (found.0.map(|line| line as usize), found.1)
    }

    /// The next message of a line that is still worth delivering.
    pub(crate) fn front(&mut self, line: usize, now: Ns) -> Option<u32> {
        loop {
            let &place = self.lines[line].waiting.front()?;
            let message = &self.messages[place as usize];
            if !message.gone && message.came.saturating_add(self.retention) > now {
                return Some(place);
            }
            self.lines[line].waiting.pop_front();
            self.settle_ready(line);
            self.messages[place as usize].queued = false;
            if !self.messages[place as usize].gone {
                self.counts.lost += 1;
                self.tell_of(place, true);
                self.bury(place);
            }
            self.leave(place);
        }
    }

    /// Delivers the first message of a line: the number of this delivery.
    pub(crate) fn take(&mut self, line: usize) -> Option<(u32, u32)> {
        let place = self.lines[line].waiting.pop_front()?;
        self.lines[line].taken = self.ordered;
        self.settle_ready(line);
        self.counts.deliveries += 1;
        let message = &mut self.messages[place as usize];
        message.queued = false;
        message.receives += 1;
        self.counts.redelivered += u64::from(message.receives == 2);
        message.delivery += 1;
        message.open += 1;
        let delivery = message.delivery;
        if self.ack_first {
            // Deleted before it is dealt with: whatever happens now, it does not come again.
            self.bury(place);
        }
        Some((place, delivery))
    }

    fn bury(&mut self, place: u32) {
        self.messages[place as usize].gone = true;
        self.counts.backlog -= 1;
    }

    /// A place is used again once nobody speaks of its message.
    fn leave(&mut self, place: u32) {
        let message = &self.messages[place as usize];
        if message.gone && message.open == 0 && !message.queued {
            self.free.push(place);
        }
    }

    /// A consumer is done with a delivery. `done` says that it came to the end; `served`, that its
    /// effect happened.
    pub(crate) fn ended(&mut self, place: u32, done: bool, served: bool) {
        let message = &mut self.messages[place as usize];
        message.open -= 1;
        let line = message.line as usize;
        self.lines[line].taken = false;
        self.settle_ready(line);
        let message = &mut self.messages[place as usize];
        let counted = served && (done || !self.ack_first);
        if counted && !(self.dedupe && message.effects > 0) {
            message.effects += 1;
            self.counts.duplicates += u64::from(message.effects > 1);
        }
        if self.ack_first {
            if done {
                self.counts.consumed += 1;
            } else {
                self.counts.lost += 1;
                self.tell_of(place, false);
            }
        } else if done && !self.messages[place as usize].gone {
            self.counts.consumed += 1;
            self.bury(place);
        } else if !done && self.ordered && !self.messages[place as usize].gone {
            // The offset was not moved on: it is read again, or given up.
            return self.again(place);
        }
        self.leave(place);
    }

    /// A message that was not dealt with is seen again, or goes to the dead letters.
    pub(crate) fn again(&mut self, place: u32) {
        if self.messages[place as usize].gone {
            return;
        }
        if self.messages[place as usize].receives >= self.attempts {
            self.counts.dead += 1;
            self.bury(place);
            return self.leave(place);
        }
        self.messages[place as usize].queued = true;
        let number = self.messages[place as usize].line as usize;
        let line = &mut self.lines[number];
        if self.ordered {
            line.waiting.push_front(place);
        } else {
            line.waiting.push_back(place);
        }
        self.settle_ready(number);
    }

    /// Whether this delivery of a message is still the last word on it.
    pub(crate) fn awaits(&self, place: u32, delivery: u32) -> bool {
        let message = &self.messages[place as usize];
        !message.gone && message.delivery == delivery && !message.queued
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.messages.len() * 112 + self.kept.len() * 24
    }

    /// How long the oldest message that waits has waited [ns].
    pub(crate) fn oldest(&self, now: Ns) -> Ns {
        let first = self.lines.iter().filter_map(|line| line.waiting.front());
        first.map(|&place| now.saturating_sub(self.messages[place as usize].came)).max().unwrap_or(0)
    }

    #[cfg(debug_assertions)]
    pub(crate) fn check(&self, name: &str) {
        let Counts { produced, consumed, dead, lost, backlog, .. } = self.counts;
        let under_way = if self.ack_first { self.messages.iter().map(|message| u64::from(message.open)).sum() } else { 0 };
        let ready = |line: &Line| !line.taken && !line.waiting.is_empty();
        assert!(
            self.lines.iter().zip(0..).all(|(line, number)| ready(line) == self.ready.contains(&number)),
            "what waits in {name} is known"
        );
        assert_eq!(produced, consumed + dead + lost + backlog + under_way, "every message of {name} is accounted for");
    }
}
