//! The nearest ends of other strokes for every end.

use super::state::Tour;
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;
use crate::par;

/// Ends are handled in chunks of so many, whatever the number of threads.
const CHUNK: usize = 2048;

/// Neighbours of every end; end `2 * node + side`. Home's ends are asked but
/// never offered: nothing is gained by hopping to where the head stands.
pub(super) struct Neighbours {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Neighbours {
    /// Ends near `end`, nearest first.
    pub(super) fn of(&self, end: u32) -> &[u32] {
        let i = end as usize;
        &self.list[self.first[i] as usize..self.first[i + 1] as usize]
    }
}

/// The `k` nearest ends of other nodes for every end, and the nearest in each
/// quadrant that these leave empty.
pub(super) fn of_ends<H: Fn(Point, Point) -> f64 + Sync>(
    tour: &Tour<'_, H>,
    k: usize,
) -> Neighbours {
    // A closed node's two ends are one point: it is offered once.
    let offered: Vec<u32> = (2..2 * tour.len() as u32)
        .filter(|e| e % 2 == 0 || !tour.closed[(e / 2) as usize])
        .collect();
    let point = |end: u32| tour.ends[(end / 2) as usize][(end % 2) as usize];
    let tree = KdTree::new(offered.iter().map(|&e| point(e)).collect());
    let mut index = vec![None; 2 * tour.len()];
    for (i, &e) in offered.iter().enumerate() {
        index[e as usize] = Some(i as u32);
    }
    let ends: Vec<u32> = (0..2 * tour.len() as u32).collect();
    let lists = par::map_chunks(&ends, CHUNK, |_, chunk| {
        let mut found = Vec::new();
        let mut sizes = Vec::with_capacity(chunk.len());
        let mut list = Vec::new();
        for &end in chunk {
            list.clear();
            let (p, own) = (point(end), end / 2);
            let mut near = Near {
                to: p,
                own: index[end as usize],
                count: k,
                within: Area::ALL,
            };
            let other = |i: u32| offered[i as usize] / 2 != own;
            tree.nearest(&near, other, &mut list);
            if list.len() == k {
                let filled = list.iter().fold(0, |bits, &i| {
                    bits | 1 << quadrant(point(offered[i as usize]) - p)
                });
                near.count = 1;
                for q in (0..4).filter(|q| filled & 1 << q == 0) {
                    near.within = quarter(p, q);
                    tree.nearest(&near, other, &mut list);
                }
            }
            found.extend(list.iter().map(|&i| offered[i as usize]));
            sizes.push(list.len() as u32);
        }
        (found, sizes)
    });
    let mut all = Neighbours {
        first: vec![0],
        list: Vec::new(),
    };
    let mut sum = 0;
    for (found, sizes) in lists {
        all.list.extend(found);
        for size in sizes {
            sum += size;
            all.first.push(sum);
        }
    }
    all
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
