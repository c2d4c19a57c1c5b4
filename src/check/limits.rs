//! Feeds and powers that the machine does not reach.

use super::step::Step;
use super::tally::Tally;
use super::{FEED_ABOVE_LIMIT, POWER_ABOVE_MAX};
use crate::diag::{Diagnostics, Severity};
use crate::geom::Point3;
use crate::machine::Machine;
use crate::motion::{Plane, Rate, SpindleMode};
use crate::toolpath::{Attributes, Segment};

/// Converting units is no excess: a share of the limit.
const SLACK: f64 = 1e-9;

pub(super) struct Limits<'a> {
    machine: &'a Machine,
    feeds: Tally,
    /// Feed and limit of the first, mm/s.
    first_feed: (f64, f64),
    powers: Tally,
    greatest: f64,
}

impl<'a> Limits<'a> {
    pub(super) fn new(machine: &'a Machine) -> Self {
        Self {
            machine,
            feeds: Tally::default(),
            first_feed: (0.0, 0.0),
            powers: Tally::default(),
            greatest: 0.0,
        }
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        for (from, m) in step.moves() {
            let Some(limit_v) = self.limit(from, m.to, m.arc.map(|a| a.plane)) else {
                continue;
            };
            let feed_v = match m.rate {
                Rate::Feed(v) => v,
                // Once per so many seconds for the whole length of a line.
                Rate::Inverse(f) if m.arc.is_none() => f * from.distance(m.to),
                Rate::Inverse(_) | Rate::Rapid => continue,
            };
            self.feed([feed_v, limit_v], || step.place(b"FGXYZ"));
        }
        // S counts while the spindle is on, and when it is switched on.
        let on = step.after.spindle != SpindleMode::Off;
        let set =
            step.words.iter().any(|w| w.letter == b'S') || step.before.spindle == SpindleMode::Off;
        if on && set {
            self.power(step.after.speed, || step.place(b"SM"));
        }
    }

    /// One segment of a drawing, at its place in the source.
    pub(super) fn segment(
        &mut self,
        from: Point3,
        segment: &Segment,
        how: &Attributes,
        place: (u32, u32),
    ) {
        let arc = (segment.bulge != 0.0).then_some(how.plane);
        if let (Rate::Feed(feed_v), Some(limit_v)) = (how.rate, self.limit(from, segment.end, arc))
        {
            self.feed([feed_v, limit_v], || place);
        }
        self.power(how.power, || place);
    }

    /// Counts a feed that is above its limit, mm/s.
    fn feed(&mut self, [feed_v, limit_v]: [f64; 2], place: impl FnOnce() -> (u32, u32)) {
        if feed_v > limit_v * (1.0 + SLACK) && self.feeds.add(place()) {
            self.first_feed = (feed_v, limit_v);
        }
    }

    /// Counts a power that is above the machine's greatest.
    fn power(&mut self, power: f64, place: impl FnOnce() -> (u32, u32)) {
        if power > self.machine.power_max {
            let _ = self.powers.add(place());
            self.greatest = self.greatest.max(power);
        }
    }

    /// Greatest speed of a feed move, mm/s: the limit of the slowest axis for its
    /// share of the way; an arc needs all of both axes somewhere. `None`: no way.
    fn limit(&self, from: Point3, to: Point3, arc: Option<Plane>) -> Option<f64> {
        let rate = self.machine.max_rate;
        if let Some(plane) = arc {
            let [i, j, _] = plane.axes();
            return Some(rate[i].min(rate[j]));
        }
        let way = to - from;
        let length = way.norm();
        if length == 0.0 {
            return None;
        }
        let shares = way.to_array().map(|d| d.abs() / length);
        let limits = shares.iter().zip(rate).filter(|(s, _)| **s > 0.0);
        Some(limits.fold(f64::INFINITY, |least, (s, r)| least.min(r / s)))
    }

    pub(super) fn finish(self, found: &mut Diagnostics) {
        if !self.feeds.is_empty() {
            let (feed, limit) = self.first_feed;
            let what = format!(
                "the feed of {:.0} mm/min is above what {} can do on this move: {:.0} mm/min",
                feed * 60.0,
                self.machine.name,
                limit * 60.0
            );
            found.push(
                self.feeds
                    .finding(FEED_ABOVE_LIMIT, Severity::Warning, what)
                    .with_help("the firmware goes slower than written"),
            );
        }
        if !self.powers.is_empty() {
            let what = format!(
                "S{} is above S{}, the full power of {}",
                self.greatest, self.machine.power_max, self.machine.name
            );
            found.push(
                self.powers
                    .finding(POWER_ABOVE_MAX, Severity::Warning, what)
                    .with_help("all values above it burn alike; set the scale of S"),
            );
        }
    }
}
