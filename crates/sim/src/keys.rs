//! Which record a request is about: uniform, Zipf, fresh ones, and keys that are hot; and on which
//! shard it lies. Two requests with one key are about the same record; what a store makes of that
//! is elsewhere.

use design::{Keys, Spread};

use crate::random::Stream;
use crate::time::Ns;

/// A map that is looked up and never gone through, so that its order can show nowhere; half the
/// cost of an ordered one, and the same on every machine.
#[expect(clippy::disallowed_types, reason = "its hasher is fixed and nobody iterates over it")]
pub(crate) type Lookup<K, V> = std::collections::HashMap<K, V, std::hash::BuildHasherDefault<Mixer>>;

/// The hash of whole numbers that [`hash`] makes of them, one after the other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mixer(u64);

impl std::hash::Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = hash(number, self.0);
    }
}

/// The keys of one class.
pub(crate) struct KeySource {
    spread: Draw,
    /// Keys in all; none if every key is new.
    population: u64,
    /// How likely a request is about one of the hot keys [billionths], and how many those are.
    hot: u64,
    hot_keys: u64,
    /// How long the same keys stay hot [ns]; 0 for ever.
    moves: Ns,
    /// A fault that makes a single key hot [billionths].
    pub(crate) forced: u64,
    fresh: u64,
}

enum Draw {
    Uniform,
    Zipf(Zipf),
    Fresh,
}

impl KeySource {
    /// `class` keeps the fresh keys of classes apart.
    pub(crate) fn new(keys: &Keys, class: u64) -> Self {
        let population = keys.of.map_or(1_000_000, |count| count.base()).max(1);
        let spread = match keys.spread {
            Spread::Uniform => Draw::Uniform,
            Spread::Zipf { exponent } => Draw::Zipf(Zipf::new(population, exponent.as_f64())),
            Spread::Fresh => Draw::Fresh,
        };
        let (hot, hot_keys, moves) = match &keys.hot {
            Some(hot) => (hot.share.base(), hot.keys.base().clamp(1, population), hot.moves.map_or(0, |moves| moves.base())),
            None => (0, 1, 0),
        };
        Self { spread, population, hot, hot_keys, moves, forced: 0, fresh: (class + 1) << 48 }
    }

    pub(crate) fn draw(&mut self, now: Ns, stream: &mut Stream) -> u64 {
        if self.forced > 0 && stream.chance(self.forced) {
            return 0;
        }
        if self.hot > 0 && stream.chance(self.hot) {
            let turn = now.checked_div(self.moves).unwrap_or(0);
            // The hot set moves on by its own size, so that none of its keys stays hot.
            let key = u128::from(turn) * u128::from(self.hot_keys) + u128::from(stream.below(self.hot_keys));
            return (key % u128::from(self.population)) as u64;
        }
        match &self.spread {
            Draw::Uniform => stream.below(self.population),
            Draw::Zipf(zipf) => zipf.draw(stream) - 1,
            Draw::Fresh => {
                self.fresh += 1;
                self.fresh
            }
        }
    }
}

/// Where the records of a store lie. Which keys meet on a shard is luck, and so it is another with
/// every seed: else all replications of a run would have the same hot shard, and be sure of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    salt: u64,
}

impl Places {
    /// Those of the component of this name.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        Self { salt: Stream::new(seed, name, "places").bits() }
    }

    /// The shard of a key, from 0.
    #[inline]
    pub(crate) fn home(self, key: u64, shards: u32) -> u32 {
        (hash(key, self.salt) % u64::from(shards.max(1))) as u32
    }
}

/// Spreads keys over places as a good hash does. The same key falls on the same place everywhere.
pub(crate) fn hash(key: u64, salt: u64) -> u64 {
    let mut z = key ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x632b_e59b_d9b4_e019);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Zipf's law by rejection-inversion (Hörmann and Derflinger, "Rejection-inversion to generate
/// variates from monotone discrete distributions", 1996): no table, whatever the population.
struct Zipf {
    exponent: f64,
    n: u64,
    first: f64,
    last: f64,
    near: f64,
}

impl Zipf {
    fn new(n: u64, exponent: f64) -> Self {
        let mut zipf = Self { exponent, n, first: 0.0, last: 0.0, near: 0.0 };
        zipf.first = zipf.integral(1.5) - 1.0;
        zipf.last = zipf.integral(n as f64 + 0.5);
        zipf.near = 2.0 - zipf.inverse(zipf.integral(2.5) - zipf.height(2.0));
        zipf
    }

    /// The rank, from 1.
    fn draw(&self, stream: &mut Stream) -> u64 {
        loop {
            let area = self.last + stream.unit() * (self.first - self.last);
            let x = self.inverse(area);
            let rank = ((x + 0.5) as u64).clamp(1, self.n);
            let exact = rank as f64;
            if exact - x <= self.near || area >= self.integral(exact + 0.5) - self.height(exact) {
                return rank;
            }
        }
    }

    fn height(&self, x: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(x))
    }

    /// The integral of `height` from 1.
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        let power = (1.0 - self.exponent) * log;
        log * if power.abs() > 1e-8 { libm::expm1(power) / power } else { 1.0 + power / 2.0 }
    }

    fn inverse(&self, area: f64) -> f64 {
        let power = (area * (1.0 - self.exponent)).max(-1.0);
        libm::exp(area * if power.abs() > 1e-8 { libm::log1p(power) / power } else { 1.0 - power / 2.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Count, Duration, Share};

    fn draws(text: &str, n: usize) -> Vec<u64> {
        let mut keys = KeySource::new(&text.parse().expect("keys"), 0);
        let mut stream = Stream::new(1, "buy", "keys");
        (0..n).map(|i| keys.draw(i as u64 * 1_000_000, &mut stream)).collect()
    }

    fn share(draws: &[u64], of: impl Fn(u64) -> bool) -> f64 {
        draws.iter().filter(|&&key| of(key)).count() as f64 / draws.len() as f64
    }

    /// Harmonic numbers say what share each rank has.
    fn zipf_share(rank: u64, n: u64, exponent: f64) -> f64 {
        libm::pow(rank as f64, -exponent) / (1..=n).map(|rank| libm::pow(rank as f64, -exponent)).sum::<f64>()
    }

    #[test]
    fn zipf_gives_each_rank_its_share() {
        for exponent in [0.5, 0.99, 1.0, 1.2, 2.0] {
            let drawn = draws(&format!("zipf {exponent} of 1000"), 400_000);
            for rank in [1u64, 2, 3, 10, 1000] {
                let expected = zipf_share(rank, 1000, exponent);
                let error = 4.0 * (expected / 400_000.0).sqrt() + 1e-5;
                let found = share(&drawn, |key| key == rank - 1);
                assert!((found - expected).abs() < error, "rank {rank} at {exponent}: {found}, expected {expected}");
            }
        }
    }

    #[test]
    fn hot_keys_get_their_share_and_move() {
        let drawn = draws("uniform of 1000000; hot 30 % on 10 keys, moves every 10 s", 20_000);
        assert!((share(&drawn[..10_000], |key| key < 10) - 0.3).abs() < 0.02);
        assert!((share(&drawn[10_000..], |key| (10..20).contains(&key)) - 0.3).abs() < 0.02);
        assert!(share(&drawn[10_000..], |key| key < 10) < 0.001);
    }

    #[test]
    fn fresh_keys_are_never_asked_for_again() {
        let mut drawn = draws("fresh", 1000);
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 1000);
    }

    #[test]
    fn where_keys_lie_is_another_with_every_seed_and_even_in_the_mean() {
        let first = |seed| Places::new(seed, "db").home(0, 16);
        let mut counts = [0u32; 16];
        (0..16_000).for_each(|seed| counts[first(seed) as usize] += 1);
        assert!(counts.iter().all(|&count| (850..1150).contains(&count)), "{counts:?}");
        let places = Places::new(1, "db");
        let mut counts = [0u32; 16];
        (0..16_000).for_each(|key| counts[places.home(key, 16) as usize] += 1);
        assert!(counts.iter().all(|&count| (850..1150).contains(&count)), "{counts:?}");
    }

    #[test]
    fn a_population_of_one_is_one_key() {
        let keys = Keys { spread: Spread::Zipf { exponent: Share::ONE }, of: Some(Count(1)), hot: None };
        let mut stream = Stream::new(1, "a", "b");
        let mut source = KeySource::new(&keys, 0);
        assert!((0..100).all(|_| source.draw(Duration::from_secs(1).base(), &mut stream) == 0));
    }
}
