//! Ordered maps, ordered sets and sorting, for crates that browsers get as well. Natively they are
//! those of the standard library; in WebAssembly they do the same with a fraction of the code,
//! which a reader of a lesson would have to download. Nothing here knows what is kept in order.
//!
//! A map of the standard library is a tree, and brings six kilobytes for each type of key and value
//! that fills one. [`BTreeMap`] is here for what has tens or hundreds of entries, such as the names
//! of a design, and then a list ([`flat`]); [`Tree`] for what can have millions, such as what a run
//! remembers of each session, and then a list of lists ([`many`]).

pub mod flat;
pub mod many;
mod sort;

#[cfg(target_family = "wasm")]
pub use flat::{Map as BTreeMap, Set as BTreeSet, map as btree_map};
#[cfg(target_family = "wasm")]
pub use many::{Map as Tree, Set as TreeSet};
#[cfg(not(target_family = "wasm"))]
pub use std::collections::{BTreeMap, BTreeMap as Tree, BTreeSet, BTreeSet as TreeSet, btree_map};

pub use sort::{sort, sort_by, sort_by_key};
