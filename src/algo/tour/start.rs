//! First tours: greedy matching of ends, and the nearest end.

use super::constraint::Constraints;
use super::hops::Hops;
use super::neighbours::{Link, Neighbours};
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;

/// Hops by growing length, each taken when both ends are free and no cycle
/// closes; fragments that are left are joined in the same way by their own ends,
/// and the last few by the nearest.
pub(super) fn greedy<H: Fn(Point, Point) -> f64 + Sync>(
    hops: &Hops<'_, H>,
    near: &Neighbours,
) -> Vec<u32> {
    let mut fragments = Fragments::new(hops.nodes());
    // Home has one loose end; the other is where the tour ends or is free.
    let links = || {
        (1..2 * hops.nodes() as u32).flat_map(|end| {
            let once = move |link: &&Link| end < link.end() || end == 1 || link.is_either();
            near.of(end)
                .iter()
                .filter(once)
                .map(move |link| (link.cost, end, link.end()))
        })
    };
    // Counted first: a growing list takes twice the memory.
    let mut found = Vec::with_capacity(links().count());
    found.extend(links());
    fragments.take(&mut found);
    fragments.joined(hops)
}

/// Always the nearest entry of a stroke that may come next.
pub(super) fn nearest<H: Fn(Point, Point) -> f64 + Sync>(
    hops: &Hops<'_, H>,
    constraints: &Constraints,
) -> Vec<u32> {
    let nodes = hops.nodes();
    let entries: Vec<u32> = (2..2 * nodes as u32)
        .filter(|e| e % 2 == 0 || !constraints.one_way(e / 2))
        .collect();
    let mut tree = KdTree::new(entries.iter().map(|&e| hops.point(e)).collect());
    let mut waits: Vec<usize> = (0..nodes as u32)
        .map(|i| constraints.before(i).len())
        .collect();
    let mut index = vec![[u32::MAX; 2]; nodes];
    for (i, &e) in entries.iter().enumerate() {
        index[(e / 2) as usize][(e % 2) as usize] = i as u32;
    }
    let mut at = hops.point(1);
    let mut out = Vec::with_capacity(nodes);
    // Strokes that must wait are found again through those that they wait for.
    let mut ready: Vec<u32> = Vec::new();
    let mut found = Vec::new();
    for node in 1..nodes {
        if waits[node] > 0 {
            for &i in index[node].iter().filter(|i| **i != u32::MAX) {
                tree.remove(i);
            }
        }
    }
    while out.len() + 1 < nodes {
        found.clear();
        let near = Near {
            to: at,
            own: None,
            count: 1,
            within: Area::ALL,
        };
        tree.nearest(&near, |_| true, &mut found);
        let in_tree = found.first().map(|&i| entries[i as usize]);
        let freed = ready
            .iter()
            .flat_map(|&n| [2 * n, 2 * n + 1])
            .filter(|e| index[(e / 2) as usize][(e % 2) as usize] != u32::MAX);
        let Some(end) = in_tree.into_iter().chain(freed).min_by(|&a, &b| {
            at.distance(hops.point(a))
                .total_cmp(&at.distance(hops.point(b)))
        }) else {
            break;
        };
        let node = end / 2;
        for &i in index[node as usize].iter().filter(|i| **i != u32::MAX) {
            tree.remove(i);
        }
        ready.retain(|&n| n != node);
        out.push(end);
        at = hops.point(end ^ 1);
        for &b in constraints.after(node) {
            waits[b as usize] -= 1;
            if waits[b as usize] == 0 {
                ready.push(b);
            }
        }
    }
    out
}

/// Nodes joined end to end. End 0, where home is entered, is never joined: the
/// tour is a path that begins at home.
pub(super) struct Fragments {
    /// The end that each end is joined to.
    mate: Vec<u32>,
    /// For the outer ends of fragments: the fragment's other outer end.
    other: Vec<u32>,
    count: usize,
}

const FREE: u32 = u32::MAX;

impl Fragments {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            mate: vec![FREE; 2 * nodes],
            other: (0..2 * nodes as u32).map(|e| e ^ 1).collect(),
            count: nodes,
        }
    }

    fn other_end(&self, end: u32) -> u32 {
        self.other[end as usize]
    }

    /// Takes hops, shortest first, that join two fragments; empties `hops`.
    fn take(&mut self, hops: &mut Vec<(f32, u32, u32)>) {
        hops.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, a, b) in hops.drain(..) {
            self.join(a, b);
        }
    }

    pub(super) fn join(&mut self, a: u32, b: u32) {
        let taken = |e: u32| e == 0 || self.mate[e as usize] != FREE;
        if a == b || taken(a) || taken(b) || self.other[a as usize] == b {
            return;
        }
        let (p, q) = (self.other[a as usize], self.other[b as usize]);
        self.mate[a as usize] = b;
        self.mate[b as usize] = a;
        self.other[p as usize] = q;
        self.other[q as usize] = p;
        self.count -= 1;
    }

    /// Where the nodes are entered, in order, once the fragments that are left are joined by their
    /// nearest ends.
    pub(super) fn joined<H: Fn(Point, Point) -> f64 + Sync>(
        mut self,
        hops: &Hops<'_, H>,
    ) -> Vec<u32> {
        let mut links = Vec::new();
        loop {
            let loose = self.loose();
            if loose.len() <= 2 {
                break;
            }
            let before = self.count;
            let tree = KdTree::new(loose.iter().map(|&e| hops.point(e)).collect());
            let mut found = Vec::new();
            for (i, &end) in loose.iter().enumerate() {
                found.clear();
                let near = Near {
                    to: hops.point(end),
                    own: Some(i as u32),
                    count: 5,
                    within: Area::ALL,
                };
                let other = self.other_end(end);
                let accept = |i: u32| loose[i as usize] != end && loose[i as usize] != other;
                tree.nearest(&near, accept, &mut found);
                links.extend(found.iter().map(|&i| {
                    let to = loose[i as usize];
                    (hops.link(end, to), end, to)
                }));
            }
            self.take(&mut links);
            if self.count == before {
                break;
            }
        }
        self.walk()
    }

    /// The outer ends that can still be joined.
    fn loose(&self) -> Vec<u32> {
        (1..self.mate.len() as u32)
            .filter(|&e| self.mate[e as usize] == FREE)
            .collect()
    }

    /// Where the nodes are entered, from home on; fragments that were never joined
    /// follow in the order of their first end.
    fn walk(&self) -> Vec<u32> {
        let mut out = Vec::with_capacity(self.mate.len() / 2);
        let mut seen = vec![false; self.mate.len() / 2];
        let starts = std::iter::once(0).chain(1..self.mate.len() as u32);
        for start in starts.filter(|&e| e == 0 || self.mate[e as usize] == FREE) {
            let mut entry = start;
            while !std::mem::replace(&mut seen[(entry / 2) as usize], true) {
                if entry > 1 {
                    out.push(entry);
                }
                match self.mate[(entry ^ 1) as usize] {
                    FREE => break,
                    next => entry = next,
                }
            }
        }
        out
    }
}
