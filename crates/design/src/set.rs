//! Setting.
use crate::{Document, Problem};
pub fn set(_document: &mut Document, _path: &str, _text: &str) -> Result<(), Problem> { Ok(()) }
