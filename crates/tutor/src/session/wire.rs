//! The session as lines of JSON: what a caller may say, and what is said back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Decision, HARD, Session, Setup};
use crate::{Curriculum, ItemCard, Mode, Skill};

const START: &str = r#"{"op":"start","skills":[...],"items":[...],"self_report":[...],"cost":{"lesson":6,"item":1}}"#;

/// The first line, understood: what the session is about, and the caller's own numbers for skills.
#[derive(Debug, Clone)]
pub struct Start {
    pub setup: Setup,
    numbers: Vec<u64>,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Said {
    Start(Box<Started>),
    Answer { right: bool, guess: Option<f64> },
    Ok,
}

#[derive(Deserialize)]
struct Started {
    skills: Vec<SkillSaid>,
    items: Vec<ItemSaid>,
    self_report: Option<Vec<u8>>,
    cost: Option<Cost>,
    #[serde(default)]
    mode: ModeSaid,
}

#[derive(Deserialize)]
struct SkillSaid {
    id: u64,
    #[serde(default)]
    name: String,
    area: u64,
    difficulty: f64,
    prereqs: Vec<u64>,
}

#[derive(Deserialize)]
struct ItemSaid {
    id: String,
    skill: u64,
    guess: f64,
    slip: f64,
}

#[derive(Deserialize)]
struct Cost {
    lesson: f64,
    item: f64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum ModeSaid {
    #[default]
    Progress,
    Certified,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Say<'a> {
    Item { item: &'a str, p: Vec<f64> },
    Placed { p: Vec<f64> },
    Lesson { skill: u64 },
    Practice { skill: u64, kind: &'static str },
    Done { p: Vec<f64> },
}

#[derive(Serialize)]
struct Refusal<'a> {
    error: &'a str,
}

/// The line that says what is wrong.
pub fn refusal(error: &str) -> String {
    json(&Refusal { error })
}

impl Start {
    /// Reads the first line. The error is a sentence that says what to do.
    pub fn read(line: &str) -> Result<Self, String> {
        let Said::Start(started) = said(line)? else {
            return Err(format!("The first line must start the session: {START}."));
        };
        let Started { skills, items, self_report, cost, mode } = *started;
        if cost.is_some_and(|cost| !(cost.lesson > 0.0 && cost.item > 0.0)) {
            return Err("`cost` takes two numbers above 0, as in {\"lesson\":6,\"item\":1}.".into());
        }
        let numbers: Vec<u64> = skills.iter().map(|skill| skill.id).collect();
        let at: BTreeMap<u64, usize> = numbers.iter().enumerate().map(|(at, number)| (*number, at)).collect();
        let find = |number: u64, whose: &str| {
            at.get(&number)
                .copied()
                .ok_or_else(|| format!("{whose} names skill {number}, which is not in `skills`: add it, or name another."))
        };
        let cards = items.into_iter().map(|item| {
            let skill = find(item.skill, &format!("Item `{}`", item.id))?;
            Ok(ItemCard { id: item.id, skill, guess: item.guess, slip: item.slip, hard: item.guess <= HARD, placement: true })
        });
        let cards = cards.collect::<Result<Vec<_>, String>>()?;
        let skills = skills.into_iter().map(|skill| {
            let mut prerequisites = Vec::with_capacity(skill.prereqs.len());
            for number in skill.prereqs {
                prerequisites.push(find(number, &format!("Skill {}", skill.id))?);
            }
            prerequisites.sort_unstable();
            prerequisites.dedup();
            Ok(card(skill.id, skill.name, skill.area, skill.difficulty, prerequisites))
        });
        let skills = skills.collect::<Result<Vec<_>, String>>()?;
        let claims = self_report.map(|report| claims(&report, skills.len())).transpose()?;
        let curriculum = Curriculum::new(skills, cards).map_err(|problems| problems.join(" "))?;
        let mode = match mode {
            ModeSaid::Progress => Mode::Progress,
            ModeSaid::Certified => Mode::Certified,
        };
        Ok(Self { setup: Setup { curriculum, claims, mode }, numbers })
    }
}

fn card(id: u64, name: String, area: u64, difficulty: f64, prerequisites: Vec<usize>) -> Skill {
    Skill { id: id.to_string(), name, area: area.to_string(), difficulty, prerequisites, need: 1.0, written: true, minutes: 10 }
}

fn claims(report: &[u8], skills: usize) -> Result<Vec<bool>, String> {
    if report.len() != skills {
        return Err(format!("`self_report` has {} claims for {skills} skills: give one for each, 0 or 1, or leave it out.", report.len()));
    }
    match report.iter().find(|&&claim| claim > 1) {
        Some(odd) => Err(format!("`self_report` has a {odd}: a claim is 0 or 1.")),
        None => Ok(report.iter().map(|&claim| claim == 1).collect()),
    }
}

impl Session<'_> {
    /// Takes a line and tells the next decision. The error is a sentence that says what to do.
    pub fn line(&mut self, start: &Start, line: &str) -> Result<String, String> {
        let said = said(line)?;
        let taken = match said {
            Said::Start(_) => false,
            Said::Ok => self.go_on(),
            Said::Answer { guess: Some(guess), .. } if !(0.0..1.0).contains(&guess) => {
                return Err(format!("`guess` is {guess}: give a chance from 0 up to, and without, 1."));
            }
            Said::Answer { right, guess } => self.answer(right, guess),
        };
        if taken { Ok(self.told(start)) } else { Err(format!("This comes out of turn: {}.", self.expects())) }
    }

    /// The decision that stands, as a line.
    pub fn told(&self, start: &Start) -> String {
        let number = |skill: usize| start.numbers[skill];
        let p = || self.beliefs().into_iter().map(|p| libm::round(p * 1e4) / 1e4).collect();
        json(&match self.decision() {
            Decision::Item(item) => Say::Item { item: &start.setup.curriculum.items[item].id, p: p() },
            Decision::Placed => Say::Placed { p: p() },
            Decision::Lesson(skill) => Say::Lesson { skill: number(skill) },
            Decision::Practice(skill) => Say::Practice { skill: number(skill), kind: "numeric" },
            Decision::Done => Say::Done { p: p() },
        })
    }

    fn expects(&self) -> &'static str {
        match self.decision() {
            Decision::Item(_) => r#"a question was asked, so say {"op":"answer","right":true} or false"#,
            Decision::Practice(_) => r#"a question was asked, so say {"op":"answer","right":true,"guess":0.05} or the like"#,
            Decision::Placed | Decision::Lesson(_) => r#"say {"op":"ok"} to go on"#,
            Decision::Done => "all is done, so end the input here",
        }
    }
}

fn said(line: &str) -> Result<Said, String> {
    serde_json::from_str(line).map_err(|error| {
        let known = r#"A line is {"op":"start",...}, {"op":"answer","right":true} or {"op":"ok"}"#;
        format!("This line cannot be read: {error}. {known}.")
    })
}

/// Numbers and texts always make JSON.
fn json(what: &impl Serialize) -> String {
    serde_json::to_string(what).unwrap_or_default()
}
