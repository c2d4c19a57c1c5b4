//! A before/after map as one self-contained SVG.

use super::Trace;
use super::path_data::PathData;
use crate::geom::{Point, length, midpoint, sweep};
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
const START: &str = "#2b8a3e";
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
            area: w * h * scale * scale,
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
    /// Of the drawing, px².
    area: f64,
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
        thousands(trace.pen_downs as f64),
    );
}

fn draw(out: &mut String, trace: &Trace, place: &Place) {
    let (mut travels, mut travel_px) = (PathData::default(), 0.0);
    for [a, b] in &trace.travels {
        travels.go(place.tenths(*a));
        travels.line(place.tenths(*b));
        travel_px += a.distance(*b) * place.scale;
    }
    let (mut burns, mut burn_px) = (PathData::default(), 0.0);
    for (start, run) in &trace.burns {
        burn_px += burn(&mut burns, *start, run, place);
    }
    // What would cover its panel is drawn fainter or thinner, or it would hide
    // the rest; a path is blended as a whole, so its lines do not add up.
    let opacity = (0.85 / (1.0 + travel_px / place.area)).max(0.2);
    let width = (1.2 / (1.0 + 2.0 * burn_px / place.area)).clamp(0.4, 1.0);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<g transform=\"scale(.1)\" fill=\"none\" stroke-linejoin=\"round\" \
         stroke-linecap=\"round\">\n\
         <path stroke=\"{TRAVEL}\" stroke-width=\"9\" stroke-opacity=\"{opacity:.2}\" \
         d=\"{}\"/>\n<path stroke=\"{INK}\" stroke-width=\"{:.0}\" d=\"{}\"/>\n</g>",
        travels.into_text(),
        width * 10.0,
        burns.into_text(),
    );
    ring(out, place.x(trace.start), place.y(trace.start));
}

/// One run as path data, and its length in px. What does not move by a tenth of
/// a px is left out, so that finely cut curves stay small; a run of a single dot
/// stays a dot.
fn burn(data: &mut PathData, start: Point, run: &[(Point, f64)], place: &Place) -> f64 {
    data.go(place.tenths(start));
    let (mut at, mut drawn, mut mm) = (start, false, 0.0);
    for (i, &(to, bulge)) in run.iter().enumerate() {
        mm += length(at, to, bulge);
        let end = place.tenths(to);
        if bulge.abs() > 1.0 {
            // Ends that fall on one px would make more than half a circle vanish.
            let (middle, half) = (midpoint(at, to, bulge), (sweep(bulge) / 8.0).tan());
            arc(data, at, middle, half, place);
            arc(data, middle, to, half, place);
            drawn = true;
        } else if at.distance(to) / 2.0 * bulge.abs() * place.scale >= FLAT {
            arc(data, at, to, bulge, place);
            drawn = true;
        } else if end != data.at() || (i + 1 == run.len() && !drawn) {
            data.line(end);
            drawn = true;
        }
        at = to;
    }
    mm * place.scale
}

/// An arc of at most half a circle.
fn arc(data: &mut PathData, from: Point, to: Point, bulge: f64, place: &Place) {
    let radius = from.distance(to) / 2.0 / (sweep(bulge).abs() / 2.0).sin() * place.scale;
    data.arc(place.tenths(to), radius * 10.0, bulge < 0.0);
}

/// The mark of the start.
fn ring(out: &mut String, x: f64, y: f64) {
    let _ = writeln!(
        out,
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#ffffff\" stroke=\"{START}\" \
         stroke-width=\"2\"/>"
    );
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
    for (color, label) in [(INK, "work"), (TRAVEL, "travel")] {
        let _ = writeln!(
            out,
            "<path d=\"M{x:.1} {:.1}h18\" stroke=\"{color}\" stroke-width=\"2\"/>\n\
             <text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"12\">{label}</text>",
            y - 4.0,
            x + 24.0
        );
        x += 90.0;
    }
    ring(out, x + 12.0, y - 4.0);
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"12\">start</text>",
        x + 24.0
    );
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
        // The starts of two panels and that of the legend; two halves a panel.
        assert_eq!(svg.matches("<circle").count(), 3);
        assert_eq!(svg.matches("a2800 2800 0 0 0").count(), 4);
        assert!(svg.contains("a &lt; b") && svg.contains("1 min 01 s"));
        assert!(!svg.contains("NaN"));
    }

    fn drawn(burns: Vec<(Point, Vec<(Point, f64)>)>) -> String {
        let mut t = Trace::default();
        t.bounds.add(Point3::new(0.0, 0.0, 0.0));
        t.bounds.add(Point3::new(100.0, 100.0, 0.0));
        t.burns = burns;
        let svg = map(&t, &t, &MapOptions::default());
        svg.split(" d=\"")
            .nth(2)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn nearly_straight_and_nearly_full_arcs_are_drawn() {
        let p = Point::new;
        // The radius of so flat an arc is no number.
        let flat = drawn(vec![(p(0.0, 0.0), vec![(p(100.0, 0.0), 1e-310)])]);
        assert_eq!(flat, "M240 6120l5600 0");
        // The ends fall on one px: two arcs go round.
        let full = drawn(vec![(p(50.0, 50.0), vec![(p(50.0001, 50.0), 1e5)])]);
        // It rises 5 mm, its diameter, below where it starts: 28 px.
        assert_eq!(full, "M3040 3320a140 140 0 0 0 0 280a140 140 0 0 0 0 -280");
    }

    #[test]
    fn steps_below_the_resolution_are_left_out() {
        let fine = |n: u32| {
            let step = |i: u32| Point::new(f64::from(i) * 10.0 / f64::from(n), 0.0);
            (step(0), (1..=n).map(|i| (step(i), 0.0)).collect::<Vec<_>>())
        };
        let path = drawn(vec![fine(100_000)]);
        assert!(path.len() < 561 * 5, "{}", path.len());
        assert!(path.starts_with("M240 6120l1 0 1 0 "));
        let dot = Point::new(1.0, 1.0);
        assert_eq!(drawn(vec![(dot, vec![(dot, 0.0)])]), "M296 6064l0 0");
    }

    #[test]
    fn scale_bars_are_round() {
        assert_eq!(round_length(73.0), 50.0);
        assert_eq!(round_length(0.3), 0.2);
        assert_eq!(round_length(10.0), 10.0);
    }
}
