//! What goes wrong within a step, before it is known on which line the step stands.

use std::ops::Range;

/// A problem that does not yet know its line.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Bytes within the step.
    pub at: Option<Range<usize>>,
    pub message: String,
    pub suggestion: Option<String>,
    /// It follows from a problem in an earlier step, so nobody need hear of it.
    pub echo: bool,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { at: None, message: message.into(), suggestion: None, echo: false }
    }

    /// A step uses one that has a problem.
    pub(crate) fn echo() -> Self {
        Self { echo: true, ..Self::new("An earlier step has a problem.") }
    }

    pub(crate) fn suggest(mut self, text: impl Into<String>) -> Self {
        self.suggestion = Some(text.into());
        self
    }

    /// Places the fault, unless something further inside has placed it.
    pub(crate) fn at(mut self, at: Range<usize>) -> Self {
        self.at.get_or_insert(at);
        self
    }
}
