//! Algorithms: pure functions on slices and closures. They know neither the IR
//! nor a file format.

pub mod arc_fit;
pub mod bound;
pub mod cooling;
pub mod corner;
pub mod graph;
pub mod hatch;
mod hilbert;
pub mod islands;
mod kd;
pub mod loops;
pub mod nest;
pub mod overlap;
pub mod rings;
pub(crate) mod sets;
pub mod simplify;
pub mod split;
pub mod straight;
pub mod tour;

pub use hilbert::along_hilbert;
pub use kd::{Area, Boxes, KdTree, Near};
