//! A machine is found again from the times of its jobs.

use std::sync::Arc;
use trajet::Source;
use trajet::calibrate::{
    ALIKE_JOBS, FAR_LIMIT, FEW_JOBS, Limit, TimedJob, UNKNOWN_WAITS, calibrate,
};
use trajet::estimate::estimate;
use trajet::gcode::{Dialect, Reading};
use trajet::machine::{Calibration, Machine};

fn believed() -> Machine {
    let mut machine = Machine::default();
    machine.max_rate = [200.0, 200.0, 10.0];
    machine.acceleration = [1000.0, 800.0, 100.0];
    machine.junction_deviation = 0.01;
    machine
}

/// Long lines, short lines, a raster, circles by small lines, squares: each loads other
/// limits.
fn programs() -> Vec<String> {
    let head = "G21 G90\nM4 S500\n".to_owned();
    let zigzag = |step: f64, feed: u32, count: u32| {
        let lines: String = (0..count)
            .map(|k| format!("G1 X{} Y{}\n", step * f64::from(k % 2), 0.1 * f64::from(k)))
            .collect();
        format!("{head}F{feed}\n{lines}")
    };
    let circles = |radius: f64, feed: u32| {
        let lines: String = (0..240)
            .map(|k| {
                let (sin, cos) = (f64::from(k) * 0.15).sin_cos();
                format!("G1 X{:.3} Y{:.3}\n", radius * cos, radius * sin)
            })
            .collect();
        format!("{head}F{feed}\n{lines}")
    };
    let rapids: String = (0..30)
        .map(|k| format!("G0 X{} Y{k}\n", 400 * (k % 2)))
        .collect();
    vec![
        zigzag(300.0, 11_000, 40),
        zigzag(4.0, 6000, 200),
        zigzag(30.0, 9000, 100),
        circles(5.0, 9000),
        circles(20.0, 12_000),
        format!("{head}{rapids}"),
        zigzag(100.0, 1200, 20),
        zigzag(1.0, 3000, 300),
    ]
}

fn jobs(programs: &[String], machine: &Machine, noise: f64) -> Vec<TimedJob> {
    let one = |(i, text): (usize, &String)| {
        let source = Arc::new(Source::new(text.clone().into()));
        let reading = Reading::from(Dialect::GRBL);
        let seconds = estimate(&source, reading, machine).seconds;
        TimedJob {
            name: format!("job {i}"),
            source,
            reading,
            seconds: seconds * (1.0 + noise * [1.0, -0.7, 0.4, -0.9, 0.2][i % 5]),
        }
    };
    programs.iter().enumerate().map(one).collect()
}

#[test]
fn a_machine_with_other_limits_is_found_again() {
    let mut truth = believed();
    truth.acceleration = [450.0, 360.0, 100.0];
    truth.junction_deviation = 0.025;
    let done = calibrate(&jobs(&programs(), &truth, 0.0), &believed()).unwrap();
    let factor = |limit: Limit| {
        let found = done.changed.iter().find(|c| c.0 == limit);
        found.unwrap_or_else(|| panic!("{:?}", done.changed)).1
    };
    // Limits within 1 % and a twentieth, times within 0.1 %.
    assert!((factor(Limit::Acceleration) / 0.45 - 1.0).abs() < 0.01);
    assert!((factor(Limit::Cornering) / 2.5 - 1.0).abs() < 0.05);
    assert!(done.errors[0].unwrap() > 0.1 && done.errors[1].unwrap() < 1e-3);
    assert!(done.errors[2].unwrap() < 2e-3, "{:?}", done.errors);
    let found = done.machine;
    assert!((found.acceleration[1] / found.acceleration[0] - 0.8).abs() < 1e-9);
    assert!(found.sources["acceleration"].text.contains("log of 8 jobs"));
    assert_eq!(done.diagnostics.as_slice(), []);
    // A job that was not in the log.
    let other = Source::new(b"G21\nM4 S1\nG1 X50 F8000\nY20\nX0\nY0\n".to_vec());
    let [real, foretold] = [&truth, &found].map(|m| estimate(&other, Dialect::GRBL, m));
    assert!((foretold.seconds / real.seconds - 1.0).abs() < 2e-3);
    assert!(foretold.seconds_low.unwrap() <= foretold.seconds);
}

#[test]
fn noise_is_a_band_and_no_limit() {
    let log = jobs(&programs(), &believed(), 0.01);
    let done = calibrate(&log, &believed()).unwrap();
    assert_eq!(done.changed, []);
    let c = done.machine.calibration.unwrap();
    let [low, high] = c.band.unwrap();
    assert!(
        low < 0.99 && low > 0.96 && high > 1.01 && high < 1.04,
        "{c:?}"
    );
    let e = estimate(&log[0].source, log[0].reading, &done.machine);
    assert!(e.seconds_low.unwrap() < log[0].seconds && log[0].seconds < e.seconds_high.unwrap());
}

#[test]
fn a_scale_is_of_all_times() {
    let mut machine = believed();
    machine.calibration = Some(Calibration::new(1.5, Some([0.9, 1.2]), 7));
    let text = format!("{}M5\nG4 P2\nG0 Z1\n", programs()[1]);
    let source = Source::new(text.into());
    let plain = estimate(&source, Dialect::GRBL, &believed());
    let (scaled, parts) = trajet::estimate::breakdown(&source, Dialect::GRBL, &machine);
    crate::spending::all_ways_add_up(&scaled, &parts);
    assert!((scaled.seconds / plain.seconds - 1.5).abs() < 1e-12);
    assert!((scaled.dwell_seconds - 3.0).abs() < 1e-12);
    assert_eq!(scaled.seconds_high, Some(scaled.seconds * 1.2));
    // What was fitted before is fitted anew, not on top.
    let again = calibrate(&jobs(&programs(), &believed(), 0.0), &machine).unwrap();
    assert_eq!(again.machine.calibration.unwrap().scale, 1.0);
}

#[test]
fn what_a_log_cannot_tell_is_said() {
    let mut truth = believed();
    truth.acceleration = [700.0, 560.0, 100.0];
    let done = calibrate(&jobs(&programs()[..1], &truth, 0.0), &believed()).unwrap();
    assert!(done.diagnostics.has(FEW_JOBS) && done.changed.is_empty());
    let c = done.machine.calibration.unwrap();
    assert!(c.scale > 1.0 && c.band.is_none());
    let same = vec![programs()[1].clone(); 6];
    let done = calibrate(&jobs(&same, &truth, 0.01), &believed()).unwrap();
    assert!(done.diagnostics.has(ALIKE_JOBS) && !done.diagnostics.has(FEW_JOBS));
    let waits = vec![format!("{}M0\n", programs()[1])];
    let done = calibrate(&jobs(&waits, &truth, 0.0), &believed()).unwrap();
    assert!(done.diagnostics.has(UNKNOWN_WAITS));
    let mut none = jobs(&programs()[..2], &truth, 0.0);
    none[1].source = Arc::new(Source::new(b"; nothing\n".to_vec()));
    let why = calibrate(&none, &believed()).unwrap_err().to_string();
    assert!(why.contains("job 1 holds no motion that GRBL"), "{why}");
    none[1].source = Arc::new(Source::new(b"G0 X0\n".to_vec()));
    let why = calibrate(&none, &believed()).unwrap_err().to_string();
    assert!(why.contains("estimated time of job 1"), "{why}");
    assert!(calibrate(&[], &believed()).is_err());
}

#[test]
fn a_scale_that_no_machine_has_is_said() {
    for (factor, far) in [(0.2, true), (0.5, false), (2.0, false), (60.0, true)] {
        let mut log = jobs(&programs()[..1], &believed(), 0.0);
        log[0].seconds *= factor;
        let done = calibrate(&log, &believed()).unwrap();
        assert_eq!(done.diagnostics.has(FAR_LIMIT), far, "{factor}");
    }
}

#[test]
fn how_jobs_are_read_is_said() {
    let print = "; generated by PrusaSlicer 2.7.0\nM104 S200\nM73 P0 R1\nG0 X5\nG1 X100 E3 F6000\n";
    let log = jobs(&[print.to_owned()], &believed(), 0.0);
    let done = calibrate(&log, &believed()).unwrap();
    let said = done.diagnostics.as_slice();
    let said = said.iter().find(|d| d.code.0 == "gcode/dialect").unwrap();
    assert!(
        said.message
            .starts_with("job 0: the program looks like one for Marlin"),
        "{said:?}"
    );
}

#[test]
fn rows_of_one_program_share_it() {
    let mut truth = believed();
    truth.acceleration = [700.0, 560.0, 100.0];
    let apart = jobs(&[programs(), programs()].concat(), &truth, 0.01);
    let mut shared = apart.clone();
    let half = apart.len() / 2;
    for i in 0..half {
        shared[half + i].source = Arc::clone(&shared[i].source);
    }
    let [a, b] = [apart, shared].map(|log| calibrate(&log, &believed()).unwrap());
    assert_eq!((a.jobs, a.errors, a.changed), (b.jobs, b.errors, b.changed));
    assert_eq!(a.machine, b.machine);
}
