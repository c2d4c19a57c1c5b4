//! Which operation an outline belongs to.

use super::drawing::{Drawing, Group, Outline, PaintedBy};
use crate::operations::Operations;
use std::collections::{BTreeMap, BTreeSet};

/// A table of operations applied to one drawing.
pub(super) struct Choice<'t> {
    table: &'t Operations,
    /// What the rules for names make of each group of the drawing, and of those
    /// around it.
    of_group: Vec<Option<&'t str>>,
}

impl<'t> Choice<'t> {
    /// # Complexity
    /// O(groups · log(rules)).
    pub(super) fn new(table: &'t Operations, drawing: &Drawing) -> Self {
        let mut of_group: Vec<Option<&str>> = Vec::with_capacity(drawing.groups.len());
        for group in &drawing.groups {
            let around = group.around.and_then(|i| of_group.get(i as usize)).copied();
            of_group.push(of_names(group, table).or(around.flatten()));
        }
        Self { table, of_group }
    }

    /// The name of the operation that the table gives an outline; `None` when no rule
    /// names it. The element itself and then those around it are asked for a rule by
    /// id, class or layer; where there is none, the colour decides.
    pub(super) fn of(&self, outline: &Outline) -> Option<&'t str> {
        let table = self.table;
        let own = of_id_and_class(outline.id.as_deref(), outline.class.as_deref(), table);
        let around = || *self.of_group.get(outline.group? as usize)?;
        let of_paint = match outline.painted_by {
            PaintedBy::Stroke => &table.strokes,
            PaintedBy::Fill => &table.fills,
        };
        let of_color = || {
            let name = of_paint.get(&outline.color);
            name.or_else(|| table.colors.get(&outline.color))
        };
        own.or_else(around)
            .or_else(|| of_color().map(String::as_str))
    }
}

/// The ids, classes and layers, in this order, that a table has rules for and nothing
/// drawn has, as what they are and the name.
///
/// # Complexity
/// O((outlines + groups) · log(rules)).
pub(super) fn unused<'t>(
    drawing: &Drawing,
    table: &'t Operations,
) -> impl Iterator<Item = (&'static str, &'t str)> {
    let mut used = [const { BTreeSet::new() }; 3];
    let mut see = |id: Option<&str>, classes: Option<&str>| {
        let rule = id.and_then(|id| table.ids.get_key_value(id));
        used[0].extend(rule.map(|(name, _)| name));
        let classes = classes.unwrap_or("").split_ascii_whitespace();
        let rules = classes.filter_map(|c| table.classes.get_key_value(c));
        used[1].extend(rules.map(|(name, _)| name));
    };
    for outline in &drawing.outlines {
        see(outline.id.as_deref(), outline.class.as_deref());
    }
    for group in &drawing.groups {
        see(group.id.as_deref(), group.class.as_deref());
    }
    let layers = drawing.groups.iter().filter_map(|g| g.layer.as_deref());
    used[2].extend(layers.filter_map(|l| Some(layer_rule(l, &table.layers)?.0)));
    [
        ("id", &table.ids),
        ("class", &table.classes),
        ("layer", &table.layers),
    ]
    .into_iter()
    .zip(used)
    .flat_map(|((kind, rules), used)| {
        let left = rules.keys().filter(move |name| !used.contains(name));
        left.map(move |name| (kind, name.as_str()))
    })
}

fn of_names<'t>(group: &Group, table: &'t Operations) -> Option<&'t str> {
    let own = of_id_and_class(group.id.as_deref(), group.class.as_deref(), table);
    own.or_else(|| {
        Some(
            layer_rule(group.layer.as_deref()?, &table.layers)?
                .1
                .as_str(),
        )
    })
}

/// Of several classes the first that has a rule counts.
fn of_id_and_class<'t>(
    id: Option<&str>,
    classes: Option<&str>,
    table: &'t Operations,
) -> Option<&'t str> {
    let by_id = id.and_then(|id| table.ids.get(id));
    let name = by_id.or_else(|| {
        let mut classes = classes?.split_ascii_whitespace();
        classes.find_map(|c| table.classes.get(c))
    });
    name.map(String::as_str)
}

/// Whether a layer of a drawing is called so, or was in Illustrator.
pub(crate) fn is_layer(name: &str, wanted: &str) -> bool {
    name == wanted || as_in_illustrator(name).iter().any(|n| n == wanted)
}

/// The rule for a layer: its name in the table, and the operation.
fn layer_rule<'t>(
    name: &str,
    rules: &'t BTreeMap<String, String>,
) -> Option<(&'t String, &'t String)> {
    rules.get_key_value(name).or_else(|| {
        let names = as_in_illustrator(name);
        names.iter().find_map(|n| rules.get_key_value(n))
    })
}

/// The names that a layer may have had in Illustrator, which makes ids of them: what
/// cannot stand in an id is `_x` and its number in hexadecimal, a blank is `_`, and of
/// ids alike all but the first end in a number between two `_`.
fn as_in_illustrator(id: &str) -> [String; 2] {
    let first = id
        .strip_suffix('_')
        .and_then(|rest| rest.rsplit_once('_'))
        .filter(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(id, |(name, _)| name);
    ["_", " "].map(|blank| decoded(first, blank))
}

fn decoded(mut id: &str, blank: &str) -> String {
    let mut name = String::new();
    while let Some((before, after)) = id.split_once("_x") {
        name.push_str(&before.replace('_', blank));
        let letter = after.split_once('_').and_then(|(number, after)| {
            let code = u32::from_str_radix(number, 16).ok()?;
            Some((char::from_u32(code)?, after))
        });
        if let Some((letter, after)) = letter {
            name.push(letter);
            id = after;
        } else {
            name.push_str(blank);
            name.push('x');
            id = after;
        }
    }
    name.push_str(&id.replace('_', blank));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_illustrator_are_found_in_its_ids() {
        let rule = |name: &str, id: &str| {
            let rules = BTreeMap::from([(name.to_owned(), "cut".to_owned())]);
            layer_rule(id, &rules).is_some()
        };
        for (name, id) in [
            ("Gravure", "Gravure"),
            ("Gravure", "Gravure_1_"),
            ("Gravure_1_", "Gravure_1_"),
            ("Découpe", "D_xE9_coupe_12_"),
            ("a_b", "a_x5F_b"),
            ("Ma couche", "Ma_couche"),
            ("Ma couche", "Ma_couche_1_"),
            ("Pièce à couper", "Pi_xE8_ce__xE0__couper"),
        ] {
            assert!(rule(name, id), "{name}: {id}");
        }
        for (name, id) in [
            ("Gravure", "Gravure_1"),
            ("a", "a_b_"),
            ("x", "_x_"),
            ("", "_1_x"),
        ] {
            assert!(!rule(name, id), "{name}: {id}");
        }
    }
}
