//! A slicer's file with its true times in it: what a printer shows while it prints, and
//! what a farm plans with.
//!
//! A slicer writes into a print how long it takes: as `M73` (percent done and minutes
//! left) and in comments. Its model of the firmware is coarse; [`retime`] puts the
//! planner's times in their place, and leaves every other byte as it is.
//!
//! # What is written anew
//! | slicer | what |
//! |---|---|
//! | all | `M73 P R`, and `M73 Q S` with times of the stealth mode |
//! | PrusaSlicer, SuperSlicer, OrcaSlicer | `; estimated printing time (normal mode) = 1h 22m 1s`, `; estimated first layer printing time (normal mode) = 1m 2s`, and `(silent mode)` |
//! | OrcaSlicer, Bambu Studio | `; model printing time: 1h 2m 3s; total estimated time: 1h 9m 10s` |
//! | Cura | `;TIME:1234`, `;PRINT.TIME:1234`, `;TIME_ELAPSED:123.4` |
//!
//! # Words
//! - *stealth* or *silent* mode: the printer with lower limits. It is another machine; its
//!   times are written where one is given, else they are left as the slicer wrote them.
//! - *first layer*: from the first comment that begins a layer to the second. What comes
//!   before it is no part of the *model*.
//!
//! Lines with a checksum are left as they are.

mod duration;
mod places;

use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::estimate::elapsed_understood;
use crate::gcode::Reading;
use crate::machine::Machine;
use crate::source::Source;
use places::{Place, Time};
use std::fmt::Write;

/// The file holds no time that could be written anew.
pub const NO_TIMES: Code = Code("retime/no-times");
/// `M73` is not put in: the firmware has none.
pub const NO_PROGRESS: Code = Code("retime/no-progress");
/// Times of the stealth mode are left as the slicer wrote them.
pub const STEALTH_KEPT: Code = Code("retime/stealth-kept");
/// A line with a checksum is left as it is.
pub const CHECKSUM_KEPT: Code = Code("retime/checksum-kept");

/// What is asked of [`retime`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RetimeOptions {
    /// The machine in its stealth mode; `None`: its times are left alone.
    pub stealth: Option<Machine>,
    /// Whether `M73` is put into a file that has none, from its first command on wherever
    /// the percent or the minutes change. Programs of firmware that has no `M73` get none.
    pub add_progress: bool,
}

impl RetimeOptions {
    /// The same with the machine of the stealth mode.
    #[must_use]
    pub fn with_stealth(mut self, machine: Machine) -> Self {
        self.stealth = Some(machine);
        self
    }

    /// The same with `M73` put in or not.
    #[must_use]
    pub const fn with_add_progress(mut self, add: bool) -> Self {
        self.add_progress = add;
        self
    }
}

/// A file with its times written anew.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Retimed {
    /// The file.
    pub bytes: Vec<u8>,
    /// How long it takes, s.
    pub seconds: f64,
    /// How many lines have times that are written anew.
    pub rewritten: usize,
    /// How many lines with `M73` were put in.
    pub added: usize,
    /// The whole time as the slicer wrote it, s, where it did.
    pub claimed: Option<f64>,
    /// Whether the program moves anything; where it does not, it is probably read in the
    /// wrong dialect.
    pub moves: bool,
    /// What there is to say about how the program is read, and about the times.
    pub diagnostics: Diagnostics,
}

/// Writes the times of a slicer's file anew.
///
/// ```
/// use trajet::Source;
/// use trajet::gcode::Dialect;
/// use trajet::machine::Machine;
/// use trajet::retime::{RetimeOptions, retime};
///
/// let file = b"M73 P0 R9\r\nG4 P60000\r\nM73 P3 R5 ; progress\r\nG4 S60\r\n;TIME:9\r\n";
/// let source = Source::new(file.to_vec());
/// let done = retime(&source, Dialect::MARLIN, &Machine::default(), &RetimeOptions::default());
/// let text = String::from_utf8(done.bytes)?;
/// assert_eq!(text, "M73 P0 R2\r\nG4 P60000\r\nM73 P50 R1 ; progress\r\nG4 S60\r\n;TIME:120\r\n");
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
///
/// # Complexity
/// O(bytes); memory for the new file.
#[must_use]
pub fn retime(
    source: &Source,
    how: impl Into<Reading>,
    machine: &Machine,
    options: &RetimeOptions,
) -> Retimed {
    let how = how.into();
    let found = places::find(source);
    let knows_progress = how.dialect.has_progress();
    let asked = options.add_progress && !found.has_progress;
    let add = asked && knows_progress;
    let first = if add { first_command(source) } else { 0 };
    // Lines of which the time is asked: those with times and the layers, or all.
    let lines: Vec<usize> = if add {
        (0..source.line_count()).collect()
    } else {
        let mut lines: Vec<usize> = found.places.iter().map(|p| p.line).collect();
        lines.extend(found.layers.iter().flatten());
        lines.sort_unstable();
        lines.dedup();
        lines
    };
    let ask = |machine: &Machine| {
        let (e, at, understood) = elapsed_understood(source, how, machine, &lines);
        let clock = Clock {
            whole: e.seconds,
            lines: &lines,
            at,
            layers: found.layers,
        };
        (clock, understood)
    };
    let (normal, understood) = ask(machine);
    let stealth = match &options.stealth {
        Some(machine) if found.has_stealth => Some(ask(machine).0),
        _ => None,
    };

    let mut bytes = Vec::with_capacity(source.bytes().len());
    let (mut rewritten, mut added) = (0, 0);
    let mut shown = None;
    let mut places = found.places.iter().peekable();
    let end: &[u8] = if source.bytes().windows(2).any(|w| w == b"\r\n") {
        b"\r\n"
    } else {
        b"\n"
    };
    let mut text = String::new();
    for line in 0..source.line_count() {
        let whole = source.line(line);
        let mut from = 0;
        if add && line >= first {
            let now = normal.progress(normal.at(line));
            if shown != Some(now) {
                shown = Some(now);
                if line == 0 && whole.starts_with(BOM) {
                    bytes.extend(BOM);
                    from = BOM.len();
                }
                bytes.extend(format!("M73 P{} R{}", now.0, now.1).into_bytes());
                bytes.extend(end);
                added += 1;
            }
        }
        let mut touched = false;
        while let Some(place) = places.next_if(|p| p.line == line) {
            let clock = if place.stealth {
                stealth.as_ref()
            } else {
                Some(&normal)
            };
            if let Some(clock) = clock {
                text.clear();
                clock.write(place, &mut text);
                bytes.extend(&whole[from..place.bytes.start]);
                bytes.extend(text.as_bytes());
                from = place.bytes.end;
                touched = true;
            }
        }
        bytes.extend(&whole[from..]);
        rewritten += usize::from(touched);
    }
    let mut diagnostics = understood.diagnostics;
    if asked && !add {
        let title = how.dialect.title;
        let text = format!("{title} has no M73 for progress; none is put in");
        diagnostics.push(Diagnostic::new(NO_PROGRESS, Severity::Warning, text));
    }
    if rewritten + added == 0 {
        let text = "the file holds no time of a slicer; nothing is written anew";
        let said = Diagnostic::new(NO_TIMES, Severity::Warning, text);
        diagnostics.push(if knows_progress && !asked {
            said.with_help("M73 can be put in")
        } else {
            said
        });
    }
    diagnostics.extend(say(&found, stealth.is_some()));
    Retimed {
        bytes,
        seconds: normal.whole,
        rewritten,
        added,
        claimed: found.claimed,
        moves: understood.moves,
        diagnostics,
    }
}

/// What some editors put before UTF-8 text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The first line that is neither blank nor a comment: programs that show prints look for
/// what slicers say at the very beginning. All lines where there is none.
fn first_command(source: &Source) -> usize {
    let is_command = |line: &usize| {
        let text = source.line(*line);
        let text = text.strip_prefix(BOM).unwrap_or(text).trim_ascii();
        !text.is_empty() && text != b"%" && !text.starts_with(b";")
    };
    let mut lines = 0..source.line_count();
    lines.find(is_command).unwrap_or(source.line_count())
}

fn say(found: &places::Found, stealth: bool) -> Diagnostics {
    let mut said = Diagnostics::new();
    if found.has_stealth && !stealth {
        said.push(
            Diagnostic::new(
                STEALTH_KEPT,
                Severity::Note,
                "times of the stealth mode are left as the slicer wrote them",
            )
            .with_help("give the machine in its stealth mode"),
        );
    }
    for line in &found.checksums {
        let text = "a line with a checksum is left as it is, with the slicer's time";
        let d = Diagnostic::new(CHECKSUM_KEPT, Severity::Warning, text);
        said.push(d.at(*line as u32 + 1, 1));
    }
    said
}

/// When a machine comes to lines.
struct Clock<'a> {
    whole: f64,
    lines: &'a [usize],
    at: Vec<f64>,
    /// The lines where the first two layers begin.
    layers: [Option<usize>; 2],
}

impl Clock<'_> {
    /// When it comes to a line, s.
    fn at(&self, line: usize) -> f64 {
        let known = self.lines.binary_search(&line).ok();
        known.map_or(self.whole, |i| self.at[i])
    }

    /// Percent done, rounded down so that 100 is the end, and minutes left, rounded.
    fn progress(&self, now: f64) -> (u32, u64) {
        let share = if self.whole > 0.0 {
            now / self.whole
        } else {
            1.0
        };
        // A share that rounding left just below a percent has reached it.
        let percent = (share * 100.0 + 1e-9).floor() as u32;
        (percent.min(100), ((self.whole - now) / 60.0).round() as u64)
    }

    /// Where the model begins: at the first layer, or at once.
    fn model(&self) -> f64 {
        self.layers[0].map_or(0.0, |line| self.at(line))
    }

    fn write(&self, place: &Place, text: &mut String) {
        let now = self.at(place.line);
        let (percent, minutes) = self.progress(now);
        // Writing to a string cannot fail.
        let _ = match place.time {
            Time::Percent => write!(text, "{percent}"),
            Time::MinutesLeft => write!(text, "{minutes}"),
            Time::Whole => write!(text, "{}", duration::spelled(self.whole)),
            Time::WholeSeconds => write!(text, "{:.0}", self.whole),
            Time::Model => write!(text, "{}", duration::spelled(self.whole - self.model())),
            Time::FirstLayer => {
                let end = self.layers[1].map_or(self.whole, |line| self.at(line));
                write!(text, "{}", duration::spelled(end - self.model()))
            }
            Time::Elapsed => write!(text, "{now:.6}"),
        };
    }
}
