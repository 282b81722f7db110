//! The kinds of block a lesson is made of, and how each is shown at each depth.
//!
//! The table here is the anatomy of a module; `docs/writing-a-lesson.md` says it in words.

use record::Depth;

/// How a block appears on a page of one depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    Absent,
    Open,
    /// Behind a summary that the reader opens.
    Folded,
    /// The lead in full, the rest folded behind it.
    Lead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockKind {
    Open,
    Steps,
    Saw,
    Trap,
    Rule,
    Why,
    Again,
    Analogy,
    Example,
    Faded,
    Bare,
    Answer,
    Counter,
    Sceptic,
    Ask,
    Rest,
    Depth,
    Numbers,
    Stack,
    Domain,
    Scale,
    Summary,
    Margin,
}

use BlockKind as Kind;
use Showing::{Absent, Folded, Lead, Open};

/// Word in the file, kind, default heading, and showing at brief, standard, slow.
const KINDS: &[(&str, Kind, &str, [Showing; 3])] = &[
    ("open", Kind::Open, "", [Absent, Open, Open]),
    ("steps", Kind::Steps, "By hand first", [Absent, Absent, Open]),
    ("saw", Kind::Saw, "What you saw", [Lead, Open, Open]),
    ("trap", Kind::Trap, "The tempting answer", [Lead, Open, Open]),
    ("rule", Kind::Rule, "", [Open, Open, Open]),
    ("why", Kind::Why, "Why", [Lead, Open, Open]),
    // On no page as it is written: it is put on top for whoever missed several answers.
    ("again", Kind::Again, "Another way to see it", [Absent, Absent, Absent]),
    ("analogy", Kind::Analogy, "", [Absent, Open, Open]),
    ("example", Kind::Example, "A number to deploy", [Lead, Open, Open]),
    ("faded", Kind::Faded, "Your turn, with some steps given", [Absent, Open, Open]),
    ("bare", Kind::Bare, "Your turn", [Open, Open, Open]),
    ("answer", Kind::Answer, "Compare", [Folded, Folded, Folded]),
    ("counter", Kind::Counter, "Where this is wrong", [Lead, Open, Open]),
    ("sceptic", Kind::Sceptic, "For the sceptic", [Folded, Folded, Absent]),
    ("ask", Kind::Ask, "In your own words", [Absent, Open, Open]),
    ("rest", Kind::Rest, "A place to rest", [Absent, Absent, Open]),
    ("depth", Kind::Depth, "", [Open, Open, Open]),
    ("numbers", Kind::Numbers, "Numbers to know", [Open, Open, Open]),
    ("stack", Kind::Stack, "In your stack", [Open, Open, Open]),
    // Its heading is the pack's, and so is that of a scale: the reader's size.
    ("domain", Kind::Domain, "", [Open, Open, Open]),
    ("scale", Kind::Scale, "", [Open, Open, Open]),
    ("summary", Kind::Summary, "On one screen", [Open, Open, Open]),
    ("margin", Kind::Margin, "", [Absent, Absent, Absent]),
];

impl BlockKind {
    pub fn find(word: &str) -> Option<Self> {
        KINDS.iter().find(|(name, ..)| *name == word).map(|(_, kind, ..)| *kind)
    }

    /// All the words, for a suggestion.
    pub fn words() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|(name, ..)| *name)
    }

    fn row(self) -> &'static (&'static str, Kind, &'static str, [Showing; 3]) {
        KINDS.iter().find(|(_, kind, ..)| *kind == self).expect("every kind has its row in KINDS")
    }

    pub fn word(self) -> &'static str {
        self.row().0
    }

    /// Whether the words after it are ids and no heading.
    pub(crate) fn takes_words(self) -> bool {
        matches!(self, Kind::Stack | Kind::Domain | Kind::Scale | Kind::Depth | Kind::Margin)
    }

    pub fn heading(self) -> &'static str {
        self.row().2
    }

    pub fn showing(self, depth: Depth) -> Showing {
        self.row().3[depth as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brief_drops_the_opening_and_leads_with_the_why() {
        assert_eq!(Kind::Open.showing(Depth::Brief), Absent);
        assert_eq!(Kind::Why.showing(Depth::Brief), Lead);
        assert_eq!(Kind::Why.showing(Depth::Slow), Open);
    }

    #[test]
    fn steps_by_hand_are_for_slow_alone() {
        let shown: Vec<_> = [Depth::Brief, Depth::Standard, Depth::Slow].map(|depth| Kind::Steps.showing(depth)).into();
        assert_eq!(shown, [Absent, Absent, Open]);
    }
}
