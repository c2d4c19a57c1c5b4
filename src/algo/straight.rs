//! Where trails meet: strokes that follow each other end to end are joined anew, into
//! fewer trails, and such that they turn less.
//!
//! # Words
//! - *joint*: where a stroke ends and the next one begins, at one *node* (ends that
//!   touch, see [`super::graph`]).
//! - *link*: any other step from one stroke to the next, a hop. Both of its ends stay
//!   at their nodes.
//!
//! # How
//! At each node the ends that come together there are paired anew with the least turn:
//! stroke with stroke, and links with any stroke of the node. There are as many joints
//! as before and the links lead from node to node as before, so neither the number of
//! trails nor the travel changes. What is left is one way from the first link to the
//! last, and rings; these are joined to it again where they share a node, at the
//! least turn first (Kruskal's rule), as a trail of Euler's may be
//! chosen transition by transition (Kotzig 1968). All share one with another, since all were one.
//!
//! [`fuse`] makes fewer trails of the same strokes first: where two of them end at one
//! node, these ends are joined, and the two links that met there become one, which is
//! no longer than both. If that splits off a ring that shares no node with the rest, it
//! is undone. Strokes that hang together are then drawn in as few trails as can be
//! (Euler), or in one more if the way begins and ends at one node: to begin elsewhere
//! may be farther.
//!
//! # Limits
//! The turn is least at each node and the joining is greedy: in all it is near the
//! least, and never more than it was.

mod fewer;

use super::graph;
use super::sets::Sets;
use crate::geom::Point;
use std::ops::Range;

/// An end of a stroke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Where it is, mm.
    pub at: Point,
    /// Where one goes on beyond it, a direction of any length above 0.
    pub out: Point,
}

/// A stroke in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Where it is begun and where it is left.
    pub ends: [End; 2],
    /// Whether it may be joined to others anew. One that may not keeps its neighbours.
    pub free: bool,
}

/// The angle by which one turns from leaving a stroke at `a` to beginning one at `b`,
/// rad, from 0 to π.
#[must_use]
pub fn turn(a: &End, b: &End) -> f64 {
    let (u, v) = (a.out, -b.out);
    u.cross(v).abs().atan2(u.dot(v))
}

/// Another order of `strokes` with more joints, whose ends are no farther from each
/// other than `touch` mm, and hops that are no longer in all: the numbers of the
/// strokes, and whether each is run from its second end to its first. The hops to the
/// first stroke and from the last one count, wherever they come from and lead to.
///
/// `None` when none was found. Strokes are turned round and moved at will. For hops
/// that cost what no way round can undercut: a length, or the time of a rapid.
///
/// # Complexity
/// O(n log n), and O(n) for each end of a trail at a node where another one ends; when
/// that comes to too much, some are left.
#[must_use]
pub fn fuse(strokes: &[Stroke], touch: f64) -> Option<Vec<(u32, bool)>> {
    if strokes.len() < 2 {
        return None;
    }
    let mut ways = Ways::new(strokes, touch);
    let fused = ways.fuse_links();
    let order = ways.walk();
    (fused > 0 && order.len() == strokes.len()).then_some(order)
}

/// Another order of `strokes` with less turn in all at the joints, whose ends are no
/// farther from each other than `touch` mm: the numbers of the strokes, and whether
/// each is run from its second end to its first. It has as many joints, travels as
/// far, and begins and ends at the nodes where `strokes` do.
///
/// `None` when none was found. Strokes are turned round and moved at will.
///
/// # Complexity
/// O(n log n), where no more than a few strokes meet at a node.
#[must_use]
pub fn straighten(strokes: &[Stroke], touch: f64) -> Option<Vec<(u32, bool)>> {
    if strokes.len() < 2 {
        return None;
    }
    let mut ways = Ways::new(strokes, touch);
    ways.find_pairs();
    let before = ways.turn();
    for node in ways.nodes.clone() {
        ways.pair(node);
    }
    ways.join_rings();
    let order = ways.walk();
    (ways.turn() < before - CHANGE && order.len() == strokes.len()).then_some(order)
}

/// More ends at a node are paired one after another, not all ways.
const MOST_ALL_WAYS: usize = 8;
/// More ends at a node stay as they are.
const MOST_ENDS: usize = 128;
/// A joint is given up for no less than this, rad: what turns nearly as much brakes as
/// much, and the rounding of coordinates is no reason to change anything.
const CHANGE: f64 = 0.01;

/// Elements, which are strokes and then links, with two ends each: end `2 * e + side`.
struct Ways<'a> {
    strokes: &'a [Stroke],
    /// The end that each end is joined to; itself where the way begins and ends.
    mate: Vec<u32>,
    /// The node of each end of a stroke.
    of: Vec<[u32; 2]>,
    /// Whether all that meet at a node touch each other, not only through others.
    tight: Vec<bool>,
    /// The ends that may be paired anew, node by node.
    ends: Vec<u32>,
    /// The ends of each node with more than one pair, as ranges of `ends`.
    nodes: Vec<Range<usize>>,
}

impl<'a> Ways<'a> {
    fn new(strokes: &'a [Stroke], touch: f64) -> Self {
        let n = strokes.len() as u32;
        let mut mate: Vec<u32> = (0..2 * n).collect();
        // The first link, one for each hop, and the last.
        let mut links = vec![0];
        for (i, w) in strokes.windows(2).enumerate() {
            let (out, next) = (2 * i as u32 + 1, 2 * i as u32 + 2);
            if w[0].ends[1].at.distance(w[1].ends[0].at) <= touch {
                mate[out as usize] = next;
                mate[next as usize] = out;
            } else {
                links.push(next);
            }
        }
        links.push(2 * n);
        for next in links {
            let link = mate.len() as u32;
            mate.extend([link, link + 1]);
            if next > 0 {
                mate[link as usize] = next - 1;
                mate[next as usize - 1] = link;
            }
            if next < 2 * n {
                mate[link as usize + 1] = next;
                mate[next as usize] = link + 1;
            }
        }
        let ends: Vec<[Point; 2]> = strokes.iter().map(|s| s.ends.map(|e| e.at)).collect();
        let (of, nodes) = graph::nodes(&ends, touch);
        let far = Point::new(f64::INFINITY, f64::INFINITY);
        let mut boxes = vec![(far, -far); nodes];
        for (node, p) in of.iter().flatten().zip(ends.iter().flatten()) {
            let (least, most) = &mut boxes[*node as usize];
            *least = Point::new(least.x.min(p.x), least.y.min(p.y));
            *most = Point::new(most.x.max(p.x), most.y.max(p.y));
        }
        let is_tight = |(least, most): &(Point, Point)| least.distance(*most) <= touch;
        Self {
            strokes,
            mate,
            of,
            tight: boxes.iter().map(is_tight).collect(),
            ends: Vec::new(),
            nodes: Vec::new(),
        }
    }

    /// Whether an end is that of a link, or of a stroke that may be joined anew.
    fn is_free(&self, end: u32) -> bool {
        self.strokes.get(end as usize / 2).is_none_or(|s| s.free)
    }

    /// The node of an end of a stroke; `None` for that of a link.
    fn node(&self, end: u32) -> Option<u32> {
        Some(self.of.get(end as usize / 2)?[end as usize % 2])
    }

    /// Finds the nodes with more than one pair of ends, and those ends.
    fn find_pairs(&mut self) {
        let mut at: Vec<(u32, u32)> = Vec::new();
        for (end, &mate) in self.mate.iter().enumerate() {
            let end = end as u32;
            // A link is where its stroke is.
            let node = self.node(end).or_else(|| self.node(mate));
            if let Some(node) = node
                && self.tight[node as usize]
                && self.is_free(end)
                && self.is_free(mate)
            {
                at.push((node, end));
            }
        }
        at.sort_unstable();
        let mut first = 0;
        for node in at.chunk_by(|a, b| a.0 == b.0) {
            let range = first..first + node.len();
            first = range.end;
            if node.len() > 2 && node.len() <= MOST_ENDS {
                self.nodes.push(range);
            }
        }
        self.ends = at.into_iter().map(|(_, end)| end).collect();
    }

    /// An end of a stroke; `None` for that of a link.
    fn end(&self, end: u32) -> Option<&'a End> {
        let stroke = self.strokes.get(end as usize / 2)?;
        Some(&stroke.ends[end as usize % 2])
    }

    /// The turn from one end to another. Infinite for a link to a link, which would
    /// be one joint less, and for a stroke to itself, which would be a ring.
    fn cost(&self, a: u32, b: u32) -> f64 {
        match (self.end(a), self.end(b)) {
            (None, None) => f64::INFINITY,
            (Some(_), Some(_)) if a / 2 == b / 2 => f64::INFINITY,
            (Some(a), Some(b)) => turn(a, b),
            _ => 0.0,
        }
    }

    fn turn(&self) -> f64 {
        let joints = self.ends.iter().map(|&a| (a, self.mate[a as usize]));
        joints
            .filter(|(a, b)| a < b)
            .map(|(a, b)| self.cost(a, b))
            .sum()
    }

    fn join(&mut self, a: u32, b: u32) {
        self.mate[a as usize] = b;
        self.mate[b as usize] = a;
    }

    /// Pairs the ends of a node with the least turn.
    fn pair(&mut self, node: Range<usize>) {
        let ends = self.ends[node].to_vec();
        let cost = |i: usize, j: usize| {
            let there = self.mate[ends[i] as usize] == ends[j];
            self.cost(ends[i], ends[j]) + if there { 0.0 } else { CHANGE }
        };
        let pairs = if ends.len() <= MOST_ALL_WAYS {
            least_pairs(ends.len(), cost)
        } else {
            greedy_pairs(ends.len(), cost)
        };
        // A greedy choice may leave two links to each other.
        if pairs
            .iter()
            .all(|&(i, j)| self.cost(ends[i], ends[j]).is_finite())
        {
            for (i, j) in pairs {
                self.join(ends[i], ends[j]);
            }
        }
    }

    /// Joins all rings to the one way.
    fn join_rings(&mut self) {
        let mut part = vec![u32::MAX; self.mate.len() / 2];
        let mut parts = 0;
        // The way begins at the first link, which is what follows the strokes.
        let first = self.strokes.len();
        for element in std::iter::once(first).chain(0..self.strokes.len()) {
            if part[element] != u32::MAX {
                continue;
            }
            let mut end = 2 * element as u32 + 1;
            while std::mem::replace(&mut part[end as usize / 2], parts) == u32::MAX {
                end = self.mate[end as usize] ^ 1;
            }
            parts += 1;
        }
        if parts == 1 {
            return;
        }
        let mut candidates = Vec::new();
        for node in &self.nodes {
            let ends = &self.ends[node.clone()];
            // One end of each pair.
            let pairs: Vec<u32> = ends
                .iter()
                .copied()
                .filter(|&e| e < self.mate[e as usize])
                .collect();
            for (i, &a) in pairs.iter().enumerate() {
                for &b in &pairs[i + 1..] {
                    if part[a as usize / 2] != part[b as usize / 2] {
                        let (more, ..) = self.switch(a, b);
                        candidates.push((more, a, b));
                    }
                }
            }
        }
        candidates.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut sets = Sets::new(parts as usize);
        for (_, a, b) in candidates {
            if sets.join(part[a as usize / 2], part[b as usize / 2]) {
                let (_, x, y) = self.switch(a, b);
                let other = self.mate[a as usize];
                self.join(a, x);
                self.join(other, y);
            }
        }
    }

    /// The better of the two other ways to pair the ends `a` and `b` and those that
    /// they are joined to: how much more one turns then, what `a` is joined to, and
    /// what that which `a` is joined to now is.
    fn switch(&self, a: u32, b: u32) -> (f64, u32, u32) {
        let (p, q) = (self.mate[a as usize], self.mate[b as usize]);
        let now = self.cost(a, p) + self.cost(b, q);
        let straight = self.cost(a, b) + self.cost(p, q);
        let crossed = self.cost(a, q) + self.cost(p, b);
        if straight < crossed {
            (straight - now, b, q)
        } else {
            (crossed - now, q, b)
        }
    }

    /// The strokes along the way from the first link to the last.
    fn walk(&self) -> Vec<(u32, bool)> {
        let strokes = self.strokes.len();
        let mut out = Vec::with_capacity(strokes);
        let mut end = self.mate[2 * strokes + 1];
        // Each element is passed once.
        for _ in 0..self.mate.len() / 2 {
            if self.end(end).is_some() {
                out.push((end / 2, end % 2 == 1));
            }
            let next = self.mate[(end ^ 1) as usize];
            if next == end ^ 1 {
                break;
            }
            end = next;
        }
        out
    }
}

/// The pairs of `n` things, an even number up to [`MOST_ALL_WAYS`], with the least
/// cost in all.
fn least_pairs(n: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    // For each set of things that are paired: the least cost and the last pair.
    let mut least = vec![(f64::INFINITY, (0, 0)); 1 << n];
    least[0].0 = 0.0;
    for set in 0..(1_usize << n) - 1 {
        let so_far = least[set].0;
        if so_far.is_infinite() {
            continue;
        }
        // The first that is not paired yet is next.
        let i = (!set).trailing_zeros() as usize;
        for j in (i + 1..n).filter(|j| set >> j & 1 == 0) {
            let then = set | 1 << i | 1 << j;
            let sum = so_far + cost(i, j);
            if sum < least[then].0 {
                least[then] = (sum, (i, j));
            }
        }
    }
    let mut set = (1_usize << n) - 1;
    let mut out = Vec::with_capacity(n / 2);
    while set > 0 && least[set].0.is_finite() {
        let (i, j) = least[set].1;
        out.push((i, j));
        set &= !(1 << i | 1 << j);
    }
    out
}

/// Pairs of `n` things, the cheapest first.
fn greedy_pairs(n: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let mut all: Vec<(f64, usize, usize)> = (0..n)
        .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
        .map(|(i, j)| (cost(i, j), i, j))
        .collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut used = vec![false; n];
    let mut out = Vec::with_capacity(n / 2);
    for (_, i, j) in all {
        if !used[i] && !used[j] {
            (used[i], used[j]) = (true, true);
            out.push((i, j));
        }
    }
    out
}

#[cfg(test)]
mod tests;
