use super::{Breakdown, Doing, OperationTime};
use crate::motion::SpindleMode;
use std::cmp::Ordering;

/// The most roles that are kept apart, and the longest name of one, bytes.
const MOST_ROLES: usize = 48;
const LONGEST_ROLE: usize = 64;

/// What a command is for. Small, because each command of the queue has one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Work {
    #[default]
    Travel,
    Filament,
    /// By its place in the list of roles.
    Role(u8),
    Settings {
        tool: u32,
        spindle: SpindleMode,
        feed: f64,
        power: f64,
    },
    Others,
}

/// Time by operation.
///
/// There is a row for each tool, spindle mode, feed and power, until there are too many;
/// then rows that differ by power alone become one, and when that is not enough, rows
/// that differ by feed too.
#[derive(Clone, Debug)]
pub(super) struct Works {
    roles: Vec<String>,
    rows: Vec<Row>,
    /// The row that was counted last: most follow each other.
    last: usize,
    /// Whether powers, and feeds, are put together.
    wide: [bool; 2],
}

#[derive(Clone, Debug)]
struct Row {
    work: Work,
    feed: [f64; 2],
    power: [f64; 2],
    seconds: f64,
    lost: f64,
    mm: f64,
    lines: [u32; 2],
}

/// Time of a piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) seconds: f64,
    pub(super) lost: f64,
    pub(super) mm: f64,
    /// From 0.
    pub(super) line: u32,
}

impl Works {
    pub(super) const fn new() -> Self {
        Self {
            roles: Vec::new(),
            rows: Vec::new(),
            last: 0,
            wide: [false; 2],
        }
    }

    /// The work of a role by that name.
    pub(super) fn role(&mut self, name: &[u8]) -> Work {
        let name = String::from_utf8_lossy(&name[..name.len().min(LONGEST_ROLE)]);
        let known = self.roles.iter().position(|r| *r == name);
        match known {
            Some(i) => Work::Role(i as u8),
            None if self.roles.len() < MOST_ROLES => {
                self.roles.push(name.into_owned());
                Work::Role(self.roles.len() as u8 - 1)
            }
            None => Work::Others,
        }
    }

    pub(super) fn add(&mut self, work: Work, piece: Piece) {
        let i = self.row(work);
        let row = &mut self.rows[i];
        row.seconds += piece.seconds;
        row.lost += piece.lost;
        row.mm += piece.mm;
        row.lines = [row.lines[0].min(piece.line), row.lines[1].max(piece.line)];
        if let Work::Settings { feed, power, .. } = work {
            row.feed = [row.feed[0].min(feed), row.feed[1].max(feed)];
            row.power = [row.power[0].min(power), row.power[1].max(power)];
        }
    }

    /// The rows, the longest first.
    pub(super) fn all(&self) -> Vec<OperationTime> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        let doing = |row: &Row| match row.work {
            Work::Travel => Doing::Travel,
            Work::Filament => Doing::Filament,
            Work::Role(i) => Doing::Role(self.roles[usize::from(i)].clone()),
            Work::Settings { tool, spindle, .. } => Doing::Settings {
                tool,
                spindle,
                feed: row.feed,
                power: row.power,
            },
            Work::Others => Doing::Others,
        };
        rows.into_iter()
            .map(|row| OperationTime {
                doing: doing(row),
                seconds: row.seconds,
                lost: row.lost,
                mm: row.mm,
                lines: row.lines.map(|l| l.saturating_add(1)),
            })
            .collect()
    }

    fn row(&mut self, work: Work) -> usize {
        let is = |row: &Row, wide| order(&row.work, &work, wide) == Ordering::Equal;
        if self.rows.get(self.last).is_some_and(|r| is(r, self.wide)) {
            return self.last;
        }
        loop {
            if let Some(i) = self.rows.iter().position(|r| is(r, self.wide)) {
                self.last = i;
                return i;
            }
            // One place is left for those of which there are too many.
            let full = self.rows.len() + 1 >= Breakdown::MOST_OPERATIONS;
            if !full || matches!(work, Work::Others) {
                self.rows.push(Row::new(work));
            } else if let Some(narrow) = self.wide.iter_mut().find(|w| !**w) {
                *narrow = true;
                self.widen();
            } else {
                return self.row_of_others();
            }
        }
    }

    fn row_of_others(&mut self) -> usize {
        let is = |row: &Row| matches!(row.work, Work::Others);
        self.rows.iter().position(is).unwrap_or_else(|| {
            self.rows.push(Row::new(Work::Others));
            self.rows.len() - 1
        })
    }

    /// Puts rows together that are one now.
    fn widen(&mut self) {
        let mut rows: Vec<Row> = Vec::new();
        for row in std::mem::take(&mut self.rows) {
            let same = |r: &&mut Row| order(&r.work, &row.work, self.wide) == Ordering::Equal;
            match rows.iter_mut().find(same) {
                Some(r) => r.merge(&row),
                None => rows.push(row),
            }
        }
        self.rows = rows;
    }
}

impl Row {
    const fn new(work: Work) -> Self {
        Self {
            work,
            feed: [f64::INFINITY, f64::NEG_INFINITY],
            power: [f64::INFINITY, f64::NEG_INFINITY],
            seconds: 0.0,
            lost: 0.0,
            mm: 0.0,
            lines: [u32::MAX, 0],
        }
    }

    fn merge(&mut self, other: &Self) {
        let both = |a: [f64; 2], b: [f64; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        self.feed = both(self.feed, other.feed);
        self.power = both(self.power, other.power);
        self.seconds += other.seconds;
        self.lost += other.lost;
        self.mm += other.mm;
        let (a, b) = (self.lines, other.lines);
        self.lines = [a[0].min(b[0]), a[1].max(b[1])];
    }
}

/// The order of two works, of which powers, and feeds, may be the same whatever they are.
fn order(a: &Work, b: &Work, wide: [bool; 2]) -> Ordering {
    let plain = |work: &Work| match *work {
        Work::Travel => (0, 0, SpindleMode::Off, [0.0; 2]),
        Work::Filament => (1, 0, SpindleMode::Off, [0.0; 2]),
        Work::Role(i) => (2, u32::from(i), SpindleMode::Off, [0.0; 2]),
        Work::Settings {
            tool,
            spindle,
            feed,
            power,
        } => {
            let feed = if wide[1] { 0.0 } else { feed };
            let power = if wide[0] { 0.0 } else { power };
            (3, tool, spindle, [feed, power])
        }
        Work::Others => (4, 0, SpindleMode::Off, [0.0; 2]),
    };
    let (a, b) = (plain(a), plain(b));
    (a.0, a.1, a.2)
        .cmp(&(b.0, b.1, b.2))
        .then_with(|| a.3[0].total_cmp(&b.3[0]))
        .then_with(|| a.3[1].total_cmp(&b.3[1]))
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // whole numbers are added
mod tests {
    use super::*;

    fn settings(tool: u32, feed: f64, power: f64) -> Work {
        Work::Settings {
            tool,
            spindle: SpindleMode::Dynamic,
            feed,
            power,
        }
    }

    fn piece(line: u32) -> Piece {
        Piece {
            seconds: 1.0,
            lost: 0.25,
            mm: 2.0,
            line,
        }
    }

    fn sums(all: &[OperationTime]) -> (f64, f64, f64) {
        let sum = |f: fn(&OperationTime) -> f64| all.iter().map(f).sum::<f64>();
        (sum(|o| o.seconds), sum(|o| o.lost), sum(|o| o.mm))
    }

    #[test]
    fn a_few_settings_are_kept_apart_and_many_powers_become_one() {
        let mut works = Works::new();
        for k in 0..300 {
            works.add(settings(0, 10.0, f64::from(k % 40)), piece(k));
            works.add(settings(0, 20.0, 5.0), piece(k));
        }
        assert_eq!(works.all().len(), 41);
        for k in 0..300 {
            works.add(settings(0, 10.0, f64::from(k)), piece(k));
        }
        let all = works.all();
        assert_eq!(all.len(), 2);
        let Doing::Settings { feed, power, .. } = all[0].doing else {
            panic!("{all:?}");
        };
        assert_eq!(
            (feed, power, all[0].lines),
            ([10.0; 2], [0.0, 299.0], [1, 300])
        );
        assert_eq!(sums(&all), (900.0, 225.0, 1800.0));
    }

    #[test]
    fn many_feeds_become_one_and_too_many_tools_are_the_others() {
        let mut works = Works::new();
        for tool in 0..100 {
            for feed in 1..4 {
                works.add(settings(tool, f64::from(feed), 1.0), piece(0));
            }
        }
        works.add(Work::Others, piece(0));
        let all = works.all();
        assert_eq!(all.len(), Breakdown::MOST_OPERATIONS);
        assert_eq!(all[0].doing, Doing::Others);
        assert_eq!(sums(&all).0, 301.0);
    }

    #[test]
    fn roles_have_names_and_an_end() {
        let mut works = Works::new();
        for k in 0..200 {
            let role = works.role(format!("role {k}").as_bytes());
            works.add(role, piece(k));
            let again = works.role(b"role 1");
            works.add(again, piece(k));
        }
        let all = works.all();
        assert_eq!(all.len(), MOST_ROLES + 1);
        assert_eq!(all[0].doing, Doing::Role("role 1".into()));
        assert_eq!(sums(&all).0, 400.0);
    }
}
