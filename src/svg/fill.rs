//! Filled areas as lines.

use super::drawing::{FillRule, Outline};
use crate::algo::hatch::{self, Edge, Line, Pattern};
use crate::error::Error;
use crate::operations::Hatch;

/// The lines that fill the area between the outlines of one fill. `budget` is how
/// many edges its rows may meet, and is reduced by those that they do.
pub(super) fn lines(
    outlines: &[&Outline],
    hatch: &Hatch,
    budget: &mut usize,
) -> Result<Vec<Line>, Error> {
    let mut edges = Vec::new();
    for outline in outlines {
        let mut from = outline.start;
        for span in &outline.spans {
            edges.push(Edge {
                from,
                to: span.end,
                bulge: span.bulge,
            });
            from = span.end;
        }
    }
    let even_odd = outlines.iter().any(|o| o.rule == FillRule::EvenOdd);
    let pattern = Pattern {
        spacing: hatch.spacing,
        angle: hatch.angle,
        even_odd,
        bidirectional: hatch.bidirectional,
    };
    hatch::hatch(&edges, &pattern, budget)
}
