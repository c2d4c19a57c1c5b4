//! Which parts of overlapping strokes are left out.

use super::cluster::{Cluster, clusters};
use super::intervals::{rest, union};
use super::{Overlap, Piece, Stroke};
use crate::par;
use std::cmp::Ordering;

/// Gaps between covered parts that are no gaps, in distances: numbers are rounded.
const GAP: f64 = 1e-3;

/// A part of a piece that is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taken {
    /// The piece, by number.
    pub piece: u32,
    /// Where the part begins, as a share of the piece's length.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// What is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removal {
    /// The parts, by piece and place.
    pub taken: Vec<Taken>,
    /// How far a point that is left out is from what stays, at most, mm.
    pub apart_mm: f64,
}

/// Decides what to leave out so that all that the strokes draw is drawn, and as
/// little as possible twice. Every point that is left out lies within `distance` mm
/// of what stays. The parts come by piece and place.
///
/// Rather than make holes in several strokes, one is left out as a whole: first
/// strokes all of which others draw, the short and open ones before others, then
/// parts. Of what overlaps, fixed strokes stay as they are, then closed ones, then
/// long ones, then those that come first.
///
/// # Complexity
/// O(n log n) in the number of pieces and overlaps.
#[must_use]
pub fn remove(
    pieces: &[Piece],
    strokes: &[Stroke],
    overlaps: &[Overlap],
    distance: f64,
) -> Removal {
    let clusters = clusters(pieces.len(), strokes, overlaps);
    let done = par::map(&clusters, |_, c| {
        c.remove(pieces, strokes, overlaps, distance)
    });
    let mut all = Removal::default();
    for removal in done {
        all.taken.extend(removal.taken);
        all.apart_mm = all.apart_mm.max(removal.apart_mm);
    }
    all.taken
        .sort_unstable_by(|a, b| a.piece.cmp(&b.piece).then(a.from.total_cmp(&b.from)));
    all
}

impl Cluster {
    fn remove(
        &self,
        pieces: &[Piece],
        strokes: &[Stroke],
        overlaps: &[Overlap],
        distance: f64,
    ) -> Removal {
        // Pieces are numbered anew, stroke after stroke.
        let mut own = Vec::with_capacity(self.strokes.len());
        let mut global = Vec::new();
        for &k in &self.strokes {
            let stroke = &strokes[k as usize];
            let first = global.len() as u32;
            global.extend(stroke.pieces.clone());
            own.push(Stroke {
                pieces: first..global.len() as u32,
                ..stroke.clone()
            });
        }
        let near: Vec<Overlap> = self
            .overlaps
            .iter()
            .map(|&i| {
                let o = overlaps[i as usize];
                let local = |p: &u32| global.partition_point(|g| g < p) as u32;
                Overlap {
                    pieces: o.pieces.map(|p| local(&p)),
                    ..o
                }
            })
            .collect();
        let length = |&g: &u32| pieces[g as usize].length();
        let mut choice = Choice {
            lengths: global.iter().map(length).collect(),
            pieces: vec![Kept::Nothing; global.len()],
            near: Near::new(global.len(), &near),
            overlaps: &near,
            distance,
            gap: distance * GAP,
            apart: 0.0,
        };
        let mut taken = Vec::new();
        for k in choice.order(&own) {
            let stroke = &own[k as usize];
            let parts = if stroke.fixed {
                Vec::new()
            } else {
                choice.take_from(stroke)
            };
            choice.keep_all_but(stroke, &parts);
            taken.extend(parts.into_iter().map(|t| Taken {
                piece: global[t.piece as usize],
                ..t
            }));
        }
        Removal {
            taken,
            apart_mm: choice.apart,
        }
    }
}

/// For each piece its overlaps.
struct Near {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Near {
    fn new(pieces: usize, overlaps: &[Overlap]) -> Self {
        let mut first = vec![0_u32; pieces + 1];
        for i in overlaps.iter().flat_map(|o| o.pieces) {
            first[i as usize + 1] += 1;
        }
        for i in 0..pieces {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut list = vec![0; overlaps.len() * 2];
        for (k, o) in overlaps.iter().enumerate() {
            for i in o.pieces {
                list[next[i as usize] as usize] = k as u32;
                next[i as usize] += 1;
            }
        }
        Self { first, list }
    }

    fn of(&self, piece: u32) -> &[u32] {
        let i = piece as usize;
        &self.list[self.first[i] as usize..self.first[i + 1] as usize]
    }
}

/// What is known to stay of a piece.
#[derive(Clone, Debug)]
enum Kept {
    Nothing,
    All,
    Parts(Vec<[f64; 2]>),
}

struct Choice<'a> {
    /// mm.
    lengths: Vec<f64>,
    pieces: Vec<Kept>,
    near: Near,
    overlaps: &'a [Overlap],
    /// mm.
    distance: f64,
    /// mm.
    gap: f64,
    /// The farthest that what is left out is from what stays, so far, mm.
    apart: f64,
}

impl Choice<'_> {
    fn length(&self, stroke: &Stroke) -> f64 {
        let range = stroke.pieces.start as usize..stroke.pieces.end as usize;
        self.lengths[range].iter().sum()
    }

    /// The order in which strokes are kept; what the others draw anyway is last.
    fn order(&mut self, strokes: &[Stroke]) -> Vec<u32> {
        let lengths: Vec<f64> = strokes.iter().map(|s| self.length(s)).collect();
        let before = |a: u32, b: u32| -> Ordering {
            let (s, t) = (&strokes[a as usize], &strokes[b as usize]);
            (t.fixed, t.closed)
                .cmp(&(s.fixed, s.closed))
                .then(lengths[b as usize].total_cmp(&lengths[a as usize]))
                .then(a.cmp(&b))
        };
        let mut order: Vec<u32> = (0..strokes.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| before(a, b));
        // All strokes are there to begin with; those that can go do.
        self.pieces.fill(Kept::All);
        let mut last = vec![false; strokes.len()];
        for &k in order.iter().rev() {
            let stroke = &strokes[k as usize];
            if stroke.fixed || stroke.stays || stroke.pieces.is_empty() {
                continue;
            }
            let pieces = stroke.pieces.start as usize..stroke.pieces.end as usize;
            self.pieces[pieces.clone()].fill(Kept::Nothing);
            if self.is_covered(stroke) {
                last[k as usize] = true;
            } else {
                self.pieces[pieces].fill(Kept::All);
            }
        }
        self.pieces.fill(Kept::Nothing);
        order.sort_by_key(|&k| last[k as usize]);
        order
    }

    /// Whether other strokes draw all of it.
    fn is_covered(&self, stroke: &Stroke) -> bool {
        let mut any = false;
        let all = stroke.pieces.clone().all(|i| {
            if self.lengths[i as usize] <= self.gap {
                return true;
            }
            any = true;
            self.covered(i).0 == [[0.0, 1.0]]
        });
        all && any
    }

    /// The parts of a piece that lie on what is kept, and how far off, mm. What only
    /// reaches past the end of what is kept counts where it closes a gap or comes to
    /// an end of the piece, so that no crumbs are left.
    fn covered(&self, piece: u32) -> (Vec<[f64; 2]>, f64) {
        let length = self.lengths[piece as usize];
        let (mut parts, mut facing, mut apart) = (Vec::new(), Vec::new(), 0.0_f64);
        let mut add = |o: &Overlap, own: usize, core: [f64; 2], reach: [f64; 2]| {
            parts.push(reach);
            facing.push(core);
            apart = apart.max(o.apart(own, reach, length).min(self.distance));
        };
        for &k in self.near.of(piece) {
            let o = &self.overlaps[k as usize];
            let own = usize::from(o.pieces[1] == piece);
            match &self.pieces[o.pieces[1 - own] as usize] {
                Kept::Nothing => {}
                Kept::All => add(o, own, sorted(o.core[own]), o.reach[own]),
                Kept::Parts(kept) => {
                    for part in kept {
                        if let Some((core, reach)) = on_part(o, own, *part) {
                            add(o, own, core, reach);
                        }
                    }
                }
            }
        }
        let gap = self.gap / length;
        union(&mut parts, gap);
        union(&mut facing, gap);
        for part in &mut parts {
            let within = facing.partition_point(|f| f[0] < part[0] - gap);
            let beyond = facing.partition_point(|f| f[0] <= part[1] + gap);
            let (first, last) = (facing[within], facing[beyond - 1]);
            part[0] = if part[0] <= gap { 0.0 } else { first[0] };
            part[1] = if part[1] >= 1.0 - gap { 1.0 } else { last[1] };
        }
        (parts, apart)
    }

    /// What to take from a stroke.
    fn take_from(&mut self, stroke: &Stroke) -> Vec<Taken> {
        let mut parts: Vec<Taken> = Vec::new();
        let mut off = Vec::new();
        for piece in stroke.pieces.clone() {
            if self.lengths[piece as usize] <= self.gap {
                // A crumb goes with what is before it.
                if parts
                    .last()
                    .is_some_and(|p| p.piece + 1 == piece && p.to >= 1.0)
                {
                    parts.push(Taken {
                        piece,
                        from: 0.0,
                        to: 1.0,
                    });
                }
                continue;
            }
            let (covered, apart) = self.covered(piece);
            off.push((piece, apart));
            // It may go back along itself.
            self.pieces[piece as usize] = Kept::Parts(rest(&covered));
            parts.extend(
                covered
                    .into_iter()
                    .map(|[from, to]| Taken { piece, from, to }),
            );
        }
        let mut runs = runs(&parts, stroke);
        if let [run] = &runs[..]
            && run.len() == parts.len()
            && self.is_all(&parts, stroke)
        {
            runs.truncate(usize::from(!stroke.stays));
        } else {
            runs.retain(|run| self.is_worth(run, &parts, stroke));
        }
        let mut chosen: Vec<usize> = runs.into_iter().flatten().collect();
        chosen.sort_unstable();
        let chosen: Vec<Taken> = chosen.into_iter().map(|i| parts[i]).collect();
        for (piece, apart) in off {
            if chosen.binary_search_by(|t| t.piece.cmp(&piece)).is_ok() {
                self.apart = self.apart.max(apart);
            }
        }
        chosen
    }

    /// Whether a run is long enough to be taken.
    fn is_worth(&self, run: &[usize], parts: &[Taken], stroke: &Stroke) -> bool {
        let mm = |p: &Taken| (p.to - p.from) * self.lengths[p.piece as usize];
        let length: f64 = run.iter().map(|&i| mm(&parts[i])).sum();
        let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
            return false;
        };
        let (first, last) = (&parts[first], &parts[last]);
        let begins = first.piece == stroke.pieces.start && first.from <= 0.0;
        let ends = last.piece + 1 == stroke.pieces.end && last.to >= 1.0;
        let least = if !stroke.closed && (begins || ends) {
            stroke.least_end
        } else {
            stroke.least_hole
        };
        length >= least
    }

    /// Whether the parts are all there is.
    fn is_all(&self, parts: &[Taken], stroke: &Stroke) -> bool {
        let whole = parts.iter().filter(|p| p.from <= 0.0 && p.to >= 1.0);
        whole.count() == stroke.pieces.len()
    }

    fn keep_all_but(&mut self, stroke: &Stroke, taken: &[Taken]) {
        let mut taken = taken.iter().peekable();
        for i in stroke.pieces.clone() {
            let mut parts = Vec::new();
            while let Some(t) = taken.next_if(|t| t.piece == i) {
                parts.push([t.from, t.to]);
            }
            self.pieces[i as usize] = if parts.is_empty() {
                Kept::All
            } else {
                Kept::Parts(rest(&parts))
            };
        }
    }
}

fn sorted(part: [f64; 2]) -> [f64; 2] {
    [part[0].min(part[1]), part[0].max(part[1])]
}

/// The part of the overlap's piece `own` that faces the kept `part` of the other, and
/// what is within the distance of that.
fn on_part(o: &Overlap, own: usize, part: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
    let (mine, theirs) = (o.core[own], o.core[1 - own]);
    let [low, high] = sorted(theirs);
    let (from, to) = (part[0].max(low), part[1].min(high));
    if from >= to {
        return None;
    }
    let place = |t: f64| mine[0] + (t - theirs[0]) / (theirs[1] - theirs[0]) * (mine[1] - mine[0]);
    let core = sorted([place(from), place(to)]);
    let mut reach = core;
    // Past an end of the other piece that is kept.
    let turned = usize::from(place(low) > place(high));
    let kept = [part[0] <= low, part[1] >= high];
    if kept[turned] {
        reach[0] = reach[0].min(o.reach[own][0]);
    }
    if kept[1 - turned] {
        reach[1] = reach[1].max(o.reach[own][1]);
    }
    Some((core, reach))
}

/// The parts, by number, that follow each other without a gap; in a closed stroke
/// also across its start.
fn runs(parts: &[Taken], stroke: &Stroke) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let goes_on = i > 0
            && part.from <= 0.0
            && parts[i - 1].to >= 1.0
            && parts[i - 1].piece + 1 == part.piece;
        match runs.last_mut() {
            Some(run) if goes_on => run.push(i),
            _ => runs.push(vec![i]),
        }
    }
    if stroke.closed
        && runs.len() > 1
        && let (Some(first), Some(last)) = (parts.first(), parts.last())
        && (first.piece, last.piece + 1) == (stroke.pieces.start, stroke.pieces.end)
        && first.from <= 0.0
        && last.to >= 1.0
    {
        let first = runs.remove(0);
        if let Some(run) = runs.last_mut() {
            run.extend(first);
        }
    }
    runs
}
