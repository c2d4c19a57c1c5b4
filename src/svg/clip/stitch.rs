//! Points that become one, and pieces strung together.

use super::seg::Seg;
use crate::geom::Point;
use std::collections::BTreeMap;

/// A piece of an edge, from vertex to vertex.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) seg: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Fractions of the edge at both ends; `from` above `to` runs it backward.
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Piece {
    pub(super) const fn reversed(self) -> Self {
        Self {
            seg: self.seg,
            start: self.end,
            end: self.start,
            from: self.to,
            to: self.from,
        }
    }
}

/// Points, of which no new one is nearer than `slack` mm to an old one.
pub(super) struct Snap {
    slack: f64,
    cells: BTreeMap<(i64, i64), Vec<u32>>,
    pub(super) points: Vec<Point>,
}

impl Snap {
    pub(super) const fn new(slack: f64) -> Self {
        Self {
            slack,
            cells: BTreeMap::new(),
            points: Vec::new(),
        }
    }

    /// The number of the point that `p` is taken for, a new one where none is near.
    pub(super) fn vertex(&mut self, p: Point) -> u32 {
        // Cells much larger than the slack: most points look at one only.
        let side = 16.0 * self.slack;
        let cell = |c: f64| (c / side).floor() as i64;
        let s = self.slack;
        for x in cell(p.x - s)..=cell(p.x + s) {
            for y in cell(p.y - s)..=cell(p.y + s) {
                let near = self.cells.get(&(x, y)).and_then(|list| {
                    let same = |&&v: &&u32| self.points[v as usize].distance(p) <= s;
                    list.iter().find(same)
                });
                if let Some(&v) = near {
                    return v;
                }
            }
        }
        let v = self.points.len() as u32;
        self.points.push(p);
        self.cells
            .entry((cell(p.x), cell(p.y)))
            .or_default()
            .push(v);
        v
    }
}

/// Strings pieces of the edges `all` together to rings; `None` where not as many
/// leave a vertex as come to it. Rings that meet at a vertex do not cross there.
///
/// # Complexity
/// O(n log n).
pub(super) fn loops(pieces: &[Piece], all: &[Seg]) -> Option<Vec<Vec<Piece>>> {
    // At each vertex, clockwise: the way out, or back, of each piece.
    let mut ends: Vec<End> = Vec::with_capacity(2 * pieces.len());
    for (i, p) in pieces.iter().enumerate() {
        let seg = &all[p.seg as usize];
        let sign = if p.to > p.from { 1.0 } else { -1.0 };
        for (vertex, leaves, way) in [
            (p.start, true, seg.tangent(p.from) * sign),
            (p.end, false, seg.tangent(p.to) * -sign),
        ] {
            ends.push(End {
                vertex,
                clockwise: -(way.y.atan2(way.x)),
                leaves,
                piece: i,
            });
        }
    }
    ends.sort_by(|a, b| {
        let by_angle = a.clockwise.total_cmp(&b.clockwise);
        a.vertex
            .cmp(&b.vertex)
            .then(by_angle)
            .then(a.piece.cmp(&b.piece))
    });
    let mut next = vec![usize::MAX; pieces.len()];
    let (mut coming, mut waiting) = (Vec::new(), Vec::new());
    for around in ends.chunk_by(|a, b| a.vertex == b.vertex) {
        // What is inside lies left of a piece that comes in, which is clockwise of
        // it: the next way out bounds the same wedge. As brackets, all around.
        for end in around {
            if !end.leaves {
                coming.push(end.piece);
            } else if let Some(piece) = coming.pop() {
                next[piece] = end.piece;
            } else {
                waiting.push(end.piece);
            }
        }
        if coming.len() != waiting.len() {
            return None;
        }
        for out in waiting.drain(..) {
            if let Some(piece) = coming.pop() {
                next[piece] = out;
            }
        }
    }
    let mut used = vec![false; pieces.len()];
    let mut rings = Vec::new();
    for first in 0..pieces.len() {
        let mut ring = Vec::new();
        let mut at = first;
        while !used[at] {
            used[at] = true;
            ring.push(pieces[at]);
            at = next[at];
        }
        if !ring.is_empty() {
            rings.push(ring);
        }
    }
    Some(rings)
}

/// One end of a piece at a vertex.
struct End {
    vertex: u32,
    /// Direction away from the vertex, the angle clockwise from the X axis, radians.
    clockwise: f64,
    leaves: bool,
    piece: usize,
}
