//! A quote as text, JSON, CSV and HTML.

mod csv;
mod html;
#[cfg(feature = "serde")]
mod json;
mod text;

pub use csv::csv;
pub use html::html;
#[cfg(feature = "serde")]
pub use json::json;
pub use text::text;

use super::compute::{Quote, decimals};
use crate::lang::Lang;
use crate::money::Amount;

/// One line as cells: description, quantity, unit, unit price, amount.
fn rows(quote: &Quote, lang: Lang) -> Vec<[String; 5]> {
    let digits = decimals(&quote.currency);
    quote
        .lines
        .iter()
        .map(|line| {
            [
                lang.what(line),
                lang.number(line.quantity),
                lang.unit(line.unit),
                lang.price(line.unit_price, &quote.currency, digits),
                lang.money(line.amount, &quote.currency, digits),
            ]
        })
        .collect()
}

/// A per cent rate as decimal text: two decimals, more where it has more.
fn percent_decimal(parts: i64) -> String {
    let rate = Amount::from_parts(parts);
    let all = rate.to_decimal(4);
    match all.trim_end_matches('0') {
        long if long.len() > all.len() - 2 => long.into(),
        _ => rate.to_decimal(2),
    }
}

/// Net, tax and total with their headings; the total alone where there is no tax.
fn totals(quote: &Quote, lang: Lang) -> Vec<(String, String)> {
    let digits = decimals(&quote.currency);
    let money = |a| lang.money(a, &quote.currency, digits);
    let [net, vat, total] = lang.totals(quote.vat.map(|v| v.0));
    match quote.vat {
        Some((_, tax)) => vec![
            (net, money(quote.net)),
            (vat, money(tax)),
            (total, money(quote.total)),
        ],
        None => vec![(total, money(quote.total))],
    }
}
