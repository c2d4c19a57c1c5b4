use crate::motion::{Plane, Rate, SpindleMode};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What a segment is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It works the material.
    #[default]
    Burn,
    /// A deliberate feed move that works nothing (S 0): overscan, run-up.
    Dark,
}

/// How a segment is run. Interned: many segments share one.
#[derive(Clone, Copy, Debug)]
pub struct Attributes {
    /// How fast.
    pub rate: Rate,
    /// S value, in the program's own unit.
    pub power: f64,
    /// State of the spindle or laser.
    pub spindle: SpindleMode,
    /// Whether flood coolant (often air assist) is on.
    pub flood: bool,
    /// The T number in force.
    pub tool: u32,
    /// The plane of arcs.
    pub plane: Plane,
    /// Operation or layer, in the order in which they are to be done.
    pub operation: u32,
    /// Which run of one operation it is, from 0; each has an `operation` of its own, and
    /// they follow each other.
    pub pass: u32,
    /// What the segment is for.
    pub role: Role,
}

impl Attributes {
    /// A total order; equal means the machine cannot tell the two apart.
    #[must_use]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        let plain = |a: &Self| {
            let (kind, rate) = match a.rate {
                Rate::Rapid => (0, 0.0),
                Rate::Feed(v) => (1, v),
                Rate::Inverse(v) => (2, v),
            };
            (
                (a.operation, a.pass, a.tool, a.spindle),
                (a.flood, a.plane, a.role),
                kind,
                [rate, a.power],
            )
        };
        let (a, b) = (plain(self), plain(other));
        (a.0, a.1, a.2)
            .cmp(&(b.0, b.1, b.2))
            .then_with(|| a.3[0].total_cmp(&b.3[0]))
            .then_with(|| a.3[1].total_cmp(&b.3[1]))
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            rate: Rate::Feed(0.0),
            power: 0.0,
            spindle: SpindleMode::Off,
            flood: false,
            tool: 0,
            plane: Plane::Xy,
            operation: 0,
            pass: 0,
            role: Role::Burn,
        }
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.total_cmp(other).is_eq()
    }
}
impl Eq for Attributes {}
impl PartialOrd for Attributes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Attributes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.total_cmp(other)
    }
}

/// Interned attributes: equal ones share one number.
#[derive(Clone, Debug, Default)]
pub struct AttributesTable {
    list: Vec<Attributes>,
    by_value: BTreeMap<Attributes, u32>,
    last: u32,
}

impl AttributesTable {
    /// The number of `attributes`; equal ones have equal numbers.
    pub fn intern(&mut self, attributes: Attributes) -> u32 {
        if self.list.get(self.last as usize) == Some(&attributes) {
            return self.last;
        }
        let next = self.list.len() as u32;
        let id = *self.by_value.entry(attributes).or_insert(next);
        if id == next {
            self.list.push(attributes);
        }
        self.last = id;
        id
    }

    /// The attributes of number `id`.
    ///
    /// # Panics
    /// When the table never gave that number.
    #[must_use]
    pub fn get(&self, id: u32) -> &Attributes {
        &self.list[id as usize]
    }

    /// All attributes, by number.
    #[must_use]
    pub fn as_slice(&self) -> &[Attributes] {
        &self.list
    }
}
