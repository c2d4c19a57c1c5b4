//! An area filled with parallel lines.
//!
//! The edges are turned so that the rows lie level, and split where an arc turns from
//! up to down. A row then crosses each piece once at most, at a place that is
//! computed on the true line or arc; the crossings, sorted along the row, say by
//! their direction where the inside begins and ends.
//!
//! # Words
//! - *row*: one of the parallel lines, across the whole area.
//! - *line*: the part of a row that lies inside without a gap.
//! - *winding*: how many edges that go up, less those that go down, lie to the left.

use crate::error::{Error, ErrorKind, positive_mm};
use crate::geom::Point;

/// A line or an arc of the edge of an area. The edges of an area close: as many
/// end at a point as start there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Where it starts, mm.
    pub from: Point,
    /// Where it ends, mm.
    pub to: Point,
    /// tan(sweep / 4): 0 is a line, above 0 an arc counter-clockwise.
    pub bulge: f64,
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pattern {
    /// From row to row, mm.
    pub spacing: f64,
    /// Direction of the rows, counter-clockwise from the x axis, rad.
    pub angle: f64,
    /// Whether the inside is what lies inside an odd number of outlines, rather
    /// than what they go around in sum.
    pub even_odd: bool,
    /// Whether every other row is run backwards.
    pub bidirectional: bool,
}

/// One line of a hatch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Where it starts, mm.
    pub from: Point,
    /// Where it ends, mm.
    pub to: Point,
    /// Its row, from 0.
    pub row: u32,
}

/// The lines that fill an area, row after row, in the order and direction in which
/// they are run. The rows lie in the middle of strips as wide as the spacing, which
/// lie in the middle of the area; there is one at least. Lines and gaps shorter than
/// a hundredth of the spacing are left out. `budget` is how many edges the rows may
/// meet in all, and is reduced by those that they do: no more than half as many lines
/// come out.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] for a spacing that is no length;
/// [`ErrorKind::Limit`] when the rows meet more edges than allowed.
///
/// # Complexity
/// O(e log e + c log c) in the number of edges and of their crossings with rows.
pub fn hatch(edges: &[Edge], pattern: &Pattern, budget: &mut usize) -> Result<Vec<Line>, Error> {
    let spacing = positive_mm("the spacing of a hatch", pattern.spacing)?;
    let frame = Frame::new(pattern.angle);
    let mut pieces: Vec<Piece> = Vec::with_capacity(edges.len());
    for edge in edges {
        split(&frame.level(edge), &mut pieces);
    }
    pieces.sort_by(|a, b| a.low.total_cmp(&b.low));
    let low = pieces.first().map_or(0.0, |p| p.low);
    let high = pieces.iter().map(|p| p.high).fold(low, f64::max);
    let rows = ((high - low) / spacing).round().max(1.0);
    if !(rows <= *budget as f64 && rows <= f64::from(u32::MAX)) {
        return Err(too_many(spacing));
    }
    let first = f64::midpoint(low, high) - (rows - 1.0) / 2.0 * spacing;
    let mut pieces = pieces.into_iter().peekable();
    let mut active: Vec<Piece> = Vec::new();
    let mut crossings: Vec<(f64, i32)> = Vec::new();
    let mut lines = Vec::new();
    for row in 0..rows as u32 {
        let y = first + f64::from(row) * spacing;
        while let Some(piece) = pieces.next_if(|p| p.low <= y) {
            active.push(piece);
        }
        active.retain(|p| p.high > y);
        *budget = budget
            .checked_sub(active.len())
            .ok_or_else(|| too_many(spacing))?;
        crossings.clear();
        crossings.extend(active.iter().map(|p| (p.x_at(y), p.winding)));
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let begin = lines.len();
        let spans = inside(&crossings, pattern.even_odd, spacing / 100.0);
        lines.extend(spans.map(|(a, b)| Line {
            from: frame.back(Point::new(a, y)),
            to: frame.back(Point::new(b, y)),
            row,
        }));
        if pattern.bidirectional && row % 2 == 1 {
            lines[begin..].reverse();
            for line in &mut lines[begin..] {
                std::mem::swap(&mut line.from, &mut line.to);
            }
        }
    }
    Ok(lines)
}

fn too_many(spacing: f64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("a hatch of {spacing} mm has too many lines; give a larger spacing"),
    )
}

/// Where a row runs inside, given its crossings from left to right.
fn inside(
    crossings: &[(f64, i32)],
    even_odd: bool,
    least: f64,
) -> impl Iterator<Item = (f64, f64)> {
    let mut winding = 0;
    let mut from: Option<f64> = None;
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for &(x, direction) in crossings {
        winding += direction;
        let is_in = if even_odd {
            winding % 2 != 0
        } else {
            winding != 0
        };
        match (from, is_in) {
            (None, true) => from = Some(x),
            (Some(a), false) => {
                from = None;
                match spans.last_mut() {
                    Some(last) if a - last.1 < least => last.1 = x,
                    _ => spans.push((a, x)),
                }
            }
            _ => {}
        }
    }
    spans.into_iter().filter(move |(a, b)| b - a >= least)
}

/// The turn that makes rows level.
struct Frame {
    sin: f64,
    cos: f64,
}

impl Frame {
    fn new(angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { sin, cos }
    }

    fn turn(&self, p: Point) -> Point {
        let Self { sin, cos } = *self;
        Point::new(p.x * cos + p.y * sin, p.y * cos - p.x * sin)
    }

    fn level(&self, edge: &Edge) -> Edge {
        Edge {
            from: self.turn(edge.from),
            to: self.turn(edge.to),
            bulge: edge.bulge,
        }
    }

    fn back(&self, p: Point) -> Point {
        let Self { sin, cos } = *self;
        Point::new(p.x * cos - p.y * sin, p.x * sin + p.y * cos)
    }
}

/// A part of an edge on which y only grows or only falls.
#[derive(Clone, Copy, Debug)]
struct Piece {
    edge: Edge,
    /// The part of the edge, as [`Edge::at`] counts.
    part: [f64; 2],
    low: f64,
    high: f64,
    /// 1 when it goes up, -1 when it goes down.
    winding: i32,
}

impl Edge {
    /// The point at `s`, from -1 at the start to 1 at the end. With the chord's
    /// half `h`, its middle `m` and the bulge `b`, the arc is
    /// `m + (h s (1 + b²) + n b (1 - s²)) / (1 + b² s²)`, where `n` is `h` turned
    /// right: the tangent half-angle form of a circle, which is a line for `b` = 0.
    fn at(&self, s: f64) -> Point {
        let (m, h, b) = (self.middle(), self.half(), self.bulge);
        let n = Point::new(h.y, -h.x);
        let along = s * (1.0 + b * b) / (1.0 + b * b * s * s);
        let aside = b * (1.0 - s * s) / (1.0 + b * b * s * s);
        m + h * along + n * aside
    }

    fn middle(&self) -> Point {
        (self.from + self.to) * 0.5
    }

    fn half(&self) -> Point {
        (self.to - self.from) * 0.5
    }
}

/// Adds the pieces of an edge; level ones are never crossed.
fn split(edge: &Edge, out: &mut Vec<Piece>) {
    let mut turns = [-1.0, 1.0, 1.0, 1.0];
    let mut count = 1;
    if edge.bulge != 0.0 {
        // dy/ds = 0 where tan φ = h.y / n.y, φ from the arc's middle; t = tan(φ / 2).
        let h = edge.half();
        let n_y = -h.x;
        let t = if n_y >= 0.0 {
            h.y / (n_y + h.norm())
        } else {
            h.y / (n_y - h.norm())
        };
        let mut found = [t / edge.bulge, -1.0 / t / edge.bulge];
        found.sort_by(f64::total_cmp);
        for s in found {
            if s > -1.0 && s < 1.0 {
                turns[count] = s;
                count += 1;
            }
        }
    }
    let y = |s: f64| {
        if s <= -1.0 {
            edge.from.y
        } else if s >= 1.0 {
            edge.to.y
        } else {
            edge.at(s).y
        }
    };
    for part in turns.windows(2).take(count) {
        let (a, b) = (y(part[0]), y(part[1]));
        if (a - b).abs() > 0.0 {
            out.push(Piece {
                edge: *edge,
                part: [part[0], part[1]],
                low: a.min(b),
                high: a.max(b),
                winding: if a < b { 1 } else { -1 },
            });
        }
    }
}

impl Piece {
    /// Where it is at the height `y`, which lies between its ends.
    fn x_at(&self, y: f64) -> f64 {
        let Edge { from, to, bulge: b } = self.edge;
        if b == 0.0 {
            let t = (y - from.y) / (to.y - from.y);
            return from.x + (to.x - from.x) * t;
        }
        // y(s) = y as a quadratic in s, solved without cancellation.
        let h = self.edge.half();
        let (n_y, y) = (-h.x, y - self.edge.middle().y);
        let (p, q, r) = (y * b * b + n_y * b, -h.y * (1.0 + b * b), y - n_y * b);
        let root = (q * q - 4.0 * p * r).max(0.0).sqrt();
        let k = -0.5 * (q + root.copysign(q));
        let [low, high] = self.part;
        let off = |s: f64| (s - s.clamp(low, high)).abs();
        let (s, t) = (k / p, r / k);
        let s = if !s.is_finite() || off(t) < off(s) {
            t
        } else {
            s
        };
        let s = if s.is_finite() {
            s
        } else {
            f64::midpoint(low, high)
        };
        self.edge.at(s.clamp(low, high)).x
    }
}

#[cfg(test)]
mod tests;
