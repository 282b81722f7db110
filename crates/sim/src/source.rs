//! When requests are meant to be sent: open arrivals of every shape. What a request then does is
//! in `program`; closed-loop users are woken one by one, by `run`.

use std::f64::consts::TAU;

use design::{Arrivals, Document};
use units::Rate;

use crate::random::{Stream, Ziggurat};
use crate::sample::Sampler;
use crate::time::{LAST, Ns};

/// Requests per second, in billionths, times this give requests per 10^18 of a second: ns.
const ONE: u128 = 1_000_000_000_000_000_000;

/// Bursts that bring fewer requests per change of state than this are not told apart.
const HARDLY_ANY: f64 = 1e-3;
/// After so many changes nothing is left of the state that was.
const LONG_AGO: f64 = 64.0;

/// The arrivals of one class, or of several that share them.
pub(crate) struct Source {
    shape: Shape,
    /// What faults multiply the load by: each that goes on, and all of them together.
    factors: Vec<f64>,
    factor: f64,
    /// One over that.
    stretch: f64,
    /// The part of a nanosecond by which the last arrival was later than its time says.
    rest: f64,
}

enum Shape {
    /// The mean gap [ns].
    Poisson {
        gap: f64,
    },
    /// The n-th request since `from` comes n/rate later, rounded down: no error adds up.
    Constant {
        rate: u64,
        from: Ns,
        sent: u64,
    },
    Renewal {
        gap: Sampler,
    },
    /// Requests per ns and mean stay [ns] of each state.
    Bursty {
        states: [(f64, f64); 2],
        at: usize,
        until: Ns,
    },
    Batches {
        per_ns: f64,
        size: u64,
        geometric: bool,
    },
    /// A rate that changes with time, thinned from its greatest.
    Profile {
        profile: Profile,
        most: f64,
    },
    Trace {
        rows: Vec<(Ns, Option<u64>)>,
        next: usize,
    },
    Closed,
}

/// Requests per ns over time.
enum Profile {
    Ramp { from: f64, to: f64, lasts: f64 },
    Steps(Vec<(Ns, f64)>),
    Diurnal { mean: f64, swing: f64, period: f64 },
    Flash { base: f64, peak: f64, rise: f64, half_life: f64, at: f64 },
}

impl Profile {
    fn rate(&self, now: Ns) -> f64 {
        let time = now as f64;
        match self {
            Self::Ramp { from, to, lasts } => from + (to - from) * if *lasts > 0.0 { (time / lasts).min(1.0) } else { 1.0 },
            Self::Steps(steps) => steps.iter().rev().find(|(from, _)| *from <= now).map_or(0.0, |(_, rate)| *rate),
            Self::Diurnal { mean, swing, period } => mean + swing * libm::sin(TAU * time / period),
            Self::Flash { base, peak, rise, half_life, at } => {
                let since = time - at;
                let part = if since <= 0.0 {
                    0.0
                } else if since < *rise {
                    since / rise
                } else {
                    libm::exp2(-(since - rise) / half_life)
                };
                base + (peak - base) * part
            }
        }
    }
}

/// What comes at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) requests: u64,
    /// The key that a trace names.
    pub(crate) key: Option<u64>,
}

impl Source {
    pub(crate) fn new(arrivals: &Arrivals, document: &Document) -> Result<Self, String> {
        let per_ns = |rate: Rate| rate.base() as f64 / 1e18;
        let ns = |time: units::Duration| time.base() as f64;
        let profile = |profile, most| Shape::Profile { profile, most };
        let shape = match arrivals {
            Arrivals::Poisson { rate } => Shape::Poisson { gap: 1.0 / per_ns(*rate) },
            Arrivals::Constant { rate } => Shape::Constant { rate: rate.base(), from: 0, sent: 0 },
            Arrivals::Closed { .. } => Shape::Closed,
            Arrivals::Renewal { gap } => Shape::Renewal { gap: Sampler::new(gap)? },
            Arrivals::Bursty { low, low_stay, high, high_stay } => {
                Shape::Bursty { states: [(per_ns(*low), ns(*low_stay)), (per_ns(*high), ns(*high_stay))], at: 1, until: 0 }
            }
            Arrivals::Batches { size, geometric, rate } => {
                Shape::Batches { per_ns: per_ns(*rate), size: size.base().max(1), geometric: *geometric }
            }
            Arrivals::Ramp { from, to, lasts } => {
                let (from, to) = (per_ns(*from), per_ns(*to));
                profile(Profile::Ramp { from, to, lasts: ns(*lasts) }, from.max(to))
            }
            Arrivals::Steps { steps } => {
                let steps: Vec<(Ns, f64)> = steps.iter().map(|(from, rate)| (from.base(), per_ns(*rate))).collect();
                let most = steps.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
                profile(Profile::Steps(steps), most)
            }
            Arrivals::Diurnal { low, high, period } => {
                let (low, high) = (per_ns(*low), per_ns(*high));
                let diurnal = Profile::Diurnal { mean: (low + high) / 2.0, swing: (high - low) / 2.0, period: ns(*period).max(1.0) };
                profile(diurnal, low.max(high))
            }
            Arrivals::Flash { base, peak, rise, half_life, at } => {
                let (base, peak) = (per_ns(*base), per_ns(*peak));
                let flash = Profile::Flash { base, peak, rise: ns(*rise), half_life: ns(*half_life).max(1.0), at: ns(*at) };
                profile(flash, base.max(peak))
            }
            Arrivals::Trace { name } => {
                let trace = document.traces.get(name).ok_or_else(|| format!("There is no trace called “{name}”."))?;
                Shape::Trace { rows: trace.rows.iter().map(|(time, key)| (time.base(), *key)).collect(), next: 0 }
            }
        };
        Ok(Self { shape, factors: Vec::new(), factor: 1.0, stretch: 1.0, rest: 0.0 })
    }

    /// A fault multiplies the load, or is over. True if what was already drawn must be drawn
    /// again; a trace has its own times.
    pub(crate) fn scale(&mut self, now: Ns, factor: f64, on: bool) -> bool {
        if on {
            self.factors.push(factor);
        } else if let Some(place) = self.factors.iter().position(|&known| known == factor) {
            self.factors.swap_remove(place);
        }
        // Multiplied anew: what was multiplied by nothing cannot be divided back.
        self.factor = self.factors.iter().product();
        self.stretch = 1.0 / self.factor;
        self.rest = 0.0;
        if let Shape::Constant { from, sent, .. } = &mut self.shape {
            (*from, *sent) = (now, 0);
        }
        !matches!(self.shape, Shape::Trace { .. })
    }

    /// How many requests come at the moment that [`Source::next`] gave.
    pub(crate) fn batch(&mut self, stream: &mut Stream) -> Batch {
        match &self.shape {
            Shape::Batches { size, geometric: true, .. } => {
                // Geometric from 1 with this mean, by inversion.
                let stop = 1.0 / *size as f64;
                let more = if *size == 1 { 0.0 } else { libm::log(1.0 - stream.unit()) / libm::log1p(-stop) };
                Batch { requests: 1 + more as u64, key: None }
            }
            Shape::Batches { size, .. } => Batch { requests: *size, key: None },
            Shape::Trace { rows, next } => Batch { requests: 1, key: rows.get(next.wrapping_sub(1)).and_then(|(_, key)| *key) },
            _ => Batch { requests: 1, key: None },
        }
    }

    /// Whether requests come one by one, and nothing else is known of them.
    #[inline]
    pub(crate) fn is_single(&self) -> bool {
        !matches!(self.shape, Shape::Batches { .. } | Shape::Trace { .. })
    }

    /// Whether gaps are drawn at random, so that no request comes at the moment of another but by
    /// chance.
    pub(crate) fn is_memoryless(&self) -> bool {
        matches!(self.shape, Shape::Poisson { .. } | Shape::Bursty { .. } | Shape::Profile { .. })
    }

    /// The time of the next open arrival after the one at `now`; none if it never comes.
    #[inline(always)]
    pub(crate) fn next(&mut self, now: Ns, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        if self.factor <= 0.0 && !matches!(self.shape, Shape::Trace { .. }) {
            return None;
        }
        match &self.shape {
            Shape::Poisson { gap } => self.memoryless(now, *gap, stream, ziggurat),
            _ => self.next_rare(now, stream, ziggurat),
        }
        .filter(|&time| time < LAST)
    }

    /// An exponential gap of this mean [ns].
    #[inline(always)]
    fn memoryless(&mut self, now: Ns, mean: f64, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        let gap = ziggurat.draw(stream) * (mean * self.stretch) + self.rest;
        // Through signed numbers, which cost half as much.
        let whole = gap as i64;
        self.rest = gap - whole as f64;
        now.checked_add(whole as u64)
    }

    #[inline(never)]
    fn next_rare(&mut self, now: Ns, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        match &mut self.shape {
            Shape::Poisson { .. } | Shape::Closed => None,
            Shape::Batches { per_ns, .. } => {
                let gap = 1.0 / *per_ns;
                self.memoryless(now, gap, stream, ziggurat)
            }
            Shape::Constant { rate, from, sent } => {
                let rate = if self.factor == 1.0 { u128::from(*rate) } else { (*rate as f64 * self.factor) as u128 };
                *sent += 1;
                let after = (u128::from(*sent) * ONE).checked_div(rate)?;
                from.checked_add(u64::try_from(after).ok()?)
            }
            Shape::Renewal { gap } => {
                let gap = gap.draw(stream, ziggurat);
                now.checked_add(if self.factor == 1.0 { gap } else { (gap as f64 / self.factor) as Ns })
            }
            Shape::Trace { rows, next } => {
                let time = rows.get(*next)?.0;
                *next += 1;
                Some(time)
            }
            Shape::Bursty { .. } => self.bursty(now, stream, ziggurat),
            Shape::Profile { .. } => self.thinned(now, stream, ziggurat),
        }
    }

    /// Within a state arrivals are memoryless, so a gap that outlasts it is drawn anew after it.
    fn bursty(&mut self, now: Ns, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        let Shape::Bursty { states, at, until } = &mut self.shape else { return None };
        let cycle = states[0].1 + states[1].1;
        let mean = (states[0].0 * states[0].1 + states[1].0 * states[1].1) / cycle;
        if mean * self.factor * cycle < HARDLY_ANY {
            // Many changes of state between two arrivals: only their mean is felt, and following
            // each of them would take for ever.
            return self.memoryless(now, 1.0 / mean, stream, ziggurat);
        }
        if now.saturating_sub(*until) as f64 > LONG_AGO * cycle {
            *at = usize::from(stream.unit() * cycle >= states[0].1);
            *until = now;
        }
        let mut time = now;
        loop {
            let rate = states[*at].0 * self.factor;
            if rate > 0.0 {
                let next = time.saturating_add((ziggurat.draw(stream) / rate + 0.5) as Ns);
                if next < *until {
                    return Some(next);
                }
            }
            time = (*until).max(time);
            *at = 1 - *at;
            *until = time.checked_add(((states[*at].1 * ziggurat.draw(stream)) as Ns).max(1)).filter(|&until| until < LAST)?;
        }
    }

    /// Candidates come at a rate that is never less than the true one for a while, and are kept
    /// in proportion.
    fn thinned(&mut self, now: Ns, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        let Shape::Profile { profile, most } = &self.shape else { return None };
        let mut time = now;
        while time < LAST {
            let (bound, until) = profile.bound(time, *most, 1.0 / (*most * self.factor));
            let gap = if bound > 0.0 { ziggurat.draw(stream) / (bound * self.factor) } else { f64::INFINITY };
            let next = time.saturating_add((gap + 0.5) as Ns);
            if next >= until {
                time = until;
            } else if stream.unit() * bound < profile.rate(next) {
                return Some(next);
            } else {
                time = next;
            }
        }
        None
    }
}

impl Profile {
    /// A rate that is not exceeded before the moment beside it; `gap` is the least mean time
    /// between two arrivals [ns].
    fn bound(&self, now: Ns, most: f64, gap: f64) -> (f64, Ns) {
        // So short that the rate hardly changes, but long enough for an arrival or so.
        let piece = |whole: f64| now.saturating_add((whole / 64.0).max(gap).max(1.0) as Ns).min(LAST);
        match self {
            Self::Ramp { lasts, .. } if now as f64 >= *lasts => (self.rate(now), LAST),
            Self::Ramp { lasts, .. } => {
                let until = piece(*lasts);
                (self.rate(now).max(self.rate(until)), until)
            }
            Self::Steps(steps) => {
                let until = steps.iter().map(|(from, _)| *from).find(|from| *from > now).unwrap_or(LAST);
                (self.rate(now), until)
            }
            Self::Diurnal { swing, period, .. } => {
                let until = piece(*period);
                // Between two points a 64th of a turn apart, a sine rises at most 0.0013 above both.
                let bound = self.rate(now).max(self.rate(until)) + 0.0013 * swing.abs();
                (if (until - now) as f64 > period / 63.0 { most } else { bound }, until)
            }
            Self::Flash { at, .. } if (now as f64) < *at => (self.rate(now), (*at as Ns).max(now + 1)),
            Self::Flash { at, rise, base, peak, .. } if (now as f64) < at + rise || base > peak => {
                let until = piece(*rise);
                (if (until as f64) < at + rise { self.rate(now).max(self.rate(until)) } else { most }, until)
            }
            Self::Flash { .. } => (self.rate(now), LAST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many come in each tenth of `lasts` [s], and in how many of 100 bins per tenth none does.
    fn counts(text: &str, lasts: u64) -> Vec<u64> {
        let arrivals: Arrivals = text.parse().expect("arrivals");
        let (mut stream, ziggurat) = (Stream::new(3, "buy", "arrivals"), Ziggurat::new());
        let mut source = Source::new(&arrivals, &Document::default()).expect("a source");
        let (mut counts, mut now) = (vec![0; 10], 0);
        while let Some(time) = source.next(now, &mut stream, &ziggurat).filter(|&time| time < lasts * 1_000_000_000) {
            assert!(time >= now, "time runs forward");
            now = time;
            counts[(time / (lasts * 100_000_000)) as usize] += source.batch(&mut stream).requests;
        }
        counts
    }

    #[test]
    fn every_shape_sends_as_many_as_it_says_when_it_says() {
        let cases: &[(&str, u64, [f64; 10])] = &[
            ("poisson 100/s", 1000, [1e4; 10]),
            ("constant 100/s", 10, [99.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0]),
            ("every erlang 4 10 ms", 1000, [1e4; 10]),
            ("batches of 5, poisson 20/s", 1000, [1e4; 10]),
            ("batches of geometric 5, poisson 20/s", 1000, [1e4; 10]),
            ("bursty 0/s for 10 ms, 200/s for 10 ms", 1000, [1e4; 10]),
            ("ramp 0/s..1000/s in 100 s", 100, [5e2, 15e2, 25e2, 35e2, 45e2, 55e2, 65e2, 75e2, 85e2, 95e2]),
            ("ramp 1000/s..0/s in 50 s", 100, [9e3, 7e3, 5e3, 3e3, 1e3, 0.0, 0.0, 0.0, 0.0, 0.0]),
            ("steps 100/s, 1000/s from 20 s, 0/s from 50 s", 100, [1e3, 1e3, 1e4, 1e4, 1e4, 0.0, 0.0, 0.0, 0.0, 0.0]),
            // The mean of a sine over each tenth of a turn.
            (
                "diurnal 0/s..2000/s every 100 s",
                100,
                [13040., 18090., 20000., 18090., 13040., 6960., 1910., 0., 1910., 6960.].map(|_: f64| f64::NAN),
            ),
            ("flash 100/s..1100/s in 10 s, half-life 10 s, at 20 s", 100, [1e3, 1e3, 6e3, 8213., 4607., 2803., 1902., 1451., 1225., 1113.]),
            ("flash 0/s..1000000000/s in 1 ns, half-life 1 ns, at 1 d", 100, [0.0; 10]),
        ];
        for (text, lasts, expected) in cases {
            let found = counts(text, *lasts);
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    expected.is_nan() || (*found as f64 - expected).abs() <= 5.0 * (expected * 3.0).sqrt().max(1.0),
                    "{text}: {found}, expected {expected}"
                );
            }
        }
        let diurnal = counts("diurnal 0/s..2000/s every 100 s", 100);
        // 1000 * 10 s + 1000 * (100/tau) * (cos a - cos b)
        for (tenth, found) in diurnal.into_iter().enumerate() {
            let angle = |tenth: usize| libm::cos(TAU * tenth as f64 / 10.0);
            let expected = 10_000.0 + 1e5 / TAU * (angle(tenth) - angle(tenth + 1));
            assert!((found as f64 - expected).abs() < 5.0 * expected.sqrt(), "{tenth}: {found}, expected {expected}");
        }
    }

    #[test]
    fn bursts_are_burstier_than_chance() {
        let found = counts("bursty 20/s for 10 s, 180/s for 10 s", 1000);
        let mean = found.iter().sum::<u64>() as f64 / 10.0;
        let variance = found.iter().map(|count| (*count as f64 - mean) * (*count as f64 - mean)).sum::<f64>() / 9.0;
        assert!(variance > 5.0 * mean, "{found:?}");
    }
}
