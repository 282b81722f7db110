//! What texts mean, how values are written, and what is asked back. Tables first, then laws
//! over generated values; arithmetic with units is tested in `napkin`.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use units::{Bytes, Count, Duration, Money, Quantity, Rate, Share, UnitProblem, parse_number, significant};

fn check<T: FromStr<Err = UnitProblem> + Display>(texts: &[&str], expected: Expect) {
    let line = |text: &&str| match text.parse::<T>() {
        Ok(value) => format!("{text} => {value}\n"),
        Err(problem) => format!("{text} => ! {problem}\n"),
    };
    expected.assert_eq(&texts.iter().map(line).collect::<String>());
}

fn check_quantities(texts: &[&str], expected: Expect) {
    let line = |text: &&str| match Quantity::parse(text) {
        Ok(quantity) => format!("{text} => {quantity}\n"),
        Err(problem) => format!("{text} => ! {problem}\n"),
    };
    expected.assert_eq(&texts.iter().map(line).collect::<String>());
}

#[test]
fn durations_are_read_and_written_in_the_plainest_unit() {
    check::<Duration>(
        &[
            "5 ms",
            "5ms",
            " 1.5 s ",
            "90 s",
            "120 s",
            "0.25 us",
            "24 h",
            "1_000 ms",
            "1.5e3 ms",
            "0 s",
            "1500 us",
            "18446744073709551615 ns",
        ],
        expect![[r#"
            5 ms => 5 ms
            5ms => 5 ms
             1.5 s  => 1.5 s
            90 s => 90 s
            120 s => 2 min
            0.25 us => 250 ns
            24 h => 1 d
            1_000 ms => 1 s
            1.5e3 ms => 1.5 s
            0 s => 0 s
            1500 us => 1.5 ms
            18446744073709551615 ns => 18446744073709551615 ns
        "#]],
    );
}

#[test]
fn a_wrong_duration_is_told_what_to_write() {
    check::<Duration>(
        &[
            "",
            "ms",
            "5",
            "5 MS",
            "5 parsecs",
            "5 MB",
            "$5",
            "$5 ms",
            "-5 ms",
            "1,200 ms",
            "1,5 s",
            "0.1 ns",
            "600 years",
            "1e99 s",
            "5 5 ms",
            "1.2.3 s",
        ],
        expect![[r#"
             => ! “” does not begin with a number. Write it as in “5 ms”.
            ms => ! “ms” does not begin with a number. Write it as in “5 ms”.
            5 => ! “5” has no unit. Write it as in “5 ms”.
            5 MS => ! “MS” is not a unit known here. Did you mean “ms”?
            5 parsecs => ! “parsecs” is not a unit known here. Write it as in “5 ms”.
            5 MB => ! “5 MB” is an amount of data, but a time is needed. Write it as in “5 ms”.
            $5 => ! “$5” is an amount of money, but a time is needed. Write it as in “5 ms”.
            $5 ms => ! “$5 ms” is an amount of money with a second unit, but a time is needed. Write it as in “5 ms”.
            -5 ms => ! “-5 ms” is negative; only zero or more makes sense here.
            1,200 ms => ! Did you mean 1200 or 1.200 by “1,200”? Write the digits without separators and with a point.
            1,5 s => ! Did you mean 1.5 by “1,5”? Write the digits without separators and with a point.
            0.1 ns => ! “0.1 ns” is smaller than can be held. Check the unit.
            600 years => ! “600 years” is larger than can be held. Check the power of ten.
            1e99 s => ! “1e99 s” is larger than can be held. Check the power of ten.
            5 5 ms => ! Did you mean 55 by “5 5”? Write the digits without separators and with a point.
            1.2.3 s => ! “1.2.3” is not a number. Write it as in 1200, 0.5 or 5e6.
        "#]],
    );
}

#[test]
fn rates_say_per_what() {
    check::<Rate>(
        &[
            "1200/s",
            "1200 requests/s",
            "5/min",
            "0.5/h",
            "90 / s",
            "90",
            "90/x",
            "5 MB/s",
            "$5/s",
            "5/s/s",
            "-1/s",
            "5k/s",
            "1/year",
            "1e-9/year",
        ],
        expect![[r#"
            1200/s => 1200/s
            1200 requests/s => 1200/s
            5/min => 0.083333333/s
            0.5/h => 0.000138889/s
            90 / s => 90/s
            90 => ! “90” is not a rate: it does not say per what. Write it as in “1200/s”.
            90/x => ! “90/x” is not a rate: “x” is not a unit of time. Write it as in “1200/s”.
            5 MB/s => ! “5 MB/s” is not a rate: “MB” cannot be counted. Write it as in “1200/s”.
            $5/s => ! “$5/s” does not begin with a number. Write it as in “1200/s”.
            5/s/s => ! “5/s/s” is not a rate: “/s” cannot be counted. Write it as in “1200/s”.
            -1/s => ! “-1/s” is negative; only zero or more makes sense here.
            5k/s => ! “5k/s” is not a rate: “k” cannot be counted. Write it as in “1200/s”.
            1/year => 0.000000032/s
            1e-9/year => ! “1e-9/year” is smaller than can be held. Check the unit.
        "#]],
    );
}

#[test]
fn data_is_written_in_whichever_base_needs_fewer_digits() {
    check::<Bytes>(
        &[
            "64 KiB",
            "64 kB",
            "1 TB",
            "10 GB",
            "1 GiB",
            "100 Mbit",
            "1500 B",
            "1 B",
            "0 B",
            "2 kb",
            "12 PiB",
            "1 bit",
            "18446744073709551615 B",
        ],
        expect![[r#"
            64 KiB => 64 KiB
            64 kB => 64 kB
            1 TB => 1 TB
            10 GB => 10 GB
            1 GiB => 1 GiB
            100 Mbit => 12.5 MB
            1500 B => 1.5 kB
            1 B => 1 B
            0 B => 0 B
            2 kb => ! “kb” is not a unit known here. Did you mean “kB” (bytes) or “kbit” (bits)?
            12 PiB => 12288 TiB
            1 bit => ! “1 bit” is smaller than can be held. Check the unit.
            18446744073709551615 B => 18446744073709551615 B
        "#]],
    );
}

#[test]
fn shares_money_and_counts_are_exact_or_refused() {
    check::<Share>(
        &["80 %", "0.8", "80%", "1", "99.95 %", "0.0000001 %", "1e-12", "-1 %", "5 ms"],
        expect![[r#"
        80 % => 80 %
        0.8 => 80 %
        80% => 80 %
        1 => 100 %
        99.95 % => 99.95 %
        0.0000001 % => 0.0000001 %
        1e-12 => ! “1e-12” is smaller than can be held. Check the unit.
        -1 % => ! “-1 %” is negative; only zero or more makes sense here.
        5 ms => ! “5 ms” is a time, but a plain number is needed. Write it as in “80 %”.
    "#]],
    );
    check::<Money>(
        &["400 USD", "$400", "$400 USD", "-2 USD", "0.1008 USD", "5 cents", "400", "400 EUR", "$1e30"],
        expect![[r#"
        400 USD => 400 USD
        $400 => 400 USD
        $400 USD => 400 USD
        -2 USD => -2 USD
        0.1008 USD => 0.1008 USD
        5 cents => 0.05 USD
        400 => ! “400” has no unit. Write it as in “400 USD”.
        400 EUR => ! “EUR” is not a unit known here. Write it as in “400 USD”.
        $1e30 => ! “$1e30” is larger than can be held. Check the power of ten.
    "#]],
    );
    check::<Count>(
        &["200", "50e6", "1.5e3", "1.5", "0.0001", "200 users", "1 000", "-1", "1e30"],
        expect![[r#"
        200 => 200
        50e6 => 50000000
        1.5e3 => 1500
        1.5 => ! “1.5” should be a whole number without a unit. Write it as in “200”.
        0.0001 => ! “0.0001” should be a whole number without a unit. Write it as in “200”.
        200 users => ! “200 users” should be a whole number without a unit. Write it as in “200”.
        1 000 => ! Did you mean 1000 by “1 000”? Write the digits without separators and with a point.
        -1 => ! “-1” is negative; only zero or more makes sense here.
        1e30 => ! “1e30” is larger than can be held. Check the power of ten.
    "#]],
    );
}

#[test]
fn a_number_that_can_be_read_two_ways_is_asked_about() {
    let lines =
        ["1,200", "1,200,000", "1.200,5", "1,5", "1'000", "1 000", "1\u{202f}000", "1e5e5", "1e99999999999", "1111111111111111111111"].map(
            |text| match parse_number(text) {
                Ok((number, rest)) => format!("{number:?} {rest}\n"),
                Err(problem) => format!("{problem}\n"),
            },
        );
    expect![[r#"
        Did you mean 1200 or 1.200 by “1,200”? Write the digits without separators and with a point.
        Did you mean 1200000 by “1,200,000”? Write the digits without separators and with a point.
        Did you mean 1200.5 by “1.200,5”? Write the digits without separators and with a point.
        Did you mean 1.5 by “1,5”? Write the digits without separators and with a point.
        Did you mean 1000 by “1'000”? Write the digits without separators and with a point.
        Did you mean 1000 by “1 000”? Write the digits without separators and with a point.
        Did you mean 1000 by “1 000”? Write the digits without separators and with a point.
        Decimal { mantissa: 1, exponent: 5 } e5
        This number has more digits or a larger power than can be held. Write it with a power of ten, as in 5e9.
        This number has more digits or a larger power than can be held. Write it with a power of ten, as in 5e9.
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn answers_are_read_with_their_units_and_counted_things() {
    check_quantities(
        &[
            "50 ms",
            "1200 requests/s",
            "10 million users",
            "3 Gbit/s",
            "3 Gbps",
            "1200 rps",
            "12 USD/month",
            "$5",
            "36",
            "36 cache hits",
            "80 %",
            "0 ms",
            "2 GB s",
            "1/s/s",
            "5k requests",
            "5 m",
            "5 Mb/s",
            "5 requests ms",
            "5 <b>",
            "1e400",
            "1e308 PB",
            "$5 ms",
        ],
        expect![[r#"
            50 ms => 50 ms
            1200 requests/s => 1,200/s
            10 million users => 10,000,000
            3 Gbit/s => 375 MB/s
            3 Gbps => 375 MB/s
            1200 rps => 1,200/s
            12 USD/month => 12 USD/month
            $5 => 5 USD
            36 => 36
            36 cache hits => 36
            80 % => 0.8
            0 ms => 0 s
            2 GB s => ! “GB s” is not a unit known here. Did you mean “GB”?
            1/s/s => 1/s^2
            5k requests => ! “k requests” is not a unit known here. Write the number out, as in “5 thousand”, “5 million” or 5e9.
            5 m => ! “m” is not a unit known here. Write the number out, as in “5 thousand”, “5 million” or 5e9.
            5 Mb/s => ! “Mb” is not a unit known here. Did you mean “MB” (bytes) or “Mbit” (bits)?
            5 requests ms => ! “requests ms” is not a unit known here. Did you mean “ms”?
            5 <b> => ! “<b>” is not a unit known here.
            1e400 => ! “1e400” is larger than can be held.
            1e308 PB => ! “1e308 PB” is larger than can be held.
            $5 ms => 0.005 s·USD
        "#]],
    );
}

#[test]
fn measures_are_shown_with_three_significant_digits() {
    let shown = [0.0, 0.5, 1.0, 1024.0, 1234.4, 12_345.0, 999_600.0, 0.001234, 99.96, 1e20, 1e-9, -1234.5, f64::INFINITY].map(significant);
    expect!["0 | 0.5 | 1 | 1,024 | 1,230 | 12,300 | 1,000,000 | 0.00123 | 100 | 1.00e20 | 1.00e-9 | -1,230 | inf"]
        .assert_eq(&shown.join(" | "));
    let times =
        [90.0, 119.0, 120.0, 7200.0, 172_800.0, 0.9996, 0.05, 5e-7, 1e-10].map(|s| Quantity::new(s, units::Dimension::TIME).to_string());
    expect!["90 s | 119 s | 2 min | 2 h | 2 d | 1 s | 50 ms | 500 ns | 0.1 ns"].assert_eq(&times.join(" | "));
    expect!["99.9 %"].assert_eq(&Quantity::plain(0.999).percent());
}

fn reads_itself<T: FromStr<Err = UnitProblem> + Display + PartialEq + Debug>(value: T) -> Result<(), TestCaseError> {
    let text = value.to_string();
    prop_assert_eq!(text.parse::<T>().map_err(|problem| TestCaseError::fail(format!("{text}: {problem}")))?, value);
    Ok(())
}

/// Mostly round values, as people write them; sometimes any.
fn bases() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (0u64..1000, 0u32..17).prop_map(|(n, power)| n * 10u64.pow(power)),
        (0u64..1000, 0u32..50).prop_map(|(n, power)| n << power)
    ]
}

proptest! {
    #[test]
    fn every_exact_value_reads_what_it_writes(base in bases(), money in any::<i64>()) {
        reads_itself(Duration(base))?;
        reads_itself(Rate(base))?;
        reads_itself(Bytes(base))?;
        reads_itself(Share(base))?;
        reads_itself(Count(base))?;
        reads_itself(Money(money))?;
    }

    #[test]
    fn any_text_gets_an_answer_of_bounded_length(text in "\\PC{0,200}|[0-9eE.,_+\\- $%/a-zµ]{0,40}|[0-9]{1,80}(e[0-9]{1,5})? ?(s|years|PiB|cents|bits)(/s){0,200}") {
        let answers = [
            text.parse::<Duration>().map(|value| value.to_string()),
            text.parse::<Rate>().map(|value| value.to_string()),
            text.parse::<Bytes>().map(|value| value.to_string()),
            text.parse::<Share>().map(|value| value.to_string()),
            text.parse::<Money>().map(|value| value.to_string()),
            text.parse::<Count>().map(|value| value.to_string()),
            Quantity::parse(&text).map(|value| value.to_string()),
        ];
        for answer in answers {
            let shown = answer.unwrap_or_else(|problem| problem.to_string());
            prop_assert!(shown.chars().count() < 500, "{}", shown);
        }
    }

    #[test]
    fn an_exact_duration_and_its_quantity_agree(base in 1u64..1 << 50) {
        let exact = Duration(base);
        let measured = Quantity::parse(&exact.to_string()).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        prop_assert!((measured.value - exact.as_secs_f64()).abs() <= exact.as_secs_f64() * 1e-15);
    }
}
