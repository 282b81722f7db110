//! The tutor's behaviour as its callers see it: records in, beliefs, questions and plans out.

mod aheads;
mod laws;
mod placement;
mod plans;
mod practice;
mod proofs;
mod reviews;
mod sessions;
mod setup;
mod ways;
