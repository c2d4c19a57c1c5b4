use super::{Facts, GRBL_AVR, Is, Preset};

const AVR: Facts = (GRBL_AVR, &[("planner_blocks", Is::Number(15.0))]);
const OPENBUILDS: &str = "OpenBuilds CONTROL, machine profiles of its GRBL settings";

/// Pen plotters.
pub(super) static PLOTTERS: &[Preset] = &[
    Preset {
        name: "midtbot",
        title: "midTbot of Buildlog.net (H-shaped belt, as in an AxiDraw), pen plotter",
        facts: &[
            (
                "Grbl_ESP32, Machines/midtbot.h",
                &[
                    ("steps_per_mm", Is::Axes([200.0, 100.0, 100.0])),
                    ("max_rate", Is::Axes([8000.0, 8000.0, 5000.0])),
                    ("acceleration", Is::Axes([200.0, 200.0, 100.0])),
                    ("travel", Is::Axes([100.0, 100.0, 0.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                ],
            ),
            (
                "guess: Grbl_ESP32 has 32-bit timers as grblHAL and the planner of GRBL",
                &[
                    ("firmware", Is::Word("grbl-hal")),
                    ("planner_blocks", Is::Number(15.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "openbuilds-acro-55-pen",
        title: "OpenBuilds ACRO 55 with a servo for the pen, plotter",
        facts: &[
            (
                OPENBUILDS,
                &[
                    ("steps_per_mm", Is::Axes([57.143; 3])),
                    ("max_rate", Is::Axes([5000.0; 3])),
                    ("acceleration", Is::Axes([500.0; 3])),
                    ("travel", Is::Axes([300.0, 300.0, 70.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(255.0)),
                ],
            ),
            AVR,
        ],
    },
];
