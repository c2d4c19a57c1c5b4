//! The parameters of a program: numbered, named, local and global.
//!
//! Numbered parameters are global but for #1 to #30, which a call saves, sets to
//! its arguments (0 where there is none) and restores. Names that begin with `_`
//! are global; all others belong to the subroutine that set them and vanish with
//! it. A numbered parameter that was never set is 0; a name that was never set is
//! a fault.
//!
//! Assignments on a line wait until every value of the line was read (`#3=6
//! G1 X#3` moves to the old #3): [`Parameters::assign`] holds them, and
//! [`Parameters::commit`] makes them count before the words of the line act. Only
//! a *name* exists as soon as it was read on the left of `=`, with the value 0
//! (so `#<n>=[#<n>+1]` is 1 at first). This is what LinuxCNC does.
//!
//! Limits: [`MOST_NAMES`] names at a time. How deep calls go is limited by who
//! makes them (`flow`).

use super::expr::{Environment, LAST_NUMBER, evaluate, index};
use super::extent::extent;
use super::fault::{Fault, FaultKind};
use super::math::truth;
use super::readout::{Readout, Volatile, is_read_only, predefined, volatile_number};
use super::text::{LONGEST_NAME, fold, keyword, name, peek};
use std::cell::Cell;
use std::collections::BTreeMap;

/// The most names at a time, local ones of all callers included.
pub(crate) const MOST_NAMES: usize = 65_536;

/// How many arguments a call can have: they become #1 to #30.
pub(crate) const ARGUMENTS: usize = 30;

/// The parameters of a running program.
#[derive(Debug)]
pub(crate) struct Parameters {
    /// By number; the first is not used.
    numbered: Vec<f64>,
    globals: Names,
    /// Of the main program.
    locals: Names,
    /// One for each call that has not returned.
    frames: Vec<Frame>,
    held: Vec<Held>,
    /// What the last call returned.
    returned: Option<f64>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self::new()
    }
}

impl Parameters {
    /// All 0, no names.
    pub(crate) fn new() -> Self {
        Parameters {
            numbered: vec![0.0; LAST_NUMBER as usize + 1],
            globals: Names::default(),
            locals: Names::default(),
            frames: Vec::new(),
            held: Vec::new(),
            returned: None,
        }
    }

    /// What an expression sees now.
    pub(crate) fn scope<'a, R: Readout>(&'a self, readout: &'a R) -> Scope<'a, R> {
        Scope {
            parameters: self,
            readout,
            reads: Cell::new(None),
        }
    }

    /// Reads the assignment at the start of `text` and holds it until
    /// [`Self::commit`]. Gives the bytes it takes, and what its values depended on.
    ///
    /// # Errors
    /// The first [`Fault`]; nothing is held then.
    pub(crate) fn assign(
        &mut self,
        text: &[u8],
        readout: &impl Readout,
    ) -> Result<(usize, Option<Volatile>), Fault> {
        let wrong = Fault::new(FaultKind::NoValue, 0);
        let start = keyword(text, 0, b"#").ok_or(wrong)?;
        let mut reads = None;
        let (target, end) = match peek(text, start) {
            Some((open, b'<')) => {
                let inside = name(text, open).ok_or(Fault::new(FaultKind::OpenName, open))?;
                let end = inside.end + 1;
                let mut buffer = [0; LONGEST_NAME];
                let target = fold(&text[inside], &mut buffer)
                    .and_then(|folded| self.declare(folded))
                    .map_err(|f| f.shifted(open))?;
                (target, end)
            }
            _ => {
                let scope = self.scope(readout);
                let (value, used) =
                    evaluate(&text[start..], &scope).map_err(|f| f.shifted(start))?;
                reads = scope.reads();
                let fault = |kind| Fault::new(kind, start);
                let number = index(value).map_err(fault)?;
                if is_read_only(number) {
                    return Err(fault(FaultKind::ReadOnly));
                }
                (Target::Number(number), start + used)
            }
        };
        let equal = keyword(text, end, b"=").ok_or(Fault::new(FaultKind::NoEqualSign, end))?;
        let scope = self.scope(readout);
        let (value, used) = evaluate(&text[equal..], &scope).map_err(|f| f.shifted(equal))?;
        reads = reads.max(scope.reads());
        self.held.push(Held { target, value });
        Ok((equal + used, reads))
    }

    /// Numbered assignments that are held, in the order of the line: an
    /// interpreter whose [`Readout`] answers for some of them looks here.
    pub(crate) fn held(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.held.iter().filter_map(|held| match held.target {
            Target::Number(number) => Some((number, held.value)),
            _ => None,
        })
    }

    /// Makes the held assignments count, in the order of the line.
    pub(crate) fn commit(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        for Held { target, value } in held.drain(..) {
            let place = match target {
                Target::Number(number) => self.numbered.get_mut(number as usize),
                Target::Global(slot) => self.globals.values.get_mut(slot),
                Target::Local(slot) => self.locals_mut().values.get_mut(slot),
            };
            if let Some(place) = place {
                *place = value;
            }
        }
        self.held = held;
    }

    /// Forgets the held assignments.
    pub(crate) fn discard(&mut self) {
        self.held.clear();
    }

    /// Begins a subroutine with its `arguments` as #1 to #30 (an O-word call), or
    /// with these parameters left alone (M98). Held assignments are forgotten.
    pub(crate) fn enter(&mut self, arguments: Option<&[f64; ARGUMENTS]>) {
        self.discard();
        let saved = arguments.map(|arguments| {
            let mut saved = [0.0; ARGUMENTS];
            let places = &mut self.numbered[1..=ARGUMENTS];
            saved.copy_from_slice(places);
            places.copy_from_slice(arguments);
            self.returned = None;
            saved
        });
        self.frames.push(Frame {
            locals: Names::default(),
            saved,
        });
    }

    /// Ends the subroutine: its names vanish and the #1 to #30 of the caller are
    /// back. `returned` is what `#<_value>` shows; M99 leaves it alone.
    pub(crate) fn leave(&mut self, returned: Return) {
        self.discard();
        if let Some(Frame { saved, .. }) = self.frames.pop()
            && let Some(saved) = saved
        {
            self.numbered[1..=ARGUMENTS].copy_from_slice(&saved);
        }
        if let Return::Value(value) = returned {
            self.returned = value;
        }
    }

    /// How many calls have not returned.
    pub(crate) fn level(&self) -> usize {
        self.frames.len()
    }

    fn locals(&self) -> &Names {
        self.frames.last().map_or(&self.locals, |f| &f.locals)
    }

    fn locals_mut(&mut self) -> &mut Names {
        match self.frames.last_mut() {
            Some(frame) => &mut frame.locals,
            None => &mut self.locals,
        }
    }

    /// The place of a named parameter, made if it is not there.
    fn declare(&mut self, name: &[u8]) -> Result<Target, Fault> {
        let global = name.starts_with(b"_");
        let names = if global { &self.globals } else { self.locals() };
        if let Some(slot) = names.slots.get(name) {
            return Ok(if global {
                Target::Global(*slot)
            } else {
                Target::Local(*slot)
            });
        }
        if global && predefined(name).is_some() {
            return Err(Fault::new(FaultKind::ReadOnly, 0));
        }
        let all = [&self.globals, &self.locals].into_iter();
        let count: usize = all
            .chain(self.frames.iter().map(|f| &f.locals))
            .map(|names| names.values.len())
            .sum();
        if count >= MOST_NAMES {
            return Err(Fault::new(FaultKind::TooManyNames, 0));
        }
        Ok(match global {
            true => Target::Global(self.globals.add(name)),
            false => Target::Local(self.locals_mut().add(name)),
        })
    }

    /// What only the parameters themselves know.
    fn own(&self, name: &[u8]) -> Option<f64> {
        match name {
            b"_value" => Some(self.returned.unwrap_or(0.0)),
            b"_value_returned" => Some(truth(self.returned.is_some())),
            b"_call_level" => Some(self.level() as f64),
            _ => None,
        }
    }
}

/// What a subroutine leaves behind in `#<_value>`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Return {
    /// `return` or `endsub`, with or without a value.
    Value(Option<f64>),
    /// M99: what was there before.
    Unchanged,
}

/// How many bytes the assignment at the start of `text` takes; `None` if `text`
/// does not begin with `#`. Where a line is read item by item, a `#` always begins
/// an assignment. One without `=` or value has its length too, and
/// [`Parameters::assign`] says what is wrong.
///
/// # Complexity
/// O(length of the assignment).
pub(crate) fn assignment(text: &[u8]) -> Option<usize> {
    let (_, b'#') = peek(text, 0)? else {
        return None;
    };
    let target = extent(text)?;
    let Some(equal) = keyword(text, target, b"=") else {
        return Some(target);
    };
    Some(equal + extent(&text[equal..]).unwrap_or(0))
}

/// What an expression sees: the parameters, the read-outs, and a note of which
/// of the latter were read.
#[derive(Debug)]
pub(crate) struct Scope<'a, R> {
    parameters: &'a Parameters,
    readout: &'a R,
    reads: Cell<Option<Volatile>>,
}

impl<R> Scope<'_, R> {
    /// What the values read through this scope depended on, the most volatile of
    /// all; `None` if on stored values alone.
    pub(crate) fn reads(&self) -> Option<Volatile> {
        self.reads.get()
    }

    fn note(&self, sort: Option<Volatile>) {
        self.reads.set(self.reads.get().max(sort));
    }
}

impl<R: Readout> Environment for Scope<'_, R> {
    fn numbered(&self, index: u32) -> Option<f64> {
        let sort = volatile_number(index);
        if sort.is_some() {
            self.note(sort);
            if let Some(value) = self.readout.numbered(index) {
                return Some(value);
            }
        }
        self.parameters.numbered.get(index as usize).copied()
    }

    fn named(&self, name: &[u8]) -> Option<f64> {
        if !name.starts_with(b"_") {
            return self.parameters.locals().get(name);
        }
        if let Some(value) = self.parameters.globals.get(name) {
            return Some(value);
        }
        let sort = predefined(name)?;
        let own = self.parameters.own(name);
        if own.is_none() {
            self.note(Some(sort));
        }
        own.or_else(|| self.readout.named(name))
    }
}

/// Names and what they stand for. A name keeps its place, so that an assignment
/// can wait without holding the name.
#[derive(Debug, Default)]
struct Names {
    slots: BTreeMap<Box<[u8]>, usize>,
    values: Vec<f64>,
}

impl Names {
    fn get(&self, name: &[u8]) -> Option<f64> {
        self.values.get(*self.slots.get(name)?).copied()
    }

    fn add(&mut self, name: &[u8]) -> usize {
        let slot = self.values.len();
        self.values.push(0.0);
        let _ = self.slots.insert(name.into(), slot);
        slot
    }
}

#[derive(Debug)]
struct Frame {
    locals: Names,
    /// #1 to #30 of the caller; `None` if they are shared with it.
    saved: Option<[f64; ARGUMENTS]>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    target: Target,
    value: f64,
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Number(u32),
    Global(usize),
    Local(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Machine;

    impl Readout for Machine {
        fn numbered(&self, index: u32) -> Option<f64> {
            (index == 5420).then_some(12.0)
        }

        fn named(&self, name: &[u8]) -> Option<f64> {
            match name {
                b"_x" => Some(12.0),
                b"_metric" => Some(1.0),
                b"_ini[a]b" => Some(7.0),
                _ => None,
            }
        }
    }

    /// Does the assignments of a line and commits them.
    fn line(p: &mut Parameters, text: &str) -> Result<(), Fault> {
        let text = text.as_bytes();
        let mut at = 0;
        while let Some(length) = assignment(&text[at..]) {
            let (used, _) = p.assign(&text[at..], &Machine)?;
            assert_eq!(used, length);
            at += used;
        }
        assert_eq!(at, text.len());
        p.commit();
        Ok(())
    }

    fn get(p: &Parameters, text: &str) -> Result<f64, FaultKind> {
        let value = evaluate(text.as_bytes(), &p.scope(&Machine)).map_err(|f| f.kind)?;
        Ok(value.0)
    }

    fn is(p: &Parameters, text: &str, expected: f64) {
        let value = get(p, text).unwrap_or_else(|k| panic!("{text}: {k:?}"));
        assert!((value - expected).abs() < 1e-12, "{text}: {value}");
    }

    #[test]
    fn assignments_of_a_line_are_simultaneous() {
        let mut p = Parameters::new();
        line(&mut p, "#1=5").unwrap();
        line(&mut p, "#1=10 #2=#1 # 3 = [#1 + 1]").unwrap();
        is(&p, "#1", 10.0);
        is(&p, "#2", 5.0);
        is(&p, "#3", 6.0);
        line(&mut p, "#4=1#4=2").unwrap();
        is(&p, "#4", 2.0);
        line(&mut p, "##2=7 #[#3+1]=-sqrt[4]").unwrap();
        is(&p, "#5", 7.0);
        is(&p, "#7", -2.0);
    }

    #[test]
    fn a_name_exists_once_it_was_read_on_the_left() {
        let mut p = Parameters::new();
        assert_eq!(get(&p, "#<n>"), Err(FaultKind::UnknownParameter));
        line(&mut p, "#<N>=[#<n>+1]").unwrap();
        is(&p, "#< n >", 1.0);
        line(&mut p, "#1=exists[#<m>] #<m>=3 #2=[exists[#<m>]+#<m>]").unwrap();
        is(&p, "#1", 0.0);
        is(&p, "#2", 1.0);
        is(&p, "#<m>", 3.0);
    }

    #[test]
    fn faults() {
        use FaultKind::*;
        let mut p = Parameters::new();
        for (text, kind, at) in [
            ("#1X", NoEqualSign, 2),
            ("#1=", NoValue, 3),
            ("#1=[2", UnbalancedBracket, 3),
            ("#", NoValue, 1),
            ("#0=1", NoSuchParameter, 1),
            ("#5602=1", NoSuchParameter, 1),
            ("#1.5=1", NotAnInteger, 1),
            ("#5400=1", ReadOnly, 1),
            ("#5428=1", ReadOnly, 1),
            ("#<_x>=1", ReadOnly, 1),
            ("#<_value>=1", ReadOnly, 1),
            ("#<_ini[a]b>=1", ReadOnly, 1),
            ("#<x=1", OpenName, 1),
        ] {
            let fault = p.assign(text.as_bytes(), &Machine).unwrap_err();
            assert_eq!(fault, Fault { kind, at }, "{text}");
            assert_eq!(
                assignment(text.as_bytes()),
                Some(
                    text.len()
                        .min(if kind == NoEqualSign { 2 } else { usize::MAX })
                ),
                "{text}"
            );
        }
        assert_eq!(p.held().count(), 0);
        assert_eq!(assignment(b"X#1=2"), None);
        line(&mut p, "#5221=3 #5399=1 #31=8 #5601=9").unwrap();
        is(&p, "#5221", 3.0);
        is(&p, "#5601", 9.0);
    }

    #[test]
    fn calls_save_and_restore() {
        let mut p = Parameters::new();
        line(&mut p, "#1=4 #2=5 #31=6 #<a>=1 #<_g>=2").unwrap();
        let mut arguments = [0.0; ARGUMENTS];
        arguments[0] = 9.0;
        p.enter(Some(&arguments));
        is(&p, "#1", 9.0);
        is(&p, "#2", 0.0);
        is(&p, "#<_call_level>", 1.0);
        assert_eq!(get(&p, "#<a>"), Err(FaultKind::UnknownParameter));
        line(&mut p, "#1=1 #31=7 #<a>=8 #<_g>=3").unwrap();
        p.enter(None);
        is(&p, "#1", 1.0);
        assert_eq!(get(&p, "#<a>"), Err(FaultKind::UnknownParameter));
        line(&mut p, "#2=22").unwrap();
        p.leave(Return::Unchanged);
        is(&p, "#2", 22.0);
        is(&p, "#<a>", 8.0);
        p.leave(Return::Value(Some(5.0)));
        is(&p, "#1", 4.0);
        is(&p, "#2", 5.0);
        is(&p, "#31", 7.0);
        is(&p, "#<a>", 1.0);
        is(&p, "#<_g>", 3.0);
        is(&p, "#<_value>", 5.0);
        is(&p, "#<_value_returned>", 1.0);
        p.enter(Some(&arguments));
        is(&p, "#<_value>", 0.0);
        is(&p, "#<_value_returned>", 0.0);
        p.leave(Return::Value(None));
        assert_eq!(p.level(), 0);
    }

    #[test]
    fn read_outs_are_asked_and_noted() {
        let mut p = Parameters::new();
        let reads = |p: &Parameters, text: &str| {
            let scope = p.scope(&Machine);
            let value = evaluate(text.as_bytes(), &scope).unwrap().0;
            (value.round() as i64, scope.reads())
        };
        assert_eq!(reads(&p, "[#1+#<_call_level>]"), (0, None));
        assert_eq!(reads(&p, "#[5419+1]"), (12, Some(Volatile::Machine)));
        assert_eq!(
            reads(&p, "[#<_x>+#<_metric>]"),
            (13, Some(Volatile::Machine))
        );
        assert_eq!(reads(&p, "#<_ini[A]B>"), (7, Some(Volatile::State)));
        assert_eq!(reads(&p, "exists[#<_y>]"), (0, Some(Volatile::Machine)));
        assert_eq!(reads(&p, "#5421"), (0, Some(Volatile::Machine)));
        let (_, noted) = p.assign(b"#[5430-#5420]=1", &Machine).unwrap();
        assert_eq!(noted, Some(Volatile::Machine));
        assert_eq!(p.held().map(|(n, _)| n).collect::<Vec<_>>(), [5418_u32]);
    }

    #[test]
    fn names_are_limited_over_all_callers() {
        let mut p = Parameters::new();
        for i in 0..MOST_NAMES {
            if i % 1000 == 0 {
                p.enter(None);
            }
            let name = format!("#<n{i}>=1");
            let _ = p.assign(name.as_bytes(), &Machine).unwrap();
        }
        let fault = p.assign(b"#<one>=1", &Machine).unwrap_err();
        assert_eq!(fault.kind, FaultKind::TooManyNames);
        p.leave(Return::Unchanged);
        assert!(p.assign(b"#<one>=1", &Machine).is_ok());
    }
}
