//! Expected values and their bands: text in, verdict out.

use expect_test::{Expect, expect};
use fidelity::{Expected, Form, Measured};
use units::Quantity;

/// What becomes of measured values in the full form; in the quick one.
fn judged(expected: &str, measured: &[&str], wanted: Expect) {
    let expected = Expected::parse(expected).expect("a band");
    let told = measured.iter().map(|text| {
        let value = Quantity::parse(text).map_or_else(|_| Measured::Word((*text).into()), Measured::Quantity);
        let verdicts = [Form::Full, Form::Quick].map(|form| {
            let judgement = expected.judge(&value, form);
            let verdict = if judgement.holds { "good" } else { "off" };
            format!("{verdict} {} [{}] of [{}]", judgement.measured, judgement.error, judgement.tolerance)
        });
        format!("{text}: {}\n", verdicts.join("; "))
    });
    wanted.assert_eq(&told.collect::<String>());
}

#[test]
fn a_band_in_per_cent_is_a_part_of_the_value() {
    judged(
        "50 ms +- 2 %",
        &["50 ms", "51 ms", "0.0511 s", "46.1 ms", "60 ms"],
        expect![[r#"
        50 ms: good 50 ms [+0.00 %] of [2 %]; good 50 ms [+0.00 %] of [8 %]
        51 ms: good 51 ms [+2.00 %] of [2 %]; good 51 ms [+2.00 %] of [8 %]
        0.0511 s: off 51.1 ms [+2.20 %] of [2 %]; good 51.1 ms [+2.20 %] of [8 %]
        46.1 ms: off 46.1 ms [-7.80 %] of [2 %]; good 46.1 ms [-7.80 %] of [8 %]
        60 ms: off 60 ms [+20.00 %] of [2 %]; off 60 ms [+20.00 %] of [8 %]
    "#]],
    );
    judged(
        "80 % +- 0.5 %",
        &["80.4 %", "0.805", "81.5 %"],
        expect![[r#"
        80.4 %: good 80.4 % [+0.50 %] of [0.5 %]; good 80.4 % [+0.50 %] of [2 %]
        0.805: off 80.5 % [+0.63 %] of [0.5 %]; good 80.5 % [+0.63 %] of [2 %]
        81.5 %: off 81.5 % [+1.88 %] of [0.5 %]; good 81.5 % [+1.88 %] of [2 %]
    "#]],
    );
}

#[test]
fn a_band_with_a_unit_is_a_difference() {
    judged(
        "0.00187 +- 0.0005",
        &["0.0023", "0.0024", "0"],
        expect![[r#"
        0.0023: good 0.0023 [+0.00043] of [0.0005]; good 0.0023 [+0.00043] of [0.002]
        0.0024: off 0.0024 [+0.00053] of [0.0005]; good 0.0024 [+0.00053] of [0.002]
        0: off 0 [-0.00187] of [0.0005]; good 0 [-0.00187] of [0.002]
    "#]],
    );
    judged(
        "9.53 ms +- 1.1 ms",
        &["10.7 ms", "8.5 ms"],
        expect![[r#"
        10.7 ms: off 10.7 ms [+1.17 ms] of [1.1 ms]; good 10.7 ms [+1.17 ms] of [4.4 ms]
        8.5 ms: good 8.5 ms [-1.03 ms] of [1.1 ms]; good 8.5 ms [-1.03 ms] of [4.4 ms]
    "#]],
    );
}

#[test]
fn bounds_and_exact_values_are_not_widened() {
    judged(
        ">= 10 s",
        &["10 s", "9.99 s"],
        expect![[r#"
        10 s: good 10 s [] of []; good 10 s [] of []
        9.99 s: off 9.99 s [] of []; off 9.99 s [] of []
    "#]],
    );
    judged(
        "<= 0",
        &["0", "1e-6"],
        expect![[r#"
        0: good 0 [] of []; good 0 [] of []
        1e-6: off 1.0000e-6 [] of []; off 1.0000e-6 [] of []
    "#]],
    );
    judged(
        "= 67",
        &["67", "66"],
        expect![[r#"
        67: good 67 [] of []; good 67 [] of []
        66: off 66 [] of []; off 66 [] of []
    "#]],
    );
    judged(
        "= 100 %",
        &["1", "99.9 %"],
        expect![[r#"
        1: good 100 % [] of []; good 100 % [] of []
        99.9 %: off 99.9 % [] of []; off 99.9 % [] of []
    "#]],
    );
}

#[test]
fn words_are_the_same_or_not() {
    judged(
        "never",
        &["never", "5 s"],
        expect![[r#"
        never: good never [] of []; good never [] of []
        5 s: off 5 s [] of []; off 5 s [] of []
    "#]],
    );
    judged(
        "5 s +- 10 %",
        &["never"],
        expect![[r#"
        never: off never [] of []; off never [] of []
    "#]],
    );
}

#[test]
fn quantities_of_another_kind_are_off() {
    judged(
        "50 ms +- 2 %",
        &["50", "20/s"],
        expect![[r#"
        50: off 50, a plain number and not a time [] of []; off 50, a plain number and not a time [] of []
        20/s: off 20/s, a rate and not a time [] of []; off 20/s, a rate and not a time [] of []
    "#]],
    );
}

#[test]
fn what_is_no_band_is_explained() {
    let texts = ["50 ms", "50 ms +- 0 %", "0 +- 2 %", "50 ms +- 3", "+- 2 %", "", ">= ", "5 fortnights/parsec/ +- x"];
    let told = texts.map(|text| match Expected::parse(text) {
        Ok(_) => format!("“{text}”: fine\n"),
        Err(problem) => format!("“{text}”: {problem}\n"),
    });
    expect![[r#"
        “50 ms”: “50 ms” has no band. Write “50 ms +- 2 %”, “>= 10”, “<= 5 s”, “= 67” or “never”.
        “50 ms +- 0 %”: “0 %” is no band. Write how far off it may be, as in “+- 2 %”.
        “0 +- 2 %”: A part of nothing is nothing. Write the band as a value, or “<= 0”.
        “50 ms +- 3”: The value is a time and the band a plain number. Write both in units of the same kind, or the band in per cent.
        “+- 2 %”: There is no number here.
        “”: “” has no band. Write “50 ms +- 2 %”, “>= 10”, “<= 5 s”, “= 67” or “never”.
        “>= ”: There is no number here.
        “5 fortnights/parsec/ +- x”: There is no number here.
    "#]]
    .assert_eq(&told.concat());
}
