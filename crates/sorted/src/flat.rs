//! Maps and sets as lists in order, with those methods of the standard library's that the house
//! uses, and the same answers. To find takes a search by halves; to add in the middle moves what
//! comes after.

pub mod map;
mod set;

pub use map::Map;
pub use set::Set;
