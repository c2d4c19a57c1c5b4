use std::collections::VecDeque;

/// How many commands are remembered that have not run: no planner holds as many. Beyond
/// it the oldest are counted with the next.
const MOST: usize = 1 << 16;

/// What is known of the commands that a planner has not run yet, by their marks.
///
/// A planner runs commands in the order in which it got them, so that all before the one
/// that runs are done with.
#[derive(Clone, Debug)]
pub(super) struct Marks<T> {
    /// The mark of the first one that is held.
    first: u32,
    held: VecDeque<T>,
}

impl<T> Marks<T> {
    pub(super) const fn new() -> Self {
        Self {
            first: 0,
            held: VecDeque::new(),
        }
    }

    /// The mark of the next command, of which this is known.
    pub(super) fn push(&mut self, known: T) -> u32 {
        if self.held.len() == MOST {
            let _ = self.held.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        self.held.push_back(known);
        self.first.wrapping_add(self.held.len() as u32 - 1)
    }

    /// What is known of a command that runs. Those before it are let go.
    pub(super) fn run(&mut self, mark: u32) -> Option<&T> {
        let done = mark.wrapping_sub(self.first);
        if (done as usize) < self.held.len() {
            let _ = self.held.drain(..done as usize);
            self.first = mark;
        }
        self.held.front()
    }

    /// What is known of a command, to be added to, unless it is done with.
    pub(super) fn get_mut(&mut self, mark: u32) -> Option<&mut T> {
        self.held.get_mut(mark.wrapping_sub(self.first) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_found_until_a_later_command_runs() {
        let mut marks = Marks::new();
        let all: Vec<u32> = (0..5).map(|k| marks.push(k * 10)).collect();
        assert_eq!(marks.run(all[2]), Some(&20));
        assert_eq!(marks.run(all[2]), Some(&20));
        assert_eq!(marks.get_mut(all[1]), None);
        *marks.get_mut(all[4]).unwrap() += 1;
        assert_eq!(marks.run(all[4]), Some(&41));
    }

    #[test]
    fn no_more_than_the_most_is_held_and_the_oldest_count_with_the_next() {
        let mut marks = Marks::new();
        marks.first = u32::MAX - 3;
        let first = marks.push(0);
        for k in 1..=MOST {
            let _ = marks.push(k);
        }
        assert_eq!(marks.held.len(), MOST);
        assert_eq!(marks.run(first), Some(&1));
        let last = first.wrapping_add(MOST as u32);
        assert_eq!(marks.run(last), Some(&MOST));
    }
}
