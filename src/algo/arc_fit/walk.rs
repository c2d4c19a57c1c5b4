//! Which vertices pieces begin and end at: a walk by the number of pieces.

use super::span::{Course, Span};

/// Vertices of one number of pieces that are gone on from.
const KEPT: usize = 2;

/// Chords of stretches that are all tried.
const NEAR: usize = 6;
/// Vertices past the farthest one that is reached which are tried too.
const BEYOND: usize = 4;
/// Vertices that are tried back from there one by one; from then on fewer and fewer.
const MOST_TRIES: usize = 16;

/// A vertex that so many pieces lead to, the last of them, and the one before.
#[derive(Clone, Copy)]
struct Reached {
    span: Span,
    before: usize,
}

/// Appends the pieces from vertex `from` to `stop`.
pub(super) fn fewest(
    course: &Course<'_>,
    from: usize,
    stop: usize,
    may: &impl Fn(usize, usize) -> bool,
    out: &mut Vec<Span>,
) {
    let mut all: Vec<Reached> = Vec::new();
    // Numbers in `all`; before the first piece there is none.
    let mut level: Vec<Option<usize>> = vec![None];
    let vertex = |all: &[Reached], at: Option<usize>| at.map_or(from, |i| all[i].span.piece.last);
    while vertex(&all, level.last().copied().flatten()) < stop {
        let mut next: Vec<Reached> = Vec::with_capacity(KEPT + 1);
        for at in &level {
            let i = vertex(&all, *at);
            spans_from(course, i, stop, may, |span| {
                let before = at.unwrap_or(usize::MAX);
                let place = next.partition_point(|r| r.span.piece.last < span.piece.last);
                let new = next
                    .get(place)
                    .is_none_or(|r| r.span.piece.last != span.piece.last);
                if new && (next.len() < KEPT || place > 0) {
                    next.insert(place, Reached { span, before });
                    if next.len() > KEPT {
                        let _ = next.remove(0);
                    }
                }
            });
        }
        level = (all.len()..all.len() + next.len()).map(Some).collect();
        all.extend(next);
    }
    let first = out.len();
    let mut at = all.len().wrapping_sub(1);
    while let Some(r) = all.get(at) {
        out.push(r.span);
        at = r.before;
    }
    out[first..].reverse();
}

/// Calls `found` with pieces from vertex `i`: with those over a few chords, and with
/// the longest ones that were found; the chord to the next vertex is always among
/// them.
fn spans_from(
    course: &Course<'_>,
    i: usize,
    stop: usize,
    may: &impl Fn(usize, usize) -> bool,
    mut found: impl FnMut(Span),
) {
    found(Span::chord(i + 1));
    let near = (i + 1 + NEAR).min(stop);
    for j in i + 2..=near {
        if !may(i, j) {
            return;
        }
        if let Some(span) = course.span(i, j) {
            found(span);
        }
    }
    let reaches = |j: usize| may(i, j) && course.reaches(i, j);
    // How far it goes, whatever the directions at the end.
    let (mut good, mut step) = (near, NEAR);
    let mut bad = loop {
        step *= 2;
        let j = (i + 1 + step).min(stop);
        if good == stop || !reaches(j) {
            break j;
        }
        good = j;
    };
    while bad > good + 1 {
        let j = usize::midpoint(good, bad);
        if reaches(j) {
            good = j;
        } else {
            bad = j;
        }
    }
    let far = (good + BEYOND).min(stop);
    let mut count = 0;
    let mut at = |j: usize| {
        let span = may(i, j).then(|| course.span(i, j)).flatten();
        if let Some(span) = span {
            found(span);
            count += 1;
        }
        count < KEPT
    };
    let (mut j, mut tries, mut step) = (far, 0, 1);
    while j > near && at(j) {
        // Where directions forbid one after another, wider and wider steps.
        tries += 1;
        step *= if tries < MOST_TRIES { 1 } else { 2 };
        j = j.saturating_sub(step);
    }
}
