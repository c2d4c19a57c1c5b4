//! Hops that the graph leaves out although they matter.
//!
//! A bound over a sparse graph holds for all hops only if none that is left out
//! costs less than the duals say. All pairs are checked by a k-d tree: each box
//! knows the greatest height in it, and which sets and parts of the tree its
//! points can share with the point in question. Without that, points of one far
//! cluster, inside one wide odd set, would all seem to be too near to each other.

use super::NONE;
use super::duals::Duals;
use super::laminar::Laminar;
use super::places::{CHUNK, Hop, Places};
use crate::algo::Boxes;
use crate::geom::Point;
use crate::par;

/// So many hops are given for each site and end at most.
const MOST: usize = 4;

/// Duals and, if there is one, a tree, as hops are measured against them.
struct Measure<'a> {
    duals: &'a Duals,
    /// For each family, the sum of the numbers of each set and of all round it.
    round: [Vec<f64>; 2],
    parts: Option<&'a Laminar>,
}

impl Measure<'_> {
    /// The number of an end and of all sets that hold it.
    fn height(&self, end: u32) -> f64 {
        let within = [0, 1].map(|f| self.duals.families[f].sets.within(end));
        self.duals.ends[end as usize] + self.sum_round(within)
    }

    fn sum_round(&self, sets: [u32; 2]) -> f64 {
        let of = |f: usize| match sets[f] {
            NONE => 0.0,
            set => self.round[f][set as usize],
        };
        of(0) + of(1)
    }

    /// Where an end stands in each family.
    fn places(&self, end: u32) -> [[u32; 2]; 2] {
        [0, 1].map(|f| [self.duals.families[f].sets.place(end); 2])
    }

    /// What sets that hold all these ends add to the sum of two heights.
    fn shared(&self, end: u32, ranges: [[u32; 2]; 2]) -> f64 {
        let covering = |f: usize| {
            let [first, last] = ranges[f];
            self.duals.families[f].sets.covering(end, first, last)
        };
        2.0 * self.sum_round([0, 1].map(covering))
    }

    /// The level on which the tree joins all these strokes.
    fn level(&self, stroke: u32, [first, last]: [u32; 2]) -> f64 {
        self.parts.map_or(0.0, |parts| {
            parts.value(parts.covering(stroke, first, last), f64::INFINITY)
        })
    }
}

/// What is known of a box of points.
#[derive(Clone, Copy)]
struct Known {
    height: f64,
    strokes: [u32; 2],
    /// Places in the sets of each family.
    ends: [[u32; 2]; 2],
    /// Places in the parts of the tree.
    parts: [u32; 2],
}

impl Known {
    fn join(self, o: Self) -> Self {
        let range = |a: [u32; 2], b: [u32; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        Self {
            height: self.height.max(o.height),
            strokes: range(self.strokes, o.strokes),
            ends: [0, 1].map(|f| range(self.ends[f], o.ends[f])),
            parts: range(self.parts, o.parts),
        }
    }
}

/// Hops whose reduced cost is more than `slack` mm below the level: for each end
/// the worst few. Home takes part only where there is no tree. Gives the hops, and
/// by how much the worst is below, mm.
pub(super) fn missing(
    places: &Places,
    duals: &Duals,
    parts: Option<&Laminar>,
    slack: f64,
) -> (Vec<Hop>, f64) {
    let measure = Measure {
        duals,
        round: [0, 1].map(|f| duals.families[f].round()),
        parts,
    };
    let known = |i: u32| {
        let site = &places.sites[i as usize];
        let of_end = |&end: &u32| {
            let part = parts.map_or(0, |p| p.place(end / 2));
            Known {
                height: measure.height(end),
                strokes: [end / 2; 2],
                ends: measure.places(end),
                parts: [part; 2],
            }
        };
        let first = of_end(&site.ends()[0]);
        site.ends()[1..].iter().map(of_end).fold(first, Known::join)
    };
    let boxes = places.tree.boxes(known, Known::join);
    let found = par::map_chunks(&places.sites, CHUNK, |_, chunk| {
        let mut hops = Vec::new();
        let mut worst = 0.0_f64;
        for site in chunk {
            for &end in site.ends() {
                if parts.is_some() && end / 2 == places.strokes {
                    continue;
                }
                for (below, other, length) in from(places, &measure, &boxes, site.at, end, slack) {
                    worst = worst.max(-below);
                    hops.push((end.min(other), end.max(other), length));
                }
            }
        }
        (hops, worst)
    });
    let mut hops = Vec::new();
    let mut worst = 0.0_f64;
    for (some, w) in found {
        hops.extend(some);
        worst = worst.max(w);
    }
    (hops, worst)
}

/// Ends to which hops from `end`, at `p`, are too cheap: by how much (negative),
/// which end, how long.
fn from(
    places: &Places,
    measure: &Measure<'_>,
    boxes: &Boxes<Known>,
    p: Point,
    end: u32,
    slack: f64,
) -> Vec<(f64, u32, f64)> {
    let own = end / 2;
    let height = measure.height(end);
    let mut found: Vec<(f64, u32, f64)> = Vec::with_capacity(MOST + 1);
    places.tree.search(
        boxes,
        -slack,
        |area, known| {
            if known.strokes == [own; 2] {
                return f64::INFINITY;
            }
            let shared = measure.shared(end, known.ends);
            let level = measure.level(own, known.parts);
            places.cost(area.distance(p)) - height - known.height + shared - level
        },
        |i, limit| {
            let site = &places.sites[i as usize];
            let stroke = site.stroke();
            if stroke == own || measure.parts.is_some() && stroke == places.strokes {
                return;
            }
            let length = places.cost(p.distance(site.at));
            for &other in site.ends() {
                let part = measure.parts.map_or(0, |parts| parts.place(stroke));
                let below = length - height - measure.height(other)
                    + measure.shared(end, measure.places(other))
                    - measure.level(own, [part; 2]);
                if below >= *limit {
                    continue;
                }
                if let Some(same) = found.iter().position(|f| f.1 == other) {
                    if below >= found[same].0 {
                        continue;
                    }
                    let _ = found.remove(same);
                }
                let at = found.partition_point(|f| f.0 <= below);
                found.insert(at, (below, other, length));
                found.truncate(MOST);
                if let Some(last) = found.get(MOST - 1) {
                    *limit = last.0;
                }
            }
        },
    );
    found
}
