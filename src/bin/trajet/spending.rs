//! Where the time goes, in tables and in JSON.
//!
//! The JSON is `breakdown` of a job of `trajet.estimate/1`. Times are s, lengths mm,
//! speeds mm/s; `lines` are the first and the last, from 1. `lost` is what is beyond the
//! length at the asked speed, and all time at stops.
//!
//! | key | what |
//! |---|---|
//! | `kinds` | `work`, `work_lost`, `travel`, `travel_lost`, `filament`, `dwell`, `stopped`: they add up to `seconds` |
//! | `operations` | `doing` (`travel`, `filament`, `role`, `settings`, `others`), `seconds`, `lost`, `mm`, `lines`; a role has its `role`, settings have `tool`, `spindle`, `feed_mm_s` and `power`, the last two as least and greatest |
//! | `layers` | `layers` (first and last), `z_mm` (least and greatest, or null), `seconds`, `lost`, `lines` |
//! | `ranges` | `lines`, `seconds`, `lost` |
//! | `speeds` | `below_mm_s` (null: no end), `reached`, `asked`: see `SpeedTime` of the library |
//! | `spots` | `lines`, `lost`, `times`, `why`, `at_mm` |

use crate::estimate::clock;
use serde_json::{Value, json};
use std::fmt::Write;
use trajet::estimate::{Breakdown, Doing, Estimate, SPEED_BOUNDS};
use trajet::motion::SpindleMode;

/// The most rows of a table: JSON has the rest.
const ROWS: usize = 12;

pub(crate) fn in_json(b: &Breakdown) -> Value {
    let k = &b.kinds;
    let operations = b.operations.iter().map(|o| {
        let mut row = json!({
            "doing": "others",
            "seconds": o.seconds,
            "lost": o.lost,
            "mm": o.mm,
            "lines": o.lines,
        });
        match &o.doing {
            Doing::Travel => row["doing"] = json!("travel"),
            Doing::Filament => row["doing"] = json!("filament"),
            Doing::Role(name) => {
                row["doing"] = json!("role");
                row["role"] = json!(name);
            }
            Doing::Settings {
                tool,
                spindle,
                feed,
                power,
            } => {
                row["doing"] = json!("settings");
                row["tool"] = json!(tool);
                row["spindle"] = json!(mode(*spindle));
                row["feed_mm_s"] = json!(feed);
                row["power"] = json!(power);
            }
            _ => {}
        }
        row
    });
    let layers = b.layers.iter().map(|l| {
        json!({ "layers": l.layers, "z_mm": l.z, "seconds": l.seconds, "lost": l.lost, "lines": l.lines })
    });
    let ranges = b
        .ranges
        .iter()
        .map(|r| json!({ "lines": r.lines, "seconds": r.seconds, "lost": r.lost }));
    let speeds = b.speeds.iter().enumerate().map(|(i, s)| {
        json!({ "below_mm_s": SPEED_BOUNDS.get(i), "reached": s.reached, "asked": s.asked })
    });
    let spots = b.spots.iter().map(|s| {
        json!({
            "lines": s.lines,
            "lost": s.lost,
            "times": s.times,
            "why": s.why.name(),
            "at_mm": s.at.to_array(),
        })
    });
    json!({
        "seconds": b.seconds,
        "kinds": {
            "work": k.work,
            "work_lost": k.work_lost,
            "travel": k.travel,
            "travel_lost": k.travel_lost,
            "filament": k.filament,
            "dwell": k.dwell,
            "stopped": k.stopped,
        },
        "operations": operations.collect::<Vec<_>>(),
        "layers": layers.collect::<Vec<_>>(),
        "ranges": ranges.collect::<Vec<_>>(),
        "speeds": speeds.collect::<Vec<_>>(),
        "spots": spots.collect::<Vec<_>>(),
    })
}

pub(crate) fn in_words(text: &mut String, e: &Estimate, b: &Breakdown) {
    if e.seconds <= 0.0 {
        return;
    }
    let all = Table { whole: e.seconds };
    all.kinds(text, b);
    all.operations(text, b);
    all.layers(text, b);
    all.ranges(text, b);
    all.speeds(text, b);
    all.spots(text, b);
    text.push('\n');
}

/// Tables of a job that takes so many seconds.
struct Table {
    whole: f64,
}

impl Table {
    fn head(text: &mut String, title: &str, rest: &str) {
        let line = format!("\n  {title:<34}{:>10}{:>7}  {rest}", "s", "%");
        text.push_str(line.trim_end());
        text.push('\n');
    }

    fn row(&self, text: &mut String, name: &str, seconds: f64, rest: &str) {
        let share = 100.0 * seconds / self.whole;
        let line = format!("  {name:<34}{seconds:>10.2}{share:>7.1}  {rest}");
        text.push_str(line.trim_end());
        text.push('\n');
    }

    fn kinds(&self, text: &mut String, b: &Breakdown) {
        let k = &b.kinds;
        Self::head(text, "what the machine does", "");
        for (name, seconds) in [
            ("work, at its asked speed", k.work),
            ("  speeding up and slowing down", k.work_lost),
            ("travel, at its asked speed", k.travel),
            ("  speeding up and slowing down", k.travel_lost),
            ("moves of filament alone", k.filament),
            ("dwells", k.dwell),
            ("standing at stops", k.stopped),
        ] {
            if seconds > 0.0 {
                self.row(text, name, seconds, "");
            }
        }
    }

    fn operations(&self, text: &mut String, b: &Breakdown) {
        Self::head(text, "operation", "    lost s        mm  lines");
        for o in b.operations.iter().take(ROWS) {
            let rest = format!("{:>10.2}{:>10.0}  {}", o.lost, o.mm, span(o.lines));
            self.row(text, &name(&o.doing), o.seconds, &rest);
        }
        left_out(text, b.operations.len());
    }

    /// The slowest layers, in their order.
    fn layers(&self, text: &mut String, b: &Breakdown) {
        if b.layers.len() < 2 {
            return;
        }
        let mut slowest: Vec<_> = b.layers.iter().collect();
        slowest.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        slowest.truncate(ROWS);
        slowest.sort_by_key(|l| l.layers);
        let title = if b.layers.len() > ROWS {
            "the slowest layers"
        } else {
            "layer"
        };
        Self::head(text, title, "    lost s  lines");
        for l in slowest {
            let name = match (l.layers, l.z) {
                ([0, 0], _) => "before the first".to_owned(),
                (n, None) => span(n),
                (n, Some([low, high])) if high - low < 5e-4 => format!("{}, Z {low:.3}", span(n)),
                (n, Some([low, high])) => format!("{}, Z {low:.3} to {high:.3}", span(n)),
            };
            let rest = format!("{:>10.2}  {}", l.lost, span(l.lines));
            self.row(text, &name, l.seconds, &rest);
        }
        left_out(text, b.layers.len());
    }

    /// All ranges, as many to a row as make no more than so many rows.
    fn ranges(&self, text: &mut String, b: &Breakdown) {
        let each = b.ranges.len().div_ceil(ROWS).max(1);
        let rows: Vec<_> = b
            .ranges
            .chunks(each)
            .map(|rs| {
                let seconds: f64 = rs.iter().map(|r| r.seconds).sum();
                let lost: f64 = rs.iter().map(|r| r.lost).sum();
                let first = rs.first().map_or(0, |r| r.lines[0]);
                let last = rs.last().map_or(0, |r| r.lines[1]);
                ([first, last], seconds, lost)
            })
            .collect();
        let most = rows.iter().map(|r| r.1).fold(0.0, f64::max);
        Self::head(text, "lines", "    lost s");
        for (range, seconds, lost) in rows {
            let rest = format!("{lost:>10.2}  {}", bar(seconds, most));
            self.row(text, &span(range), seconds, &rest);
        }
    }

    fn speeds(&self, text: &mut String, b: &Breakdown) {
        // Rows that would show 0.00 twice are left out.
        let is_shown = |i: &usize| b.speeds[*i].reached.max(b.speeds[*i].asked) >= 0.005;
        let most = b.speeds.iter().map(|s| s.reached).fold(0.0, f64::max);
        Self::head(text, "mean speed of moves, mm/s", "   asked s  reached");
        for i in (0..b.speeds.len()).filter(is_shown) {
            let low = i.checked_sub(1).map_or(0.0, |i| SPEED_BOUNDS[i]);
            let name = match SPEED_BOUNDS.get(i) {
                Some(high) => format!("{low} to {high}"),
                None => format!("{low} and more"),
            };
            let s = &b.speeds[i];
            let rest = format!("{:>10.2}  {}", s.asked, bar(s.reached, most));
            self.row(text, &name, s.reached, &rest);
        }
    }

    fn spots(&self, text: &mut String, b: &Breakdown) {
        if b.spots.is_empty() {
            return;
        }
        Self::head(text, "most is lost in lines", "why");
        for s in &b.spots {
            let mut rest = format!(
                "{:<12} at X{:.2} Y{:.2} Z{:.2}",
                s.why.name(),
                s.at.x,
                s.at.y,
                s.at.z
            );
            if s.times > 1 {
                // Writing to a string cannot fail.
                let _ = write!(rest, ", run {} times", s.times);
            }
            self.row(text, &span(s.lines), s.lost, &rest);
        }
        let _ = writeln!(
            text,
            "  {} in all",
            clock(b.spots.iter().map(|s| s.lost).sum())
        );
    }
}

/// Says that a table is not all.
fn left_out(text: &mut String, rows: usize) {
    if rows > ROWS {
        let _ = writeln!(text, "  and {} more (--json has all)", rows - ROWS);
    }
}

fn span([first, last]: [u32; 2]) -> String {
    if first == last {
        format!("{first}")
    } else {
        format!("{first}-{last}")
    }
}

/// A bar of at most 20 signs.
fn bar(part: f64, most: f64) -> String {
    if most > 0.0 {
        "#".repeat((20.0 * part / most).round() as usize)
    } else {
        String::new()
    }
}

fn mode(spindle: SpindleMode) -> &'static str {
    match spindle {
        SpindleMode::Off => "off",
        SpindleMode::Constant => "constant",
        SpindleMode::Dynamic => "dynamic",
    }
}

/// What is done in an operation, in G-code's own words and units.
fn name(doing: &Doing) -> String {
    let range = |[low, high]: [f64; 2], per: f64| {
        let (low, high) = ((low * per).round(), (high * per).round());
        if (high - low).abs() < 0.5 {
            format!("{low}")
        } else {
            format!("{low}-{high}")
        }
    };
    match doing {
        Doing::Travel => "travel".into(),
        Doing::Filament => "filament alone".into(),
        Doing::Role(name) => {
            let text: String = name.chars().filter(|c| !c.is_control()).take(32).collect();
            text
        }
        Doing::Settings {
            tool,
            spindle,
            feed,
            power,
        } => {
            let mut text = String::new();
            if *tool > 0 {
                let _ = write!(text, "T{tool} ");
            }
            text += match spindle {
                SpindleMode::Off => "",
                SpindleMode::Constant => "M3 ",
                SpindleMode::Dynamic => "M4 ",
            };
            if *spindle != SpindleMode::Off {
                let _ = write!(text, "S{} ", range(*power, 1.0));
            }
            text + &format!("F{}", range(*feed, 60.0))
        }
        _ => "others".into(),
    }
}
