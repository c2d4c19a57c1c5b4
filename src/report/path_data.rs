//! SVG path data in whole tenths of a px, relative where SVG allows it: a third
//! of the bytes of plain decimals, and no drift, because it is integers that add up.

use std::fmt::Write;

/// Path data under way.
#[derive(Debug, Default)]
pub(super) struct PathData {
    text: String,
    at: [i64; 2],
    last: char,
}

impl PathData {
    /// The data written so far, for a path scaled by 0.1.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Where the pen is.
    pub(super) const fn at(&self) -> [i64; 2] {
        self.at
    }

    /// Starts a run.
    pub(super) fn go(&mut self, to: [i64; 2]) {
        self.at = to;
        self.command('M', to);
    }

    /// A straight line.
    pub(super) fn line(&mut self, to: [i64; 2]) {
        let by = self.step(to);
        if self.last == 'l' {
            // The command may be left out where it repeats.
            self.numbers(by, true);
        } else {
            self.command('l', by);
        }
    }

    /// An arc of at most half a circle; `clockwise` as it is seen.
    pub(super) fn arc(&mut self, to: [i64; 2], radius: f64, clockwise: bool) {
        let side = u8::from(clockwise);
        let by = self.step(to);
        // Writing to a string cannot fail.
        let _ = write!(
            self.text,
            "a{radius:.0} {radius:.0} 0 0 {side} {} {}",
            by[0], by[1]
        );
        self.last = 'a';
    }

    fn step(&mut self, to: [i64; 2]) -> [i64; 2] {
        let by = [to[0] - self.at[0], to[1] - self.at[1]];
        self.at = to;
        by
    }

    fn command(&mut self, name: char, numbers: [i64; 2]) {
        self.text.push(name);
        self.last = name;
        self.numbers(numbers, false);
    }

    fn numbers(&mut self, numbers: [i64; 2], mut after_number: bool) {
        for n in numbers {
            if after_number && n >= 0 {
                self.text.push(' ');
            }
            let _ = write!(self.text, "{n}");
            after_number = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_short_and_relative() {
        let mut d = PathData::default();
        d.go([10, -20]);
        d.line([13, -25]);
        d.line([13, -20]);
        d.arc([13, -10], 5.0, true);
        d.line([12, -9]);
        d.go([0, 0]);
        assert_eq!(d.into_text(), "M10-20l3-5 0 5a5 5 0 0 1 0 10l-1 1M0 0");
    }
}
