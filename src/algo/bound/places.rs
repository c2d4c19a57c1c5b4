//! Where strokes can be entered and left, and the hops between neighbours.

use super::Instance;
use crate::algo::tour::Stroke;
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;
use crate::par;

/// Sites are handled in chunks of so many, whatever the number of threads.
pub(super) const CHUNK: usize = 1024;
/// Nearest sites of other strokes that the first graph has for each site.
const NEIGHBOURS: usize = 8;
/// Start points of one closed stroke whose neighbours the first graph has.
const SAMPLE: usize = 16;

/// A point where a stroke can be entered or left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) at: Point,
    /// The end that it is; both ends of a closed stroke can be at any of its starts.
    ends: [u32; 2],
}

impl Site {
    pub(super) fn ends(&self) -> &[u32] {
        let one = self.ends[0] == self.ends[1];
        &self.ends[..if one { 1 } else { 2 }]
    }

    pub(super) const fn stroke(&self) -> u32 {
        self.ends[0] / 2
    }
}

/// A hop between two ends, the lower number first, and its length, mm.
pub(super) type Hop = (u32, u32, f64);

/// All sites. The ends of stroke `i` are `2 i` and `2 i + 1`; home is one more
/// stroke, from where the head is to where it must be in the end.
pub(super) struct Places {
    pub(super) sites: Vec<Site>,
    pub(super) tree: KdTree,
    /// Strokes, home left out.
    pub(super) strokes: u32,
    /// Ends of home that can be anywhere, at no cost.
    pub(super) jokers: Vec<u32>,
    touch: f64,
}

impl Places {
    pub(super) fn new(instance: &Instance<'_>) -> Self {
        let mut sites = Vec::new();
        for (stroke, i) in instance.strokes.iter().zip(0_u32..) {
            let both = [2 * i, 2 * i + 1];
            match stroke {
                Stroke::Open { ends, .. } => {
                    sites.extend(
                        ends.iter()
                            .zip(both)
                            .map(|(&at, end)| Site { at, ends: [end; 2] }),
                    );
                }
                Stroke::Closed { starts } => {
                    let starts = &instance.starts[starts.start as usize..starts.end as usize];
                    sites.extend(starts.iter().map(|&at| Site { at, ends: both }));
                }
            }
        }
        let strokes = instance.strokes.len() as u32;
        let mut jokers = Vec::new();
        for (at, end) in [(instance.from, 2 * strokes), (instance.to, 2 * strokes + 1)] {
            match at {
                Some(at) => sites.push(Site { at, ends: [end; 2] }),
                None => jokers.push(end),
            }
        }
        Self {
            tree: KdTree::new(sites.iter().map(|s| s.at).collect()),
            sites,
            strokes,
            jokers,
            touch: instance.touch,
        }
    }

    /// The number of ends, those of home included.
    pub(super) const fn ends(&self) -> usize {
        2 * self.strokes as usize + 2
    }

    /// What a hop over a distance costs, mm: nothing between ends that touch.
    pub(super) fn cost(&self, distance: f64) -> f64 {
        if distance <= self.touch {
            0.0
        } else {
            distance
        }
    }

    /// The hops between two sites of different strokes.
    pub(super) fn hops(&self, a: &Site, b: &Site, out: &mut Vec<Hop>) {
        let length = self.cost(a.at.distance(b.at));
        for &u in a.ends() {
            for &v in b.ends() {
                out.push((u.min(v), u.max(v), length));
            }
        }
    }

    /// Hops to near strokes on all sides, and those of the order as given, so that
    /// there is a tour.
    pub(super) fn near(&self) -> Vec<Hop> {
        let mut sample: Vec<u32> = Vec::new();
        let mut firsts: Vec<u32> = Vec::new();
        let mut i = 0;
        while i < self.sites.len() {
            let stroke = self.sites[i].stroke();
            let len = self.sites[i..]
                .iter()
                .take_while(|s| s.stroke() == stroke)
                .count();
            let taken = len.min(SAMPLE);
            sample.extend((0..taken).map(|k| (i + k * len / taken) as u32));
            firsts.push(i as u32);
            i += len;
        }
        let site = |i: u32| &self.sites[sample[i as usize] as usize];
        let tree = KdTree::new(sample.iter().map(|&s| self.sites[s as usize].at).collect());
        let found = par::map_chunks(&sample, CHUNK, |first, chunk| {
            let mut hops = Vec::new();
            let mut list = Vec::new();
            for own in first..first + chunk.len() {
                let here = site(own as u32);
                let mut near = Near {
                    to: here.at,
                    own: Some(own as u32),
                    count: NEIGHBOURS,
                    within: Area::ALL,
                };
                let other = |i: u32| site(i).stroke() != here.stroke();
                list.clear();
                tree.nearest(&near, other, &mut list);
                near.count = 2;
                for quarter in quarters(here.at) {
                    near.within = quarter;
                    tree.nearest(&near, other, &mut list);
                }
                for &i in &list {
                    self.hops(here, site(i), &mut hops);
                }
            }
            hops
        });
        let mut hops: Vec<Hop> = found.into_iter().flatten().collect();
        let mut given = Vec::new();
        for w in firsts
            .windows(2)
            .chain([&[firsts[firsts.len() - 1], firsts[0]][..]])
        {
            // All sites of a stroke that is open.
            let of = |first: u32| {
                let stroke = self.sites[first as usize].stroke();
                let own = self.sites[first as usize..].iter();
                own.take_while(move |s| s.stroke() == stroke).take(2)
            };
            for a in of(w[0]) {
                for b in of(w[1]).filter(|b| b.stroke() != a.stroke()) {
                    self.hops(a, b, &mut given);
                }
            }
        }
        add(&mut hops, given);
        hops
    }
}

/// Adds hops; of several between the same ends the shortest counts.
pub(super) fn add(hops: &mut Vec<Hop>, more: Vec<Hop>) {
    hops.extend(more);
    hops.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    hops.dedup_by_key(|h| (h.0, h.1));
}

fn quarters(p: Point) -> [Area; 4] {
    let quarter = |left: bool, low: bool| {
        let mut area = Area::ALL;
        if left {
            area.max.x = p.x
        } else {
            area.min.x = p.x
        }
        if low {
            area.max.y = p.y
        } else {
            area.min.y = p.y
        }
        area
    };
    [
        quarter(false, false),
        quarter(true, false),
        quarter(false, true),
        quarter(true, true),
    ]
}
