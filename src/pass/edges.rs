//! Which paths come before which.

use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use crate::toolpath::Toolpath;
use std::collections::{BTreeMap, BTreeSet};

/// An order that was asked for is not kept.
pub const BEFORE_BROKEN: Code = Code("pass/before-broken");

/// Most members of a circle that are named.
const NAMED: usize = 8;

/// Checks that no path must come before itself.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`], with the lines of the members of a circle.
///
/// # Complexity
/// O(edges · log edges).
pub(super) fn no_circle(toolpath: &Toolpath, before: &[(u32, u32)]) -> Result<(), Error> {
    let Some(members) = circle(before) else {
        return Ok(());
    };
    let line = |step: &u32| {
        let path = toolpath.steps().get(*step as usize)?.as_path()?;
        let line = toolpath.segments(path).first()?.line;
        Some(format!("line {}", line + 1))
    };
    let mut names: Vec<String> = members.iter().take(NAMED).filter_map(line).collect();
    if members.len() > NAMED {
        names.push("\u{2026}".into());
    }
    names.extend(names.first().cloned());
    Err(Error::new(
        ErrorKind::InvalidConfig,
        format!(
            "the order that is asked for goes round: the path of {}; what lies inside a contour \
             comes before it unless inside-first is left out",
            names.join(" before that of ")
        ),
    ))
}

/// Steps of which each comes before the next, and the last before the first.
pub(super) fn circle(before: &[(u32, u32)]) -> Option<Vec<u32>> {
    let mut waits: BTreeMap<u32, usize> = BTreeMap::new();
    let mut sorted = before.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for (a, b) in &sorted {
        let _ = waits.entry(*a).or_default();
        *waits.entry(*b).or_default() += 1;
    }
    let mut free: Vec<u32> = waits.iter().filter(|w| *w.1 == 0).map(|w| *w.0).collect();
    while let Some(a) = free.pop() {
        let _ = waits.remove(&a);
        let first = sorted.partition_point(|e| e.0 < a);
        for (_, b) in sorted[first..].iter().take_while(|e| e.0 == a) {
            if let Some(count) = waits.get_mut(b) {
                *count -= 1;
                if *count == 0 {
                    free.push(*b);
                }
            }
        }
    }
    // Each that is left waits for another that is left.
    let reason: BTreeMap<u32, u32> = sorted
        .iter()
        .filter(|(a, b)| waits.contains_key(a) && waits.contains_key(b))
        .map(|&(a, b)| (b, a))
        .collect();
    let mut at = *reason.keys().next()?;
    let mut way = Vec::new();
    let mut seen = BTreeSet::new();
    while seen.insert(at) {
        way.push(at);
        at = *reason.get(&at)?;
    }
    let begin = way.iter().position(|&step| step == at)?;
    let mut members = way.split_off(begin);
    members.reverse();
    Some(members)
}

/// Says how many of the orders that were asked for are not kept, by the numbers that steps
/// have now.
pub(super) fn say_broken(asked: &[(u32, u32)], said: &mut Diagnostics) {
    let broken = asked.iter().filter(|(a, b)| a > b);
    let later: BTreeSet<u32> = broken.map(|e| e.0).collect();
    if later.is_empty() {
        return;
    }
    let message = format!(
        "{} paths come after others that they were asked to come before",
        later.len()
    );
    said.push(
        Diagnostic::new(BEFORE_BROKEN, Severity::Warning, message).with_help(
            "operations, passes, rows of rasters and lines that nothing is moved across keep their sequence; change that, or take the order back",
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_nothing_else() {
        assert_eq!(circle(&[(1, 2), (2, 3), (1, 3)]), None);
        let found = circle(&[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)]).unwrap();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [1, 2, 3]);
        for w in found.windows(2) {
            assert_eq!(w[1] % 3, (w[0] + 1) % 3, "{found:?}");
        }
        assert_eq!(circle(&[(5, 5)]), Some(vec![5]));
    }
}
