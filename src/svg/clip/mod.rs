//! Outlines cut at the edge of a region: what clip paths and viewports leave.
//!
//! A [`Region`] is what several [`Stencil`]s on top of each other leave to be seen;
//! a stencil is one clip path, which shows what lies inside any of its shapes. All
//! are lines and arcs: nothing is flattened.
//!
//! - [`split()`] cuts a line and keeps the parts inside.
//! - [`area()`] gives the edge of what is inside both a fill and a region.
//!
//! Both cut edges where they meet, by closed forms, and then ask of each piece on
//! which side it lies, by winding numbers at its middle. So a meeting found twice,
//! or where a line only touches, does no harm; and shapes that overlap, cross
//! themselves or share edges need no care of their own.
//!
//! # Limits
//! Where edges nearly coincide, a point beside a piece cannot tell its side. In
//! [`area()`], pieces in doubt are then set so that all close, and the result is
//! tried beside every piece. Where that fails, points farther apart are taken for
//! one, up to the room given; after that the outline is left whole, and that is
//! said. So it is where edges meet more often than there is work left for.

mod area;
mod cross;
mod groups;
mod mend;
mod region;
mod seg;
mod split;
mod stitch;
mod tree;

pub(super) use area::area;
pub(super) use region::{Region, Stencil};
pub(super) use split::{Kept, split};

#[cfg(test)]
mod tests;
