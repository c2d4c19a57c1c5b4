//! Engraving rasters: runs of parallel lines with power changing along them.
//!
//! Their rows keep order and direction, because backlash and scan offset depend
//! on it. A row is a straight path whose power changes, or several straight
//! paths on one line that follow each other (white is skipped by a rapid).

use super::shape;
use crate::geom::{Point, distance_to};
use crate::toolpath::{Path, Toolpath};
use std::ops::Range;

/// The runs of `paths` that are rasters, as ranges of indices.
pub(super) fn runs(toolpath: &Toolpath, paths: &[&Path], slack: f64) -> Vec<Range<usize>> {
    let lines: Vec<Option<(Point, Point)>> = paths
        .iter()
        .map(|p| {
            // A drawing has no rows: only a program says how it wants to be run.
            let from_program = p.origin.is_some();
            from_program
                .then(|| shape::straight(toolpath, p, slack))
                .flatten()
        })
        .collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let mut end = i + 1;
        while let (Some(a), Some(Some(b))) = (lines[end - 1], lines.get(end))
            && parallel(a, *b, slack)
        {
            end += 1;
        }
        if is_raster(toolpath, &paths[i..end], &lines[i..end], slack) {
            out.push(i..end);
        }
        i = end;
    }
    out
}

/// Whether a run of parallel lines has at least two rows, and power that changes.
fn is_raster(
    toolpath: &Toolpath,
    paths: &[&Path],
    lines: &[Option<(Point, Point)>],
    slack: f64,
) -> bool {
    // Nothing is skipped between pieces that a line was cut into where others meet it.
    let is_cut = |i: usize, a: Point, b: Point| {
        paths[i].is_changed() && paths[i + 1].is_changed() && a.distance(b) <= slack
    };
    let follows = |(i, pair): &(usize, &[Option<(Point, Point)>])| match pair {
        [Some(a), Some(b)] => follows(*a, *b, slack) && !is_cut(*i, a.1, b.0),
        _ => false,
    };
    let skips = lines.windows(2).enumerate().filter(follows).count();
    let rows = lines.iter().flatten().count() - skips;
    rows >= 2 && (skips > 0 || paths.iter().any(|p| shape::power_varies(toolpath, p)))
}

fn parallel(a: (Point, Point), b: (Point, Point), slack: f64) -> bool {
    let (u, v) = (a.1 - a.0, b.1 - b.0);
    // The shorter line may be off by the slack at its end.
    let (short, long) = if u.norm() < v.norm() { (u, v) } else { (v, u) };
    u.cross(v).abs() <= slack * long.norm() && short.norm() > slack
}

/// Whether `b` goes on where `a` was going, on the same line.
fn follows(a: (Point, Point), b: (Point, Point), slack: f64) -> bool {
    let way = a.1 - a.0;
    way.dot(b.1 - b.0) > 0.0
        && way.dot(b.0 - a.1) >= 0.0
        && distance_to(a.0, b.1, 0.0, a.1) <= slack
        && distance_to(a.0, b.1, 0.0, b.0) <= slack
}
