//! A region cut into batches: within one, units may change places; batches keep
//! their sequence.
//!
//! A *unit* is one path, or several that must stay together because they burn
//! the same again at once, or are the lines of one engraved area. A new batch begins where the operation changes, where
//! a raster begins or ends, and where something is burned again after other burns.

use super::{Reorder, raster, shape};
use crate::toolpath::{Path, Toolpath};
use std::collections::BTreeSet;
use std::ops::Range;

/// Paths that stay together, as a range of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) steps: Range<usize>,
    pub(super) signature: (u64, u64),
    /// It keeps its direction.
    pub(super) fixed: bool,
}

/// Units that may change places, unless `kept`.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) units: Vec<Unit>,
    pub(super) kept: bool,
}

/// Cuts a region into batches.
///
/// # Complexity
/// O(segments + paths · log paths).
pub(super) fn cut(toolpath: &Toolpath, region: Range<usize>, config: &Reorder) -> Vec<Batch> {
    let paths: Vec<&Path> = toolpath.steps()[region.clone()]
        .iter()
        .filter_map(|s| s.as_path())
        .collect();
    let rasters = if config.keep_rasters {
        raster::runs(toolpath, &paths, config.touch)
    } else {
        Vec::new()
    };
    let mut rasters = rasters.into_iter().peekable();
    let mut batches = Vec::new();
    let mut open = Growing::default();
    let mut i = 0;
    while i < paths.len() {
        if let Some(run) = rasters.next_if(|r| r.start == i) {
            open.close(&mut batches);
            let steps = region.start + run.start..region.start + run.end;
            batches.push(Batch {
                units: vec![Unit {
                    steps,
                    signature: (0, 0),
                    fixed: true,
                }],
                kept: true,
            });
            i = run.end;
            continue;
        }
        let operation = if config.keep_operations {
            shape::operation(toolpath, paths[i])
        } else {
            Vec::new()
        };
        let fixed = config.keep_rasters && paths[i].raster.is_some();
        let same = |p: &&&Path| fixed && p.raster == paths[i].raster;
        let end = i + 1 + paths[i + 1..].iter().take_while(same).count();
        let mut signature = (0_u64, 0_u64);
        for path in &paths[i..end] {
            let (a, b) = shape::signature(toolpath, path, config.touch);
            signature = (signature.0.wrapping_add(a), signature.1.wrapping_add(b));
        }
        let unit = Unit {
            steps: region.start + i..region.start + end,
            signature,
            fixed,
        };
        open.add(&mut batches, operation, unit, config);
        i = end;
    }
    open.close(&mut batches);
    batches
}

/// The batch that units are being added to.
#[derive(Default)]
struct Growing {
    batch: Batch,
    operation: Vec<u32>,
    seen: BTreeSet<(u64, u64)>,
}

impl Growing {
    fn add(&mut self, batches: &mut Vec<Batch>, operation: Vec<u32>, unit: Unit, config: &Reorder) {
        if operation != self.operation {
            self.close(batches);
            self.operation = operation;
        }
        if config.keep_passes {
            if let Some(last) = self.batch.units.last_mut()
                && last.signature == unit.signature
            {
                last.steps.end = unit.steps.end;
                return;
            }
            if self.seen.contains(&unit.signature) {
                self.close(batches);
            }
            let _ = self.seen.insert(unit.signature);
        }
        self.batch.units.push(unit);
    }

    fn close(&mut self, batches: &mut Vec<Batch>) {
        if !self.batch.units.is_empty() {
            batches.push(std::mem::take(&mut self.batch));
        }
        self.seen.clear();
    }
}
