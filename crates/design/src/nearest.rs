//! Which known word a mistyped one was probably meant to be.

/// So many names are looked at: a longer list takes longer than the question is worth.
const KNOWN_MAX: usize = 1_000;

/// "Did you mean `workers`?", or nothing where no word is near.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    question(written, &mut known.into_iter())
}

/// Not for every kind of iterator anew: each would be downloaded with the engine.
#[inline(never)]
fn question(written: &str, known: &mut dyn Iterator<Item = &str>) -> Option<String> {
    nearest(written, known).map(|word| format!("Did you mean “{word}”?"))
}

/// The nearest word: at most a third of the letters differ. The first of equals wins.
fn nearest<'a>(written: &str, known: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    // Beyond this length nothing here is a word, and the distance takes quadratic time.
    if written.len() > 80 {
        return None;
    }
    let written = written.to_ascii_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    let distances =
        known.take(KNOWN_MAX).filter(|word| word.len() <= 80).map(|word| (distance(&written, &word.to_ascii_lowercase()), word));
    distances.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Letters to add, drop, change or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        rows[i][0] = i;
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}
