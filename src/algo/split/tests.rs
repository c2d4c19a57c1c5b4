use super::*;
use proptest::prelude::*;

const TOUCH: f64 = 0.01;

fn p(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

/// Strokes of lines through points; closed where the last is the first.
fn strokes(all: &[&[(f64, f64)]]) -> (Vec<Piece>, Vec<Stroke>) {
    let mut pieces = Vec::new();
    let mut strokes = Vec::new();
    for points in all {
        let begin = pieces.len() as u32;
        for w in points.windows(2) {
            pieces.push(Piece {
                from: p(w[0].0, w[0].1),
                to: p(w[1].0, w[1].1),
                bulge: 0.0,
                group: 0,
            });
        }
        strokes.push(Stroke {
            pieces: begin..pieces.len() as u32,
            closed: points.first() == points.last(),
        });
    }
    (pieces, strokes)
}

/// Where they meet, as piece and share.
fn found(all: &[&[(f64, f64)]], meeting: Meeting) -> Vec<(u32, f64)> {
    let (pieces, strokes) = strokes(all);
    let places = places(&pieces, &strokes, meeting, TOUCH, 1000).unwrap();
    places
        .iter()
        .map(|place| (place.piece, (place.at * 1e6).round() / 1e6))
        .collect()
}

#[test]
fn an_end_on_a_line_cuts_it() {
    let line: &[(f64, f64)] = &[(0.0, 0.0), (10.0, 0.0)];
    let stem: &[(f64, f64)] = &[(4.0, 0.004), (4.0, 5.0)];
    assert_eq!(found(&[line, stem], Meeting::Ends), [(0, 0.4)]);
    // Too far off, and in another group.
    let off: &[(f64, f64)] = &[(4.0, 0.006), (4.0, 5.0)];
    assert_eq!(found(&[line, off], Meeting::Ends), []);
    let (mut pieces, all) = strokes(&[line, stem]);
    pieces[1].group = 1;
    assert_eq!(
        places(&pieces, &all, Meeting::Crossings, TOUCH, 9),
        Some(Vec::new())
    );
    // At an end there is nothing to cut.
    let corner: &[(f64, f64)] = &[(0.004, 0.0), (0.0, 5.0)];
    assert_eq!(found(&[line, corner], Meeting::Crossings), []);
}

#[test]
fn ends_that_lie_together_cut_once_and_at_the_corner() {
    let line: &[(f64, f64)] = &[(0.0, 0.0), (5.0, 0.0), (10.0, 0.0)];
    let up: &[(f64, f64)] = &[(4.995, 0.0), (5.0, 5.0)];
    let down: &[(f64, f64)] = &[(5.003, 0.0), (5.0, -5.0)];
    assert_eq!(found(&[line, up, down], Meeting::Ends), [(1, 0.0)]);
}

#[test]
fn crossings_cut_both_only_when_asked() {
    let a: &[(f64, f64)] = &[(0.0, 0.0), (10.0, 10.0)];
    let b: &[(f64, f64)] = &[(0.0, 8.0), (8.0, 0.0)];
    assert_eq!(found(&[a, b], Meeting::Ends), []);
    assert_eq!(found(&[a, b], Meeting::Crossings), [(0, 0.4), (1, 0.5)]);
    // A corner on a line, and two corners.
    let c: &[(f64, f64)] = &[(3.0, 0.0), (4.0, 4.0), (3.0, 9.0)];
    assert_eq!(found(&[a, c], Meeting::Crossings), [(0, 0.4), (2, 0.0)]);
    let d: &[(f64, f64)] = &[(9.0, 0.0), (4.0, 4.0), (9.0, 9.0)];
    assert_eq!(found(&[c, d], Meeting::Crossings), [(1, 0.0), (3, 0.0)]);
    // Its own corners cut no stroke, nor does where it closes.
    let closed: &[(f64, f64)] = &[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0), (0.0, 0.0)];
    assert_eq!(found(&[closed], Meeting::Crossings), []);
    // But crossing itself does.
    let eight: &[(f64, f64)] = &[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)];
    assert_eq!(found(&[eight], Meeting::Crossings), [(0, 0.5), (2, 0.5)]);
}

#[test]
fn closed_strokes_are_cut_at_their_start_too() {
    let square: &[(f64, f64)] = &[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0), (0.0, 5.0), (0.0, 0.0)];
    let stem: &[(f64, f64)] = &[(-5.0, -5.0), (0.0, 0.0)];
    // Where it starts anyway, unless it is cut elsewhere too.
    assert_eq!(found(&[square, stem], Meeting::Ends), []);
    let other: &[(f64, f64)] = &[(5.0, 2.0), (9.0, 9.0)];
    assert_eq!(
        found(&[square, stem, other], Meeting::Ends),
        [(0, 0.0), (1, 0.4)]
    );
}

#[test]
fn too_many_are_refused() {
    let rows: Vec<[(f64, f64); 2]> = (0..20)
        .flat_map(|i| {
            let v = f64::from(i) + 0.5;
            [[(0.0, v), (20.0, v)], [(v, 0.0), (v, 20.0)]]
        })
        .collect();
    let all: Vec<&[(f64, f64)]> = rows.iter().map(<[_; 2]>::as_slice).collect();
    assert_eq!(found(&all, Meeting::Crossings).len(), 800);
    let (pieces, strokes) = strokes(&all);
    assert!(places(&pieces, &strokes, Meeting::Crossings, TOUCH, 700).is_none());
}

fn piece() -> impl Strategy<Value = Piece> {
    let at = || (0_i32..100, 0_i32..100).prop_map(|(x, y)| p(f64::from(x), f64::from(y)));
    let bulge = prop_oneof![Just(0.0), -1.0..1.0];
    (at(), at(), bulge).prop_filter_map("a length", |(from, to, bulge)| {
        (from != to).then_some(Piece {
            from,
            to,
            bulge,
            group: 0,
        })
    })
}

/// How often two pieces cross, by walking along both in small steps.
fn walked(a: &Piece, b: &Piece) -> usize {
    const STEPS: usize = 400;
    let side = |p: Point| {
        // Which side of the second piece's line or circle.
        match crate::geom::arc_center(b.from, b.to, b.bulge) {
            None => (b.to - b.from).cross(p - b.from) > 0.0,
            Some(c) => p.distance(c) > b.from.distance(c),
        }
    };
    let at = |k: usize| point_at(a.from, a.to, a.bulge, k as f64 / STEPS as f64);
    (0..STEPS)
        .filter(|&k| {
            let (q, r) = (at(k), at(k + 1));
            let facing = (0.0..=1.0).contains(&meet::share(b, q.lerp(r, 0.5)));
            side(q) != side(r) && facing
        })
        .count()
}

proptest! {
    #[test]
    fn crossings_lie_on_both_and_are_those_that_a_walk_meets(a in piece(), b in piece()) {
        let met = meet::crossings(&a, &b);
        for &(t, u) in &met {
            let [q, r] = [(&a, t), (&b, u)].map(|(s, t)| point_at(s.from, s.to, s.bulge, t));
            prop_assert!(q.distance(r) < 1e-6, "{} apart", q.distance(r));
        }
        // Near an end, or where they hardly touch, the walk may see it otherwise.
        let clear = |t: f64| (0.02..0.98).contains(&t);
        let steep = met.len() < 2 || (met[0].0 - met[1].0).abs() > 0.02;
        if met.iter().all(|&(t, u)| clear(t) && clear(u)) && steep {
            let seen = walked(&a, &b);
            prop_assert!(seen >= met.len(), "{seen} {met:?}");
        }
    }

    #[test]
    fn the_tree_finds_what_a_look_at_all_finds(
        boxes in prop::collection::vec((0_i32..100, 0_i32..100, 0_i32..30, 0_i32..9), 1..200),
        q in (0_i32..100, 0_i32..100, 0_i32..30, 0_i32..30),
    ) {
        let area = |(x, y, w, h): (i32, i32, i32, i32)| Area {
            min: p(f64::from(x), f64::from(y)),
            max: p(f64::from(x + w), f64::from(y + h)),
        };
        let boxes: Vec<Area> = boxes.into_iter().map(area).collect();
        let mut got = Vec::new();
        Tree::new(&boxes).visit(&area(q), |i| got.push(i));
        got.sort_unstable();
        let want: Vec<u32> = (0..boxes.len() as u32)
            .filter(|&i| boxes[i as usize].meets(&area(q)))
            .collect();
        prop_assert_eq!(got, want);
    }
}
