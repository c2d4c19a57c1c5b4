//! Total length of the outlines of an original, by kurbo, apart from trajet.

use crate::original::{Area, Line, Original};
use kurbo::{ParamCurve, ParamCurveArclen, Point, Shape};
use resvg::usvg;

/// Length of all lines, mm, with what clip paths cut away and the edges they make.
pub fn length(original: &Original) -> f64 {
    original
        .lines
        .iter()
        .map(|l| line_length(original, l))
        .sum()
}

fn line_length(original: &Original, line: &Line) -> f64 {
    let Some(clip) = line.clip else {
        return line.path.segments().map(|s| s.arclen(1e-6)).sum();
    };
    // Where an edge and a clip lie on each other, the edge counts and the clip does not.
    let mut sum = inside_length(&line.path, |p| {
        around(p).any(|q| original.keeps(Some(clip), q))
    });
    let Some(rule) = line.fill else { return sum };
    // What is left of a fill has the edges of its clips too, where they lie in it.
    let fill = |p| around(p).all(|q| inside(&line.path, rule, q));
    let mut at = Some(clip);
    while let Some(c) = at {
        let clip = &original.clips[c];
        for (i, area) in clip.any.iter().enumerate() {
            sum += inside_length(&area.path, |p| {
                fill(p)
                    && original.keeps(clip.around, p)
                    && original.keeps(area.clip, p)
                    && !clip
                        .any
                        .iter()
                        .enumerate()
                        .any(|(j, other)| j != i && original.has(other, p))
            });
        }
        at = clip.around;
    }
    sum
}

/// Points right beside one, farther than what coordinates of 32 bits round off, mm.
fn around(p: Point) -> impl Iterator<Item = Point> {
    let by = 1e-4 + 2e-7 * p.x.abs().max(p.y.abs());
    [(by, by), (-by, by), (by, -by), (-by, -by)]
        .into_iter()
        .map(move |v| p + v)
}

/// Pieces into which a curve is cut to find where it passes a clip.
const PIECES: usize = 64;

/// Length of what `keep` keeps of a path.
fn inside_length(path: &kurbo::BezPath, keep: impl Fn(Point) -> bool) -> f64 {
    let mut sum = 0.0;
    for segment in path.segments() {
        let mut from = 0.0;
        let mut was = keep(segment.eval(0.0));
        for i in 1..=PIECES {
            let to = i as f64 / PIECES as f64;
            let is = keep(segment.eval(to));
            let piece = |a: f64, b: f64| segment.subsegment(a..b).arclen(1e-6);
            if was && is {
                sum += piece(from, to);
            } else if was != is {
                let (mut low, mut high) = (from, to);
                for _ in 0..24 {
                    let mid = 0.5 * (low + high);
                    if keep(segment.eval(mid)) == was {
                        low = mid;
                    } else {
                        high = mid;
                    }
                }
                sum += if was {
                    piece(from, low)
                } else {
                    piece(high, to)
                };
            }
            (from, was) = (to, is);
        }
    }
    sum
}

impl Original {
    fn keeps(&self, clip: Option<usize>, p: Point) -> bool {
        let mut at = clip;
        while let Some(c) = at {
            let clip = &self.clips[c];
            if !clip.any.iter().any(|area| self.has(area, p)) {
                return false;
            }
            at = clip.around;
        }
        true
    }

    fn has(&self, area: &Area, p: Point) -> bool {
        inside(&area.path, area.rule, p) && self.keeps(area.clip, p)
    }
}

fn inside(path: &kurbo::BezPath, rule: usvg::FillRule, p: Point) -> bool {
    let turns = path.winding(p);
    match rule {
        usvg::FillRule::NonZero => turns != 0,
        usvg::FillRule::EvenOdd => turns % 2 != 0,
    }
}
