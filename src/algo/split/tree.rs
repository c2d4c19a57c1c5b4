//! Boxes packed into a tree.

use crate::algo::along_hilbert;
use crate::algo::kd::Area;

/// Boxes that one box of the level above holds.
const CHILDREN: usize = 8;

/// Boxes in the order of a Hilbert curve, and above them boxes of eight each, up to one.
pub(super) struct Tree {
    /// The number of each box.
    order: Vec<u32>,
    /// The boxes, then level after level, the lowest first.
    levels: Vec<Vec<Area>>,
}

impl Tree {
    /// # Complexity
    /// O(n log n).
    pub(super) fn new(boxes: &[Area]) -> Self {
        let middles: Vec<_> = boxes.iter().map(|b| b.min.lerp(b.max, 0.5)).collect();
        let order = along_hilbert(&middles);
        let mut levels: Vec<Vec<Area>> = vec![order.iter().map(|&i| boxes[i as usize]).collect()];
        while let Some(below) = levels.last().filter(|l| l.len() > 1) {
            let above = below.chunks(CHILDREN).map(|c| {
                c.iter().skip(1).fold(c[0], |mut all, b| {
                    (all.min.x, all.min.y) = (all.min.x.min(b.min.x), all.min.y.min(b.min.y));
                    (all.max.x, all.max.y) = (all.max.x.max(b.max.x), all.max.y.max(b.max.y));
                    all
                })
            });
            let above = above.collect();
            levels.push(above);
        }
        Self { order, levels }
    }

    /// Calls `found` with the number of each box that meets an area.
    pub(super) fn visit(&self, area: &Area, mut found: impl FnMut(u32)) {
        let top = self.levels.len() - 1;
        let mut open: Vec<(usize, usize)> = (0..self.levels[top].len()).map(|i| (top, i)).collect();
        while let Some((level, i)) = open.pop() {
            if !self.levels[level][i].meets(area) {
                continue;
            }
            if level == 0 {
                found(self.order[i]);
                continue;
            }
            let end = (CHILDREN * (i + 1)).min(self.levels[level - 1].len());
            open.extend((CHILDREN * i..end).map(|k| (level - 1, k)));
        }
    }
}
