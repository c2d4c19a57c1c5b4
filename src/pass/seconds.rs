//! How long a toolpath takes, as far as it is one: lines that are kept as they are
//! count as a stop.

use crate::geom::{Point, Point3, arc_center};
use crate::machine::Machine;
use crate::motion::{Arc, Beam, Command, Move, Planner, Rate, SpindleMode, planner_for};
use crate::toolpath::{Approach, Attributes, Role, Segment, Step, Toolpath};

/// Seconds that a toolpath takes on `machine`, with the ways between its paths.
///
/// # Complexity
/// O(segments).
pub(super) fn of_toolpath(toolpath: &Toolpath, machine: &Machine) -> f64 {
    let mut clock = Clock::new(machine, toolpath.start());
    for step in toolpath.steps() {
        match step {
            Step::Raw(raw) => clock.planner.push(&Command::Place(raw.exit_at)),
            Step::Path(path) => {
                let rate = match path.approach {
                    Approach::Rapid => Rate::Rapid,
                    Approach::Feed(rate) => rate,
                };
                clock.go(path.start, None, rate, Beam::Rapid);
                clock.segments(toolpath, path.start, toolpath.segments(path));
                let seconds = path.entry_dwell + path.exit_dwell;
                if seconds > 0.0 {
                    clock.planner.push(&Command::Dwell { seconds });
                }
            }
        }
    }
    clock.stop()
}

/// Seconds that segments from `start` take on `machine`, from rest to rest.
///
/// # Complexity
/// O(segments).
pub(super) fn of_segments(
    toolpath: &Toolpath,
    start: Point3,
    segments: &[Segment],
    machine: &Machine,
) -> f64 {
    let mut clock = Clock::new(machine, start);
    clock.segments(toolpath, start, segments);
    clock.stop()
}

/// Seconds from rest at `from` to rest at `to` along runs, a rapid to each; to the end of
/// the last where nothing follows.
///
/// # Complexity
/// O(segments).
pub(super) fn of_runs<'a>(
    toolpath: &Toolpath,
    machine: &Machine,
    from: Point3,
    runs: impl Iterator<Item = (Point3, &'a [Segment])>,
    to: Option<Point3>,
) -> f64 {
    let mut clock = Clock::new(machine, from);
    for (start, segments) in runs {
        clock.go(start, None, Rate::Rapid, Beam::Rapid);
        clock.segments(toolpath, start, segments);
    }
    if let Some(to) = to {
        clock.go(to, None, Rate::Rapid, Beam::Rapid);
    }
    clock.stop()
}

struct Clock {
    planner: Box<dyn Planner>,
    spindle: SpindleMode,
}

impl Clock {
    fn new(machine: &Machine, at: Point3) -> Self {
        let mut planner = planner_for(machine);
        planner.push(&Command::Place(at));
        Self {
            planner,
            spindle: SpindleMode::Off,
        }
    }

    fn segments(&mut self, toolpath: &Toolpath, start: Point3, segments: &[Segment]) {
        let mut from = start;
        for s in segments {
            let a = toolpath.attributes().get(s.attr);
            if a.spindle != self.spindle {
                self.spindle = a.spindle;
                self.planner.push(&Command::SpindleMode(a.spindle));
            }
            let beam = match a.role {
                Role::Burn => Beam::On,
                Role::Dark => Beam::Dark,
            };
            self.go(s.end, arc(from.to_array(), s, a), a.rate, beam);
            from = s.end;
        }
    }

    fn go(&mut self, to: Point3, arc: Option<Arc>, rate: Rate, beam: Beam) {
        self.planner.push(&Command::Move(Move {
            to,
            arc,
            rate,
            beam,
            filament: 0.0,
        }));
    }

    fn stop(mut self) -> f64 {
        let times = self.planner.finish();
        let moving = [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On];
        let moving: f64 = moving.iter().map(|b| times.of(*b).0).sum();
        moving + times.dwell_s + times.stopped_s
    }
}

/// The arc of a segment.
fn arc(from: [f64; 3], s: &Segment, a: &Attributes) -> Option<Arc> {
    let ([i, j, _], to) = (a.plane.axes(), s.end.to_array());
    let (from, to) = (Point::new(from[i], from[j]), Point::new(to[i], to[j]));
    let offset = arc_center(from, to, s.bulge)? - from;
    Some(Arc {
        plane: a.plane,
        offset,
        radius: offset.norm(),
        clockwise: s.bulge < 0.0,
    })
}
