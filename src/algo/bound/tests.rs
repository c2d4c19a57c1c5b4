//! Against orders found by trying all, and figures found by others.

use super::travel as travel_with;
use super::*;
use proptest::prelude::*;

/// The bound, by few trees: tests are not compiled for speed.
fn travel(instance: &Instance<'_>) -> f64 {
    travel_with(instance, &Options::default().with_trees(60))
}

/// The least travel, by trying every order, direction and start.
fn least(instance: &Instance<'_>) -> f64 {
    struct Trial<'a> {
        instance: &'a Instance<'a>,
        used: Vec<bool>,
    }
    impl Trial<'_> {
        fn hop(&self, a: Option<Point>, b: Point) -> f64 {
            let d = a.map_or(0.0, |a| a.distance(b));
            if d <= self.instance.touch { 0.0 } else { d }
        }

        fn from(&mut self, at: Option<Point>) -> f64 {
            let mut best = f64::INFINITY;
            for i in 0..self.used.len() {
                if self.used[i] {
                    continue;
                }
                self.used[i] = true;
                let ways: Vec<(Point, Point)> = match &self.instance.strokes[i] {
                    Stroke::Open { ends: [a, b], .. } => vec![(*a, *b), (*b, *a)],
                    Stroke::Closed { starts } => self.instance.starts
                        [starts.start as usize..starts.end as usize]
                        .iter()
                        .map(|&p| (p, p))
                        .collect(),
                };
                for (from, to) in ways {
                    best = best.min(self.hop(at, from) + self.from(Some(to)));
                }
                self.used[i] = false;
            }
            if best.is_finite() {
                best
            } else {
                // All are drawn.
                self.instance.to.map_or(0.0, |end| self.hop(at, end))
            }
        }
    }
    let mut trial = Trial {
        instance,
        used: vec![false; instance.strokes.len()],
    };
    trial.from(instance.from)
}

/// Points on a coarse grid, so that many hops are as long and many ends coincide.
fn point() -> impl Strategy<Value = Point> {
    (0_u8..12, 0_u8..12).prop_map(|(x, y)| Point::new(f64::from(x), f64::from(y)))
}

fn strokes(sizes: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<Point>>> {
    let one = prop_oneof![
        3 => prop::collection::vec(point(), 2),
        1 => prop::collection::vec(point(), 1),
        1 => prop::collection::vec(point(), 3..5),
    ];
    prop::collection::vec(one, sizes)
}

/// Two points are an open stroke, others the starts of a closed one.
fn made(points: &[Vec<Point>]) -> (Vec<Stroke>, Vec<Point>) {
    let mut starts = Vec::new();
    let strokes = points
        .iter()
        .map(|p| match p[..] {
            [a, b] => Stroke::Open {
                ends: [a, b],
                reversible: true,
            },
            _ => {
                let first = starts.len() as u32;
                starts.extend(p);
                Stroke::Closed {
                    starts: first..starts.len() as u32,
                }
            }
        })
        .collect();
    (strokes, starts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_order_is_shorter(
        points in strokes(0..6),
        from in prop::option::of(point()),
        to in prop::option::of(point()),
        touch in prop::sample::select(vec![0.0, 1.0]),
    ) {
        let (strokes, starts) = made(&points);
        let instance = Instance { strokes: &strokes, starts: &starts, from, to, touch };
        let (bound, best) = (travel(&instance), least(&instance));
        prop_assert!(bound <= best + 1e-9, "{bound} {best}");
        prop_assert!(bound >= 0.0);
    }
}

/// All hops between ends of different strokes, the shortest of each.
fn all_hops(places: &Places) -> Vec<Hop> {
    let mut all = Vec::new();
    for a in &places.sites {
        for b in places.sites.iter().filter(|b| b.stroke() > a.stroke()) {
            places.hops(a, b, &mut all);
        }
    }
    let mut hops = Vec::new();
    places::add(&mut hops, all);
    hops
}

/// The length of a hop less the numbers of its ends and of the odd sets it leaves.
fn reduced(duals: &Duals, &(u, v, length): &Hop) -> f64 {
    let mut sum = 0.0;
    for family in &duals.families {
        let sets = |end: u32| {
            let mut all = Vec::new();
            let mut set = family.sets.within(end);
            while set != NONE {
                all.push(set);
                set = family.sets.outer(set);
            }
            all
        };
        let (of_u, of_v) = (sets(u), sets(v));
        let left = of_u.iter().filter(|s| !of_v.contains(s));
        let left = left.chain(of_v.iter().filter(|s| !of_u.contains(s)));
        sum += left.map(|&s| family.numbers[s as usize]).sum::<f64>();
    }
    length - duals.ends[u as usize] - duals.ends[v as usize] - sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn hops_that_are_left_out_do_not_matter(
        points in strokes(2..60),
        far in 0_u16..3,
        to in prop::option::of(point()),
    ) {
        let (mut strokes, starts) = made(&points);
        // Some strokes stand far from the others.
        for stroke in strokes.iter_mut().step_by(3) {
            if let Stroke::Open { ends, .. } = stroke {
                *ends = ends.map(|p| p + Point::new(f64::from(far) * 100.0, 0.0));
            }
        }
        let instance = Instance {
            strokes: &strokes,
            starts: &starts,
            from: Some(Point::default()),
            to,
            touch: 0.0,
        };
        let places = Places::new(&instance);
        let all = all_hops(&places);
        let mut hops = places.near();
        let mut duals = matched(&places, &mut hops, 1e-9);
        for hop in &all {
            prop_assert!(reduced(&duals, hop) > -1e-6);
        }
        for joker in &places.jokers {
            for end in 0..2 * places.strokes {
                prop_assert!(reduced(&duals, &(end, *joker, 0.0)) > -1e-6);
            }
        }
        add_groups(&places, &hops, &mut duals);
        let mut tree = OneTree::new(&places, &hops, &duals.families);
        let leg = Leg { from: 0, to: 20, of: 20 };
        let _ = ascend(&mut tree, &mut duals, leg);
        for family in &duals.families {
            prop_assert!(family.numbers.iter().all(|&z| z >= 0.0));
        }
        let bound = proved(&places, &mut hops, &duals, 1e-9);
        let mut tree = OneTree::new(&places, &all, &duals.families);
        let mut excess = Excess::default();
        let over_all = tree.value(&duals, &mut excess);
        // What is too much adds up over the hops of the tree, set by set.
        for (family, counts) in duals.families.iter().zip(&excess.sets) {
            prop_assert!(counts.iter().all(|&c| c >= -family.least));
        }
        prop_assert!((bound - over_all).abs() < 1e-6, "{bound} {over_all}");
    }
}

/// Numbers from 0 to 1 that are the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn point(&mut self, side: f64) -> Point {
        Point::new(side * self.next(), side * self.next())
    }
}

fn segments(n: usize, length: f64) -> Vec<Stroke> {
    let mut r = Random(n as u64);
    (0..n)
        .map(|_| {
            let a = r.point(100.0);
            let b = a + (r.point(2.0) - Point::new(1.0, 1.0)) * length;
            Stroke::Open {
                ends: [a, b],
                reversible: true,
            }
        })
        .collect()
}

fn closed_tour(strokes: &[Stroke]) -> Instance<'_> {
    Instance {
        strokes,
        starts: &[],
        from: Some(Point::default()),
        to: Some(Point::default()),
        touch: 0.0,
    }
}

/// What the search finds, home included.
fn found(instance: &Instance<'_>) -> f64 {
    use crate::algo::tour::{Options, Problem, cost, order};
    let problem = Problem {
        strokes: instance.strokes,
        starts: instance.starts,
        start: Point::default(),
        end: Some(Point::default()),
        groups: &[],
        before: &[],
    };
    let hop = |a: Point, b: Point| a.distance(b);
    cost(&problem, &hop, &order(&problem, &hop, &Options::default()))
}

#[test]
fn what_the_search_finds_is_near_the_bound() {
    for length in [0.01, 10.0] {
        let strokes = segments(200, length);
        let instance = closed_tour(&strokes);
        let (bound, found) = (travel(&instance), found(&instance));
        assert!(bound <= found, "{bound} {found}");
        assert!(bound > 0.94 * found, "{bound} {found}");
    }
}

#[test]
fn the_bound_is_as_good_as_both_of_its_parts() {
    let strokes = segments(200, 10.0);
    let places = Places::new(&closed_tour(&strokes));
    let mut hops = places.near();
    let duals = matched(&places, &mut hops, 1e-9);
    let matching = duals.sum();
    assert!(proved(&places, &mut hops, &duals, 1e-9) >= matching - 1e-6);
    assert!(travel(&closed_tour(&strokes)) > 1.001 * matching);
}

#[test]
fn far_groups_cost_the_way_there_and_back() {
    let mut strokes = segments(61, 0.01);
    let far = Point::new(1e5, 0.0);
    strokes.extend(segments(31, 0.01).into_iter().map(|s| match s {
        Stroke::Open {
            ends: [a, b],
            reversible,
        } => Stroke::Open {
            ends: [a + far, b + far],
            reversible,
        },
        closed @ Stroke::Closed { .. } => closed,
    }));
    let bound = travel(&closed_tour(&strokes));
    let found = found(&closed_tour(&strokes));
    assert!(bound > 1.99e5 && bound <= found, "{bound} {found}");
}

#[test]
fn degenerate_strokes_are_no_trouble() {
    let at = |p: Point| Stroke::Open {
        ends: [p, p],
        reversible: true,
    };
    let same = vec![at(Point::new(3.0, 4.0)); 500];
    let bound = travel(&closed_tour(&same));
    assert!((bound - 10.0).abs() < 1e-6, "{bound}");
    let line: Vec<Stroke> = (0..200)
        .map(|i| at(Point::new(f64::from(i) * 1e6, 1e9)))
        .collect();
    let bound = travel(&closed_tour(&line));
    assert!(bound > 2.0e9 && bound.is_finite(), "{bound}");
    let one = [at(Point::new(3.0, 4.0))];
    let open = Instance {
        to: None,
        ..closed_tour(&one)
    };
    assert!((travel(&open) - 5.0).abs() < 1e-9);
    assert!(travel(&Instance { from: None, ..open }).abs() < 1e-9);
}

#[test]
fn closed_strokes_with_many_starts_need_no_more_than_their_distance() {
    let mut starts = Vec::new();
    let ring = |x: f64, starts: &mut Vec<Point>| {
        let first = starts.len() as u32;
        for k in 0..500 {
            let angle = f64::from(k) * std::f64::consts::TAU / 500.0;
            starts.push(Point::new(x + 10.0 * angle.cos(), 10.0 * angle.sin()));
        }
        Stroke::Closed {
            starts: first..starts.len() as u32,
        }
    };
    let strokes = [ring(20.0, &mut starts), ring(50.0, &mut starts)];
    let instance = Instance {
        starts: &starts,
        ..closed_tour(&strokes)
    };
    let bound = travel(&instance);
    // 10 to the first, 10 to the second, 40 home.
    assert!((bound - 60.0).abs() < 0.01, "{bound}");
}
