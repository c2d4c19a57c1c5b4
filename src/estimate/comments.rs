//! What slicers say in comments of layers and roles.
//!
//! PrusaSlicer and its kin write `;LAYER_CHANGE`, `;Z:0.2` and `;TYPE:Perimeter`, Bambu
//! Studio `; CHANGE_LAYER`, `; Z_HEIGHT: 0.2` and `; FEATURE: Inner wall`, Cura `;LAYER:0`
//! and `;TYPE:WALL-OUTER`, Simplify3D `; layer 1, Z = 0.2` and `; feature outer perimeter`.

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says<'a> {
    /// A layer begins.
    Layer,
    /// The height from here on, which follows the beginning of a layer where that is said.
    Height,
    /// What comes now is for this.
    Role(&'a [u8]),
}

/// What a line says that is a comment.
pub(crate) fn says(line: &[u8]) -> Option<Says<'_>> {
    let text = line.trim_ascii().strip_prefix(b";")?.trim_ascii_start();
    let first = *text.first()?;
    // Most comments begin otherwise.
    if !matches!(first, b'L' | b'C' | b'Z' | b'T' | b'F' | b'l' | b'f') {
        return None;
    }
    for role in [&b"TYPE:"[..], b"FEATURE:", b"feature "] {
        if let Some(name) = text.strip_prefix(role) {
            return Some(Says::Role(name.trim_ascii()));
        }
    }
    let number = |(name, says): (&[u8], Says<'static>)| {
        let value = text.strip_prefix(name)?.trim_ascii_start();
        let digit = value.strip_prefix(b"-").unwrap_or(value).first()?;
        digit.is_ascii_digit().then_some(says)
    };
    if text == b"LAYER_CHANGE" || text == b"CHANGE_LAYER" {
        return Some(Says::Layer);
    }
    [
        (&b"LAYER:"[..], Says::Layer),
        (b"Z:", Says::Height),
        (b"Z_HEIGHT:", Says::Height),
        (b"layer ", Says::Layer),
    ]
    .into_iter()
    .find_map(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_roles_of_slicers_are_known() {
        for line in [
            ";LAYER_CHANGE\n",
            "; CHANGE_LAYER\r\n",
            ";LAYER:-3",
            "; layer 12, Z = 2.4",
        ] {
            assert_eq!(says(line.as_bytes()), Some(Says::Layer), "{line}");
        }
        for line in [";Z:0.2", "; Z_HEIGHT: 0.4"] {
            assert_eq!(says(line.as_bytes()), Some(Says::Height), "{line}");
        }
        assert_eq!(
            says(b";TYPE:WALL-OUTER\r\n"),
            Some(Says::Role(b"WALL-OUTER"))
        );
        assert_eq!(
            says(b"; FEATURE: Inner wall"),
            Some(Says::Role(b"Inner wall"))
        );
        for line in [
            ";LAYER_COUNT:7",
            ";LAYER:",
            ";Zoom",
            "G1 X1 ;TYPE:x",
            ";",
            "",
            ";layer",
        ] {
            assert_eq!(says(line.as_bytes()), None, "{line}");
        }
    }
}
