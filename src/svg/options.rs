use super::text::Fonts;
use crate::error::{Error, ErrorKind, positive_mm};

/// How an SVG drawing is read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SvgOptions {
    /// Greatest deviation of an outline from the curve drawn, at its final size, mm.
    /// Default 0.01.
    pub tolerance: f64,
    /// Pixels per inch. Default `None`: 96, or what the program that wrote the
    /// drawing is known to have used.
    pub dpi: Option<f64>,
    /// Width of the page as it is to be, mm; the height follows. Not with `scale`.
    /// Default `None`: the width that the drawing has.
    pub width: Option<f64>,
    /// What every length is multiplied by, after its size was found. Not with
    /// `width`. Default `None`: 1.
    pub scale: Option<f64>,
    /// Whether curves become lines and arcs (`true`, the default) or lines only.
    pub arcs: bool,
    /// Most elements drawn, each `use` counted with what it shows. Default 2,000,000.
    pub max_elements: usize,
    /// Deepest nesting, `use` included. Default 1,000.
    pub max_depth: usize,
    /// Farthest coordinate from the page's corner, mm; an element beyond it is left
    /// out with a diagnostic. Default 1,000,000 (1 km).
    pub max_coordinate: f64,
    /// The fonts for text. Default none: text is reported, not drawn.
    pub fonts: Fonts,
}

impl Default for SvgOptions {
    fn default() -> Self {
        Self {
            tolerance: 0.01,
            dpi: None,
            width: None,
            scale: None,
            arcs: true,
            max_elements: 2_000_000,
            max_depth: 1_000,
            max_coordinate: 1e6,
            fonts: Fonts::none(),
        }
    }
}

impl SvgOptions {
    /// The same options with another tolerance, mm.
    #[must_use]
    pub const fn with_tolerance(mut self, mm: f64) -> Self {
        self.tolerance = mm;
        self
    }

    /// The same options with fixed pixels per inch.
    #[must_use]
    pub const fn with_dpi(mut self, dpi: f64) -> Self {
        self.dpi = Some(dpi);
        self
    }

    /// The same options with another width of the page, mm.
    #[must_use]
    pub const fn with_width(mut self, mm: f64) -> Self {
        self.width = Some(mm);
        self
    }

    /// The same options with every length multiplied by `factor`.
    #[must_use]
    pub const fn with_scale(mut self, factor: f64) -> Self {
        self.scale = Some(factor);
        self
    }

    /// The same options with arcs allowed or not.
    #[must_use]
    pub const fn with_arcs(mut self, arcs: bool) -> Self {
        self.arcs = arcs;
        self
    }

    /// The same options with another limit of elements drawn.
    #[must_use]
    pub const fn with_max_elements(mut self, elements: usize) -> Self {
        self.max_elements = elements;
        self
    }

    /// The same options with another limit of nesting.
    #[must_use]
    pub const fn with_max_depth(mut self, depth: usize) -> Self {
        self.max_depth = depth;
        self
    }

    /// The same options with another farthest coordinate, mm.
    #[must_use]
    pub const fn with_max_coordinate(mut self, mm: f64) -> Self {
        self.max_coordinate = mm;
        self
    }

    /// The same options with fonts for text.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Fonts) -> Self {
        self.fonts = fonts;
        self
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let _ = positive_mm("the tolerance", self.tolerance)?;
        let _ = positive_mm("the farthest coordinate", self.max_coordinate)?;
        if let Some(width) = self.width {
            let _ = positive_mm("the width", width)?;
        }
        let factor = |name: &str, value: Option<f64>| match value {
            Some(v) if !(v.is_finite() && v > 0.0) => Err(invalid(format!(
                "the {name} must be a finite number above 0, not {v}"
            ))),
            _ => Ok(()),
        };
        factor("dpi", self.dpi)?;
        factor("scale", self.scale)?;
        if self.width.is_some() && self.scale.is_some() {
            let both = "a drawing takes a width or a scale, not both";
            return Err(invalid(both.to_owned()));
        }
        Ok(())
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidConfig, message)
}
