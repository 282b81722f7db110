//! From what the author wrote to what an engine runs.

use std::ops::Deref;

use crate::{Document, Problem};

/// A document with every default written in. Only [`resolve`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved(Document);

impl Resolved {
    pub fn document(&self) -> &Document {
        &self.0
    }
}

impl Deref for Resolved {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

pub fn resolve(document: &Document) -> Result<Resolved, Vec<Problem>> {
    Ok(Resolved(document.clone()))
}
