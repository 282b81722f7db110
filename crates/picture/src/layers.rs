//! Where boxes and lines go: layers by longest path, crossings reduced by sweeping, positions by
//! least squares. Knows sizes and arrows, but no components and no SVG.
//!
//! "Along" is the direction of the arrows, "across" the other one; the caller decides which of
//! them is x. The same input gives the same layout: all ties are broken by index.

/// A box and the room it needs [px].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub along: f64,
    pub across: f64,
    /// Boxes that start a path stand in the first layer.
    pub first: bool,
}

/// An arrow between two boxes, and how long its label is along the arrow [px].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrow {
    pub from: usize,
    pub to: usize,
    pub label: f64,
}

#[derive(Debug)]
pub(crate) struct Layout {
    /// Where each box begins along, and its middle across.
    pub boxes: Vec<(f64, f64)>,
    /// How long each box is along.
    pub lengths: Vec<f64>,
    /// For each arrow the points it passes, from the lower layer to the higher, and whether it
    /// points backwards. Between points it should leave and arrive along.
    pub arrows: Vec<(Vec<(f64, f64)>, bool)>,
    pub size: (f64, f64),
}

const GAP_ALONG: f64 = 52.0;
const GAP_ACROSS: f64 = 30.0;
const GAP_LINE: f64 = 18.0;
const PORT: f64 = 16.0;
/// A line that would miss being straight by this much is made straight.
const NEARLY: f64 = 6.0;
const SWEEPS: usize = 12;
/// With more nodes than this a drawing is past saving by patience.
const MANY: usize = 1500;

/// With `stretch` all boxes of a layer get the length of the longest.
pub(crate) fn layout(sizes: &[Size], arrows: &[Arrow], stretch: bool) -> Layout {
    let backward = backward(sizes, arrows);
    let ends: Vec<(usize, usize)> =
        arrows.iter().zip(&backward).map(|(arrow, back)| if *back { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) }).collect();
    let ranks = ranks(sizes, &ends);
    let along = place_along(sizes, arrows, &ends, &ranks);
    let mut sizes = sizes.to_vec();
    for (size, &rank) in sizes.iter_mut().zip(&ranks).filter(|_| stretch) {
        size.along = along[rank].1 - along[rank].0;
    }
    let mut graph = Graph::new(&sizes, &ends, &ranks);
    graph.order();
    graph.place_across();
    graph.result(&along, &ends, &ranks, backward)
}

/// Which arrows close a cycle, found by walking from the first boxes on.
fn backward(sizes: &[Size], arrows: &[Arrow]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Never,
        Open,
        Done,
    }
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut entered = vec![false; sizes.len()];
    for (i, arrow) in arrows.iter().enumerate() {
        out[arrow.from].push(i);
        entered[arrow.to] = true;
    }
    let mut roots: Vec<usize> = (0..sizes.len()).collect();
    sorted::sort_by_key(&mut roots, |&i| (!sizes[i].first, entered[i], i));
    let mut seen = vec![Seen::Never; sizes.len()];
    let mut back = vec![false; arrows.len()];
    for root in roots {
        if seen[root] != Seen::Never {
            continue;
        }
        seen[root] = Seen::Open;
        let mut path = vec![(root, 0)];
        while let Some((at, next)) = path.last_mut() {
            let Some(&arrow) = out[*at].get(*next) else {
                seen[*at] = Seen::Done;
                path.pop();
                continue;
            };
            *next += 1;
            let to = arrows[arrow].to;
            match seen[to] {
                Seen::Open => back[arrow] = true,
                Seen::Done => {}
                Seen::Never => {
                    seen[to] = Seen::Open;
                    path.push((to, 0));
                }
            }
        }
    }
    back
}

/// The longest path to each box; a box that nothing calls stands just before what it calls.
fn ranks(sizes: &[Size], ends: &[(usize, usize)]) -> Vec<usize> {
    let mut ranks = vec![0; sizes.len()];
    // At most one round per box: the arrows have no cycle any more.
    for _ in 0..sizes.len() {
        let mut changed = false;
        for &(from, to) in ends {
            if ranks[to] <= ranks[from] {
                ranks[to] = ranks[from] + 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for i in 0..sizes.len() {
        let entered = ends.iter().any(|&(_, to)| to == i);
        let nearest = ends.iter().filter(|&&(from, _)| from == i).map(|&(_, to)| ranks[to]).min();
        if let Some(nearest) = nearest.filter(|_| !entered && !sizes[i].first) {
            ranks[i] = nearest - 1;
        }
    }
    ranks
}

/// Where each layer begins and ends.
fn place_along(sizes: &[Size], arrows: &[Arrow], ends: &[(usize, usize)], ranks: &[usize]) -> Vec<(f64, f64)> {
    let layers = ranks.iter().max().map_or(0, |rank| rank + 1);
    let mut deep = vec![0.0f64; layers];
    let mut gap = vec![GAP_ALONG; layers];
    for (size, &rank) in sizes.iter().zip(ranks) {
        deep[rank] = deep[rank].max(size.along);
    }
    for (arrow, &(from, _)) in arrows.iter().zip(ends) {
        gap[ranks[from]] = gap[ranks[from]].max(arrow.label + 40.0);
    }
    let mut places = Vec::new();
    let mut start = 0.0;
    for i in 0..layers {
        places.push((start, start + deep[i]));
        start += deep[i] + gap[i];
    }
    places
}

/// A box, or the place where a long line passes a layer.
struct Node {
    rank: usize,
    across: f64,
    is_box: bool,
    at: f64,
    /// Neighbours one layer before and after.
    before: Vec<usize>,
    after: Vec<usize>,
    near: Vec<Near>,
}

/// A neighbour, how far from it this node would stand so that their line is straight, and how
/// much that matters.
#[derive(Clone, Copy)]
struct Near {
    node: usize,
    shift: f64,
    weight: f64,
}

struct Graph {
    nodes: Vec<Node>,
    /// Node indices per layer, in order across.
    layers: Vec<Vec<usize>>,
    /// For each arrow the nodes it passes, both ends included.
    chains: Vec<Vec<usize>>,
    sizes: Vec<Size>,
}

impl Graph {
    fn new(sizes: &[Size], ends: &[(usize, usize)], ranks: &[usize]) -> Self {
        let node = |rank, across, is_box| Node { rank, across, is_box, at: 0.0, before: Vec::new(), after: Vec::new(), near: Vec::new() };
        let mut nodes: Vec<Node> = sizes.iter().zip(ranks).map(|(size, &rank)| node(rank, size.across, true)).collect();
        let mut chains = Vec::new();
        for &(from, to) in ends {
            let mut chain = vec![from];
            for rank in ranks[from] + 1..ranks[to] {
                chain.push(nodes.len());
                nodes.push(node(rank, 0.0, false));
            }
            chain.push(to);
            for pair in chain.windows(2) {
                nodes[pair[0]].after.push(pair[1]);
                nodes[pair[1]].before.push(pair[0]);
            }
            chains.push(chain);
        }
        let mut layers = vec![Vec::new(); ranks.iter().max().map_or(0, |rank| rank + 1)];
        for (i, node) in nodes.iter().enumerate() {
            layers[node.rank].push(i);
        }
        Self { nodes, layers, chains, sizes: sizes.to_vec() }
    }

    /// Sweeps forth and back, each layer sorted by the mean place of its neighbours; the order
    /// with the fewest crossings is kept.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        let sweeps = if self.nodes.len() > MANY { 2 } else { SWEEPS };
        for sweep in 0..sweeps {
            let forth = sweep % 2 == 0;
            let count = self.layers.len();
            for step in 1..count {
                let layer = if forth { step } else { count - 1 - step };
                let places = self.places();
                let nodes = &self.nodes;
                let mean = |i: usize| {
                    let near = if forth { &nodes[i].before } else { &nodes[i].after };
                    if near.is_empty() { places[i] } else { near.iter().map(|&j| places[j]).sum::<f64>() / near.len() as f64 }
                };
                let mut keyed: Vec<(f64, usize)> = self.layers[layer].iter().map(|&i| (mean(i), i)).collect();
                sorted::sort_by(&mut keyed, |a, b| a.0.total_cmp(&b.0));
                self.layers[layer] = keyed.into_iter().map(|(_, i)| i).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// Each node's place within its layer, from 0 to 1, so that layers of any length compare.
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.nodes.len()];
        for layer in &self.layers {
            for (place, &i) in layer.iter().enumerate() {
                places[i] = (place as f64 + 0.5) / layer.len() as f64;
            }
        }
        places
    }

    fn crossings(&self) -> usize {
        let places = self.places();
        let mut count = 0;
        for layer in &self.layers {
            let lines: Vec<(f64, f64)> =
                layer.iter().flat_map(|&i| self.nodes[i].after.iter().map(move |&j| (i, j))).map(|(i, j)| (places[i], places[j])).collect();
            for (i, a) in lines.iter().enumerate() {
                count += lines[i + 1..].iter().filter(|b| (a.0 - b.0) * (a.1 - b.1) < 0.0).count();
            }
        }
        count
    }

    /// Boxes move towards the mean of their neighbours as far as the order and the gaps allow.
    fn place_across(&mut self) {
        self.join();
        for layer in 0..self.layers.len() {
            let wanted = vec![0.0; self.layers[layer].len()];
            self.settle(layer, &wanted);
        }
        for sweep in 0..SWEEPS * 2 {
            for step in 0..self.layers.len() {
                let layer = if sweep % 2 == 0 { step } else { self.layers.len() - 1 - step };
                let wanted: Vec<f64> = self.layers[layer].iter().map(|&i| self.wanted(i)).collect();
                self.settle(layer, &wanted);
            }
        }
        self.straighten();
        for node in &mut self.nodes {
            node.at = libm::round(node.at);
        }
        let least = self.nodes.iter().map(|node| node.at - node.across / 2.0).fold(f64::INFINITY, f64::min);
        for node in &mut self.nodes {
            node.at -= least;
        }
    }

    /// A line that is the only one at both its ends is worth keeping straight.
    fn join(&mut self) {
        let ports = self.ports();
        for (chain, (leaves, arrives)) in self.chains.iter().zip(ports) {
            for (k, pair) in chain.windows(2).enumerate() {
                let (a, b) = (pair[0], pair[1]);
                let shift = if k + 2 == chain.len() { arrives } else { 0.0 } - if k == 0 { leaves } else { 0.0 };
                let weight = if self.nodes[a].after.len() == 1 && self.nodes[b].before.len() == 1 { 8.0 } else { 1.0 };
                self.nodes[a].near.push(Near { node: b, shift, weight });
                self.nodes[b].near.push(Near { node: a, shift: -shift, weight });
            }
        }
    }

    /// Least squares spreads a bend over a whole path; one bend at its end reads better.
    fn straighten(&mut self) {
        for layer in 1..self.layers.len() {
            for k in 0..self.layers[layer].len() {
                let i = self.layers[layer][k];
                let strong = self.nodes[i].near.iter().find(|near| near.weight > 1.0 && self.nodes[near.node].rank < layer).copied();
                if let Some(near) = strong {
                    let at = self.nodes[near.node].at + near.shift;
                    let row = &self.layers[layer];
                    let above = k == 0 || at - self.nodes[row[k - 1]].at >= self.gap(row[k - 1], i);
                    let below = k + 1 == row.len() || self.nodes[row[k + 1]].at - at >= self.gap(i, row[k + 1]);
                    if above && below {
                        self.nodes[i].at = at;
                    }
                }
            }
        }
    }

    /// The least distance between the middles of two neighbours in a layer.
    fn gap(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.nodes[a], &self.nodes[b]);
        (a.across + b.across) / 2.0 + if a.is_box && b.is_box { GAP_ACROSS } else { GAP_LINE }
    }

    fn wanted(&self, i: usize) -> f64 {
        let near = &self.nodes[i].near;
        let weight: f64 = near.iter().map(|near| near.weight).sum();
        if near.is_empty() {
            self.nodes[i].at
        } else {
            near.iter().map(|near| near.weight * (self.nodes[near.node].at + near.shift)).sum::<f64>() / weight
        }
    }

    /// The places nearest to the wanted ones (least squares) that keep order and gaps: isotonic
    /// regression by pooling neighbours that are in each other's way.
    fn settle(&mut self, layer: usize, wanted: &[f64]) {
        let order = self.layers[layer].clone();
        let mut offset = 0.0;
        let mut offsets = Vec::new();
        // (sum of wanted places, how many)
        let mut pools: Vec<(f64, f64)> = Vec::new();
        for (k, &i) in order.iter().enumerate() {
            if k > 0 {
                offset += self.gap(order[k - 1], i);
            }
            offsets.push(offset);
            pools.push((wanted[k] - offset, 1.0));
            while let [.., a, b] = pools.as_slice()
                && a.0 / a.1 > b.0 / b.1
            {
                let joined = (a.0 + b.0, a.1 + b.1);
                pools.truncate(pools.len() - 2);
                pools.push(joined);
            }
        }
        let places = pools.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count, *count as usize));
        for ((&i, place), offset) in order.iter().zip(places).zip(offsets) {
            self.nodes[i].at = place + offset;
        }
    }

    fn result(&self, along: &[(f64, f64)], ends: &[(usize, usize)], ranks: &[usize], backward: Vec<bool>) -> Layout {
        let ports = self.ports();
        let arrows = self.chains.iter().enumerate().map(|(arrow, chain)| {
            let (from, to) = ends[arrow];
            let mut points = vec![(along[ranks[from]].0 + self.sizes[from].along, self.nodes[from].at + ports[arrow].0)];
            for &i in &chain[1..chain.len() - 1] {
                // Straight past the layer, so that it does not cut the corner of a box.
                let (start, end) = along[self.nodes[i].rank];
                points.extend([(start, self.nodes[i].at), (end, self.nodes[i].at)]);
            }
            let arrives = self.nodes[to].at + ports[arrow].1;
            let nearly = chain.len() == 2 && (arrives - points[0].1).abs() <= NEARLY;
            points.push((along[ranks[to]].0, if nearly { points[0].1 } else { arrives }));
            (points, backward[arrow])
        });
        let across = self.nodes.iter().map(|node| node.at + node.across / 2.0).fold(0.0, f64::max);
        Layout {
            boxes: ranks.iter().zip(&self.nodes).map(|(&rank, node)| (along[rank].0, node.at)).collect(),
            lengths: self.sizes.iter().map(|size| size.along).collect(),
            arrows: arrows.collect(),
            size: (along.last().map_or(0.0, |layer| layer.1), across),
        }
    }

    /// How far from the middle of its boxes each arrow leaves and arrives, so that arrows at one
    /// side of a box do not share a point.
    fn ports(&self) -> Vec<(f64, f64)> {
        let places = self.places();
        let mut ports = vec![(0.0, 0.0); self.chains.len()];
        for i in 0..self.sizes.len() {
            for leaving in [true, false] {
                let mut here: Vec<(f64, usize)> = Vec::new();
                for (arrow, chain) in self.chains.iter().enumerate() {
                    let (end, next) = if leaving { (chain[0], chain[1]) } else { (chain[chain.len() - 1], chain[chain.len() - 2]) };
                    if end == i {
                        here.push((places[next], arrow));
                    }
                }
                sorted::sort_by(&mut here, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let room = (self.sizes[i].across - 20.0) / here.len().max(1) as f64;
                for (k, &(_, arrow)) in here.iter().enumerate() {
                    let shift = (k as f64 - (here.len() as f64 - 1.0) / 2.0) * room.min(PORT);
                    if leaving { ports[arrow].0 = shift } else { ports[arrow].1 = shift }
                }
            }
        }
        ports
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn graphs() -> impl Strategy<Value = (Vec<Size>, Vec<Arrow>)> {
        (2usize..14).prop_flat_map(|count| {
            let size = (100.0..200.0, 40.0..140.0, any::<bool>()).prop_map(|(along, across, first)| Size { along, across, first });
            let arrow = (0..count, 0..count, 0.0..90.0)
                .prop_filter_map("to itself", |(from, to, label)| (from != to).then_some(Arrow { from, to, label }));
            (prop::collection::vec(size, count), prop::collection::vec(arrow, 0..24))
        })
    }

    proptest! {
        #[test]
        fn boxes_never_overlap((sizes, arrows) in graphs(), stretch in any::<bool>()) {
            let placed = layout(&sizes, &arrows, stretch);
            for i in 0..sizes.len() {
                for j in 0..i {
                    let ((a, across_a), (b, across_b)) = (placed.boxes[i], placed.boxes[j]);
                    let beside = a + placed.lengths[i] < b || b + placed.lengths[j] < a;
                    let apart = (across_a - across_b).abs() >= (sizes[i].across + sizes[j].across) / 2.0;
                    prop_assert!(beside || apart, "{i} and {j} in {placed:?}");
                }
            }
        }

        #[test]
        fn every_line_runs_forward_from_the_side_of_one_box_to_the_side_of_the_other((sizes, arrows) in graphs()) {
            let placed = layout(&sizes, &arrows, true);
            for (arrow, (points, backward)) in arrows.iter().zip(&placed.arrows) {
                let (low, high) = if *backward { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
                prop_assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0));
                prop_assert_eq!(points[0].0, placed.boxes[low].0 + placed.lengths[low]);
                prop_assert_eq!(points[points.len() - 1].0, placed.boxes[high].0);
                for (point, i) in [(points[0], low), (points[points.len() - 1], high)] {
                    prop_assert!((point.1 - placed.boxes[i].1).abs() <= sizes[i].across / 2.0);
                }
            }
        }

        #[test]
        fn everything_stands_within_the_stated_size((sizes, arrows) in graphs()) {
            let placed = layout(&sizes, &arrows, false);
            for (i, &(along, across)) in placed.boxes.iter().enumerate() {
                prop_assert!(along >= 0.0 && along + placed.lengths[i] <= placed.size.0 + 0.01);
                prop_assert!(across - sizes[i].across / 2.0 >= -0.01 && across + sizes[i].across / 2.0 <= placed.size.1 + 0.01);
            }
        }
    }

    #[test]
    fn a_chain_without_branches_is_one_straight_line() {
        let sizes = [50.0, 140.0, 60.0, 90.0].map(|across| Size { along: 100.0, across, first: false });
        let arrows = [(0, 1), (1, 2), (2, 3)].map(|(from, to)| Arrow { from, to, label: 0.0 });
        let placed = layout(&sizes, &arrows, true);
        assert!(placed.arrows.iter().all(|(points, _)| points[0].1 == points[1].1), "{placed:?}");
    }
}
