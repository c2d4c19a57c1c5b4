//! Where strokes meet others inside: at T-junctions and crossings.
//!
//! # How
//! The boxes of all pieces are packed into a tree along a Hilbert curve. Each end of an
//! open stroke (and, where crossings count, each corner) is looked up among the pieces
//! that it lies on, and each piece among those that it crosses. This runs in parallel.
//!
//! # Words
//! - *piece*, *stroke*: as in [`super::overlap`].
//! - *place*: a point of a stroke, at a share of the length of one of its pieces. The
//!   end of a piece is the start of the next one.
//!
//! # Limits
//! Pieces that lie along each other do not cross; [`super::overlap`] is for these.

mod meet;
mod tree;

use super::kd::Area;
use super::overlap::Piece;
use crate::geom::{Point, bounds_of, point_at};
use crate::par;
use std::ops::Range;
use tree::Tree;

/// A stroke whose pieces follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// Its pieces.
    pub pieces: Range<u32>,
    /// Whether it ends where it starts.
    pub closed: bool,
}

/// Where a stroke is to be cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The piece.
    pub piece: u32,
    /// The share of its length, from 0 to below 1.
    pub at: f64,
}

/// What counts as meeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meeting {
    /// An end of a stroke lies on the other one.
    #[default]
    Ends,
    /// They cross or share a corner, too.
    Crossings,
}

/// Places where strokes meet others, or themselves, inside, such that no part that is
/// cut off there is shorter than `touch` mm: in the order of pieces and shares. Pieces
/// of other groups do not meet. An end meets what is no farther from it than half of
/// `touch`, so that all that is cut at one place touches. A closed stroke that is met
/// only where it starts is not cut.
///
/// `None` when there are more than `most` of them.
///
/// # Complexity
/// O((n + k) log n) for n pieces with k pairs whose boxes meet.
#[must_use]
pub fn places(
    pieces: &[Piece],
    strokes: &[Stroke],
    meeting: Meeting,
    touch: f64,
    most: usize,
) -> Option<Vec<Place>> {
    let search = Search::new(pieces, strokes, meeting, touch);
    let numbers: Vec<u32> = (0..strokes.len() as u32).collect();
    let found = par::map(&numbers, |_, &stroke| search.of_stroke(stroke, most));
    let mut all: Vec<(u32, f64)> = Vec::new();
    for marks in found {
        let marks = marks?;
        if all.len() + marks.len() > most {
            return None;
        }
        all.extend(marks);
    }
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Some(search.apart(&all))
}

struct Search<'a> {
    pieces: &'a [Piece],
    strokes: &'a [Stroke],
    meeting: Meeting,
    touch: f64,
    tree: Tree,
    /// The stroke of each piece.
    owner: Vec<u32>,
    /// How far along its stroke each piece begins, mm; one more at the end.
    along: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(pieces: &'a [Piece], strokes: &'a [Stroke], meeting: Meeting, touch: f64) -> Self {
        let mut owner = vec![u32::MAX; pieces.len()];
        let mut along = vec![0.0; pieces.len() + 1];
        for (i, stroke) in strokes.iter().enumerate() {
            let mut mm = 0.0;
            for k in stroke.pieces.clone() {
                owner[k as usize] = i as u32;
                along[k as usize] = mm;
                mm += pieces[k as usize].length();
            }
        }
        let boxes: Vec<Area> = pieces.iter().map(area).collect();
        Self {
            pieces,
            strokes,
            meeting,
            touch,
            tree: Tree::new(&boxes),
            owner,
            along,
        }
    }

    /// How long a stroke is, mm.
    fn length(&self, stroke: &Stroke) -> f64 {
        let last = stroke.pieces.end as usize - 1;
        self.along[last] + self.pieces[last].length()
    }

    /// Where other strokes, and itself, are to be cut for this one: pieces and shares.
    /// `None` for more than `most`.
    fn of_stroke(&self, number: u32, most: usize) -> Option<Vec<(u32, f64)>> {
        let stroke = &self.strokes[number as usize];
        if stroke.pieces.is_empty() {
            return Some(Vec::new());
        }
        let (first, last) = (stroke.pieces.start, stroke.pieces.end - 1);
        let mut found = Vec::new();
        if !stroke.closed {
            let _ = self.point((first, 0.0), &mut found);
            let _ = self.point((last, 1.0), &mut found);
        }
        if self.meeting == Meeting::Crossings {
            for piece in stroke.pieces.clone() {
                if piece > first || stroke.closed {
                    self.corner(piece, &mut found);
                }
                self.crossings(piece, &mut found);
                if found.len() > most {
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Cuts what an end or corner of a stroke lies on; whether there was anything.
    fn point(&self, (own, at): (u32, f64), found: &mut Vec<(u32, f64)>) -> bool {
        let piece = &self.pieces[own as usize];
        let p = if at > 0.0 { piece.to } else { piece.from };
        let reach = self.touch / 2.0;
        let mut meets = false;
        self.tree.visit(&around(p, reach), |i| {
            let other = &self.pieces[i as usize];
            if other.group != piece.group {
                return;
            }
            let t = meet::share(other, p).clamp(0.0, 1.0);
            let near = point_at(other.from, other.to, other.bulge, t).distance(p) <= reach;
            if near && !self.is_same((own, at), (i, t)) {
                meets = true;
                found.push((i, t));
            }
        });
        meets
    }

    /// Cuts what a corner of a stroke lies on, and the stroke there.
    fn corner(&self, piece: u32, found: &mut Vec<(u32, f64)>) {
        if self.point((piece, 0.0), found) {
            found.push((piece, 0.0));
        }
    }

    /// Cuts a piece and those after it where they cross.
    fn crossings(&self, own: u32, found: &mut Vec<(u32, f64)>) {
        let piece = &self.pieces[own as usize];
        self.tree.visit(&area(piece), |i| {
            let other = &self.pieces[i as usize];
            if i <= own || other.group != piece.group {
                return;
            }
            for (t, u) in meet::crossings(piece, other) {
                if !self.is_same((own, t), (i, u)) {
                    found.push((own, t));
                    found.push((i, u));
                }
            }
        });
    }

    /// Whether two places are one of one stroke, or nearly.
    fn is_same(&self, a: (u32, f64), b: (u32, f64)) -> bool {
        let owner = |(piece, _): (u32, f64)| self.owner[piece as usize];
        if owner(a) != owner(b) {
            return false;
        }
        let stroke = &self.strokes[owner(a) as usize];
        let mm = |(piece, t): (u32, f64)| {
            self.along[piece as usize] + t * self.pieces[piece as usize].length()
        };
        let between = (mm(a) - mm(b)).abs();
        let round = if stroke.closed {
            self.length(stroke) - between
        } else {
            f64::INFINITY
        };
        between.min(round) <= 4.0 * self.touch
    }

    /// Of sorted pieces and shares those that leave no part too short: places that lie
    /// together are one, at a corner if there is one.
    fn apart(&self, all: &[(u32, f64)]) -> Vec<Place> {
        let mut out: Vec<Place> = Vec::new();
        for of_stroke in all.chunk_by(|a, b| self.owner[a.0 as usize] == self.owner[b.0 as usize]) {
            let stroke = &self.strokes[self.owner[of_stroke[0].0 as usize] as usize];
            let length = self.length(stroke);
            let mut places: Vec<(f64, Place)> = of_stroke
                .iter()
                .filter_map(|&(piece, t)| self.settled(stroke, piece, t))
                .collect();
            places.sort_by(|a, b| a.0.total_cmp(&b.0));
            let begin = out.len();
            let mut last = f64::NEG_INFINITY;
            for (mm, place) in places {
                let is_end = mm < self.touch || length - mm < self.touch;
                if is_end && !(stroke.closed && mm == 0.0) {
                    continue;
                }
                if mm - last < self.touch {
                    // A corner is the better place.
                    if place.at == 0.0
                        && let Some(there) = out.get_mut(begin..).and_then(<[Place]>::last_mut)
                    {
                        (*there, last) = (place, mm);
                    }
                    continue;
                }
                out.push(place);
                last = mm;
            }
            // Where a closed stroke starts it need not be cut if it is cut nowhere else.
            if let [Place { piece, at }] = out[begin..]
                && piece == stroke.pieces.start
                && at == 0.0
            {
                out.truncate(begin);
            }
        }
        out
    }

    /// A place, at the corner if that is near; and how far along its stroke, mm.
    fn settled(&self, stroke: &Stroke, piece: u32, t: f64) -> Option<(f64, Place)> {
        let length = self.pieces[piece as usize].length();
        let (mut piece, mut at) = (piece, t);
        if t * length < self.touch {
            at = 0.0;
        } else if (1.0 - t) * length < self.touch {
            (piece, at) = (piece + 1, 0.0);
        }
        if piece == stroke.pieces.end {
            // The end of a closed stroke is its start.
            piece = stroke.pieces.start;
            if !stroke.closed {
                return None;
            }
        }
        let mm = self.along[piece as usize] + at * self.pieces[piece as usize].length();
        Some((mm, Place { piece, at }))
    }
}

fn area(piece: &Piece) -> Area {
    let bounds = bounds_of(piece.from, piece.to, piece.bulge);
    Area {
        min: bounds.min.xy(),
        max: bounds.max.xy(),
    }
}

fn around(p: Point, reach: f64) -> Area {
    let off = Point::new(reach, reach);
    Area {
        min: p - off,
        max: p + off,
    }
}

#[cfg(test)]
mod tests;
