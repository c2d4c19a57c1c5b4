use crate::money::Amount;
use crate::quote::compute::{coin, decimals};
use crate::quote::{Lang, LineKind, Note, Quote};
use serde_json::{Value, json};

/// The quote as JSON, schema `trajet.quote/1`: amounts as decimal text and as
/// whole numbers of the currency's smallest coin.
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
            json!({
                "kind": kind,
                "jobs": jobs,
                "material": name,
                "description": lang.what(line),
                "quantity": Amount::from_parts(line.quantity.saturating_mul(10)).to_decimal(3),
                "unit": lang.unit(line.unit),
                "unit_price": line.unit_price.to_decimal(4),
                "amount": amount(line.amount),
            })
        })
        .collect();
    let notes: Vec<Value> = quote
        .notes
        .iter()
        .map(|note| {
            let kind = match note {
                Note::Time { .. } => "time",
                Note::UnknownTime { .. } => "unknown-time",
                Note::Customer(_) => "customer",
                Note::Minimum => "minimum",
                Note::StartFeeWaived => "start-fee-waived",
                Note::Tax(_) => "tax",
            };
            json!({ "kind": kind, "text": lang.note(note) })
        })
        .collect();
    let vat = quote.vat.map(|(rate, tax)| {
        json!({ "percent": Amount::from_parts(rate).to_decimal(2), "amount": amount(tax) })
    });
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
