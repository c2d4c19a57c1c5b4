//! A table of operations from TOML.

use super::table::{Hatch, IGNORE, Operation, Operations, Power, Unmapped};
use crate::error::{Error, ErrorKind};
use crate::motion::SpindleMode;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use svgtypes::Color;
use toml::Spanned;

type Rules = BTreeMap<Spanned<String>, Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    unmapped: Unmapped,
    order: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    colors: Rules,
    #[serde(default)]
    strokes: Rules,
    #[serde(default)]
    fills: Rules,
    #[serde(default)]
    layers: Rules,
    #[serde(default)]
    classes: Rules,
    #[serde(default)]
    ids: Rules,
    #[serde(default)]
    operations: BTreeMap<Spanned<String>, Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    feed_mm_min: Option<Spanned<f64>>,
    power: Option<Spanned<f64>>,
    power_percent: Option<Spanned<f64>>,
    mode: Option<Mode>,
    passes: Option<Spanned<u32>>,
    fill: Option<Fill>,
    #[serde(default)]
    skip: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Dynamic,
    Constant,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    spacing_mm: Spanned<f64>,
    angle_deg: Option<Spanned<f64>>,
    bidirectional: Option<bool>,
}

impl Operations {
    /// Reads a table; its keys are in the [module's docs](super).
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for broken TOML and unknown keys,
    /// [`ErrorKind::InvalidConfig`] for colours that are none, values out of range and
    /// rules that name no operation. Messages begin with the line and column.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|e| {
            let what = in_words(e.message().trim_end());
            let what = format!("the table of operations cannot be read: {what}");
            at(text, e.span(), ErrorKind::Malformed, &what)
        })?;
        let wrong = |span: Range<usize>, what: String| {
            at(text, Some(span), ErrorKind::InvalidConfig, &what)
        };
        let mut tables: Vec<(Spanned<String>, Table)> = file.operations.into_iter().collect();
        tables.sort_by_key(|(name, _)| name.span().start);
        let mut operations = Self {
            unmapped: file.unmapped,
            colors: colors(&file.colors, &wrong)?,
            strokes: colors(&file.strokes, &wrong)?,
            fills: colors(&file.fills, &wrong)?,
            layers: plain(&file.layers),
            classes: plain(&file.classes),
            ids: plain(&file.ids),
            ..Self::new()
        };
        for (name, table) in &tables {
            if name.get_ref() == IGNORE {
                let what =
                    format!("operations.{IGNORE}: what is ignored is never run; take another name");
                return Err(wrong(name.span(), what));
            }
            let operation = operation(name, table, &wrong)?;
            if let Some((field, must)) = operation.problem() {
                let span = span_of(table, field).unwrap_or_else(|| name.span());
                return Err(wrong(
                    span,
                    format!("operations.{}.{field} {must}", name.get_ref()),
                ));
            }
            operations.list.push(operation);
        }
        let rules = [
            &file.colors,
            &file.strokes,
            &file.fills,
            &file.layers,
            &file.classes,
            &file.ids,
        ];
        for name in rules.into_iter().flat_map(BTreeMap::values) {
            if !operations.knows(name.get_ref()) {
                let what = format!(
                    "there is no operation {0}; add [operations.{0}], or name one of {1}",
                    name.get_ref(),
                    known(&operations),
                );
                return Err(wrong(name.span(), what));
            }
        }
        if let Some(order) = file.order {
            sort(&mut operations.list, &order, &wrong)?;
        }
        operations.validate()?;
        Ok(operations)
    }
}

/// What serde says of a wrong type, as a person would.
fn in_words(message: &str) -> String {
    let wrong = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, wanted)) = wrong.and_then(|m| m.split_once(", expected ")) else {
        return message.to_owned();
    };
    let wanted = match wanted {
        "f64" => "a number",
        "u32" => "a whole number from 0",
        "a boolean" => "true or false",
        "a string" => "text in quotes",
        "a sequence" => "a list in [ ]",
        "a map" | "struct Table" | "struct File" => "a table of names and values",
        "struct Fill" => "{ spacing_mm = 0.1 }",
        other => other,
    };
    let found = match found.split_once(' ') {
        Some(("string", text)) => format!("the text {text}"),
        Some(("integer" | "floating" | "boolean", value)) => {
            value.trim_start_matches("point ").replace('`', "")
        }
        _ => match found {
            "map" => "a table".to_owned(),
            "sequence" => "a list".to_owned(),
            other => other.to_owned(),
        },
    };
    format!("{wanted} is needed here, not {found}")
}

/// An error at a place in the table.
fn at(text: &str, span: Option<Range<usize>>, kind: ErrorKind, what: &str) -> Error {
    let before = text.get(..span.map_or(0, |s| s.start)).unwrap_or("");
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.len() - before.rfind('\n').map_or(0, |i| i + 1);
    Error::new(kind, format!("{line}:{column}: {what}"))
}

type Wrong<'a> = &'a dyn Fn(Range<usize>, String) -> Error;

fn colors(rules: &Rules, wrong: Wrong<'_>) -> Result<BTreeMap<[u8; 3], String>, Error> {
    let mut out = BTreeMap::new();
    for (color, name) in rules {
        let text = color.get_ref();
        let rgb = match text.trim().parse::<Color>() {
            Ok(c) if c.alpha == 255 => [c.red, c.green, c.blue],
            _ => {
                let what = format!(
                    "{text} is no opaque colour of CSS; write a name, #rrggbb or rgb(r, g, b)"
                );
                return Err(wrong(color.span(), what));
            }
        };
        if let Some(other) = out.insert(rgb, name.get_ref().clone())
            && other != *name.get_ref()
        {
            let what = format!(
                "{text} is {other} and {} at once; remove one",
                name.get_ref()
            );
            return Err(wrong(color.span(), what));
        }
    }
    Ok(out)
}

fn plain(rules: &Rules) -> BTreeMap<String, String> {
    let rule =
        |(a, b): (&Spanned<String>, &Spanned<String>)| (a.get_ref().clone(), b.get_ref().clone());
    rules.iter().map(rule).collect()
}

fn operation(name: &Spanned<String>, table: &Table, wrong: Wrong<'_>) -> Result<Operation, Error> {
    let power = match (&table.power, &table.power_percent) {
        (Some(_), Some(percent)) => {
            let what = format!(
                "operations.{} takes power or power_percent, one of them",
                name.get_ref()
            );
            return Err(wrong(percent.span(), what));
        }
        (Some(s), None) => Some(Power::S(*s.get_ref())),
        (None, Some(percent)) => Some(Power::Share(percent.get_ref() / 100.0)),
        (None, None) => None,
    };
    Ok(Operation {
        name: name.get_ref().clone(),
        feed: table.feed_mm_min.as_ref().map(|f| f.get_ref() / 60.0),
        power,
        spindle: table.mode.as_ref().map(|mode| match mode {
            Mode::Dynamic => SpindleMode::Dynamic,
            Mode::Constant => SpindleMode::Constant,
        }),
        passes: table.passes.as_ref().map_or(1, |p| *p.get_ref()),
        fill: table.fill.as_ref().map(|fill| Hatch {
            spacing: *fill.spacing_mm.get_ref(),
            angle: fill
                .angle_deg
                .as_ref()
                .map_or(0.0, |a| a.get_ref().to_radians()),
            bidirectional: fill.bidirectional.unwrap_or(true),
        }),
        skip: table.skip,
    })
}

/// Where a value of an operation stands.
fn span_of(table: &Table, field: &str) -> Option<Range<usize>> {
    let of = |v: &Option<Spanned<f64>>| v.as_ref().map(Spanned::span);
    match field {
        "feed_mm_min" => of(&table.feed_mm_min),
        "power" => of(&table.power),
        "power_percent" => of(&table.power_percent),
        "passes" => table.passes.as_ref().map(Spanned::span),
        "spacing_mm" => table.fill.as_ref().map(|f| f.spacing_mm.span()),
        "angle_deg" => of(&table.fill.as_ref()?.angle_deg),
        _ => None,
    }
}

/// Puts the operations into the order that the table gives.
fn sort(
    list: &mut [Operation],
    order: &Spanned<Vec<Spanned<String>>>,
    wrong: Wrong<'_>,
) -> Result<(), Error> {
    let names = order.get_ref();
    for (i, name) in names.iter().enumerate() {
        let text = name.get_ref();
        if list.iter().all(|o| o.name != *text) {
            let what = format!("order names {text}, which has no table; add [operations.{text}]");
            return Err(wrong(name.span(), what));
        }
        if names[..i].iter().any(|n| n.get_ref() == text) {
            return Err(wrong(
                name.span(),
                format!("order names {text} twice; remove one"),
            ));
        }
    }
    let place = |o: &Operation| names.iter().position(|n| *n.get_ref() == o.name);
    if let Some(left) = list.iter().find(|o| place(o).is_none()) {
        let what = format!("order leaves out {}; name every operation", left.name);
        return Err(wrong(order.span(), what));
    }
    list.sort_by_key(|o| place(o));
    Ok(())
}

fn known(operations: &Operations) -> String {
    let names: Vec<String> = operations.in_order().into_iter().map(|o| o.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
