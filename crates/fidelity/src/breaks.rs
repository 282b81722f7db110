//! How well the search for what breaks a design finds planted weaknesses: sound designs that are drawn
//! by a seed, each also with a mistake in it, and what the search says of them. The search is in
//! `judge`; the designs are in the files below.

mod calls;
mod draw;
mod messages;
mod page;
mod score;
mod sites;
mod sketch;
mod stores;

pub use page::{line, page};
pub use score::{Row, Task, one, tasks};
pub use sketch::{Base, Plant};

/// All sound designs with their possible mistakes, with the numbers of a seed.
pub fn bases(seed: u64) -> Vec<Base> {
    [sites::all(seed), stores::all(seed), messages::all(seed), calls::all(seed)].concat()
}
