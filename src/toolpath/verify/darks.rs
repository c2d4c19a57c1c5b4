//! Dark moves that an edit made or left out.

use super::{Cover, Difference, Piece};
use crate::toolpath::{Step, Toolpath};

/// The pieces by class, with the dark moves that an edit of `t` made, or left out.
pub(super) fn with_darks(
    mut sides: Vec<Vec<Piece>>,
    t: &Toolpath,
    map: &[usize],
    made: bool,
) -> Vec<Vec<Piece>> {
    for d in t.darks.iter().filter(|d| d.made == made) {
        sides[map[d.segment.attr as usize]].push(Piece::of(t, d.from, &d.segment));
    }
    sides
}

/// Checks that the dark moves that were made lie where the head went in `before`.
pub(super) fn darks_on_the_way(
    before: &Toolpath,
    after: &Toolpath,
    tolerance: f64,
) -> Result<(), Difference> {
    let made: Vec<Piece> = after
        .darks
        .iter()
        .filter(|d| d.made)
        .map(|d| Piece::of(after, d.from, &d.segment))
        .collect();
    if made.is_empty() {
        return Ok(());
    }
    let way = way_of(before);
    let cover = Cover::new(&way, tolerance);
    match made.iter().find(|p| cover.distance(p, tolerance).is_none()) {
        Some(piece) => Err(piece.added()),
        None => Ok(()),
    }
}

/// All that the head does, travel as straight lines.
fn way_of(t: &Toolpath) -> Vec<Piece> {
    let mut way = Vec::new();
    let mut at = t.start;
    for step in &t.steps {
        match step {
            Step::Raw(raw) => at = raw.exit_at,
            Step::Path(path) => {
                way.push(Piece {
                    from: at,
                    to: path.start,
                    ..Piece::default()
                });
                for (from, s) in t.with_starts(path) {
                    way.push(Piece::of(t, from, s));
                }
                at = t.end_of(path);
            }
        }
    }
    way
}
