//! Name service: the answer is kept by each client for its time to live, and looked up after.

use std::collections::BTreeMap;

use crate::time::Ns;
use crate::words::Words;

#[derive(Debug)]
pub(crate) struct Names {
    ttl: Ns,
    /// Until when each client knows the answer [ns].
    known: BTreeMap<u32, Ns>,
}

/// Beyond this the answers that have run out are forgotten.
const MANY: usize = 100_000;

impl Names {
    pub(crate) fn new(words: Words) -> Self {
        Self { ttl: words.time("ttl").unwrap_or(300_000_000_000), known: BTreeMap::new() }
    }

    /// Whether a client knows the answer; if not, it does from now on.
    pub(crate) fn knows(&mut self, client: u32, now: Ns) -> bool {
        if self.known.len() > MANY {
            self.known.retain(|_, until| *until > now);
        }
        let until = self.known.entry(client).or_insert(0);
        let knows = *until > now;
        if !knows {
            *until = now.saturating_add(self.ttl);
        }
        knows
    }
}
