//! The design document: reading, checking, printing and naming it, with the catalogue of what a
//! component may say and what it costs. Pure data; nothing here runs or judges a design.
//!
//! The feature `toml`, on by default, is all that reads and prints whole texts of TOML; `docs`,
//! also on, is what the words of the catalogue mean.

mod arrows;
mod canonical;
pub mod catalogue;
mod check;
mod document;
mod experiment;
mod faults;
mod keys;
mod nearest;
mod notation;
mod path;
mod pattern;
mod plan;
mod policy;
mod print;
mod read;
mod resolve;
mod schema;
mod set;
mod setting;
mod tree;

pub use catalogue::prices::price_of;
pub use document::*;
pub use experiment::{Experiment, RunId, RunIdProblem};
pub use faults::{Target, What};
pub use keys::{Hot, Keys, Spread};
pub use nearest::did_you_mean;
pub use policy::{Backoff, Shed};
#[cfg(feature = "toml")]
pub use print::to_toml;
pub use print::{to_json, to_pleasant_json};
pub use read::{Format, read};
pub use resolve::{Resolved, resolve};
pub use schema::schema;
pub use set::set;
pub use tree::json;
