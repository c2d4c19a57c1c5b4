//! From a line's words, and those kept, to a [`Cycle`].

use super::{Back, Cycle, Fault, Holes, Kind, Pecks, Rules, Setting, Sticky, Words};
use crate::gcode::polar::Polar;
use crate::geom::Point;
use crate::motion::SpindleMode;

/// Makes a cycle of a line's words. `sticky` takes over what this line leaves;
/// after a fault it is as before.
///
/// # Errors
/// See [`Fault`].
pub(crate) fn resolve(
    kind: Kind,
    words: &Words,
    setting: &Setting,
    sticky: &mut Sticky,
) -> Result<Cycle, Fault> {
    let &Setting {
        plane,
        unit,
        relative,
        rules,
        ..
    } = setting;
    let [a, b, c] = plane.axes();
    if words.axes.iter().all(Option::is_none) && words.polar.is_none() {
        return Err(Fault::NoAxis);
    }
    if kind == Kind::BackBore && !rules.back_bore {
        return Err(Fault::Unknown);
    }
    let mut next = merge(kind, words, c, *sticky, &rules);
    let at = setting.at.to_array();
    let level = next.level.map_or(at[c], |number| number * unit);
    next.level = Some(level / unit);

    let depth = unit * next.depth.ok_or(Fault::Missing(b'X' + c as u8))?;
    let clear = unit * next.clear.ok_or(Fault::Missing(b'R'))?;
    let clear = if relative { level + clear } else { clear };
    let bottom = if relative { clear + depth } else { depth };
    if clear < bottom {
        return Err(Fault::ClearBelowBottom);
    }
    let cycle = Cycle {
        kind,
        plane,
        start: setting.at,
        holes: holes(words, setting, [a, b])?,
        repeats: repeats(words.repeats, &rules)?,
        level,
        clear,
        bottom,
        to_level: setting.to_level,
        pecks: pecks(kind, &next, setting)?,
        dwell: dwell(kind, &next, &rules)?,
        back: back(kind, &next, setting, bottom)?,
        spindle: setting.spindle,
        rules,
    };
    check_spindle(kind, setting)?;
    // Whatever comes of finite numbers that are not near the end of f64 is finite.
    let numbers = [level, clear, bottom, at[a], at[b], f64::from(cycle.repeats)];
    let far = |p: Point| p.x.abs() + p.y.abs();
    let step = match cycle.holes {
        Holes::At(p) | Holes::Step(p) => far(p),
        Holes::Turn(p) => p.radius.unwrap_or(0.0).abs() + p.angle.unwrap_or(0.0).abs(),
    };
    let back = cycle.back.map_or(0.0, |b| far(b.shift) + b.top.abs());
    if !numbers
        .into_iter()
        .chain([step, back])
        .all(|n| n.abs() < 1e100)
    {
        return Err(Fault::Range);
    }
    *sticky = next;
    Ok(cycle)
}

/// The numbers in force on this line: its own, or those left by the same cycle.
fn merge(kind: Kind, words: &Words, c: usize, old: Sticky, rules: &Rules) -> Sticky {
    let same = old.kind == Some(kind) || (rules.words_shared && old.kind.is_some());
    let keep = |new: Option<f64>, old: Option<f64>| new.or(if same { old } else { None });
    let offset = |i: usize| keep(words.offsets[i], old.offsets[i]);
    // A tap without P dwells as the last cycle with P did, of any kind.
    let any_dwell = words.dwell.or(old.dwell);
    Sticky {
        kind: Some(kind),
        clear: keep(words.clear, old.clear),
        depth: keep(words.axes[c], old.depth),
        peck: keep(words.peck, old.peck),
        offsets: [offset(0), offset(1), offset(2)],
        level: old.level,
        dwell: if kind.dwells() {
            keep(words.dwell, old.dwell)
        } else {
            any_dwell
        },
    }
}

fn holes(words: &Words, setting: &Setting, [a, b]: [usize; 2]) -> Result<Holes, Fault> {
    let &Setting { unit, relative, .. } = setting;
    let at = setting.at.to_array();
    if !words.polar.is_none() {
        let x_or_y = words.axes[0].or(words.axes[1]).is_some();
        words
            .polar
            .check(setting.plane, x_or_y)
            .map_err(Fault::Polar)?;
        let polar = Polar {
            radius: words.polar.radius.map(|r| r * unit),
            ..words.polar
        };
        let first = polar.target(Point::new(at[a], at[b]), relative);
        let first = first.map_err(Fault::Polar)?;
        return Ok(if relative {
            Holes::Turn(polar)
        } else {
            Holes::At(first)
        });
    }
    let word = |axis: usize| words.axes[axis].map(|v| v * unit);
    Ok(if relative {
        Holes::Step(Point::new(word(a).unwrap_or(0.0), word(b).unwrap_or(0.0)))
    } else {
        Holes::At(Point::new(
            word(a).unwrap_or(at[a]),
            word(b).unwrap_or(at[b]),
        ))
    })
}

fn repeats(word: Option<f64>, rules: &Rules) -> Result<u32, Fault> {
    let Some(n) = word else { return Ok(1) };
    let whole = n.round();
    let least = if rules.may_skip { 0.0 } else { 1.0 };
    // LinuxCNC takes for whole what is within 0.0001 of it.
    if !((n - whole).abs() <= 1e-4 && whole >= least) {
        return Err(Fault::Repeats);
    }
    // A float cast saturates; the limit of `unfold` then refuses it.
    Ok(whole as u32)
}

fn pecks(kind: Kind, sticky: &Sticky, setting: &Setting) -> Result<Option<Pecks>, Fault> {
    if !kind.pecks() {
        return Ok(None);
    }
    let &Setting { unit, rules, .. } = setting;
    let pecks = match sticky.offsets {
        [Some(first), less, least] if rules.pecks_shrink => Pecks {
            first: first * unit,
            less: less.unwrap_or(0.0) * unit,
            least: least.unwrap_or(first) * unit,
        },
        _ => {
            let q = sticky.peck.ok_or(Fault::Missing(b'Q'))? * unit;
            let q = if rules.peck_unsigned { q.abs() } else { q };
            Pecks {
                first: q,
                less: 0.0,
                least: q,
            }
        }
    };
    let fine = pecks.first > 0.0 && pecks.least > 0.0 && pecks.less >= 0.0;
    if fine {
        Ok(Some(pecks))
    } else {
        Err(Fault::Peck)
    }
}

fn dwell(kind: Kind, sticky: &Sticky, rules: &Rules) -> Result<Option<f64>, Fault> {
    let seconds = if kind.dwells() {
        match sticky.dwell {
            None if rules.dwell_optional => return Ok(None),
            None => return Err(Fault::Missing(b'P')),
            seconds => seconds,
        }
    } else if rules.dwell_optional {
        // Here a dwell is for each cycle that is given one.
        sticky.dwell
    } else if kind.taps() {
        Some(sticky.dwell.unwrap_or(0.0))
    } else {
        None
    };
    match seconds {
        Some(s) if !(s >= 0.0 && s.is_finite()) => Err(Fault::Dwell),
        _ => Ok(seconds),
    }
}

fn back(
    kind: Kind,
    sticky: &Sticky,
    setting: &Setting,
    bottom: f64,
) -> Result<Option<Back>, Fault> {
    if kind != Kind::BackBore {
        return Ok(None);
    }
    let mut mm = [0.0; 3];
    for (i, mm) in mm.iter_mut().enumerate() {
        let number = sticky.offsets[i].ok_or(Fault::Missing(b'I' + i as u8))?;
        *mm = number * setting.unit;
    }
    let [a, b, c] = setting.plane.axes();
    Ok(Some(Back {
        shift: Point::new(mm[a], mm[b]),
        top: if setting.relative {
            bottom + mm[c]
        } else {
            mm[c]
        },
    }))
}

fn check_spindle(kind: Kind, setting: &Setting) -> Result<(), Fault> {
    let bores = matches!(kind, Kind::Bore | Kind::BackBore | Kind::ManualBore);
    if !setting.rules.spindle_checked || !(kind.taps() || bores) {
        return Ok(());
    }
    match (kind, setting.spindle) {
        (_, SpindleMode::Off) => Err(Fault::SpindleStopped),
        (Kind::TapRight, SpindleMode::Dynamic) | (Kind::TapLeft, SpindleMode::Constant) => {
            Err(Fault::SpindleDirection)
        }
        _ => Ok(()),
    }
}
