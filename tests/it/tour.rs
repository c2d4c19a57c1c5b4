//! The tour search against brute force, and on input that is hard to bear.

use proptest::prelude::*;
use trajet::algo::tour::{Options, Problem, Stage, Stroke, Visit, as_given, cost, order};
use trajet::geom::Point;
use trajet::par;

fn euclid(a: Point, b: Point) -> f64 {
    a.distance(b)
}

/// Strokes for a small problem, with what they need.
#[derive(Clone, Debug)]
struct Small {
    strokes: Vec<Stroke>,
    starts: Vec<Point>,
    before: Vec<(u32, u32)>,
    groups: Vec<u32>,
    end: Option<Point>,
}

impl Small {
    fn problem(&self) -> Problem<'_> {
        Problem {
            strokes: &self.strokes,
            starts: &self.starts,
            start: Point::new(0.0, 0.0),
            end: self.end,
            before: &self.before,
            groups: &self.groups,
        }
    }

    fn allows(&self, visits: &[Visit]) -> bool {
        let place = |s: u32| visits.iter().position(|v| v.stroke == s);
        self.before.iter().all(|&(a, b)| place(a) < place(b)) && self.together(visits)
    }

    fn together(&self, visits: &[Visit]) -> bool {
        let group = |v: &Visit| self.groups.get(v.stroke as usize);
        let changes = visits.windows(2).filter(|w| group(&w[0]) != group(&w[1]));
        let mut all: Vec<_> = visits.iter().filter_map(group).collect();
        all.sort_unstable();
        all.dedup();
        changes.count() < all.len().max(1)
    }

    /// The least cost over all orders, directions and starts.
    fn best(&self) -> f64 {
        let mut best = f64::INFINITY;
        self.extend(&mut Vec::new(), &mut best);
        best
    }

    fn extend(&self, visits: &mut Vec<Visit>, best: &mut f64) {
        if !self.together(visits) {
            return;
        }
        if visits.len() == self.strokes.len() {
            if self.allows(visits) {
                *best = best.min(cost(&self.problem(), &euclid, visits));
            }
            return;
        }
        for (i, stroke) in self.strokes.iter().enumerate() {
            let stroke_id = i as u32;
            if visits.iter().any(|v| v.stroke == stroke_id) {
                continue;
            }
            let choices = match stroke {
                Stroke::Open { reversible, .. } => 1 + u32::from(*reversible),
                Stroke::Closed { starts } => starts.end - starts.start,
            };
            for k in 0..choices {
                let open = matches!(stroke, Stroke::Open { .. });
                visits.push(Visit {
                    stroke: stroke_id,
                    reversed: open && k == 1,
                    start: if open { 0 } else { k },
                });
                self.extend(visits, best);
                let _ = visits.pop();
            }
        }
    }
}

fn small() -> impl Strategy<Value = Small> {
    let point = (0_i32..12, 0_i32..12).prop_map(|(x, y)| Point::new(f64::from(x), f64::from(y)));
    let stroke = (point.clone(), point.clone(), 0_u8..4);
    (
        prop::collection::vec(stroke, 0..6),
        prop::collection::vec((0_usize..6, 0_usize..6), 0..4),
        prop::option::of(point),
    )
        .prop_map(|(raw, edges, end)| {
            let mut starts = Vec::new();
            let strokes: Vec<Stroke> = raw
                .into_iter()
                .map(|(a, b, kind)| {
                    if kind == 3 {
                        let first = starts.len() as u32;
                        starts.extend([a, b]);
                        return Stroke::Closed {
                            starts: first..first + 2,
                        };
                    }
                    Stroke::Open {
                        ends: [a, b],
                        reversible: kind > 0,
                    }
                })
                .collect();
            // Edges from lower to higher numbers never contradict each other;
            // turning all of them makes the given order break them.
            let n = strokes.len();
            let before = edges
                .into_iter()
                .filter(|(a, b)| a < b && *b < n)
                .map(|(a, b)| (b as u32, a as u32))
                .collect();
            Small {
                strokes,
                starts,
                before,
                groups: Vec::new(),
                end,
            }
        })
}

/// A small problem with groups, which do not wait for each other.
fn grouped() -> impl Strategy<Value = Small> {
    (small(), prop::collection::vec(0_u32..3, 6)).prop_map(|(mut small, groups)| {
        small.groups = groups[..small.strokes.len()].to_vec();
        let group = |i: u32| small.groups[i as usize];
        // Lower numbers first, as edges within a group do the other way round.
        small.before.retain(|&(a, b)| group(a) <= group(b));
        small
    })
}

/// Checks what was found for a small problem against all its orders.
fn check(small: &Small) -> Result<(), TestCaseError> {
    let problem = small.problem();
    let found = order(&problem, &euclid, &Options::default());
    let mut strokes: Vec<u32> = found.iter().map(|v| v.stroke).collect();
    strokes.sort_unstable();
    prop_assert_eq!(strokes, (0..small.strokes.len() as u32).collect::<Vec<_>>());
    prop_assert!(small.allows(&found));
    for v in &found {
        if let Stroke::Open {
            reversible: false, ..
        } = small.strokes[v.stroke as usize]
        {
            prop_assert!(!v.reversed);
        }
    }
    let (got, best) = (cost(&problem, &euclid, &found), small.best());
    prop_assert!(got >= best - 1e-9);
    // A local search is not exact; on so few strokes it is never far off.
    prop_assert!(got <= 1.6 * best + 12.0, "{} against {}", got, best);
    let given = as_given(&problem);
    if small.allows(&given) {
        prop_assert!(got <= cost(&problem, &euclid, &given) + 1e-9);
    }
    for last in [Stage::Start, Stage::Matching, Stage::Descent] {
        let found = order(&problem, &euclid, &Options::default().with_stage(last));
        prop_assert!(small.allows(&found), "{:?}", last);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn small_problems_against_brute_force(small in small()) {
        check(&small)?;
    }

    #[test]
    fn small_problems_with_groups_against_brute_force(small in grouped()) {
        check(&small)?;
    }
}

/// Nested parts on a grid: in each an outline, four holes in it, and a hole in a hole;
/// given such that everything is in the wrong place.
#[test]
fn parts_of_a_grid_are_finished_one_after_another_inner_first() {
    let (side, per_part) = (6_u32, 6_u32);
    let count = side * side;
    let mut small = Small {
        strokes: Vec::new(),
        starts: Vec::new(),
        before: Vec::new(),
        groups: Vec::new(),
        end: None,
    };
    // What is k-th in its part stands with all that are k-th: the outlines come first.
    for k in 0..per_part {
        for part in 0..count {
            let corner = Point::new(f64::from(part % side), f64::from(part / side)) * 30.0;
            let (at, width) = match k {
                0 => (Point::default(), 26.0),
                5 => (Point::new(4.0, 4.0), 2.0),
                _ => (
                    Point::new(f64::from((k - 1) % 2), f64::from((k - 1) / 2)) * 12.0
                        + Point::new(2.0, 2.0),
                    8.0,
                ),
            };
            let first = small.starts.len() as u32;
            let corners = [(0.0, 0.0), (width, 0.0), (width, width), (0.0, width)];
            let corners = corners.map(|(x, y)| corner + at + Point::new(x, y));
            small.starts.extend(corners);
            small.strokes.push(Stroke::Closed {
                starts: first..first + 4,
            });
            small.groups.push(part);
            let outer = if k == 5 { count + part } else { part };
            if k > 0 {
                small.before.push((k * count + part, outer));
            }
        }
    }
    let few = Options::default().with_kicks(1);
    let found = order(&small.problem(), &euclid, &few);
    assert_eq!(found.len(), small.strokes.len());
    assert!(small.allows(&found));
    let travel = cost(&small.problem(), &euclid, &found);
    // Part after part along the rows, and what is in each in an order of its own.
    let (mut at, mut by_rows) = (Point::default(), 0.0);
    for i in 0..count {
        let (row, k) = (i / side, i % side);
        let part = row * side + if row % 2 == 0 { k } else { side - 1 - k };
        let of_part: Vec<u32> = (0..per_part).map(|k| k * count + part).collect();
        let strokes: Vec<Stroke> = of_part
            .iter()
            .map(|&s| small.strokes[s as usize].clone())
            .collect();
        let before: Vec<(u32, u32)> = (1..per_part)
            .map(|k| (k, if k == 5 { 1 } else { 0 }))
            .collect();
        let alone = Problem {
            strokes: &strokes,
            before: &before,
            groups: &[],
            start: at,
            ..small.problem()
        };
        let visits = order(&alone, &euclid, &few);
        by_rows += cost(&alone, &euclid, &visits);
        let Stroke::Closed { starts } = &strokes[0] else {
            unreachable!("all are closed")
        };
        at = small.starts[(starts.start + visits[per_part as usize - 1].start) as usize];
    }
    assert!(travel < by_rows, "{travel} against {by_rows}");
}

/// Numbers that are the same everywhere.
fn scatter(n: usize) -> Vec<Stroke> {
    let mut seed = 1_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as f64 / f64::from(1_u32 << 31) * 300.0
    };
    (0..n)
        .map(|_| {
            let a = Point::new(next(), next());
            Stroke::Open {
                ends: [a, a + Point::new(next() / 100.0, next() / 100.0)],
                reversible: true,
            }
        })
        .collect()
}

fn free(strokes: &[Stroke]) -> Problem<'_> {
    Problem {
        strokes,
        starts: &[],
        start: Point::new(0.0, 0.0),
        end: None,
        groups: &[],
        before: &[],
    }
}

#[test]
fn the_same_order_for_any_number_of_threads() {
    let strokes = scatter(1_500);
    // Five regions for the threads to share.
    let few = Options::default().with_kicks(2).with_region(300);
    let run = |threads| par::with_threads(threads, || order(&free(&strokes), &euclid, &few));
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
    let other = few.clone().with_seed(7);
    assert_ne!(one, order(&free(&strokes), &euclid, &other));
}

#[test]
fn random_segments_end_near_the_best_that_is_known() {
    // A constant of random uniform segments: the best tours known for this kind
    // have about 0.63 of sqrt(n area) of travel at this mean length and number.
    let strokes = scatter(1_000);
    let found = order(&free(&strokes), &euclid, &Options::default());
    let travel = cost(&free(&strokes), &euclid, &found);
    let unit = (1_000.0_f64 * 300.0 * 300.0).sqrt();
    assert!(travel < 0.645 * unit, "{}", travel / unit);
}

#[test]
fn stages_of_the_search_end_shorter_and_shorter() {
    let strokes = scatter(1_000);
    let problem = free(&strokes);
    let until = |last| order(&problem, &euclid, &Options::default().with_stage(last));
    assert_eq!(until(Stage::Neighbours), as_given(&problem));
    // A matching is left out: its patches may cost more than what it saves, until the
    // descent makes them good.
    let stages = [
        Stage::Neighbours,
        Stage::Start,
        Stage::Descent,
        Stage::Kicks,
    ];
    let travel = stages.map(|last| cost(&problem, &euclid, &until(last)));
    assert!(travel.is_sorted_by(|a, b| a > b), "{travel:?}");
    let matched = cost(&problem, &euclid, &until(Stage::Matching));
    assert!(travel[2] < matched && matched < travel[0], "{matched}");
}

#[test]
fn degenerate_input_is_borne() {
    let point = |x: f64, y: f64| Stroke::Open {
        ends: [Point::new(x, y); 2],
        reversible: true,
    };
    let fast = Options::default().with_kicks(0);
    for strokes in [
        vec![],
        vec![point(1.0, 1.0)],
        vec![point(1.0, 1.0), point(1.0, 1.0)],
        vec![point(1e9, -1e9), point(-1e9, 1e9), point(0.0, 0.0)],
        (0..50_000).map(|_| point(3.0, 3.0)).collect(),
        (0..20_000).map(|i| point(f64::from(i % 7), 0.0)).collect(),
    ] {
        let found = order(&free(&strokes), &euclid, &fast);
        assert_eq!(found.len(), strokes.len());
    }
}

#[test]
fn precedence_that_contradicts_itself_gives_the_order_as_it_is() {
    let strokes = scatter(10);
    let problem = Problem {
        groups: &[],
        before: &[(1, 2), (2, 3), (3, 1)],
        ..free(&strokes)
    };
    assert_eq!(
        order(&problem, &euclid, &Options::default()),
        as_given(&problem)
    );
}

#[test]
fn coordinates_far_out_do_not_go_round_in_circles() {
    // Found by fuzzing: hops of 5e9 mm round by more than an absolute least gain.
    let at = |x: f64, y: f64| Point::new(x, y);
    let strokes: Vec<Stroke> = [
        (at(0.0, 0.0), at(5.0, 0.0)),
        (at(5.001_005e9, 0.0), at(5.0, 0.0)),
        (at(5.0, 500.0), at(5.0, 500.0)),
        (at(6.0, 0.0), at(9.0, 0.0)),
        (at(50.0, 50.0), at(55.0, 5.0e9)),
        (at(1.0, 4.0e9), at(55.0, 50.0)),
    ]
    .into_iter()
    .map(|(a, b)| Stroke::Open {
        ends: [a, b],
        reversible: true,
    })
    .collect();
    let found = order(&free(&strokes), &euclid, &Options::default());
    assert_eq!(found.len(), strokes.len());
}

#[test]
fn costs_beyond_all_numbers_do_not_go_round_in_circles() {
    // Found by fuzzing: hops that round to infinity make every exchange a gain.
    for far in [1e30, 5e107, 1e200, f64::MAX] {
        let between = |ends| Stroke::Open {
            ends,
            reversible: true,
        };
        let near = |i: u32| [f64::from(i % 3), f64::from(i % 7)];
        let strokes: Vec<Stroke> = (0..20_u32)
            .map(|i| {
                let [x, y] = near(i);
                let back = if i % 2 == 0 { far } else { x + 1.0 };
                between([Point::new(x, y), Point::new(back, y)])
            })
            .collect();
        let found = order(&free(&strokes), &euclid, &Options::default());
        assert_eq!(found.len(), strokes.len(), "{far}");
    }
}
