//! What Moonraker answers to `/printer/objects/query?configfile=settings&toolhead`.

use super::sections::{Sections, Value};
use crate::error::{Error, ErrorKind};
use serde_json::Value as Json;

/// The sections of the settings, and the limits that the head has now, which win.
///
/// The answer may be whole (`result.status`), or any part of it from `status` down to
/// the settings themselves.
pub(super) fn sections(text: &str) -> Result<Sections, Error> {
    let json: Json = serde_json::from_str(text).map_err(|e| {
        let message = format!("the JSON cannot be read: {e}");
        Error::new(ErrorKind::Malformed, message)
    })?;
    let inner = |json: &'_ Json, key: &str| json.get(key).cloned();
    let mut status = json;
    for key in ["result", "status"] {
        if let Some(part) = inner(&status, key) {
            status = part;
        }
    }
    let config = status.get("configfile").unwrap_or(&status);
    let settings = config.get("settings").or_else(|| config.get("config"));
    let settings = settings.unwrap_or(config);
    let toolhead = status.get("toolhead");
    if settings.get("printer").is_none() && toolhead.is_none() {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "this JSON has no Klipper settings; give Moonraker's answer to \
             /printer/objects/query?configfile=settings",
        ));
    }
    let mut out = Sections::default();
    let own = settings.as_object().into_iter().flatten();
    let head = toolhead.map(|keys| ("toolhead", keys));
    for (section, keys) in own.map(|(k, v)| (k.as_str(), v)).chain(head) {
        let Some(keys) = keys.as_object() else {
            continue;
        };
        out.open(section);
        for (key, value) in keys {
            let text = match value {
                Json::String(s) => s.clone(),
                Json::Number(n) => n.to_string(),
                _ => continue,
            };
            let place = format!("{section}.{key}");
            out.set(section, key, Value { text, place });
        }
    }
    Ok(out)
}
