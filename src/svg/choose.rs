//! Which operation an outline belongs to.

use super::drawing::{Outline, PaintedBy};
use crate::operations::Operations;

/// The name of the operation that the table gives an outline; `None` when no rule
/// names it. Of several classes the first that has a rule counts.
pub(super) fn choose<'t>(outline: &Outline, table: &'t Operations) -> Option<&'t str> {
    let of_paint = match outline.painted_by {
        PaintedBy::Stroke => &table.strokes,
        PaintedBy::Fill => &table.fills,
    };
    let by_name = |name: &Option<_>, rules: &'t std::collections::BTreeMap<String, String>| {
        name.as_ref()
            .and_then(|n: &std::sync::Arc<str>| rules.get(n.as_ref()))
    };
    by_name(&outline.id, &table.ids)
        .or_else(|| {
            let classes = outline.class.as_deref().unwrap_or("");
            classes
                .split_ascii_whitespace()
                .find_map(|c| table.classes.get(c))
        })
        .or_else(|| by_name(&outline.layer, &table.layers))
        .or_else(|| of_paint.get(&outline.color))
        .or_else(|| table.colors.get(&outline.color))
        .map(String::as_str)
}
