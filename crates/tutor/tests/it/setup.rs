//! Small curricula and records for the tests, made by hand or drawn from a seed.

use record::{Answer, Depth, Entry, LearnerId, Moment, Outcome, Ppm, Setting, What};
use tutor::{Curriculum, ItemCard, Skill};

pub(crate) const NOW: Moment = Moment(1_790_000_000_000);

/// A skill "a" called "A", of middling difficulty.
pub(crate) fn skill(id: &str, difficulty: f64, prerequisites: &[usize]) -> Skill {
    Skill {
        id: id.into(),
        name: id.to_uppercase(),
        area: "area".into(),
        difficulty,
        prerequisites: prerequisites.to_vec(),
        need: 1.0,
        written: true,
        minutes: 10,
    }
}

/// Two numeric items and two with four options per skill: "a.n1", "a.n2", "a.c1", "a.c2".
pub(crate) fn four_items(skills: &[Skill]) -> Vec<ItemCard> {
    let kinds = [("n1", 0.05, true), ("n2", 0.05, true), ("c1", 0.25, false), ("c2", 0.25, false)];
    let cards = skills.iter().enumerate().flat_map(|(skill, about)| {
        kinds.map(|(kind, guess, hard)| ItemCard { id: format!("{}.{kind}", about.id), skill, guess, slip: 0.1, hard, placement: true })
    });
    cards.collect()
}

pub(crate) fn curriculum(skills: Vec<Skill>) -> Curriculum {
    let items = four_items(&skills);
    Curriculum::new(skills, items).expect("a sound curriculum")
}

/// a <- b <- c, a <- d, and e by itself.
pub(crate) fn five() -> Curriculum {
    curriculum(vec![skill("a", -1.0, &[]), skill("b", 0.0, &[0]), skill("c", 1.0, &[1]), skill("d", 0.0, &[0]), skill("e", 0.0, &[])])
}

/// A record that numbers its entries by itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(crate) entries: Vec<Entry>,
}

impl Record {
    pub(crate) fn add(&mut self, what: What) -> &mut Self {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry { learner: LearnerId("one".into()), seq, at: NOW, what });
        self
    }

    pub(crate) fn answer(&mut self, curriculum: &Curriculum, item: usize, setting: Setting, outcome: Outcome) -> &mut Self {
        self.add(What::Answered(answer(curriculum, item, setting, outcome)))
    }

    /// "b.n1 practice right": an item, a setting, an outcome.
    pub(crate) fn say(&mut self, curriculum: &Curriculum, text: &str) -> &mut Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["taught", skill] => self.add(What::Taught { skill: skill.into(), depth: Depth::Standard }),
            ["claimed", ref skills @ ..] => self.add(What::Claimed { skills: skills.iter().map(|s| (*s).into()).collect() }),
            ["began"] => self.add(What::PlacementBegan),
            [item, setting, outcome, ref with @ ..] => {
                let item = curriculum.item(item).unwrap_or_else(|| panic!("no item {item}"));
                let mut answer = answer(curriculum, item, named(setting), outcome_named(outcome));
                for with in with {
                    match with.split_once('=') {
                        Some(("hints", n)) => answer.hints = n.parse().expect("a number of hints"),
                        Some(("attempt", n)) => answer.attempt = n.parse().expect("the number of an attempt"),
                        Some(("seed", n)) => answer.seed = n.parse().expect("a seed"),
                        Some(("sure", n)) => answer.confidence = Some(Ppm::from_f64(n.parse().expect("a confidence"))),
                        Some(("score", n)) => answer.score = Ppm::from_f64(n.parse().expect("a score")),
                        _ => panic!("what is {with}?"),
                    }
                }
                self.add(What::Answered(answer))
            }
            _ => panic!("what is {text}?"),
        }
    }
}

/// A record from lines as [`Record::say`] reads them.
pub(crate) fn record(curriculum: &Curriculum, text: &str) -> Record {
    let mut record = Record::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        record.say(curriculum, line);
    }
    record
}

pub(crate) fn answer(curriculum: &Curriculum, item: usize, setting: Setting, outcome: Outcome) -> Answer {
    let card = &curriculum.items[item];
    let form = if card.hard { "numeric" } else { "choice" };
    Answer {
        skill: curriculum.skills[card.skill].id.clone(),
        item: card.id.clone(),
        version: 1,
        seed: 0,
        setting,
        outcome,
        score: if outcome == Outcome::Right { Ppm::ONE } else { Ppm(0) },
        guess: Ppm::from_f64(card.guess),
        slip: Ppm::from_f64(card.slip),
        hard: card.hard,
        form: form.into(),
        attempt: 1,
        hints: 0,
        confidence: None,
        response: String::new(),
        text: None,
        interval: None,
    }
}

fn named(setting: &str) -> Setting {
    match setting {
        "placement" => Setting::Placement,
        "probe" => Setting::Probe,
        "lesson" => Setting::Lesson,
        "practice" => Setting::Practice,
        "review" => Setting::Review,
        _ => panic!("what setting is {setting}?"),
    }
}

fn outcome_named(outcome: &str) -> Outcome {
    match outcome {
        "right" => Outcome::Right,
        "wrong" => Outcome::Wrong,
        "unknown" => Outcome::Unknown,
        _ => panic!("what outcome is {outcome}?"),
    }
}

/// SplitMix64: small, seeded, and the same everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to, and without, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}
