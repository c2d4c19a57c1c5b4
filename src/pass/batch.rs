//! A region cut into batches: within one, units may change places; batches keep
//! their sequence.
//!
//! A *unit* is one path, or several that must stay together because they burn
//! the same again at once. A new batch begins where the operation changes, where
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
        let signature = shape::signature(toolpath, paths[i], config.touch);
        open.add(&mut batches, region.start + i, operation, signature, config);
        i += 1;
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
    fn add(
        &mut self,
        batches: &mut Vec<Batch>,
        step: usize,
        operation: Vec<u32>,
        signature: (u64, u64),
        config: &Reorder,
    ) {
        if operation != self.operation {
            self.close(batches);
            self.operation = operation;
        }
        if config.keep_passes {
            if let Some(last) = self.batch.units.last_mut()
                && last.signature == signature
            {
                last.steps.end = step + 1;
                return;
            }
            if self.seen.contains(&signature) {
                self.close(batches);
            }
            let _ = self.seen.insert(signature);
        }
        self.batch.units.push(Unit {
            steps: step..step + 1,
            signature,
        });
    }

    fn close(&mut self, batches: &mut Vec<Batch>) {
        if !self.batch.units.is_empty() {
            batches.push(std::mem::take(&mut self.batch));
        }
        self.seen.clear();
    }
}
