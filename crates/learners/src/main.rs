//! The instrument on the command line.

use learners::pupil::{Family, Group};
use learners::score::{Condition, run};
use learners::world::Shape;
use tutor::Mode;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, or: u64| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(or);
    let (learners, from, seeds) = (number(0, 300) as usize, number(1, 1), number(2, 2));
    let real = Condition::REALISTIC;
    let level = Condition { family: Family::Level, ..real };
    let conditions = [
        ("course", real),
        ("course, no claims", Condition { self_report: false, ..real }),
        ("random", Condition { shape: Shape::Random, ..real }),
        ("chains", Condition { shape: Shape::Chains, ..real }),
        ("certified", Condition { mode: Mode::Certified, ..real }),
        ("level", level),
        ("level certified", Condition { mode: Mode::Certified, ..level }),
        ("clicker", Condition { family: Family::Clicker, mode: Mode::Certified, ..real }),
    ];
    println!(
        "                     to5%  items p90  err  fm   fd   und  ece  | unk orac perf  steps xorac xperf sav/sen/nov  miss fcert cert early p99 fixmiss"
    );
    for (name, condition) in conditions {
        if words.get(3).is_some_and(|only| !name.starts_with(only.as_str())) {
            continue;
        }
        // Pooled over seeds while we tune.
        {
            let mut s = run(condition, learners, from);
            for seed in from + 1..from + seeds {
                s.join(run(condition, learners, seed));
            }
            println!(
                "{name:<18} {:>4} {:>5.1} {:>2} {:>4.1} {:>4.1} {:>4.1} {:>4.1} {:>5.3} | {:>4.1} {:>4.0} {:>4.2} {:>4.0} {:>4.2} {:>4.2} {:>2.0}/{:>2.0}/{:>2.0} {:>5.2} {:>4.2} {:>5.1} {} {:.3} {:.1} {:.1}b {:.1}",
                s.items_to(0.05).map_or("-".into(), |n| n.to_string()),
                s.items(),
                s.items_p90(),
                100.0 * s.error_at_stop(),
                100.0 * s.false_mastery(),
                100.0 * s.false_discovery(),
                100.0 * s.undeclared(),
                s.calibration(),
                s.unknown / s.walks.len() as f64,
                s.oracle_steps(),
                s.perfect_beside_oracle(),
                s.steps(),
                s.beside_oracle(),
                s.beside_perfect(),
                100.0 * s.saved(None),
                100.0 * s.saved(Some(Group::Senior)),
                100.0 * s.saved(Some(Group::Novice)),
                s.missing(),
                100.0 * s.false_certificates(),
                100.0 * s.certified(),
                s.early(),
                s.decision_p99(),
                s.fixed_missing / s.walks.len() as f64,
                s.bits(),
                learners::limit::items(s.bits(), 0.05)
            );
        }
    }
}
