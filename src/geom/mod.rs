//! Plane geometry: points, boxes, and line-or-arc segments by bulge.
//!
//! Everything is `f64` in millimetres. A *bulge* is `tan(sweep / 4)` of the arc
//! between two points: 0 is a straight line, 1 a half circle counter-clockwise,
//! -1 a half circle clockwise. A full circle has no bulge and is kept as two
//! halves.

mod bounds;
mod bulge;
pub mod fit;
mod point;

pub use bounds::Bounds;
pub use bulge::{
    arc_center, arc_from_center, bounds_of, distance_to, length, midpoint, point_at, sweep,
};
pub(crate) use point::FARTHEST;
pub use point::{Point, Point3};
