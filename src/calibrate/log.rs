//! The log: a table of files and seconds, as a spreadsheet or a hand writes it.

use crate::error::{Error, ErrorKind, shown};

/// The most jobs of a log: more tell no more of a machine.
const MOST_JOBS: usize = 10_000;

/// A line of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// The file as it is written there.
    pub file: String,
    /// How long it took, s.
    pub seconds: f64,
    /// The line of the log, from 1.
    pub line: usize,
}

/// Reads a log: a file and its seconds a line, with `;`, a tab or `,` between them. Further
/// columns are passed over where `;` or a tab parts them.
///
/// Seconds may have a decimal comma where `;` or a tab parts the columns, and may be
/// written as `1:02:03` or `2:03`. A first line whose second column is no number names the
/// columns. Empty lines and lines that begin with `#` are passed over. A name may stand in
/// quotes, `""` in it is one.
///
/// ```
/// use trajet::calibrate::read_log;
///
/// let log = read_log("fichier;durée\nplaque.nc;123,5\n\"a;b.nc\";1:00:02\n")?;
/// assert_eq!((log[0].file.as_str(), log[0].seconds), ("plaque.nc", 123.5));
/// assert_eq!((log[1].file.as_str(), log[1].seconds), ("a;b.nc", 3602.0));
/// # Ok::<(), trajet::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Malformed`] with the first line that cannot be read, or where there is no
/// job; [`ErrorKind::Limit`] from job 10,001 on.
pub fn read_log(text: &str) -> Result<Vec<Logged>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut jobs = Vec::new();
    let mut first = true;
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |why: &str| Error::new(ErrorKind::Malformed, format!("{}:1: {why}", i + 1));
        let (file, rest) = name(line).ok_or_else(|| wrong("a quote is not closed"))?;
        let is_header = std::mem::replace(&mut first, false);
        let Some((separator, rest)) = rest else {
            return Err(wrong(
                "give a file and its seconds, with `;` or `,` between them",
            ));
        };
        let value = match separator {
            ',' => rest,
            _ => rest.split(separator).next().unwrap_or_default(),
        };
        let value = value.trim().trim_matches('"').trim();
        match seconds(value, separator != ',') {
            Some(_) if jobs.len() == MOST_JOBS => {
                let why = format!("{}:1: a log has at most {MOST_JOBS} jobs", i + 1);
                return Err(Error::new(ErrorKind::Limit, why));
            }
            Some(seconds) if !file.is_empty() => jobs.push(Logged {
                file,
                seconds,
                line: i + 1,
            }),
            None if is_header && value.starts_with(char::is_alphabetic) => {}
            _ => {
                return Err(wrong(&format!(
                    "`{}` is no time above 0 s; give seconds, as 12.5, or 2:03 or 1:02:03",
                    shown(value)
                )));
            }
        }
    }
    if jobs.is_empty() {
        return Err(Error::new(ErrorKind::Malformed, "the log has no jobs"));
    }
    Ok(jobs)
}

/// The first column, and what is behind it with the sign between them; `None` where a quote
/// is open.
fn name(line: &str) -> Option<(String, Option<(char, &str)>)> {
    if let Some(mut rest) = line.strip_prefix('"') {
        let mut name = String::new();
        loop {
            let (part, behind) = rest.split_once('"')?;
            name += part;
            let Some(more) = behind.strip_prefix('"') else {
                let behind = behind.trim_start_matches(' ');
                let sign = behind.chars().next().filter(|c| SIGNS.contains(c));
                return Some((name, sign.map(|c| (c, &behind[1..]))));
            };
            name.push('"');
            rest = more;
        }
    }
    // A comma may stand in a number or a name where another sign parts the columns.
    let sign = SIGNS.into_iter().find(|c| line.contains(*c));
    let Some(sign) = sign else {
        return Some((line.into(), None));
    };
    let (name, rest) = line.split_once(sign)?;
    Some((name.trim().into(), Some((sign, rest))))
}

/// What parts columns, the first that a line has.
const SIGNS: [char; 3] = [';', '\t', ','];

/// A time above 0.
fn seconds(text: &str, comma: bool) -> Option<f64> {
    let text = if comma {
        text.replace(',', ".")
    } else {
        text.into()
    };
    let text = text.trim_end_matches('s').trim_end();
    let mut sum = 0.0;
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    for part in &parts {
        let digits = part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        sum = sum * 60.0 + part.parse::<f64>().ok().filter(|_| digits)?;
    }
    (sum.is_finite() && sum > 0.0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, f64)> {
        let log = read_log(text).unwrap();
        log.into_iter().map(|l| (l.file, l.seconds)).collect()
    }

    #[test]
    fn logs_of_spreadsheets_and_hands() {
        let one = |file: &str, s: f64| vec![(file.to_owned(), s)];
        assert_eq!(read("a.nc,12.5"), one("a.nc", 12.5));
        assert_eq!(read("file,seconds\r\na.nc, 12.5 \r\n"), one("a.nc", 12.5));
        assert_eq!(read("a.nc\t12,5\tnote"), one("a.nc", 12.5));
        assert_eq!(read("a.nc;12,5;note, 3"), one("a.nc", 12.5));
        assert_eq!(read("\u{feff}# mine\n\na,b.nc;2:03"), one("a,b.nc", 123.0));
        assert_eq!(read("\"a\"\"b,c\",12"), one("a\"b,c", 12.0));
        assert_eq!(read("a.nc,90 s"), one("a.nc", 90.0));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        for (text, place) in [
            ("a.nc,1\nb.nc,x", "2:1: `x`"),
            ("a.nc,1\nb.nc", "2:1: give a file"),
            ("a.nc,-5", "1:1:"),
            ("a.nc,1\nb.nc,0", "2:1:"),
            ("a.nc,1\nb.nc,nan", "2:1:"),
            ("a.nc,12,5", "1:1: `12,5`"),
            ("\"a.nc,5", "1:1: a quote"),
            ("a.nc,1:2:3:4", "1:1:"),
            (",5", "1:1:"),
            ("file,seconds\n", "no jobs"),
            ("", "no jobs"),
            (
                "a.nc,1e300",
                "`1e300` is no time above 0 s; give seconds, as 12.5",
            ),
        ] {
            let why = read_log(text).map_err(|e| e.to_string());
            assert!(
                why.as_ref().is_err_and(|w| w.contains(place)),
                "{text}: {why:?}"
            );
        }
    }

    #[test]
    fn long_values_and_logs_have_an_end() {
        let why = read_log(&format!("a.nc,{}", "x\u{1b}".repeat(500))).unwrap_err();
        let why = why.to_string();
        assert!(why.len() < 500 && !why.contains('\u{1b}'), "{why}");
        let most = "a.nc,1\n".repeat(MOST_JOBS);
        assert_eq!(read_log(&most).unwrap().len(), MOST_JOBS);
        let why = read_log(&format!("{most}# end\na.nc,1\n")).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::Limit);
        assert!(why.to_string().contains("10002:1:"), "{why}");
    }
}
