//! Polylines to lines and arcs, as few as will do.
//!
//! Each piece begins and ends at a vertex, so that the ends stay exact and errors
//! do not add up, and there is one number left to choose: how far the arc stands
//! out from its chord. Each vertex and each chord's middle allow an interval of it
//! (see `span`), and where all of them meet there is an arc. That arc is then checked
//! by itself, without the intervals.
//!
//! What is checked: seen from the centre, the polyline runs forward within the
//! arc's sweep, and no point of it, vertices and chords, has a distance to the
//! centre that differs from the radius by more than the tolerance. Then each point
//! of one has its partner of the other on the same ray: the Fréchet distance, and
//! with it the Hausdorff distance either way, is within the tolerance.
//!
//! Pieces meet where the source has a vertex. Where the source turns there by no more
//! than a corner, the directions of both may differ by no more than it turns and twice
//! [`Limits::kink`]; what freedom is left in the arcs is used to make them meet as
//! smoothly as they can (see `smooth`). No piece goes past a corner.
//!
//! Which vertices: a walk by the number of pieces, which keeps the farthest few
//! vertices of each number, as for lines alone. How far one piece reaches is found
//! by doubling and bisection. A closed polyline that is one circle becomes it.
//!
//! # How many
//! On curves with kinks and corners 505 pieces where trying all stretches needs 503,
//! and an arc that grows by one vertex at a time 783 (a test counts them). A vase
//! printed in 114,564 lines takes 64,455 at 0.025 mm, beside 74,682 grown so.
//!
//! # Words
//! - *half*: half of an arc's sweep, rad, counter-clockwise above 0. It is also the
//!   angle between the chord and either end's tangent.

mod round;
mod smooth;
mod span;
#[cfg(test)]
mod tests;
mod walk;

use super::corner::{corners, turns};
use crate::geom::Point;
use std::f64::consts::TAU;

/// What pieces may be.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// How far pieces and polyline may be apart, mm; finite, above 0.
    pub tolerance: f64,
    /// A turn above this is a corner, which stays, rad. Default 0.7 (40°).
    pub corner: f64,
    /// How far the direction of a piece at its end may be outside of those of the
    /// two chords there, rad. Default 0.1 (6°).
    pub kink: f64,
    /// Greatest radius, mm. Default 10,000.
    pub greatest_radius: f64,
    /// Shortest arc, mm. Default 0.
    pub least_length: f64,
    /// The most that an arc turns, rad. Default a full turn.
    pub greatest_sweep: f64,
}

impl Limits {
    /// The defaults, with a tolerance in mm.
    #[must_use]
    pub const fn new(tolerance: f64) -> Self {
        Self {
            tolerance,
            corner: 0.7,
            kink: 0.1,
            greatest_radius: 10_000.0,
            least_length: 0.0,
            greatest_sweep: TAU,
        }
    }

    /// The same with another angle that makes a corner, rad.
    #[must_use]
    pub const fn with_corner(mut self, corner: f64) -> Self {
        self.corner = corner;
        self
    }

    /// The same with another kink, rad.
    #[must_use]
    pub const fn with_kink(mut self, kink: f64) -> Self {
        self.kink = kink;
        self
    }

    /// The same with another greatest radius, mm.
    #[must_use]
    pub const fn with_greatest_radius(mut self, radius: f64) -> Self {
        self.greatest_radius = radius;
        self
    }

    /// The same with another shortest arc, mm.
    #[must_use]
    pub const fn with_least_length(mut self, length: f64) -> Self {
        self.least_length = length;
        self
    }

    /// The same with another greatest turn of an arc, rad.
    #[must_use]
    pub const fn with_greatest_sweep(mut self, sweep: f64) -> Self {
        self.greatest_sweep = sweep;
        self
    }
}

/// A line or an arc for a stretch of a polyline.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Piece {
    /// The vertex at which it ends; it begins where the piece before it ended.
    pub last: usize,
    /// Its sweep, rad, counter-clockwise above 0; 0 is a line. Less than a full turn,
    /// but for the one piece of a circle.
    pub sweep: f64,
    /// How far it and its stretch are apart at most, mm.
    pub deviation: f64,
}

/// A polyline as lines and arcs.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// One after another from the first vertex; the last one ends at the last.
    Pieces(Vec<Piece>),
    /// A full circle from the first vertex to the last, which is the same.
    Circle {
        /// The place opposite, mm.
        opposite: Point,
        /// Whether it runs counter-clockwise.
        ccw: bool,
        /// How far it and the polyline are apart at most, mm.
        deviation: f64,
    },
}

/// The lines and arcs that stand for a polyline. `may` says whether one piece may
/// stand for all from one vertex to another: heights, feeds and the like; where it
/// may not for a stretch, it may not for a longer one.
///
/// # Complexity
/// O(n log n).
#[must_use]
pub fn arc_fit(points: &[Point], limits: &Limits, may: impl Fn(usize, usize) -> bool) -> Fit {
    let last = points.len().saturating_sub(1);
    let stops = corners(points, 2.0 * limits.tolerance, limits.corner);
    if stops.is_empty()
        && may(0, last)
        && let Some(circle) = round::circle(points, limits)
    {
        return circle;
    }
    let course = span::Course {
        points,
        turns: &turns(points),
        limits,
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    for stop in stops.into_iter().chain((last > 0).then_some(last)) {
        let first = pieces.len();
        walk::fewest(&course, from, stop, &may, &mut pieces);
        smooth::smooth(&course, from, &mut pieces[first..]);
        from = stop;
    }
    Fit::Pieces(pieces.into_iter().map(|p| p.piece).collect())
}
