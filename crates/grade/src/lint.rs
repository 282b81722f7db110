//! The rules of item writing that show only over many items: where the right option stands, and
//! whether its length gives it away (learning note 4.1). The words of one item are looked at when
//! the pack is read, in `course`.

use std::collections::BTreeMap;

use course::{Course, Form, Item, OptionText, Problem, Severity};

/// With fewer items shares say nothing.
const FEWEST: usize = 20;
/// How far the rate at which the longest option is right may be from chance.
const LENGTH_BAND: f64 = 0.10;
/// The 95 % quantiles of chi-square with 1 to 5 degrees of freedom.
const CHI_SQUARE: [f64; 5] = [3.841, 5.991, 7.815, 9.488, 11.070];

/// The words of feedback: fewer say nothing, more are not read.
const WORDS: std::ops::RangeInclusive<usize> = 15..=45;

/// What is wrong with the bank as a whole, and with the length of what it says.
pub fn check_lint(course: &Course) -> Vec<Problem> {
    let choices: Vec<Choice> = course.items.values().filter_map(|item| Choice::of(course, item)).collect();
    let mut problems = Vec::new();
    problems.extend(length(&choices));
    problems.extend(positions(&choices));
    problems.extend(course.items.values().flat_map(|item| feedback(course, item)));
    problems
}

/// A choice as somebody sees it who knows nothing.
struct Choice {
    options: usize,
    /// The place of the right option.
    right: usize,
    longest: bool,
}

impl Choice {
    fn of(course: &Course, item: &Item) -> Option<Self> {
        let Form::Choice { options } = &item.form else { return None };
        let right = options.iter().position(|option| option.right)?;
        let vars = item.vars(0);
        let length = |option: &OptionText| course.item_plain(item, &option.text, &vars).chars().count();
        let of_right = length(&options[right]);
        let longest = options.iter().enumerate().all(|(at, option)| at == right || length(option) < of_right);
        Some(Self { options: options.len(), right, longest })
    }
}

fn problem(message: String, suggestion: &str) -> Problem {
    Problem { file: "(all items)".into(), line: 0, severity: Severity::Error, message, suggestion: Some(suggestion.into()) }
}

/// The longest option is neither the one to take nor the one to leave out.
fn length(choices: &[Choice]) -> Option<Problem> {
    if choices.len() < FEWEST {
        return None;
    }
    let count = choices.len() as f64;
    let longest = choices.iter().filter(|choice| choice.longest).count();
    let rate = longest as f64 / count;
    let chance = choices.iter().map(|choice| 1.0 / choice.options as f64).sum::<f64>() / count;
    let told = format!(
        "In {longest} of {} choice items the right option is the longest ({:.0} %; chance is {:.0} %).",
        choices.len(),
        rate * 100.0,
        chance * 100.0
    );
    if rate > chance + LENGTH_BAND {
        return Some(problem(told, "Shorten right options or lengthen wrong ones."));
    }
    (rate < chance - LENGTH_BAND)
        .then(|| problem(told, "Whoever leaves out the longest has one less to choose from; let it be right more often."))
}

/// The right option stands in every place as often as chance would have it, among items with as
/// many options.
fn positions(choices: &[Choice]) -> Vec<Problem> {
    let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for choice in choices {
        places.entry(choice.options).or_insert_with(|| vec![0; choice.options])[choice.right] += 1;
    }
    let uneven = |(options, counts): (usize, Vec<usize>)| {
        let total: usize = counts.iter().sum();
        let expected = total as f64 / options.max(1) as f64;
        let chi = counts.iter().map(|count| (*count as f64 - expected) * (*count as f64 - expected) / expected).sum::<f64>();
        let most = *CHI_SQUARE.get(options.checked_sub(2)?)?;
        let shown: Vec<String> = counts.iter().map(ToString::to_string).collect();
        (total >= FEWEST && chi > most).then(|| {
            problem(
                format!(
                    "Of {total} items with {options} options the right one stands in the places from the first on {} times: chi-square {chi:.1}, and {most} is what chance allows.",
                    shown.join(", ")
                ),
                "Move some right options to other places.",
            )
        })
    };
    places.into_iter().filter_map(uneven).collect()
}

fn feedback(course: &Course, item: &Item) -> Vec<Problem> {
    let (Form::Choice { options } | Form::Several { options }) = &item.form else { return Vec::new() };
    let vars = item.vars(0);
    let words = |option: &OptionText| course.item_plain(item, &option.say, &vars).split_whitespace().count();
    let odd = options.iter().map(words).enumerate().filter(|(_, words)| !WORDS.contains(words));
    let told = |(at, words)| Problem {
        file: item.file.clone(),
        line: item.line,
        ..problem(
            format!("The feedback of option {} of {} has {words} words.", at + 1, item.id),
            "Say what is right in it and what breaks it, in 15 to 45 words.",
        )
    };
    odd.map(told).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    /// Items with the right option in these places, every `n`th of them the longest.
    fn bank(places: &[usize], longest: usize) -> Vec<Choice> {
        places.iter().enumerate().map(|(at, right)| Choice { options: 4, right: *right, longest: at < longest }).collect()
    }

    fn told(choices: &[Choice]) -> String {
        length(choices).into_iter().chain(positions(choices)).map(|problem| problem.to_string()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_even_bank_passes() {
        let even: Vec<usize> = (0..40).map(|at| at % 4).collect();
        expect![""].assert_eq(&told(&bank(&even, 10)));
    }

    #[test]
    fn what_gives_the_answer_away_over_many_items_is_told() {
        let even: Vec<usize> = (0..40).map(|at| at % 4).collect();
        let uneven: Vec<usize> = (0..40).map(|at| if at < 12 { 1 } else { at % 4 }).collect();
        expect![[r#"
            (all items): In 15 of 40 choice items the right option is the longest (38 %; chance is 25 %). Shorten right options or lengthen wrong ones.
            (all items): In 2 of 40 choice items the right option is the longest (5 %; chance is 25 %). Whoever leaves out the longest has one less to choose from; let it be right more often.
            (all items): Of 40 items with 4 options the right one stands in the places from the first on 7, 19, 7, 7 times: chi-square 10.8, and 7.815 is what chance allows. Move some right options to other places."#]]
        .assert_eq(&[told(&bank(&even, 15)), told(&bank(&even, 2)), told(&bank(&uneven, 10))].join("\n"));
    }
}
