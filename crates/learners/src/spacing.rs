//! Whether reviews come on the days that the crate `fsrs` says, on histories drawn at random.

use fsrs::FSRS;
use record::{Answer, Depth, Entry, LearnerId, Moment, Outcome, Ppm, Setting, What};
use tutor::{Curriculum, Priors, Skill, cards};

use crate::dice::Dice;

const DAY: i64 = 86_400_000;
const LONGEST: usize = 10;

/// So many histories, and of how many the interval at the end is another than the crate's.
pub fn differing(seed: u64, histories: usize) -> Result<usize, String> {
    let skill = Skill {
        id: "one".into(),
        name: "one".into(),
        area: "one".into(),
        difficulty: 0.0,
        prerequisites: Vec::new(),
        need: 1.0,
        written: true,
        minutes: 10,
    };
    let curriculum = Curriculum::new(vec![skill], Vec::new()).map_err(|problems| problems.join(" "))?;
    let mut dice = Dice::new(seed, 1 << 40);
    let mut differing = 0;
    for _ in 0..histories {
        differing += usize::from(!same(&mut dice, &curriculum)?);
    }
    Ok(differing)
}

fn same(dice: &mut Dice, curriculum: &Curriculum) -> Result<bool, String> {
    let fsrs = FSRS::default();
    let said = |error: fsrs::FSRSError| format!("{error:?}");
    let mut state = fsrs.next_states(None, 0.9, 0).map_err(said)?.good;
    let mut entries = Vec::new();
    enter(&mut entries, 0, What::Taught { skill: "one".into(), depth: Depth::Standard });
    // Two right numbers after the lesson make it known, and a card.
    for _ in 0..2 {
        let seed = entries.len() as u64;
        enter(&mut entries, 0, What::Answered(answer(seed, Outcome::Right, 0)));
    }
    let mut day = 0;
    for _ in 0..dice.below(LONGEST) {
        let passed = 1 + dice.below(120) as u32;
        day += i64::from(passed);
        let next = fsrs.next_states(Some(state.memory), 0.9, passed).map_err(said)?;
        let (outcome, hints, after) = match dice.below(3) {
            0 => (Outcome::Wrong, 0, next.again),
            1 => (Outcome::Right, 1, next.hard),
            _ => (Outcome::Right, 0, next.good),
        };
        state = after;
        let seed = entries.len() as u64;
        enter(&mut entries, day, What::Answered(answer(seed, outcome, hints)));
    }
    let expected = state.interval.round().max(1.0) as i64;
    Ok(cards(curriculum, &Priors::default(), &entries).first().is_some_and(|card| card.due - card.last == expected))
}

fn enter(entries: &mut Vec<Entry>, day: i64, what: What) {
    let seq = entries.len() as u64 + 1;
    entries.push(Entry { learner: LearnerId("one".into()), seq, at: Moment(day * DAY), what });
}

fn answer(seed: u64, outcome: Outcome, hints: u8) -> Answer {
    Answer {
        skill: "one".into(),
        item: "one.1".into(),
        version: 1,
        seed,
        setting: Setting::Practice,
        outcome,
        score: if outcome == Outcome::Right { Ppm::ONE } else { Ppm(0) },
        guess: Ppm::from_f64(0.05),
        slip: Ppm::from_f64(0.1),
        hard: true,
        form: "numeric".into(),
        attempt: 1,
        hints,
        confidence: None,
        response: String::new(),
        text: None,
        interval: None,
    }
}
