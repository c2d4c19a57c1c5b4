//! Strokes as edges of a graph whose nodes are ends that touch.

use crate::algo::sets::Sets;
use crate::geom::Point;
use std::collections::BTreeMap;

/// Numbers the ends of strokes such that ends nearer than `touch` mm share a
/// node, also through others in between. Gives the nodes of each stroke's ends
/// and the number of nodes.
///
/// # Complexity
/// O(n log n) while few ends share a square of side `touch`.
#[must_use]
pub fn nodes(ends: &[[Point; 2]], touch: f64) -> (Vec<[u32; 2]>, usize) {
    let cell = |p: Point| ((p.x / touch).floor() as i64, (p.y / touch).floor() as i64);
    let points: Vec<Point> = ends.iter().flatten().copied().collect();
    let mut sets = Sets::new(points.len());
    // One point stands for all that coincide with it, so that stacks stay cheap.
    let mut cells: BTreeMap<(i64, i64), Vec<u32>> = BTreeMap::new();
    for (i, &p) in points.iter().enumerate() {
        let (cx, cy) = cell(p);
        let mut stands_for = false;
        for x in cx.saturating_sub(1)..=cx.saturating_add(1) {
            for y in cy.saturating_sub(1)..=cy.saturating_add(1) {
                for &j in cells.get(&(x, y)).map_or(&[][..], Vec::as_slice) {
                    let q = points[j as usize];
                    if q.distance(p) <= touch {
                        let _ = sets.join(i as u32, j);
                        stands_for |= q == p;
                    }
                }
            }
        }
        if !stands_for {
            cells.entry((cx, cy)).or_default().push(i as u32);
        }
    }
    let mut names: BTreeMap<u32, u32> = BTreeMap::new();
    let node: Vec<u32> = (0..points.len() as u32)
        .map(|i| {
            let root = sets.root(i);
            let next = names.len() as u32;
            *names.entry(root).or_insert(next)
        })
        .collect();
    let of = node.chunks_exact(2).map(|c| [c[0], c[1]]).collect();
    (of, names.len())
}

/// Whether any end of one set of strokes touches one of another.
///
/// # Complexity
/// As [`nodes`].
#[must_use]
pub fn are_joined(a: &[[Point; 2]], b: &[[Point; 2]], touch: f64) -> bool {
    let (of, count) = nodes(&[a, b].concat(), touch);
    let (of_a, of_b) = of.split_at(a.len());
    let mut here = vec![false; count];
    for node in of_a.iter().flatten() {
        here[*node as usize] = true;
    }
    of_b.iter().flatten().any(|node| here[*node as usize])
}

/// The least number of trails that draw every stroke once: over the connected
/// parts, `max(1, odd nodes / 2)`.
///
/// # Complexity
/// As [`nodes`].
#[must_use]
pub fn least_trails(ends: &[[Point; 2]], touch: f64) -> usize {
    let (of, count) = nodes(ends, touch);
    let mut parts = Sets::new(count);
    let mut degree = vec![0_u32; count];
    for [a, b] in &of {
        let _ = parts.join(*a, *b);
        degree[*a as usize] += 1;
        degree[*b as usize] += 1;
    }
    let mut odd = vec![0_usize; count];
    let mut used = vec![false; count];
    for (i, degree) in degree.iter().enumerate() {
        let root = parts.root(i as u32) as usize;
        odd[root] += (degree % 2) as usize;
        used[root] = true;
    }
    used.iter()
        .zip(&odd)
        .filter(|(used, _)| **used)
        .map(|(_, odd)| (odd / 2).max(1))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn known_graphs() {
        let square = [
            [p(0.0, 0.0), p(1.0, 0.0)],
            [p(1.0, 0.0), p(1.0, 1.0)],
            [p(0.0, 1.001), p(1.0, 1.0)],
            [p(0.0, 1.0), p(0.0, 0.0)],
        ];
        assert_eq!(least_trails(&square, 0.01), 1);
        assert_eq!(least_trails(&square, 0.0001), 1);
        let mut house = square.to_vec();
        house.push([p(0.0, 0.0), p(1.0, 1.0)]);
        house.push([p(1.0, 0.0), p(0.0, 1.0)]);
        assert_eq!(least_trails(&house, 0.01), 2);
        house.push([p(5.0, 5.0), p(5.0, 5.0)]);
        assert_eq!(least_trails(&house, 0.01), 3);
        assert_eq!(least_trails(&[], 0.01), 0);
    }
}
