//! Segments that an edit put in the place of others.

use super::beside::{Course, stays_beside};
use super::{Difference, Piece, SAME_NUMBER};
use crate::geom::Point3;
use crate::toolpath::{Replaced, Segment, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// The pieces by class, with those that edits of `t` put in the place of others, or
/// with those others.
pub(super) fn with_replaced(
    mut sides: Vec<Vec<Piece>>,
    t: &Toolpath,
    map: &[usize],
    new: bool,
) -> Vec<Vec<Piece>> {
    for r in &t.replaced {
        let mut from = r.from;
        for s in if new { &r.new } else { &r.old } {
            sides[map[s.attr as usize]].push(Piece::of(t, from, s));
            from = s.end;
        }
    }
    sides
}

/// Checks each replacement of `t` by itself: both sides have the same ends, attributes
/// and filament in all, and neither leaves the other by more than was said. Gives how
/// far all together may have moved a point, mm: what passes did one after another adds
/// up.
pub(super) fn replaced_is_near(t: &Toolpath) -> Result<f64, Difference> {
    let mut by_pass: BTreeMap<&str, f64> = BTreeMap::new();
    for r in &t.replaced {
        if !is_near(t, r) {
            return Err(strayed(r));
        }
        let worst = by_pass.entry(r.by).or_default();
        *worst = worst.max(r.within);
    }
    Ok(by_pass.values().sum())
}

/// The difference that replacements move points too far: the worst of them.
pub(super) fn too_far(t: &Toolpath) -> Option<Difference> {
    let worst = t
        .replaced
        .iter()
        .max_by(|a, b| a.within.total_cmp(&b.within));
    worst.map(strayed)
}

fn strayed(r: &Replaced) -> Difference {
    Difference::Strayed {
        from: r.from,
        to: r.old.last().map_or(r.from, |s| s.end),
        line: r.old.first().map_or(0, |s| s.line),
    }
}

fn is_near(t: &Toolpath, r: &Replaced) -> bool {
    let (Some(first), Some(last), Some(end)) = (r.old.first(), r.old.last(), r.new.last()) else {
        return false;
    };
    let attr = first.attr;
    let alike = r.old.iter().chain(&r.new).all(|s| s.attr == attr);
    let fed = |all: &[Segment]| all.iter().map(|s| f64::from(s.filament)).sum::<f64>();
    let (before, after) = (fed(&r.old), fed(&r.new));
    let fed_alike = (before - after).abs() <= SAME_NUMBER * before.abs().max(after.abs());
    if last.end != end.end || !alike || !fed_alike {
        return false;
    }
    let plane = t.attributes.get(attr).plane;
    let courses = |all: &[Segment]| -> Vec<Course> {
        let starts = std::iter::once(r.from).chain(all.iter().map(|s| s.end));
        let course = |(from, s): (Point3, &Segment)| Course::of(plane, from, s.end, s.bulge);
        starts.zip(all).map(course).collect()
    };
    let (old, new) = (courses(&r.old), courses(&r.new));
    let beside = |old: &[Course], new: &[Course]| {
        stays_beside(old, new, r.within) && stays_beside(new, old, r.within)
    };
    let parts = at_common_ends(r);
    parts
        .iter()
        .all(|(o, n)| beside(&old[o.clone()], &new[n.clone()]))
        || beside(&old, &new)
}

/// Both sides of a replacement, cut where both have an end of a segment in one place, in
/// order: what comes of that is mostly one segment in the place of some.
fn at_common_ends(r: &Replaced) -> Vec<(Range<usize>, Range<usize>)> {
    let key = |s: &Segment| s.end.to_array().map(f64::to_bits);
    let mut ends: BTreeMap<[u64; 3], Vec<usize>> = BTreeMap::new();
    for (i, s) in r.old.iter().enumerate() {
        ends.entry(key(s)).or_default().push(i);
    }
    let mut out = Vec::new();
    let (mut o, mut n) = (0, 0);
    for (j, s) in r.new.iter().enumerate() {
        let found = ends.get(&key(s)).and_then(|all| {
            let next = all.partition_point(|i| *i < o);
            all.get(next).copied()
        });
        let last = j + 1 == r.new.len();
        let found = if last { Some(r.old.len() - 1) } else { found };
        if let Some(i) = found.filter(|i| *i >= o) {
            out.push((o..i + 1, n..j + 1));
            (o, n) = (i + 1, j + 1);
        }
    }
    if n < r.new.len() || o < r.old.len() {
        return vec![(0..r.old.len(), 0..r.new.len())];
    }
    out
}
