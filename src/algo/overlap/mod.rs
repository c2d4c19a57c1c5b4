//! What is drawn several times: where lines and arcs lie on each other, and which
//! of them to leave out so that everything is still drawn once.
//!
//! # How
//! 1. [`overlaps`] finds the pairs of pieces that lie along each other. An end of
//!    the shorter piece of such a pair lies on the longer one, so each end is looked
//!    up among the pieces that are as long or longer: by length class, then by cell
//!    of a grid as coarse as that class, then by direction and offset (arcs: by
//!    curvature). Long parallel lines near each other, as in hatches, cost no more
//!    than short ones far apart. This part runs in parallel.
//! 2. [`remove`] goes through the strokes, those that are to stay whole first, and
//!    takes from each what those before it draw already. Strokes that have nothing
//!    to do with each other are gone through in parallel.
//!
//! What is left out always lies within the distance of what is *kept*, not of what
//! is left out itself: copies of copies do not creep away.
//!
//! # Words
//! - *piece*: a line or an arc by bulge.
//! - *stroke*: pieces drawn in one go, an open or closed path.
//! - *along*: the shorter of two pieces lies, from end to end, within the distance of
//!   the line or circle of the longer one. Lines that cross are not along each other,
//!   however flat the angle.
//!
//! # Limits
//! Lines lie along lines and arcs along arcs only. Arcs of more than half a circle
//! are left alone. Of the longer pieces that a piece lies along, 32 are known; where more
//! lie on each other, some may stay.
//!
#![doc = include_str!("../../_docs/overlaps.md")]

mod choose;
mod cluster;
mod index;
mod intervals;
mod pair;
#[cfg(test)]
mod tests;

pub use choose::{Removal, Taken, remove};
pub use index::overlaps;
pub use pair::Overlap;

use crate::geom::{Point, length};
use std::ops::Range;

/// A line or an arc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Where it starts, mm.
    pub from: Point,
    /// Where it ends, mm.
    pub to: Point,
    /// `tan(sweep / 4)`; 0 is a line.
    pub bulge: f64,
    /// Only pieces of one group can stand for each other.
    pub group: u32,
}

impl Piece {
    /// mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        length(self.from, self.to, self.bulge)
    }
}

/// Pieces that are drawn in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Its pieces, a range of the slice of all, each beginning where the one before
    /// ended. Strokes are in the order of their pieces.
    pub pieces: Range<u32>,
    /// Whether it ends where it starts.
    pub closed: bool,
    /// Nothing is taken from it; others may be left out because of it.
    pub fixed: bool,
    /// It may lose parts, but not all of it, and none to itself.
    pub stays: bool,
    /// Nothing shorter than this is taken from between two parts that stay, mm.
    pub least_hole: f64,
    /// Nothing shorter than this is taken from an end, unless all of it is, mm.
    pub least_end: f64,
}
