use super::super::Dialect;
use super::*;

fn lex(s: &[u8], dialect: &Dialect) -> (String, Line) {
    let mut line = Line::default();
    line.lex(s, &dialect.lexis);
    let words = line
        .words
        .iter()
        .map(|w| match w.form {
            Form::Integer | Form::Decimal => format!("{}{}", w.letter as char, w.value),
            Form::Expression | Form::Opaque => format!("{}…", w.letter as char),
        })
        .collect::<Vec<_>>()
        .join(" ");
    (words, line)
}

#[test]
fn words_of_every_form() {
    for (text, words) in [
        ("G1X1Y2", "G1 X1 Y2"),
        ("g01 x-.5 y+5. ; (no) x9", "G1 X-0.5 Y5"),
        ("G1 (a;b) X 1. 5", "G1 X1.5"),
        ("/G38.2 Z-1", "G38.2 Z-1"),
        ("X1E5", "X1 E5"),
        ("(nested (one) X3", "X3"),
        ("\u{feff}G21\r\n", "G21"),
    ] {
        let (got, line) = lex(text.as_bytes(), Dialect::GRBL);
        assert_eq!(got, words, "{text}");
        assert_eq!(line.faults, [], "{text}");
    }
}

#[test]
fn faults_have_a_place_and_cost_no_other_word() {
    for (text, words, kind, at) in [
        ("G28 X Y1", "G28 Y1", FaultKind::NoNumber, 4),
        ("%", "", FaultKind::StrayByte, 0),
        ("X[1+2]Y3", "Y3", FaultKind::NoNumber, 0),
        ("G1 X1 (open", "G1 X1", FaultKind::OpenComment, 6),
        ("G1 X1.2.3 Y1", "G1 X1.2 Y1", FaultKind::StrayByte, 7),
        ("G1 X1!Y2", "G1 X1 Y2", FaultKind::RealTime, 5),
    ] {
        let (got, line) = lex(text.as_bytes(), Dialect::GRBL);
        assert_eq!(got, words, "{text}");
        assert_eq!(line.faults[0], Fault { kind, at }, "{text}");
    }
}

#[test]
fn kinds() {
    let kind = |s: &[u8], d| lex(s, d).1.kind;
    assert_eq!(kind(b" ; only\n", Dialect::GRBL), Kind::Blank);
    assert_eq!(kind(b"", Dialect::GRBL), Kind::Blank);
    assert_eq!(kind(b" $J=G91X10F500", Dialect::GRBL), Kind::System);
    assert_eq!(kind(b"\xff\x00", Dialect::GRBL), Kind::Block);
    assert_eq!(kind(b"%", Dialect::LINUXCNC), Kind::Percent);
    assert_eq!(kind(b"N3 o<a> call [1]", Dialect::LINUXCNC), Kind::Flow);
    assert_eq!(
        kind(b"SET_PIN PIN=a VALUE=1", Dialect::KLIPPER),
        Kind::Named
    );
    assert_eq!(
        kind(b"while iterations < 3", Dialect::REPRAPFIRMWARE),
        Kind::Foreign
    );
    assert_eq!(kind(b"fire 50", Dialect::SMOOTHIEWARE), Kind::Foreign);
}
