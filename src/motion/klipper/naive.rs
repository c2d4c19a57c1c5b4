//! The rules once more, as they are told rather than as they are fast: the whole
//! file in memory, every cap looked up in full, nothing carried along.

/// A move as the tests make it: how far X, Y, Z and the filament go, at which speed,
/// under which limits of the head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) by: [f64; 4],
    pub(super) v: f64,
    pub(super) head: Head,
    /// The machine stops before it.
    pub(super) stop: bool,
}

/// Greatest speed, acceleration, minimum cruise ratio, square corner velocity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) v: f64,
    pub(super) a: f64,
    pub(super) ratio: f64,
    pub(super) corner_v: f64,
}

/// Limits that a program cannot change: of Z, of filament alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    pub(super) z_v: f64,
    pub(super) z_a: f64,
    pub(super) e_v: f64,
    pub(super) e_a: f64,
    pub(super) e_corner_v: f64,
}

#[derive(Clone, Debug)]
struct Piece {
    d: f64,
    a: f64,
    v: f64,
    unit: [f64; 4],
    deviation: f64,
    gentle_a: f64,
    head: bool,
}

fn piece(m: &Told, f: &Fixed) -> Piece {
    let d = (m.by[0].powi(2) + m.by[1].powi(2) + m.by[2].powi(2)).sqrt();
    let deviation = m.head.corner_v.powi(2) * (2.0_f64.sqrt() - 1.0) / m.head.a;
    let head = d >= 1e-9;
    let (d, mut v, mut a) = if head {
        (d, m.v.min(m.head.v), m.head.a)
    } else {
        (m.by[3].abs(), m.v, 99_999_999.9)
    };
    // As the host rounds it: a reversal is one or not by the last bit.
    let per = 1.0 / d;
    let mut unit = m.by.map(|c| c * per);
    if !head {
        unit = [0.0, 0.0, 0.0, unit[3]];
    }
    if unit[2] != 0.0 {
        v = v.min(f.z_v / unit[2].abs());
        a = a.min(f.z_a / unit[2].abs());
    }
    let r = unit[3];
    if r < 0.0 || (r != 0.0 && unit[0] == 0.0 && unit[1] == 0.0) {
        v = v.min(f.e_v / r.abs());
        a = a.min(f.e_a / r.abs());
    }
    Piece {
        d,
        a,
        v,
        unit,
        deviation,
        gentle_a: a.min(m.head.a * (1.0 - m.head.ratio)),
        head,
    }
}

/// The greatest v² between two moves, by all rules that look at these two alone.
fn corner(p: &Piece, q: &Piece, f: &Fixed) -> f64 {
    if !p.head || !q.head {
        return 0.0;
    }
    let mut all = vec![p.v * p.v, q.v * q.v];
    let change = q.unit[3] - p.unit[3];
    if change != 0.0 {
        all.push((f.e_corner_v / change).powi(2));
    }
    let cos: f64 = (0..3).map(|i| p.unit[i] * q.unit[i]).sum();
    // Half the angle between the two: a straight line has a right one.
    let sin_half = (0.5 * (1.0 + cos)).max(0.0).sqrt();
    let cos_half = (0.5 * (1.0 - cos)).max(0.0).sqrt();
    if sin_half < 1.0 && cos_half > 0.0 {
        for m in [p, q] {
            all.push(m.a * m.deviation * sin_half / (1.0 - sin_half));
            all.push(m.a * 0.5 * m.d * sin_half / cos_half);
        }
    }
    all.into_iter().fold(f64::INFINITY, f64::min)
}

/// Seconds of all motion.
pub(super) fn seconds(moves: &[Told], f: &Fixed) -> f64 {
    let mut sum = 0.0;
    let mut part: Vec<Piece> = Vec::new();
    for m in moves {
        if m.stop {
            sum += planned(&part, f);
            part.clear();
        }
        let p = piece(m, f);
        if p.d > 0.0 {
            part.push(p);
        }
    }
    sum + planned(&part, f)
}

/// Seconds of moves that begin and end at rest.
fn planned(p: &[Piece], f: &Fixed) -> f64 {
    let n = p.len();
    // Caps at the start of each move, in both plans, as far as the past says.
    let mut cap = vec![[0.0_f64; 2]; n + 1];
    for i in 1..n {
        let c = corner(&p[i - 1], &p[i], f);
        let joined = p[i - 1].head && p[i].head;
        if joined {
            let full = c.min(cap[i - 1][0] + 2.0 * p[i - 1].a * p[i - 1].d);
            let gentle = full.min(cap[i - 1][1] + 2.0 * p[i - 1].gentle_a * p[i - 1].d);
            cap[i] = [full, gentle];
        }
    }
    // The speeds at each start, as far as the future says.
    let mut at = vec![[0.0_f64; 2]; n + 1];
    for i in (0..n).rev() {
        at[i][0] = cap[i][0].min(at[i + 1][0] + 2.0 * p[i].a * p[i].d);
        at[i][1] = cap[i][1].min(at[i + 1][1] + 2.0 * p[i].gentle_a * p[i].d);
    }
    let gentle = |i: usize| 2.0 * p[i].gentle_a * p[i].d;
    let speeds_up = |i: usize| at[i][1] < at[i + 1][1] + gentle(i);
    // A peak is a move that speeds up and brakes too, or the last that speeds up
    // before one that cannot.
    let is_peak = |i: usize| {
        speeds_up(i) && (at[i][1] + gentle(i) > at[i + 1][1] || (i + 1 < n && !speeds_up(i + 1)))
    };
    let mut sum = 0.0;
    let mut before = 0.0;
    for i in 0..n {
        let cruise = if speeds_up(i) {
            let peak = (i..n).find(|k| is_peak(*k)).unwrap();
            let height = 0.5 * (at[peak][1] + at[peak + 1][1] + gentle(peak));
            let middle = 0.5 * (at[i][0] + at[i + 1][0] + 2.0 * p[i].a * p[i].d);
            middle.min(p[i].v * p[i].v).min(height)
        } else {
            f64::min(before, at[i][0])
        };
        before = cruise;
        let (start, end) = (at[i][0].min(cruise), at[i + 1][0].min(cruise));
        let up = (cruise - start) / (2.0 * p[i].a);
        let down = (cruise - end) / (2.0 * p[i].a);
        let mean = |v2: f64| 0.5 * (v2.sqrt() + cruise.sqrt());
        sum += up / mean(start) + down / mean(end) + (p[i].d - up - down) / cruise.sqrt();
    }
    sum
}
