//! What a run means: whether a design meets what it must, why it went as it did, and what a formula
//! says without a run.
//! Simulating is the business of `sim`; questions and marks, of `grade`. Pure: no clock, no files,
//! no threads.

pub mod ablate;
pub mod breaks;
pub mod capacity;
pub mod envelope;
pub mod explain;
pub mod instant;
pub mod json;
pub mod reduce;
pub mod require;
pub mod runs;
