use super::{Facts, GRBL_AVR, Is, Preset};

const AVR: Facts = (GRBL_AVR, &[("planner_blocks", Is::Number(15.0))]);
const OPENBUILDS: &str = "OpenBuilds CONTROL, machine profiles of its GRBL settings";
const DUMPS_3018: &str = "$$ dumps of two owners of a CNC 3018 with a Woodpecker board";
const GENMITSU: &str = "$$ dump of an owner of a Genmitsu 3020-PRO MAX V2 run with grblHAL";

/// Mills and routers.
pub(super) static MILLS: &[Preset] = &[
    Preset {
        name: "shapeoko-2",
        title: "Shapeoko 2, mill",
        facts: &[
            (
                "GRBL 1.1h, defaults.h, DEFAULTS_SHAPEOKO_2",
                &[
                    ("steps_per_mm", Is::Axes([40.0, 40.0, 320.0])),
                    ("max_rate", Is::Axes([5000.0, 5000.0, 500.0])),
                    ("acceleration", Is::Axes([250.0, 250.0, 50.0])),
                    ("travel", Is::Axes([290.0, 290.0, 100.0])),
                    ("junction_deviation", Is::Number(0.02)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(10_000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "shapeoko-3",
        title: "Carbide 3D Shapeoko 3, mill",
        facts: &[
            (
                "GRBL 1.1h, defaults.h, DEFAULTS_SHAPEOKO_3",
                &[
                    ("steps_per_mm", Is::Axes([40.0; 3])),
                    ("max_rate", Is::Axes([5000.0; 3])),
                    ("acceleration", Is::Axes([400.0; 3])),
                    ("travel", Is::Axes([425.0, 465.0, 80.0])),
                    ("junction_deviation", Is::Number(0.02)),
                    ("arc_tolerance", Is::Number(0.01)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(10_000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "x-carve-500",
        title: "Inventables X-Carve 500 mm, mill",
        facts: &[
            (
                "GRBL 1.1h, defaults.h, DEFAULTS_X_CARVE_500MM",
                &[
                    ("steps_per_mm", Is::Axes([40.0, 40.0, 400.0 / 2.117])),
                    ("max_rate", Is::Axes([8000.0, 8000.0, 500.0])),
                    ("acceleration", Is::Axes([500.0, 500.0, 50.0])),
                    ("travel", Is::Axes([290.0, 290.0, 100.0])),
                    ("junction_deviation", Is::Number(0.02)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(10_000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "x-carve-1000",
        title: "Inventables X-Carve 1000 mm, mill",
        facts: &[
            (
                "GRBL 1.1h, defaults.h, DEFAULTS_X_CARVE_1000MM",
                &[
                    ("steps_per_mm", Is::Axes([40.0, 40.0, 400.0 / 2.117])),
                    ("max_rate", Is::Axes([8000.0, 8000.0, 500.0])),
                    ("acceleration", Is::Axes([500.0, 500.0, 50.0])),
                    ("travel", Is::Axes([740.0, 790.0, 100.0])),
                    ("junction_deviation", Is::Number(0.02)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(10_000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "openbuilds-lead-1010",
        title: "OpenBuilds LEAD 1010 on a BlackBox, mill",
        facts: &[
            (
                OPENBUILDS,
                &[
                    ("steps_per_mm", Is::Axes([199.1; 3])),
                    ("max_rate", Is::Axes([2500.0; 3])),
                    ("acceleration", Is::Axes([150.0; 3])),
                    ("travel", Is::Axes([810.0, 730.0, 90.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "openbuilds-lead-1515",
        title: "OpenBuilds LEAD 1515 on a BlackBox, mill",
        facts: &[
            (
                OPENBUILDS,
                &[
                    ("steps_per_mm", Is::Axes([198.109, 198.109, 199.1])),
                    ("max_rate", Is::Axes([3500.0, 3500.0, 1000.0])),
                    ("acceleration", Is::Axes([350.0; 3])),
                    ("travel", Is::Axes([1180.0, 1270.0, 90.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "openbuilds-workbee-1010",
        title: "OpenBuilds WorkBee 1010 on a BlackBox, mill",
        facts: &[
            (
                OPENBUILDS,
                &[
                    ("steps_per_mm", Is::Axes([199.1; 3])),
                    ("max_rate", Is::Axes([2500.0; 3])),
                    ("acceleration", Is::Axes([150.0; 3])),
                    ("travel", Is::Axes([824.0, 780.0, 122.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "openbuilds-workbee-1510",
        title: "OpenBuilds WorkBee 1510 with belts on a BlackBox, mill",
        facts: &[
            (
                OPENBUILDS,
                &[
                    ("steps_per_mm", Is::Axes([26.667, 26.667, 199.1])),
                    ("max_rate", Is::Axes([10_000.0, 10_000.0, 2500.0])),
                    ("acceleration", Is::Axes([150.0; 3])),
                    ("travel", Is::Axes([824.0, 1280.0, 122.0])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            AVR,
        ],
    },
    Preset {
        name: "cnc-3018",
        title: "CNC 3018 with a Woodpecker board, mill",
        facts: &[
            (
                DUMPS_3018,
                &[
                    ("steps_per_mm", Is::Axes([800.0; 3])),
                    ("max_rate", Is::Axes([1000.0, 1000.0, 600.0])),
                    ("acceleration", Is::Axes([30.0; 3])),
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(25.0)),
                    ("laser_mode", Is::Flag(false)),
                ],
            ),
            (
                "guess: the name says it; its $130 to $132 are GRBL's own 200",
                &[("travel", Is::Axes([300.0, 180.0, 45.0]))],
            ),
            (
                "guess: GRBL's default, some have 9600 or 10000",
                &[("power_max", Is::Number(1000.0))],
            ),
            AVR,
        ],
    },
    Preset {
        name: "genmitsu-3020-max",
        title: "SainSmart Genmitsu 3020-PRO MAX V2 with grblHAL, mill",
        facts: &[
            (
                GENMITSU,
                &[
                    ("firmware", Is::Word("grbl-hal")),
                    ("steps_per_mm", Is::Axes([800.0; 3])),
                    ("max_rate", Is::Axes([2500.0, 2500.0, 600.0])),
                    ("acceleration", Is::Axes([250.0, 250.0, 100.0])),
                    ("travel", Is::Axes([300.0, 200.0, 60.0])),
                ],
            ),
            (
                "guess: it has a spindle that is on or off",
                &[
                    ("laser_mode", Is::Flag(false)),
                    ("power_max", Is::Number(1000.0)),
                ],
            ),
            (
                "grblHAL's defaults",
                &[
                    ("junction_deviation", Is::Number(0.01)),
                    ("arc_tolerance", Is::Number(0.002)),
                    ("idle_delay_ms", Is::Number(255.0)),
                    ("planner_blocks", Is::Number(100.0)),
                ],
            ),
        ],
    },
];
