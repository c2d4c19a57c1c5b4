//! Where the head of a machine can go.
//!
//! Settings give how far an axis travels, not where a program's zero lies in it.
//! Unless a profile says so, zero is the low end of X and Y, as on lasers whose
//! programs start at the front left corner, and anywhere in the travel of Z, as
//! it is set on the material.

use crate::geom::{Bounds, Point3};

/// The bed of a machine with this travel, mm; 0 is an axis of unknown travel.
/// `origin` says how far a program's zero is from the low end of each axis, mm.
pub(super) fn of(travel: [f64; 3], origin: [Option<f64>; 3]) -> Option<Bounds> {
    let mut min = [f64::NEG_INFINITY; 3];
    let mut max = [f64::INFINITY; 3];
    for axis in 0..3 {
        let travel = travel[axis];
        if travel > 0.0 {
            let default = if axis == 2 { [travel, 0.0] } else { [0.0; 2] };
            let [low, high] = origin[axis].map_or(default, |o| [o; 2]);
            (min[axis], max[axis]) = (0.0 - low, travel - high);
        }
    }
    let known = travel.iter().any(|t| *t > 0.0);
    known.then(|| Bounds {
        min: Point3::from(min),
        max: Point3::from(max),
    })
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;

    #[test]
    fn zero_lies_where_it_is_said() {
        let bed = of([400.0, 300.0, 50.0], [None; 3]).unwrap();
        assert_eq!(bed.min, Point3::new(0.0, 0.0, -50.0));
        assert_eq!(bed.max, Point3::new(400.0, 300.0, 50.0));
        let bed = of([400.0, 0.0, 50.0], [Some(200.0), None, Some(40.0)]).unwrap();
        assert_eq!(bed.min, Point3::new(-200.0, f64::NEG_INFINITY, -40.0));
        assert_eq!(bed.max, Point3::new(200.0, f64::INFINITY, 10.0));
        assert_eq!(of([0.0; 3], [None; 3]), None);
    }
}
