use crate::geom::Point;

/// Points fewer than this are searched one by one.
const LEAF: usize = 8;

/// A static k-d tree over points, which are named by their index. Points can be
/// taken out again.
///
/// Built by median splits (Bentley 1975) in O(n log n); a query visits O(log n +
/// answers) nodes for points that are not all in one place, and coincident
/// points do not slow it down.
#[derive(Clone, Debug)]
pub struct KdTree {
    points: Vec<Point>,
    /// Indices of points; a node is a range of them, split in the middle.
    order: Vec<u32>,
    /// How many points are left in each node, by heap number.
    left: Vec<u32>,
    /// The coordinate at which each inner node is split, by heap number.
    cut: Vec<f64>,
    place: Vec<u32>,
    gone: Vec<bool>,
}

impl KdTree {
    /// A tree over `points`.
    #[must_use]
    pub fn new(points: Vec<Point>) -> Self {
        let n = points.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        let mut cut = Vec::new();
        split(&points, &mut order, (0, 0), &mut cut);
        let mut place = vec![0; n];
        for (i, &p) in order.iter().enumerate() {
            place[p as usize] = i as u32;
        }
        let mut tree = Self {
            left: Vec::new(),
            cut,
            gone: vec![false; n],
            points,
            order,
            place,
        };
        tree.count(0, 0, n);
        tree
    }

    /// Takes a point out. Taking it out twice does nothing.
    pub fn remove(&mut self, point: u32) {
        if std::mem::replace(&mut self.gone[point as usize], true) {
            return;
        }
        let at = self.place[point as usize] as usize;
        let (mut node, mut lo, mut hi) = (0, 0, self.order.len());
        loop {
            self.left[node] -= 1;
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

    /// Adds to `out` the `k` points nearest to `p` that are still there and that
    /// `accept` takes, nearest first; among equals the lower index.
    pub fn nearest(&self, p: Point, k: usize, accept: impl Fn(u32) -> bool, out: &mut Vec<u32>) {
        let mut query = Query {
            tree: self,
            p,
            k,
            accept,
            found: Vec::with_capacity(k + 1),
        };
        if k > 0 && !self.order.is_empty() {
            query.visit(0, 0, self.order.len(), 0);
        }
        out.extend(query.found.iter().map(|f| f.1));
    }

    fn count(&mut self, node: usize, lo: usize, hi: usize) {
        if self.left.len() <= node {
            self.left.resize(node + 1, 0);
        }
        self.left[node] = (hi - lo) as u32;
        if hi - lo > LEAF {
            let mid = usize::midpoint(lo, hi);
            self.count(2 * node + 1, lo, mid);
            self.count(2 * node + 2, mid, hi);
        }
    }
}

/// Sorts `order` such that every node's middle splits it by one coordinate, X and
/// Y in turn, and notes where. The depth is the logarithm of the number of points.
fn split(points: &[Point], order: &mut [u32], (node, depth): (usize, usize), cut: &mut Vec<f64>) {
    if order.len() <= LEAF {
        return;
    }
    let mid = order.len() / 2;
    let _ = order.select_nth_unstable_by(mid, |&a, &b| {
        let (p, q) = (points[a as usize], points[b as usize]);
        coordinate(p, depth)
            .total_cmp(&coordinate(q, depth))
            .then(a.cmp(&b))
    });
    if cut.len() <= node {
        cut.resize(node + 1, 0.0);
    }
    cut[node] = coordinate(points[order[mid] as usize], depth);
    let (low, high) = order.split_at_mut(mid);
    split(points, low, (2 * node + 1, depth + 1), cut);
    split(points, high, (2 * node + 2, depth + 1), cut);
}

const fn coordinate(p: Point, depth: usize) -> f64 {
    if depth.is_multiple_of(2) { p.x } else { p.y }
}

struct Query<'a, F> {
    tree: &'a KdTree,
    p: Point,
    k: usize,
    accept: F,
    /// Square of the distance and index, nearest first.
    found: Vec<(f64, u32)>,
}

impl<F: Fn(u32) -> bool> Query<'_, F> {
    fn visit(&mut self, node: usize, lo: usize, hi: usize, depth: usize) {
        if self.tree.left[node] == 0 {
            return;
        }
        if hi - lo <= LEAF {
            for &i in &self.tree.order[lo..hi] {
                self.offer(i);
            }
            return;
        }
        let mid = usize::midpoint(lo, hi);
        let gap = coordinate(self.p, depth) - self.tree.cut[node];
        let low = (2 * node + 1, lo, mid);
        let high = (2 * node + 2, mid, hi);
        let (near, far) = if gap < 0.0 { (low, high) } else { (high, low) };
        self.visit(near.0, near.1, near.2, depth + 1);
        if self.found.len() < self.k || gap * gap < self.worst() {
            self.visit(far.0, far.1, far.2, depth + 1);
        }
    }

    fn worst(&self) -> f64 {
        self.found.last().map_or(f64::INFINITY, |f| f.0)
    }

    fn offer(&mut self, i: u32) {
        let d = self.tree.points[i as usize] - self.p;
        let candidate = (d.dot(d), i);
        let before =
            |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).is_lt();
        if self.found.len() == self.k && !self.found.last().is_some_and(|w| before(&candidate, w)) {
            return;
        }
        if self.tree.gone[i as usize] || !(self.accept)(i) {
            return;
        }
        let at = self.found.partition_point(|f| before(f, &candidate));
        self.found.insert(at, candidate);
        self.found.truncate(self.k);
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
            tree.nearest(point(q), k, |i| i % 7 != 3, &mut got);
            let distance = |i: u32| points[i as usize].distance(point(q));
            let mut want: Vec<u32> = (0..points.len() as u32)
                .filter(|&i| there[i as usize] && i % 7 != 3)
                .collect();
            want.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
            want.truncate(k);
            // Among equals at the rim any may be chosen.
            let far = |v: &[u32]| v.iter().map(|&i| distance(i)).collect::<Vec<_>>();
            prop_assert_eq!(far(&got), far(&want));
        }
    }
}
