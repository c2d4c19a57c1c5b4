//! A drawing as usvg resolves it, in outline mode: the edge of each fill and the
//! middle of each stroke, inside the clip paths around them. Images, masks and
//! filters have no outlines.

use crate::length;
use crate::pixels::{Frame, Picture};
use kurbo::{Affine, BezPath, CubicBez, ParamCurve, PathEl, PathSeg, Point, QuadBez};
use resvg::tiny_skia::{self, Mask, Transform};
use resvg::usvg;

/// usvg's tree, with each stroke of no width given one, which it would leave out.
pub fn resolve(
    text: &str,
    dpi: f64,
    fonts: std::sync::Arc<usvg::fontdb::Database>,
) -> Result<usvg::Tree, usvg::Error> {
    let options = usvg::Options {
        dpi: dpi as f32,
        font_family: crate::compare::SERIF.to_owned(),
        fontdb: fonts,
        // No file, no network.
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    // A colour behind the page is no outline, and no SVG.
    let text = with_width(text).replace("background-color", "no-background-color");
    usvg::Tree::from_str(&text, &options)
}

/// The text with each `stroke-width` of 0 changed to a hair.
fn with_width(text: &str) -> String {
    let name = "stroke-width";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = rest.split_at(at + name.len());
        out.push_str(before);
        let value = after.trim_start_matches([' ', '\n', '\t', ':', '=', '"', '\'']);
        let lead = after.len() - value.len();
        let digits = value
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(value.len());
        out.push_str(&after[..lead]);
        if lead > 0 && value[..digits].parse().is_ok_and(|w: f64| w == 0.0) {
            out.push_str("0.001");
        } else {
            out.push_str(&value[..digits]);
        }
        rest = &value[digits..];
    }
    out.push_str(rest);
    out
}

/// What is drawn of one path.
pub struct Line {
    /// In mm of the page from its top-left corner.
    pub path: BezPath,
    /// Whether it is the edge of a fill, and by which rule.
    pub fill: Option<usvg::FillRule>,
    /// The clip around it, as a place in [`Original::clips`].
    pub clip: Option<usize>,
}

/// Areas of which at least one is kept, and the clip around.
pub struct Clip {
    pub any: Vec<Area>,
    pub around: Option<usize>,
}

pub struct Area {
    pub path: BezPath,
    pub rule: usvg::FillRule,
    pub clip: Option<usize>,
}

#[derive(Default)]
pub struct Original {
    pub lines: Vec<Line>,
    pub clips: Vec<Clip>,
    pub paths: usize,
}

/// All that is drawn; `mm` is the size of one of usvg's pixels.
pub fn outlines(tree: &usvg::Tree, mm: f64) -> Original {
    let mut out = Original::default();
    out.group(tree.root(), Affine::scale(mm), None);
    out
}

impl Original {
    /// Recursive, as usvg's tree is bounded in depth. `map` is of what is around:
    /// the absolute transforms that usvg keeps lack that of a `use` of a symbol.
    fn group(&mut self, group: &usvg::Group, map: Affine, mut clip: Option<usize>) {
        // What is wholly transparent is left out by both.
        if group.opacity().get() <= 0.0 {
            return;
        }
        let map = map * affine(group.transform());
        if let Some(c) = group.clip_path() {
            clip = Some(self.clip(c, map, clip));
        }
        for child in group.children() {
            match child {
                usvg::Node::Group(g) => self.group(g, map, clip),
                usvg::Node::Path(p) => self.path(p, map, clip),
                usvg::Node::Text(t) => self.group(t.flattened(), map, clip),
                usvg::Node::Image(_) => {}
            }
        }
    }

    fn path(&mut self, path: &usvg::Path, map: Affine, clip: Option<usize>) {
        if !path.is_visible() {
            return;
        }
        self.paths += 1;
        let data = bez(path.data());
        if let Some(fill) = path.fill().filter(|f| f.opacity().get() > 0.0) {
            let mut path = closed(&data);
            path.apply_affine(map);
            self.lines.push(Line {
                path,
                fill: Some(fill.rule()),
                clip,
            });
        }
        if let Some(stroke) = path.stroke().filter(|s| s.opacity().get() > 0.0) {
            let mut path = match stroke.dasharray() {
                Some(dashes) => {
                    let dashes: Vec<f64> = dashes.iter().map(|d| f64::from(*d)).collect();
                    kurbo::dash(data.iter(), f64::from(stroke.dashoffset()), &dashes).collect()
                }
                None => data,
            };
            path.apply_affine(map);
            self.lines.push(Line {
                path,
                fill: None,
                clip,
            });
        }
    }

    fn clip(&mut self, clip: &usvg::ClipPath, map: Affine, around: Option<usize>) -> usize {
        let around = match clip.clip_path() {
            Some(c) => Some(self.clip(c, map, around)),
            None => around,
        };
        let mut any = Vec::new();
        self.areas(clip.root(), map * affine(clip.transform()), None, &mut any);
        self.clips.push(Clip { any, around });
        self.clips.len() - 1
    }

    fn areas(
        &mut self,
        group: &usvg::Group,
        map: Affine,
        clip: Option<usize>,
        any: &mut Vec<Area>,
    ) {
        for child in group.children() {
            match child {
                usvg::Node::Path(p) if p.is_visible() => {
                    let mut path = closed(&bez(p.data()));
                    path.apply_affine(map);
                    let rule = p.fill().map_or(usvg::FillRule::NonZero, |f| f.rule());
                    any.push(Area { path, rule, clip });
                }
                usvg::Node::Text(t) => self.areas(t.flattened(), map, clip, any),
                usvg::Node::Group(g) => {
                    let map = map * affine(g.transform());
                    let clip = match g.clip_path() {
                        Some(c) => Some(self.clip(c, map, clip)),
                        None => clip,
                    };
                    self.areas(g, map, clip, any);
                }
                _ => {}
            }
        }
    }

    /// The picture: lines through the masks of their clips, and around what a clip
    /// leaves of a fill.
    pub fn picture(&self, frame: &Frame) -> Picture {
        let mut masks: Vec<Option<Mask>> = Vec::with_capacity(self.clips.len());
        for clip in &self.clips {
            let mask = self.mask(clip, &masks, frame);
            masks.push(Some(mask));
        }
        let mut pixmap = frame.pixmap();
        let mut paint = tiny_skia::Paint::default();
        paint.set_color(tiny_skia::Color::BLACK);
        let stroke = tiny_skia::Stroke {
            width: frame.line as f32,
            ..tiny_skia::Stroke::default()
        };
        let mut cut = Vec::new();
        for line in &self.lines {
            let Some(path) = skia(&line.path, frame.scale) else {
                continue;
            };
            let mask = line.clip.and_then(|c| masks[c].as_ref());
            let drawn = match line
                .fill
                .filter(|_| mask.is_some() && !self.leaves_whole(line))
            {
                Some(rule) => skia(&length::edge(&line.path, rule), frame.scale),
                None => Some(path.clone()),
            };
            if let Some(drawn) = drawn {
                pixmap.stroke_path(&drawn, &paint, &stroke, Transform::identity(), mask);
            }
            if let (Some(mask), Some(rule)) = (mask, line.fill) {
                cut_edge(&path, rule, mask, frame, &mut cut);
            }
        }
        let mut picture = Picture::of(&pixmap, frame);
        for i in cut {
            picture.dark[i] = true;
        }
        picture
    }

    fn mask(&self, clip: &Clip, done: &[Option<Mask>], frame: &Frame) -> Mask {
        let mut sum = Mask::new(frame.width, frame.height).expect("a frame has an area");
        for area in &clip.any {
            let Some(path) = skia(&area.path, frame.scale) else {
                continue;
            };
            match area.clip.and_then(|c| done[c].as_ref()) {
                None => sum.fill_path(&path, skia_rule(area.rule), false, Transform::identity()),
                Some(inner) => {
                    let mut one = inner.clone();
                    one.intersect_path(&path, skia_rule(area.rule), false, Transform::identity());
                    for (a, b) in sum.data_mut().iter_mut().zip(one.data()) {
                        *a = (*a).max(*b);
                    }
                }
            }
        }
        if let Some(outer) = clip.around.and_then(|c| done[c].as_ref()) {
            for (a, b) in sum.data_mut().iter_mut().zip(outer.data()) {
                *a = (*a).min(*b);
            }
        }
        sum
    }
}

/// Pixels at the edge of what a clip leaves of a fill.
fn cut_edge(
    path: &tiny_skia::Path,
    rule: usvg::FillRule,
    mask: &Mask,
    frame: &Frame,
    out: &mut Vec<usize>,
) {
    let mut left = mask.clone();
    left.intersect_path(path, skia_rule(rule), false, Transform::identity());
    let (w, h, data) = (frame.width as usize, frame.height as usize, left.data());
    for y in 1..h.saturating_sub(1) {
        for x in 1..w.saturating_sub(1) {
            let i = y * w + x;
            let open = |j: usize| data[j] < 128;
            if data[i] >= 128 && (open(i - 1) || open(i + 1) || open(i - w) || open(i + w)) {
                out.push(i);
            }
        }
    }
}

fn affine(t: Transform) -> Affine {
    Affine::new([t.sx, t.ky, t.kx, t.sy, t.tx, t.ty].map(f64::from))
}

fn bez(path: &tiny_skia::Path) -> BezPath {
    use tiny_skia::PathSegment as S;
    let p = |q: tiny_skia::Point| Point::new(f64::from(q.x), f64::from(q.y));
    path.segments()
        .map(|s| match s {
            S::MoveTo(a) => PathEl::MoveTo(p(a)),
            S::LineTo(a) => PathEl::LineTo(p(a)),
            S::QuadTo(a, b) => PathEl::QuadTo(p(a), p(b)),
            S::CubicTo(a, b, c) => PathEl::CurveTo(p(a), p(b), p(c)),
            S::Close => PathEl::ClosePath,
        })
        .collect()
}

/// Each part of a path closed, but for lines there and back, which have nothing inside.
fn closed(path: &BezPath) -> BezPath {
    let mut out = BezPath::new();
    let mut part: Vec<PathEl> = Vec::new();
    let mut finish = |part: &mut Vec<PathEl>| {
        let curved = |el: &PathEl| !matches!(el, PathEl::MoveTo(_) | PathEl::LineTo(_));
        let mut points: Vec<Point> = part.iter().filter_map(PathEl::end_point).collect();
        points.extend(points.first().copied());
        points.dedup();
        if part.iter().any(curved) || points.len() > 3 {
            part.iter().for_each(|el| out.push(*el));
            out.close_path();
        }
        part.clear();
    };
    let mut start = Point::ZERO;
    for el in path.iter() {
        match el {
            PathEl::MoveTo(p) => {
                finish(&mut part);
                start = p;
            }
            PathEl::ClosePath => {
                finish(&mut part);
                part.push(PathEl::MoveTo(start));
                continue;
            }
            _ => {}
        }
        part.push(el);
    }
    finish(&mut part);
    out
}

/// A path in pixels, as lines: curves of a pixel or two are not drawn by all.
fn skia(path: &BezPath, scale: f64) -> Option<tiny_skia::Path> {
    let mut b = tiny_skia::PathBuilder::new();
    let p = |q: Point| ((q.x * scale) as f32, (q.y * scale) as f32);
    let mut at = Point::ZERO;
    let mut start = Point::ZERO;
    for el in path.iter() {
        let curve = match el {
            PathEl::MoveTo(q) => {
                let (x, y) = p(q);
                b.move_to(x, y);
                (at, start) = (q, q);
                continue;
            }
            PathEl::ClosePath => {
                b.close();
                at = start;
                continue;
            }
            PathEl::LineTo(q) => PathSeg::Line(kurbo::Line::new(at, q)),
            PathEl::QuadTo(c, q) => PathSeg::Quad(QuadBez::new(at, c, q)),
            PathEl::CurveTo(c, d, q) => PathSeg::Cubic(CubicBez::new(at, c, d, q)),
        };
        let count = pieces(&curve, scale);
        for i in 1..=count {
            let (x, y) = p(curve.eval(i as f64 / count as f64));
            b.line_to(x, y);
        }
        at = curve.end();
    }
    b.finish()
}

/// Into how many lines of even steps a curve is cut: the chord of a step is no farther
/// from the curve than an eighth of the second derivative times the step squared.
fn pieces(curve: &PathSeg, scale: f64) -> usize {
    let bend =
        |a: Point, b: Point, c: Point| (a.to_vec2() - 2.0 * b.to_vec2() + c.to_vec2()).hypot();
    let second = match curve {
        PathSeg::Line(_) => 0.0,
        PathSeg::Quad(q) => 2.0 * bend(q.p0, q.p1, q.p2),
        PathSeg::Cubic(c) => 6.0 * bend(c.p0, c.p1, c.p2).max(bend(c.p1, c.p2, c.p3)),
    };
    ((second * scale / (8.0 * FLAT)).sqrt().ceil().min(1e4) as usize).max(1)
}

/// How far lines may be from their curve, pixels.
const FLAT: f64 = 0.05;

fn skia_rule(rule: usvg::FillRule) -> tiny_skia::FillRule {
    match rule {
        usvg::FillRule::NonZero => tiny_skia::FillRule::Winding,
        usvg::FillRule::EvenOdd => tiny_skia::FillRule::EvenOdd,
    }
}
