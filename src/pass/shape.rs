//! What the passes need to know of a path's shape: its signature, whether it is
//! one straight line, which operation it belongs to.

use crate::geom::{Point, distance_to, midpoint};
use crate::toolpath::{Attributes, Path, Toolpath};

/// The attributes of a path, sorted, without repetition: paths with equal keys
/// belong to one operation.
pub(super) fn operation(toolpath: &Toolpath, path: &Path) -> Vec<u32> {
    let mut ids: Vec<u32> = toolpath.segments(path).iter().map(|s| s.attr).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Whether power changes along a path, dark moves included.
pub(super) fn power_varies(toolpath: &Toolpath, path: &Path) -> bool {
    let power = |a: &Attributes| a.power.to_bits();
    let table = toolpath.attributes();
    let mut all = toolpath
        .segments(path)
        .iter()
        .map(|s| power(table.get(s.attr)));
    let first = all.next();
    all.any(|p| Some(p) != first)
}

/// The start and end of a path that is one straight line, run one way, within
/// `slack` mm.
pub(super) fn straight(toolpath: &Toolpath, path: &Path, slack: f64) -> Option<(Point, Point)> {
    let (from, to) = (path.start.xy(), toolpath.end_of(path).xy());
    if from == to {
        return None;
    }
    let along = to - from;
    let mut last = 0.0;
    for s in toolpath.segments(path) {
        let p = s.end.xy();
        let here = (p - from).dot(along);
        if s.bulge != 0.0 || here < last || distance_to(from, to, 0.0, p) > slack {
            return None;
        }
        last = here;
    }
    Some((from, to))
}

/// A number that is the same for paths with the same segments, whatever their
/// order, direction and start, and in practice for no others. Heights do not
/// count: passes at growing depth are one shape.
pub(super) fn signature(toolpath: &Toolpath, path: &Path, touch: f64) -> (u64, u64) {
    // The odd shift keeps round coordinates away from the edges of cells.
    let cell = |v: f64| (v / touch + 0.123_456).floor() as i64 as u64;
    let key = |p: Point| (cell(p.x), cell(p.y));
    let mut sum = (0_u64, toolpath.segments(path).len() as u64);
    for (from, s) in toolpath.with_starts(path) {
        let (a, b) = (key(from.xy()), key(s.end.xy()));
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let m = key(midpoint(from.xy(), s.end.xy(), s.bulge));
        let mut h = 0x9e37_79b9_7f4a_7c15;
        for v in [a.0, a.1, b.0, b.1, m.0, m.1] {
            h = mix(h ^ v);
        }
        sum.0 = sum.0.wrapping_add(h);
        sum.1 = sum.1.wrapping_add(mix(h ^ 0x5851_f42d_4c95_7f2d));
    }
    sum
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
pub(super) const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
