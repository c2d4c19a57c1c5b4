use super::percent_decimal;
use crate::quote::compute::decimals;
use crate::quote::{Lang, LineKind, Quote};

/// The lines of the quote, one row each, after RFC 4180; numbers have a point and
/// no thousands, so that any program reads them.
#[must_use]
pub fn csv(quote: &Quote, lang: Lang) -> String {
    let digits = decimals(&quote.currency);
    let mut out =
        String::from("kind,description,quantity,unit,unit_price,amount,vat_percent,currency\r\n");
    for line in &quote.lines {
        let kind = match line.kind {
            LineKind::MachineTime { .. } => "machine-time",
            LineKind::StartFee => "start-fee",
            LineKind::Material { .. } => "material",
        };
        let thousandths = crate::money::Amount::from_parts(line.quantity.saturating_mul(10));
        let vat = quote
            .vat
            .map_or(String::new(), |(rate, _)| percent_decimal(rate));
        let cells = [
            kind.to_owned(),
            lang.what(line),
            thousandths.to_decimal(3),
            lang.unit(line.unit),
            line.unit_price.to_decimal(4),
            line.amount.to_decimal(digits),
            vat,
            quote.currency.clone(),
        ];
        let row: Vec<String> = cells.iter().map(|c| cell(c)).collect();
        out.push_str(&row.join(","));
        out.push_str("\r\n");
    }
    out
}

fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
