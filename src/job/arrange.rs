//! What the passes make of a job.
//!
//! Where time is what is to be made small, the shortest way is tried as well: what a
//! program takes depends on stops and corners too, which only the planner knows, and
//! what is best hop by hop may not be best in all.
//!
//! Where rasters may be ordered, or paths cut where they meet, all is done without that as
//! well, and the better one of the two taken: the order of everything else depends on where
//! a raster begins and ends, and on what a path is.

use super::{Form, Job, OptimizeOptions, SPLIT_IN_VAIN};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::error::Error;
use crate::estimate::{Estimate, estimate};
use crate::gcode;
use crate::machine::Machine;
use crate::pass::{
    Context, HOT, Objective, Pass, PassReport, RASTER_KEPT, Rasters, pen_down_bound, summarize,
};
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

impl Arranged {
    /// How many paths begin too soon.
    fn hot(&self) -> u32 {
        let all = self.diagnostics.as_slice().iter();
        all.filter(|d| d.code == HOT).map(|d| d.count).sum()
    }
}

/// What the passes begin with.
struct Start {
    toolpath: Toolpath,
    /// Steps that are to come before others.
    asked: Vec<(u32, u32)>,
}

/// What a job is arranged for, and how.
#[derive(Clone, Copy)]
struct Way<'a> {
    objective: &'a Objective,
    options: &'a OptimizeOptions,
    tolerance: f64,
    /// Whether paths may be cut where they meet, if that is asked for.
    split: bool,
}

impl Job {
    /// Runs the passes; of the ways that were tried the best. Of the steps of each pair
    /// of `asked`, the first is to come before the second.
    pub(super) fn arranged(
        &self,
        asked: Vec<(u32, u32)>,
        objective: &Objective,
        options: &OptimizeOptions,
        tolerance: f64,
    ) -> Result<Arranged, Error> {
        let way = Way {
            objective,
            options,
            tolerance,
            split: true,
        };
        let read = Start {
            toolpath: self.toolpath().clone(),
            asked,
        };
        if !options.order_rasters {
            return self.split_or_whole(&read, way, [0.0, 1.0]);
        }
        let mut context = way.context(&read, [0.0, 0.0]);
        let mut ordered = read.toolpath.clone();
        let rasters = Rasters::default().with_touch(tolerance / 2.0);
        let done = rasters.run(&mut ordered, &mut context)?;
        if done.changed == 0 {
            let mut kept = self.split_or_whole(&read, way, [0.0, 1.0])?;
            kept.diagnostics.extend(context.diagnostics);
            return Ok(kept);
        }
        let ordered = Start {
            toolpath: ordered,
            asked: context.asked,
        };
        let mut kept = self.split_or_whole(&read, way, [0.0, 0.5])?;
        let mut ordered = self.split_or_whole(&ordered, way, [0.5, 1.0])?;
        ordered.passes.insert(0, done);
        ordered.diagnostics.extend(context.diagnostics);
        let hotter = ordered.hot().cmp(&kept.hot());
        let [a, b] = [&kept, &ordered].map(|a| self.cost(a, way));
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

    /// Runs the passes with paths cut where they meet, if that is asked for, and without;
    /// gives the better one.
    fn split_or_whole(
        &self,
        start: &Start,
        way: Way<'_>,
        [from, to]: [f64; 2],
    ) -> Result<Arranged, Error> {
        let pipeline = way.options.pipeline(way.tolerance, self.is_drawing())?;
        if pipeline.names().all(|name| name != "split") {
            return self.soonest(start, way, [from, to]);
        }
        let middle = f64::midpoint(from, to);
        let split = self.soonest(start, way, [from, middle])?;
        let mut whole = self.soonest(
            start,
            Way {
                split: false,
                ..way
            },
            [middle, to],
        )?;
        let [a, b] = [&split, &whole].map(|a| self.cost(a, way));
        let least = match way.objective {
            Objective::Time(_) => 0.0,
            Objective::Travel => way.tolerance,
        };
        let hotter = split.hot().cmp(&whole.hot());
        if hotter.then(a.total_cmp(&(b - least))).is_lt() {
            return Ok(split);
        }
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

    /// Runs the passes in several ways; gives the one with which the fewest paths begin too
    /// soon, where they are to cool, and of such the one that takes least time, if that is
    /// the objective.
    fn soonest(
        &self,
        start: &Start,
        way: Way<'_>,
        [from, to]: [f64; 2],
    ) -> Result<Arranged, Error> {
        if matches!(way.objective, Objective::Travel) {
            return self.arranged_once(start, way, [from, to]);
        }
        let at_corners = way.options.clone().with_start_anywhere(false);
        let mut ways = vec![way.options];
        if way.options.start_anywhere {
            // A start within a line is one more stop, so corners only are tried as well.
            ways.push(&at_corners);
        }
        let ways: Vec<Way<'_>> = ways
            .into_iter()
            .flat_map(|options| {
                [&Objective::Travel, way.objective].map(|objective| Way {
                    objective,
                    options,
                    ..way
                })
            })
            .collect();
        let share = (to - from) / ways.len() as f64;
        let mut best: Option<(u32, f64, Arranged)> = None;
        for (i, one) in ways.into_iter().enumerate() {
            let part = [i, i + 1].map(|i| from + i as f64 * share);
            let done = self.arranged_once(start, one, part)?;
            // What cannot be written is seen when the result is.
            let (hot, seconds) = (done.hot(), self.cost(&done, way));
            let better =
                |(h, s, _): &(u32, f64, Arranged)| hot.cmp(h).then(seconds.total_cmp(s)).is_le();
            if best.as_ref().is_none_or(better) {
                best = Some((hot, seconds, done));
            }
        }
        best.map_or_else(
            || self.arranged_once(start, way, [from, to]),
            |(_, _, done)| Ok(done),
        )
    }

    /// Runs the passes once. The watch is told the part of all work between two shares.
    fn arranged_once(
        &self,
        start: &Start,
        way: Way<'_>,
        shares: [f64; 2],
    ) -> Result<Arranged, Error> {
        let mut toolpath = start.toolpath.clone();
        let mut context = way.context(start, shares);
        let pipeline = way.options.pipeline(way.tolerance, self.is_drawing())?;
        let mut passes: Vec<PassReport> = Vec::new();
        let mut least_pen_downs = None;
        for pass in pipeline.passes() {
            if pass.name() == "split" && !way.split || Self::FITS.contains(&pass.name()) {
                continue;
            }
            let orders = ["reorder", "merge"].contains(&pass.name());
            let cut = ["dedupe", "split"];
            let has_cut = passes
                .iter()
                .any(|p| cut.contains(&p.name) && p.changed > 0);
            if orders && has_cut && least_pen_downs.is_none() {
                // Before anything is fused: the bound is that of the pieces.
                let touch = way.options.reorder().with_touch(way.tolerance / 2.0);
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

    /// What is to be made small: seconds, or mm of travel.
    fn cost(&self, done: &Arranged, way: Way<'_>) -> f64 {
        match way.objective {
            Objective::Time(machine) => self.seconds(&done.toolpath, machine, way.tolerance),
            Objective::Travel => summarize(&done.toolpath).travel_mm,
        }
    }

    /// How long a toolpath of this job takes once it is written.
    pub(super) fn seconds(&self, toolpath: &Toolpath, machine: &Machine, tolerance: f64) -> f64 {
        self.estimated(toolpath, machine, tolerance)
            .map_or(f64::INFINITY, |e| e.seconds)
    }

    /// What a toolpath of this job comes to once it is written; `None` where it cannot be.
    pub(super) fn estimated(
        &self,
        toolpath: &Toolpath,
        machine: &Machine,
        tolerance: f64,
    ) -> Option<Estimate> {
        let bytes = self.written(toolpath, tolerance).ok()?;
        Some(estimate(&Source::new(bytes), self.reading, machine))
    }

    /// A toolpath of this job as a program.
    pub(super) fn written(&self, toolpath: &Toolpath, tolerance: f64) -> Result<Vec<u8>, Error> {
        match &self.form {
            Form::Program(p) => gcode::emit(p, toolpath, &self.emit_options(4, tolerance)),
            Form::Drawing(_) => gcode::encode(toolpath, &self.emit_options(3, tolerance)),
        }
    }
}

impl Way<'_> {
    /// What the passes share; the watch is told the part of all work between two shares.
    fn context(&self, start: &Start, [from, to]: [f64; 2]) -> Context {
        Context {
            before: start.asked.clone(),
            asked: start.asked.clone(),
            objective: self.objective.clone(),
            seed: self.options.seed,
            effort: self.options.effort,
            watch: self.options.watch.part(from, to),
            ..Context::default()
        }
    }
}
