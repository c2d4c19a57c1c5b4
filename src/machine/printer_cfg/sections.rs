//! The text of a `printer.cfg`: sections of keys with values.
//!
//! `#` begins a comment anywhere, `;` at the beginning or after a blank. A value goes
//! on in the lines below that are indented further. A section may come several times;
//! the last value of a key counts. `[include x.cfg]` stands for the sections of other
//! files, which count in its place. What `SAVE_CONFIG` wrote at the end of the first
//! file, behind `#*#`, counts last.

use crate::error::{Error, ErrorKind};
use crate::machine::Included;
use std::collections::BTreeMap;

/// Gives the files that an include pattern stands for, in order, with their names. The
/// first argument is the pattern, the second the name of the file that it stands in.
pub(in crate::machine) type Include<'a> = dyn FnMut(&str, &str) -> Result<Included, Error> + 'a;

/// The sections that the time of a program depends on.
const WANTED: [&str; 10] = [
    "printer",
    "extruder",
    "firmware_retraction",
    "gcode_arcs",
    "stepper_x",
    "stepper_y",
    "stepper_z",
    "stepper_a",
    "stepper_b",
    "stepper_c",
];
/// The most files that may be included.
const MOST_FILES: usize = 1000;
/// What begins the lines that `SAVE_CONFIG` writes.
const SAVED: &str = "#*#";

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) text: String,
    /// For messages: `line 12`, `extra.cfg, line 3`.
    pub(super) place: String,
}

/// Keys in lower case by section.
#[derive(Debug, Default)]
pub(super) struct Sections(BTreeMap<String, BTreeMap<String, Value>>);

impl Sections {
    pub(super) fn has(&self, section: &str) -> bool {
        self.0.contains_key(section)
    }

    pub(super) fn get(&self, section: &str, key: &str) -> Option<&Value> {
        self.0.get(section)?.get(key)
    }

    pub(super) fn open(&mut self, section: &str) {
        if self.is_wanted(section) && !self.has(section) {
            let _ = self.0.insert(section.into(), BTreeMap::new());
        }
    }

    pub(super) fn set(&mut self, section: &str, key: &str, value: Value) {
        if let Some(keys) = self.0.get_mut(section) {
            let _ = keys.insert(key.into(), value);
        }
    }

    fn is_wanted(&self, section: &str) -> bool {
        // Moonraker's state of the head is put in by hand.
        WANTED.contains(&section) || section == "toolhead"
    }

    fn go_on(&mut self, section: &str, key: &str, more: &str) {
        let value = self.0.get_mut(section).and_then(|keys| keys.get_mut(key));
        if let Some(value) = value {
            value.text.push('\n');
            value.text.push_str(more);
        }
    }
}

/// A file that is being read.
struct Open {
    name: String,
    text: String,
    /// Its place among all files.
    number: usize,
    /// The next byte and line.
    at: usize,
    line: usize,
}

/// The section and key that lines belong to.
#[derive(Default)]
struct Place {
    section: Option<String>,
    key: Option<String>,
    indent: usize,
}

/// Reads the text of the file `name` and all that it includes.
pub(super) fn read(name: &str, text: &str, include: &mut Include) -> Result<Sections, Error> {
    let mut out = Sections::default();
    // All files so far, and which of them includes each.
    let mut files: Vec<(String, Option<usize>)> = vec![(name.into(), None)];
    let mut open = vec![Open {
        name: name.into(),
        text: text.into(),
        number: 0,
        at: 0,
        line: 0,
    }];
    let mut saved: Vec<(usize, String)> = Vec::new();
    let mut place = Place::default();
    while let Some(file) = open.last_mut() {
        let Some(line) = next_line(file) else {
            let _ = open.pop();
            place = Place::default();
            continue;
        };
        if file.number == 0 && line.starts_with(SAVED) {
            saved.push((file.line, line[SAVED.len()..].into()));
        }
        let line = line.split('#').next().unwrap_or_default();
        let pattern = header(line).and_then(|h| h.strip_prefix("include "));
        let Some(pattern) = pattern else {
            let main = file.number == 0;
            let name = if main { None } else { Some(file.name.as_str()) };
            take(&mut out, &mut place, line, name, file.line)?;
            continue;
        };
        place = Place::default();
        let (from, number) = (file.name.clone(), file.number);
        let where_it_is = at(if number == 0 { None } else { Some(&from) }, file.line);
        let found = include(pattern.trim(), &from)
            .map_err(|e| Error::new(e.kind(), format!("{where_it_is}: {e}")))?;
        for (name, bytes) in found.into_iter().rev() {
            let mut above = Some(number);
            while let Some(n) = above {
                if files[n].0 == name {
                    return Err(Error::new(
                        ErrorKind::InvalidConfig,
                        format!("{where_it_is}: {name} includes itself"),
                    ));
                }
                above = files[n].1;
            }
            if files.len() > MOST_FILES {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!("{where_it_is}: more than {MOST_FILES} files are included"),
                ));
            }
            files.push((name.clone(), Some(number)));
            open.push(Open {
                name,
                text: String::from_utf8_lossy(&bytes).into_owned(),
                number: files.len() - 1,
                at: 0,
                line: 0,
            });
        }
    }
    take_saved(&mut out, &saved)?;
    Ok(out)
}

/// The block of `SAVE_CONFIG`: its heading, then lines like any others.
fn take_saved(out: &mut Sections, saved: &[(usize, String)]) -> Result<(), Error> {
    let heading = saved.iter().position(|(_, l)| l.contains("SAVE_CONFIG"));
    let Some(heading) = heading else {
        return Ok(());
    };
    let mut place = Place::default();
    for (number, line) in &saved[heading + 1..] {
        if line.contains("DO NOT EDIT THIS BLOCK") {
            continue;
        }
        let line = line.strip_prefix(' ').unwrap_or(line);
        let line = line.split('#').next().unwrap_or_default();
        take(out, &mut place, line, None, *number)?;
    }
    Ok(())
}

fn next_line(file: &mut Open) -> Option<String> {
    let rest = file.text.get(file.at..).filter(|r| !r.is_empty())?;
    let line = rest.split('\n').next().unwrap_or_default();
    let line = line.to_string();
    file.at += line.len() + 1;
    file.line += 1;
    Some(line)
}

/// What stands between the brackets of a section's line.
fn header(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('[')?;
    Some(&inside[..inside.rfind(']')?])
}

/// Takes a line without its `#` comment.
fn take(
    out: &mut Sections,
    place: &mut Place,
    line: &str,
    file: Option<&str>,
    number: usize,
) -> Result<(), Error> {
    let line = without_remark(line);
    let text = line.trim();
    if text.is_empty() {
        return Ok(());
    }
    let indent = line.len() - line.trim_start().len();
    if let (Some(section), Some(key)) = (&place.section, &place.key)
        && indent > place.indent
    {
        out.go_on(section, key, text);
        return Ok(());
    }
    place.indent = indent;
    if let Some(name) = header(text) {
        out.open(name);
        place.section = Some(name.into());
        place.key = None;
        return Ok(());
    }
    let wrong = |what: &str| {
        let message = format!("{}: {what}: `{text}`", at(file, number));
        Err(Error::new(ErrorKind::Malformed, message))
    };
    let Some((key, value)) = text.split_once(['=', ':']) else {
        return wrong("this is neither a section nor a key with a value");
    };
    let Some(section) = &place.section else {
        return wrong("a key stands before any section");
    };
    let key = key.trim_end().to_ascii_lowercase();
    let value = Value {
        text: value.trim().into(),
        place: at(file, number),
    };
    out.set(section, &key, value);
    place.key = Some(key);
    Ok(())
}

/// The line up to a `;` that begins a comment.
fn without_remark(line: &str) -> &str {
    let bytes = line.as_bytes();
    let begins = |i: &usize| *i == 0 || bytes[i - 1].is_ascii_whitespace();
    let mut marks = line.match_indices(';').map(|(i, _)| i);
    &line[..marks.find(begins).unwrap_or(line.len())]
}

fn at(file: Option<&str>, line: usize) -> String {
    match file {
        None => format!("line {line}"),
        Some(name) => format!("{name}, line {line}"),
    }
}
