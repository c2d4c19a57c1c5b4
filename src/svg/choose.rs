//! Which operation an outline belongs to.

use super::drawing::{Outline, PaintedBy};
use crate::operations::Operations;

/// The name of the operation that the table gives an outline; `None` when no rule
/// names it. Of several classes the first that has a rule counts.
pub(super) fn choose<'t>(outline: &Outline, table: &'t Operations) -> Option<&'t str> {
    let Outline { id, layer, .. } = outline;
    let classes = outline.class.as_deref().unwrap_or("");
    let of_paint = match outline.painted_by {
        PaintedBy::Stroke => &table.strokes,
        PaintedBy::Fill => &table.fills,
    };
    let by_id = id.as_deref().and_then(|id| table.ids.get(id));
    let name = by_id
        .or_else(|| {
            let mut classes = classes.split_ascii_whitespace();
            classes.find_map(|c| table.classes.get(c))
        })
        .or_else(|| layer.as_deref().and_then(|l| table.layers.get(l)))
        .or_else(|| of_paint.get(&outline.color))
        .or_else(|| table.colors.get(&outline.color));
    name.map(String::as_str)
}
