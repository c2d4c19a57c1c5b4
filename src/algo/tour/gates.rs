//! Where one may get from one group to another.
//!
//! The nearest ends of an outline are mostly those of its own group, and of what is near
//! in another group much can be neither the first nor the last of it: a part is entered
//! at something in it, and left at its outline. So the lists of neighbours have the
//! nearest ends of other groups too that a hop can lead to.

use super::groups::Groups;
use crate::algo::{Area, KdTree, Near};
use crate::geom::Point;

/// So many ends of other groups are named where a group may be left, and as many where
/// it may be entered.
const COUNT: usize = 5;

/// An end that asks or is named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub(super) end: u32,
    pub(super) point: Point,
}

/// Ends of other groups for some ends, a list for each, of indices into the gates.
/// Home is asked for by its ends 0 and 1, and never named.
///
/// # Complexity
/// O(gates · log gates).
pub(super) fn of_others(gates: &[Gate], groups: &Groups) -> Vec<Vec<u32>> {
    let mut trees = [Role::Enter, Role::Leave].map(|role| Ends::new(gates, groups, role));
    let mut by_group: Vec<u32> = (0..gates.len() as u32).collect();
    let group = |i: u32| groups.of(gates[i as usize].end / 2);
    by_group.sort_by_key(|&i| group(i));
    let mut out = vec![Vec::new(); gates.len()];
    for own in by_group.chunk_by(|&a, &b| group(a) == group(b)) {
        for tree in &mut trees {
            own.iter().for_each(|&i| tree.hide(i));
        }
        for &i in own {
            let Gate { end, point } = gates[i as usize];
            let found = &mut out[i as usize];
            if end == 1 || end > 1 && groups.may_end(end / 2) {
                trees[0].nearest(point, found);
            }
            if end == 0 || end > 1 && groups.may_begin(end / 2) {
                trees[1].nearest(point, found);
            }
        }
        for tree in &mut trees {
            own.iter().for_each(|&i| tree.show(i));
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Enter,
    Leave,
}

/// Gates where a group may be entered, or those where it may be left.
struct Ends {
    tree: KdTree,
    /// The gates in the tree.
    gates: Vec<u32>,
    /// Where each gate is in the tree.
    place: Vec<Option<u32>>,
}

impl Ends {
    fn new(gates: &[Gate], groups: &Groups, role: Role) -> Self {
        let mut ends = Self {
            tree: KdTree::new(Vec::new()),
            gates: Vec::new(),
            place: vec![None; gates.len()],
        };
        let mut points = Vec::new();
        for (i, gate) in gates.iter().enumerate() {
            let node = gate.end / 2;
            let may = match role {
                Role::Enter => groups.may_begin(node),
                Role::Leave => groups.may_end(node),
            };
            if node > 0 && may {
                ends.place[i] = Some(points.len() as u32);
                ends.gates.push(i as u32);
                points.push(gate.point);
            }
        }
        ends.tree = KdTree::new(points);
        ends
    }

    fn hide(&mut self, gate: u32) {
        if let Some(at) = self.place[gate as usize] {
            self.tree.remove(at);
        }
    }

    fn show(&mut self, gate: u32) {
        if let Some(at) = self.place[gate as usize] {
            self.tree.put_back(at);
        }
    }

    fn nearest(&self, to: Point, found: &mut Vec<u32>) {
        let near = Near {
            to,
            own: None,
            count: COUNT,
            within: Area::ALL,
        };
        let first = found.len();
        self.tree.nearest(&near, |_| true, found);
        for i in &mut found[first..] {
            *i = self.gates[*i as usize];
        }
    }
}
