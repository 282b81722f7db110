//! What the servers are asked to do: the sizes of the pieces of work, the texts and lists and
//! queries they become, and the keys of the chain. No server is started here.

use crate::schedule::Luck;
use crate::wire::{http, postgres, redis};

/// Sixteen sizes, equally likely, in thousandths of their mean: the means of the sixteenths of an
/// exponential distribution. Their variance is 0.93 times the square of their mean, so that waiting
/// depends on more than a mean.
pub(crate) const SIZES: [u32; 16] = [32, 99, 170, 247, 331, 422, 522, 633, 758, 902, 1_069, 1_271, 1_523, 1_863, 2_386, 3_773];

/// The name of a short piece of work that is always the same, and of the value that is only fetched.
pub(crate) const SAME: &str = "same";
pub(crate) const VALUE: &str = "value";

/// The mean text that nginx compresses \[bytes\], the mean list that Redis sorts and the mean range
/// that PostgreSQL adds up \[entries\].
const TEXT: u32 = 16_000;
const LIST: u32 = 1_800;
const RANGE: u32 = 4_000;
/// The short ones, in the same units.
const SAME_TEXT: u32 = 8_000;
const SAME_LIST: u32 = 1_500;
const SAME_RANGE: i64 = 1_200;

/// A file for each size.
pub(crate) fn texts() -> Vec<(String, String)> {
    let mut luck = Luck::new(16);
    SIZES.iter().enumerate().map(|(number, size)| (format!("{number}.txt"), text(TEXT * size / 1000, &mut luck))).collect()
}

pub(crate) fn same_text() -> (String, String) {
    (SAME.to_owned(), text(SAME_TEXT, &mut Luck::new(15)))
}

/// Words as they might stand in a page.
fn text(bytes: u32, luck: &mut Luck) -> String {
    const WORDS: [&str; 24] = [
        "request", "queue", "worker", "latency", "the", "of", "and", "a", "in", "cache", "waits", "server", "answers", "load", "is", "to",
        "second", "median", "for", "tail", "each", "while", "others", "busy",
    ];
    let mut text = String::new();
    while text.len() < bytes as usize {
        text.push_str(WORDS[luck.below(WORDS.len() as u32) as usize]);
        // Numbers between the words, or it would compress too well for a page.
        text.push_str(&format!(" {} ", luck.below(1000)));
    }
    text
}

pub(crate) fn text_requests() -> Vec<Vec<u8>> {
    (0..SIZES.len()).map(|number| http::get(&format!("/{number}.txt"))).collect()
}

/// A list of numbers for each size and a short one, pushed in pieces, and a value.
pub(crate) fn lists() -> Vec<Vec<u8>> {
    let mut luck = Luck::new(17);
    let mut commands = vec![redis::command(&["SET", VALUE, &"x".repeat(100)])];
    let sizes = SIZES.iter().enumerate().map(|(number, size)| (format!("list:{number}"), LIST * size / 1000));
    for (name, length) in sizes.chain([(SAME.to_owned(), SAME_LIST)]) {
        let numbers: Vec<String> = (0..length.max(1)).map(|_| luck.below(1_000_000).to_string()).collect();
        for piece in numbers.chunks(500) {
            let words: Vec<&str> = ["RPUSH", &name].into_iter().chain(piece.iter().map(String::as_str)).collect();
            commands.push(redis::command(&words));
        }
    }
    commands
}

/// Sorts a whole list and sends one entry of it.
pub(crate) fn sort(list: &str) -> Vec<u8> {
    redis::command(&["SORT", list, "LIMIT", "0", "1"])
}

pub(crate) fn list_requests() -> Vec<Vec<u8>> {
    (0..SIZES.len()).map(|number| sort(&format!("list:{number}"))).collect()
}

pub(crate) const SUM_BETWEEN: &str = "select sum(value) from numbers where id between $1::int and $2::int";

pub(crate) fn range_requests() -> Vec<Vec<u8>> {
    SIZES.iter().map(|size| postgres::execute(&[1, i64::from((RANGE * size / 1000).max(1))])).collect()
}

pub(crate) fn same_range() -> Vec<u8> {
    postgres::execute(&[1, SAME_RANGE])
}

/// Keys of the chain that everybody asks for, and that the cache has.
pub(crate) const POPULAR: u32 = 1_000;
/// Keys that are asked for once.
pub(crate) const FRESH: u32 = 200_000;
/// The share of requests for a popular key.
pub(crate) const HITS: f64 = 0.7;

pub(crate) fn key_requests() -> Vec<Vec<u8>> {
    (0..POPULAR + FRESH).map(|key| http::get(&format!("/{key}"))).collect()
}

pub(crate) fn get(key: u32) -> Vec<u8> {
    redis::command(&["GET", &format!("item:{key}")])
}

/// For a minute: what is asked for once is not kept for ever.
pub(crate) fn put(key: u32, value: &str) -> Vec<u8> {
    redis::command(&["SET", &format!("item:{key}"), value, "EX", "60"])
}

pub(crate) fn popular() -> impl Iterator<Item = Vec<u8>> {
    (0..POPULAR).map(|key| redis::command(&["SET", &format!("item:{key}"), "499500"]))
}

/// The query behind a key: so many rows as the size of the key says, from a place of its own.
pub(crate) fn sum_between(key: u32) -> Vec<u8> {
    let rows = i64::from((RANGE * SIZES[key as usize % SIZES.len()] / 1000).max(1));
    let from = 1 + i64::from(key) * 7919 % (crate::server::postgres::ROWS - rows);
    postgres::execute(&[from, from + rows - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_mean_and_spread_that_is_told() {
        let mean = SIZES.iter().sum::<u32>() as f64 / 16.0;
        let scv = crate::schedule::scv(SIZES.iter().map(|&size| f64::from(size)));
        assert!((mean - 1000.0).abs() < 1.0 && (scv - 0.93).abs() < 0.005, "mean {mean}, scv {scv}");
    }

    #[test]
    fn every_case_has_a_request_for_each_size() {
        let texts = texts();
        assert!(texts.iter().zip(SIZES).all(|((_, text), size)| text.len().abs_diff((TEXT * size / 1000) as usize) < 20));
        assert_eq!([text_requests().len(), list_requests().len(), range_requests().len(), texts.len()], [16; 4]);
        assert_eq!(
            String::from_utf8(list_requests().remove(3)).unwrap(),
            "*5\r\n$4\r\nSORT\r\n$6\r\nlist:3\r\n$5\r\nLIMIT\r\n$1\r\n0\r\n$1\r\n1\r\n"
        );
    }

    #[test]
    fn ranges_of_keys_lie_within_the_table() {
        let last = crate::server::postgres::ROWS;
        for key in 0..POPULAR + FRESH {
            let bytes = sum_between(key);
            let text = String::from_utf8_lossy(&bytes);
            let numbers: Vec<i64> =
                text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).filter(|&n| n > 0).collect();
            assert!(numbers.iter().all(|&number| (1..=last).contains(&number)), "{key}: {numbers:?}");
        }
    }
}
