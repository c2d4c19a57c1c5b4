use crate::gcode::{Done, Run};
use crate::motion::{Command, Planner};
use crate::source::Lines;

/// Looks on while a program is run. Each method that does nothing costs nothing.
pub(super) trait Watch<L: Lines> {
    /// Whether the planner is to keep each piece of time.
    const KEEPS: bool = false;

    /// A line was obeyed; its commands come now.
    #[inline]
    fn line(&mut self, _: &mut Run<L>, _: &Done) {}

    /// The planner is about to be given a command of that line.
    #[inline]
    fn command(&mut self, _: &Command, _: &mut dyn Planner) {}

    /// The program is over, and the planner has run all of it.
    fn over(&mut self, _: &Run<L>, _: &mut dyn Planner) {}
}

/// Nobody looks on.
impl<L: Lines> Watch<L> for () {}

/// Both look on.
impl<L: Lines, A: Watch<L>, B: Watch<L>> Watch<L> for (A, B) {
    const KEEPS: bool = A::KEEPS || B::KEEPS;

    #[inline]
    fn line(&mut self, run: &mut Run<L>, done: &Done) {
        self.0.line(run, done);
        self.1.line(run, done);
    }

    #[inline]
    fn command(&mut self, command: &Command, planner: &mut dyn Planner) {
        self.0.command(command, planner);
        self.1.command(command, planner);
    }

    fn over(&mut self, run: &Run<L>, planner: &mut dyn Planner) {
        self.0.over(run, planner);
        self.1.over(run, planner);
    }
}

impl<L: Lines, W: Watch<L>> Watch<L> for &mut W {
    const KEEPS: bool = W::KEEPS;

    #[inline]
    fn line(&mut self, run: &mut Run<L>, done: &Done) {
        (**self).line(run, done);
    }

    #[inline]
    fn command(&mut self, command: &Command, planner: &mut dyn Planner) {
        (**self).command(command, planner);
    }

    fn over(&mut self, run: &Run<L>, planner: &mut dyn Planner) {
        (**self).over(run, planner);
    }
}
