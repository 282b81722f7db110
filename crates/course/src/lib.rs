//! The pack: text in, course and problems out.
//!
//! A pack is a folder of Markdown and TOML; the caller reads the files, this crate understands
//! them. Loading never stops halfway: it returns what could be understood and a list of
//! problems, each with file, line and a suggestion. Running the claims and grading answers is
//! the business of `grade`; what a learner needs next is the business of `tutor`.

mod background;
mod block;
mod claim;
mod figure;
mod first;
mod item;
mod lesson;
mod outline;
mod pack;
mod problem;
mod prose;
mod reader;
mod scale;
mod stacks;

pub use background::{Background, Domain, Measure, System, Word};
pub use block::{BlockKind, Showing};
pub use claim::{Band, Claim, Expected};
pub use figure::{Ask, Figure, Knob, Replies, Series, Trap};
pub use first::First;
pub use item::{Change, Form, Idea, Item, Line, Numeric, Offer, OptionText, OrderSlip, PredictItem, Repair, Saturates, Slip, Vars};
pub use lesson::{Lesson, Margin, MarginKind, Minutes, Part, Piece, Source};
pub use outline::{Able, Capstone, Chapter, CourseText, Project, Question, Skill};
pub use pack::{Course, Files, Loaded, load, try_variations};
pub use problem::{Problem, Severity};
pub use prose::{Context, html, plain};
pub use scale::{About, Size, Whose};
pub use stacks::{Stack, Stacks};
