//! What the passes make of a job.
//!
//! Where time is what is to be made small, the shortest way is tried as well: what a
//! program takes depends on stops and corners too, which only the planner knows, and
//! what is best hop by hop may not be best in all.

use super::{Form, Job, OptimizeOptions, SPLIT_IN_VAIN, decimals};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::error::Error;
use crate::estimate::estimate;
use crate::gcode;
use crate::machine::Machine;
use crate::pass::{Context, Objective, PassReport, Pipeline, Reorder, pen_down_bound, summarize};
use crate::source::Source;
use crate::toolpath::Toolpath;

/// A toolpath that the passes have been at.
pub(super) struct Arranged {
    pub(super) toolpath: Toolpath,
    pub(super) passes: Vec<PassReport>,
    /// The bound on pen-downs of what is left and cut up, where something was.
    pub(super) least_pen_downs: Option<usize>,
    pub(super) stopped_early: bool,
    pub(super) diagnostics: Diagnostics,
}

impl Job {
    /// Runs the passes; of the ways that were tried the one that takes less time or,
    /// where that is not what is to be made small, has less travel.
    pub(super) fn arranged(
        &self,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let pipeline = || options.pipeline(tolerance, self.is_drawing());
        if pipeline()?.names().all(|name| name != "split") {
            return self.arranged_by(pipeline, objective, options, tolerance, [0.0, 1.0]);
        }
        let split = self.arranged_by(pipeline, objective, options, tolerance, [0.0, 0.5])?;
        let without = || pipeline()?.skip(&["split"]);
        let whole = self.arranged_by(without, objective, options, tolerance, [0.5, 1.0])?;
        let better = match objective {
            Objective::Time(machine) => {
                let seconds = |a: &Arranged| self.seconds(&a.toolpath, machine, tolerance);
                seconds(&split) < seconds(&whole)
            }
            Objective::Travel => {
                let mm = |a: &Arranged| summarize(&a.toolpath).travel_mm;
                mm(&split) < mm(&whole) - tolerance
            }
        };
        if better {
            return Ok(split);
        }
        let mut whole = whole;
        whole.diagnostics.push(
            Diagnostic::new(
                SPLIT_IN_VAIN,
                Severity::Note,
                "cutting paths where they meet made nothing shorter; they are as they were",
            )
            .with_help("it helps where lines of one operation share ends or cross"),
        );
        Ok(whole)
    }

    /// Runs the passes of a pipeline for an objective.
    fn arranged_by(
        &self,
        pipeline: impl Fn() -> Result<Pipeline, Error>,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
        [from, to]: [f64; 2],
    ) -> Result<Arranged, Error> {
        let Objective::Time(machine) = objective else {
            return self.arranged_once(&pipeline()?, objective, options, [from, to], tolerance);
        };
        let middle = f64::midpoint(from, to);
        let shortest = self.arranged_once(
            &pipeline()?,
            &Objective::Travel,
            options,
            [from, middle],
            tolerance,
        )?;
        let soonest =
            self.arranged_once(&pipeline()?, objective, options, [middle, to], tolerance)?;
        let [a, b] = [&soonest, &shortest].map(|a| self.seconds(&a.toolpath, machine, tolerance));
        // What cannot be written is seen when the result is.
        Ok(if b < a { shortest } else { soonest })
    }

    /// Runs the passes for one objective. The watch is told the part of all work
    /// between two shares.
    fn arranged_once(
        &self,
        pipeline: &Pipeline,
        objective: &Objective,
        options: &OptimizeOptions,
        [from, to]: [f64; 2],
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let mut context = Context {
            objective: objective.clone(),
            seed: options.seed,
            effort: options.effort,
            watch: options.watch.part(from, to),
            ..Context::default()
        };
        let mut toolpath = self.toolpath().clone();
        let mut passes: Vec<PassReport> = Vec::new();
        let mut least_pen_downs = None;
        for pass in pipeline.passes() {
            let orders = ["reorder", "merge"].contains(&pass.name());
            let cut = ["dedupe", "split"];
            let has_cut = passes
                .iter()
                .any(|p| cut.contains(&p.name) && p.changed > 0);
            if orders && has_cut && least_pen_downs.is_none() {
                // Before anything is fused: the bound is that of the pieces.
                let touch = Reorder::default().with_touch(tolerance / 2.0);
                least_pen_downs = Some(pen_down_bound(&toolpath, &touch));
            }
            passes.push(pass.run(&mut toolpath, &mut context)?);
        }
        Ok(Arranged {
            toolpath,
            passes,
            least_pen_downs,
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
