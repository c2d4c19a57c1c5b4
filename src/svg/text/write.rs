//! The small document for the layout: one text element and the paths it runs along.

use super::super::units::{Of, Units};
use super::along;
use super::inherit::Value;
use super::read::{Element, Item, Kind, Read};
use crate::geom::Point;
use std::fmt::Write as _;

/// The greatest font size in the small document. The layout follows paths to half a
/// unit, which is 0.005 % of it.
pub(super) const EM: f64 = 10_000.0;

/// Greatest coordinate there: a million letters in a row.
const MOST: f64 = 1e10;

/// The small document and the way back from it.
pub(super) struct Written {
    pub(super) svg: String,
    /// User units are these units divided by `scale`, from `origin`.
    pub(super) scale: f64,
    pub(super) origin: Point,
    /// The values of `font-family`, which stand there by their numbers.
    pub(super) families: Vec<String>,
    /// Elements with positions or angles that could not be read.
    pub(super) bad: Vec<(usize, &'static str)>,
}

/// Writes it; `None` where a size or position is too large or not a number.
pub(super) fn write(read: &Read<'_, '_>) -> Option<Written> {
    let fonts = read.elements.iter().map(|e| e.style.font);
    let size = fonts.fold(0.0, f64::max);
    let scale = EM / size;
    if !(scale.is_finite() && scale > 0.0) {
        return None;
    }
    let mut writer = Writer {
        read,
        out: Written {
            svg: String::from(HEAD),
            scale,
            origin: origin(read),
            families: Vec::new(),
            bad: Vec::new(),
        },
    };
    for (i, steps) in read.paths.iter().enumerate() {
        let data = along::data(steps, scale, MOST)?;
        let _ = write!(writer.out.svg, "<path id=\"p{i}\" d=\"{data}\"/>");
    }
    writer.out.svg.push_str("</defs>");
    let mut open: Vec<usize> = Vec::new();
    for item in &read.items {
        match *item {
            Item::Open(i) => {
                writer.open(i)?;
                open.push(i);
            }
            Item::Text(words) => writer.words(words, open.last().map(|i| &read.elements[*i])),
            Item::Close => {
                let i = open.pop();
                let name = i.map_or("text", |i| name(i, &read.elements[i]));
                let _ = write!(writer.out.svg, "</{name}>");
            }
        }
    }
    writer.out.svg.push_str("</svg>");
    Some(writer.out)
}

const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"><defs>";

fn name(i: usize, element: &Element<'_, '_>) -> &'static str {
    match (i, element.kind) {
        (0, _) => "text",
        (_, Kind::Span) => "tspan",
        (_, Kind::Along(_)) => "textPath",
    }
}

/// Where the first letter stands. On a path, positions are lengths along it and
/// must stay what they are.
fn origin(read: &Read<'_, '_>) -> Point {
    if !read.paths.is_empty() {
        return Point::default();
    }
    let first = |name, of| {
        read.elements.iter().find_map(|e| {
            let text = e.node.attribute(name)?;
            e.units.parse(parts(text).next()?, of)
        })
    };
    Point::new(
        first("x", Of::Width).unwrap_or(0.0),
        first("y", Of::Height).unwrap_or(0.0),
    )
}

/// The entries of a list of lengths or numbers.
pub(super) fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|part| !part.is_empty())
}

struct Writer<'r, 'a, 'input> {
    read: &'r Read<'a, 'input>,
    out: Written,
}

impl Writer<'_, '_, '_> {
    fn open(&mut self, i: usize) -> Option<()> {
        let read = self.read;
        let element = &read.elements[i];
        let svg = &mut self.out.svg;
        let _ = write!(svg, "<{} fill=\"#{i:06x}\"", name(i, element));
        if !element.displayed {
            svg.push_str(" display=\"none\"");
        }
        let space = if element.keeps_blanks {
            "preserve"
        } else {
            "default"
        };
        let _ = write!(svg, " xml:space=\"{space}\"");
        self.number("font-size", element.style.font * self.out.scale)?;
        self.positions(i)?;
        if let Kind::Along(path) = element.kind {
            let _ = write!(self.out.svg, " href=\"#p{path}\"");
            if let Some(start) = element.node.attribute("startOffset").map(str::trim) {
                match start.strip_suffix('%').map(str::parse::<f64>) {
                    Some(Ok(percent)) if percent.abs() <= 1e6 => {
                        let _ = write!(self.out.svg, " startOffset=\"{percent}%\"");
                    }
                    _ => self.length(i, "startOffset", start, &element.units)?,
                }
            }
        }
        if let Some(length) = element.node.attribute("textLength") {
            self.length(i, "textLength", length, &element.units)?;
        }
        if let Some(adjust) = element.node.attribute("lengthAdjust") {
            self.attribute("lengthAdjust", adjust);
        }
        self.properties(i, element)?;
        self.out.svg.push('>');
        Some(())
    }

    /// Lists of positions and angles.
    fn positions(&mut self, i: usize) -> Option<()> {
        let read = self.read;
        let element = &read.elements[i];
        let (scale, origin) = (self.out.scale, self.out.origin);
        if element.kind != Kind::Span {
            return Some(());
        }
        for (name, of, from) in [
            ("x", Of::Width, origin.x),
            ("y", Of::Height, origin.y),
            ("dx", Of::Width, 0.0),
            ("dy", Of::Height, 0.0),
        ] {
            // Without a position, text begins where the coordinates do.
            let absent = (i == 0 && read.paths.is_empty() && name.len() == 1).then_some("0");
            let Some(list) = element.node.attribute(name).or(absent) else {
                continue;
            };
            let _ = write!(self.out.svg, " {name}=\"");
            // More entries than letters mean nothing.
            for part in parts(list).take(read.chars) {
                let Some(value) = element.units.parse(part, of) else {
                    self.out.bad.push((i, name));
                    break;
                };
                let _ = write!(self.out.svg, "{} ", single((value - from) * scale)?);
            }
            self.out.svg.push('"');
        }
        if let Some(list) = element.node.attribute("rotate") {
            self.out.svg.push_str(" rotate=\"");
            for part in parts(list).take(read.chars) {
                match part.parse::<f64>() {
                    Ok(angle) if angle.abs() <= MOST => {
                        let _ = write!(self.out.svg, "{angle} ");
                    }
                    _ => {
                        self.out.bad.push((i, "rotate"));
                        break;
                    }
                }
            }
            self.out.svg.push('"');
        }
        Some(())
    }

    fn properties(&mut self, i: usize, element: &Element<'_, '_>) -> Option<()> {
        // The text element hands down what was set around it.
        let around = if i == 0 { element.handed.all() } else { &[] };
        let own = element.own.iter();
        let around = around
            .iter()
            .filter(|p| element.own.iter().all(|o| o.0 != p.0));
        let mut optical = true;
        for (name, value) in around.chain(own) {
            match (*name, value) {
                (_, Value::Length(length)) => self.number(name, length * self.out.scale)?,
                ("font-family", Value::Word(list)) => {
                    let families = &mut self.out.families;
                    let n = families.iter().position(|f| f == list).unwrap_or_else(|| {
                        families.push(list.clone());
                        families.len() - 1
                    });
                    let _ = write!(self.out.svg, " font-family=\"f{n}\"");
                }
                // The layout takes it from a style only.
                ("font-kerning", Value::Word(word)) if word == "none" => {
                    self.out.svg.push_str(" style=\"font-kerning:none\"");
                }
                (
                    "font-kerning"
                    | "white-space"
                    | "text-transform"
                    | "font-optical-sizing"
                    | "font-variation-settings",
                    _,
                ) => {}
                (name, Value::Word(word)) => self.attribute(name, word),
            }
        }
        // The layout would take the size in its own units for the optical one.
        if element.handed.word("font-optical-sizing") == Some("none") {
            optical = false;
        }
        self.out.svg.push_str(" font-optical-sizing=\"none\"");
        let settings = element.handed.word("font-variation-settings").unwrap_or("");
        let settings = if settings == "normal" { "" } else { settings };
        if optical && !settings.contains("opsz") {
            let comma = if settings.is_empty() { "" } else { ", " };
            let size = single(element.style.font)?;
            let all = format!("{settings}{comma}\"opsz\" {size}");
            self.attribute("font-variation-settings", &all);
        } else if !settings.is_empty() {
            self.attribute("font-variation-settings", settings);
        }
        Some(())
    }

    fn number(&mut self, name: &str, value: f64) -> Option<()> {
        let _ = write!(self.out.svg, " {name}=\"{}\"", single(value)?);
        Some(())
    }

    fn length(&mut self, i: usize, name: &'static str, text: &str, units: &Units) -> Option<()> {
        match units.parse(text, Of::Diagonal) {
            Some(length) => self.number(name, length * self.out.scale),
            None => {
                self.out.bad.push((i, name));
                Some(())
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.out.svg, " {name}=\"");
        escape(value, &mut self.out.svg);
        self.out.svg.push('"');
    }

    fn words(&mut self, words: &str, element: Option<&Element<'_, '_>>) {
        let out = &mut self.out.svg;
        match element.and_then(|e| e.handed.word("text-transform")) {
            Some("uppercase") => escape(&words.to_uppercase(), out),
            Some("lowercase") => escape(&words.to_lowercase(), out),
            Some("capitalize") => escape(&capitalized(words), out),
            _ => escape(words, out),
        }
    }
}

/// As many digits as the layout takes; `None` for what is too large or no number.
fn single(value: f64) -> Option<f32> {
    // What is too small to be seen would be written with many digits.
    let value = if value.abs() < 1e-9 { 0.0 } else { value };
    (value.abs() <= MOST).then_some(value as f32)
}

fn capitalized(words: &str) -> String {
    let mut first = true;
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if first && c.is_alphabetic() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        first = c.is_whitespace();
    }
    out
}

/// Text as XML. Where a character parts paragraphs the layout would stop: it becomes
/// a blank, which is what SVG makes of line ends.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
}
