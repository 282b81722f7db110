//! The course on the shelf: the pack as it was understood, and the same course as the tutor sees it.

use std::collections::BTreeMap;

use course::{Course, Loaded, Problem};
use tutor::{Curriculum, ItemCard, Skill};

#[derive(Debug)]
pub struct Shelf {
    pub course: Course,
    /// What is wrong with the pack; shown to authors.
    pub problems: Vec<Problem>,
    pub curriculum: Curriculum,
    /// How many questions each item of the curriculum can be, in its order.
    pub variations: Vec<u64>,
}

impl Shelf {
    /// Builds the tutor's view. `Err` says why this pack cannot be taught at all.
    pub fn new(loaded: Loaded) -> Result<Self, Vec<String>> {
        let Loaded { course, problems } = loaded;
        let superseded: Vec<&String> = course.items.values().filter_map(|item| item.supersedes.as_ref()).collect();
        let skills: Vec<Skill> = course.skills.iter().map(|skill| card(&course, skill)).collect();
        let items: Vec<&course::Item> = course.items.values().filter(|item| !superseded.contains(&&item.id)).collect();
        let index = |id: &str| course.skills.iter().position(|skill| skill.id == id);
        let cards = items
            .iter()
            .filter_map(|item| {
                Some(ItemCard {
                    id: item.id.clone(),
                    skill: index(&item.skill)?,
                    guess: item.guess(),
                    slip: item.slip(),
                    hard: item.hard(),
                    placement: item.placement,
                })
            })
            .collect();
        let variations = items.iter().filter(|item| index(&item.skill).is_some()).map(|item| item.variations()).collect();
        let curriculum = Curriculum::new(skills, cards)?.with_confusable(&confusable(&course)).with_capstone(&capstone(&course));
        Ok(Self { curriculum, course, problems, variations })
    }

    /// The number of every skill within the course, as it is printed: "1.4".
    pub fn numbers(&self) -> BTreeMap<String, String> {
        let mut numbers = BTreeMap::new();
        for (chapter_at, chapter) in self.course.text.chapters.iter().enumerate() {
            for (at, skill) in self.course.skills_of(&chapter.id).enumerate() {
                numbers.insert(skill.id.clone(), format!("{}.{}", chapter_at + 1, at + 1));
            }
        }
        numbers
    }
}

fn confusable(course: &Course) -> Vec<(usize, usize)> {
    let index = |id: &str| course.skills.iter().position(|skill| skill.id == id);
    let pairs = course.skills.iter().enumerate().flat_map(|(at, skill)| skill.confused_with.iter().map(move |other| (at, other)));
    pairs.filter_map(|(at, other)| Some((at, index(other)?))).collect()
}

fn capstone(course: &Course) -> Vec<usize> {
    let is_capstone = |id: &str| course.text.chapters.iter().any(|chapter| chapter.id == id && chapter.capstone);
    course.skills.iter().enumerate().filter(|(_, skill)| is_capstone(&skill.chapter)).map(|(at, _)| at).collect()
}

fn card(course: &Course, skill: &course::Skill) -> Skill {
    Skill {
        id: skill.id.clone(),
        name: short_title(&skill.title),
        area: skill.chapter.clone(),
        difficulty: skill.difficulty,
        prerequisites: skill.needs.iter().filter_map(|need| course.skills.iter().position(|other| other.id == *need)).collect(),
        need: 1.0,
        written: course.lessons.contains_key(&skill.id),
        minutes: course.lessons.get(&skill.id).map_or(skill.minutes, |lesson| lesson.minutes.standard),
    }
}

/// The part of a title that fits into a sentence: "Little's law and utilisation".
fn short_title(title: &str) -> String {
    title.split([':', ';']).next().unwrap_or(title).trim().to_owned()
}
