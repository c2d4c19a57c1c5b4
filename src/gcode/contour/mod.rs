//! Turning along a contour: G70 (finish), G71 and G72 (rough), from the path of a
//! subroutine to strokes.
//!
//! Everything here happens in a *view* of the plane of the lathe in which the
//! contour runs towards lower `x` and, on the whole, upwards in `y`; what is cut
//! away lies above it. `x` is Z and `y` is X, or for G72 the other way round, each
//! perhaps mirrored.
//!
//! - The *entry* goes from where the cycle starts to where the contour does.
//! - A *level* is a height at which material is taken off, across from where the
//!   contour falls to where it rises.
//! - A *pocket* is a part of the contour that falls again after it rose.
//!
//! The rules are those of LinuxCNC 2.9, as its interpreter shows them. Not as there:
//! an allowance (D) that a narrow part of the contour cannot hold takes that part
//! away at once, not step by step. Lengths are in mm.

mod offset;
mod rough;

use crate::geom::Point;
use offset::offset;
use rough::rough;

/// How far a piece may run backwards, mm.
const BACK: f64 = 1e-3;
/// Nearer than this is the same height or place, mm.
const SAME: f64 = 1e-6;

/// The circle of a piece.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Round {
    /// Its centre.
    pub(crate) center: Point,
    /// Counter-clockwise, from `x` to `y`.
    pub(crate) ccw: bool,
}

impl Round {
    /// Whether a point is on the half of the circle that runs towards lower `x`.
    fn holds(&self, p: Point) -> bool {
        let over = p.y - self.center.y;
        if self.ccw {
            over >= -BACK
        } else {
            over <= BACK
        }
    }
}

/// One piece of a contour: a line or an arc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    /// Where it begins.
    pub(crate) from: Point,
    /// Where it ends.
    pub(crate) to: Point,
    /// `None` is a line.
    pub(crate) round: Option<Round>,
}

/// One step of a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stroke {
    /// A rapid.
    Rapid(Point),
    /// A line or an arc at the feed, from where the tool is.
    Feed(Point, Option<Round>),
}

/// Which pockets a roughing cycle cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pockets {
    /// All (G71).
    All,
    /// None (G71.1).
    None,
    /// Nothing but pockets (G71.2).
    Only,
}

/// Which cycle it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// G70.
    Finish,
    /// G71 and G72.
    Rough {
        /// G72.
        facing: bool,
        /// Which pockets it cuts.
        pockets: Pockets,
    },
}

/// What is done along the contour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Turning {
    /// G70: all along it, in so many passes from one allowance to another.
    Finish {
        /// Allowance before the first pass.
        from: f64,
        /// Allowance after the last.
        to: f64,
        /// How many passes.
        passes: u32,
    },
    /// G71 and G72: level by level.
    Rough {
        /// G72: levels along X rather than along Z.
        facing: bool,
        /// Which pockets.
        pockets: Pockets,
        /// Allowance that stays.
        allowance: f64,
        /// From level to level.
        step: f64,
        /// How far the tool draws back, along both axes.
        escape: f64,
    },
}

/// Why there is no cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There are fewer than two pieces.
    Short,
    /// The contour turns back.
    Back,
    /// The step is not above 0, or another number out of its range.
    Range,
    /// There are more strokes than the caller allows.
    TooMany,
}

/// Appends the strokes of a cycle that starts at `start`. The first piece of the
/// contour leads to it, from wherever it comes.
///
/// # Errors
/// See [`Fault`].
///
/// # Complexity
/// O(strokes times pieces).
pub(crate) fn turn(
    contour: &[Piece],
    start: Point,
    what: &Turning,
    limit: usize,
    out: &mut Vec<Stroke>,
) -> Result<(), Fault> {
    if contour.len() < 2 {
        return Err(Fault::Short);
    }
    let mut view = View::of(contour, matches!(what, Turning::Rough { facing: true, .. }));
    if matches!(what, Turning::Finish { .. }) && !runs_on(&view.pieces(&contour[1..])) {
        view = View::of(contour, true);
    }
    let mut pieces = view.pieces(contour);
    if !runs_on(&pieces[1..]) {
        return Err(Fault::Back);
    }
    let begin = out.len();
    out.push(Stroke::Rapid(view.seen(start)));
    pieces[0].from = view.seen(start);
    pieces[0].from.x = pieces[0].from.x.max(pieces[0].to.x);
    match *what {
        Turning::Finish { from, to, passes } => {
            let strokes = (passes as usize).saturating_mul(2 * pieces.len() + 2);
            if strokes > limit {
                return Err(Fault::TooMany);
            }
            for pass in (0..passes).rev() {
                let allowance = f64::from(pass) * (from - to) / f64::from(passes) + to;
                let path = offset(&pieces, allowance);
                out.push(Stroke::Rapid(path[0].from));
                out.push(Stroke::Rapid(path[0].to));
                out.extend(path[1..].iter().map(|p| Stroke::Feed(p.to, p.round)));
            }
        }
        Turning::Rough {
            pockets,
            allowance,
            step,
            escape,
            ..
        } => {
            let path = offset(&pieces, allowance);
            out.push(Stroke::Rapid(path[0].from));
            rough(path, pockets, step, escape, limit, out)?;
        }
    }
    for stroke in &mut out[begin..] {
        *stroke = view.back(*stroke);
    }
    Ok(())
}

/// Whether all pieces go towards lower `x`, arcs without passing their sides.
fn runs_on(pieces: &[Piece]) -> bool {
    pieces.iter().all(|p| {
        let along = p.to.x - p.from.x;
        match p.round {
            None => along <= BACK,
            Some(round) => along <= -BACK && round.holds(p.from) && round.holds(p.to),
        }
    })
}

/// How the plane is looked at.
#[derive(Clone, Copy, Debug)]
struct View {
    /// The axes change places, before they are mirrored.
    turned: bool,
    /// Factors of both axes: 1 or -1.
    sides: [f64; 2],
}

impl View {
    /// The view in which the contour runs as it should.
    fn of(contour: &[Piece], turned: bool) -> Self {
        let plain = Self {
            turned,
            sides: [1.0; 2],
        };
        let (Some(first), Some(last)) = (contour.first(), contour.last()) else {
            return plain;
        };
        let (begin, end) = (plain.seen(first.to), plain.seen(last.to));
        let side = |mirrored: bool| if mirrored { -1.0 } else { 1.0 };
        Self {
            turned,
            sides: [side(begin.x < end.x), side(begin.y > end.y)],
        }
    }

    fn mirrors(&self) -> bool {
        self.turned != (self.sides[0] * self.sides[1] < 0.0)
    }

    fn seen(&self, p: Point) -> Point {
        let (x, y) = if self.turned { (p.y, p.x) } else { (p.x, p.y) };
        Point::new(x * self.sides[0], y * self.sides[1])
    }

    fn unseen(&self, p: Point) -> Point {
        let (x, y) = (p.x * self.sides[0], p.y * self.sides[1]);
        if self.turned {
            Point::new(y, x)
        } else {
            Point::new(x, y)
        }
    }

    fn pieces(&self, contour: &[Piece]) -> Vec<Piece> {
        let piece = |p: &Piece| Piece {
            from: self.seen(p.from),
            to: self.seen(p.to),
            round: p.round.map(|r| Round {
                center: self.seen(r.center),
                ccw: r.ccw != self.mirrors(),
            }),
        };
        contour.iter().map(piece).collect()
    }

    fn back(&self, stroke: Stroke) -> Stroke {
        match stroke {
            Stroke::Rapid(p) => Stroke::Rapid(self.unseen(p)),
            Stroke::Feed(p, round) => {
                let round = round.map(|r| Round {
                    center: self.unseen(r.center),
                    ccw: r.ccw != self.mirrors(),
                });
                Stroke::Feed(self.unseen(p), round)
            }
        }
    }
}

#[cfg(test)]
mod tests;
