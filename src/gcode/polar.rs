//! Polar targets: `@` (radius) and `^` (angle) in place of X and Y.
//!
//! LinuxCNC measures both from the origin of the coordinate system in use. With
//! G90 a word that is left out keeps its present value; with G91 the radius grows
//! by `@` first and the point then turns by `^`. A negative radius is the point on
//! the other side of the origin.

use crate::geom::Point;
use crate::motion::Plane;

/// The polar words of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Polar {
    /// `@`: distance from the origin, or what it grows by with G91, mm.
    pub(crate) radius: Option<f64>,
    /// `^`: angle from the X axis, or what it grows by with G91, radians,
    /// counter-clockwise.
    pub(crate) angle: Option<f64>,
}

/// Why polar words give no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolarFault {
    /// The plane is not XY.
    Plane,
    /// X or Y stands in the same line.
    WithAxis,
    /// At the origin there is no present angle to keep or to grow.
    AtOrigin,
}

impl Polar {
    /// Whether the line has neither word.
    pub(crate) fn is_none(&self) -> bool {
        self.radius.is_none() && self.angle.is_none()
    }

    /// Checks what may stand with polar words: the plane is XY and neither X nor Y
    /// is in the line (`x_or_y`). LinuxCNC asks for the plane in force before the
    /// line, so that `G18 @5 ^0` passes.
    pub(crate) fn check(&self, plane: Plane, x_or_y: bool) -> Result<(), PolarFault> {
        match (self.is_none(), plane, x_or_y) {
            (false, _, true) => Err(PolarFault::WithAxis),
            (false, Plane::Zx | Plane::Yz, _) => Err(PolarFault::Plane),
            _ => Ok(()),
        }
    }

    /// The target, from the tool's place `at`; both in mm from the origin of the
    /// coordinate system in use. `relative` is G91.
    pub(crate) fn target(&self, at: Point, relative: bool) -> Result<Point, PolarFault> {
        if relative {
            return self.grown(at);
        }
        let Some(radius) = self.radius else {
            return Ok(self.angle.map_or(at, |a| from_polar(at.norm(), a)));
        };
        let angle = self.angle.or_else(|| angle_of(at));
        Ok(from_polar(radius, angle.ok_or(PolarFault::AtOrigin)?))
    }

    fn grown(&self, at: Point) -> Result<Point, PolarFault> {
        let mut to = at;
        if let Some(more) = self.radius {
            let angle = angle_of(to).ok_or(PolarFault::AtOrigin)?;
            to = from_polar(to.norm() + more, angle);
        }
        if let Some(turn) = self.angle {
            let angle = angle_of(to).ok_or(PolarFault::AtOrigin)?;
            to = from_polar(to.norm(), angle + turn);
        }
        Ok(to)
    }
}

fn from_polar(radius: f64, angle: f64) -> Point {
    let (s, c) = angle.sin_cos();
    Point::new(radius * c, radius * s)
}

fn angle_of(p: Point) -> Option<f64> {
    (p != Point::default()).then(|| p.y.atan2(p.x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polar(radius: Option<f64>, degrees: Option<f64>) -> Polar {
        Polar {
            radius,
            angle: degrees.map(f64::to_radians),
        }
    }

    /// From (1, 2): `@`, `^`, relative, and where LinuxCNC's interpreter goes.
    #[test]
    fn targets_are_those_of_linuxcnc() {
        type Case = (Option<f64>, Option<f64>, bool, f64, f64);
        const CASES: [Case; 10] = [
            (Some(5.0), Some(30.0), false, 4.3301, 2.5),
            (Some(5.0), None, false, 2.2361, 4.4721),
            (None, Some(90.0), false, 0.0, 2.2361),
            (Some(1.0), None, false, 0.4472, 0.8944),
            (Some(-5.0), Some(30.0), false, -4.3301, -2.5),
            (None, None, false, 1.0, 2.0),
            (Some(5.0), None, true, 3.2361, 6.4721),
            (None, Some(90.0), true, -2.0, 1.0),
            (Some(5.0), Some(90.0), true, -6.4721, 3.2361),
            (Some(-5.0), Some(90.0), true, 2.4721, -1.2361),
        ];
        for (radius, degrees, relative, x, y) in CASES {
            let to = polar(radius, degrees)
                .target(Point::new(1.0, 2.0), relative)
                .unwrap();
            assert!(
                to.distance(Point::new(x, y)) < 1e-4,
                "{radius:?} {degrees:?}: {to:?}"
            );
        }
    }

    #[test]
    fn no_angle_at_the_origin() {
        let origin = Point::default();
        let fault = Err(PolarFault::AtOrigin);
        assert_eq!(polar(Some(5.0), None).target(origin, false), fault);
        assert_eq!(polar(Some(1.0), None).target(origin, true), fault);
        assert_eq!(polar(None, Some(9.0)).target(origin, true), fault);
        assert_eq!(polar(Some(0.0), Some(9.0)).target(origin, true), fault);
        assert_eq!(polar(None, Some(30.0)).target(origin, false), Ok(origin));
        // The radius may also shrink to nothing before the turn.
        let on_x = Point::new(2.0, 0.0);
        assert_eq!(polar(Some(-2.0), Some(9.0)).target(on_x, true), fault);
    }

    #[test]
    fn only_in_xy_and_without_x_or_y() {
        let p = polar(Some(1.0), None);
        assert_eq!(p.check(Plane::Xy, false), Ok(()));
        assert_eq!(p.check(Plane::Zx, false), Err(PolarFault::Plane));
        assert_eq!(p.check(Plane::Xy, true), Err(PolarFault::WithAxis));
        assert_eq!(Polar::default().check(Plane::Yz, true), Ok(()));
    }
}
