use super::{Is, Preset};

const KLIPPER_REFERENCE: &str = "Klipper's Config_Reference, defaults";

/// Printers of plastic.
pub(super) static PRINTERS: &[Preset] = &[
    Preset {
        name: "prusa-mk3s",
        title: "Prusa MK3S, printer",
        facts: &[
            (
                "Prusa's firmware is a Marlin",
                &[("firmware", Is::Word("marlin"))],
            ),
            (
                "PrusaSlicer's MK3S profile, as in a G-code file of it",
                &[
                    ("max_speed", Is::Axes([200.0, 200.0, 12.0])),
                    ("acceleration", Is::Axes([1000.0; 3])),
                    ("marlin.filament_max_speed", Is::Number(120.0)),
                    ("marlin.filament_acceleration", Is::Number(5000.0)),
                    ("marlin.print_acceleration", Is::Number(1250.0)),
                    ("marlin.retract_acceleration", Is::Number(1250.0)),
                    ("marlin.travel_acceleration", Is::Number(1500.0)),
                    ("marlin.jerk", Is::Four([8.0, 8.0, 0.4, 4.5])),
                    ("marlin.least_print_speed", Is::Number(0.0)),
                    ("marlin.least_travel_speed", Is::Number(0.0)),
                ],
            ),
            (
                "guess: the height as in the profile, the rest from its data sheet, not looked up",
                &[("travel", Is::Axes([250.0, 210.0, 210.0]))],
            ),
            (
                "guess: Prusa's firmware for the MK3S, not looked up",
                &[
                    ("steps_per_mm", Is::Axes([100.0, 100.0, 400.0])),
                    ("marlin.filament_steps_per_mm", Is::Number(280.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "prusa-mk4",
        title: "Prusa MK4 without input shaping, printer",
        facts: &[
            (
                "Prusa's firmware is a Marlin",
                &[("firmware", Is::Word("marlin"))],
            ),
            (
                "PrusaSlicer's MK4 profile, as in a G-code file of it",
                &[
                    ("max_speed", Is::Axes([200.0, 200.0, 40.0])),
                    ("acceleration", Is::Axes([2500.0, 2500.0, 200.0])),
                    ("marlin.filament_max_speed", Is::Number(100.0)),
                    ("marlin.filament_acceleration", Is::Number(2500.0)),
                    ("marlin.print_acceleration", Is::Number(2000.0)),
                    ("marlin.retract_acceleration", Is::Number(1200.0)),
                    ("marlin.travel_acceleration", Is::Number(2000.0)),
                    ("marlin.jerk", Is::Four([8.0, 8.0, 2.0, 10.0])),
                    ("marlin.least_print_speed", Is::Number(0.0)),
                    ("marlin.least_travel_speed", Is::Number(0.0)),
                ],
            ),
            (
                "guess: the height as in the profile, the rest from its data sheet, not looked up",
                &[("travel", Is::Axes([250.0, 210.0, 220.0]))],
            ),
            (
                "guess: Prusa's firmware for the MK4, not looked up",
                &[
                    ("steps_per_mm", Is::Axes([100.0, 100.0, 400.0])),
                    ("marlin.filament_steps_per_mm", Is::Number(380.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "creality-ender-3",
        title: "Creality Ender 3 with a 4.2.2 board and Marlin 2, printer",
        facts: &[
            (
                "Marlin's example Configuration.h, Creality/Ender-3/CrealityV422",
                &[
                    ("firmware", Is::Word("marlin")),
                    ("steps_per_mm", Is::Axes([80.0, 80.0, 400.0])),
                    ("max_speed", Is::Axes([500.0, 500.0, 5.0])),
                    ("acceleration", Is::Axes([500.0, 500.0, 100.0])),
                    ("marlin.filament_steps_per_mm", Is::Number(93.0)),
                    ("marlin.filament_max_speed", Is::Number(25.0)),
                    ("marlin.filament_acceleration", Is::Number(5000.0)),
                    ("marlin.print_acceleration", Is::Number(500.0)),
                    ("marlin.retract_acceleration", Is::Number(500.0)),
                    ("marlin.travel_acceleration", Is::Number(500.0)),
                    ("marlin.junction_deviation", Is::Number(0.08)),
                ],
            ),
            (
                "Marlin's Configuration_adv.h",
                &[
                    ("marlin.least_print_speed", Is::Number(0.0)),
                    ("marlin.least_travel_speed", Is::Number(0.0)),
                ],
            ),
            (
                "guess: Creality's data sheet of the build volume",
                &[("travel", Is::Axes([220.0, 220.0, 250.0]))],
            ),
        ],
    },
    Preset {
        name: "bambu-x1",
        title: "Bambu Lab X1 and P1, printer; its firmware is its own, taken as a Marlin",
        facts: &[
            (
                "OrcaSlicer's profile fdm_bbl_3dp_001_common",
                &[
                    ("max_speed", Is::Axes([500.0, 500.0, 20.0])),
                    ("acceleration", Is::Axes([20_000.0, 20_000.0, 500.0])),
                    ("marlin.filament_max_speed", Is::Number(30.0)),
                    ("marlin.filament_acceleration", Is::Number(5000.0)),
                    ("marlin.print_acceleration", Is::Number(20_000.0)),
                    ("marlin.retract_acceleration", Is::Number(5000.0)),
                    ("marlin.travel_acceleration", Is::Number(9000.0)),
                    ("marlin.jerk", Is::Four([9.0, 9.0, 3.0, 2.5])),
                    ("marlin.least_print_speed", Is::Number(0.0)),
                    ("marlin.least_travel_speed", Is::Number(0.0)),
                    ("travel", Is::Axes([256.0, 256.0, 250.0])),
                ],
            ),
            (
                "guess: Bambu Lab publishes no firmware",
                &[
                    ("firmware", Is::Word("marlin")),
                    ("steps_per_mm", Is::Axes([80.0, 80.0, 400.0])),
                    ("marlin.filament_steps_per_mm", Is::Number(400.0)),
                ],
            ),
        ],
    },
    Preset {
        name: "voron-2-4",
        title: "Voron 2.4 of 300 mm, printer",
        facts: &[
            (
                "Voron 2.4's default printer.cfg for an Octopus board",
                &[
                    ("firmware", Is::Word("klipper")),
                    ("klipper.max_velocity", Is::Number(300.0)),
                    ("klipper.max_accel", Is::Number(3000.0)),
                    ("klipper.max_z_velocity", Is::Number(15.0)),
                    ("klipper.max_z_accel", Is::Number(350.0)),
                    ("klipper.square_corner_velocity", Is::Number(5.0)),
                    ("klipper.extruder.nozzle_diameter", Is::Number(0.4)),
                    ("klipper.extruder.filament_diameter", Is::Number(1.75)),
                    ("travel", Is::Axes([300.0, 300.0, 280.0])),
                ],
            ),
            (
                KLIPPER_REFERENCE,
                &[
                    ("klipper.minimum_cruise_ratio", Is::Number(0.5)),
                    (
                        "klipper.extruder.instantaneous_corner_velocity",
                        Is::Number(1.0),
                    ),
                    (
                        "klipper.extruder.max_extrude_only_distance",
                        Is::Number(50.0),
                    ),
                ],
            ),
        ],
    },
    Preset {
        name: "voron-0-2",
        title: "Voron 0.2, printer",
        facts: &[
            (
                "Voron 0.2's default printer.cfg for an SKR Pico board",
                &[
                    ("firmware", Is::Word("klipper")),
                    ("klipper.max_velocity", Is::Number(200.0)),
                    ("klipper.max_accel", Is::Number(2000.0)),
                    ("klipper.max_z_velocity", Is::Number(15.0)),
                    ("klipper.max_z_accel", Is::Number(45.0)),
                    ("klipper.square_corner_velocity", Is::Number(6.0)),
                    ("klipper.extruder.nozzle_diameter", Is::Number(0.4)),
                    ("klipper.extruder.filament_diameter", Is::Number(1.75)),
                    (
                        "klipper.extruder.max_extrude_only_distance",
                        Is::Number(150.0),
                    ),
                    (
                        "klipper.extruder.max_extrude_cross_section",
                        Is::Number(0.8),
                    ),
                    ("travel", Is::Axes([120.0; 3])),
                ],
            ),
            (
                KLIPPER_REFERENCE,
                &[
                    ("klipper.minimum_cruise_ratio", Is::Number(0.5)),
                    (
                        "klipper.extruder.instantaneous_corner_velocity",
                        Is::Number(1.0),
                    ),
                ],
            ),
        ],
    },
    Preset {
        name: "creality-k1",
        title: "Creality K1, printer",
        facts: &[
            (
                "Creality K1's factory printer.cfg (CR4CU220812S12)",
                &[
                    ("firmware", Is::Word("klipper")),
                    ("klipper.max_velocity", Is::Number(800.0)),
                    ("klipper.max_accel", Is::Number(20_000.0)),
                    // Its max_accel_to_decel is max_accel.
                    ("klipper.minimum_cruise_ratio", Is::Number(0.0)),
                    ("klipper.max_z_velocity", Is::Number(20.0)),
                    ("klipper.max_z_accel", Is::Number(300.0)),
                    ("klipper.square_corner_velocity", Is::Number(5.0)),
                    ("klipper.arc_resolution", Is::Number(1.0)),
                    ("klipper.extruder.nozzle_diameter", Is::Number(0.4)),
                    ("klipper.extruder.filament_diameter", Is::Number(1.75)),
                    (
                        "klipper.extruder.max_extrude_only_distance",
                        Is::Number(1000.0),
                    ),
                    (
                        "klipper.extruder.max_extrude_cross_section",
                        Is::Number(80.0),
                    ),
                    ("travel", Is::Axes([220.0, 220.0, 250.0])),
                ],
            ),
            (
                KLIPPER_REFERENCE,
                &[(
                    "klipper.extruder.instantaneous_corner_velocity",
                    Is::Number(1.0),
                )],
            ),
        ],
    },
];
