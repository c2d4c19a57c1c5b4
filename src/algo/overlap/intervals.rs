//! Sets of intervals from 0 to 1, sorted and disjoint.

/// Sorts intervals and joins those that overlap or are no more than `gap` apart.
pub(super) fn union(parts: &mut Vec<[f64; 2]>, gap: f64) {
    parts.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let mut kept = 0;
    for i in 0..parts.len() {
        let next = parts[i];
        if kept > 0 && next[0] <= parts[kept - 1][1] + gap {
            parts[kept - 1][1] = parts[kept - 1][1].max(next[1]);
        } else {
            parts[kept] = next;
            kept += 1;
        }
    }
    parts.truncate(kept);
}

/// What of 0 to 1 is in none of the intervals of a union.
pub(super) fn rest(parts: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut out = Vec::new();
    let mut at = 0.0;
    for p in parts {
        if p[0] > at {
            out.push([at, p[0]]);
        }
        at = p[1];
    }
    if at < 1.0 {
        out.push([at, 1.0]);
    }
    out
}
