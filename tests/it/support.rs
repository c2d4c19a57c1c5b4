//! What the tests share: optimising a program given as text, always checked.

use trajet::gcode::{self, Dialect, Program};
use trajet::job::{Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions, Optimized};
use trajet::pass::Objective;
use trajet::toolpath::{RawEffect, Role, Step, verify, verify_written};

/// Optimises and checks with `verify` that the written program burns the same.
pub(crate) fn optimize(text: &str) -> Optimized {
    let job = Job::open(text.as_bytes().to_vec(), None, &OpenOptions::default()).unwrap();
    let done = job
        .optimize(&Objective::Travel, &OptimizeOptions::default())
        .unwrap();
    let (a, b) = (
        gcode::read(text.into(), Dialect::GRBL),
        gcode::read(done.gcode.clone(), Dialect::GRBL),
    );
    let _ = verify(&a.toolpath, &b.toolpath, 0.01).unwrap();
    done
}

/// Optimises with options, and checks both the toolpath and the written program.
pub(crate) fn optimize_with(text: &str, options: &OptimizeOptions) -> Optimized {
    let job = Job::open(text.into(), None, &OpenOptions::default()).unwrap();
    let done = job.optimize(&Objective::Travel, options).unwrap();
    assert!(
        !done.diagnostics.has(KEPT_UNVERIFIED),
        "{:?}",
        done.diagnostics
    );
    let written = gcode::read(done.gcode.clone(), done.reading).toolpath;
    let _ = verify(&done.before, &done.after, 0.01).unwrap();
    let _ = verify_written(&done.before, &done.after, &written, 0.01).unwrap();
    done
}

/// The optimised program as text.
pub(crate) fn text(done: &Optimized) -> String {
    String::from_utf8(done.gcode.clone()).unwrap()
}

/// What a program does, one short word each: `X,Y>X,Y` for a path with its ends,
/// and the bytes of a fence.
pub(crate) fn events(gcode_text: &str) -> Vec<String> {
    let p: Program = gcode::read(gcode_text.into(), Dialect::GRBL);
    let t = &p.toolpath;
    t.steps()
        .iter()
        .filter_map(|s| match s {
            Step::Path(path) => {
                let (a, b) = (path.start, t.end_of(path));
                let segments = t.segments(path);
                let what = match segments.first() {
                    None => "park",
                    Some(s) if t.attributes().get(s.attr).role == Role::Dark => "dark",
                    Some(_) => "burn",
                };
                Some(format!("{what} {},{}>{},{}", a.x, a.y, b.x, b.y))
            }
            Step::Raw(r) if r.effect == RawEffect::Fence => {
                let lines = p.source.lines(r.lines.start as usize..r.lines.end as usize);
                Some(String::from_utf8_lossy(lines).trim().replace('\n', " "))
            }
            Step::Raw(_) => None,
        })
        .collect()
}
