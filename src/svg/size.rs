//! The size of the page, and the map from its user units to mm.

use super::affine::Affine;
use super::generator::{Generator, generator};
use super::options::SvgOptions;
use super::units::{Of, Units, is_physical, parse_length};
use roxmltree::Node;
use std::str::FromStr;
use svgtypes::{Align, AspectRatio, ViewBox};

/// The page of a drawing.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) dpi: f64,
    /// Whose pixels they are taken for; `None` where nothing was guessed.
    pub(super) guess: Option<&'static Generator>,
    /// Whether the file itself says how large a user unit is, whatever the dpi.
    pub(super) fixed: bool,
    /// Width and height in pixels; `None` where only the content can tell.
    pub(super) px: [Option<f64>; 2],
    /// Attributes that could not be used.
    pub(super) bad: Vec<&'static str>,
}

pub(super) fn page(root: Node<'_, '_>, before: &str, options: &SvgOptions) -> Page {
    let generator = generator(root, before);
    let dpi = options.dpi.unwrap_or(generator.dpi);
    let view_box = view_box(root);
    let units = Units {
        dpi,
        view: view_box.map_or([0.0; 2], |b| [b.w, b.h]),
        font: 16.0,
    };
    let mut bad = Vec::new();
    if root.has_attribute("viewBox") && view_box.is_none() {
        bad.push("viewBox");
    }
    let mut side = |name: &'static str, of| {
        let text = root.attribute(name)?;
        match units.parse(text, of) {
            Some(px) if px > 0.0 => Some(px),
            _ => {
                // `100%` of a page that has no size of its own, and `auto`.
                if !text.trim().ends_with('%') && text.trim() != "auto" {
                    bad.push(name);
                }
                None
            }
        }
    };
    let mut px = [side("width", Of::Width), side("height", Of::Height)];
    if let Some(b) = view_box {
        px = match px {
            [None, None] => [Some(b.w), Some(b.h)],
            [Some(w), None] => [Some(w), Some(w * b.h / b.w)],
            [None, Some(h)] => [Some(h * b.w / b.h), Some(h)],
            both => both,
        };
    }
    let physical = ["width", "height"].iter().any(|name| {
        root.attribute(*name)
            .and_then(parse_length)
            .is_some_and(|l| is_physical(l.unit))
    });
    let fixed = physical && view_box.is_some();
    let known = fixed || options.dpi.is_some() || options.width.is_some();
    Page {
        dpi,
        guess: (!known).then_some(generator),
        fixed,
        px,
        bad,
    }
}

/// The map from the units of a `viewBox` to a viewport of `width` by `height`.
pub(super) fn viewport(node: Node<'_, '_>, [width, height]: [f64; 2]) -> Affine {
    let Some(b) = view_box(node) else {
        return Affine::IDENTITY;
    };
    let ratio = node
        .attribute("preserveAspectRatio")
        .and_then(|t| AspectRatio::from_str(t).ok());
    let (align, slice) = ratio.map_or((Align::XMidYMid, false), |r| (r.align, r.slice));
    let (sx, sy) = (width / b.w, height / b.h);
    if align == Align::None {
        return Affine::new(sx, 0.0, 0.0, sy, -b.x * sx, -b.y * sy);
    }
    let s = if slice { sx.max(sy) } else { sx.min(sy) };
    use Align::{XMaxYMax, XMaxYMid, XMaxYMin, XMidYMax, XMidYMid, XMidYMin, XMinYMax, XMinYMid};
    let along_x = match align {
        XMidYMin | XMidYMid | XMidYMax => 0.5,
        XMaxYMin | XMaxYMid | XMaxYMax => 1.0,
        _ => 0.0,
    };
    let along_y = match align {
        XMinYMid | XMidYMid | XMaxYMid => 0.5,
        XMinYMax | XMidYMax | XMaxYMax => 1.0,
        _ => 0.0,
    };
    let (dx, dy) = (along_x * (width - b.w * s), along_y * (height - b.h * s));
    Affine::new(s, 0.0, 0.0, s, dx - b.x * s, dy - b.y * s)
}

/// A `viewBox` that can be used.
pub(super) fn view_box(node: Node<'_, '_>) -> Option<ViewBox> {
    let b = ViewBox::from_str(node.attribute("viewBox")?).ok()?;
    [b.x, b.y, b.w, b.h]
        .iter()
        .all(|n| n.is_finite())
        .then_some(b)
}
