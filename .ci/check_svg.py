"""Checks G-code that was made of a drawing of plain polylines in mm:
check_svg.py IN.svg OUT.gcode [CORPUS.csv]

Every segment of the drawing is burned exactly once (bottom-left is the origin, y
upward). With the CSV of the corpus, every contour comes before its parent.
"""
import math
import re
import sys

import check_burn
import gcode_reader

HEAD = re.compile(r'width="([\d.]+)mm" height="([\d.]+)mm" viewBox="0 0 ([\d.]+) ([\d.]+)"')


def polylines(text):
    """Polylines of the drawing, or None when it is no plain drawing in mm."""
    head = HEAD.search(text[:2000])
    if not head or head.group(1) != head.group(3) or re.search(r"transform|<use|<circle", text):
        return None
    height = float(head.group(2))
    out = []
    for d in re.findall(r'<path d="([^"]*)"', text):
        if re.search(r"[^MLZ\d\s.,+-]", d):
            return None
        for part in re.split("M", d)[1:]:
            nums = [float(v) for v in re.findall(r"[-+\d.]+", part)]
            pts = [(x, height - y) for x, y in zip(nums[::2], nums[1::2])]
            if "Z" in part and pts[0] != pts[-1]:
                pts.append(pts[0])
            out.append(pts)
    return out


def check(svg_text, gcode, csv_text=None, tolerance=0.02):
    job = gcode_reader.read(gcode)
    lines = polylines(svg_text)
    if any(m.rapid and m.mode != 5 and m.s > 0 for m in job.moves) or job.mode != 5:
        raise check_burn.Different("the beam is on in a rapid or at the end")
    if lines is None:
        if not job.burns():
            raise check_burn.Different("nothing is burned")
        return job
    burns = job.burns()
    key = (burns[0].mode, round(burns[0].s, 3), round(burns[0].feed, 2), burns[0].coolant)
    wanted = []
    for pts in lines:
        for a, b in zip(pts, pts[1:]):
            mid = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 0.0)
            wanted.append((key, (*a, 0.0), mid, (*b, 0.0)))
    check_burn.match(wanted, check_burn.pieces(burns), tolerance, "a segment")
    if csv_text:
        parents(csv_text, burns)
    return job


def parents(csv_text, burns):
    """Each contour is done before the contour around it begins."""
    cell = lambda x, y: (round(x * 100), round(y * 100))
    first, last = {}, {}
    for i, m in enumerate(burns):
        for p in (m.start, m.end):
            x, y = cell(p[0], p[1])
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    first.setdefault((x + dx, y + dy), i)
                    last[x + dx, y + dy] = i
    rows = [r.split(",") for r in csv_text.splitlines() if not r.startswith("#")]
    corner = []
    for _, _, _, pts in rows:
        v = [float(x) for x in pts.split()]
        corner.append([cell(x, 300 - y) for x, y in zip(v[::2], v[1::2])])
    for i, row in enumerate(rows):
        parent = int(row[1])
        if parent < 0:
            continue
        done = max(last[k] for k in corner[i])
        begun = min(first[k] for k in corner[parent])
        if done > begun:
            raise check_burn.Different(f"contour {i} is cut after its parent {parent} has begun")


def main():
    csv = open(sys.argv[3]).read() if len(sys.argv) > 3 else None
    try:
        job = check(open(sys.argv[1]).read(), open(sys.argv[2], "rb").read(), csv)
    except check_burn.Different as why:
        sys.exit(f"{sys.argv[2]}: {why}")
    print(f"{len(job.burns())} burns, travel {job.travel():.1f} mm")


if __name__ == "__main__":
    main()
