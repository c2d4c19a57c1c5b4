//! Moves that leave the bed.

use super::OUTSIDE_BED;
use super::step::Step;
use super::tally::Tally;
use crate::diag::{Diagnostics, Severity};
use crate::geom::{Bounds, Point, Point3, arc_from_center, bounds_of};
use crate::machine::Machine;
use crate::motion::{Beam, Move, Plane};

/// Rounding of coordinates is no excursion, mm.
const SLACK_MM: f64 = 0.001;

/// Machine-coordinate moves: where they lie in the bed is not known.
const MACHINE_MOVES: [i64; 3] = [530, 280, 300];

pub(super) struct BedCheck {
    bed: Option<Bounds>,
    machine: String,
    outside: Tally,
    reach: Bounds,
    burns: bool,
}

impl BedCheck {
    pub(super) fn new(machine: Option<&Machine>) -> Self {
        Self {
            bed: machine.and_then(|m| m.bed),
            machine: machine.map_or(String::new(), |m| m.name.clone()),
            outside: Tally::default(),
            reach: Bounds::EMPTY,
            burns: false,
        }
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        if self.bed.is_none() || MACHINE_MOVES.iter().any(|g| step.has(b'G', *g)) {
            return;
        }
        for (from, m) in step.moves() {
            // Where the move starts, the one before it has ended.
            self.add(&reach_of(from, m), m.beam == Beam::On, step.place(b"XYZ"));
        }
    }

    /// Judges a move that reaches over `bounds`.
    pub(super) fn add(&mut self, bounds: &Bounds, burns: bool, place: (u32, u32)) {
        if let Some(bed) = &self.bed
            && !excursions(bed, bounds).is_empty()
        {
            let _ = self.outside.add(place);
            self.reach.union(bounds);
            self.burns |= burns;
        }
    }

    pub(super) fn finish(self, found: &mut Diagnostics) {
        let Some(bed) = self.bed.filter(|_| !self.outside.is_empty()) else {
            return;
        };
        let what = if self.burns { "the work" } else { "a move" };
        let message = format!(
            "{what} leaves the bed of {}: {}",
            self.machine,
            excursions(&bed, &self.reach).join("; ")
        );
        found.push(
            self.outside
                .finding(OUTSIDE_BED, Severity::Unsafe, message)
                .with_help(
                    "move the job, or say in the machine's profile where its zero lies (`origin`)",
                ),
        );
    }
}

/// Where `b` goes beyond `bed`, in words.
fn excursions(bed: &Bounds, b: &Bounds) -> Vec<String> {
    let (low, high) = (bed.min.to_array(), bed.max.to_array());
    let (min, max) = (b.min.to_array(), b.max.to_array());
    let mut out = Vec::new();
    for (i, axis) in ["X", "Y", "Z"].iter().enumerate() {
        if min[i] < low[i] - SLACK_MM {
            out.push(format!("{axis} goes to {:.3}, below {}", min[i], low[i]));
        }
        if max[i] > high[i] + SLACK_MM {
            out.push(format!("{axis} goes to {:.3}, above {}", max[i], high[i]));
        }
    }
    out
}

/// The box that a move enters: its end, and what an arc swings out to.
fn reach_of(from: Point3, m: &Move) -> Bounds {
    let mut b = Bounds::EMPTY;
    b.add(m.to);
    let Some(arc) = m.arc else {
        return b;
    };
    let (start, end) = (flat(from, arc.plane), flat(m.to, arc.plane));
    let (half, bulge) = arc_from_center(start, end, start + arc.offset, arc.clockwise);
    let mut at = from;
    if let Some((middle, first)) = half {
        let mut to = from.to_array();
        let [i, j, _] = arc.plane.axes();
        (to[i], to[j]) = (middle.x, middle.y);
        b.union(&bounds_of_segment(at, to.into(), first, arc.plane));
        at = to.into();
    }
    b.union(&bounds_of_segment(at, m.to, bulge, arc.plane));
    b
}

/// The box around a line or an arc by bulge in `plane`.
pub(super) fn bounds_of_segment(from: Point3, to: Point3, bulge: f64, plane: Plane) -> Bounds {
    let mut b = Bounds::EMPTY;
    b.add(to);
    if bulge == 0.0 {
        b.add(from);
        return b;
    }
    let box_2d = bounds_of(flat(from, plane), flat(to, plane), bulge);
    let [i, j, _] = plane.axes();
    for corner in [box_2d.min, box_2d.max] {
        let mut p = to.to_array();
        (p[i], p[j]) = (corner.x, corner.y);
        b.add(p.into());
    }
    b.add(from);
    b
}

fn flat(p: Point3, plane: Plane) -> Point {
    let [i, j, _] = plane.axes();
    Point::new(p.to_array()[i], p.to_array()[j])
}
