//! The engine against theory, one design document at a time, as a learner could open it. The
//! numbers D01, D02 ... are those of the fidelity list; here in their quick form.

mod balancing;
mod bounds;
mod calls;
mod check;
mod express;
mod laws;
mod money;
mod network;
mod outbox;
mod same;
mod saturation;
mod stations;
mod sureness;
mod tied;
mod traces;
mod transactions;
