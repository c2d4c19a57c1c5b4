//! How fast bytes become words, beside what is possible and what others do.
//!
//! `cargo bench --bench lex`
//!
//! Four readers of the same three programs, each from bytes to words, line by
//! line, with every word's value, letter and place in the line:
//!
//! - `scanner`: the ceiling. Written by hand for these inputs: it knows comments,
//!   words and line ends and nothing else; no faults, no system commands, no
//!   blanks inside numbers, no more digits than a machine word holds.
//! - `trajet`: [`Line::lex`] over a [`Stream`], lines found on the way.
//! - `trajet-source`: the same over a [`Source`], which is in memory whole.
//! - `gcode`: the visitor of the crate `gcode` 0.7, which gives `f32` values.
//!
//! All must see the same number of words, and the first three the same letters,
//! places and values, or nothing is measured. Time is that
//! of the processor, not of the clock on the wall, so that others who use the
//! machine do not count.

mod inputs;
mod processor;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gcode::core::{BlockVisitor, CommandVisitor, ControlFlow, Diagnostics, Number, ProgramVisitor};
use gcode::core::{Span, Value};
use inputs::Input;
use processor::Processor;
use std::hint::black_box;
use trajet::gcode::{Dialect, lex::Line};
use trajet::{Lines, Source, Stream};

/// How large each program is, bytes.
const SIZE: usize = 8 << 20;

/// A letter with its number and its place, 16 bytes.
#[derive(Clone, Copy)]
struct Word {
    value: f64,
    at: u32,
    letter: u8,
}

const POW10: [f64; 20] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19,
];

/// One byte in each of eight.
const fn each(b: u8) -> u64 {
    u64::from_le_bytes([b; 8])
}

/// The number without a sign at `bytes[i..]`, and where it ends. Up to seven
/// bytes are taken at once: the ends of most numbers cannot be foreseen, and a
/// loop over digits stumbles over each.
#[inline]
fn number(bytes: &[u8], i: usize) -> (f64, usize) {
    let Some(&eight) = bytes[i..].first_chunk::<8>() else {
        return long_number(bytes, i);
    };
    let digits = u64::from_le_bytes(eight) ^ each(b'0');
    let others = (((digits & each(0x7f)) + each(0x76)) | digits) & each(0x80);
    let whole = others.trailing_zeros() & 0x78;
    if others == 0 {
        return long_number(bytes, i);
    }
    if digits >> whole & 0xff != u64::from(b'.' ^ b'0') {
        let mantissa = join(digits << 1 << (63 - whole));
        return (mantissa as f64, i + (whole / 8) as usize);
    }
    let others = others & (others - 1);
    if others == 0 {
        return long_number(bytes, i);
    }
    let end = others.trailing_zeros() & 0x78;
    let low = digits & ((1 << whole) - 1);
    let high = digits >> whole >> 8 << whole;
    let mantissa = join((low | high) << 8 << (64 - end));
    let value = mantissa as f64 / POW10[((end - whole) / 8 - 1) as usize];
    (value, i + (end / 8) as usize)
}

/// The number of eight digits, the first in the lowest byte.
#[inline]
const fn join(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(1 + (10_000 << 32)) >> 32
}

/// The same, digit by digit.
#[cold]
fn long_number(bytes: &[u8], mut i: usize) -> (f64, usize) {
    let (mut mantissa, mut point) = (0_u64, None);
    while let Some(&b) = bytes.get(i) {
        match b {
            b'0'..=b'9' => {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(b - b'0'));
            }
            b'.' if point.is_none() => point = Some(i + 1),
            _ => break,
        }
        i += 1;
    }
    let fraction = point.map_or(0, |p| i - p);
    (mantissa as f64 / POW10[fraction.min(19)], i)
}

/// The words of the line `bytes[i..end]`.
#[inline]
fn scan_line(bytes: &[u8], mut i: usize, end: usize, words: &mut Vec<Word>) {
    let begin = i;
    while i < end {
        let b = bytes[i];
        let letter = b & !0x20;
        if letter.is_ascii_uppercase() {
            let at = (i - begin) as u32;
            let negative = bytes.get(i + 1) == Some(&b'-');
            let (value, after) = number(bytes, i + 1 + usize::from(negative));
            i = after;
            let value = if negative { -value } else { value };
            words.push(Word { value, at, letter });
        } else if b == b';' {
            return;
        } else if b == b'(' {
            match memchr::memchr(b')', &bytes[i..end]) {
                Some(n) => i += n + 1,
                None => return,
            }
        } else {
            i += 1;
        }
    }
}

/// Where the first `\n` stands; short lines are found without a call.
#[inline]
fn newline(bytes: &[u8]) -> Option<usize> {
    for (k, eight) in bytes.as_chunks::<8>().0.iter().take(4).enumerate() {
        let text = u64::from_le_bytes(*eight) ^ each(b'\n');
        let hit = text.wrapping_sub(each(1)) & !text & each(0x80);
        if hit != 0 {
            return Some(8 * k + hit.trailing_zeros() as usize / 8);
        }
    }
    memchr::memchr(b'\n', bytes)
}

fn scanner(bytes: &[u8], words: &mut Vec<Word>) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < bytes.len() {
        let end = newline(&bytes[i..]).map_or(bytes.len(), |n| i + n + 1);
        words.clear();
        scan_line(bytes, i, end, words);
        count += black_box(&*words).len();
        i = end;
    }
    count
}

fn trajet(mut lines: impl Lines, line: &mut Line, dialect: &Dialect) -> usize {
    let mut count = 0;
    let mut i = 0;
    while let Some(bytes) = lines.line(i) {
        line.lex(bytes, &dialect.lexis);
        count += black_box(&*line).words.len();
        i += 1;
    }
    count
}

/// Counts words: each command is one, and each of its arguments.
#[derive(Default)]
struct Count(usize);

struct Block<'a>(&'a mut usize);

struct Command<'a>(&'a mut usize);

impl Diagnostics for Count {}
impl Diagnostics for Block<'_> {}
impl Diagnostics for Command<'_> {}

impl ProgramVisitor for Count {
    fn start_block(&mut self) -> ControlFlow<impl BlockVisitor + '_> {
        ControlFlow::Continue(Block(&mut self.0))
    }
}

impl Block<'_> {
    fn command(&mut self, number: Number) -> ControlFlow<Command<'_>> {
        let _ = black_box(number);
        *self.0 += 1;
        ControlFlow::Continue(Command(self.0))
    }
}

impl BlockVisitor for Block<'_> {
    fn word_address(&mut self, letter: char, value: Value<'_>, span: Span) {
        let _ = black_box((letter, value, span));
        *self.0 += 1;
    }
    fn start_general_code(&mut self, n: Number) -> ControlFlow<impl CommandVisitor + '_> {
        self.command(n)
    }
    fn start_miscellaneous_code(&mut self, n: Number) -> ControlFlow<impl CommandVisitor + '_> {
        self.command(n)
    }
    fn start_tool_change_code(&mut self, n: Number) -> ControlFlow<impl CommandVisitor + '_> {
        self.command(n)
    }
}

impl CommandVisitor for Command<'_> {
    fn argument(&mut self, letter: char, value: Value<'_>, span: Span) {
        let _ = black_box((letter, value, span));
        *self.0 += 1;
    }
}

fn gcode_crate(text: &str) -> usize {
    let mut count = Count::default();
    gcode::core::parse(text, &mut count);
    count.0
}

/// Checks that the scanner and trajet read the same words.
fn same_words(bytes: &[u8], source: &Source, dialect: &Dialect) {
    let (mut words, mut line) = (Vec::new(), Line::default());
    for i in 0..source.line_count() {
        let text = source.line(i);
        line.lex(text, &dialect.lexis);
        words.clear();
        scan_line(text, 0, text.len(), &mut words);
        let ours = line.words.iter().map(|w| (w.letter, w.at, w.value));
        let theirs = words.iter().map(|w| (w.letter, w.at, w.value));
        assert!(ours.eq(theirs), "{}", String::from_utf8_lossy(text));
    }
    assert_eq!(source.bytes(), bytes);
}

fn bench(c: &mut Criterion<Processor>) {
    for input in Input::ALL {
        let bytes = input.program(SIZE);
        let dialect = Dialect::detect(&bytes).dialect;
        let text = std::str::from_utf8(&bytes).expect("ASCII");
        let source = Source::new(bytes.clone());
        let (mut words, mut line) = (Vec::new(), Line::default());
        let expected = scanner(&bytes, &mut words);
        assert!(expected > SIZE / 20, "{}: {expected} words", input.name());
        assert_eq!(
            trajet(Stream::new(&bytes[..]), &mut line, dialect),
            expected
        );
        assert_eq!(trajet(source.in_order(), &mut line, dialect), expected);
        assert_eq!(gcode_crate(text), expected);
        same_words(&bytes, &source, dialect);

        let mut group = c.benchmark_group(input.name());
        let _ = group.sample_size(10);
        let _ = group.throughput(Throughput::Bytes(bytes.len() as u64));
        let _ = group.bench_function("scanner", |b| {
            b.iter(|| scanner(black_box(&bytes), &mut words));
        });
        let _ = group.bench_function("trajet", |b| {
            b.iter(|| trajet(Stream::new(black_box(&bytes[..])), &mut line, dialect));
        });
        let _ = group.bench_function("trajet-source", |b| {
            b.iter(|| trajet(black_box(&source).in_order(), &mut line, dialect));
        });
        let _ = group.bench_function("gcode", |b| {
            b.iter(|| gcode_crate(black_box(text)));
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(Processor);
    targets = bench
}
criterion_main!(benches);
