//! The IR: what a machine does, as paths of lines and arcs between fences.
//!
//! A [`Toolpath`] is a list of [`Step`]s. A [`Path`] is what the head does
//! between two travels, a range of one arena of [`Segment`]s; a [`Raw`] step is
//! lines of the source that are kept as they are. Travel is no object: it is how
//! one gets from one path to the next.
//!
//! # Words
//! - *fence*: a raw step that nothing may be moved across.
//! - *region*: the paths between two fences; see [`Toolpath::regions`].
//! - *dark*: a feed move with the spindle on and S 0, which is part of its path.
//! - *provenance*: which lines of the source a path came from, so that a path
//!   that nobody touched can be written back byte for byte.
//!
//! A front end makes a toolpath, path after path; from then on the only way to
//! change it is [`Toolpath::edit`].

mod attributes;
mod cut;
mod edit;
mod replace;
mod rerun;
mod segment;
mod splice;
mod start;
mod step;
mod verify;

pub use attributes::{Attributes, AttributesTable, Role};
pub use cut::{Cut, Removed};
pub use edit::{Edit, Placement};
pub use replace::{Replaced, Replacement};
pub use rerun::{Dark, Rerun};
pub use segment::Segment;
pub use splice::Splice;
pub use step::{Approach, Origin, Path, Raw, RawEffect, Step};
pub use verify::{Difference, verify, verify_burns, verify_written};

use crate::geom::{Bounds, Point3, bounds_of};
use std::ops::Range;

/// What a machine does, step by step.
#[derive(Clone, Debug, Default)]
pub struct Toolpath {
    pub(crate) segments: Vec<Segment>,
    pub(crate) attributes: AttributesTable,
    pub(crate) steps: Vec<Step>,
    pub(crate) start: Point3,
    pub(crate) removed: Vec<Removed>,
    pub(crate) darks: Vec<Dark>,
    pub(crate) replaced: Vec<Replaced>,
}

impl Toolpath {
    /// An empty toolpath for a head that stands at `start`, mm.
    #[must_use]
    pub fn new(start: Point3) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    /// Where the head stands before the first step, mm.
    #[must_use]
    pub const fn start(&self) -> Point3 {
        self.start
    }

    /// All steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What an edit took away because it is burned by another path.
    #[must_use]
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }

    /// The dark moves that edits made and left out.
    #[must_use]
    pub fn darks(&self) -> &[Dark] {
        &self.darks
    }

    /// What an edit put other segments in the place of.
    #[must_use]
    pub fn replaced(&self) -> &[Replaced] {
        &self.replaced
    }

    /// The paths in order.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.steps.iter().filter_map(Step::as_path)
    }

    /// The segments of a path, in order; each starts where the one before ended.
    #[must_use]
    pub fn segments(&self, path: &Path) -> &[Segment] {
        &self.segments[path.segments.start as usize..path.segments.end as usize]
    }

    /// The segments of a path with the point at which each starts.
    pub fn with_starts(&self, path: &Path) -> impl Iterator<Item = (Point3, &Segment)> {
        let mut at = path.start;
        self.segments(path).iter().map(move |s| {
            let from = at;
            at = s.end;
            (from, s)
        })
    }

    /// Where a path ends, mm.
    #[must_use]
    pub fn end_of(&self, path: &Path) -> Point3 {
        self.segments(path).last().map_or(path.start, |s| s.end)
    }

    /// The point of a path at a share of the length of one of its segments, mm.
    pub(crate) fn place(&self, path: &Path, segment: usize, share: f64) -> Point3 {
        let segments = self.segments(path);
        let before = segment.checked_sub(1).map(|i| segments[i].end);
        cut::at(before.unwrap_or(path.start), &segments[segment], share)
    }

    /// Whether a path has a length and ends exactly where it starts.
    #[must_use]
    pub fn is_closed(&self, path: &Path) -> bool {
        path.segments.len() > 1 && self.end_of(path) == path.start
    }

    /// The interned attributes.
    #[must_use]
    pub const fn attributes(&self) -> &AttributesTable {
        &self.attributes
    }

    /// The stretches of paths that may be rearranged: runs of consecutive steps
    /// that are paths and not pinned, as ranges of [`Toolpath::steps`].
    #[must_use]
    pub fn regions(&self) -> Vec<Range<usize>> {
        let mut regions: Vec<Range<usize>> = Vec::new();
        for (i, step) in self.steps.iter().enumerate() {
            if step.as_path().is_none_or(|p| p.pinned) {
                continue;
            }
            match regions.last_mut() {
                Some(r) if r.end == i => r.end = i + 1,
                _ => regions.push(i..i + 1),
            }
        }
        regions
    }

    /// The box around all paths, mm; travel does not count.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let mut all = Bounds::EMPTY;
        for path in self.paths() {
            for (from, s) in self.with_starts(path) {
                let flat = bounds_of(from.xy(), s.end.xy(), s.bulge);
                for z in [from.z, s.end.z] {
                    for p in [flat.min, flat.max] {
                        all.add(Point3::new(p.x, p.y, z));
                    }
                }
            }
        }
        all
    }

    /// Adds a path that comes from no source, at the end.
    ///
    /// `segments` are `(end, bulge)` in the XY plane at height `start.z`.
    pub fn push_path(
        &mut self,
        start: Point3,
        segments: impl IntoIterator<Item = (Point3, f64)>,
        attributes: Attributes,
        line: u32,
    ) {
        let attr = self.attributes.intern(attributes);
        let first = self.segments.len() as u32;
        self.segments
            .extend(segments.into_iter().map(|(end, bulge)| Segment {
                end,
                bulge,
                filament: 0.0,
                attr,
                line,
            }));
        let last = self.segments.len() as u32;
        self.steps.push(Step::Path(Path::new(start, first..last)));
    }

    /// Adds the lines of an engraved area, from start to end each, at the end: they
    /// keep their order and direction.
    pub fn push_raster(
        &mut self,
        lines: impl IntoIterator<Item = (Point3, Point3)>,
        attributes: Attributes,
        line: u32,
    ) {
        // No other raster begins at this step.
        let raster = self.steps.len() as u32;
        for (start, end) in lines {
            self.push_path(start, [(end, 0.0)], attributes, line);
            if let Some(Step::Path(path)) = self.steps.last_mut() {
                path.raster = Some(raster);
            }
        }
    }

    /// Makes the paths among `steps`, in their order, the parts of one closed outline
    /// that is run with gaps.
    ///
    /// # Panics
    /// When a step of the range does not exist.
    pub fn mark_ring(&mut self, steps: Range<usize>) {
        let ring = steps.start as u32;
        for step in &mut self.steps[steps] {
            if let Step::Path(path) = step {
                path.ring = Some(ring);
            }
        }
    }

    /// Adds copies of the paths among `steps` at the end, with other attributes and
    /// from no source: another pass.
    ///
    /// # Panics
    /// When a step of the range does not exist.
    pub fn repeat(&mut self, steps: Range<usize>, attributes: Attributes) {
        let attr = self.attributes.intern(attributes);
        let offset = (self.steps.len() - steps.start) as u32;
        for step in steps {
            let Step::Path(path) = &self.steps[step] else {
                continue;
            };
            let first = self.segments.len() as u32;
            let of_path = path.segments.start as usize..path.segments.end as usize;
            let mut copy = Path::new(path.start, first..first + of_path.len() as u32);
            copy.raster = path.raster.map(|r| r + offset);
            copy.ring = path.ring.map(|r| r + offset);
            self.segments.extend_from_within(of_path);
            for segment in &mut self.segments[first as usize..] {
                segment.attr = attr;
            }
            self.steps.push(Step::Path(copy));
        }
    }
}
