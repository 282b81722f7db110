//! The judge, one requirement and one design at a time.

mod require;
