"""An independent reader of GRBL 1.1 laser programs, for checking what trajet writes.

It shares nothing with the Rust code: words by regular expression, arcs by angle.
`read(bytes)` gives a Job: moves, dwells, lines that GRBL refuses, the end state.
"""
import math
import re
from dataclasses import dataclass, field

WORD = re.compile(r"([A-Z])([-+]?(?:\d+\.?\d*|\.\d+))")
KNOWN_G = {0, 1, 2, 3, 4, 10, 17, 18, 19, 20, 21, 28, 28.1, 30, 30.1, 38.2, 38.3, 38.4, 38.5,
           40, 43.1, 49, 53, 54, 55, 56, 57, 58, 59, 61, 80, 90, 91, 91.1, 92, 92.1, 93, 94}
KNOWN_M = {0, 1, 2, 3, 4, 5, 8, 9, 30}


@dataclass
class Move:
    start: tuple
    end: tuple
    rapid: bool
    mode: int          # 3, 4 or 5
    s: float
    feed: float        # mm/min
    coolant: bool
    arc: tuple = None  # (centre x, centre y, clockwise), XY plane
    line: int = 0

    @property
    def lit(self):
        return not self.rapid and self.mode != 5 and self.s > 0

    @property
    def dark(self):
        return not self.rapid and self.mode != 5 and self.s <= 0

    @property
    def length(self):
        flat = math.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])
        if self.arc:
            cx, cy, _ = self.arc
            flat = math.hypot(self.start[0] - cx, self.start[1] - cy) * abs(self.angle)
        return math.hypot(flat, self.end[2] - self.start[2])

    @property
    def angle(self):
        cx, cy, clockwise = self.arc
        a = math.atan2(self.start[1] - cy, self.start[0] - cx)
        b = math.atan2(self.end[1] - cy, self.end[0] - cx)
        turn = b - a
        if clockwise:
            while turn >= -1e-6:
                turn -= 2 * math.pi
        else:
            while turn <= 1e-6:
                turn += 2 * math.pi
        return turn


@dataclass
class Job:
    moves: list = field(default_factory=list)
    dwells: list = field(default_factory=list)   # (x, y, seconds)
    refused: list = field(default_factory=list)  # text of lines without effect
    end: tuple = (0.0, 0.0, 0.0)
    mode: int = 5
    uses_spindle: bool = False

    @property
    def uses_power(self):
        return any(m.lit for m in self.moves)

    def burns(self):
        if self.uses_spindle:
            return [m for m in self.moves if m.lit]
        return [m for m in self.moves if not m.rapid]

    def travel(self):
        burned = set(map(id, self.burns()))
        return sum(m.length for m in self.moves if id(m) not in burned)


def strip(text):
    """Blanks and comments gone, upper case."""
    text = re.sub(r"\([^)]*\)?", "", text.split(";")[0] if "(" not in text else cut(text))
    return re.sub(r"[\s/!~?\x00-\x1f]", "", text).upper()


def cut(text):
    """Everything before a `;` that stands in no parenthesis."""
    depth = False
    for i, c in enumerate(text):
        if c == "(":
            depth = True
        elif c == ")":
            depth = False
        elif c == ";" and not depth:
            return text[:i]
    return text


def read(data):
    text = data.decode("latin-1").removeprefix("\xef\xbb\xbf")
    job = Job()
    st = dict(motion=0, plane=17, unit=1.0, rel=False, inv=False, mode=5, s=0.0, f=0.0,
              cool=False, wcs=0)
    pos = [0.0, 0.0, 0.0]
    systems = [[0.0] * 3 for _ in range(6)]
    shift, tool = [0.0] * 3, 0.0
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        line = strip(raw)
        if not line:
            continue
        words = WORD.findall(line)
        if "".join(a + b for a, b in words) != line or len(line) > 79:
            job.refused.append(line)
            continue
        values, gs, ms, bad = {}, [], [], False
        for letter, num in words:
            v = float(num)
            if letter == "G":
                gs.append(v)
                bad |= v not in KNOWN_G
            elif letter == "M":
                ms.append(int(v))
                bad |= int(v) not in KNOWN_M
            else:
                bad |= letter in values or letter not in "FIJKLNPRSTXYZ"
                values[letter] = v
        if bad:
            job.refused.append(line)
            continue
        unit = 25.4 if 20 in gs else 1.0 if 21 in gs else st["unit"]
        motion = next((g for g in gs if g in (0, 1, 2, 3, 80) or 38 <= g < 39), st["motion"])
        once = next((g for g in gs if g in (4, 10, 28, 28.1, 30, 30.1, 92, 92.1)), None)
        axes = [c for c in "XYZ" if c in values]
        moves = bool(axes) and once not in (10, 28, 30, 92) and 43.1 not in gs
        inv = 93 in gs or (st["inv"] and 94 not in gs)
        feed = values.get("F", None)
        f = st["f"] if feed is None else feed * (1.0 if inv else unit)
        if (moves or any(g in (1, 2, 3) for g in gs)) and motion in (1, 2, 3) and f <= 0:
            job.refused.append(line)
            continue
        rel = 91 in gs or (st["rel"] and 90 not in gs)
        wcs = next((int(g) - 54 for g in gs if 54 <= g <= 59), st["wcs"])
        off = [systems[wcs][i] + shift[i] + (tool if i == 2 else 0) for i in range(3)]
        target = list(pos)
        for i, c in enumerate("XYZ"):
            if c in values and moves:
                v = values[c] * unit
                target[i] = v if 53 in gs else pos[i] + v if rel else v + off[i]
        arc = None
        plane = next((g for g in gs if g in (17, 18, 19)), st["plane"])
        if moves and motion in (2, 3):
            a, b = {17: (0, 1), 18: (2, 0), 19: (1, 2)}[plane]
            x, y = target[a] - pos[a], target[b] - pos[b]
            if "R" in values:
                r = values["R"] * unit
                h = 4 * r * r - x * x - y * y
                if h < 0 or (x == 0 and y == 0):
                    job.refused.append(line)
                    continue
                h = -math.sqrt(h) / math.hypot(x, y)
                if motion == 3:
                    h = -h
                if r < 0:
                    h = -h
                ci, cj = 0.5 * (x - y * h), 0.5 * (y + x * h)
            else:
                names = ["XYZ"[k].translate({88: "I", 89: "J", 90: "K"}) for k in (a, b)]
                if not any(n in values for n in names):
                    job.refused.append(line)
                    continue
                ci, cj = (values.get(n, 0.0) * unit for n in names)
                r1, r2 = math.hypot(ci, cj), math.hypot(x - ci, y - cj)
                if abs(r1 - r2) > 0.005 and (abs(r1 - r2) > 0.5 or abs(r1 - r2) > 0.001 * r1):
                    job.refused.append(line)
                    continue
            arc = (pos[a] + ci, pos[b] + cj, motion == 2, plane)
        # The line is taken: S, spindle, coolant, dwell, offsets, motion, flow.
        st.update(unit=unit, rel=rel, inv=inv, f=f, wcs=wcs, plane=plane, motion=motion)
        st["s"] = values.get("S", st["s"])
        for m in ms:
            if m in (3, 4, 5):
                st["mode"] = m
                job.uses_spindle |= m != 5
            elif m in (8, 9):
                st["cool"] = m == 8
        if once == 4:
            job.dwells.append((pos[0], pos[1], values.get("P", 0.0)))
        if 43.1 in gs:
            tool = values.get("Z", 0.0) * unit
        if 49 in gs:
            tool = 0.0
        if once == 10 and "P" in values:
            k = int(values["P"]) - 1 if values["P"] >= 1 else wcs
            for i, c in enumerate("XYZ"):
                if c in values:
                    v = values[c] * unit
                    systems[k][i] = v if values.get("L") == 2 else \
                        pos[i] - shift[i] - (tool if i == 2 else 0) - v
        elif once == 92:
            for i, c in enumerate("XYZ"):
                if c in values:
                    shift[i] = pos[i] - systems[wcs][i] - (tool if i == 2 else 0) \
                        - values[c] * unit
        elif once == 92.1:
            shift = [0.0] * 3
        elif once in (28, 30):
            homed = [0.0 if c in values or not axes else pos[i] for i, c in enumerate("XYZ")]
            job.moves.append(Move(tuple(pos), tuple(homed), True, st["mode"], st["s"], 0,
                                  st["cool"], None, number))
            pos = homed
        if moves and (motion in (0, 1, 2, 3) or 38 <= motion < 39):
            flat = arc[:3] if arc and arc[3] == 17 else None
            job.moves.append(Move(tuple(pos), tuple(target), motion == 0, st["mode"], st["s"],
                                  st["f"], st["cool"], flat, number))
            pos = target
        if 2 in ms or 30 in ms:
            st.update(motion=1, plane=17, rel=False, inv=False, wcs=0, mode=5, cool=False)
    job.end, job.mode = tuple(pos), st["mode"]
    return job


def points(move, count=None):
    """Points along a move, its ends included."""
    if count is None:
        count = 8 if move.arc else 1
    if not move.arc:
        return [tuple(a + (b - a) * k / count for a, b in zip(move.start, move.end))
                for k in range(count + 1)]
    cx, cy, _ = move.arc
    r = math.hypot(move.start[0] - cx, move.start[1] - cy)
    a = math.atan2(move.start[1] - cy, move.start[0] - cx)
    turn = move.angle
    z0, z1 = move.start[2], move.end[2]
    return [(cx + r * math.cos(a + turn * k / count), cy + r * math.sin(a + turn * k / count),
             z0 + (z1 - z0) * k / count) for k in range(count + 1)]
