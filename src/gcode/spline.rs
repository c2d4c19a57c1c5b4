//! Splines: G5 (cubic), G5.1 (quadratic) and G5.2 with G5.3 (NURBS), to lines and
//! arcs within a tolerance, so that nothing after this knows of splines.
//!
//! The words are LinuxCNC's, and for G5 Marlin's too. All splines lie in XY; G5 and
//! G5.1 need G17, G5.2 does not ask. Places are in mm in one coordinate system; I, J,
//! P and Q are offsets in mm. The third axis stands still in LinuxCNC.
//!
//! A NURBS of order k (degree k - 1) on n control points has the knots 0 (k times),
//! 1, 2, ... and n - k + 1 (k times). Each span between two knots is a rational
//! Bézier curve; its control points are values of the spline's polar form (Ramshaw,
//! *Blossoms are polar forms*, Computer Aided Geometric Design 6, 1989).

use crate::geom::fit::{fit_cubic, fit_quadratic, fit_rational};
use crate::geom::{FARTHEST, Point};
use crate::motion::Plane;

/// Two words that give a vector together, mm.
pub(crate) type Pair = [Option<f64>; 2];

/// Control points, with weights, that a line of G5.2 adds.
type Added = [Option<(Point, f64)>; 2];

/// The highest order of a NURBS: an evaluation takes the square of it.
const MAX_ORDER: usize = 32;
/// The order without an L word, and the least.
const LEAST_ORDER: usize = 3;

/// Why words give no spline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SplineFault {
    /// The plane is not XY.
    Plane,
    /// The line moves an axis other than X and Y.
    OtherAxis,
    /// One of I and J without the other, or neither where no G5 came before.
    Start,
    /// P or Q is missing.
    End,
    /// One of X and Y without the other in G5.2.
    Axes,
    /// The weight P of a control point is missing or not above 0.
    Weight,
    /// P without X and Y in a line that is not the first of the G5.2.
    LateWeight,
    /// L is not a whole number, or above the highest order that is computed (32).
    Order,
    /// A place is more than 100 km away, or no number.
    Range,
    /// G5.3 came with fewer control points than the order, or without G5.2.
    TooFewPoints,
    /// The curve comes to more lines and arcs than one line of G-code may.
    TooMany,
}

/// Checks what G5 and G5.1 ask of the setting: the XY plane, and no axis word but X
/// and Y.
pub(crate) fn check(plane: Plane, other_axis: bool) -> Result<(), SplineFault> {
    match (plane, other_axis) {
        (Plane::Xy, false) => Ok(()),
        (Plane::Xy, true) => Err(SplineFault::OtherAxis),
        _ => Err(SplineFault::Plane),
    }
}

/// Appends LinuxCNC's G5 as (end point, bulge), within `tolerance` mm. `ij` leads
/// from the start to the first control point, `pq` from the end to the second.
///
/// Without I and J the spline goes on smoothly: `before` is what the last G5
/// returned. LinuxCNC's manual asks for I and J in the first G5 of a series; its
/// interpreter takes whatever the last G5 or G87 left, across other moves too, and
/// (0, 0) at the start.
///
/// The result is the I and J with which the next G5 would go on smoothly.
pub(crate) fn cubic(
    [start, end]: [Point; 2],
    ij: Pair,
    pq: Pair,
    before: Option<Point>,
    tolerance: f64,
    out: &mut Vec<(Point, f64)>,
) -> Result<Point, SplineFault> {
    let leave = match ij {
        [Some(i), Some(j)] => Point::new(i, j),
        [None, None] => before.ok_or(SplineFault::Start)?,
        _ => return Err(SplineFault::Start),
    };
    let [Some(p), Some(q)] = pq else {
        return Err(SplineFault::End);
    };
    let arrive = Point::new(p, q);
    bezier([start, start + leave, end + arrive, end], tolerance, out)?;
    Ok(-arrive)
}

/// As [`cubic`] in Marlin's way: a word that is missing is 0, and nothing goes on
/// from the last G5.
pub(crate) fn cubic_marlin(
    [start, end]: [Point; 2],
    ij: Pair,
    pq: Pair,
    tolerance: f64,
    out: &mut Vec<(Point, f64)>,
) -> Result<(), SplineFault> {
    let vector = |[x, y]: Pair| Point::new(x.unwrap_or(0.0), y.unwrap_or(0.0));
    let (leave, arrive) = (vector(ij), vector(pq));
    bezier([start, start + leave, end + arrive, end], tolerance, out)
}

/// Appends G5.1 as (end point, bulge), within `tolerance` mm. `ij` leads from the
/// start to the control point.
pub(crate) fn quadratic(
    [start, end]: [Point; 2],
    ij: Pair,
    tolerance: f64,
    out: &mut Vec<(Point, f64)>,
) -> Result<(), SplineFault> {
    let [Some(i), Some(j)] = ij else {
        return Err(SplineFault::Start);
    };
    let control = start + Point::new(i, j);
    check_range(&[start, control, end])?;
    if [control, end] != [start; 2] {
        let _ = fit_quadratic([start, control, end], tolerance, out);
    }
    Ok(())
}

fn bezier(
    points: [Point; 4],
    tolerance: f64,
    out: &mut Vec<(Point, f64)>,
) -> Result<(), SplineFault> {
    check_range(&points)?;
    // A curve that never leaves its start is no move.
    if points[1..] != [points[0]; 3] {
        let _ = fit_cubic(points, tolerance, out);
    }
    Ok(())
}

fn check_range(points: &[Point]) -> Result<(), SplineFault> {
    let near = |p: &Point| p.x.abs() <= FARTHEST && p.y.abs() <= FARTHEST;
    if points.iter().all(near) {
        Ok(())
    } else {
        Err(SplineFault::Range)
    }
}

/// A NURBS in the making: G5.2 lines until G5.3.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nurbs {
    start: Point,
    order: usize,
    /// Control points and weights.
    points: Vec<(Point, f64)>,
}

/// The words of one line of G5.2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct NurbsLine {
    /// X and Y as targets in mm; with G91 from the start of the whole NURBS.
    pub(crate) target: Pair,
    /// P.
    pub(crate) weight: Option<f64>,
    /// L.
    pub(crate) order: Option<f64>,
}

impl Nurbs {
    /// Begins at the tool's place, which is the first control point.
    pub(crate) fn new(start: Point) -> Self {
        Self {
            start,
            order: LEAST_ORDER,
            points: Vec::new(),
        }
    }

    /// Takes one line. The first may hold P alone, which is the weight of the start;
    /// else the start has the weight 1. An L of 3 or less changes nothing.
    ///
    /// After a fault the NURBS is as before.
    pub(crate) fn add(&mut self, line: &NurbsLine) -> Result<(), SplineFault> {
        let (points, order) = self.check(line)?;
        self.points.extend(points.into_iter().flatten());
        if order > LEAST_ORDER {
            self.order = order;
        }
        Ok(())
    }

    /// What [`Nurbs::add`] would add: control points, and the order.
    pub(crate) fn check(&self, line: &NurbsLine) -> Result<(Added, usize), SplineFault> {
        let order = match line.order {
            Some(l) => order(l)?,
            None => LEAST_ORDER,
        };
        let first = self.points.is_empty();
        if let [Some(x), Some(y)] = line.target {
            check_range(&[self.start, Point::new(x, y)])?;
        }
        let weight = line.weight.filter(|w| *w > 0.0 && w.is_finite());
        let points = match (line.target, weight) {
            ([Some(x), Some(y)], Some(w)) => [
                first.then_some((self.start, 1.0)),
                Some((Point::new(x, y), w)),
            ],
            // LinuxCNC lets the first line lack P and then computes with -1.
            ([Some(_), Some(_)], None) => return Err(SplineFault::Weight),
            ([None, None], w) if first => [Some((self.start, w.unwrap_or(1.0))), None],
            ([None, None], Some(_)) => return Err(SplineFault::LateWeight),
            ([None, None], None) => return Err(SplineFault::Weight),
            _ => return Err(SplineFault::Axes),
        };
        Ok((points, order))
    }

    /// What it takes to fit the whole: its points by the square of its order.
    pub(crate) const fn work(&self) -> u64 {
        (self.points.len() * self.order * self.order) as u64
    }

    /// G5.3: appends the curve as (end point, bulge), within `tolerance` mm, in some
    /// `most` pieces or less. The result is where it ends.
    ///
    /// # Complexity
    /// O(n k³) for n control points and order k, beside the fit.
    pub(crate) fn finish(
        &self,
        tolerance: f64,
        most: usize,
        out: &mut Vec<(Point, f64)>,
    ) -> Result<Point, SplineFault> {
        let Some(&(end, _)) = self.points.last() else {
            return Err(SplineFault::TooFewPoints);
        };
        if self.points.len() < self.order {
            return Err(SplineFault::TooFewPoints);
        }
        let mut span = Vec::with_capacity(self.order);
        for first in 0..=self.points.len() - self.order {
            if out.len() > most {
                return Err(SplineFault::TooMany);
            }
            self.bezier_points(first, &mut span);
            // Control points may repeat; a span of no length is no move.
            let place = span[0].0;
            if span.iter().any(|&(p, _)| p != place) {
                fit_rational(&span, tolerance, out);
            }
        }
        Ok(end)
    }

    /// The control points of the span between the knots `first` and `first` + 1 as a
    /// rational Bézier curve.
    fn bezier_points(&self, first: usize, span: &mut Vec<(Point, f64)>) {
        let degree = self.order - 1;
        let last = self.points.len() - self.order + 1;
        // The knot vector from the first knot that bears on this span.
        let knot = |i: usize| (first + i).saturating_sub(degree).min(last) as f64;
        let (low, high) = (first as f64, (first + 1) as f64);
        span.clear();
        for ones in 0..=degree {
            // De Boor's triangle with `ones` arguments at the span's end, the rest at
            // its start.
            let mut row: [(Point, f64); MAX_ORDER] = [(Point::default(), 0.0); MAX_ORDER];
            for (slot, &(p, w)) in row.iter_mut().zip(&self.points[first..=first + degree]) {
                *slot = (p * w, w);
            }
            for round in 1..=degree {
                let at = if round <= ones { high } else { low };
                for i in 0..=degree - round {
                    let (a, b) = (knot(i + round), knot(i + degree + 1));
                    let t = (at - a) / (b - a);
                    let ((p, w), (q, v)) = (row[i], row[i + 1]);
                    row[i] = (p.lerp(q, t), w + (v - w) * t);
                }
            }
            let (p, w) = row[0];
            span.push((p * (1.0 / w), w));
        }
        // The ends of the whole are control points: free of rounding.
        if let (0, Some(slot)) = (first, span.first_mut()) {
            slot.0 = self.points[0].0;
        }
        let end = self.points[self.points.len() - 1].0;
        if let (true, Some(slot)) = (first + 1 == last, span.last_mut()) {
            slot.0 = end;
        }
    }
}

fn order(l: f64) -> Result<usize, SplineFault> {
    let whole = l.round();
    if (l - whole).abs() <= 1e-4 && (0.0..=MAX_ORDER as f64).contains(&whole) {
        Ok(whole as usize)
    } else {
        Err(SplineFault::Order)
    }
}

#[cfg(test)]
mod tests;
