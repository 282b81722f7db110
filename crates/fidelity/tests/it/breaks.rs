//! The designs with planted weaknesses can be read, whatever the seed; and a few of them are searched.
//! The score is a command: `cargo run --release -p fidelity -- breaks`.

use design::Format;
use fidelity::breaks::{Task, bases, one, tasks};

#[test]
fn every_sketch_is_a_design_that_can_be_searched() {
    for seed in 0..12 {
        for base in bases(seed) {
            let planted = base.plants.iter().map(|plant| (plant.id, base.planted(plant)));
            for (id, text) in planted.chain([("sound", base.sound())]) {
                let loaded = design::read(&text, Format::Toml);
                // A mistake may leave a component idle, which is worth a note.
                assert!(
                    loaded.is_runnable() && (id != "sound" || loaded.problems.is_empty()),
                    "{} {id}: {:#?}{text}",
                    base.name,
                    loaded.problems
                );
                assert_eq!(design::resolve(&loaded.document).err(), None, "{} {id} of seed {seed}", base.name);
                assert_eq!(judge::require::read(&loaded.document).1, [], "{} {id} of seed {seed}", base.name);
                assert_eq!(judge::envelope::read(&loaded.document).1, [], "{} {id} of seed {seed}", base.name);
                assert!(!text.contains('$'), "{} {id} of seed {seed}: {text}", base.name);
            }
        }
    }
}

#[test]
fn there_are_as_many_as_the_score_needs() {
    let tasks = tasks(1000, 45);
    assert!(tasks.iter().filter(|task| task.plant.is_none()).count() >= 20);
    assert_eq!(tasks.iter().filter(|task| task.plant.is_some()).count(), 45);
}

#[test]
fn a_few_planted_weaknesses_are_named() {
    for (design, planted) in [("receipts", "one shop"), ("mails", "one worker"), ("search", "no second request")] {
        let base = bases(5).into_iter().find(|base| base.name == design).unwrap();
        let plant = base.plants.iter().find(|plant| plant.id == planted).cloned();
        let row = one(&Task { seed: 5, base, plant });
        assert!(row.is_right(), "{}", fidelity::breaks::line(&row));
    }
}
