"""Checks that one G-code file burns what another burns: check_burn.py IN OUT [TOLERANCE_MM]

Prints one line of figures; exits 1 with the reason when something differs.
"""
import math
import sys
from collections import Counter, defaultdict

import gcode_reader


class Different(Exception):
    pass


def pieces(moves):
    """Moves as (attributes, start, middle, end)."""
    out = []
    for m in moves:
        key = (m.mode, round(m.s, 3), round(m.feed, 2), m.coolant)
        if not m.arc:
            mid = tuple((a + b) / 2 for a, b in zip(m.start, m.end))
            out.append((key, m.start, mid, m.end))
            continue
        cx, cy, _ = m.arc
        r = math.hypot(m.start[0] - cx, m.start[1] - cy)
        a, turn = math.atan2(m.start[1] - cy, m.start[0] - cx), m.angle
        at = lambda t: (cx + r * math.cos(a + turn * t), cy + r * math.sin(a + turn * t),
                        m.start[2] + (m.end[2] - m.start[2]) * t)
        out.append((key, m.start, at(0.5), m.end))
    return out


def match(before, after, tolerance, what):
    """One-to-one, either way round."""
    cell = 4 * tolerance
    grid = defaultdict(list)
    place = lambda p: (round(p[0] / cell), round(p[1] / cell))
    for piece in after:
        grid[piece[0], place(piece[2])].append(piece)
    left = []
    for key, a, mid, b in before:
        x, y = place(mid)
        best = None
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for other in grid.get((key, (x + dx, y + dy)), ()):
                    _, c, m2, d = other
                    off = max(math.dist(mid, m2), min(max(math.dist(a, c), math.dist(b, d)),
                                                      max(math.dist(a, d), math.dist(b, c))))
                    if off <= tolerance and (best is None or off < best[0]):
                        best = (off, (key, (x + dx, y + dy)), other)
        if best is None:
            left.append((key, a, mid, b))
        else:
            grid[best[1]].remove(best[2])
    extra = [p for cell_list in grid.values() for p in cell_list]
    # What is left may be the same line or arc, cut up in another way.
    for key in {p[0] for p in left + extra}:
        one = [p for p in left if p[0] == key]
        two = [p for p in extra if p[0] == key]
        uncovered(one, two, tolerance, f"{what} is missing")
        uncovered(two, one, tolerance, f"{what} was not in the input")
        total = [sum(math.dist(a, m) + math.dist(m, b) for q in side for a, m, b in chords(q))
                 for side in (one, two)]
        if abs(total[0] - total[1]) > tolerance * (1 + len(one) + len(two)):
            raise Different(f"{what}: {total[0]:.3f} mm became {total[1]:.3f} mm with {key}")


def chords(piece):
    """A piece as short chords; arcs through start, middle and end."""
    _, a, m, b = piece[:4]
    pts = [(*p, (a[2] + b[2]) / 2) for p in through(a, m, b)]
    return [(p, tuple((x + y) / 2 for x, y in zip(p, q)), q) for p, q in zip(pts, pts[1:])]


def through(a, m, b, count=64):
    """Points of the circle through three points, or of the line."""
    ax, ay, bx, by = a[0] - m[0], a[1] - m[1], b[0] - m[0], b[1] - m[1]
    d = 2 * (ax * by - ay * bx)
    full = math.dist(a[:2], b[:2]) < 1e-6 and math.dist(a[:2], m[:2]) > 1e-6
    if full:
        ux, uy = ax / 2, ay / 2
    elif abs(d) < 1e-9:
        return [(a[0] + (b[0] - a[0]) * k / count, a[1] + (b[1] - a[1]) * k / count)
                for k in range(count + 1)]
    else:
        aa, bb = ax * ax + ay * ay, bx * bx + by * by
        ux, uy = (by * aa - ay * bb) / d, (ax * bb - bx * aa) / d
    cx, cy, r = m[0] + ux, m[1] + uy, math.hypot(ux, uy)
    s = math.atan2(a[1] - cy, a[0] - cx)
    turn = math.atan2(b[1] - cy, b[0] - cx) - s
    # The middle says which way round.
    for sign in (1, -1):
        whole = turn if turn * sign > 1e-9 else turn + sign * 2 * math.pi
        if full:
            whole = sign * 2 * math.pi
        middle = s + whole / 2
        if math.dist((cx + r * math.cos(middle), cy + r * math.sin(middle)), m[:2]) < 1e-3 + r / 100:
            break
    return [(cx + r * math.cos(s + whole * k / count), cy + r * math.sin(s + whole * k / count))
            for k in range(count + 1)]


def uncovered(side, other, tolerance, text):
    grid = defaultdict(list)
    for q in other:
        pts = through(q[1], q[2], q[3])
        for p, n in zip(pts, pts[1:]):
            steps = max(1, int(math.dist(p, n) / tolerance))
            for k in range(steps + 1):
                x, y = p[0] + (n[0] - p[0]) * k / steps, p[1] + (n[1] - p[1]) * k / steps
                grid[round(x / tolerance), round(y / tolerance)].append((x, y))
    for q in side:
        if math.dist(q[1], q[3]) <= tolerance and math.dist(q[1], q[2]) <= tolerance:
            continue
        for p in through(q[1], q[2], q[3]):
            x, y = round(p[0] / tolerance), round(p[1] / tolerance)
            if not any(grid.get((x + i, y + j)) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                raise Different(f"{text}: {q[1]} to {q[3]} with {q[0]} ({len(side)} of them)")


def runs(job):
    """The operations in sequence: the set of settings of each path (what lies
    between two travels), equal neighbours counted once."""
    works = set(map(id, job.burns())) | {id(m) for m in job.moves if m.dark}
    out, chain = [], set()
    for m in [*job.moves, None]:
        if m is not None and id(m) in works:
            chain.add((m.mode, round(m.s, 3), round(m.feed, 2), m.coolant))
        elif m is None or m.length > 0:
            if chain and (not out or out[-1] != chain):
                out.append(chain)
            chain = set()
    return out


def check(before_bytes, after_bytes, tolerance=0.02):
    a, b = gcode_reader.read(before_bytes), gcode_reader.read(after_bytes)
    if a.uses_spindle and not a.uses_power:
        if before_bytes != after_bytes:
            raise Different("it is unclear what burns, but the file was changed")
        return a, b
    match(pieces(a.burns()), pieces(b.burns()), tolerance, "a burn")
    match(pieces([m for m in a.moves if m.dark]), pieces([m for m in b.moves if m.dark]),
          tolerance, "a dark move")
    if a.refused != b.refused:
        raise Different("lines that the firmware ignores were lost or moved")
    seconds = lambda job: Counter(round(d[2], 3) for d in job.dwells)
    if seconds(a) != seconds(b):
        raise Different(f"dwells {seconds(a)} became {seconds(b)}")
    hot = lambda job: any(m.rapid and m.mode != 5 and m.s > 0 for m in job.moves)
    if hot(b) and not hot(a):
        raise Different("a rapid with the beam on")
    if a.mode != b.mode:
        raise Different(f"the spindle ends in M{b.mode}, not M{a.mode}")
    if math.dist(a.end, b.end) > tolerance:
        raise Different(f"the head ends at {b.end}, not {a.end}")
    if b.travel() > a.travel() + tolerance:
        raise Different(f"travel grew from {a.travel():.2f} to {b.travel():.2f} mm")
    before, after = runs(a), runs(b)
    if before != after:
        k = next((i for i, (x, y) in enumerate(zip(before, after)) if x != y), 0)
        raise Different(f"operation {k} of {len(before)} was {before[k:k + 1]} and is now "
                        f"{after[k:k + 1]} of {len(after)}")
    return a, b


def main():
    tolerance = float(sys.argv[3]) if len(sys.argv) > 3 else 0.02
    try:
        a, b = check(open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read(), tolerance)
    except Different as why:
        sys.exit(f"{sys.argv[2]}: {why}")
    print(f"{len(b.burns())} burns, travel {a.travel():.1f} -> {b.travel():.1f} mm")


if __name__ == "__main__":
    main()
