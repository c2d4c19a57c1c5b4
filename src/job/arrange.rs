//! What the passes make of a job.
//!
//! Where time is what is to be made small, the shortest way is tried as well: what a
//! program takes depends on stops and corners too, which only the planner knows, and
//! what is best hop by hop may not be best in all.

use super::{Form, Job, OptimizeOptions, decimals};
use crate::diag::Diagnostics;
use crate::error::Error;
use crate::estimate::estimate;
use crate::gcode;
use crate::machine::Machine;
use crate::pass::{Context, HOT, Objective, PassReport};
use crate::source::Source;
use crate::toolpath::Toolpath;

/// A toolpath that the passes have been at.
pub(super) struct Arranged {
    pub(super) toolpath: Toolpath,
    pub(super) passes: Vec<PassReport>,
    pub(super) stopped_early: bool,
    pub(super) diagnostics: Diagnostics,
}

impl Arranged {
    /// How many paths begin too soon.
    fn hot(&self) -> u32 {
        let all = self.diagnostics.as_slice().iter();
        all.filter(|d| d.code == HOT).map(|d| d.count).sum()
    }
}

impl Job {
    /// Runs the passes; of the ways that were tried the one that takes least time.
    pub(super) fn arranged(
        &self,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let Objective::Time(machine) = objective else {
            return self.arranged_once(objective, options, tolerance, [0.0, 1.0]);
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
        let share = 1.0 / ways.len() as f64;
        let mut best: Option<((u32, f64), Arranged)> = None;
        for (i, (anywhere, objective)) in ways.into_iter().enumerate() {
            let options = options.clone().with_start_anywhere(anywhere);
            let part = [i, i + 1].map(|i| i as f64 * share);
            let way = self.arranged_once(objective, &options, tolerance, part)?;
            // Where paths are to cool, that comes first. What cannot be written is seen
            // when the result is.
            let (hot, seconds) = (way.hot(), self.seconds(&way.toolpath, machine, tolerance));
            let better = |&((least_hot, least), _): &((u32, f64), Arranged)| {
                hot < least_hot || (hot == least_hot && seconds <= least)
            };
            if best.as_ref().is_none_or(better) {
                best = Some(((hot, seconds), way));
            }
        }
        best.map_or_else(
            || self.arranged_once(objective, options, tolerance, [0.0, 1.0]),
            |(_, way)| Ok(way),
        )
    }

    /// Runs the passes for one objective. The watch is told the part of all work
    /// between two shares.
    fn arranged_once(
        &self,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
        [from, to]: [f64; 2],
    ) -> Result<Arranged, Error> {
        let asked = self.pairs(&options.before, &mut Diagnostics::new())?;
        let mut context = Context {
            before: asked.clone(),
            asked,
            objective: objective.clone(),
            seed: options.seed,
            effort: options.effort,
            watch: options.watch.part(from, to),
            ..Context::default()
        };
        let mut toolpath = self.toolpath().clone();
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
