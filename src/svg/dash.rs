//! Dashes: a run cut into the pieces that `stroke-dasharray` leaves of it.
//!
//! Dashes have their lengths in user units, along the line as the user sees it
//! there; a map that stretches one axis more than the other makes them longer in
//! one direction than in the other.

use super::affine::Affine;
use super::drawing::Span;
use super::outline::Run;
use crate::geom::{Point, length, point_at, sweep};

/// A pattern of dashes, user units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dashes {
    /// Dash and gap in turn: an even number of lengths, none below 0, their sum
    /// above 0.
    lengths: Vec<f64>,
    sum: f64,
}

impl Dashes {
    /// The pattern of these lengths; `None` where it is a whole line.
    pub(super) fn new(mut lengths: Vec<f64>) -> Option<Self> {
        if lengths.len() % 2 == 1 {
            lengths.extend_from_within(..);
        }
        let sum: f64 = lengths.iter().sum();
        (sum > 0.0 && sum.is_finite()).then_some(Self { lengths, sum })
    }

    /// How many dashes and gaps a line of this length comes to, at most.
    pub(super) fn pieces(&self, user_length: f64) -> f64 {
        (user_length / self.sum + 1.0) * self.lengths.len() as f64
    }

    /// Whether any dash is a dot, which is drawn by its ends alone.
    pub(super) fn has_dots(&self) -> bool {
        self.lengths.iter().step_by(2).any(|l| *l <= 0.0)
    }
}

/// Lengths of spans in user units.
pub(super) struct Ruler {
    /// The columns of the map from mm back to user units.
    back: [Point; 2],
    /// User units per mm, where it is the same in all directions.
    even: Option<f64>,
}

impl Ruler {
    /// The ruler of a map; `None` where the map flattens everything.
    pub(super) fn new(map: &Affine) -> Option<Self> {
        let det = map.x.cross(map.y);
        let back = [
            Point::new(map.y.y, -map.x.y) * (1.0 / det),
            Point::new(-map.y.x, map.x.x) * (1.0 / det),
        ];
        let usable = back.iter().all(|c| c.is_finite() && c.norm() > 0.0);
        let (a, b) = (back[0].norm(), back[1].norm());
        let similar = (a - b).abs() <= 1e-9 * a && back[0].dot(back[1]).abs() <= 1e-9 * a * b;
        usable.then_some(Self {
            back,
            even: similar.then_some(a),
        })
    }

    /// Length of all spans of a run, user units.
    pub(super) fn run(&self, run: &Run) -> f64 {
        let mut from = run.start;
        run.spans
            .iter()
            .map(|s| self.span(std::mem::replace(&mut from, s.end), s, 1.0))
            .sum()
    }

    fn stretch(&self, v: Point) -> f64 {
        (self.back[0] * v.x + self.back[1] * v.y).norm()
    }

    /// Length of a span up to a fraction of it, user units.
    fn span(&self, from: Point, s: &Span, t: f64) -> f64 {
        if let Some(even) = self.even {
            return length(from, s.end, s.bulge) * t * even;
        }
        if s.bulge == 0.0 {
            return self.stretch(s.end - from) * t;
        }
        // Three points of Gauss and Legendre on sixteenths of a turn at most: four
        // digits of an integral this smooth.
        let turn = sweep(s.bulge) * t;
        let pieces = (turn.abs() / std::f64::consts::FRAC_PI_8).ceil().max(1.0);
        let step = t / pieces;
        let whole = length(from, s.end, s.bulge);
        let half = sweep(s.bulge) / 2.0;
        let chord = (s.end - from) * (1.0 / from.distance(s.end));
        let speed = |t: f64| {
            // The tangent turns evenly about the chord's direction.
            let (sin, cos) = (half * (2.0 * t - 1.0)).sin_cos();
            self.stretch(chord * cos + chord.perp() * sin) * whole
        };
        (0..pieces as usize)
            .map(|i| {
                let middle = (i as f64 + 0.5) * step;
                let off = step / 2.0 * 0.6_f64.sqrt();
                step / 18.0
                    * (5.0 * speed(middle - off) + 8.0 * speed(middle) + 5.0 * speed(middle + off))
            })
            .sum()
    }

    /// The fraction of a span at which so many user units of it are behind.
    fn fraction(&self, from: Point, s: &Span, user: f64) -> f64 {
        let whole = self.span(from, s, 1.0);
        if self.even.is_some() || s.bulge == 0.0 {
            return user / whole;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..48 {
            let t = f64::midpoint(low, high);
            if self.span(from, s, t) < user {
                low = t;
            } else {
                high = t;
            }
        }
        f64::midpoint(low, high)
    }
}

/// The dashes of a run. The pattern, and the `offset` in it at which the run begins,
/// count in units of `unit` user units.
pub(super) fn dashes(
    run: &Run,
    pattern: &Dashes,
    offset: f64,
    unit: f64,
    ruler: &Ruler,
) -> Vec<Run> {
    let mut at = Place::at(pattern, offset);
    let starts_on = at.is_on();
    let mut done: Vec<Run> = Vec::new();
    let mut open: Option<Run> = starts_on.then(|| begin(run, run.start));
    let mut from = run.start;
    for span in &run.spans {
        let whole = ruler.span(from, span, 1.0);
        let (mut behind, mut t) = (0.0, 0.0);
        while at.left * unit < whole - behind {
            behind += at.left * unit;
            let next = ruler.fraction(from, span, behind).clamp(t, 1.0);
            let p = point_at(from, span.end, span.bulge, next);
            if let Some(mut dash) = open.take() {
                push_part(&mut dash, span, next - t, p);
                finish(&mut done, dash);
            }
            at.advance(pattern);
            if at.is_on() {
                open = Some(begin(run, p));
            }
            t = next;
        }
        at.left -= (whole - behind) / unit;
        if let Some(dash) = &mut open {
            push_part(dash, span, 1.0 - t, span.end);
        }
        from = span.end;
    }
    if let Some(last) = open {
        // Round a closed line the last dash goes on in the first.
        if run.closed && starts_on && !done.is_empty() {
            let first = done.remove(0);
            let mut joined = last;
            joined.spans.extend(first.spans);
            done.insert(0, joined);
        } else {
            finish(&mut done, last);
        }
    }
    done
}

/// Where in the pattern a line is.
struct Place {
    index: usize,
    /// Pattern units to the end of this dash or gap.
    left: f64,
}

impl Place {
    fn at(pattern: &Dashes, offset: f64) -> Self {
        let mut rest = offset.rem_euclid(pattern.sum);
        for (index, l) in pattern.lengths.iter().enumerate() {
            if rest < *l {
                return Self {
                    index,
                    left: l - rest,
                };
            }
            rest -= l;
        }
        // Rounding has used the pattern up.
        Self {
            index: 0,
            left: pattern.lengths[0],
        }
    }

    const fn is_on(&self) -> bool {
        self.index.is_multiple_of(2)
    }

    fn advance(&mut self, pattern: &Dashes) {
        self.index = (self.index + 1) % pattern.lengths.len();
        self.left = pattern.lengths[self.index];
    }
}

fn begin(run: &Run, start: Point) -> Run {
    Run {
        start,
        deviation_mm: run.deviation_mm,
        ring: run.ring,
        ..Run::default()
    }
}

fn push_part(dash: &mut Run, span: &Span, part: f64, end: Point) {
    let from = dash.spans.last().map_or(dash.start, |s| s.end);
    if part > 0.0 && end != from {
        let bulge = if part < 1.0 {
            (sweep(span.bulge) * part / 4.0).tan()
        } else {
            span.bulge
        };
        dash.spans.push(Span { end, bulge });
    }
}

fn finish(done: &mut Vec<Run>, mut dash: Run) {
    if let Some(last) = dash.spans.last() {
        dash.closed = last.end == dash.start;
        done.push(dash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mm(run: &Run) -> f64 {
        let mut from = run.start;
        let of = |s: &Span| length(std::mem::replace(&mut from, s.end), s.end, s.bulge);
        run.spans.iter().map(of).sum()
    }

    fn square() -> Run {
        let corner = |x, y| Span {
            end: Point::new(x, y),
            bulge: 0.0,
        };
        Run {
            spans: vec![
                corner(10.0, 0.0),
                corner(10.0, 10.0),
                corner(0.0, 10.0),
                corner(0.0, 0.0),
            ],
            closed: true,
            ..Run::default()
        }
    }

    fn circle() -> Run {
        let half = |x| Span {
            end: Point::new(x, 0.0),
            bulge: 1.0,
        };
        Run {
            start: Point::new(5.0, 0.0),
            spans: vec![half(-5.0), half(5.0)],
            closed: true,
            ..Run::default()
        }
    }

    fn cut(run: &Run, lengths: &[f64], offset: f64, map: &Affine) -> Vec<Run> {
        let pattern = Dashes::new(lengths.to_vec()).unwrap();
        dashes(run, &pattern, offset, 1.0, &Ruler::new(map).unwrap())
    }

    #[test]
    fn dashes_go_round_corners_and_over_the_start() {
        let found = cut(&square(), &[6.0, 2.0], 0.0, &Affine::IDENTITY);
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|d| (mm(d) - 6.0).abs() < 1e-12));
        assert_eq!(found[1].spans.len(), 2);
        // Begun within a dash, the last one ends in it.
        let found = cut(&square(), &[6.0, 2.0], 3.0, &Affine::IDENTITY);
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|d| (mm(d) - 6.0).abs() < 1e-12));
        assert_eq!(found[0].start, Point::new(0.0, 3.0));
        // Begun within a gap.
        let found = cut(&square(), &[6.0, 2.0], -1.0, &Affine::IDENTITY);
        assert_eq!(found[0].start, Point::new(1.0, 0.0));
    }

    #[test]
    fn arcs_stay_arcs() {
        let found = cut(&circle(), &[1.0], 0.0, &Affine::IDENTITY);
        let turn = 10.0 * std::f64::consts::PI;
        assert_eq!(found.len(), 16);
        let sum: f64 = found.iter().map(mm).sum();
        // 15 whole dashes; the sixteenth is what is left of the turn, and goes on
        // in the first.
        assert!((sum - 15.0 - (turn - 30.0).min(1.0)).abs() < 1e-9, "{sum}");
        for d in &found {
            assert!(d.spans.iter().all(|s| s.bulge > 0.0));
            assert!((d.start.norm() - 5.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_map_that_stretches_stretches_dashes() {
        let map = Affine::scale(3.0, 1.0);
        let found = cut(&square(), &[1.0], 0.0, &map);
        assert!((mm(&found[1]) - 3.0).abs() < 1e-12);
        let right = Point::new(10.0, 0.0).x;
        let upright = found
            .iter()
            .find(|d| d.start.x >= right && d.spans[0].end.x >= right);
        assert!((mm(upright.unwrap()) - 1.0).abs() < 1e-12);
        // A circle of the page is an ellipse of the user's, whose length is known.
        let ruler = Ruler::new(&map).unwrap();
        let steps = 100_000;
        let p = |i: usize| {
            let (s, c) = (i as f64 / steps as f64 * std::f64::consts::TAU).sin_cos();
            Point::new(5.0 / 3.0 * c, 5.0 * s)
        };
        let fine: f64 = (0..steps).map(|i| p(i).distance(p(i + 1))).sum();
        assert!((ruler.run(&circle()) - fine).abs() < 1e-4 * fine);
        // All dashes but the last have the length asked for.
        let found = cut(&circle(), &[0.5], 0.0, &map);
        let inner = &found[1..found.len() - 1];
        assert!(inner.iter().all(|d| (ruler.run(d) - 0.5).abs() < 1e-4));
    }

    #[test]
    fn patterns_without_sense_are_whole_lines() {
        assert_eq!(Dashes::new(vec![0.0, 0.0]), None);
        assert_eq!(Dashes::new(vec![]), None);
        assert_eq!(Dashes::new(vec![f64::INFINITY]), None);
        assert!(Dashes::new(vec![0.0, 2.0]).unwrap().has_dots());
        assert!(Ruler::new(&Affine::scale(0.0, 1.0)).is_none());
    }
}
