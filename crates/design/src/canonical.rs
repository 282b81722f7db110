//! The canonical bytes of a JSON value (RFC 8785), which digests are taken of: no space, keys in
//! the order of their UTF-16 code units, texts and numbers as ECMAScript writes them. Nothing is
//! read here.
//!
//! Certificates use a library for this. It brings tables of its own for printing numbers, and
//! every reader of a lesson would download them with the engine, which has the digits of the
//! standard library already.

use sorted::BTreeMap;

use serde_json::{Map, Number, Value as Json};

pub(crate) fn canonical(value: &Json) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Json, out: &mut String) {
    match value {
        Json::Number(value) => number(value, out),
        Json::Array(list) => {
            out.push('[');
            separated(list, out, write);
            out.push(']');
        }
        Json::Object(map) => object(map, out),
        // The escapes of serde_json are those of ECMAScript.
        Json::Null | Json::Bool(_) | Json::String(_) => out.push_str(&value.to_string()),
    }
}

fn object(map: &Map<String, Json>, out: &mut String) {
    let mut entries = BTreeMap::new();
    for (key, value) in map {
        entries.insert(key.encode_utf16().collect::<Vec<_>>(), (key, value));
    }
    out.push('{');
    separated(entries.into_values(), out, |(key, value), out| {
        out.push_str(&Json::from(key.as_str()).to_string());
        out.push(':');
        write(value, out);
    });
    out.push('}');
}

fn separated<T>(items: impl IntoIterator<Item = T>, out: &mut String, write: impl Fn(T, &mut String)) {
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(item, out);
    }
}

/// Every number is a double there, so an integer beyond 2^53 loses its last digits.
fn number(number: &Number, out: &mut String) {
    let value = number.as_f64().expect("a JSON number is an integer of 64 bits or a finite double");
    if value < 0.0 {
        out.push('-');
    }
    let shortest = shortest(value.abs());
    let (digits, power) = shortest.split_once('e').expect("a finite double is printed with its power of ten");
    let power: i32 = power.parse().expect("the power of ten is an integer");
    place(&digits.replace('.', ""), power, out);
}

/// The shortest digits that mean this double, with one before the point: "1.25e-7". Of two that
/// are equally near, ECMAScript takes the even one and the standard library the greater one.
fn shortest(value: f64) -> String {
    let found = format!("{value:e}");
    let (digits, power) = found.split_once('e').expect("a finite double is printed with its power of ten");
    let (before, last) = digits.split_at(digits.len() - 1);
    let last = last.as_bytes()[0];
    if last.is_multiple_of(2) {
        return found;
    }
    let lower = format!("{before}{}", char::from(last - 1));
    let half = if before.is_empty() { format!("{lower}.5") } else { format!("{lower}5") };
    let lower = format!("{lower}e{power}");
    // No double has more digits than this, so that nothing is rounded.
    let exact = format!("{value:.767e}");
    let is_halfway = exact.split_once('e').is_some_and(|(exact, exact_power)| {
        exact_power == power && exact.strip_prefix(&half).is_some_and(|rest| rest.bytes().all(|digit| digit == b'0'))
    });
    if is_halfway && units::float(&lower) == Some(value) { lower } else { found }
}

/// `digits` with the point after the first of them, times 10^`power`, as `Number::toString` of
/// ECMA-262 puts it: a power of ten only from 10^21 up and from 10^-7 down.
fn place(digits: &str, power: i32, out: &mut String) {
    let (first, rest) = digits.split_at(1);
    match usize::try_from(power) {
        Ok(whole @ 0..21) if whole >= rest.len() => {
            out.push_str(digits);
            out.push_str(&"0".repeat(whole - rest.len()));
        }
        Ok(whole @ 0..21) => {
            let (whole, fraction) = digits.split_at(whole + 1);
            out.push_str(&format!("{whole}.{fraction}"));
        }
        Err(_) if power > -7 => {
            let zeros = "0".repeat(power.unsigned_abs() as usize - 1);
            out.push_str(&format!("0.{zeros}{digits}"));
        }
        _ => {
            let point = if rest.is_empty() { "" } else { "." };
            out.push_str(&format!("{first}{point}{rest}e{power:+}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(value: &Json) {
        assert_eq!(canonical(value), serde_json_canonicalizer::to_string(value).unwrap());
    }

    #[test]
    fn numbers_at_the_edges_of_their_notations_are_those_of_the_library() {
        check(&json!([0, -0.0, 1, -1, u64::MAX, i64::MIN, (1u64 << 53) + 1, f64::MAX, f64::MIN_POSITIVE, 5e-324]));
        check(&json!([1373811601167250.0 + 0.25, 1373811601167250.0 + 0.75, 0.5, 1.5, 9007199254740993.0]));
        check(&json!([1e20, 1e21, 123456789012345680000.0, 1.5e21, 1e-6, 1.25e-6, 1e-7, 1.25e-7, 0.1, 12.5, -100.25]));
    }

    #[test]
    fn keys_are_in_the_order_of_utf_16_and_not_of_their_bytes() {
        let value = json!({ "\u{ffff}": 1, "\u{10000}": 2, "a": 3, "": 4 });
        assert_eq!(canonical(&value), "{\"\":4,\"a\":3,\"\u{10000}\":2,\"\u{ffff}\":1}");
        check(&value);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_value_has_the_bytes_of_the_library(value in values()) {
            check(&value);
        }

        #[test]
        fn every_double_has_the_digits_of_the_library(bits in any::<u64>()) {
            check(&json!(f64::from_bits(bits)));
        }

        /// Where many have two shortest forms that are equally near.
        #[test]
        fn doubles_with_few_binary_places_have_the_digits_of_the_library(bits in 1u64 << 45..1 << 53, places in 0..12u32) {
            check(&json!(bits as f64 / f64::from(1 << places)));
        }
    }

    fn values() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<u64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            (-1_000_000..1_000_000i32, -12..24i32).prop_map(|(digits, power)| json!(format!("{digits}e{power}").parse::<f64>().unwrap())),
            any::<String>().prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..6).prop_map(Json::from),
                btree_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect())
            ]
        })
    }
}
