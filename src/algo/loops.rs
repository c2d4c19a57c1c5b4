//! Loops made of several open strokes: a square drawn as four lines.

use super::graph::nodes;
use crate::geom::Point;

/// A stroke of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its index.
    pub stroke: u32,
    /// Whether the loop runs along it from its second end to its first.
    pub reversed: bool,
}

/// The simple loops among strokes: connected parts in which exactly two ends
/// meet at every node. Ends nearer than `touch` mm meet.
///
/// # Complexity
/// As [`nodes`].
#[must_use]
pub fn loops(ends: &[[Point; 2]], touch: f64) -> Vec<Vec<Link>> {
    let (of, count) = nodes(ends, touch);
    // The two strokes at each node; more or fewer spoil the part.
    let mut at: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (i, [a, b]) in of.iter().enumerate() {
        at[*a as usize].push(i as u32);
        at[*b as usize].push(i as u32);
    }
    let mut done = vec![false; ends.len()];
    let mut found = Vec::new();
    for first in 0..ends.len() {
        if done[first] {
            continue;
        }
        let mut links = Vec::new();
        let (begin, mut here) = (of[first][0], of[first][1]);
        let mut stroke = first as u32;
        let mut reversed = false;
        let closed = loop {
            done[stroke as usize] = true;
            links.push(Link { stroke, reversed });
            if at[here as usize].len() != 2 {
                break false;
            }
            if here == begin {
                break true;
            }
            let [x, y] = [at[here as usize][0], at[here as usize][1]];
            let next = if x == stroke { y } else { x };
            if done[next as usize] {
                break false;
            }
            reversed = of[next as usize][1] == here;
            here = of[next as usize][usize::from(!reversed)];
            stroke = next;
        };
        if closed {
            found.push(links);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(a: (f64, f64), b: (f64, f64)) -> [Point; 2] {
        [Point::new(a.0, a.1), Point::new(b.0, b.1)]
    }

    #[test]
    fn squares_and_what_is_none() {
        let mut ends = vec![
            line((0.0, 0.0), (1.0, 0.0)),
            line((1.0, 1.0), (0.0, 1.0)),
            line((1.0, 0.0), (1.0, 1.0)),
            line((0.0, 0.0), (0.0, 1.0)),
            line((5.0, 5.0), (6.0, 6.0)),
        ];
        let found = loops(&ends, 0.01);
        assert_eq!(found.len(), 1);
        let walk: Vec<(u32, bool)> = found[0].iter().map(|l| (l.stroke, l.reversed)).collect();
        assert_eq!(walk, [(0, false), (2, false), (1, false), (3, true)]);
        ends.push(line((1.0, 1.0), (2.0, 2.0)));
        assert_eq!(loops(&ends, 0.01).len(), 0);
        assert_eq!(loops(&[line((0.0, 0.0), (0.0, 0.001))], 0.01).len(), 1);
        let lens = [line((0.0, 0.0), (1.0, 0.0)), line((0.0, 0.0), (1.0, 0.0))];
        assert_eq!(loops(&lens, 0.01).len(), 1);
    }
}
