use super::region::rect_of;
use super::seg::Rect;
use crate::svg::outline::Run;
use std::collections::BTreeMap;

/// Runs in groups whose boxes have nothing in common, each in the order given.
///
/// A sweep to the right over the boxes: the groups under way hold intervals of y
/// that do not overlap.
///
/// # Complexity
/// O(n log n).
pub(super) fn apart(runs: Vec<Run>) -> Vec<(Rect, Vec<Run>)> {
    let rects: Vec<Rect> = runs.iter().map(rect_of).collect();
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by(|&a, &b| rects[a].min.x.total_cmp(&rects[b].min.x));
    let mut leader: Vec<usize> = (0..runs.len()).collect();
    let mut whole = rects.clone();
    // By least y, the groups under way.
    let mut active: BTreeMap<Key, usize> = BTreeMap::new();
    for i in order {
        let mut rect = rects[i];
        loop {
            // The last that begins at or below our top is the only one that may reach us.
            let below = active.range(..=Key(rect.max.y)).next_back();
            let Some((&key, &other)) = below else { break };
            let theirs = whole[other];
            if theirs.max.y < rect.min.y {
                break;
            }
            let _ = active.remove(&key);
            if theirs.max.x >= rects[i].min.x {
                leader[other] = i;
                rect = rect.union(&theirs);
            }
        }
        whole[i] = rect;
        let _ = active.insert(Key(rect.min.y), i);
    }
    let mut groups: BTreeMap<usize, (Rect, Vec<Run>)> = BTreeMap::new();
    for (i, run) in runs.into_iter().enumerate() {
        let mut top = i;
        while leader[top] != top {
            // Shorter for the next one.
            leader[top] = leader[leader[top]];
            top = leader[top];
        }
        groups
            .entry(top)
            .or_insert_with(|| (whole[top], Vec::new()))
            .1
            .push(run);
    }
    groups.into_values().collect()
}

/// A coordinate in its order.
#[derive(Clone, Copy, Debug)]
struct Key(f64);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
