//! Moves to segments: an arc by its centre becomes one or two by bulge.

use crate::geom::{Point, Point3, arc_from_center};
use crate::motion::Move;
use crate::toolpath::Segment;

/// Adds the segments of one move from `from`.
pub(super) fn segments(out: &mut Vec<Segment>, from: Point3, m: &Move, attr: u32, line: u32) {
    let mut push = |end: Point3, bulge: f64, share: f64| {
        out.push(Segment {
            end,
            bulge,
            filament: (m.filament * share) as f32,
            attr,
            line,
        });
    };
    let Some(arc) = m.arc else {
        push(m.to, 0.0, 1.0);
        return;
    };
    let [a, b, c] = arc.plane.axes();
    let flat = |p: Point3| Point::new(p.to_array()[a], p.to_array()[b]);
    let center = flat(from) + arc.offset;
    let (half, bulge) = arc_from_center(flat(from), flat(m.to), center, arc.clockwise);
    let share = if half.is_some() { 0.5 } else { 1.0 };
    if let Some((middle, first)) = half {
        let mut p = [0.0; 3];
        p[a] = middle.x;
        p[b] = middle.y;
        p[c] = f64::midpoint(from.to_array()[c], m.to.to_array()[c]);
        push(p.into(), first, share);
    }
    push(m.to, bulge, share);
}
