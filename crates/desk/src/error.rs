//! What can go wrong with a use case, told so that a page can say it to the learner.

use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The address names something that this course does not have.
    #[error("This course has no {what} called “{name}”.")]
    NoSuch { what: &'static str, name: String },
    /// The learner must do something else first.
    #[error("{0}")]
    NotYet(String),
    /// A question back: nothing was recorded.
    #[error("{0}")]
    Question(String),
    /// A run that the page needs could not be made: the pack is at fault.
    #[error("The run behind this page could not be made: {0}")]
    Run(String),
    #[error("The record was busy; nothing was lost. Please send it again.")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<grade::RunProblem> for DeskError {
    fn from(problem: grade::RunProblem) -> Self {
        Self::Run(problem.0)
    }
}

pub(crate) fn no_such(what: &'static str, name: &str) -> DeskError {
    DeskError::NoSuch { what, name: name.chars().take(80).collect() }
}
