//! The instrument in its quick form: few learners, and bands as wide as so few make them. The table
//! itself is made by `cargo xtask tutor`.

use learners::pupil::{Family, Group};
use learners::score::{Condition, Score, run};
use learners::{spacing, table};
use tutor::Mode;

const LEARNERS: usize = 60;
const SEED: u64 = 500;

fn check(score: &Score, name: &str, value: f64, most: f64) {
    println!("{name}: {value:.3} of {most}, {} walks", score.walks.len());
    assert!(value <= most, "{name} is {value}, and at most {most} in this quick form");
}

#[test]
fn the_placement_and_the_course_are_near_their_limits() {
    let score = run(Condition::REALISTIC, LEARNERS, SEED);
    // The table's targets, wider by twice the error of sixty learners.
    check(&score, "error at the stop", score.error_at_stop(), 0.055);
    check(&score, "questions", score.items(), 22.0);
    check(&score, "false mastery", score.false_mastery(), 0.035);
    check(&score, "calibration", score.calibration(), 0.03);
    check(&score, "steps beside the oracle", score.beside_oracle(), 1.6);
    check(&score, "steps beside perfect placement", score.beside_perfect(), 1.25);
    check(&score, "unknown at the end", score.missing(), 0.8);
    check(&score, "early lessons", f64::from(score.early()), 0.0);
    assert!(score.saved(None) >= 0.25 && score.saved(Some(Group::Senior)) >= 0.55);
}

#[test]
fn certificates_are_right_for_both_families_and_none_for_clickers() {
    let certified = Condition { mode: Mode::Certified, ..Condition::REALISTIC };
    let state = run(certified, LEARNERS, SEED);
    check(&state, "steps until certified", state.beside_oracle(), 1.8);
    check(&state, "certified but not known", state.false_certificates(), 0.012);
    let level = run(Condition { family: Family::Level, ..certified }, LEARNERS, SEED);
    check(&level, "second family: error", level.error_at_stop(), 0.11);
    check(&level, "second family: certified but not known", level.false_certificates(), 0.03);
    let clicker = run(Condition { family: Family::Clicker, ..certified }, 20, SEED);
    check(&clicker, "a clicker's certificates", clicker.certified(), 0.025);
}

#[test]
fn the_same_seed_gives_the_same_figures_and_another_does_not() {
    let figures = |seed| {
        let runs = table::Runs::new(learners::world::Shape::Course, 10, seed).expect("a sound world");
        let (rows, _) = table::table(&runs, &[(seed, table::values(&runs))]);
        // Times differ, whatever the seed.
        rows.lines().filter(|line| !line.contains(" ms |")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(figures(1), figures(1));
    assert_ne!(figures(1), figures(2));
}

#[test]
fn reviews_come_on_the_days_of_the_scheduler() {
    assert_eq!(spacing::differing(SEED, 200), Ok(0));
}
