//! G76: a thread cut in passes, from its words to strokes.
//!
//! The *drive line* is the X where the tool stands when the cycle begins. The crest
//! of the thread is I away from it, inwards (I above 0) or outwards. The first pass
//! cuts J deep, each further one a little less (R), the last one K; spring passes
//! repeat that. The infeed may follow the flank of the thread (Q), and either end
//! may be tapered over a length of E (L).
//!
//! The numbers are those of LinuxCNC 2.9, measured on its interpreter. They are
//! computed in the unit of the program, as there, so that as many passes come out.

use super::Fault;
use crate::geom::Point;

/// Strokes of one pass at most.
const PASS_STROKES: usize = 6;

/// A thread, lengths in program units. Y has no part in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Thread {
    /// From one turn to the next (P).
    pub(crate) pitch: f64,
    /// From the drive line to the crest; above 0 the thread is inside (I).
    pub(crate) crest: f64,
    /// Depth of the first pass below the crest (J).
    pub(crate) first: f64,
    /// Depth of the whole thread below the crest (K).
    pub(crate) depth: f64,
    /// Pass n is as deep as the first times the root of this order of n (R).
    pub(crate) degression: f64,
    /// Angle of the infeed, rad (Q).
    pub(crate) angle: f64,
    /// Passes at full depth after the first of them (H).
    pub(crate) springs: u32,
    /// Length of a taper along Z (E).
    pub(crate) taper: f64,
    /// Whether the entry and the exit are tapered (L).
    pub(crate) tapered: [bool; 2],
}

/// One step of a thread. Points are X (as a radius) and Z, in program units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pass {
    /// A rapid.
    Rapid(Point),
    /// In step with the spindle, by so much for a turn.
    Cut(Point, f64),
}

impl Thread {
    /// Checks what the control checks.
    ///
    /// # Errors
    /// [`Fault::Thread`] and [`Fault::Range`].
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if !(self.pitch > 0.0 && self.first > 0.0 && self.depth > self.first) {
            return Err(Fault::Thread);
        }
        let far = [self.pitch, self.crest, self.depth, self.taper];
        if far.iter().all(|v| v.abs() < 1e100) && self.angle.tan().is_finite() {
            Ok(())
        } else {
            Err(Fault::Range)
        }
    }

    /// Appends the passes of the thread that begins at `from` and ends at the Z of
    /// `end`.
    ///
    /// # Errors
    /// [`Fault::TooMany`] when there would be more than `limit` strokes.
    ///
    /// # Complexity
    /// O(strokes).
    pub(crate) fn passes(
        &self,
        from: Point,
        end: f64,
        limit: usize,
        out: &mut Vec<Pass>,
    ) -> Result<(), Fault> {
        let limit = limit.saturating_add(out.len());
        let room = |out: &Vec<Pass>| out.len().saturating_add(PASS_STROKES) <= limit;
        let mut pass = 1.0;
        loop {
            if !room(out) {
                return Err(Fault::TooMany);
            }
            let deep = self.crest.abs() + self.first * f64::powf(pass, self.root());
            if deep >= self.bottom() {
                break;
            }
            self.pass(from, end, deep, out);
            pass += 1.0;
        }
        for _ in 0..=self.springs {
            if !room(out) {
                return Err(Fault::TooMany);
            }
            self.pass(from, end, self.bottom(), out);
        }
        Ok(())
    }

    fn root(&self) -> f64 {
        1.0 / self.degression.max(1.0)
    }

    /// Depth of the finished thread below the drive line.
    fn bottom(&self) -> f64 {
        self.crest.abs() + self.depth
    }

    /// One pass, `deep` below the drive line.
    fn pass(&self, from: Point, end: f64, deep: f64, out: &mut Vec<Pass>) {
        let inwards = if self.crest > 0.0 { 1.0 } else { -1.0 };
        let along = if end > from.y { 1.0 } else { -1.0 };
        let cut = from.x + inwards * deep;
        let clear = cut - inwards * self.bottom();
        let crest = cut - inwards * self.depth;
        let lean = |deep: f64| -along * (deep - self.crest.abs()) * self.angle.tan();
        let start = from.y - lean(deep);
        // The last pass ends where the program says.
        let end = end + lean(self.bottom()) - lean(deep);
        let taper = along * self.taper;
        let slanted = if self.taper > 0.0 {
            self.pitch * self.taper.hypot(self.depth) / self.taper
        } else {
            self.pitch
        };
        let [entry, exit] = self.tapered;
        out.push(Pass::Rapid(Point::new(clear, start)));
        if entry {
            out.push(Pass::Cut(Point::new(crest, start), slanted));
            out.push(Pass::Cut(Point::new(cut, start + taper), slanted));
        } else {
            out.push(Pass::Rapid(Point::new(cut, start)));
        }
        if exit {
            out.push(Pass::Cut(Point::new(cut, end - taper), self.pitch));
            out.push(Pass::Cut(Point::new(crest, end), slanted));
        } else {
            out.push(Pass::Cut(Point::new(cut, end), self.pitch));
        }
        out.push(Pass::Rapid(Point::new(clear, end)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTER: Thread = Thread {
        pitch: 2.0,
        crest: -2.0,
        first: 1.0,
        depth: 3.0,
        degression: 1.0,
        angle: 0.0,
        springs: 0,
        taper: 0.0,
        tapered: [false; 2],
    };

    fn passes(thread: &Thread, end: f64) -> Vec<Pass> {
        let mut out = Vec::new();
        thread
            .passes(Point::new(20.0, 5.0), end, 1000, &mut out)
            .unwrap();
        out
    }

    fn near(pass: Pass, x: f64, z: f64, pitch: f64) -> bool {
        let (p, by) = match pass {
            Pass::Rapid(p) => (p, 0.0),
            Pass::Cut(p, by) => (p, by),
        };
        p.distance(Point::new(x, z)) < 1e-4 && (by - pitch).abs() < 1e-4
    }

    #[test]
    fn an_outer_thread_in_equal_passes() {
        let all = passes(&OUTER, -10.0);
        assert_eq!(all.len(), 12);
        assert!(near(all[0], 22.0, 5.0, 0.0));
        assert!(near(all[1], 17.0, 5.0, 0.0));
        assert!(near(all[2], 17.0, -10.0, 2.0));
        assert!(near(all[3], 22.0, -10.0, 0.0));
        assert!(near(all[10], 15.0, -10.0, 2.0));
    }

    /// The numbers are those that LinuxCNC's interpreter gives for
    /// `G76 P2 Z-10 I-2 J1 K3 R1.5 Q29.5 H1 E1 L3` from X20 Z5.
    #[test]
    fn tapers_flank_and_degression() {
        let thread = Thread {
            degression: 1.5,
            angle: 29.5_f64.to_radians(),
            springs: 1,
            taper: 1.0,
            tapered: [true; 2],
            ..OUTER
        };
        let all = passes(&thread, -10.0);
        assert_eq!(all.len(), 7 * 6);
        assert!(near(all[0], 22.0, 4.4342, 0.0));
        assert!(near(all[1], 20.0, 4.4342, 6.32456));
        assert!(near(all[2], 17.0, 3.4342, 6.32456));
        assert!(near(all[3], 17.0, -7.8685, 2.0));
        assert!(near(all[4], 20.0, -8.8685, 6.32456));
        assert!(near(all[5], 22.0, -8.8685, 0.0));
        assert!(near(all[8], 16.4126, 3.1019, 6.32456));
        assert!(near(all[40], 18.0, -10.0, 6.32456));
    }

    #[test]
    fn an_inner_thread_upwards() {
        let thread = Thread {
            crest: 2.0,
            first: 0.7,
            angle: -10.0_f64.to_radians(),
            ..OUTER
        };
        let all = passes(&thread, 10.0);
        assert!(near(all[0], 17.7, 4.8766, 0.0));
        assert!(near(all[1], 22.7, 4.8766, 0.0));
        assert!(near(all[2], 22.7, 10.4056, 2.0));
    }

    #[test]
    fn what_is_no_thread() {
        let deep = Thread {
            first: 3.0,
            ..OUTER
        };
        assert_eq!(deep.check(), Err(Fault::Thread));
        let backwards = Thread {
            pitch: -1.0,
            ..OUTER
        };
        assert_eq!(backwards.check(), Err(Fault::Thread));
        let endless = Thread {
            first: 1e-9,
            degression: 50.0,
            ..OUTER
        };
        let mut out = Vec::new();
        let done = endless.passes(Point::default(), 1.0, 500, &mut out);
        assert_eq!((done, endless.check()), (Err(Fault::TooMany), Ok(())));
    }
}
