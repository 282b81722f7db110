//! Singular and plural of counted things, so that "requests" and "request" are the same thing.
//! Regular English only; a word it gets wrong is still the same word everywhere in a sheet.

pub(crate) fn singular(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.chars().nth(1).is_some());
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    if !word.ends_with("aches") {
        for ending in ["ches", "shes", "sses", "xes"] {
            if stem(ending).is_some() {
                return word[..word.len() - 2].to_owned();
            }
        }
    }
    match stem("s") {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word,
    }
}

pub(crate) fn plural(word: &str) -> String {
    let ending = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if ending(&["s", "x", "ch", "sh"]) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// Whether one letter more, less or other makes one word of the other.
pub(crate) fn nearly(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let back = a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (left_a, left_b) = (a.len() - front - back, b.len() - front - back);
    let swapped = left_a == 2 && left_b == 2 && a[front] == b[front + 1] && a[front + 1] == b[front];
    front + back > 1 && (left_a.max(left_b) == 1 || swapped)
}
