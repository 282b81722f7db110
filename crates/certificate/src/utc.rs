//! A moment as a certificate writes it: RFC 3339 in UTC, to the second, in one spelling. No clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// "2026-11-22T10:00:00Z", and no other spelling; so the order of the texts is the order of time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utc(String);

impl Utc {
    /// From milliseconds since 1970-01-01 UTC, rounded down to the second and clamped to the
    /// years 1970 to 9999.
    pub fn from_unix_ms(ms: i64) -> Self {
        const LAST_SECOND: i64 = 253_402_300_799;
        let seconds = ms.div_euclid(1000).clamp(0, LAST_SECOND);
        let (day, second) = (seconds / 86_400, seconds % 86_400);
        let (year, month, date) = civil(day);
        let (hour, minute) = (second / 3600, second / 60 % 60);
        Self(format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{:02}Z", second % 60))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day alone: "2026-11-22".
    pub fn date(&self) -> &str {
        &self.0[..10]
    }
}

impl FromStr for Utc {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "a time is written like 2026-11-22T10:00:00Z";
        let shape = b"dddd-dd-ddTdd:dd:ddZ";
        let fits = text.len() == shape.len()
            && text.bytes().zip(shape).all(|(byte, &want)| match want {
                b'd' => byte.is_ascii_digit(),
                _ => byte == want,
            });
        if !fits {
            return Err(SHAPE);
        }
        let part = |from: usize, to: usize| text[from..to].parse::<u32>().map_err(|_| SHAPE);
        let (year, month, date) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        let in_range = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&date)
            && part(11, 13)? < 24
            && part(14, 16)? < 60
            && part(17, 19)? < 60;
        if in_range { Ok(Self(text.to_string())) } else { Err("there is no such time in the calendar") }
    }
}

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Year, month and day of the `day`-th day after 1970-01-01 (Howard Hinnant's `civil_from_days`:
/// years are counted from March, so that the leap day comes last).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let date = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, date)
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_moments_are_written_in_the_calendar() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1970-01-01T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_000_000_000_999, "2001-09-09T01:46:40Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (i64::MIN, "1970-01-01T00:00:00Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Utc::from_unix_ms(ms).as_str(), text);
        }
    }

    #[test]
    fn a_time_has_one_spelling_and_must_exist() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T10:00:00",
            "2026-11-22 10:00:00Z",
            "2026-11-22T10:00:00.0Z",
            "2026-11-22T10:00:00+00:00",
            "2026-11-22t10:00:00z",
            "2026-02-29T10:00:00Z",
            "1900-02-29T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-00-01T10:00:00Z",
            "2026-01-00T10:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T10:60:00Z",
            "2026-01-01T10:00:60Z",
            "２０26-01-01T10:00Z",
        ] {
            assert!(text.parse::<Utc>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn moments_keep_their_order_and_read_back(a in 0i64..253_402_300_800, b in 0i64..253_402_300_800) {
            let (ta, tb) = (Utc::from_unix_ms(a * 1000), Utc::from_unix_ms(b * 1000));
            prop_assert_eq!(ta.cmp(&tb), a.cmp(&b));
            prop_assert_eq!(ta.as_str().parse::<Utc>(), Ok(ta.clone()));
        }
    }
}
