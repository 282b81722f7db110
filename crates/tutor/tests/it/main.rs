//! The tutor's behaviour as its callers see it: records in, beliefs, questions and plans out.

mod aheads;
mod forecasts;
mod laws;
mod model;
mod placement;
mod plans;
mod practice;
mod proofs;
mod reviews;
mod sessions;
mod setup;
mod ways;
