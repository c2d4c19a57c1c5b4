//! A before/after map as one self-contained SVG.

use super::Trace;
use crate::geom::{Point, sweep};
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
        let _ = write!(out, "M{:.1} {:.1}", place.x(*start), place.y(*start));
        let mut at = *start;
        for &(to, bulge) in run {
            let (x, y) = (place.x(to), place.y(to));
            if bulge == 0.0 {
                let _ = write!(out, "L{x:.1} {y:.1}");
            } else {
                let angle = sweep(bulge).abs();
                let radius = at.distance(to) / 2.0 / (angle / 2.0).sin() * place.scale;
                let large = u8::from(angle > std::f64::consts::PI);
                // Counter-clockwise upward is against the sweep of SVG.
                let side = u8::from(bulge < 0.0);
                let _ = write!(
                    out,
                    "A{radius:.2} {radius:.2} 0 {large} {side} {x:.1} {y:.1}"
                );
            }
            at = to;
        }
    }
    let _ = writeln!(
        out,
        "\"/>\n<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"#ffffff\" stroke=\"#2b8a3e\" \
         stroke-width=\"2\"/>",
        place.x(trace.start),
        place.y(trace.start)
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

    #[test]
    fn scale_bars_are_round() {
        assert_eq!(round_length(73.0), 50.0);
        assert_eq!(round_length(0.3), 0.2);
        assert_eq!(round_length(10.0), 10.0);
    }
}
