//! Arcs that the firmware draws although they end on another circle.

use super::ARC_RADII;
use super::step::Step;
use super::tally::Tally;
use crate::diag::{Diagnostics, Severity};
use crate::geom::Point;

/// Radii at the two ends may differ by this much, mm: three decimals in the
/// program round no further, and GRBL and LinuxCNC take it in any arc.
const SLACK_MM: f64 = 0.005;

#[derive(Default)]
pub(super) struct Arcs {
    found: Tally,
    worst: f64,
}

impl Arcs {
    pub(super) fn step(&mut self, step: &Step<'_>) {
        for (from, m) in step.moves() {
            let Some(arc) = m.arc else { continue };
            let [i, j, _] = arc.plane.axes();
            let way = (m.to - from).to_array();
            let end = Point::new(way[i], way[j]) - arc.offset;
            let off = (end.norm() - arc.offset.norm()).abs();
            if off > SLACK_MM {
                let _ = self.found.add(step.place(b"IJKRG"));
                self.worst = self.worst.max(off);
            }
        }
    }

    pub(super) fn finish(self, found: &mut Diagnostics) {
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
