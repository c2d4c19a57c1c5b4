use super::*;
use lyon_algorithms::hatching::{HatchBuilder, HatchSegment, Hatcher, HatchingOptions};
use lyon_algorithms::path::{Path, math::point};
use proptest::prelude::*;
use std::f64::consts::PI;

fn hatch(edges: &[Edge], pattern: &Pattern) -> Result<Vec<Line>, Error> {
    super::hatch(edges, pattern, &mut 1_000_000)
}

fn pattern(spacing: f64, degrees: f64) -> Pattern {
    Pattern {
        spacing,
        angle: degrees.to_radians(),
        even_odd: false,
        bidirectional: true,
    }
}

fn polygon(points: &[(f64, f64)]) -> Vec<Edge> {
    let at = |i: usize| {
        let (x, y) = points[i % points.len()];
        Point::new(x, y)
    };
    (0..points.len())
        .map(|i| Edge {
            from: at(i),
            to: at(i + 1),
            bulge: 0.0,
        })
        .collect()
}

fn circle(x: f64, y: f64, r: f64, way: f64) -> Vec<Edge> {
    let (a, b) = (Point::new(x + r, y), Point::new(x - r, y));
    [(a, b), (b, a)]
        .map(|(from, to)| Edge {
            from,
            to,
            bulge: way,
        })
        .to_vec()
}

fn star(r: f64) -> Vec<Edge> {
    let corner = |i: usize| {
        let a = PI / 2.0 + 4.0 * PI / 5.0 * i as f64;
        (7.0 + r * a.cos(), 3.0 + r * a.sin())
    };
    polygon(&[0, 1, 2, 3, 4].map(corner))
}

fn covered(lines: &[Line], spacing: f64) -> f64 {
    lines.iter().map(|l| l.from.distance(l.to)).sum::<f64>() * spacing
}

/// The area between edges, of outlines that do not cross.
fn area(edges: &[Edge]) -> f64 {
    let chord = |e: &Edge| e.from.cross(e.to) / 2.0;
    let cap = |e: &Edge| {
        let sweep = 4.0 * e.bulge.atan();
        let r = e.from.distance(e.to) / 2.0 / (sweep / 2.0).sin().abs().max(1e-300);
        r * r / 2.0 * (sweep - sweep.sin())
    };
    let cap = |e: &Edge| if e.bulge == 0.0 { 0.0 } else { cap(e) };
    edges.iter().map(|e| chord(e) + cap(e)).sum::<f64>().abs()
}

#[test]
fn the_strips_of_the_lines_are_the_area() {
    let ring = [
        circle(50.0, 40.0, 20.0, 1.0),
        circle(52.0, 40.0, 11.0, -1.0),
    ]
    .concat();
    let same_way = [circle(50.0, 40.0, 20.0, 1.0), circle(52.0, 40.0, 11.0, 1.0)].concat();
    // A pentagram of radius 1: its kite corners and its inner pentagon.
    let inner = 0.5 * 5.0 * (0.4 * PI).sin() * 0.381_966_011_250_105_f64.powi(2);
    let whole = 1.122_569_941_449_283;
    let r2 = 15.0_f64 * 15.0;
    let (disc, hole) = (PI * 400.0, PI * 121.0);
    for (name, edges, even_odd, expected) in [
        ("circle", circle(3.0, -4.0, 20.0, -1.0), false, disc),
        ("ring", ring.clone(), false, disc - hole),
        ("ring, even-odd", ring, true, disc - hole),
        ("two discs", same_way.clone(), false, disc),
        ("two discs, even-odd", same_way, true, disc - hole),
        ("star", star(15.0), false, whole * r2),
        ("star, even-odd", star(15.0), true, (whole - inner) * r2),
        (
            "square",
            polygon(&[(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]),
            false,
            900.0,
        ),
    ] {
        for degrees in [0.0, 30.0, 45.0, 90.0, -12.345, 180.0] {
            let p = Pattern {
                even_odd,
                ..pattern(0.1, degrees)
            };
            let found = covered(&hatch(&edges, &p).unwrap(), p.spacing);
            // What the staircase of strips gets wrong here, at most: 0.1 %, and half
            // a strip along an edge that lies as the rows do.
            let frame = Frame::new(p.angle);
            let level: f64 = edges
                .iter()
                .map(|e| frame.level(e))
                .filter(|e| e.bulge == 0.0 && (e.to.y - e.from.y).abs() < 1e-9)
                .map(|e| (e.to.x - e.from.x).abs())
                .sum();
            let bound = 1e-3 * expected + p.spacing / 2.0 * level;
            assert!(
                (found - expected).abs() <= bound,
                "{name} at {degrees}: {found} of {expected}"
            );
        }
    }
}

#[test]
fn ends_lie_on_the_edge_itself() {
    let edges = circle(0.0, 0.0, 500.0, 1.0);
    let lines = hatch(&edges, &pattern(0.1, 27.0)).unwrap();
    assert_eq!(lines.len(), 10_000);
    for l in &lines {
        for p in [l.from, l.to] {
            assert!((p.norm() - 500.0).abs() < 1e-9, "{p:?}");
        }
    }
    // Arcs that are nearly straight, and nearly whole circles.
    for bulge in [1e-12, 1e-6, 0.3, 4.0, 1e3, -1e-9, -0.7, -20.0] {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(0.0, 10.0));
        let half = |from, to, bulge| Edge { from, to, bulge };
        let edges = [half(a, b, bulge), half(b, a, 1.0)];
        for l in hatch(&edges, &pattern(0.37, 0.0)).unwrap() {
            for p in [l.from, l.to] {
                let off = edges
                    .iter()
                    .map(|e| crate::geom::distance_to(e.from, e.to, e.bulge, p))
                    .fold(f64::INFINITY, f64::min);
                assert!(
                    off < 1e-9 * (1.0 + bulge.abs()),
                    "{bulge}: {p:?} is off by {off}"
                );
            }
        }
    }
}

#[test]
fn rows_go_to_and_fro_at_the_spacing() {
    let square = polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.2), (0.0, 10.2)]);
    let lines = hatch(&square, &pattern(0.5, 0.0)).unwrap();
    assert_eq!(lines.len(), 20);
    for (i, l) in lines.iter().enumerate() {
        // Twenty strips of 0.5 in the middle of 10.2.
        let y = 0.35 + 0.5 * i as f64;
        assert!((l.from.y - y).abs() < 1e-12 && (l.to.y - y).abs() < 1e-12);
        assert_eq!(l.from.x < l.to.x, i % 2 == 0);
        assert_eq!(l.row, i as u32);
    }
    let one_way = Pattern {
        bidirectional: false,
        ..pattern(0.5, 0.0)
    };
    let lines = hatch(&square, &one_way).unwrap();
    assert!(lines.iter().all(|l| l.from.x < l.to.x));
    // Thinner than a row: one line along its middle.
    let strip = polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 0.1), (0.0, 0.1)]);
    let lines = hatch(&strip, &pattern(0.5, 0.0)).unwrap();
    assert!(lines.len() == 1 && (lines[0].from.y - 0.05).abs() < 1e-12);
    // Two lines of one row are run in its direction.
    let two = [
        square,
        polygon(&[(20.0, 0.0), (30.0, 0.0), (30.0, 10.2), (20.0, 10.2)]),
    ]
    .concat();
    let lines = hatch(&two, &pattern(0.5, 0.0)).unwrap();
    assert!(lines[2].from.x > lines[2].to.x && lines[2].to.x > lines[3].from.x);
}

#[test]
fn what_is_too_much_ends_before_it_is_made() {
    let square = polygon(&[(0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0), (0.0, 1000.0)]);
    for spacing in [1e-3, 1e-9, 1e-300] {
        let why = hatch(&square, &pattern(spacing, 0.0)).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::Limit);
    }
    let comb: Vec<_> = (0..2000).flat_map(|_| square.clone()).collect();
    let why = hatch(&comb, &pattern(1.0, 0.0)).unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Limit);
    for spacing in [0.0, -1.0, f64::NAN] {
        let why = hatch(&square, &pattern(spacing, 0.0)).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::InvalidConfig);
    }
    assert!(hatch(&[], &pattern(1.0, 0.0)).unwrap().is_empty());
}

/// The lines of lyon's hatcher, which knows the even-odd rule and polygons.
fn by_lyon(points: &[(f64, f64)], spacing: f64, offset: f64) -> Vec<[f32; 2]> {
    let mut path = Path::builder();
    let f = |p: (f64, f64)| point(p.0 as f32, p.1 as f32);
    let _ = path.begin(f(points[0]));
    for p in &points[1..] {
        let _ = path.line_to(f(*p));
    }
    path.end(true);
    let mut rows = Rows {
        lines: Vec::new(),
        offset: offset as f32,
        spacing: spacing as f32,
    };
    Hatcher::new().hatch_path(path.build().iter(), &HatchingOptions::DEFAULT, &mut rows);
    rows.lines
}

struct Rows {
    lines: Vec<[f32; 2]>,
    /// Of the first row; then the spacing.
    offset: f32,
    spacing: f32,
}

impl HatchBuilder for Rows {
    fn add_segment(&mut self, s: &HatchSegment) {
        self.lines.push([s.a.position.x, s.b.position.x]);
    }

    fn next_offset(&mut self, _: u32) -> f32 {
        std::mem::replace(&mut self.offset, self.spacing)
    }
}

proptest! {
    #[test]
    fn random_outlines_are_hatched_as_lyon_does(
        points in prop::collection::vec((0.0..60.0_f64, 0.0..60.0_f64), 3..12),
    ) {
        let edges = polygon(&points);
        let p = Pattern { even_odd: true, bidirectional: false, ..pattern(1.0, 0.0) };
        let ours = hatch(&edges, &p).unwrap();
        let low = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        let rows = (high - low).round().max(1.0);
        let first = f64::midpoint(low, high) - (rows - 1.0) / 2.0 - low;
        let theirs = by_lyon(&points, 1.0, first);
        let sum = |it: &mut dyn Iterator<Item = f64>| it.sum::<f64>();
        let a = sum(&mut ours.iter().map(|l| l.to.x - l.from.x));
        let b = sum(&mut theirs.iter().map(|l| f64::from(l[1] - l[0])));
        prop_assert!((a - b).abs() < 0.02 * (1.0 + rows), "{} and {}", a, b);
    }

    #[test]
    fn a_turned_area_has_the_same_lines(
        points in prop::collection::vec((0.0..60.0_f64, 0.0..60.0_f64), 3..12),
        bulges in prop::collection::vec(-2.0..2.0_f64, 12),
        degrees in -180.0..180.0_f64,
        even_odd in any::<bool>(),
    ) {
        let mut edges = polygon(&points);
        for (edge, bulge) in edges.iter_mut().zip(bulges) {
            edge.bulge = bulge;
        }
        let level = Pattern { even_odd, ..pattern(0.7, 0.0) };
        let straight = hatch(&edges, &level).unwrap();
        let frame = Frame::new(-degrees.to_radians());
        let turned: Vec<Edge> = edges.iter().map(|e| frame.level(e)).collect();
        let p = Pattern { angle: degrees.to_radians(), ..level };
        let found = hatch(&turned, &p).unwrap();
        let (a, b) = (covered(&straight, 1.0), covered(&found, 1.0));
        prop_assert!((a - b).abs() < 1e-6 * (1.0 + a), "{} and {}", a, b);
        // Nonzero outlines without a crossing of their own: the signed area.
        if points.len() == 3 && !even_odd && edges.iter().all(|e| e.bulge == 0.0) {
            prop_assert!((a * 0.7 - area(&edges)).abs() < 1.0);
        }
    }
}

#[test]
fn a_smooth_outline_of_arcs_has_its_area() {
    // A slot with round ends, and a lens of two arcs.
    let p = Point::new;
    let edge = |from, to, bulge| Edge { from, to, bulge };
    let slot = [
        edge(p(0.0, 0.0), p(30.0, 0.0), 0.0),
        edge(p(30.0, 0.0), p(30.0, 8.0), 1.0),
        edge(p(30.0, 8.0), p(0.0, 8.0), 0.0),
        edge(p(0.0, 8.0), p(0.0, 0.0), 1.0),
    ];
    let lens = [
        edge(p(0.0, 0.0), p(20.0, 5.0), 0.3),
        edge(p(20.0, 5.0), p(0.0, 0.0), 0.2),
    ];
    for edges in [&slot[..], &lens[..]] {
        for degrees in [0.0, 33.0, 90.0] {
            let found = covered(&hatch(edges, &pattern(0.05, degrees)).unwrap(), 0.05);
            let wanted = area(edges);
            assert!(
                (found - wanted).abs() < 2e-3 * wanted,
                "{found} of {wanted}"
            );
        }
    }
}
