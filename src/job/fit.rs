//! Arcs and fewer lines, for those who ask: when all is in order, so that what touches
//! is one path already, and once.
//!
//! The tolerance is a budget. Ends that merging may take for one are nearer to each other
//! than without: an eighth of it and not a half. What merging and splitting moved, as measured, and a share
//! for the rounding of written numbers are taken from it. Arcs get most of what is left, as
//! fitting them makes longer lines too; what they do not use is for leaving out points.

use super::arrange::Arranged;
use super::{Job, OptimizeOptions};
use crate::diag::{Diagnostic, Severity};
use crate::error::Error;
use crate::pass::{ArcFit, Context, FIT_SLOWER, Fitting, Objective, Pass, SAME_TIME, Simplify};
use crate::toolpath::Toolpath;

/// The share of the tolerance that is left to the rounding of written numbers: that of
/// both ends of an arc and of its centre.
const ROUNDING: f64 = 0.25;

/// How far the rounding of its centre may move the arc of a print, mm: its ends stand in
/// the source.
const ROUNDING_OF_PRINTS: f64 = 2e-4;

/// The share of what is left that the first of two passes may use.
const FIRST: f64 = 0.875;

impl Job {
    /// Fits lines and arcs, as far as that is asked for and improves the whole job as it is
    /// written.
    pub(super) fn fitted(
        &self,
        mut done: Arranged,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let pipeline = options.pipeline(tolerance, self.is_drawing())?;
        let fits = |name: &&str| Self::FITS.contains(name);
        let names: Vec<&str> = pipeline.names().filter(fits).collect();
        // What is burned by others is off by as much as was asked for, not by this.
        let moved = done.passes.iter().filter(|p| p.name != "dedupe");
        let moved: f64 = moved.map(|p| p.deviation_mm).sum();
        let mut rounding = tolerance * ROUNDING;
        if !self.is_drawing() && !self.dialect().grammar.rewrites {
            rounding = rounding.min(ROUNDING_OF_PRINTS);
        }
        let mut left = tolerance - rounding - moved;
        for (i, name) in names.iter().enumerate() {
            if left <= 0.0 {
                break;
            }
            let share = if i + 1 < names.len() { FIRST } else { 1.0 };
            let fitting = Fitting::default().with_tolerance(left * share);
            let mut fitted = done.toolpath.clone();
            let mut context = Context {
                objective: objective.clone(),
                ..Context::default()
            };
            let report = if *name == "simplify" {
                Simplify::new(fitting).run(&mut fitted, &mut context)
            } else {
                ArcFit::new(fitting)
                    .with_helices(options.helices)
                    .with_format(self.arc_format)
                    .run(&mut fitted, &mut context)
            }?;
            done.diagnostics.extend(context.diagnostics);
            if report.changed == 0 {
                continue;
            }
            if self.is_better(objective, [&done.toolpath, &fitted], tolerance) {
                left -= report.deviation_mm;
                done.toolpath = fitted;
                done.passes.push(report);
            } else {
                let message =
                    format!("the job would be no shorter with {name}; its lines are kept");
                let said = Diagnostic::new(FIT_SLOWER, Severity::Note, message);
                done.diagnostics.push(said);
            }
        }
        Ok(done)
    }

    /// The passes that are run when all is in order.
    pub(super) const FITS: [&'static str; 2] = ["arc-fit", "simplify"];

    /// Whether the second toolpath takes no more time, or without a machine fewer lines,
    /// once it is written.
    fn is_better(&self, objective: &Objective, both: [&Toolpath; 2], tolerance: f64) -> bool {
        match objective {
            Objective::Time(machine) => {
                let [before, after] = both.map(|t| self.estimated(t, machine, tolerance));
                let (Some(before), Some(after)) = (before, after) else {
                    return false;
                };
                // Arcs that a machine leaves out take no time.
                let same = after.arcs_not_run == before.arcs_not_run;
                same && after.seconds <= before.seconds * (1.0 + SAME_TIME)
            }
            Objective::Travel => {
                let ends = |b: &&u8| matches!(b, b'\n' | b'\r');
                let lines = |t| {
                    self.written(t, tolerance)
                        .map(|b| b.iter().filter(ends).count())
                };
                let [before, after] = both.map(lines);
                // What cannot be written is found when the result is.
                matches!((before, after), (Ok(before), Ok(after)) if after < before)
            }
        }
    }
}
