use crate::geom::Point;
use svgtypes::{TransformListParser, TransformListToken};

/// x' = a x + c y + e, y' = b x + d y + f.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Affine {
    pub(super) x: Point,
    pub(super) y: Point,
    pub(super) o: Point,
}

impl Affine {
    pub(super) const IDENTITY: Self = Self::new(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);

    pub(super) const fn new(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) -> Self {
        Self {
            x: Point::new(a, b),
            y: Point::new(c, d),
            o: Point::new(e, f),
        }
    }

    pub(super) const fn translate(x: f64, y: f64) -> Self {
        Self::new(1.0, 0.0, 0.0, 1.0, x, y)
    }

    pub(super) const fn scale(x: f64, y: f64) -> Self {
        Self::new(x, 0.0, 0.0, y, 0.0, 0.0)
    }

    /// The image of a vector.
    pub(super) fn vector(&self, v: Point) -> Point {
        self.x * v.x + self.y * v.y
    }

    /// The image of a point.
    pub(super) fn point(&self, p: Point) -> Point {
        self.vector(p) + self.o
    }

    /// `inner` first, then `self`.
    pub(super) fn then_inner(&self, inner: &Self) -> Self {
        Self {
            x: self.vector(inner.x),
            y: self.vector(inner.y),
            o: self.point(inner.o),
        }
    }

    pub(super) fn is_finite(&self) -> bool {
        self.x.is_finite() && self.y.is_finite() && self.o.is_finite()
    }

    /// The value of a `transform` attribute; `None` where it cannot be read.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut all = Self::IDENTITY;
        if text.trim() == "none" {
            return Some(all);
        }
        for token in TransformListParser::from(text) {
            let one = match token.ok()? {
                TransformListToken::Matrix { a, b, c, d, e, f } => Self::new(a, b, c, d, e, f),
                TransformListToken::Translate { tx, ty } => Self::translate(tx, ty),
                TransformListToken::Scale { sx, sy } => Self::scale(sx, sy),
                TransformListToken::Rotate { angle } => {
                    let (s, c) = degrees(angle);
                    Self::new(c, s, -s, c, 0.0, 0.0)
                }
                TransformListToken::SkewX { angle } => {
                    Self::new(1.0, 0.0, angle.to_radians().tan(), 1.0, 0.0, 0.0)
                }
                TransformListToken::SkewY { angle } => {
                    Self::new(1.0, angle.to_radians().tan(), 0.0, 1.0, 0.0, 0.0)
                }
            };
            all = all.then_inner(&one);
        }
        Some(all)
    }
}

/// Sine and cosine, exact at quarter turns so that turned rectangles stay square.
pub(super) fn degrees(angle: f64) -> (f64, f64) {
    let quarters = angle / 90.0;
    if quarters.fract().abs() > 0.0 {
        return angle.to_radians().sin_cos();
    }
    match quarters.rem_euclid(4.0) as u8 {
        0 => (0.0, 1.0),
        1 => (1.0, 0.0),
        2 => (0.0, -1.0),
        _ => (-1.0, 0.0),
    }
}
