//! Path data and the steps that all shapes are made of, in user units.

#[cfg(feature = "text")]
use super::affine::Affine;
use super::affine::degrees;
use crate::geom::Point;
use crate::geom::fit::EllipseArc;
use svgtypes::{PathParser, PathSegment};

/// One step of a shape.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Move(Point),
    Line(Point),
    Quadratic(Point, Point),
    Cubic(Point, Point, Point),
    Arc(EllipseArc, Point),
    Close,
}

impl Step {
    /// The same step mapped.
    #[cfg(feature = "text")]
    pub(super) fn through(self, map: &Affine) -> Self {
        match self {
            Self::Move(p) => Self::Move(map.point(p)),
            Self::Line(p) => Self::Line(map.point(p)),
            Self::Quadratic(b, p) => Self::Quadratic(map.point(b), map.point(p)),
            Self::Cubic(b, c, p) => Self::Cubic(map.point(b), map.point(c), map.point(p)),
            Self::Arc(arc, p) => {
                let arc = EllipseArc {
                    center: map.point(arc.center),
                    u: map.vector(arc.u),
                    v: map.vector(arc.v),
                    ..arc
                };
                Self::Arc(arc, map.point(p))
            }
            Self::Close => Self::Close,
        }
    }
}

/// The steps of path data up to the first error, and that error.
pub(super) fn parse(data: &str) -> (Vec<Step>, Option<String>) {
    let mut pen = Pen::default();
    for segment in PathParser::from(data) {
        match segment {
            Ok(s) => pen.draw(s),
            Err(e) => return (pen.steps, Some(e.to_string())),
        }
    }
    (pen.steps, None)
}

#[derive(Default)]
struct Pen {
    steps: Vec<Step>,
    at: Point,
    start: Point,
    /// Last control point of the curve just drawn, for the smooth commands.
    control: Control,
}

#[derive(Clone, Copy, Default)]
enum Control {
    #[default]
    None,
    Cubic(Point),
    Quadratic(Point),
}

impl Pen {
    fn draw(&mut self, segment: PathSegment) {
        let origin = if segment.is_abs() {
            Point::default()
        } else {
            self.at
        };
        let to = |x, y| origin + Point::new(x, y);
        let control = std::mem::take(&mut self.control);
        match segment {
            PathSegment::MoveTo { x, y, .. } => {
                self.start = to(x, y);
                self.step(Step::Move(self.start), self.start);
            }
            PathSegment::LineTo { x, y, .. } => self.line(to(x, y)),
            PathSegment::HorizontalLineTo { x, .. } => {
                self.line(Point::new(origin.x + x, self.at.y))
            }
            PathSegment::VerticalLineTo { y, .. } => self.line(Point::new(self.at.x, origin.y + y)),
            PathSegment::CurveTo {
                x1,
                y1,
                x2,
                y2,
                x,
                y,
                ..
            } => self.cubic(to(x1, y1), to(x2, y2), to(x, y)),
            PathSegment::SmoothCurveTo { x2, y2, x, y, .. } => {
                let first = match control {
                    Control::Cubic(c) => self.at * 2.0 - c,
                    _ => self.at,
                };
                self.cubic(first, to(x2, y2), to(x, y));
            }
            PathSegment::Quadratic { x1, y1, x, y, .. } => self.quadratic(to(x1, y1), to(x, y)),
            PathSegment::SmoothQuadratic { x, y, .. } => {
                let middle = match control {
                    Control::Quadratic(c) => self.at * 2.0 - c,
                    _ => self.at,
                };
                self.quadratic(middle, to(x, y));
            }
            PathSegment::EllipticalArc {
                rx,
                ry,
                x_axis_rotation,
                large_arc,
                sweep,
                x,
                y,
                ..
            } => {
                let end = to(x, y);
                match arc(self.at, [rx, ry], x_axis_rotation, large_arc, sweep, end) {
                    Some(arc) => self.step(Step::Arc(arc, end), end),
                    None => self.line(end),
                }
            }
            PathSegment::ClosePath { .. } => self.step(Step::Close, self.start),
        }
    }

    fn line(&mut self, end: Point) {
        self.step(Step::Line(end), end);
    }

    fn cubic(&mut self, b: Point, c: Point, end: Point) {
        self.step(Step::Cubic(b, c, end), end);
        self.control = Control::Cubic(c);
    }

    fn quadratic(&mut self, b: Point, end: Point) {
        self.step(Step::Quadratic(b, end), end);
        self.control = Control::Quadratic(b);
    }

    fn step(&mut self, step: Step, end: Point) {
        self.steps.push(step);
        self.at = end;
    }
}

/// The ellipse of an arc command (SVG 2, B.2.4 and B.2.5); `None` where it is a line.
fn arc(
    from: Point,
    radii: [f64; 2],
    rotation: f64,
    large: bool,
    positive: bool,
    to: Point,
) -> Option<EllipseArc> {
    let [rx, ry] = radii.map(f64::abs);
    if rx <= 0.0 || ry <= 0.0 || from == to {
        return None;
    }
    let (sin, cos) = degrees(rotation);
    let half = (from - to) * 0.5;
    // In the ellipse's own axes, with its radii for units.
    let p = Point::new(
        (cos * half.x + sin * half.y) / rx,
        (cos * half.y - sin * half.x) / ry,
    );
    let squared = p.dot(p);
    // Radii too small to reach are grown until they do.
    let grow = squared.max(1.0).sqrt();
    let (rx, ry, p) = (rx * grow, ry * grow, p * (1.0 / grow));
    let off = (1.0 / p.dot(p) - 1.0).max(0.0).sqrt();
    let c = p.perp() * if large == positive { off } else { -off };
    let (u, v) = (
        Point::new(cos * rx, sin * rx),
        Point::new(-sin * ry, cos * ry),
    );
    let (a, b) = (p - c, -p - c);
    let mut sweep = a.cross(b).atan2(a.dot(b));
    if positive && sweep < 0.0 {
        sweep += std::f64::consts::TAU;
    } else if !positive && sweep > 0.0 {
        sweep -= std::f64::consts::TAU;
    }
    let found = EllipseArc {
        center: from.lerp(to, 0.5) + u * c.x + v * c.y,
        u,
        v,
        start: a.y.atan2(a.x),
        sweep,
    };
    (found.center.is_finite() && sweep.is_finite() && sweep.abs() > 0.0).then_some(found)
}
