//! Marlin's plan of a whole file at once, as plainly as it can be put: all blocks,
//! then the greatest entries from the last to the first, then from the first to the
//! last. It knows straight moves on whole steps alone.

use super::*;

struct Piece {
    d: f64,
    v: f64,
    a: f64,
    speed: [f64; 4],
    unit: [f64; 4],
    safe: f64,
    /// 120 steps a second.
    least: f64,
    entry: f64,
}

pub(super) fn seconds(machine: &Machine, commands: &[Command]) -> f64 {
    let mut pieces = pieces(machine, commands);
    let count = pieces.len();
    if count == 0 {
        return 0.0;
    }
    let brakes = |p: &Piece| p.v * p.v <= REST_V * REST_V + 2.0 * p.a * p.d;
    let reach = |p: &Piece, v: f64| (v * v + 2.0 * p.a * p.d).sqrt();
    pieces[0].entry = REST_V;
    let mut exit = REST_V;
    for p in pieces[1..].iter_mut().rev() {
        if !brakes(p) {
            p.entry = p.entry.min(reach(p, exit));
        }
        exit = p.entry;
    }
    let mut sum = 0.0;
    for i in 0..count {
        let exit = match pieces.get(i + 1) {
            None => REST_V,
            Some(next) if brakes(&pieces[i]) => next.entry,
            Some(next) => next.entry.min(reach(&pieces[i], pieces[i].entry)),
        };
        if i + 1 < count {
            pieces[i + 1].entry = exit;
        }
        let p = &pieces[i];
        let exit = if exit < p.least { REST_V } else { exit };
        let (from, to) = (p.entry.min(p.v), exit.min(p.v));
        sum += if (from * from - to * to).abs() > 2.0 * p.a * p.d {
            2.0 * p.d / (from + to)
        } else if (2.0 * p.v * p.v - from * from - to * to) / (2.0 * p.a) <= p.d {
            ramped(p.d, from, p.v, to, p.a)
        } else {
            peaked(p.d, from, to, p.a)
        };
    }
    sum
}

/// All blocks, each with the speed of its corner as its entry.
fn pieces(machine: &Machine, commands: &[Command]) -> Vec<Piece> {
    let Firmware::Marlin(marlin) = &machine.firmware else {
        panic!("{machine:?}");
    };
    let [vx, vy, vz] = machine.max_rate;
    let [ax, ay, az] = machine.acceleration;
    let max_v = [vx, vy, vz, marlin.filament_max_rate];
    let max_a = [ax, ay, az, marlin.filament_acceleration];
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = [0.0; 3];
    for c in commands {
        let Command::Move(m) = c else { continue };
        let Rate::Feed(feed) = m.rate else { continue };
        let target = m.to.to_array();
        let on_steps = |d: f64| (d * 100.0).round() / 100.0;
        let d = [
            on_steps(target[0] - at[0]),
            on_steps(target[1] - at[1]),
            on_steps(target[2] - at[2]),
            on_steps(m.filament),
        ];
        at = target;
        let head = (d[0].powi(2) + d[1].powi(2) + d[2].powi(2)).sqrt();
        let length = if head > 0.0 { head } else { d[3].abs() };
        if length == 0.0 {
            continue;
        }
        let moving = || (0..4).filter(|i| d[*i] != 0.0);
        let v = moving()
            .map(|i| max_v[i] * length / d[i].abs())
            .fold(feed, f64::min);
        let a = if head == 0.0 {
            marlin.retract_acceleration
        } else {
            let own = if d[3] == 0.0 {
                marlin.travel_acceleration
            } else {
                marlin.print_acceleration
            };
            moving()
                .map(|i| max_a[i] * length / d[i].abs())
                .fold(own, f64::min)
        };
        let norm = if d[3] == 0.0 { length } else { length_of(&d) };
        let mut piece = Piece {
            d: length,
            v,
            a,
            speed: d.map(|d| d * v / length),
            unit: d.map(|d| d / norm),
            safe: v,
            least: 1.2 * length / d.iter().fold(0.0, |m: f64, d| m.max(d.abs())),
            entry: 0.0,
        };
        if let Corners::Jerk(jerk) = marlin.corners {
            for (speed, jerk) in piece.speed.iter().zip(jerk) {
                if speed.abs() > jerk {
                    piece.safe = piece.safe.min(v * jerk / speed.abs());
                }
            }
        }
        if let Some(before) = pieces.last() {
            piece.entry = match marlin.corners {
                Corners::Jerk(jerk) => by_jerk(before, &piece, &jerk),
                Corners::Deviation(j) => by_deviation(before, &piece, &max_a, j),
            };
        }
        pieces.push(piece);
    }
    pieces
}

fn by_jerk(before: &Piece, piece: &Piece, jerk: &[f64; 4]) -> f64 {
    let v = before.v.min(piece.v);
    let scale = v / before.v;
    let mut factor = 1.0;
    for (i, jerk) in jerk.iter().enumerate() {
        let (exit, entry) = (before.speed[i] * scale * factor, piece.speed[i] * factor);
        let jump = if exit * entry < 0.0 {
            exit.abs().max(entry.abs())
        } else {
            (exit - entry).abs()
        };
        if jump > *jerk {
            factor *= jerk / jump;
        }
    }
    let stops = |p: &Piece| p.safe > 0.99 * (v * factor);
    if stops(before) && stops(piece) {
        piece.safe
    } else {
        v * factor
    }
}

fn by_deviation(before: &Piece, piece: &Piece, max_a: &[f64; 4], j: f64) -> f64 {
    let dot: f64 = (0..4).map(|i| before.unit[i] * piece.unit[i]).sum();
    if dot < -0.999_999 {
        return REST_V.min(before.v).min(piece.v);
    }
    let across: [f64; 4] = std::array::from_fn(|i| piece.unit[i] - before.unit[i]);
    let norm = length_of(&across);
    let axes = (0..4).filter(|i| across[*i] != 0.0);
    let a = axes
        .map(|i| max_a[i] * norm / across[i].abs())
        .fold(piece.a, f64::min);
    let s = ((1.0 + dot.min(0.999_999)) / 2.0).sqrt();
    let mut v2 = a * j * s / (1.0 - s);
    if piece.d < 1.0 && dot > 0.5_f64.sqrt() {
        v2 = v2.min(piece.d * a / corner::turn(dot.min(0.999_999)));
    }
    v2.sqrt().min(before.v).min(piece.v)
}

fn length_of(d: &[f64; 4]) -> f64 {
    d.iter().map(|d| d * d).sum::<f64>().sqrt()
}
