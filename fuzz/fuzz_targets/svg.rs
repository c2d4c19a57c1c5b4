//! Any bytes that are read as SVG give outlines of finite points, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::svg::{SvgOptions, read};

fuzz_target!(|bytes: &[u8]| {
    let options = SvgOptions::default().with_max_elements(10_000);
    let Ok(drawing) = read(bytes, &options) else {
        return;
    };
    for outline in &drawing.outlines {
        assert!(outline.start.is_finite());
        assert!(outline.spans.iter().all(|s| s.end.is_finite() && s.bulge.is_finite()));
    }
});
