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

    /// Takes new evidence on one skill and passes on what follows.
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
        self.nodes[skill].above.iter().fold(messages.evidence[skill], |odds, &edge| odds * messages.down[edge])
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
                for at in 0..LEVELS {
                    let weight = levels[at] / messages.to_area[skill][at];
                    sum += weight;
                    known += weight * self.nodes[skill].curve[at];
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
