//! What a machine's profile does to times and prices.
#![cfg(feature = "serde")]

use trajet::Source;
use trajet::estimate::{Estimate, estimate};
use trajet::gcode::Dialect;
use trajet::machine::{Machine, Wait, preset, read};

/// 100 mm/s and 1000 mm/s² in X and Y, and whole steps of a hundredth.
const LAB: &str = "name = 'lab'\nsteps_per_mm = [100, 100, 100]\nmax_rate = [6000, 6000, 600]\n\
                   acceleration = [1000, 1000, 100]\nidle_delay_ms = 0\n";

fn lab(more: &str) -> Machine {
    read("lab", format!("{LAB}{more}").as_bytes()).unwrap().0
}

fn time(program: &str, machine: &Machine) -> Estimate {
    let source = Source::new(program.as_bytes().to_vec());
    estimate(&source, Dialect::of(&machine.firmware), machine)
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} {b}");
}

/// GRBL's timer ticks whole cycles.
fn stepped(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-3 * (1.0 + b), "{a} {b}");
}

#[test]
fn overrides_scale_what_is_asked_for_and_no_limit() {
    let seconds = |program: &str, more: &str| time(program, &lab(more)).seconds;
    // From rest to rest: d/v + v/a.
    let feed = "G1 X100 F1200\n";
    stepped(seconds(feed, ""), 5.0 + 0.02);
    stepped(seconds(feed, "feed_override = 200\n"), 2.5 + 0.04);
    stepped(seconds(feed, "feed_override = 10\n"), 50.0 + 0.002);
    // The machine goes no faster than it can.
    let fast = "G1 X100 F6000\n";
    stepped(seconds(fast, "feed_override = 200\n"), 1.0 + 0.1);
    // Once in 5 s; and rapids have an override of their own.
    let inverse = "G93\nG1 X100 F12\n";
    stepped(seconds(inverse, "feed_override = 50\n"), 10.0 + 0.01);
    let rapid = "G0 X100\n";
    stepped(seconds(rapid, "feed_override = 50\n"), 1.0 + 0.1);
    stepped(seconds(rapid, "rapid_override = 50\n"), 2.0 + 0.05);
    stepped(seconds(rapid, "rapid_override = 25\n"), 4.0 + 0.025);
    stepped(seconds(feed, "rapid_override = 25\n"), 5.0 + 0.02);
    // A corner is taken as fast as before: two sides of 10 mm and 40 mm/s slow down to
    // v² = a √2 δ s/(1 - s), s = √½, whatever is asked for above it.
    let corner = |f: u32, more: &str| seconds(&format!("G1 X10 F{f}\nG1 Y10\n"), more);
    stepped(corner(1200, "feed_override = 200\n"), corner(2400, ""));
    // What is known beforehand of a rapid says the same.
    let half = lab("rapid_override = 50\n");
    near(
        half.rapid_seconds(trajet::geom::Point3::new(100.0, 0.0, 0.0)),
        2.05,
    );
}

#[test]
fn what_has_a_time_is_a_total_of_its_own() {
    let program = "$H\nG0 X100\nM0\nM0\nG0 X0\n";
    let plain = time(program, &lab(""));
    let waiting = time(program, &lab("[waits]\nhoming = 20.5\n"));
    assert_eq!(plain.seconds.to_bits(), waiting.seconds.to_bits());
    assert!(plain.waits.is_empty());
    assert_eq!(
        plain.seconds_with_waits().to_bits(),
        plain.seconds.to_bits()
    );
    near(waiting.seconds_with_waits(), plain.seconds + 20.5);
    let [homing] = waiting.waits.as_slice() else {
        panic!("{:?}", waiting.waits);
    };
    assert_eq!((homing.wait, homing.count), (Wait::Homing, 1));
    // What has none is as unknown as before.
    assert_eq!(waiting.unknown, [(Wait::Operator, 2)]);
    let both = time(program, &lab("[waits]\nhoming = 20.5\noperator = 30\n"));
    near(both.seconds_with_waits(), plain.seconds + 20.5 + 60.0);
    assert!(both.unknown.is_empty());
}

#[test]
fn a_quote_has_the_time_that_the_machine_is_taken() {
    use trajet::quote::JobUse;
    let program = "$H\nG0 X100\n";
    let waiting = time(program, &lab("[waits]\nhoming = 20\n"));
    let job = JobUse::new("job", &waiting);
    near(job.seconds, waiting.seconds + 20.0);
    assert!(job.unknown.is_empty());
}

#[test]
fn profiles_in_the_repository_can_be_read() {
    let text = include_str!("../../examples/machines/lab-diode.toml");
    let (machine, notes) = read("lab", text.as_bytes()).unwrap();
    assert_eq!(machine.name, "lab diode laser");
    // It leaves some to the firmware, which is said.
    assert_eq!(notes.as_slice().len(), 1);
    let again = read("lab", machine.to_profile().unwrap().as_bytes()).unwrap();
    assert_eq!(again.0, machine);
}

#[test]
fn settings_as_they_come_become_a_profile() {
    let dump = "$1=25\n$11=0.020\n$12=0.002\n$100=80.123\n$110=5999.9\n$120=312.5\n$130=300\n\
                $131=200\n[OPT:V,35,255]\n";
    let (machine, _) = read("dump", dump.as_bytes()).unwrap();
    assert!(machine.sources["max_rate"].guess, "Y and Z are left out");
    assert!(!machine.sources.contains_key("arc_tolerance"));
    let (again, notes) = read("x", machine.to_profile().unwrap().as_bytes()).unwrap();
    assert_eq!(again, machine);
    assert!(notes.as_slice()[0].message.contains("max_rate"));
}

#[test]
fn grblhal_waits_after_it_has_switched() {
    let hal = "firmware = 'grbl-hal'\nspindle_on_delay = 2.02\nspindle_off_delay = 1\n\
               coolant_on_delay = 0.5\nlaser_mode = false\n";
    let dwell = |program: &str, more: &str| time(program, &lab(more)).dwell_seconds;
    // In steps of 50 ms, as a dwell.
    near(dwell("M3 S100\nG1 X10 F1200\n", hal), 2.05);
    near(dwell("M4 S100\nM5\n", hal), 3.05);
    near(dwell("M7\nM8\nM9\n", hal), 1.0);
    near(dwell("M3 S100\nM3\n", hal), 2.05);
    let laser = hal.replace("false", "true");
    near(dwell("M3 S100\nM5\nM8\n", &laser), 0.5);
    near(dwell("M3 S100\nM5\nM8\n", ""), 0.0);
}

#[test]
fn what_m503_prints_becomes_a_profile() {
    let dump = "echo: M92 X80.00 Y80.50 Z400.00 E93.00\necho:  M201 X500.00 Y500.00\n\
                echo:  M205 S1.00 T2.00 J0.02\n";
    let (machine, notes) = read("dump", dump.as_bytes()).unwrap();
    // All of its guesses are in one note.
    let [note] = notes.as_slice() else {
        panic!("{notes:?}");
    };
    for name in ["acceleration", "max_speed", "marlin.filament_max_speed"] {
        assert!(machine.sources[name].guess && note.message.contains(name));
    }
    assert!(!machine.sources.contains_key("steps_per_mm"));
    let (again, notes) = read("x", machine.to_profile().unwrap().as_bytes()).unwrap();
    assert_eq!(again, machine);
    assert_eq!(notes.as_slice()[0].message, note.message);
}

#[test]
fn a_config_g_is_a_machine_whose_planner_was_not_checked() {
    let config = "M669 K1\nM92 X100 Y100 Z400 E420\nM203 X12000 Y12000 Z600 E3600\n\
                  M201 X2000 Y2000 Z100 E1000\nM566 X600 Y600 Z60 E300\nM204 P800 T1000\n";
    let (machine, notes) = read("config.g", config.as_bytes()).unwrap();
    assert_eq!(Dialect::of(&machine.firmware).name, "reprapfirmware");
    let codes: Vec<_> = notes.as_slice().iter().map(|d| d.code.0).collect();
    assert_eq!(
        codes,
        ["machine/unchecked-planner", "machine/setting-assumed"]
    );
    let (again, _) = read("x", machine.to_profile().unwrap().as_bytes()).unwrap();
    assert_eq!(again, machine);
    // A print and a travel in one line stop between them, unless M566 says otherwise:
    // d/v + v/a each; joined, half a ramp of each is saved.
    let program = |first: &str| format!("{first}M83\nG1 X50 E1 F3000\nG0 X100\n");
    let stops = 2.0 * 1.0 + 50.0 / 800.0 + 50.0 / 1000.0;
    near(time(&program(""), &machine).seconds, stops);
    let joined = 2.0 + 25.0 / 800.0 + 25.0 / 1000.0;
    near(time(&program("M566 P1\n"), &machine).seconds, joined);
}

#[test]
fn a_smoothie_has_a_speed_of_its_own_for_g0() {
    let config = "default_seek_rate 3000\nacceleration 1000\njunction_deviation 0.05\n\
                  x_axis_max_speed 18000\ny_axis_max_speed 18000\nalpha_steps_per_mm 100\n";
    let (machine, notes) = read("config", config.as_bytes()).unwrap();
    assert_eq!(Dialect::of(&machine.firmware).name, "smoothieware");
    assert_eq!(notes.as_slice()[0].code.0, "machine/unchecked-planner");
    let whole = |d: f64, v: f64| d / v + v / 1000.0;
    let seconds = |program: &str| time(program, &machine).seconds;
    near(
        seconds("G1 X100 F1200\nM400\nG0 X0\n"),
        whole(100.0, 20.0) + whole(100.0, 50.0),
    );
    // F with G0 is for G0 alone, F with G1 for G1.
    near(
        seconds("G0 X100 F6000\nM400\nG1 X0 F1200\nM400\nG0 X100\nM400\nG1 X0\n"),
        2.0 * (whole(100.0, 100.0) + whole(100.0, 20.0)),
    );
    near(seconds("M204 S500\nG1 X100 F6000\n"), 1.0 + 100.0 / 500.0);
    near(seconds("M220 S50\nG0 X100\n"), whole(100.0, 25.0));
}

#[test]
fn a_printer_has_its_own_override() {
    let mut printer = preset("voron-2-4").unwrap();
    printer.feed_override = 50.0;
    printer.validate().unwrap();
    printer.rapid_override = 50.0;
    let e = printer.validate().unwrap_err().to_string();
    assert!(e.contains("klipper"), "{e}");
}

#[test]
fn arcs_that_klipper_leaves_out_are_said_and_never_made() {
    use trajet::estimate::estimate_stream;
    use trajet::gcode::RunLimits;
    use trajet::job::{Job, OpenOptions, OptimizeOptions};
    use trajet::pass::Objective;

    for p in trajet::machine::presets() {
        let machine = p.machine().unwrap();
        if let trajet::machine::Firmware::Klipper(k) = &machine.firmware {
            assert_eq!(
                machine.arcs.is_some(),
                k.arc_resolution.is_some(),
                "{}",
                p.name()
            );
        }
    }
    let voron = preset("voron-2-4").unwrap();
    let arc = &b"G28\nG90\nM83\nG1 X10 F3000\nG2 X20 I5 E1\nG1 X30 E1\n"[..];
    let limits = RunLimits::default();
    let (e, said) = estimate_stream(arc, Some(Dialect::KLIPPER), limits, &voron).unwrap();
    assert_eq!(e.arcs_not_run, 1);
    assert!(
        said.as_slice()
            .iter()
            .any(|d| d.code.0 == "machine/arcs-not-run")
    );

    let ring: String = (1..=100)
        .map(|i| {
            let (sin, cos) = (f64::from(i) * 0.06).sin_cos();
            format!(
                "G1 X{:.3} Y{:.3} E0.05\n",
                50.0 + 9.0 * cos,
                50.0 + 9.0 * sin
            )
        })
        .collect();
    let print = format!("G28\nG90\nM83\nG1 X59 Y50 F3000\nG1 F1800\n{ring}");
    let open = OpenOptions::default().with_dialect(Dialect::KLIPPER);
    let job = Job::open(print.clone().into(), Some(&voron), &open).unwrap();
    let options = OptimizeOptions::default().with_only(["arc-fit"]);
    let objective = Objective::Time(Box::new(voron));
    let done = job.optimize(&objective, &options).unwrap();
    assert_eq!(String::from_utf8(done.gcode).unwrap(), print);
}

#[test]
fn arcs_of_a_profile_are_those_of_its_pieces() {
    let klipper = "name = 'k'\nfirmware = 'klipper'\n";
    let head = "[klipper]\nmax_velocity = 100\nmax_accel = 1000\n";
    let of =
        |arcs: &str, pieces: &str| read("k", format!("{klipper}{arcs}{head}{pieces}").as_bytes());
    assert!(of("", "").unwrap().0.arcs.is_none());
    assert!(of("", "arc_resolution = 1.0\n").unwrap().0.arcs.is_some());
    let e = of("arcs = true\n", "").unwrap_err().to_string();
    assert!(e.contains("arc_resolution"), "{e}");
    let e = of("arcs = false\n", "arc_resolution = 1.0\n").unwrap_err();
    assert!(e.to_string().contains("arc_resolution"), "{e}");
}
