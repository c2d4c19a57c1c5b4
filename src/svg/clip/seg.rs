use crate::geom::{Point, bounds_of, length, sweep};

/// A line or an arc with both its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seg {
    pub(super) from: Point,
    pub(super) to: Point,
    /// tan(sweep / 4), as in [`Span`](super::Span).
    pub(super) bulge: f64,
}

impl Seg {
    pub(super) fn length(&self) -> f64 {
        length(self.from, self.to, self.bulge)
    }

    pub(super) fn rect(&self) -> Rect {
        let b = bounds_of(self.from, self.to, self.bulge);
        Rect {
            min: b.min.xy(),
            max: b.max.xy(),
        }
    }

    /// The point at fraction `t` of the way. Without the centre, which for a nearly
    /// straight arc lies too far away to be exact: the chord to the point turns
    /// half as fast as the tangent.
    pub(super) fn at(&self, t: f64) -> Point {
        let d = self.to - self.from;
        if self.bulge == 0.0 {
            return self.from + d * t;
        }
        let half = sweep(self.bulge) / 2.0;
        let k = (half * t).sin() / half.sin();
        self.from + turn(d, half * (t - 1.0)) * k
    }

    /// The unit tangent at fraction `t`.
    pub(super) fn tangent(&self, t: f64) -> Point {
        let d = self.to - self.from;
        let d = d * (1.0 / d.norm().max(f64::MIN_POSITIVE));
        turn(d, sweep(self.bulge) / 2.0 * (2.0 * t - 1.0))
    }

    /// The fraction at which a point on the segment, or near to it, lies.
    pub(super) fn fraction(&self, p: Point) -> f64 {
        let d = self.to - self.from;
        let q = p - self.from;
        let along = q.dot(d) / d.dot(d);
        if self.bulge == 0.0 {
            return along;
        }
        let all = sweep(self.bulge);
        // Flat arcs by their chord, others by their centre: each where it is exact.
        let angle = if self.bulge.abs() < 0.3 {
            let sine = (all / 2.0).sin() * (2.0 * along - 1.0);
            let near = sine.clamp(-1.0, 1.0).asin();
            let b = self.bulge;
            let beyond_center = 4.0 * b * q.dot(d.perp()) > d.dot(d) * (1.0 - b * b);
            if beyond_center {
                std::f64::consts::PI - near
            } else {
                near
            }
        } else {
            let b = self.bulge;
            let center = d * 0.5 + d.perp() * ((1.0 - b * b) / (4.0 * b));
            let middle = d.perp() * -b.signum();
            let r = q - center;
            middle.cross(r).atan2(middle.dot(r))
        };
        0.5 + angle / all
    }

    /// The bulge of the part from fraction `t0` to `t1`.
    pub(super) fn part(&self, t0: f64, t1: f64) -> f64 {
        (self.bulge.atan() * (t1 - t0)).tan()
    }

    /// The circle (or line) of the segment as an equation: `b|q|² + g·q = 0` for
    /// `q` from [`from`](Self::from). Exact also where the bulge is close to 0.
    pub(super) fn equation(&self) -> (f64, Point) {
        let d = self.to - self.from;
        let b = self.bulge;
        (b, d * -b - d.perp() * ((1.0 - b * b) / 2.0))
    }

    /// What the equation gives at `p`: negative inside a circle run through
    /// counter-clockwise, positive inside one run through clockwise.
    pub(super) fn equation_at(&self, p: Point) -> f64 {
        let (b, g) = self.equation();
        let q = p - self.from;
        b * q.dot(q) + g.dot(q)
    }

    /// Distance of a point near to it from the circle or line of the segment, mm.
    pub(super) fn off(&self, p: Point) -> f64 {
        let slope = self.from.distance(self.to) * (1.0 + self.bulge * self.bulge) / 2.0;
        (self.equation_at(p) / slope.max(f64::MIN_POSITIVE)).abs()
    }

    /// How often the segment goes around `p` upward, seen along the ray to the
    /// right of `p`; over a closed contour the sum is the winding number.
    pub(super) fn winding(&self, p: Point) -> i32 {
        let d = self.to - self.from;
        let side = d.cross(p - self.from);
        // A point on the chord counts as moved up by nothing, then right by less.
        let side = [side, d.x, -d.y]
            .into_iter()
            .find(|s| *s != 0.0)
            .unwrap_or(0.0);
        let line = match (above(self.from, p), above(self.to, p)) {
            (false, true) if side > 0.0 => 1,
            (true, false) if side < 0.0 => -1,
            _ => 0,
        };
        let within = |b: f64| b * self.equation_at(p) < 0.0;
        let arc = match self.bulge {
            b if b > 0.0 && side < 0.0 && within(b) => 1,
            b if b < 0.0 && side > 0.0 && within(b) => -1,
            _ => 0,
        };
        line + arc
    }
}

pub(super) fn above(q: Point, p: Point) -> bool {
    q.y > p.y
}

fn turn(v: Point, angle: f64) -> Point {
    let (s, c) = angle.sin_cos();
    Point::new(v.x * c - v.y * s, v.x * s + v.y * c)
}

/// A box with sides along the axes, mm.
#[derive(Clone, Copy, Debug)]
pub(in crate::svg) struct Rect {
    pub(in crate::svg) min: Point,
    pub(in crate::svg) max: Point,
}

impl Rect {
    pub(super) const EMPTY: Self = Self {
        min: Point::new(f64::INFINITY, f64::INFINITY),
        max: Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
    };

    pub(super) fn union(&self, other: &Self) -> Self {
        let (a, b) = (self, other);
        Self {
            min: Point::new(a.min.x.min(b.min.x), a.min.y.min(b.min.y)),
            max: Point::new(a.max.x.max(b.max.x), a.max.y.max(b.max.y)),
        }
    }

    /// Whether no more than `slack` mm lies between the two along either axis.
    pub(super) fn near(&self, other: &Self, slack: f64) -> bool {
        self.min.x <= other.max.x + slack
            && other.min.x <= self.max.x + slack
            && self.min.y <= other.max.y + slack
            && other.min.y <= self.max.y + slack
    }

    /// The greatest coordinate, without its sign.
    pub(super) fn reach(&self) -> f64 {
        [self.min.x, self.min.y, self.max.x, self.max.y]
            .into_iter()
            .fold(0.0, |m, c| m.max(c.abs()))
    }
}
