//! Arcs of several turns: the P word of G2 and G3.
//!
//! LinuxCNC's P counts the turns begun: 1, the default, is the arc as without P,
//! and each more is a full turn before it. A helix climbs evenly with the angle, so
//! that each full turn takes the same share of the third axis. The result are
//! arcs of at most a full turn, as every arc here is.

use crate::geom::{Point, Point3};
use crate::motion::Arc;
use std::f64::consts::TAU;

/// An end point less than this before or after the start, in radians, closes the
/// full circle.
const CLOSED: f64 = 5e-7;

/// Why a P word gives no arcs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnsFault {
    /// P is not a whole number of 1 or more.
    Count,
    /// There are more turns than the caller allows.
    TooMany,
}

/// The number of turns that a P word asks for.
///
/// # Errors
/// [`TurnsFault::Count`]. LinuxCNC takes for whole what is within 0.001 of it.
pub(crate) fn count(p: f64) -> Result<u32, TurnsFault> {
    let whole = p.round();
    if (p - whole).abs() > 1e-3 || whole < 1.0 || !p.is_finite() {
        return Err(TurnsFault::Count);
    }
    // A float cast saturates; the limit of `unwind` then refuses it.
    Ok(whole as u32)
}

/// Appends the arcs that go `turns` times round from `from` to `to` (mm), each as
/// its end, its arc and the share of the whole way that is done there; the last end
/// is `to` itself.
///
/// # Errors
/// [`TurnsFault::TooMany`] when there would be more than `limit` arcs; nothing is
/// appended then.
pub(crate) fn unwind(
    from: Point3,
    to: Point3,
    arc: &Arc,
    turns: u32,
    limit: usize,
    out: &mut Vec<(Point3, Arc, f64)>,
) -> Result<(), TurnsFault> {
    if turns as usize > limit {
        return Err(TurnsFault::TooMany);
    }
    let axes = arc.plane.axes();
    let last = partial_turn(from, to, arc);
    let all = last + TAU * f64::from(turns.saturating_sub(1));
    let third = axes[2];
    let (low, high) = (from.to_array()[third], to.to_array()[third]);
    for i in 1..turns {
        let mut end = from.to_array();
        let share = TAU * f64::from(i) / all;
        end[third] = low + (high - low) * share;
        out.push((end.into(), *arc, share));
    }
    out.push((to, *arc, 1.0));
    Ok(())
}

/// The angle of the arc without its full turns, above 0, up to a full turn.
fn partial_turn(from: Point3, to: Point3, arc: &Arc) -> f64 {
    let [a, b, _] = arc.plane.axes();
    let (from, to) = (from.to_array(), to.to_array());
    let start = -arc.offset;
    let end = Point::new(to[a] - from[a], to[b] - from[b]) - arc.offset;
    let mut angle = start.cross(end).atan2(start.dot(end));
    if arc.clockwise {
        angle = -angle;
    }
    if angle <= CLOSED { angle + TAU } else { angle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motion::Plane;

    fn arc(plane: Plane, offset: Point, clockwise: bool) -> Arc {
        Arc {
            plane,
            offset,
            radius: offset.norm(),
            clockwise,
        }
    }

    fn ends(from: Point3, to: Point3, arc: &Arc, turns: u32) -> Vec<Point3> {
        let mut out = Vec::new();
        unwind(from, to, arc, turns, 100, &mut out).unwrap();
        assert!(out.iter().all(|(_, a, _)| a == arc));
        out.into_iter().map(|(end, _, _)| end).collect()
    }

    #[test]
    fn a_half_turn_and_two_more_climb_evenly() {
        let from = Point3::new(1.0, 2.0, 3.0);
        let to = Point3::new(3.0, 2.0, 0.5);
        for clockwise in [true, false] {
            let arc = arc(Plane::Xy, Point::new(1.0, 0.0), clockwise);
            let got = ends(from, to, &arc, 3);
            // 2.5 turns take 2.5 mm, so that each full one takes 1 mm.
            assert_eq!(got.len(), 3);
            assert!(got[0].distance(Point3::new(1.0, 2.0, 2.0)) < 1e-12);
            assert!(got[1].distance(Point3::new(1.0, 2.0, 1.0)) < 1e-12);
            assert_eq!(got[2], to);
        }
    }

    #[test]
    fn quarter_turns_differ_by_direction() {
        let from = Point3::new(1.0, 0.0, 0.0);
        let to = Point3::new(0.0, 1.0, 9.0);
        let offset = Point::new(-1.0, 0.0);
        let ccw = ends(from, to, &arc(Plane::Xy, offset, false), 2);
        assert!((ccw[0].z - 9.0 / 1.25).abs() < 1e-12);
        let cw = ends(from, to, &arc(Plane::Xy, offset, true), 2);
        assert!((cw[0].z - 9.0 / 1.75).abs() < 1e-12);
    }

    #[test]
    fn full_circles_and_other_planes() {
        let from = Point3::new(3.0, 4.0, 5.0);
        let to = Point3::new(3.0, 10.0, 5.0);
        // In the ZX plane Y is the third axis.
        let got = ends(from, to, &arc(Plane::Zx, Point::new(2.0, 0.0), true), 3);
        let y: Vec<f64> = got.iter().map(|p| p.y).collect();
        assert!((y[0] - 6.0).abs() < 1e-12 && (y[1] - 8.0).abs() < 1e-12);
        assert_eq!(got[2], to);
        assert_eq!(
            ends(from, to, &arc(Plane::Zx, Point::new(2.0, 0.0), true), 1),
            [to]
        );
    }

    #[test]
    fn p_is_a_whole_number_above_nought() {
        assert_eq!(count(1.0), Ok(1));
        assert_eq!(count(7.0005), Ok(7));
        for p in [0.0, -1.0, 0.999, 1.003, f64::NAN, f64::INFINITY] {
            assert_eq!(count(p), Err(TurnsFault::Count), "{p}");
        }
        let mut out = Vec::new();
        let arc = arc(Plane::Xy, Point::new(1.0, 0.0), true);
        let at = Point3::default();
        let many = count(1e12).unwrap();
        assert_eq!(
            unwind(at, at, &arc, many, 1000, &mut out),
            Err(TurnsFault::TooMany)
        );
        assert!(out.is_empty());
    }
}
