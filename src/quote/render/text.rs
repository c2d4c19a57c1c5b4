use super::{rows, totals};
use crate::quote::{Lang, Quote};

/// The quote for a terminal: columns aligned by characters.
#[must_use]
pub fn text(quote: &Quote, lang: Lang) -> String {
    let mut table = vec![lang.headings().map(str::to_owned)];
    table.extend(rows(quote, lang));
    let totals = totals(quote, lang);
    let mut widths = [0; 5];
    for row in &table {
        for (w, cell) in widths.iter_mut().zip(row) {
            *w = (*w).max(cell.chars().count());
        }
    }
    for (_, amount) in &totals {
        widths[4] = widths[4].max(amount.chars().count());
    }
    let mut out = format!("{}\n\n", lang.title());
    let total_width = widths.iter().sum::<usize>() + 4 * 2;
    for (i, row) in table.iter().enumerate() {
        for (k, cell) in row.iter().enumerate() {
            if k > 0 {
                out.push_str("  ");
            }
            // Words to the left, numbers to the right.
            if k == 0 || k == 2 {
                out.push_str(cell);
                pad(&mut out, widths[k], cell);
            } else {
                pad(&mut out, widths[k], cell);
                out.push_str(cell);
            }
        }
        out.push('\n');
        if i == 0 {
            out.push_str(&"─".repeat(total_width));
            out.push('\n');
        }
    }
    out.push_str(&"─".repeat(total_width));
    out.push('\n');
    for (name, amount) in &totals {
        let used = name.chars().count() + amount.chars().count();
        out.push_str(name);
        out.push_str(&" ".repeat(total_width.saturating_sub(used)));
        out.push_str(amount);
        out.push('\n');
    }
    out.push('\n');
    for note in &quote.notes {
        out.push_str(&lang.note(note));
        out.push('\n');
    }
    out
}

fn pad(out: &mut String, width: usize, cell: &str) {
    out.push_str(&" ".repeat(width - cell.chars().count()));
}
