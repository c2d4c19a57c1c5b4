//! Roughing: the tool follows the contour, and on its way down clears each level
//! that it comes to, across to where the contour is next.

use super::{Fault, Piece, Pockets, Round, SAME, Stroke};
use crate::geom::Point;

/// Nearer than this to the end of a piece is at its end, mm.
const END: f64 = 1e-3;

/// Appends the strokes of roughing `pieces`, of which the first is the entry.
pub(super) fn rough(
    mut pieces: Vec<Piece>,
    pockets: Pockets,
    step: f64,
    escape: f64,
    limit: usize,
    out: &mut Vec<Stroke>,
) -> Result<(), Fault> {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last().copied()) else {
        return Err(Fault::Short);
    };
    let start = first.from;
    // Every level ends somewhere.
    if last.to.y < start.y {
        pieces.push(Piece {
            from: last.to,
            to: Point::new(last.to.x, start.y),
            round: None,
        });
    }
    let numbers = [step, escape, start.x, start.y, last.to.x, last.to.y];
    if !(step > 0.0 && escape >= 0.0 && numbers.iter().all(|v| v.abs() < 1e12)) {
        return Err(Fault::Range);
    }
    let mut tool = Tool {
        pieces: &pieces,
        at: start,
        step,
        escape,
        limit: limit.saturating_add(out.len()),
        out,
    };
    tool.run(pockets)
}

/// Where a way down along a piece ended.
enum Fall {
    /// The piece does not fall from here.
    Rises,
    /// At the level.
    Level,
    /// At the end of the piece, above the level.
    End,
}

struct Tool<'a> {
    pieces: &'a [Piece],
    at: Point,
    step: f64,
    escape: f64,
    limit: usize,
    out: &'a mut Vec<Stroke>,
}

impl Tool<'_> {
    fn run(&mut self, pockets: Pockets) -> Result<(), Fault> {
        let top = self.at.y;
        let mut i = 0;
        if pockets == Pockets::Only {
            while i < self.pieces.len() && !matches!(self.fall(i, f64::NEG_INFINITY)?, Fall::Rises)
            {
                i += 1;
            }
        }
        let mut level = top;
        while i < self.pieces.len() {
            level = self.next_level(level);
            match self.fall(i, level)? {
                Fall::Level => {
                    if self.clear(i)? {
                        level -= self.step;
                    } else {
                        i += 1;
                    }
                }
                Fall::End => i += 1,
                Fall::Rises if pockets == Pockets::None => {
                    for j in i..self.pieces.len() {
                        self.pass_over(j)?;
                    }
                    return Ok(());
                }
                Fall::Rises => {
                    while i < self.pieces.len() && self.rise(i)? {
                        i += 1;
                    }
                    // Pockets that are cut apart have their first level where they
                    // begin.
                    level = match pockets {
                        Pockets::Only => self.at.y,
                        _ => top,
                    };
                }
            }
        }
        Ok(())
    }

    /// The first level at or below the tool, from `level` down.
    fn next_level(&self, level: f64) -> f64 {
        let steps = ((level - self.at.y) / self.step).ceil();
        if steps > 0.0 {
            level - steps * self.step
        } else {
            level
        }
    }

    /// Down along piece `i`, to the level or to its end.
    fn fall(&mut self, i: usize, level: f64) -> Result<Fall, Fault> {
        let p = self.pieces[i];
        let Some(Round { center, ccw }) = p.round else {
            if p.from.y <= p.to.y {
                return Ok(Fall::Rises);
            }
            if level < p.to.y {
                self.down(i, p.to)?;
                return Ok(Fall::End);
            }
            let x = heights(&p, level)[0].unwrap_or(p.to.x);
            self.down(i, Point::new(x, level))?;
            return Ok(Fall::Level);
        };
        if self.at.distance(p.to) < END {
            return Ok(self.fallen(level));
        }
        let rises = if ccw {
            self.at.x > center.x
        } else {
            self.at.x <= center.x
        };
        if rises {
            return Ok(Fall::Rises);
        }
        let [first, last] = heights(&p, level);
        // The half of the circle that falls is in front at the bottom, behind at the top.
        let x = if ccw {
            last.filter(|x| *x <= center.x)
        } else {
            first.filter(|x| *x >= center.x)
        };
        match x {
            Some(x) => {
                self.down(i, Point::new(x, level))?;
                Ok(Fall::Level)
            }
            None => {
                self.down(i, p.to)?;
                Ok(self.fallen(level))
            }
        }
    }

    fn fallen(&self, level: f64) -> Fall {
        if (self.at.y - level).abs() <= SAME {
            Fall::Level
        } else {
            Fall::End
        }
    }

    /// Clears the level at which the tool stands on piece `i`; `false` where the
    /// next piece is there already.
    fn clear(&mut self, i: usize) -> Result<bool, Fault> {
        let from = self.at;
        for j in i..self.pieces.len() {
            let [first, last] = heights(&self.pieces[j], from.y);
            let Some(x) = (if j == i { last } else { first }) else {
                continue;
            };
            let distance = (x - from.x).abs();
            if distance < SAME {
                if j == i {
                    continue;
                }
                return Ok(false);
            }
            let scale = (distance / 2.0 / self.escape).min(1.0);
            let back = self.escape * scale;
            let to = Point::new(x, from.y);
            self.push(Stroke::Feed(to, None))?;
            self.push(Stroke::Rapid(to + Point::new(back, back)))?;
            self.push(Stroke::Rapid(from + Point::new(-back, back)))?;
            self.push(if i == 0 {
                Stroke::Rapid(from)
            } else {
                Stroke::Feed(from, None)
            })?;
            return Ok(true);
        }
        Ok(true)
    }

    /// Up along piece `i`; `false` where it falls from here.
    fn rise(&mut self, i: usize) -> Result<bool, Fault> {
        let p = self.pieces[i];
        match p.round {
            None if p.to.y < p.from.y => return Ok(false),
            Some(r) if !r.ccw && self.at.x > r.center.x => return Ok(false),
            Some(r) if r.ccw => {
                if self.at.x >= r.center.x {
                    self.along(i, top(&p, r))?;
                }
                return Ok(false);
            }
            _ => {}
        }
        self.along(i, p.to)?;
        Ok(true)
    }

    /// Up along piece `i` from the height of the tool on, across whatever is before.
    fn pass_over(&mut self, i: usize) -> Result<(), Fault> {
        let p = self.pieces[i];
        let [first, last] = heights(&p, self.at.y);
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(());
        };
        let (x, to) = match p.round {
            None if p.to.y < p.from.y => return Ok(()),
            None => (first, p.to),
            Some(r) if !r.ccw && last <= r.center.x => (last, p.to),
            Some(r) if r.ccw && first >= r.center.x => (first, top(&p, r)),
            Some(_) => return Ok(()),
        };
        self.at.x = x;
        self.push(Stroke::Feed(self.at, None))?;
        self.along(i, to)
    }

    /// Down along piece `i`: the entry is a rapid.
    fn down(&mut self, i: usize, to: Point) -> Result<(), Fault> {
        if i > 0 {
            return self.along(i, to);
        }
        let moved = self.at.distance(to) >= SAME;
        self.at = to;
        if moved {
            self.push(Stroke::Rapid(to))?;
        }
        Ok(())
    }

    fn along(&mut self, i: usize, to: Point) -> Result<(), Fault> {
        let round = self.pieces[i].round;
        let moved = self.at.distance(to);
        self.at = to;
        if moved < SAME || round.is_some() && moved < END {
            return Ok(());
        }
        self.push(Stroke::Feed(to, round))
    }

    fn push(&mut self, stroke: Stroke) -> Result<(), Fault> {
        if self.out.len() >= self.limit {
            return Err(Fault::TooMany);
        }
        self.out.push(stroke);
        Ok(())
    }
}

/// Where an arc over its centre is highest, or where it ends before.
fn top(p: &Piece, r: Round) -> Point {
    if p.to.x < r.center.x {
        let up = r.center.distance(p.from);
        Point::new(r.center.x, r.center.y + up)
    } else {
        p.to
    }
}

/// Where a piece is at a height: first and last along the contour.
fn heights(p: &Piece, y: f64) -> [Option<f64>; 2] {
    let Some(Round { center, ccw }) = p.round else {
        let (low, high) = (p.from.y.min(p.to.y), p.from.y.max(p.to.y));
        if y < low - SAME || y > high + SAME {
            return [None; 2];
        }
        if high - low < SAME {
            return [Some(p.from.x), Some(p.to.x)];
        }
        let x = p.from.x + (y - p.from.y) / (p.to.y - p.from.y) * (p.to.x - p.from.x);
        return [Some(x); 2];
    };
    let off = y - center.y;
    let radius = center.distance(p.from);
    let half2 = radius * radius - off * off;
    let upper = if ccw { off } else { -off };
    if half2 < -SAME || upper < -SAME {
        return [None; 2];
    }
    let half = half2.max(0.0).sqrt();
    let on = |x: f64| (p.to.x - SAME..=p.from.x + SAME).contains(&x);
    let [a, b] = [center.x + half, center.x - half].map(|x| on(x).then_some(x));
    [a.or(b), b.or(a)]
}
