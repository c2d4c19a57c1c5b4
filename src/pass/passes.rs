//! Passes in another order than that of the source.

use super::batch::{Item, items};
use super::{Context, Pass, PassReport, Reorder};
use crate::error::{Error, positive_mm};
use crate::toolpath::{Placement, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// In which order what is burned several times is burned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PassOrder {
    /// As in the source; for a drawing, pass after pass of each operation.
    #[default]
    Source,
    /// All passes of a path at once, before the next path.
    Path,
    /// All paths of a pass, before the next pass.
    Layer,
}

/// Brings the passes of each operation into an order.
///
/// A pass of a path is a path of the same shape, whatever its height, that the same
/// operation burns later. Operations keep their sequence, and so do rows of rasters and
/// what stands between fences. Where all passes of a path are run at once, every other
/// one of an open path is turned round if that saves the way back.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Passes {
    /// The order.
    pub order: PassOrder,
    /// Points nearer than this are one, mm. Default 0.005.
    pub touch: f64,
}

impl Passes {
    /// Passes in this order.
    #[must_use]
    pub const fn new(order: PassOrder) -> Self {
        Self {
            order,
            touch: 0.005,
        }
    }

    /// The same with another distance below which points are one, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }
}

impl Pass for Passes {
    fn name(&self) -> &'static str {
        "passes"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let touch = positive_mm("touch", self.touch)?;
        let mut report = PassReport::new(self.name());
        if self.order == PassOrder::Source {
            return Ok(report);
        }
        let config = Reorder::default().with_touch(touch).with_passes(self.order);
        let mut slots: Vec<u32> = (0..toolpath.steps().len() as u32).collect();
        for region in toolpath.regions() {
            let placements = self.placements(toolpath, region.clone(), &config);
            for (p, slot) in placements.iter().zip(region.clone()) {
                slots[p.step] = slot as u32;
                report.changed += usize::from(p.step != slot || p.reversed);
            }
            toolpath.edit().arrange(region, &placements);
        }
        context.renumber(&slots);
        Ok(report)
    }
}

impl Passes {
    fn placements(
        &self,
        toolpath: &Toolpath,
        region: Range<usize>,
        config: &Reorder,
    ) -> Vec<Placement> {
        let all = items(toolpath, region.clone(), config);
        let mut out = Vec::with_capacity(region.len());
        for stretch in all.chunk_by(|a, b| !a.kept && !b.kept && a.operation == b.operation) {
            for item in self.in_order(stretch) {
                out.extend(item.unit.steps.clone().map(|step| Placement {
                    step,
                    reversed: false,
                    first: 0,
                    share: 0.0,
                }));
            }
        }
        if self.order == PassOrder::Path {
            turn_back(toolpath, &all, &mut out);
        }
        out
    }

    /// The items of one operation in the order of their passes.
    fn in_order<'i>(&self, stretch: &'i [Item]) -> Vec<&'i Item> {
        let mut seen: BTreeMap<(u64, u64), (usize, usize)> = BTreeMap::new();
        let mut keyed: Vec<(usize, &Item)> = stretch
            .iter()
            .enumerate()
            .map(|(i, item)| {
                let (first, times) = seen.entry(item.unit.signature).or_insert((i, 0));
                *times += 1;
                match self.order {
                    PassOrder::Source => (i, item),
                    PassOrder::Path => (*first, item),
                    PassOrder::Layer => (*times, item),
                }
            })
            .collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, item)| item).collect()
    }
}

/// Turns a path round that is burned again right after itself and would begin at its
/// far end.
fn turn_back(toolpath: &Toolpath, items: &[Item], placements: &mut [Placement]) {
    let mut shapes: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for unit in items.iter().filter(|i| !i.kept).map(|i| &i.unit) {
        if unit.steps.len() == 1 && !unit.fixed {
            let _ = shapes.insert(unit.steps.start, unit.signature);
        }
    }
    for i in 1..placements.len() {
        let (last, this) = (placements[i - 1], placements[i].step);
        let shape = shapes.get(&this);
        let steps = toolpath.steps();
        let (Some(a), Some(b)) = (steps[last.step].as_path(), steps[this].as_path()) else {
            continue;
        };
        if shape.is_none() || shape != shapes.get(&last.step) || b.rigid {
            continue;
        }
        let at = if last.reversed {
            a.start
        } else {
            toolpath.end_of(a)
        };
        let [from_start, from_end] =
            [b.start, toolpath.end_of(b)].map(|p| at.xy().distance(p.xy()));
        placements[i].reversed = from_end < from_start;
    }
}
