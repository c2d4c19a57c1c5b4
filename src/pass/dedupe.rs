//! What is burned twice is burned once: removal of overlapping lines.

use super::{Context, Objective, Pass, PassReport, raster, shape};
use crate::algo::overlap::{self, Overlap, Piece, Removal, Stroke};
use crate::error::{Error, positive_mm};
use crate::geom::Point3;
use crate::machine::Machine;
use crate::motion::{Plane, Rate, SpindleMode};
use crate::toolpath::{Attributes, Cut, Path, Role, Segment, Toolpath};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is done where lines lie on each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overlaps {
    /// [`Overlaps::All`] in drawings, where a doubled outline is nearly always a
    /// mistake; [`Overlaps::Keep`] in programs, where it is nearly always a pass.
    #[default]
    Auto,
    /// They are burned as often as they are there.
    Keep,
    /// Parts of paths are burned once, such as the edge that two neighbours share. No
    /// path goes altogether: one that is burned again as a whole is a pass, and what
    /// overlaps within a pass is burned once in each. Nor does what a path itself burns
    /// again.
    Partial,
    /// All is burned once, whole paths too.
    All,
}

/// Takes away lines and arcs that another path burns: copies, copies that are run
/// the other way, parts of lines on one line and of arcs on one circle.
///
/// Only what is burned with the same settings in one operation counts: feed, power,
/// mode, coolant, tool and layer, at one height, with no fence between the two.
/// Passes that an operation of a drawing has are operations of their own. Rasters,
/// paths with a dwell or with dark moves, and whatever the spindle or laser is not
/// on for, are left alone.
///
/// A path is kept whole rather than cut into more pieces: closed ones before open
/// ones, long before short; one that others burn altogether goes first. It runs after
/// [`super::InsideFirst`], which has to see the outlines whole: what it found is
/// passed on to what is left of them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dedupe {
    /// What is done with overlaps. Default [`Overlaps::Auto`].
    pub overlaps: Overlaps,
    /// How near a line must lie to another one to be burned by it, mm. Below the
    /// width of what any tool burns, and below the spacing of hatches. Default 0.02.
    pub distance: f64,
    /// Nothing shorter than this is taken out of a path or off an end of it, mm: it
    /// would cost more than it saves. Default 0.2.
    pub least: f64,
}

impl Dedupe {
    /// The same with something else done with overlaps.
    #[must_use]
    pub const fn with_overlaps(mut self, overlaps: Overlaps) -> Self {
        self.overlaps = overlaps;
        self
    }

    /// The same with another distance below which lines are one, mm.
    #[must_use]
    pub const fn with_distance(mut self, distance: f64) -> Self {
        self.distance = distance;
        self
    }

    /// The same with another length below which nothing is cut from a path, mm.
    #[must_use]
    pub const fn with_least(mut self, least: f64) -> Self {
        self.least = least;
        self
    }

    /// What is done with a path.
    fn of(&self, path: &Path) -> Overlaps {
        match self.overlaps {
            Overlaps::Auto if path.origin.is_none() => Overlaps::All,
            Overlaps::Auto => Overlaps::Keep,
            overlaps => overlaps,
        }
    }
}

impl Default for Dedupe {
    fn default() -> Self {
        Self {
            overlaps: Overlaps::Auto,
            distance: 0.02,
            least: 0.2,
        }
    }
}

impl Pass for Dedupe {
    fn name(&self) -> &'static str {
        "dedupe"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let distance = positive_mm("distance", self.distance)?;
        let _ = positive_mm("least", self.least)?;
        let flat = Flat::of(toolpath, self, &context.objective);
        let overlaps = overlap::overlaps(&flat.pieces, &flat.strokes, distance);
        let Removal { taken, apart_mm } =
            overlap::remove(&flat.pieces, &flat.strokes, &overlaps, distance);
        let mut report = PassReport::new(self.name());
        if taken.is_empty() {
            return Ok(report);
        }
        let mut cuts = Vec::with_capacity(taken.len());
        let mut stroke = 0;
        for t in &taken {
            while flat.strokes[stroke].pieces.end <= t.piece {
                stroke += 1;
            }
            report.removed_mm += (t.to - t.from) * flat.pieces[t.piece as usize].length();
            cuts.push(Cut {
                step: flat.steps[stroke],
                segment: (t.piece - flat.strokes[stroke].pieces.start) as usize,
                from: t.from,
                to: t.to,
            });
        }
        let became = toolpath.edit().take_away(&cuts, distance);
        context.before = passed_on(&context.before, &became, &flat, &overlaps);
        context.asked = passed_on(&context.asked, &became, &flat, &overlaps);
        context.split(&became);
        report.changed = cuts.chunk_by(|a, b| a.step == b.step).count();
        report.deviation_mm = apart_mm;
        Ok(report)
    }
}

/// The paths that may overlap, as strokes.
#[derive(Default)]
struct Flat {
    pieces: Vec<Piece>,
    strokes: Vec<Stroke>,
    /// For each stroke, the step that it is.
    steps: Vec<usize>,
}

/// What pieces must share to stand for each other: the run of paths of one operation,
/// the pass, the attributes, the height.
type Kind = (u32, u32, u32, u64);

impl Flat {
    fn of(toolpath: &Toolpath, config: &Dedupe, objective: &Objective) -> Self {
        let mut flat = Self::default();
        let mut groups: BTreeMap<Kind, u32> = BTreeMap::new();
        let mut run = 0;
        for region in toolpath.regions() {
            let rasters = rasters(toolpath, &region, config.distance);
            let mut operation = Vec::new();
            let mut passes: BTreeMap<(u64, u64), u32> = BTreeMap::new();
            for step in region {
                let Some(path) = toolpath.steps()[step].as_path() else {
                    continue;
                };
                let of_path = shape::operation(toolpath, path);
                if of_path != operation {
                    (run, operation) = (run + 1, of_path);
                    passes.clear();
                }
                let what = config.of(path);
                if what == Overlaps::Keep || path.raster.is_some() || rasters.contains(&step) {
                    continue;
                }
                let mut pass = 0;
                if what == Overlaps::Partial {
                    let shape = shape::signature(toolpath, path, config.distance / 4.0);
                    let times = passes.entry(shape).or_default();
                    pass = *times;
                    *times += 1;
                }
                let first = flat.pieces.len() as u32;
                for (from, s) in toolpath.with_starts(path) {
                    // What can overlap nothing has a group of its own.
                    let next = groups.len() as u32;
                    let kind = if counts(toolpath.attributes().get(s.attr), from, s) {
                        (run, pass, s.attr, from.z.to_bits())
                    } else {
                        (u32::MAX, 0, next, 0)
                    };
                    flat.pieces.push(Piece {
                        from: from.xy(),
                        to: s.end.xy(),
                        bulge: s.bulge,
                        group: *groups.entry(kind).or_insert(next),
                    });
                }
                flat.steps.push(step);
                flat.strokes.push(Stroke {
                    pieces: first..flat.pieces.len() as u32,
                    closed: toolpath.is_closed(path),
                    fixed: path.rigid || path.entry_dwell > 0.0 || path.exit_dwell > 0.0,
                    stays: what == Overlaps::Partial,
                    least_hole: config.least.max(worth(toolpath, path, objective)),
                    least_end: config.least,
                });
            }
        }
        flat
    }

    /// For each step that is among `wanted`, the steps that burn what it does.
    fn standing_for(
        &self,
        wanted: &BTreeSet<usize>,
        overlaps: &[Overlap],
    ) -> BTreeMap<usize, BTreeSet<usize>> {
        let step = |piece: u32| self.steps[self.strokes.partition_point(|s| s.pieces.end <= piece)];
        let mut out: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        if wanted.is_empty() {
            return out;
        }
        for o in overlaps {
            let [a, b] = o.pieces.map(step);
            for (gone, other) in [(a, b), (b, a)] {
                if wanted.contains(&gone) {
                    let _ = out.entry(gone).or_default().insert(other);
                }
            }
        }
        out
    }
}

/// The steps of a region that are rows of engraved areas.
pub(super) fn rasters(toolpath: &Toolpath, region: &Range<usize>, slack: f64) -> BTreeSet<usize> {
    let steps = &toolpath.steps()[region.clone()];
    let paths: Vec<&Path> = steps.iter().filter_map(|s| s.as_path()).collect();
    let runs = raster::runs(toolpath, &paths, slack);
    runs.into_iter()
        .flatten()
        .map(|i| region.start + i)
        .collect()
}

/// Whether a segment can be burned by another one: flat, by a spindle or laser that is
/// on, without filament.
pub(super) fn counts(a: &Attributes, from: Point3, s: &Segment) -> bool {
    a.role == Role::Burn
        && a.spindle != SpindleMode::Off
        && a.power > 0.0
        && matches!(a.rate, Rate::Feed(_))
        && (s.bulge == 0.0 || a.plane == Plane::Xy)
        && s.filament.to_bits() == 0
        && from.z.to_bits() == s.end.z.to_bits()
}

/// The least length that it takes longer to burn than to stop, pass over and start
/// again, mm.
fn worth(toolpath: &Toolpath, path: &Path, objective: &Objective) -> f64 {
    let Objective::Time(machine) = objective else {
        return 0.0;
    };
    let rates = toolpath
        .segments(path)
        .iter()
        .map(|s| toolpath.attributes().get(s.attr).rate);
    let speed = rates.fold(0.0_f64, |most, rate| match rate {
        Rate::Feed(v) => most.max(v),
        Rate::Rapid | Rate::Inverse(_) => most,
    });
    let mut length = 0.01;
    while length < MOST_HOLE && !saves(machine, length, speed) {
        length *= 1.25;
    }
    length
}

/// Holes are not longer than any machine is, mm.
const MOST_HOLE: f64 = 1e4;

fn saves(machine: &Machine, length: f64, speed: f64) -> bool {
    let slowest = machine.acceleration[0].min(machine.acceleration[1]);
    // To stop and to start costs half of v/a each, over going on.
    let stops = speed / slowest.max(f64::MIN_POSITIVE);
    let over = [Point3::new(length, 0.0, 0.0), Point3::new(0.0, length, 0.0)]
        .map(|d| machine.rapid_seconds(d));
    length / speed.max(f64::MIN_POSITIVE) > stops + over[0].max(over[1])
}

/// The precedence of steps after they `became` others. What burns in the place of a
/// path that is gone takes over what came before and after that.
fn passed_on(
    before: &[(u32, u32)],
    became: &[Range<u32>],
    flat: &Flat,
    overlaps: &[Overlap],
) -> Vec<(u32, u32)> {
    let gone: BTreeSet<usize> = before
        .iter()
        .flat_map(|&(a, b)| [a as usize, b as usize])
        .filter(|&i| became[i].is_empty())
        .collect();
    let others = flat.standing_for(&gone, overlaps);
    let now = |i: u32| -> Vec<u32> {
        match others.get(&(i as usize)) {
            Some(steps) => steps.iter().flat_map(|&s| became[s].clone()).collect(),
            None => became[i as usize].clone().collect(),
        }
    };
    let mut out = Vec::with_capacity(before.len());
    for &(a, b) in before {
        let then = now(b);
        for a in now(a) {
            out.extend(then.iter().filter(|&&b| b != a).map(|&b| (a, b)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
