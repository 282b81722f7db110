//! How often an explanation names the planted cause: designs with one known weakness each, drawn by a
//! seed, run, explained, and compared with what was planted. The designs are in `scenes`.

mod command;
mod draft;
mod page;
mod scenes;

use design::{Experiment, Format, Resolved};
use judge::explain::{Explanation, Role, explain};
use sim::{Budget, ENGINE, Report};

pub use command::{USAGE, command};
pub use page::{COMMAND, page};
use scenes::SCENES;

/// A design with one known weakness.
#[derive(Debug, Clone)]
pub struct Scene {
    pub name: &'static str,
    pub seed: u64,
    pub text: String,
    pub cause: Planted,
}

/// What was planted, and how it is known again.
#[derive(Debug, Clone)]
pub enum Planted {
    Nothing,
    /// The first sentence must be about one of these components, name it, and have one of the words.
    Cause {
        components: Vec<String>,
        words: &'static [&'static str],
        also: Option<String>,
    },
}

/// What was said of a scene.
#[derive(Debug, Clone)]
pub struct Told {
    pub scene: Scene,
    pub first: String,
    pub all: Explanation,
    pub is_right: bool,
}

/// Each scene once, drawn with this seed.
pub fn scenes(seed: u64) -> Vec<Scene> {
    SCENES
        .iter()
        .enumerate()
        .map(|(number, (name, make))| {
            let mut draft = draft::Draft::new(seed.wrapping_mul(1_000).wrapping_add(number as u64));
            let cause = make(&mut draft);
            Scene { name, seed, text: draft.text(), cause }
        })
        .collect()
}

/// Runs a scene and explains it.
pub fn tell(scene: &Scene) -> Result<Told, String> {
    let (resolved, report) = run(&scene.text, scene.seed)?;
    let (requirements, problems) = judge::require::read(&resolved);
    if let Some(problem) = problems.first() {
        return Err(format!("{}: {}", scene.name, problem.message));
    }
    let verdicts = judge::require::judge(&requirements, &report);
    let all = explain(resolved.document(), &report, Some(&verdicts));
    let first = all.findings.first().map(|finding| finding.sentence.clone()).unwrap_or_default();
    let is_right = is_right(&scene.cause, &all);
    Ok(Told { scene: scene.clone(), first, all, is_right })
}

/// The rule: the first finding is a cause, about a planted component, and its sentence has the name of
/// that component and one of the words for the mechanism (and the name of the class, where one class
/// hurts another). Of a healthy design it says that all is well.
fn is_right(planted: &Planted, told: &Explanation) -> bool {
    let Some(first) = told.findings.first() else { return false };
    match planted {
        Planted::Nothing => first.role == Role::Well,
        Planted::Cause { components, words, also } => {
            let text = &first.sentence;
            let names = |name: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == name);
            let is_about = first.subject.as_ref().is_some_and(|subject| components.contains(subject) && names(subject));
            let lower = text.to_lowercase();
            first.role == Role::Cause
                && is_about
                && words.iter().any(|word| lower.contains(word))
                && also.as_ref().is_none_or(|class| names(class))
        }
    }
}

pub fn run(text: &str, seed: u64) -> Result<(Resolved, Report), String> {
    let loaded = design::read(text, Format::Toml);
    let told = |problems: &[design::Problem]| {
        problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect::<Vec<_>>().join("\n")
    };
    if !loaded.is_runnable() {
        return Err(format!("{}\n{text}", told(&loaded.problems)));
    }
    let resolved = design::resolve(&loaded.document).map_err(|problems| told(&problems))?;
    let budget = Budget { events: 20_000_000, ..Budget::default() };
    let report =
        sim::run(&Experiment { document: resolved.clone(), seed, engine: ENGINE.into() }, budget).map_err(|problems| told(&problems))?;
    Ok((resolved, report))
}
