//! Axes: their ends, their ticks, and where a value lies. Nobody has to multiply: ticks are plain
//! numbers, and a logarithmic axis shows plain numbers too.

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Linear,
    /// For values above zero; others are left out.
    Log,
}

/// The ends of an axis, and where they lie in the drawing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruler {
    pub scale: Scale,
    pub min: f64,
    pub max: f64,
    pub start: f64,
    pub end: f64,
}

impl Ruler {
    /// `None` for what a logarithmic axis has no place for.
    pub(crate) fn place(&self, value: f64) -> Option<f64> {
        let share = match self.scale {
            Scale::Linear => (value - self.min) / (self.max - self.min),
            Scale::Log if value > 0.0 => (libm::log10(value) - libm::log10(self.min)) / (libm::log10(self.max) - libm::log10(self.min)),
            Scale::Log => return None,
        };
        // Far outside is as good as just outside, and keeps coordinates short.
        share.is_finite().then(|| self.start + share.clamp(-2.0, 3.0) * (self.end - self.start))
    }

    pub(crate) fn holds(&self, value: f64) -> bool {
        let slack = (self.max - self.min) * 1e-9;
        (self.min - slack..=self.max + slack).contains(&value)
    }

    pub(crate) fn ticks(&self, about: f64) -> Vec<f64> {
        match self.scale {
            Scale::Linear => linear_ticks(self.min, self.max, about),
            Scale::Log => log_ticks(self.min, self.max),
        }
    }
}

/// Ends for values: what was asked for, or else round numbers around them; lengths keep their zero.
pub(crate) fn ends(values: impl Iterator<Item = f64>, asked: Option<(f64, f64)>, scale: Scale, from_zero: bool) -> (f64, f64) {
    let usable = |value: f64| value.is_finite() && value.abs() < 1e15 && (scale == Scale::Linear || value > 1e-12);
    if let Some((low, high)) = asked.filter(|(low, high)| usable(*low) && usable(*high) && low < high) {
        return (low, high);
    }
    let (low, high) = values
        .filter(|value| usable(*value))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    match scale {
        _ if low > high => {
            if scale == Scale::Log {
                (1.0, 10.0)
            } else {
                (0.0, 1.0)
            }
        }
        Scale::Log => (libm::pow(10.0, libm::floor(libm::log10(low))), libm::pow(10.0, libm::ceil(libm::log10(high * 1.000_001)))),
        Scale::Linear => {
            let low = if from_zero { low.min(0.0) } else { low };
            let high = if from_zero { high.max(0.0) } else { high };
            if low == high {
                let half = if low == 0.0 { 1.0 } else { low.abs() / 2.0 };
                return if from_zero { (low.min(0.0), low.max(1.0)) } else { (low - half, high + half) };
            }
            if !from_zero {
                return (low, high);
            }
            let step = step(high - low, 5.0);
            (libm::floor(low / step) * step, libm::ceil(high / step) * step)
        }
    }
}

/// A step of 1, 2 or 5 times a power of ten.
fn step(span: f64, about: f64) -> f64 {
    let rough = span / about;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let share = rough / power;
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| share <= *factor * 1.001).unwrap_or(10.0);
    factor * power
}

fn linear_ticks(min: f64, max: f64, about: f64) -> Vec<f64> {
    let step = step(max - min, about);
    let first = libm::ceil(min / step - 1e-9);
    (0..20).map(|i| (first + f64::from(i)) * step).take_while(|tick| *tick <= max + step * 1e-9).collect()
}

/// 1, 2, 5 in each of a few decades; only the decades when there are many.
fn log_ticks(min: f64, max: f64) -> Vec<f64> {
    let (low, high) = (libm::floor(libm::log10(min) + 1e-9), libm::ceil(libm::log10(max) - 1e-9));
    let factors: &[f64] = if high - low <= 3.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let stride = libm::ceil((high - low + 1.0) / 10.0).max(1.0);
    let mut ticks = Vec::new();
    let mut decade = low;
    while decade <= high {
        ticks.extend(
            factors.iter().map(|factor| factor * libm::pow(10.0, decade)).filter(|tick| (min * 0.999_999..=max * 1.000_001).contains(tick)),
        );
        decade += stride;
    }
    ticks
}
