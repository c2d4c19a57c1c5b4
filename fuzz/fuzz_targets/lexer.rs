//! Any bytes are taken apart in every dialect: words and faults stand in order and
//! inside of the line, and what is no plain number says so.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::gcode::Dialect;
use trajet::gcode::lex::{Form, Line};

fuzz_target!(|bytes: &[u8]| {
    let mut line = Line::default();
    for dialect in Dialect::all() {
        for text in bytes.split_inclusive(|b| *b == b'\n') {
            line.lex(text, &dialect.lexis);
            let length = text.len() as u32;
            assert!(line.words.is_sorted_by(|a, b| a.at < b.at));
            assert!(line.words.iter().all(|w| w.at < length));
            assert!(line.faults.iter().all(|f| f.at < length));
            assert!(line.faults.len() <= Line::MOST_FAULTS);
            assert!(line.text.is_none_or(|at| at <= length));
            for w in &line.words {
                let plain = matches!(w.form, Form::Integer | Form::Decimal);
                assert_eq!(w.value.is_nan(), !plain);
            }
        }
    }
});
