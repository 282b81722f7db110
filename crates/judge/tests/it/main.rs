//! Tests of what the judge says, as text in and text out.

mod explain;
mod instant;
mod require;
