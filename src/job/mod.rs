//! The facade: a file that was opened, what is known of it, and what can be done
//! with it.

mod arrange;
mod before;
mod conduct;
mod fit;
mod format;
mod options;

pub use before::{BEFORE_UNMATCHED, Before, Pick};
pub use format::Format;
pub use options::{OpenOptions, OptimizeOptions};

use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind, positive_mm};
use crate::estimate::{Estimate, estimate};
use crate::gcode::{self, Dialect, EmitOptions, Program, Reading};
use crate::machine::{ArcFormat, Machine};
use crate::operations::Planned;
use crate::pass::{
    Context, InsideFirst, Objective, Pass, PassOrder, PassReport, RASTER_KEPT, SAME_TIME, Summary,
    pen_down_bound, summarize, travel_bound,
};
use crate::source::Source;
use crate::toolpath::{Toolpath, verify, verify_burns, verify_written};
use arrange::Arranged;
use conduct::same_conduct;

/// The optimised program burned something else, so the input was kept.
pub const KEPT_UNVERIFIED: Code = Code("job/kept-unverified");
/// No order was found that is shorter; the input was kept.
pub const ALREADY_SHORT: Code = Code("job/already-short");
/// Cutting inner contours first costs travel that the input did not have.
pub const INNER_FIRST: Code = Code("job/inner-first");
/// What lay on other lines is burned once.
pub const OVERLAPS_REMOVED: Code = Code("job/overlaps-removed");
/// What was asked of the order costs travel.
pub const ORDER_COSTS: Code = Code("job/order-costs");
/// What the passes make of the job would take longer; the input was kept.
pub const SLOWER: Code = Code("job/slower");
/// Cutting paths where they meet made nothing shorter; they were left as they were.
pub const SPLIT_IN_VAIN: Code = Code("job/split-in-vain");
/// The search for an order was stopped before it was done.
pub const STOPPED_EARLY: Code = Code("job/stopped-early");
/// A file that was opened.
#[derive(Clone, Debug)]
pub struct Job {
    form: Form,
    reading: Reading,
    tolerance: f64,
    /// How the machine's arcs are written.
    arc_format: ArcFormat,
    /// What there is to say about the file.
    pub diagnostics: Diagnostics,
}

#[derive(Clone, Debug)]
enum Form {
    Program(Box<Program>),
    #[cfg_attr(not(feature = "svg"), allow(dead_code))]
    Drawing(Box<Art>),
}

/// A drawing that was read.
#[derive(Clone, Debug)]
struct Art {
    source: Source,
    toolpath: Toolpath,
    operations: Vec<Planned>,
    /// The element that each step draws, and the groups around these.
    #[cfg(feature = "svg")]
    elements: Vec<crate::svg::Element>,
    #[cfg(feature = "svg")]
    groups: Vec<crate::svg::Group>,
    /// How far its curves are from those drawn, as measured, mm.
    deviation: f64,
}

/// An optimised job.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Optimized {
    /// The program to run.
    pub gcode: Vec<u8>,
    /// How it is to be read.
    pub reading: Reading,
    /// The toolpath as it was.
    pub before: Toolpath,
    /// The toolpath as it is now.
    pub after: Toolpath,
    /// The program as it was; for a drawing, what its own order would be.
    pub gcode_before: Vec<u8>,
    /// What each pass did; empty when the input was kept.
    pub passes: Vec<PassReport>,
    /// Least number of pen-downs that any order of these paths needs, without what is
    /// burned by others.
    pub pen_down_bound: usize,
    /// Least travel of any order of these paths, mm, by [`travel_bound`]; `None`
    /// unless [`OptimizeOptions::bound`] asks for it.
    pub travel_bound: Option<f64>,
    /// Whether [`OptimizeOptions::watch`] stopped the search: the order is the best that
    /// was found until then, and another run may find another one.
    pub stopped_early: bool,
    /// How far any burned point is from where the file has it, at most: what was
    /// measured of curves, merging, overlaps, fitting and rounding, added up, mm.
    pub max_deviation_mm: f64,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

impl Optimized {
    /// The length that is burned no longer because other lines burn it, mm.
    #[must_use]
    pub fn removed_mm(&self) -> f64 {
        // Not `sum`, which is -0 for nothing.
        self.passes.iter().fold(0.0, |mm, p| mm + p.removed_mm)
    }

    /// Counts and lengths before and after.
    #[must_use]
    pub fn summaries(&self) -> (Summary, Summary) {
        (summarize(&self.before), summarize(&self.after))
    }
}

impl Job {
    /// Opens G-code or SVG, told apart by content. A drawing's powers are those of the
    /// `machine`, and arcs are written in its format.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] for an empty file, a file of no known format,
    /// or SVG without the feature `svg`; [`ErrorKind::Malformed`] and
    /// [`ErrorKind::Limit`] for SVG that cannot be read;
    /// [`ErrorKind::InvalidConfig`] for options out of range.
    pub fn open(
        bytes: Vec<u8>,
        machine: Option<&Machine>,
        options: &OpenOptions,
    ) -> Result<Self, Error> {
        let _ = usable(options.tolerance)?;
        if Format::of(&bytes)? == Format::Svg {
            return Self::open_svg(bytes, machine, options);
        }
        let mut diagnostics = Diagnostics::new();
        let found = Dialect::detect(&bytes);
        gcode::findings::of_dialect(&mut diagnostics, found, options.dialect);
        let dialect = options.dialect.unwrap_or(found.dialect);
        let reading = Reading::from(dialect).with_limits(options.limits);
        let program = gcode::read(bytes, reading);
        diagnostics.extend(program.diagnostics.clone());
        Ok(Self {
            diagnostics,
            form: Form::Program(Box::new(program)),
            reading,
            tolerance: options.tolerance,
            arc_format: arc_format(machine, dialect),
        })
    }

    #[cfg(not(feature = "svg"))]
    fn open_svg(_: Vec<u8>, _: Option<&Machine>, _: &OpenOptions) -> Result<Self, Error> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "this build reads no SVG; build it with the feature `svg`",
        ))
    }

    #[cfg(feature = "svg")]
    fn open_svg(
        bytes: Vec<u8>,
        machine: Option<&Machine>,
        options: &OpenOptions,
    ) -> Result<Self, Error> {
        use crate::operations::Cut;
        use crate::svg;
        let dialect = machine
            .map(|m| Dialect::of(&m.firmware))
            .or(options.dialect);
        if let Some(dialect) = dialect
            && !dialect.grammar.rewrites
        {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "drawings are written for GRBL, which {} does not read; programs are written anew for \
                     GRBL, grblHAL and their like only",
                    dialect.title
                ),
            ));
        }
        let mut settings = svg::SvgOptions::default()
            .with_tolerance(options.tolerance / 2.0)
            .with_fonts(options.fonts.clone())
            .with_arcs(machine.is_none_or(|m| m.arcs.is_some()));
        (settings.dpi, settings.width, settings.scale) =
            (options.dpi, options.width, options.scale);
        let drawing = svg::read(&bytes, &settings)?;
        let cut = Cut {
            feed: options.feed,
            power: options.power,
            power_max: machine.map_or(Cut::default().power_max, |m| m.power_max),
            spindle: options.spindle,
        };
        let plan = svg::toolpath(&drawing, &options.operations, &cut)?;
        let deviation = drawing
            .outlines
            .iter()
            .map(|o| o.deviation_mm)
            .fold(0.0, f64::max);
        let mut diagnostics = drawing.diagnostics;
        diagnostics.extend(plan.diagnostics);
        Ok(Self {
            form: Form::Drawing(Box::new(Art {
                source: Source::new(bytes),
                toolpath: plan.toolpath,
                operations: plan.operations,
                elements: plan.elements,
                groups: drawing.groups,
                deviation,
            })),
            // What is written for a drawing is GRBL's.
            reading: Reading::from(Dialect::GRBL),
            tolerance: options.tolerance,
            arc_format: arc_format(machine, Dialect::GRBL),
            diagnostics,
        })
    }

    /// What the job does.
    #[must_use]
    pub fn toolpath(&self) -> &Toolpath {
        match &self.form {
            Form::Program(p) => &p.toolpath,
            Form::Drawing(art) => &art.toolpath,
        }
    }

    /// What a drawing's operations are, in the order of work; none for a program.
    #[must_use]
    pub fn operations(&self) -> &[Planned] {
        match &self.form {
            Form::Program(_) => &[],
            Form::Drawing(art) => &art.operations,
        }
    }

    /// The file as it came.
    #[must_use]
    pub const fn source(&self) -> &Source {
        match &self.form {
            Form::Program(p) => &p.source,
            Form::Drawing(art) => &art.source,
        }
    }

    /// How the job's program is read, and what it is written in.
    #[must_use]
    pub const fn reading(&self) -> Reading {
        self.reading
    }

    /// The dialect that the job's program is read in, and written.
    #[must_use]
    pub const fn dialect(&self) -> &'static Dialect {
        self.reading.dialect
    }

    /// Whether the file is a drawing rather than a program.
    #[must_use]
    pub const fn is_drawing(&self) -> bool {
        matches!(self.form, Form::Drawing(_))
    }

    /// The job as a program, nothing improved: the file itself if it is one.
    ///
    /// # Errors
    /// [`ErrorKind::Verification`] when a coordinate cannot be written.
    pub fn to_gcode(&self) -> Result<Vec<u8>, Error> {
        match &self.form {
            Form::Program(p) => Ok(p.source.bytes().to_vec()),
            Form::Drawing(art) => {
                gcode::encode(&art.toolpath, &self.emit_options(3, self.tolerance / 2.0))
            }
        }
    }

    /// How long the job takes as it is, on `machine`.
    ///
    /// # Errors
    /// As [`Job::to_gcode`].
    pub fn estimate(&self, machine: &Machine) -> Result<Estimate, Error> {
        Ok(match &self.form {
            Form::Program(p) => estimate(&p.source, self.reading, machine),
            Form::Drawing(_) => estimate(&Source::new(self.to_gcode()?), self.reading, machine),
        })
    }

    /// Makes the job shorter. What it burns is checked twice: the edited toolpath
    /// against the source's, and the written program, read back, against it too.
    /// When a check fails, or nothing got shorter, the input comes back with a
    /// diagnostic.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] for options out of range;
    /// [`ErrorKind::Verification`] when a drawing cannot be written as it is.
    pub fn optimize(
        &self,
        objective: &Objective,
        options: &OptimizeOptions,
    ) -> Result<Optimized, Error> {
        let (tolerance, of_curves) = match &self.form {
            Form::Program(_) => (usable(options.tolerance)?, 0.0),
            Form::Drawing(art) => (
                usable(options.tolerance)?.min(self.tolerance / 2.0),
                art.deviation,
            ),
        };
        let before = self.toolpath();
        let mut unmatched = Diagnostics::new();
        let asked = self.pairs(&options.before, &mut unmatched)?;
        let arranged = self.arranged(asked, objective, options, tolerance)?;
        let Arranged {
            toolpath: after,
            passes,
            least_pen_downs,
            stopped_early,
            diagnostics,
        } = self.fitted(arranged, objective, options, tolerance)?;
        let gcode_before = self.to_gcode()?;
        let touch = options.reorder().with_touch(tolerance / 2.0);
        let mut result = Optimized {
            pen_down_bound: 0,
            travel_bound: None,
            stopped_early,
            gcode: gcode_before.clone(),
            reading: self.reading,
            before: before.clone(),
            after: before.clone(),
            gcode_before,
            passes: Vec::new(),
            max_deviation_mm: of_curves,
            diagnostics: self.diagnostics.clone(),
        };
        result.diagnostics.extend(unmatched);
        let mut changed = false;
        let of_rasters = passes.iter().filter(|p| p.name == "rasters");
        let rasters = of_rasters.map(|p| p.changed).sum::<usize>();
        let mut kept = diagnostics.clone();
        if passes
            .iter()
            .any(|p| p.name != "inside-first" && p.changed > 0)
        {
            match self.checked(&after, tolerance) {
                Ok((gcode, deviation)) => {
                    let slower = match objective {
                        Objective::Time(machine) if !options.asks_for_order() => {
                            self.slower(machine, [&result.gcode, &gcode], tolerance)?
                        }
                        _ => None,
                    };
                    if let Some(said) = slower {
                        result.diagnostics.push(said);
                    } else {
                        result.gcode = gcode;
                        result.max_deviation_mm = of_curves + deviation;
                        result.after = after;
                        result.passes = passes;
                        kept = Diagnostics::new();
                        result.diagnostics.extend(diagnostics);
                        changed = true;
                    }
                }
                Err(why) => result.diagnostics.push(
                    Diagnostic::new(
                        KEPT_UNVERIFIED,
                        Severity::Error,
                        format!("the optimised program did not pass its check ({why}); the input is kept as it is"),
                    )
                    .with_help("please report the file: this is a defect of trajet"),
                ),
            }
        } else {
            kept = Diagnostics::new();
            result.diagnostics.extend(diagnostics);
        }
        let kept = kept.as_slice().iter().filter(|d| d.code == RASTER_KEPT);
        kept.for_each(|d| result.diagnostics.push(d.clone()));
        if result.stopped_early {
            result.diagnostics.push(
                Diagnostic::new(
                    STOPPED_EARLY,
                    Severity::Note,
                    "the search for an order was stopped; the best until then is kept",
                )
                .with_help("more time gives a shorter order; another run may give another one"),
            );
        }
        // What is burned by others needs no order.
        let as_read = options.passes == PassOrder::Source && rasters == 0;
        let ordered = if as_read && result.after.removed().is_empty() {
            before
        } else {
            &result.after
        };
        let of_pieces = least_pen_downs.filter(|_| changed);
        result.pen_down_bound = of_pieces.unwrap_or_else(|| pen_down_bound(ordered, &touch));
        result.travel_bound = options.bound.then(|| travel_bound(ordered, &touch));
        if !changed && self.is_drawing() {
            // Nobody has seen this program before, so it is checked like any other.
            let written = gcode::read(result.gcode.clone(), self.reading);
            let rounding = verify_burns(before, &written.toolpath, tolerance)
                .map_err(|d| Error::new(ErrorKind::Verification, d.to_string()))?;
            result.max_deviation_mm += rounding;
        }
        let removed = result.removed_mm();
        if removed > 0.0 {
            let message = format!("{removed:.1} mm lay on other lines and are burned once");
            let said = Diagnostic::new(OVERLAPS_REMOVED, Severity::Note, message);
            result.diagnostics.push(if self.is_drawing() {
                said.with_help("where they are to be burned again, give the operation passes")
            } else {
                said
            });
        }
        let (was, is) = result.summaries();
        let has_ordered = result.passes.iter().any(|p| p.name == "reorder");
        // In the place of what is burned no longer there may be travel.
        if has_ordered
            && changed
            && rasters == 0
            && is.travel_mm > was.travel_mm + removed + tolerance
        {
            let grew = format!(
                "travel grew from {:.1} to {:.1} mm",
                was.travel_mm, is.travel_mm
            );
            let (code, why, help) = if options.asks_for_order() {
                (
                    ORDER_COSTS,
                    "the order that is asked for costs it",
                    "without parts, orders, passes and times to cool that are asked for it may be less",
                )
            } else {
                (
                    INNER_FIRST,
                    "the input cuts an outline before what is inside it",
                    "a part that is cut free may shift, so what is inside comes first",
                )
            };
            let said = Diagnostic::new(code, Severity::Note, format!("{grew}: {why}"));
            result.diagnostics.push(said.with_help(help));
        }
        let has = |code| result.diagnostics.has(code);
        if !changed && !has(KEPT_UNVERIFIED) && !has(SLOWER) {
            result.diagnostics.push(Diagnostic::new(
                ALREADY_SHORT,
                Severity::Note,
                "nothing could be made shorter; the order is kept as it is",
            ));
        }
        Ok(result)
    }

    /// What there is to say where the second program takes longer than the first, which
    /// then is kept: stops and corners can cost what shorter rapids save. An input that
    /// cuts an outline before what is inside it is not gone back to.
    fn slower(
        &self,
        machine: &Machine,
        programs: [&[u8]; 2],
        tolerance: f64,
    ) -> Result<Option<Diagnostic>, Error> {
        let how = self.reading;
        let [was, is] =
            programs.map(|bytes| estimate(&Source::new(bytes.to_vec()), how, machine).seconds);
        if is <= was * (1.0 + SAME_TIME) {
            return Ok(None);
        }
        let mut context = Context::default();
        let inside_first = InsideFirst::default().with_touch(tolerance / 2.0);
        let _ = inside_first.run(&mut self.toolpath().clone(), &mut context)?;
        if context.before.iter().any(|(first, then)| first > then) {
            return Ok(None);
        }
        let message = format!(
            "what the passes make of it would take {:.6} s longer; the input is kept as it is",
            is - was
        );
        let said = Diagnostic::new(SLOWER, Severity::Note, message);
        Ok(Some(said.with_help(
            "with the objective travel it is shorter, though not sooner done",
        )))
    }

    /// How a result is written: coordinates with `least` decimals at least, and such that
    /// rounding takes no more than an eighth of the tolerance. Inches get one more, which
    /// makes their step 2.54 times that of millimetres.
    fn emit_options(&self, least: u8, tolerance: f64) -> EmitOptions {
        let needed = (2.54 * 4.0 / tolerance)
            .log10()
            .ceil()
            .clamp(f64::from(least), 8.0);
        EmitOptions::default()
            .with_decimals(needed as u8)
            .with_arc_format(self.arc_format)
    }

    /// Writes `after` and checks it; gives the program and the measured deviation.
    fn checked(&self, after: &Toolpath, tolerance: f64) -> Result<(Vec<u8>, f64), String> {
        let before = self.toolpath();
        let moved = verify(before, after, tolerance).map_err(|d| d.to_string())?;
        let gcode = self.written(after, tolerance).map_err(|e| e.to_string())?;
        let written = gcode::read(gcode, self.reading);
        let read_back = verify_written(before, after, &written.toolpath, tolerance)
            .map_err(|d| d.to_string())?;
        if let Form::Program(p) = &self.form {
            same_conduct(self.reading, [&p.source, &written.source], tolerance)?;
        }
        Ok((written.source.bytes().to_vec(), moved.max(read_back)))
    }
}

/// Least tolerance of the options, mm: numbers are written with eight decimals at most.
pub const LEAST_TOLERANCE: f64 = 1e-6;

/// How a machine's arcs are written, where the dialect reads them so.
fn arc_format(machine: Option<&Machine>, dialect: &Dialect) -> ArcFormat {
    machine
        .and_then(|m| m.arcs)
        .map(|arcs| arcs.format)
        .filter(|format| *format == ArcFormat::Center || dialect.grammar.arc_radius)
        .unwrap_or_default()
}

/// Checks a tolerance, mm.
fn usable(tolerance: f64) -> Result<f64, Error> {
    if positive_mm("tolerance", tolerance)? < LEAST_TOLERANCE {
        return Err(Error::new(
            ErrorKind::InvalidConfig,
            format!("tolerance must be at least {LEAST_TOLERANCE} mm, not {tolerance}"),
        ));
    }
    Ok(tolerance)
}
