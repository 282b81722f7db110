//! Numbers that vary by seed, the same for the same seed and name.

/// SplitMix64 (Steele, Lea, Flood 2014), begun from a seed and a name.
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let begin = name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut draw = Self(begin);
        draw.next();
        draw
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number of two digits between two, as likely small as large.
    pub(super) fn between(&mut self, from: f64, to: f64) -> f64 {
        let part = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let value = from * (to / from).powf(part);
        let size = 10f64.powf(value.log10().floor() - 1.0);
        (value / size).round() * size
    }
}
