//! What a call does to the row that it is about. What becomes of it there is in `run`.

use design::Call;

/// What a call does to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    Read,
    /// A read that locks.
    Lock,
    Write,
    /// Only if the row is as the request has read it.
    WriteUnchanged,
    Take,
    Insert,
}

impl Touch {
    pub(super) fn of(call: &Call) -> Self {
        match call {
            _ if call.takes() => Self::Take,
            _ if call.locks() => Self::Lock,
            _ if call.reads() => Self::Read,
            _ if call.says("if-unchanged") => Self::WriteUnchanged,
            _ if call.inserts() => Self::Insert,
            _ => Self::Write,
        }
    }

    /// Whether what it writes is computed from what was read.
    pub(crate) fn is_computed(self) -> bool {
        matches!(self, Self::Write | Self::WriteUnchanged)
    }
}
