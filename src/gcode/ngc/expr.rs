//! The value of an expression.
//!
//! A real value is a number, `[ .. ]`, a parameter, a function, or any of these
//! behind a sign. Binary operators stand only in brackets; the tightest is `**`,
//! then `* / MOD`, `+ -`, the six comparisons, and `AND OR XOR`, and those of one
//! rank are done from left to right (so `2**3**2` is 64). A sign belongs to its
//! value: `-2**2` is 4.
//!
//! One stack holds what waits for a value: signs, `#`, open brackets, and
//! operators with their left side. It has room for [`DEEPEST`] entries; the first
//! few are on the machine's stack, so that no ordinary value allocates.
//!
//! Sources of the rules: LinuxCNC, "G-code Overview" (numbers, parameters,
//! expressions, binary operators, functions), and what its interpreter answers.

use super::extent::{Named, function};
use super::fault::{Fault, FaultKind};
use super::math::{self, Function, Operator};
use super::text::{LONGEST_NAME, fold, keyword, name, peek};
use crate::gcode::number;

/// The most entries that may wait at a time. LinuxCNC reads at most 255 bytes of
/// a line, which cannot hold more.
pub(crate) const DEEPEST: usize = 256;

/// The last numbered parameter. LinuxCNC's manual says 5602, its interpreter
/// refuses that one.
pub(crate) const LAST_NUMBER: u32 = 5601;

/// What an expression can see.
pub(crate) trait Environment {
    /// The value of a numbered parameter, 1 to [`LAST_NUMBER`].
    fn numbered(&self, index: u32) -> Option<f64>;

    /// The value of a named parameter; `name` has no blanks and no upper case.
    fn named(&self, name: &[u8]) -> Option<f64>;
}

/// The value at the start of `text`, and how many bytes it takes.
///
/// # Errors
/// The first [`Fault`], with its place in `text`.
///
/// # Complexity
/// O(length of the value), apart from the environment; no recursion, and no
/// allocation while fewer than 17 entries wait.
pub(crate) fn evaluate(text: &[u8], env: &impl Environment) -> Result<(f64, usize), Fault> {
    if let Some((i, b'0'..=b'9' | b'.')) = peek(text, 0)
        && let Some(n) = number::parse(&text[i..], true)
        && n.value.is_finite()
    {
        return Ok((n.value, i + n.used));
    }
    let mut stack = Stack::new();
    let (mut value, mut at) = operand(text, 0, &mut stack, env)?;
    loop {
        (value, at) = prefixes(text, value, at, &mut stack, env)?;
        if stack.len == 0 {
            return Ok((value, at));
        }
        let Some((i, byte)) = peek(text, at) else {
            return Err(stack.unclosed(at));
        };
        if byte == b']' {
            value = reduce(&mut stack, value, 0)?;
            at = i + 1;
            let opened = stack.pop();
            let place = opened.at as usize;
            value = match opened.what {
                Wait::Function(f) => f.apply(value).map_err(|k| Fault::new(k, place))?,
                Wait::AtanX => math::atan(opened.left, value),
                Wait::AtanY => {
                    at = second_argument(text, at)?;
                    stack.push(Wait::AtanX, value, place)?;
                    (value, at) = operand(text, at, &mut stack, env)?;
                    value
                }
                _ => value,
            };
            continue;
        }
        let (operator, next) =
            operator(text, i, byte).ok_or(Fault::new(FaultKind::BadOperator, i))?;
        value = reduce(&mut stack, value, operator.rank())?;
        stack.push(Wait::Operator(operator), value, i)?;
        (value, at) = operand(text, next, &mut stack, env)?;
    }
}

/// The number of a parameter, from its value.
///
/// # Errors
/// [`FaultKind::NotAnInteger`], [`FaultKind::NoSuchParameter`].
pub(crate) fn index(value: f64) -> Result<u32, FaultKind> {
    match u32::try_from(math::integer(value)?) {
        Ok(i) if (1..=LAST_NUMBER).contains(&i) => Ok(i),
        _ => Err(FaultKind::NoSuchParameter),
    }
}

/// Something that waits for the value to its right.
#[derive(Clone, Copy)]
enum Wait {
    Negate,
    Parameter,
    Exists,
    Bracket,
    Function(Function),
    AtanY,
    AtanX,
    Operator(Operator),
}

#[derive(Clone, Copy)]
struct Waiting {
    /// The left side of an operator; the first argument of `atan`.
    left: f64,
    at: u32,
    what: Wait,
}

/// Entries that fit before the heap is asked.
const INLINE: usize = 16;

struct Stack {
    inline: [Waiting; INLINE],
    more: Vec<Waiting>,
    len: usize,
}

impl Stack {
    fn new() -> Self {
        const NONE: Waiting = Waiting {
            left: 0.0,
            at: 0,
            what: Wait::Bracket,
        };
        Stack {
            inline: [NONE; INLINE],
            more: Vec::new(),
            len: 0,
        }
    }

    fn push(&mut self, what: Wait, left: f64, at: usize) -> Result<(), Fault> {
        let fault = Fault::new(FaultKind::TooDeep, at);
        let waiting = Waiting {
            left,
            at: fault.at,
            what,
        };
        if self.len < INLINE {
            self.inline[self.len] = waiting;
        } else if self.len < DEEPEST {
            self.more.push(waiting);
        } else {
            return Err(fault);
        }
        self.len += 1;
        Ok(())
    }

    fn top(&self) -> Option<&Waiting> {
        match self.len {
            0 => None,
            n if n <= INLINE => Some(&self.inline[n - 1]),
            _ => self.more.last(),
        }
    }

    /// The last entry; a bracket when there is none, which no caller meets.
    fn pop(&mut self) -> Waiting {
        self.len = self.len.saturating_sub(1);
        match self.more.pop() {
            Some(waiting) => waiting,
            None => self.inline[self.len],
        }
    }

    /// The text ended at `at`: a bracket is open, or a value is missing.
    fn unclosed(&self, at: usize) -> Fault {
        let inline = &self.inline[..self.len.min(INLINE)];
        let bracket = |w: &&Waiting| {
            matches!(
                w.what,
                Wait::Bracket | Wait::Function(_) | Wait::AtanY | Wait::AtanX | Wait::Exists
            )
        };
        match inline.iter().chain(&self.more).rfind(bracket) {
            Some(open) => Fault {
                kind: FaultKind::UnbalancedBracket,
                at: open.at,
            },
            None => Fault::new(FaultKind::NoValue, at),
        }
    }
}

/// Reads up to and with the next number or named parameter; what stands before
/// it waits on the stack.
fn operand(
    text: &[u8],
    mut at: usize,
    stack: &mut Stack,
    env: &impl Environment,
) -> Result<(f64, usize), Fault> {
    loop {
        let Some((i, byte)) = peek(text, at) else {
            return Err(stack.unclosed(at));
        };
        at = i + 1;
        match byte {
            b'0'..=b'9' | b'.' => {
                return match number::parse(&text[i..], true) {
                    Some(n) => Ok((n.value, i + n.used)),
                    None => Err(Fault::new(FaultKind::NoValue, i)),
                };
            }
            b'+' => {}
            b'-' if matches!(stack.top(), Some(w) if matches!(w.what, Wait::Negate)) => {
                let _ = stack.pop();
            }
            b'-' => stack.push(Wait::Negate, 0.0, i)?,
            b'[' => stack.push(Wait::Bracket, 0.0, i)?,
            b'#' => match peek(text, at) {
                Some((open, b'<')) => {
                    let (found, end) = look_up(text, open, env)?;
                    let unknown = Fault::new(FaultKind::UnknownParameter, i);
                    return Ok((found.ok_or(unknown)?, end));
                }
                _ => stack.push(Wait::Parameter, 0.0, i)?,
            },
            b'a'..=b'z' | b'A'..=b'Z' => {
                let (named, end) =
                    function(text, i).ok_or(Fault::new(FaultKind::UnknownFunction, i))?;
                let Some((open, b'[')) = peek(text, end) else {
                    return Err(Fault::new(FaultKind::NoArgument, end));
                };
                at = open + 1;
                match named {
                    Named::Function(f) => stack.push(Wait::Function(f), 0.0, i)?,
                    Named::Atan => stack.push(Wait::AtanY, 0.0, i)?,
                    Named::Exists => {
                        let wrong = Fault::new(FaultKind::NotAParameter, at);
                        at = keyword(text, at, b"#").ok_or(wrong)?;
                        if let Some((open, b'<')) = peek(text, at) {
                            let (found, end) = look_up(text, open, env)?;
                            let end = close_exists(text, end)?;
                            return Ok((math::truth(found.is_some()), end));
                        }
                        stack.push(Wait::Exists, 0.0, i)?;
                    }
                }
            }
            _ => return Err(Fault::new(FaultKind::NoValue, i)),
        }
    }
}

/// Does what waits directly before a value that is complete.
fn prefixes(
    text: &[u8],
    mut value: f64,
    mut at: usize,
    stack: &mut Stack,
    env: &impl Environment,
) -> Result<(f64, usize), Fault> {
    loop {
        if !value.is_finite() {
            return Err(Fault::new(FaultKind::NotFinite, at));
        }
        let Some(Waiting {
            what, at: place, ..
        }) = stack.top().copied()
        else {
            return Ok((value, at));
        };
        let fault = |kind| Fault::new(kind, place as usize);
        match what {
            Wait::Negate => value = -value,
            Wait::Parameter => {
                let index = index(value).map_err(fault)?;
                value = env
                    .numbered(index)
                    .ok_or(fault(FaultKind::NoSuchParameter))?;
            }
            Wait::Exists => {
                let whole = math::integer(value).map_err(fault)?;
                value = math::truth((1..=i64::from(LAST_NUMBER)).contains(&whole));
                at = close_exists(text, at)?;
            }
            _ => return Ok((value, at)),
        }
        let _ = stack.pop();
    }
}

/// Does the operators on top of the stack that bind as tightly as `rank`.
fn reduce(stack: &mut Stack, mut value: f64, rank: u8) -> Result<f64, Fault> {
    while let Some(Waiting {
        what: Wait::Operator(operator),
        left,
        at,
    }) = stack.top().copied()
    {
        if operator.rank() < rank {
            break;
        }
        value = operator
            .apply(left, value)
            .map_err(|kind| Fault { kind, at })?;
        let _ = stack.pop();
    }
    Ok(value)
}

/// The parameter whose `<name>` begins at `open`, and the offset behind it.
fn look_up(
    text: &[u8],
    open: usize,
    env: &impl Environment,
) -> Result<(Option<f64>, usize), Fault> {
    let inside = name(text, open).ok_or(Fault::new(FaultKind::OpenName, open))?;
    let end = inside.end + 1;
    let mut buffer = [0; LONGEST_NAME];
    let folded = fold(&text[inside], &mut buffer).map_err(|f| f.shifted(open))?;
    Ok((env.named(folded), end))
}

fn close_exists(text: &[u8], at: usize) -> Result<usize, Fault> {
    keyword(text, at, b"]").ok_or(Fault::new(FaultKind::NotAParameter, at))
}

/// Behind the `/[` of an `atan`.
fn second_argument(text: &[u8], at: usize) -> Result<usize, Fault> {
    keyword(text, at, b"/[").ok_or(Fault::new(FaultKind::NoArgument, at))
}

/// The operator that begins with `byte` at `at`, and the offset behind it.
fn operator(text: &[u8], at: usize, byte: u8) -> Option<(Operator, usize)> {
    let words: &[(&[u8], Operator)] = match byte.to_ascii_lowercase() {
        b'*' => &[(b"**", Operator::Power), (b"*", Operator::Times)],
        b'/' => &[(b"/", Operator::Over)],
        b'+' => &[(b"+", Operator::Plus)],
        b'-' => &[(b"-", Operator::Minus)],
        b'm' => &[(b"mod", Operator::Mod)],
        b'e' => &[(b"eq", Operator::Eq)],
        b'n' => &[(b"ne", Operator::Ne)],
        b'g' => &[(b"gt", Operator::Gt), (b"ge", Operator::Ge)],
        b'l' => &[(b"lt", Operator::Lt), (b"le", Operator::Le)],
        b'a' => &[(b"and", Operator::And)],
        b'o' => &[(b"or", Operator::Or)],
        b'x' => &[(b"xor", Operator::Xor)],
        _ => return None,
    };
    words
        .iter()
        .find_map(|(word, operator)| Some((*operator, keyword(text, at, word)?)))
}

#[cfg(test)]
mod tests;
