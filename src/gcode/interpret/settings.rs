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
