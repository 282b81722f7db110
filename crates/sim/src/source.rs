//! When requests are meant to be sent: open arrivals and closed-loop users. What a request then
//! does is in `plan`.

use units::Rate;

use crate::random::{Stream, Ziggurat};
use crate::sample::Sampler;
use crate::time::{LAST, Ns};

/// Requests per second, in billionths, times this give requests per 10^18 of a second: ns.
const ONE: u128 = 1_000_000_000_000_000_000;

pub(crate) enum Source {
    Poisson {
        mean: f64,
        /// The part of a nanosecond by which the last arrival was later than its time says.
        rest: f64,
    },
    /// The n-th request comes at n/rate, rounded down: no error adds up.
    Constant {
        rate: u64,
        sent: u64,
    },
    Closed {
        users: u32,
        think: Sampler,
    },
}

impl Source {
    pub(crate) fn poisson(rate: Rate) -> Self {
        Self::Poisson { mean: if rate.base() == 0 { f64::INFINITY } else { 1e18 / rate.base() as f64 }, rest: 0.0 }
    }

    /// The time of the next open arrival after the one at `now`; none if it never comes.
    pub(crate) fn next(&mut self, now: Ns, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        match self {
            Self::Poisson { mean, .. } if !mean.is_finite() => None,
            Self::Poisson { mean, rest } => {
                let gap = *mean * ziggurat.draw(stream) + *rest;
                let whole = gap as u64;
                *rest = gap - whole as f64;
                now.checked_add(whole)
            }
            Self::Constant { rate: 0, .. } | Self::Closed { .. } => None,
            Self::Constant { rate, sent } => {
                *sent += 1;
                u64::try_from(u128::from(*sent) * ONE / u128::from(*rate)).ok()
            }
        }
        .filter(|&time| time < LAST)
    }
}
