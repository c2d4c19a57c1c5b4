//! Time to cool between strokes that lie near each other.
//!
//! A list schedule along an order that is given: the next stroke from where the order
//! stands now, round its end, at which everything near has cooled by the time the head
//! gets there. Strokes that were passed over are taken on the next round, so the head
//! sweeps rather than going to and fro. Where nothing has cooled, the one that lacks
//! least is taken: the schedule never waits.
//!
//! # Words
//! - *hot*: something within the distance ended less than the time ago.
//!
//! # Limits
//! Heat is kept in cells of a quarter of the distance, larger where the plane would take
//! more than some million of them. A stroke counts as near when it comes within one
//! diagonal of a cell of the distance, and always when it is nearer than that.

use crate::geom::Point;

/// What is to cool, and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cooling {
    /// Time between the end of one stroke and the beginning of another near it, s.
    pub seconds: f64,
    /// Strokes nearer than this are near, mm.
    pub distance: f64,
}

/// A stroke as it is to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Burn {
    /// Where it begins, mm.
    pub entry: Point,
    /// Where it ends, mm.
    pub exit: Point,
    /// How long it takes, s.
    pub seconds: f64,
    /// Points along it, mm, each at most [`Heat::step`] from the next.
    pub points: Vec<Point>,
}

/// So many strokes that may come next are asked whether they have cooled.
const ASKED: usize = 256;
/// Past so many strokes, one that has not cooled is good enough.
const PASSED: usize = 4096;
/// Most cells of the plane, and most points of all strokes together.
const MOST_CELLS: f64 = 4_000_000.0;

/// When each place of the plane was burned last, where the head is, and the time.
#[derive(Clone, Debug)]
pub struct Heat {
    cooling: Cooling,
    cell: f64,
    min: Point,
    columns: usize,
    rows: usize,
    /// When something within the distance of a cell ended, s.
    ended: Vec<f64>,
    at: Point,
    clock: f64,
}

impl Heat {
    /// Nothing has been burned, and the head is at `at`. All strokes lie between `min` and
    /// `max` and are `length` mm long together.
    #[must_use]
    pub fn new(cooling: Cooling, [min, max]: [Point; 2], length: f64, at: Point) -> Self {
        let size = max - min;
        let finest = (size.x * size.y / MOST_CELLS)
            .sqrt()
            .max((size.x + size.y) / MOST_CELLS)
            .max(length / MOST_CELLS);
        let cell = (cooling.distance / 4.0).max(finest);
        let count = |v: f64| (v / cell).floor() as usize + 1;
        let (columns, rows) = (count(size.x), count(size.y));
        Self {
            cooling,
            cell,
            min,
            columns,
            rows,
            ended: vec![f64::NEG_INFINITY; columns * rows],
            at,
            clock: 0.0,
        }
    }

    /// How far points along a stroke may be from each other, mm.
    #[must_use]
    pub const fn step(&self) -> f64 {
        self.cell
    }

    fn place(&self, p: Point) -> (usize, usize) {
        let of = |v: f64, most: usize| ((v / self.cell).max(0.0) as usize).min(most - 1);
        let d = p - self.min;
        (of(d.x, self.columns), of(d.y, self.rows))
    }

    /// When a stroke has cooled, s.
    fn cool_at(&self, burn: &Burn) -> f64 {
        let last = burn.points.iter().fold(f64::NEG_INFINITY, |last, &p| {
            let (x, y) = self.place(p);
            last.max(self.ended[y * self.columns + x])
        });
        last + self.cooling.seconds
    }

    /// Draws a stroke; how much too soon, s.
    fn burn(&mut self, burn: &Burn, hop: &impl Fn(Point, Point) -> f64) -> f64 {
        let begins = self.clock + hop(self.at, burn.entry);
        let lacks = self.cool_at(burn) - begins;
        self.clock = begins + burn.seconds;
        self.at = burn.exit;
        let reach = (self.cooling.distance / self.cell).ceil() as usize + 1;
        let mut last = None;
        for &p in &burn.points {
            let here = self.place(p);
            if last == Some(here) {
                continue;
            }
            last = Some(here);
            let (x, y) = here;
            for row in y.saturating_sub(reach)..(y + reach + 1).min(self.rows) {
                for column in x.saturating_sub(reach)..(x + reach + 1).min(self.columns) {
                    // Between the nearest points of both cells.
                    let gap = |a: usize, b: usize| a.abs_diff(b).saturating_sub(1) as f64;
                    let apart = gap(row, y).hypot(gap(column, x)) * self.cell;
                    if apart < self.cooling.distance {
                        self.ended[row * self.columns + column] = self.clock;
                    }
                }
            }
        }
        lacks.max(0.0)
    }

    /// Draws strokes in their order; how many begin too soon.
    pub fn follow(&mut self, burns: &[Burn], hop: &impl Fn(Point, Point) -> f64) -> usize {
        burns.iter().filter(|b| self.burn(b, hop) > SOON).count()
    }

    /// Draws strokes such that few begin too soon; gives their order, and how many do.
    /// The first of each pair of `before` comes before the second, which the order that is
    /// given keeps. Strokes of one number in `groups`, which stand together, stay so;
    /// there is one number for each stroke, or none.
    ///
    /// # Complexity
    /// O(n · 256) questions at worst, of O(points of a stroke) each; and O(n) strokes are
    /// passed where only some that were left behind may come next.
    pub fn schedule(
        &mut self,
        burns: &[Burn],
        before: &[(u32, u32)],
        groups: &[u32],
        hop: &impl Fn(Point, Point) -> f64,
    ) -> (Vec<u32>, usize) {
        let n = burns.len();
        let mut waits = vec![0_u32; n];
        let mut after = before.to_vec();
        after.sort_unstable();
        after.dedup();
        // Numbers of the groups from 0, in the order that is given.
        let mut number = 0;
        let mut of: Vec<usize> = (0..groups.len())
            .map(|i| {
                number += usize::from(i > 0 && groups[i] != groups[i - 1]);
                number
            })
            .collect();
        if of.is_empty() {
            of = (0..n).collect();
        }
        let mut sizes = vec![0_usize; n];
        of.iter().for_each(|&g| sizes[g] += 1);
        // A group begins when all has been drawn that any of it waits for.
        let mut group_waits = vec![0_u32; n];
        for &(a, b) in &after {
            waits[b as usize] += 1;
            if of[a as usize] != of[b as usize] {
                group_waits[of[b as usize]] += 1;
            }
        }
        let mut ring = Ring::new(n);
        // The group that has begun, and how many of it are to come.
        let mut begun: Option<(usize, usize)> = None;
        let mut order = Vec::with_capacity(n);
        let mut soon = 0;
        let mut from = 0;
        while order.len() < n {
            let may = |i: u32| {
                let group = of[i as usize];
                waits[i as usize] == 0 && begun.map_or(group_waits[group] == 0, |(g, _)| group == g)
            };
            let Some(next) = self.next(burns, &ring, from, may, hop) else {
                break;
            };
            soon += usize::from(self.burn(&burns[next as usize], hop) > SOON);
            let group = of[next as usize];
            let left = begun.map_or(sizes[group], |b| b.1) - 1;
            begun = (left > 0).then_some((group, left));
            order.push(next);
            from = ring.after[next as usize];
            ring.take(next);
            let first = after.partition_point(|e| e.0 < next);
            for (_, b) in after[first..].iter().take_while(|e| e.0 == next) {
                waits[*b as usize] -= 1;
                if of[next as usize] != of[*b as usize] {
                    group_waits[of[*b as usize]] -= 1;
                }
            }
        }
        (order, soon)
    }

    /// The stroke to draw next.
    fn next(
        &self,
        burns: &[Burn],
        ring: &Ring,
        from: u32,
        may: impl Fn(u32) -> bool,
        hop: &impl Fn(Point, Point) -> f64,
    ) -> Option<u32> {
        let mut best: Option<(f64, u32)> = None;
        let mut asked = 0;
        for (passed, i) in ring.round(from).enumerate() {
            if passed >= PASSED && best.is_some() {
                break;
            }
            if !may(i) {
                continue;
            }
            let burn = &burns[i as usize];
            let lacks = self.cool_at(burn) - self.clock - hop(self.at, burn.entry);
            if lacks <= SOON {
                return Some(i);
            }
            if best.is_none_or(|b| lacks < b.0) {
                best = Some((lacks, i));
            }
            asked += 1;
            if asked == ASKED {
                break;
            }
        }
        best.map(|b| b.1)
    }
}

/// Less is rounding, s.
const SOON: f64 = 1e-6;

/// Numbers in a ring, of which some are taken away.
struct Ring {
    before: Vec<u32>,
    after: Vec<u32>,
    left: usize,
}

impl Ring {
    fn new(n: usize) -> Self {
        let n = n as u32;
        Self {
            before: (0..n).map(|i| if i == 0 { n - 1 } else { i - 1 }).collect(),
            after: (0..n).map(|i| if i + 1 == n { 0 } else { i + 1 }).collect(),
            left: n as usize,
        }
    }

    fn take(&mut self, i: u32) {
        let (b, a) = (self.before[i as usize], self.after[i as usize]);
        self.after[b as usize] = a;
        self.before[a as usize] = b;
        self.left -= 1;
    }

    /// Those that are left, from one on.
    fn round(&self, from: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(from), |i| Some(self.after[*i as usize])).take(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Strokes of 4 mm, one above the other.
    fn lines(ys: &[f64], seconds: f64) -> Vec<Burn> {
        ys.iter()
            .map(|&y| Burn {
                entry: Point::new(0.0, y),
                exit: Point::new(4.0, y),
                seconds,
                points: (0..=16)
                    .map(|k| Point::new(f64::from(k) / 4.0, y))
                    .collect(),
            })
            .collect()
    }

    fn heat(seconds: f64, distance: f64) -> Heat {
        let corners = [Point::new(0.0, 0.0), Point::new(4.0, 200.0)];
        let cooling = Cooling { seconds, distance };
        Heat::new(cooling, corners, 400.0, Point::default())
    }

    fn fast(a: Point, b: Point) -> f64 {
        a.distance(b) / 100.0
    }

    #[test]
    fn a_hatch_is_swept_in_turns() {
        let ys: Vec<f64> = (0..40).map(f64::from).collect();
        let burns = lines(&ys, 1.0);
        let soon = heat(5.0, 3.0).follow(&burns, &fast);
        assert_eq!(soon, 39);
        let (order, soon) = heat(5.0, 3.0).schedule(&burns, &[], &[], &fast);
        assert_eq!(soon, 0, "{order:?}");
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..40).collect::<Vec<_>>());
        let backwards = order.windows(2).filter(|w| w[1] < w[0]).count();
        assert!(backwards <= 6, "{order:?}");
        // What lies far apart needs no other order.
        let far: Vec<f64> = (0..20).map(|i| f64::from(i) * 10.0).collect();
        let (order, soon) = heat(5.0, 3.0).schedule(&lines(&far, 1.0), &[], &[], &fast);
        assert_eq!((order, soon), ((0..20).collect(), 0));
    }

    #[test]
    fn what_cannot_cool_is_counted() {
        let burns = lines(&[0.0, 0.5, 1.0], 1.0);
        let (order, soon) = heat(60.0, 3.0).schedule(&burns, &[], &[], &fast);
        assert_eq!((order.len(), soon), (3, 2));
    }

    proptest! {
        #[test]
        fn nothing_near_begins_too_soon_uncounted(
            ys in prop::collection::vec(0_u32..60, 1..25),
            edges in prop::collection::vec((0_usize..25, 0_usize..25), 0..10),
            groups in prop::collection::vec(0_u32..4, 25),
            grouped in any::<bool>(),
        ) {
            let n = ys.len();
            let burns = lines(&ys.iter().map(|y| f64::from(*y) / 2.0).collect::<Vec<_>>(), 1.0);
            let mut groups = groups[..if grouped { n } else { 0 }].to_vec();
            groups.sort_unstable();
            let before: Vec<(u32, u32)> = edges
                .into_iter()
                .filter(|(a, b)| a < b && *b < n)
                .map(|(a, b)| (a as u32, b as u32))
                .collect();
            let (order, soon) = heat(4.0, 3.0).schedule(&burns, &before, &groups, &fast);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..n as u32).collect::<Vec<_>>());
            let place = |i: u32| order.iter().position(|o| *o == i);
            prop_assert!(before.iter().all(|&(a, b)| place(a) < place(b)));
            if grouped {
                let of: Vec<u32> = order.iter().map(|&i| groups[i as usize]).collect();
                let runs = of.chunk_by(|a, b| a == b).count();
                groups.dedup();
                prop_assert_eq!(runs, groups.len());
            }
            // By a clock of its own.
            let (mut at, mut clock) = (Point::default(), 0.0);
            let mut done: Vec<(f64, f64)> = Vec::new();
            let mut found = 0;
            for &i in &order {
                let burn = &burns[i as usize];
                let begins = clock + fast(at, burn.entry);
                let y = burn.entry.y;
                found += usize::from(
                    done.iter().any(|(other, end)| (other - y).abs() < 3.0 && begins < end + 4.0 - 1e-9),
                );
                clock = begins + burn.seconds;
                at = burn.exit;
                done.push((y, clock));
            }
            prop_assert!(found <= soon, "{} {}", found, soon);
        }
    }
}
