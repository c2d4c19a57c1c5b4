//! First tours: greedy matching of ends, and the nearest end.

use super::constraint::Constraints;
use super::neighbours::Neighbours;
use super::state::Tour;
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;

/// Hops by growing length, each taken when both ends are free and no cycle
/// closes; fragments that are left are joined in the same way by their own ends,
/// and the last few by the nearest.
pub(super) fn greedy<H: Fn(Point, Point) -> f64 + Sync>(
    tour: &Tour<'_, H>,
    near: &Neighbours,
) -> Vec<(u32, bool)> {
    let mut fragments = Fragments::new(tour.len());
    // Home has one loose end; the other is where the tour ends or is free.
    let mut hops = Vec::new();
    for end in 1..2 * tour.len() as u32 {
        for &other in near.of(end) {
            if end < other || end == 1 {
                hops.push((tour.hop(point(tour, end), point(tour, other)), end, other));
            }
        }
    }
    fragments.take(&mut hops);
    loop {
        let loose = fragments.loose();
        if loose.len() <= 2 {
            break;
        }
        let before = fragments.count;
        let tree = KdTree::new(loose.iter().map(|&e| point(tour, e)).collect());
        let mut found = Vec::new();
        for (i, &end) in loose.iter().enumerate() {
            found.clear();
            let near = Near {
                to: point(tour, end),
                own: Some(i as u32),
                count: 5,
                within: Area::ALL,
            };
            let other = fragments.other_end(end);
            let accept = |i: u32| loose[i as usize] != end && loose[i as usize] != other;
            tree.nearest(&near, accept, &mut found);
            hops.extend(found.iter().map(|&i| {
                let to = loose[i as usize];
                (tour.hop(point(tour, end), point(tour, to)), end, to)
            }));
        }
        fragments.take(&mut hops);
        if fragments.count == before {
            break;
        }
    }
    fragments.walk()
}

/// Always the nearest entry of a stroke that may come next.
pub(super) fn nearest<H: Fn(Point, Point) -> f64 + Sync>(
    tour: &Tour<'_, H>,
    constraints: &Constraints,
) -> Vec<(u32, bool)> {
    let entries: Vec<u32> = (2..2 * tour.len() as u32)
        .filter(|e| e % 2 == 0 || !constraints.one_way(e / 2))
        .collect();
    let mut tree = KdTree::new(entries.iter().map(|&e| point(tour, e)).collect());
    let mut waits: Vec<usize> = (0..tour.len() as u32)
        .map(|i| constraints.before(i).len())
        .collect();
    let mut index = vec![[u32::MAX; 2]; tour.len()];
    for (i, &e) in entries.iter().enumerate() {
        index[(e / 2) as usize][(e % 2) as usize] = i as u32;
    }
    let mut at = tour.exit(0);
    let mut out = Vec::with_capacity(tour.len());
    // Strokes that must wait are found again through those that they wait for.
    let mut ready: Vec<u32> = Vec::new();
    let mut found = Vec::new();
    let mut blocked = vec![false; tour.len()];
    for node in 1..tour.len() {
        if waits[node] > 0 {
            blocked[node] = true;
            for &i in index[node].iter().filter(|i| **i != u32::MAX) {
                tree.remove(i);
            }
        }
    }
    while out.len() + 1 < tour.len() {
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
            at.distance(point(tour, a))
                .total_cmp(&at.distance(point(tour, b)))
        }) else {
            break;
        };
        let node = end / 2;
        for &i in index[node as usize].iter().filter(|i| **i != u32::MAX) {
            tree.remove(i);
        }
        ready.retain(|&n| n != node);
        out.push((node, end % 2 == 1));
        at = point(tour, end ^ 1);
        for &b in constraints.after(node) {
            waits[b as usize] -= 1;
            if waits[b as usize] == 0 {
                ready.push(b);
            }
        }
    }
    out
}

fn point<H>(tour: &Tour<'_, H>, end: u32) -> Point {
    tour.ends[(end / 2) as usize][(end % 2) as usize]
}

/// Nodes joined end to end. End 0, where home is entered, is never joined: the
/// tour is a path that begins at home.
struct Fragments {
    /// The end that each end is joined to.
    mate: Vec<u32>,
    /// For the outer ends of fragments: the fragment's other outer end.
    other: Vec<u32>,
    count: usize,
}

const FREE: u32 = u32::MAX;

impl Fragments {
    fn new(nodes: usize) -> Self {
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
    fn take(&mut self, hops: &mut Vec<(f64, u32, u32)>) {
        hops.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, a, b) in hops.drain(..) {
            self.join(a, b);
        }
    }

    fn join(&mut self, a: u32, b: u32) {
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

    /// The outer ends that can still be joined.
    fn loose(&self) -> Vec<u32> {
        (1..self.mate.len() as u32)
            .filter(|&e| self.mate[e as usize] == FREE)
            .collect()
    }

    /// The nodes from home on, with their directions; fragments that were never
    /// joined follow in the order of their first end.
    fn walk(&self) -> Vec<(u32, bool)> {
        let mut out = Vec::with_capacity(self.mate.len() / 2);
        let mut seen = vec![false; self.mate.len() / 2];
        let starts = std::iter::once(0).chain(1..self.mate.len() as u32);
        for start in starts.filter(|&e| e == 0 || self.mate[e as usize] == FREE) {
            let mut entry = start;
            while !std::mem::replace(&mut seen[(entry / 2) as usize], true) {
                if entry > 1 {
                    out.push((entry / 2, entry % 2 == 1));
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
