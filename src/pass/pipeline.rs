use super::{
    Context, Dedupe, InsideFirst, Merge, Overlaps, Pass, PassOrder, PassReport, Passes, Reorder,
    Split,
};
use crate::error::{Error, ErrorKind, positive_mm};
use crate::toolpath::Toolpath;

/// Passes, one after another.
#[allow(missing_debug_implementations)]
pub struct Pipeline {
    passes: Vec<Box<dyn Pass>>,
}

impl Pipeline {
    /// These passes in this order.
    #[must_use]
    pub fn new(passes: Vec<Box<dyn Pass>>) -> Self {
        Self { passes }
    }

    /// Inside-first, dedupe, reorder, merge, with everything safe by default.
    /// `tolerance` is how far any burned point may move in all, mm; half of it
    /// goes to merging, the rest is left to the rounding of written numbers.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] when the tolerance is not above 0.
    pub fn standard(tolerance: f64) -> Result<Self, Error> {
        let keep = Dedupe::default().with_overlaps(Overlaps::Keep);
        let (reorder, merge) = (Reorder::default(), Merge::default());
        Self::standard_with(tolerance, InsideFirst::default(), keep, reorder, merge)
    }

    /// As [`Pipeline::standard`], with these passes but for their `touch`, and [`Passes`]
    /// before reorder where [`Reorder::passes`] are not as in the source.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] when the tolerance is not above 0.
    pub fn standard_with(
        tolerance: f64,
        inside_first: InsideFirst,
        dedupe: Dedupe,
        reorder: Reorder,
        merge: Merge,
    ) -> Result<Self, Error> {
        let share = positive_mm("tolerance", tolerance)? / 2.0;
        let mut passes: Vec<Box<dyn Pass>> =
            vec![Box::new(inside_first.with_touch(share)), Box::new(dedupe)];
        if reorder.passes != PassOrder::Source {
            passes.push(Box::new(Passes::new(reorder.passes).with_touch(share)));
        }
        passes.push(Box::new(reorder.with_touch(share)));
        passes.push(Box::new(merge.with_touch(share)));
        Ok(Self::new(passes))
    }

    /// The same with paths split before they are ordered: before the passes `passes` and
    /// `reorder`, or at the end without them.
    #[must_use]
    pub fn with_split(mut self, split: Split) -> Self {
        let orders = |name: &str| ["passes", "reorder"].contains(&name);
        let at = self.names().position(orders);
        let at = at.unwrap_or(self.passes.len());
        self.passes.insert(at, Box::new(split));
        self
    }

    /// The same with another pass after all others, such as [`super::ArcFit`] and
    /// [`super::Simplify`], which have a tolerance of their own.
    #[must_use]
    pub fn with(mut self, pass: impl Pass + 'static) -> Self {
        self.passes.push(Box::new(pass));
        self
    }

    /// The passes, in order.
    pub(crate) fn passes(&self) -> impl Iterator<Item = &dyn Pass> {
        self.passes.iter().map(AsRef::as_ref)
    }

    /// The names of its passes, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.passes.iter().map(|p| p.name())
    }

    /// Only the passes of these names, in the order of the pipeline. Without
    /// `inside-first`, nothing holds an outline back until what is in it is done.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] when it has no pass of a name, or no name is given.
    pub fn only<S: AsRef<str>>(mut self, names: &[S]) -> Result<Self, Error> {
        self.has_all(names)?;
        if names.is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidConfig,
                "name at least one pass",
            ));
        }
        self.passes
            .retain(|p| names.iter().any(|n| n.as_ref() == p.name()));
        Ok(self)
    }

    /// Without the passes of these names. Without `inside-first`, nothing holds an
    /// outline back until what is in it is done.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] when it has no pass of a name.
    pub fn skip<S: AsRef<str>>(mut self, names: &[S]) -> Result<Self, Error> {
        self.has_all(names)?;
        self.passes
            .retain(|p| names.iter().all(|n| n.as_ref() != p.name()));
        Ok(self)
    }

    fn has_all<S: AsRef<str>>(&self, names: &[S]) -> Result<(), Error> {
        let unknown = names
            .iter()
            .find(|n| self.names().all(|known| known != n.as_ref()));
        let Some(unknown) = unknown else {
            return Ok(());
        };
        let known: Vec<_> = self.names().collect();
        Err(Error::new(
            ErrorKind::InvalidConfig,
            format!(
                "there is no pass {}; there are {}",
                unknown.as_ref(),
                known.join(", ")
            ),
        ))
    }

    /// Runs all passes.
    ///
    /// # Errors
    /// The first error of a pass; the toolpath is then as that pass left it.
    pub fn run(
        &self,
        toolpath: &mut Toolpath,
        context: &mut Context,
    ) -> Result<Vec<PassReport>, Error> {
        self.passes
            .iter()
            .map(|pass| pass.run(toolpath, context))
            .collect()
    }
}
