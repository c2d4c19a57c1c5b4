//! The operators and functions of RS274/NGC: what each computes, and when it
//! has no result. Angles are in degrees, as the language has them.

use super::fault::FaultKind;

/// Numbers closer than this are equal to `EQ`, `NE`, `GE` and `LE` (not to `GT`
/// and `LT`). LinuxCNC's value up to 2.9; later versions say 1e-6.
const EQUAL: f64 = 1e-4;

/// An index may be off an integer by this much (LinuxCNC, "Numbers").
const INTEGER: f64 = 1e-4;

/// An operator between two values in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Power,
    Times,
    Over,
    Mod,
    Plus,
    Minus,
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    And,
    Or,
    Xor,
}

impl Operator {
    /// How tightly it binds; those of one rank are done from left to right.
    pub(crate) const fn rank(self) -> u8 {
        match self {
            Operator::Power => 4,
            Operator::Times | Operator::Over | Operator::Mod => 3,
            Operator::Plus | Operator::Minus => 2,
            Operator::Eq
            | Operator::Ne
            | Operator::Gt
            | Operator::Ge
            | Operator::Lt
            | Operator::Le => 1,
            Operator::And | Operator::Or | Operator::Xor => 0,
        }
    }

    /// `left` operator `right`.
    ///
    /// # Errors
    /// [`FaultKind::Domain`] for a division by zero, `MOD 0` and a root of a
    /// negative number; [`FaultKind::NotFinite`] beyond the range of numbers.
    /// (LinuxCNC lets the last be compared and refuses it only as a result.)
    pub(crate) fn apply(self, left: f64, right: f64) -> Result<f64, FaultKind> {
        let near = (left - right).abs() < EQUAL;
        let result = match self {
            Operator::Power if left < 0.0 && right.floor() < right => {
                return Err(FaultKind::Domain);
            }
            Operator::Power => left.powf(right),
            Operator::Times => left * right,
            Operator::Over | Operator::Mod if is_zero(right) => return Err(FaultKind::Domain),
            Operator::Over => left / right,
            Operator::Mod => match left % right {
                rest if rest < 0.0 => rest + right.abs(),
                rest => rest,
            },
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Eq => truth(near),
            Operator::Ne => truth(!near),
            Operator::Gt => truth(left > right),
            Operator::Ge => truth(left >= right),
            Operator::Lt => truth(left < right),
            Operator::Le => truth(left <= right),
            Operator::And => truth(!is_zero(left) && !is_zero(right)),
            Operator::Or => truth(!is_zero(left) || !is_zero(right)),
            Operator::Xor => truth(is_zero(left) != is_zero(right)),
        };
        match result.is_finite() {
            true => Ok(result),
            false => Err(FaultKind::NotFinite),
        }
    }
}

/// A function of one value. `atan` and `exists` are read apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Abs,
    Acos,
    Asin,
    Cos,
    Exp,
    Fix,
    Fup,
    Ln,
    Round,
    Sin,
    Sqrt,
    Tan,
}

impl Function {
    /// The function of `v`.
    ///
    /// # Errors
    /// [`FaultKind::Domain`] for a root of a negative number, a logarithm of
    /// zero or less, and an arc of more than one.
    pub(crate) fn apply(self, v: f64) -> Result<f64, FaultKind> {
        let domain = match self {
            Function::Acos | Function::Asin => v.abs() <= 1.0,
            Function::Ln => v > 0.0,
            Function::Sqrt => v >= 0.0,
            _ => true,
        };
        if !domain {
            return Err(FaultKind::Domain);
        }
        Ok(match self {
            Function::Abs => v.abs(),
            Function::Acos => v.acos().to_degrees(),
            Function::Asin => v.asin().to_degrees(),
            Function::Cos => v.to_radians().cos(),
            Function::Exp => v.exp(),
            Function::Fix => v.floor(),
            Function::Fup => v.ceil(),
            Function::Ln => v.ln(),
            Function::Round => v.round(),
            Function::Sin => v.to_radians().sin(),
            Function::Sqrt => v.sqrt(),
            Function::Tan => v.to_radians().tan(),
        })
    }
}

/// `atan[y]/[x]`: the angle of the point (x, y), from -180 to 180 degrees.
pub(crate) fn atan(y: f64, x: f64) -> f64 {
    y.atan2(x).to_degrees()
}

/// One for true, zero for false.
pub(crate) fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// Whether `v` is false to the language: only zero is.
pub(crate) fn is_zero(v: f64) -> bool {
    v.abs() <= 0.0
}

/// The integer that `v` is near.
///
/// # Errors
/// [`FaultKind::NotAnInteger`] when it is near none, or beyond 2^53.
pub(crate) fn integer(v: f64) -> Result<i64, FaultKind> {
    let whole = v.round();
    if (v - whole).abs() > INTEGER || whole.abs() > 9.0e15 || v.is_nan() {
        return Err(FaultKind::NotAnInteger);
    }
    Ok(whole as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modulo_is_never_negative() {
        let modulo = |a, b| Operator::Mod.apply(a, b).unwrap();
        assert!((modulo(-7.0, 3.0) - 2.0).abs() < 1e-12);
        assert!((modulo(7.0, -3.0) - 1.0).abs() < 1e-12);
        assert!((modulo(7.5, 2.0) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn equality_has_a_tolerance_and_order_has_none() {
        let is = |o: Operator, a: f64, b: f64| !is_zero(o.apply(a, b).unwrap());
        assert!(is(Operator::Eq, 1.0, 1.00009));
        assert!(!is(Operator::Eq, 1.0, 1.00011));
        assert!(is(Operator::Ne, 1.0, 1.00011));
        assert!(!is(Operator::Le, 1.0, 0.99995) && is(Operator::Le, 1.0, 1.0));
        assert!(!is(Operator::Ge, 0.99995, 1.0) && is(Operator::Ge, 1.0, 1.0));
        assert!(is(Operator::Lt, 1.0, 1.00001));
        assert!(is(Operator::Gt, 1.00001, 1.0));
    }

    #[test]
    fn results_that_do_not_exist() {
        for (function, v) in [
            (Function::Sqrt, -1e-9),
            (Function::Ln, 0.0),
            (Function::Ln, -1.0),
            (Function::Asin, 1.1),
            (Function::Acos, -1.1),
        ] {
            assert_eq!(function.apply(v), Err(FaultKind::Domain), "{function:?}");
        }
        assert_eq!(Operator::Over.apply(1.0, 0.0), Err(FaultKind::Domain));
        assert_eq!(Operator::Over.apply(1.0, -0.0), Err(FaultKind::Domain));
        assert_eq!(Operator::Mod.apply(1.0, 0.0), Err(FaultKind::Domain));
        assert_eq!(Operator::Power.apply(0.0, -1.0), Err(FaultKind::NotFinite));
        assert_eq!(Operator::Power.apply(-2.0, 0.5), Err(FaultKind::Domain));
    }

    #[test]
    fn integers_are_near() {
        assert_eq!(integer(1.00005), Ok(1));
        assert_eq!(integer(0.99995), Ok(1));
        assert_eq!(integer(-3.0), Ok(-3));
        for v in [1.0002, 1.9997, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(integer(v), Err(FaultKind::NotAnInteger), "{v}");
        }
    }
}
