//! Numbers as they stand in the report: counts in full, shares with as many nines as they have,
//! money with its cents, and intervals with no more digits than they deserve.

use sim::Interval;
use units::{Quantity, significant};

/// 1,234,567.
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "2.4 %", "99.987 %"; a hundred per cent is all of them and nothing less.
pub(crate) fn share(value: f64) -> String {
    if !(0.99..1.0).contains(&value) {
        return format!("{} %", significant(value * 100.0));
    }
    let decimals = (1.0 - (100.0 * (1.0 - value)).log10().floor()).clamp(0.0, 7.0) as usize;
    let text = format!("{:.decimals$}", value * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// "1,234.50 USD"; what is less than a cent with three digits.
pub(crate) fn money(dollars: f64) -> String {
    if dollars != 0.0 && dollars.abs() < 0.01 {
        return format!("{} USD", significant(dollars));
    }
    let cents = (dollars.abs() * 100.0).round();
    let sign = if dollars < 0.0 { "-" } else { "" };
    format!("{sign}{}.{:02} USD", count((cents / 100.0).floor() as u64), (cents % 100.0) as u64)
}

/// "12.34 ± 0.41 ms": the interval with two digits, the mean with as many decimals.
pub(crate) fn quantity_within(interval: Interval, dimension: units::Dimension) -> String {
    let shown = Quantity::new(interval.mean, dimension).to_string();
    let end = shown.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.' | '-'))).unwrap_or(shown.len());
    let unit = &shown[end..];
    let size = if unit.is_empty() { 1.0 } else { Quantity::parse(&format!("1{unit}")).map_or(1.0, |one| one.value) };
    within(interval.mean / size, interval.half / size, unit)
}

/// "2.40 ± 0.12 %".
pub(crate) fn share_within(interval: Interval) -> String {
    if interval.half <= interval.mean.abs() * 1e-9 {
        return share(interval.mean);
    }
    within(interval.mean * 100.0, interval.half * 100.0, " %")
}

/// "386.42 ± 0.03 USD".
pub(crate) fn money_within(dollars: Interval) -> String {
    if dollars.half >= 0.005 {
        let half = money(dollars.half);
        return format!("{} ± {half}", money(dollars.mean).trim_end_matches(" USD"));
    }
    money(dollars.mean)
}

fn within(mean: f64, half: f64, unit: &str) -> String {
    // The same in all runs.
    if half <= mean.abs() * 1e-9 {
        return format!("{}{unit}", significant(mean));
    }
    let decimals = (1.0 - half.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{} ± {half:.decimals$}{unit}", decimal(mean, decimals))
}

/// A number with so many decimals, its thousands grouped.
fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    format!("{}{whole}{rest}", if value < 0.0 { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use units::Dimension;

    use super::*;

    #[test]
    fn counts_shares_and_money_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0.0, 0.000_012, 0.024, 0.98, 0.995, 0.999_87, 0.999_999_9, 1.0, 1.5].map(share),
            ["0 %", "0.0012 %", "2.4 %", "98 %", "99.5 %", "99.987 %", "99.99999 %", "100 %", "150 %"]
        );
        assert_eq!(
            [0.0, 0.000_345_6, 0.01, 386.4, 1_234_567.891, -2.5].map(money),
            ["0.00 USD", "0.000346 USD", "0.01 USD", "386.40 USD", "1,234,567.89 USD", "-2.50 USD"]
        );
    }

    #[test]
    fn an_interval_decides_how_many_digits_are_worth_showing() {
        let within = |mean, half, dimension| quantity_within(Interval { mean, half }, dimension);
        assert_eq!(within(0.012_345_6, 0.000_412, Dimension::TIME), "12.35 ± 0.41 ms");
        assert_eq!(within(1_234.5, 12.34, Dimension::RATE), "1,234 ± 12/s");
        assert_eq!(within(0.05, 0.0, Dimension::TIME), "50 ms");
        assert_eq!(within(2.5, 130.0, Dimension::NONE), "2 ± 130");
        assert_eq!(share_within(Interval { mean: 0.8, half: 0.0123 }), "80.0 ± 1.2 %");
        assert_eq!(money_within(Interval { mean: 386.4, half: 0.3 }), "386.40 ± 0.30 USD");
        assert_eq!(money_within(Interval { mean: 386.4, half: 0.0 }), "386.40 USD");
    }
}
