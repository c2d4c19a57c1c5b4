use crate::geom::Point3;

/// A line or an arc from where the segment before it ended (the first one: from
/// the path's start).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Where it ends, machine coordinates, mm.
    pub end: Point3,
    /// `tan(sweep / 4)` in the plane of its attributes: 0 is a line, above 0
    /// counter-clockwise. The third axis moves linearly along.
    pub bulge: f64,
    /// Filament fed along it, mm.
    pub filament: f32,
    /// Its attributes, a number of the toolpath's table.
    pub attr: u32,
    /// The line of the source it came from, from 0.
    pub line: u32,
}

const _: () = assert!(
    size_of::<Segment>() == 48,
    "the arena is sized for 48 bytes"
);
