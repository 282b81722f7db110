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
    /// The middle of each box, (along, across).
    pub boxes: Vec<(f64, f64)>,
    /// For each arrow the points it passes, from the lower layer to the higher, and whether it
    /// points backwards. Between points it should leave and arrive along.
    pub arrows: Vec<(Vec<(f64, f64)>, bool)>,
    pub size: (f64, f64),
}

const GAP_ALONG: f64 = 52.0;
const GAP_ACROSS: f64 = 30.0;
const GAP_LINE: f64 = 18.0;
const PORT: f64 = 16.0;
const SWEEPS: usize = 12;

pub(crate) fn layout(sizes: &[Size], arrows: &[Arrow]) -> Layout {
    let backward = backward(sizes, arrows);
    let ends: Vec<(usize, usize)> =
        arrows.iter().zip(&backward).map(|(arrow, back)| if *back { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) }).collect();
    let ranks = ranks(sizes, &ends);
    let mut graph = Graph::new(sizes, &ends, &ranks);
    graph.order();
    graph.place_across();
    let along = place_along(sizes, arrows, &ends, &ranks);
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
    roots.sort_by_key(|&i| (!sizes[i].first, entered[i], i));
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

/// The middle of each layer, and the whole length.
fn place_along(sizes: &[Size], arrows: &[Arrow], ends: &[(usize, usize)], ranks: &[usize]) -> (Vec<f64>, f64) {
    let layers = ranks.iter().max().map_or(0, |rank| rank + 1);
    let mut deep = vec![0.0f64; layers];
    let mut gap = vec![GAP_ALONG; layers];
    for (size, &rank) in sizes.iter().zip(ranks) {
        deep[rank] = deep[rank].max(size.along);
    }
    for (arrow, &(from, _)) in arrows.iter().zip(ends) {
        gap[ranks[from]] = gap[ranks[from]].max(arrow.label + 40.0);
    }
    let mut middles = Vec::new();
    let mut end = 0.0;
    for i in 0..layers {
        let start = if i == 0 { 0.0 } else { end + gap[i - 1] };
        middles.push(start + deep[i] / 2.0);
        end = start + deep[i];
    }
    (middles, end)
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
        let node = |rank, across, is_box| Node { rank, across, is_box, at: 0.0, before: Vec::new(), after: Vec::new() };
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
        for sweep in 0..SWEEPS {
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
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
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
            let lines: Vec<(f64, f64)> = layer.iter().flat_map(|&i| self.nodes[i].after.iter().map(move |&j| (i, j))).map(|(i, j)| (places[i], places[j])).collect();
            for (i, a) in lines.iter().enumerate() {
                count += lines[i + 1..].iter().filter(|b| (a.0 - b.0) * (a.1 - b.1) < 0.0).count();
            }
        }
        count
    }

    /// Boxes move towards the mean of their neighbours as far as the order and the gaps allow.
    fn place_across(&mut self) {
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
        for node in &mut self.nodes {
            node.at = libm::round(node.at);
        }
        let least = self.nodes.iter().map(|node| node.at - node.across / 2.0).fold(f64::INFINITY, f64::min);
        for node in &mut self.nodes {
            node.at -= least;
        }
    }

    fn wanted(&self, i: usize) -> f64 {
        let node = &self.nodes[i];
        let near: Vec<f64> = node.before.iter().chain(&node.after).map(|&j| self.nodes[j].at).collect();
        if near.is_empty() { node.at } else { near.iter().sum::<f64>() / near.len() as f64 }
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
                let (a, b) = (&self.nodes[order[k - 1]], &self.nodes[i]);
                offset += (a.across + b.across) / 2.0 + if a.is_box && b.is_box { GAP_ACROSS } else { GAP_LINE };
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

    fn result(&self, along: &(Vec<f64>, f64), ends: &[(usize, usize)], ranks: &[usize], backward: Vec<bool>) -> Layout {
        let ports = self.ports();
        let arrows = self.chains.iter().enumerate().map(|(arrow, chain)| {
            let (from, to) = ends[arrow];
            let mut points = vec![(along.0[ranks[from]] + self.sizes[from].along / 2.0, self.nodes[from].at + ports[arrow].0)];
            points.extend(chain[1..chain.len() - 1].iter().map(|&i| (along.0[self.nodes[i].rank], self.nodes[i].at)));
            points.push((along.0[ranks[to]] - self.sizes[to].along / 2.0, self.nodes[to].at + ports[arrow].1));
            (points, backward[arrow])
        });
        let across = self.nodes.iter().map(|node| node.at + node.across / 2.0).fold(0.0, f64::max);
        Layout {
            boxes: (0..self.sizes.len()).map(|i| (along.0[ranks[i]], self.nodes[i].at)).collect(),
            arrows: arrows.collect(),
            size: (along.1, across),
        }
    }

    /// How far from the middle of its boxes each arrow leaves and arrives, so that arrows at one
    /// side of a box do not share a point.
    fn ports(&self) -> Vec<(f64, f64)> {
        let mut ports = vec![(0.0, 0.0); self.chains.len()];
        for i in 0..self.sizes.len() {
            for leaving in [true, false] {
                let mut here: Vec<(f64, usize)> = Vec::new();
                for (arrow, chain) in self.chains.iter().enumerate() {
                    let (end, next) = if leaving { (chain[0], chain[1]) } else { (chain[chain.len() - 1], chain[chain.len() - 2]) };
                    if end == i {
                        here.push((self.nodes[next].at, arrow));
                    }
                }
                here.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
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
