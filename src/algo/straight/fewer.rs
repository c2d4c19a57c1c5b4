//! Two ends of trails at one node become a joint, and their two links one.

use super::Ways;

/// So many elements are passed for all joints that are tried.
const MOST_WORK: usize = 30_000_000;

impl Ways<'_> {
    /// Joins ends of trails that meet; gives how many joints that made.
    pub(super) fn fuse_links(&mut self) -> usize {
        let mut work = MOST_WORK;
        let mut sum = 0;
        loop {
            // Each ring that is taken in may bring other ends together.
            let fused = self.fuse_once(&mut work);
            sum += fused;
            if fused == 0 {
                return sum;
            }
        }
    }

    fn fuse_once(&mut self, work: &mut usize) -> usize {
        let strokes = 2 * self.strokes.len() as u32;
        let mut loose: Vec<(u32, u32)> = (0..strokes)
            .filter(|&end| self.is_free(end) && self.mate[end as usize] >= strokes)
            .filter_map(|end| Some((self.node(end)?, end)))
            .filter(|(node, _)| self.tight[*node as usize])
            .collect();
        loose.sort_unstable();
        let at_node = self.ends_at_nodes();
        let mut fused = 0;
        for ends in loose.chunk_by(|a, b| a.0 == b.0) {
            let mut rest: Vec<u32> = ends.iter().map(|e| e.1).collect();
            while let Some(a) = rest.pop() {
                for i in 0..rest.len() {
                    let Some(left) = work.checked_sub(self.mate.len()) else {
                        return fused;
                    };
                    let Some(undo) = self.fuse_pair(a, rest[i]) else {
                        continue;
                    };
                    *work = left;
                    if self.is_one() || self.take_ring_in(&at_node) {
                        fused += 1;
                        let _ = rest.swap_remove(i);
                        break;
                    }
                    for (end, mate) in undo {
                        self.mate[end as usize] = mate;
                    }
                }
            }
        }
        fused
    }

    /// Joins two ends of strokes, each of which a link leads to. Gives the mates that
    /// were; `None` where that cannot be.
    fn fuse_pair(&mut self, a: u32, b: u32) -> Option<[(u32, u32); 6]> {
        let links = 2 * self.strokes.len() as u32;
        // The first link has no beginning, the last one no end: these stay.
        let last = self.mate.len() as u32 - 2;
        let is_outer = |link: u32| link / 2 == links / 2 || link / 2 == last / 2;
        let goes_on = !is_outer(self.mate[b as usize]);
        let (a, b) = if goes_on { (a, b) } else { (b, a) };
        let (stays, goes) = (self.mate[a as usize], self.mate[b as usize]);
        // A ring that was taken in may have given an end another mate.
        if a / 2 == b / 2 || is_outer(goes) || stays < links || goes < links {
            return None;
        }
        let far = self.mate[(goes ^ 1) as usize];
        let undo = [a, b, stays, goes, goes ^ 1, far].map(|end| (end, self.mate[end as usize]));
        self.join(a, b);
        // Nothing is left of a link that leads from a node to itself.
        let stays_on = if far == a { stays } else { far };
        self.join(stays, stays_on);
        self.mate[goes as usize] = goes;
        self.mate[(goes ^ 1) as usize] = goes ^ 1;
        Some(undo)
    }

    /// Whether the way from the first link passes all strokes.
    fn is_one(&self) -> bool {
        self.walk().len() == self.strokes.len()
    }

    /// The ends of free strokes at each node.
    fn ends_at_nodes(&self) -> Vec<Vec<u32>> {
        let mut out = vec![Vec::new(); self.tight.len()];
        for end in 0..2 * self.strokes.len() as u32 {
            if let Some(node) = self.node(end)
                && self.tight[node as usize]
                && self.is_free(end)
                && self.is_free(self.mate[end as usize])
            {
                out[node as usize].push(end);
            }
        }
        out
    }

    /// Joins the one ring that there is to the way at a node that they share, with the
    /// least turn; whether there is one.
    fn take_ring_in(&mut self, at_node: &[Vec<u32>]) -> bool {
        let mut on_way = vec![false; self.strokes.len()];
        for (stroke, _) in self.walk() {
            on_way[stroke as usize] = true;
        }
        let mut best: Option<(f64, u32, u32)> = None;
        for end in (0..2 * self.strokes.len() as u32).filter(|e| !on_way[*e as usize / 2]) {
            let Some(node) = self.node(end) else { continue };
            let here = &at_node[node as usize];
            if !here.contains(&end) || here.len() > super::MOST_ENDS {
                continue;
            }
            for &other in here.iter().filter(|o| on_way[**o as usize / 2]) {
                let (more, ..) = self.switch(end, other);
                if best.is_none_or(|(least, ..)| more < least) {
                    best = Some((more, end, other));
                }
            }
        }
        let Some((_, a, b)) = best else { return false };
        let (_, x, y) = self.switch(a, b);
        let other = self.mate[a as usize];
        self.join(a, x);
        self.join(other, y);
        true
    }
}
