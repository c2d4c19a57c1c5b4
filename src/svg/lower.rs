//! Outlines to toolpath: one operation per colour.

use super::Drawing;
use crate::geom::Point3;
use crate::motion::{Rate, SpindleMode};
use crate::toolpath::{Attributes, Toolpath};

/// How the outlines of a drawing are run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Feed, mm/s.
    pub feed: f64,
    /// S value.
    pub power: f64,
    /// Laser mode.
    pub spindle: SpindleMode,
}

/// Makes a toolpath of a drawing for a head that stands at the page's bottom-left
/// corner. Outlines of one colour are one operation; operations follow each other
/// in the order in which their colours first appear, and so do their outlines. A
/// fill under a stroke is not run: its edge is the stroke's.
///
/// # Complexity
/// O(spans + outlines · log colours).
#[must_use]
pub fn toolpath(drawing: &Drawing, cut: &Cut) -> Toolpath {
    let mut colors: Vec<[u8; 3]> = Vec::new();
    let mut by_color: std::collections::BTreeMap<[u8; 3], Vec<usize>> =
        std::collections::BTreeMap::new();
    for (i, outline) in drawing.outlines.iter().enumerate() {
        if outline.stroked {
            continue;
        }
        let list = by_color.entry(outline.color).or_default();
        if list.is_empty() {
            colors.push(outline.color);
        }
        list.push(i);
    }
    let flat = |x: f64, y: f64| Point3::new(x, y, 0.0);
    let mut toolpath = Toolpath::new(flat(0.0, 0.0));
    for (operation, color) in colors.iter().enumerate() {
        let attributes = Attributes {
            rate: Rate::Feed(cut.feed),
            power: cut.power,
            spindle: cut.spindle,
            operation: operation as u32,
            ..Attributes::default()
        };
        for outline in by_color[color].iter().map(|&i| &drawing.outlines[i]) {
            let segments = outline
                .spans
                .iter()
                .map(|s| (flat(s.end.x, s.end.y), s.bulge));
            let start = flat(outline.start.x, outline.start.y);
            toolpath.push_path(start, segments, attributes, outline.line.saturating_sub(1));
        }
    }
    toolpath
}
