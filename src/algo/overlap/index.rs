//! Which pieces lie along which: each end of a piece is looked up among the pieces
//! that are as long or longer.

use super::pair::{GREATEST_SINE, Overlap, overlap};
use super::{Piece, Stroke};
use crate::geom::{Point, arc_center, bounds_of};
use crate::par;
use std::f64::consts::PI;

/// Longer pieces along which a piece is found to lie at most; of more, the longest.
const MOST: usize = 32;
/// Entries of one direction that are looked at for one end at most.
const MOST_SEEN: usize = 256;
/// Pieces that one thread looks up at a time.
const CHUNK: usize = 1024;

/// Finds all pairs of pieces of one group that lie along each other within `distance`
/// mm, in no order to rely on but always the same.
///
/// # Complexity
/// O(n log n) for pieces of like density; a piece adds the number of those that it
/// lies along and of those that cross near its ends.
#[must_use]
pub fn overlaps(pieces: &[Piece], strokes: &[Stroke], distance: f64) -> Vec<Overlap> {
    let mut stroke_of = vec![u32::MAX; pieces.len()];
    for (k, s) in strokes.iter().enumerate() {
        stroke_of[s.pieces.start as usize..s.pieces.end as usize].fill(k as u32);
    }
    let lengths: Vec<f64> = pieces.iter().map(Piece::length).collect();
    let index = Index::new(pieces, &lengths, distance);
    let found = par::map_chunks(&index.by_place(), CHUNK, |_, chunk| {
        let mut out = Vec::new();
        let mut near = Vec::new();
        for &i in chunk {
            let piece = &pieces[i as usize];
            near.clear();
            index.longer(i, piece, &mut near);
            // The longest first: of many copies, all know the one that is kept.
            near.sort_unstable_by(|&x, &y| index.rank(y).total_cmp(&index.rank(x)).then(x.cmp(&y)));
            near.dedup();
            let own = stroke_of[i as usize];
            let alone = strokes.get(own as usize).is_none_or(|s| s.stays);
            let along = near.iter().filter_map(|&j| {
                let same = own == stroke_of[j as usize];
                if same && alone {
                    return None;
                }
                overlap(pieces, [i.min(j), i.max(j)], same, distance)
            });
            out.extend(along.take(MOST));
        }
        out
    });
    found.into_iter().flatten().collect()
}

/// Where an entry is looked for: group, arcs apart from lines, length class, cell.
type Key = (u32, bool, i16, i32, i32);

/// One piece in one cell.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Number of the key.
    direction: u32,
    /// Distance from the cell's middle across the direction, mm; for arcs the
    /// curvature, 1/mm.
    offset: f64,
    piece: u32,
}

struct Index<'a> {
    lengths: &'a [f64],
    distance: f64,
    /// Sorted; each with the number of its first entry.
    cells: Vec<(Key, u32)>,
    entries: Vec<Entry>,
    /// Length classes that lines and arcs have.
    classes: [Vec<Class>; 2],
}

/// Pieces from 2^k to 2^(k+1) mm long.
#[derive(Clone, Copy, Debug)]
struct Class {
    k: i16,
    /// Side of its cells, mm.
    side: f64,
    /// Width of its directions, rad: within it the ends of a piece stay within some
    /// distances of its place.
    width: f64,
}

impl Class {
    /// What is shorter than the distance is of its class.
    fn of(length: f64, distance: f64) -> Self {
        let k = length.max(distance).log2().floor();
        let angle = (2.0 * distance / k.exp2()).min(GREATEST_SINE);
        Self {
            k: k as i16,
            side: (k + 1.0).exp2().max(4.0 * distance),
            width: PI / (PI / angle).floor(),
        }
    }

    fn cell(&self, v: f64) -> i32 {
        (v / self.side).floor() as i32
    }

    /// How far `p` is from the middle of a cell, across a direction, mm.
    fn offset(&self, p: Point, direction: u32, x: i32, y: i32) -> f64 {
        let middle = |c: i32| (f64::from(c) + 0.5) * self.side;
        let (sin, cos) = ((f64::from(direction) + 0.5) * self.width).sin_cos();
        (p - Point::new(middle(x), middle(y))).dot(Point::new(-sin, cos))
    }
}

impl<'a> Index<'a> {
    fn new(pieces: &[Piece], lengths: &'a [f64], distance: f64) -> Self {
        let mut index = Self {
            lengths,
            distance,
            cells: Vec::new(),
            entries: Vec::new(),
            classes: [Vec::new(), Vec::new()],
        };
        let made = par::map_chunks(pieces, CHUNK, |first, chunk| {
            let mut out = Vec::new();
            for (k, piece) in chunk.iter().enumerate() {
                index.enter(piece, (first + k) as u32, &mut out);
            }
            out
        });
        let mut all: Vec<(Key, Entry)> = made.into_iter().flatten().collect();
        all.sort_unstable_by(|(ka, a), (kb, b)| {
            (ka, a.direction)
                .cmp(&(kb, b.direction))
                .then(a.offset.total_cmp(&b.offset))
                .then(index.rank(b.piece).total_cmp(&index.rank(a.piece)))
                .then(a.piece.cmp(&b.piece))
        });
        for (i, (key, entry)) in all.iter().enumerate() {
            if index.cells.last().is_none_or(|(last, _)| last != key) {
                index.cells.push((*key, i as u32));
            }
            index.entries.push(*entry);
        }
        for (arc, classes) in index.classes.iter_mut().enumerate() {
            let of = index.cells.iter().filter(|(key, _)| key.1 == (arc == 1));
            let mut of: Vec<i16> = of.map(|(key, _)| key.2).collect();
            of.sort_unstable();
            of.dedup();
            // A length in the middle of the class, for rounding to be no matter.
            let class = |k| Class::of(1.5 * f64::from(k).exp2(), distance);
            *classes = of.into_iter().map(class).collect();
        }
        index
    }

    /// The pieces that can overlap others, neighbours near each other: what is looked
    /// up next is in the cache.
    fn by_place(&self) -> Vec<u32> {
        let mut seen = vec![false; self.lengths.len()];
        let pieces = self.entries.iter().map(|e| e.piece);
        pieces
            .filter(|&i| !std::mem::replace(&mut seen[i as usize], true))
            .collect()
    }

    /// What comes first among those that lie on each other, mm.
    fn rank(&self, piece: u32) -> f64 {
        self.lengths[piece as usize]
    }

    /// What has no length to speak of, and arcs of more than half a circle.
    fn is_left_out(&self, p: &Piece, length: f64) -> bool {
        let usable = p.from.is_finite() && p.to.is_finite() && p.bulge.abs() <= 1.0 + 1e-9;
        !usable || !length.is_finite() || length <= self.distance * 1e-3
    }

    fn enter(&self, piece: &Piece, i: u32, out: &mut Vec<(Key, Entry)>) {
        let length = self.lengths[i as usize];
        if self.is_left_out(piece, length) {
            return;
        }
        let (arc, class) = (piece.bulge != 0.0, Class::of(length, self.distance));
        let bounds = bounds_of(piece.from, piece.to, piece.bulge);
        let reach = 2.0 * self.distance;
        let (low, high) = (bounds.min, bounds.max);
        let direction = if arc {
            0
        } else {
            (angle(piece) / class.width) as u32
        };
        for x in class.cell(low.x - reach)..=class.cell(high.x + reach) {
            for y in class.cell(low.y - reach)..=class.cell(high.y + reach) {
                let offset = if arc {
                    curvature(piece)
                } else {
                    class.offset(piece.from.lerp(piece.to, 0.5), direction, x, y)
                };
                let entry = Entry {
                    direction,
                    offset,
                    piece: i,
                };
                out.push(((piece.group, arc, class.k, x, y), entry));
            }
        }
    }

    /// Adds the pieces that an end of piece `i` may lie on and that are longer, or as
    /// long and before it.
    fn longer(&self, i: u32, piece: &Piece, out: &mut Vec<u32>) {
        let length = self.lengths[i as usize];
        let arc = piece.bulge != 0.0;
        let own = Class::of(length, self.distance).k;
        let is_longer = |j: u32| {
            let other = self.lengths[j as usize];
            j != i && (other > length || other >= length && j < i)
        };
        let classes = &self.classes[usize::from(arc)];
        for class in classes.iter().filter(|c| c.k >= own) {
            for p in [piece.from, piece.to] {
                let (x, y) = (class.cell(p.x), class.cell(p.y));
                let entries = self.cell(&(piece.group, arc, class.k, x, y));
                if arc {
                    // The rise of an arc over a chord c is c²/8 times its curvature.
                    let slack = 16.0 * self.distance / (length * length) + 1e-9;
                    let at = curvature(piece);
                    take(entries, [at - slack, at + slack], &is_longer, out);
                } else if !entries.is_empty() {
                    let slack = (2.0 * self.distance / length).min(GREATEST_SINE).asin();
                    for run in directions(entries, angle(piece), slack, class.width) {
                        let here = class.offset(p, run[0].direction, x, y);
                        let reach = 6.0 * self.distance;
                        take(run, [here - reach, here + reach], &is_longer, out);
                    }
                }
            }
        }
    }

    fn cell(&self, key: &Key) -> &[Entry] {
        match self.cells.binary_search_by(|(k, _)| k.cmp(key)) {
            Ok(at) => {
                let end = self
                    .cells
                    .get(at + 1)
                    .map_or(self.entries.len(), |(_, e)| *e as usize);
                &self.entries[self.cells[at].1 as usize..end]
            }
            Err(_) => &[],
        }
    }
}

/// The runs of one direction among `entries` whose direction may be within `slack` of
/// the angle `at`, rad.
fn directions(
    entries: &[Entry],
    at: f64,
    slack: f64,
    width: f64,
) -> impl Iterator<Item = &[Entry]> {
    // Directions are a circle: 0 is next to half a turn.
    let ranges = [-PI, 0.0, PI].into_iter().filter_map(move |turn| {
        let low = ((at + turn - slack) / width).floor();
        let high = ((at + turn + slack) / width).floor();
        let first = entries.partition_point(|e| f64::from(e.direction) < low);
        let last = entries.partition_point(|e| f64::from(e.direction) <= high);
        (first < last).then(|| &entries[first..last])
    });
    ranges.flat_map(|range| range.chunk_by(|a, b| a.direction == b.direction))
}

/// Adds those of `entries`, sorted by offset, whose offset lies within `range`.
fn take(entries: &[Entry], range: [f64; 2], wanted: &impl Fn(u32) -> bool, out: &mut Vec<u32>) {
    let first = entries.partition_point(|e| e.offset < range[0]);
    let within = entries[first..].iter().take_while(|e| e.offset <= range[1]);
    out.extend(
        within
            .map(|e| e.piece)
            .filter(|&j| wanted(j))
            .take(MOST_SEEN),
    );
}

/// Direction of a line, whichever way it is run, rad from 0 to below half a turn.
fn angle(p: &Piece) -> f64 {
    let d = p.to - p.from;
    let a = d.y.atan2(d.x);
    let a = if a < 0.0 { a + PI } else { a };
    if a >= PI { 0.0 } else { a }
}

/// 1/mm; 0 for what is bent by rounding only.
fn curvature(p: &Piece) -> f64 {
    arc_center(p.from, p.to, p.bulge).map_or(0.0, |c| 1.0 / c.distance(p.from))
}
