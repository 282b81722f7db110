//! What stands first on a lesson's page, for learners who need it in another order than it was written.
//! Who does is the tutor's affair.

use crate::block::{BlockKind, Showing};
use crate::lesson::{Lesson, Part, Piece};

/// What stands first on a page; the rest follows in its usual order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum First {
    /// As the depth has it.
    #[default]
    Written,
    /// The first figure and the bare problem, with the explanation folded.
    Problem,
    /// The steps by hand, or else the worked example, in full.
    Example,
    /// The second explanation.
    Again,
}

impl First {
    /// How a block is shown that would be shown so.
    pub(crate) fn showing(self, lesson: &Lesson, kind: BlockKind, usual: Showing) -> Showing {
        use BlockKind::{Again, Analogy, Example, Faded, Steps, Why};
        match (self, kind) {
            (Self::Problem, Why | Steps | Example | Faded | Analogy) if usual == Showing::Open => Showing::Folded,
            (Self::Example, Steps) => Showing::Open,
            (Self::Example, Example) if lesson.count(Steps) == 0 => Showing::Open,
            (Self::Again, Again) => Showing::Open,
            _ => usual,
        }
    }

    pub(crate) fn lift(self, lesson: &Lesson, pieces: &mut Vec<Piece>) {
        use BlockKind::{Again, Answer, Bare, Example, Open, Steps};
        let has_figure = |piece: &Piece| piece.parts.iter().any(|part| matches!(part, Part::Figure(_)));
        match self {
            Self::Written => {}
            Self::Example => to_top(pieces, |piece| piece.kind == if lesson.count(Steps) == 0 { Example } else { Steps }),
            Self::Again => to_top(pieces, |piece| piece.kind == Again),
            Self::Problem => {
                // From the last to the first: the situation, the figure, the problem and its answer.
                if let Some(at) = pieces.iter().position(|piece| piece.kind == Bare) {
                    let answered = pieces.get(at + 1).is_some_and(|piece| piece.kind == Answer);
                    let lifted: Vec<Piece> = pieces.drain(at..=at + usize::from(answered)).collect();
                    pieces.splice(0..0, lifted);
                }
                to_top(pieces, has_figure);
                to_top(pieces, |piece| piece.kind == Open);
            }
        }
    }
}

/// Moves the first piece of a kind to the top.
fn to_top(pieces: &mut Vec<Piece>, wanted: impl Fn(&Piece) -> bool) {
    if let Some(at) = pieces.iter().position(wanted) {
        let piece = pieces.remove(at);
        pieces.insert(0, piece);
    }
}
