//! A design with holes for its numbers, and the mistakes that can be made in it.

use std::collections::BTreeMap;

/// A sound design of one seed.
#[derive(Debug, Clone)]
pub struct Base {
    pub name: &'static str,
    template: &'static str,
    values: BTreeMap<&'static str, String>,
    pub plants: Vec<Plant>,
}

/// A mistake, and how a search names it: by what it did, and where it shows.
#[derive(Debug, Clone)]
pub struct Plant {
    pub id: &'static str,
    /// Numbers that are wrong.
    values: Vec<(&'static str, String)>,
    /// Words that are wrong: these instead of those.
    swaps: Vec<(&'static str, &'static str)>,
    /// What may bring it to light: "load", or a fault as in "crash web".
    pub by: &'static [&'static str],
    /// The components that are to blame: what is struck or where it shows must be one of them.
    pub at: &'static [&'static str],
}

impl Base {
    pub(super) fn new(name: &'static str, template: &'static str) -> Self {
        Self { name, template, values: BTreeMap::new(), plants: Vec::new() }
    }

    /// A number for a hole: `$rate`.
    pub(super) fn with(mut self, hole: &'static str, value: impl ToString) -> Self {
        self.values.insert(hole, value.to_string());
        self
    }

    pub(super) fn plant(mut self, plant: Plant) -> Self {
        self.plants.push(plant);
        self
    }

    /// The sound design.
    pub fn sound(&self) -> String {
        self.text(None)
    }

    /// The design with a mistake in it.
    pub fn planted(&self, plant: &Plant) -> String {
        self.text(Some(plant))
    }

    fn text(&self, plant: Option<&Plant>) -> String {
        let mut text = self.template.to_owned();
        let mut values = self.values.clone();
        for (from, to) in plant.iter().flat_map(|plant| &plant.swaps) {
            assert!(text.contains(from), "{} has “{from}”", self.name);
            text = text.replace(from, to);
        }
        values.extend(plant.iter().flat_map(|plant| plant.values.iter().cloned()));
        // Longer names first, so that none is taken for the beginning of another.
        let mut holes: Vec<_> = values.into_iter().collect();
        holes.sort_by_key(|(hole, _)| std::cmp::Reverse(hole.len()));
        for (hole, value) in holes {
            text = text.replace(&format!("${hole}"), &value);
        }
        text
    }
}

impl Plant {
    pub(super) fn new(id: &'static str, by: &'static [&'static str], at: &'static [&'static str]) -> Self {
        Self { id, values: Vec::new(), swaps: Vec::new(), by, at }
    }

    pub(super) fn with(mut self, hole: &'static str, value: impl ToString) -> Self {
        self.values.push((hole, value.to_string()));
        self
    }

    pub(super) fn swap(mut self, from: &'static str, to: &'static str) -> Self {
        self.swaps.push((from, to));
        self
    }
}

/// So many workers that they are this busy with a rate of calls of a mean time [ms].
pub(super) fn workers(rate: f64, time: f64, busy: f64) -> u64 {
    (rate * time / 1000.0 / busy).ceil().max(1.0) as u64
}

/// As `workers`, but fewer than would do.
pub(super) fn too_few(rate: f64, time: f64, busy: f64) -> u64 {
    (rate * time / 1000.0 / busy).floor().max(1.0) as u64
}

/// How long a call takes that keeps a worker so busy \[ms\].
pub(super) fn time_for(rate: f64, workers: u64, busy: f64) -> f64 {
    1000.0 * busy * workers as f64 / rate
}

/// \[ms\]
pub(super) fn ms(time: f64) -> String {
    format!("{} ms", (time * 100.0).round() / 100.0)
}
