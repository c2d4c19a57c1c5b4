//! A region cut into batches: within one, units may change places; batches keep
//! their sequence.
//!
//! A *unit* is one path, or several that must stay together because they burn
//! the same again at once, or are the lines of one engraved area. A new batch begins where the operation changes, where
//! a raster begins or ends, and where something is burned again after other burns.

use super::{PassOrder, Reorder, raster, shape};
use crate::algo::tour::Visit;
use crate::toolpath::{Attributes, Path, Toolpath};
use std::collections::{BTreeMap, BTreeSet};
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

impl Batch {
    /// The unit of each step.
    pub(super) fn unit_of(&self) -> BTreeMap<usize, u32> {
        let units = (0..).zip(&self.units);
        units
            .flat_map(|(i, unit)| unit.steps.clone().map(move |step| (step, i)))
            .collect()
    }

    /// The units as they were read.
    pub(super) fn as_read(&self) -> Vec<Visit> {
        let visit = |stroke| Visit {
            stroke,
            ..Visit::default()
        };
        (0..self.units.len() as u32).map(visit).collect()
    }

    /// Pairs of steps as pairs of units, those of other batches left out.
    pub(super) fn edges(&self, edges: &[(usize, usize)]) -> Vec<(u32, u32)> {
        if edges.is_empty() {
            return Vec::new();
        }
        let unit_of = self.unit_of();
        let mut before: Vec<(u32, u32)> = edges
            .iter()
            .filter_map(|(a, b)| Some((*unit_of.get(a)?, *unit_of.get(b)?)))
            .filter(|(a, b)| a != b)
            .collect();
        // All lines of an engraved area say the same.
        before.dedup();
        before
    }
}

/// Units of one operation that may change places, or one run of rows that may not.
pub(super) struct Item {
    pub(super) unit: Unit,
    /// What must be the same of units that may change places.
    pub(super) operation: Vec<u32>,
    /// Whether it is a run of rows of a raster, which stays as it is.
    pub(super) kept: bool,
}

/// Cuts a region into batches.
///
/// # Complexity
/// O(segments + paths · log paths).
pub(super) fn cut(toolpath: &Toolpath, region: Range<usize>, config: &Reorder) -> Vec<Batch> {
    let mut batches = Vec::new();
    let mut open = Growing::default();
    for item in items(toolpath, region, config) {
        if item.kept {
            open.close(&mut batches);
            batches.push(Batch {
                units: vec![item.unit],
                kept: true,
            });
        } else {
            open.add(&mut batches, item.operation, item.unit, config);
        }
    }
    open.close(&mut batches);
    batches
}

/// The units of a region in order.
pub(super) fn items(toolpath: &Toolpath, region: Range<usize>, config: &Reorder) -> Vec<Item> {
    let paths: Vec<&Path> = toolpath.steps()[region.clone()]
        .iter()
        .filter_map(|s| s.as_path())
        .collect();
    let rasters = if config.keep_rasters {
        raster::runs(toolpath, &paths, config.touch)
    } else {
        Vec::new()
    };
    let first_pass = match config.passes {
        PassOrder::Path | PassOrder::Layer => first_passes(toolpath),
        PassOrder::Source => Vec::new(),
    };
    let mut rasters = rasters.into_iter().peekable();
    let mut items = Vec::with_capacity(paths.len());
    let mut i = 0;
    while i < paths.len() {
        if let Some(run) = rasters.next_if(|r| r.start == i) {
            items.push(Item {
                unit: Unit {
                    steps: region.start + run.start..region.start + run.end,
                    signature: (0, 0),
                    fixed: true,
                },
                operation: Vec::new(),
                kept: true,
            });
            i = run.end;
            continue;
        }
        let mut operation = if config.keep_operations {
            shape::operation(toolpath, paths[i])
        } else {
            Vec::new()
        };
        for id in &mut operation {
            *id = first_pass.get(*id as usize).copied().unwrap_or(*id);
        }
        operation.sort_unstable();
        let fixed = config.keep_rasters && paths[i].raster.is_some();
        let same = |p: &&&Path| fixed && p.raster == paths[i].raster;
        let end = i + 1 + paths[i + 1..].iter().take_while(same).count();
        let mut signature = (0_u64, 0_u64);
        for path in &paths[i..end] {
            let (a, b) = shape::signature(toolpath, path, config.touch);
            signature = (signature.0.wrapping_add(a), signature.1.wrapping_add(b));
        }
        items.push(Item {
            unit: Unit {
                steps: region.start + i..region.start + end,
                signature,
                fixed,
            },
            operation,
            kept: false,
        });
        i = end;
    }
    items
}

/// For all attributes by number: the number of those that differ only in the pass.
fn first_passes(toolpath: &Toolpath) -> Vec<u32> {
    let mut first: BTreeMap<Attributes, u32> = BTreeMap::new();
    let all = toolpath.attributes().as_slice();
    all.iter()
        .zip(0..)
        .map(|(a, id)| {
            let of_first = Attributes {
                operation: a.operation.wrapping_sub(a.pass),
                pass: 0,
                ..*a
            };
            *first.entry(of_first).or_insert(id)
        })
        .collect()
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
