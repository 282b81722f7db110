//! A server without a kernel: what a single worker would do with the requests of a round, once
//! answering each when it is done and once answering all that waited together. It tells how much
//! of a gap the second explains, and tests what is fitted.

use crate::load::Asked;

/// One worker with a queue in the order of sending, half the way before it and half behind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worker {
    /// There and back [ns].
    pub(crate) way: u64,
    /// Whether all that is there when it begins is answered when the last of it is done.
    pub(crate) at_once: bool,
}

impl Worker {
    /// `service` is asked for each by its number.
    pub(crate) fn serve(&self, sent: &[u64], mut service: impl FnMut(usize) -> u64) -> Vec<Asked> {
        let mut asked: Vec<Asked> = sent.iter().map(|&at| Asked { kind: 0, intended: at, sent: at, answered: 0 }).collect();
        let there = self.way / 2;
        let (mut free, mut next) = (0, 0);
        while next < asked.len() {
            let begin = free.max(sent[next] + there);
            let waiting = if self.at_once { sent[next..].partition_point(|&at| at + there <= begin) } else { 1 };
            free = begin + (next..next + waiting).map(&mut service).sum::<u64>();
            asked[next..next + waiting].iter_mut().for_each(|one| one.answered = free + self.way - there);
            next += waiting;
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_answered_at_once_waits_for_those_behind() {
        let sent = [0, 100, 200, 5_000];
        let answers = |at_once| Worker { way: 10, at_once }.serve(&sent, |_| 1_000).iter().map(|one| one.answered).collect::<Vec<_>>();
        assert_eq!(answers(false), [1_010, 2_010, 3_010, 6_010]);
        assert_eq!(answers(true), [1_010, 3_010, 3_010, 6_010]);
    }
}
