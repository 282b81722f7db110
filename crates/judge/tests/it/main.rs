//! Tests of what the judge says, as text in and text out.

mod envelope;
mod instant;
mod require;
mod searches;
