"""Checks that `trajet optimize --fit-arcs` and `--simplify` keep within their tolerance.

check_fit.py TRAJET SHARED: prints a table; exits 1 when a check fails.
Both programs are read by a reader of their own.  Every point that one works lies, with
the same settings, within the tolerance of what the other works, and within what the
report says; the lengths agree, the fences are the same, and the head ends where it did.
There are fewer commands, also than in the arcs of the program that made the lines; with
a machine the job takes no longer.
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict

import gcode_reader
from check_burn import Different, setting

# Between points that are looked at, mm; each move has its ends and what lies between.
SPACING = 0.2
# Coordinates are written to so much, mm.
ROUNDING = 2e-4
# Lengths may differ by this share: an arc is longer than its chords, noise longer than both.
LENGTH = 0.02
CELL = 0.25


class Lines:
    """What a program works with one setting, as short straight lines in a grid."""

    def __init__(self):
        self.lines, self.grid, self.length = [], defaultdict(set), 0.0

    def add(self, move):
        self.length += move.length()
        n = 1
        if move.kind == "arc":
            # So many that none is more than a hundredth of a micrometre beside the arc.
            radius = move.length() / max(abs(move.sweep), 1e-12)
            n = max(1, math.ceil(abs(move.sweep) / math.sqrt(8e-5 / max(radius, 1e-3))))
        points = [move.at(i / n) for i in range(n + 1)]
        for a, b in zip(points, points[1:]):
            k = len(self.lines)
            self.lines.append((a, b))
            steps = max(1, math.ceil(math.dist(a, b) / CELL * 2))
            for i in range(steps + 1):
                x, y = (a[c] + (b[c] - a[c]) * i / steps for c in (0, 1))
                self.grid[math.floor(x / CELL), math.floor(y / CELL)].add(k)

    def distance(self, p):
        """How far a point is from the nearest line, mm; infinite beyond a cell."""
        x, y = math.floor(p[0] / CELL), math.floor(p[1] / CELL)
        near = {k for i in (-1, 0, 1) for j in (-1, 0, 1) for k in self.grid.get((x + i, y + j), ())}
        return min((off(p, *self.lines[k]) for k in near), default=math.inf)


def off(p, a, b):
    """How far a point is from a straight line, mm."""
    d = [v - u for u, v in zip(a, b)]
    square = sum(v * v for v in d)
    t = sum((w - u) * v for w, u, v in zip(p, a, d)) / square if square else 0.0
    t = min(1.0, max(0.0, t))
    return math.dist(p, [u + v * t for u, v in zip(a, d)])


def worked(program):
    """The moves that work, by setting."""
    out = defaultdict(list)
    for m in program.moves:
        if program.works(m) and m.length() > 1e-9:
            out[setting(m), program.lit(m)].append(m)
    return out


def beyond(moves, lines):
    """How far the farthest point of some moves is from lines, mm, and on which line of the file."""
    worst = (0.0, 0)
    for m in moves:
        n = max(4 if m.kind == "arc" else 2, math.ceil(m.length() / SPACING))
        for i in range(n + 1):
            worst = max(worst, (lines.distance(m.at(i / n)), m.line))
    return worst


def judge(before, after, tolerance):
    """Raises `Different` unless one program does as the other within a tolerance; gives how
    far they are apart, mm, and how many commands each works with."""
    a, b = gcode_reader.read(before), gcode_reader.read(after)
    if [f.text for f in a.fences] != [f.text for f in b.fences]:
        raise Different("a line that must be kept is missing or has moved")
    if math.dist(a.position, b.position) > tolerance:
        raise Different("the head ends at another place")
    if len(a.dwells) != len(b.dwells):
        raise Different("a dwell is missing or new")
    sides = [worked(a), worked(b)]
    if set(sides[0]) != set(sides[1]):
        raise Different(f"other settings: {set(sides[0]) ^ set(sides[1])}")
    apart = 0.0
    for key in sides[0]:
        both = []
        for side in sides:
            both.append(Lines())
            for m in side[key]:
                both[-1].add(m)
        if abs(both[0].length - both[1].length) > LENGTH * both[0].length:
            raise Different(f"{both[0].length:.2f} mm became {both[1].length:.2f} mm with {key}")
        for moves, lines, which in ((sides[0][key], both[1], "input"), (sides[1][key], both[0], "output")):
            worst, line = beyond(moves, lines)
            if worst > tolerance:
                raise Different(f"line {line} of the {which} is {worst:.4f} mm from the other")
            apart = max(apart, worst)
    return apart, *(sum(len(moves) for moves in side.values()) for side in sides)


def milled():
    """A pocket of chords at two depths, with a ramp down to each."""
    out = ["G21 G90 G94", "M3 S8000", "G4 P1", "G0 Z5"]
    on = lambda t, r: (40 + r * math.cos(t), 30 + r * math.sin(t))
    for depth in (1, 2):
        out += ["G0 X{:.3f} Y{:.3f}".format(*on(0, 15)), f"G1 Z{1 - depth} F120"]
        for i in range(1, 181):
            x, y = on(math.radians(2 * i), 15)
            out.append(f"G1 X{x:.3f} Y{y:.3f} Z{1 - depth - i / 180:.3f} F600")
        for i in range(1, 721):
            x, y = on(math.radians(i), 15 - i / 90)
            out.append(f"G1 X{x:.3f} Y{y:.3f}")
        out.append("G0 Z5")
    return "\n".join(out + ["M5", "G0 X0 Y0", "M2", ""])


def main():
    trajet, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    grbl, corpus = shared / "oracle/grbl", shared / "corpus/gcode"
    failed = 0
    with tempfile.TemporaryDirectory(prefix="trajet-fit-") as folder:
        folder = pathlib.Path(folder)
        mill = folder / "milled.nc"
        mill.write_text(milled())
        smooth = grbl / "laser_svg2gcode_smooth.gcode"
        arcs = gcode_reader.read((grbl / "laser_svg2gcode_arcs.gcode").read_bytes())
        of_maker = sum(len(m) for m in worked(arcs).values())
        # File, options, tolerance in mm, most commands that may be left.
        cases = [(smooth, ["--fit-arcs"], 0.01, of_maker - 1),
                 (smooth, ["--fit-arcs", "--machine", "diode-laser"], 0.01, of_maker - 1),
                 (smooth, ["--simplify"], 0.02, 2000),
                 (smooth, ["--only", "arc-fit,simplify"], 0.05, 500),
                 (grbl / "laser_svg2gcode_arcs.gcode", ["--fit-arcs"], 0.01, 1100),
                 (grbl / "laser_jsdc.gcode", ["--fit-arcs"], 0.01, 200),
                 (grbl / "laser_jsdc.gcode", ["--simplify"], 0.002, 1500),
                 (grbl / "gen_vector.nc", ["--fit-arcs", "--simplify"], 0.02, 960),
                 (corpus / "cncjs__cncjs__tball-engrave.gcode", ["--fit-arcs"], 0.01, 200),
                 (corpus / "cncjs__cncjs__tball-engrave.gcode", ["--simplify"], 0.01, 1000),
                 (mill, ["--fit-arcs", "--machine", "hobby-mill"], 0.01, 600),
                 (mill, ["--fit-arcs", "--helices"], 0.01, 300)]
        print(f"{'file':<36}{'options':<36}{'commands':>9}{'left':>6}{'apart':>9}{'said':>9}")
        for source, options, tolerance, most in cases:
            out = folder / "out.gcode"
            try:
                done = subprocess.run([trajet, "optimize", str(source), "-o", str(out), "--json",
                                       "--tolerance", str(tolerance), *options],
                                      capture_output=True, text=True)
                if done.returncode not in (0, 3):
                    raise Different(f"exit {done.returncode}: {done.stderr.strip()}")
                report = json.loads(done.stdout)
                if any(d["code"] == "job/kept-unverified" for d in report["diagnostics"]):
                    raise Different("the result did not pass its own check")
                apart, was, left = judge(source.read_bytes(), out.read_bytes(), tolerance + ROUNDING)
                said = report["max_deviation_mm"]
                print(f"{source.name[:35]:<36}{' '.join(options):<36}{was:>9}{left:>6}"
                      f"{apart:>9.4f}{said:>9.4f}")
                if apart > said + ROUNDING or said > tolerance:
                    raise Different(f"{apart:.4f} mm apart, {said:.4f} mm said, {tolerance} mm asked")
                if left > most:
                    raise Different(f"{left} commands are left; {most} at most")
                if "--machine" in options and (report["after"]["seconds"]
                                               > report["before"]["seconds"] * 1.000001):
                    raise Different("the job takes longer")
            except Different as why:
                failed += 1
                print(f"{source.name}, {' '.join(options)}: FAILED: {why}")
    print(f"{len(cases)} runs, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
