use super::stitch::Piece;
use crate::geom::Point;
use std::collections::{BTreeMap, BTreeSet};

/// Most vertices that are looked at from one that is out of balance, and most of
/// those.
const REACH: usize = 256;
const MOST: usize = 1_000;

/// How a piece is part of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Out,
    Forward,
    Backward,
}

/// Makes as many pieces leave each vertex as come to it, by changing the part of
/// pieces that are in doubt; `false` where that does not do.
///
/// An edge in doubt lies next to another, much nearer than matters: whether it is
/// part of the result is not for a point at its side to say, but for those that it
/// joins.
///
/// # Complexity
/// O(n log n), where anything is to be done.
pub(super) fn mend(
    pieces: &[Piece],
    parts: &mut [Part],
    points: &[Point],
    mut in_doubt: impl FnMut(&Piece) -> bool,
) -> bool {
    // How many more leave than come.
    let mut balance: BTreeMap<u32, i32> = BTreeMap::new();
    for (p, part) in pieces.iter().zip(parts.iter()) {
        let (from, to) = match part {
            Part::Out => continue,
            Part::Forward => (p.start, p.end),
            Part::Backward => (p.end, p.start),
        };
        *balance.entry(from).or_default() += 1;
        *balance.entry(to).or_default() -= 1;
    }
    balance.retain(|_, n| *n != 0);
    if balance.is_empty() {
        return true;
    }
    if balance.len() > MOST {
        return false;
    }
    let mut at: Vec<(u32, usize)> = Vec::with_capacity(2 * pieces.len());
    for (i, p) in pieces.iter().enumerate() {
        at.extend([(p.start, i), (p.end, i)]);
    }
    at.sort_unstable();
    while let Some((&first, _)) = balance.iter().find(|(_, n)| **n < 0) {
        // By the shortest way to a vertex out of balance the other way.
        let mut came: BTreeMap<u32, (f64, Option<(usize, u32)>)> = BTreeMap::new();
        let _ = came.insert(first, (0.0, None));
        // Lengths are not below 0: their bits are in their order.
        let mut queue = BTreeSet::from([(0, first)]);
        let mut goal = None;
        while let Some((_, v)) = queue.pop_first() {
            if balance.get(&v).is_some_and(|n| *n > 0) {
                goal = Some(v);
                break;
            }
            let so_far = came.get(&v).map_or(0.0, |c| c.0);
            let begin = at.partition_point(|a| a.0 < v);
            for &(_, i) in at[begin..].iter().take_while(|a| a.0 == v) {
                let p = &pieces[i];
                let (to, there) = match p.start == v {
                    true => (p.end, Part::Forward),
                    false => (p.start, Part::Backward),
                };
                let far = so_far + points[v as usize].distance(points[to as usize]);
                let nearer = came.get(&to).is_none_or(|c| far < c.0);
                if parts[i] != there && nearer && came.len() < REACH && in_doubt(p) {
                    if let Some((old, _)) = came.insert(to, (far, Some((i, v)))) {
                        let _ = queue.remove(&(old.to_bits(), to));
                    }
                    let _ = queue.insert((far.to_bits(), to));
                }
            }
        }
        let Some(mut v) = goal else { return false };
        *balance.entry(first).or_default() += 1;
        *balance.entry(v).or_default() -= 1;
        balance.retain(|_, n| *n != 0);
        while let Some((_, Some((i, from)))) = came.get(&v).copied() {
            parts[i] = match parts[i] {
                Part::Out if pieces[i].start == from => Part::Forward,
                Part::Out => Part::Backward,
                _ => Part::Out,
            };
            v = from;
        }
    }
    true
}
