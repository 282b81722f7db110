//! Small words for sentences that learners read: numbers up to twelve, quotation marks, plurals.

pub(crate) fn number(n: u32) -> String {
    const WORDS: [&str; 13] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(n as usize).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// "one answer", "two answers".
pub(crate) fn counted(n: u32, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(n))
}

pub(crate) fn quoted(name: &str) -> String {
    format!("“{name}”")
}

/// With its first letter large.
pub(crate) fn opening(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "62%"; nothing is ever beyond doubt, so never "100%" and never "0%".
pub fn percent(p: f64) -> String {
    match libm::round(p * 100.0) {
        100.0.. => "over 99%".into(),
        whole if whole < 1.0 => "under 1%".into(),
        whole => format!("{whole}%"),
    }
}
