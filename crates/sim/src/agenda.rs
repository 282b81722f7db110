//! The agenda: pending events in the order they will happen.
//!
//! Ties are broken by the order of scheduling, never by address or hash, so a run replays
//! exactly. Time, order and event share one 128-bit key: comparing two events is one comparison.
//! What follows after a delay that is always the same is already in order, so it waits in a lane
//! of its own, first in first out; all else waits in a calendar. Where an event waits never
//! changes when it happens.

pub(crate) mod calendar;

use std::collections::VecDeque;

use crate::agenda::calendar::Calendar;
use crate::time::Ns;

/// The time in the upper half; in the lower one the ticket: the order of scheduling, 34 bits, the
/// kind, 2, and the index, 25.
pub(crate) type Key = u128;

const INDEX_BITS: u32 = 25;
const KIND_SHIFT: u32 = INDEX_BITS;
const ORDER_SHIFT: u32 = KIND_SHIFT + 2;
const ORDER_BITS: u32 = 34;

/// A run ends before it has scheduled so many events: their order would no longer fit the key.
pub(crate) const MOST_EVENTS: u64 = 1 << ORDER_BITS;
/// Jobs, timers and users are numbered below this.
pub(crate) const MOST_INDEX: usize = 1 << INDEX_BITS;
/// No ticket is greater.
pub(crate) const LAST_TICKET: u64 = (1 << (ORDER_SHIFT + ORDER_BITS)) - 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A job goes on.
    Wake(u32),
    /// A caller has waited long enough.
    Timer(u32),
    /// A source sends its next request, or a closed-loop user has thought.
    Send(u32),
    /// Anything that is not about one request: faults, snapshots, autoscalers.
    Control(u32),
}

/// Where events with one delay wait; none of the lanes is `CALENDAR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lane(u8);

pub(crate) const CALENDAR: Lane = Lane(u8::MAX);

/// More distinct delays than this wait in the calendar.
const MOST_LANES: usize = 16;
pub(crate) const NEVER: Key = Key::MAX;

#[derive(Debug)]
pub(crate) struct Agenda {
    /// The first of each lane, `NEVER` where it is empty.
    heads: [Key; MOST_LANES],
    /// Lanes in use.
    lanes: usize,
    /// Those behind the first.
    behind: [VecDeque<Key>; MOST_LANES],
    /// The delay of each lane [ns].
    delays: Vec<Ns>,
    /// The least of `heads`, and its lane.
    first: Key,
    first_lane: usize,
    calendar: Calendar,
    scheduled: u64,
}

impl Default for Agenda {
    fn default() -> Self {
        Self {
            heads: [NEVER; MOST_LANES],
            lanes: 0,
            behind: std::array::from_fn(|_| VecDeque::new()),
            delays: Vec::new(),
            first: NEVER,
            first_lane: 0,
            calendar: Calendar::default(),
            scheduled: 0,
        }
    }
}

impl Agenda {
    /// The lane for a delay that is always the same [ns].
    pub(crate) fn lane(&mut self, delay: Ns) -> Lane {
        if delay == 0 {
            // What takes no time is not scheduled.
            return CALENDAR;
        }
        if let Some(lane) = self.delays.iter().position(|&known| known == delay) {
            return Lane(lane as u8);
        }
        self.own_lane(delay)
    }

    /// A lane for something that schedules one event at a time, each after the last has happened.
    pub(crate) fn lane_of_one(&mut self) -> Lane {
        self.own_lane(Ns::MAX)
    }

    fn own_lane(&mut self, delay: Ns) -> Lane {
        if self.lanes == MOST_LANES {
            return CALENDAR;
        }
        self.lanes += 1;
        self.delays.push(delay);
        Lane((self.lanes - 1) as u8)
    }

    /// Schedules an event and returns its ticket, by which it is known when it comes.
    #[inline(always)]
    pub(crate) fn schedule(&mut self, time: Ns, lane: Lane, event: Event) -> u64 {
        debug_assert!(self.scheduled < MOST_EVENTS, "the order of events fits its bits");
        let key = key(time, self.scheduled, event);
        self.scheduled += 1;
        if lane == CALENDAR {
            self.calendar.push(key);
        } else {
            self.line_up(key, usize::from(lane.0) % MOST_LANES);
        }
        key as u64
    }

    /// How many events have been scheduled: the order of the next.
    pub(crate) fn scheduled(&self) -> u64 {
        self.scheduled
    }

    /// So many have been scheduled in the meantime by somebody who keeps them.
    pub(crate) fn pass(&mut self, scheduled: u64) {
        self.scheduled += scheduled;
    }

    /// Takes an event that was kept elsewhere, in the order that it has.
    pub(crate) fn put(&mut self, key: Key) {
        self.calendar.push(key);
    }

    /// The key of the earliest event; `NEVER` if there is none.
    #[inline]
    pub(crate) fn least(&self) -> Key {
        self.first.min(self.calendar.least())
    }

    /// Gives up the events that somebody wants to keep.
    pub(crate) fn give(&mut self, wants: &mut dyn FnMut(u64, Event) -> bool) -> Vec<Key> {
        let mut given = Vec::new();
        self.retain_keys(&mut |key| {
            let (_, ticket, event) = parts(key);
            let wanted = wants(ticket, event);
            if wanted {
                given.push(key);
            }
            !wanted
        });
        given
    }

    #[inline(always)]
    fn line_up(&mut self, key: Key, lane: usize) {
        if self.heads[lane] == NEVER {
            self.heads[lane] = key;
            if key < self.first {
                (self.first, self.first_lane) = (key, lane);
            }
        } else {
            let behind = &mut self.behind[lane];
            debug_assert!(behind.back().unwrap_or(&self.heads[lane]) < &key, "a lane is in order");
            behind.push_back(key);
        }
    }

    /// The earliest event, with its time and its ticket.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<(Ns, u64, Event)> {
        let first = self.first;
        let key = if first < self.calendar.least() {
            self.advance_lane();
            first
        } else {
            self.calendar.pop()?
        };
        Some(parts(key))
    }

    /// Events that have not happened yet, those among them that mean nothing any more too.
    pub(crate) fn len(&self) -> usize {
        self.heads.iter().filter(|head| **head != NEVER).count()
            + self.behind.iter().map(VecDeque::len).sum::<usize>()
            + self.calendar.len()
    }

    /// Forgets events that mean nothing any more; those that are left happen as they would have.
    pub(crate) fn retain(&mut self, mut means: impl FnMut(u64, Event) -> bool) {
        self.retain_keys(&mut |key| {
            let (_, ticket, event) = parts(key);
            means(ticket, event)
        });
    }

    fn retain_keys(&mut self, keep: &mut dyn FnMut(Key) -> bool) {
        for (head, behind) in self.heads.iter_mut().zip(&mut self.behind) {
            behind.retain(|key| keep(*key));
            if *head != NEVER && !keep(*head) {
                *head = behind.pop_front().unwrap_or(NEVER);
            }
        }
        self.find_first();
        self.calendar.retain(keep);
    }

    #[inline]
    fn advance_lane(&mut self) {
        let lane = self.first_lane % MOST_LANES;
        self.heads[lane] = self.behind[lane].pop_front().unwrap_or(NEVER);
        self.find_first();
    }

    #[inline(always)]
    fn find_first(&mut self) {
        let (mut first, mut first_lane) = (self.heads[0], 0);
        for lane in 1..self.lanes.min(MOST_LANES) {
            if self.heads[lane] < first {
                (first, first_lane) = (self.heads[lane], lane);
            }
        }
        (self.first, self.first_lane) = (first, first_lane);
    }
}

/// The key of an event that was scheduled as the so-manieth.
#[inline(always)]
pub(crate) fn key(time: Ns, order: u64, event: Event) -> Key {
    let (kind, index) = match event {
        Event::Wake(index) => (0u64, index),
        Event::Timer(index) => (1, index),
        Event::Send(index) => (2, index),
        Event::Control(index) => (3, index),
    };
    (u128::from(time) << 64) | u128::from((order << ORDER_SHIFT) | (kind << KIND_SHIFT) | u64::from(index))
}

/// The order of scheduling that a ticket tells.
pub(crate) fn order_of(ticket: u64) -> u64 {
    ticket >> ORDER_SHIFT
}

/// The time, the ticket and the event of a key.
#[inline(always)]
pub(crate) fn parts(key: Key) -> (Ns, u64, Event) {
    let ticket = key as u64;
    let index = (ticket & ((1 << INDEX_BITS) - 1)) as u32;
    let event = match (ticket >> KIND_SHIFT) & 3 {
        0 => Event::Wake(index),
        1 => Event::Timer(index),
        2 => Event::Send(index),
        _ => Event::Control(index),
    };
    ((key >> 64) as u64, ticket, event)
}

#[cfg(test)]
mod tests {
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;
    use crate::time::LAST;

    #[test]
    fn events_come_by_time_and_then_in_the_order_they_were_scheduled() {
        let mut agenda = Agenda::default();
        let last = (MOST_INDEX - 1) as u32;
        for (time, event) in
            [(LAST, Event::Wake(last)), (5, Event::Send(1)), (5, Event::Timer(9)), (0, Event::Control(3)), (5, Event::Wake(0))]
        {
            agenda.schedule(time, CALENDAR, event);
        }
        let order: Vec<_> =
            std::iter::from_fn(|| agenda.next()).map(|(time, ticket, event)| (time, ticket >> ORDER_SHIFT, event)).collect();
        assert_eq!(
            order,
            [
                (0, 3, Event::Control(3)),
                (5, 1, Event::Send(1)),
                (5, 2, Event::Timer(9)),
                (5, 4, Event::Wake(0)),
                (LAST, 0, Event::Wake(last))
            ]
        );
    }

    /// Times that lie close, far apart, on each other, and at the end of all time.
    fn gap() -> impl Strategy<Value = u64> {
        prop_oneof![Just(0), 0u64..50, 0u64..1_000_000, (0u32..58).prop_map(|bits| 1 << bits)]
    }

    proptest! {
        /// Whatever is scheduled and taken in whatever order, the agenda gives what a heap gives.
        #[test]
        fn an_agenda_orders_like_a_heap(steps in prop::collection::vec((gap(), 0usize..6, 1usize..40, any::<bool>()), 1..400)) {
            let (mut agenda, mut heap, mut now) = (Agenda::default(), BinaryHeap::new(), 0);
            let lanes = [3, 1_000, 70_000, 3].map(|delay| (delay, agenda.lane(delay)));
            for (gap, kind, times, take) in steps {
                for _ in 0..times {
                    let (time, lane) = match lanes.get(kind) {
                        Some(&(delay, lane)) => (now + delay, lane),
                        None => ((now + gap).min(LAST), CALENDAR),
                    };
                    let order = agenda.schedule(time, lane, Event::Wake(7));
                    heap.push(std::cmp::Reverse((time, order)));
                }
                if gap % 7 == 3 {
                    // Some of them mean nothing any more.
                    agenda.retain(|ticket, _| !(ticket >> ORDER_SHIFT).is_multiple_of(3));
                    heap.retain(|std::cmp::Reverse((_, ticket))| !(ticket >> ORDER_SHIFT).is_multiple_of(3));
                    prop_assert_eq!(agenda.len(), heap.len());
                }
                for _ in 0..if take { times + 3 } else { times / 2 } {
                    let expected = heap.pop().map(|std::cmp::Reverse((time, order))| (time, order, Event::Wake(7)));
                    prop_assert_eq!(agenda.next(), expected);
                    now = expected.map_or(now, |(time, ..)| time).min(LAST / 2);
                }
            }
        }
    }
}
