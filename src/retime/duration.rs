//! Durations as slicers write them: `1d 2h 3m 4s`.

/// So many seconds in days, hours, minutes and seconds, from the first that is not 0.
pub(super) fn spelled(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    let (days, hours) = (whole / 86_400, whole / 3600 % 24);
    let (minutes, seconds) = (whole / 60 % 60, whole % 60);
    if days > 0 {
        format!("{days}d {hours}h {minutes}m {seconds}s")
    } else if hours > 0 {
        format!("{hours}h {minutes}m {seconds}s")
    } else if minutes > 0 {
        format!("{minutes}m {seconds}s")
    } else {
        format!("{seconds}s")
    }
}

/// The seconds of such a duration; `None` for what is none.
pub(super) fn read(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let mut sum = None;
    for part in text.split_ascii_whitespace() {
        let unit = match part.as_bytes().last()? {
            b'd' => 86_400.0,
            b'h' => 3600.0,
            b'm' => 60.0,
            b's' => 1.0,
            _ => return None,
        };
        let count: u32 = part[..part.len() - 1].parse().ok()?;
        sum = Some(sum.unwrap_or(0.0) + f64::from(count) * unit);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_back() {
        for (seconds, text) in [
            (0.4, "0s"),
            (59.6, "1m 0s"),
            (4921.0, "1h 22m 1s"),
            (86_400.0, "1d 0h 0m 0s"),
        ] {
            assert_eq!(spelled(seconds), text);
            let back = read(text.as_bytes()).unwrap();
            assert!((back - seconds.round()).abs() < 1e-9);
        }
        for text in ["", "1x", "h", "1.5h", "é"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
