//! The fidelity checks: what theory and published work say, beside what the engine measures. The
//! checks themselves are the files in `fidelity/`; here they are read, run, judged and told.

pub mod breaks;
mod check;
mod expect;
pub mod explain;
mod form;
pub mod large;
mod measured;
mod page;
mod place;
mod read;
mod row;
mod run;
pub mod sections;

pub use check::{Case, Check, Class, Of, Problem, Sum, What};
pub use expect::{Expected, Judgement, Rule};
pub use form::{Form, Length};
pub use measured::Measured;
pub use page::page;
pub use read::{read, read_folder};
pub use row::{Row, Verdict};
pub use run::{run, run_after};

use std::path::{Path, PathBuf};

/// Where the check files are in this repository.
pub fn folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).join("fidelity")
}
