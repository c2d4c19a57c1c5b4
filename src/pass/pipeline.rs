use super::{Context, InsideFirst, Merge, Pass, PassReport, Reorder};
use crate::error::{Error, positive_mm};
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

    /// Inside-first, reorder, merge, with everything safe by default.
    /// `tolerance` is how far any burned point may move in all, mm; half of it
    /// goes to merging, the rest is left to the rounding of written numbers.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`] when the tolerance is not above 0.
    pub fn standard(tolerance: f64) -> Result<Self, Error> {
        let share = positive_mm("tolerance", tolerance)? / 2.0;
        Ok(Self::new(vec![
            Box::new(InsideFirst::default().with_touch(share)),
            Box::new(Reorder::default().with_touch(share)),
            Box::new(Merge::default().with_touch(share)),
        ]))
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
