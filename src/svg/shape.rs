//! Basic shapes as steps.

use super::path::{self, Step};
use super::units::{Of, Units};
use crate::geom::Point;
use crate::geom::fit::EllipseArc;
use roxmltree::Node;
use std::f64::consts::{FRAC_PI_2, TAU};
use svgtypes::PointsParser;

/// The steps of a shape, and what was wrong with it; `None` where the element is
/// no shape.
pub(super) fn steps(
    name: &str,
    node: Node<'_, '_>,
    units: &Units,
) -> Option<(Vec<Step>, Option<String>)> {
    let mut bad = None;
    let mut read = |name: &str, of| {
        let text = node.attribute(name)?;
        let value = units.parse(text, of);
        if value.is_none() && text.trim() != "auto" {
            bad = Some(format!("{name} is not a length: {text}"));
        }
        value
    };
    let steps = match name {
        "path" => return Some(path::parse(node.attribute("d").unwrap_or(""))),
        "polyline" | "polygon" => return Some(points(node, name == "polygon")),
        "line" => {
            let x1 = read("x1", Of::Width).unwrap_or(0.0);
            let y1 = read("y1", Of::Height).unwrap_or(0.0);
            let x2 = read("x2", Of::Width).unwrap_or(0.0);
            let y2 = read("y2", Of::Height).unwrap_or(0.0);
            vec![
                Step::Move(Point::new(x1, y1)),
                Step::Line(Point::new(x2, y2)),
            ]
        }
        "circle" => {
            let x = read("cx", Of::Width).unwrap_or(0.0);
            let y = read("cy", Of::Height).unwrap_or(0.0);
            let r = read("r", Of::Diagonal).unwrap_or(0.0);
            ellipse(Point::new(x, y), r, r)
        }
        "ellipse" => {
            let x = read("cx", Of::Width).unwrap_or(0.0);
            let y = read("cy", Of::Height).unwrap_or(0.0);
            let (rx, ry) = (read("rx", Of::Width), read("ry", Of::Height));
            // SVG 2: a radius left out is the other.
            let (rx, ry) = (rx.or(ry).unwrap_or(0.0), ry.or(rx).unwrap_or(0.0));
            ellipse(Point::new(x, y), rx, ry)
        }
        "rect" => {
            let x = read("x", Of::Width).unwrap_or(0.0);
            let y = read("y", Of::Height).unwrap_or(0.0);
            let w = read("width", Of::Width).unwrap_or(0.0);
            let h = read("height", Of::Height).unwrap_or(0.0);
            let rx = read("rx", Of::Width).filter(|r| *r >= 0.0);
            let ry = read("ry", Of::Height).filter(|r| *r >= 0.0);
            let (rx, ry) = (rx.or(ry).unwrap_or(0.0), ry.or(rx).unwrap_or(0.0));
            rect(Point::new(x, y), w, h, rx.min(w / 2.0), ry.min(h / 2.0))
        }
        _ => return None,
    };
    Some((steps, bad))
}

fn points(node: Node<'_, '_>, close: bool) -> (Vec<Step>, Option<String>) {
    let text = node.attribute("points").unwrap_or("");
    let mut steps = Vec::new();
    for (x, y) in PointsParser::from(text) {
        let p = Point::new(x, y);
        steps.push(if steps.is_empty() {
            Step::Move(p)
        } else {
            Step::Line(p)
        });
    }
    let numbers = svgtypes::NumberListParser::from(text);
    let read = numbers.take_while(Result::is_ok).count();
    let broken = !text.trim().is_empty()
        && (read != 2 * steps.len() || svgtypes::NumberListParser::from(text).any(|n| n.is_err()));
    if close && !steps.is_empty() {
        steps.push(Step::Close);
    }
    let error = broken.then(|| "its points are not pairs of numbers to the end".to_owned());
    (steps, error)
}

fn ellipse(center: Point, rx: f64, ry: f64) -> Vec<Step> {
    if rx <= 0.0 || ry <= 0.0 {
        return Vec::new();
    }
    let arc = EllipseArc {
        center,
        u: Point::new(rx, 0.0),
        v: Point::new(0.0, ry),
        start: 0.0,
        sweep: TAU,
    };
    let start = center + arc.u;
    vec![Step::Move(start), Step::Arc(arc, start), Step::Close]
}

fn rect(o: Point, w: f64, h: f64, rx: f64, ry: f64) -> Vec<Step> {
    if w <= 0.0 || h <= 0.0 {
        return Vec::new();
    }
    let at = |x: f64, y: f64| Point::new(o.x + x, o.y + y);
    if rx <= 0.0 || ry <= 0.0 {
        return vec![
            Step::Move(at(0.0, 0.0)),
            Step::Line(at(w, 0.0)),
            Step::Line(at(w, h)),
            Step::Line(at(0.0, h)),
            Step::Close,
        ];
    }
    let corner = |cx: f64, cy: f64, quarter: f64, end: Point| {
        let arc = EllipseArc {
            center: at(cx, cy),
            u: Point::new(rx, 0.0),
            v: Point::new(0.0, ry),
            start: quarter * FRAC_PI_2,
            sweep: FRAC_PI_2,
        };
        Step::Arc(arc, end)
    };
    vec![
        Step::Move(at(rx, 0.0)),
        Step::Line(at(w - rx, 0.0)),
        corner(w - rx, ry, -1.0, at(w, ry)),
        Step::Line(at(w, h - ry)),
        corner(w - rx, h - ry, 0.0, at(w - rx, h)),
        Step::Line(at(rx, h)),
        corner(rx, h - ry, 1.0, at(0.0, h - ry)),
        Step::Line(at(0.0, ry)),
        corner(rx, ry, 2.0, at(rx, 0.0)),
        Step::Close,
    ]
}
