//! Prints what a G-code file makes the machine do, one line for each move:
//!
//! `cargo run --release --example moves -- FILE [DIALECT]`
//!
//! Each line is `STEP LINE KIND …`, where STEP counts executed lines from 0 (a
//! loop executes a line again) and LINE is the line of the file from 1:
//!
//! | kind | what follows |
//! |---|---|
//! | `rapid` | the end point |
//! | `feed` | the end point, the rate |
//! | `arc` | the end point, the rate, the plane, the centre in the plane's own two axes, turns (begun, positive for counter-clockwise) |
//! | `probe` | the end point, which it is taken to reach; the rate |
//! | `place` | where the head is from here on, however it came there |
//! | `dwell` | seconds |
//! | `end` | nothing: the program ends here |
//! | `refused` | the reason; the line does nothing |
//!
//! An end point is X Y Z A B C U V W in machine coordinates, mm and degrees. A
//! rate is `min:` and mm/min, `turn:` and mm per turn of the spindle, or `inverse:`
//! and times per minute.
//!
//! After a probe the head is set 0.254 mm back towards where it came from. That is
//! what LinuxCNC's `rs274` takes to happen, with which the moves are compared.
#![allow(clippy::print_stdout)] // an example talks

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io::Write;
use trajet::Source;
use trajet::gcode::{Dialect, FeedMode, Run};
use trajet::geom::Point3;
use trajet::motion::{Arc, Command, Move, Plane, Rate, Wait};

/// What `rs274` backs off by after a probe.
const BACK_OFF_MM: f64 = 0.254;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name the file")?;
    let dialect = match std::env::args().nth(2) {
        Some(name) => Dialect::by_name(&name).ok_or("no such dialect")?,
        None => Dialect::LINUXCNC,
    };
    let source = Source::new(std::fs::read(file)?);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    print(&source, dialect, &mut out)?;
    out.flush()?;
    Ok(())
}

/// Runs the program and prints as it goes.
fn print(source: &Source, dialect: &'static Dialect, out: &mut impl Write) -> std::io::Result<()> {
    let mut run = Run::new(source, dialect);
    let mut from = Place(run.machine().axes());
    for step in 0.. {
        let Some(done) = run.step() else {
            break;
        };
        let tag = format!("{step} {}", done.line + 1);
        if let Some(why) = done.outcome.ignored {
            writeln!(out, "{tag} refused {why:?}")?;
        }
        let (modal, at) = (*run.machine().modal(), run.machine().position());
        let mut stopped = None;
        let unit = Unit {
            turns: modal.speed / 60.0,
            each: modal.feed_mode == FeedMode::PerTurn || modal.motion.is_synchronous(),
        };
        for command in run.commands() {
            match command {
                Command::Axes(others) => from.0[3..].copy_from_slice(others),
                Command::Move(m) => {
                    let mut to = from;
                    to.0[..3].copy_from_slice(&m.to.to_array());
                    writeln!(out, "{tag} {}", Shown { from, to, m, unit })?;
                    from = to;
                }
                Command::Place(p) if stopped.is_none() => {
                    from.0[..3].copy_from_slice(&p.to_array());
                    writeln!(out, "{tag} place {from}")?;
                }
                Command::Dwell { seconds } => writeln!(out, "{tag} dwell {seconds}")?,
                Command::Wait(Wait::Probe) => {
                    let rate = unit.rate(match modal.feed_mode {
                        FeedMode::Inverse => Rate::Inverse(modal.feed),
                        FeedMode::PerTurn => Rate::Feed(modal.feed * unit.turns),
                        FeedMode::PerMinute => Rate::Feed(modal.feed),
                    });
                    let mut met = from;
                    met.0[..3].copy_from_slice(&at.to_array());
                    writeln!(out, "{tag} probe {met} {rate}")?;
                    stopped = Some(back_off(from, at));
                }
                Command::Wait(Wait::End) => return writeln!(out, "{tag} end"),
                _ => {}
            }
        }
        if let Some(place) = stopped {
            from.0[..3].copy_from_slice(&place.to_array());
            run.machine_mut().set_state(&modal, place);
        }
    }
    Ok(())
}

/// Where all nine axes are: X Y Z in mm, A B C in degrees, U V W in mm.
#[derive(Clone, Copy)]
struct Place([f64; 9]);

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, v) in self.0.iter().enumerate() {
            let gap = if i == 0 { "" } else { " " };
            write!(f, "{gap}{v}")?;
        }
        Ok(())
    }
}

/// A move as it is printed.
struct Shown<'a> {
    from: Place,
    to: Place,
    m: &'a Move,
    unit: Unit,
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.m.rate == Rate::Rapid {
            return write!(f, "rapid {}", self.to);
        }
        let rate = self.unit.rate(self.m.rate);
        match self.m.arc {
            None => write!(f, "feed {} {rate}", self.to),
            Some(arc) => write!(f, "arc {} {rate} {}", self.to, circle(self.from, &arc)),
        }
    }
}

/// What a rate is shown in.
#[derive(Clone, Copy)]
struct Unit {
    /// Of the spindle, each second.
    turns: f64,
    /// By the turn of the spindle, rather than by the minute.
    each: bool,
}

impl Unit {
    fn rate(self, rate: Rate) -> String {
        match rate {
            Rate::Rapid => String::new(),
            Rate::Feed(mm_per_s) if self.each => format!("turn:{}", mm_per_s / self.turns),
            Rate::Feed(mm_per_s) => format!("min:{}", mm_per_s * 60.0),
            Rate::Inverse(per_s) => format!("inverse:{}", per_s * 60.0),
        }
    }
}

/// Where the head stands after it went from `from` and met something at `met`.
fn back_off(from: Place, met: Point3) -> Point3 {
    let back = Point3::new(from.0[0], from.0[1], from.0[2]) - met;
    let [x, y, z] = back.to_array();
    let length = x.hypot(y).hypot(z);
    if length > 0.0 {
        let share = BACK_OFF_MM / length;
        met + Point3::new(x * share, y * share, z * share)
    } else {
        met
    }
}

/// Plane, centre and turns of an arc that begins at `from`.
fn circle(from: Place, arc: &Arc) -> String {
    let [a, b, _] = arc.plane.axes();
    let plane = match arc.plane {
        Plane::Xy => "xy",
        Plane::Zx => "zx",
        Plane::Yz => "yz",
    };
    let center = (from.0[a] + arc.offset.x, from.0[b] + arc.offset.y);
    let turns = if arc.clockwise { -1 } else { 1 };
    format!("{plane} {} {} {turns}", center.0, center.1)
}
