"""Checks a program whose rasters were run in another way:
check_raster.py IN OUT [--tolerance MM]

Prints one line of figures; exits 1 with the reason when something is wrong.

The same burns with the same settings, as often; those of chains with a dark move, which
are rows, in the same direction.  Dark moves may be others, but lie where the input's head
went, travel included.  No burn begins, or ends, with a shorter straight dark move than the
least that a burn of the input has there.  Nothing moves across a fence; dwells, the end of the head and of the beam are the same.
"""
import argparse
import math
import sys
from collections import defaultdict

import check_burn
import gcode_reader
from check_burn import Different, Piece


def along(a, b):
    """Whether two moves go one way."""
    u, v = ([q - p for p, q in zip(m.start, m.end)] for m in (a, b))
    lengths = math.hypot(*u) * math.hypot(*v)
    return lengths > 0 and sum(p * q for p, q in zip(u, v)) > 0.9999 * lengths


def runs_up(program):
    """For each run of burns without a break, how long the dark moves at a feed on its line
    right before it (0) and after it (1) are."""
    moves = [m for m in program.moves if m.length() > 1e-9]
    out = []
    for i, m in enumerate(moves):
        if not program.lit(m):
            continue
        for step, side in ((-1, 0), (1, 1)):
            j, dark = i + step, 0.0
            if 0 <= j < len(moves) and program.lit(moves[j]):
                continue
            while (0 <= j < len(moves) and program.works(moves[j])
                   and not program.lit(moves[j]) and along(m, moves[j])):
                dark += moves[j].length()
                j += step
            out.append((side, dark, m))
    return out


def way_of(program):
    """Every move, as pieces of one key, for looking up what lies on them."""
    return [Piece(m, None, i) for i, m in enumerate(program.moves) if m.length() > 1e-9]


def check(before_bytes, after_bytes, tolerance=0.02):
    """Raises `Different`, or returns both programs."""
    a, b = gcode_reader.read(before_bytes), gcode_reader.read(after_bytes)
    number = fences(a)
    _, after = check_burn.match(check_burn.pieces_of(a.burns()), check_burn.pieces_of(b.burns()),
                                tolerance, "a burn")
    rows = {id(m) for chain in check_burn.chains(a) if chain
            and any(not a.lit(m) for m in chain) for m in chain}
    now = fences(b)
    for p in after:
        if not p.twin:
            continue
        if number[id(p.twin.move)] != now[id(p.move)]:
            raise Different(f"{p} crossed a line that nothing may cross")
        if id(p.twin.move) in rows and p.twin.move.kind == "line" and not along(p.move, p.twin.move):
            raise Different(f"{p} runs the other way")
    lost = check_burn.uncovered([Piece(m, None, i) for i, m in enumerate(b.dark())
                                 if m.length() > 1e-9], grounded(way_of(a)), tolerance,
                                lambda p: None)
    if lost:
        raise Different(f"a dark move where the head did not go: {lost[0]}")
    for side, name in ((0, "run-up"), (1, "run-out")):
        least = min((d for s, d, _ in runs_up(a) if s == side), default=0.0)
        short = min(((d, m.line) for s, d, m in runs_up(b) if s == side), default=(0.0, 0))
        if short[0] < least - tolerance:
            raise Different(f"a {name} of {short[0]:.3f} mm at line {short[1]}, not {least:.3f}")
    check_burn.same_dwells(a, b, after, tolerance)
    if [f.text for f in a.fences] != [f.text for f in b.fences]:
        raise Different("a line that nothing may cross is another")
    if b.hot_rapids() - a.hot_rapids():
        raise Different("a rapid under power, where none was")
    if (a.mode, a.power if a.mode != 5 else 0) != (b.mode, b.power if b.mode != 5 else 0):
        raise Different("the beam ends in another state")
    if math.dist(a.position, b.position) > tolerance:
        raise Different(f"the head ends at {b.position}, not {a.position}")
    return a, b


def grounded(pieces):
    """Pieces that count as their own twins."""
    for p in pieces:
        p.twin = p
    return pieces


def fences(program):
    """For each move, how many fences stand before it."""
    number, count = defaultdict(int), 0
    for e in program.events:
        if isinstance(e, gcode_reader.Fence):
            count += 1
        elif isinstance(e, gcode_reader.Move):
            number[id(e)] = count
    return number


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("before")
    args.add_argument("after")
    args.add_argument("--tolerance", type=float, default=0.02)
    args = args.parse_args()
    with open(args.before, "rb") as f, open(args.after, "rb") as g:
        try:
            a, b = check(f.read(), g.read(), args.tolerance)
        except Different as why:
            sys.exit(f"{args.after}: {why}")
    print(f"{args.after}: {len(b.burns())} burns, {sum(m.length() for m in b.burns()):.1f} mm, "
          f"dark way {a.travel():.1f} -> {b.travel():.1f} mm, "
          f"rapids {sum(m.kind == 'rapid' for m in b.moves)}")


if __name__ == "__main__":
    main()
