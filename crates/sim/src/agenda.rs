//! The agenda: pending events in the order they will happen.
//!
//! Ties are broken by the order of scheduling, never by address or hash, so a run replays
//! exactly. Time, order and event share one 128-bit key: comparing two events is one comparison.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::Ns;

const INDEX_BITS: u32 = 29;
const KIND_BITS: u32 = 3;
const ORDER_BITS: u32 = 36;

/// A run ends before it has scheduled so many events: their order would no longer fit the key.
pub(crate) const MOST_EVENTS: u64 = 1 << ORDER_BITS;
/// Tasks, classes and users are numbered below this.
pub(crate) const MOST_INDEX: usize = 1 << INDEX_BITS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// The next request of an open class.
    Send(u32),
    /// A closed-loop user has thought and sends.
    Act(u32),
    /// A call reaches its component.
    Arrive(u32),
    /// A worker has done its service.
    Served(u32),
    /// An answer reaches its caller.
    Reply(u32),
}

#[derive(Debug, Default)]
pub(crate) struct Agenda {
    pending: BinaryHeap<Reverse<u128>>,
    scheduled: u64,
}

impl Agenda {
    pub(crate) fn schedule(&mut self, time: Ns, event: Event) {
        debug_assert!(self.scheduled < MOST_EVENTS, "the order of events fits its bits");
        let (kind, index) = match event {
            Event::Send(index) => (0, index),
            Event::Act(index) => (1, index),
            Event::Arrive(index) => (2, index),
            Event::Served(index) => (3, index),
            Event::Reply(index) => (4u64, index),
        };
        let low = (self.scheduled << (KIND_BITS + INDEX_BITS)) | (kind << INDEX_BITS) | u64::from(index);
        // The top four bits of `order` overlap nothing: 36 + 3 + 29 = 68 bits are split 64 + 4.
        let high = (time << 4) | (self.scheduled >> (64 - KIND_BITS - INDEX_BITS));
        self.pending.push(Reverse((u128::from(high) << 64) | u128::from(low)));
        self.scheduled += 1;
    }

    /// The earliest event and its time.
    pub(crate) fn next(&mut self) -> Option<(Ns, Event)> {
        let Reverse(key) = self.pending.pop()?;
        let (high, low) = ((key >> 64) as u64, key as u64);
        let index = (low & ((1 << INDEX_BITS) - 1)) as u32;
        let event = match (low >> INDEX_BITS) & ((1 << KIND_BITS) - 1) {
            0 => Event::Send(index),
            1 => Event::Act(index),
            2 => Event::Arrive(index),
            3 => Event::Served(index),
            _ => Event::Reply(index),
        };
        Some((high >> 4, event))
    }

    pub(crate) fn scheduled(&self) -> u64 {
        self.scheduled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::LAST;

    #[test]
    fn events_come_by_time_and_then_in_the_order_they_were_scheduled() {
        let mut agenda = Agenda { scheduled: (1 << 32) - 2, ..Agenda::default() };
        let last = (MOST_INDEX - 1) as u32;
        for (time, event) in
            [(LAST, Event::Reply(last)), (5, Event::Act(1)), (5, Event::Send(9)), (0, Event::Served(3)), (5, Event::Arrive(0))]
        {
            agenda.schedule(time, event);
        }
        let order: Vec<_> = std::iter::from_fn(|| agenda.next()).collect();
        assert_eq!(
            order,
            [(0, Event::Served(3)), (5, Event::Act(1)), (5, Event::Send(9)), (5, Event::Arrive(0)), (LAST, Event::Reply(last))]
        );
    }
}
