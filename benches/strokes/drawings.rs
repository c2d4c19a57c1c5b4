//! Strokes as drawings have them, made from a seed: as many as are asked for.

use super::{BED, Random, open};
use std::f64::consts::TAU;
use trajet::algo::tour::{Problem, Stroke};
use trajet::geom::Point;

/// What is to be ordered.
#[derive(Default)]
pub(crate) struct Drawing {
    pub(crate) strokes: Vec<Stroke>,
    /// Start points of closed strokes, mm.
    pub(crate) starts: Vec<Point>,
    /// Pairs of strokes of which the first must come before the second.
    pub(crate) before: Vec<(u32, u32)>,
}

impl Drawing {
    pub(crate) fn of(strokes: Vec<Stroke>) -> Self {
        Self {
            strokes,
            ..Self::default()
        }
    }

    /// The drawing, with the head at the origin and no way back.
    pub(crate) fn problem(&self) -> Problem<'_> {
        Problem {
            strokes: &self.strokes,
            starts: &self.starts,
            start: Point::default(),
            end: None,
            before: &self.before,
            groups: &[],
        }
    }

    /// Adds a closed stroke with so many corners; gives its number.
    fn ring(&mut self, middle: Point, radius: f64, corners: usize) -> u32 {
        let begin = self.starts.len() as u32;
        self.starts.extend((0..corners).map(|i| {
            let angle = TAU * i as f64 / corners as f64;
            middle + Point::new(angle.cos(), angle.sin()) * radius
        }));
        self.strokes.push(Stroke::Closed {
            starts: begin..self.starts.len() as u32,
        });
        self.strokes.len() as u32 - 1
    }
}

/// How dark a picture is at a point, from 0.05 to 0.95: a few soft spots.
fn tone(p: Point) -> f64 {
    let wave = (p.x * TAU / 130.0).sin() * (p.y * TAU / 170.0).cos();
    0.5 + 0.45 * wave
}

/// Ticks as short as a dot, close together where the picture is dark.
pub(crate) fn dots(n: usize) -> Drawing {
    let mut r = Random(n as u64);
    let mut strokes = Vec::with_capacity(n);
    while strokes.len() < n {
        let p = Point::new(BED * r.next(), BED * r.next());
        if r.next() < tone(p) {
            strokes.push(open(p, p + Point::new(0.02, 0.0)));
        }
    }
    Drawing::of(strokes)
}

/// Streets between the crossings of a bent grid, in no order; some are missing, some
/// end in the middle of another.
pub(crate) fn streets(n: usize) -> Drawing {
    let mut r = Random(n as u64);
    // About 2.25 streets a crossing, some of which are left out in the end.
    let k = (n as f64 / 2.0).sqrt().ceil() as usize + 2;
    let step = BED / k as f64;
    let crossings: Vec<Point> = (0..k * k)
        .map(|i| {
            let (x, y) = ((i % k) as f64, (i / k) as f64);
            Point::new(x + r.between(0.2, 0.8), y + r.between(0.2, 0.8)) * step
        })
        .collect();
    let at = |x: usize, y: usize| crossings[y * k + x];
    let mut strokes = Vec::with_capacity(n);
    for y in 0..k - 1 {
        for x in 0..k - 1 {
            strokes.push(open(at(x, y), at(x + 1, y)));
            strokes.push(open(at(x, y), at(x, y + 1)));
            if r.next() < 0.25 {
                let far = at(x + 1, y + 1);
                strokes.push(open(at(x, y), (far + at(x + 1, y)) * 0.5));
            }
        }
    }
    for i in (1..strokes.len()).rev() {
        strokes.swap(i, r.below(i + 1));
    }
    strokes.truncate(n);
    Drawing::of(strokes)
}

/// Rows of short dashes, which carry over what they leave of the picture's tone.
pub(crate) fn dithered(n: usize) -> Drawing {
    let mut r = Random(n as u64);
    let columns = (2.0 * (n as f64).sqrt()).ceil() as usize;
    let pixel = BED / columns as f64;
    let mut strokes = Vec::with_capacity(n);
    for row in 0.. {
        if strokes.len() >= n {
            break;
        }
        let y = row as f64 * pixel;
        let mut owed = r.between(-0.5, 0.5);
        let mut begin = None;
        for column in 0..=columns {
            let x = column as f64 * pixel;
            owed += tone(Point::new(x, y));
            let dark = column < columns && owed > 0.5;
            if dark {
                owed -= 1.0;
                begin = begin.or(Some(x));
            } else if let Some(from) = begin.take() {
                strokes.push(open(Point::new(from, y), Point::new(x, y)));
            }
        }
    }
    strokes.truncate(n);
    Drawing::of(strokes)
}

/// Parts with four holes, half of which have an island: the inner first.
pub(crate) fn nested(n: usize) -> Drawing {
    let mut r = Random(n as u64);
    let columns = (n as f64 / 7.0).sqrt().ceil() as usize;
    let step = BED / columns as f64;
    let mut all = Drawing::default();
    for part in 0.. {
        let (x, y) = ((part % columns) as f64, (part / columns) as f64);
        let middle = Point::new(x + 0.5, y + 0.5) * step;
        let outline = all.ring(middle, step * r.between(0.4, 0.48), 6 + r.below(10));
        for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
            let middle = middle + Point::new(x, y) * (0.15 * step);
            let hole = all.ring(middle, step * r.between(0.07, 0.13), 4 + r.below(12));
            all.before.push((hole, outline));
            if r.next() < 0.5 {
                let island = all.ring(middle, step * 0.03, 4);
                all.before.push((island, hole));
            }
        }
        if all.strokes.len() >= n {
            break;
        }
    }
    // The last part may lack a hole or an island, which comes after what it is in.
    all.strokes.truncate(n);
    all.before.retain(|&(inner, _)| (inner as usize) < n);
    all
}
