//! Diagnostics as a person reads them.
//!
//! ```text
//! job.nc:12:4: error[gcode/bad-arc]: the arc is wrong: its radius differs at start and end
//!    |
//! 12 | N5 G2 X10 I3
//!    |    ^
//!    = help: GRBL 1.1 ignores the whole line
//!    = and 41 more like this, first at lines 19, 25, 31, 40
//! ```
//!
//! The first line is what editors and other programs look for. Findings are
//! grouped by code, the gravest first.

use super::excerpt::{excerpt, plain};
use super::{Diagnostic, Diagnostics, Severity, codes};
use crate::lang::Lang;
use crate::source::Source;
use anstyle::{AnsiColor, Style};
use std::fmt::Write;

/// How diagnostics are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderOptions {
    /// The language of everything but the messages, which are English. Default English.
    pub lang: Lang,
    /// Whether to colour the text for a terminal. Default no.
    pub color: bool,
    /// Whether each group begins with the title of its code. Default no.
    pub titles: bool,
    /// How many findings of one code are shown; the others are counted. Default 5.
    pub per_code: usize,
    /// Columns that a source line may take; a longer one is cut. Default 100.
    pub width: usize,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            lang: Lang::En,
            color: false,
            titles: false,
            per_code: 5,
            width: 100,
        }
    }
}

impl RenderOptions {
    /// The same in another language.
    #[must_use]
    pub const fn with_lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// The same with colours or without.
    #[must_use]
    pub const fn with_color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }

    /// The same with titles or without.
    #[must_use]
    pub const fn with_titles(mut self, titles: bool) -> Self {
        self.titles = titles;
        self
    }
}

/// The findings about `file`, ready to be printed; empty when there are none.
/// Without a source, or where it does not have the line, no excerpt is shown.
///
/// Nothing in the result can steer a terminal, apart from the colours asked for.
///
/// # Complexity
/// O(findings · log findings + shown).
#[must_use]
pub fn render(
    file: &str,
    source: Option<&Source>,
    diagnostics: &Diagnostics,
    options: &RenderOptions,
) -> String {
    let mut out = Writer {
        text: String::new(),
        file: plain(file),
        // Lines of a UTF-16 drawing are those of its text, which is not here.
        source: source.filter(|s| !is_utf16(s.bytes())),
        options,
    };
    for (i, group) in groups(diagnostics).iter().enumerate() {
        if options.titles && i > 0 {
            out.text.push('\n');
        }
        out.group(group);
    }
    out.text
}

/// How many findings there are of each severity, in one line without an end.
#[must_use]
pub fn summary(diagnostics: &Diagnostics, lang: Lang) -> String {
    let mut parts = Vec::new();
    for severity in [
        Severity::Unsafe,
        Severity::Error,
        Severity::Warning,
        Severity::Note,
    ] {
        let count = diagnostics
            .into_iter()
            .filter(|d| d.severity == severity)
            .fold(0_u32, |n, d| n.saturating_add(d.count));
        if count > 0 {
            parts.push(format!("{count} {}", plural(severity, count, lang)));
        }
    }
    if parts.is_empty() {
        lang.pick("nothing to say", "rien à signaler").into()
    } else {
        parts.join(", ")
    }
}

/// Findings of one code, as they were seen; the gravest code first.
fn groups(diagnostics: &Diagnostics) -> Vec<Vec<&Diagnostic>> {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    for d in diagnostics {
        match groups.iter_mut().find(|g| g[0].code == d.code) {
            Some(group) => group.push(d),
            None => groups.push(vec![d]),
        }
    }
    // Stable: codes of one severity stay in the order in which they were seen.
    groups.sort_by_key(|g| std::cmp::Reverse(g.iter().map(|d| d.severity).max()));
    groups
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

const fn word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Note => lang.pick("note", "note"),
        Severity::Warning => lang.pick("warning", "avertissement"),
        Severity::Error => lang.pick("error", "erreur"),
        Severity::Unsafe => lang.pick("unsafe", "danger"),
    }
}

const fn plural(severity: Severity, count: u32, lang: Lang) -> &'static str {
    if count == 1 {
        return word(severity, lang);
    }
    match severity {
        Severity::Note => lang.pick("notes", "notes"),
        Severity::Warning => lang.pick("warnings", "avertissements"),
        Severity::Error => lang.pick("errors", "erreurs"),
        Severity::Unsafe => lang.pick("unsafe", "dangers"),
    }
}

const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Note => AnsiColor::Green.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Unsafe => AnsiColor::Magenta.on_default().bold(),
    }
}

const BOLD: Style = Style::new().bold();
const GUTTER: Style = AnsiColor::Blue.on_default().bold();

struct Writer<'a> {
    text: String,
    file: String,
    source: Option<&'a Source>,
    options: &'a RenderOptions,
}

impl Writer<'_> {
    fn group(&mut self, group: &[&Diagnostic]) {
        if self.options.titles
            && let Some(entry) = codes::find(group[0].code.0)
        {
            self.styled(BOLD, entry.title(self.options.lang));
            self.text.push('\n');
        }
        let shown = self.options.per_code.max(1).min(group.len());
        for d in &group[..shown] {
            self.one(d);
        }
        let rest = &group[shown..];
        if let Some(first) = rest.first() {
            let count = rest.iter().fold(0_u32, |n, d| n.saturating_add(d.count));
            let mut lines: Vec<u32> = rest.iter().flat_map(|d| d.lines.clone()).collect();
            lines.sort_unstable();
            lines.dedup();
            lines.truncate(Diagnostic::LINES);
            let severity = rest.iter().fold(first.severity, |s, d| s.max(d.severity));
            let head = format!("{}[{}]", word(severity, self.options.lang), first.code);
            let file = self.file.clone();
            self.styled(BOLD, &format!("{file}: "));
            self.styled(style(severity), &head);
            self.text.push_str(": ");
            self.more(count, &lines);
            self.text.push('\n');
        }
    }

    fn one(&mut self, d: &Diagnostic) {
        let lang = self.options.lang;
        let place = match (d.line, d.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}: ", self.file),
            (Some(line), None) => format!("{}:{line}: ", self.file),
            _ => format!("{}: ", self.file),
        };
        self.styled(BOLD, &place);
        let head = format!("{}[{}]", word(d.severity, lang), d.code);
        self.styled(style(d.severity), &head);
        self.styled(BOLD, &format!(": {}", plain(&d.message)));
        self.text.push('\n');
        let gutter = self.excerpt(d);
        if let Some(help) = &d.help {
            self.aside(gutter);
            self.styled(BOLD, lang.pick("help: ", "aide\u{a0}: "));
            self.text.push_str(&plain(help));
            self.text.push('\n');
        }
        if d.count > 1 {
            self.aside(gutter);
            let others: Vec<u32> = d
                .lines
                .iter()
                .copied()
                .filter(|l| Some(*l) != d.line)
                .collect();
            self.more(d.count - 1, &others);
            self.text.push('\n');
        }
    }

    /// The source line with a caret; gives the columns before its gutter's bar.
    fn excerpt(&mut self, d: &Diagnostic) -> usize {
        let (Some(source), Some(line)) = (self.source, d.line) else {
            return 2;
        };
        let i = line.saturating_sub(1) as usize;
        if i >= source.line_count() {
            return 2;
        }
        let at = d.column.unwrap_or(1).saturating_sub(1) as usize;
        let e = excerpt(source.line(i), at, self.options.width);
        let number = line.to_string();
        let gutter = number.len() + 1;
        self.styled(GUTTER, &format!("{:gutter$}|", ""));
        self.text.push('\n');
        self.styled(GUTTER, &format!("{number} |"));
        let text = e.text.trim_end();
        if !text.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(self.text, " {text}");
        }
        self.text.push('\n');
        self.styled(GUTTER, &format!("{:gutter$}|", ""));
        if d.column.is_some() {
            let _ = write!(self.text, " {:1$}", "", e.caret);
            self.styled(style(d.severity), "^");
        }
        self.text.push('\n');
        gutter
    }

    fn aside(&mut self, gutter: usize) {
        self.styled(GUTTER, &format!("{:gutter$}= ", ""));
    }

    /// `and 41 more like this, first at lines 12, 19, 25`.
    fn more(&mut self, count: u32, lines: &[u32]) {
        let lang = self.options.lang;
        let _ = match (lang, count) {
            (Lang::En, _) => write!(self.text, "and {count} more like this"),
            (Lang::Fr, 1) => write!(self.text, "et une autre fois"),
            (Lang::Fr, _) => write!(self.text, "et {count} autres fois"),
        };
        let list: Vec<String> = lines.iter().map(ToString::to_string).collect();
        // One at a known line is not the first of several.
        let first = match (lines.len(), count as usize > lines.len()) {
            (0, _) => return,
            (1, false) => lang.pick(", at line ", ", à la ligne "),
            (1, true) => lang.pick(", first at line ", ", d’abord à la ligne "),
            (_, false) => lang.pick(", at lines ", ", aux lignes "),
            (_, true) => lang.pick(", first at lines ", ", d’abord aux lignes "),
        };
        let _ = write!(self.text, "{first}{}", list.join(", "));
    }

    fn styled(&mut self, style: Style, text: &str) {
        let _ = if self.options.color {
            write!(
                self.text,
                "{}{text}{}",
                style.render(),
                style.render_reset()
            )
        } else {
            write!(self.text, "{text}")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    fn many() -> (Source, Diagnostics) {
        let mut all = Diagnostics::new();
        let say = |n: u32, line| {
            let what = format!("number {n}");
            Diagnostic::new(Code("test/many"), Severity::Note, what).at(line, 1)
        };
        for n in 0..8 {
            all.push(say(n, n + 1));
            all.push(say(n, n + 2));
        }
        all.push(Diagnostic::new(
            Code("test/last"),
            Severity::Unsafe,
            "about\x1b[2Jthe file",
        ));
        (Source::new(b"a\n".repeat(9)), all)
    }

    #[test]
    fn the_gravest_come_first_and_what_is_not_shown_is_counted() {
        let (source, all) = many();
        let text = render("f\n.nc", Some(&source), &all, &RenderOptions::default());
        assert!(text.starts_with(
            "f\u{240a}.nc: unsafe[test/last]: about\u{241b}[2Jthe file\n\
             f\u{240a}.nc:1:1: note[test/many]: number 0\n  |\n1 | a\n  | ^\n  \
             = and 1 more like this, at line 2\n"
        ));
        assert!(text.ends_with(
            "f\u{240a}.nc: note[test/many]: and 6 more like this, first at lines 6, 7, 8, 9\n"
        ));
        assert_eq!(summary(&all, Lang::En), "1 unsafe, 16 notes");
        assert_eq!(summary(&all, Lang::Fr), "1 danger, 16 notes");
        assert_eq!(summary(&Diagnostics::new(), Lang::Fr), "rien à signaler");
    }

    #[test]
    fn colours_only_when_asked_for() {
        let (source, all) = many();
        let plain = RenderOptions::default();
        let bare = render("f", Some(&source), &all, &plain);
        assert!(!bare.contains('\u{1b}'));
        let bright = render("f", Some(&source), &all, &plain.with_color(true));
        assert!(bright.contains("\u{1b}["));
        let mut stripped = String::new();
        let mut inside = false;
        for c in bright.chars() {
            match c {
                '\u{1b}' => inside = true,
                'm' if inside => inside = false,
                c if !inside => stripped.push(c),
                _ => {}
            }
        }
        assert_eq!(stripped, bare);
    }

    #[test]
    fn a_source_that_has_no_such_line_shows_none() {
        let (_, all) = many();
        let short = Source::new(b"a\n".to_vec());
        let text = render("f", Some(&short), &all, &RenderOptions::default());
        assert_eq!(text.matches(" | a").count(), 1);
        let none = render("f", None, &all, &RenderOptions::default());
        assert!(!none.contains('|'));
    }
}
