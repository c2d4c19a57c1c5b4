//! Machines that are known by name, as tables of their figures: each with where it was
//! read, or marked as a guess.
//!
//! The names of figures and their units are those of a profile. A lab's own `$$` dump,
//! `printer.cfg` or M503 is always better: makers change settings from batch to batch.

mod lasers;
mod mills;
mod plotters;
mod printers;

use super::draft::Draft;
use super::figures::Value;
use super::{Machine, Source};
use crate::error::Error;

/// A machine that is known by name.
#[derive(Debug)]
pub struct Preset {
    name: &'static str,
    title: &'static str,
    facts: &'static [Facts],
}

/// Figures of one source, by name; a source that begins with `guess: ` is none.
type Facts = (&'static str, &'static [(&'static str, Is)]);

/// What a figure is.
#[derive(Clone, Copy, Debug)]
enum Is {
    Number(f64),
    Axes([f64; 3]),
    Four([f64; 4]),
    Flag(bool),
    Word(&'static str),
}

impl Is {
    fn value(self) -> Value {
        match self {
            Self::Number(v) => Value::Number(v),
            Self::Axes(v) => Value::Numbers(v.to_vec()),
            Self::Four(v) => Value::Numbers(v.to_vec()),
            Self::Flag(v) => Value::Flag(v),
            Self::Word(v) => Value::Text(v.into()),
        }
    }
}

impl Preset {
    /// The name that it is asked for by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What machine it is, in a few words.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// The machine, with the sources of its figures.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`] where the table is wrong, which a test rules out.
    pub fn machine(&self) -> Result<Machine, Error> {
        let mut draft = Draft::new(self.name);
        for (_, figures) in self.facts {
            for (name, is) in *figures {
                draft.put(name, is.value())?;
            }
        }
        let mut machine = draft.finish()?;
        for (source, figures) in self.facts {
            for (name, _) in *figures {
                let _ = machine.sources.insert((*name).into(), Source::read(source));
            }
        }
        Ok(machine)
    }
}

/// All presets: typical machines first, then by kind.
pub fn presets() -> impl Iterator<Item = &'static Preset> {
    GENERIC
        .iter()
        .chain(lasers::LASERS)
        .chain(mills::MILLS)
        .chain(plotters::PLOTTERS)
        .chain(printers::PRINTERS)
}

/// The machine that is known by that name. Those of a kind (`diode-laser`) are typical
/// values and not measured on one machine: for a quote, give the machine's own settings.
#[must_use]
pub fn preset(name: &str) -> Option<Machine> {
    presets().find(|p| p.name == name)?.machine().ok()
}

/// The names that [`preset`] knows.
#[must_use]
pub fn preset_names() -> Vec<&'static str> {
    presets().map(Preset::name).collect()
}

/// What every GRBL on an AVR has.
const GRBL_AVR: &str = "GRBL 1.1h for an AVR, planner.h: 16 blocks, 15 of them usable";
const TYPICAL: &str = "guess: typical of its kind";

/// GRBL as it comes, and typical machines.
static GENERIC: &[Preset] = &[
    Preset {
        name: "grbl",
        title: "GRBL 1.1h as it comes, with the laser mode on",
        facts: &[
            (
                "GRBL 1.1h, defaults.h, generic machine",
                &[
                    ("steps_per_mm", Is::Axes([250.0; 3])),
                    ("max_rate", Is::Axes([500.0; 3])),
                    ("acceleration", Is::Axes([10.0; 3])),
                    ("travel", Is::Axes([200.0; 3])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(25.0)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            (GRBL_AVR, &[("planner_blocks", Is::Number(15.0))]),
            (
                "guess: it comes with 0, but is asked for with lasers",
                &[("laser_mode", Is::Flag(true))],
            ),
        ],
    },
    Preset {
        name: "diode-laser",
        title: "a typical diode laser of 400 mm",
        facts: &[
            (
                TYPICAL,
                &[
                    ("steps_per_mm", Is::Axes([80.0; 3])),
                    ("max_rate", Is::Axes([6000.0, 6000.0, 600.0])),
                    ("acceleration", Is::Axes([700.0, 500.0, 100.0])),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                "Ortur's firmware for its 400 mm model",
                &[("travel", Is::Axes([400.0, 400.0, 0.0]))],
            ),
        ],
    },
    Preset {
        name: "co2-laser",
        title: "a typical CO2 laser with a GRBL controller; beds differ too much for one",
        facts: &[(
            TYPICAL,
            &[
                ("steps_per_mm", Is::Axes([80.0; 3])),
                ("max_rate", Is::Axes([30_000.0, 18_000.0, 600.0])),
                ("acceleration", Is::Axes([3000.0, 1500.0, 100.0])),
                ("laser_mode", Is::Flag(true)),
            ],
        )],
    },
    Preset {
        name: "hobby-mill",
        title: "a typical small mill",
        facts: &[
            (
                TYPICAL,
                &[
                    ("steps_per_mm", Is::Axes([200.0; 3])),
                    ("max_rate", Is::Axes([2400.0, 2400.0, 720.0])),
                    ("acceleration", Is::Axes([200.0, 200.0, 100.0])),
                    ("laser_mode", Is::Flag(false)),
                ],
            ),
            (
                "GRBL 1.1h, defaults.h, Shapeoko 2",
                &[
                    ("travel", Is::Axes([290.0, 290.0, 100.0])),
                    ("power_max", Is::Number(10_000.0)),
                ],
            ),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_used_and_says_where_its_figures_come_from() {
        let mut names = std::collections::BTreeSet::new();
        for p in presets() {
            assert!(names.insert(p.name), "{} is there twice", p.name);
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                p.name.chars().all(kebab) && !p.title.is_empty(),
                "{}",
                p.name
            );
            let machine = p.machine().unwrap_or_else(|e| panic!("{}: {e}", p.name));
            assert_eq!(machine.name, p.name);
            // What has no row is what every machine begins with, and matters to no time.
            for figure in machine.figures() {
                let plain = ["name", "firmware", "arcs", "least_arc", "greatest_radius"];
                let plain = plain.contains(&figure.name.as_str())
                    || ["upright_arcs", "arc_format", "power_min"].contains(&figure.name.as_str());
                assert!(
                    plain || machine.sources.contains_key(&figure.name),
                    "{}: {} has no source",
                    p.name,
                    figure.name
                );
            }
        }
        assert!(names.len() >= 24, "{}", names.len());
        for old in ["grbl", "diode-laser", "co2-laser", "hobby-mill"] {
            assert!(names.contains(old), "{old}");
        }
        assert!(preset("nope").is_none());
    }

    #[test]
    fn grbl_is_what_a_machine_begins_with() {
        let mut grbl = preset("grbl").unwrap();
        grbl.sources.clear();
        assert_eq!(grbl, Machine::default());
    }
}
