//! What of a toolpath is a raster, as rows of pieces.
//!
//! A raster is a run of paths whose burned lines are all parallel, in at least two rows,
//! with power that changes along them or white that is skipped by rapids. Its rows may be
//! paths of their own, several paths each, or one path all together, joined by dark moves.
//!
//! # Words
//! - *line*: moves without a travel or a corner in between.
//! - *piece*: what is burned of a row without white of the length of the gap in it.
//! - *sheet*: rows of one operation that go on to one side. A raster that is burned twice
//!   has two.

use crate::geom::{Point, Point3, distance_to};
use crate::motion::{Rate, SpindleMode};
use crate::toolpath::{Approach, Attributes, Path, Role, Segment, Step, Toolpath};
use std::ops::Range;

/// A segment of a raster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) from: Point3,
    pub(super) segment: Segment,
    pub(super) dark: bool,
    /// A rapid leads to it.
    pub(super) jump: bool,
}

/// A row: what it burns, and the dark moves on its line before and after that.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Ranges of moves, each from one that burns to one that does.
    pub(super) pieces: Vec<Range<usize>>,
    pub(super) lead_in: Range<usize>,
    pub(super) lead_out: Range<usize>,
    /// Where it lies across the rows, mm.
    pub(super) offset: f64,
    /// Whether it is run along [`Raster::way`], not against it.
    forward: bool,
}

/// Rows of one operation that go on to one side, and the moves between them.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) moves: Range<usize>,
    pub(super) rows: Vec<Row>,
}

/// A raster.
#[derive(Clone, Debug)]
pub(super) struct Raster {
    /// The steps that it is.
    pub(super) steps: Range<usize>,
    pub(super) moves: Vec<Move>,
    /// The direction of its rows, of length 1.
    pub(super) way: Point,
    pub(super) sheets: Vec<Sheet>,
}

/// The rasters among the steps of a region. White shorter than `gap` mm is part of a piece.
///
/// # Complexity
/// O(segments).
pub(super) fn rasters(
    toolpath: &Toolpath,
    region: Range<usize>,
    gap: f64,
    slack: f64,
) -> Vec<Raster> {
    let mut out = Vec::new();
    let mut open: Option<Run> = None;
    for step in region {
        let path = candidate(toolpath, &toolpath.steps()[step], slack);
        let taken = match (&mut open, &path) {
            (Some(run), Some(path)) => run.take(path, slack),
            _ => false,
        };
        if taken {
            continue;
        }
        out.extend(open.take().and_then(|run| run.close(toolpath, gap, slack)));
        open = path.and_then(|path| Run::new(step, &path, slack));
    }
    out.extend(open.and_then(|run| run.close(toolpath, gap, slack)));
    out
}

/// A path that may be part of a raster.
struct Candidate {
    moves: Vec<Move>,
    /// Its moves that burn, in straight stretches.
    burned: Vec<Range<usize>>,
    /// The engraved area of a drawing that it is a line of.
    area: Option<u32>,
}

fn candidate(toolpath: &Toolpath, step: &Step, slack: f64) -> Option<Candidate> {
    let path = step.as_path()?;
    let moves: Vec<Move> = toolpath
        .with_starts(path)
        .enumerate()
        .map(|(i, (from, s))| Move {
            from,
            segment: *s,
            dark: toolpath.attributes().get(s.attr).role == Role::Dark,
            jump: i == 0,
        })
        .collect();
    let flat = |m: &Move| {
        let a = toolpath.attributes().get(m.segment.attr);
        // Without a beam that S 0 makes dark, there are no dark moves.
        let lit = m.dark || a.power > 0.0 && a.spindle != SpindleMode::Off;
        let runs = lit && matches!(a.rate, Rate::Feed(v) if v > 0.0);
        let level = m.segment.end.z.total_cmp(&path.start.z).is_eq();
        runs && level && m.segment.bulge == 0.0 && m.segment.filament == 0.0
    };
    let plain = may_change(path) && moves.iter().all(flat);
    // What is rigid without a dark move is so for another reason.
    if !plain || path.rigid && !moves.iter().any(|m| m.dark) {
        return None;
    }
    let burned = burned(&moves, slack)?;
    Some(Candidate {
        moves,
        burned,
        area: path.raster,
    })
}

fn may_change(path: &Path) -> bool {
    let known = path.origin.is_some() || path.raster.is_some();
    let dwells = path.entry_dwell > 0.0 || path.exit_dwell > 0.0;
    let stays = path.pinned || path.lifts || dwells || path.ring.is_some();
    known && !stays && path.approach == Approach::Rapid && !path.segments.is_empty()
}

/// The straight stretches that are burned without a dark move in between. `None` when what
/// is between corners is not straight.
fn burned(moves: &[Move], slack: f64) -> Option<Vec<Range<usize>>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (i, m) in moves.iter().enumerate().filter(|(_, m)| !m.dark) {
        let (from, to) = (m.from.xy(), m.segment.end.xy());
        let goes_on = |line: &Range<usize>| {
            let start = moves[line.start].from.xy();
            let ahead = (from - start).dot(to - from) >= 0.0;
            line.end == i && ahead && distance_to(start, to, 0.0, from) <= slack
        };
        match out.last_mut() {
            Some(line) if goes_on(&*line) => line.end = i + 1,
            _ => out.push(i..i + 1),
        }
    }
    let straight = |line: &Range<usize>| {
        let (a, b) = ends(&moves[line.clone()]);
        let near = |m: &Move| distance_to(a, b, 0.0, m.segment.end.xy()) <= slack;
        moves[line.clone()].iter().all(near)
    };
    out.iter().all(straight).then_some(out)
}

fn ends(moves: &[Move]) -> (Point, Point) {
    match (moves.first(), moves.last()) {
        (Some(a), Some(b)) => (a.from.xy(), b.segment.end.xy()),
        _ => (Point::default(), Point::default()),
    }
}

/// Paths whose burned lines are parallel.
struct Run {
    steps: Range<usize>,
    moves: Vec<Move>,
    area: Option<u32>,
    /// The longest straight stretch that is burned.
    longest: Point,
}

impl Run {
    /// A run that begins with a path.
    fn new(step: usize, path: &Candidate, slack: f64) -> Option<Self> {
        let mut run = Self {
            steps: step..step,
            moves: Vec::new(),
            area: path.area,
            longest: Point::default(),
        };
        run.take(path, slack).then_some(run)
    }

    /// Adds the next path if what it burns is parallel; gives whether.
    fn take(&mut self, path: &Candidate, slack: f64) -> bool {
        let height = |moves: &[Move]| moves.first().map(|m| m.from.z.to_bits());
        let same_height = self.moves.is_empty() || height(&self.moves) == height(&path.moves);
        if path.area != self.area || !same_height {
            return false;
        }
        let mut longest = self.longest;
        for line in &path.burned {
            let (a, b) = ends(&path.moves[line.clone()]);
            let way = b - a;
            let (short, long) = if way.norm() < longest.norm() {
                (way, longest)
            } else {
                (longest, way)
            };
            if way.norm() <= slack || short.cross(long).abs() > slack * long.norm() {
                return false;
            }
            longest = long;
        }
        self.longest = longest;
        self.moves.extend_from_slice(&path.moves);
        self.steps.end += 1;
        true
    }

    /// The raster that it is, if it is one.
    fn close(self, toolpath: &Toolpath, gap: f64, slack: f64) -> Option<Raster> {
        let length = self.longest.norm();
        if length == 0.0 {
            return None;
        }
        let way = self.longest * (1.0 / length);
        let mut rows: Vec<Row> = Vec::new();
        let (mut skips, mut after_row) = (false, false);
        for line in self.lines(way, slack) {
            let moves = &self.moves[line.clone()];
            if moves.iter().all(|m| m.dark) {
                after_row = false;
                continue;
            }
            let row = row(&self.moves, &line, way, gap);
            match rows.last_mut() {
                Some(last) if after_row && follows(&self.moves, last, &row, way, slack) => {
                    skips = true;
                    join(&self.moves, last, row, gap);
                }
                _ => rows.push(row),
            }
            after_row = true;
        }
        let varies = self
            .moves
            .windows(2)
            .any(|w| w[0].segment.attr != w[1].segment.attr && !w[1].jump);
        if rows.len() < 2 || !(skips || varies || self.area.is_some()) {
            return None;
        }
        Some(Raster {
            steps: self.steps,
            sheets: sheets(toolpath, &self.moves, rows, slack),
            moves: self.moves,
            way,
        })
    }

    /// The moves cut into lines along `way`, one way each; moves in other directions are
    /// lines of their own.
    fn lines(&self, way: Point, slack: f64) -> Vec<Range<usize>> {
        let is_exact = way.x == 0.0 || way.y == 0.0;
        // Rounded ends turn a line the more the shorter it is.
        let turn = if is_exact {
            0.0
        } else {
            slack / self.longest.norm()
        };
        let mut out: Vec<Range<usize>> = Vec::new();
        // Which way the last line goes; 0 across.
        let mut last = 0_i8;
        for (i, m) in self.moves.iter().enumerate() {
            let (from, to) = (m.from.xy(), m.segment.end.xy());
            let along = way.dot(to - from);
            let on_line =
                |start: Point| way.cross(to - start).abs() <= slack + turn * start.distance(to);
            let side = match (from == to, on_line(from)) {
                (true, _) => last,
                (false, true) => along.signum() as i8,
                (false, false) => 0,
            };
            match out.last_mut() {
                Some(line)
                    if !m.jump
                        && side != 0
                        && side == last
                        && on_line(self.moves[line.start].from.xy()) =>
                {
                    line.end = i + 1;
                }
                _ => out.push(i..i + 1),
            }
            last = side;
        }
        out
    }
}

/// The row that a line is.
fn row(moves: &[Move], line: &Range<usize>, way: Point, gap: f64) -> Row {
    let (a, b) = ends(&moves[line.clone()]);
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for i in line.clone().filter(|i| !moves[*i].dark) {
        add(moves, &mut pieces, i..i + 1, gap);
    }
    let burned = pieces.first().map_or(line.end, |p| p.start);
    let done = pieces.last().map_or(line.end, |p| p.end);
    Row {
        pieces,
        lead_in: line.start..burned,
        lead_out: done..line.end,
        offset: way.cross(a),
        forward: way.dot(b - a) > 0.0,
    }
}

/// Adds what is burned to the last piece, or as one of its own beyond a gap.
fn add(moves: &[Move], pieces: &mut Vec<Range<usize>>, next: Range<usize>, gap: f64) {
    let begin = moves[next.start].from;
    match pieces.last_mut() {
        Some(last) if moves[last.end - 1].segment.end.distance(begin) < gap => {
            last.end = next.end;
        }
        _ => pieces.push(next),
    }
}

/// Whether `next` goes on where `row` was going, on the same line.
fn follows(moves: &[Move], row: &Row, next: &Row, way: Point, slack: f64) -> bool {
    let end = |r: &Row| moves[r.lead_out.end - 1].segment.end.xy();
    let sign = if row.forward { 1.0 } else { -1.0 };
    let ahead = sign * way.dot(moves[next.lead_in.start].from.xy() - end(row));
    row.forward == next.forward && (row.offset - next.offset).abs() <= slack && ahead >= -slack
}

/// Makes one row of two that follow each other.
fn join(moves: &[Move], row: &mut Row, next: Row, gap: f64) {
    for piece in next.pieces {
        add(moves, &mut row.pieces, piece, gap);
    }
    row.lead_out = next.lead_out;
}

/// Cuts rows where they turn back to the other side, and where the operation is another:
/// all but the power, which changes within rows.
fn sheets(toolpath: &Toolpath, moves: &[Move], rows: Vec<Row>, slack: f64) -> Vec<Sheet> {
    let operation = |row: &Row| {
        let first = row.pieces.first().map(|p| moves[p.start].segment.attr);
        first.map(|attr| Attributes {
            power: 0.0,
            ..*toolpath.attributes().get(attr)
        })
    };
    let mut out: Vec<Sheet> = Vec::new();
    let (mut side, mut last, mut done_as) = (0.0, 0.0, None);
    for row in rows {
        let now = operation(&row);
        let same = now == done_as;
        done_as = now;
        let step: f64 = row.offset - last;
        last = row.offset;
        let moved = if step.abs() <= slack {
            0.0
        } else {
            step.signum()
        };
        match out.last_mut() {
            Some(sheet) if same && side * moved >= 0.0 => {
                if side == 0.0 {
                    side = moved;
                }
                sheet.rows.push(row);
            }
            last => {
                let begin = match last {
                    Some(sheet) => {
                        sheet.moves.end = row.lead_in.start;
                        row.lead_in.start
                    }
                    None => 0,
                };
                side = 0.0;
                out.push(Sheet {
                    moves: begin..moves.len(),
                    rows: vec![row],
                });
            }
        }
    }
    out
}
