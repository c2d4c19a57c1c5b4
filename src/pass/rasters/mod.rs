//! Engraving rasters in less time: islands in a better order, white skipped.
//!
//! A raster that sweeps over a page with little on it spends most of its time in the
//! dark. [`Rasters`] cuts it into *islands* (what lies together in rows next to each
//! other), runs these in the order of least time, and passes the white that is left in a row
//! by a rapid where that is faster. Whole pieces of rows are kept, and what makes them come
//! out as they did:
//!
//! - the rows of an island keep their sequence, from the first or from the last, and each
//!   row its direction: backlash and scan offset depend on it;
//! - run-up and run-out (overscan) of a row stay, and where a row is cut, both sides get
//!   one, in the white: as long as the raster's own, and as long as the machine needs to
//!   reach the feed (v²/2a);
//! - dark moves are made only where the head went before.
//!
//! # Words
//! - *white*: what is passed between two burned pieces of a row.
//! - *swept*: passed with the beam off at the feed of the row; *skipped*: by a rapid.
//!
#![doc = include_str!("../../_docs/rasters.md")]

mod asked;
mod order;
mod plan;
mod rows;
mod stacks;
mod write;

use super::{Context, Objective, Pass, PassReport};
use crate::diag::{Code, Diagnostic, Severity};
use crate::error::{Error, positive_mm};
use crate::toolpath::{Attributes, Rerun, Role, Step, Toolpath};
use plan::{Choice, Setting};
use rows::{Raster, rasters};
use stacks::{Stand, stands};
use std::collections::BTreeMap;
use std::ops::Range;

/// A raster is run island by island, or its white is skipped.
pub const RASTER_ORDERED: Code = Code("pass/raster-ordered");
/// No other way to run a raster was found that is worth it; it was kept as it was.
pub const RASTER_KEPT: Code = Code("pass/raster-kept");

/// Runs rasters island by island, and skips white, where that takes less time.
///
/// With [`Objective::Time`] the planner of the machine decides, row by row and for the
/// whole raster; dark moves at the ends of rows are cut to the run-up that is needed. With
/// [`Objective::Travel`] the way with the beam off does, travel and dark moves together;
/// white in a row stays as it is, being as long either way, and a raster without
/// overscan is kept: nothing is known then of the run-up that its parts need.
///
/// It is not in [`super::Pipeline::standard`]: rows are left alone unless somebody asks. It
/// comes before all other passes, as it makes other steps.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rasters {
    /// White shorter than this is never cut nor skipped, mm. Default 2.
    pub gap: f64,
    /// How far rows may be from straight and parallel, mm. Default 0.005.
    pub touch: f64,
}

impl Rasters {
    /// The same with another length of white that is never cut, mm.
    #[must_use]
    pub const fn with_gap(mut self, gap: f64) -> Self {
        self.gap = gap;
        self
    }

    /// The same with another distance from straight, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }
}

impl Default for Rasters {
    fn default() -> Self {
        Self {
            gap: 2.0,
            touch: 0.005,
        }
    }
}

impl Pass for Rasters {
    fn name(&self) -> &'static str {
        "rasters"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let _ = positive_mm("gap", self.gap)?;
        let _ = positive_mm("touch", self.touch)?;
        let all: Vec<Raster> = toolpath
            .regions()
            .into_iter()
            .flat_map(|region| rasters(toolpath, region, self.gap, self.touch))
            .collect();
        let steps: Vec<Range<usize>> = all.iter().map(|r| r.steps.clone()).collect();
        if asked::leads_back(&context.before, &steps) {
            let message =
                "rasters stay as they are: an order that is asked for leads from one back into it";
            let kept = Diagnostic::new(RASTER_KEPT, Severity::Note, message);
            context.diagnostics.push(kept);
            return Ok(PassReport::new(self.name()));
        }
        let sheets: Vec<_> = all
            .iter()
            .flat_map(|r| r.sheets.iter().map(move |s| (r, s)))
            .collect();
        let mut stands = stands(&sheets, self.touch).into_iter();
        let mut choices: Vec<Option<Choice>> = Vec::with_capacity(sheets.len());
        let mut groups: Vec<Group> = Vec::new();
        for raster in &all {
            let dark = dark_attributes(toolpath, raster);
            let setting = Setting {
                toolpath,
                context,
                raster,
                dark: &dark,
                gap: self.gap,
            };
            let stands: Vec<Stand> = stands.by_ref().take(raster.sheets.len()).collect();
            let found = plan(&setting, &stands, &mut choices, &mut groups);
            context.diagnostics.push(found);
        }
        groups.retain(|g| g.islands > 0);
        let changed = groups.iter().map(|g| g.islands).sum();
        asked::renumber(&mut context.before, &groups);
        asked::renumber(&mut context.asked, &groups);
        let mut number = toolpath.paths().filter_map(|p| p.raster).max();
        // From the last: steps before keep their numbers.
        for group in groups.into_iter().rev() {
            let next = number.map_or(0, |n| n + 1);
            toolpath.edit().rerun(group.steps, &group.runs, next);
            number = Some(next);
        }
        Ok(PassReport {
            changed,
            ..PassReport::new(self.name())
        })
    }
}

/// Steps that are run in another way.
struct Group {
    steps: Range<usize>,
    runs: Vec<Rerun>,
    islands: usize,
}

/// The attributes of dark moves at the feed of each of those that burn.
fn dark_attributes(toolpath: &mut Toolpath, raster: &Raster) -> BTreeMap<u32, u32> {
    let mut dark = BTreeMap::new();
    for m in raster.moves.iter().filter(|m| !m.dark) {
        let attr = m.segment.attr;
        if dark.contains_key(&attr) {
            continue;
        }
        let off = Attributes {
            power: 0.0,
            role: Role::Dark,
            ..*toolpath.attributes().get(attr)
        };
        let _ = dark.insert(attr, toolpath.edit().intern(off));
    }
    dark
}

/// Plans the sheets of a raster; those that share a path are one group.
fn plan(
    setting: &Setting<'_>,
    stands: &[Stand],
    choices: &mut Vec<Option<Choice>>,
    groups: &mut Vec<Group>,
) -> Diagnostic {
    let Setting {
        toolpath, raster, ..
    } = setting;
    let mut at = match raster.steps.start.checked_sub(1) {
        None => toolpath.start(),
        Some(i) => match &toolpath.steps()[i] {
            Step::Path(p) => toolpath.end_of(p),
            Step::Raw(r) => r.exit_at,
        },
    };
    let after = toolpath.steps().get(raster.steps.end).map(|s| match s {
        Step::Path(p) => p.start,
        Step::Raw(r) => r.entry_at,
    });
    let (mut saved, mut islands, mut step) = (0.0, 0, raster.steps.start);
    for (i, (sheet, stand)) in raster.sheets.iter().zip(stands).enumerate() {
        let next = raster.sheets.get(i + 1);
        let to = next.map(|s| raster.moves[s.moves.start].from).or(after);
        let choice = match *stand {
            Stand::First => setting.choose(sheet, at, to),
            Stand::Again(first) => choices[first].clone(),
            Stand::Mixed => None,
        };
        let as_read = setting.as_read(sheet);
        let chosen = choice.as_ref().and_then(|c| setting.run(sheet, c));
        let count = match (&choice, &chosen) {
            (Some(choice), Some(_)) => choice.islands(),
            _ => 0,
        };
        choices.push(choice);
        let runs = match chosen {
            Some(runs) => {
                saved += setting.cost(at, &as_read, to) - setting.cost(at, &runs, to);
                runs
            }
            None => as_read,
        };
        islands += count;
        at = runs.last().map_or(at, write::end_of);
        let paths = raster.moves[sheet.moves.clone()]
            .iter()
            .filter(|m| m.jump)
            .count();
        step += paths;
        match groups.last_mut() {
            Some(group) if !raster.moves[sheet.moves.start].jump => {
                group.steps.end = step;
                group.runs.extend(runs);
                group.islands += count;
            }
            _ => groups.push(Group {
                steps: step - paths..step,
                runs,
                islands: count,
            }),
        }
    }
    let rows: usize = raster.sheets.iter().map(|s| s.rows.len()).sum();
    let line = raster.moves[0].segment.line + 1;
    finding(setting.context, rows, islands, saved).at(line, 1)
}

/// What became of a raster.
fn finding(context: &Context, rows: usize, islands: usize, saved: f64) -> Diagnostic {
    let has_machine = matches!(context.objective, Objective::Time(_));
    let unit = if has_machine { "s" } else { "mm of dark way" };
    if islands > 0 {
        let message = format!(
            "a raster of {rows} rows is run as {islands} island{}, {saved:.1} {unit} less",
            if islands == 1 { "" } else { "s" }
        );
        return Diagnostic::new(RASTER_ORDERED, Severity::Note, message)
            .with_help("each row keeps its direction, run-up and power");
    }
    let message = format!("a raster of {rows} rows stays as it is");
    let found = Diagnostic::new(RASTER_KEPT, Severity::Note, message);
    found.with_help(if has_machine {
        "no other way to run it is faster on this machine"
    } else {
        "no other order of its islands is shorter, or it has no overscan: with a machine the \
         run-up is known, and the time"
    })
}
