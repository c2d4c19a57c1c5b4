//! The table: one line a file.

use crate::pixels::{Frame, side_by_side};
use crate::{length, original, ours};
use resvg::usvg;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trajet::svg::Fonts;

/// Share of the dark pixels of either picture that may be unexplained, %: where
/// lines cross or end, the two renderers darken other pixels.
const PIXELS: f64 = 0.2;

/// Difference of lengths allowed, %.
const LENGTH: f64 = 0.1;

/// Tolerances of reading, mm: the usual one, and one for lengths that differ by it.
const COARSE: f64 = 0.01;
const FINE: f64 = 0.0001;

/// Findings by which trajet says that outlines are missing or are more than is seen.
const SAID: [&str; 20] = [
    "svg/animation",
    "svg/bad-data",
    "svg/bad-size",
    "svg/bad-style",
    "svg/bad-transform",
    "svg/broken-reference",
    "svg/clip-path",
    "svg/dashes",
    "svg/foreign-object",
    "svg/out-of-range",
    "svg/reference-loop",
    "svg/script",
    "svg/style-sheet",
    "svg/switch",
    "svg/font-missing",
    "svg/glyph-missing",
    "svg/text",
    "svg/text-limit",
    "svg/text-off-path",
    "svg/unknown-element",
];

/// Findings that explain what trajet has and resvg leaves out: a gradient in the
/// box of a straight line has no size and paints nothing, but the line is drawn.
const SAID_OF_MORE: [&str; 1] = ["svg/paint-server"];

struct Row {
    text: String,
    verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    Said,
    Differs,
    /// One of the two cannot read it at all.
    Refused,
}

/// The fonts that both sides use where a drawing names none that is there.
pub const SERIF: &str = "DejaVu Serif";
const SANS: &str = "DejaVu Sans";
const MONO: &str = "DejaVu Sans Mono";

/// Gives fonts the names by which Inkscape writes the generic families.
fn also_named(fonts: &mut usvg::fontdb::Database) {
    let mut more = Vec::new();
    for face in fonts.faces() {
        for (name, of) in [
            ("Sans", SANS),
            ("sans", SANS),
            ("Mono", MONO),
            ("mono", MONO),
        ] {
            if let Some((_, language)) = face.families.iter().find(|f| f.0 == of) {
                let families = vec![(name.to_owned(), *language)];
                more.push(usvg::fontdb::FaceInfo {
                    families,
                    ..face.clone()
                });
            }
        }
    }
    for face in more {
        let _ = fonts.push_face_info(face);
    }
}

pub fn run(files: &[PathBuf], pictures: Option<&Path>) -> bool {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_system_fonts();
    // resvg names fonts that few machines have; trajet takes what there is.
    fonts.set_serif_family(SERIF);
    fonts.set_sans_serif_family(SANS);
    fonts.set_cursive_family(SANS);
    fonts.set_fantasy_family(SANS);
    fonts.set_monospace_family(MONO);
    also_named(&mut fonts);
    let fonts = Arc::new(fonts);
    println!(
        "{:44} {:>6} {:>7} {:>9} {:>9} {:>9}  verdict",
        "file", "paths", "pixels", "missing %", "extra %", "length %"
    );
    let own = Fonts::system();
    let rows = crate::on_all(files, |file| row(file, &fonts, &own, pictures));
    let mut counts = [0; 4];
    for row in &rows {
        println!("{}", row.text);
        counts[row.verdict as usize] += 1;
    }
    let [same, said, differs, refused] = counts;
    println!("{same} the same, {said} differ and say why, {differs} DIFFER, {refused} refused");
    differs == 0 && same > 0
}

fn row(
    file: &Path,
    fonts: &Arc<usvg::fontdb::Database>,
    own: &Fonts,
    pictures: Option<&Path>,
) -> Row {
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let refused = |why: String, verdict| Row {
        text: format!("{name:44} {why}"),
        verdict,
    };
    let bytes = std::fs::read(file).expect("the file can be read");
    let ours = match ours::import(&bytes, COARSE, own) {
        Ok(ours) => ours,
        Err(e) => {
            let theirs = usvg::Tree::from_data(&bytes, &usvg::Options::default()).is_ok();
            let verdict = if theirs {
                Verdict::Differs
            } else {
                Verdict::Refused
            };
            return refused(format!("refused: {e}"), verdict);
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let dpi = ours.drawing.dpi;
    let tree = match original::resolve(&text, dpi, fonts.clone()) {
        Ok(tree) => tree,
        Err(e) => return refused(format!("resvg cannot read it: {e}"), Verdict::Refused),
    };
    let theirs = original::outlines(&tree, 25.4 / dpi);
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    let said = |list: &'static [&str]| {
        let all = ours.drawing.diagnostics.as_slice().iter();
        all.map(|d| d.code.0).filter(|c| list.contains(c))
    };
    codes.extend(said(&SAID));
    let long = length::length(&theirs);
    let mut fine_note = String::new();
    let percent = |mm: f64| 100.0 * if long > 0.0 { mm / long - 1.0 } else { mm };
    let mut length = percent(ours.length);
    if length.abs() > LENGTH {
        // A curve of half a millimetre may be 1 % longer within 0.01 mm of where it
        // is; within a hundredth of that it may not.
        let fine = ours::import(&bytes, FINE, own).map_or(f64::NAN, |o| percent(o.length));
        fine_note = format!(" ({length:.3} at 0.01 mm)");
        length = fine;
    }
    let (mut dark, mut missing, mut extra) = (0, 0.0, 0.0);
    if let Some(frame) = Frame::new(ours.drawing.size_mm) {
        let mine = match ours::picture(ours.drawing.clone(), &frame) {
            Ok(mine) => mine,
            Err(e) => return refused(e, Verdict::Differs),
        };
        let original = theirs.picture(&frame);
        let percent = |(dark, alone): &(usize, Vec<usize>)| {
            100.0 * alone.len() as f64 / (*dark).max(1) as f64
        };
        let (there, here) = (original.unexplained(&mine), mine.unexplained(&original));
        (dark, missing, extra) = (there.0, percent(&there), percent(&here));
        let same = missing.max(extra) <= PIXELS;
        if let Some(folder) = pictures.filter(|_| !same) {
            let picture = side_by_side(&original, &mine, &frame);
            let _ = picture.save_png(folder.join(format!("{name}.png")));
        }
    }
    let same = missing.max(extra) <= PIXELS && length.abs() <= LENGTH;
    if missing <= PIXELS && length >= -LENGTH {
        codes.extend(said(&SAID_OF_MORE));
    }
    let said = codes.iter().copied().collect::<Vec<_>>().join(" ");
    let (verdict, word) = match (same, codes.is_empty()) {
        (true, _) => (Verdict::Same, "same".to_owned()),
        (false, false) => (Verdict::Said, format!("differs: {said}")),
        (false, true) => (Verdict::Differs, "DIFFERS".to_owned()),
    };
    Row {
        text: format!(
            "{name:44} {:6} {dark:7} {missing:9.3} {extra:9.3} {length:9.3}  {word}{fine_note}",
            theirs.paths
        ),
        verdict,
    }
}
