use crate::diag::{Code, Diagnostic, Severity};

/// Places where one thing was seen: the first, how many, and the first lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    first: (u32, u32),
    count: u32,
    lines: Vec<u32>,
}

impl Tally {
    /// Counts one more at a line and column, from 1; whether it is the first.
    pub(super) fn add(&mut self, place: (u32, u32)) -> bool {
        if self.count == 0 {
            self.first = place;
        }
        self.count = self.count.saturating_add(1);
        if self.lines.len() < Diagnostic::LINES && !self.lines.contains(&place.0) {
            self.lines.push(place.0);
        }
        self.count == 1
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One finding for all that was counted.
    pub(super) fn finding(
        self,
        code: Code,
        severity: Severity,
        message: impl Into<String>,
    ) -> Diagnostic {
        let (line, column) = self.first;
        let mut d = Diagnostic::new(code, severity, message).at(line, column);
        d.count = self.count;
        d.lines = self.lines;
        d
    }
}
