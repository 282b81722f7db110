//! The scale of estimates: how far off is counted in factors, not in units
//! (learning note 4.2: full marks within 1.4 times, half at 3 times, none at 10 times).

/// `|log10(answer / truth)|`; infinite when one of them is not positive.
pub fn log_ratio(answer: f64, truth: f64) -> f64 {
    if !(answer > 0.0 && truth > 0.0 && answer.is_finite() && truth.is_finite()) {
        return if answer == truth { 0.0 } else { f64::INFINITY };
    }
    libm::log10(answer / truth).abs()
}

/// 1 up to .15, linear to .5 at .48, linear to 0 at 1.
pub fn log_score(answer: f64, truth: f64) -> f64 {
    const FULL: f64 = 0.15;
    const HALF: f64 = 0.48;
    let e = log_ratio(answer, truth);
    if e <= FULL {
        1.0
    } else if e <= HALF {
        1.0 - 0.5 * (e - FULL) / (HALF - FULL)
    } else if e < 1.0 {
        0.5 * (1.0 - e) / (1.0 - HALF)
    } else {
        0.0
    }
}

/// The same beside a band of honest answers: full marks anywhere inside, else how far from its edge.
pub fn band_score(answer: f64, low: f64, high: f64) -> f64 {
    if (low..=high).contains(&answer) { 1.0 } else { log_score(answer, if answer < low { low } else { high }) }
}

/// The interval score of a range that is to hold the truth in all but a share `alpha` of cases, on
/// the log scale: its width in powers of ten, and 2 / alpha times what the truth lies outside. On
/// average it is smallest for whoever gives the range they believe.
pub fn interval_score(low: f64, high: f64, truth: f64, alpha: f64) -> f64 {
    let outside = if truth < low {
        log_ratio(truth, low)
    } else if truth > high {
        log_ratio(truth, high)
    } else {
        0.0
    };
    log_ratio(low, high) + 2.0 / alpha * outside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_guess_scores_as_the_figure_notes_say() {
        // voice note, checklist: 32 for 50 scores .93, 36 for 100 scores .56, 38 for 200 scores .27.
        let scores: Vec<String> =
            [(32.0, 50.0), (36.0, 100.0), (38.0, 200.0)].map(|(guess, truth)| format!("{:.2}", log_score(guess, truth))).into();
        assert_eq!(scores, ["0.93", "0.56", "0.27"]);
    }

    #[test]
    fn the_scale_has_the_corners_of_the_note() {
        // e = .15, .48 and 1: full marks, half, none (learning note 4.2).
        let at = |e: f64| log_score(libm::pow(10.0, e), 1.0);
        assert_eq!(at(0.15 - 1e-12), 1.0);
        assert!((at(0.48) - 0.5).abs() < 1e-9);
        assert!(at(1.0 - 1e-9) < 1e-8 && at(1.0) < 1e-12);
        assert!((at(0.315) - 0.75).abs() < 1e-9 && (at(0.74) - 0.25).abs() < 1e-9, "linear between them");
    }

    #[test]
    fn a_band_has_full_marks_inside_and_its_edge_outside() {
        assert_eq!([band_score(20.0, 20.0, 80.0), band_score(50.0, 20.0, 80.0), band_score(80.0, 20.0, 80.0)], [1.0; 3]);
        assert_eq!(band_score(240.0, 20.0, 80.0), log_score(3.0, 1.0));
        assert_eq!(band_score(2.0, 20.0, 80.0), 0.0);
    }

    /// What a range costs on average if the truth is spread evenly over these powers of ten.
    fn mean_score(low: f64, high: f64) -> f64 {
        let truths = (0..1000).map(|i| libm::pow(10.0, f64::from(i) / 1000.0));
        truths.map(|truth| interval_score(low, high, truth, 0.2)).sum::<f64>() / 1000.0
    }

    #[test]
    fn the_honest_range_scores_best() {
        // The truth is as likely anywhere between 1 and 10: the middle four fifths are the honest range.
        let honest = mean_score(libm::pow(10.0, 0.1), libm::pow(10.0, 0.9));
        for (low, high) in [(0.0, 1.0), (0.2, 0.8), (0.4, 0.6), (0.1, 0.7), (-0.5, 1.5)] {
            let other = mean_score(libm::pow(10.0, low), libm::pow(10.0, high));
            assert!(other > honest, "{low} to {high} costs {other}, the honest range {honest}");
        }
    }

    #[test]
    fn the_scale_is_symmetric_and_bounded() {
        assert_eq!(log_score(10.0, 10.0), 1.0);
        assert_eq!(log_score(100.0, 10.0), 0.0);
        assert!((log_score(30.0, 10.0) - log_score(10.0, 30.0)).abs() < 1e-12);
        assert_eq!(log_score(-1.0, 10.0), 0.0);
        assert_eq!(log_score(f64::NAN, 10.0), 0.0);
    }
}
