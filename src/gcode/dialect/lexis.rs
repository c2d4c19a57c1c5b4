//! How bytes become words, as a table of byte classes with a few flags.

/// What parentheses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parens {
    /// A comment up to the first `)`.
    Comment,
    /// The rest of the line is cut off.
    Cut,
    /// A comment only in some builds: read as one, and reported.
    Maybe,
    /// They begin no word.
    Stray,
}

/// What `/` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delete {
    /// It begins no word.
    Never,
    /// At the start of a line it marks a line that a switch leaves out.
    AtStart,
    /// The same, and one of several switches may be named: `/2`.
    Numbered,
    /// It is passed over wherever it stands.
    Anywhere,
}

/// What `*` with a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// It begins no word.
    None,
    /// It is passed over.
    PassedOver,
    /// The checksum of a line that begins with its number, and the end of the line.
    Checked,
}

/// Where blanks may stand in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blanks {
    /// Anywhere: `X 1. 5` is 1.5.
    Anywhere,
    /// Between the letter and its number.
    BeforeNumber,
    /// Nowhere.
    Nowhere,
}

/// What lower-case letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The same as upper case.
    Folded,
    /// No letters.
    Upper,
    /// A line that begins with one is for the console.
    Console,
}

/// How many bytes of a line the firmware holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// That many bytes.
    pub bytes: u32,
    /// Blanks are not held.
    pub packed: bool,
    /// Comments are.
    pub comments: bool,
    /// A longer line is cut without a word, rather than refused.
    pub cuts: bool,
}

/// How bytes become words.
#[derive(Clone, Copy, Debug)]
pub struct Lexis {
    /// What parentheses are.
    pub parens: Parens,
    /// Where blanks may stand in a word.
    pub blanks: Blanks,
    /// What lower-case letters are.
    pub case: Case,
    /// `[…]`, `#…` and functions are values, `#…=` assigns, O-words steer.
    pub expressions: bool,
    /// `"…"` is a value.
    pub quotes: bool,
    /// `{…}` is a value, lists with `:` are, and `if`, `while`, `var` … begin meta lines.
    pub meta: bool,
    /// What `*nn` is.
    pub checksum: Checksum,
    /// What `/` is.
    pub delete: Delete,
    /// `!`, `~`, `?`, Ctrl-X and bytes above 127 are taken out of the stream.
    pub real_time: bool,
    /// Control characters are blanks, NUL among them.
    pub controls: bool,
    /// `%` marks begin and end of the program.
    pub percent: bool,
    /// `$…` is a command of the system.
    pub system: bool,
    /// `IF`, `WHILE`, `DO`, `END` and `GOTO` begin lines of macro B.
    pub macro_b: bool,
    /// A line that begins with a word of letters is a command with a name.
    pub named: bool,
    /// M numbers whose line is text from there on.
    pub raw_text: &'static [u16],
    /// Bytes of a line that the firmware holds, and what it does with more.
    pub limit: Option<Limit>,
    pub(super) classes: [Class; 256],
}

/// What a byte begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Blank,
    Letter,
    /// `O`, and `M` where texts may follow it.
    SpecialLetter,
    Semicolon,
    Paren,
    /// Bytes that the firmware takes out of the stream as they come.
    RealTime,
    Hash,
    Star,
    Quote,
    /// `@` and `^`.
    Polar,
    /// `'`, before a lower-case axis letter.
    Tick,
    Stray,
}

impl Lexis {
    /// A lexis in which all of these are off: only words, blanks and `;`.
    pub(super) const PLAIN: Self = Self {
        parens: Parens::Comment,
        blanks: Blanks::Anywhere,
        case: Case::Folded,
        expressions: false,
        quotes: false,
        meta: false,
        checksum: Checksum::None,
        delete: Delete::Never,
        real_time: false,
        controls: false,
        percent: false,
        system: false,
        macro_b: false,
        named: false,
        raw_text: &[],
        limit: None,
        classes: [Class::Stray; 256],
    };

    #[inline]
    pub(crate) const fn class(&self, byte: u8) -> Class {
        self.classes[byte as usize]
    }

    /// The same with its table of classes made from its flags.
    pub(super) const fn with_classes(mut self) -> Self {
        let mut i = 0;
        while i < 256 {
            let b = i as u8;
            self.classes[i] = match b {
                b'!' | b'~' | b'?' | 0x18 | 0x80.. if self.real_time => Class::RealTime,
                b' ' | b'\t' | b'\r' | b'\n' => Class::Blank,
                0..b' ' | 0x7f if self.controls => Class::Blank,
                b'O' => Class::SpecialLetter,
                b'M' if !self.raw_text.is_empty() => Class::SpecialLetter,
                b'A'..=b'Z' => Class::Letter,
                b'a'..=b'z' if matches!(self.case, Case::Upper) => Class::Stray,
                b'o' => Class::SpecialLetter,
                b'm' if !self.raw_text.is_empty() => Class::SpecialLetter,
                b'a'..=b'z' => Class::Letter,
                b';' => Class::Semicolon,
                b'(' if !matches!(self.parens, Parens::Stray) => Class::Paren,
                b'/' if matches!(self.delete, Delete::Anywhere) => Class::Blank,
                b'#' if self.expressions => Class::Hash,
                b'*' if !matches!(self.checksum, Checksum::None) => Class::Star,
                b'"' if self.quotes => Class::Quote,
                b'@' | b'^' if self.expressions => Class::Polar,
                b'\'' if self.meta => Class::Tick,
                _ => Class::Stray,
            };
            i += 1;
        }
        self
    }
}
