//! Total length of the outlines of an original, by kurbo, apart from trajet.

use crate::original::{Area, Line, Original};
use kurbo::{BezPath, ParamCurve, ParamCurveArclen, PathSeg, Point, Rect, Shape};
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
        return sum(line.path.segments());
    };
    if original.leaves_whole(line) {
        return sum(line.path.segments());
    }
    let mut crossed = segments(&line.path);
    original.add_edges(Some(clip), &mut crossed);
    // Where an edge and a clip lie on each other, the edge counts and the clip does not.
    let mut total = sum(kept(&line.path, &crossed, |p| {
        around(p).any(|q| original.keeps(Some(clip), q))
            && line.fill.is_none_or(|rule| is_edge(&line.path, rule, p))
    }));
    let Some(rule) = line.fill else { return total };
    // What is left of a fill has the edges of its clips too, where they lie in it.
    let fill = |p| around(p).all(|q| inside(&line.path, rule, q));
    let mut at = Some(clip);
    while let Some(c) = at {
        let clip = &original.clips[c];
        for (i, area) in clip.any.iter().enumerate() {
            total += sum(kept(&area.path, &crossed, |p| {
                fill(p)
                    && is_edge(&area.path, area.rule, p)
                    && original.keeps(clip.around, p)
                    && original.keeps(area.clip, p)
                    && !clip
                        .any
                        .iter()
                        .enumerate()
                        .any(|(j, other)| j != i && original.has(other, p))
            }));
        }
        at = clip.around;
    }
    total
}

fn sum(segments: impl IntoIterator<Item = PathSeg>) -> f64 {
    segments.into_iter().map(|s| s.arclen(1e-6)).sum()
}

/// What of a path has its inside on one side and not on the other: what a clip leaves
/// of a fill is an area, without the lines that a path draws through its own inside.
pub fn edge(path: &BezPath, rule: usvg::FillRule) -> BezPath {
    let mut out = BezPath::new();
    for segment in kept(path, &segments(path), |p| is_edge(path, rule, p)) {
        out.move_to(segment.start());
        out.push(segment.as_path_el());
    }
    out
}

fn is_edge(path: &BezPath, rule: usvg::FillRule, p: Point) -> bool {
    around(p).any(|q| !inside(path, rule, q))
}

/// Points right beside one, farther than what coordinates of 32 bits round off, mm.
fn around(p: Point) -> impl Iterator<Item = Point> {
    let by = 1e-4 + 2e-7 * p.x.abs().max(p.y.abs());
    [(by, by), (-by, by), (by, -by), (-by, -by)]
        .into_iter()
        .map(move |v| p + v)
}

/// Segments with the boxes around them.
fn segments(path: &BezPath) -> Vec<(PathSeg, Rect)> {
    path.segments().map(|s| (s, s.bounding_box())).collect()
}

/// Pieces of a curve that are taken for lines to find what they cross.
const PIECES: usize = 64;

/// What `keep` keeps of a path, asked between the places where it meets `crossed`.
fn kept(path: &BezPath, crossed: &[(PathSeg, Rect)], keep: impl Fn(Point) -> bool) -> Vec<PathSeg> {
    let mut out = Vec::new();
    for segment in path.segments() {
        let pieces = match segment {
            PathSeg::Line(_) => 1,
            _ => PIECES,
        };
        let mut cuts = vec![0.0];
        for i in 0..pieces {
            let [from, to] = [i, i + 1].map(|k| k as f64 / pieces as f64);
            let chord = kurbo::Line::new(segment.eval(from), segment.eval(to));
            let near = chord.bounding_box().inflate(1e-6, 1e-6);
            for (other, _) in crossed.iter().filter(|(_, b)| b.overlaps(near)) {
                let met = other.intersect_line(chord);
                cuts.extend(met.iter().map(|m| from + (to - from) * m.line_t));
            }
            cuts.push(to);
        }
        cuts.sort_by(f64::total_cmp);
        for pair in cuts.windows(2).filter(|pair| pair[0] < pair[1]) {
            if keep(segment.eval(0.5 * (pair[0] + pair[1]))) {
                out.push(segment.subsegment(pair[0]..pair[1]));
            }
        }
    }
    out
}

impl Original {
    /// Adds the edges of a clip, and of all those around it and in it.
    fn add_edges(&self, clip: Option<usize>, to: &mut Vec<(PathSeg, Rect)>) {
        let mut at = clip;
        while let Some(c) = at {
            for area in &self.clips[c].any {
                to.extend(segments(&area.path));
                self.add_edges(area.clip, to);
            }
            at = self.clips[c].around;
        }
    }

    /// Whether its clip cuts nothing off a line: it then stays as it is drawn, with the
    /// lines through its own inside.
    pub fn leaves_whole(&self, line: &Line) -> bool {
        let mut crossed = segments(&line.path);
        self.add_edges(line.clip, &mut crossed);
        let inside = kept(&line.path, &crossed, |p| {
            around(p).all(|q| self.keeps(line.clip, q))
        });
        let lost = sum(line.path.segments()) - sum(inside);
        lost <= 1e-3
    }

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

fn inside(path: &BezPath, rule: usvg::FillRule, p: Point) -> bool {
    let turns = path.winding(p);
    match rule {
        usvg::FillRule::NonZero => turns != 0,
        usvg::FillRule::EvenOdd => turns % 2 != 0,
    }
}
