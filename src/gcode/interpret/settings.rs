//! What commands of printers' firmware set of its limits and factors. The same number
//! means other things to others: which words a command has, and in which unit they
//! count, stands in the table of the dialect as one of [`Sets`].

use super::super::block::{Block, Refusal};
use super::super::dialect::Sets;
use super::named::Values;
use crate::motion::{Command, Setting};

/// Tells the controller what the command `sets` sets; lengths count in units of
/// `unit_mm`.
pub(super) fn tell(
    sets: Sets,
    block: &Block,
    unit_mm: f64,
    out: &mut Vec<Command>,
) -> Result<(), Refusal> {
    let get = |letter| block.get(letter).map(|v| v * unit_mm);
    let axes = |scale: f64| [b'X', b'Y', b'Z', b'E'].map(|l| get(l).map(|v| v * scale));
    let mut tell = |setting| out.push(Command::Setting(setting));
    match sets {
        Sets::Acceleration => {
            let all = get(b'S');
            tell(Setting::Acceleration {
                print: get(b'P').or(all),
                retract: get(b'R'),
                travel: get(b'T').or(all),
            });
        }
        Sets::HeadAcceleration => {
            let both = || Some(block.get(b'P')?.min(block.get(b'T')?));
            let accel = block.get(b'S').or_else(both);
            let accel = accel.filter(|a| *a > 0.0);
            tell(Setting::Head {
                velocity: None,
                accel: Some(accel.ok_or(Refusal::Missing("S, or P and T"))?),
                minimum_cruise_ratio: None,
                square_corner_velocity: None,
            });
        }
        Sets::StepsPerMm => tell(Setting::StepsPerMm(
            [b'X', b'Y', b'Z', b'E'].map(|l| block.get(l).map(|v| v / unit_mm)),
        )),
        Sets::AxisAcceleration => tell(Setting::AxisAcceleration(axes(1.0))),
        Sets::AxisRate => tell(Setting::AxisRate(axes(1.0))),
        Sets::AxisRatePerMinute => tell(Setting::AxisRate(axes(1.0 / 60.0))),
        Sets::Corners => {
            let jerk = axes(1.0);
            if jerk.iter().any(Option::is_some) {
                tell(Setting::Jerk(jerk));
            }
            if let Some(deviation) = get(b'J') {
                tell(Setting::JunctionDeviation(deviation));
            }
            if let Some(microseconds) = block.get(b'B') {
                tell(Setting::LeastSegment(microseconds / 1e6));
            }
            let (print, travel) = (get(b'S'), get(b'T'));
            if print.is_some() || travel.is_some() {
                tell(Setting::LeastSpeed { print, travel });
            }
        }
        Sets::Deviation => {
            if let Some(deviation) = get(b'X') {
                tell(Setting::JunctionDeviation(deviation));
            }
        }
        Sets::JerkPerMinute => {
            tell(Setting::Jerk(axes(1.0 / 60.0)));
            if let Some(policy) = block.get(b'P') {
                tell(Setting::JoinsAll(policy != 0.0));
            }
        }
        Sets::FeedFactor => {
            if let Some(percent) = block.get(b'S') {
                tell(Setting::FeedFactor(percent / 100.0));
            }
        }
        Sets::FlowFactor => {
            if let Some(percent) = block.get(b'S') {
                tell(Setting::FlowFactor(percent / 100.0));
            }
        }
        Sets::WholeFeedFactor => {
            let (keep, restore) = (block.names(b'B'), block.names(b'R'));
            if keep || restore {
                tell(Setting::KeptFeedFactor { keep, restore });
            }
            if let Some(percent) = block.get(b'S') {
                tell(Setting::FeedFactor(percent.trunc() / 100.0));
            }
        }
        Sets::WholeFlowFactor => {
            if let Some(percent) = block.get(b'S') {
                tell(Setting::FlowFactor(percent.trunc() / 100.0));
            }
        }
        Sets::HeadFeedFactor => tell(Setting::FeedFactor(factor(block)?)),
        Sets::HeadFlowFactor => tell(Setting::FlowFactor(factor(block)?)),
        Sets::Volumetric => {
            let diameter = get(b'D');
            // D0 switches off, any other D on, unless S says otherwise.
            let on = match diameter {
                Some(d) if d <= 0.0 => Some(false),
                _ => block
                    .get(b'S')
                    .map(|s| s != 0.0)
                    .or(diameter.and(Some(true))),
            };
            tell(Setting::Volumetric {
                on,
                diameter: diameter.filter(|d| *d > 0.0),
            });
        }
        Sets::RetractBack => tell(Setting::Retraction {
            length: get(b'S'),
            speed: get(b'F').map(|v| v / 60.0),
            extra: None,
            return_speed: None,
            hop: get(b'Z'),
        }),
        Sets::RetractForth => tell(Setting::Retraction {
            length: None,
            speed: None,
            extra: get(b'S'),
            return_speed: get(b'F').map(|v| v / 60.0),
            hop: None,
        }),
        Sets::RetractBoth => {
            let speed = get(b'F').map(|v| v / 60.0);
            tell(Setting::Retraction {
                length: get(b'S'),
                speed,
                extra: get(b'R'),
                return_speed: get(b'T').map(|v| v / 60.0).or(speed),
                hop: get(b'Z'),
            });
        }
        // These have a text and no words.
        Sets::Head | Sets::Retraction | Sets::Offset => {}
    }
    Ok(())
}

/// The same for a command with a name.
pub(super) fn tell_named(sets: Sets, values: &Values, out: &mut Vec<Command>) {
    let get = |key: &str, least: f64| values.number(key).filter(|v| *v >= least);
    match sets {
        Sets::Head => {
            let ratio = get("MINIMUM_CRUISE_RATIO", 0.0).filter(|r| *r < 1.0);
            out.push(Command::Setting(Setting::Head {
                velocity: get("VELOCITY", f64::MIN_POSITIVE),
                accel: get("ACCEL", f64::MIN_POSITIVE),
                minimum_cruise_ratio: ratio,
                square_corner_velocity: get("SQUARE_CORNER_VELOCITY", 0.0),
            }));
            // The old word for it does not count beside the new one.
            if let (None, Some(a)) = (ratio, get("ACCEL_TO_DECEL", f64::MIN_POSITIVE)) {
                out.push(Command::Setting(Setting::GentleAcceleration(a)));
            }
        }
        Sets::Retraction => out.push(Command::Setting(Setting::Retraction {
            length: get("RETRACT_LENGTH", 0.0),
            speed: get("RETRACT_SPEED", 1.0),
            extra: get("UNRETRACT_EXTRA_LENGTH", 0.0),
            return_speed: get("UNRETRACT_SPEED", 1.0),
            hop: None,
        })),
        _ => {}
    }
}

/// The share that S gives in percent; all where there is none.
fn factor(block: &Block) -> Result<f64, Refusal> {
    let percent = block.get(b'S').unwrap_or(100.0);
    if percent > 0.0 {
        Ok(percent / 100.0)
    } else {
        Err(Refusal::Mode("S must be above 0"))
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use crate::gcode::dialect::Dialect;
    use crate::gcode::run::Run;
    use crate::motion::{Command, Rate, Setting};
    use crate::source::Source;

    /// What a program tells Marlin, and whether a line of it was refused.
    fn told(program: &str) -> (Vec<Command>, bool) {
        let source = Source::new(program.replace(';', "\n").into_bytes());
        let mut run = Run::new(&source, Dialect::MARLIN);
        let (mut all, mut refused) = (Vec::new(), false);
        while let Some(done) = run.step() {
            refused |= done.outcome.ignored.is_some();
            all.extend_from_slice(run.commands());
        }
        (all, refused)
    }

    fn settings(program: &str) -> Vec<Setting> {
        let set = |c: &Command| match c {
            Command::Setting(s) => Some(*s),
            _ => None,
        };
        told(program).0.iter().filter_map(set).collect()
    }

    /// Filament and feed of all moves.
    fn fed(program: &str) -> Vec<(f64, Rate)> {
        let (all, refused) = told(program);
        assert!(!refused, "{program}");
        let fed = |c: &Command| match c {
            Command::Move(m) => Some((m.filament, m.rate)),
            _ => None,
        };
        all.iter().filter_map(fed).collect()
    }

    /// The E of a limit is a value of the filament, and no place of it.
    #[test]
    fn limits_of_the_filament_reach_the_machine_and_feed_nothing() {
        let own = |v| [None, None, None, Some(v)];
        let cases = [
            ("M92 E400", Setting::StepsPerMm(own(400.0))),
            ("M201 E5000", Setting::AxisAcceleration(own(5000.0))),
            ("M203 E50", Setting::AxisRate(own(50.0))),
            ("M205 E3", Setting::Jerk(own(3.0))),
        ];
        for (line, setting) in cases {
            assert_eq!(settings(line), [setting], "{line}");
            let program = format!("M82;G1 X10 E1 F600;{line};G1 X20 E3");
            let fed: Vec<_> = fed(&program).iter().map(|(e, _)| *e).collect();
            assert_eq!(fed, [1.0, 2.0], "{line}");
        }
        assert_eq!(fed("M82;M907 E430;G1 X10 E1 F600")[0].0, 1.0);
    }

    #[test]
    fn only_g92_with_e_tells_the_place_of_the_filament() {
        assert_eq!(settings("G92 E0"), [Setting::FilamentPlace(0.0)]);
        assert_eq!(settings("G20;G92 X1 E2"), [Setting::FilamentPlace(50.8)]);
        assert_eq!(settings("G92 X5"), []);
    }

    /// Marlin counts whole percents, and cuts off what is behind the point.
    #[test]
    fn factors_are_whole_percents_and_are_kept_and_brought_back() {
        assert_eq!(settings("M220 S87.9"), [Setting::FeedFactor(0.87)]);
        assert_eq!(settings("M221 S92.5"), [Setting::FlowFactor(0.92)]);
        let kept = |keep, restore| Setting::KeptFeedFactor { keep, restore };
        assert_eq!(settings("M220 B"), [kept(true, false)]);
        assert_eq!(settings("M220 R"), [kept(false, true)]);
        let both = [kept(true, true), Setting::FeedFactor(0.5)];
        assert_eq!(settings("M220 B R S50"), both);
    }

    #[test]
    fn homing_of_letters_without_numbers_leaves_the_other_axes() {
        let homed = |line: &str| {
            let (all, _) = told(&format!("G1 X5 Y6 Z7 F600;{line}"));
            let place = |c: &Command| match c {
                Command::Place(p) => Some(p.to_array()),
                _ => None,
            };
            all.iter().find_map(place).unwrap()
        };
        assert_eq!(homed("G28 X Y"), [0.0, 0.0, 7.0]);
        assert_eq!(homed("G28 z"), [0.0; 3]);
        assert_eq!(homed("G28 Z"), [5.0, 6.0, 0.0]);
        assert_eq!(homed("G28 W"), [0.0; 3]);
    }

    #[test]
    fn a_feed_of_0_or_less_leaves_the_feed_as_it_was() {
        for line in ["G1 X20 F0", "G1 X20 F-5", "G0 X20 F0", "G1 F0;G1 X20"] {
            let all = fed(&format!("G1 X10 F600;{line};G1 X30"));
            assert_eq!(all, [(0.0, Rate::Feed(10.0)); 3], "{line}");
        }
    }

    /// R that is too small to reach the end is taken for half the way to it.
    #[test]
    fn an_arc_by_too_small_a_radius_is_half_a_circle() {
        let (all, refused) = told("G0 X10 F600;G2 X20 R-3 F600");
        assert!(!refused);
        let arc = all.iter().find_map(|c| match c {
            Command::Move(m) => m.arc,
            _ => None,
        });
        let arc = arc.unwrap();
        assert_eq!((arc.offset.x, arc.offset.y, arc.radius), (5.0, 0.0, 5.0));
        assert!(told("G0 X10 F600;G2 X20 R0 F600").1);
    }
}
