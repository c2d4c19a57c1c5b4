//! Diagnostics: what there is to say about the content of a file.
//!
//! Content never stops the work. Each finding is a [`Diagnostic`] with a stable
//! [`Code`], the place where it was first seen and a count, collected in
//! [`Diagnostics`], which keeps one entry per code and subject so that a file
//! with a million odd lines stays readable. [`render()`] shows them to a person,
//! with the source line and a caret; [`codes`] explains each code, in English and
//! in French.

pub mod codes;
mod excerpt;
mod render;

pub use render::{RenderOptions, render, summary};

use std::fmt;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Severity {
    /// Good to know: a guess that was made, a part left alone.
    Note,
    /// Something was ignored or may not be what was meant.
    Warning,
    /// Part of the input could not be used.
    Error,
    /// The job would leave a laser on, or could otherwise do harm.
    Unsafe,
}

/// The stable name of a kind of diagnostic, for example `gcode/unknown-word`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One finding about the content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of finding this is.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What was found and what was done about it, in English.
    pub message: String,
    /// Line where it was first seen, from 1; `None` when it is about the file as a whole.
    pub line: Option<u32>,
    /// Column of the first place, from 1, in bytes.
    pub column: Option<u32>,
    /// How many times it was seen.
    pub count: u32,
    /// The first lines where it was seen, from 1, each once, at most
    /// [`Diagnostic::LINES`] of them.
    pub lines: Vec<u32>,
    /// What the reader can do next.
    pub help: Option<String>,
}

impl Diagnostic {
    /// How many line numbers are kept for one finding.
    pub const LINES: usize = 5;

    /// A finding about a file as a whole.
    #[must_use]
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            line: None,
            column: None,
            count: 1,
            lines: Vec::new(),
            help: None,
        }
    }

    /// The same finding at a line and column, both from 1.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self.lines = vec![line];
        self
    }

    /// The same finding with a next step for the reader.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Counts the same finding again, or one of its kind.
    fn absorb(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.severity = self.severity.max(other.severity);
        for &line in &other.lines {
            if self.lines.len() < Self::LINES && !self.lines.contains(&line) {
                self.lines.push(line);
            }
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Unsafe => "unsafe",
        };
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column}: ")?;
        }
        write!(f, "{severity}[{}]: {}", self.code, self.message)?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// Diagnostics of one file: one entry per code and message, at most
/// [`Diagnostics::PER_CODE`] messages per code, with counts. Memory is bounded by
/// the number of codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// How many different messages are kept for one code; later ones are
    /// counted under the last.
    pub const PER_CODE: usize = 20;

    /// An empty collection.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds one finding, or counts it where the same was said before.
    pub fn push(&mut self, new: Diagnostic) {
        let mut same_code = 0;
        let mut last = None;
        for (i, old) in self.list.iter_mut().enumerate() {
            if old.code == new.code {
                if old.message == new.message {
                    old.absorb(&new);
                    return;
                }
                same_code += 1;
                last = Some(i);
            }
        }
        match last {
            Some(i) if same_code >= Self::PER_CODE => {
                self.list[i].absorb(&new);
            }
            _ => self.list.push(new),
        }
    }

    /// Adds all findings of `other`.
    pub fn extend(&mut self, other: Self) {
        for d in other.list {
            self.push(d);
        }
    }

    /// The findings in the order in which they were first seen.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }

    /// The gravest severity among the findings; `None` when there are none.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.list.iter().map(|d| d.severity).max()
    }

    /// Whether a finding of this kind is present.
    #[must_use]
    pub fn has(&self, code: Code) -> bool {
        self.list.iter().any(|d| d.code == code)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted_and_their_first_lines_kept() {
        let code = Code("test/repeats");
        let mut all = Diagnostics::new();
        for line in [3, 3, 5, 8, 13, 21, 34] {
            all.push(Diagnostic::new(code, Severity::Note, "again").at(line, 1));
        }
        let d = &all.as_slice()[0];
        assert_eq!((d.count, d.line), (7, Some(3)));
        assert_eq!(d.lines, [3, 5, 8, 13, 21]);
    }

    #[test]
    fn a_million_messages_stay_a_few_and_hide_no_severity() {
        let code = Code("test/many");
        let mut all = Diagnostics::new();
        for i in 1..=100_000 {
            let severity = if i == 99_999 {
                Severity::Unsafe
            } else {
                Severity::Note
            };
            all.push(Diagnostic::new(code, severity, format!("number {i}")).at(i, 1));
        }
        assert_eq!(all.as_slice().len(), Diagnostics::PER_CODE);
        let count: u32 = all.into_iter().map(|d| d.count).sum();
        assert_eq!(count, 100_000);
        assert_eq!(all.worst(), Some(Severity::Unsafe));
        assert_eq!(all.as_slice()[19].lines, [20, 21, 22, 23, 24]);
    }
}
