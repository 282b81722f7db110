//! How requests come, as the formulas need it: a rate with its variation, users in a closed loop,
//! or why neither is there.

use design::{Arrivals, Class, Document};

use super::solve::Arriving;
use super::time::Time;

#[derive(Debug, Clone, Copy)]
pub(super) enum Coming {
    Open(Arriving),
    Closed {
        users: f64,
        think: Time,
    },
    /// The mean rate is known, but what comes together is not felt by any formula here.
    Uneven(Arriving, &'static str),
    /// There is no steady rate.
    Untold(&'static str),
}

impl Coming {
    pub(super) fn of(class: &Class, document: &Document) -> Self {
        match (&class.arrivals, class.share, &document.workload.arrivals) {
            (Some(arrivals), _, _) => Self::new(arrivals),
            (None, Some(share), Some(arrivals)) => Self::new(arrivals).thinned(share.as_f64()),
            _ => Self::Untold("nothing says how its requests arrive"),
        }
    }

    fn new(arrivals: &Arrivals) -> Self {
        let even = |rate: f64, variation: f64| Arriving { rate, variation, poisson: variation == 1.0 };
        match arrivals {
            Arrivals::Poisson { rate } => Self::Open(even(rate.as_per_second(), 1.0)),
            Arrivals::Constant { rate } => Self::Open(even(rate.as_per_second(), 0.0)),
            Arrivals::Closed { users, think } => Self::Closed { users: users.base() as f64, think: Time::of(think) },
            Arrivals::Renewal { gap } => {
                let time = Time::of(gap);
                let poisson = matches!(gap, design::Distribution::Exponential { .. });
                let variation = if poisson { 1.0 } else { time.scv() };
                let arriving = Arriving { rate: 1.0 / time.mean, variation, poisson };
                if variation.is_finite() && time.mean > 0.0 && time.mean.is_finite() {
                    Self::Open(arriving)
                } else {
                    Self::Untold("the gaps between its requests have no variance")
                }
            }
            Arrivals::Bursty { low, low_stay, high, high_stay } => {
                let (low_stay, high_stay) = (low_stay.as_secs_f64(), high_stay.as_secs_f64());
                let sum = low.as_per_second() * low_stay + high.as_per_second() * high_stay;
                Self::Uneven(even(sum / (low_stay + high_stay).max(1e-300), 1.0), "its requests come in bursts")
            }
            Arrivals::Batches { size, rate, .. } => {
                Self::Uneven(even(rate.as_per_second() * size.base() as f64, 1.0), "its requests come in batches")
            }
            Arrivals::Ramp { .. } | Arrivals::Steps { .. } | Arrivals::Diurnal { .. } | Arrivals::Flash { .. } => {
                Self::Untold("its load changes over time; give it a constant mean rate, such as that of its peak")
            }
            Arrivals::Trace { .. } => Self::Untold("its arrivals are recorded ones"),
        }
    }

    /// Each request with this probability.
    fn thinned(self, share: f64) -> Self {
        let thin = |arriving: Arriving| Arriving {
            rate: arriving.rate * share,
            variation: share * arriving.variation + 1.0 - share,
            poisson: arriving.poisson,
        };
        match self {
            Self::Open(arriving) => Self::Open(thin(arriving)),
            Self::Uneven(arriving, why) => Self::Uneven(thin(arriving), why),
            other => other,
        }
    }
}
