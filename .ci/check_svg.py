"""Checks G-code that was made of a drawing of plain polylines in mm:
check_svg.py IN.svg OUT.gcode [--csv CORPUS.csv] [--tolerance MM] [--once MM]

Every segment of the drawing is burned exactly once (bottom-left is the origin, y
upward); with --once, what lies within so many mm of what is burned may be left out.
Travel is not longer than in the drawing's own order, and with the CSV of
the corpus every contour is burned before its parent begins.  Of any other drawing:
something is burned, nearly all of it inside the page.
"""
import argparse
import math
import re
import sys

import check_burn
import gcode_reader
from check_burn import Different
from gcode_reader import Move

HEAD = re.compile(r'width="([\d.]+)mm" height="([\d.]+)mm" viewBox="0 0 ([\d.]+) ([\d.]+)"')
MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96, "": 25.4 / 96}


def polylines(text):
    """Polylines of the drawing (y upward), or None when it is no plain drawing in mm."""
    head = HEAD.search(text[:2000])
    if not head or head[1] != head[3] or head[2] != head[4]:
        return None
    if re.search(r"transform|<(?:use|circle|rect|line|poly|ellipse|text|style)", text):
        return None
    height, out = float(head[2]), []
    for d in re.findall(r'<path d="([^"]*)"', text):
        if re.search(r"[^MLZ\d\s.,+-]", d):
            return None
        for part in d.split("M")[1:]:
            v = [float(x) for x in re.findall(r"[-+\d.]+", part)]
            points = [(x, height - y) for x, y in zip(v[::2], v[1::2])]
            if "Z" in part and points[0] != points[-1]:
                points.append(points[0])
            out.append(points)
    return out


def table(text, height):
    """Rows (parent, points with y upward) of a corpus CSV."""
    out = []
    for row in text.splitlines():
        if not row.startswith("#"):
            _, parent, _, points = row.split(",")
            v = [float(x) for x in points.split()]
            out.append((int(parent), [(x, height - y) for x, y in zip(v[::2], v[1::2])]))
    return out


def wanted(lines):
    """Pieces of the polylines, `order` being the number of the polyline."""
    out = []
    for number, points in enumerate(lines):
        for a, b in zip(points, points[1:]):
            if a != b:
                m = Move(number + 1, "line", (*a, 0.0), (*b, 0.0), 0.0, 4, 1.0, ())
                out.append(check_burn.Piece(m, None, number))
    return out


def own_travel(lines):
    """Travel in the drawing's own order, from (0, 0), mm."""
    at, total = (0.0, 0.0), 0.0
    for points in lines:
        total += math.dist(at, points[0])
        at = points[-1]
    return total


def parents(rows, done):
    """Each contour is finished before the one around it begins; none that others burn."""
    span = {}
    for p in done:
        low, high = span.get(p.order, (p.twin.order, p.twin.order))
        span[p.order] = min(low, p.twin.order), max(high, p.twin.order)
    for i, (parent, _) in enumerate(rows):
        if i in span and parent in span and span[i][1] > span[parent][0]:
            raise Different(f"contour {i} is cut after its parent {parent} has begun")


def page(text):
    """Width and height of the page in mm, or None."""
    size = {}
    for name in ("width", "height"):
        found = re.search(rf'<svg\b[^>]*?\b{name}\s*=\s*["\']([\d.]+)(mm|cm|in|pt|px|)["\']',
                          text, re.S)
        if found:
            size[name] = float(found[1]) * MM[found[2]]
    return (size["width"], size["height"]) if len(size) == 2 else None


def check(svg_text, gcode, csv_text=None, tolerance=0.02, once=None):
    """Raises `Different`, or returns the program."""
    job = gcode_reader.read(gcode)
    if any(f.refused for f in job.fences):
        raise Different(f"the firmware refuses {next(f.text for f in job.fences if f.refused)!r}")
    if job.hot_rapids() - {4}:
        raise Different("a rapid under M3 with power")
    if job.mode != 5:
        raise Different(f"the beam ends as M{job.mode} S{job.power:g}")
    lines = polylines(svg_text)
    if lines is None:
        sanity(svg_text, job)
        return job
    if csv_text:
        rows = table(csv_text, float(HEAD.search(svg_text[:2000])[2]))
        drawn = wanted([points for _, points in rows])
        if len(drawn) != len(wanted(lines)):
            raise Different("the CSV is not of this drawing")
    else:
        rows, drawn = None, wanted(lines)
    burned = check_burn.pieces_of(job.burns(), lambda m: None)
    drawn, _ = check_burn.match(drawn, burned, tolerance, "a segment", once)
    if rows:
        parents(rows, [p for p in drawn if p.twin])
    left_out = sum(p.length() for p in drawn if not p.twin)
    if job.travel() > own_travel(lines) + left_out + 0.01 + 0.0005 * math.sqrt(len(job.moves)):
        raise Different(f"travel grew from {own_travel(lines):.1f} to {job.travel():.1f} mm")
    return job


def sanity(text, job):
    """Something is burned, and nine tenths of it on the page: drawings do overhang a little."""
    total = sum(m.length() for m in job.burns())
    if total == 0:
        raise Different("nothing is burned")
    size = page(text)
    if size is None:
        return
    inside = lambda p: all(-1 <= v <= limit + 1 for v, limit in zip(p, size))
    here = sum(m.length() for m in job.burns() if inside(m.at(0.5)))
    if here < 0.9 * total:
        raise Different(f"only {here:.0f} of {total:.0f} mm are burned inside the page {size}")


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("svg")
    args.add_argument("gcode")
    args.add_argument("--csv")
    args.add_argument("--tolerance", type=float, default=0.02)
    args.add_argument("--once", type=float, metavar="MM")
    args = args.parse_args()
    read = lambda path: open(path, encoding="utf-8", errors="replace").read()
    with open(args.gcode, "rb") as f:
        try:
            job = check(read(args.svg), f.read(), args.csv and read(args.csv), args.tolerance, args.once)
        except Different as why:
            sys.exit(f"{args.gcode}: {why}")
    print(f"{args.gcode}: {len(job.burns())} burns, travel {job.travel():.1f} mm")


if __name__ == "__main__":
    main()
