//! What travel between strokes is at least, whatever their order: a lower bound
//! that is proved, to tell how far an order is from the best.
//!
//! # Words
//! - *end*: where a stroke can be entered or left; each has two. Both ends of a
//!   closed stroke can be at any of its start points. Home is one more stroke, from
//!   where the head is to where it must be at last.
//! - *hop*: travel from an end of one stroke to an end of another.
//! - *odd set*: an odd number of ends, so that a hop must leave it.
//! - *group*: strokes that are near to each other, entered and left like one.
//!
//! # How
//! The hops of an order pair all ends, so a perfect matching of least cost is a
//! lower bound (`matching`); it knows nothing of the tour's being in one piece.
//! A least tree over the strokes is one too (`one_tree`); it knows little of each
//! end's having just one hop. Both are proved by numbers on ends and odd sets
//! (`duals`), so the ascent of the tree (`ascent`) begins with those of the
//! matching, gives some to groups (`groups`), and changes them all: the result is no
//! less than the matching, and above both where they are weak.
//!
//! All of it looks at a sparse graph of neighbours. Which other hops matter is asked
//! of a k-d tree (`price`), with the duals in hand, and they are added until none
//! is left: the bound holds for all hops, not for those of the graph.
//!
//! On random segments it ends 0.6 to 0.9 % below the best orders that are known, on
//! points and clusters 1.2 to 1.7 %. 10,000 segments take 11 s of one core, 20,000
//! dots on a grid 23 s; a fifth of it is the matching.
//!
//! # Limits
//! Precedence and fixed directions are left out, and so is that a closed stroke is
//! left where it was entered: each of these can only make travel longer, so the
//! bound holds but is the lower for it. For large closed outlines that lie close
//! together it says little.

mod ascent;
mod duals;
mod groups;
mod laminar;
mod matching;
mod one_tree;
mod places;
mod price;

use crate::algo::tour::Stroke;
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;
use ascent::{Leg, ascend};
use duals::{Duals, Family};
use laminar::Laminar;
use matching::Graph;
use one_tree::{Excess, OneTree};
use places::{Hop, Places};

/// No vertex, region, set or crowd.
const NONE: u32 = u32::MAX;
/// Below this part of the largest coordinate, lengths are equal.
const SLACK: f64 = 1e-11;
/// So often hops are added for the matching at most. More would raise the bound, if
/// at all, by little.
const MATCHINGS: usize = 20;
/// Legs of the ascent; hops are added after each.
const LEGS: usize = 4;
/// So often hops are added for the tree of one leg at most.
const PRICINGS: usize = 30;

/// What is to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'a> {
    /// The strokes.
    pub strokes: &'a [Stroke],
    /// Start points of closed strokes, mm.
    pub starts: &'a [Point],
    /// Where the head is, mm. `None`: anywhere.
    pub from: Option<Point>,
    /// Where the head must be at the end, mm; the hop there counts. `None`: anywhere.
    pub to: Option<Point>,
    /// Hops no longer than this cost nothing, mm: such ends may be fused.
    pub touch: f64,
}

/// How hard to try.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Trees of the ascent. Default 400; with none the bound is that of the matching,
    /// or of the tree that has its duals, if that is higher.
    pub trees: usize,
}

impl Options {
    /// The same with another number of trees.
    #[must_use]
    pub const fn with_trees(mut self, trees: usize) -> Self {
        self.trees = trees;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { trees: 400 }
    }
}

/// The shortest hop from a point of one set to one of another, mm; 0 if it is no
/// longer than `touch`, or a set is empty.
///
/// # Complexity
/// O((n + m) log m).
#[must_use]
pub fn least_hop(a: &[Point], b: &[Point], touch: f64) -> f64 {
    let tree = KdTree::new(b.to_vec());
    let mut found = Vec::new();
    let mut least = f64::INFINITY;
    for &p in a {
        found.clear();
        let near = Near {
            to: p,
            own: None,
            count: 1,
            within: Area::ALL,
        };
        tree.nearest(&near, |_| true, &mut found);
        for &i in &found {
            least = least.min(p.distance(b[i as usize]));
        }
    }
    if least.is_finite() && least > touch {
        least
    } else {
        0.0
    }
}

/// A lower bound on the travel of every order of the strokes, in whatever direction
/// and from whatever start, mm. It is at least the least matching of ends and the
/// first tree of the ascent, less what rounding may have added.
///
/// The same input gives the same bound, on any number of threads.
///
/// # Panics
/// When a closed stroke has no start point, or its range is out of bounds.
///
/// # Complexity
/// About n^1.3 for the matching on drawings (at worst n² log n), and of each tree
/// O(n log n).
#[must_use]
pub fn travel(instance: &Instance<'_>, options: &Options) -> f64 {
    if instance.strokes.is_empty() {
        return match (instance.from, instance.to) {
            (Some(a), Some(b)) if a.distance(b) > instance.touch => a.distance(b),
            _ => 0.0,
        };
    }
    let places = Places::new(instance);
    let reach = places
        .sites
        .iter()
        .fold(0.0_f64, |m, s| m.max(s.at.x.abs()).max(s.at.y.abs()));
    let slack = reach * SLACK;
    let mut hops = places.near();
    let mut duals = matched(&places, &mut hops, slack);
    add_groups(&places, &hops, &mut duals);
    let mut bound = 0.0_f64;
    let legs = LEGS.min(options.trees.max(1));
    for leg in 0..legs {
        let mut tree = OneTree::new(&places, &hops, &duals.families);
        let _ = ascend(
            &mut tree,
            &mut duals,
            Leg {
                from: leg * options.trees / legs,
                to: (leg + 1) * options.trees / legs,
                of: options.trees,
            },
        );
        bound = bound.max(proved(&places, &mut hops, &duals, slack));
    }
    bound
}

/// The duals of a least perfect matching of all ends. Hops that it misses are added.
fn matched(places: &Places, hops: &mut Vec<Hop>, slack: f64) -> Duals {
    let mut rounds = 0;
    loop {
        let graph = graph(places, hops);
        let dual = matching::solve(&graph.0, graph.1, slack);
        let duals = Duals {
            families: [
                Family {
                    sets: Laminar::new(dual.within, &dual.odd_sets),
                    numbers: dual.odd_sets.iter().map(|s| s.1).collect(),
                    least: 1.0,
                },
                no_parts(places),
            ],
            ends: dual.vertex,
        };
        let (more, _) = price::missing(places, &duals, None, slack);
        rounds += 1;
        if more.is_empty() || rounds == MATCHINGS {
            return duals;
        }
        places::add(hops, more);
    }
}

/// A family without sets.
fn no_parts(places: &Places) -> Family {
    Family {
        sets: Laminar::new(vec![NONE; places.ends()], &[]),
        numbers: Vec::new(),
        least: 2.0,
    }
}

/// Gives the duals the groups of near strokes, with their numbers or, if the bound is
/// higher so, with none to begin with.
fn add_groups(places: &Places, hops: &[Hop], duals: &mut Duals) {
    duals.families[1] = groups::near(places, hops, duals);
    let mut tree = OneTree::new(places, hops, &duals.families);
    let mut excess = Excess::default();
    let with = tree.value(duals, &mut excess);
    let none = vec![0.0; duals.families[1].numbers.len()];
    let numbers = std::mem::replace(&mut duals.families[1].numbers, none);
    if with > tree.value(duals, &mut excess) {
        duals.families[1].numbers = numbers;
    }
}

/// The graph for the matching, where home's free ends are joined to all at no cost,
/// and numbers for its ends to begin with: half the shortest hop.
fn graph(places: &Places, hops: &[Hop]) -> (Graph, Vec<f64>) {
    let mut edges = hops.to_vec();
    let mut half = vec![f64::INFINITY; places.ends()];
    for &(u, v, length) in hops {
        for end in [u, v] {
            let h = &mut half[end as usize];
            *h = h.min(length / 2.0);
        }
    }
    let finite = half.iter().filter(|h| h.is_finite());
    let highest = finite.fold(0.0_f64, |a, &b| a.max(b));
    for &joker in &places.jokers {
        half[joker as usize] = -highest;
        edges.extend((0..2 * places.strokes).map(|end| (end, joker, 0.0)));
    }
    (Graph::new(places.ends(), &edges), half)
}

/// The value of the least tree with these duals among all hops. Those that it
/// misses are added.
fn proved(places: &Places, hops: &mut Vec<Hop>, duals: &Duals, slack: f64) -> f64 {
    let mut excess = Excess::default();
    let mut rounds = 0;
    loop {
        let mut tree = OneTree::new(places, hops, &duals.families);
        let value = tree.value(duals, &mut excess);
        let (more, worst) = price::missing(places, duals, Some(&tree.parts()), slack);
        rounds += 1;
        if more.is_empty() || rounds == PRICINGS {
            // No hop that is left out could make any of the tree's cheaper by more.
            // The sums' own rounding is far below.
            return value - f64::from(places.strokes) * (worst + slack);
        }
        places::add(hops, more);
    }
}

#[cfg(test)]
mod tests;
