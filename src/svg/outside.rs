use super::drawing::Drawing;
use super::extent::bounds;
use crate::diag::{Code, Diagnostic, Severity};

/// Says how many elements lie wholly outside of the page. They are kept: parts are
/// put there to be cut, and to be kept from it.
pub(super) fn say_outside(drawing: &mut Drawing) {
    let [width, height] = drawing.size_mm;
    let mut count = 0;
    let mut first = (u32::MAX, 0);
    for shape in drawing.outlines.chunk_by(|a, b| a.shape == b.shape) {
        let all = bounds(shape);
        let beside = all.max.x < 0.0 || all.max.y < 0.0;
        if beside || all.min.x > width || all.min.y > height {
            count += 1;
            first = first.min((shape[0].line, shape[0].column));
        }
    }
    if count == 0 {
        return;
    }
    let (elements, lie) = if count == 1 {
        ("element", "lies")
    } else {
        ("elements", "lie")
    };
    let (line, column) = first;
    let message = format!(
        "{count} {elements} {lie} wholly outside of the page, the first on line {line}; all are kept"
    );
    let d = Diagnostic::new(Code("svg/outside-page"), Severity::Note, message).at(line, column);
    drawing
        .diagnostics
        .push(d.with_help("take out of the drawing what should not be cut"));
}
