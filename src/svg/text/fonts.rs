use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(feature = "text")]
use super::catalogue::Catalogue;
#[cfg(feature = "text")]
use std::sync::OnceLock;

/// Where the fonts of text come from.
///
/// This says only where to look: folders and files are opened when the first text
/// is drawn, once for all copies of it. Without the feature `text` nothing is
/// opened at all, and text is reported.
///
/// Where several sources have a font, the bytes and folders that were added come
/// before the system.
///
/// ```
/// use trajet::svg::{Fonts, SvgOptions};
///
/// let fonts = Fonts::system().with_dir("fonts/of/the/lab");
/// let options = SvgOptions::default().with_fonts(fonts);
/// assert!(!options.fonts.is_none());
/// ```
#[derive(Clone, Default)]
pub struct Fonts {
    pub(super) system: bool,
    pub(super) folders: Vec<PathBuf>,
    pub(super) data: Vec<Arc<Vec<u8>>>,
    /// What was found there, once somebody looked.
    #[cfg(feature = "text")]
    found: Arc<OnceLock<Catalogue>>,
}

impl Fonts {
    /// No fonts: text is reported, not drawn. The default.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The fonts that are installed on this computer.
    #[must_use]
    pub fn system() -> Self {
        Self {
            system: true,
            ..Self::default()
        }
    }

    /// The same and the fonts of a folder and the folders in it: files named `.ttf`,
    /// `.otf`, `.ttc` or `.otc`.
    #[must_use]
    pub fn with_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self.anew()
    }

    /// The same and the fonts of one file, given as its bytes (TrueType or OpenType,
    /// alone or in a collection).
    #[must_use]
    pub fn with_data(mut self, font: Vec<u8>) -> Self {
        self.data.push(Arc::new(font));
        self.anew()
    }

    /// Whether there is nowhere to look for fonts.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Forgets what was found before a source was added.
    fn anew(self) -> Self {
        Self {
            system: self.system,
            folders: self.folders,
            data: self.data,
            #[cfg(feature = "text")]
            found: Arc::default(),
        }
    }

    #[cfg(feature = "text")]
    pub(super) fn catalogue(&self) -> &Catalogue {
        self.found.get_or_init(|| Catalogue::of(self))
    }
}

impl PartialEq for Fonts {
    /// Whether the fonts come from the same places.
    fn eq(&self, other: &Self) -> bool {
        (self.system, &self.folders, &self.data) == (other.system, &other.folders, &other.data)
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<usize> = self.data.iter().map(|d| d.len()).collect();
        f.debug_struct("Fonts")
            .field("system", &self.system)
            .field("folders", &self.folders)
            .field("data_bytes", &bytes)
            .finish()
    }
}
