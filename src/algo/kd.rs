use crate::geom::Point;

/// Points fewer than this are searched one by one.
const LEAF: usize = 8;

/// A static k-d tree over points, which are named by their index. Points can be
/// taken out again.
///
/// Built by median splits (Bentley 1975) in O(n log n). A query visits O(log n +
/// answers) nodes; where many points coincide, each finds those beside it in the
/// tree, so that they do not all name the same few.
#[derive(Clone, Debug)]
pub struct KdTree {
    /// Indices of points; a node is a range of them, split in the middle.
    order: Vec<u32>,
    /// The points in this order.
    points: Vec<Point>,
    /// Where each point stands in `order`.
    place: Vec<u32>,
    nodes: Vec<Node>,
    gone: Vec<bool>,
}

/// A node, by heap number: how many of its points are left, and their box.
#[derive(Clone, Copy, Debug)]
struct Node {
    left: u32,
    area: Area,
}

/// An axis-parallel box, edges included, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Least coordinates.
    pub min: Point,
    /// Greatest coordinates.
    pub max: Point,
}

impl Area {
    /// The whole plane.
    pub const ALL: Self = Self {
        min: Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
        max: Point::new(f64::INFINITY, f64::INFINITY),
    };

    fn of(points: &[Point], order: &[u32]) -> Self {
        let mut area = Self {
            min: Self::ALL.max,
            max: Self::ALL.min,
        };
        for &i in order {
            let p = points[i as usize];
            area.min = Point::new(area.min.x.min(p.x), area.min.y.min(p.y));
            area.max = Point::new(area.max.x.max(p.x), area.max.y.max(p.y));
        }
        area
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && self.min.y <= other.max.y
            && self.max.x >= other.min.x
            && self.max.y >= other.min.y
    }

    fn holds(&self, p: Point) -> bool {
        self.meets(&Self { min: p, max: p })
    }

    /// Distance of the nearest point of the box, mm.
    #[must_use]
    pub fn distance(&self, p: Point) -> f64 {
        self.distance2(p).sqrt()
    }

    /// Square of the distance to `p`.
    fn distance2(&self, p: Point) -> f64 {
        let x = (self.min.x - p.x).max(p.x - self.max.x).max(0.0);
        let y = (self.min.y - p.y).max(p.y - self.max.y).max(0.0);
        x * x + y * y
    }
}

/// What is asked of a [`KdTree`].
#[derive(Clone, Copy, Debug)]
pub struct Near {
    /// Near which point.
    pub to: Point,
    /// The tree's own point that stands there, if any: ties go to those beside it.
    pub own: Option<u32>,
    /// How many.
    pub count: usize,
    /// Only points in this box.
    pub within: Area,
}

impl KdTree {
    /// A tree over `points`.
    #[must_use]
    pub fn new(points: Vec<Point>) -> Self {
        let n = points.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        let mut nodes = Vec::new();
        split(&points, &mut order, (0, 0), &mut nodes);
        let mut place = vec![0; n];
        for (i, &p) in order.iter().enumerate() {
            place[p as usize] = i as u32;
        }
        Self {
            gone: vec![false; n],
            points: order.iter().map(|&i| points[i as usize]).collect(),
            order,
            place,
            nodes,
        }
    }

    /// Takes a point out. Taking it out twice does nothing.
    pub fn remove(&mut self, point: u32) {
        if !std::mem::replace(&mut self.gone[point as usize], true) {
            self.count(point, |left| left - 1);
        }
    }

    /// Puts a point back that was taken out. Doing it twice does nothing.
    pub fn put_back(&mut self, point: u32) {
        if std::mem::replace(&mut self.gone[point as usize], false) {
            self.count(point, |left| left + 1);
        }
    }

    /// Counts anew what is left in the nodes of a point.
    fn count(&mut self, point: u32, new: impl Fn(u32) -> u32) {
        let at = self.place[point as usize] as usize;
        let (mut node, mut lo, mut hi) = (0, 0, self.order.len());
        loop {
            self.nodes[node].left = new(self.nodes[node].left);
            if hi - lo <= LEAF {
                return;
            }
            let mid = usize::midpoint(lo, hi);
            if at < mid {
                (node, hi) = (2 * node + 1, mid);
            } else {
                (node, lo) = (2 * node + 2, mid);
            }
        }
    }

    /// Adds to `out` the nearest points that are still there and that `accept`
    /// takes, nearest first.
    pub fn nearest(&self, near: &Near, accept: impl Fn(u32) -> bool, out: &mut Vec<u32>) {
        let mut query = Query {
            tree: self,
            near,
            accept,
            found: Vec::with_capacity(near.count + 1),
        };
        if near.count > 0 && !self.order.is_empty() {
            query.visit(0, 0, self.order.len());
        }
        out.extend(query.found.iter().map(|f| f.1));
    }

    /// What is known of each box: `leaf` of a point, and `join` of what is known of
    /// two sets of points. For [`KdTree::search`].
    pub fn boxes<T: Copy>(&self, leaf: impl Fn(u32) -> T, join: impl Fn(T, T) -> T) -> Boxes<T> {
        let mut of = vec![None; self.nodes.len()];
        let both = |a: Option<T>, b: Option<T>| match (a, b) {
            (Some(a), Some(b)) => Some(join(a, b)),
            (one, None) | (None, one) => one,
        };
        // Children have greater numbers than what they are part of.
        let mut ranges = vec![(0, 0, self.order.len())];
        let mut next = 0;
        while let Some(&(node, lo, hi)) = ranges.get(next) {
            next += 1;
            if hi - lo > LEAF {
                let mid = usize::midpoint(lo, hi);
                ranges.push((2 * node + 1, lo, mid));
                ranges.push((2 * node + 2, mid, hi));
            } else if hi > lo {
                let points = self.order[lo..hi].iter();
                of[node] = points.fold(None, |all, &i| both(all, Some(leaf(i))));
            }
        }
        for &(node, lo, hi) in ranges.iter().rev() {
            if hi - lo > LEAF {
                of[node] = both(of[2 * node + 1], of[2 * node + 2]);
            }
        }
        Boxes(of)
    }

    /// Visits points box by box, the boxes with the least `score` first, as long as
    /// it is below the limit. `visit` gets a point and the limit, which it may lower.
    /// Points that were taken out are visited too.
    pub fn search<T: Copy>(
        &self,
        boxes: &Boxes<T>,
        mut limit: f64,
        mut score: impl FnMut(&Area, T) -> f64,
        mut visit: impl FnMut(u32, &mut f64),
    ) {
        let mut scored = |node: usize| {
            let known = boxes.0.get(node).copied().flatten();
            known.map_or(f64::INFINITY, |t| score(&self.nodes[node].area, t))
        };
        let mut open = vec![(scored(0), 0, 0, self.order.len())];
        while let Some((least, node, lo, hi)) = open.pop() {
            if least >= limit {
                continue;
            }
            if hi - lo <= LEAF {
                for &i in &self.order[lo..hi] {
                    visit(i, &mut limit);
                }
                continue;
            }
            let mid = usize::midpoint(lo, hi);
            let low = (scored(2 * node + 1), 2 * node + 1, lo, mid);
            let high = (scored(2 * node + 2), 2 * node + 2, mid, hi);
            open.extend(if low.0 <= high.0 {
                [high, low]
            } else {
                [low, high]
            });
        }
    }
}

/// What is known of each box of a [`KdTree`].
#[derive(Clone, Debug)]
pub struct Boxes<T>(Vec<Option<T>>);

/// Sorts `order` such that every node's middle splits it by one coordinate, X and
/// Y in turn, and notes the nodes. The depth is the logarithm of the number of points.
fn split(
    points: &[Point],
    order: &mut [u32],
    (node, depth): (usize, usize),
    nodes: &mut Vec<Node>,
) {
    let area = Area::of(points, order);
    if nodes.len() <= node {
        nodes.resize(node + 1, Node { left: 0, area });
    }
    nodes[node] = Node {
        left: order.len() as u32,
        area,
    };
    if order.len() <= LEAF {
        return;
    }
    let mid = order.len() / 2;
    let coordinate = |i: u32| {
        let p = points[i as usize];
        if depth.is_multiple_of(2) { p.x } else { p.y }
    };
    let _ = order.select_nth_unstable_by(mid, |&a, &b| {
        coordinate(a).total_cmp(&coordinate(b)).then(a.cmp(&b))
    });
    let (low, high) = order.split_at_mut(mid);
    split(points, low, (2 * node + 1, depth + 1), nodes);
    split(points, high, (2 * node + 2, depth + 1), nodes);
}

struct Query<'a, F> {
    tree: &'a KdTree,
    near: &'a Near,
    accept: F,
    /// Square of the distance and index, nearest first.
    found: Vec<(f64, u32)>,
}

impl<F: Fn(u32) -> bool> Query<'_, F> {
    fn visit(&mut self, node: usize, lo: usize, hi: usize) {
        let n = &self.tree.nodes[node];
        let full = self.found.len() == self.near.count;
        if n.left == 0
            || !n.area.meets(&self.near.within)
            || full && n.area.distance2(self.near.to) >= self.worst()
        {
            return;
        }
        if hi - lo <= LEAF {
            for slot in lo..hi {
                self.offer(slot);
            }
            return;
        }
        let mid = usize::midpoint(lo, hi);
        let low = (2 * node + 1, lo, mid);
        let high = (2 * node + 2, mid, hi);
        let distance = |child: usize| self.tree.nodes[child].area.distance2(self.near.to);
        let (a, b) = (distance(low.0), distance(high.0));
        let own_low = self
            .near
            .own
            .is_some_and(|own| (self.tree.place[own as usize] as usize) < mid);
        let low_first = a < b || a <= b && own_low;
        let (first, second) = if low_first { (low, high) } else { (high, low) };
        self.visit(first.0, first.1, first.2);
        self.visit(second.0, second.1, second.2);
    }

    fn worst(&self) -> f64 {
        self.found.last().map_or(f64::INFINITY, |f| f.0)
    }

    fn offer(&mut self, slot: usize) {
        let p = self.tree.points[slot];
        let d = p - self.near.to;
        let far = d.dot(d);
        if self.found.len() == self.near.count && far >= self.worst() {
            return;
        }
        let i = self.tree.order[slot];
        if self.tree.gone[i as usize] || !self.near.within.holds(p) || !(self.accept)(i) {
            return;
        }
        let at = self.found.partition_point(|f| f.0 <= far);
        self.found.insert(at, (far, i));
        self.found.truncate(self.near.count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_sorting(
            xy in prop::collection::vec((0_i32..20, 0_i32..20), 1..200),
            q in (0_i32..20, 0_i32..20),
            k in 1_usize..12,
            gone in prop::collection::vec(0_usize..200, 0..50),
        ) {
            let point = |(x, y): (i32, i32)| Point::new(f64::from(x), f64::from(y));
            let points: Vec<Point> = xy.iter().copied().map(point).collect();
            let mut tree = KdTree::new(points.clone());
            let mut there = vec![true; points.len()];
            for g in gone {
                if g < points.len() {
                    tree.remove(g as u32);
                    there[g] = false;
                }
            }
            let mut got = Vec::new();
            let near = Near {
                to: point(q),
                own: None,
                count: k,
                within: Area { min: Point::new(3.0, 0.0), ..Area::ALL },
            };
            tree.nearest(&near, |i| i % 7 != 3, &mut got);
            let distance = |i: u32| points[i as usize].distance(point(q));
            let mut want: Vec<u32> = (0..points.len() as u32)
                .filter(|&i| there[i as usize] && i % 7 != 3 && points[i as usize].x >= 3.0)
                .collect();
            want.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
            want.truncate(k);
            // Among equals at the rim any may be chosen.
            let far = |v: &[u32]| v.iter().map(|&i| distance(i)).collect::<Vec<_>>();
            prop_assert_eq!(far(&got), far(&want));
        }
    }
}
