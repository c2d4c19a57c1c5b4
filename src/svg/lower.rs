//! Outlines to toolpath: which operation each belongs to, and in which order they
//! are run.

use super::choose::{Choice, unused};
use super::drawing::{Drawing, Outline, PaintedBy, hex};
use super::fill;
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use crate::geom::{Point, Point3, length};
use crate::motion::Rate;
use crate::operations::{CUT, Cut, ENGRAVE, Operation, Operations, Planned, Power, Unmapped};
use crate::toolpath::{Attributes, Toolpath};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is to be done with a drawing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The paths, operation after operation, pass after pass.
    pub toolpath: Toolpath,
    /// The operations that have something to do, in the order of work.
    pub operations: Vec<Planned>,
    /// The element that each step draws.
    pub elements: Vec<Element>,
    /// What there is to say about colours and fills.
    pub diagnostics: Diagnostics,
}

/// What a path is called by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Element {
    /// `id` of the element.
    pub id: Option<Arc<str>>,
    /// `class` of the element, as it stands there.
    pub class: Option<Arc<str>>,
    /// The nearest element around it that has a name, by its place in
    /// [`Drawing::groups`].
    pub group: Option<u32>,
}

/// Most edges that all lines of all hatches of a drawing may meet: twice the lines.
const MOST_MET: usize = 4_000_000;
/// Most segments that passes may add.
const MOST_REPEATED: usize = 10_000_000;

/// Most layers that a finding names.
const NAMED: usize = 8;

/// Makes a toolpath of a drawing for a head that stands at the page's bottom-left
/// corner, by a table of operations.
///
/// Operations follow each other in the order of the table, colours that it does not
/// name as one operation each right before `cut`; outlines of one operation are in the
/// order of the drawing. Each pass has an operation number of its own. The edge of a
/// fill is not followed where a stroke on it is; where its operation hatches, it is
/// hatched all the same.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] for a table that is not valid, and for colours that it
/// does not name where it says that this is an error; [`ErrorKind::Limit`] for more
/// hatch lines or repeated passes than memory is meant for.
///
/// # Complexity
/// O((spans + hatch lines) × passes + outlines × log rules).
pub fn toolpath(drawing: &Drawing, operations: &Operations, cut: &Cut) -> Result<Plan, Error> {
    operations.validate()?;
    let mut plan = Planner {
        cut,
        areas: BTreeMap::new(),
        toolpath: Toolpath::new(flat(Point::new(0.0, 0.0))),
        planned: Vec::new(),
        elements: Vec::new(),
        found: Diagnostics::new(),
        next: 0,
        met: MOST_MET,
        repeated: MOST_REPEATED,
        left_out: false,
        assumed: [false; 2],
    };
    let groups = plan.groups(drawing, operations)?;
    let stroked: BTreeSet<u32> = groups
        .iter()
        .flat_map(|g| &g.outlines)
        .filter(|o| o.painted_by == PaintedBy::Stroke)
        .map(|o| o.shape)
        .collect();
    for group in &groups {
        plan.run(group, &stroked)?;
    }
    plan.say_areas();
    plan.say_unused(drawing, operations);
    plan.say_size();
    plan.say_assumed();
    Ok(Plan {
        toolpath: plan.toolpath,
        operations: plan.planned,
        elements: plan.elements,
        diagnostics: plan.found,
    })
}

/// Outlines that are run together.
struct Group<'d> {
    operation: Operation,
    outlines: Vec<&'d Outline>,
}

struct Planner<'a> {
    cut: &'a Cut,
    /// What there is to say of areas, by code and words.
    areas: BTreeMap<[&'static str; 2], Vec<&'a Outline>>,
    toolpath: Toolpath,
    planned: Vec<Planned>,
    elements: Vec<Element>,
    found: Diagnostics,
    /// Number of the next operation of the toolpath.
    next: u32,
    /// Edges that hatches may meet yet.
    met: usize,
    /// Segments that passes may add yet.
    repeated: usize,
    /// Whether something is not run.
    left_out: bool,
    /// Whether a feed, and whether a power, was taken that nobody gave.
    assumed: [bool; 2],
}

impl<'a> Planner<'a> {
    /// The groups in the order of work, without what is left out.
    fn groups(
        &mut self,
        drawing: &'a Drawing,
        operations: &Operations,
    ) -> Result<Vec<Group<'a>>, Error> {
        let choice = Choice::new(operations, drawing);
        let mut mapped: BTreeMap<&str, Vec<&Outline>> = BTreeMap::new();
        let mut colors: Vec<[u8; 3]> = Vec::new();
        let mut unmapped: BTreeMap<[u8; 3], Vec<&Outline>> = BTreeMap::new();
        for outline in &drawing.outlines {
            if let Some(name) = choice.of(outline) {
                mapped.entry(name).or_default().push(outline);
                continue;
            }
            let list = unmapped.entry(outline.color).or_default();
            if list.is_empty() {
                colors.push(outline.color);
            }
            list.push(outline);
        }
        let order = operations.in_order();
        let cuts = order.iter().any(|o| o.name == CUT && !o.skip);
        let choice = match operations.unmapped {
            Unmapped::Cut if !cuts => Unmapped::Skip,
            choice => choice,
        };
        self.left_out |= choice == Unmapped::Skip && !colors.is_empty();
        self.say_unmapped(&colors, &unmapped, choice)?;
        let mut groups = Vec::new();
        for operation in order {
            if operation.skip {
                if let Some(outlines) = mapped.remove(operation.name.as_str()) {
                    self.left_out = true;
                    let message = format!("what belongs to {} is left out", operation.name);
                    self.say(&outlines, "svg/skipped", Severity::Note, message, "");
                }
                continue;
            }
            if operation.name == CUT && choice == Unmapped::Cut {
                groups.extend(colors.iter().map(|c| Group {
                    operation: operation.clone(),
                    outlines: unmapped.remove(c).unwrap_or_default(),
                }));
            }
            if let Some(outlines) = mapped.remove(operation.name.as_str()) {
                groups.push(Group {
                    operation,
                    outlines,
                });
            }
        }
        Ok(groups)
    }

    fn say_unmapped(
        &mut self,
        colors: &[[u8; 3]],
        outlines: &BTreeMap<[u8; 3], Vec<&Outline>>,
        choice: Unmapped,
    ) -> Result<(), Error> {
        let (severity, done) = match choice {
            Unmapped::Cut => (Severity::Note, "it is cut"),
            Unmapped::Skip => (Severity::Warning, "it is left out"),
            Unmapped::Error if colors.is_empty() => return Ok(()),
            Unmapped::Error => {
                let one = |c: &[u8; 3]| {
                    let line = outlines[c].first().map_or(0, |o| o.line);
                    format!("{} (line {line})", hex(*c))
                };
                let most = colors.iter().take(Diagnostics::PER_CODE);
                let list: Vec<String> = most.map(one).collect();
                let more = if colors.len() > list.len() {
                    ", …"
                } else {
                    ""
                };
                return Err(Error::new(
                    ErrorKind::InvalidConfig,
                    format!(
                        "no operation is given for {}{more}; add the colour to the table, or take `unmapped` cut or skip",
                        list.join(", ")
                    ),
                ));
            }
        };
        for color in colors {
            let message = format!(
                "no operation is given for the colour {}: {done}",
                hex(*color)
            );
            let help = "name it in a table of operations, or say what is done with --unmapped";
            self.say(
                &outlines[color],
                "svg/unmapped-color",
                severity,
                message,
                help,
            );
        }
        Ok(())
    }

    /// Runs a group, pass after pass. `stroked` are the shapes whose stroke is run.
    fn run(&mut self, group: &Group<'a>, stroked: &BTreeSet<u32>) -> Result<(), Error> {
        let operation = &group.operation;
        let attributes = self.attributes(operation);
        let first = self.toolpath.steps().len();
        let before = self.toolpath.segments.len();
        for shape in group
            .outlines
            .chunk_by(|a, b| a.shape == b.shape && a.painted_by == b.painted_by)
        {
            self.run_shape(shape, operation, attributes, stroked)?;
            if let Some(outline) = shape.first() {
                let element = Element {
                    id: outline.id.clone(),
                    class: outline.class.clone(),
                    group: outline.group,
                };
                self.elements.resize(self.toolpath.steps().len(), element);
            }
        }
        let last = self.toolpath.steps().len();
        if last == first {
            return Ok(());
        }
        let segments = self.toolpath.segments.len() - before;
        let added = segments.saturating_mul(operation.passes as usize - 1);
        self.repeated = self.repeated.checked_sub(added).ok_or_else(|| {
            let name = &operation.name;
            Error::new(
                ErrorKind::Limit,
                format!(
                    "the passes of {name} repeat more than {MOST_REPEATED} segments; give fewer passes, or a larger spacing"
                ),
            )
        })?;
        let length_mm = self.toolpath.steps()[first..]
            .iter()
            .filter_map(|s| s.as_path())
            .flat_map(|p| self.toolpath.with_starts(p))
            .map(|(from, s)| length(from.xy(), s.end.xy(), s.bulge))
            .sum();
        for pass in 1..operation.passes {
            let attributes = Attributes {
                operation: self.next + pass,
                pass,
                ..attributes
            };
            self.toolpath.repeat(first..last, attributes);
            self.elements.extend_from_within(first..last);
        }
        self.next += operation.passes;
        let mut colors: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for outline in &group.outlines {
            if seen.insert(outline.color) {
                colors.push(hex(outline.color));
            }
        }
        self.planned.push(Planned {
            name: operation.name.clone(),
            colors,
            passes: operation.passes,
            paths: last - first,
            length_mm,
            feed: operation.feed.or(self.cut.feed).unwrap_or(Cut::FEED),
            power: attributes.power,
        });
        self.assumed[0] |= operation.feed.or(self.cut.feed).is_none();
        self.assumed[1] |= operation.power.is_none() && self.cut.power.is_none();
        Ok(())
    }

    /// Runs the outlines of one paint of one element.
    fn run_shape(
        &mut self,
        outlines: &[&'a Outline],
        operation: &Operation,
        attributes: Attributes,
        stroked: &BTreeSet<u32>,
    ) -> Result<(), Error> {
        let Some(outline) = outlines.first() else {
            return Ok(());
        };
        let line = outline.line.saturating_sub(1);
        if outline.painted_by == PaintedBy::Fill {
            if let Some(hatch) = &operation.fill {
                let lines = fill::lines(outlines, hatch, &mut self.met).map_err(|e| {
                    let (name, line) = (&operation.name, outline.line);
                    Error::new(
                        e.kind(),
                        format!("{e} to {name}, or fill less (line {line})"),
                    )
                })?;
                if !lines.is_empty() {
                    let ends = lines.iter().map(|l| (flat(l.from), flat(l.to)));
                    self.toolpath.push_raster(ends, attributes, line);
                    return Ok(());
                }
                self.say_fill(
                    outline,
                    "svg/fill-thin",
                    "an area is thinner than the hatch is wide: its edge is followed",
                );
            }
            // The edge is the stroke's.
            let under = outline.stroked && stroked.contains(&outline.shape);
            if operation.fill.is_none() && (under || operation.name == ENGRAVE) {
                let what = if under {
                    "an area under a stroke is not filled: only the stroke is followed"
                } else {
                    "an area is not filled: only its edge is followed"
                };
                self.say_fill(outline, "svg/fill-edge", what);
            }
            if under {
                return Ok(());
            }
        }
        for part in outlines.chunk_by(|a, b| a.ring.is_some() && a.ring == b.ring) {
            let first = self.toolpath.steps().len();
            for outline in part {
                let segments = outline.spans.iter().map(|s| (flat(s.end), s.bulge));
                self.toolpath
                    .push_path(flat(outline.start), segments, attributes, line);
            }
            if part.iter().all(|o| o.ring.is_some()) {
                self.toolpath.mark_ring(first..self.toolpath.steps().len());
            }
        }
        Ok(())
    }

    fn attributes(&self, operation: &Operation) -> Attributes {
        let cut = self.cut;
        Attributes {
            rate: Rate::Feed(operation.feed.or(cut.feed).unwrap_or(Cut::FEED)),
            power: match operation.power {
                Some(Power::S(s)) => s,
                Some(Power::Share(share)) => share * cut.power_max,
                None => cut.power.unwrap_or(cut.power_max),
            },
            spindle: operation.spindle.unwrap_or(cut.spindle),
            operation: self.next,
            ..Attributes::default()
        }
    }

    /// Keeps something to say of an area.
    fn say_fill(&mut self, outline: &'a Outline, code: &'static str, what: &'static str) {
        self.areas.entry([code, what]).or_default().push(outline);
    }

    fn say_areas(&mut self) {
        let help = "a table of operations with `fill` gives the spacing of lines that fill areas";
        for ([code, what], outlines) in std::mem::take(&mut self.areas) {
            self.say(&outlines, code, Severity::Note, what.to_owned(), help);
        }
    }

    /// Says how large what is run is, where it is not all.
    fn say_size(&mut self) {
        let bounds = self.toolpath.bounds();
        if !self.left_out || bounds.is_empty() {
            return;
        }
        let size = bounds.size();
        let message = format!("what is run is {:.2} mm by {:.2} mm", size.x, size.y);
        let d = Diagnostic::new(Code("svg/size"), Severity::Note, message);
        self.found.push(d);
    }

    /// Says which names of the table are not in the drawing. A colour that is not is
    /// none of its faults: most tables are for all drawings of a lab.
    fn say_unused(&mut self, drawing: &Drawing, operations: &Operations) {
        let layers: BTreeSet<&str> = drawing
            .groups
            .iter()
            .filter_map(|g| g.layer.as_deref())
            .collect();
        let more = if layers.len() > NAMED { ", …" } else { "" };
        let layers: Vec<String> = layers
            .iter()
            .take(NAMED)
            .map(|l| format!("{l:?}"))
            .collect();
        let layers = layers.join(", ") + more;
        for (kind, name) in unused(drawing, operations) {
            let message =
                format!("the table has a rule for the {kind} {name:?}, which nothing drawn has");
            let d = Diagnostic::new(Code("svg/unused-rule"), Severity::Note, message);
            self.found.push(if kind == "layer" && !layers.is_empty() {
                d.with_help(format!("the layers of the drawing are {layers}"))
            } else {
                d
            });
        }
    }

    /// Adds one finding about all of the elements that these outlines are of.
    fn say(
        &mut self,
        outlines: &[&Outline],
        code: &'static str,
        severity: Severity,
        message: String,
        help: &str,
    ) {
        let Some(first) = outlines.first() else {
            return;
        };
        let message = match &first.id {
            Some(id) => format!("{message} (first at {id:?})"),
            None => message,
        };
        let mut d = Diagnostic::new(Code(code), severity, message).at(first.line, first.column);
        let elements: BTreeSet<u32> = outlines.iter().map(|o| o.shape).collect();
        d.count = u32::try_from(elements.len()).unwrap_or(u32::MAX);
        let mut lines: Vec<u32> = outlines.iter().map(|o| o.line).collect();
        lines.dedup();
        lines.truncate(Diagnostic::LINES);
        d.lines = lines;
        self.found.push(if help.is_empty() {
            d
        } else {
            d.with_help(help)
        });
    }

    fn say_assumed(&mut self) {
        let (f, s) = (Cut::FEED * 60.0, self.cut.power_max);
        let message = match self.assumed {
            [false, false] => return,
            [true, false] => format!("a drawing gives no feed: F{f} is written"),
            [false, true] => format!("a drawing gives no power: S{s} is written"),
            [true, true] => format!("a drawing gives no feed and power: F{f} S{s} is written"),
        };
        self.found.push(
            Diagnostic::new(Code("svg/cut-assumed"), Severity::Note, message)
                .with_help("set them with --feed and --power, or in a table of operations"),
        );
    }
}

const fn flat(p: Point) -> Point3 {
    Point3::new(p.x, p.y, 0.0)
}
