//! Strokes as edges of a graph whose nodes are ends that touch.

use crate::algo::sets::Sets;
use crate::geom::Point;

/// Numbers the ends of strokes such that ends nearer than `touch` mm share a
/// node, also through others in between. Gives the nodes of each stroke's ends
/// and the number of nodes.
///
/// # Complexity
/// O(n log n) while few ends share a square of side `touch`.
#[must_use]
pub fn nodes(ends: &[[Point; 2]], touch: f64) -> (Vec<[u32; 2]>, usize) {
    let points: Vec<Point> = ends.iter().flatten().copied().collect();
    let mut sets = Sets::new(points.len());
    let cell = |p: Point| ((p.x / touch).floor() as i64, (p.y / touch).floor() as i64);
    let mut order: Vec<((i64, i64), u32)> =
        (0..).zip(&points).map(|(i, &p)| (cell(p), i)).collect();
    order.sort_unstable_by(|(c, i), (d, j)| {
        let (p, q) = (points[*i as usize], points[*j as usize]);
        let of_points = p.x.total_cmp(&q.x).then(p.y.total_cmp(&q.y));
        c.cmp(d).then(of_points).then(i.cmp(j))
    });
    // One point stands for all that coincide with it, so that stacks stay cheap.
    order.dedup_by(|(_, j), (_, i)| {
        let coincide = points[*i as usize] == points[*j as usize];
        if coincide {
            let _ = sets.join(*i, *j);
        }
        coincide
    });
    for (k, &((x, y), i)) in order.iter().enumerate() {
        let mut join_all = |from: usize, last: (i64, i64)| {
            for (_, j) in order[from..].iter().take_while(|(c, _)| *c <= last) {
                if points[i as usize].distance(points[*j as usize]) <= touch {
                    let _ = sets.join(i, *j);
                }
            }
        };
        // The squares after this one; those before it have looked here.
        let (beside, above) = (x.saturating_add(1), y.saturating_add(1));
        join_all(k + 1, (x, above));
        let next = (beside, y.saturating_sub(1));
        join_all(order.partition_point(|(c, _)| *c < next), (beside, above));
    }
    let mut names = vec![u32::MAX; points.len()];
    let mut count = 0;
    let node: Vec<u32> = (0..points.len() as u32)
        .map(|i| {
            let name = &mut names[sets.root(i) as usize];
            if *name == u32::MAX {
                *name = count;
                count += 1;
            }
            *name
        })
        .collect();
    let of = node.chunks_exact(2).map(|c| [c[0], c[1]]).collect();
    (of, count as usize)
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
    fn nodes_are_those_of_a_look_at_all_pairs() {
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Tenths of what touches, on both sides of 0.
            ((seed >> 33) % 60) as f64 / 10.0 - 3.0
        };
        for n in 1..60 {
            let ends: Vec<[Point; 2]> = (0..n)
                .map(|_| [p(random(), random()), p(random(), -0.0)])
                .collect();
            let (of, count) = nodes(&ends, 0.25);
            let all: Vec<Point> = ends.iter().flatten().copied().collect();
            let mut sets = Sets::new(all.len());
            for i in 0..all.len() {
                for j in 0..i {
                    if all[i].distance(all[j]) <= 0.25 {
                        let _ = sets.join(i as u32, j as u32);
                    }
                }
            }
            let of: Vec<u32> = of.concat();
            for i in 0..all.len() {
                for j in 0..i {
                    let one = sets.root(i as u32) == sets.root(j as u32);
                    assert_eq!(of[i] == of[j], one);
                }
            }
            assert_eq!(of.iter().max().map(|m| *m as usize + 1), Some(count));
        }
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
