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
        // Comparisons, as `min` and `max` have to mind numbers that are none.
        let least = |a: f64, b: f64| if b < a { b } else { a };
        let most = |a: f64, b: f64| if b > a { b } else { a };
        self.min = Point3::new(
            least(self.min.x, p.x),
            least(self.min.y, p.y),
            least(self.min.z, p.z),
        );
        self.max = Point3::new(
            most(self.max.x, p.x),
            most(self.max.y, p.y),
            most(self.max.z, p.z),
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
