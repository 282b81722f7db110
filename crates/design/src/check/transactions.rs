//! Calls whose outcome depends on what others do to the same row: transactions, takes, locks, and
//! writes that fail if the row has changed.

use units::Count;

use super::Check;
use crate::path::join;
use crate::{Call, CallMode};

impl Check<'_> {
    /// Statements of one transaction: one after the other, to one database.
    pub(super) fn transaction(&mut self, path: &str, call: &Call) {
        let kind = self.kind(&call.to);
        if !matches!(kind, "relational" | "") {
            let message = format!("“{}” is of kind {kind}, and only a relational component has transactions.", call.to);
            self.error(path, message, "Take “transaction:” out, or keep the data in a relational component.");
        }
        if !call.operation.is_empty() || call.data.is_some() || !call.modifiers.is_empty() || call.times != Count(1) {
            self.error(path, "A transaction is made of its statements, and says nothing else.", "Write the rest at one of its statements.");
        }
        if !call.then.is_empty() || !call.miss.is_empty() {
            self.error(path, "A transaction makes no calls of its own.", "Write them after it, or below a statement with “outbox”.");
        }
        for (at, statement) in call.statements.iter().enumerate() {
            self.statement(&join(&join(path, "transaction"), &at.to_string()), &call.to, statement);
        }
    }

    fn statement(&mut self, path: &str, database: &str, statement: &Call) {
        let to = &statement.to;
        if to != database {
            let message = format!("A transaction stays in one database: this one began in “{database}” and calls “{to}”.");
            return self.error(path, message, format!("Call “{to}” before the transaction or after it."));
        }
        if !statement.statements.is_empty() {
            return self.error(path, "A transaction cannot stand inside another.", "Write all statements in one.");
        }
        if statement.data.is_none() {
            self.error(path, "This statement does not say which data it touches.", format!("Write it as in “{to} read stock”."));
        }
        if statement.mode != CallMode::Sequence || statement.times != Count(1) || statement.wait.is_some() || statement.cancel {
            let message = "The statements of a transaction are made once each, one after the other.";
            self.error(path, message, "Write repeated calls outside the transaction.");
        }
        if statement.optional {
            self.error(path, "A statement that fails ends its transaction.", "Write “try:” before “transaction:”.");
        }
        if !statement.miss.is_empty() || !statement.then.is_empty() && !statement.says("outbox") {
            let message = "Nothing is called from inside a transaction but what an outbox sends.";
            self.error(path, message, "Write the call after the transaction, or “outbox” at the write above it.");
        }
    }

    /// Words that speak of the value or the version of a row. `alone`: outside a transaction.
    pub(super) fn values(&mut self, path: &str, call: &Call) {
        let kind = self.kind(&call.to);
        let holds = matches!(kind, "relational" | "keyvalue" | "document" | "");
        if call.takes() && holds {
            self.take(path, call);
        } else if call.takes() {
            let message = format!("“{}” is of kind {kind}, and has no row to take from.", call.to);
            self.error(path, message, "Take from a relational, keyvalue or document component.");
        }
        if call.says("if-unchanged") {
            if !holds {
                let message = format!("“{}” is of kind {kind}, and compares no versions.", call.to);
                self.error(path, message, "Write “if-unchanged” at a relational, keyvalue or document component.");
            } else if call.reads() || call.data.is_none() {
                self.error(
                    path,
                    "Only a write of some data can be made if that is unchanged.",
                    "Write it as in “db write stock if-unchanged”.",
                );
            }
        }
        if (call.says("locked") || call.says("for") && call.says("update")) && !matches!(kind, "relational" | "") {
            let message = format!("“{}” is of kind {kind}, and locks no rows.", call.to);
            self.error(path, message, "Lock rows of a relational component, inside a transaction.");
        }
    }

    fn take(&mut self, path: &str, call: &Call) {
        let Some((name, data)) = call.data.as_ref().and_then(|name| Some((name, self.document.data.get(name)?))) else { return };
        if !data.settings.contains_key("value") {
            let message = format!("“{name}” has no value, so there is nothing to take from it.");
            self.error(path, message, format!("Write what each row begins with, as in {name} = {{ value = 500 }} under [data]."));
        }
    }

    /// A lock ends with its transaction, so alone it does nothing.
    pub(super) fn lock_alone(&mut self, path: &str, call: &Call) {
        if call.locks() && matches!(self.kind(&call.to), "relational" | "") {
            let message = "The lock of this read ends with its transaction, and it is a transaction of its own.";
            self.error(path, message, "Write it with what needs the lock, as in “transaction: db read stock locked; db write stock”.");
        }
    }
}
