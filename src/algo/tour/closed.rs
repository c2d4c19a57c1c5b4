//! Start points of closed strokes, by dynamic programming along the order.

use super::state::Tour;
use super::ways::Ways;
use super::{Problem, Stroke};
use crate::geom::Point;

/// So many start points of a stroke are weighed against those of its neighbours:
/// the nearest to where the head comes from and goes to now.
const CANDIDATES: usize = 12;

/// Chooses the start of every closed stroke such that the tour, with its order
/// and directions as they are, is shortest over the candidates.
///
/// Complexity: O(start points + n · 12²).
pub(super) fn choose_starts<H: Fn(Point, Point) -> f64 + Sync>(
    problem: &Problem<'_>,
    tour: &mut Tour<'_, H>,
) {
    let n = tour.len();
    let hop = tour.hops.cost();
    let mut ways = Ways::from(tour.hops.point(1));
    let mut choices: Vec<u32> = Vec::with_capacity(n);
    for place in 1..n {
        let options = candidates(problem, tour, place);
        debug_assert!(!options.is_empty(), "every stroke has a start");
        choices.extend(options.iter().map(|&(choice, ..)| choice));
        ways.to(options.iter().map(|&(_, entry, exit)| [entry, exit]), hop);
    }
    let home = tour.hops.ends_home().then(|| tour.hops.point(0));
    for (place, best) in (1..n).zip(ways.shortest(home, hop)) {
        let node = tour.at(place);
        let choice = choices[best];
        if choice != tour.hops.start_of(node) {
            tour.start_at(node, choice);
        }
    }
}

/// Start points worth weighing for the node at `place`: choice, entry, exit.
fn candidates<H: Fn(Point, Point) -> f64 + Sync>(
    problem: &Problem<'_>,
    tour: &Tour<'_, H>,
    place: usize,
) -> Vec<(u32, Point, Point)> {
    let node = tour.at(place);
    let exit = tour.exit_before((place + 1) % tour.len());
    let entry = exit ^ 1;
    let Stroke::Closed { starts } = &problem.strokes[node as usize - 1] else {
        return vec![(0, tour.hops.point(entry), tour.hops.point(exit))];
    };
    let points = &problem.starts[starts.start as usize..starts.end as usize];
    let all = |i: u32| (i, points[i as usize], points[i as usize]);
    if points.len() <= CANDIDATES {
        return (0..points.len() as u32).map(all).collect();
    }
    let [from, to] = [entry, exit].map(|end| tour.hops.point(tour.hops.mate(end).end));
    let mut picked = vec![tour.hops.start_of(node)];
    nearest_few(points, |p| p.distance(from), &mut picked);
    nearest_few(points, |p| p.distance(to), &mut picked);
    nearest_few(points, |p| p.distance(from) + p.distance(to), &mut picked);
    picked.sort_unstable();
    picked.dedup();
    picked.into_iter().map(all).collect()
}

/// Adds the few points with the least `key`.
fn nearest_few(points: &[Point], key: impl Fn(Point) -> f64, picked: &mut Vec<u32>) {
    const FEW: usize = CANDIDATES / 3;
    let mut few: Vec<(f64, u32)> = Vec::with_capacity(FEW + 1);
    for (i, &p) in points.iter().enumerate() {
        let candidate = (key(p), i as u32);
        if few.len() == FEW && few[FEW - 1].0 <= candidate.0 {
            continue;
        }
        let at = few.partition_point(|f| f.0 <= candidate.0);
        few.insert(at, candidate);
        few.truncate(FEW);
    }
    picked.extend(few.iter().map(|f| f.1));
}
