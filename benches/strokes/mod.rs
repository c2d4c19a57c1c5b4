//! Random numbers and strokes that are the same everywhere.
#![allow(dead_code)] // not every bench takes all of it

use trajet::algo::tour::Stroke;
use trajet::geom::Point;

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
}

/// Short segments, uniform on a bed of 300 mm.
pub(crate) fn segments(n: usize) -> Vec<Stroke> {
    let mut r = Random(n as u64);
    let length = 300.0 / (n as f64).sqrt();
    (0..n)
        .map(|_| {
            let a = Point::new(300.0 * r.next(), 300.0 * r.next());
            let angle = std::f64::consts::TAU * r.next();
            let b = a + Point::new(angle.cos(), angle.sin()) * (length * r.next());
            Stroke::Open {
                ends: [a, b],
                reversible: true,
            }
        })
        .collect()
}
