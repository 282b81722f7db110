//! Short answers: which of the required ideas a text shows.
//!
//! A phrase counts when its words appear in order, close together, each as the beginning of a
//! word. That is coarse and said to be so on the page; it never decides a certificate alone.

use course::Idea;

/// The most that is read of a written answer [characters].
const MAX_TEXT: usize = 4_000;
/// Words that may stand between the words of a phrase.
const GAP: usize = 3;

/// For each idea, whether the text shows it.
pub(crate) fn ideas_shown(text: &str, ideas: &[Idea]) -> Vec<bool> {
    let words = words(text);
    ideas.iter().map(|idea| idea.any.iter().any(|phrase| shows(&words, &self::words(phrase)))).collect()
}

pub(crate) fn has_number(text: &str) -> bool {
    text.chars().take(MAX_TEXT).any(|c| c.is_ascii_digit())
}

pub(crate) fn word_count(text: &str) -> usize {
    words(text).len()
}

fn words(text: &str) -> Vec<String> {
    text.chars()
        .take(MAX_TEXT)
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .split(|c: char| !(c.is_alphanumeric() || c == '%' || c == '.'))
        .map(|word| word.trim_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn shows(words: &[String], phrase: &[String]) -> bool {
    let Some((first, rest)) = phrase.split_first() else { return false };
    words.iter().enumerate().filter(|(_, word)| word.starts_with(first.as_str())).any(|(at, _)| {
        let mut from = at + 1;
        rest.iter().all(|wanted| {
            let window = &words[from.min(words.len())..(from + GAP + 1).min(words.len())];
            match window.iter().position(|word| word.starts_with(wanted.as_str())) {
                Some(found) => {
                    from += found + 1;
                    true
                }
                None => false,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, phrases: &[&str], shown: bool) {
        let idea = Idea { name: "idea".into(), any: phrases.iter().map(|phrase| (*phrase).to_owned()).collect(), missing: String::new() };
        assert_eq!(ideas_shown(text, &[idea]), [shown], "{text}");
    }

    #[test]
    fn an_idea_is_found_by_the_beginnings_of_its_words() {
        check("Time follows the idle share.", &["idle share"], true);
        check("Because idleness is what is shared", &["idle share"], true);
        check("The share that is idle", &["idle share"], false);
        check("The share that is idle", &["idle share", "share idle"], true);
        check("", &["idle"], false);
        check("going from 80 to 90% doubled it", &["90%"], true);
    }
}
