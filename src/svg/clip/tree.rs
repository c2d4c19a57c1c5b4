//! Segments in a tree of boxes.
//!
//! The leaves stand in the order of the contours, so that a node below a contour
//! is a chain of segments that follow each other. A chain that lies wholly to the
//! right of a point crosses the ray from there as often as the line from its first
//! point to its last would: the winding number needs no look inside. A node above
//! contours holds closed ones only, and counts nothing there.

use super::seg::{Rect, Seg, above};
use crate::geom::Point;

#[derive(Debug)]
pub(super) struct Tree {
    pub(super) segs: Vec<Seg>,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    rect: Rect,
    /// First and last point of a chain; the same point above contours.
    from: Point,
    to: Point,
    /// Which shape the contour is of.
    part: u32,
    below: Below,
}

#[derive(Clone, Copy, Debug)]
enum Below {
    Seg(u32),
    /// The left node follows; this is the right one.
    Nodes(u32),
}

/// What stands below a node, while the tree is built.
enum Work {
    /// A range of the contours in their order.
    Contours(usize, usize),
    /// A range of the segments.
    Chain(usize, usize, u32),
}

impl Tree {
    /// The tree of closed contours, each with the part that it belongs to.
    ///
    /// # Complexity
    /// O(n log n).
    pub(super) fn new(contours: &[(Vec<Seg>, u32)]) -> Self {
        let mut segs = Vec::new();
        let mut ranges = Vec::new();
        for (contour, part) in contours.iter().filter(|(c, _)| !c.is_empty()) {
            let from = segs.len();
            segs.extend_from_slice(contour);
            let rect = contour.iter().fold(Rect::EMPTY, |r, s| r.union(&s.rect()));
            ranges.push((from, segs.len(), *part, (rect.min + rect.max) * 0.5));
        }
        let mut nodes: Vec<Node> = Vec::with_capacity(2 * segs.len());
        let mut work = Vec::new();
        if !ranges.is_empty() {
            work.push((Work::Contours(0, ranges.len()), None));
        }
        while let Some((item, right_of)) = work.pop() {
            let at = nodes.len();
            if let Some(i) = right_of {
                let parent: &mut Node = &mut nodes[i];
                parent.below = Below::Nodes(at as u32);
            }
            let item = match item {
                Work::Contours(i, j) if j - i == 1 => {
                    let (from, to, part, _) = ranges[i];
                    Work::Chain(from, to, part)
                }
                other => other,
            };
            let mut node = Node {
                rect: Rect::EMPTY,
                from: Point::default(),
                to: Point::default(),
                part: 0,
                below: Below::Nodes(0),
            };
            let halves = match item {
                Work::Contours(i, j) => {
                    let m = (i + j) / 2;
                    let list = &mut ranges[i..j];
                    let spread = |of: fn(&Point) -> f64| {
                        let all = || list.iter().map(|r| of(&r.3));
                        all().fold(f64::MIN, f64::max) - all().fold(f64::MAX, f64::min)
                    };
                    let wide = spread(|p| p.x) >= spread(|p| p.y);
                    let key = |p: &Point| if wide { p.x } else { p.y };
                    let _ =
                        list.select_nth_unstable_by(m - i, |a, b| key(&a.3).total_cmp(&key(&b.3)));
                    Some((Work::Contours(i, m), Work::Contours(m, j)))
                }
                Work::Chain(i, j, part) => {
                    node.from = segs[i].from;
                    node.to = segs[j - 1].to;
                    node.part = part;
                    if j - i == 1 {
                        node.rect = segs[i].rect();
                        node.below = Below::Seg(i as u32);
                        None
                    } else {
                        let m = (i + j) / 2;
                        Some((Work::Chain(i, m, part), Work::Chain(m, j, part)))
                    }
                }
            };
            nodes.push(node);
            if let Some((left, right)) = halves {
                work.push((right, Some(at)));
                work.push((left, None));
            }
        }
        // Every node stands before what is below it.
        for i in (0..nodes.len()).rev() {
            if let Below::Nodes(right) = nodes[i].below {
                nodes[i].rect = nodes[i + 1].rect.union(&nodes[right as usize].rect);
            }
        }
        Self { segs, nodes }
    }

    /// The tree of segments in no order, for [`near`](Self::near) only.
    pub(super) fn loose(segs: impl Iterator<Item = Seg>) -> Self {
        let alone: Vec<_> = segs.map(|s| (vec![s], 0)).collect();
        Self::new(&alone)
    }

    /// Calls `found` with the number of each segment whose box is within `slack` mm
    /// of `rect`; stops where it gives `false`.
    ///
    /// # Complexity
    /// O(log n) and what is found, where boxes do not pile up.
    pub(super) fn near(&self, rect: &Rect, slack: f64, mut found: impl FnMut(usize) -> bool) {
        let mut stack = Vec::from_iter((!self.nodes.is_empty()).then_some(0));
        while let Some(i) = stack.pop() {
            let node = &self.nodes[i];
            if !node.rect.near(rect, slack) {
                continue;
            }
            match node.below {
                Below::Seg(s) => {
                    if !found(s as usize) {
                        return;
                    }
                }
                Below::Nodes(right) => stack.extend([right as usize, i + 1]),
            }
        }
    }

    /// Adds up, part by part, how often the contours go around `p`.
    ///
    /// # Complexity
    /// O(log n) for contours that do not wind about the ray.
    pub(super) fn winding(&self, p: Point, sums: &mut Vec<(u32, i32)>) {
        sums.clear();
        let mut stack = Vec::from_iter((!self.nodes.is_empty()).then_some(0));
        while let Some(i) = stack.pop() {
            let Node {
                rect,
                from,
                to,
                part,
                below,
            } = &self.nodes[i];
            if p.y < rect.min.y || p.y >= rect.max.y || p.x > rect.max.x {
                continue;
            }
            let n = if rect.min.x > p.x {
                i32::from(above(*to, p)) - i32::from(above(*from, p))
            } else {
                match *below {
                    Below::Seg(s) => self.segs[s as usize].winding(p),
                    Below::Nodes(right) => {
                        stack.extend([right as usize, i + 1]);
                        continue;
                    }
                }
            };
            if n != 0 {
                match sums.iter_mut().find(|(of, _)| of == part) {
                    Some((_, sum)) => *sum += n,
                    None => sums.push((*part, n)),
                }
            }
        }
    }
}
