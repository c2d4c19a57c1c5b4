use super::stitch::Piece;
use std::collections::{BTreeMap, VecDeque};

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
        // By the fewest pieces to a vertex out of balance the other way.
        let mut came: BTreeMap<u32, Option<(usize, u32)>> = BTreeMap::from([(first, None)]);
        let mut queue = VecDeque::from([first]);
        let mut goal = None;
        while let Some(v) = queue.pop_front() {
            if balance.get(&v).is_some_and(|n| *n > 0) {
                goal = Some(v);
                break;
            }
            let begin = at.partition_point(|a| a.0 < v);
            for &(_, i) in at[begin..].iter().take_while(|a| a.0 == v) {
                let p = &pieces[i];
                let (to, there) = match p.start == v {
                    true => (p.end, Part::Forward),
                    false => (p.start, Part::Backward),
                };
                let free = parts[i] != there && came.len() < REACH && !came.contains_key(&to);
                if free && in_doubt(p) {
                    let _ = came.insert(to, Some((i, v)));
                    queue.push_back(to);
                }
            }
        }
        let Some(mut v) = goal else { return false };
        *balance.entry(first).or_default() += 1;
        *balance.entry(v).or_default() -= 1;
        balance.retain(|_, n| *n != 0);
        while let Some(Some((i, from))) = came.get(&v).copied() {
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
