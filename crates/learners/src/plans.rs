//! How fast plans are made: those of ten thousand learners, each with three hundred entries.

use std::time::Instant;

use record::{Entry, Moment};
use tutor::session::{Decision, Session, Setup};
use tutor::{Mode, Priors, plan};

use crate::dice::{Dice, off};
use crate::pupil::{Family, Pupil};
use crate::world::{SLIP, Shape, World};

pub const LEARNERS: usize = 10_000;
pub const ENTRIES: usize = 300;
/// So many different records; each is planned for again and again, from nothing.
const RECORDS: usize = 50;

/// The seconds that all plans took on one core: those that this process had, where the system tells,
/// because the time on a wall has the neighbours' work in it.
pub fn seconds() -> f64 {
    let records: Vec<(Setup, Vec<Entry>)> = (0..).map(record).filter(|(_, record)| record.len() >= ENTRIES).take(RECORDS).collect();
    let (began, had) = (Instant::now(), had());
    let mut open = 0;
    for (setup, entries) in records.iter().cycle().take(LEARNERS) {
        open += plan(&setup.curriculum, &Priors::default(), &entries[..ENTRIES], Moment(0)).lines.len();
    }
    assert_eq!(open, LEARNERS * crate::world::SKILLS, "every plan has every skill");
    match (had, self::had()) {
        (Some(before), Some(after)) => after - before,
        _ => began.elapsed().as_secs_f64(),
    }
}

/// The seconds that this process has had of a core, on Linux.
fn had() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(told.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// The record of one learner who is taught until certified.
fn record(number: u64) -> (Setup, Vec<Entry>) {
    let mut dice = Dice::new(number, 7 << 32);
    let world = World::new(&mut dice, Shape::Course);
    let mut pupil = Pupil::new(&mut dice, &world, Family::State);
    let setup = world.setup(Some(pupil.claims(&mut dice)), Mode::Certified);
    let mut session = Session::begin(&setup);
    loop {
        match session.decision() {
            Decision::Item(item) => {
                let right = pupil.answers(&mut dice, world.told().items[item].skill, world.items[item]);
                session.answer(right, None);
            }
            Decision::Practice(skill) => {
                let true_item = (off(&mut dice, 0.05), off(&mut dice, SLIP));
                let right = pupil.answers(&mut dice, skill, true_item);
                pupil.practise(&mut dice, &world, skill);
                session.answer(right, Some(0.05));
            }
            Decision::Lesson(skill) => {
                pupil.lesson(&mut dice, &world, skill);
                session.go_on();
            }
            Decision::Placed => {
                session.go_on();
            }
            Decision::Done => {
                let entries = session.record().to_vec();
                return (setup, entries);
            }
        }
    }
}
