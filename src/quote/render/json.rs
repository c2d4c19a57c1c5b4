use super::percent_decimal;
use crate::money::Amount;
use crate::quote::compute::{coin, decimals};
use crate::quote::{Lang, LineKind, Note, Quote, Unit};
use serde_json::{Value, json};

/// The quote as JSON, schema `trajet.quote/1`: amounts as decimal text and as
/// whole numbers of the currency's smallest coin. `kind`, `unit` and `wait` are
/// names for programs, the same in all languages; `description`, `unit_text` and
/// `text` are for people.
#[must_use]
pub fn json(quote: &Quote, lang: Lang) -> String {
    let amount = |a: Amount| {
        json!({
            "decimal": a.to_decimal(decimals(&quote.currency)),
            "minor": a.parts() / coin(&quote.currency).parts(),
        })
    };
    let lines: Vec<Value> = quote
        .lines
        .iter()
        .map(|line| {
            let (kind, jobs, name) = match &line.kind {
                LineKind::MachineTime { jobs } => ("machine-time", Some(jobs), None),
                LineKind::StartFee => ("start-fee", None, None),
                LineKind::Material { name } => ("material", None, Some(name)),
            };
            let (unit, seconds) = match line.unit {
                Unit::Minute => ("minute", Some(60)),
                Unit::Hour => ("hour", Some(3600)),
                Unit::Slice(s) => ("slice", Some(s)),
                Unit::Piece => ("piece", None),
                Unit::SquareMetre => ("square-metre", None),
                Unit::Sheet => ("sheet", None),
            };
            json!({
                "kind": kind,
                "jobs": jobs,
                "material": name,
                "description": lang.what(line),
                "quantity": Amount::from_parts(line.quantity.saturating_mul(10)).to_decimal(3),
                "unit": unit,
                "unit_seconds": seconds,
                "unit_text": lang.unit(line.unit),
                "unit_price": line.unit_price.to_decimal(4),
                "amount": amount(line.amount),
            })
        })
        .collect();
    let notes: Vec<Value> = quote.notes.iter().map(|n| note(n, lang)).collect();
    let vat = quote
        .vat
        .map(|(rate, tax)| json!({ "percent": percent_decimal(rate), "amount": amount(tax) }));
    let all = json!({
        "schema": "trajet.quote/1",
        "language": lang.tag(),
        "currency": quote.currency,
        "lines": lines,
        "notes": notes,
        "net": amount(quote.net),
        "vat": vat,
        "total": amount(quote.total),
    });
    format!("{all:#}\n")
}

/// A note with what it says as values.
fn note(note: &Note, lang: Lang) -> Value {
    let mut value = match note {
        Note::Time {
            piece_seconds,
            around_seconds,
            quantity,
        } => json!({
            "kind": "time",
            "piece_seconds": piece_seconds,
            "around_seconds": around_seconds,
            "quantity": quantity,
        }),
        Note::UnknownTime { wait, count } => {
            json!({ "kind": "unknown-time", "wait": wait.name(), "count": count })
        }
        Note::Customer(group) => json!({ "kind": "customer", "group": group }),
        Note::FreeTime(seconds) => json!({ "kind": "free-time", "seconds": seconds }),
        Note::Minimum => json!({ "kind": "minimum" }),
        Note::StartFeeWaived => json!({ "kind": "start-fee-waived" }),
        Note::Tax(_) => json!({ "kind": "tax" }),
    };
    value["text"] = lang.note(note).into();
    value
}
