//! Dropping what waits too long. In the network CoDel (RFC 8289) slows senders down by ever more
//! drops; clients of a service do not slow down. So servers use its idea by another rule (Maurer,
//! "Fail at scale", ACM Queue 2015): while the queue has not been empty for an interval, whoever
//! waited longer than the target is dropped; else whoever waited longer than the interval.

use crate::time::Ns;

/// Whether the one who is next is dropped, having waited so long in a queue that was last empty
/// at `empty`.
pub(crate) fn drops(waited: Ns, empty: Ns, now: Ns, target: Ns, interval: Ns) -> bool {
    let stands = now.saturating_sub(empty) > interval;
    waited > if stands { target.min(interval) } else { interval }
}

#[cfg(test)]
mod tests {
    use super::drops;

    #[test]
    fn a_standing_queue_is_cut_to_the_target_and_a_burst_is_let_through() {
        let (target, interval) = (5, 100);
        for (waited, empty, now, dropped) in
            [(4, 0, 500, false), (6, 0, 500, true), (6, 450, 500, false), (99, 401, 500, false), (101, 401, 502, true)]
        {
            assert_eq!(drops(waited, empty, now, target, interval), dropped, "{waited} {empty} {now}");
        }
    }
}
