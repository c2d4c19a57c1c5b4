//! Which sheets lie on each other: what is burned again is kept as far from the time
//! before as it was.
//!
//! A sheet that burns the pieces of an earlier one is run as that is: then as much comes
//! between a piece and itself as before. Sheets that lie on each other otherwise (a second
//! pass from the other side, or crosswise) are left alone.

use super::super::shape;
use super::rows::{Raster, Sheet};
use crate::geom::{Bounds, Point3};
use std::collections::BTreeMap;

/// How a sheet stands to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// No other sheet before it burns there.
    First,
    /// It burns the pieces of an earlier one, by its number.
    Again(usize),
    /// It lies on a sheet of other pieces.
    Mixed,
}

/// How often areas are cut apart, along X and Y in turn. Areas that could only be told
/// apart by more count as lying on each other.
const MOST_CUTS: usize = 8;

/// How each sheet stands to the others, for all sheets in order.
///
/// # Complexity
/// O(pieces + sheets · log sheets).
pub(super) fn stands(sheets: &[(&Raster, &Sheet)], touch: f64) -> Vec<Stand> {
    let mut first: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    let mut stands: Vec<Stand> = sheets
        .iter()
        .enumerate()
        .map(
            |(i, (raster, sheet))| match first.entry(pieces(raster, sheet, touch)) {
                std::collections::btree_map::Entry::Vacant(v) => {
                    let _ = v.insert(i);
                    Stand::First
                }
                std::collections::btree_map::Entry::Occupied(o) => Stand::Again(*o.get()),
            },
        )
        .collect();
    let kinds: Vec<usize> = first.into_values().collect();
    let areas: Vec<[[f64; 2]; 2]> = kinds.iter().map(|k| area(sheets[*k])).collect();
    for group in apart(&areas).into_iter().filter(|g| g.len() > 1) {
        for i in group {
            stands[kinds[i]] = Stand::Mixed;
        }
    }
    for i in 0..stands.len() {
        if let Stand::Again(first) = stands[i]
            && stands[first] == Stand::Mixed
        {
            stands[i] = Stand::Mixed;
        }
    }
    stands
}

/// A number that is the same for sheets with the same pieces in the same rows.
fn pieces(raster: &Raster, sheet: &Sheet, touch: f64) -> (u64, u64) {
    // The odd shift keeps round coordinates away from the edges of cells.
    let cell = |v: f64| (v / touch + 0.123_456).floor() as i64 as u64;
    let mut sum = (sheet.rows.len() as u64, 0x9e37_79b9_7f4a_7c15_u64);
    for row in &sheet.rows {
        sum.0 = shape::mix(sum.0 ^ row.pieces.len() as u64);
        for piece in &row.pieces {
            let ends = [
                raster.moves[piece.start].from,
                raster.moves[piece.end - 1].segment.end,
            ];
            for v in ends.iter().flat_map(|p| p.to_array()) {
                sum.0 = shape::mix(sum.0 ^ cell(v));
                sum.1 = shape::mix(sum.1.wrapping_add(sum.0));
            }
        }
    }
    sum
}

/// The box around what a sheet burns: for X and Y from where to where, mm.
fn area((raster, sheet): (&Raster, &Sheet)) -> [[f64; 2]; 2] {
    let mut all = Bounds::EMPTY;
    for piece in sheet.rows.iter().flat_map(|r| &r.pieces) {
        all.add(raster.moves[piece.start].from);
        all.add(raster.moves[piece.end - 1].segment.end);
    }
    let Bounds {
        min: Point3 { x, y, .. },
        max,
    } = all;
    [[x, max.x], [y, max.y]]
}

/// Groups of areas that may lie on each other.
fn apart(areas: &[[[f64; 2]; 2]]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = vec![(0..areas.len()).collect()];
    for cut in 0..MOST_CUTS {
        let axis = cut % 2;
        groups = groups
            .into_iter()
            .flat_map(|mut group| {
                group.sort_by(|a, b| areas[*a][axis][0].total_cmp(&areas[*b][axis][0]));
                let mut out: Vec<Vec<usize>> = Vec::new();
                let mut reach = f64::NEG_INFINITY;
                for i in group {
                    let [from, to] = areas[i][axis];
                    match out.last_mut() {
                        Some(last) if from <= reach => last.push(i),
                        _ => out.push(vec![i]),
                    }
                    reach = reach.max(to);
                }
                out
            })
            .collect();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_in_rows_and_columns_are_apart_and_crossing_ones_are_not() {
        let at = |x: f64, y: f64, w: f64, h: f64| [[x, x + w], [y, y + h]];
        let mut areas: Vec<_> = (0..5)
            .flat_map(|i| (0..5).map(move |j| (f64::from(i), f64::from(j))))
            .map(|(i, j)| at(10.0 * i + j, 10.0 * j, 8.0, 8.0))
            .collect();
        assert!(apart(&areas).iter().all(|g| g.len() == 1));
        areas.push(at(45.0, 41.0, 9.0, 1.0));
        let groups = apart(&areas);
        let with_others: Vec<_> = groups.iter().filter(|g| g.len() > 1).collect();
        assert_eq!(with_others.len(), 1, "{groups:?}");
        let mut both = with_others[0].clone();
        both.sort_unstable();
        assert_eq!(both, [24, 25]);
    }
}
