#![allow(clippy::float_cmp)] // exact values are meant

use super::super::{Firmware, Klipper, Machine, read, read_file, read_with};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};

const WHOLE: &str = "\
# a comment [printer]
[printer]
kinematics: corexy
max_velocity = 300 ; the head
max_accel: 5000#mm/s2
max_z_velocity: 15
max_z_accel: 350
[extruder]
nozzle_diameter: 0.4
filament_diameter: 1.75
max_extrude_only_velocity: 60
MAX_EXTRUDE_ONLY_ACCEL: 1500
[stepper_x]
position_min: -5
position_max: 250
rotation_distance: 40
microsteps: 16
gear_ratio: 80:20, 2:1
[stepper_z]
position_max: 200
[gcode_macro START]
gcode:
    G28
    [printer]
    {% if x %} max_velocity = 1
";

fn klipper(m: &Machine) -> &Klipper {
    match &m.firmware {
        Firmware::Klipper(k) => k,
        other => panic!("not Klipper but {other:?}"),
    }
}

fn of(text: &str) -> (Klipper, Diagnostics) {
    let (m, d) = read("p", text.as_bytes()).unwrap();
    (klipper(&m).clone(), d)
}

fn error(text: &str) -> String {
    read("p", text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_config_is_read() {
    let (m, d) = read("p", WHOLE.as_bytes()).unwrap();
    let k = klipper(&m);
    assert_eq!((k.max_velocity, k.max_accel), (300.0, 5000.0));
    assert_eq!((k.max_z_velocity, k.max_z_accel), (15.0, 350.0));
    let e = k.extruder.as_ref().unwrap();
    assert_eq!((e.max_only_velocity, e.max_only_accel), (60.0, 1500.0));
    assert_eq!((e.corner_velocity, e.max_only_distance), (1.0, 50.0));
    assert_eq!(k.retraction, None);
    assert_eq!((k.arc_resolution, m.arcs), (None, None));
    assert_eq!(m.max_rate, [300.0, 300.0, 15.0]);
    assert_eq!(m.acceleration, [5000.0, 5000.0, 350.0]);
    assert_eq!(m.steps_per_mm[0], 640.0);
    let bed = m.bed.unwrap();
    assert_eq!((bed.min.x, bed.max.x), (-5.0, 250.0));
    assert_eq!((bed.min.z, bed.max.z), (0.0, 200.0));
    assert_eq!(bed.max.y, f64::INFINITY);
    // Both are Klipper's own.
    assert_eq!(
        (k.minimum_cruise_ratio, k.square_corner_velocity),
        (0.5, 5.0)
    );
    let said: Vec<&str> = d.as_slice().iter().map(|d| d.message.as_str()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    let both = "klipper.minimum_cruise_ratio, klipper.square_corner_velocity";
    assert!(said[0].contains(both), "{said:?}");
}

#[test]
fn what_is_left_out_has_a_stated_default() {
    let (k, d) = of(
        "[printer]\nmax_velocity: 100\nmax_accel: 1000\n[extruder]\n[gcode_arcs]\n[firmware_retraction]\n",
    );
    assert_eq!((k.max_z_velocity, k.max_z_accel), (100.0, 1000.0));
    let e = k.extruder.unwrap();
    // Four nozzles' size over the filament's: 0.64 / 2.405.
    let ratio = 0.64 / (std::f64::consts::PI * 0.875 * 0.875);
    assert!((e.max_only_velocity - 100.0 * ratio).abs() < 1e-12);
    assert!((e.max_only_accel - 1000.0 * ratio).abs() < 1e-12);
    assert_eq!(k.arc_resolution, Some(1.0));
    assert_eq!(k.retraction.unwrap().speed, 20.0);
    let [note] = d.as_slice() else {
        panic!("{d:?}")
    };
    assert_eq!(note.message.matches("klipper.").count(), 8);
}

#[test]
fn later_values_count_and_saved_ones_last() {
    let (k, _) = of(&format!(
        "{WHOLE}[printer]\nmax_accel: 6000\nsquare_corner_velocity: 8\n\n\
         #*# <---------------------- SAVE_CONFIG ---------------------->\n\
         #*# DO NOT EDIT THIS BLOCK OR BELOW. The contents are auto-generated.\n#*#\n\
         #*# [bed_mesh default]\n#*# points =\n#*# \t  0.1, 0.2\n#*# \t  0.3, 0.4\n\
         #*# [printer]\n#*# max_accel = 7000\n"
    ));
    assert_eq!((k.max_accel, k.square_corner_velocity), (7000.0, 8.0));
    assert_eq!(k.max_velocity, 300.0);
}

#[test]
fn the_old_ratio_is_read() {
    let (k, _) = of("[printer]\nmax_velocity: 100\nmax_accel: 1000\nmax_accel_to_decel: 250\n");
    assert_eq!(k.minimum_cruise_ratio, 0.75);
    assert_eq!(k.extruder, None);
}

#[test]
fn errors_say_where() {
    let e = error(&WHOLE.replace("5000#mm", "fast#mm"));
    assert!(
        e.contains("line 5") && e.contains("max_accel") && e.contains("fast"),
        "{e}"
    );
    assert!(error(&WHOLE.replace("= 300 ", "= 0 ")).contains("line 4"));
    assert!(error("[printer]\nmax_velocity: 100\n").contains("max_accel"));
    assert!(error("[printer]\nmax_velocity 100\n").contains("line 2"));
    assert!(error("max_velocity: 100\n[printer]\n").contains("line 1"));
    assert!(error("[printer]\n[include a.cfg]\n").contains("line 2: the file includes a.cfg"));
    let ratio = "[printer]\nmax_velocity: 1\nmax_accel: 1\nminimum_cruise_ratio: 1\n";
    assert!(error(ratio).contains("below 1"));
    let (_, d) = of(&WHOLE.replace("corexy", "delta"));
    assert!(d.as_slice().iter().any(|d| d.message.contains("delta")));
}

#[test]
fn includes_count_in_their_place() {
    let main =
        "[printer]\nmax_velocity: 1\nmax_accel: 1\n[include a.cfg]\n[printer]\nmax_accel: 3\n";
    let inner = "[printer]\nmax_velocity: 2\nmax_accel: 2\n";
    let mut asked = Vec::new();
    let (m, _) = read_with("p", main.as_bytes(), &mut |pattern, from| {
        asked.push(format!("{pattern} in {from}"));
        Ok(vec![("a.cfg".into(), inner.into())])
    })
    .unwrap();
    assert_eq!(asked, ["a.cfg in p"]);
    assert_eq!(
        (klipper(&m).max_velocity, klipper(&m).max_accel),
        (2.0, 3.0)
    );
    let with = |text: &str| {
        let same = |_: &str, _: &str| -> Result<Vec<(String, Vec<u8>)>, Error> {
            Ok(vec![("b".into(), text.into())])
        };
        read_with("p", b"[include b]\n", &mut { same }).unwrap_err()
    };
    let e = with("[printer]\nmax_velocity: x\nmax_accel: 1\n").to_string();
    assert!(e.contains("b, line 2"), "{e}");
    let e = with("# one\n[include b]\n").to_string();
    assert!(e.contains("b, line 2: b includes itself"), "{e}");
    let mut n = 0;
    let e = read_with("p", b"[include b]\n", &mut |_, _| {
        n += 1;
        Ok(vec![(format!("b{n}"), "[include b]\n".into())])
    });
    assert_eq!(e.unwrap_err().kind(), ErrorKind::Limit);
}

#[test]
fn a_folder_has_its_includes() {
    let folder = std::env::temp_dir().join(format!("trajet-cfg-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("parts")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "printer.cfg",
        "[include parts/*.cfg]\n[include none*.cfg]\n",
    );
    write(
        "parts/a.cfg",
        "[printer]\nmax_velocity: 1\nmax_accel: 1\n[include deep.inc]\n",
    );
    write("parts/b.cfg", "[printer]\nmax_accel: 2\n");
    write("parts/deep.inc", "[printer]\nmax_velocity: 4\n");
    let read = read_file(&folder.join("printer.cfg"));
    write("printer.cfg", "[include absent.cfg]\n");
    let absent = read_file(&folder.join("printer.cfg"));
    std::fs::remove_dir_all(&folder).unwrap();
    let (m, _) = read.unwrap();
    assert_eq!(
        (klipper(&m).max_velocity, klipper(&m).max_accel),
        (4.0, 2.0)
    );
    assert_eq!(absent.unwrap_err().kind(), ErrorKind::Io);
}

#[cfg(feature = "serde")]
#[test]
fn moonraker_answers() {
    let settings = r#"{"printer": {"kinematics": "corexy", "max_velocity": 300.0,
        "max_accel": 5000.0, "minimum_cruise_ratio": 0.5, "square_corner_velocity": 5.0,
        "max_z_velocity": 15.0, "max_z_accel": 350.0},
        "extruder": {"nozzle_diameter": 0.4, "filament_diameter": 1.75,
        "max_extrude_only_velocity": 60.0, "max_extrude_only_accel": 1500.0,
        "gear_ratio": [[50, 10]]},
        "gcode_arcs": {"resolution": 0.1}, "stepper_x": {"position_max": 250}}"#;
    let (k, d) = of(settings);
    assert_eq!((k.max_z_accel, k.arc_resolution), (350.0, Some(0.1)));
    assert!(d.as_slice().is_empty(), "{:?}", d.as_slice());
    let whole = format!(
        r#"{{"result": {{"eventtime": 1.5, "status": {{"configfile": {{"settings": {settings}}},
        "toolhead": {{"max_velocity": 200.0, "max_accel": 2000.0, "position": [0, 0, 0, 0]}}}}}}}}"#
    );
    let (now, _) = of(&whole);
    assert_eq!((now.max_velocity, now.max_accel), (200.0, 2000.0));
    assert_eq!(
        (now.max_z_velocity, now.square_corner_velocity),
        (15.0, 5.0)
    );
    assert_eq!(now.extruder, k.extruder);
    assert!(error(&settings.replace("5000.0", "-1")).contains("printer.max_accel"));
    assert!(error("{\"a\": 1}").contains("configfile=settings"));
    assert!(error("{\"a\"").contains("JSON"));
}

#[test]
fn a_message_shows_the_beginning_of_a_value() {
    let long = "\u{1b}[2J9".repeat(200);
    let why = error(&format!(
        "[printer]\nkinematics: none\nmax_velocity: {long}\nmax_accel: 5\n"
    ));
    assert!(why.contains("is no number: `\\u{1b}[2J9"), "{why}");
    assert!(why.len() < 500 && !why.contains('\u{1b}'), "{why}");
}
