"""Drawings of straight strokes: made from a seed, read, written.

A drawing is a list of strokes, a stroke a list of points in mm, y up, closed where its
last point is its first.  Numbers have four decimals, so that all programs get the same.
"""
import json
import math
import pathlib
import random
import re
import xml.etree.ElementTree

SIDE = 300.0
MM = {"mm": 1.0, "cm": 10.0, "in": 25.4}
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


# Made from a seed.

def segments(n, r):
    """Short lines anywhere."""
    step = SIDE / math.sqrt(n)
    return [bar(r.uniform(0, SIDE), r.uniform(0, SIDE), r.uniform(0, math.tau),
                step * r.uniform(0.2, 3)) for _ in range(n)]


def clusters(n, r):
    """Short lines in heaps, with nothing between."""
    heaps = [(r.uniform(20, SIDE - 20), r.uniform(20, SIDE - 20)) for _ in range(max(4, n // 200))]
    strokes = []
    for _ in range(n):
        x, y = r.choice(heaps)
        strokes.append(bar(r.gauss(x, 5), r.gauss(y, 5), r.uniform(0, math.tau),
                           r.expovariate(2) * SIDE / math.sqrt(n)))
    return strokes


def dots(n, r):
    """Ticks as short as a dot, more of them on one side."""
    return [bar(SIDE * r.random() ** 2, r.uniform(0, SIDE), 0, 0.02) for _ in range(n)]


def streets(n, r):
    """A net of bent lines that meet at crossings, some of them missing."""
    k = math.isqrt(n // 2) + 1
    step = SIDE / k
    node = [[((i + r.uniform(0.2, 0.8)) * step, (j + r.uniform(0.2, 0.8)) * step)
             for i in range(k)] for j in range(k)]
    strokes = []
    for j in range(k):
        for i in range(k):
            for to in [(j, i + 1), (j + 1, i)]:
                if max(to) < k and r.random() < 0.85:
                    a, b = node[j][i], node[to[0]][to[1]]
                    bend = tuple((p + q) / 2 + r.gauss(0, 0.05 * step) for p, q in zip(a, b))
                    strokes.append([a, bend, b] if r.random() < 0.5 else [b, bend, a])
    r.shuffle(strokes)
    return strokes


def letters(n, r):
    """Lines of small outlines, two in five with a hole."""
    k = math.isqrt(n) + 1
    strokes = []
    for i in range(n):
        x, y = (i % k + 0.5) * SIDE / k, (i // k + 0.5) * SIDE / k
        outline = [0.35 * SIDE / k * r.uniform(0.7, 1.2) for _ in range(14)]
        strokes.append(ring(x, y, outline))
        if r.random() < 0.4:
            strokes.append(ring(x, y, [0.35 * q for q in outline]))
    return strokes


def cells(n, _):
    """A honeycomb, each cell an outline of its own."""
    return [ring(x, y, [size] * 6) for x, y, size in honeycomb(n)]


def edges(n, r):
    """A honeycomb of about `n` edges, each once and on its own."""
    strokes = {}
    for x, y, size in honeycomb(n // 3):
        points = ring(x, y, [size] * 6)
        for a, b in zip(points, points[1:]):
            key = frozenset((round(p[0], 2), round(p[1], 2)) for p in (a, b))
            strokes.setdefault(key, [a, b])
    strokes = list(strokes.values())
    r.shuffle(strokes)
    return strokes


def overlaps(n, r):
    """Of ten lines seven lie apart, the others on one of those.  The true length is known."""
    own = n * 7 // 10
    # As dense for any number.
    k, step = math.isqrt(own) + 1, 3.0
    lines, reach = [], [1.0] * own
    for i in range(own):
        turn, half = r.uniform(0, math.tau), step * r.uniform(0.15, 0.3)
        lines.append(((i % k + 0.5) * step, (i // k + 0.5) * step, turn, half))
    strokes = [along(*line, -1, 1) for line in lines]
    for i in range(own, n):
        which = r.randrange(own)
        begin, end = [(-1, 1), (1, -1), (-0.4, 0.6), (0, 1.4)][i % 4]
        reach[which] = max(reach[which], end)
        strokes.append(along(*lines[which], begin, end))
    return strokes, sum((1 + far) * line[3] for far, line in zip(reach, lines))


KINDS = {kind.__name__: kind
         for kind in [segments, clusters, dots, streets, letters, cells, edges, overlaps]}


def bar(x, y, turn, length):
    dx, dy = math.cos(turn) * length / 2, math.sin(turn) * length / 2
    return [(inside(x - dx), inside(y - dy)), (inside(x + dx), inside(y + dy))]


def inside(x):
    return min(max(x, 0.0), SIDE)


def along(x, y, turn, half, *places):
    return [(x + math.cos(turn) * half * t, y + math.sin(turn) * half * t) for t in places]


def ring(x, y, radii):
    points = [(x + q * math.sin(math.tau * i / len(radii)), y + q * math.cos(math.tau * i / len(radii)))
              for i, q in enumerate(radii)]
    return points + points[:1]


def honeycomb(n):
    k = math.isqrt(n) + 1
    size = SIDE / (math.sqrt(3) * (k + 0.5))
    for i in range(n):
        column, row = i % k, i // k
        yield size * math.sqrt(3) * (column + 0.5 + row % 2 / 2), size * (1.5 * row + 1), size


class Drawing:
    """`strokes`, and the true length without overlaps (mm) where it is known."""

    def __init__(self, name, strokes, truth=None):
        self.name, self.truth = name, truth
        strokes = [[(round(x, 4), round(y, 4)) for x, y in s] for s in strokes]
        # Programs that do not begin at the origin begin with the first stroke.
        first = min(range(len(strokes)), key=lambda i: min(map(math.hypot, *zip(*strokes[i]))))
        self.strokes = [strokes[first], *strokes[:first], *strokes[first + 1:]]


def made(name):
    """The drawing of a name such as `streets5000`, which is the seed too."""
    match = re.fullmatch(r"([a-z]+)(\d+)", name)
    if not match or match[1] not in KINDS:
        raise SystemExit(f"{name}: no file, and none of {', '.join(KINDS)} with a number")
    kind, n = match.groups()
    result = KINDS[kind](int(n), random.Random(name))
    return Drawing(name, *result) if isinstance(result, tuple) else Drawing(name, result)


# Files.

def load(path):
    """An SVG file of straight lines, or a CSV one as `examples/travel.rs` reads it."""
    path = pathlib.Path(path)
    if path.suffix == ".svg":
        strokes = read_svg(path, flip=True)
    else:
        rows = (line.rstrip().rsplit(",", 1)[1] for line in path.open() if line[0] != "#")
        strokes = [pairs(row) for row in rows]
    truth = path.with_suffix(".truth")
    length = None
    if truth.exists():
        length = float(re.search(r"true_length_mm=(\S+)", truth.read_text())[1])
    return Drawing(path.stem, strokes, length)


def pairs(text):
    numbers = [float(n) for n in NUMBER.findall(text)]
    return list(zip(numbers[::2], numbers[1::2]))


def read_svg(path, flip):
    """Strokes in mm; `flip` where the page has y down and the bottom is to be zero."""
    root = xml.etree.ElementTree.parse(path).getroot()
    page, unit = re.fullmatch(r"([\d.]+)(mm|cm|in)", root.get("width")).groups()
    _, _, width, height = (float(n) for n in NUMBER.findall(root.get("viewBox")))
    scale, strokes = float(page) * MM[unit] / width, []
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "line":
            strokes.append([tuple(float(element.get(k + i)) for k in "xy") for i in "12"])
        elif tag in ("polyline", "polygon"):
            points = pairs(element.get("points"))
            strokes.append(points + points[:1] if tag == "polygon" else points)
        elif tag == "path":
            text = element.get("d")
            if set(re.sub(r"[eE][+-]?\d", "", text)) - set("MLZ0123456789+-., \n"):
                raise ValueError(f"{path}: only straight lines in absolute coordinates")
            for part in text.split("M")[1:]:
                points = pairs(part)
                strokes.append(points + points[:1] if part.rstrip().endswith("Z") else points)
    return [[(x * scale, (height - y if flip else y) * scale) for x, y in s] for s in strokes]


def side(strokes):
    """The side of the page, mm: larger than usual where the strokes need it."""
    return max(SIDE, *(math.ceil(max(p)) for s in strokes for p in s))


def write_svg(path, strokes, top=None):
    """`top`: the y that becomes the page's top edge; without it y stays as it is."""
    page = side(strokes)
    with open(path, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{page}mm" height="{page}mm" '
                   f'viewBox="0 0 {page} {page}" fill="none" stroke="black" stroke-width="0.1">\n')
        for stroke in strokes:
            closed = stroke[0] == stroke[-1] and len(stroke) > 2
            points = stroke[:-1] if closed else stroke
            d = "L".join(f"{x:.4f},{y if top is None else top - y:.4f}" for x, y in points)
            file.write(f'<path d="M{d}{"Z" if closed else ""}"/>\n')
        file.write("</svg>\n")


def write_csv(path, strokes):
    with open(path, "w") as file:
        for stroke in strokes:
            closed = stroke[0] == stroke[-1] and len(stroke) > 2
            points = " ".join(f"{x:.4f} {y:.4f}" for x, y in stroke)
            file.write(f"0,-1,{closed:d},{points}\n")


def write_json(path, strokes):
    path.write_text(json.dumps(strokes))
