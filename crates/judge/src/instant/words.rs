//! Reading settings of a resolved design by key, as floating numbers in seconds and per second.

use sorted::BTreeMap;

use design::{Distribution, Setting};

#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a BTreeMap<String, Setting>);

impl<'a> Words<'a> {
    pub(crate) fn has(self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn count(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Count(count) => Some(count.base() as f64),
            _ => None,
        }
    }

    /// A count, or infinity for "unlimited".
    pub(crate) fn limit(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Count(count) => Some(count.base() as f64),
            Setting::Word(_) => Some(f64::INFINITY),
            _ => None,
        }
    }

    pub(crate) fn share(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Share(share) => Some(share.as_f64()),
            _ => None,
        }
    }

    /// [s]
    pub(crate) fn time(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Duration(time) => Some(time.as_secs_f64()),
            _ => None,
        }
    }

    pub(crate) fn flag(self, key: &str) -> bool {
        matches!(self.0.get(key), Some(Setting::Flag(true)))
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

    pub(crate) fn distribution(self, key: &str) -> Option<&'a Distribution> {
        match self.0.get(key)? {
            Setting::Distribution(distribution) => Some(distribution),
            _ => None,
        }
    }

    /// [B]
    pub(crate) fn bytes(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Bytes(bytes) => Some(bytes.base() as f64),
            _ => None,
        }
    }

    /// [B/s]; infinity where it is unlimited.
    pub(crate) fn bandwidth(self, key: &str) -> f64 {
        match self.0.get(key) {
            Some(Setting::Bandwidth(bytes)) if bytes.base() > 0 => bytes.base() as f64,
            _ => f64::INFINITY,
        }
    }

    /// [per second]
    pub(crate) fn rate(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Setting::Rate(rate) => Some(rate.as_per_second()),
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
