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
use crate::pass::{Context, Objective, Pass, PassReport, RASTER_KEPT, Rasters, summarize};
use crate::source::Source;
use crate::toolpath::Toolpath;

/// A toolpath that the passes have been at.
pub(super) struct Arranged {
    pub(super) toolpath: Toolpath,
    pub(super) passes: Vec<PassReport>,
    pub(super) stopped_early: bool,
    pub(super) diagnostics: Diagnostics,
}

impl Job {
    /// Runs the passes; of the ways that were tried the best.
    pub(super) fn arranged(
        &self,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let mut ordered = self.toolpath().clone();
        if !options.order_rasters {
            return self.soonest(ordered, objective, options, tolerance, [0.0, 1.0]);
        }
        let mut context = context(objective, options, [0.0, 0.0]);
        let rasters = Rasters::default().with_touch(tolerance / 2.0);
        let done = rasters.run(&mut ordered, &mut context)?;
        let read = self.toolpath().clone();
        if done.changed == 0 {
            let mut kept = self.soonest(read, objective, options, tolerance, [0.0, 1.0])?;
            kept.diagnostics.extend(context.diagnostics);
            return Ok(kept);
        }
        let mut kept = self.soonest(read, objective, options, tolerance, [0.0, 0.5])?;
        let mut ordered = self.soonest(ordered, objective, options, tolerance, [0.5, 1.0])?;
        ordered.passes.insert(0, done);
        ordered.diagnostics.extend(context.diagnostics);
        let [a, b] = [&kept, &ordered].map(|a| match objective {
            Objective::Time(machine) => self.seconds(&a.toolpath, machine, tolerance),
            Objective::Travel => summarize(&a.toolpath).travel_mm,
        });
        let why = match self.checked(&ordered.toolpath, tolerance) {
            Ok(_) if b < a => return Ok(ordered),
            Ok(_) => "the whole job would not be shorter".to_owned(),
            Err(why) => why,
        };
        let message = format!("rasters stay as they are: {why}");
        kept.diagnostics
            .push(Diagnostic::new(RASTER_KEPT, Severity::Note, message));
        Ok(kept)
    }

    /// Runs the passes for time and for travel, if time is the objective; gives the one that
    /// takes less of it.
    fn soonest(
        &self,
        toolpath: Toolpath,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
        [from, to]: [f64; 2],
    ) -> Result<Arranged, Error> {
        let Objective::Time(machine) = objective else {
            return self.arranged_once(toolpath, objective, options, tolerance, [from, to]);
        };
        let half = f64::midpoint(from, to);
        let travel = &Objective::Travel;
        let shortest =
            self.arranged_once(toolpath.clone(), travel, options, tolerance, [from, half])?;
        let soonest = self.arranged_once(toolpath, objective, options, tolerance, [half, to])?;
        let [a, b] = [&soonest, &shortest].map(|a| self.seconds(&a.toolpath, machine, tolerance));
        // What cannot be written is seen when the result is.
        Ok(if b < a { shortest } else { soonest })
    }

    /// Runs the passes for one objective. The watch is told the part of all work
    /// between two shares.
    fn arranged_once(
        &self,
        mut toolpath: Toolpath,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
        shares: [f64; 2],
    ) -> Result<Arranged, Error> {
        let mut context = context(objective, options, shares);
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
fn context(objective: &Objective, options: &OptimizeOptions, [from, to]: [f64; 2]) -> Context {
    Context {
        objective: objective.clone(),
        seed: options.seed,
        effort: options.effort,
        watch: options.watch.part(from, to),
        ..Context::default()
    }
}
