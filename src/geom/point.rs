use std::ops::{Add, Mul, Neg, Sub};

/// No machine reaches so far, mm. Readers refuse places beyond it, so that squares and
/// sums of lengths are far from the ends of `f64` and of `f32`.
pub(crate) const FARTHEST: f64 = 1e8;

/// A point or vector in the plane, in mm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Along the machine's X axis, mm.
    pub x: f64,
    /// Along the machine's Y axis, mm.
    pub y: f64,
}

impl Point {
    /// The point (`x`, `y`), in mm.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Euclidean distance to `other`, in mm.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (other - self).norm()
    }

    /// Length of the vector, in mm.
    #[must_use]
    pub fn norm(self) -> f64 {
        // Not `hypot`: lengths in mm are far from the ends of f64, and ordering
        // computes millions of them.
        self.dot(self).sqrt()
    }

    /// Scalar product, in mm².
    #[must_use]
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// Third component of the vector product, in mm².
    #[must_use]
    pub fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    /// The vector turned a quarter turn counter-clockwise.
    #[must_use]
    pub fn perp(self) -> Self {
        Self::new(-self.y, self.x)
    }

    /// The point at fraction `t` of the way to `other`.
    #[must_use]
    pub fn lerp(self, other: Self, t: f64) -> Self {
        self + (other - self) * t
    }

    /// Whether both coordinates are finite numbers.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, k: f64) -> Self {
        Self::new(self.x * k, self.y * k)
    }
}

impl Neg for Point {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y)
    }
}

/// A point or vector in space, in mm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point3 {
    /// Along the machine's X axis, mm.
    pub x: f64,
    /// Along the machine's Y axis, mm.
    pub y: f64,
    /// Along the machine's Z axis, mm.
    pub z: f64,
}

impl Point3 {
    /// The point (`x`, `y`, `z`), in mm.
    #[must_use]
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    /// The point's place in the XY plane.
    #[must_use]
    pub const fn xy(self) -> Point {
        Point::new(self.x, self.y)
    }

    /// Euclidean distance to `other`, in mm.
    #[must_use]
    #[inline]
    pub fn distance(self, other: Self) -> f64 {
        (other - self).norm()
    }

    /// Length of the vector, in mm.
    #[must_use]
    #[inline]
    pub fn norm(self) -> f64 {
        hypot(hypot(self.x, self.y), self.z)
    }

    /// Coordinates as an array, X first.
    #[must_use]
    pub const fn to_array(self) -> [f64; 3] {
        [self.x, self.y, self.z]
    }

    /// Whether all coordinates are finite numbers.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite() && self.z.is_finite()
    }
}

/// [`f64::hypot`] without the call where one of the two is 0: most moves are flat.
#[inline]
fn hypot(a: f64, b: f64) -> f64 {
    if b == 0.0 {
        a.abs()
    } else if a == 0.0 {
        b.abs()
    } else {
        a.hypot(b)
    }
}

impl From<[f64; 3]> for Point3 {
    fn from([x, y, z]: [f64; 3]) -> Self {
        Self::new(x, y, z)
    }
}

impl Add for Point3 {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl Sub for Point3 {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f64> for Point3 {
    type Output = Self;
    fn mul(self, k: f64) -> Self {
        Self::new(self.x * k, self.y * k, self.z * k)
    }
}
