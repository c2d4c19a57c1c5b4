//! Where program coordinates lie: work offsets, shifts, tool length, stored places.

use super::super::modal::Modal;
use crate::geom::{Point, Point3};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One number for each axis: X Y Z in mm, A B C in degrees, U V W in mm.
pub(crate) type Axes = [f64; 9];

/// The letters of the axes, in order.
pub(crate) const LETTERS: [u8; 9] = *b"XYZABCUVW";

/// What program coordinates are added to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frames {
    /// Work offsets, G54 first.
    pub(crate) systems: [Axes; 9],
    /// How far each system is turned about Z, rad.
    pub(crate) rotations: [f64; 9],
    /// G92 and G52.
    pub(crate) shift: Axes,
    /// Whether G92 or G52 is in force, if only by nothing.
    pub(crate) shifted: bool,
    /// The shift that G92.2 put aside.
    pub(crate) kept_shift: Axes,
    /// Tool length, along any axis.
    pub(crate) tool: Axes,
    /// Places for G28 and G30.
    pub(crate) homes: [Axes; 2],
    /// Tool lengths by number (G10 L1); shared, as frames are copied line by line.
    pub(crate) tools: Arc<BTreeMap<u32, Axes>>,
}

impl Frames {
    /// What is added to coordinates of `system` where it is not turned.
    pub(crate) fn offset(&self, system: u8) -> Axes {
        let work = &self.systems[usize::from(system)];
        std::array::from_fn(|i| work[i] + self.shift[i] + self.tool[i])
    }

    /// The same of X, Y and Z alone.
    #[inline]
    pub(crate) fn offset_xyz(&self, system: u8) -> Point3 {
        let work = &self.systems[usize::from(system)];
        let of = |i: usize| work[i] + self.shift[i] + self.tool[i];
        Point3::new(of(0), of(1), of(2))
    }

    /// Puts the offset of its system into a modal state.
    pub(crate) fn tell(&self, modal: &mut Modal) {
        modal.offset = self.offset_xyz(modal.system);
        modal.rotation = self.rotations[usize::from(modal.system)];
    }

    /// Gives the system of a modal state the offset that the state has, so that
    /// coordinates mean what they meant under it.
    pub(crate) fn stand_in(&mut self, modal: &Modal) {
        let (i, [x, y, z, ..]) = (usize::from(modal.system), self.offset(modal.system));
        let same = Point3::new(x, y, z) == modal.offset;
        if !same || self.rotations[i].to_bits() != modal.rotation.to_bits() {
            (self.shift, self.tool) = ([0.0; 9], [0.0; 9]);
            self.rotations[i] = modal.rotation;
            [self.systems[i][0], self.systems[i][1], self.systems[i][2]] = modal.offset.to_array();
        }
    }

    /// Machine coordinates of a place given in program coordinates of `system`.
    pub(crate) fn machine(&self, p: &Axes, system: u8) -> Axes {
        let mut q: Axes = std::array::from_fn(|i| p[i] + self.shift[i]);
        turn(&mut q, self.rotations[usize::from(system)]);
        let work = &self.systems[usize::from(system)];
        std::array::from_fn(|i| q[i] + work[i] + self.tool[i])
    }

    /// Program coordinates of a place given in machine coordinates.
    pub(crate) fn program(&self, p: &Axes, system: u8) -> Axes {
        let work = &self.systems[usize::from(system)];
        let mut q: Axes = std::array::from_fn(|i| p[i] - work[i] - self.tool[i]);
        turn(&mut q, -self.rotations[usize::from(system)]);
        std::array::from_fn(|i| q[i] - self.shift[i])
    }
}

/// Turns X and Y about Z.
pub(crate) fn turn(p: &mut Axes, angle: f64) {
    if angle != 0.0 {
        let q = turned(Point::new(p[0], p[1]), angle);
        (p[0], p[1]) = (q.x, q.y);
    }
}

/// A vector turned by an angle in rad.
pub(crate) fn turned(p: Point, angle: f64) -> Point {
    let (sin, cos) = angle.sin_cos();
    Point::new(p.x * cos - p.y * sin, p.x * sin + p.y * cos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut f = Frames::default();
        f.systems[1][0] = 10.0;
        f.systems[1][2] = -3.0;
        f.rotations[1] = 0.5;
        f.shift[1] = 2.0;
        f.tool[2] = 7.0;
        let p = [1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 9.0];
        let back = f.program(&f.machine(&p, 1), 1);
        assert!(p.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!((f.machine(&p, 1)[2] - 7.0).abs() < 1e-12);
    }
}
