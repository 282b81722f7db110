//! A whole pack: files in, course and problems out.

use std::collections::BTreeMap;

use design::{Document, Format};
use sha2::{Digest as _, Sha256};

use crate::background::Background;
use crate::item::{Form, Item, Numeric, Vars, lint};
use crate::lesson::{Lesson, read_file};
use crate::outline::{CourseText, Skill, SkillFile};
use crate::problem::{Problem, Reporter, Severity, read_toml};
use crate::prose;
use crate::stacks::Stacks;

/// Path in the pack (with `/`) -> text.
pub type Files = BTreeMap<String, String>;

/// The course as far as the pack could be understood.
#[derive(Debug, Clone, Default)]
pub struct Course {
    pub text: CourseText,
    pub skills: Vec<Skill>,
    pub stacks: Stacks,
    pub background: Background,
    /// By skill id.
    pub lessons: BTreeMap<String, Lesson>,
    /// By item id, of all files.
    pub items: BTreeMap<String, Item>,
    /// By path in the pack.
    pub designs: BTreeMap<String, Document>,
    /// SHA-256 of all files, in hexadecimal: two packs with the same digest are the same course.
    pub digest: String,
}

#[derive(Debug, Clone, Default)]
pub struct Loaded {
    pub course: Course,
    pub problems: Vec<Problem>,
}

impl Loaded {
    pub fn passes(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity < Severity::Error)
    }
}

/// Reads a pack. Never fails: what could not be understood is left out and named.
pub fn load(files: &Files) -> Loaded {
    let mut problems = Vec::new();
    let mut course = Course { digest: digest(files), ..Course::default() };
    if let Some(text) = toml_file(files, "course.toml", &mut problems) {
        course.text = text;
    }
    if let Some(SkillFile { skills }) = toml_file(files, "skills.toml", &mut problems) {
        course.skills = skills;
    }
    if let Some(stacks) = toml_file(files, "stacks.toml", &mut problems) {
        course.stacks = stacks;
    }
    // A pack without it reads stacks alone.
    if files.contains_key("background.toml")
        && let Some(background) = toml_file(files, "background.toml", &mut problems)
    {
        course.background = background;
    }
    for (path, text) in files {
        if path.contains("/designs/") && path.ends_with(".toml") {
            let document = read_design(path, text, &mut problems);
            course.designs.insert(path.clone(), document);
        }
    }
    for (path, text) in files {
        if path.ends_with(".md") && path.contains('/') {
            add_file(&mut course, path, text, &mut problems);
        }
    }
    for lesson in course.lessons.values_mut() {
        let file = lesson.file.clone();
        lesson.settle(&course.stacks, &course.background, &mut Reporter::new(&file, &mut problems));
    }
    check_references(&course, &mut problems);
    crate::background::check(&course, &mut problems);
    problems.sort();
    problems.dedup();
    Loaded { course, problems }
}

fn digest(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files {
        hash.update(format!("{path}\n{}\n", text.len()));
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn toml_file<T: serde::de::DeserializeOwned>(files: &Files, path: &str, problems: &mut Vec<Problem>) -> Option<T> {
    let mut report = Reporter::new(path, problems);
    match files.get(path) {
        Some(text) => read_toml(text, 0, &mut report),
        None => {
            report.suggest(0, "This file is missing.", "A pack has course.toml, skills.toml and stacks.toml at its root.");
            None
        }
    }
}

fn read_design(path: &str, text: &str, problems: &mut Vec<Problem>) -> Document {
    let loaded = design::read(text, Format::Toml);
    for problem in loaded.problems {
        problems.push(Problem {
            file: path.to_owned(),
            line: problem.line.unwrap_or(0),
            severity: if problem.severity == design::Severity::Error { Severity::Error } else { Severity::Note },
            message: format!("{}: {}", problem.path, problem.message),
            suggestion: problem.suggestion,
        });
    }
    loaded.document
}

fn add_file(course: &mut Course, path: &str, text: &str, problems: &mut Vec<Problem>) {
    let mut report = Reporter::new(path, problems);
    let content = read_file(path, text, &mut report);
    for mut item in content.items {
        let line = item.line;
        if let Form::Saturates(saturates) = &mut item.form
            && let Some(design) = course.designs.get(&saturates.design)
        {
            let receives = design.components.iter().filter(|(_, component)| component.kind != "clients");
            saturates.boxes = receives.map(|(name, _)| name.clone()).collect();
        }
        if !course.skills.iter().any(|skill| skill.id == item.skill) {
            report.suggest(
                line,
                format!("Item {} belongs to no skill.", item.id),
                "Its id is the skill's id, a point and a number: read.queueing.03.",
            );
        }
        if let Some(earlier) = course.items.insert(item.id.clone(), item) {
            report.error(line, format!("Item {} is also in {}:{}.", earlier.id, earlier.file, earlier.line));
        }
    }
    if let Some(lesson) = content.lesson {
        if !course.skills.iter().any(|skill| skill.id == lesson.skill) {
            report.suggest(1, format!("There is no skill “{}”.", lesson.skill), "Add it to skills.toml, or mend the head of this file.");
        } else if let Some(earlier) = course.lessons.get(&lesson.skill) {
            report.error(1, format!("{} is also taught in {}.", lesson.skill, earlier.file));
        } else {
            course.lessons.insert(lesson.skill.clone(), lesson);
        }
    }
}

/// Checks that whatever is named exists.
fn check_references(course: &Course, problems: &mut Vec<Problem>) {
    let mut report = Reporter::new("skills.toml", problems);
    for skill in &course.skills {
        if !course.text.chapters.iter().any(|chapter| chapter.id == skill.chapter) {
            report.error(0, format!("The skill {} is in a chapter “{}” that course.toml does not have.", skill.id, skill.chapter));
        }
        for need in skill.needs.iter().filter(|need| course.skill(need).is_none()) {
            report.error(0, format!("The skill {} needs “{need}”, which does not exist.", skill.id));
        }
        for other in &skill.confused_with {
            if course.skill(other).is_none() || *other == skill.id {
                report.suggest(
                    0,
                    format!("The skill {} is said to be confused with “{other}”.", skill.id),
                    "Name the id of another skill of this file.",
                );
            }
        }
        if course.skills.iter().filter(|other| other.id == skill.id).count() > 1 {
            report.error(0, format!("The skill {} stands twice.", skill.id));
        }
    }
    for lesson in course.lessons.values() {
        let mut report = Reporter::new(&lesson.file, problems);
        check_again(lesson, &mut report);
        let designs = lesson
            .claims
            .values()
            .map(|claim| (claim.line, &claim.run))
            .chain(lesson.figures.values().map(|figure| (figure.line, &figure.design)));
        for (line, design) in designs {
            if !course.designs.contains_key(design) {
                report.error(line, format!("There is no design “{design}” in the pack."));
            }
        }
    }
    for item in course.items.values() {
        let mut report = Reporter::new(&item.file, problems);
        check_item(course, item, &mut report);
    }
}

fn check_item(course: &Course, item: &Item, report: &mut Reporter<'_>) {
    if let Some(path) = item.design() {
        match course.designs.get(path) {
            Some(design) => check_settings(item, design, report),
            None => report.error(item.line, format!("There is no design “{path}” in the pack.")),
        }
    }
    if let Form::Saturates(saturates) = &item.form {
        for name in saturates.say.keys().chain([&saturates.first]).filter(|name| !saturates.boxes.contains(name)) {
            report.suggest(
                item.line,
                format!("Item {} speaks of a box “{name}”, which cannot be chosen.", item.id),
                format!("It has: {}.", saturates.boxes.join(", ")),
            );
        }
    }
    check_sums(item, TRIED, report);
    check_numeric(item, TRIED, report);
    // Varied words can come out badly with some values only.
    for seed in 0..item.variations().min(SHOWN) {
        let vars = item.vars(seed);
        let before = report.count();
        lint(item, &|text| course.item_plain(item, text, &vars), report);
        if report.count() > before {
            return;
        }
    }
}

/// Every setting of an item must fit its design, one by one.
fn check_settings(item: &Item, design: &Document, report: &mut Reporter<'_>) {
    let mut try_all = |settings: Vec<(&String, &String)>| {
        let mut changed = design.clone();
        for (path, text) in settings {
            if let Err(problem) = design::set(&mut changed, path, text) {
                report.error(item.line, format!("In item {}, {path} = {text}: {}", item.id, problem.message));
            }
        }
    };
    match &item.form {
        Form::Predict(predict) => {
            try_all(predict.before.iter().collect());
            try_all(predict.after.iter().collect());
        }
        Form::Saturates(saturates) => try_all(saturates.set.iter().collect()),
        Form::Repair(repair) => {
            try_all(repair.set.iter().collect());
            for offer in &repair.offers {
                for change in &offer.to {
                    try_all(repair.set.iter().chain([(&offer.path, &change.value)]).collect());
                }
            }
        }
        _ => {}
    }
}

/// Of so many variations the words are looked at.
const SHOWN: u64 = 50;
/// Of an item with more variations than this, so many are tried whenever a pack is read; they lie
/// far from each other.
const TRIED: u64 = 60;
/// And so many when a pack is checked, which may take its time.
const TRIED_IN_CHECK: u64 = 2_000;

/// Tries many variations of every item; what reading the pack does with a few.
pub fn try_variations(course: &Course) -> Vec<Problem> {
    let mut problems = Vec::new();
    for item in course.items.values().filter(|item| item.variations() > TRIED) {
        let mut report = Reporter::new(&item.file, &mut problems);
        check_sums(item, TRIED_IN_CHECK, &mut report);
        check_numeric(item, TRIED_IN_CHECK, &mut report);
    }
    problems
}

/// The named steps of an item must compute with every variation.
fn check_sums(item: &Item, tried: u64, report: &mut Reporter<'_>) {
    if item.sums.trim().is_empty() {
        return;
    }
    for seed in 0..item.variations().min(tried) {
        if let Err(message) = item.solve("", seed) {
            report.error(item.line, format!("sums of item {} cannot be computed with {:?}: {message}", item.id, item.vars(seed)));
            return;
        }
    }
}

/// Words of a second explanation.
const AGAIN: std::ops::RangeInclusive<usize> = 80..=150;

/// Whoever misses several answers gets the second explanation, so there must be one.
fn check_again(lesson: &Lesson, report: &mut Reporter<'_>) {
    match lesson.count(crate::BlockKind::Again) {
        0 => report.suggest(
            0,
            "This lesson has no second explanation, for whoever misses several answers in a row.",
            "Write a block ::: again of 80 to 150 words that comes at the idea from another side.",
        ),
        1 => {
            let (_, html) = lesson.again().unwrap_or_default();
            let words = words(&html);
            if !AGAIN.contains(&words) {
                report.note(0, format!("The second explanation (::: again) has {words} words; between 80 and 150 are read at a sitting."));
            }
        }
        _ => report.suggest(0, "This lesson has several second explanations.", "Keep one block ::: again; it is shown on its own."),
    }
}

/// Words of HTML that a reader sees.
fn words(html: &str) -> usize {
    let mut inside = false;
    let shown = |c: char| {
        inside = (inside || c == '<') && c != '>';
        if inside || c == '>' { ' ' } else { c }
    };
    html.chars().map(shown).collect::<String>().split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// Every variation of a numeric item must compute, and no slip may be taken for the answer.
fn check_numeric(item: &Item, tried: u64, report: &mut Reporter<'_>) {
    let Form::Numeric(numeric) = &item.form else { return };
    for seed in 0..item.variations().min(tried) {
        if let Err(message) = check_variation(item, numeric, seed) {
            report.error(item.line, format!("Item {} with {:?}: {message}", item.id, item.vars(seed)));
            return;
        }
    }
}

fn check_variation(item: &Item, numeric: &Numeric, seed: u64) -> Result<(), String> {
    let solved =
        |what: &str, text: &str| item.solve(text, seed).map_err(|message| format!("{what} “{text}” cannot be computed: {message}"));
    let key = solved("solve", &numeric.solve)?;
    if !(key.value.is_finite() && key.value > 0.0) {
        return Err(format!("the answer is {key}; it should be positive."));
    }
    if let Some(unit) = &numeric.unit
        && units::Quantity::parse(&format!("1 {unit}")).is_ok_and(|unit| unit.dimension != key.dimension)
    {
        return Err(format!("the answer {key} is not in {unit}."));
    }
    let (mut low, mut high) = (key.value, key.value);
    if let Some([from, to]) = &numeric.band {
        (low, high) = (solved("the band's", from)?.value, solved("the band's", to)?.value);
        if !(0.0 < low && low <= key.value && key.value <= high) {
            return Err(format!("the answer {key} does not lie in its band."));
        }
    }
    for slip in &numeric.slips {
        let wrong = solved("the slip", &slip.solve)?;
        let near = numeric.within.unwrap_or(0.4);
        if wrong.dimension == key.dimension && (low * (1.0 - near)..=high * (1.0 + near)).contains(&wrong.value) {
            return Err(format!("the slip “{}” comes to {wrong}, which is taken for the answer {key}.", slip.solve));
        }
    }
    Ok(())
}

impl Course {
    pub fn skill(&self, id: &str) -> Option<&Skill> {
        self.skills.iter().find(|skill| skill.id == id)
    }

    pub fn skills_of<'a>(&'a self, chapter: &'a str) -> impl Iterator<Item = &'a Skill> {
        self.skills.iter().filter(move |skill| skill.chapter == chapter)
    }

    pub fn items_of<'a>(&'a self, skill: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.values().filter(move |item| item.skill == skill)
    }

    /// HTML of a text of an item: its lesson's claims and sources, its own varied values.
    pub fn item_html(&self, item: &Item, text: &str, vars: &Vars) -> String {
        match self.lessons.get(&item.skill) {
            Some(lesson) => lesson.html(text, vars),
            None => prose::html(text, prose::Context { values: &BTreeMap::new(), sources: &[], vars }),
        }
    }

    /// The same without markup.
    pub fn item_plain(&self, item: &Item, text: &str, vars: &Vars) -> String {
        match self.lessons.get(&item.skill) {
            Some(lesson) => lesson.plain(text, vars),
            None => prose::plain(text, prose::Context { values: &BTreeMap::new(), sources: &[], vars }),
        }
    }
}
