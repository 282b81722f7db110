//! Calls made at once: when enough of them have answered. Each is taken as an offset and an
//! exponential time of the same mean and variance, independent of the others.

use super::time::Time;

/// Points of the integral; with this many, exponential times come out within 0.2 %.
const POINTS: u32 = 48;
/// A standard deviation of so many means is taken for an exponential.
const WILD: f64 = 1.2;
/// So few are summed in closed form.
const FEW: usize = 6;
/// More branches than this are not counted one by one.
const MOST: usize = 64;

/// When the `wanted` fastest of the branches have answered.
pub(super) fn fastest(branches: &[Time], wanted: usize, steps: &mut u64) -> Option<Time> {
    if let ([one], true) = (branches, wanted > 0) {
        return Some(*one);
    }
    // One exponential cannot stand for a time that varies much more: its slowest of many is not near.
    let wild = |branch: &Time| branch.variance.sqrt() > WILD * (branch.mean - branch.fixed) + 1e-12;
    if branches.iter().any(wild) {
        return None;
    }
    if branches.len() > MOST || branches.iter().any(|branch| !branch.variance.is_finite()) {
        return None;
    }
    let wanted = wanted.min(branches.len());
    if wanted == 0 {
        return Some(Time::ZERO);
    }
    // The standard deviation is the exponential part; what is left of the mean is the offset.
    let spread = |branch: &Time| branch.variance.sqrt().min(branch.mean - branch.fixed).max(0.0);
    let mut offsets: Vec<f64> = branches.iter().map(|branch| branch.mean - spread(branch)).collect();
    sorted::sort_by(&mut offsets, f64::total_cmp);
    let start = offsets[wanted - 1];
    let scale = branches.iter().map(&spread).fold(0.0, f64::max);
    if scale <= 0.0 {
        return Some(Time::constant(start));
    }
    if wanted == branches.len() && wanted <= FEW {
        return Some(Time { fixed: start, ..slowest(branches, &spread, start, steps) });
    }
    // The integral of P(T > t) over all t beyond `start`, by t = scale x / (1 - x).
    let (mut first, mut second, mut third) = (0.0, 0.0, 0.0);
    for point in 0..POINTS {
        *steps += (branches.len() * wanted) as u64;
        let x = (f64::from(point) + 0.5) / f64::from(POINTS);
        let time = scale * x / (1.0 - x);
        let width = scale / ((1.0 - x) * (1.0 - x)) / f64::from(POINTS);
        let open = unfinished(branches, &spread, start + time, wanted);
        first += width * open;
        second += width * open * 2.0 * time;
        third += width * open * 3.0 * time * time;
    }
    let beyond = Time::from_raw(0.0, [first, second, third]);
    Some(Time { fixed: offsets[0].min(start), ..beyond.plus(Time::constant(start)) })
}

/// All of a few, by inclusion and exclusion beyond the latest offset.
fn slowest(branches: &[Time], spread: &impl Fn(&Time) -> f64, start: f64, steps: &mut u64) -> Time {
    // How likely each is still open at `start`, and how fast it ends then.
    let mut open = [(0.0, 0.0); FEW];
    let mut count = 0;
    for branch in branches.iter().filter(|branch| spread(branch) > 0.0) {
        let scale = spread(branch);
        open[count] = (libm::exp(-(start - (branch.mean - scale)) / scale), 1.0 / scale);
        count += 1;
    }
    let mut raw = [0.0; 3];
    for subset in 1u32..1 << count {
        *steps += 1;
        let (mut chance, mut rate) = (-1.0, 0.0);
        for (branch, (stays, ends)) in open[..count].iter().enumerate() {
            if subset >> branch & 1 == 1 {
                chance *= -stays;
                rate += ends;
            }
        }
        raw[0] += chance / rate;
        raw[1] += chance * 2.0 / (rate * rate);
        raw[2] += chance * 6.0 / (rate * rate * rate);
    }
    Time::from_raw(0.0, raw).plus(Time::constant(start))
}

/// How likely fewer than `wanted` have answered by then.
fn unfinished(branches: &[Time], spread: &impl Fn(&Time) -> f64, time: f64, wanted: usize) -> f64 {
    let mut answered = [0.0; MOST + 1];
    answered[0] = 1.0;
    let mut seen = 0;
    for branch in branches {
        let scale = spread(branch);
        let since = time - (branch.mean - scale);
        let done = match (since > 0.0, scale > 0.0) {
            (false, _) => f64::from(since == 0.0 && scale <= 0.0),
            (true, true) => 1.0 - libm::exp(-since / scale),
            (true, false) => 1.0,
        };
        seen += 1;
        for count in (1..=seen.min(wanted)).rev() {
            // Whoever is enough stays enough.
            let stays = if count == wanted { 1.0 } else { 1.0 - done };
            answered[count] = answered[count] * stays + answered[count - 1] * done;
        }
        answered[0] *= 1.0 - done;
    }
    answered[..wanted].iter().sum::<f64>().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D46: the mean of the k-th of n exponentials is the sum of 1/(n - i) for i < k.
    #[test]
    fn the_kth_of_n_exponentials_comes_after_a_sum_of_reciprocals() {
        for (n, k, expected) in
            [(3, 1, 0.3333), (3, 2, 0.8333), (3, 3, 1.8333), (5, 3, 0.7833), (5, 5, 2.2833), (1, 1, 1.0), (10, 10, 2.9290)]
        {
            let found = fastest(&vec![Time::exponential(1.0); n], k, &mut 0).expect("a time").mean;
            assert!((found - expected).abs() < 2e-3 * expected, "{k} of {n}: {found}, expected {expected}");
        }
    }

    #[test]
    fn rare_long_times_are_not_guessed() {
        let leaf = Time::of(&"10 ms or 1 s 1 %".parse().expect("a distribution"));
        assert_eq!(fastest(&[leaf; 10], 10, &mut 0), None);
        assert_eq!(fastest(&[leaf], 1, &mut 0), Some(leaf));
    }

    #[test]
    fn the_slowest_constant_decides() {
        let found = fastest(&[Time::constant(1.0), Time::constant(3.0)], 2, &mut 0).expect("a time");
        assert_eq!((found.mean, found.variance), (3.0, 0.0));
    }
}
