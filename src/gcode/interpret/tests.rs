//! Programs, and what LinuxCNC's interpreter makes of them: of each program without a
//! refused line the expectation was seen in the output of its `rs274`.

use super::super::dialect::Dialect;
use super::super::run::Run;
use crate::motion::{Command, Rate, SpindleMode, Wait};
use crate::source::Source;
use std::fmt::Write;

/// What the program does: R is a rapid, F a cut with mm/min (or 1/min) behind `@`,
/// A an arc, each with its end; `!` is a refused line.
fn trace(program: &str, dialect: &'static Dialect) -> String {
    let source = Source::new(program.replace(';', "\n").into_bytes());
    let mut run = Run::new(&source, dialect);
    let mut out = Vec::new();
    let near = |v: f64| ((v * 1e4).round() / 1e4).to_string();
    while let Some(done) = run.step() {
        if done.outcome.ignored.is_some() {
            out.push("!".to_owned());
        }
        for command in run.commands() {
            match command {
                Command::Move(m) => {
                    let letter = match (m.rate, m.arc) {
                        (_, Some(_)) => "A",
                        (Rate::Rapid, _) => "R",
                        _ => "F",
                    };
                    let [x, y, z] = m.to.to_array().map(near);
                    let mut text = format!("{letter} {x} {y} {z}");
                    if let Rate::Feed(v) | Rate::Inverse(v) = m.rate {
                        let _ = write!(text, " @{}", near(v * 60.0));
                    }
                    out.push(text);
                }
                Command::Axes([a, ..]) => out.push(format!("a{}", near(*a))),
                Command::Wait(Wait::Thread) => out.push("T".to_owned()),
                Command::Wait(Wait::Probe) => out.push("P".to_owned()),
                Command::SpindleMode(SpindleMode::Off) => out.push("M5".to_owned()),
                Command::SpindleSpeed { speed, .. } => out.push(format!("S{speed}")),
                _ => {}
            }
        }
    }
    out.join(" | ")
}

fn check(cases: &[(&str, &str)]) {
    for (program, moves) in cases {
        assert_eq!(trace(program, Dialect::LINUXCNC), *moves, "{program}");
    }
}

#[test]
fn feed_counts_in_the_unit_before_its_line() {
    check(&[
        ("F60 G20;G1 X1", "F 25.4 0 0 @60"),
        ("G20;F60 G21;G1 X1", "F 1 0 0 @1524"),
        ("G20;F1;G21 G1 X1", "F 1 0 0 @25.4"),
    ]);
    assert_eq!(trace("G20 F1;G1 X1", Dialect::GRBL), "F 25.4 0 0 @25.4");
}

#[test]
fn threads_are_cut_by_the_turn() {
    check(&[
        ("G1 F60;M3 S100;G33 Z-2 K1.5", "S100 | T | F 0 0 -2 @150"),
        ("M3 S100;G20 G33 Z-1 K.1", "S100 | T | F 0 0 -25.4 @254"),
        ("M3 S100;G33 Z-2 A5 K1", "S100 | T | a5 | F 0 0 -2 @100"),
        (
            "M3 S10;G33.1 Z-2 K1",
            "S10 | T | F 0 0 -2 @10 | F 0 0 0 @10",
        ),
        ("M3 S10;G33 Z-2 K1;X5", "S10 | T | F 0 0 -2 @10 | !"),
        ("M3 S10;G93 G33 Z-2 K1", "S10 | T | F 0 0 -2 @10"),
        ("G33 Z1 K1", "!"),
        ("M3 S9;G33 Z-1", "S9 | !"),
        // The planes do not matter, nor does the distance mode.
        (
            "M3 S10;G91 G76 P1 Z-8 I-1 J1 K2",
            "S10 | T | R 1 0 0 | R -2 0 0 | F -2 0 -8 @10 | R 1 0 -8 | R 0 0 0 | R -3 0 0 | \
             F -3 0 -8 @10 | R 0 0 -8 | R 0 0 -8",
        ),
        (
            "M3 S10;G7;G20 G76 P1 Z-1 I-2 J2 K3 X1",
            "S10 | T | R 12.7 0 0 | R -50.8 0 0 | F -50.8 0 -25.4 @254 | R 12.7 0 -25.4 | R 0 0 0 | R -63.5 0 0 | F -63.5 0 -25.4 @254 | R 0 0 -25.4 | R 12.7 0 -25.4",
        ),
        ("M3 S10;G76 P1 Z-8 I-1 J1", "S10 | !"),
        ("M3 S10;G76 P1 Z-8 I-1 J1 K2 A3", "S10 | !"),
        ("M3 S10;G76 P1 Z-8 I-1 J1 K2 H1.5", "S10 | !"),
        ("M3 S10;G76 P1 Z-8 I-1 J2 K2", "S10 | !"),
        ("G76 P1 Z-8 I-1 J1 K2", "!"),
    ]);
}

#[test]
fn a_probe_reaches_its_target_and_meets_nothing() {
    check(&[
        (
            "F60;G10 L2 P1 X5;#5070=1;G0 A[#5070];G38.2 Z-5;G0 X#5061 Y#5063 A[#5070]",
            "a1 | R 0 0 0 | P | a0 | R 0 -5 -5",
        ),
        // The numbers stay as they were when it was probed.
        (
            "F60;G38.2 Z-2;G20;G0 X#5063;#5063=7;G0 X#5063",
            "P | R -50.8 0 -2 | R 177.8 0 -2",
        ),
    ]);
}

#[test]
fn splines_are_for_their_own_line() {
    let last = |program: &str| {
        let all = trace(program, Dialect::LINUXCNC);
        all.rsplit(" | ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(last("F60 G0 X0;G5 X20 Y0 I0 J3 P0 Q-3;X30"), "R 30 0 0");
    assert_eq!(last("F60 G1 X0;G5 X20 Y0 I0 J3 P0 Q-3;X30"), "F 30 0 0 @60");
    assert_eq!(last("F60 G0 X1;G5.1 X5 Y5 I2 J3;X3 Y9"), "R 3 9 0");
    let nurbs = "F60 G1 X1;G5.2 X1 Y1 P1 L3;X2 Y1 P1;X3 Y3 P1;G5.3";
    assert!(!last(nurbs).contains('!'));
    assert_eq!(last(&format!("{nurbs};X7")), "!");
}

#[test]
fn cycles_return_to_their_r_level_until_g98() {
    check(&[
        (
            "F60;G0 Z9;G81 X1 Z-1 R2;G98 X2",
            "R 0 0 9 | R 1 0 9 | R 1 0 2 | F 1 0 -1 @60 | R 1 0 2 | \
             R 2 0 9 | R 2 0 2 | F 2 0 -1 @60 | R 2 0 9",
        ),
        // The operator brings the tool out of a G88; X is a diameter under G7.
        (
            "F60 M3;G0 Z9;G7 G88 X2 Z-1 R2 P0;G0 X4",
            "R 0 0 9 | R 1 0 9 | R 1 0 2 | F 1 0 -1 @60 | M5 | R 2 0 2",
        ),
        ("G70 Q1 D1 X0 Z0", "!"),
    ]);
}

#[test]
fn arcs_may_be_a_little_off() {
    check(&[
        ("F60;G2 X20 R9.999", "A 20 0 0 @60"),
        ("F60;G2 X20 R9.998", "!"),
        ("F60;G2 X2.02 I1", "A 2.02 0 0 @60"),
        ("F60;G2 X2.03 I1", "!"),
        ("F60 G18;G2 X2 I1;G10 L2 P1 R9;G2 X2 I1", "A 2 0 0 @60 | !"),
        (
            "F60;G3 Y0 X2 I1 Z5 A10 P2",
            "a6.6667 | A 0 0 3.3333 @60 | a10 | A 2 0 5 @60",
        ),
    ]);
    assert_eq!(trace("G1 F60;G2 X20 R9.999", Dialect::GRBL), "!");
}

#[test]
fn states_are_kept_for_each_level_of_calls() {
    let sub = "o1 sub;M73;G91 F100 G1 X5;";
    let rest = ";o1 endsub;F60 G0 X1;o1 call;X10";
    check(&[
        // Back from the subroutine: absolute and the old feed, but the new motion.
        (
            &format!("{sub}{rest}"),
            "R 1 0 0 | F 6 0 0 @100 | F 10 0 0 @60",
        ),
        (
            &format!("{sub}M71{rest}"),
            "R 1 0 0 | F 6 0 0 @100 | F 16 0 0 @100",
        ),
        (
            &format!("{sub}M72;X-5{rest}"),
            "R 1 0 0 | F 6 0 0 @100 | F -5 0 0 @60 | F 10 0 0 @60",
        ),
        ("M70;G91;M72;G0 X1;X1;M72;M71;M72", "R 1 0 0 | R 1 0 0 | !"),
        ("M72", "!"),
        (
            "G43.1 Z1;M70;G55 S10 T2 G49;M72;G0 X5 Z5;M71",
            "S10 | S0 | R 5 0 5",
        ),
        (
            "M3;M70;M5;M72;G0 X#<_spindle_on> Y#<_selected_tool>",
            "M5 | R 1 0 0",
        ),
    ]);
}

#[test]
fn values_that_the_machine_shows() {
    check(&[
        (
            "G21;G0 X#<_line> Y#<_feed_hold> Z#<_retract_r_plane>",
            "R 2 1 1",
        ),
        (
            "G92 X0;G0 A#5210;G92.2;G0 A#5210;G92.3;G0 A#5210;G92.1;G0 A#5210",
            "a1 | R 0 0 0 | a0 | R 0 0 0 | a1 | R 0 0 0 | a0 | R 0 0 0",
        ),
        // The table of tools, not what is in force; the axes of a turned system.
        ("G43.1 Y4;G0 X1 Y[#5402+#5082]", "R 1 4 0"),
        (
            "G10 L2 P1 X5 Y5 R90;G28 X2 Y3;G28 X1",
            "R 2 7 0 | R 0 0 0 | R 0 6 0 | R 0 0 0",
        ),
        ("G43.1 Z6;G43.1 X3;G0 X0 Z0", "R 3 0 6"),
        ("M61 Q7;G0 X#<_current_tool> Y#5400;M61", "R 7 7 0 | !"),
        // A sum of tenths that ends a little above its limit.
        (
            "o1 repeat [75];#1=[#1+0.0005];o1 endrepeat;G0 X[#1 LE 0.0375] Y[#1 EQ 0.0375] Z[#1 GE 0.0375]",
            "R 0 1 1",
        ),
    ]);
}

#[test]
fn a_subroutine_is_the_contour_of_a_turning_cycle() {
    // It may compute its places and set what it likes.
    let sub = "o1 sub;G0 X2 Z0;o2 repeat [2];G1 Z[#<_z>-4];G1 X[#<_x>+3] F9;o2 endrepeat;\
               o1 endsub;G18 F60;";
    let on = |line: &str| format!("{sub}{line}");
    check(&[
        (
            &on("G70 Q1 X9 Z1;X5"),
            "R 9 0 1 | R 9 0 1 | R 2 0 0 | F 2 0 -4 @60 | F 5 0 -4 @60 | F 5 0 -8 @60 | \
             F 8 0 -8 @60 | F 5 0 -8 @60",
        ),
        (
            &on("G1 X1;G71 Q1 X9 Z1 I5 R.5 D1;X5"),
            "F 1 0 0 @60 | R 9 0 1 | R 9 0 1 | F 9 0 -7 @60 | R 9.5 0 -6.5 | R 9.5 0 0.5 | \
             R 9 0 1 | R 4 0 0.1667 | F 4 0 -3 @60 | R 4.5 0 -2.5 | R 4.5 0 -0.3333 | \
             R 4 0 0.1667 | R 3 0 0 | F 3 0 -3 @60 | F 5 0 -3 @60 | A 6 0 -4 @60 | \
             F 6 0 -7 @60 | F 8 0 -7 @60 | F 9 0 -7 @60 | F 5 0 -7 @60",
        ),
        (&on("G70 Q3"), "!"),
        (&on("G17 G70 Q1"), "!"),
        (&on("G91 G71 Q1"), "!"),
        (&on("G42 D1;G72 Q1"), "!"),
        (&on("G71 Q1 I0"), "!"),
        (
            "o1 sub;G0 X2 Z0;G1 Z-4 A2;X5;o1 endsub;G18 F60;G70 Q1;G0 X1",
            "! | R 1 0 0",
        ),
        (
            "o1 sub;G0 X1 Z1;G71 Q1;G1 X2 Z5;X4;o1 endsub;G18 F60;G70 Q1 X0 Z0",
            "! | R 0 0 0 | R 0 0 0 | R 1 0 1 | F 2 0 5 @60 | F 4 0 5 @60",
        ),
        ("o1 sub;G0 X1;M2;o1 endsub;G18 F60;G70 Q1", ""),
    ]);
}

#[test]
fn grbl_refuses_what_has_no_f_or_no_motion() {
    let check = |program: &str, moves: &str| {
        assert_eq!(trace(program, Dialect::GRBL), moves, "{program}");
    };
    // Under G93 each line with a motion word has its F, if it moves or not.
    check(
        "G93;G1 X1 F2;G1;X2 F3;G0;X3",
        "F 1 0 0 @2 | ! | F 2 0 0 @3 | R 3 0 0",
    );
    // And the end of a program, which goes back to G94, leaves no feed.
    check("G93;G1 X1 F60;M2;G1 X0", "F 1 0 0 @60 | !");
    check("G1 X1 F60;M2;G1 X0", "F 1 0 0 @60 | F 0 0 0 @60");
    // Under G80 no command may have axis words.
    check(
        "F60;G80;G92 X1;G10 L20 P1 X5;G43.1 Z1;G28 X1;G28;G1 X2",
        "! | ! | ! | ! | R 0 0 0 | F 2 0 0 @60",
    );
}

#[test]
fn only_a_new_tool_length_is_waited_for() {
    let waits = |program: &str| {
        let source = Source::new(program.replace(';', "\n").into_bytes());
        let mut run = Run::new(&source, Dialect::GRBL);
        let mut count = 0;
        while run.step().is_some() {
            let offsets = |c: &&Command| matches!(c, Command::Wait(Wait::Offsets));
            count += run.commands().iter().filter(offsets).count();
        }
        count
    };
    assert_eq!(waits("G49;G43.1 Z0;G49"), 0);
    assert_eq!(waits("G43.1 Z1;G43.1 Z1;G49;G49"), 2);
    // G92 and G10 are waited for whatever they come to.
    assert_eq!(waits("G92.1;G92 X0;G10 L2 P1 X0;G54"), 3);
    assert_eq!(waits("G49 G55"), 1);
}
