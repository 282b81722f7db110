//! The binary as a person meets it: what it says, how it ends, and what survives when it is killed.
//! What the pages hold is tested in `web`, what the record keeps in `store`.

mod certificates;
mod crash;
mod days;
mod designs;
mod help;
mod looks;
mod process;
mod readme;
mod records;
mod requirements;
mod runs;
mod searches;
mod tutors;
