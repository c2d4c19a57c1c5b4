//! Which attributes of several toolpaths are the same.

use super::SAME_NUMBER;
use crate::motion::Rate;
use crate::toolpath::{Attributes, Toolpath};
use std::collections::BTreeMap;

/// Numbers the attributes of toolpaths such that equal ones (but for the rounding of
/// written numbers and the operation) share a class: how many there are, and for each
/// toolpath the class of each of its attributes.
pub(super) fn classes(toolpaths: &[&Toolpath]) -> (usize, Vec<Vec<usize>>) {
    let mut count = 0;
    let mut known: BTreeMap<(i64, i64), Vec<(Attributes, usize)>> = BTreeMap::new();
    let number = |t: &&Toolpath| -> Vec<usize> {
        let list = t.attributes.as_slice();
        list.iter()
            .map(|x| {
                let (r, p) = (bucket(rate_of(x)), bucket(x.power));
                let near = (-1..=1).flat_map(|i| {
                    (-1..=1).map(move |j| (r.saturating_add(i), p.saturating_add(j)))
                });
                let found = near
                    .filter_map(|key| known.get(&key))
                    .flatten()
                    .find(|(k, _)| same(k, x));
                if let Some(&(_, class)) = found {
                    return class;
                }
                known.entry((r, p)).or_default().push((*x, count));
                count += 1;
                count - 1
            })
            .collect()
    };
    let maps = toolpaths.iter().map(number).collect();
    (count, maps)
}

const fn rate_of(a: &Attributes) -> f64 {
    match a.rate {
        Rate::Rapid => 0.0,
        Rate::Feed(v) | Rate::Inverse(v) => v,
    }
}

/// Numbers that count as the same are in one bucket or in two neighbours.
fn bucket(v: f64) -> i64 {
    if v > 0.0 {
        (v.ln() / (2.0 * SAME_NUMBER)).floor() as i64
    } else {
        i64::MIN
    }
}

fn same(a: &Attributes, b: &Attributes) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() <= SAME_NUMBER * x.abs().max(y.abs());
    let rate = match (a.rate, b.rate) {
        (Rate::Feed(x), Rate::Feed(y)) | (Rate::Inverse(x), Rate::Inverse(y)) => near(x, y),
        (x, y) => x == y,
    };
    rate && near(a.power, b.power) && (a.spindle, a.flood, a.role) == (b.spindle, b.flood, b.role)
}
