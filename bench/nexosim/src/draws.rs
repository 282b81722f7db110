//! Random streams, one per purpose, and exponential times.

use std::time::Duration;

use rand_core::Rng;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct Draws(Pcg64Mcg);

impl Draws {
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        let spread = |x: u64| (x ^ (x >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let high = spread(spread(seed.wrapping_mul(64).wrapping_add(purpose)) ^ purpose);
        let mut stream = Pcg64Mcg::new((u128::from(high) << 64) | u128::from(spread(high)));
        stream.next_u64();
        Self(stream)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Of a mean in ns. An event cannot be scheduled for now, so never nothing.
    pub(crate) fn exponential(&mut self, mean: f64) -> Duration {
        Duration::from_nanos(((-mean * (1.0 - self.unit()).ln()) as u64).max(1))
    }
}
