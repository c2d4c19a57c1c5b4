//! How a sheet is run: cut into which islands, in which order, white swept or skipped.

use super::super::{Context, Objective, seconds};
use super::order::{self, Island};
use super::rows::{Raster, Row, Sheet};
use super::write::{self, Pen, White, end_of};
use crate::algo::islands::{Stretch, islands};
use crate::geom::Point3;
use crate::machine::Machine;
use crate::motion::Rate;
use crate::toolpath::{Rerun, Role, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// Least share of a sheet's time or way that is worth another order: less than this is
/// within the error of the estimate.
const LEAST_SAVING: f64 = 0.002;
/// How many gaps are tried; each is twice the one before.
const MOST_GAPS: usize = 8;
/// More islands than so many are too small to be worth their run-ups: only wider gaps,
/// which leave fewer, are tried.
const MOST_ISLANDS: usize = 10_000;

/// What all sheets of a raster share.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    pub(super) toolpath: &'a Toolpath,
    pub(super) context: &'a Context,
    pub(super) raster: &'a Raster,
    /// The dark attributes of those that burn.
    pub(super) dark: &'a BTreeMap<u32, u32>,
    /// White shorter than this is part of a piece, mm.
    pub(super) gap: f64,
}

/// How a sheet is to be run.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The island of each piece, row after row.
    labels: Vec<u32>,
    /// The islands in order, and whether each is run from its last row.
    order: Vec<(usize, bool)>,
}

impl Choice {
    pub(super) const fn islands(&self) -> usize {
        self.order.len()
    }
}

impl Setting<'_> {
    /// The best way to run a sheet that was found, from `from` to `to`, if it is better than
    /// how it was read.
    pub(super) fn choose(&self, sheet: &Sheet, from: Point3, to: Option<Point3>) -> Option<Choice> {
        let pen = self.pen(sheet)?;
        let as_read = self.cost(from, &self.as_read(sheet), to);
        let all: Vec<Stretch> = self.stretches(sheet);
        let mut best: Option<(f64, Choice)> = None;
        let mut gap = self.gap.max(2.0 * pen.lead);
        for _ in 0..MOST_GAPS {
            let labels = islands(&all, gap);
            gap *= 2.0;
            let count = labels.iter().max().map_or(0, |l| *l as usize + 1);
            if count > MOST_ISLANDS {
                continue;
            }
            let cut = self.islands(&pen, sheet, &labels);
            let order = order::order(&cut, from, to, self.context);
            let runs = order::runs(cut, &order);
            let cost = self.cost(from, &runs, to);
            if cost < as_read * (1.0 - LEAST_SAVING) && best.as_ref().is_none_or(|b| cost < b.0) {
                best = Some((cost, Choice { labels, order }));
            }
            if count == 1 {
                break;
            }
        }
        best.map(|b| b.1)
    }

    /// A sheet run as was chosen for it or for one of the same pieces.
    pub(super) fn run(&self, sheet: &Sheet, choice: &Choice) -> Option<Vec<Rerun>> {
        let cut = self.islands(&self.pen(sheet)?, sheet, &choice.labels);
        Some(order::runs(cut, &choice.order))
    }

    /// A sheet as it was read.
    pub(super) fn as_read(&self, sheet: &Sheet) -> Vec<Rerun> {
        write::as_read(&self.raster.moves[sheet.moves.clone()])
    }

    fn machine(&self) -> Option<&Machine> {
        match &self.context.objective {
            Objective::Time(machine) => Some(machine),
            Objective::Travel => None,
        }
    }

    /// How rows may be cut. `None` where there is no telling what run-up they need.
    fn pen(&self, sheet: &Sheet) -> Option<Pen<'_>> {
        let length = |moves: &Range<usize>| match &self.raster.moves[moves.clone()] {
            [] => 0.0,
            [one] => one.from.distance(one.segment.end),
            [first, .., last] => first.from.distance(last.segment.end),
        };
        let overscan = sheet
            .rows
            .iter()
            .map(|r| length(&r.lead_in).min(length(&r.lead_out)))
            .fold(f64::INFINITY, f64::min);
        let (lead, longest_lead) = match self.machine() {
            Some(machine) => {
                let lead = overscan.max(self.run_up(machine, sheet));
                (lead, lead)
            }
            None if overscan > 0.0 => (overscan, f64::INFINITY),
            None => return None,
        };
        Some(Pen {
            moves: &self.raster.moves,
            dark: self.dark,
            lead,
            longest_lead,
        })
    }

    /// The way in which the machine reaches the feed of the rows, v²/2a, mm.
    fn run_up(&self, machine: &Machine, sheet: &Sheet) -> f64 {
        let way = self.raster.way;
        let along = |limits: &[f64; 3]| {
            let x = limits[0] / way.x.abs().max(f64::MIN_POSITIVE);
            x.min(limits[1] / way.y.abs().max(f64::MIN_POSITIVE))
        };
        let feed = self.raster.moves[sheet.moves.clone()]
            .iter()
            .map(|m| self.toolpath.attributes().get(m.segment.attr))
            .filter(|a| a.role == Role::Burn)
            .map(|a| match a.rate {
                Rate::Feed(v) => v,
                Rate::Rapid | Rate::Inverse(_) => 0.0,
            })
            .fold(0.0, f64::max)
            .min(along(&machine.max_rate));
        feed * feed / (2.0 * along(&machine.acceleration))
    }

    /// Where the pieces lie, row after row.
    fn stretches(&self, sheet: &Sheet) -> Vec<Stretch> {
        let along = |p: Point3| self.raster.way.dot(p.xy());
        let moves = &self.raster.moves;
        let of_row = |row: &Row| {
            let offset = row.offset;
            let stretch = move |p: &Range<usize>| {
                let (a, b) = (
                    along(moves[p.start].from),
                    along(moves[p.end - 1].segment.end),
                );
                Stretch {
                    row: offset,
                    from: a.min(b),
                    to: a.max(b),
                }
            };
            row.pieces.iter().map(stretch).collect::<Vec<_>>()
        };
        sheet.rows.iter().flat_map(of_row).collect()
    }

    fn islands(&self, pen: &Pen<'_>, sheet: &Sheet, labels: &[u32]) -> Vec<Island> {
        let rows = |rows: &Vec<(usize, Vec<usize>)>| {
            let row = |(r, pieces): &(usize, Vec<usize>)| self.row(pen, &sheet.rows[*r], pieces);
            Island {
                rows: rows.iter().map(row).collect(),
            }
        };
        pieces(sheet, labels).iter().map(rows).collect()
    }

    /// A row, its white passed in the way that takes the least time.
    fn row(&self, pen: &Pen<'_>, row: &Row, pieces: &[usize]) -> Vec<Rerun> {
        let as_read = pen.row(row, pieces, White::AsRead);
        if pieces.len() < 2 || self.machine().is_none() {
            return as_read;
        }
        let cost = |runs: &[Rerun]| runs.first().map_or(0.0, |r| self.cost(r.start, runs, None));
        let mut best = (cost(&as_read), as_read);
        for white in [White::Swept, White::Skipped] {
            let runs = pen.row(row, pieces, white);
            let other = cost(&runs);
            // What is no gain stays as it was.
            if other < best.0 * (1.0 - LEAST_SAVING) {
                best = (other, runs);
            }
        }
        best.1
    }

    /// Seconds on the machine; the way with the beam off, mm, where there is none.
    pub(super) fn cost(&self, from: Point3, runs: &[Rerun], to: Option<Point3>) -> f64 {
        if let Some(machine) = self.machine() {
            let all = runs.iter().map(|r| (r.start, r.segments.as_slice()));
            return seconds::of_runs(self.toolpath, machine, from, all, to);
        }
        let (mut at, mut sum) = (from, 0.0);
        for run in runs {
            sum += at.distance(run.start);
            at = run.start;
            for s in &run.segments {
                if self.toolpath.attributes().get(s.attr).role == Role::Dark {
                    sum += at.distance(s.end);
                }
                at = s.end;
            }
            at = end_of(run);
        }
        sum + to.map_or(0.0, |to| at.distance(to))
    }
}

/// For each island its rows, each with the numbers of its pieces.
fn pieces(sheet: &Sheet, labels: &[u32]) -> Vec<Vec<(usize, Vec<usize>)>> {
    let count = labels.iter().max().map_or(0, |l| *l as usize + 1);
    let mut out: Vec<Vec<(usize, Vec<usize>)>> = vec![Vec::new(); count];
    let mut labels = labels.iter();
    for (r, row) in sheet.rows.iter().enumerate() {
        for (piece, label) in (0..row.pieces.len()).zip(&mut labels) {
            let rows = &mut out[*label as usize];
            match rows.last_mut() {
                Some((last, pieces)) if *last == r => pieces.push(piece),
                _ => rows.push((r, vec![piece])),
            }
        }
    }
    out
}
