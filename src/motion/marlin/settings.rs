//! Marlin's limits and factors as they are while a program runs.

use super::Axes;
use crate::machine::{Corners, Machine, Marlin, RepRapFirmware, Retraction};
use crate::motion::Setting;
use std::f64::consts::PI;

/// The junction deviations that M205 J takes, mm; it refuses all others.
const DEVIATIONS: std::ops::RangeInclusive<f64> = 0.01..=0.3;
/// The diameter of filament before any M200 D, mm.
const DIAMETER_D: f64 = 1.75;

/// What blocks are limited by.
#[derive(Clone, Debug)]
pub(in crate::motion) struct Settings {
    pub(in crate::motion) steps_per_mm: Axes,
    pub(in crate::motion) max_v: Axes,
    pub(in crate::motion) max_a: Axes,
    pub(in crate::motion) print_a: f64,
    pub(in crate::motion) retract_a: f64,
    pub(in crate::motion) travel_a: f64,
    pub(in crate::motion) least_print_v: f64,
    pub(in crate::motion) least_travel_v: f64,
    /// A block that takes less is short, s (M205 B).
    short_t: f64,
    buffer: usize,
    pub(in crate::motion) corners: Corners,
    pub(in crate::motion) retraction: Option<Retraction>,
    pub(in crate::motion) feed_factor: f64,
    /// What M220 R brings back.
    kept_feed_factor: f64,
    flow_factor: f64,
    volumetric: bool,
    diameter_d: f64,
}

impl Settings {
    pub(in crate::motion) fn new(machine: &Machine, marlin: &Marlin) -> Self {
        let with = |xyz: &[f64; 3], e| [xyz[0], xyz[1], xyz[2], e];
        Self {
            steps_per_mm: with(&machine.steps_per_mm, marlin.filament_steps_per_mm),
            max_v: with(&machine.max_rate, marlin.filament_max_rate),
            max_a: with(&machine.acceleration, marlin.filament_acceleration),
            print_a: marlin.print_acceleration,
            retract_a: marlin.retract_acceleration,
            travel_a: marlin.travel_acceleration,
            least_print_v: marlin.least_print_speed,
            least_travel_v: marlin.least_travel_speed,
            short_t: marlin.least_segment_seconds,
            buffer: machine.planner_blocks,
            corners: marlin.corners,
            retraction: marlin.retraction,
            feed_factor: 1.0,
            kept_feed_factor: 1.0,
            flow_factor: 1.0,
            volumetric: marlin.volumetric_diameter.is_some(),
            diameter_d: marlin.volumetric_diameter.unwrap_or(DIAMETER_D),
        }
    }

    /// The same of RepRapFirmware, which sets its limits by the same commands.
    pub(in crate::motion) fn of_reprapfirmware(machine: &Machine, r: &RepRapFirmware) -> Self {
        let with = |xyz: &[f64; 3], e| [xyz[0], xyz[1], xyz[2], e];
        Self {
            steps_per_mm: with(&machine.steps_per_mm, r.filament_steps_per_mm),
            max_v: with(&machine.max_rate, r.filament_max_rate),
            max_a: with(&machine.acceleration, r.filament_acceleration),
            print_a: r.print_acceleration,
            retract_a: f64::INFINITY,
            travel_a: r.travel_acceleration,
            least_print_v: r.least_speed,
            least_travel_v: r.least_speed,
            short_t: 0.0,
            buffer: machine.planner_blocks,
            corners: Corners::Jerk(r.jerk),
            retraction: r.retraction,
            feed_factor: 1.0,
            kept_feed_factor: 1.0,
            flow_factor: 1.0,
            volumetric: false,
            diameter_d: DIAMETER_D,
        }
    }

    /// The jerk of X, Y, Z, E, mm/s; no limit with junction deviation.
    pub(in crate::motion) const fn jerk(&self) -> Axes {
        match self.corners {
            Corners::Jerk(jerk) => jerk,
            Corners::Deviation(_) => [f64::INFINITY; 4],
        }
    }

    /// One over the time of a block, 1/s, from what its feed makes it: while few blocks
    /// wait, a short one is made to last longer, so that the ring can fill (`SLOWDOWN`).
    pub(in crate::motion) fn slowed(&self, rate_t: f64, waiting: usize) -> f64 {
        let few = 2..self.buffer / 2;
        let lacks_t = self.short_t - 1.0 / rate_t;
        if few.contains(&waiting) && lacks_t > 0.0 {
            1.0 / (1.0 / rate_t + 2.0 * lacks_t / waiting as f64)
        } else {
            rate_t
        }
    }

    /// Millimetres of filament for one unit of E.
    pub(in crate::motion) fn filament_factor(&self) -> f64 {
        if self.volumetric {
            let radius_d = self.diameter_d / 2.0;
            self.flow_factor / (PI * radius_d * radius_d)
        } else {
            self.flow_factor
        }
    }

    /// Takes a setting; what the build has not got is ignored, as the firmware does.
    /// Gives whether steps are counted anew.
    pub(in crate::motion) fn set(&mut self, setting: &Setting) -> bool {
        let put = |slot: &mut f64, v: &Option<f64>| {
            if let Some(v) = v.filter(|v| *v > 0.0) {
                *slot = v;
            }
        };
        let put_all = |slots: &mut Axes, values: &[Option<f64>; 4]| {
            slots.iter_mut().zip(values).for_each(|(s, v)| put(s, v));
        };
        match setting {
            Setting::Acceleration {
                print,
                retract,
                travel,
            } => {
                put(&mut self.print_a, print);
                put(&mut self.retract_a, retract);
                put(&mut self.travel_a, travel);
            }
            Setting::StepsPerMm(steps) => {
                put_all(&mut self.steps_per_mm, steps);
                return true;
            }
            Setting::AxisAcceleration(limits) => put_all(&mut self.max_a, limits),
            Setting::AxisRate(limits) => put_all(&mut self.max_v, limits),
            Setting::Jerk(values) => {
                if let Corners::Jerk(jerk) = &mut self.corners {
                    for (slot, v) in jerk.iter_mut().zip(values) {
                        *slot = v.filter(|v| *v >= 0.0).unwrap_or(*slot);
                    }
                }
            }
            Setting::JunctionDeviation(v) => {
                if let Corners::Deviation(deviation) = &mut self.corners
                    && DEVIATIONS.contains(v)
                {
                    *deviation = *v;
                }
            }
            Setting::LeastSpeed { print, travel } => {
                self.least_print_v = print.unwrap_or(self.least_print_v);
                self.least_travel_v = travel.unwrap_or(self.least_travel_v);
            }
            Setting::LeastSegment(seconds) => {
                if *seconds >= 0.0 {
                    self.short_t = *seconds;
                }
            }
            Setting::FeedFactor(f) => put(&mut self.feed_factor, &Some(*f)),
            Setting::KeptFeedFactor { keep, restore } => {
                let now = self.feed_factor;
                if *restore {
                    self.feed_factor = self.kept_feed_factor;
                }
                if *keep {
                    self.kept_feed_factor = now;
                }
            }
            Setting::FlowFactor(f) => {
                if *f >= 0.0 {
                    self.flow_factor = *f;
                }
            }
            Setting::Volumetric { on, diameter } => {
                put(&mut self.diameter_d, diameter);
                self.volumetric = on.unwrap_or(self.volumetric);
            }
            Setting::Retraction {
                length,
                speed,
                extra,
                return_speed,
                hop,
            } => {
                if let Some(r) = &mut self.retraction {
                    r.length = length.unwrap_or(r.length);
                    r.extra = extra.unwrap_or(r.extra);
                    r.hop = hop.unwrap_or(r.hop);
                    put(&mut r.speed, speed);
                    put(&mut r.return_speed, return_speed);
                }
            }
            Setting::Head { .. }
            | Setting::GentleAcceleration(_)
            | Setting::JoinsAll(_)
            | Setting::SeekSpeed(_)
            | Setting::FilamentPlace(_) => {}
        }
        false
    }
}
