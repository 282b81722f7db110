//! Simulated learners for the tutor: worlds, pupils, courses to compare with, and what is measured.
//! It drives the tutor from outside, as anyone could; nothing here decides what to teach.

pub mod course;
pub mod dice;
pub mod driven;
pub mod limit;
pub mod page;
pub mod plans;
pub mod pupil;
pub mod score;
pub mod spacing;
pub mod table;
pub mod walk;
pub mod world;
