//! Points along a Hilbert curve, so that what is near in the plane is mostly near in
//! memory.

use crate::geom::Point;

/// The curve visits 2^16 by 2^16 cells.
const BITS: u32 = 16;

/// The indices of `points` in the order in which a Hilbert curve (1891) over their
/// bounding box meets them; points in one cell stay in order.
///
/// # Complexity
/// O(n log n).
#[must_use]
pub fn along_hilbert(points: &[Point]) -> Vec<u32> {
    let mut low = Point::new(f64::INFINITY, f64::INFINITY);
    let mut high = Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY);
    for p in points {
        low = Point::new(low.x.min(p.x), low.y.min(p.y));
        high = Point::new(high.x.max(p.x), high.y.max(p.y));
    }
    let side = (high.x - low.x).max(high.y - low.y);
    let last = f64::from((1_u32 << BITS) - 1);
    // A float that is no number becomes cell 0.
    let cell = |v: f64| (v / side * last) as u32;
    let mut keys: Vec<(u32, u32)> = points
        .iter()
        .zip(0..)
        .map(|(p, i)| (distance_along(cell(p.x - low.x), cell(p.y - low.y)), i))
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, i)| i).collect()
}

/// How far along the curve a cell is: quadrant by quadrant, each turned such that the
/// curve goes on where it left the last.
fn distance_along(mut x: u32, mut y: u32) -> u32 {
    let mut distance = 0;
    for bit in (0..BITS).rev() {
        let (right, up) = (x >> bit & 1, y >> bit & 1);
        distance = distance << 2 | ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                let all = (1 << BITS) - 1;
                (x, y) = (all - x, all - y);
            }
            (x, y) = (y, x);
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_to_a_cell_beside_the_last() {
        // The curve is the same at every scale: 32 by 32 cells of the whole.
        let cells: Vec<Point> = (0..1024)
            .map(|i| Point::new(f64::from(i % 32), f64::from(i / 32)))
            .collect();
        let order = along_hilbert(&cells);
        let mut seen: Vec<u32> = order.clone();
        seen.sort_unstable();
        assert_eq!(seen, (0..1024).collect::<Vec<_>>());
        for pair in order.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|i| cells[i as usize]);
            assert!((a.distance(b) - 1.0).abs() < 1e-12, "{a:?} {b:?}");
        }
    }

    #[test]
    fn points_at_one_place_stay_in_order() {
        assert_eq!(along_hilbert(&[Point::new(3.0, 4.0); 3]), [0, 1, 2]);
        assert!(along_hilbert(&[]).is_empty());
    }
}
