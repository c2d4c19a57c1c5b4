//! Which fonts a text takes, and what is to be said about that.

use super::catalogue::{Catalogue, Choice, Cut};
use super::families::{self, Family};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use usvg::fontdb::{self, Database, ID, Source};
use usvg::{FontResolver, FontStretch, FontStyle};

/// The fonts in use, with their bytes; they stay from text to text.
#[derive(Default)]
pub(super) struct Loaded {
    db: Arc<Database>,
    of_face: BTreeMap<usize, ID>,
    faces: BTreeMap<ID, usize>,
    files: BTreeMap<PathBuf, Arc<Vec<u8>>>,
}

impl Loaded {
    pub(super) fn db(&self) -> &Arc<Database> {
        &self.db
    }

    pub(super) fn face(&self, id: ID) -> Option<usize> {
        self.faces.get(&id).copied()
    }

    /// The face with its bytes in `db` as well; `None` where its file cannot be read.
    fn load(&mut self, place: usize, all: &Catalogue, db: &mut Arc<Database>) -> Option<ID> {
        if let Some(id) = self.of_face.get(&place) {
            return Some(*id);
        }
        let mut info = all.face(place)?.clone();
        if let Source::File(path) = &info.source {
            let bytes = match self.files.get(path) {
                Some(bytes) => Arc::clone(bytes),
                None => {
                    let bytes = Arc::new(std::fs::read(path).ok()?);
                    let _ = self.files.insert(path.clone(), Arc::clone(&bytes));
                    bytes
                }
            };
            info.source = Source::Binary(bytes);
        }
        let id = Arc::make_mut(db).push_face_info(info);
        self.db = Arc::clone(db);
        let _ = self.of_face.insert(place, id);
        let _ = self.faces.insert(id, place);
        Some(id)
    }
}

/// What the choice of a font is not as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instead {
    /// The families asked for that are not there; none where none was asked for.
    pub(super) missing: Vec<String>,
    /// The family used.
    pub(super) used: String,
    /// Whether the drawing names it, too.
    pub(super) named: bool,
}

/// Chooses fonts for one text.
pub(super) struct Picker<'c> {
    catalogue: &'c Catalogue,
    /// The `font-family` values that the document names by number.
    lists: Vec<Vec<Family>>,
    state: Mutex<State>,
}

struct State {
    loaded: Loaded,
    instead: Vec<Instead>,
    /// The faces chosen for families, unlike those that only lend characters.
    chosen: Vec<usize>,
}

/// Fonts tried in turn for what the first lacks: each costs shaping the piece again.
const MOST_FALLBACKS: usize = 12;

impl<'c> Picker<'c> {
    pub(super) fn new(catalogue: &'c Catalogue, lists: &[String], loaded: Loaded) -> Self {
        Self {
            catalogue,
            lists: lists.iter().map(|l| families::parse(l)).collect(),
            state: Mutex::new(State {
                loaded,
                instead: Vec::new(),
                chosen: Vec::new(),
            }),
        }
    }

    /// The two questions of the layout.
    pub(super) fn resolver(&self) -> FontResolver<'_> {
        FontResolver {
            select_font: Box::new(|font, db| self.select(font, db)),
            select_fallback: Box::new(|c, used, db| self.fallback(c, used, db)),
        }
    }

    /// The fonts in use so far.
    pub(super) fn db(&self) -> Arc<Database> {
        Arc::clone(&self.state().loaded.db)
    }

    /// The fonts in use, what is not as asked for, and the faces chosen.
    pub(super) fn finish(self) -> (Loaded, Vec<Instead>, Vec<usize>) {
        let state = self.state.into_inner();
        let state = state.unwrap_or_else(PoisonError::into_inner);
        (state.loaded, state.instead, state.chosen)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn select(&self, font: &usvg::Font, db: &mut Arc<Database>) -> Option<ID> {
        let list = font.families().iter().find_map(|f| match f {
            usvg::FontFamily::Named(name) => self
                .lists
                .get(name.strip_prefix('f')?.parse::<usize>().ok()?),
            _ => None,
        });
        let list = list.map_or(&[][..], Vec::as_slice);
        let cut = Cut {
            weight: fontdb::Weight(font.weight()),
            stretch: stretch(font.stretch()),
            style: match font.style() {
                FontStyle::Normal => fontdb::Style::Normal,
                FontStyle::Italic => fontdb::Style::Italic,
                FontStyle::Oblique => fontdb::Style::Oblique,
            },
        };
        let unnamed = [Family::Serif];
        let wanted = if list.is_empty() { &unnamed[..] } else { list };
        let choice = self.catalogue.choose(wanted, cut)?;
        let mut state = self.state();
        let id = state.loaded.load(choice.face, self.catalogue, db)?;
        if !state.chosen.contains(&choice.face) {
            state.chosen.push(choice.face);
        }
        if let Some(instead) = self.instead(list, choice)
            && !state.instead.contains(&instead)
        {
            state.instead.push(instead);
        }
        Some(id)
    }

    fn instead(&self, list: &[Family], choice: Choice) -> Option<Instead> {
        let face = self.catalogue.face(choice.face)?;
        let is_it = |name: &str| {
            let same = |other: &str| other.to_lowercase() == name.to_lowercase();
            face.families.iter().any(|f| same(&f.0)) || same(&face.post_script_name)
        };
        let used = list.get(choice.passed);
        let named = match used {
            Some(Family::Named(name)) => is_it(name),
            Some(_) => true,
            None => false,
        };
        let upto = choice.passed + usize::from(used.is_some() && !named);
        let missing: Vec<String> = list[..upto.min(list.len())]
            .iter()
            .map(|f| f.name().to_owned())
            .collect();
        (!missing.is_empty() || list.is_empty()).then(|| Instead {
            missing,
            used: self.catalogue.name(choice.face).to_owned(),
            named,
        })
    }

    fn fallback(&self, c: char, used: &[ID], db: &mut Arc<Database>) -> Option<ID> {
        if used.len() > MOST_FALLBACKS {
            return None;
        }
        let mut state = self.state();
        let used: Vec<usize> = used
            .iter()
            .filter_map(|id| state.loaded.face(*id))
            .collect();
        let face = self.catalogue.fallback(c, *used.first()?, &used)?;
        state.loaded.load(face, self.catalogue, db)
    }
}

fn stretch(stretch: FontStretch) -> fontdb::Stretch {
    use fontdb::Stretch as To;
    match stretch {
        FontStretch::UltraCondensed => To::UltraCondensed,
        FontStretch::ExtraCondensed => To::ExtraCondensed,
        FontStretch::Condensed => To::Condensed,
        FontStretch::SemiCondensed => To::SemiCondensed,
        FontStretch::Normal => To::Normal,
        FontStretch::SemiExpanded => To::SemiExpanded,
        FontStretch::Expanded => To::Expanded,
        FontStretch::ExtraExpanded => To::ExtraExpanded,
        FontStretch::UltraExpanded => To::UltraExpanded,
    }
}
