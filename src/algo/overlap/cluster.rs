//! Strokes that overlap come together; what overlaps nothing is looked at no more.

use super::{Overlap, Stroke};
use crate::algo::sets::Sets;

/// Strokes that overlap each other, and no others.
pub(super) struct Cluster {
    /// Sorted.
    pub(super) strokes: Vec<u32>,
    pub(super) overlaps: Vec<u32>,
}

/// The strokes that overlap any, in clusters. What is far from each other in the slices
/// comes together, and each cluster is a job of its own.
pub(super) fn clusters(pieces: usize, strokes: &[Stroke], overlaps: &[Overlap]) -> Vec<Cluster> {
    let mut stroke_of = vec![0_u32; pieces];
    for (k, s) in strokes.iter().enumerate() {
        stroke_of[s.pieces.start as usize..s.pieces.end as usize].fill(k as u32);
    }
    let mut sets = Sets::new(strokes.len());
    let mut involved = vec![false; strokes.len()];
    for o in overlaps {
        let [a, b] = o.pieces.map(|p| {
            let stroke = stroke_of[p as usize];
            involved[stroke as usize] = true;
            stroke
        });
        let _ = sets.join(a, b);
    }
    let mut number = vec![u32::MAX; strokes.len()];
    let mut out: Vec<Cluster> = Vec::new();
    for k in (0..strokes.len() as u32).filter(|&k| involved[k as usize]) {
        let first = sets.root(k) as usize;
        if number[first] == u32::MAX {
            number[first] = out.len() as u32;
            out.push(Cluster {
                strokes: Vec::new(),
                overlaps: Vec::new(),
            });
        }
        out[number[first] as usize].strokes.push(k);
    }
    for (i, o) in overlaps.iter().enumerate() {
        let first = sets.root(stroke_of[o.pieces[0] as usize]);
        out[number[first as usize] as usize].overlaps.push(i as u32);
    }
    out
}
