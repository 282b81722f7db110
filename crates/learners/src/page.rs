//! The page `docs/tutor.md`: how the tutor is measured, and what came out.

use crate::limit;
use crate::table::{Runs, table};

const HEAD: &str = "\
# How well the tutor does

Simulated learners are taught by the tutor of `crates/tutor` from the first question to the last, and compared with courses that no tutor could beat.
This page is written by `cargo xtask tutor --write docs/tutor.md`; the learners are in `crates/learners`.
The targets were set before the tutor was built.

";

const TAIL: &str = "
## Who the learners are

Forty skills in eight areas rest on each other; each has four items, two of them numbers and two choices of four.
A learner has an ability (novices 35 %, middle 40 %, seniors 25 %), an offset in each area and a speed of learning.
A skill is known with a chance that rises with ability over difficulty, and a tenth of that while a prerequisite is missing.
A lesson teaches with a chance of .45 times the speed, a question with feedback .22 times, and a quarter of that while a prerequisite is missing.
A lesson counts as six steps, a question as one.

What the tutor is told is wrong on purpose: a tenth of the edges are missing, difficulties are off by .7 logits, guess and slip by .4 logits, and of what learners say they know a good part is wrong.

The *second family* knows nothing of states: a skill is a level that grows, answers become better with it by and by, and it counts as known above 0. It is taught in the mode for certificates.
The *clicker* knows nothing, learns nothing and guesses.

## What it is compared with

The *oracle* sees into heads: one lesson for each unknown skill, then practice until the moment it is learned. No tutor can reach it, because a tutor has to ask.
*Perfect placement* sees only where a learner starts, and then has to ask like the tutor; the limit in the rows of steps is what it takes.
The *fixed course* gives every lesson and six questions on it.
The *fewest possible* questions are the bits in what a learner knows, less those that may stay unknown at 5 % error, over the bits that the best item can carry; claims are not counted.
*Steps until all is known* go on after the end: while something is missing, a round of one question on every skill finds it, and a lesson and practice teach it.

Numbers below 1000 were used while the tutor was built; the seeds above are others.
";

/// The page from all runs together and each seed by itself, and whether every target is met.
pub fn page(command: &str, learners: usize, all: &Runs, each: &[(u64, Vec<f64>)]) -> (String, bool) {
    let (rows, fine) = table(all, each);
    let bits = all.progress.bits();
    let note = format!(
        "{learners} learners to a condition and seed; `{command}`.\nWhat a learner knows holds {bits:.1} bits, so no placement does with fewer than {:.1} questions; the oracle takes {:.0} steps, the fixed course {:.0} and leaves {:.1} skills unknown.\n\n",
        limit::items(bits, 0.05),
        all.progress.oracle_steps(),
        all.progress.fixed_steps(),
        all.progress.fixed_missing(),
    );
    (format!("{HEAD}{note}{rows}{TAIL}"), fine)
}
