use super::cross::meetings;
use super::groups::apart;
use super::mend::{Part, mend};
use super::region::{Region, inside, segs};
use super::seg::{Rect, Seg};
use super::split::{exact, spend};
use super::stitch::{Piece, Snap, loops};
use super::tree::Tree;
use crate::geom::Point;
use crate::svg::drawing::FillRule;
use crate::svg::outline::Run;

/// What is left of a fill.
#[derive(Debug, Default)]
pub(in crate::svg) struct Left {
    /// Closed outlines, and whether an edge of the region is part of each.
    pub(in crate::svg) runs: Vec<(Run, bool)>,
    /// Whether some outlines could not be cut, and are there whole.
    pub(in crate::svg) failed: bool,
}

/// How much is taken for one and the same point, as parts of the room given: the
/// least first, the next where that leaves edges that do not close.
const ROOM: [f64; 3] = [1e-5, 1e-3, 0.1];

/// How often the edges of one fill may meet: what bounds the memory.
const MEETINGS: usize = 1_000_000;

/// How far from pieces a result is tried, as a multiple of what is one point.
const BESIDE: f64 = 64.0;

/// The edge of what is both inside closed runs and inside a region.
///
/// Points within `room` mm of each other may become one; outlines come out within
/// `room` of the edges they are made of. Outlines that the region leaves alone are
/// as they were; others have the inside to their left. The rule holds for both.
/// Slivers less than `thin` mm wide are left out. `work` is how often edges may still
/// be looked at.
///
/// Edges are cut wherever they meet; a piece belongs to the result where the result
/// is on one of its sides only; pieces are strung together end to end.
///
/// # Complexity
/// O((n + k) log (n + m)) for n spans, and k edges of the region (of m) in their
/// box with the points where they meet.
pub(in crate::svg) fn area(
    runs: Vec<Run>,
    rule: FillRule,
    region: &Region,
    room: f64,
    thin: f64,
    work: &mut usize,
) -> Left {
    let mut left = Left::default();
    let mut sums = Vec::new();
    for (rect, group) in apart(runs) {
        if !region.has_edges(&rect, room) {
            let seen = region.contains(group[0].start, &mut sums);
            if seen {
                left.runs.extend(group.into_iter().map(|run| (run, false)));
            }
            continue;
        }
        let done = (*work > 0).then(|| Fill::new(&group, rule, &rect, region, room));
        let done = done.and_then(|fill| {
            ROOM.iter()
                .find_map(|part| fill.cut(exact(room * part, rect.reach()), thin, work))
        });
        match done {
            Some(Cut::Nothing) => left.runs.extend(group.into_iter().map(|run| (run, false))),
            Some(Cut::Some(keep)) => {
                let kept = group.into_iter().zip(keep).filter(|(_, keep)| *keep);
                left.runs.extend(kept.map(|(run, _)| (run, false)));
            }
            Some(Cut::New(list)) => {
                let most = group.iter().map(|r| r.deviation_mm);
                let most = most.fold(region.deviation_mm(), f64::max);
                left.runs.extend(list.into_iter().map(|(mut run, new)| {
                    run.deviation_mm += most;
                    (run, new)
                }));
            }
            None => {
                left.failed = true;
                left.runs.extend(group.into_iter().map(|run| (run, false)));
            }
        }
    }
    left
}

enum Cut {
    /// All of the fill is seen.
    Nothing,
    /// No edge of the region meets the fill: which of its runs are seen.
    Some(Vec<bool>),
    New(Vec<(Run, bool)>),
}

struct Fill<'a> {
    rule: FillRule,
    region: &'a Region,
    /// The fill's own edges.
    tree: Tree,
    /// First the fill's edges, run by run, then those of the region near to it.
    all: Vec<Seg>,
    index: Tree,
    own: usize,
    starts: Vec<Point>,
}

impl<'a> Fill<'a> {
    fn new(runs: &[Run], rule: FillRule, rect: &Rect, region: &'a Region, room: f64) -> Self {
        let contours: Vec<(Vec<Seg>, u32)> =
            runs.iter().map(|run| (segs(run).collect(), 0)).collect();
        let mut all: Vec<Seg> = contours.iter().flat_map(|(c, _)| c).copied().collect();
        let own = all.len();
        region.edges(rect, room, |edge| {
            all.push(*edge);
            true
        });
        Self {
            rule,
            region,
            tree: Tree::new(&contours),
            index: Tree::loose(all.iter().copied()),
            all,
            own,
            starts: runs.iter().map(|run| run.start).collect(),
        }
    }

    fn holds(&self, p: Point, sums: &mut Vec<(u32, i32)>) -> bool {
        self.tree.winding(p, sums);
        sums.first().is_some_and(|&(_, n)| inside(self.rule, n))
    }

    /// Cuts the fill with points nearer than `slack` mm taken for one; `None` where
    /// the pieces do not close.
    fn cut(&self, slack: f64, thin: f64, work: &mut usize) -> Option<Cut> {
        let mut sums = Vec::new();
        let (mut cuts, touched) = self.meetings(slack, work)?;
        if !touched {
            let own = &self.all[self.own..];
            let alone = own.iter().all(|edge| !self.holds(edge.from, &mut sums));
            if alone {
                let seen = |p: &Point| self.region.contains(*p, &mut sums);
                return Some(Cut::Some(self.starts.iter().map(seen).collect()));
            }
        }
        let mut snap = Snap::new(slack);
        // Ends first: where points become one, that one is an end of an edge.
        for seg in &self.all {
            let _ = (snap.vertex(seg.from), snap.vertex(seg.to));
        }
        self.cut_through(&mut cuts, &mut snap, slack, work)?;
        let pieces = pieces(&self.all, &cuts, &mut snap);
        let pieces = unique(&pieces, &self.all, slack);
        let mut parts = Vec::with_capacity(pieces.len());
        let mut nothing = true;
        for piece in &pieces {
            // Just farther than two pieces taken for one can be apart.
            let (sides, at) = self.sides(piece, 0.5, 1.5 * slack, &mut sums);
            let [l, r] = sides;
            nothing &= l.fill == l.seen && r.fill == r.seen;
            // There and back again, around nothing.
            nothing &= l.fill || r.fill || self.region.contains(at, &mut sums);
            parts.push(part(sides));
        }
        if nothing {
            return Some(Cut::Nothing);
        }
        let in_doubt = |piece: &Piece| {
            let first = part(self.sides(piece, 0.5, 1.5 * slack, &mut sums).0);
            [0.5, 0.1, 0.9].into_iter().any(|t| {
                [0.3, 1.5, 6.0]
                    .into_iter()
                    .any(|aside| part(self.sides(piece, t, aside * slack, &mut sums).0) != first)
            })
        };
        if !mend(&pieces, &mut parts, &snap.points, in_doubt) {
            return None;
        }
        let kept: Vec<Piece> = pieces
            .iter()
            .zip(parts)
            .filter_map(|(piece, part)| match part {
                Part::Out => None,
                Part::Forward => Some(*piece),
                Part::Backward => Some(piece.reversed()),
            })
            .collect();
        let mut new = Vec::new();
        for ring in loops(&kept, &self.all)? {
            let cut = ring.iter().any(|p| p.seg as usize >= self.own);
            new.push((run_of(&ring, &self.all, &snap, slack), cut));
        }
        if !self.is_right(&pieces, &new, slack) {
            return None;
        }
        new.retain(|(run, cut)| !cut || width(run) >= thin);
        Some(Cut::New(new))
    }

    /// Whether the outlines found say the same as the fill and the region, a little
    /// beside each piece.
    fn is_right(&self, pieces: &[Piece], found: &[(Run, bool)], slack: f64) -> bool {
        let contours: Vec<(Vec<Seg>, u32)> = found
            .iter()
            .map(|(run, _)| (segs(run).collect(), 0))
            .collect();
        let tree = Tree::new(&contours);
        let mut sums = Vec::new();
        pieces.iter().all(|piece| {
            [-BESIDE, BESIDE].into_iter().all(|aside| {
                let ([side, _], at) = self.sides(piece, 0.5, aside * slack, &mut sums);
                let seg = &self.all[piece.seg as usize];
                let t = 0.5 * (piece.from + piece.to);
                let p = at + seg.tangent(t).perp() * (aside * slack);
                let mut near = false;
                self.index.near(&Rect { min: p, max: p }, 8.0 * slack, |i| {
                    near = self.all[i].off(p) <= 8.0 * slack;
                    !near
                });
                tree.winding(p, &mut sums);
                let n = sums.first().map_or(0, |s| s.1);
                // Once, so that it holds by either rule.
                near || n == i32::from(side.seen)
            })
        })
    }

    /// What is to the left and to the right of a piece, `aside` mm from the point at
    /// `part` of its way; and that point.
    fn sides(
        &self,
        piece: &Piece,
        part: f64,
        aside: f64,
        sums: &mut Vec<(u32, i32)>,
    ) -> ([Side; 2], Point) {
        let seg = &self.all[piece.seg as usize];
        let t = piece.from + part * (piece.to - piece.from);
        let (at, side) = (seg.at(t), seg.tangent(t).perp() * aside);
        let sides = [at + side, at - side].map(|p| {
            let fill = self.holds(p, sums);
            let seen = fill && self.region.contains(p, sums);
            Side { fill, seen }
        });
        (sides, at)
    }

    /// Where edges meet: their numbers and fractions, in order; and whether the
    /// region meets the fill at all.
    /// `None` where the work does not reach.
    fn meetings(&self, slack: f64, work: &mut usize) -> Option<(Vec<(u32, f64)>, bool)> {
        let mut cuts = Vec::new();
        let mut touched = false;
        let mut reaches = spend(work, self.all.len());
        for (i, seg) in self.all.iter().enumerate() {
            self.index.near(&seg.rect(), slack, |j| {
                if j > i {
                    let before = cuts.len();
                    meetings(seg, &self.all[j], slack, |s, t| {
                        touched |= i < self.own && j >= self.own;
                        for (which, t) in [(i, s), (j, t)] {
                            if t > 0.0 && t < 1.0 {
                                cuts.push((which as u32, t));
                            }
                        }
                    });
                    // What is found is also kept, and looked at from both sides.
                    reaches &= spend(work, 1 + 16 * (cuts.len() - before));
                    reaches &= cuts.len() <= MEETINGS;
                }
                reaches
            });
            if !reaches {
                return None;
            }
        }
        Some((cuts, touched))
    }

    /// Adds the cuts of edges that run through the point where others meet, and puts
    /// all in order; `None` where the work does not reach.
    fn cut_through(
        &self,
        cuts: &mut Vec<(u32, f64)>,
        snap: &mut Snap,
        slack: f64,
        work: &mut usize,
    ) -> Option<()> {
        let ends = snap.points.len();
        for &(i, t) in cuts.iter() {
            let _ = snap.vertex(self.all[i as usize].at(t));
        }
        let mut reaches = true;
        for &p in &snap.points[ends..] {
            self.index.near(&Rect { min: p, max: p }, slack, |i| {
                reaches &= spend(work, 1);
                let seg = &self.all[i];
                let t = seg.fraction(p);
                if t > 0.0 && t < 1.0 && seg.off(p) <= slack {
                    cuts.push((i as u32, t));
                }
                reaches
            });
            if !reaches {
                return None;
            }
        }
        cuts.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Some(())
    }
}

/// What is beside an edge.
#[derive(Clone, Copy)]
struct Side {
    /// The fill.
    fill: bool,
    /// The fill, where the region lets it be seen.
    seen: bool,
}

/// How a piece between two sides is part of the edge of what is seen.
const fn part([l, r]: [Side; 2]) -> Part {
    match (l.seen, r.seen) {
        (true, false) => Part::Forward,
        (false, true) => Part::Backward,
        _ => Part::Out,
    }
}

/// All edges in pieces between the points where they meet.
fn pieces(all: &[Seg], cuts: &[(u32, f64)], snap: &mut Snap) -> Vec<Piece> {
    let ends: Vec<(u32, u32)> = all
        .iter()
        .map(|s| (snap.vertex(s.from), snap.vertex(s.to)))
        .collect();
    let mut list = Vec::with_capacity(all.len() + cuts.len());
    let mut cuts = cuts.iter().peekable();
    for (i, seg) in all.iter().enumerate() {
        let (start, end) = ends[i];
        let mut last = (start, 0.0);
        let mut add = |v: u32, t: f64| {
            if v != last.0 {
                list.push(Piece {
                    seg: i as u32,
                    start: last.0,
                    end: v,
                    from: last.1,
                    to: t,
                });
                last = (v, t);
            }
        };
        while let Some((_, t)) = cuts.next_if(|c| c.0 as usize == i) {
            add(snap.vertex(seg.at(*t)), *t);
        }
        add(end, 1.0);
    }
    list
}

/// One of all pieces that lie on each other within `near` mm: the first.
fn unique(pieces: &[Piece], all: &[Seg], near: f64) -> Vec<Piece> {
    let ends = |p: &Piece| (p.start.min(p.end), p.start.max(p.end));
    let mut order: Vec<&Piece> = pieces.iter().collect();
    order.sort_by_key(|p| (ends(p), p.seg));
    let middle = |p: &Piece| all[p.seg as usize].at(0.5 * (p.from + p.to));
    let mut list: Vec<Piece> = Vec::with_capacity(pieces.len());
    for group in order.chunk_by(|a, b| ends(a) == ends(b)) {
        let begin = list.len();
        for &piece in group {
            let m = middle(piece);
            let same = |other: &Piece| middle(other).distance(m) <= near;
            if !list[begin..].iter().any(same) {
                list.push(*piece);
            }
        }
    }
    list
}

/// The run of a ring of pieces. Those of one edge that follow each other become one
/// span.
fn run_of(ring: &[Piece], all: &[Seg], snap: &Snap, slack: f64) -> Run {
    let follows = |a: &Piece, b: &Piece| a.seg == b.seg && a.to.total_cmp(&b.from).is_eq();
    let whole = |p: &Piece| (p.from - p.to).abs() >= 1.0;
    // To begin where one edge ends.
    let n = ring.len();
    let first = (0..n)
        .find(|&i| !follows(&ring[(i + n - 1) % n], &ring[i]))
        .unwrap_or(0);
    let mut joined: Vec<Piece> = Vec::new();
    for piece in (0..n).map(|i| ring[(first + i) % n]) {
        match joined.last_mut() {
            Some(last) if follows(last, &piece) => {
                last.to = piece.to;
                last.end = piece.end;
            }
            _ => joined.push(piece),
        }
    }
    let place = |v: u32| snap.points[v as usize];
    let start = joined
        .first()
        .map_or_else(Point::default, |p| place(p.start));
    let spans = joined.iter().map(|p| {
        let seg = &all[p.seg as usize];
        let bulge = match (whole(p), p.to > p.from) {
            (true, true) => seg.bulge,
            (true, false) => -seg.bulge,
            _ => seg.part(p.from, p.to),
        };
        crate::svg::drawing::Span {
            end: place(p.end),
            bulge,
        }
    });
    Run {
        start,
        spans: spans.collect(),
        closed: true,
        // Both ends of a piece may be moved, and a cut is as exact.
        deviation_mm: 2.0 * slack,
        ring: None,
    }
}

/// How wide a closed run is on average, mm.
fn width(run: &Run) -> f64 {
    let (mut twice, mut length) = (0.0, 0.0);
    for seg in segs(run) {
        let (a, b) = (seg.from - run.start, seg.to - run.start);
        let chord = seg.from.distance(seg.to);
        twice += a.cross(b) + segment_area(chord, seg.bulge) * 2.0;
        length += seg.length();
    }
    twice.abs() / length
}

/// Area between an arc and its chord, mm²; negative where it is run clockwise.
fn segment_area(chord: f64, bulge: f64) -> f64 {
    if bulge == 0.0 {
        return 0.0;
    }
    let sweep = crate::geom::sweep(bulge);
    let half = (sweep / 2.0).sin();
    let radius_squared = chord * chord / (4.0 * half * half);
    radius_squared * (sweep - sweep.sin()) / 2.0
}
