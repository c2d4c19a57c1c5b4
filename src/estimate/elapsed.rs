use super::Estimate;
use super::stream::{Understood, measure_understood, scale};
use super::watch::Watch;
use crate::gcode::{Done, Reading, Run};
use crate::machine::Machine;
use crate::motion::{Command, Planner, Spent};
use crate::source::{Lines, Source};
use std::collections::VecDeque;

/// How long the program takes, and how long it has run, s, when it comes to each of
/// `lines` (from 0, in ascending order) for the first time. A line that it never comes to
/// has the time of the next one that it does, or all of it.
///
/// ```
/// use trajet::Source;
/// use trajet::estimate::elapsed;
/// use trajet::gcode::Dialect;
/// use trajet::machine::Machine;
///
/// let program = Source::new(b"G4 P1\n; here\nG4 P2\n".to_vec());
/// let (e, at) = elapsed(&program, Dialect::GRBL, &Machine::default(), &[0, 1, 3]);
/// assert_eq!((at, e.seconds), (vec![0.0, 1.0, 3.0], 3.0));
/// ```
///
/// # Complexity
/// O(bytes), and memory for `lines` beside the source.
#[must_use]
pub fn elapsed(
    source: &Source,
    how: impl Into<Reading>,
    machine: &Machine,
    lines: &[usize],
) -> (Estimate, Vec<f64>) {
    let (e, at, _) = elapsed_understood(source, how.into(), machine, lines);
    (e, at)
}

/// The same with how the program was understood.
pub(crate) fn elapsed_understood(
    source: &Source,
    how: Reading,
    machine: &Machine,
    lines: &[usize],
) -> (Estimate, Vec<f64>, Understood) {
    let mut clock = Clock {
        lines,
        next: 0,
        pending: VecDeque::new(),
        mark: 0,
        now: 0.0,
        at: Vec::with_capacity(lines.len()),
        spent: Vec::new(),
    };
    let (e, understood) = measure_understood(source, how, machine, &mut clock);
    let scale = scale(machine);
    let mut at: Vec<f64> = clock.at.iter().map(|t| t * scale).collect();
    at.resize(lines.len(), e.seconds);
    // The pieces add up to the total up to the last bits.
    for t in &mut at {
        *t = t.min(e.seconds);
    }
    (e, at, understood)
}

struct Clock<'a> {
    lines: &'a [usize],
    /// The first line that the program has not come to.
    next: usize,
    /// The last marks before lines whose time is not known yet, in order.
    pending: VecDeque<u32>,
    /// The mark of the last command.
    mark: u32,
    now: f64,
    at: Vec<f64>,
    spent: Vec<Spent>,
}

impl Clock<'_> {
    fn count(&mut self, planner: &mut dyn Planner) {
        planner.take_spent(&mut self.spent);
        for piece in self.spent.drain(..) {
            // All before this command has run.
            while let Some(before) = self.pending.front()
                && piece.mark.wrapping_sub(*before).cast_signed() > 0
            {
                self.at.push(self.now);
                let _ = self.pending.pop_front();
            }
            self.now += piece.seconds;
        }
    }
}

impl<L: Lines> Watch<L> for Clock<'_> {
    const KEEPS: bool = true;

    fn line(&mut self, _: &mut Run<L>, done: &Done) {
        while self.lines.get(self.next).is_some_and(|l| *l <= done.line) {
            self.pending.push_back(self.mark);
            self.next += 1;
        }
    }

    fn command(&mut self, _: &Command, planner: &mut dyn Planner) {
        self.count(planner);
        self.mark = self.mark.wrapping_add(1);
        planner.mark(self.mark);
    }

    fn over(&mut self, _: &Run<L>, planner: &mut dyn Planner) {
        self.count(planner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gcode::Dialect;

    fn at(text: &str, dialect: &'static Dialect, lines: &[usize]) -> (f64, Vec<f64>) {
        let source = Source::new(text.into());
        let (e, at) = elapsed(&source, dialect, &Machine::default(), lines);
        (e.seconds, at)
    }

    #[test]
    fn what_the_planner_still_holds_is_before_the_line() {
        let text = "F600\nG1 X1\nG1 X2\nG1 X3\n; here\nG1 X4\nG1 X5\nG4 P0\n";
        let (whole, times) = at(text, Dialect::GRBL, &[0, 4, 7]);
        assert!(times[0].abs() < 1e-12);
        // 10 mm/s throughout but for the two ends.
        assert!(
            (times[2] - times[1] - (times[1] - 0.1)).abs() < 0.01 + 0.1,
            "{times:?}"
        );
        assert!(times[1] > 0.3 && times[1] < times[2] && times[2] <= whole);
    }

    #[test]
    fn lines_count_when_they_are_first_come_to_or_passed_over() {
        let text =
            "o1 repeat [3]\nG4 P1\no1 endrepeat\no2 if [0]\nG4 P5\no2 endif\nG4 P1\nM2\nG4 P9\n";
        let (whole, times) = at(text, Dialect::LINUXCNC, &[1, 2, 4, 6, 8]);
        let rounded: Vec<i64> = times.iter().map(|t| t.round() as i64).collect();
        assert_eq!((rounded, whole.round() as i64), (vec![0, 1, 3, 3, 4], 4));
    }
}
