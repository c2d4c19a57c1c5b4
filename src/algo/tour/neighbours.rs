//! The nearest ends of other strokes for every end.
//!
//! Ends at one point have one list. It names the ends at that point, then those at
//! the nearest other points: where strokes meet, a list of the nearest ends would
//! hold the ends of one meeting and nothing beyond it.

use super::gates::{self, Gate};
use super::hops::{Hops, rounded};
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;
use crate::par;

/// Points are handled in chunks of so many, whatever the number of threads.
const CHUNK: usize = 2048;
/// Most ends that are named at the point itself.
const HERE: usize = 6;
/// Most ends that are named at another point.
const THERE: usize = 3;
/// In [`Link::end`], that both ends of a node stand there.
const EITHER: u32 = 1 << 31;

/// An end that is near another, and what a hop there costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    end: u32,
    pub(super) cost: f32,
}

impl Link {
    /// The end; for a closed node the first of both.
    pub(super) const fn end(self) -> u32 {
        self.end & !EITHER
    }

    /// Whether the node's other end stands at the same point.
    pub(super) const fn is_either(self) -> bool {
        self.end & EITHER != 0
    }
}

/// Neighbours of every end; home's ends are asked but never named: nothing is gained
/// by hopping to where the head stands.
pub(super) struct Neighbours {
    /// The point of each end, by number.
    point_of: Vec<u32>,
    /// The lists of so many points each: they are not put together, which would take
    /// their memory twice.
    chunks: Vec<Lists>,
}

/// Lists one after another.
#[derive(Default)]
struct Lists {
    /// Where each begins, and where the last one ends.
    first: Vec<u32>,
    links: Vec<Link>,
}

impl Neighbours {
    /// Ends near `end` by growing cost; that of its own node may be among them.
    pub(super) fn of(&self, end: u32) -> &[Link] {
        let point = self.point_of[end as usize] as usize;
        let Lists { first, links } = &self.chunks[point / CHUNK];
        let i = point % CHUNK;
        &links[first[i] as usize..first[i + 1] as usize]
    }
}

/// The ends at the `k` nearest points for every end, and those at the nearest point
/// in each quadrant that these leave empty.
///
/// # Complexity
/// O(n log n).
pub(super) fn of_ends<H: Fn(Point, Point) -> f64 + Sync>(
    hops: &Hops<'_, H>,
    k: usize,
) -> Neighbours {
    let spots = Spots::new(hops);
    let tree = KdTree::new(spots.points.clone());
    let others = spots.of_other_groups(hops);
    let all: Vec<u32> = (0..spots.points.len() as u32).collect();
    let chunks = par::map_chunks(&all, CHUNK, |_, chunk| {
        let mut lists = Lists::default();
        let Lists { first, links } = &mut lists;
        first.push(0);
        let mut near = Vec::new();
        for &spot in chunk {
            let begin = links.len();
            nearest(&spots, &tree, spot, k, &mut near);
            let to = spots.points[spot as usize];
            let here = spots.at(spot).iter().take(HERE);
            links.extend(here.map(|&end| Link { end, cost: 0.0 }));
            for &other in &near {
                let cost = rounded(hops.cost()(to, spots.points[other as usize]));
                let there = spots.at(other).iter().take(THERE);
                links.extend(there.map(|&end| Link { end, cost }));
            }
            for &end in others.get(spot as usize).into_iter().flatten() {
                if links[begin..].iter().all(|l| l.end != end) {
                    let cost = rounded(hops.cost()(to, hops.point(end & !EITHER)));
                    links.push(Link { end, cost });
                }
            }
            links[begin..].sort_by(|a: &Link, b: &Link| a.cost.total_cmp(&b.cost));
            first.push(links.len() as u32);
        }
        links.shrink_to_fit();
        lists
    });
    Neighbours {
        point_of: spots.spot_of,
        chunks,
    }
}

/// The `k` nearest other spots, and the nearest in each quadrant that they leave
/// empty.
fn nearest(spots: &Spots, tree: &KdTree, spot: u32, k: usize, near: &mut Vec<u32>) {
    near.clear();
    let to = spots.points[spot as usize];
    let mut asked = Near {
        to,
        own: Some(spot),
        count: k,
        within: Area::ALL,
    };
    // What nobody may hop to is no neighbour.
    let named = |other: u32| other != spot && !spots.at(other).is_empty();
    tree.nearest(&asked, named, near);
    if near.len() < k {
        return;
    }
    let filled = near.iter().fold(0, |bits, &other| {
        bits | 1 << quadrant(spots.points[other as usize] - to)
    });
    asked.count = 1;
    for q in (0..4).filter(|q| filled & 1 << q == 0) {
        asked.within = quarter(to, q);
        tree.nearest(&asked, named, near);
    }
}

/// The points where ends are, each once.
struct Spots {
    points: Vec<Point>,
    spot_of: Vec<u32>,
    first: Vec<u32>,
    /// The ends at each, home's left out; of a closed node one with [`EITHER`].
    ends: Vec<u32>,
}

impl Spots {
    fn new<H: Fn(Point, Point) -> f64 + Sync>(hops: &Hops<'_, H>) -> Self {
        let count = 2 * hops.nodes() as u32;
        let mut sorted: Vec<u32> = (0..count).collect();
        sorted.sort_unstable_by(|&a, &b| {
            let (p, q) = (hops.point(a), hops.point(b));
            p.x.total_cmp(&q.x)
                .then(p.y.total_cmp(&q.y))
                .then(a.cmp(&b))
        });
        // The lowest end at a point stands for it, so that points are in the order of
        // the ends.
        let mut lowest: Vec<u32> = (0..count).collect();
        for pair in sorted.windows(2) {
            if hops.point(pair[0]) == hops.point(pair[1]) {
                lowest[pair[1] as usize] = lowest[pair[0] as usize];
            }
        }
        let mut spots = Self {
            points: Vec::new(),
            spot_of: vec![0; count as usize],
            first: Vec::new(),
            ends: Vec::new(),
        };
        for end in 0..count {
            let i = lowest[end as usize];
            if i == end {
                spots.spot_of[end as usize] = spots.points.len() as u32;
                spots.points.push(hops.point(end));
            } else {
                spots.spot_of[end as usize] = spots.spot_of[i as usize];
            }
        }
        spots.fill(count);
        spots
    }

    fn fill(&mut self, count: u32) {
        let same = |e: u32| self.spot_of[e as usize] == self.spot_of[(e ^ 1) as usize];
        let named: Vec<u32> = (2..count).filter(|&e| e % 2 == 0 || !same(e)).collect();
        self.first = vec![0; self.points.len() + 1];
        for &end in &named {
            self.first[self.spot_of[end as usize] as usize + 1] += 1;
        }
        for i in 0..self.points.len() {
            self.first[i + 1] += self.first[i];
        }
        let mut next = self.first.clone();
        let mut ends = vec![0; named.len()];
        for &end in &named {
            let slot = &mut next[self.spot_of[end as usize] as usize];
            ends[*slot as usize] = if same(end) { end | EITHER } else { end };
            *slot += 1;
        }
        self.ends = ends;
    }

    /// For each, ends of other groups that are near; no list where there are no groups.
    fn of_other_groups<H: Fn(Point, Point) -> f64 + Sync>(
        &self,
        hops: &Hops<'_, H>,
    ) -> Vec<Vec<u32>> {
        let Some(groups) = hops.groups() else {
            return Vec::new();
        };
        let gate = |end: u32| Gate {
            end,
            point: hops.point(end),
        };
        let mut flagged = vec![0, 1];
        // Where many stand, some ask for all.
        for spot in 0..self.points.len() as u32 {
            flagged.extend(self.at(spot).iter().take(HERE));
        }
        let gates: Vec<Gate> = flagged.iter().map(|e| gate(e & !EITHER)).collect();
        let mut out = vec![Vec::new(); self.points.len()];
        for (gate, near) in gates.iter().zip(gates::of_others(&gates, groups)) {
            let list: &mut Vec<u32> = &mut out[self.spot_of[gate.end as usize] as usize];
            list.extend(near.iter().map(|&i| flagged[i as usize]));
        }
        out
    }

    fn at(&self, spot: u32) -> &[u32] {
        &self.ends[self.first[spot as usize] as usize..self.first[spot as usize + 1] as usize]
    }
}

fn quadrant(d: Point) -> usize {
    usize::from(d.x < 0.0) + 2 * usize::from(d.y < 0.0)
}

/// The quarter of the plane that [`quadrant`] numbers, as seen from `p`.
fn quarter(p: Point, q: usize) -> Area {
    let mut area = Area::ALL;
    if q & 1 == 0 {
        area.min.x = p.x;
    } else {
        area.max.x = p.x.next_down();
    }
    if q & 2 == 0 {
        area.min.y = p.y;
    } else {
        area.max.y = p.y.next_down();
    }
    area
}
