//! Finding the dialect of a program from what stands in it.
//!
//! Each dialect collects points for what only it has: names of firmware in
//! comments, commands of its own, ways to write. The most points win; a program
//! that says nothing is read as GRBL, which all of the RS274 family take for.

use super::Dialect;

/// Fewer points are no evidence.
const LEAST: u32 = 2;

/// A dialect that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detected {
    /// The dialect.
    pub dialect: &'static Dialect,
    /// Whether something in the program speaks for it; else it is the default.
    pub certain: bool,
}

/// What a text in the program speaks for, in upper case, with points. Of several
/// texts for one dialect each counts once.
const SIGNS: &[(&str, &Dialect, u32)] = &[
    ("FLAVOR:MARLIN", Dialect::MARLIN, 9),
    ("FLAVOR:REPRAP", Dialect::REPRAPFIRMWARE, 9),
    ("FLAVOR:KLIPPER", Dialect::KLIPPER, 9),
    ("GCODE_FLAVOR = MARLIN", Dialect::MARLIN, 9),
    ("GCODE_FLAVOR = KLIPPER", Dialect::KLIPPER, 9),
    ("GCODE_FLAVOR = REPRAPFIRMWARE", Dialect::REPRAPFIRMWARE, 9),
    ("GCODE_FLAVOR = SMOOTHIE", Dialect::SMOOTHIEWARE, 9),
    ("SMOOTHIE", Dialect::SMOOTHIEWARE, 4),
    ("GRBLHAL", Dialect::GRBLHAL, 5),
    ("GRBL", Dialect::GRBL, 4),
    ("LINUXCNC", Dialect::LINUXCNC, 5),
    ("EMC2", Dialect::LINUXCNC, 4),
    ("RS274", Dialect::LINUXCNC, 4),
    ("MARLIN", Dialect::MARLIN, 4),
    ("KLIPPER", Dialect::KLIPPER, 4),
    ("REPRAPFIRMWARE", Dialect::REPRAPFIRMWARE, 5),
    ("DUET", Dialect::REPRAPFIRMWARE, 2),
    ("FANUC", Dialect::FANUC, 5),
    ("HAAS", Dialect::HAAS, 9),
    ("MAZAK", Dialect::FANUC, 5),
    ("PRUSASLICER", Dialect::MARLIN, 1),
    ("CURA", Dialect::MARLIN, 1),
    ("[ESP", Dialect::GRBLHAL, 5),
];

/// What a command at the start of a line speaks for.
const COMMANDS: &[(&str, &Dialect, u32)] = &[
    ("M104", Dialect::MARLIN, 3),
    ("M109", Dialect::MARLIN, 3),
    ("M140", Dialect::MARLIN, 3),
    ("M190", Dialect::MARLIN, 3),
    ("M862.3", Dialect::MARLIN, 4),
    ("M201", Dialect::MARLIN, 2),
    ("M203", Dialect::MARLIN, 2),
    ("M205", Dialect::MARLIN, 2),
    ("M82", Dialect::MARLIN, 2),
    ("M83", Dialect::MARLIN, 2),
    ("M900", Dialect::MARLIN, 2),
    ("M566", Dialect::REPRAPFIRMWARE, 6),
    ("M572", Dialect::REPRAPFIRMWARE, 6),
    ("M452", Dialect::REPRAPFIRMWARE, 5),
    ("M453", Dialect::REPRAPFIRMWARE, 5),
    ("M116", Dialect::REPRAPFIRMWARE, 3),
    ("M42", Dialect::MARLIN, 1),
    ("G64", Dialect::LINUXCNC, 2),
    ("G43", Dialect::LINUXCNC, 1),
    ("G95", Dialect::LINUXCNC, 1),
    ("G5.2", Dialect::LINUXCNC, 4),
    ("G33.1", Dialect::LINUXCNC, 4),
    ("M66", Dialect::LINUXCNC, 3),
    ("M67", Dialect::LINUXCNC, 3),
    ("M68", Dialect::LINUXCNC, 2),
    ("G65", Dialect::FANUC, 2),
    ("G187", Dialect::HAAS, 9),
    ("G103", Dialect::HAAS, 9),
    ("G54.1", Dialect::FANUC, 4),
    ("G05.1", Dialect::FANUC, 3),
    ("GOTO", Dialect::FANUC, 3),
    ("SET_VELOCITY_LIMIT", Dialect::KLIPPER, 9),
    ("SET_PRESSURE_ADVANCE", Dialect::KLIPPER, 9),
    ("EXCLUDE_OBJECT", Dialect::KLIPPER, 6),
    ("BED_MESH", Dialect::KLIPPER, 6),
    ("START_PRINT", Dialect::KLIPPER, 6),
    ("PRINT_START", Dialect::KLIPPER, 6),
    ("END_PRINT", Dialect::KLIPPER, 4),
    ("PRINT_END", Dialect::KLIPPER, 4),
];

impl Dialect {
    /// So many bytes from the start of a program are looked at to find its dialect.
    pub const LOOKED_AT: usize = 1 << 16;

    /// Finds the dialect of a program by its first [`Dialect::LOOKED_AT`] bytes.
    ///
    /// # Complexity
    /// O(bytes looked at × signs).
    #[must_use]
    pub fn detect(bytes: &[u8]) -> Detected {
        let head = &bytes[..bytes.len().min(Self::LOOKED_AT)];
        let upper = head.to_ascii_uppercase();
        let mut points = [0_u32; super::ALL.len()];
        let mut vote = |dialect: &Dialect, n: u32| {
            if let Some(i) = super::ALL.iter().position(|d| *d == dialect) {
                points[i] += n;
            }
        };
        for (sign, dialect, n) in SIGNS {
            if memchr::memmem::find(&upper, sign.as_bytes()).is_some() {
                vote(dialect, *n);
            }
        }
        let mut seen = vec![false; COMMANDS.len()];
        let mut once = [false; 8];
        for (i, line) in upper.split(|b| matches!(b, b'\n' | b'\r')).enumerate() {
            let line = line.trim_ascii_start();
            for (k, (command, dialect, n)) in COMMANDS.iter().enumerate() {
                if !seen[k] && begins(line, command.as_bytes()) {
                    seen[k] = true;
                    vote(dialect, *n);
                }
            }
            let ways = [
                (line.starts_with(b"$"), Dialect::GRBL, 3),
                (is_control(line), Dialect::LINUXCNC, 8),
                (
                    line.starts_with(b"#") && line.contains(&b'='),
                    Dialect::LINUXCNC,
                    4,
                ),
                (line.contains(&b'['), Dialect::LINUXCNC, 2),
                (i < 4 && is_program_number(line), Dialect::FANUC, 4),
                (is_macro_b(line), Dialect::FANUC, 9),
                (is_checked(line), Dialect::MARLIN, 3),
                (
                    is_meta(line) && !is_macro_b(line),
                    Dialect::REPRAPFIRMWARE,
                    5,
                ),
            ];
            for (k, (is, dialect, n)) in ways.into_iter().enumerate() {
                if is && !once[k] && !line.starts_with(b";") && !line.starts_with(b"(") {
                    once[k] = true;
                    vote(dialect, n);
                }
            }
        }
        let best = points.iter().copied().max().unwrap_or(0);
        let first = points.iter().position(|p| *p == best).unwrap_or(0);
        if best < LEAST {
            return Detected {
                dialect: Dialect::GRBL,
                certain: false,
            };
        }
        Detected {
            dialect: super::ALL[first],
            certain: true,
        }
    }
}

/// Whether a line begins with a command and no further digit or letter of it.
fn begins(line: &[u8], command: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(command) else {
        return false;
    };
    let numbered = command.last().is_some_and(u8::is_ascii_digit);
    !numbered || !matches!(rest.first(), Some(b'0'..=b'9' | b'.'))
}

/// An O-word with what it does: `O100 SUB`, `O<A> CALL`. A comment behind the
/// number says nothing: `O100 (SUBPROGRAM)` is the number of a program.
fn is_control(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"O") else {
        return false;
    };
    let words: [&[u8]; 7] = [
        b"SUB", b"CALL", b"IF", b"WHILE", b"DO", b"REPEAT", b"ENDSUB",
    ];
    let rest = rest.trim_ascii_start();
    let label = matches!(rest.first(), Some(b'0'..=b'9' | b'<' | b'#' | b'['));
    let end = rest.iter().position(|b| matches!(b, b'(' | b';'));
    let rest = &rest[..end.unwrap_or(rest.len())];
    label
        && words
            .iter()
            .any(|w| memchr::memmem::find(rest, w).is_some())
}

/// A condition or a loop of macro B: `IF [#1 GT 5] GOTO 20`, `WHILE [#1 LT 5] DO1`.
fn is_macro_b(line: &[u8]) -> bool {
    let words: [&[u8]; 2] = [b"IF", b"WHILE"];
    words.iter().any(|w| {
        let rest = line.strip_prefix(*w).map(<[u8]>::trim_ascii_start);
        rest.is_some_and(|r| r.starts_with(b"["))
    })
}

/// `N5 G1 X1 *34`: a line for a printer, with its number and its checksum.
fn is_checked(line: &[u8]) -> bool {
    let star = line.iter().rposition(|b| *b == b'*');
    let sum = star.map_or(&[][..], |at| line[at + 1..].trim_ascii());
    line.starts_with(b"N") && !sum.is_empty() && sum.iter().all(u8::is_ascii_digit)
}

/// `O1234` or `:1234`, perhaps with a comment.
fn is_program_number(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"O").or_else(|| line.strip_prefix(b":")) else {
        return false;
    };
    let end = rest.iter().position(|b| !b.is_ascii_digit());
    let (number, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let rest = rest.trim_ascii_start();
    !number.is_empty() && (rest.is_empty() || rest.starts_with(b"("))
}

/// A line of RepRapFirmware's own language, or a value in braces.
fn is_meta(line: &[u8]) -> bool {
    let words: [&[u8]; 4] = [b"VAR ", b"GLOBAL ", b"ECHO ", b"WHILE "];
    let braces = line.starts_with(b"G") && line.contains(&b'{');
    braces || words.iter().any(|w| line.starts_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_is_found() {
        for (text, name) in [
            ("G21\nG1 X5 F100\n", "grbl"),
            ("", "grbl"),
            ("; GRBL device profile, absolute coords\nG0 X0\n", "grbl"),
            ("$H\nG0 X1\n", "grbl"),
            ("[ESP220]/a.nc\n", "grblhal"),
            (";FLAVOR:Marlin\nG28\n", "marlin"),
            ("M190 S60\nM104 S200\nG28\n", "marlin"),
            ("M104 S0\nSET_VELOCITY_LIMIT ACCEL=3000\n", "klipper"),
            ("M104 S0\nM566 X300\n", "reprapfirmware"),
            ("; Smoothieware device profile\nG0 X1\n", "smoothieware"),
            ("o100 sub\nG1 X#1\no100 endsub\n", "linuxcnc"),
            ("O1001 (SUBPROGRAM FOR DOOR)\nG0 X1.\nM30\n", "fanuc"),
            (
                "O1000\n#1=0\nWHILE [#1 LT 5] DO1\nG1 X#1 F100.\nEND1\nM30\n",
                "fanuc",
            ),
            ("N1 G28 *18\nN2 G1 X1 *99\n", "marlin"),
            ("while iterations < 5\n  G1 X1\n", "reprapfirmware"),
            ("%\nO1000 (PART)\nT1 M6\nG43 H1 Z50.\n%\n", "fanuc"),
        ] {
            assert_eq!(
                Dialect::detect(text.as_bytes()).dialect.name,
                name,
                "{text}"
            );
        }
        assert!(!Dialect::detect(b"G0 X1\n").certain);
    }
}
