//! Tests of what the judge says, as text in and text out.

mod envelope;
mod instant;
mod invariants;
mod reduce;
mod require;
mod searches;
