//! Random streams, each seeded by the run's seed and a name: adding a component to a design
//! leaves every other component's luck as it was. The generator needs no 128-bit product, which
//! browsers lack. Every transcendental goes through `libm`, so
//! that native and wasm draw the same numbers.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

pub(crate) struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// `purpose` keeps what one component draws for different ends apart.
    pub(crate) fn new(seed: u64, name: &str, purpose: &str) -> Self {
        let mut state = 0xcbf2_9ce4_8422_2325u64;
        // FNV-1a over the name, a separator and the purpose; the mixing below spreads its bits.
        for byte in name.bytes().chain([0xff]).chain(purpose.bytes()) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut word = mix(state ^ mix(seed)).wrapping_add(seed);
        let mut bytes = [0; 32];
        // As its authors advise: SplitMix64 from a state of its own (https://prng.di.unimi.it).
        for place in bytes.chunks_exact_mut(8) {
            word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
            place.copy_from_slice(&mix(word).to_le_bytes());
        }
        Self(Xoshiro256PlusPlus::from_seed(bytes))
    }

    #[inline(always)]
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1), in steps of 2^-53.
    pub(crate) fn unit(&mut self) -> f64 {
        fraction(self.bits())
    }

    /// Uniform in 0..n.
    #[inline(always)]
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        high(self.bits(), n)
    }

    /// True with probability `billionths` / 10^9. Certainties draw nothing.
    #[inline]
    pub(crate) fn chance(&mut self, billionths: u64) -> bool {
        match billionths {
            0 => false,
            1_000_000_000.. => true,
            _ => self.below(1_000_000_000) < billionths,
        }
    }
}

/// The upper half of a product. Where the second number is short, two products of 64 bits are
/// enough; browsers have no longer ones.
#[inline(always)]
fn high(bits: u64, n: u64) -> u64 {
    if n >> 32 > 0 {
        return ((u128::from(bits) * u128::from(n)) >> 64) as u64;
    }
    ((bits >> 32) * n + (((bits & 0xffff_ffff) * n) >> 32)) >> 32
}

/// The top 53 bits as a number in [0, 1).
fn fraction(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// The finaliser of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Exponential draws by the ziggurat of Marsaglia and Tsang with 256 layers: half the cost of a
/// logarithm, and two thirds less in wasm.
pub(crate) struct Ziggurat {
    edge: [f64; 257],
    height: [f64; 257],
}

const TAIL: f64 = 7.697_117_470_131_049;
const AREA: f64 = 0.003_949_659_822_581_557;

impl Ziggurat {
    pub(crate) fn new() -> Self {
        let mut edge = [0.0; 257];
        edge[0] = AREA / libm::exp(-TAIL);
        edge[1] = TAIL;
        for i in 2..256 {
            edge[i] = -libm::log(AREA / edge[i - 1] + libm::exp(-edge[i - 1]));
        }
        Self { edge, height: edge.map(|x| libm::exp(-x)) }
    }

    /// An exponential of mean 1.
    #[inline(always)]
    pub(crate) fn draw(&self, stream: &mut Stream) -> f64 {
        let bits = stream.bits();
        let layer = (bits & 0xff) as usize;
        let x = fraction(bits) * self.edge[layer];
        // All but one in a hundred draws end here.
        if x < self.edge[layer + 1] { x } else { self.draw_at_an_edge(bits, stream) }
    }

    #[inline(never)]
    fn draw_at_an_edge(&self, mut bits: u64, stream: &mut Stream) -> f64 {
        loop {
            let layer = (bits & 0xff) as usize;
            let x = fraction(bits) * self.edge[layer];
            if x < self.edge[layer + 1] {
                return x;
            }
            if layer == 0 {
                return TAIL - libm::log(1.0 - stream.unit());
            }
            let (low, high) = (self.height[layer], self.height[layer + 1]);
            if high + (low - high) * stream.unit() < libm::exp(-x) {
                return x;
            }
            bits = stream.bits();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_upper_half_of_a_product_is_that_of_the_long_product(bits: u64, n: u64, shift in 0u32..64) {
            for (bits, n) in [(bits, n >> shift), (u64::MAX, n >> shift), (bits, u64::from(u32::MAX)), (u64::MAX, 1 << 32)] {
                prop_assert_eq!(high(bits, n), ((u128::from(bits) * u128::from(n)) >> 64) as u64);
            }
        }
    }

    #[test]
    fn the_ziggurat_draws_an_exponential() {
        let (ziggurat, mut stream) = (Ziggurat::new(), Stream::new(1, "a", "b"));
        let n = 2_000_000;
        let (mut sum, mut squares, mut above) = (0.0, 0.0, [0; 4]);
        for _ in 0..n {
            let x = ziggurat.draw(&mut stream);
            sum += x;
            squares += x * x;
            for (i, level) in [0.1, 1.0, 5.0, 9.0].into_iter().enumerate() {
                above[i] += i32::from(x > level);
            }
        }
        let n = f64::from(n);
        assert!((sum / n - 1.0).abs() < 0.003, "mean {}", sum / n);
        assert!((squares / n - 2.0).abs() < 0.015, "second moment {}", squares / n);
        for (count, level) in above.into_iter().zip([0.1, 1.0, 5.0, 9.0]) {
            let expected = n * libm::exp(-level);
            assert!((f64::from(count) - expected).abs() < 4.0 * expected.sqrt(), "{count} above {level}, expected {expected}");
        }
    }

    #[test]
    fn streams_of_different_names_or_seeds_differ() {
        let first = |seed, name, purpose| Stream::new(seed, name, purpose).bits();
        let all =
            [first(1, "web", "time"), first(2, "web", "time"), first(1, "db", "time"), first(1, "web", "choice"), first(1, "webt", "ime")];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
    }
}
