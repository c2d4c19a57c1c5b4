//! What a program does apart from burning, which an optimised one does too.

use crate::gcode::{self, Effect, Reading};
use crate::geom::Point3;
use crate::motion::{Beam, Command, SpindleMode};
use crate::source::Source;

/// Dwells are written to a millisecond.
const DWELL_SLACK: f64 = 0.000_51;

/// What a program does apart from burning: how it treats the beam in between,
/// what in it must stay, and how it ends.
struct Conduct {
    hot_rapids: bool,
    /// Lines that nothing may be moved across, in order.
    fences: Vec<Vec<u8>>,
    /// Dwells, sorted, s.
    dwells: Vec<f64>,
    spindle: SpindleMode,
    at: Point3,
}

impl Conduct {
    fn of(source: &Source, how: Reading) -> Self {
        let mut run = gcode::Run::new(source.in_order(), how);
        let (mut hot_rapids, mut dwells, mut fences) = (false, Vec::new(), Vec::new());
        while let Some(done) = run.step() {
            if done.outcome.effect == Effect::Fence && !done.nested {
                fences.push(gcode::without_number(source.line(done.line), how.dialect));
            }
            let mut rapid = false;
            for command in run.commands() {
                match command {
                    Command::Move(m) => rapid |= m.beam == Beam::Rapid,
                    Command::Dwell { seconds } => dwells.push(*seconds),
                    _ => {}
                }
            }
            let modal = run.machine().modal();
            hot_rapids |= rapid && modal.spindle != SpindleMode::Off && modal.speed > 0.0;
        }
        dwells.sort_by(f64::total_cmp);
        Self {
            hot_rapids,
            fences,
            dwells,
            spindle: run.machine().modal().spindle,
            at: run.machine().position(),
        }
    }
}

/// Checks that the beam is off wherever it was, dwells and fences are all there,
/// and the head ends where it did.
pub(super) fn same_conduct(
    how: Reading,
    [before, after]: [&Source; 2],
    tolerance: f64,
) -> Result<(), String> {
    let (a, b) = (Conduct::of(before, how), Conduct::of(after, how));
    if b.hot_rapids && !a.hot_rapids {
        Err("a rapid would be made with the beam on".into())
    } else if a.fences != b.fences {
        Err("a line that must be kept is missing or has moved".into())
    } else if a.dwells.len() != b.dwells.len()
        || a.dwells
            .iter()
            .zip(&b.dwells)
            .any(|(x, y)| (x - y).abs() > DWELL_SLACK)
    {
        Err("a dwell would be lost or another".into())
    } else if b.spindle != a.spindle {
        Err("the spindle or laser would end in another state".into())
    } else if b.at.distance(a.at) > tolerance {
        Err("the head would end at another place".into())
    } else {
        Ok(())
    }
}
