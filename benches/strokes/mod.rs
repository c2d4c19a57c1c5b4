//! Random numbers and strokes that are the same everywhere.
#![allow(dead_code, unused_imports)] // not every bench takes all of it

mod drawings;

pub(crate) use drawings::{Drawing, dithered, dots, nested, streets};
use trajet::algo::tour::Stroke;
use trajet::geom::Point;

/// The side of the bed that all are drawn on, mm.
pub(crate) const BED: f64 = 300.0;

/// Numbers from 0 to 1 that are the same everywhere (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }

    /// A number between two.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

/// A stroke that may be drawn either way.
pub(crate) fn open(from: Point, to: Point) -> Stroke {
    Stroke::Open {
        ends: [from, to],
        reversible: true,
    }
}

/// Short segments, uniform on the bed.
pub(crate) fn segments(n: usize) -> Vec<Stroke> {
    let mut r = Random(n as u64);
    let length = BED / (n as f64).sqrt();
    (0..n)
        .map(|_| {
            let a = Point::new(BED * r.next(), BED * r.next());
            let angle = std::f64::consts::TAU * r.next();
            open(
                a,
                a + Point::new(angle.cos(), angle.sin()) * (length * r.next()),
            )
        })
        .collect()
}
