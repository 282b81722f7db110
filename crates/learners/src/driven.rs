//! The tutor driven by lines, as from outside: the same bytes twice, and how long each line takes.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tutor::Mode;
use tutor::session::wire::Start;
use tutor::session::{Decision, Session};

use crate::dice::{Dice, off};
use crate::pupil::Pupil;
use crate::world::{SLIP, World};

/// All that was said by the tutor, and the time for each line.
#[derive(Debug)]
pub struct Driven {
    pub said: String,
    pub times: Vec<Duration>,
}

/// One course, line by line. The error is the tutor's.
pub fn drive(dice: &mut Dice, world: &World, mut pupil: Pupil, mode: Mode) -> Result<Driven, String> {
    let opening = opening(world, &pupil.claims(dice), mode);
    let mut driven = Driven { said: String::new(), times: Vec::new() };
    let began = Instant::now();
    let start = Start::read(&opening)?;
    let mut session = Session::begin(&start.setup);
    driven.heard(&session.told(&start), began);
    loop {
        let line = match session.decision() {
            Decision::Done => return Ok(driven),
            Decision::Placed => r#"{"op":"ok"}"#.to_owned(),
            Decision::Lesson(skill) => {
                pupil.lesson(dice, world, skill);
                r#"{"op":"ok"}"#.to_owned()
            }
            Decision::Item(item) => {
                let right = pupil.answers(dice, world.told().items[item].skill, world.items[item]);
                format!(r#"{{"op":"answer","right":{right}}}"#)
            }
            Decision::Practice(skill) => {
                let true_item = (off(dice, 0.05), off(dice, SLIP));
                let right = pupil.answers(dice, skill, true_item);
                pupil.practise(dice, world, skill);
                format!(r#"{{"op":"answer","right":{right},"guess":0.05}}"#)
            }
        };
        let began = Instant::now();
        let told = session.line(&start, &line)?;
        driven.heard(&told, began);
    }
}

impl Driven {
    fn heard(&mut self, line: &str, began: Instant) {
        self.times.push(began.elapsed());
        self.said.push_str(line);
        self.said.push('\n');
    }
}

fn opening(world: &World, claims: &[bool], mode: Mode) -> String {
    let told = world.told();
    let mut line = r#"{"op":"start","skills":["#.to_owned();
    for (index, skill) in told.skills.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let (name, area, difficulty, needs) = (&skill.name, &skill.area, skill.difficulty, &skill.prerequisites);
        let _ = write!(line, r#"{comma}{{"id":{index},"name":"{name}","area":{area},"difficulty":{difficulty},"prereqs":{needs:?}}}"#);
    }
    line.push_str(r#"],"items":["#);
    for (index, item) in told.items.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let (id, skill, guess, slip) = (&item.id, item.skill, item.guess, item.slip);
        let _ = write!(line, r#"{comma}{{"id":"{id}","skill":{skill},"guess":{guess},"slip":{slip}}}"#);
    }
    let claims: Vec<u8> = claims.iter().map(|claim| u8::from(*claim)).collect();
    let mode = if mode == Mode::Certified { "certified" } else { "progress" };
    let _ = write!(line, r#"],"self_report":{claims:?},"cost":{{"lesson":6,"item":1}},"mode":"{mode}"}}"#);
    line
}
