//! A before/after map as one self-contained SVG.

use super::Trace;
use crate::geom::{Point, midpoint, sweep};
use std::fmt::Write;

/// How a map is drawn.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MapOptions {
    /// Width of one of the two panels, px. Default 560.
    pub panel: f64,
    /// Title of the left panel. Default `before`.
    pub before: String,
    /// Title of the right panel. Default `after`.
    pub after: String,
}

impl Default for MapOptions {
    fn default() -> Self {
        Self {
            panel: 560.0,
            before: "before".into(),
            after: "after".into(),
        }
    }
}

const MARGIN: f64 = 24.0;
const TITLE: f64 = 52.0;
const FOOT: f64 = 44.0;
const INK: &str = "#1b2733";
const TRAVEL: &str = "#e8590c";
/// An arc that rises less than this over its chord is drawn straight, px.
const FLAT: f64 = 0.05;

/// Draws two traces side by side in one scale: work dark, travel orange, the
/// start a ring; with travel, pen-downs and time in the titles and a scale bar.
///
/// # Complexity
/// O(segments).
#[must_use]
pub fn map(before: &Trace, after: &Trace, options: &MapOptions) -> String {
    let mut bounds = before.bounds;
    bounds.union(&after.bounds);
    let size = bounds.size();
    let (w, h) = (size.x.max(1e-3), size.y.max(1e-3));
    let panel = options.panel.max(50.0);
    // Tall jobs are limited by height, so that the map fits a page.
    let scale = (panel / w).min(1.4 * panel / h);
    let height = h * scale;
    let total_w = 2.0 * panel + 3.0 * MARGIN;
    let total_h = TITLE + height + FOOT;
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total_w:.0}\" height=\"{total_h:.0}\" \
         viewBox=\"0 0 {total_w:.0} {total_h:.0}\" font-family=\"system-ui, sans-serif\" \
         fill=\"{INK}\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for (i, (trace, title)) in [(before, &options.before), (after, &options.after)]
        .into_iter()
        .enumerate()
    {
        let left = MARGIN + i as f64 * (panel + MARGIN);
        caption(&mut out, left, trace, title);
        let place = Place {
            left: left + (panel - w * scale) / 2.0,
            bottom: TITLE + height,
            scale,
            origin: bounds.min.xy(),
        };
        draw(&mut out, trace, &place);
    }
    legend(&mut out, total_h - 16.0, scale, panel);
    out.push_str("</svg>\n");
    out
}

/// Where a panel lies, and how mm become px.
struct Place {
    left: f64,
    bottom: f64,
    scale: f64,
    origin: Point,
}

impl Place {
    fn x(&self, p: Point) -> f64 {
        self.left + (p.x - self.origin.x) * self.scale
    }

    fn y(&self, p: Point) -> f64 {
        self.bottom - (p.y - self.origin.y) * self.scale
    }

    /// The place in tenths of a px, the finest that is written.
    fn tenths(&self, p: Point) -> [i64; 2] {
        [self.x(p), self.y(p)].map(|v| (v * 10.0).round() as i64)
    }
}

fn caption(out: &mut String, left: f64, trace: &Trace, title: &str) {
    let time = trace
        .seconds
        .map_or(String::new(), |s| format!(", {}", clock(s)));
    let _ = writeln!(
        out,
        "<text x=\"{left:.0}\" y=\"22\" font-size=\"16\" font-weight=\"600\">{}</text>\n\
         <text x=\"{left:.0}\" y=\"40\" font-size=\"13\" fill=\"#52606d\">travel {} mm, \
         {} pen-downs{time}</text>",
        escaped(title),
        thousands(trace.travel_mm),
        trace.pen_downs,
    );
}

fn draw(out: &mut String, trace: &Trace, place: &Place) {
    // Many travels are drawn fainter, or they would hide what they join.
    let many = trace.travels.len() as f64;
    let opacity = (60.0 / many.max(1.0)).sqrt().clamp(0.18, 0.85);
    let _ = write!(
        out,
        "<path fill=\"none\" stroke=\"{TRAVEL}\" stroke-width=\"0.8\" \
         stroke-opacity=\"{opacity:.2}\" d=\""
    );
    for [a, b] in &trace.travels {
        let _ = write!(
            out,
            "M{:.1} {:.1}L{:.1} {:.1}",
            place.x(*a),
            place.y(*a),
            place.x(*b),
            place.y(*b)
        );
    }
    let _ = write!(
        out,
        "\"/>\n<path fill=\"none\" stroke=\"{INK}\" stroke-width=\"1\" stroke-linejoin=\"round\" \
         stroke-linecap=\"round\" d=\""
    );
    for (start, run) in &trace.burns {
        burn(out, *start, run, place);
    }
    let _ = writeln!(
        out,
        "\"/>\n<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"#ffffff\" stroke=\"#2b8a3e\" \
         stroke-width=\"2\"/>",
        place.x(trace.start),
        place.y(trace.start)
    );
}

/// One run as path data. What does not move by a tenth of a px is left out, so
/// that finely cut curves stay small; a run of a single dot stays a dot.
fn burn(out: &mut String, start: Point, run: &[(Point, f64)], place: &Place) {
    let mut written = place.tenths(start);
    let _ = write!(out, "M{:.1} {:.1}", place.x(start), place.y(start));
    let (mut at, mut drawn) = (start, false);
    for (i, &(to, bulge)) in run.iter().enumerate() {
        if bulge.abs() > 1.0 {
            // Ends that fall on one px would make more than half a circle vanish.
            let (middle, half) = (midpoint(at, to, bulge), (sweep(bulge) / 8.0).tan());
            arc(out, at, middle, half, place);
            arc(out, middle, to, half, place);
        } else if at.distance(to) / 2.0 * bulge.abs() * place.scale >= FLAT {
            arc(out, at, to, bulge, place);
        } else if place.tenths(to) != written || (i + 1 == run.len() && !drawn) {
            let _ = write!(out, "L{:.1} {:.1}", place.x(to), place.y(to));
        } else {
            at = to;
            continue;
        }
        (written, drawn) = (place.tenths(to), true);
        at = to;
    }
}

/// An arc of at most half a circle.
fn arc(out: &mut String, from: Point, to: Point, bulge: f64, place: &Place) {
    let radius = from.distance(to) / 2.0 / (sweep(bulge).abs() / 2.0).sin() * place.scale;
    // Counter-clockwise upward is against the sweep of SVG.
    let side = u8::from(bulge < 0.0);
    let (x, y) = (place.x(to), place.y(to));
    let _ = write!(out, "A{radius:.2} {radius:.2} 0 0 {side} {x:.1} {y:.1}");
}

fn legend(out: &mut String, y: f64, scale: f64, panel: f64) {
    let bar = round_length(panel / 4.0 / scale);
    let end = MARGIN + bar * scale;
    let _ = writeln!(
        out,
        "<path d=\"M{MARGIN} {:.1}v6h{:.1}v-6\" fill=\"none\" stroke=\"{INK}\"/>\n\
         <text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"12\">{bar} mm</text>",
        y - 8.0,
        bar * scale,
        end + 8.0
    );
    let mut x = end + 90.0;
    for (color, label) in [(INK, "work"), (TRAVEL, "travel"), ("#2b8a3e", "start")] {
        let _ = writeln!(
            out,
            "<path d=\"M{x:.1} {:.1}h18\" stroke=\"{color}\" stroke-width=\"2\"/>\n\
             <text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"12\">{label}</text>",
            y - 4.0,
            x + 24.0
        );
        x += 90.0;
    }
}

/// 1, 2 or 5 times a power of ten, at most `mm`.
fn round_length(mm: f64) -> f64 {
    let power = 10_f64.powf(mm.log10().floor());
    [5.0, 2.0, 1.0]
        .into_iter()
        .map(|k| k * power)
        .find(|v| *v <= mm)
        .unwrap_or(power)
}

fn thousands(v: f64) -> String {
    let digits = format!("{v:.0}");
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn clock(seconds: f64) -> String {
    let s = seconds.round();
    if s >= 3600.0 {
        format!(
            "{} h {:02} min",
            (s / 3600.0).floor(),
            (s % 3600.0 / 60.0).floor()
        )
    } else if s >= 60.0 {
        format!("{} min {:02} s", (s / 60.0).floor(), s % 60.0)
    } else {
        format!("{seconds:.1} s")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::geom::Point3;
    use crate::toolpath::{Attributes, Toolpath};

    #[test]
    fn a_map_holds_both_panels_and_arcs() {
        let p = |x, y| Point3::new(x, y, 0.0);
        let mut t = Toolpath::new(p(0.0, 0.0));
        t.push_path(
            p(10.0, 0.0),
            [(p(-10.0, 0.0), 1.0), (p(10.0, 0.0), 1.0)],
            Attributes::default(),
            0,
        );
        let trace = Trace::of(&t).with_seconds(61.0);
        assert_eq!(trace.travel_mm, 10.0);
        assert_eq!(trace.bounds.size().y, 20.0);
        let options = MapOptions {
            after: "a < b".into(),
            ..MapOptions::default()
        };
        let svg = map(&trace, &trace, &options);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert_eq!(svg.matches("A28").count() + svg.matches("A2").count(), 8);
        assert!(svg.contains("a &lt; b") && svg.contains("1 min 01 s"));
        assert!(!svg.contains("NaN"));
    }

    fn drawn(burns: Vec<(Point, Vec<(Point, f64)>)>) -> String {
        let mut t = Trace::default();
        t.bounds.add(Point3::new(0.0, 0.0, 0.0));
        t.bounds.add(Point3::new(100.0, 100.0, 0.0));
        t.burns = burns;
        let svg = map(&t, &t, &MapOptions::default());
        let path = svg.split("stroke-linecap").nth(1).unwrap();
        path.split('"').nth(3).unwrap().to_owned()
    }

    #[test]
    fn nearly_straight_and_nearly_full_arcs_are_drawn() {
        let p = Point::new;
        // The radius of so flat an arc is no number.
        let flat = drawn(vec![(p(0.0, 0.0), vec![(p(100.0, 0.0), 1e-310)])]);
        assert_eq!(flat, "M24.0 612.0L584.0 612.0");
        // The ends fall on one px: two arcs go round.
        let full = drawn(vec![(p(50.0, 50.0), vec![(p(50.0001, 50.0), 1e5)])]);
        assert_eq!(full.matches('A').count(), 2);
        // It rises 5 mm, its diameter, below where it starts: 28 px.
        assert!(full.contains("A14.00 14.00 0 0 0 304.0 360.0"), "{full}");
    }

    #[test]
    fn steps_below_the_resolution_are_left_out() {
        let fine = |n: u32| {
            let step = |i: u32| Point::new(f64::from(i) * 10.0 / f64::from(n), 0.0);
            (step(0), (1..=n).map(|i| (step(i), 0.0)).collect::<Vec<_>>())
        };
        let path = drawn(vec![fine(100_000)]);
        assert!(path.matches('L').count() <= 561, "{}", path.len());
        assert!(path.ends_with("L80.0 612.0"));
        let dot = Point::new(1.0, 1.0);
        assert_eq!(
            drawn(vec![(dot, vec![(dot, 0.0)])]),
            "M29.6 606.4L29.6 606.4"
        );
    }

    #[test]
    fn scale_bars_are_round() {
        assert_eq!(round_length(73.0), 50.0);
        assert_eq!(round_length(0.3), 0.2);
        assert_eq!(round_length(10.0), 10.0);
    }
}
