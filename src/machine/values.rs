//! What the value of a figure may be; the message of what is wrong follows its name.

use super::Value;

pub(super) fn number(value: &Value) -> Result<f64, String> {
    match value {
        Value::Number(v) => Ok(*v),
        _ => Err("must be a number".into()),
    }
}

pub(super) fn numbers<const N: usize>(value: &Value) -> Result<[f64; N], String> {
    match value {
        Value::Numbers(v) => v.as_slice().try_into().ok(),
        _ => None,
    }
    .ok_or_else(|| format!("must be {N} numbers in brackets"))
}

pub(super) fn flag(value: &Value) -> Result<bool, String> {
    match value {
        Value::Flag(v) => Ok(*v),
        _ => Err("must be true or false".into()),
    }
}

pub(super) fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Text(v) => Ok(v.clone()),
        _ => Err("must be a text in quotes".into()),
    }
}

pub(super) fn count(value: &Value) -> Result<usize, String> {
    match number(value)? {
        v if (1.0..=1e6).contains(&v) && v.fract() == 0.0 => Ok(v as usize),
        _ => Err("must be a whole number from 1 to 1000000".into()),
    }
}

pub(super) fn at_least_0(v: f64) -> Result<f64, String> {
    if v.is_finite() && v >= 0.0 {
        Ok(v)
    } else {
        Err(format!("must be a finite number of at least 0, not {v}"))
    }
}

pub(super) fn finite(v: [f64; 3]) -> Result<[f64; 3], String> {
    if v.iter().all(|v| v.is_finite()) {
        Ok(v)
    } else {
        Err("must be finite numbers of mm".into())
    }
}
