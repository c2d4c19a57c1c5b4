//! The shortest way through a row of places, each of which offers a few points.

use crate::geom::Point;

/// Ways to all points of the place that was added last.
pub(super) struct Ways {
    /// What the way to each point of the last place costs, and where it is left.
    reached: Vec<(f64, Point)>,
    next: Vec<(f64, Point)>,
    /// For each point of each place, by which point of the place before.
    from: Vec<u32>,
    /// Where the points of each place begin in `from`.
    first: Vec<usize>,
}

impl Ways {
    /// No places yet; the head is at `start`.
    pub(super) fn from(start: Point) -> Self {
        Self {
            reached: vec![(0.0, start)],
            next: Vec::new(),
            from: Vec::new(),
            first: Vec::new(),
        }
    }

    /// Goes on to a place with these points, of which each has an entry and an exit.
    ///
    /// Complexity: O(points of this place · points of the one before).
    pub(super) fn to(
        &mut self,
        points: impl Iterator<Item = [Point; 2]>,
        hop: &impl Fn(Point, Point) -> f64,
    ) {
        self.first.push(self.from.len());
        self.next.clear();
        for [entry, exit] in points {
            let (from, cost) = best(&self.reached, |p| hop(p, entry));
            self.from.push(from as u32);
            self.next.push((cost, exit));
        }
        std::mem::swap(&mut self.reached, &mut self.next);
    }

    /// The point of each place on the shortest way, and on to `end`, counted over all
    /// places.
    pub(super) fn shortest(
        &self,
        end: Option<Point>,
        hop: &impl Fn(Point, Point) -> f64,
    ) -> Vec<usize> {
        let (mut at, _) = best(&self.reached, |p| end.map_or(0.0, |end| hop(p, end)));
        let mut out = vec![0; self.first.len()];
        for (slot, &first) in out.iter_mut().zip(&self.first).rev() {
            *slot = first + at;
            at = self.from[*slot] as usize;
        }
        out
    }
}

fn best(reached: &[(f64, Point)], hop: impl Fn(Point) -> f64) -> (usize, f64) {
    let mut least = (0, f64::INFINITY);
    for (i, (cost, p)) in reached.iter().enumerate() {
        let sum = cost + hop(*p);
        if sum < least.1 {
            least = (i, sum);
        }
    }
    least
}
