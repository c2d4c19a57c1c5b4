//! Which O-word line belongs to which.
//!
//! The lines of a program are looked at once each, from the first on and only as
//! far as someone asks: a loop wants to know its end, a false `if` its next
//! branch, a call its subroutine. What was found is kept, so that skipping costs
//! nothing the second time and the whole is linear, however lines nest.
//!
//! Constructs match by label inside their subroutine. One that is crossed by
//! another (`o1 if`, `o2 while`, `o1 endif`, `o2 endwhile`) has no end. Memory:
//! some 32 bytes for each line that opens, divides or closes a construct, and
//! each label once; calls need none.

use super::oword::{Command, OWord, parse};
use std::collections::BTreeMap;

/// The lines of a program, by index from 0. `None` behind the last.
pub(crate) trait Lines {
    /// The bytes of a line, with or without its end.
    fn line(&mut self, index: usize) -> Option<&[u8]>;
}

/// A label that is used twice where LinuxCNC wants it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duplicate {
    /// The line that uses it again.
    pub(crate) line: usize,
    /// The line that used it first.
    pub(crate) first: usize,
}

/// What a line is among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Sub,
    /// A `sub` inside a `sub`.
    Nested,
    EndSub,
    If,
    /// `elseif` or `else`.
    Branch,
    EndIf,
    While,
    EndWhile,
    Do,
    /// The `while` that ends a `do`.
    DoWhile,
    Repeat,
    EndRepeat,
}

/// A line that opens, divides or closes a construct.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) label: u32,
    /// The closing line of an opening one, the opening line of any other.
    pair: u32,
    /// The next branch, or the end, of an `if` or a branch.
    next: u32,
}

/// No site, or none yet.
const NONE: u32 = u32::MAX;

/// A construct that is open where the scan stands.
#[derive(Debug)]
struct Open {
    site: u32,
    label: u32,
    /// The `if`, or its last branch.
    last: u32,
    /// What [`Index::innermost`] said of the label before.
    outer: u32,
}

/// What is known of the lines so far.
#[derive(Debug, Default)]
pub(super) struct Index {
    sites: Vec<Site>,
    /// The first line that was not looked at.
    frontier: usize,
    ended: bool,
    /// Lines that begin with `/` are not there.
    skips_deletable: bool,
    labels: BTreeMap<Box<[u8]>, u32>,
    /// Subroutines by label: their site.
    subs: BTreeMap<u32, u32>,
    /// Programs by label: their line.
    programs: BTreeMap<u32, usize>,
    open: Vec<Open>,
    /// For each label, 1 + the place of its innermost construct in `open`.
    innermost: Vec<u32>,
    /// The place in `open` of the subroutine that the scan is in.
    sub: Option<usize>,
    /// For each label, the scope and line that used it last to open a construct.
    used: Vec<Option<(usize, usize)>>,
    scope: usize,
    outer_scope: usize,
    duplicates: Vec<Duplicate>,
    key: Vec<u8>,
    /// Where the last site was found.
    hint: usize,
}

impl Index {
    pub(super) fn new(skips_deletable: bool) -> Self {
        Index {
            skips_deletable,
            ..Index::default()
        }
    }

    pub(super) fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    pub(super) fn site(&self, site: u32) -> Site {
        self.sites[site as usize]
    }

    /// The site of a line.
    pub(super) fn at(&mut self, line: usize, lines: &mut impl Lines) -> Option<u32> {
        self.scan(lines, |index| index.frontier > line);
        let is = |i: usize| self.sites.get(i).is_some_and(|site| site.line == line);
        self.hint = match self.hint {
            hint if is(hint) => hint,
            hint if is(hint + 1) => hint + 1,
            _ => self.sites.binary_search_by_key(&line, |s| s.line).ok()?,
        };
        Some(self.hint as u32)
    }

    /// The line that closes what `site` opens, or opens what it closes.
    pub(super) fn pair(&mut self, site: u32, lines: &mut impl Lines) -> Option<u32> {
        let pair = |index: &Index| index.sites[site as usize].pair;
        if pair(self) == NONE && self.is_open(site) {
            self.scan(lines, |index| pair(index) != NONE || !index.is_open(site));
        }
        (pair(self) != NONE).then_some(pair(self))
    }

    /// The next branch, or the end, of an `if` or a branch whose end is known.
    pub(super) fn next(&self, site: u32) -> Option<u32> {
        let next = self.sites[site as usize].next;
        (next != NONE).then_some(next)
    }

    /// The number of a label that some construct has.
    pub(super) fn label(&self, key: &[u8]) -> Option<u32> {
        self.labels.get(key).copied()
    }

    /// The site of a subroutine, wherever in the file it is.
    pub(super) fn sub(&mut self, key: &[u8], lines: &mut impl Lines) -> Option<u32> {
        let find = |i: &Index| i.label(key).and_then(|label| i.subs.get(&label).copied());
        self.scan(lines, |index| find(index).is_some());
        find(self)
    }

    /// The line of a numbered program, wherever in the file it is.
    pub(super) fn program(&mut self, key: &[u8], lines: &mut impl Lines) -> Option<usize> {
        let find = |i: &Index| {
            i.label(key)
                .and_then(|label| i.programs.get(&label).copied())
        };
        self.scan(lines, |index| find(index).is_some());
        find(self)
    }

    /// Looks at lines until `enough`.
    fn scan(&mut self, lines: &mut impl Lines, enough: impl Fn(&Index) -> bool) {
        while !self.ended && !enough(self) {
            let line = self.frontier;
            let Some(text) = lines.line(line) else {
                self.ended = true;
                return;
            };
            self.frontier += 1;
            if let Some(Ok(word)) = parse(text)
                && !(word.deletable && self.skips_deletable)
            {
                self.look(line, text, &word);
            }
        }
    }

    fn look(&mut self, line: usize, text: &[u8], word: &OWord) {
        use Command::{Break, Call, Continue, Return};
        if matches!(word.command, Break | Call | Continue | Return)
            || self.sites.len() as u64 >= u64::from(NONE)
        {
            return;
        }
        let mut key = std::mem::take(&mut self.key);
        if word.key(text, &mut key).is_ok() {
            let label = self.intern(&key);
            self.place(line, label, word.command);
        }
        self.key = key;
    }

    fn intern(&mut self, key: &[u8]) -> u32 {
        if let Some(label) = self.labels.get(key) {
            return *label;
        }
        let label = self.labels.len() as u32;
        let _ = self.labels.insert(key.into(), label);
        self.innermost.push(0);
        self.used.push(None);
        label
    }

    fn place(&mut self, line: usize, label: u32, command: Command) {
        match command {
            Command::Program => {
                match self.programs.get(&label) {
                    Some(&first) => self.duplicates.push(Duplicate { line, first }),
                    None => drop(self.programs.insert(label, line)),
                }
                if self.sub.is_none() {
                    self.scope = line + 1;
                }
            }
            Command::Sub if self.sub.is_some() => drop(self.add(line, label, Kind::Nested)),
            Command::Sub => {
                let site = self.begin(line, label, Kind::Sub);
                match self.subs.get(&label) {
                    Some(&first) => {
                        let first = self.sites[first as usize].line;
                        self.duplicates.push(Duplicate { line, first });
                    }
                    None => drop(self.subs.insert(label, site)),
                }
                self.sub = Some(self.open.len() - 1);
                self.outer_scope = std::mem::replace(&mut self.scope, line + 1);
            }
            Command::EndSub => {
                let place = self.sub.filter(|place| self.open[*place].label == label);
                self.close(line, label, Kind::EndSub, place);
                if place.is_some() {
                    self.sub = None;
                    self.scope = self.outer_scope;
                }
            }
            Command::If => self.begin_once(line, label, Kind::If),
            Command::Do => self.begin_once(line, label, Kind::Do),
            Command::Repeat => self.begin_once(line, label, Kind::Repeat),
            Command::While => match self.innermost(label, Kind::Do) {
                None => self.begin_once(line, label, Kind::While),
                place => self.close(line, label, Kind::DoWhile, place),
            },
            Command::ElseIf | Command::Else => self.divide(line, label),
            Command::EndIf => {
                let place = self.innermost(label, Kind::If);
                self.close(line, label, Kind::EndIf, place);
            }
            Command::EndWhile => {
                let place = self.innermost(label, Kind::While);
                self.close(line, label, Kind::EndWhile, place);
            }
            Command::EndRepeat => {
                let place = self.innermost(label, Kind::Repeat);
                self.close(line, label, Kind::EndRepeat, place);
            }
            Command::Call | Command::Return | Command::Break | Command::Continue => {}
        }
    }

    fn add(&mut self, line: usize, label: u32, kind: Kind) -> u32 {
        self.sites.push(Site {
            line,
            kind,
            label,
            pair: NONE,
            next: NONE,
        });
        self.sites.len() as u32 - 1
    }

    fn begin(&mut self, line: usize, label: u32, kind: Kind) -> u32 {
        let site = self.add(line, label, kind);
        self.open.push(Open {
            site,
            label,
            last: site,
            outer: self.innermost[label as usize],
        });
        self.innermost[label as usize] = self.open.len() as u32;
        site
    }

    fn begin_once(&mut self, line: usize, label: u32, kind: Kind) {
        let _ = self.begin(line, label, kind);
        if let Some((scope, first)) = self.used[label as usize]
            && scope == self.scope
        {
            self.duplicates.push(Duplicate { line, first });
        }
        self.used[label as usize] = Some((self.scope, line));
    }

    /// The place of the innermost construct of a label, if it is of this kind and
    /// in the subroutine at hand.
    fn innermost(&self, label: u32, kind: Kind) -> Option<usize> {
        let place = (self.innermost[label as usize] as usize).checked_sub(1)?;
        let inside = self.sub.is_none_or(|sub| place > sub);
        let site = self.open[place].site;
        (inside && self.sites[site as usize].kind == kind).then_some(place)
    }

    fn divide(&mut self, line: usize, label: u32) {
        let place = self.innermost(label, Kind::If);
        let site = self.add(line, label, Kind::Branch);
        if let Some(place) = place {
            self.forget(place + 1);
            let open = &mut self.open[place];
            let last = std::mem::replace(&mut open.last, site);
            self.sites[site as usize].pair = open.site;
            self.sites[last as usize].next = site;
        }
    }

    fn close(&mut self, line: usize, label: u32, kind: Kind, place: Option<usize>) {
        let site = self.add(line, label, kind);
        if let Some(place) = place {
            let Open {
                site: begin, last, ..
            } = self.open[place];
            self.forget(place);
            self.sites[site as usize].pair = begin;
            self.sites[begin as usize].pair = site;
            self.sites[last as usize].next = site;
        }
    }

    /// Takes all but `keep` constructs off the list of open ones.
    fn forget(&mut self, keep: usize) {
        while self.open.len() > keep
            && let Some(open) = self.open.pop()
        {
            self.innermost[open.label as usize] = open.outer;
        }
    }

    fn is_open(&self, site: u32) -> bool {
        self.open
            .binary_search_by_key(&site, |open| open.site)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts how often each line is asked for.
    struct Counted(Vec<&'static str>, Vec<u32>);

    impl Lines for Counted {
        fn line(&mut self, index: usize) -> Option<&[u8]> {
            let line = self.0.get(index)?;
            self.1[index] += 1;
            Some(line.as_bytes())
        }
    }

    fn lines(text: &'static str) -> Counted {
        let lines: Vec<_> = text.split('\n').collect();
        let asked = vec![0; lines.len()];
        Counted(lines, asked)
    }

    fn pair_of(index: &mut Index, line: usize, lines: &mut Counted) -> Option<usize> {
        let site = index.at(line, lines)?;
        let pair = index.pair(site, lines)?;
        Some(index.site(pair).line)
    }

    #[test]
    fn constructs_match_by_label_and_each_line_is_read_once() {
        let mut lines = lines(
            "o1 sub\no2 if [1]\no3 while [1]\no3 endwhile\no2 elseif [2]\no4 do\no4 while [1]\n\
             o2 else\no5 repeat [2]\no5 endrepeat\no2 endif\no1 endsub\no2 if [1]\no2 endif",
        );
        let mut index = Index::new(false);
        for (line, pair) in [
            (2, 3),
            (0, 11),
            (1, 10),
            (5, 6),
            (8, 9),
            (10, 1),
            (4, 1),
            (12, 13),
        ] {
            assert_eq!(pair_of(&mut index, line, &mut lines), Some(pair), "{line}");
        }
        let mut branch = index.at(1, &mut lines).unwrap();
        for line in [4, 7, 10] {
            branch = index.next(branch).unwrap();
            assert_eq!(index.site(branch).line, line);
        }
        assert!(lines.1.iter().all(|n| *n == 1));
        assert!(
            index.duplicates().is_empty(),
            "the second o2 is outside the sub"
        );
    }

    #[test]
    fn it_looks_no_further_than_it_must() {
        let mut lines = lines("o1 if [1]\no1 endif\no2 if [1]\no2 endif");
        let mut index = Index::new(false);
        assert_eq!(pair_of(&mut index, 0, &mut lines), Some(1));
        assert_eq!(lines.1, [1, 1, 0, 0]);
    }

    #[test]
    fn what_does_not_match_has_no_pair() {
        for (text, line) in [
            ("o1 if [1]", 0),
            ("o1 endif", 0),
            ("o1 if [1]\no1 endwhile", 1),
            ("o1 if [1]\no2 while [1]\no1 endif\no2 endwhile", 1),
            ("o1 if [1]\no2 while [1]\no1 endif\no2 endwhile", 3),
            ("o1 if [1]\no2 sub\no1 endif\no2 endsub", 2),
            ("o1 sub\no2 endsub", 0),
            ("o1 sub\no2 endsub", 1),
            ("o1 else", 0),
        ] {
            let mut lines = lines(text);
            let mut index = Index::new(false);
            assert_eq!(pair_of(&mut index, line, &mut lines), None, "{text}");
        }
        let mut index = Index::new(false);
        let mut nested = lines("o1 sub\no2 sub\no1 endsub");
        let site = index.at(1, &mut nested).unwrap();
        assert_eq!(index.site(site).kind, Kind::Nested);
    }

    #[test]
    fn duplicates_are_told() {
        let mut lines = lines(
            "o1 if [1]\no1 endif\no1 while [1]\no1 endwhile\no7 sub\no1 do\no1 while [0]\no7 endsub\no7 sub\no7 endsub",
        );
        let mut index = Index::new(false);
        assert_eq!(index.sub(b"8", &mut lines), None);
        let two = [
            Duplicate { line: 2, first: 0 },
            Duplicate { line: 8, first: 4 },
        ];
        assert_eq!(index.duplicates(), two);
    }

    #[test]
    fn deletable_lines_are_there_or_not() {
        for (skips, pair) in [(false, Some(1)), (true, Some(2))] {
            let mut lines = lines("o1 if [1]\n/o1 endif\no1 endif");
            let mut index = Index::new(skips);
            assert_eq!(pair_of(&mut index, 0, &mut lines), pair);
        }
    }
}
