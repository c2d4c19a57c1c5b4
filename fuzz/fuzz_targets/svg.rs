//! Any bytes that are read as SVG give outlines of finite points, or an error, and so
//! do the paths that follow and fill them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::operations::{Cut, Hatch, Operation, Operations};
use trajet::svg::{SvgOptions, read, toolpath};

fuzz_target!(|bytes: &[u8]| {
    let options = SvgOptions::default().with_max_elements(10_000);
    let Ok(drawing) = read(bytes, &options) else {
        return;
    };
    for outline in &drawing.outlines {
        assert!(outline.start.is_finite());
        assert!(outline.spans.iter().all(|s| s.end.is_finite() && s.bulge.is_finite()));
    }
    let mut operations = Operations::default();
    let mut engrave = Operation::new("engrave");
    engrave.fill = Some(Hatch { spacing: 0.3, angle: 0.7, bidirectional: true });
    operations.list.push(engrave);
    let Ok(plan) = toolpath(&drawing, &operations, &Cut::default()) else {
        return;
    };
    for path in plan.toolpath.paths() {
        assert!(path.start.is_finite() && plan.toolpath.end_of(path).is_finite());
    }
});
