"""Checks that one G-code file burns what another burns:
check_burn.py IN OUT [--tolerance MM] [--once MM]

Prints one line of figures; exits 1 with the reason when something differs.

The same: each burned segment with its spindle mode, S, feed, work offset, coolant
and tool, as often as before (either direction, any start point, arcs and lines cut
up in any way); the deliberate dark moves; dwells and their places; lines that the
firmware refuses, offsets, pauses and ends; the sequence of operations and of what
lies between two fences; repeated contours as near to each other as before; where
the head and the beam end.  Travel is not longer, and no rapid is newly under power.
A file with M3 or M4 but never a power above zero must be untouched.

With --once, what is burned twice in one operation may be burned once: what is missing
must lie, all along, within so many mm (and the tolerance) of what is burned with the
same settings between the same fences, in the same operation.  Nothing may be new, and
nothing that was burned once since other burns may be burned again at once.
"""
import argparse
import math
import sys
from collections import Counter, defaultdict

import gcode_reader
from gcode_reader import Dwell, Fence, Move

# A segment shorter than this may vanish in the rounding of the output, as long as
# all such segments together stay under a thousandth of the burned length.
TINY_MM = 0.002


class Different(Exception):
    """Why the two files are not the same job."""


class Piece:
    """A burned segment, where it stands in the file, and what it must share with its twin."""

    __slots__ = ("move", "key", "order", "span", "ends", "middle", "twin")

    def __init__(self, move, key, order, span=(0.0, 1.0)):
        self.move, self.key, self.order, self.span, self.twin = move, key, order, span, None
        a, b = span
        self.ends = (move.at(a), move.at(b))
        self.middle = move.at((a + b) / 2)

    def length(self):
        return self.move.length() * (self.span[1] - self.span[0])

    def __str__(self):
        (x0, y0, z0), (x1, y1, z1) = self.ends
        return (f"line {self.move.line}, ({x0:.3f}, {y0:.3f}, {z0:.3f}) to "
                f"({x1:.3f}, {y1:.3f}, {z1:.3f})")

    def apart(self, other):
        """How far two pieces are from each other, mm, either way round."""
        (a, b), (c, d) = self.ends, other.ends
        ends = min(max(math.dist(a, c), math.dist(b, d)), max(math.dist(a, d), math.dist(b, c)))
        return max(ends, math.dist(self.middle, other.middle))


def setting(move):
    """What makes an operation: mode, S, feed, and work offset, coolant, tool."""
    feed = move.feed if isinstance(move.feed, tuple) else round(move.feed, 2)
    return (move.mode, round(move.power, 3), feed, move.state)


def pieces_of(moves, key=setting):
    return [Piece(m, key(m), i) for i, m in enumerate(moves) if m.length() > 1e-9]


def match(before, after, tolerance, what, once=None, place=lambda piece: None):
    """Pairs the pieces one to one (`twin`); what is cut up in another way is cut at
    the other side's ends first.  Returns both sides, cut, in file order.  With `once`,
    pieces of `before` may have no twin where `after` burns within so many mm of them,
    in pieces whose twins have the same `place`."""
    # Circles first, all of them: a closed contour burned again may begin elsewhere.
    arcs = [p for p in before + after if p.move.kind == "arc"]
    before, after = (cut([p for p in side if p.move.kind == "arc"], arcs, tolerance)
                     + [p for p in side if p.move.kind != "arc"] for side in (before, after))
    before.sort(key=in_file)
    after.sort(key=in_file)
    left, extra = pair(before, after, tolerance)
    if left and extra:
        # At the ends of both: what lies beside its like is cut where that is.
        ends = left + extra
        before = [p for p in before if p.twin] + cut(left, ends, tolerance)
        after = [p for p in after if p.twin] + cut(extra, ends, tolerance)
        left, extra = pair([p for p in before if not p.twin],
                           [p for p in after if not p.twin], tolerance)
    if once is not None:
        left = uncovered(left, [p for p in after if p.twin], once + tolerance, place)
    for side, text in ((left, "is missing"), (extra, "was not in the input")):
        whole = sum(p.length() for p in (before if side is left else after))
        large = [p for p in side if p.length() > TINY_MM]
        lost = sum(p.length() for p in side)
        if large or lost > tolerance + whole / 1000:
            worst = max(side, key=Piece.length)
            raise Different(f"{what} {text}: {worst} with {worst.key} "
                            f"({len(side)} such, {lost:.3f} mm)")
    return sorted(before, key=in_file), sorted(after, key=in_file)


def uncovered(side, other, reach, place):
    """The pieces of `side` that leave the neighbourhood of those of `other` with the same
    settings and place."""
    cell = max(1.0, 2 * reach)
    grid = defaultdict(set)
    for k, q in enumerate(other):
        a, b = q.span
        steps = max(1, math.ceil(q.length() / cell * 4))
        for i in range(steps + 1):
            x, y, _ = q.move.at(a + (b - a) * i / steps)
            grid[q.key, place(q.twin), math.floor(x / cell), math.floor(y / cell)].add(k)

    def near(p, t):
        x, y, z = at = p.move.at(t)
        cells = ((p.key, place(p), math.floor(x / cell) + i, math.floor(y / cell) + j)
                 for i in (-1, 0, 1) for j in (-1, 0, 1))
        found = sorted({k for c in cells for k in grid.get(c, ())})
        return any(away(other[k], at) <= reach for k in found)

    out = []
    for p in side:
        a, b = p.span
        steps = max(8, math.ceil(p.length() / 0.25))
        if not all(near(p, a + (b - a) * i / steps) for i in range(steps + 1)):
            out.append(p)
    return out


def away(piece, point):
    """How far a point is from a piece, mm."""
    t = foot(piece, point)
    ends = min(math.dist(e, point) for e in piece.ends)
    return ends if t is None else min(ends, math.dist(piece.move.at(t), point))


def in_file(piece):
    return piece.order, piece.span


def pair(before, after, tolerance):
    """Pairs what lies together, the nearest first; returns what is left of each side."""
    # Nearly everything agrees to the last digit: one lookup each, in file order, so
    # that repeated burns are paired in sequence.
    exact = defaultdict(list)

    def name(p):
        ends = sorted(tuple(round(v, 3) + 0.0 for v in e) for e in p.ends)
        return (p.key, *ends, *(round(v, 3) + 0.0 for v in p.middle))

    for p in reversed(after):
        exact[name(p)].append(p)
    left = []
    for p in before:
        twins = exact.get(name(p))
        if twins:
            p.twin = twins.pop()
            p.twin.twin = p
        else:
            left.append(p)
    extra = [p for p in after if not p.twin]
    for reach in (tolerance / 8, tolerance):
        if not (left and extra):
            break
        cell = 2 * reach
        grid = defaultdict(list)
        for p in extra:
            grid[p.key, round(p.middle[0] / cell), round(p.middle[1] / cell)].append(p)
        for p in left:
            x, y = round(p.middle[0] / cell), round(p.middle[1] / cell)
            near = [q for i in (-1, 0, 1) for j in (-1, 0, 1)
                    for q in grid.get((p.key, x + i, y + j), ()) if not q.twin]
            best = min(near, key=lambda q: (round(p.apart(q), 3), in_file(q)), default=None)
            if best is not None and p.apart(best) <= reach:
                p.twin, best.twin = best, p
        left = [p for p in left if not p.twin]
        extra = [p for p in extra if not p.twin]
    return left, extra


def cut(side, other, tolerance):
    """The pieces of `side`, cut where a piece of `other` with the same settings ends on them."""
    cell = max(1.0, 4 * tolerance)
    grid = defaultdict(list)
    for q in other:
        for e in q.ends:
            grid[q.key, math.floor(e[0] / cell), math.floor(e[1] / cell)].append(e)
    out = []
    for p in side:
        steps = max(2, math.ceil(p.length() / cell * 2))
        a, b = p.span
        cells = {(math.floor(x / cell) + i, math.floor(y / cell) + j)
                 for k in range(steps + 1)
                 for x, y, _ in (p.move.at(a + (b - a) * k / steps),)
                 for i in (-1, 0, 1) for j in (-1, 0, 1)}
        found = {a, b}
        for x, y in cells:
            for e in grid.get((p.key, x, y), ()):
                t = foot(p, e)
                if t is not None and math.dist(p.move.at(t), e) <= tolerance:
                    found.add(t)
        # Ends that lie together within the tolerance are one cut.
        marks, gap = [a], TINY_MM / max(p.move.length(), TINY_MM)
        for t in sorted(found):
            if t - marks[-1] > gap and (t == b or b - t > gap):
                marks.append(t)
        if marks[-1] != b:
            marks[len(marks) - 1 if len(marks) > 1 else 1:] = [b]
        out += [Piece(p.move, p.key, p.order, span) for span in zip(marks, marks[1:])]
    return out


def foot(piece, point):
    """The parameter of the point of a piece nearest to `point`, or None outside it."""
    m = piece.move
    if m.kind == "arc":
        u, v, _ = gcode_reader.PLANES[m.plane]
        a = math.atan2(m.start[v] - m.centre[1], m.start[u] - m.centre[0])
        b = math.atan2(point[v] - m.centre[1], point[u] - m.centre[0])
        turn = 2 * math.pi
        t = ((b - a) % turn if m.sweep > 0 else -((a - b) % turn)) / m.sweep
    else:
        d = [q - p for p, q in zip(m.start, m.end)]
        n = sum(v * v for v in d)
        t = sum((q - p) * v for p, q, v in zip(m.start, point, d)) / n
    return t if piece.span[0] < t < piece.span[1] else None


def chains(program):
    """What is done between two travels, as lists of moves, with None at each fence."""
    out, chain = [], []
    for e in [*program.events, None]:
        if isinstance(e, Dwell) or isinstance(e, Move) and e.length() <= 1e-9:
            continue
        if isinstance(e, Move) and program.works(e):
            chain.append(e)
            continue
        if chain:
            out.append(chain)
            chain = []
        if isinstance(e, Fence):
            out.append(None)
    return out


def operations(program):
    """For each working move, how many fences stand before it and the number of its
    operation: a run of chains with the same set of settings between two fences."""
    number, fences, operation, last = {}, 0, 0, None
    for chain in chains(program):
        if chain is None:
            fences, last = fences + 1, None
            continue
        kinds = frozenset(setting(m) for m in chain)
        if kinds != last:
            operation, last = operation + 1, kinds
        for m in chain:
            number[id(m)] = (fences, operation)
    return number


def same_sequence(before, after, worked):
    """Operations keep their sequence, and nothing moved across a fence."""
    was, now, last = operations(before), operations(after), (0, 0)
    for p in sorted((p for p in worked if p.twin), key=lambda p: p.move.line):
        source = was[id(p.twin.move)]
        if source[0] != now[id(p.move)][0]:
            raise Different(f"{p} crossed a line that nothing may cross "
                            f"(input line {p.twin.move.line})")
        if source < last:
            raise Different(f"{p} is of operation {source[1]} of the input (line "
                            f"{p.twin.move.line}) but comes after one of operation {last[1]}")
        last = source


def same_passes(program, before, after, once):
    """What is burned several times stays as separate, or as together, as it was; with
    `once`, it may have become less."""
    geometry, label = {}, {}
    for p in before:
        ends = sorted(tuple(round(v, 2) + 0.0 for v in e) for e in p.ends)
        place = (p.key, *ends, *(round(v, 2) + 0.0 for v in p.middle))
        label[id(p)] = geometry.setdefault(place, len(geometry))
    by_move = defaultdict(list)
    for p in before:
        by_move[id(p.move)].append(label[id(p)])
    shapes = [tuple(sorted(g for m in chain for g in by_move[id(m)]))
              for chain in chains(program) if chain]
    often = Counter(s for s in shapes if s)
    passes = {}
    for shape in shapes:
        for g in shape:
            mine = shape if often[shape] > 1 else None
            passes[g] = mine if passes.get(g, mine) == mine else None

    def stacked(labels):
        """How often a contour is burned again with nothing else burned since."""
        out, run, seen = Counter(), None, set()
        for g in labels:
            if passes[g] is None or passes[g] != run:
                run, seen = passes[g], set()
            if run is not None and g in seen:
                out[g] += 1
            seen.add(g)
        return out

    a = stacked(label[id(p)] for p in before)
    b = stacked(label[id(p.twin)] for p in after if p.twin)
    if b - a or a - b and not once:
        g = next(iter((b - a) or (a - b)))
        p = next(p for p in before if label[id(p)] == g)
        raise Different(f"{p} was burned again at once {a[g]} times, and is now {b[g]} times")


def pierces(program):
    """Each dwell with the burn right after it and the chain of that burn, if any."""
    out, open_dwells = [], []
    follows = {id(m): c for c in chains(program) if c for m in c}
    for e in program.events:
        if isinstance(e, Dwell):
            out.append([e, None, ()])
            open_dwells.append(out[-1])
        elif isinstance(e, Fence) or isinstance(e, Move) and e.length() > 1e-9:
            for d in open_dwells:
                d[1:] = e, follows.get(id(e), ())
            open_dwells = []
    return out


def same_dwells(before, after, burned, tolerance):
    """Each dwell at its place under the same beam, or at the new start of its own path."""
    twins = defaultdict(set)
    for p in burned:
        if p.twin:
            twins[id(p.twin.move)].add(id(p.move))
    left = pierces(after)
    for d, _, path in pierces(before):
        mine = set().union(*(twins[id(m)] for m in path))
        twin = next((pair for pair in left if same_dwell(d, pair[0])
                     and (math.dist(pair[0].at, d.at) <= tolerance
                          or id(pair[1]) in mine)), None)
        if twin is None:
            raise Different(f"the dwell of {d.seconds:g} s of line {d.line} at {d.at} "
                            f"(M{d.mode} S{d.power:g}) is gone from its path")
        left.remove(twin)
    if left:
        raise Different(f"a dwell of {left[0][0].seconds:g} s that was not in the input")


def same_dwell(d, e):
    return (abs(d.seconds - e.seconds) < 1e-6 and d.mode == e.mode
            and (d.mode == 5 or abs(d.power - e.power) < 1e-6))


def check(before_bytes, after_bytes, tolerance=0.02, once=None):
    """Raises `Different`, or returns both programs."""
    a, b = gcode_reader.read(before_bytes), gcode_reader.read(after_bytes)
    if before_bytes == after_bytes:
        return a, b
    if a.has_spindle and not a.burns():
        raise Different("it is unclear what burns, but the file was changed")
    if a.has_spindle != b.has_spindle:
        raise Different("an M3 or M4 came or went")
    number = operations(a)
    before, after = match(pieces_of(a.burns()), pieces_of(b.burns()), tolerance, "a burn",
                          once, lambda p: number[id(p.move)])
    _, dark = match(pieces_of(a.dark()), pieces_of(b.dark()), tolerance, "a dark move")
    fences = [f.text for f in a.fences], [f.text for f in b.fences]
    if fences[0] != fences[1]:
        k = next((i for i, (x, y) in enumerate(zip(*fences)) if x != y), min(map(len, fences)))
        raise Different(f"line {k + 1} of those that nothing may cross was "
                        f"{fences[0][k:k + 1]}, is {fences[1][k:k + 1]}")
    same_sequence(a, b, after + dark)
    same_passes(a, before, after, once is not None)
    same_dwells(a, b, after, tolerance)
    if b.hot_rapids() - a.hot_rapids():
        raise Different("a rapid under power, where none was")
    if (a.mode, a.power if a.mode != 5 else 0) != (b.mode, b.power if b.mode != 5 else 0):
        raise Different(f"the beam ends as M{b.mode} S{b.power:g}, not M{a.mode} S{a.power:g}")
    if math.dist(a.position, b.position) > tolerance:
        raise Different(f"the head ends at {b.position}, not {a.position}")
    # Rounding to the output's digits may lengthen each travel a little.
    slack = 0.01 + 0.0005 * math.sqrt(len(b.moves))
    # Where something is burned no longer, there may be travel.
    slack += sum(p.length() for p in before if not p.twin)
    if b.travel() > a.travel() + slack:
        raise Different(f"travel grew from {a.travel():.3f} to {b.travel():.3f} mm")
    return a, b


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("before")
    args.add_argument("after")
    args.add_argument("--tolerance", type=float, default=0.02)
    args.add_argument("--once", type=float, metavar="MM")
    args = args.parse_args()
    with open(args.before, "rb") as f, open(args.after, "rb") as g:
        try:
            a, b = check(f.read(), g.read(), args.tolerance, args.once)
        except Different as why:
            sys.exit(f"{args.after}: {why}")
    print(f"{args.after}: {len(b.burns())} burns, {sum(m.length() for m in b.burns()):.1f} mm, "
          f"{len(b.dark())} dark moves, {len(b.dwells)} dwells, "
          f"travel {a.travel():.1f} -> {b.travel():.1f} mm")


if __name__ == "__main__":
    main()
