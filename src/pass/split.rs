//! Paths that others meet inside are cut there.

use super::dedupe::{counts, rasters};
use super::{Context, Pass, PassReport, shape};
use crate::algo::overlap::Piece;
use crate::algo::split::{self, Meeting, Stroke};
use crate::error::{Error, ErrorKind, positive_mm};
use crate::toolpath::{Cut, Path, Toolpath};
use std::collections::BTreeMap;

/// Cuts paths where others of the same operation meet them inside, so that a net of
/// lines (parts that share edges, a grid, streets) can be drawn in fewer trails:
/// [`super::Reorder`] and [`super::Merge`] make paths of the pieces. Nothing else is
/// burned, and nothing moves.
///
/// It runs before them, and after [`super::InsideFirst`] and [`super::Dedupe`], which
/// have to see outlines whole. A closed path that is met in two places becomes open
/// ones, which need not be burned in one go any more; so it runs for those only who
/// ask, and [`crate::job::Job::optimize`] keeps what comes of it only if that is better.
///
/// Rasters, paths with a dwell or with dark moves, and whatever the spindle or laser is
/// not on for, are left alone.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Split {
    /// What counts as meeting. Default ends on lines and arcs.
    pub meeting: Meeting,
    /// Pieces are not shorter than this, and an end meets what is no farther from it
    /// than half of it, mm. As large as that of [`super::Merge`]. Default 0.005.
    pub touch: f64,
}

impl Split {
    /// The same with something else that counts as meeting.
    #[must_use]
    pub const fn with_meeting(mut self, meeting: Meeting) -> Self {
        self.meeting = meeting;
        self
    }

    /// The same with another distance below which ends touch, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }
}

impl Default for Split {
    fn default() -> Self {
        Self {
            meeting: Meeting::Ends,
            touch: 0.005,
        }
    }
}

/// More places are not cut: each becomes a path.
const MOST_PLACES: usize = 4_000_000;
/// More orders "this before that" are not passed on to pieces.
const MOST_ORDERS: usize = 16_000_000;

impl Pass for Split {
    fn name(&self) -> &'static str {
        "split"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let touch = positive_mm("touch", self.touch)?;
        let (pieces, strokes, steps) = flat(toolpath, touch);
        let too_many = |what| Error::new(ErrorKind::Limit, format!("too many {what} to split"));
        let places = split::places(&pieces, &strokes, self.meeting, touch, MOST_PLACES)
            .ok_or_else(|| too_many("places where lines meet"))?;
        let mut report = PassReport::new(self.name());
        if places.is_empty() {
            return Ok(report);
        }
        let mut stroke = 0;
        let mut cuts = Vec::with_capacity(places.len());
        for place in &places {
            while strokes[stroke].pieces.end <= place.piece {
                stroke += 1;
            }
            cuts.push(Cut {
                step: steps[stroke],
                segment: (place.piece - strokes[stroke].pieces.start) as usize,
                from: place.at,
                to: place.at,
            });
        }
        report.changed = cuts.chunk_by(|a, b| a.step == b.step).count();
        let mut count = vec![1_usize; toolpath.steps().len()];
        for cut in &cuts {
            count[cut.step] += 1;
        }
        let orders = context.before.iter();
        let orders: usize = orders
            .map(|&(a, b)| count[a as usize] * count[b as usize])
            .sum();
        if orders > MOST_ORDERS {
            return Err(too_many("parts of outlines with something inside"));
        }
        let became = toolpath.edit().take_away(&cuts, touch);
        let now = |i: u32| became[i as usize].clone();
        for orders in [&mut context.before, &mut context.asked] {
            let mut all = Vec::with_capacity(orders.len());
            for &(a, b) in orders.iter() {
                if a == b {
                    // What holds parts that come one before the other: its parts do so.
                    all.extend(now(a).zip(now(a).skip(1)));
                } else {
                    all.extend(now(a).flat_map(|a| now(b).map(move |b| (a, b))));
                }
            }
            *orders = all;
        }
        context.split(&became);
        Ok(report)
    }
}

/// The paths that may be cut, as pieces and strokes, and the step that each stroke is.
fn flat(toolpath: &Toolpath, touch: f64) -> (Vec<Piece>, Vec<Stroke>, Vec<usize>) {
    let (mut pieces, mut strokes, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    let mut groups: BTreeMap<(u32, u32, u64), u32> = BTreeMap::new();
    let mut run = 0;
    for region in toolpath.regions() {
        let raster = rasters(toolpath, &region, touch);
        let mut operation = Vec::new();
        run += 1;
        for step in region {
            let Some(path) = toolpath.steps()[step].as_path() else {
                continue;
            };
            let of_path = shape::operation(toolpath, path);
            if of_path != operation {
                (run, operation) = (run + 1, of_path);
            }
            let all_count = toolpath
                .with_starts(path)
                .all(|(from, s)| counts(toolpath.attributes().get(s.attr), from, s));
            if !is_free(path) || raster.contains(&step) || !all_count {
                continue;
            }
            let first = pieces.len() as u32;
            for (from, s) in toolpath.with_starts(path) {
                let next = groups.len() as u32;
                let group = (run, s.attr, from.z.to_bits());
                pieces.push(Piece {
                    from: from.xy(),
                    to: s.end.xy(),
                    bulge: s.bulge,
                    group: *groups.entry(group).or_insert(next),
                });
            }
            strokes.push(Stroke {
                pieces: first..pieces.len() as u32,
                closed: toolpath.is_closed(path),
            });
            steps.push(step);
        }
    }
    (pieces, strokes, steps)
}

fn is_free(path: &Path) -> bool {
    !path.rigid
        && path.raster.is_none()
        && path.entry_dwell == 0.0
        && path.exit_dwell == 0.0
        && !path.segments.is_empty()
}
