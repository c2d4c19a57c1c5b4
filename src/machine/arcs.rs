use super::{Firmware, Machine};
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
    /// How its arcs are written. Default by their centre.
    pub format: ArcFormat,
}

/// How the words of G2 and G3 tell where an arc runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArcFormat {
    /// I, J and K: from the start to the centre.
    #[default]
    Center,
    /// R: the radius. Near half a turn it says little of where the centre is, so arcs
    /// of more than [`MOST_BY_RADIUS`](Self::MOST_BY_RADIUS) are written in pieces.
    Radius,
}

impl ArcFormat {
    /// The most that an arc written by its radius turns, rad: a third of a turn. The
    /// sagitta is r − √(r² − c²/4), c being the chord, which changes by 1 − 1/cos(θ/2)
    /// times as much as the radius: as rounding of R moves it up to there, at most as
    /// far as R itself.
    pub const MOST_BY_RADIUS: f64 = std::f64::consts::TAU / 3.0;

    /// As a profile has it: the letters of the words.
    pub(super) const fn letters(self) -> &'static str {
        match self {
            Self::Center => "IJ",
            Self::Radius => "R",
        }
    }

    /// The reverse.
    pub(super) fn by_letters(letters: &str) -> Option<Self> {
        [Self::Center, Self::Radius]
            .into_iter()
            .find(|format| format.letters() == letters)
    }
}

impl ArcSupport {
    /// The same with arcs written otherwise.
    #[must_use]
    pub const fn with_format(mut self, format: ArcFormat) -> Self {
        self.format = format;
        self
    }

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
            format: ArcFormat::Center,
        }
    }
}

impl Machine {
    /// Whether G2 and G3 move it at all. What [`Machine::arcs`] says besides is a wish.
    #[must_use]
    pub fn runs_arcs(&self) -> bool {
        match &self.firmware {
            Firmware::Klipper(klipper) => klipper.arc_resolution.is_some(),
            _ => true,
        }
    }
}
