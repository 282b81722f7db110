//! The way on, as every page shows it: what the tutor says is next, in words and with its address.
//! What is next is decided in `tutor`, nowhere here.

use desk::Learner;
use record::Moment;
use tutor::{Because, Step};

use crate::form::segment;

/// One thing to do next.
#[derive(Debug, Clone)]
pub(crate) struct Onward {
    /// "Next: a question first"
    pub(crate) kicker: &'static str,
    /// The module: its number and title; or what there is to say where there is none.
    pub(crate) title: String,
    pub(crate) why: String,
    pub(crate) href: String,
    /// What the button says on the course page, where the module stands beside it.
    pub(crate) button: &'static str,
    /// What it says elsewhere: "Read 1.4 Waiting".
    pub(crate) label: String,
    /// A lesson's, at the depth that it opens with.
    pub(crate) minutes: Option<u32>,
    /// The skill it is about, and what kind of step it is.
    pub(crate) skill: String,
    pub(crate) step: Step,
    /// It comes back after an answer that was sure and wrong.
    mistaken: bool,
}

/// What is next for this learner at this hour.
pub(crate) fn onward(learner: &Learner, now: Moment) -> Onward {
    let ahead = learner.ahead(now);
    let shelf = &learner.shelf;
    let skill = ahead.skill().map(|at| &shelf.curriculum.skills[at]);
    let id = skill.map(|skill| skill.id.clone()).unwrap_or_default();
    let number = shelf.numbers().remove(&id).unwrap_or_default();
    let name = skill.map_or("", |skill| skill.name.as_str());
    let full = shelf.course.skill(&id).map_or(name, |row| row.title.as_str());
    let at = segment(&id);
    let (kicker, href, button, label) = match ahead.step {
        Step::Probe(_) => {
            ("Next: a question first", format!("/probe/{at}"), "Answer one question", format!("A question on {number} {name}"))
        }
        Step::Lesson(_) if matches!(ahead.because, Because::Again { .. }) => {
            ("Next: the lesson once more", format!("/learn/{at}?way=again"), "Read it again", format!("Read {number} {name} again"))
        }
        Step::Lesson(_) => ("Next: a lesson", format!("/learn/{at}"), "Go on", format!("Read {number} {name}")),
        Step::Practise(_) => ("Next: practice", format!("/practice/{at}"), "Practise", format!("Practise {number} {name}")),
        Step::Review(_) => ("Next: a review", "/review".into(), "Review", format!("Review {number} {name}")),
        Step::Done => ("Nothing is open", "/certificate".into(), "Certificates", "Certificates".into()),
    };
    let lesson = shelf.course.lessons.get(&id).filter(|_| matches!(ahead.step, Step::Lesson(_)));
    Onward {
        kicker,
        title: if ahead.step == Step::Done { "All that is written is done".into() } else { format!("{number} {full}") },
        why: ahead.sentence(&shelf.curriculum),
        href,
        button,
        label,
        minutes: lesson.map(|lesson| lesson.minutes.at(learner.depth(&id))),
        skill: id,
        step: ahead.step,
        mistaken: matches!(ahead.because, Because::Sure { .. }),
    }
}

impl Onward {
    /// Whether it is practice on this very skill.
    pub(crate) fn practises(&self, skill: &str) -> bool {
        matches!(self.step, Step::Practise(_)) && self.skill == skill
    }

    /// Whether it asks once more what was sure and wrong, on this very skill.
    pub(crate) fn corrects(&self, skill: &str) -> bool {
        self.mistaken && self.practises(skill)
    }

    /// Whether it asks about this skill before its lesson.
    pub(crate) fn asks_first(&self, skill: &str) -> bool {
        matches!(self.step, Step::Probe(_)) && self.skill == skill
    }
}
