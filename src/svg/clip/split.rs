use super::cross::meetings;
use super::region::{Region, rect_of, segs};
use super::seg::Seg;
use crate::svg::drawing::Span;
use crate::svg::outline::Run;

/// What a piece counts as work: it is kept, and looked at from three points.
const PIECE: usize = 8;

/// What is left of a line.
#[derive(Debug)]
pub(in crate::svg) enum Kept {
    /// All of it, as it was.
    Whole(Run),
    /// The parts inside, open, in the line's order; none where it lies outside.
    Parts(Vec<Run>),
    /// All of it, as it was: the work left does not reach.
    Failed(Run),
}

/// Cuts a line at the edge of a region and keeps what is inside.
///
/// A part that runs along the edge within `touch` mm is inside, although it may
/// be a little beyond: half of its width shows, and two lines that follow the same
/// curve need not be the same. Parts no longer than `least` mm are left out.
/// Arcs stay arcs, and the parts lie exactly on the line. `work` is how often edges
/// may still be looked at.
///
/// # Complexity
/// O((n + k) log m) for n spans that meet k times with a region of m edges.
pub(in crate::svg) fn split(
    run: Run,
    region: &Region,
    touch: f64,
    least: f64,
    work: &mut usize,
) -> Kept {
    let rect = rect_of(&run);
    let mut sums = Vec::new();
    if !region.has_edges(&rect, touch) {
        return if region.contains(run.start, &mut sums) {
            Kept::Whole(run)
        } else {
            Kept::Parts(Vec::new())
        };
    }
    let exact = exact(touch * 1e-5, rect.reach());
    let mut parts = Parts::default();
    let mut at = Vec::new();
    let mut whole = true;
    let mut reaches = true;
    let mut end_is_kept = false;
    for seg in segs(&run) {
        at.clear();
        at.extend([0.0, 1.0]);
        region.edges(&seg.rect(), touch, |edge| {
            if !spend(work, 1) {
                return false;
            }
            meetings(&seg, edge, exact, |t, _| at.push(t));
            // Where an edge that runs along the line begins or ends.
            for end in [edge.from, edge.to] {
                let t = seg.fraction(end);
                if (0.0..=1.0).contains(&t) && seg.off(end) <= touch {
                    at.push(t);
                }
            }
            true
        });
        reaches = spend(work, PIECE * at.len());
        if !reaches {
            break;
        }
        at.sort_by(f64::total_cmp);
        let room = exact / seg.length();
        let mut from = 0.0;
        for &to in at.iter().skip(1) {
            if to - from <= room && to < 1.0 {
                continue;
            }
            let kept = shows(&seg, from, to, region, touch, &mut sums);
            if kept {
                parts.add(&seg, from, to);
            } else {
                parts.gap();
            }
            whole &= kept;
            end_is_kept = kept;
            from = to;
        }
    }
    if !reaches {
        return Kept::Failed(run);
    }
    if whole {
        return Kept::Whole(run);
    }
    parts.gap();
    let mut list = parts.done;
    // A closed line begins anywhere: the part across its start is one.
    if run.closed && end_is_kept && list.len() > 1 && list[0].start == run.start {
        let first = list.remove(0);
        if let Some(last) = list.last_mut() {
            last.spans.extend(first.spans);
        }
    }
    list.retain(|part| segs(part).map(|s| s.length()).sum::<f64>() > least);
    for part in &mut list {
        part.deviation_mm = run.deviation_mm;
        part.ring = run.ring;
    }
    Kept::Parts(list)
}

/// Takes from the work left; whether it reaches.
pub(super) fn spend(work: &mut usize, n: usize) -> bool {
    let left = work.checked_sub(n);
    *work = left.unwrap_or(0);
    left.is_some()
}

/// `room` in mm, or the rounding of coordinates as large as `reach` where that is more.
pub(super) fn exact(room: f64, reach: f64) -> f64 {
    room.max(reach * 1e-13)
}

fn shows(
    seg: &Seg,
    from: f64,
    to: f64,
    region: &Region,
    touch: f64,
    sums: &mut Vec<(u32, i32)>,
) -> bool {
    let middle = 0.5 * (from + to);
    if region.contains(seg.at(middle), sums) {
        return true;
    }
    [middle, from, to]
        .iter()
        .all(|&t| region.contains_along(seg.at(t), seg.tangent(t), touch, sums))
}

/// Parts of a line, put together again where they follow each other.
#[derive(Default)]
struct Parts {
    done: Vec<Run>,
    run: Run,
    /// The segment of the last span, and the fractions between which it runs.
    last: Option<(Seg, f64, f64)>,
}

impl Parts {
    fn add(&mut self, seg: &Seg, from: f64, to: f64) {
        if self.run.spans.is_empty() {
            self.run.start = if from > 0.0 { seg.at(from) } else { seg.from };
        }
        let from = match self.last {
            Some((_, begin, end)) if from > 0.0 && end >= from => {
                let _ = self.run.spans.pop();
                begin
            }
            _ => from,
        };
        self.last = Some((*seg, from, to));
        let whole = from <= 0.0 && to >= 1.0;
        self.run.spans.push(Span {
            end: if to < 1.0 { seg.at(to) } else { seg.to },
            bulge: if whole { seg.bulge } else { seg.part(from, to) },
        });
    }

    fn gap(&mut self) {
        self.last = None;
        if !self.run.spans.is_empty() {
            self.done.push(std::mem::take(&mut self.run));
        }
    }
}
