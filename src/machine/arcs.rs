use crate::diag::Code;

/// The machine leaves arcs out.
pub const ARCS_NOT_RUN: Code = Code("machine/arcs-not-run");

/// What makes it run them.
pub(crate) const HOW_ARCS_RUN: &str = "Klipper needs [gcode_arcs] in its printer.cfg";

/// What arcs (G2 and G3) a machine runs well.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ArcSupport {
    /// Shortest arc, mm. Default 0.
    pub least_length: f64,
    /// Greatest radius, mm. Default 10,000: firmware that counts in single precision
    /// is a micrometre off there.
    pub greatest_radius: f64,
    /// Whether there are arcs in the planes ZX and YZ too (G18 and G19). Default true.
    pub upright: bool,
}

impl ArcSupport {
    /// The same with another shortest arc, mm.
    #[must_use]
    pub const fn with_least_length(mut self, length: f64) -> Self {
        self.least_length = length;
        self
    }

    /// The same with another greatest radius, mm.
    #[must_use]
    pub const fn with_greatest_radius(mut self, radius: f64) -> Self {
        self.greatest_radius = radius;
        self
    }

    /// The same with or without arcs in upright planes.
    #[must_use]
    pub const fn with_upright(mut self, upright: bool) -> Self {
        self.upright = upright;
        self
    }
}

impl Default for ArcSupport {
    fn default() -> Self {
        Self {
            least_length: 0.0,
            greatest_radius: 10_000.0,
            upright: true,
        }
    }
}
