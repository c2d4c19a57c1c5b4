use super::Before;
use crate::error::{Error, ErrorKind};
use crate::gcode::{Dialect, RunLimits};
use crate::motion::SpindleMode;
use crate::operations::Operations;
use crate::pass::{
    ArcFit, Cool, Dedupe, Effort, InsideFirst, Meeting, Merge, Overlaps, PassOrder, Pipeline,
    Reorder, Simplify, Split, Watch,
};

/// How a file is opened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OpenOptions {
    /// How far anything burned may be from what the file says, mm; half of it goes to
    /// the curves of a drawing, half is left to all that follows. Default 0.01.
    pub tolerance: f64,
    /// What the colours, layers, classes and ids of a drawing mean.
    pub operations: Operations,
    /// Feed for operations of a drawing that give none, mm/s. `None`: 20.
    pub feed: Option<f64>,
    /// S value for operations of a drawing that give none. `None`: the machine's
    /// greatest, or 1000 without a machine.
    pub power: Option<f64>,
    /// Laser mode for operations of a drawing that give none. Default dynamic (M4).
    pub spindle: SpindleMode,
    /// Pixels of a drawing to the inch. `None`: 96, or those of the program that is
    /// known to have written it.
    pub dpi: Option<f64>,
    /// Width of a drawing's page as it is to be, mm; not with `scale`.
    pub width: Option<f64>,
    /// What the lengths of a drawing are multiplied by; not with `width`.
    pub scale: Option<f64>,
    /// The dialect of a program. `None`: found from what stands in it.
    pub dialect: Option<&'static Dialect>,
    /// How far loops of a program may go.
    pub limits: RunLimits,
    /// The fonts for text in drawings. Default none: text is reported.
    #[cfg(feature = "svg")]
    pub(super) fonts: crate::svg::Fonts,
}

impl OpenOptions {
    /// The same with another tolerance, mm.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The same with another feed for drawings, mm/s.
    #[must_use]
    pub const fn with_feed(mut self, feed: f64) -> Self {
        self.feed = Some(feed);
        self
    }

    /// The same with another table of operations for drawings.
    #[must_use]
    pub fn with_operations(mut self, operations: Operations) -> Self {
        self.operations = operations;
        self
    }

    /// The same with pixels to the inch for drawings.
    #[must_use]
    pub const fn with_dpi(mut self, dpi: f64) -> Self {
        self.dpi = Some(dpi);
        self
    }

    /// The same with a width for the page of a drawing, mm.
    #[must_use]
    pub const fn with_width(mut self, width: f64) -> Self {
        self.width = Some(width);
        self
    }

    /// The same with a factor for the lengths of a drawing.
    #[must_use]
    pub const fn with_scale(mut self, scale: f64) -> Self {
        self.scale = Some(scale);
        self
    }

    /// The same with other limits for the loops of programs.
    #[must_use]
    pub const fn with_limits(mut self, limits: RunLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with fonts for text in drawings, which is reported without any.
    #[cfg(feature = "svg")]
    #[must_use]
    pub fn with_fonts(mut self, fonts: crate::svg::Fonts) -> Self {
        self.fonts = fonts;
        self
    }

    /// The same with a dialect for programs.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: &'static Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// The same with an S value for drawings.
    #[must_use]
    pub const fn with_power(mut self, power: f64) -> Self {
        self.power = Some(power);
        self
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            tolerance: 0.01,
            operations: Operations::default(),
            feed: None,
            power: None,
            spindle: SpindleMode::Dynamic,
            dpi: None,
            width: None,
            scale: None,
            dialect: None,
            limits: RunLimits::default(),
            #[cfg(feature = "svg")]
            fonts: crate::svg::Fonts::none(),
        }
    }
}

/// How a job is optimised.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OptimizeOptions {
    /// How far any burned point may move, mm; for a drawing no more than half of
    /// [`OpenOptions::tolerance`], as its curves have had the other half. Default 0.01.
    pub tolerance: f64,
    /// Where random choices begin. Default 0.
    pub seed: u64,
    /// What is done where lines lie on each other. [`Overlaps::Keep`], the default,
    /// burns them as often as they are there, unless `only` names `dedupe`: then it is
    /// [`Overlaps::All`] in drawings and [`Overlaps::Partial`] in programs.
    pub overlaps: Overlaps,
    /// How near a line must lie to another one to be burned by it, mm. That comes on
    /// top of `tolerance`. Default 0.02.
    pub overlap_distance: f64,
    /// What counts as meeting where paths are cut so that nets of lines can be drawn in
    /// fewer trails ([`crate::pass::Split`]); what comes of it is kept only if it is
    /// better than without. `None`, the default: they are not cut, unless `only` names
    /// `split`.
    pub split: Option<Meeting>,
    /// Whether arcs are fitted to runs of short lines ([`ArcFit`]). What `tolerance` leaves
    /// after merging and for the rounding of written numbers is how far arcs and lines may
    /// be apart; with `simplify` each gets a share. Only what makes the whole job no longer,
    /// or without a machine leaves fewer commands, is kept. Default not, unless `only` names
    /// `arc-fit`.
    pub fit_arcs: bool,
    /// Whether lines on one slope become helices where arcs are fitted
    /// ([`ArcFit::helices`]). Default not.
    pub helices: bool,
    /// Whether vertices are left out of runs of lines ([`Simplify`]), as for `fit_arcs`.
    /// Default not, unless `only` names `simplify`.
    pub simplify: bool,
    /// The passes to run, by name, in the order of [`crate::pass::Pipeline::standard`].
    /// None, the default: all. What is asked for by another option and needs a pass that
    /// is not named is an error.
    pub only: Vec<String>,
    /// The passes not to run. Without `inside-first`, nothing holds an outline back
    /// until what is in it is done. Default none.
    pub skip: Vec<String>,
    /// Whether parts are finished one after another: a part is an outermost contour with
    /// all that lies inside it. Default not.
    pub group_parts: bool,
    /// Whether each closed path is burned in one go, even where another touches it; else
    /// what touches is burned on the way, without a lift ([`Merge::rings`]). Default not.
    pub whole_outlines: bool,
    /// Paths that come before others. Default none.
    pub before: Vec<Before>,
    /// Time to cool between paths that lie near each other. Default none.
    pub cool: Option<Cool>,
    /// In which order the passes of an operation are burned. Default as in the source.
    pub passes: PassOrder,
    /// Whether rasters are cut into islands, which are ordered, and white in their rows is
    /// skipped where that is faster ([`crate::pass::Rasters`]); whatever `only` and `skip` name. They
    /// stay as they are where the whole job would not take less time with it (without a
    /// machine: less way with the beam off). Default not.
    pub order_rasters: bool,
    /// Whether [`crate::job::Optimized::travel_bound`] is computed, which takes longer
    /// than ordering. Default not.
    pub bound: bool,
    /// Whether closed paths may be started anywhere on their lines and arcs, which takes
    /// two to three times as long; see [`crate::pass::Reorder::start_anywhere`]. Default
    /// not: at corners.
    pub start_anywhere: bool,
    /// How hard to search for the order. Default normal.
    pub effort: Effort,
    /// Who is told how far the search is, and may stop it. Default nobody.
    pub watch: Watch,
}

impl OptimizeOptions {
    /// The same with another tolerance, mm.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The same with another seed.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same with something else done where lines lie on each other.
    #[must_use]
    pub const fn with_overlaps(mut self, overlaps: Overlaps) -> Self {
        self.overlaps = overlaps;
        self
    }

    /// The same with another distance below which lines are one, mm.
    #[must_use]
    pub const fn with_overlap_distance(mut self, distance: f64) -> Self {
        self.overlap_distance = distance;
        self
    }

    /// The same with paths cut where they meet.
    #[must_use]
    pub const fn with_split(mut self, meeting: Option<Meeting>) -> Self {
        self.split = meeting;
        self
    }

    /// The same with arcs fitted to lines, or not.
    #[must_use]
    pub const fn with_fit_arcs(mut self, fit: bool) -> Self {
        self.fit_arcs = fit;
        self
    }

    /// The same with helices fitted to lines on one slope, or not.
    #[must_use]
    pub const fn with_helices(mut self, helices: bool) -> Self {
        self.helices = helices;
        self
    }

    /// The same with vertices left out of lines, or not.
    #[must_use]
    pub const fn with_simplify(mut self, simplify: bool) -> Self {
        self.simplify = simplify;
        self
    }

    /// The same with these passes only, by name.
    #[must_use]
    pub fn with_only<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.only = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same without these passes, by name.
    #[must_use]
    pub fn with_skip<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.skip = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same with parts finished one after another, or not.
    #[must_use]
    pub const fn with_group_parts(mut self, group: bool) -> Self {
        self.group_parts = group;
        self
    }

    /// The same with each closed path burned in one go, or not.
    #[must_use]
    pub const fn with_whole_outlines(mut self, whole: bool) -> Self {
        self.whole_outlines = whole;
        self
    }

    /// The same with paths that come before others.
    #[must_use]
    pub fn with_before(mut self, orders: impl IntoIterator<Item = Before>) -> Self {
        self.before = orders.into_iter().collect();
        self
    }

    /// The same with time to cool between paths that lie near each other.
    #[must_use]
    pub fn with_cool(mut self, cool: Cool) -> Self {
        self.cool = Some(cool);
        self
    }

    /// The same with passes in another order.
    #[must_use]
    pub const fn with_passes(mut self, order: PassOrder) -> Self {
        self.passes = order;
        self
    }

    /// Whether something is asked for that may cost travel.
    pub(super) fn asks_for_order(&self) -> bool {
        self.group_parts
            || !self.before.is_empty()
            || self.passes != PassOrder::Source
            || self.cool.is_some()
    }

    /// How paths are ordered.
    pub(super) fn reorder(&self) -> Reorder {
        Reorder::default()
            .with_passes(self.passes)
            .with_cool(self.cool.clone())
            .with_start_anywhere(self.start_anywhere)
    }

    /// How paths that meet become one: parts, passes and times to cool are reasons for an
    /// order that merging does not see.
    fn merge(&self) -> Merge {
        let reasons = self.group_parts || self.passes != PassOrder::Source || self.cool.is_some();
        Merge::default()
            .with_keep_order(reasons)
            .with_rings(!self.whole_outlines)
    }

    /// The passes to run.
    pub(super) fn pipeline(&self, tolerance: f64, is_drawing: bool) -> Result<Pipeline, Error> {
        let asked = self.only.iter().any(|name| name == "dedupe");
        let overlaps = match self.overlaps {
            Overlaps::Keep | Overlaps::Auto if asked && is_drawing => Overlaps::All,
            Overlaps::Keep | Overlaps::Auto if asked => Overlaps::Partial,
            overlaps => overlaps,
        };
        let dedupe = Dedupe::default()
            .with_overlaps(overlaps)
            .with_distance(self.overlap_distance);
        let inside_first = InsideFirst::default().with_group_parts(self.group_parts);
        let (reorder, merge) = (self.reorder(), self.merge());
        let names = |name: &str| self.only.iter().chain(&self.skip).any(|n| n == name);
        // Most of the tolerance is for those who change what lies between the ends.
        let fits = self.fit_arcs || self.simplify || names("arc-fit") || names("simplify");
        let of_ends = if fits { tolerance / 4.0 } else { tolerance };
        let mut all = Pipeline::standard_with(of_ends, inside_first, dedupe, reorder, merge)?;
        if self.split.is_some() || names("split") {
            let split = Split::default()
                .with_meeting(self.split.unwrap_or_default())
                .with_touch(tolerance / 2.0);
            all = all.with_split(split);
        }
        if self.fit_arcs || names("arc-fit") {
            all = all.with(ArcFit::default());
        }
        if self.simplify || names("simplify") {
            all = all.with(Simplify::default());
        }
        let mut chosen = all.skip(&self.skip)?;
        if !self.only.is_empty() {
            let passes = (self.passes != PassOrder::Source).then_some("passes");
            let named = self.only.iter().map(String::as_str).chain(passes);
            chosen = chosen.only(&named.collect::<Vec<_>>())?;
        }
        // Who skips a pass by name means it; who names others may have overlooked it.
        let only = !self.only.is_empty();
        let overlaps = [Overlaps::Partial, Overlaps::All].contains(&self.overlaps);
        let asked = [
            ("split", only && self.split.is_some(), "split"),
            ("overlaps", only && overlaps, "dedupe"),
            ("fit_arcs", only && self.fit_arcs, "arc-fit"),
            ("helices", self.helices, "arc-fit"),
            ("simplify", only && self.simplify, "simplify"),
            ("start_anywhere", self.start_anywhere, "reorder"),
            ("group_parts", self.group_parts, "inside-first"),
            ("group_parts", self.group_parts, "reorder"),
            ("cool", self.cool.is_some(), "reorder"),
            ("before", !self.before.is_empty(), "reorder"),
            ("passes", self.passes != PassOrder::Source, "passes"),
            ("passes", self.passes != PassOrder::Source, "reorder"),
        ];
        for (option, given, pass) in asked {
            if given && chosen.names().all(|name| name != pass) {
                let message = format!("{option} needs the pass {pass}, which is left out");
                return Err(Error::new(ErrorKind::InvalidConfig, message));
            }
        }
        Ok(chosen)
    }

    /// The same with rasters ordered by islands or left as they are.
    #[must_use]
    pub const fn with_order_rasters(mut self, order: bool) -> Self {
        self.order_rasters = order;
        self
    }

    /// The same with another effort.
    #[must_use]
    pub const fn with_effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// The same with someone who is told how far the search is, and may stop it.
    #[must_use]
    pub fn with_watch(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// The same with closed paths started anywhere, or at corners only.
    #[must_use]
    pub const fn with_start_anywhere(mut self, anywhere: bool) -> Self {
        self.start_anywhere = anywhere;
        self
    }

    /// The same with the bound on travel computed or not.
    #[must_use]
    pub const fn with_bound(mut self, bound: bool) -> Self {
        self.bound = bound;
        self
    }
}

impl Default for OptimizeOptions {
    fn default() -> Self {
        Self {
            tolerance: 0.01,
            seed: 0,
            overlaps: Overlaps::Keep,
            overlap_distance: Dedupe::default().distance,
            split: None,
            fit_arcs: false,
            helices: false,
            simplify: false,
            only: Vec::new(),
            skip: Vec::new(),
            group_parts: false,
            whole_outlines: false,
            before: Vec::new(),
            cool: None,
            passes: PassOrder::Source,
            order_rasters: false,
            bound: false,
            start_anywhere: false,
            effort: Effort::Normal,
            watch: Watch::default(),
        }
    }
}
