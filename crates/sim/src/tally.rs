//! What is measured of each class of requests. Latency counts from the time a request was meant
//! to be sent; a request belongs to the window in which that time lies.

use std::collections::BTreeMap;

use crate::histogram::Histogram;
use crate::ledger::Ledger;
use crate::task::{NONE, Request};
use crate::time::{Ns, Window};

pub(crate) struct Tally {
    pub(crate) classes: Vec<ClassTally>,
    components: usize,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ClassTally {
    // Of requests meant to be sent inside the window.
    pub(crate) sent: u64,
    pub(crate) failed: BTreeMap<u32, u64>,
    pub(crate) latency: Histogram,
    pub(crate) ledger: Ledger,
    // Of whatever finishes inside the window.
    pub(crate) window_answered: u64,
    pub(crate) window_failed: u64,
    // Of the whole run.
    inside: u64,
    came: u128,
    left: u128,
    residence: u128,
}

impl Tally {
    pub(crate) fn new(classes: usize, components: usize) -> Self {
        Self { classes: vec![ClassTally::default(); classes], components }
    }

    pub(crate) fn sent(&mut self, class: u32, measured: bool, now: Ns, window: Window) {
        let class = &mut self.classes[class as usize];
        class.sent += u64::from(measured);
        class.inside += 1;
        class.came += u128::from(window.passed(now));
    }

    pub(crate) fn finished(
        &mut self,
        request: &Request,
        refused_by: u32,
        parts: impl Iterator<Item = (u32, [u64; 3])> + Clone,
        now: Ns,
        window: Window,
    ) {
        let class = &mut self.classes[request.class as usize];
        let latency = now - request.intended;
        debug_assert_eq!(
            parts.clone().map(|(_, part)| part.iter().sum::<u64>()).sum::<u64>(),
            latency,
            "a request's time is the time of its path"
        );
        class.inside -= 1;
        class.left += u128::from(window.passed(now));
        class.residence += u128::from(window.passed(now) - window.passed(request.intended));
        let answered = refused_by == NONE;
        if window.contains(now) {
            class.window_answered += u64::from(answered);
            class.window_failed += u64::from(!answered);
        }
        if !request.measured {
            return;
        }
        if answered {
            class.latency.record(latency);
            class.ledger.record(latency, self.components, parts);
        } else {
            *class.failed.entry(refused_by).or_default() += 1;
        }
    }

    /// Asserts that no request was lost and that the areas are the times spent, as far as they
    /// are known: `live` requests are still under way or leave calls behind them.
    pub(crate) fn check(&self, live: u64, now: Ns, window: Window) {
        let inside: u64 = self.classes.iter().map(|class| class.inside).sum();
        assert!(inside <= live, "every unfinished request is known");
        for class in &self.classes {
            let finished = class.latency.count() + class.failed.values().sum::<u64>();
            assert!(finished <= class.sent && class.sent - finished <= class.inside, "requests are answered, failed or unfinished");
            if class.inside == 0 {
                assert_eq!(class.area(now, window), class.residence, "the area under the number inside is the time spent");
            }
        }
    }
}

impl ClassTally {
    /// The area under the number of requests under way [ns].
    pub(crate) fn area(&self, now: Ns, window: Window) -> u128 {
        self.left + u128::from(self.inside) * u128::from(window.passed(now)) - self.came
    }

    pub(crate) fn unfinished(&self) -> u64 {
        self.sent - self.latency.count() - self.failed.values().sum::<u64>()
    }
}
