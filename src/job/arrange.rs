//! What the passes make of a job.
//!
//! Where time is what is to be made small, the shortest way is tried as well: what a
//! program takes depends on stops and corners too, which only the planner knows, and
//! what is best hop by hop may not be best in all.
//!
//! Where rasters may be ordered, all is done without that as well, and the better one of
//! the two taken: the order of everything else depends on where a raster begins and ends.

use super::{Form, Job, OptimizeOptions, decimals};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::error::Error;
use crate::estimate::estimate;
use crate::gcode;
use crate::machine::Machine;
use crate::pass::{Context, HOT, Objective, Pass, PassReport, RASTER_KEPT, Rasters, summarize};
use crate::source::Source;
use crate::toolpath::Toolpath;

/// A toolpath that the passes have been at.
pub(super) struct Arranged {
    pub(super) toolpath: Toolpath,
    pub(super) passes: Vec<PassReport>,
    pub(super) stopped_early: bool,
    pub(super) diagnostics: Diagnostics,
}

/// What the passes begin with.
struct Start {
    toolpath: Toolpath,
    /// Steps that are to come before others.
    asked: Vec<(u32, u32)>,
}

impl Arranged {
    /// How many paths begin too soon.
    fn hot(&self) -> u32 {
        let all = self.diagnostics.as_slice().iter();
        all.filter(|d| d.code == HOT).map(|d| d.count).sum()
    }
}

impl Job {
    /// Runs the passes; of the ways that were tried the best.
    pub(super) fn arranged(
        &self,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let asked = self.pairs(&options.before, &mut Diagnostics::new())?;
        let read = Start {
            toolpath: self.toolpath().clone(),
            asked,
        };
        if !options.order_rasters {
            return self.soonest(&read, objective, options, tolerance, [0.0, 1.0]);
        }
        let mut context = context(objective, options, read.asked.clone(), [0.0, 0.0]);
        let mut ordered = read.toolpath.clone();
        let rasters = Rasters::default().with_touch(tolerance / 2.0);
        let done = rasters.run(&mut ordered, &mut context)?;
        if done.changed == 0 {
            let mut kept = self.soonest(&read, objective, options, tolerance, [0.0, 1.0])?;
            kept.diagnostics.extend(context.diagnostics);
            return Ok(kept);
        }
        let ordered = Start {
            toolpath: ordered,
            asked: context.asked,
        };
        let mut kept = self.soonest(&read, objective, options, tolerance, [0.0, 0.5])?;
        let mut ordered = self.soonest(&ordered, objective, options, tolerance, [0.5, 1.0])?;
        ordered.passes.insert(0, done);
        ordered.diagnostics.extend(context.diagnostics);
        let [a, b] = [&kept, &ordered].map(|a| match objective {
            Objective::Time(machine) => self.seconds(&a.toolpath, machine, tolerance),
            Objective::Travel => summarize(&a.toolpath).travel_mm,
        });
        let hotter = ordered.hot().cmp(&kept.hot());
        let why = match self.checked(&ordered.toolpath, tolerance) {
            Ok(_) if hotter.then(b.total_cmp(&a)).is_lt() => return Ok(ordered),
            Ok(_) if hotter.is_gt() => "more paths would begin too soon".to_owned(),
            Ok(_) => "the whole job would not be shorter".to_owned(),
            Err(why) => why,
        };
        let message = format!("rasters stay as they are: {why}");
        kept.diagnostics
            .push(Diagnostic::new(RASTER_KEPT, Severity::Note, message));
        Ok(kept)
    }

    /// Runs the passes in several ways; gives the one with which the fewest paths begin too
    /// soon, where they are to cool, and of such the one that takes least time, if that is
    /// the objective.
    fn soonest(
        &self,
        start: &Start,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
        [from, to]: [f64; 2],
    ) -> Result<Arranged, Error> {
        let Objective::Time(machine) = objective else {
            return self.arranged_once(start, objective, options, tolerance, [from, to]);
        };
        // A start within a line is one more stop, so corners only are tried as well.
        let starts: &[bool] = if options.start_anywhere {
            &[true, false]
        } else {
            &[false]
        };
        let ways: Vec<(bool, &Objective)> = starts
            .iter()
            .flat_map(|&anywhere| [(anywhere, &Objective::Travel), (anywhere, objective)])
            .collect();
        let share = (to - from) / ways.len() as f64;
        let mut best: Option<(u32, f64, Arranged)> = None;
        for (i, (anywhere, objective)) in ways.into_iter().enumerate() {
            let options = options.clone().with_start_anywhere(anywhere);
            let part = [i, i + 1].map(|i| from + i as f64 * share);
            let way = self.arranged_once(start, objective, &options, tolerance, part)?;
            // What cannot be written is seen when the result is.
            let (hot, seconds) = (way.hot(), self.seconds(&way.toolpath, machine, tolerance));
            let better =
                |(h, s, _): &(u32, f64, Arranged)| hot.cmp(h).then(seconds.total_cmp(s)).is_le();
            if best.as_ref().is_none_or(better) {
                best = Some((hot, seconds, way));
            }
        }
        best.map_or_else(
            || self.arranged_once(start, objective, options, tolerance, [from, to]),
            |(_, _, way)| Ok(way),
        )
    }

    /// Runs the passes for one objective. The watch is told the part of all work
    /// between two shares.
    fn arranged_once(
        &self,
        start: &Start,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
        shares: [f64; 2],
    ) -> Result<Arranged, Error> {
        let mut toolpath = start.toolpath.clone();
        let mut context = context(objective, options, start.asked.clone(), shares);
        let pipeline = options.pipeline(tolerance, self.is_drawing())?;
        let passes = pipeline.run(&mut toolpath, &mut context)?;
        Ok(Arranged {
            toolpath,
            passes,
            stopped_early: context.stopped_early,
            diagnostics: context.diagnostics,
        })
    }

    /// How long a toolpath of this job takes once it is written.
    fn seconds(&self, toolpath: &Toolpath, machine: &Machine, tolerance: f64) -> f64 {
        self.written(toolpath, tolerance)
            .map_or(f64::INFINITY, |bytes| {
                estimate(&Source::new(bytes), self.reading, machine).seconds
            })
    }

    /// A toolpath of this job as a program.
    pub(super) fn written(&self, toolpath: &Toolpath, tolerance: f64) -> Result<Vec<u8>, Error> {
        match &self.form {
            Form::Program(p) => gcode::emit(p, toolpath, &decimals(4, tolerance)),
            Form::Drawing(_) => gcode::encode(toolpath, &decimals(3, tolerance)),
        }
    }
}

/// What the passes share; the watch is told the part of all work between two shares.
fn context(
    objective: &Objective,
    options: &OptimizeOptions,
    asked: Vec<(u32, u32)>,
    [from, to]: [f64; 2],
) -> Context {
    Context {
        before: asked.clone(),
        asked,
        objective: objective.clone(),
        seed: options.seed,
        effort: options.effort,
        watch: options.watch.part(from, to),
        ..Context::default()
    }
}
