"""Checks the arcs that `trajet optimize --only arc-fit` puts into prints.

check_prints.py TRAJET [SHARED]: prints a table; exits 1 when a check fails.
A print made here, and those of SHARED sliced by PrusaSlicer, are optimised and compared
line by line by a reader of its own: each line is a line of the source, or stands for two
and more of them that follow each other with one feed and one amount of filament to the
millimetre.  Such a line ends where they end and feeds what they feed, to the last decimal,
and no sample of it is farther than the tolerance from them, nor of them from it.  There
are fewer commands than where arcs grow by one line at a time, as ArcWelder's do.
"""
import math
import pathlib
import resource
import subprocess
import sys
import tempfile
from decimal import Decimal

TOLERANCE = 0.025
# Decimals of what is written and of what is measured, mm.
SLACK = 1e-6
# How much the filament to the mm may differ between lines that become one.
UNEVEN = 0.05
# Radii of an arc at its ends, mm.
RADII = 1e-3


class Wrong(Exception):
    """What must not become of a print."""


class Line:
    """One line: its text, its end, and what it feeds if it lays filament."""

    __slots__ = ("text", "start", "end", "fed", "feed", "arc")

    def lays(self):
        """Whether it lays filament along a line or an arc, and does nothing else."""
        return self.fed is not None and self.fed > 0 and ";" not in self.text


def words(text):
    """The command of a line and its values, as texts."""
    parts = text.split(";")[0].split()
    if not parts or not all(p[0].isalpha() and len(p) > 1 for p in parts):
        return None, {}
    values = {p[0]: p[1:] for p in parts[1:]}
    return (parts[0], values) if len(values) == len(parts) - 1 else (None, {})


def read(data):
    """The lines of a print, in mm.  Those with relative places lay nothing: they must stay."""
    at, e, feed, relative, steps = [Decimal(0)] * 3, Decimal(0), None, False, False
    out = []
    for text in data.decode("latin-1").splitlines():
        line = Line()
        line.text, line.start, line.fed, line.arc = text, tuple(map(float, at)), None, None
        command, values = words(text)
        if command in ("G20", "G18", "G19"):
            raise Wrong(f"{command}: not a print for this reader")
        if command in ("M82", "M83"):
            relative = command == "M83"
        elif command in ("G90", "G91"):
            steps = command == "G91"
        elif command == "G92" and "E" in values:
            e = Decimal(values["E"])
        elif command in ("G0", "G1", "G2", "G3"):
            feed = values.get("F", feed)
            for axis, letter in enumerate("XYZ"):
                if letter in values:
                    at[axis] = Decimal(values[letter]) + (at[axis] if steps else 0)
            fed = Decimal(0)
            if "E" in values:
                fed = Decimal(values["E"]) - (0 if relative else e)
                e += fed
            if command in ("G2", "G3"):
                centre = [float(at) + float(values.get(c, 0)) for at, c in zip(line.start, "IJ")]
                line.arc = (*centre, command == "G2")
            goes = tuple(map(float, at[:2])) != line.start[:2] or line.arc
            if goes and float(at[2]) == line.start[2] and not steps:
                line.fed = fed
        line.end, line.feed = tuple(map(float, at)), feed
        out.append(line)
    return out


def sweep(line):
    """Radius, first angle and signed sweep of an arc as the firmware draws it."""
    x, y, clockwise = line.arc
    (a, b), (c, d) = line.start[:2], line.end[:2]
    first, last = math.atan2(b - y, a - x), math.atan2(d - y, c - x)
    turn = (last - first) % math.tau
    if line.start[:2] == line.end[:2]:
        turn = math.tau
    elif clockwise:
        turn -= math.tau
    if clockwise and turn == math.tau:
        turn = -math.tau
    return math.hypot(a - x, b - y), math.hypot(c - x, d - y), first, turn


def length(line):
    """Its length, mm."""
    if line.arc is None:
        return math.dist(line.start[:2], line.end[:2])
    radius, _, _, turn = sweep(line)
    return radius * abs(turn)


def samples(line, least, spacing=0.05):
    """Points along it: its ends, its middle and others."""
    n = max(least, math.ceil(length(line) / spacing) | 1)
    (a, b), (c, d) = line.start[:2], line.end[:2]
    shares = [i / n for i in range(n + 1)] + [0.5]
    if line.arc is None:
        return [(a + (c - a) * t, b + (d - b) * t) for t in shares]
    radius, other, first, turn = sweep(line)
    x, y, _ = line.arc
    out = []
    for t in shares:
        angle, r = first + turn * t, radius + (other - radius) * t
        out.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    return out


def reach(line):
    """A function that says how far a point is from it."""
    (a, b), (c, d) = line.start[:2], line.end[:2]
    if line.arc is None:
        u, v = c - a, d - b
        square = max(u * u + v * v, 1e-300)

        def from_line(p):
            t = min(max(((p[0] - a) * u + (p[1] - b) * v) / square, 0.0), 1.0)
            return math.hypot(p[0] - a - t * u, p[1] - b - t * v)

        return from_line
    radius, _, first, turn = sweep(line)
    x, y, _ = line.arc
    sign = math.copysign(1.0, turn)

    def from_arc(p):
        run = (math.atan2(p[1] - y, p[0] - x) - first) * sign % math.tau
        if run <= abs(turn):
            return abs(math.hypot(p[0] - x, p[1] - y) - radius)
        return min(math.hypot(p[0] - a, p[1] - b), math.hypot(p[0] - c, p[1] - d))

    return from_arc


class Figures:
    """What was measured of a pair of prints."""

    def __init__(self):
        self.off = [0.0, 0.0]
        self.radii = self.uneven = 0.0
        self.fitted = self.stood_for = 0
        self.lengths = [0.0, 0.0]


def judge_group(old, new, figures):
    """Raises `Wrong` unless the line `new` is what the lines `old` are."""
    if not all(o.lays() for o in old) or not new.lays():
        raise Wrong(f"`{new.text}` stands for a line that lays no filament")
    if len(old) < 2:
        raise Wrong(f"`{old[0].text}` became `{new.text}`")
    if len({o.feed for o in old} | {new.feed}) > 1:
        raise Wrong(f"`{new.text}` joins two feeds")
    if new.end != old[-1].end or new.start != old[0].start:
        raise Wrong(f"`{new.text}` ends at another place than `{old[-1].text}`")
    each = [float(o.fed) / length(o) for o in old]
    uneven = max(each) / min(each) - 1.0
    if uneven > UNEVEN * 1.001:
        raise Wrong(f"`{new.text}` joins lines of uneven filament")
    to_new, to_old = reach(new), [reach(o) for o in old]
    there = max(to_new(p) for o in old for p in samples(o, 4))
    back = max(min(to(p) for to in to_old) for p in samples(new, 16))
    if max(there, back) > TOLERANCE + SLACK:
        raise Wrong(f"`{new.text}` is {max(there, back):.5f} mm off")
    if new.arc:
        radius, other, _, _ = sweep(new)
        figures.radii = max(figures.radii, abs(radius - other))
        if abs(radius - other) > RADII:
            raise Wrong(f"`{new.text}` has two radii, {radius:.5f} and {other:.5f} mm")
    figures.off = [max(a, b) for a, b in zip(figures.off, (there, back))]
    figures.uneven = max(figures.uneven, uneven)
    figures.fitted += 1
    figures.stood_for += len(old)
    figures.lengths[0] += sum(map(length, old))
    figures.lengths[1] += length(new)


def judge(before, after):
    """The figures of two prints; raises `Wrong` unless the second is the first with lines in
    the place of others."""
    old, new = read(before), read(after)
    figures, at = Figures(), 0
    for line in new:
        if at < len(old) and old[at].text == line.text:
            at += 1
            continue
        # Each line feeds something, so what is fed says how many there are.
        begin, fed = at, Decimal(0)
        while at < len(old) and old[at].lays() and line.fed is not None and fed < line.fed:
            fed += old[at].fed
            at += 1
        if at == begin or fed != line.fed:
            raise Wrong(f"`{line.text}` stands for no lines of the source, from line {begin + 1}")
        judge_group(old[begin:at], line, figures)
    if at < len(old):
        raise Wrong(f"line {at + 1} and what follows is missing")
    return figures


def commands(lines):
    """How many lines move."""
    return sum(line.text[:3] in ("G0 ", "G1 ", "G2 ", "G3 ") for line in lines)


def grown(lines):
    """How many commands there are where arcs grow by a line at a time, from its first point
    through the middle one to its last, as long as all corners and middles of lines are
    within the tolerance."""
    saved, run = 0, []

    def fits(points):
        (ax, ay), (bx, by), (cx, cy) = points[0], points[len(points) // 2], points[-1]
        det = 2.0 * ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
        if abs(det) < 1e-9:
            return False
        b2, c2 = (bx - ax) ** 2 + (by - ay) ** 2, (cx - ax) ** 2 + (cy - ay) ** 2
        ux, uy = ((cy - ay) * b2 - (by - ay) * c2) / det, ((bx - ax) * c2 - (cx - ax) * b2) / det
        radius, x, y = math.hypot(ux, uy), ax + ux, ay + uy
        if radius > 9999.0:
            return False
        turned = 0.0
        for (px, py), (qx, qy) in zip(points, points[1:]):
            for sx, sy in ((qx, qy), ((px + qx) / 2, (py + qy) / 2)):
                if abs(math.hypot(sx - x, sy - y) - radius) > TOLERANCE:
                    return False
            step = math.atan2((px - x) * (qy - y) - (py - y) * (qx - x),
                              (px - x) * (qx - x) + (py - y) * (qy - y))
            if step * det <= 0:
                return False
            turned += abs(step)
        return turned < math.tau

    def close(run):
        count, points = 0, []
        for a, b in run:
            if points and fits([*points, b]):
                points.append(b)
                count += 1
            else:
                points = [a, b]
        return count

    each = None
    for line in lines:
        level = line.lays() and line.arc is None
        now = float(line.fed) / length(line) if level else None
        if run and (not level or line.feed != feed or not 1 / 1.05 < now / each < 1.05):
            saved += close(run)
            run = []
        if level:
            if not run:
                each, feed = now, line.feed
            run.append((line.start[:2], line.end[:2]))
    saved += close(run)
    return commands(lines) - saved


def cup(relative):
    """A print of walls that bend, made here."""
    out = ["; a cup", "G21", "G90", "M83" if relative else "M82", "G92 E0", "G1 Z0.2 F720"]
    e = 0.0
    for layer in range(12):
        out += [";LAYER_CHANGE", f"G1 Z{0.2 + 0.2 * layer:.1f} F720", "G1 F9000"]
        for wall, radius in enumerate((20.0, 19.5, 8.0)):
            at = []
            for i in range(181):
                a = math.tau * i / 180
                r = radius + (1.5 * math.sin(5 * a) if wall < 2 else 0.0) + 0.1 * layer
                at.append((round(100 + r * math.cos(a), 3), round(100 + r * math.sin(a), 3)))
            out += [f"G1 X{at[0][0]} Y{at[0][1]} F9000", ";TYPE:Wall", "G1 F1800"]
            for a, b in zip(at, at[1:]):
                fed = 0.03326 * math.dist(a, b)
                e += fed
                word = f"E{fed:.5f}".replace("E0.", "E.") if relative else f"E{e:.5f}"
                out.append(f"G1 X{b[0]} Y{b[1]} {word}")
            if relative:
                out.append("G1 E-.8 F2100")
        out.append("M104 S210 ; the same")
    return "\n".join([*out, "M84", ""]).encode()


def optimise(trajet, source, dialect, out):
    """What comes out, and the seconds of processor time it takes."""
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([trajet, "optimize", str(source), "-o", str(out), "--dialect", dialect,
                           "--only", "arc-fit", "--tolerance", str(TOLERANCE)],
                          capture_output=True, text=True)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0 or "did not pass" in done.stderr:
        raise Wrong(f"exit {done.returncode}: {done.stderr.strip()}")
    return out.read_bytes(), ended.ru_utime - begun.ru_utime + ended.ru_stime - begun.ru_stime


def main():
    trajet = sys.argv[1]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="trajet-prints-") as folder:
        folder = pathlib.Path(folder)
        prints = []
        for name, relative in (("cup_relative", True), ("cup_absolute", False)):
            (folder / f"{name}.gcode").write_bytes(cup(relative))
            prints.append((folder / f"{name}.gcode", "marlin"))
        if len(sys.argv) > 2:
            made = pathlib.Path(sys.argv[2]) / "oracle/print"
            prints += [(made / "vase_marlin.gcode", "marlin"),
                       (made / "vase_klipper_arcs.gcode", "klipper")]
        print(f"{'print':<20}{'commands':>9}{'after':>8}{'x':>6}{'grown':>8}{'bytes x':>9}"
              f"{'off mm':>9}{'back mm':>9}{'radii mm':>10}{'longer':>9}{'s/MB':>7}")
        for source, dialect in prints:
            name, before = source.stem, source.read_bytes()
            try:
                after, seconds = optimise(trajet, source, dialect, folder / "out.gcode")
                figures = judge(before, after)
                lines, rival = commands(read(after)), grown(read(before))
                was = commands(read(before))
                longer = figures.lengths[1] / max(figures.lengths[0], 1e-9) - 1.0
                print(f"{name:<20}{was:>9}{lines:>8}{was / lines:>6.2f}{rival:>8}"
                      f"{len(before) / len(after):>9.2f}{figures.off[0]:>9.5f}{figures.off[1]:>9.5f}"
                      f"{figures.radii:>10.5f}{longer:>+9.4%}{seconds / (len(before) / 1e6):>7.3f}")
                if lines >= rival:
                    raise Wrong(f"{lines} commands; {rival} where arcs grow line by line")
            except Wrong as why:
                failed += 1
                print(f"{name}: FAILED: {why}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
