//! The fonts that there are, and which of them comes nearest to what is asked for.
//!
//! Only names and widths of styles are kept; the file of a font is read when it is
//! used. The faces are sorted, so that the choice does not depend on the order in
//! which a folder lists its files.

use super::families::{self, Family};
use super::fonts::Fonts;
use skrifa::FontRef;
use skrifa::charmap::Charmap;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use usvg::fontdb::{self, Database, FaceInfo, ID, Source};

pub(super) struct Catalogue {
    faces: Database,
    /// The faces in order; what is said of a face names its place here.
    ids: Vec<ID>,
    place: BTreeMap<ID, usize>,
    /// Families by their name in small letters.
    names: BTreeMap<String, String>,
    /// Faces by their PostScript name in small letters.
    post_script: BTreeMap<String, usize>,
    /// The characters of each face as ranges, once asked for.
    characters: Vec<OnceLock<Vec<(u32, u32)>>>,
    /// What the system takes for `serif` and the like.
    generic: Vec<(Family, String)>,
}

/// Weight, width and slant asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) weight: fontdb::Weight,
    pub(super) stretch: fontdb::Stretch,
    pub(super) style: fontdb::Style,
}

/// A face that was found for a list of families.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) face: usize,
    /// How many families of the list are not there before the one that is used; all
    /// of them when none is there.
    pub(super) passed: usize,
}

impl Catalogue {
    /// Looks where `fonts` says.
    pub(super) fn of(fonts: &Fonts) -> Self {
        let mut found: Vec<(usize, FaceInfo)> = Vec::new();
        let mut take = |rank: usize, db: &Database| {
            found.extend(db.faces().map(|f| (rank, f.clone())));
        };
        let mut rank = 0;
        for data in &fonts.data {
            let mut db = Database::new();
            let _ = db.load_font_source(Source::Binary(Arc::clone(data) as _));
            take(rank, &db);
            rank += 1;
        }
        for folder in &fonts.folders {
            let mut db = Database::new();
            db.load_fonts_dir(folder);
            take(rank, &db);
            rank += 1;
        }
        let mut db = Database::new();
        if fonts.system {
            db.load_system_fonts();
            take(rank, &db);
        }
        found.sort_by_cached_key(|(rank, f)| {
            let path = match &f.source {
                Source::File(path) => path.clone(),
                // Bytes; and what another crate's features of the database add.
                _ => Default::default(),
            };
            (*rank, f.families[0].0.clone(), path, f.index)
        });
        let mut all = Self {
            faces: Database::new(),
            ids: Vec::new(),
            place: BTreeMap::new(),
            names: BTreeMap::new(),
            post_script: BTreeMap::new(),
            characters: found.iter().map(|_| OnceLock::new()).collect(),
            generic: families::GENERIC
                .map(|(family, of_system)| (family, db.family_name(&of_system).to_owned()))
                .to_vec(),
        };
        for (place, (_, face)) in found.into_iter().enumerate() {
            for (name, _) in &face.families {
                let _ = all
                    .names
                    .entry(name.to_lowercase())
                    .or_insert_with(|| name.clone());
            }
            let _ = all
                .post_script
                .entry(face.post_script_name.to_lowercase())
                .or_insert(place);
            let id = all.faces.push_face_info(face);
            all.ids.push(id);
            let _ = all.place.insert(id, place);
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(super) fn face(&self, place: usize) -> Option<&FaceInfo> {
        self.faces.face(*self.ids.get(place)?)
    }

    /// The name of a face's family.
    pub(super) fn name(&self, place: usize) -> &str {
        self.face(place).map_or("", |f| &f.families[0].0)
    }

    /// The face for the first family of the list that is there, or for what comes
    /// nearest when none is; `None` where there are no fonts.
    pub(super) fn choose(&self, list: &[Family], cut: Cut) -> Option<Choice> {
        for (passed, family) in list.iter().enumerate() {
            if let Some(face) = self.of_family(family, cut) {
                return Some(Choice { face, passed });
            }
        }
        let passed = list.len();
        [Family::Sans, Family::Serif, Family::Mono]
            .iter()
            .find_map(|family| self.of_family(family, cut))
            .or_else(|| (!self.ids.is_empty()).then_some(0))
            .map(|face| Choice { face, passed })
    }

    fn of_family(&self, family: &Family, cut: Cut) -> Option<usize> {
        if let Family::Named(name) = family {
            let found = std::iter::once(name.as_str())
                .chain(families::equals(name).iter().copied())
                .find_map(|name| self.query(name, cut));
            return found.or_else(|| self.post_script.get(&name.to_lowercase()).copied());
        }
        let of_system = self
            .generic
            .iter()
            .filter(|(f, _)| f == family)
            .map(|(_, name)| name.as_str());
        of_system
            .chain(families::usual(family).iter().copied())
            .find_map(|name| self.query(name, cut))
    }

    fn query(&self, name: &str, cut: Cut) -> Option<usize> {
        let exact = self.names.get(&name.to_lowercase())?;
        let id = self.faces.query(&fontdb::Query {
            families: &[fontdb::Family::Name(exact)],
            weight: cut.weight,
            stretch: cut.stretch,
            style: cut.style,
        })?;
        self.place.get(&id).copied()
    }

    /// The face that has `c` and looks most like `base`, apart from those used.
    pub(super) fn fallback(&self, c: char, base: usize, used: &[usize]) -> Option<usize> {
        let base = self.face(base)?;
        (0..self.ids.len())
            .filter(|place| !used.contains(place) && self.has(*place, c))
            .min_by_key(|place| {
                self.face(*place).map(|f| {
                    (
                        f.style != base.style,
                        f.monospaced != base.monospaced,
                        f.stretch != base.stretch,
                        f.weight.0.abs_diff(base.weight.0),
                        *place,
                    )
                })
            })
    }

    /// Whether a face has a glyph for a character.
    pub(super) fn has(&self, place: usize, c: char) -> bool {
        let c = u32::from(c);
        let ranges = self.characters[place].get_or_init(|| {
            self.faces
                .with_face_data(self.ids[place], |data, index| {
                    FontRef::from_index(data, index)
                        .map(|font| ranges(&font))
                        .ok()
                })
                .flatten()
                .unwrap_or_default()
        });
        let after = ranges.partition_point(|r| r.0 <= c);
        after > 0 && c <= ranges[after - 1].1
    }
}

/// The characters of a font as ranges, sorted.
fn ranges(font: &FontRef<'_>) -> Vec<(u32, u32)> {
    let mut all: Vec<u32> = Charmap::new(font).mappings().map(|(c, _)| c).collect();
    all.sort_unstable();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in all {
        match ranges.last_mut() {
            Some(last) if c <= last.1 + 1 => last.1 = c,
            _ => ranges.push((c, c)),
        }
    }
    ranges
}
