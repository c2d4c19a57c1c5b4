//! The walk along a curve that takes the longest stretch each time.

use super::biarc::{USABLE, arc_through, biarc, chord_deviation, deviation};
use super::curve::Curve;
use crate::geom::Point;

/// How often a stretch is tried again: enough to come within 1 % of the longest.
const TRIES: usize = 12;

/// Spans of one curve. Only reached when the size is some 1e12 tolerances; the
/// rest is then one line.
const MAX_SPANS: usize = 1 << 16;

/// Appends the spans and gives their deviation as measured, as the others here do.
pub(super) fn arcs_along(curve: &impl Curve, tolerance: f64, out: &mut Vec<(Point, f64)>) -> f64 {
    let usable = tolerance * USABLE;
    let end = curve.point(1.0);
    let off = chord_deviation(curve, 0.0, 1.0);
    if off <= usable {
        out.push((end, 0.0));
        return off;
    }
    if let Some(bulge) = arc_through(curve.point(0.0), curve.point(0.5), end) {
        let off = deviation(curve, 0.0, 1.0, &[(end, bulge)]);
        if off <= usable {
            out.push((end, bulge));
            return off;
        }
    }
    let mut breaks = curve.breaks();
    breaks.push(1.0);
    let (mut t, mut worst) = (0.0, 0.0_f64);
    let first = out.len();
    for stop in breaks {
        let (at, mark) = (t, out.len());
        let mut most = usize::MAX;
        // A stretch that fits does not mean that each shorter one does, nor does
        // the longest always leave the best rest: the way of fewest spans is taken.
        let mut off = 0.0;
        let mut keep = |found: Option<(f64, Vec<(Point, f64)>)>, most: &mut usize| {
            if let Some((found_off, spans)) = found.filter(|f| f.1.len() < *most) {
                *most = spans.len();
                out.truncate(mark);
                out.extend(spans);
                off = found_off;
            }
        };
        let mut spans = Vec::new();
        let (found, lines_reach) = longest_first(curve, at, stop, usable, false, &mut spans);
        keep(Some((found, spans)), &mut most);
        if lines_reach {
            let mut spans = Vec::new();
            let (found, _) = longest_first(curve, at, stop, usable, true, &mut spans);
            keep(Some((found, spans)), &mut most);
        }
        keep(halves(curve, at, stop, usable, most), &mut most);
        worst = worst.max(off);
        t = stop;
    }
    if let Some((off, spans)) = halves(curve, 0.0, 1.0, usable, out.len() - first)
        && spans.len() < out.len() - first
    {
        out.truncate(first);
        out.extend(spans);
        worst = off;
    }
    worst
}

/// Takes the longest stretch each time: of biarcs, or with `lines` of lines that
/// reach half as far with half as many spans. Says whether there were such lines.
fn longest_first(
    curve: &impl Curve,
    mut t: f64,
    stop: f64,
    usable: f64,
    lines: bool,
    out: &mut Vec<(Point, f64)>,
) -> (f64, bool) {
    let mut worst = 0.0_f64;
    let mut lines_reach = false;
    while t < stop {
        let (mut pair, mut pair_off) = ([(Point::default(), 0.0); 2], 0.0);
        let arcs = longest(stop - t, usable, |h| {
            let fit = try_biarc(curve, t, t + h)?;
            let off = deviation(curve, t, t + h, &fit);
            if off <= usable {
                (pair, pair_off) = (fit, off);
            }
            Some(off)
        });
        let arcs = arcs.filter(|_| out.len() < MAX_SPANS);
        let half = arcs.is_some_and(|h| chord_deviation(curve, t, t + 0.5 * h) <= usable);
        lines_reach |= half;
        if let Some(h) = arcs.filter(|_| !(lines && half)) {
            worst = worst.max(pair_off);
            t = advance(t, h, stop);
            // Rounding may leave the last parameter a hair short of the stop.
            pair[1].0 = curve.point(t);
            out.extend(pair);
        } else {
            let line = longest(stop - t, usable, |h| Some(chord_deviation(curve, t, t + h)));
            let h = line.filter(|_| out.len() < MAX_SPANS).unwrap_or(stop - t);
            worst = worst.max(chord_deviation(curve, t, t + h));
            t = advance(t, h, stop);
            out.push((curve.point(t), 0.0));
        }
    }
    (worst, lines_reach)
}

/// Fits by halving from `t` to `stop`; `None` where that takes `most` spans or more.
fn halves(
    curve: &impl Curve,
    mut t: f64,
    stop: f64,
    usable: f64,
    most: usize,
) -> Option<(f64, Vec<(Point, f64)>)> {
    let mut out = Vec::new();
    // Ends of stretches still to do, the nearest last; as deep as the halving is.
    let mut ends = vec![stop];
    let mut worst = 0.0_f64;
    while let Some(&end) = ends.last() {
        // Each stretch still to do is a span at least.
        if out.len() + ends.len() >= most || ends.len() > 40 {
            return None;
        }
        let off = chord_deviation(curve, t, end);
        let line = (off <= usable).then_some(off);
        let arcs = || {
            let pair = try_biarc(curve, t, end)?;
            let off = deviation(curve, t, end, &pair);
            (off <= usable).then_some((pair, off))
        };
        if let Some(off) = line {
            worst = worst.max(off);
            out.push((curve.point(end), 0.0));
        } else if let Some((pair, off)) = arcs() {
            worst = worst.max(off);
            out.extend(pair);
        } else {
            ends.push(0.5 * (t + end));
            continue;
        }
        t = end;
        let _ = ends.pop();
    }
    Some((worst, out))
}

pub(super) fn lines_along(curve: &impl Curve, tolerance: f64, out: &mut Vec<Point>) -> f64 {
    let usable = tolerance * USABLE;
    let mut breaks = curve.breaks();
    breaks.push(1.0);
    let (mut t, mut worst) = (0.0, chord_deviation(curve, 0.0, 1.0));
    if worst <= usable {
        out.push(curve.point(1.0));
        return worst;
    }
    worst = 0.0;
    for stop in breaks {
        let mut spans = 0;
        while t < stop {
            let h = longest(stop - t, usable, |h| Some(chord_deviation(curve, t, t + h)))
                .filter(|_| spans < MAX_SPANS)
                .unwrap_or(stop - t);
            worst = worst.max(chord_deviation(curve, t, t + h));
            t = advance(t, h, stop);
            out.push(curve.point(t));
            spans += 1;
        }
    }
    worst
}

/// The longest step up to `most` that `off` finds within `usable`. The last call
/// of `off` that came within is the one for the step returned.
fn longest(most: f64, usable: f64, mut off: impl FnMut(f64) -> Option<f64>) -> Option<f64> {
    let (mut good, mut bad, mut step) = (0.0, f64::INFINITY, most);
    let mut halvings = 0;
    for _ in 0..TRIES * 4 {
        let d = off(step).unwrap_or(f64::INFINITY);
        if d <= usable {
            good = step;
            if step >= most || bad - good <= 0.01 * bad {
                break;
            }
        } else {
            bad = step;
            halvings += 1;
            if good > 0.0 && bad - good <= 0.01 * bad || good == 0.0 && halvings > TRIES * 3 {
                break;
            }
        }
        // The error grows with the third power of the step; bisect where that
        // guess does not lie well inside what is left.
        let guess = step * (usable / d).cbrt() * 0.997;
        let (lo, hi) = if good > 0.0 {
            (good + 0.1 * (bad - good), bad - 0.1 * (bad - good))
        } else {
            (bad * 0.05, bad * 0.9)
        };
        step = if guess.is_finite() && guess > lo && guess < hi {
            guess
        } else if good > 0.0 {
            0.5 * (good + bad)
        } else {
            0.5 * bad
        };
    }
    (good > 0.0).then_some(good)
}

/// `t + h`, or `stop` itself where only rounding is left.
fn advance(t: f64, h: f64, stop: f64) -> f64 {
    if stop - (t + h) <= 1e-12 || t + h <= t {
        stop
    } else {
        t + h
    }
}

pub(super) fn try_biarc(curve: &impl Curve, t0: f64, t1: f64) -> Option<[(Point, f64); 2]> {
    let (p0, p1) = (curve.point(t0), curve.point(t1));
    let d0 = curve.direction(t0, t1)?;
    let d1 = curve.direction(t1, t0)?;
    let (joint, b0, b1) = biarc(p0, d0, p1, d1)?;
    Some([(joint, b0), (p1, b1)])
}
