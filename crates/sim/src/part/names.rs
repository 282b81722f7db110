//! Name service: the answer is kept by each client for its time to live, and looked up after.

use std::collections::VecDeque;

use crate::keys::Lookup;
use crate::time::Ns;
use crate::words::Words;

#[derive(Debug)]
pub(crate) struct Names {
    ttl: Ns,
    /// Until when each client knows the answer [ns].
    known: Lookup<u32, Ns>,
    /// The same in order: everybody keeps an answer for the same time.
    order: VecDeque<(Ns, u32)>,
}

/// So many clients are remembered; of more, those who looked first look again.
const MANY: usize = 1_000_000;

impl Names {
    pub(crate) fn new(words: Words) -> Self {
        Self { ttl: words.time("ttl").unwrap_or(300_000_000_000), known: Lookup::default(), order: VecDeque::new() }
    }

    /// Whether a client knows the answer; if not, it does from now on.
    pub(crate) fn knows(&mut self, client: u32, now: Ns) -> bool {
        while let Some(&(until, first)) = self.order.front().filter(|(until, _)| *until <= now || self.order.len() > MANY) {
            self.order.pop_front();
            if self.known.get(&first) == Some(&until) {
                self.known.remove(&first);
            }
        }
        if self.known.contains_key(&client) {
            return true;
        }
        let until = now.saturating_add(self.ttl);
        self.known.insert(client, until);
        self.order.push_back((until, client));
        false
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.order.len() * 48
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_answer_is_known_to_whoever_asked_until_it_runs_out() {
        let mut names = Names { ttl: 100, ..Names::new(Words(&BTreeMap::new())) };
        let asked = [(1, 0), (1, 99), (2, 99), (1, 100), (2, 198), (2, 199), (1, 199), (1, 200)];
        let found: Vec<bool> = asked.iter().map(|&(client, now)| names.knows(client, now)).collect();
        assert_eq!(found, [false, true, false, false, true, false, true, false]);
    }

    #[test]
    fn more_clients_than_it_remembers_look_again() {
        let mut names = Names { ttl: 1 << 40, ..Names::new(Words(&BTreeMap::new())) };
        let many = MANY as u32 + 10;
        assert!((0..many).all(|client| !names.knows(client, 0)));
        assert!(!names.knows(0, 1) && names.knows(many - 1, 1));
        assert!(names.known.len() <= MANY + 2);
    }
}
