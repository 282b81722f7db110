//! What can be learned and asked: skills with their prerequisites, and the items that test them.
//! Checked once when it is made, so that nothing after it meets an unknown id or a cycle.

use std::collections::BTreeMap;

use crate::network::Network;

const SKILLS_MAX: usize = 1_000;
const ITEMS_MAX: usize = 50_000;

/// Skills and items, valid by construction. Read the fields freely; a changed list needs a new curriculum.
#[derive(Debug, Clone)]
pub struct Curriculum {
    pub skills: Vec<Skill>,
    pub items: Vec<ItemCard>,
    by_id: BTreeMap<String, usize>,
    item_by_id: BTreeMap<String, usize>,
    items_of: Vec<Vec<usize>>,
    order: Vec<usize>,
    dependants: Vec<Vec<usize>>,
    kin: Vec<Vec<Kin>>,
    network: Network,
    /// For each skill those that it is taken for.
    confusable: Vec<Vec<usize>>,
    capstone: Vec<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Skill {
    pub id: String,
    pub name: String,
    pub area: String,
    /// How hard, as its author judges it \[logits\]; 0 is middling.
    pub difficulty: f64,
    /// Indices into [`Curriculum::skills`]: what must come before.
    pub prerequisites: Vec<usize>,
    /// Weight for the learner's goal; 1 is ordinary.
    pub need: f64,
    /// Whether this pack has its lesson.
    pub written: bool,
    /// The lesson at standard depth \[minutes\].
    pub minutes: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ItemCard {
    pub id: String,
    /// Index into [`Curriculum::skills`].
    pub skill: usize,
    /// The chance of being right without knowing.
    pub guess: f64,
    /// The chance of being wrong while knowing.
    pub slip: f64,
    /// Numeric, simulated or written: hard to guess.
    pub hard: bool,
    /// May be asked in the placement.
    pub placement: bool,
}

/// How another skill is related to a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kin {
    /// It rests on that skill, at whatever distance.
    Above,
    /// That skill rests on it.
    Below,
    /// Neither; or it is that skill.
    Other,
}

impl Curriculum {
    /// All that is wrong, one sentence each, or a curriculum that is sound.
    pub fn new(skills: Vec<Skill>, items: Vec<ItemCard>) -> Result<Self, Vec<String>> {
        let problems = problems(&skills, &items);
        if !problems.is_empty() {
            return Err(problems);
        }
        let order = reading_order(&skills)?;
        let mut dependants = vec![Vec::new(); skills.len()];
        for (index, skill) in skills.iter().enumerate() {
            for &needed in &skill.prerequisites {
                dependants[needed].push(index);
            }
        }
        let mut items_of = vec![Vec::new(); skills.len()];
        for (index, item) in items.iter().enumerate() {
            items_of[item.skill].push(index);
        }
        Ok(Self {
            by_id: skills.iter().enumerate().map(|(index, skill)| (skill.id.clone(), index)).collect(),
            item_by_id: items.iter().enumerate().map(|(index, item)| (item.id.clone(), index)).collect(),
            kin: (0..skills.len()).map(|of| kin(&skills, &dependants, of)).collect(),
            network: Network::new(&skills, &order),
            confusable: vec![Vec::new(); skills.len()],
            capstone: vec![false; skills.len()],
            items_of,
            order,
            dependants,
            skills,
            items,
        })
    }

    /// With pairs of skills whose problems look alike: practice mixes them. Numbers of no skill are
    /// passed over, and so is a skill beside itself.
    pub fn with_confusable(mut self, pairs: &[(usize, usize)]) -> Self {
        for &(one, other) in pairs.iter().filter(|(one, other)| one != other) {
            for (of, with) in [(one, other), (other, one)] {
                let known = with < self.skills.len();
                if let Some(held) = self.confusable.get_mut(of).filter(|held| known && !held.contains(&with)) {
                    held.push(with);
                }
            }
        }
        self
    }

    /// With the skills in which the others are used together, at the end of the course.
    pub fn with_capstone(mut self, skills: &[usize]) -> Self {
        for &skill in skills {
            if let Some(capstone) = self.capstone.get_mut(skill) {
                *capstone = true;
            }
        }
        self
    }

    /// The skills whose problems look like those of this one.
    pub fn confusable(&self, skill: usize) -> &[usize] {
        &self.confusable[skill]
    }

    /// What a skill of the capstone rests on, at whatever distance; nothing for any other skill.
    pub(crate) fn gathered_by(&self, skill: usize) -> Vec<usize> {
        let below = || self.kin[skill].iter().enumerate().filter(|(_, kin)| **kin == Kin::Below).map(|(at, _)| at);
        if self.capstone[skill] { below().filter(|&at| !self.capstone[at]).collect() } else { Vec::new() }
    }

    /// The index of the skill with this id.
    pub fn skill(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The index of the item with this id.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.item_by_id.get(id).copied()
    }

    /// The items of a skill, as indices, in the order they were given.
    pub fn items_of(&self, skill: usize) -> &[usize] {
        &self.items_of[skill]
    }

    /// The order they were given in, except that prerequisites come first.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    pub(crate) fn dependants(&self, skill: usize) -> &[usize] {
        &self.dependants[skill]
    }

    /// How every other skill is related to this one.
    pub(crate) fn kin(&self, skill: usize) -> &[Kin] {
        &self.kin[skill]
    }

    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    /// The same with other weights for the goal, one for each skill in order; what is missing, or is no
    /// number from 0 upwards, stays as it is.
    pub fn with_needs(&self, needs: &[f64]) -> Self {
        let mut own = self.clone();
        for (skill, &need) in own.skills.iter_mut().zip(needs).filter(|(_, need)| need.is_finite() && **need >= 0.0) {
            skill.need = need;
        }
        own
    }
}

fn problems(skills: &[Skill], items: &[ItemCard]) -> Vec<String> {
    if skills.len() > SKILLS_MAX || items.len() > ITEMS_MAX {
        return vec![format!(
            "A curriculum holds at most {SKILLS_MAX} skills and {ITEMS_MAX} items; this one has {} and {}.",
            skills.len(),
            items.len()
        )];
    }
    let mut found = Vec::new();
    let mut seen = BTreeMap::new();
    for (index, skill) in skills.iter().enumerate() {
        let id = &skill.id;
        if let Some(first) = seen.insert(id, index) {
            found.push(format!("Skill `{id}` stands twice, at {first} and {index}: ids must differ."));
        }
        for &needed in &skill.prerequisites {
            if needed >= skills.len() {
                found.push(format!("Skill `{id}` needs skill number {needed}, but there are only {}.", skills.len()));
            }
        }
        if !skill.difficulty.is_finite() {
            found.push(format!("Skill `{id}` has no finite difficulty: give a number of logits, usually from -3 to 3."));
        }
        if !(skill.need.is_finite() && skill.need >= 0.0) {
            found.push(format!("Skill `{id}` has need {}: give a number from 0 upwards, 1 for ordinary.", skill.need));
        }
    }
    let mut seen = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let id = &item.id;
        if let Some(first) = seen.insert(id, index) {
            found.push(format!("Item `{id}` stands twice, at {first} and {index}: ids must differ."));
        }
        if item.skill >= skills.len() {
            found.push(format!("Item `{id}` tests skill number {}, but there are only {}.", item.skill, skills.len()));
        }
        let chance = 0.0..1.0;
        if !(chance.contains(&item.guess) && chance.contains(&item.slip) && item.guess + item.slip < 1.0) {
            found.push(format!(
                "Item `{id}` has guess {} and slip {}: both must be at least 0, and together less than 1, or an answer says nothing.",
                item.guess, item.slip
            ));
        }
    }
    found
}

/// Prerequisites first, otherwise as given.
fn reading_order(skills: &[Skill]) -> Result<Vec<usize>, Vec<String>> {
    let mut order = Vec::with_capacity(skills.len());
    let mut placed = vec![false; skills.len()];
    while order.len() < skills.len() {
        let free = |index: &usize| !placed[*index] && skills[*index].prerequisites.iter().all(|&needed| placed[needed]);
        let Some(next) = (0..skills.len()).find(free) else {
            return Err(vec![cycle(skills, &placed)]);
        };
        placed[next] = true;
        order.push(next);
    }
    Ok(order)
}

/// Among skills that wait for each other, walking from any to an unplaced prerequisite must come round.
fn cycle(skills: &[Skill], placed: &[bool]) -> String {
    let mut walk: Vec<usize> = Vec::new();
    let mut at = placed.iter().position(|placed| !placed).unwrap_or(0);
    while !walk.contains(&at) {
        walk.push(at);
        let waiting = skills[at].prerequisites.iter().find(|&&needed| !placed[needed]);
        at = waiting.copied().unwrap_or(at);
    }
    let start = walk.iter().position(|&index| index == at).unwrap_or(0);
    let mut ids: Vec<&str> = walk[start..].iter().map(|&index| skills[index].id.as_str()).collect();
    ids.push(&skills[at].id);
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    format!("These skills need each other in a circle: {}. Remove one of the needs.", ids.join(" needs "))
}

fn kin(skills: &[Skill], dependants: &[Vec<usize>], of: usize) -> Vec<Kin> {
    let mut kin = vec![Kin::Other; skills.len()];
    mark(&mut kin, of, Kin::Below, |skill| &skills[skill].prerequisites);
    mark(&mut kin, of, Kin::Above, |skill| &dependants[skill]);
    kin
}

/// Marks all that can be reached by these steps.
fn mark<'a>(kin: &mut [Kin], from: usize, mark: Kin, steps: impl Fn(usize) -> &'a Vec<usize>) {
    let mut edge = vec![from];
    while let Some(skill) = edge.pop() {
        for &next in steps(skill) {
            if kin[next] != mark {
                kin[next] = mark;
                edge.push(next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skill(id: &str, prerequisites: &[usize]) -> Skill {
        Skill {
            id: id.into(),
            name: id.to_uppercase(),
            area: "one".into(),
            difficulty: 0.0,
            prerequisites: prerequisites.to_vec(),
            need: 1.0,
            written: true,
            minutes: 10,
        }
    }

    fn item(id: &str, skill: usize) -> ItemCard {
        ItemCard { id: id.into(), skill, guess: 0.25, slip: 0.1, hard: false, placement: true }
    }

    #[test]
    fn prerequisites_come_first_and_otherwise_the_given_order_stays() {
        let curriculum = Curriculum::new(vec![skill("c", &[2]), skill("a", &[]), skill("b", &[])], vec![item("i", 0)]).unwrap();
        assert_eq!(curriculum.order(), [1, 2, 0]);
        assert_eq!(curriculum.skill("b"), Some(2));
        assert_eq!(curriculum.items_of(0), [0]);
    }

    #[test]
    fn a_circle_is_named_in_full() {
        let problems = Curriculum::new(vec![skill("a", &[2]), skill("b", &[0]), skill("c", &[1]), skill("d", &[0])], vec![]).unwrap_err();
        assert_eq!(problems, ["These skills need each other in a circle: `a` needs `c` needs `b` needs `a`. Remove one of the needs."]);
        let alone = Curriculum::new(vec![skill("a", &[0])], vec![]).unwrap_err();
        assert_eq!(alone, ["These skills need each other in a circle: `a` needs `a`. Remove one of the needs."]);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let mut odd = item("i", 7);
        odd.guess = 0.95;
        let mut hard = skill("a", &[9]);
        hard.difficulty = f64::NAN;
        hard.need = -1.0;
        let problems = Curriculum::new(vec![hard, skill("a", &[])], vec![odd, item("i", 0)]).unwrap_err();
        expect_test::expect![[r#"
            Skill `a` needs skill number 9, but there are only 2.
            Skill `a` has no finite difficulty: give a number of logits, usually from -3 to 3.
            Skill `a` has need -1: give a number from 0 upwards, 1 for ordinary.
            Skill `a` stands twice, at 0 and 1: ids must differ.
            Item `i` tests skill number 7, but there are only 2.
            Item `i` has guess 0.95 and slip 0.1: both must be at least 0, and together less than 1, or an answer says nothing.
            Item `i` stands twice, at 0 and 1: ids must differ."#]]
        .assert_eq(&problems.join("\n"));
    }

    #[test]
    fn kin_are_found_at_any_distance() {
        let chain = vec![skill("a", &[]), skill("b", &[0]), skill("c", &[1]), skill("x", &[])];
        let curriculum = Curriculum::new(chain, vec![]).unwrap();
        assert_eq!(curriculum.kin(1), [Kin::Below, Kin::Other, Kin::Above, Kin::Other]);
        assert_eq!(curriculum.kin(2), [Kin::Below, Kin::Below, Kin::Other, Kin::Other]);
    }
}
