//! Markers: small drawings that stand at the points of a shape.
//!
//! A marker has the style of the place where it is written, not of the shape that
//! it stands on, but for the paints that ask for it (`context-stroke`).

use super::affine::Affine;
use super::path::Step;
use super::size::viewport;
use super::style::{Effects, Style};
use super::text::Inherited;
use super::tree::svg_name;
use super::units::Of;
use super::walk::{Context, Level, Walk};
use crate::geom::Point;
use crate::geom::fit::EllipseArc;
use roxmltree::Node;
use std::f64::consts::{PI, TAU};

/// Markers still to draw, each in a context of its own.
#[derive(Default)]
pub(super) struct Stamps<'a, 'input> {
    /// What is in each marker, and the context that it is drawn in, but for the map.
    kinds: Vec<Kind<'a, 'input>>,
    /// Number of the kind, and the map; the first to draw stands last.
    places: Vec<(usize, Affine)>,
}

impl<'a, 'input> Stamps<'a, 'input> {
    /// What the next one begins with.
    pub(super) fn next(&mut self) -> Option<(Node<'a, 'input>, Context)> {
        let (kind, map) = self.places.pop()?;
        let kind = self.kinds.get(kind)?;
        let mut context = kind.context.clone();
        context.map = map;
        if let Some(window) = kind.window {
            context.clip_to(window);
        }
        Some((kind.first, context))
    }
}

/// What is in a marker.
struct Kind<'a, 'input> {
    first: Node<'a, 'input>,
    /// What it is drawn in, but for the map.
    context: Context,
    /// Left, top, width and height of what shows, in the units of its content.
    window: Option<[f64; 4]>,
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// The markers of a shape, as a level to go through.
    pub(super) fn markers(
        &mut self,
        node: Node<'a, 'input>,
        steps: &[Step],
        here: &Context,
    ) -> Option<Level<'a, 'input>> {
        if here.style.markers == [None; 3] {
            return None;
        }
        let vertices = vertices(steps);
        let last = vertices.len().checked_sub(1)?;
        // Rules for the shape are for what stands on it too.
        let mut on = here.clone();
        self.enter_group(node, &mut on);
        let here = &on;
        let mut stamps = Stamps::default();
        let mut found = [const { None }; 3];
        for (which, id) in here.style.markers.iter().enumerate() {
            let Some(marker) = id.and_then(|id| self.tree.by_node(id)) else {
                continue;
            };
            if svg_name(marker) != Some("marker") {
                continue;
            }
            if self.shows_itself(node, marker, here) {
                self.say_loop(node);
                continue;
            }
            if let Some((one, kind)) = self.marker(marker, here) {
                found[which] = Some((one, stamps.kinds.len()));
                stamps.kinds.push(kind);
            }
        }
        for (i, (at, angle)) in vertices.into_iter().enumerate() {
            let at_vertex = [i == 0, i > 0 && i < last, i == last];
            for (which, _) in at_vertex.iter().enumerate().filter(|(_, here)| **here) {
                if let Some((one, kind)) = &found[which] {
                    let map = here.map.then_inner(&one.place(at, angle, which == 0));
                    stamps.places.push((*kind, map));
                }
            }
        }
        stamps.places.reverse();
        (!stamps.places.is_empty()).then(|| Level::of_stamps(stamps, here.clone()))
    }

    /// How a marker is placed on a shape, and what is in it; `None` for one that holds
    /// nothing.
    fn marker(
        &mut self,
        marker: Node<'a, 'input>,
        on: &Context,
    ) -> Option<(Marker, Kind<'a, 'input>)> {
        let first = marker.first_element_child()?;
        let (style, effects) = self.style_where_written(marker);
        // `defs` and the like are not displayed where they stand, and do not need
        // to be.
        if effects.hidden {
            self.note(marker, "svg/hidden", "is not displayed and was left out");
            return None;
        }
        if let Some(value) = effects.clip {
            let what = format!("is a marker clipped by {value}; it was taken whole");
            self.warn(marker, "svg/clip-path", &what);
        }
        let mut context = self.enter_reference(marker, on, style);
        let units = self.units(&context);
        let side = |name, of, otherwise: f64| {
            let text = marker.attribute(name);
            text.and_then(|t| units.parse(t, of)).unwrap_or(otherwise)
        };
        let size = [
            side("markerWidth", Of::Width, 3.0),
            side("markerHeight", Of::Height, 3.0),
        ];
        if size.iter().any(|s| *s <= 0.0) {
            return None;
        }
        let view = viewport(marker, size);
        let [x, y, w, h] = super::size::view_box(marker)
            .map_or([0.0, 0.0, size[0], size[1]], |b| [b.x, b.y, b.w, b.h]);
        let reference = |name, of, from: f64, by: f64| match marker.attribute(name).map(str::trim) {
            Some("left" | "top") => from,
            Some("center") => from + by / 2.0,
            Some("right" | "bottom") => from + by,
            _ => side(name, of, 0.0),
        };
        let anchor = view.point(Point::new(
            reference("refX", Of::Width, x, w),
            reference("refY", Of::Height, y, h),
        ));
        let per_stroke = marker.attribute("markerUnits") != Some("userSpaceOnUse");
        context.enter_view([w, h]);
        let scale = if per_stroke {
            on.style.stroke_width
        } else {
            1.0
        };
        let inner = Affine::scale(scale, scale)
            .then_inner(&Affine::translate(-anchor.x, -anchor.y))
            .then_inner(&view);
        let orient = match marker.attribute("orient").map(str::trim) {
            Some("auto") => Orient::Auto { reversed: false },
            Some("auto-start-reverse") => Orient::Auto { reversed: true },
            Some(angle) => Orient::Fixed(angle_of(angle).unwrap_or(0.0)),
            None => Orient::Fixed(0.0),
        };
        let (x, y) = (view.x.x, view.y.y);
        let window = [-view.o.x / x, -view.o.y / y, size[0] / x, size[1] / y];
        let clipped = !effects.overflows && self.has_room_for_clip(marker, on, 1);
        let kind = Kind {
            first,
            context,
            window: clipped.then_some(window),
        };
        Some((Marker { inner, orient }, kind))
    }

    /// The style and the text properties that a marker or a clip path has from where
    /// it is written, and what holds for it as a whole.
    pub(super) fn style_where_written(
        &self,
        node: Node<'a, 'input>,
    ) -> ((Style, Inherited), Effects<'a>) {
        let mut chain: Vec<_> = node.ancestors().filter(Node::is_element).collect();
        chain.reverse();
        let (mut style, mut text) = (Style::default(), Inherited::default());
        let mut last = Effects::default();
        for node in chain {
            let units = self.units_of(&style);
            let declarations = self.sheet.declarations(node);
            let (child, effects, _) = style.child(&declarations, &units, self.tree);
            text = text.child(&declarations, &self.units_of(&child));
            (style, last) = (child, effects);
        }
        ((style, text), last)
    }
}

/// How a marker stands on a point.
struct Marker {
    /// From the marker's own units to those of the shape, its anchor at (0, 0).
    inner: Affine,
    orient: Orient,
}

enum Orient {
    /// Radians.
    Fixed(f64),
    /// Along the line; the first one of a line may look back.
    Auto { reversed: bool },
}

impl Marker {
    fn place(&self, at: Point, along: f64, first: bool) -> Affine {
        let angle = match self.orient {
            Orient::Fixed(angle) => angle,
            Orient::Auto { reversed } if reversed && first => along + PI,
            Orient::Auto { .. } => along,
        };
        let (s, c) = angle.sin_cos();
        Affine::new(c, s, -s, c, at.x, at.y).then_inner(&self.inner)
    }
}

/// An angle, in radians.
fn angle_of(text: &str) -> Option<f64> {
    let angle: svgtypes::Angle = text.parse().ok()?;
    Some(angle.to_degrees().to_radians())
}

/// A point of a shape, the direction in which the line arrives there, and that in
/// which it goes on; 0 where there is none.
#[derive(Clone, Copy)]
struct Vertex {
    at: Point,
    arrives: Point,
    leaves: Point,
}

/// The points of a shape at which markers stand, and how the line is directed
/// there, radians: half way between how it arrives and how it goes on.
fn vertices(steps: &[Step]) -> Vec<(Point, f64)> {
    let mut list: Vec<Vertex> = Vec::new();
    // The first vertex of the subpath.
    let mut start = 0;
    let push = |list: &mut Vec<Vertex>, at, leaves: Point, arrives: Point| {
        if let Some(before) = list.last_mut()
            && before.leaves == Point::default()
        {
            before.leaves = leaves;
        }
        list.push(Vertex {
            at,
            arrives,
            leaves: Point::default(),
        });
    };
    for step in steps {
        let from = list.last().map_or(Point::default(), |v| v.at);
        match *step {
            Step::Move(p) => {
                start = list.len();
                list.push(Vertex {
                    at: p,
                    arrives: Point::default(),
                    leaves: Point::default(),
                });
            }
            Step::Line(p) => push(&mut list, p, p - from, p - from),
            Step::Quadratic(b, c) => {
                let (first, last) = ends(&[from, b, c]);
                push(&mut list, c, first, last);
            }
            Step::Cubic(b, c, d) => {
                let (first, last) = ends(&[from, b, c, d]);
                push(&mut list, d, first, last);
            }
            Step::Arc(arc, end) => {
                let last = arc.start + arc.sweep;
                push(
                    &mut list,
                    end,
                    tangent(&arc, arc.start),
                    tangent(&arc, last),
                );
            }
            Step::Close => {
                let Some(first) = list.get(start).copied() else {
                    continue;
                };
                let closing = first.at - from;
                let arrives = if closing == Point::default() {
                    list.last().map_or(closing, |v| v.arrives)
                } else {
                    closing
                };
                push(&mut list, first.at, closing, arrives);
                if let Some(v) = list.get_mut(start) {
                    v.arrives = arrives;
                }
                if let Some(v) = list.last_mut() {
                    v.leaves = first.leaves;
                }
                start = list.len() - 1;
            }
        }
    }
    list.iter().map(|v| (v.at, direction(v))).collect()
}

fn direction(v: &Vertex) -> f64 {
    let angle = |d: Point| d.y.atan2(d.x);
    let none = Point::default();
    match (v.arrives == none, v.leaves == none) {
        (true, true) => 0.0,
        (true, false) => angle(v.leaves),
        (false, true) => angle(v.arrives),
        (false, false) => {
            let turn = (angle(v.leaves) - angle(v.arrives) + PI).rem_euclid(TAU) - PI;
            angle(v.arrives) + turn / 2.0
        }
    }
}

/// The directions of a Bézier curve at its ends: to the next point that is another.
fn ends(points: &[Point]) -> (Point, Point) {
    let (first, last) = (points[0], points[points.len() - 1]);
    let leaves = points.iter().find(|p| **p != first);
    let arrives = points.iter().rev().find(|p| **p != last);
    (
        leaves.map_or(Point::default(), |p| *p - first),
        arrives.map_or(Point::default(), |p| last - *p),
    )
}

fn tangent(arc: &EllipseArc, angle: f64) -> Point {
    let (s, c) = angle.sin_cos();
    (arc.v * c - arc.u * s) * arc.sweep.signum()
}
