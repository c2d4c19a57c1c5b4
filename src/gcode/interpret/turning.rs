//! G70 to G72: the path of a subroutine is taken as the contour of a turning cycle.
//!
//! While the subroutine runs, its moves are kept instead of told; when it returns
//! the state is as it was before the cycle, and the cycle is run.
//!
//! Limits: G71 and G72 leave no room for the tool's radius (nor does LinuxCNC), G70
//! goes along the contour even under G41 and G42, and corners that A or C would
//! round or break are refused.

use super::super::block::{Block, Refusal};
use super::super::contour::{self, Fault, Kind, Piece, Round, Stroke, Turning};
use super::super::modal::{Cutter, Modal, Motion};
use super::series::{After, Leg, MOST_LEGS};
use super::{Ignored, Interpreter};
use crate::geom::{Point, Point3};
use crate::motion::{Arc, Command, Move, Plane};

/// Pieces that a contour may have.
const MOST_PIECES: usize = 100_000;

/// A cycle whose contour is being read.
#[derive(Debug)]
pub(super) struct Reading {
    /// How many calls there were when it began.
    level: usize,
    /// The state and the place of the line that began it.
    modal: Modal,
    place: Point3,
    others: [f64; 6],
    /// Z and X where it starts.
    start: Point,
    what: Turning,
    pieces: Vec<Piece>,
    /// A word for another axis stood in it: there A rounds a corner and C breaks it.
    corners: bool,
}

impl Interpreter {
    /// The cycle of a line, and the number of the subroutine that is its contour.
    pub(super) fn contour(
        &self,
        block: &mut Block,
        kind: Kind,
        new: &Modal,
    ) -> Result<(Reading, u32), Refusal> {
        if self.reading.is_some() {
            return Err(Refusal::Mode("a contour cannot hold another"));
        }
        if new.feed <= 0.0 {
            return Err(Refusal::NoFeed);
        }
        let angle = self.frames.rotations[usize::from(new.system)];
        if new.plane != Plane::Zx || angle != 0.0 {
            return Err(Refusal::Mode("G70 to G72 need the plane G18, not turned"));
        }
        if new.relative {
            return Err(Refusal::Mode("G70 to G72 need G90"));
        }
        if new.cutter != Cutter::Off && !matches!(kind, Kind::Finish) {
            return Err(Refusal::Mode("G71 and G72 need G40"));
        }
        let q = block.take(b'Q').ok_or(Refusal::Missing("Q"))?.round();
        if !(0.0..1e9).contains(&q) {
            return Err(Refusal::Mode("Q is no number of a subroutine"));
        }
        let words = [block.take(b'X'), block.take(b'Z')];
        let scale = if new.diameter { 0.5 } else { 1.0 };
        let unit = new.unit_mm();
        let start = self.target(
            &std::array::from_fn(|i| match i {
                0 => words[0].map(|x| x * unit * scale),
                2 => words[1].map(|z| z * unit),
                _ => None,
            }),
            new,
            &self.frames,
            false,
        );
        let mut word = |letter: u8, default: f64| block.take(letter).unwrap_or(default);
        let allowance = word(b'D', 0.0) * unit;
        let what = match kind {
            Kind::Finish => {
                let passes = word(b'P', 1.0).floor();
                if !(0.0..1e9).contains(&passes) {
                    return Err(Refusal::Mode("P is no number of passes"));
                }
                Turning::Finish {
                    from: allowance,
                    to: word(b'E', 0.0) * unit,
                    passes: passes as u32,
                }
            }
            Kind::Rough { facing, pockets } => Turning::Rough {
                facing,
                pockets,
                allowance,
                step: word(b'I', 1.0) * unit,
                escape: word(b'R', 0.5) * unit,
            },
        };
        let reading = Reading {
            level: self.level,
            modal: *new,
            place: self.position,
            others: self.others,
            start: Point::new(start[2], start[0]),
            what,
            pieces: Vec::new(),
            corners: false,
        };
        Ok((reading, q as u32))
    }

    /// Whether moves are those of a contour.
    pub(in crate::gcode) const fn reads_contour(&self) -> bool {
        self.reading.is_some()
    }

    /// Takes what a line of the contour told.
    pub(in crate::gcode) fn read_contour(&mut self, told: &mut Vec<Command>) {
        let Some(reading) = &mut self.reading else {
            return;
        };
        for command in told.drain(..) {
            let Command::Move(Move { to, arc, .. }) = command else {
                reading.corners |= matches!(command, Command::Axes(_));
                continue;
            };
            let flat = |p: Point3| Point::new(p.z, p.x);
            // The contour is reached from where the cycle starts.
            let from = match reading.pieces.last() {
                Some(last) => last.to,
                None => reading.start,
            };
            if from.distance(flat(to)) > 0.0 && reading.pieces.len() <= MOST_PIECES {
                let round = arc.filter(|a| a.plane == Plane::Zx).map(|a| Round {
                    center: from + a.offset,
                    ccw: !a.clockwise,
                });
                reading.pieces.push(Piece {
                    from,
                    to: flat(to),
                    round,
                });
            }
        }
    }

    /// Runs the cycle if its contour has been read: `level` calls have not returned.
    pub(super) fn end_contour(&mut self, level: usize, out: &mut Vec<Command>) -> Option<Ignored> {
        let reading = self.reading.take_if(|r| level <= r.level)?;
        out.clear();
        self.modal = reading.modal;
        self.position = reading.place;
        self.others = reading.others;
        if reading.corners {
            return Some(Ignored::Refused(Refusal::Cycle(
                "corners of a contour rounded by A or broken by C are not modelled",
            )));
        }
        let mut strokes = Vec::new();
        let done = if reading.pieces.len() > MOST_PIECES {
            Err(Fault::TooMany)
        } else {
            contour::turn(
                &reading.pieces,
                reading.start,
                &reading.what,
                MOST_LEGS,
                &mut strokes,
            )
        };
        if let Err(fault) = done {
            return Some(Ignored::Refused(contour_fault(fault)));
        }
        self.modal.motion = match strokes.last() {
            Some(Stroke::Feed(_, None)) => Motion::Linear,
            Some(Stroke::Feed(_, Some(r))) if r.ccw => Motion::ArcCcw,
            Some(Stroke::Feed(_, Some(_))) => Motion::ArcCw,
            _ => Motion::Rapid,
        };
        let mut at = Point::new(reading.place.z, reading.place.x);
        let y = reading.place.y;
        let legs: Vec<Leg> = strokes
            .into_iter()
            .map(|stroke| {
                let (Stroke::Rapid(to) | Stroke::Feed(to, _)) = stroke;
                let (from, place) = (at, Point3::new(to.y, y, to.x));
                at = to;
                match stroke {
                    Stroke::Rapid(_) => Leg::Rapid(place),
                    Stroke::Feed(_, None) => Leg::Line(place),
                    Stroke::Feed(_, Some(r)) => Leg::Arc(
                        place,
                        Arc {
                            plane: Plane::Zx,
                            offset: r.center - from,
                            radius: r.center.distance(from),
                            clockwise: !r.ccw,
                        },
                    ),
                }
            })
            .collect();
        self.run_series(&legs, After::Nothing, out);
        None
    }
}

const fn contour_fault(fault: Fault) -> Refusal {
    Refusal::Cycle(match fault {
        Fault::Short => "its contour has fewer than two moves",
        Fault::Back => "its contour turns back",
        Fault::Range => "I must be above 0, and no number too large",
        Fault::TooMany => "it would make more than a million moves",
    })
}
