use super::{Breakdown, Spot, Why};
use crate::geom::Point3;

/// A stretch has at most so many lines.
const LONGEST: u32 = 25;
/// A move that loses less than this share of its time runs at its speed: the stretch
/// ends in it.
const SLOW_SHARE: f64 = 0.05;
/// Moves that take less than this at their asked speed are short, s: less than firmware
/// needs to reach it.
const SHORT_T: f64 = 0.02;

/// What a piece of motion is like that loses time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slow {
    /// Of its command: an arc is several pieces.
    pub(super) mark: u32,
    /// From 0.
    pub(super) line: u32,
    pub(super) seconds: f64,
    pub(super) at_speed: f64,
    /// Whether the path turns where it begins, and where it ends.
    pub(super) corners: [bool; 2],
    /// Whether it is one that moves Z most, or filament alone.
    pub(super) z_move: bool,
    pub(super) filament: bool,
    pub(super) to: Point3,
}

/// Finds the stretches that lose most while the pieces of time go by.
#[derive(Clone, Debug)]
pub(super) struct Spots {
    open: Option<Open>,
    /// The last piece of motion, of which it is not known yet whether a stop follows.
    held: Option<(Slow, bool)>,
    /// Whether the machine is at rest.
    rests: bool,
    worst: Vec<Spot>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    lines: [u32; 2],
    lost: [f64; Why::ALL.len()],
    at: Point3,
    most: f64,
}

impl Spots {
    pub(super) const fn new() -> Self {
        Self {
            open: None,
            held: None,
            rests: true,
            worst: Vec::new(),
        }
    }

    /// A piece of motion was run.
    pub(super) fn moved(&mut self, mut slow: Slow) {
        if let Some((before, _)) = &mut self.held
            && before.mark == slow.mark
        {
            // Between the pieces of an arc there is no corner.
            before.corners[1] = false;
            slow.corners[0] = false;
        }
        self.settle(false);
        self.held = Some((slow, self.rests));
        self.rests = false;
    }

    /// The machine came to rest, for so long and for that reason.
    pub(super) fn rested(&mut self, line: u32, seconds: f64, why: Why, at: Point3) {
        self.settle(true);
        self.rests = true;
        self.lose(line, seconds, why, at);
    }

    /// The worst stretches, the worst first.
    pub(super) fn all(&mut self) -> Vec<Spot> {
        self.settle(true);
        self.close();
        self.worst.clone()
    }

    /// Counts the piece that is held, now that it is known what follows.
    fn settle(&mut self, rests: bool) {
        let Some((slow, rested)) = self.held.take() else {
            return;
        };
        let lost = slow.seconds - slow.at_speed;
        let begins = rested || slow.corners[0];
        let ends = rests || slow.corners[1];
        let why = |rest: bool, corner: bool| {
            if slow.filament {
                Why::Filament
            } else if slow.z_move {
                Why::ZMove
            } else if rest {
                Why::Stop
            } else if corner {
                Why::Corner
            } else if slow.at_speed < SHORT_T {
                Why::ShortMoves
            } else {
                Why::Ramp
            }
        };
        let (before, after) = (why(rested, slow.corners[0]), why(rests, slow.corners[1]));
        let is_fast = lost <= SLOW_SHARE * slow.seconds;
        // Each end of it has lost its part.
        let share = match (begins, ends) {
            (true, true) => 0.5,
            (true, false) => 1.0,
            (false, true) => 0.0,
            (false, false) => {
                self.lose(slow.line, lost, before, slow.to);
                if is_fast {
                    self.close();
                }
                return;
            }
        };
        self.lose(slow.line, lost * share, before, slow.to);
        if is_fast {
            self.close();
        }
        self.lose(slow.line, lost * (1.0 - share), after, slow.to);
    }

    fn lose(&mut self, line: u32, lost: f64, why: Why, at: Point3) {
        if lost <= 0.0 {
            return;
        }
        if let Some(open) = &self.open
            && (line < open.lines[0] || line - open.lines[0] >= LONGEST)
        {
            self.close();
        }
        let open = self.open.get_or_insert(Open {
            lines: [line, line],
            lost: [0.0; Why::ALL.len()],
            at,
            most: lost,
        });
        open.lines[1] = open.lines[1].max(line);
        open.lost[why as usize] += lost;
        if lost > open.most {
            (open.at, open.most) = (at, lost);
        }
    }

    /// Ends the stretch, and keeps it where it is one of the worst.
    fn close(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        let lost = open.lost.iter().sum::<f64>();
        let lines = open.lines.map(|l| l.saturating_add(1));
        if let Some(again) = self.worst.iter_mut().find(|s| s.lines == lines) {
            again.lost += lost;
            again.times += 1;
        } else {
            if self.worst.len() == Breakdown::MOST_SPOTS {
                match self.worst.last() {
                    Some(least) if least.lost < lost => drop(self.worst.pop()),
                    _ => return,
                }
            }
            let most = open.lost.iter().copied().fold(0.0, f64::max);
            let why = Why::ALL
                .into_iter()
                .find(|w| open.lost[*w as usize] >= most);
            self.worst.push(Spot {
                lines,
                lost,
                times: 1,
                why: why.unwrap_or(Why::Stop),
                at: open.at,
            });
        }
        self.worst.sort_by(|a, b| b.lost.total_cmp(&a.lost));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(line: u32, seconds: f64, at_speed: f64, corners: [bool; 2]) -> Slow {
        Slow {
            mark: line,
            line,
            seconds,
            at_speed,
            corners,
            z_move: false,
            filament: false,
            to: Point3::default(),
        }
    }

    /// Lines, what is lost in ms, and why, of all spots.
    fn found(spots: &mut Spots) -> Vec<([u32; 2], i64, Why)> {
        let all = spots.all();
        all.iter()
            .map(|s| (s.lines, (s.lost * 1000.0).round() as i64, s.why))
            .collect()
    }

    #[test]
    fn a_corner_is_the_end_of_one_move_and_the_beginning_of_the_next() {
        let mut spots = Spots::new();
        spots.moved(slow(0, 10.1, 10.0, [false, true]));
        spots.moved(slow(1, 10.3, 10.0, [true, false]));
        spots.moved(slow(2, 10.0, 10.0, [false, false]));
        spots.rested(3, 0.025, Why::Stop, Point3::default());
        let expected = [
            ([1, 2], 350, Why::Corner),
            ([1, 1], 50, Why::Stop),
            ([4, 4], 25, Why::Stop),
        ];
        assert_eq!(found(&mut spots), expected);
    }

    #[test]
    fn an_arc_has_corners_at_its_ends_alone() {
        let mut spots = Spots::new();
        spots.rests = false;
        for _ in 0..3 {
            spots.moved(slow(7, 0.02, 0.01, [true, true]));
        }
        let mut open = spots.clone();
        open.settle(true);
        let lost = open.open.unwrap().lost;
        let [corner, short, stop] =
            [Why::Corner, Why::ShortMoves, Why::Stop].map(|w| (lost[w as usize] * 1e3).round());
        assert_eq!((corner, short, stop), (10.0, 10.0, 10.0));
    }

    #[test]
    fn short_moves_are_one_stretch_of_no_more_lines_than_the_longest() {
        let mut spots = Spots::new();
        spots.rests = false;
        for line in 0..60 {
            spots.moved(slow(line, 0.02, 0.01, [false, false]));
        }
        spots.moved(slow(60, 5.0, 5.0, [false, false]));
        spots.moved(slow(61, 5.0, 5.0, [false, false]));
        let expected = [([1, 25], 250), ([26, 50], 250), ([51, 60], 100)];
        let all = found(&mut spots);
        assert_eq!(all.iter().map(|s| (s.0, s.1)).collect::<Vec<_>>(), expected);
        assert!(all.iter().all(|s| s.2 == Why::ShortMoves));
    }

    #[test]
    fn the_worst_are_kept_and_what_comes_again_is_counted() {
        let mut spots = Spots::new();
        for round in 0..3 {
            for k in 0..20 {
                let seconds = f64::from(k + 1);
                spots.rested(k * 100, seconds, Why::Dwell, Point3::default());
            }
            assert_eq!(spots.worst.len(), Breakdown::MOST_SPOTS, "{round}");
        }
        let all = spots.all();
        assert_eq!((all[0].lines, all[0].times), ([1901, 1901], 3));
        assert!((all[0].lost - 60.0).abs() < 1e-9);
        assert!(all.windows(2).all(|w| w[0].lost >= w[1].lost));
    }
}
