//! Reading settings of a resolved design by key. A word that is not written has no value; what
//! holds then has been written in by `design`, or is the business of the caller.

use sorted::BTreeMap;

use design::{Distribution, Setting};

use crate::station::UNLIMITED;
use crate::time::{LAST, Ns};

#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a BTreeMap<String, Setting>);

impl<'a> Words<'a> {
    pub(crate) fn count(self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Setting::Count(count) => Some(count.base()),
            _ => None,
        }
    }

    /// A count, or "unlimited".
    pub(crate) fn limit(self, key: &str) -> Option<u32> {
        match self.0.get(key)? {
            Setting::Count(count) => Some(u32::try_from(count.base()).unwrap_or(UNLIMITED)),
            Setting::Word(_) => Some(UNLIMITED),
            _ => None,
        }
    }

    /// [billionths]
    pub(crate) fn share(self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Setting::Share(share) => Some(share.base()),
            _ => None,
        }
    }

    pub(crate) fn fraction(self, key: &str) -> f64 {
        self.share(key).map_or(0.0, |share| share as f64 / 1e9)
    }

    pub(crate) fn time(self, key: &str) -> Option<Ns> {
        match self.0.get(key)? {
            Setting::Duration(time) => Some(time.base().min(LAST / 16)),
            _ => None,
        }
    }

    pub(crate) fn flag(self, key: &str) -> Option<bool> {
        match self.0.get(key)? {
            Setting::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(crate) fn word(self, key: &str) -> &'a str {
        match self.0.get(key) {
            Some(Setting::Word(word)) => word,
            _ => "",
        }
    }

    pub(crate) fn names(self, key: &str) -> &'a [String] {
        match self.0.get(key) {
            Some(Setting::Words(names)) => names,
            _ => &[],
        }
    }

    pub(crate) fn counts(self, key: &str) -> Vec<u64> {
        match self.0.get(key) {
            Some(Setting::Counts(counts)) => counts.iter().map(|count| count.base()).collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn distribution(self, key: &str) -> Option<&'a Distribution> {
        match self.0.get(key)? {
            Setting::Distribution(distribution) => Some(distribution),
            _ => None,
        }
    }

    pub(crate) fn bytes(self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Setting::Bytes(bytes) => Some(bytes.base()),
            _ => None,
        }
    }

    /// [bytes per second]; none where it is unlimited.
    pub(crate) fn bandwidth(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Bandwidth(bytes) if bytes.base() > 0 => Some(bytes.base() as f64),
            _ => None,
        }
    }

    /// [10^-9 per second]
    pub(crate) fn rate(self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Setting::Rate(rate) => Some(rate.base()),
            _ => None,
        }
    }

    pub(crate) fn table(self, key: &str) -> Option<Words<'a>> {
        match self.0.get(key)? {
            Setting::Table(table) => Some(Words(table)),
            _ => None,
        }
    }
}
