use super::Point3;

/// An axis-aligned box, in mm. Empty until the first point is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Least coordinates, mm; above `max` while the box is empty.
    pub min: Point3,
    /// Greatest coordinates, mm.
    pub max: Point3,
}

impl Bounds {
    /// The box that holds nothing.
    pub const EMPTY: Self = Self {
        min: Point3::new(f64::INFINITY, f64::INFINITY, f64::INFINITY),
        max: Point3::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY),
    };

    /// Whether no point was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.min.x > self.max.x
    }

    /// Grows the box to hold `p`.
    pub fn add(&mut self, p: Point3) {
        self.min = Point3::new(
            self.min.x.min(p.x),
            self.min.y.min(p.y),
            self.min.z.min(p.z),
        );
        self.max = Point3::new(
            self.max.x.max(p.x),
            self.max.y.max(p.y),
            self.max.z.max(p.z),
        );
    }

    /// Grows the box to hold `other`.
    pub fn union(&mut self, other: &Self) {
        if !other.is_empty() {
            self.add(other.min);
            self.add(other.max);
        }
    }

    /// Extent along X, Y and Z, in mm; zero when empty.
    #[must_use]
    pub fn size(&self) -> Point3 {
        if self.is_empty() {
            Point3::default()
        } else {
            self.max - self.min
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self::EMPTY
    }
}
