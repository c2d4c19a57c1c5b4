use super::{Facts, GRBL_AVR, Is, Preset};

const AVR: Facts = (GRBL_AVR, &[("planner_blocks", Is::Number(15.0))]);
const OPENBUILDS: &str = "OpenBuilds CONTROL, machine profiles of its GRBL settings";
/// What a program sends it at most, which its `$110` may well exceed.
const RAYFORGE_RATE: &str =
    "Rayforge's device file: what it lets X and Y travel at, not $110; Z is a guess";

/// What a diode laser with belts is taken to be where nothing is published.
const LIKE_ANY: Facts = (
    "guess: typical of diode lasers with belts",
    &[
        ("steps_per_mm", Is::Axes([80.0; 3])),
        ("acceleration", Is::Axes([500.0, 500.0, 100.0])),
        ("junction_deviation", Is::Number(0.01)),
        ("arc_tolerance", Is::Number(0.002)),
        ("idle_delay_ms", Is::Number(25.0)),
        ("planner_blocks", Is::Number(15.0)),
    ],
);

/// Diode and CO2 lasers.
pub(super) static LASERS: &[Preset] = &[
    Preset {
        name: "ortur-lm2-pro",
        title: "Ortur Laser Master 2 Pro, diode laser",
        facts: &[
            (
                "$$ dump of an owner, issue 1732 of grbl/grbl",
                &[
                    ("steps_per_mm", Is::Axes([80.0; 3])),
                    ("max_rate", Is::Axes([10_200.0, 10_200.0, 1200.0])),
                    ("acceleration", Is::Axes([2200.0, 1800.0, 2200.0])),
                    ("travel", Is::Axes([400.0, 400.0, 50.0])),
                    ("junction_deviation", Is::Number(0.05)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(5.0)),
                    ("laser_mode", Is::Flag(true)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            (
                "guess: Ortur publishes no source of its firmware",
                &[
                    ("firmware", Is::Word("grbl-hal")),
                    ("planner_blocks", Is::Number(15.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "ortur-lm3",
        title: "Ortur Laser Master 3, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([400.0, 400.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([10_000.0, 10_000.0, 1200.0]))],
            ),
            (
                "guess: as the Laser Master 2 Pro",
                &[
                    ("firmware", Is::Word("grbl-hal")),
                    ("steps_per_mm", Is::Axes([80.0; 3])),
                    ("acceleration", Is::Axes([2200.0, 1800.0, 2200.0])),
                    ("junction_deviation", Is::Number(0.05)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(5.0)),
                    ("planner_blocks", Is::Number(15.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "sculpfun-s9",
        title: "Sculpfun S9, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([410.0, 420.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([3000.0, 3000.0, 600.0]))],
            ),
            LIKE_ANY,
        ],
    },
    Preset {
        name: "sculpfun-s30",
        title: "Sculpfun S30, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([400.0, 400.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([3000.0, 3000.0, 600.0]))],
            ),
            LIKE_ANY,
        ],
    },
    Preset {
        name: "atomstack-x40-pro",
        title: "Atomstack X40 Pro, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([400.0, 400.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([10_000.0, 10_000.0, 600.0]))],
            ),
            LIKE_ANY,
        ],
    },
    Preset {
        name: "neje-master-2s",
        title: "NEJE Master 2S, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([170.0, 170.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                    ("acceleration", Is::Axes([1000.0; 3])),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([3000.0, 3000.0, 600.0]))],
            ),
            (
                "guess: typical of diode lasers with belts",
                &[
                    ("steps_per_mm", Is::Axes([80.0; 3])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(25.0)),
                    ("planner_blocks", Is::Number(15.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "xtool-d1-pro",
        title: "xTool D1 Pro, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([430.0, 390.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([3000.0, 3000.0, 600.0]))],
            ),
            LIKE_ANY,
        ],
    },
    Preset {
        name: "longer-ray5",
        title: "Longer Ray5 20 W, diode laser",
        facts: &[
            (
                "Rayforge's device file",
                &[
                    ("travel", Is::Axes([375.0, 375.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("laser_mode", Is::Flag(true)),
                ],
            ),
            (
                RAYFORGE_RATE,
                &[("max_rate", Is::Axes([10_000.0, 10_000.0, 600.0]))],
            ),
            LIKE_ANY,
        ],
    },
    Preset {
        name: "openbuilds-acro-1010",
        title: "OpenBuilds ACRO 1010 on a BlackBox, diode laser",
        facts: &[
            (
                OPENBUILDS,
                &[
                    ("steps_per_mm", Is::Axes([57.143; 3])),
                    ("max_rate", Is::Axes([5000.0; 3])),
                    ("acceleration", Is::Axes([500.0; 3])),
                    ("travel", Is::Axes([800.0, 800.0, 70.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(true)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "k40-grbl",
        title: "K40 with a GRBL board, CO2 laser",
        facts: &[
            (
                "$$ dump of an owner with an MKS DLC32, issue 48 of makerbase-mks/MKS-DLC32",
                &[
                    ("steps_per_mm", Is::Axes([160.0; 3])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                ],
            ),
            (
                "Rayforge's device file for an OMTech K40+; its greatest speed of cutting",
                &[
                    ("travel", Is::Axes([300.0, 200.0, 0.0])),
                    ("power_max", Is::Number(1000.0)),
                    ("max_rate", Is::Axes([18_000.0, 18_000.0, 600.0])),
                ],
            ),
            (
                "guess: typical of K40 lasers",
                &[
                    ("acceleration", Is::Axes([2500.0, 1000.0, 100.0])),
                    ("laser_mode", Is::Flag(true)),
                    ("planner_blocks", Is::Number(15.0)),
                    ("firmware", Is::Word("grbl-hal")),
                ],
            ),
        ],
    },
];
