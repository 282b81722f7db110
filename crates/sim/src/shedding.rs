//! Dropping what waits too long: CoDel (Nichols, Jacobson, McGregor, Iyengar, RFC 8289).

use crate::time::Ns;

/// The state of one queue.
#[derive(Debug, Clone, Default)]
pub(crate) struct CoDel {
    /// When the wait will have been above the target for an interval; 0 while it is not above.
    above: Ns,
    dropping: bool,
    next: Ns,
    count: u32,
    last_count: u32,
}

impl CoDel {
    /// Whether the one who is next, having waited so long, is dropped. `alone` says that nobody
    /// stands behind it.
    pub(crate) fn drops(&mut self, waited: Ns, alone: bool, now: Ns, target: Ns, interval: Ns) -> bool {
        let long = self.is_long(waited, alone, now, target, interval);
        if self.dropping {
            if !long {
                self.dropping = false;
                return false;
            }
            if now < self.next {
                return false;
            }
            self.count += 1;
            self.next = self.next.saturating_add(self.pause(interval));
            return true;
        }
        if !long {
            return false;
        }
        self.dropping = true;
        // Where it dropped a short while ago, it goes on at nearly the pace it had found.
        let found = self.count.saturating_sub(self.last_count);
        let recent = now.saturating_sub(self.next) < 16 * interval;
        self.count = if found > 1 && recent { found } else { 1 };
        self.last_count = self.count;
        self.next = now.saturating_add(self.pause(interval));
        true
    }

    fn is_long(&mut self, waited: Ns, alone: bool, now: Ns, target: Ns, interval: Ns) -> bool {
        if waited < target || alone {
            self.above = 0;
            return false;
        }
        if self.above == 0 {
            self.above = now.saturating_add(interval).max(1);
        }
        now >= self.above
    }

    fn pause(&self, interval: Ns) -> Ns {
        (interval as f64 / f64::from(self.count.max(1)).sqrt()) as Ns
    }
}
