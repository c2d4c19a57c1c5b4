//! Arcs that the firmware draws although they end on another circle, and those that it
//! leaves out.

use super::ARC_RADII;
use super::step::Step;
use super::tally::Tally;
use crate::diag::{Diagnostics, Severity};
use crate::geom::Point;
use crate::machine::{ARCS_NOT_RUN, HOW_ARCS_RUN, Machine};

/// Radii at the two ends may differ by this much, mm: three decimals in the
/// program round no further, and GRBL and LinuxCNC take it in any arc.
const SLACK_MM: f64 = 0.005;

pub(super) struct Arcs {
    found: Tally,
    worst: f64,
    /// Whether the machine runs arcs at all.
    pub(super) run: bool,
    left_out: Tally,
}

impl Arcs {
    pub(super) fn new(machine: Option<&Machine>) -> Self {
        Self {
            found: Tally::default(),
            worst: 0.0,
            run: machine.is_none_or(Machine::runs_arcs),
            left_out: Tally::default(),
        }
    }

    /// Whether the machine does what a step says, or leaves its arc out.
    pub(super) fn step(&mut self, step: &Step<'_>) -> bool {
        let mut done = true;
        for (from, m) in step.moves() {
            let Some(arc) = m.arc else { continue };
            if !self.run {
                let _ = self.left_out.add(step.place(b"G"));
                done = false;
                continue;
            }
            let [i, j, _] = arc.plane.axes();
            let way = (m.to - from).to_array();
            let end = Point::new(way[i], way[j]) - arc.offset;
            let off = (end.norm() - arc.offset.norm()).abs();
            if off > SLACK_MM {
                let _ = self.found.add(step.place(b"IJKRG"));
                self.worst = self.worst.max(off);
            }
        }
        done
    }

    pub(super) fn finish(self, found: &mut Diagnostics) {
        if !self.left_out.is_empty() {
            let what = "the machine leaves out this arc: it does not know G2 and G3";
            let finding = self.left_out.finding(ARCS_NOT_RUN, Severity::Warning, what);
            found.push(finding.with_help(HOW_ARCS_RUN));
        }
        if self.found.is_empty() {
            return;
        }
        let what = format!(
            "the radius of the arc differs at its start and end by up to {:.3} mm",
            self.worst
        );
        found.push(
            self.found
                .finding(ARC_RADII, Severity::Warning, what)
                .with_help("write more decimals, or check whether arc centres are absolute"),
        );
    }
}
