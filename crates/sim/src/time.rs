//! Simulated time as whole nanoseconds, and the window in which things are measured.

/// A moment or a length of simulated time [ns].
pub(crate) type Ns = u64;

/// No moment lies beyond this [ns], about 36 years: the agenda packs a time into 60 bits.
pub(crate) const LAST: Ns = (1 << 60) - 1;

/// `time + length`, never beyond the last moment.
pub(crate) fn later(time: Ns, length: Ns) -> Ns {
    time.saturating_add(length).min(LAST)
}

/// The measured part of a run: after the warm-up, until arrivals stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) from: Ns,
    pub(crate) to: Ns,
}

impl Window {
    pub(crate) fn contains(self, time: Ns) -> bool {
        self.from <= time && time < self.to
    }

    /// How much of the window has passed at `time` [ns]; an interval's measured part is the
    /// difference between its ends.
    #[cfg(debug_assertions)]
    pub(crate) fn passed(self, time: Ns) -> Ns {
        time.clamp(self.from, self.to) - self.from
    }
}
