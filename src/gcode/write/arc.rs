//! How an arc is written such that the firmware draws it: a centre whose numbers
//! fit both ends as they stand in the file.
//!
//! The centre belongs on the perpendicular bisector of the chord between the
//! emitted ends; rounding takes it off. Of the four numbers around it the one is
//! taken with which the firmware's arc (its radius at the start, its sweep) is
//! nearest to the one that is meant. None fits when the radii at the two ends
//! differ by more than the firmware takes, when the middle would come to lie
//! elsewhere, or when a short arc would be taken for a full circle or the
//! reverse. Then the arc is written in two halves, and what is too flat for that
//! as a line.
//!
//! A machine may want the radius in place of the centre: then no arc that is written
//! turns by more than [`ArcFormat::MOST_BY_RADIUS`], within which R's last decimal moves
//! the arc by no more than itself.

use super::super::arc::radii_agree;
use crate::geom::{Point, arc_center, arc_from_center, midpoint, sweep};
use crate::machine::ArcFormat;
use crate::motion::Plane;
use std::f64::consts::{PI, TAU};

/// Radii above this are written as lines, mm: firmware that counts in single
/// precision misses a hundredth of a millimetre there.
pub(super) const LARGEST_RADIUS: f64 = 1e5;
/// How far the middle of the arc may be from where it is meant, in steps.
const MIDDLE_STEPS: f64 = 1.5;
/// A sweep below this is taken for a full circle by some firmware, rad.
const LEAST_SWEEP: f64 = 1e-5;
/// A sweep above this, in turns, is no arc with two ends any more.
const MOST_TURN: f64 = 0.95;

/// Where an arc runs, mm.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    /// From its start to its centre.
    Center(Point),
    Radius(f64),
}

impl Words {
    /// Letters and lengths, mm, of an arc in a plane.
    pub(super) fn letters(self, plane: Plane) -> impl Iterator<Item = (u8, f64)> {
        let [i, j, _] = plane.axes();
        let all = match self {
            Self::Center(p) => [Some((b'I' + i as u8, p.x)), Some((b'I' + j as u8, p.y))],
            Self::Radius(radius) => [Some((b'R', radius)), None],
        };
        all.into_iter().flatten()
    }
}

/// An arc that is meant, in its plane, mm and rad.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant {
    from: Point,
    to: Point,
    /// Counter-clockwise above 0.
    sweep: f64,
    center: Point,
    middle: Point,
}

impl Meant {
    /// A segment by bulge. `None` where it is a line.
    pub(super) fn of(from: Point, to: Point, bulge: f64) -> Option<Self> {
        Some(Self {
            from,
            to,
            sweep: sweep(bulge),
            center: arc_center(from, to, bulge)?,
            middle: midpoint(from, to, bulge),
        })
    }

    /// The arc that two segments of one bulge are the halves of, if they are: a
    /// full circle, or one with clearly separate ends.
    pub(super) fn whole([from, middle, to]: [Point; 3], bulge: f64, step: f64) -> Option<Self> {
        let center = arc_center(from, middle, bulge)?;
        let other = arc_center(middle, to, bulge)?;
        let sweep = 2.0 * sweep(bulge);
        let one = center.distance(other) < step / 2.0 && sweep.abs() <= TAU + 1e-9;
        one.then_some(Self {
            from,
            to,
            sweep,
            center: center.lerp(other, 0.5),
            middle,
        })
    }

    /// mm.
    pub(super) fn radius(&self) -> f64 {
        self.center.distance(self.from)
    }

    /// How high the arc stands over its chord, mm.
    pub(super) fn height(&self) -> f64 {
        self.middle.distance(self.from.lerp(self.to, 0.5))
    }

    /// The words after the end's for an arc between the emitted ends `start` and `end`;
    /// `None` where no numbers fit.
    pub(super) fn words(
        &self,
        start: Point,
        end: Point,
        step: f64,
        format: ArcFormat,
    ) -> Option<Words> {
        let nearly_full = self.from != self.to && self.sweep.abs() > MOST_TURN * TAU;
        if nearly_full {
            return None;
        }
        self.words_exact(start, end, step, format)
    }

    /// The same for ends that are no more rounded than they were, which can be told
    /// apart however near they are.
    pub(super) fn words_exact(
        &self,
        start: Point,
        end: Point,
        step: f64,
        format: ArcFormat,
    ) -> Option<Words> {
        match format {
            ArcFormat::Center => self.offset(start, end, step).map(Words::Center),
            ArcFormat::Radius => self.radius_of(start, end, step).map(Words::Radius),
        }
    }

    /// The radius, in whole `step`s, with which an arc between the emitted ends passes
    /// nearest to where it is meant; `None` when it turns too far for that.
    fn radius_of(&self, start: Point, end: Point, step: f64) -> Option<f64> {
        let turn = self.sweep.abs();
        if !(LEAST_SWEEP..=ArcFormat::MOST_BY_RADIUS).contains(&turn) {
            return None;
        }
        let half = start.distance(end) / 2.0;
        let radius = (half / (turn / 2.0).sin() / step).round() * step;
        // No circle so small reaches both ends.
        if radius < step || radius < half {
            return None;
        }
        let bulge = (half / radius).asin() / 2.0;
        let middle = midpoint(start, end, bulge.tan().copysign(self.sweep));
        (middle.distance(self.middle) <= MIDDLE_STEPS * step).then_some(radius)
    }

    /// From the start to the centre, in whole `step`s, for an arc between the
    /// emitted ends `start` and `end`; `None` when no centre fits.
    fn offset(&self, start: Point, end: Point, step: f64) -> Option<Point> {
        let full = self.from == self.to;
        if full != (start == end) {
            return None;
        }
        let turn = self.sweep.abs();
        if !full && !(LEAST_SWEEP..=TAU - LEAST_SWEEP).contains(&turn) {
            return None;
        }
        let center = if turn <= PI {
            // The chord is longer than what rounding does to it: its bisector rules.
            arc_center(start, end, (self.sweep / 4.0).tan())?
        } else {
            self.center
        };
        let ideal = (center - start) * (1.0 / step);
        let sides = |v: f64| [v.floor(), v.ceil()];
        let mut best: Option<(f64, Point)> = None;
        for x in sides(ideal.x) {
            for y in sides(ideal.y) {
                let offset = Point::new(x * step, y * step);
                if let Some(off) = self.misses(start, end, offset, step)
                    && best.is_none_or(|(least, _)| off < least)
                {
                    best = Some((off, offset));
                }
            }
        }
        best.map(|(_, offset)| offset)
    }

    /// How far the arc that firmware makes of these numbers is from this one, mm;
    /// `None` when that is another arc.
    fn misses(&self, start: Point, end: Point, offset: Point, step: f64) -> Option<f64> {
        let (a, b) = (offset.norm(), (end - start - offset).norm());
        if a < step || !radii_agree(a, b) {
            return None;
        }
        let center = start + offset;
        let (half, bulge) = arc_from_center(start, end, center, self.sweep < 0.0);
        let (middle, drawn) = match half {
            Some((middle, half)) => (middle, 2.0 * sweep(half)),
            None => (midpoint(start, end, bulge), sweep(bulge)),
        };
        let off = middle.distance(self.middle);
        let same_turn = (drawn - self.sweep).abs() < PI / 2.0;
        (same_turn && off <= MIDDLE_STEPS * step).then_some(off.max((a - b).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Meant {
        fn offset_between(&self, start: Point, end: Point, step: f64) -> Option<Point> {
            match self.words(start, end, step, ArcFormat::Center)? {
                Words::Center(offset) => Some(offset),
                Words::Radius(_) => None,
            }
        }
    }

    fn on_grid(p: Point, step: f64) -> Point {
        Point::new((p.x / step).round() * step, (p.y / step).round() * step)
    }

    /// What firmware makes of the words: sweep and middle.
    fn drawn(start: Point, end: Point, offset: Point, clockwise: bool) -> (f64, Point) {
        let center = start + offset;
        let angle = |p: Point| (p - center).y.atan2((p - center).x);
        let mut sweep = angle(end) - angle(start);
        if clockwise {
            while sweep >= -5e-7 {
                sweep -= TAU;
            }
        } else {
            while sweep <= 5e-7 {
                sweep += TAU;
            }
        }
        let (s, c) = (angle(start) + sweep / 2.0).sin_cos();
        (sweep, center + Point::new(c, s) * offset.norm())
    }

    proptest! {
        #[test]
        fn what_is_drawn_is_what_is_meant(
            x in -300.0_f64..300.0,
            y in -300.0_f64..300.0,
            log_r in -3.0_f64..4.5,
            at in 0.0..TAU,
            turn in -0.999_f64..0.999,
            decimals in 2_i32..6,
        ) {
            let step = 10_f64.powi(-decimals);
            let (r, sweep) = (10_f64.powf(log_r), turn * TAU);
            let on = |angle: f64| {
                let (s, c) = angle.sin_cos();
                Point::new(x + r * c, y + r * s)
            };
            let (from, to) = (on(at), on(at + sweep));
            let meant = Meant {
                from,
                to,
                sweep,
                center: Point::new(x, y),
                middle: on(at + sweep / 2.0),
            };
            let (start, end) = (on_grid(from, step), on_grid(to, step));
            let Some(offset) = meant.offset_between(start, end, step) else {
                // Only what is small, nearly full or very flat may be without centre.
                let flat = meant.height() < 8.0 * step;
                prop_assert!(flat || r < 8.0 * step || turn.abs() > 0.5, "{meant:?}");
                return Ok(());
            };
            let (got, middle) = drawn(start, end, offset, sweep < 0.0);
            prop_assert!((got - sweep).abs() < PI, "{got} for {sweep}");
            prop_assert!(middle.distance(meant.middle) < 3.0 * step);
            let (a, b) = (offset.norm(), (end - start - offset).norm());
            prop_assert!(radii_agree(a, b));
            // As well as the decimals allow: rounding moves a centre by less.
            prop_assert!((a - b).abs() <= 1.5 * step);
        }

        /// Up to a third of a turn, with R as near as decimals allow: the middle of what
        /// is drawn is at most a step beside the middle of the arc through the written ends.
        #[test]
        fn what_is_drawn_by_its_radius_is_what_is_meant(
            log_r in -2.0_f64..4.5,
            at in 0.0..TAU,
            turn in -2.09_f64..2.09,
            decimals in 2_i32..6,
        ) {
            let step = 10_f64.powi(-decimals);
            let r = 10_f64.powf(log_r);
            let on = |angle: f64| {
                let (s, c) = angle.sin_cos();
                Point::new(r * c, r * s)
            };
            let meant = Meant::of(on(at), on(at + turn), (turn / 4.0).tan());
            let Some(meant) = meant.filter(|m| m.height() >= step) else {
                return Ok(());
            };
            let (start, end) = (on_grid(meant.from, step), on_grid(meant.to, step));
            let Some(radius) = meant.radius_of(start, end, step) else {
                prop_assert!(r < 8.0 * step, "{meant:?}");
                return Ok(());
            };
            // The centre that firmware finds: left of the chord for a turn to the left.
            let chord = end - start;
            let apothem = (radius * radius - chord.dot(chord) / 4.0).sqrt();
            let side = apothem.copysign(turn) / chord.norm();
            let offset = chord * 0.5 + chord.perp() * side;
            let (got, middle) = drawn(start, end, offset, turn < 0.0);
            prop_assert!((got - turn).abs() < PI / 2.0, "{got} for {turn}");
            prop_assert!(middle.distance(meant.middle) < 2.0 * step);
        }

        #[test]
        fn quarter_to_half_circles_of_any_size_are_one_arc(
            r in 0.1_f64..1000.0,
            at in 0.0..TAU,
            sweep in 1.5_f64..PI,
        ) {
            let step = 1e-4;
            let on = |angle: f64| {
                let (s, c) = angle.sin_cos();
                Point::new(r * c, r * s)
            };
            let (from, to) = (on(at), on(at + sweep));
            let meant = Meant::of(from, to, (sweep / 4.0).tan()).unwrap();
            prop_assert!(meant.offset_between(on_grid(from, step), on_grid(to, step), step).is_some());
        }
    }

    #[test]
    fn ends_that_nearly_meet_are_no_circle() {
        let step = 1e-4;
        let p = Point::new;
        // A full circle whose emitted ends are a step apart.
        let meant = Meant::whole([p(0.0, 0.0), p(10.0, 0.0), p(0.0, 0.0)], 1.0, step).unwrap();
        assert!(
            meant
                .offset_between(p(0.0, 0.0), p(0.0, 1e-4), step)
                .is_none()
        );
        assert!(
            meant
                .offset_between(p(0.0, 0.0), p(0.0, 0.0), step)
                .is_some()
        );
        // A short arc whose emitted ends are one.
        let meant = Meant::of(p(0.0, 0.0), p(2e-5, 0.0), 0.5).unwrap();
        assert!(
            meant
                .offset_between(p(0.0, 0.0), p(0.0, 0.0), step)
                .is_none()
        );
    }
}
