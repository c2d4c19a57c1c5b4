//! Lengths in user units.

use svgtypes::{Length, LengthUnit};

/// What a length may depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    /// Pixels per inch.
    pub(super) dpi: f64,
    /// Width and height that percentages are of, user units.
    pub(super) view: [f64; 2],
    /// Size of the font, user units.
    pub(super) font: f64,
}

/// What a percentage is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    Width,
    Height,
    Diagonal,
    Font,
}

impl Units {
    /// The length in user units; `None` where it is not a length or not finite.
    pub(super) fn parse(&self, text: &str, of: Of) -> Option<f64> {
        let length = parse_length(text)?;
        let n = length.number;
        let px = match length.unit {
            LengthUnit::None | LengthUnit::Px => n,
            LengthUnit::In => n * self.dpi,
            LengthUnit::Cm => n * self.dpi / 2.54,
            LengthUnit::Mm => n * self.dpi / 25.4,
            LengthUnit::Pt => n * self.dpi / 72.0,
            LengthUnit::Pc => n * self.dpi / 6.0,
            LengthUnit::Em => n * self.font,
            LengthUnit::Ex => n * self.font / 2.0,
            LengthUnit::Percent => {
                let [w, h] = self.view;
                n / 100.0
                    * match of {
                        Of::Width => w,
                        Of::Height => h,
                        // SVG 1.1, 7.10: the diagonal over the root of 2.
                        Of::Diagonal => w.hypot(h) / std::f64::consts::SQRT_2,
                        Of::Font => self.font,
                    }
            }
        };
        px.is_finite().then_some(px)
    }
}

/// The number and unit of a length; quarter millimetres (`q`) become mm.
pub(super) fn parse_length(text: &str) -> Option<Length> {
    let text = text.trim();
    if let Ok(length) = text.parse::<Length>() {
        return Some(length);
    }
    let lower = text.to_ascii_lowercase();
    match lower.strip_suffix('q') {
        Some(number) => {
            let length: Length = number.parse().ok()?;
            (length.unit == LengthUnit::None)
                .then(|| Length::new(length.number / 4.0, LengthUnit::Mm))
        }
        None => lower.parse().ok(),
    }
}

/// Whether a length is a size in the real world.
pub(super) fn is_physical(unit: LengthUnit) -> bool {
    use LengthUnit::{Cm, In, Mm, Pc, Pt};
    matches!(unit, In | Cm | Mm | Pt | Pc)
}
