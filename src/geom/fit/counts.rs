//! How many arcs and lines the fit makes, beside rivals that are simpler or slower.

use super::tests::bezier;
use super::*;
use crate::geom::distance_to;

const TOLERANCE: f64 = 0.01;

/// What is fitted: points by parameter, and by name for the table.
struct Case {
    name: String,
    at: Box<dyn Fn(f64) -> Point>,
    arcs: Vec<(Point, f64)>,
    lines: Vec<Point>,
}

impl Case {
    fn cubic(name: &str, p: [Point; 4]) -> Self {
        let (mut arcs, mut lines) = (Vec::new(), Vec::new());
        let _ = fit_cubic(p, TOLERANCE, &mut arcs);
        let _ = flatten_cubic(p, TOLERANCE, &mut lines);
        Self {
            name: name.to_owned(),
            at: Box::new(move |t| bezier(p, t)),
            arcs,
            lines,
        }
    }

    fn ellipse(name: &str, arc: EllipseArc) -> Self {
        let (mut arcs, mut lines) = (Vec::new(), Vec::new());
        let end = arc.at(arc.start + arc.sweep);
        let _ = fit_ellipse(&arc, end, TOLERANCE, &mut arcs);
        let _ = flatten_ellipse(&arc, end, TOLERANCE, &mut lines);
        Self {
            name: name.to_owned(),
            at: Box::new(move |t| arc.at(arc.start + arc.sweep * t)),
            arcs,
            lines,
        }
    }

    /// Greatest distance from points of the curve to the arcs.
    fn off(&self) -> f64 {
        self.off_chain(&self.arcs)
    }

    fn off_chain(&self, chain: &[(Point, f64)]) -> f64 {
        let start = (self.at)(0.0);
        let from = std::iter::once(start).chain(chain.iter().map(|s| s.0));
        let spans: Vec<_> = from.zip(chain).map(|(a, s)| (a, s.0, s.1)).collect();
        let (mut worst, mut near) = (0.0_f64, 0);
        for i in 0..=4000 {
            let p = (self.at)(f64::from(i) / 4000.0);
            let to = |k: usize| distance_to(spans[k].0, spans[k].1, spans[k].2, p);
            // The curve runs along the spans in order.
            while near + 1 < spans.len() && to(near + 1) <= to(near) {
                near += 1;
            }
            let least = if to(near) <= TOLERANCE {
                to(near)
            } else {
                (0..spans.len()).map(to).fold(f64::INFINITY, f64::min)
            };
            worst = worst.max(least);
        }
        worst
    }

    /// Arcs of a bisection: a line or a biarc where either fits, or two halves.
    fn bisected(&self) -> usize {
        let (mut count, mut open) = (0, vec![(0.0, 1.0)]);
        while let Some((a, b)) = open.pop() {
            if self.fits(a, b, &[((self.at)(b), 0.0)]) {
                count += 1;
            } else if self.naive_biarc(a, b).is_some_and(|c| self.fits(a, b, &c)) {
                count += 2;
            } else {
                assert!(b - a > 1e-9, "{} at {a}", self.name);
                open.extend([(0.5 * (a + b), b), (a, 0.5 * (a + b))]);
            }
        }
        count
    }

    /// Whether 64 points of a stretch lie within the tolerance of spans.
    fn fits(&self, a: f64, b: f64, chain: &[(Point, f64)]) -> bool {
        (1..64).all(|i| {
            let p = (self.at)(a + (b - a) * f64::from(i) / 64.0);
            let mut from = (self.at)(a);
            chain.iter().any(|&(to, bulge)| {
                let near = distance_to(from, to, bulge, p) <= TOLERANCE;
                from = to;
                near
            })
        })
    }

    /// A biarc of equal tangent lengths, with tangents by differences.
    fn naive_biarc(&self, a: f64, b: f64) -> Option<[(Point, f64); 2]> {
        let step = (b - a) * 1e-6;
        let unit = |p: Point| p * (1.0 / p.norm());
        let (p, q) = ((self.at)(a), (self.at)(b));
        let d = unit((self.at)(a + step) - p);
        let e = unit(q - (self.at)(b - step));
        let v = q - p;
        let sum = d + e;
        let (dot, square) = (v.dot(sum), 2.0 * (1.0 - d.dot(e)));
        let length = if square < 1e-12 {
            v.dot(v) / (2.0 * dot)
        } else {
            ((dot * dot + square * v.dot(v)).sqrt() - dot) / square
        };
        let joint = (p + q + (d - e) * length) * 0.5;
        let bulge = |from: Point, to: Point| {
            let half = from.cross(to).atan2(from.dot(to));
            (half.abs() <= std::f64::consts::FRAC_PI_2).then(|| (half / 2.0).tan())
        };
        Some([(joint, bulge(d, joint - p)?), (q, bulge(q - joint, e)?)])
    }

    /// Fewest lines with ends on 600 points of the curve, by dynamic programming.
    fn fewest_lines(&self) -> usize {
        const POINTS: usize = 600;
        let p: Vec<Point> = (0..=POINTS)
            .map(|i| (self.at)(i as f64 / POINTS as f64))
            .collect();
        let mut least = vec![usize::MAX; POINTS + 1];
        least[0] = 0;
        for from in 0..POINTS {
            let mut misses = 0;
            for to in from + 1..=POINTS {
                let near = |k: usize| distance_to(p[from], p[to], 0.0, p[k]) <= TOLERANCE;
                if (from + 1..to).all(near) {
                    least[to] = least[to].min(least[from] + 1);
                } else {
                    misses += 1;
                    // A longer one may fit again, but not after many that do not.
                    if misses > 20 {
                        break;
                    }
                }
            }
        }
        least[POINTS]
    }
}

fn ellipse(rx: f64, ry: f64, turn: f64, start: f64, sweep: f64) -> EllipseArc {
    let (s, c) = turn.to_radians().sin_cos();
    EllipseArc {
        center: Point::new(3.0, 4.0),
        u: Point::new(c, s) * rx,
        v: Point::new(-s, c) * ry,
        start,
        sweep,
    }
}

const TAU: f64 = std::f64::consts::TAU;

fn shapes() -> Vec<Case> {
    let mut out = vec![
        Case::ellipse("circle, r 30", ellipse(30.0, 30.0, 0.0, 0.0, TAU)),
        Case::ellipse(
            "corner of a rounded rectangle, r 5",
            ellipse(5.0, 5.0, 0.0, 0.0, TAU / 4.0),
        ),
        Case::ellipse(
            "corner of a rounded rectangle, 8 by 3",
            ellipse(8.0, 3.0, 0.0, 0.0, TAU / 4.0),
        ),
    ];
    for ratio in [1.01, 1.1, 1.5, 2.0, 4.0, 10.0, 100.0] {
        let name = format!("ellipse, 50 by {:.2}", 50.0 / ratio);
        out.push(Case::ellipse(
            &name,
            ellipse(50.0, 50.0 / ratio, 0.0, 0.0, TAU),
        ));
    }
    out.push(Case::ellipse(
        "ellipse, 50 by 20, turned 30 degrees",
        ellipse(50.0, 20.0, 30.0, 1.0, TAU),
    ));
    // A 50 20 0 0 1 100 100: radii too small, grown to reach.
    let grow = (1.0_f64 + 2.5 * 2.5).sqrt();
    out.push(Case::ellipse(
        "A 50 20 0 0 1 100 100 from 0 0",
        ellipse(50.0 * grow, 20.0 * grow, 0.0, 2.0, TAU / 2.0),
    ));
    out
}

/// Cubics with control points anywhere in a square of 100 mm.
fn random_cubics(count: usize) -> Vec<Case> {
    let mut state = 20_261_125_u64;
    let mut number = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 * 100.0
    };
    (0..count)
        .map(|i| {
            let p = std::array::from_fn(|_| Point::new(number(), number()));
            Case::cubic(&format!("cubic {i}"), p)
        })
        .collect()
}

#[test]
fn no_more_arcs_than_by_bisection_and_within_tolerance() {
    let mut wrong = Vec::new();
    let mut check = |case: &Case| {
        let (ours, naive) = (case.arcs.len(), case.bisected());
        let off = case.off();
        if ours > naive || off > TOLERANCE {
            wrong.push(format!(
                "{}: {ours} arcs, {naive} by bisection, {off} mm off",
                case.name
            ));
        }
        (ours, naive)
    };
    for case in &shapes() {
        let (ours, naive) = check(case);
        println!("| {} | {ours} | {naive} |", case.name);
    }
    let cubics = random_cubics(1000);
    let counts: Vec<_> = cubics.iter().map(&mut check).collect();
    let ours: usize = counts.iter().map(|c| c.0).sum();
    let naive: usize = counts.iter().map(|c| c.1).sum();
    println!("| 1,000 random cubics | {ours} | {naive} |");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
    // A circle is two halves.
    assert_eq!(shapes()[0].arcs.len(), 2);
}

#[test]
fn lines_are_the_fewest() {
    let mut wrong = Vec::new();
    let (mut sum, mut sum_least) = (0, 0);
    let cases = shapes().into_iter().chain(random_cubics(40));
    for case in cases {
        let (ours, least) = (case.lines.len(), case.fewest_lines());
        (sum, sum_least) = (sum + ours, sum_least + least);
        println!("| {} | {ours} | {least} |", case.name);
        // The rival looks at its 600 points only; ours ends a line at each quarter of
        // an ellipse.
        let slack = if case.name.contains("cubic") { 1 } else { 4 };
        let chain: Vec<_> = case.lines.iter().map(|p| (*p, 0.0)).collect();
        let off = case.off_chain(&chain);
        if ours > least + slack || off > TOLERANCE {
            wrong.push(format!(
                "{}: {ours} lines, {least} by search, {off} mm off",
                case.name
            ));
        }
    }
    println!("| all | {sum} | {sum_least} |");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}
