use super::pair::overlap;
use super::*;
use crate::geom::{distance_to, point_at, sweep};
use proptest::prelude::*;

const NEAR: f64 = 0.02;

fn line(x0: f64, y0: f64, x1: f64, y1: f64) -> Piece {
    arc(x0, y0, x1, y1, 0.0)
}

fn arc(x0: f64, y0: f64, x1: f64, y1: f64, bulge: f64) -> Piece {
    Piece {
        from: Point::new(x0, y0),
        to: Point::new(x1, y1),
        bulge,
        group: 0,
    }
}

/// Strokes of so many pieces each.
fn strokes(pieces: &[Piece], counts: &[u32]) -> Vec<Stroke> {
    let mut first = 0;
    let stroke = |&count: &u32| {
        let range = first..first + count;
        first += count;
        let (a, b) = (pieces[range.start as usize], pieces[range.end as usize - 1]);
        Stroke {
            pieces: range,
            closed: count > 1 && a.from == b.to,
            fixed: false,
            stays: false,
            least_hole: NEAR,
            least_end: NEAR,
        }
    };
    counts.iter().map(stroke).collect()
}

fn single(pieces: &[Piece]) -> Vec<Stroke> {
    strokes(pieces, &vec![1; pieces.len()])
}

fn removal(pieces: &[Piece], strokes: &[Stroke]) -> Removal {
    remove(pieces, strokes, &overlaps(pieces, strokes, NEAR), NEAR)
}

fn total(pieces: &[Piece]) -> f64 {
    pieces.iter().map(Piece::length).sum()
}

fn part(p: &Piece, from: f64, to: f64) -> Piece {
    Piece {
        from: point_at(p.from, p.to, p.bulge, from),
        to: point_at(p.from, p.to, p.bulge, to),
        bulge: (sweep(p.bulge) * (to - from) / 4.0).tan(),
        group: p.group,
    }
}

/// What stays of each piece, as pieces.
fn left(pieces: &[Piece], taken: &[Taken]) -> Vec<Piece> {
    let mut out = Vec::new();
    for (i, p) in pieces.iter().enumerate() {
        let mut at = 0.0;
        for t in taken.iter().filter(|t| t.piece as usize == i) {
            if t.from > at {
                out.push(part(p, at, t.from));
            }
            at = t.to;
        }
        if at < 1.0 {
            out.push(part(p, at, 1.0));
        }
    }
    out
}

/// Every point that is taken lies near what stays in its group.
fn is_still_drawn(pieces: &[Piece], removal: &Removal) -> bool {
    let stays = left(pieces, &removal.taken);
    removal.taken.iter().all(|t| {
        let p = &pieces[t.piece as usize];
        (0..=50).all(|k| {
            let at = t.from + (t.to - t.from) * f64::from(k) / 50.0;
            let q = point_at(p.from, p.to, p.bulge, at);
            stays.iter().any(|s| {
                let off = distance_to(s.from, s.to, s.bulge, q);
                s.group == p.group && off <= removal.apart_mm + 1e-4 * NEAR
            })
        })
    }) && removal.apart_mm <= NEAR * (1.0 + 1e-9)
}

#[test]
fn copies_go_and_what_reaches_further_is_cut() {
    let base = line(0.0, 0.0, 10.0, 0.0);
    for (other, left_mm) in [
        (line(0.0, 0.0, 10.0, 0.0), 10.0),
        (line(10.0, 0.0, 0.0, 0.0), 10.0),
        (line(0.0, 0.01, 10.0, 0.01), 10.0),
        (line(2.0, 0.0, 5.0, 0.0), 10.0),
        (line(12.0, 0.0, 5.0, 0.0), 12.0),
        (line(-2.0, 0.0, 12.0, 0.0), 14.0),
        // Beside it, across it, touching it, on another line.
        (line(0.0, 0.03, 10.0, 0.03), 20.0),
        (line(5.0, -5.0, 5.0, 5.0), 20.0),
        (line(0.0, -0.5, 10.0, 0.5), 10.0 + 101.0_f64.sqrt()),
        (line(10.0, 0.0, 15.0, 0.0), 15.0),
        (line(9.99, 0.0, 15.0, 0.0), 15.01),
    ] {
        for pieces in [[base, other], [other, base]] {
            let done = removal(&pieces, &single(&pieces));
            let stays = total(&left(&pieces, &done.taken));
            assert!((stays - left_mm).abs() < 1e-9, "{other:?}: {stays}");
            assert!(is_still_drawn(&pieces, &done));
        }
    }
}

#[test]
fn arcs_of_one_circle_are_drawn_once() {
    let half = arc(5.0, 0.0, -5.0, 0.0, 1.0);
    let r = 5.0 * std::f64::consts::PI;
    let quarter = (std::f64::consts::PI / 8.0).tan();
    for (other, left_mm) in [
        (half, r),
        (arc(-5.0, 0.0, 5.0, 0.0, -1.0), r),
        (arc(5.01, 0.0, -5.01, 0.0, 1.0), 1.002 * r),
        (arc(0.0, 5.0, -5.0, 0.0, quarter), r),
        (arc(0.0, 5.0, 0.0, -5.0, 1.0), 1.5 * r),
        (arc(-5.0, 0.0, 5.0, 0.0, 1.0), 2.0 * r),
        (
            arc(5.0, 0.0, -5.0, 0.0, 0.9),
            r + arc(5.0, 0.0, -5.0, 0.0, 0.9).length(),
        ),
    ] {
        for pieces in [[half, other], [other, half]] {
            let done = removal(&pieces, &single(&pieces));
            let stays = total(&left(&pieces, &done.taken));
            assert!(
                (stays - left_mm).abs() < 1e-6,
                "{other:?}: {stays}, not {left_mm}"
            );
            assert!(is_still_drawn(&pieces, &done));
        }
    }
}

fn square(x: f64, y: f64) -> [Piece; 4] {
    let (u, v) = (x + 10.0, y + 10.0);
    [
        line(x, y, u, y),
        line(u, y, u, v),
        line(u, v, x, v),
        line(x, v, x, y),
    ]
}

#[test]
fn one_neighbour_stays_whole_and_one_that_others_draw_goes() {
    // Two squares that share an edge: the first is whole, the second an open path.
    let pieces = [square(0.0, 0.0), square(10.0, 0.0)].concat();
    let done = removal(&pieces, &strokes(&pieces, &[4, 4]));
    assert_eq!(
        done.taken,
        [Taken {
            piece: 7,
            from: 0.0,
            to: 1.0
        }]
    );
    // One in the middle of four: no square but that loses anything.
    let all = [
        (10.0, 10.0),
        (0.0, 10.0),
        (20.0, 10.0),
        (10.0, 0.0),
        (10.0, 20.0),
    ];
    let pieces: Vec<Piece> = all.iter().flat_map(|&(x, y)| square(x, y)).collect();
    let done = removal(&pieces, &strokes(&pieces, &[4; 5]));
    let gone: Vec<u32> = done.taken.iter().map(|t| t.piece).collect();
    assert_eq!(gone, [0, 1, 2, 3]);
    // Two long lines draw a third: that goes rather than an end of each.
    let pieces = [
        line(0.0, 0.0, 8.0, 0.0),
        line(2.0, 0.0, 13.0, 0.0),
        line(6.0, 0.0, 15.0, 0.0),
    ];
    let done = removal(&pieces, &single(&pieces));
    assert!(
        done.taken.iter().all(|t| t.piece == 1 || t.piece == 0),
        "{done:?}"
    );
    assert!((total(&left(&pieces, &done.taken)) - 15.0).abs() < 1e-9);
}

#[test]
fn what_must_stay_does() {
    let pieces = [
        line(0.0, 0.0, 10.0, 0.0),
        line(0.0, 0.0, 10.0, 0.0),
        line(9.0, 0.0, 12.0, 0.0),
    ];
    let mut of = single(&pieces);
    of[1].fixed = true;
    let done = removal(&pieces, &of);
    assert!(done.taken.iter().all(|t| t.piece != 1));
    assert!((total(&left(&pieces, &done.taken)) - 12.0).abs() < 1e-9);
    // Nothing that would go altogether goes; an end does.
    of.iter_mut().for_each(|s| s.stays = true);
    let done = removal(&pieces, &of);
    assert_eq!(done.taken.len(), 1);
    assert_eq!(done.taken[0].piece, 2);
    // What is short is not cut from a path.
    of.iter_mut().for_each(|s| s.least_end = 1.5);
    assert_eq!(removal(&pieces, &of).taken, []);
    // Other groups are other worlds.
    let pieces = [
        pieces[0],
        Piece {
            group: 1,
            ..pieces[0]
        },
    ];
    assert_eq!(removal(&pieces, &single(&pieces)).taken, []);
}

#[test]
fn there_and_back_is_once() {
    let pieces = [line(0.0, 0.0, 10.0, 0.0), line(10.0, 0.0, 0.0, 0.0)];
    let done = removal(&pieces, &strokes(&pieces, &[2]));
    assert_eq!(
        done.taken,
        [Taken {
            piece: 1,
            from: 0.0,
            to: 1.0
        }]
    );
}

#[test]
fn fine_curves_do_not_eat_themselves() {
    // Points nearer to each other than the distance.
    let at = |k: u32| {
        let (sin, cos) = (f64::from(k) / 400.0).sin_cos();
        (3.0 * cos, 3.0 * sin)
    };
    let step = |k| {
        let (a, b) = (at(k), at(k + 1));
        line(a.0, a.1, b.0, b.1)
    };
    let curve: Vec<Piece> = (0..1000).map(step).collect();
    assert_eq!(removal(&curve, &strokes(&curve, &[1000])).taken, []);
    // A copy of it goes, whichever way it is run.
    let back = curve
        .iter()
        .rev()
        .map(|p| line(p.to.x, p.to.y, p.from.x, p.from.y));
    let pieces: Vec<Piece> = curve.iter().copied().chain(back).collect();
    let done = removal(&pieces, &strokes(&pieces, &[1000, 1000]));
    assert_eq!(done.taken.len(), 1000);
    assert!(is_still_drawn(&pieces, &done));
}

#[test]
fn a_pile_of_copies_becomes_one() {
    let pieces = vec![line(0.0, 0.0, 3.0, 4.0); 2000];
    let done = removal(&pieces, &single(&pieces));
    assert_eq!(done.taken.len(), 1999);
}

/// Lines on a few carriers in any direction, with whole numbers for places along
/// them, so that the union is known; arcs likewise, in tenths of a turn.
fn drawing() -> impl Strategy<Value = (Vec<Piece>, f64)> {
    let carrier = (0.0..6.3_f64, 0_u8..4, 0_u8..3);
    let carriers = prop::collection::vec(carrier, 3);
    let strokes = prop::collection::vec((0_usize..3, 0_i32..12, 1_i32..6, any::<bool>()), 1..40);
    (carriers, strokes).prop_map(|(carriers, strokes)| {
        let mut pieces = Vec::new();
        let mut drawn = [[false; 40]; 3];
        for (c, from, count, back) in strokes {
            let (angle, place, kind) = carriers[c];
            let origin = Point::new(200.0 * c as f64, 50.0 * f64::from(place));
            let (from, to) = if kind == 0 {
                (from % 10, (from % 10 + count).min(10))
            } else {
                (from, from + count)
            };
            if from == to {
                continue;
            }
            let at = |k: i32| {
                let t = f64::from(k);
                let (a, r) = if kind == 0 {
                    (angle + t * 0.5, 20.0)
                } else {
                    (angle, t)
                };
                origin + Point::new(a.cos(), a.sin()) * r
            };
            let bulge = if kind == 0 {
                (f64::from(to - from) * 0.125).tan()
            } else {
                0.0
            };
            let (a, b, bulge) = if back {
                (at(to), at(from), -bulge)
            } else {
                (at(from), at(to), bulge)
            };
            drawn[c][from as usize..to as usize].fill(true);
            pieces.push(Piece {
                from: a,
                to: b,
                bulge,
                group: 0,
            });
        }
        let unit = |c: usize| if carriers[c].2 == 0 { 10.0 } else { 1.0 };
        let union = (0..3)
            .map(|c| drawn[c].iter().filter(|d| **d).count() as f64 * unit(c))
            .sum();
        (pieces, union)
    })
}

/// Pieces of every kind that come near each other in every way.
fn tangle() -> impl Strategy<Value = Vec<Piece>> {
    let place = (0_i32..30, 0_i32..4, -1_i32..2);
    let bulge = prop_oneof![3 => Just(0.0), 1 => Just(0.4), 1 => Just(-0.4)];
    let piece = (place.clone(), place, bulge).prop_filter_map("no length", |(a, b, bulge)| {
        let at = |(x, y, off): (i32, i32, i32)| {
            (
                f64::from(x) * 0.7,
                f64::from(y) * 0.7 + f64::from(off) * 0.011,
            )
        };
        let (a, b) = (at(a), at(b));
        (a != b).then(|| arc(a.0, a.1, b.0, b.1, bulge))
    });
    prop::collection::vec(piece, 1..60)
}

fn turned(p: &Piece, angle: f64, by: Point) -> Piece {
    let (sin, cos) = angle.sin_cos();
    let turn = |p: Point| Point::new(p.x * cos - p.y * sin, p.x * sin + p.y * cos) + by;
    Piece {
        from: turn(p.from),
        to: turn(p.to),
        ..*p
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_pairs_are_found(pieces in tangle(), counts in 1_usize..4) {
        let counts: Vec<u32> = pieces.chunks(counts).map(|c| c.len() as u32).collect();
        let of = strokes(&pieces, &counts);
        let mut found: Vec<[u32; 2]> = overlaps(&pieces, &of, NEAR).iter().map(|o| o.pieces).collect();
        found.sort_unstable();
        let stroke = |i: u32| of.partition_point(|s| s.pieces.end <= i);
        let mut naive = Vec::new();
        for j in 0..pieces.len() as u32 {
            for i in 0..j {
                if overlap(&pieces, [i, j], stroke(i) == stroke(j), NEAR).is_some() {
                    naive.push([i, j]);
                }
            }
        }
        naive.sort_unstable();
        prop_assert_eq!(found, naive);
    }

    #[test]
    fn all_is_drawn_once((pieces, union) in drawing()) {
        let of = single(&pieces);
        let done = removal(&pieces, &of);
        let stays = left(&pieces, &done.taken);
        prop_assert!((total(&stays) - union).abs() < 1e-6, "{} of {union}", total(&stays));
        prop_assert!(is_still_drawn(&pieces, &done));
        // Again, there is nothing to take.
        prop_assert_eq!(removal(&stays, &single(&stays)).taken, vec![]);
    }

    #[test]
    fn nothing_gets_lost(pieces in tangle(), counts in 1_usize..4) {
        let counts: Vec<u32> = pieces.chunks(counts).map(|c| c.len() as u32).collect();
        let done = removal(&pieces, &strokes(&pieces, &counts));
        prop_assert!(is_still_drawn(&pieces, &done), "{:?}", done);
    }

    #[test]
    fn place_direction_and_sequence_do_not_matter(
        (pieces, _) in drawing(),
        angle in 0.0..6.3_f64,
        (x, y) in (-500.0..500.0, -500.0..500.0),
        shift in 0_usize..40,
    ) {
        let mm = |pieces: &[Piece]| total(&left(pieces, &removal(pieces, &single(pieces)).taken));
        let mut other: Vec<Piece> = pieces.iter().map(|p| turned(p, angle, Point::new(x, y))).collect();
        let middle = shift % other.len().max(1);
        other.rotate_left(middle);
        prop_assert!((mm(&pieces) - mm(&other)).abs() < 1e-6);
    }
}
