//! What the skills say of each other: a Bayesian network of ability, areas and prerequisites.
//!
//! A learner has an ability and, in each area, a level near it. A skill is known with a chance that
//! rises with the level of its area over its difficulty, and seldom while a prerequisite is missing.
//! Beliefs follow by messages along these relations (loopy belief propagation), a fixed number of
//! rounds after every entry: no randomness, the same bytes everywhere. The network is about what was
//! known when the course began; what the course has taught since is in `own`.

use crate::Skill;

/// Levels are taken in these steps \[logits\]: enough of them for learners far from the middle.
const LEVELS: usize = 13;
const STEP: f64 = 0.7;
/// How far abilities differ between learners, and areas within a learner \[logits, one sigma\].
const ABILITY: f64 = 1.3;
const AREA: f64 = 1.0;
/// How fast the chance rises with the level. Flatter than for a difficulty known exactly: an author's
/// judgement is off by about .7 logits, and a belief that trusts it more is too sure of itself.
const SLOPE: f64 = 1.25;
/// What is left of the chance while a prerequisite is missing: some edges are wrong, too.
const LEAK: f64 = 0.17;
/// Own evidence of one skill stays within these odds.
const ODDS_MOST: f64 = 1e6;
/// Rounds at the start, when nothing has been passed on yet, and after each entry.
const ROUNDS_FIRST: usize = 6;
const ROUNDS: usize = 2;

type Levels = [f64; LEVELS];

/// The relations, made once for a curriculum.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    nodes: Vec<Node>,
    areas: Vec<Vec<usize>>,
    /// Prerequisites first.
    order: Vec<usize>,
    edges: usize,
    /// From ability (row) to the level of an area.
    spread: [Levels; LEVELS],
}

#[derive(Debug, Clone)]
struct Node {
    /// The chance of knowing it at each level, all prerequisites known.
    curve: Levels,
    /// Edges to prerequisites, and to skills that rest on this one.
    below: Vec<usize>,
    above: Vec<usize>,
}

/// The messages between skills, and the beliefs that follow from them.
#[derive(Debug, Clone)]
pub(crate) struct Messages {
    ability: Levels,
    /// Odds that a skill's own answers and claims give it.
    evidence: Vec<f64>,
    /// What a skill says to a prerequisite, as odds, and a prerequisite to it, as a chance; by edge.
    down: Vec<f64>,
    up: Vec<f64>,
    /// The chance by level alone, and that all prerequisites are there.
    by_level: Vec<f64>,
    ready: Vec<f64>,
    to_area: Vec<Levels>,
    /// The odds that it was known when the course began.
    odds: Vec<f64>,
}

impl Network {
    pub(crate) fn new(skills: &[Skill], order: &[usize]) -> Self {
        let mut names: Vec<&str> = skills.iter().map(|skill| skill.area.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let mut areas = vec![Vec::new(); names.len()];
        let mut nodes: Vec<Node> = Vec::with_capacity(skills.len());
        for (index, skill) in skills.iter().enumerate() {
            let area = names.binary_search(&skill.area.as_str()).unwrap_or(0);
            areas[area].push(index);
            let curve = std::array::from_fn(|at| sigmoid(SLOPE * (level(at) - skill.difficulty)));
            nodes.push(Node { curve, below: Vec::new(), above: Vec::new() });
        }
        let mut edges = 0;
        for (index, skill) in skills.iter().enumerate() {
            for &needed in &skill.prerequisites {
                nodes[index].below.push(edges);
                nodes[needed].above.push(edges);
                edges += 1;
            }
        }
        let spread = std::array::from_fn(|ability| bell(level(ability), AREA));
        Self { nodes, areas, order: order.to_vec(), edges, spread }
    }

    /// Beliefs before any evidence, for someone of this level.
    pub(crate) fn start(&self, level: f64) -> Messages {
        let count = self.nodes.len();
        let mut messages = Messages {
            ability: bell(level, ABILITY),
            evidence: vec![1.0; count],
            down: vec![1.0; self.edges],
            up: vec![0.5; self.edges],
            by_level: vec![0.5; count],
            ready: vec![1.0; count],
            to_area: vec![[1.0; LEVELS]; count],
            odds: vec![1.0; count],
        };
        for _ in 0..ROUNDS_FIRST {
            self.round(&mut messages);
        }
        messages
    }

    /// Passes on what follows from new evidence.
    pub(crate) fn settle(&self, messages: &mut Messages) {
        for _ in 0..ROUNDS {
            self.round(messages);
        }
    }

    fn round(&self, messages: &mut Messages) {
        for &skill in self.order.iter().rev() {
            self.tell_prerequisites(messages, skill);
        }
        self.tell_areas(messages);
        for &skill in &self.order {
            self.tell_dependants(messages, skill);
        }
    }

    /// The odds of a skill by its own evidence and all that rests on it.
    fn odds_from_above(&self, messages: &Messages, skill: usize) -> f64 {
        let odds = self.nodes[skill].above.iter().fold(messages.evidence[skill], |odds, &edge| odds * messages.down[edge]);
        // A thousand skills may rest on one; their product must stay a number.
        odds.clamp(ODDS_MOST.recip() * ODDS_MOST.recip(), ODDS_MOST * ODDS_MOST)
    }

    fn tell_prerequisites(&self, messages: &mut Messages, skill: usize) {
        let below = &self.nodes[skill].below;
        let more = self.odds_from_above(messages, skill) - 1.0;
        let by_level = messages.by_level[skill];
        for &edge in below {
            let others: f64 = below.iter().filter(|&&other| other != edge).map(|&other| messages.up[other]).product();
            let (with, without) = (by_level * chance_if(others), by_level * LEAK);
            messages.down[edge] = (1.0 + with * more) / (1.0 + without * more);
        }
    }

    fn tell_areas(&self, messages: &mut Messages) {
        let mut joint = vec![[1.0; LEVELS]; self.areas.len()];
        let mut to_ability = vec![[0.0; LEVELS]; self.areas.len()];
        for (area, skills) in self.areas.iter().enumerate() {
            for &skill in skills {
                multiply(&mut joint[area], &messages.to_area[skill]);
            }
            to_ability[area] = self.spread.map(|row| dot(&row, &joint[area]));
        }
        for (area, skills) in self.areas.iter().enumerate() {
            let mut cavity = messages.ability;
            for (_, other) in to_ability.iter().enumerate().filter(|(other, _)| *other != area) {
                multiply(&mut cavity, other);
            }
            let mut levels = [0.0; LEVELS];
            for (row, weight) in self.spread.iter().zip(cavity) {
                for (at, share) in row.iter().enumerate() {
                    levels[at] += share * weight;
                }
            }
            multiply(&mut levels, &joint[area]);
            for &skill in skills {
                let (mut sum, mut known) = (0.0, 0.0);
                let told = levels.iter().zip(&messages.to_area[skill]).zip(&self.nodes[skill].curve);
                for ((level, own), chance) in told {
                    let weight = level / own;
                    sum += weight;
                    known += weight * chance;
                }
                messages.by_level[skill] = known / sum;
            }
        }
    }

    fn tell_dependants(&self, messages: &mut Messages, skill: usize) {
        let node = &self.nodes[skill];
        let ready = chance_if(node.below.iter().map(|&edge| messages.up[edge]).product());
        messages.ready[skill] = ready;
        let from_above = self.odds_from_above(messages, skill);
        messages.to_area[skill] = node.curve.map(|chance| 1.0 + chance * ready * (from_above - 1.0));
        let before = messages.by_level[skill] * ready;
        let odds = before / (1.0 - before) * from_above;
        messages.odds[skill] = odds;
        for &edge in &node.above {
            let without = odds / messages.down[edge];
            messages.up[edge] = without / (1.0 + without);
        }
    }
}

impl Messages {
    /// Replaces the evidence on one skill: how much likelier all of it is from someone who knew.
    pub(crate) fn put(&mut self, skill: usize, odds: f64) {
        self.evidence[skill] = odds.clamp(1.0 / ODDS_MOST, ODDS_MOST);
    }

    /// The odds that it was known when the course began.
    pub(crate) fn odds(&self, skill: usize) -> f64 {
        self.odds[skill]
    }

    /// The odds by level alone, as if all prerequisites were known, and no evidence of its own.
    pub(crate) fn odds_by_level(&self, skill: usize) -> f64 {
        self.by_level[skill] / (1.0 - self.by_level[skill])
    }
}

/// The share of the chance by level that is left when prerequisites are there with this chance.
fn chance_if(ready: f64) -> f64 {
    LEAK + (1.0 - LEAK) * ready
}

fn level(at: usize) -> f64 {
    (at as f64 - (LEVELS / 2) as f64) * STEP
}

/// A normal distribution over the levels.
fn bell(mean: f64, sigma: f64) -> Levels {
    let raw: Levels = std::array::from_fn(|at| {
        let away = (level(at) - mean) / sigma;
        libm::exp(-0.5 * away * away)
    });
    let sum: f64 = raw.iter().sum();
    raw.map(|weight| weight / sum)
}

/// The product, scaled so that its largest is 1: many small factors must not vanish.
fn multiply(into: &mut Levels, by: &Levels) {
    let mut most = 0.0_f64;
    for (weight, factor) in into.iter_mut().zip(by) {
        *weight *= factor;
        most = most.max(*weight);
    }
    let scale = 1.0 / most;
    for weight in into {
        *weight *= scale;
    }
}

fn dot(a: &Levels, b: &Levels) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skill(area: &str, difficulty: f64, prerequisites: &[usize]) -> Skill {
        Skill {
            id: String::new(),
            name: String::new(),
            area: area.into(),
            difficulty,
            prerequisites: prerequisites.to_vec(),
            need: 1.0,
            written: true,
            minutes: 10,
        }
    }

    /// Two areas; c rests on a and b, d on b, e on c and d.
    fn five() -> Network {
        let skills =
            [skill("x", -0.5, &[]), skill("x", 0.0, &[]), skill("y", 0.5, &[0, 1]), skill("x", 0.3, &[1]), skill("y", 0.8, &[2, 3])];
        Network::new(&skills, &[0, 1, 2, 3, 4])
    }

    /// The same by adding up every state at every level, which takes no messages.
    fn exactly(network: &Network, evidence: &[f64; 5]) -> [f64; 5] {
        let needs: [&[usize]; 5] = [&[], &[], &[0, 1], &[1], &[2, 3]];
        let (mut all, mut known) = (0.0, [0.0; 5]);
        for state in 0..32_usize {
            let knows = |skill: usize| state >> skill & 1 == 1;
            let chance = |skill: usize, at: usize| {
                let left = if needs[skill].iter().all(|&needed| knows(needed)) { 1.0 } else { LEAK };
                let p = network.nodes[skill].curve[at] * left;
                if knows(skill) { p * evidence[skill] } else { 1.0 - p }
            };
            let area = |spread: &Levels, skills: &[usize]| -> f64 {
                (0..LEVELS).map(|at| spread[at] * skills.iter().map(|&skill| chance(skill, at)).product::<f64>()).sum()
            };
            let weight: f64 = bell(0.0, ABILITY)
                .iter()
                .zip(&network.spread)
                .map(|(share, spread)| share * network.areas.iter().map(|skills| area(spread, skills)).product::<f64>())
                .sum();
            all += weight;
            for (skill, sum) in known.iter_mut().enumerate() {
                *sum += if knows(skill) { weight } else { 0.0 };
            }
        }
        known.map(|sum| sum / all)
    }

    #[test]
    fn messages_come_near_to_what_all_states_together_say() {
        let network = five();
        let cases: [[f64; 5]; 5] =
            [[1.0; 5], [1.0, 1.0, 18.0, 1.0, 1.0], [0.1, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.1, 18.0, 1.0], [18.0, 1.0, 1.0, 0.1, 18.0]];
        let mut worst = (0.0, String::new());
        for evidence in cases {
            let mut messages = network.start(0.0);
            for (skill, &odds) in evidence.iter().enumerate() {
                messages.put(skill, odds);
                network.settle(&mut messages);
            }
            for (skill, exact) in exactly(&network, &evidence).into_iter().enumerate() {
                let p = messages.odds(skill) / (1.0 + messages.odds(skill));
                if (p - exact).abs() > worst.0 {
                    worst = ((p - exact).abs(), format!("{evidence:?}, skill {skill}: {p:.3} by messages, {exact:.3} exactly"));
                }
            }
        }
        // Messages take the level and the prerequisites of a skill as if they had nothing to do with
        // each other, so a skill with several is believed too little. Decision 11 says what that costs.
        println!("{}", worst.1);
        assert!(worst.0 < 0.2, "{}", worst.1);
    }

    #[test]
    fn much_evidence_of_many_skills_leaves_finite_odds() {
        let skills: Vec<Skill> =
            (0..300).map(|index: usize| skill("one", 0.0, &index.checked_sub(1).into_iter().collect::<Vec<_>>())).collect();
        let network = Network::new(&skills, &(0..300).collect::<Vec<_>>());
        let mut messages = network.start(0.0);
        for skill in 0..300 {
            messages.put(skill, if skill % 2 == 0 { 1e12 } else { 0.0 });
        }
        network.settle(&mut messages);
        assert!((0..300).all(|skill| messages.odds(skill).is_finite() && messages.odds(skill) > 0.0));
    }
}
