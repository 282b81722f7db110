//! What an entry changed in the plan, in one sentence: the most important change that a learner
//! would notice, and nothing when there is none.

use record::{Entry, Treatment, What};

use crate::plan::{Moved, Plan, State};
use crate::reason::{Run, hard_words};
use crate::words::{counted, number, opening, quoted};
use crate::{Curriculum, Line};

/// One change, worth announcing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The skill whose line changed.
    pub skill: usize,
    pub what: Changed,
    /// What changed and why, in plain English.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Proved,
    Mastered,
    /// A prerequisite is called back for the sake of another skill.
    CalledBack {
        shaky: usize,
    },
    /// No longer proved, mastered or skipped.
    Reopened,
    Treatment {
        from: Treatment,
        to: Treatment,
    },
    SetAside,
}

/// The most important difference between the plans before and after an entry.
pub fn change(curriculum: &Curriculum, before: &Plan, after: &Plan, because: &Entry) -> Option<Change> {
    let earlier = by_skill(curriculum, before);
    let answered = match &because.what {
        What::Answered(answer) => curriculum.skill(&answer.skill),
        _ => None,
    };
    let mut changes = Vec::new();
    for (place, line) in after.lines.iter().enumerate() {
        if let Some((rank, changed)) = earlier[line.skill].and_then(|earlier| difference(earlier, line)) {
            // Among equals: what the answer was about, then the largest step, then what comes first.
            let about = Some(line.skill) != answered;
            changes.push(((rank, about, std::cmp::Reverse(step(changed)), place), changed));
        }
    }
    let &((.., place), what) = changes.iter().min_by_key(|(rank, _)| *rank)?;
    let line = &after.lines[place];
    let treated = changes.iter().filter(|(_, changed)| matches!(changed, Changed::Treatment { .. })).count() as u32;
    let others = if matches!(what, Changed::Treatment { .. }) { treated.saturating_sub(1) } else { 0 };
    Some(Change { skill: line.skill, what, sentence: sentence(curriculum, after, line, what, others, because) })
}

/// How far a treatment moved, from 1 to 3.
fn step(changed: Changed) -> u8 {
    match changed {
        Changed::Treatment { from, to } => (from as u8).abs_diff(to as u8),
        _ => 0,
    }
}

fn by_skill<'a>(curriculum: &Curriculum, plan: &'a Plan) -> Vec<Option<&'a Line>> {
    let mut lines = vec![None; curriculum.skills.len()];
    for line in &plan.lines {
        lines[line.skill] = Some(line);
    }
    lines
}

/// The change of one line with its rank, most important first.
fn difference(before: &Line, after: &Line) -> Option<(u8, Changed)> {
    let called = |line: &Line| match line.moved {
        Some(Moved::Back { shaky }) => Some(shaky),
        _ => None,
    };
    match (before.state, after.state) {
        (before, after) if before == after => {}
        (_, State::Proved) => return Some((0, Changed::Proved)),
        (State::Proved, State::Mastered) => return None,
        (_, State::Mastered) => return Some((1, Changed::Mastered)),
        (State::Proved | State::Mastered, _) | (State::Skipped, State::InProgress) => return Some((3, Changed::Reopened)),
        _ => {}
    }
    if let Some(shaky) = called(after).filter(|_| called(before).is_none()) {
        return Some((2, Changed::CalledBack { shaky }));
    }
    if after.set_aside && !before.set_aside {
        return Some((4, Changed::SetAside));
    }
    let noticed = !(before.done() && after.done()) && after.state != State::Unwritten;
    let treatment = Changed::Treatment { from: before.treatment, to: after.treatment };
    (before.treatment != after.treatment && noticed).then_some((5, treatment))
}

fn sentence(curriculum: &Curriculum, after: &Plan, line: &Line, what: Changed, others: u32, because: &Entry) -> String {
    let name = quoted(&curriculum.skills[line.skill].name);
    let effect = match what {
        Changed::Proved => {
            return format!("{name} is proved: three right answers in a row without help, two of them hard to guess.");
        }
        Changed::Mastered => format!("{name} is mastered"),
        Changed::CalledBack { shaky } => {
            let shaky_name = quoted(&curriculum.skills[shaky].name);
            return format!("{shaky_name} is still shaky, so we go back to {name}, which it rests on, for two questions.");
        }
        Changed::Reopened => format!("{name} is open again"),
        Changed::SetAside => {
            let answers = counted(line.answers.right + line.answers.wrong, "answer");
            return format!("{name} is set aside until the rest is done, because {answers} have not settled it.");
        }
        Changed::Treatment { to, .. } => format!("{name} {}{}", opens(to), and_others(others)),
    };
    match cause(curriculum, after, line, because) {
        Some(cause) => format!("{}, so {effect}.", opening(&cause)),
        None => format!("{effect}."),
    }
}

fn opens(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Skip => "is skipped",
        Treatment::Compress => "opens short",
        Treatment::Standard => "opens at full length",
        Treatment::Slow => "opens slowly, with a worked example first",
    }
}

fn and_others(others: u32) -> String {
    match others {
        0 => String::new(),
        1 => ", and one more module changes".into(),
        _ => format!(", and {} more modules change", number(others)),
    }
}

/// What happened, as a clause; `None` if the entry says nothing that explains a change.
fn cause(curriculum: &Curriculum, after: &Plan, line: &Line, because: &Entry) -> Option<String> {
    let on = |skill: &str| {
        let skill = curriculum.skill(skill)?;
        Some((skill, quoted(&curriculum.skills[skill].name)))
    };
    match &because.what {
        What::Answered(answer) => {
            let (skill, name) = on(&answer.skill)?;
            let run = after.line(skill)?.answers.run;
            // About the line itself, the name would stand twice in one sentence.
            let on = if skill == line.skill { String::new() } else { format!(" on {name}") };
            Some(run_words(run, &on))
        }
        What::Taught { skill, .. } => Some(format!("you read {}", on(skill)?.1)),
        What::Claimed { .. } => Some("you said what you know".into()),
        What::Profiled(_) => Some("your background changed".into()),
        What::Overruled { treatment: Some(_), .. } => Some("you chose it".into()),
        What::Overruled { treatment: None, .. } => Some("you left it to the plan".into()),
        What::PlacementBegan
        | What::PlacementEnded { .. }
        | What::Hinted { .. }
        | What::Predicted(_)
        | What::Wrote { .. }
        | What::Foresaw(_)
        | What::Certified { .. }
        | What::Doubted { .. }
        | What::Corrected { .. } => None,
    }
}

fn run_words(run: Run, on: &str) -> String {
    let noun = if run.right { "right answer" } else { "wrong answer" };
    let answers = counted(run.length, noun);
    match hard_words(run.length, run.hard, run.numbers).as_str() {
        hard if run.right => format!("{answers}{on}{hard}"),
        _ => format!("{answers}{on}"),
    }
}
