//! Structured programs, written out and run, against plain recursion over their
//! statements.

use super::super::Limits;
use super::{run, traced};
use proptest::prelude::*;

/// A statement of a structured program.
#[derive(Clone, Debug)]
enum Statement {
    /// Adds to the trace.
    Trace,
    /// Adds to #40.
    Add(u32),
    If(Vec<(Test, Vec<Statement>)>, Option<Vec<Statement>>),
    /// While, do or repeat, so many rounds at most.
    Loop(Form, u32, Vec<Statement>),
    /// Out of, or on with, the loop so many levels up, if there is one.
    Leave(bool, usize, Test),
    /// A call of a later subroutine, if there is one.
    Call(usize, u32),
    Return(Test, u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    While,
    Do,
    Repeat,
}

/// True if #40 modulo the first is less than the second.
type Test = (u32, u32);

fn statements() -> impl Strategy<Value = Vec<Statement>> {
    let test = (1_u32..5, 0_u32..4);
    let leaf = prop_oneof![
        3 => Just(Statement::Trace),
        3 => (1_u32..7).prop_map(Statement::Add),
        1 => (any::<bool>(), 0_usize..3, test.clone()).prop_map(|(b, l, t)| Statement::Leave(b, l, t)),
        2 => (0_usize..3, 0_u32..9).prop_map(|(s, a)| Statement::Call(s, a)),
        1 => (test.clone(), 0_u32..9).prop_map(|(t, v)| Statement::Return(t, v)),
    ];
    let statement = leaf.prop_recursive(4, 30, 4, move |inner| {
        let body = prop::collection::vec(inner, 0..4);
        prop_oneof![
            (
                prop::collection::vec((test.clone(), body.clone()), 1..4),
                prop::option::of(body.clone())
            )
                .prop_map(|(branches, other)| Statement::If(branches, other)),
            (
                prop_oneof![Just(Form::While), Just(Form::Do), Just(Form::Repeat)],
                0_u32..4,
                body
            )
                .prop_map(|(form, rounds, body)| Statement::Loop(form, rounds, body)),
        ]
    });
    prop::collection::vec(statement, 0..6)
}

/// Writes statements; `next` is the next free label, which is also the number of
/// the parameter that counts the rounds of a loop.
fn write(
    body: &[Statement],
    sub: usize,
    subs: usize,
    loops: &mut Vec<u32>,
    next: &mut u32,
    out: &mut String,
) {
    let test = |(m, less): Test| format!("[[#40 MOD {m}] LT {less}]");
    for statement in body {
        let n = *next;
        *next += 1;
        match statement {
            Statement::Trace => out.push_str("T[#40*10+#1]\n"),
            Statement::Add(v) => out.push_str(&format!("#40=[#40+{v}]\n")),
            Statement::If(branches, other) => {
                for (i, (condition, inside)) in branches.iter().enumerate() {
                    let word = if i == 0 { "if" } else { "elseif" };
                    out.push_str(&format!("o{n} {word} {}\n", test(*condition)));
                    write(inside, sub, subs, loops, next, out);
                }
                if let Some(inside) = other {
                    out.push_str(&format!("o{n} else\n"));
                    write(inside, sub, subs, loops, next, out);
                }
                out.push_str(&format!("o{n} endif\n"));
            }
            Statement::Loop(form, rounds, inside) => {
                loops.push(n);
                match form {
                    Form::While => out.push_str(&format!(
                        "#{n}=0\no{n} while [#{n} LT {rounds}]\n#{n}=[#{n}+1]\n"
                    )),
                    Form::Do => out.push_str(&format!("#{n}=0\no{n} do\n#{n}=[#{n}+1]\n")),
                    Form::Repeat => out.push_str(&format!("o{n} repeat [{rounds}]\n")),
                }
                write(inside, sub, subs, loops, next, out);
                out.push_str(&match form {
                    Form::While => format!("o{n} endwhile\n"),
                    Form::Do => format!("o{n} while [#{n} LT {rounds}]\n"),
                    Form::Repeat => format!("o{n} endrepeat\n"),
                });
                let _ = loops.pop();
            }
            Statement::Leave(breaks, levels, condition) => {
                if let Some(at) = loops.len().checked_sub(levels + 1) {
                    let word = if *breaks { "break" } else { "continue" };
                    let label = loops[at];
                    out.push_str(&format!(
                        "o{n} if {}\no{label} {word}\no{n} endif\n",
                        test(*condition)
                    ));
                }
            }
            Statement::Call(ahead, argument) => {
                if sub + ahead + 1 < subs {
                    out.push_str(&format!(
                        "o<s{}> call [{argument}]\n#40=[#40+#<_value>]\n",
                        sub + ahead + 1
                    ));
                }
            }
            Statement::Return(condition, v) => {
                if sub > 0 {
                    out.push_str(&format!(
                        "o{n} if {}\no<s{sub}> return [{v}]\no{n} endif\n",
                        test(*condition)
                    ));
                }
            }
        }
    }
}

/// How a list of statements ended.
enum Left {
    End,
    Break(usize),
    Continue(usize),
    Return(u32),
}

/// Runs statements by plain recursion.
struct Oracle<'a> {
    subs: &'a [Vec<Statement>],
    sum: u32,
    trace: Vec<i64>,
    fuel: u32,
}

impl Oracle<'_> {
    fn is(&self, (m, less): Test) -> bool {
        self.sum % m < less
    }

    fn body(
        &mut self,
        body: &[Statement],
        sub: usize,
        loops: usize,
        argument: u32,
    ) -> Option<Left> {
        for statement in body {
            self.fuel = self.fuel.checked_sub(1)?;
            let left = match statement {
                Statement::Trace => {
                    self.trace.push(i64::from(self.sum * 10 + argument));
                    Left::End
                }
                Statement::Add(v) => {
                    self.sum += v;
                    Left::End
                }
                Statement::If(branches, other) => {
                    let taken = branches.iter().find(|(test, _)| self.is(*test));
                    match taken.map(|(_, inside)| inside).or(other.as_ref()) {
                        Some(inside) => self.body(inside, sub, loops, argument)?,
                        None => Left::End,
                    }
                }
                Statement::Loop(form, rounds, inside) => {
                    let rounds = if *form == Form::Do {
                        (*rounds).max(1)
                    } else {
                        *rounds
                    };
                    let mut out = Left::End;
                    for _ in 0..rounds {
                        match self.body(inside, sub, loops + 1, argument)? {
                            Left::End | Left::Continue(0) => {}
                            Left::Break(0) => break,
                            Left::Break(n) => out = Left::Break(n - 1),
                            Left::Continue(n) => out = Left::Continue(n - 1),
                            Left::Return(v) => out = Left::Return(v),
                        }
                        if !matches!(out, Left::End) {
                            break;
                        }
                    }
                    out
                }
                Statement::Leave(breaks, levels, test) if *levels < loops && self.is(*test) => {
                    if *breaks {
                        Left::Break(*levels)
                    } else {
                        Left::Continue(*levels)
                    }
                }
                Statement::Call(ahead, value) if sub + ahead + 1 < self.subs.len() => {
                    let callee = sub + ahead + 1;
                    let subs = self.subs;
                    if let Left::Return(v) = self.body(&subs[callee], callee, 0, *value)? {
                        self.sum += v;
                    }
                    Left::End
                }
                Statement::Return(test, v) if sub > 0 && self.is(*test) => Left::Return(*v),
                _ => Left::End,
            };
            if !matches!(left, Left::End) {
                return Some(left);
            }
        }
        Some(Left::End)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn agrees_with_plain_recursion(
        subs in prop::collection::vec(statements(), 1..4),
        defined_first: bool,
    ) {
        let mut next = 100;
        let mut definitions = String::new();
        for (sub, body) in subs.iter().enumerate().skip(1) {
            definitions.push_str(&format!("o<s{sub}> sub\n"));
            write(body, sub, subs.len(), &mut Vec::new(), &mut next, &mut definitions);
            definitions.push_str(&format!("o<s{sub}> endsub\n"));
        }
        let mut main = String::new();
        write(&subs[0], 0, subs.len(), &mut Vec::new(), &mut next, &mut main);
        let text = match defined_first {
            true => definitions + &main,
            false => main + "M2\n" + &definitions,
        };
        let mut oracle = Oracle { subs: &subs, sum: 0, trace: Vec::new(), fuel: 20_000 };
        if oracle.body(&subs[0], 0, 0, 0).is_some() {
            prop_assert_eq!(traced(&text), oracle.trace, "{}", text);
        }
    }

    #[test]
    fn any_lines_have_an_answer(words in prop::collection::vec((0_u32..4, 0_usize..18), 0..40)) {
        let rest = [
            "sub", "endsub", "call", "call [1]", "if [1]", "if [0]", "elseif [#1]", "else", "endif",
            "while [#1 LT 9]", "endwhile", "do", "while [0]", "repeat [2]", "endrepeat", "break",
            "continue", "return [1]",
        ];
        let text: Vec<String> = words.iter().map(|(n, w)| format!("o{n} {}\n#1=[#1+1]", rest[*w])).collect();
        let limits = Limits { lines: 5000, calls: 10 };
        if let Err(fault) = run(&text.join("\n"), limits) {
            prop_assert!(fault.line < 2 * text.len(), "{fault:?}");
        }
    }
}
