//! How a lesson is shown, as the tutor decided or as the learner asked: what stands first, the line that
//! says why, and what the margin offers. Nothing is decided here.

use course::{First, Lesson, Margin, MarginKind};
use desk::Learner;
use tutor::{Shown, Way};

use crate::item::no_vars;

/// How the lesson is shown, why, and how else it can be.
pub(crate) struct WayLine {
    /// For the page's forms, so that it stays as it is while it is worked on.
    pub(crate) word: &'static str,
    pub(crate) why: String,
    pub(crate) other: &'static str,
    pub(crate) request: &'static str,
}

/// What stands first on the page of a way.
pub(crate) fn first(way: Way) -> First {
    match way {
        Way::ProblemFirst => First::Problem,
        Way::ExampleFirst => First::Example,
        Way::ExplainedAgain => First::Again,
        // The other example is none of the lesson's blocks; it is put before them.
        Way::AsWritten | Way::AnotherExample => First::Written,
    }
}

pub(crate) fn way_line(way: Way, shown: Option<Shown>) -> WayLine {
    match shown {
        Some(shown) if shown.way == way => {
            let other = way.other();
            WayLine { word: way.word(), why: shown.sentence(), other: other.word(), request: other.request() }
        }
        // As it was asked for, or as it was before the last answers.
        Some(shown) => WayLine {
            word: way.word(),
            why: format!("You have it as you asked. Otherwise: {}", shown.sentence()),
            other: shown.way.word(),
            request: shown.way.request(),
        },
        None => WayLine { word: way.word(), why: String::new(), other: Way::AsWritten.word(), request: Way::AsWritten.request() },
    }
}

/// An example that the lesson keeps for its margin; one for the learner's own tools before others.
pub(crate) fn another_example(learner: &Learner, lesson: &Lesson) -> Option<String> {
    let examples = margins_of(lesson, learner.stacks());
    examples.into_iter().find(|margin| margin.kind == MarginKind::Example).map(|margin| lesson.html(&margin.text, &no_vars()))
}

/// What a lesson has for the margin; examples for the learner's own tools, or all where none is theirs.
fn margins_of<'a>(lesson: &'a Lesson, stacks: &[String]) -> Vec<&'a Margin> {
    let own = |margin: &course::Margin| margin.stacks.is_empty() || margin.stacks.iter().any(|stack| stacks.contains(stack));
    let any_own = lesson.margins.iter().any(|margin| margin.kind == MarginKind::Example && !margin.stacks.is_empty() && own(margin));
    lesson.margins.iter().filter(|margin| margin.kind != MarginKind::Example || own(margin) || !any_own).collect()
}

/// The margin of a page; the second explanation is in it unless it is on top.
pub(crate) fn margins(lesson: &Lesson, stacks: &[String], way: Way) -> Vec<(String, String)> {
    let shown = margins_of(lesson, stacks);
    let title = |at: usize, margin: &course::Margin| {
        let name = match margin.kind {
            MarginKind::Analogy => "Another analogy",
            MarginKind::Example => "Another example",
            MarginKind::PushBack => "Push back",
        };
        // Two of a kind are told apart, also by ear.
        match (
            shown.iter().filter(|other| other.kind == margin.kind).count(),
            shown[..=at].iter().filter(|other| other.kind == margin.kind).count(),
        ) {
            (1, _) => name.to_owned(),
            (_, nth) => format!("{name} ({nth})"),
        }
    };
    let again = lesson.again().filter(|_| way != Way::ExplainedAgain);
    let again = again.map(|(heading, text)| (format!("Explained another way: {heading}"), text));
    again
        .into_iter()
        .chain(shown.iter().enumerate().map(|(at, margin)| (title(at, margin), lesson.html(&margin.text, &no_vars()))))
        .collect()
}
