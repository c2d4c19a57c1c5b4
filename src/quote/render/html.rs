use super::{rows, totals};
use crate::quote::{Lang, Quote};
use std::fmt::Write;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1b2733;max-width:48rem;\
margin:3rem auto;padding:0 1rem}h1{font-size:1.6rem;margin:0 0 1.5rem}\
table{border-collapse:collapse;width:100%}th,td{padding:.45rem .6rem;text-align:right;\
border-bottom:1px solid #d9e2ec;white-space:nowrap}th{color:#52606d;font-weight:600}\
th:first-child,td:first-child{text-align:left;white-space:normal;overflow-wrap:anywhere}th:nth-child(3),td:nth-child(3){text-align:left}\
tfoot td{border:0}tfoot tr:last-child td{font-weight:700;border-top:2px solid #1b2733}\
ul{color:#52606d;font-size:.9rem;margin-top:2rem;padding-left:1.2rem}\
@media print{body{margin:0}}";

/// The quote as a page to print: no script, nothing loaded from elsewhere.
#[must_use]
pub fn html(quote: &Quote, lang: Lang) -> String {
    let mut out = String::new();
    let title = lang.title();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<table>\n<thead><tr>",
        lang.tag()
    );
    for heading in lang.headings() {
        let _ = write!(out, "<th>{heading}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows(quote, lang) {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", escaped(&cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n<tfoot>\n");
    for (name, amount) in totals(quote, lang) {
        let _ = writeln!(
            out,
            "<tr><td colspan=\"4\">{}</td><td>{}</td></tr>",
            escaped(&name),
            escaped(&amount)
        );
    }
    out.push_str("</tfoot>\n</table>\n<ul>\n");
    for note in &quote.notes {
        let _ = writeln!(out, "<li>{}</li>", escaped(&lang.note(note)));
    }
    out.push_str("</ul>\n</body>\n</html>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
