"""A short GRBL 1.1 reader, written apart from the Rust one so that it can judge it.

`read(data)` returns a `Program`: its moves, dwells and fences in file order, in
machine coordinates (mm), starting at (0, 0, 0) with all offsets zero.  A line
that GRBL would refuse does nothing and is kept as a fence.
Limits: stored positions (G28, G30) and work offsets start at zero, a probe
stops at its target, and a rapid is one straight line.
"""
import math
import re

WORD = re.compile(r"([A-Z])([+-]?(?:\d+\.?\d*|\.\d+))")
PLANES = {17: (0, 1, 2), 18: (2, 0, 1), 19: (1, 2, 0)}
GROUPS = {}
for _group, _codes in {
    "nonmodal": (4, 10, 28, 28.1, 30, 30.1, 53, 92, 92.1),
    "motion": (0, 1, 2, 3, 38.2, 38.3, 38.4, 38.5, 80),
    "plane": (17, 18, 19),
    "distance": (90, 91),
    "arc": (91.1,),
    "feed": (93, 94),
    "units": (20, 21),
    "cutter": (40,),
    "length": (43.1, 49),
    "wcs": (54, 55, 56, 57, 58, 59),
    "control": (61,),
}.items():
    for _code in _codes:
        GROUPS["G", _code] = _group
for _group, _codes in {"stop": (0, 1, 2, 30), "spindle": (3, 4, 5), "coolant": (8, 9)}.items():
    for _code in _codes:
        GROUPS["M", _code] = _group
FENCES = {("G", c) for c in (10, 28, 28.1, 30, 30.1, 38.2, 38.3, 38.4, 38.5, 43.1, 49, 92, 92.1)}
FENCES |= {("M", c) for c in (0, 2, 30)}


class Refused(Exception):
    """GRBL answers this line with an error and does nothing."""


class Move:
    """One straight or circular motion.  `kind`: rapid, line or arc."""

    __slots__ = ("line", "kind", "start", "end", "feed", "mode", "power", "state",
                 "centre", "sweep", "plane")

    def __init__(self, line, kind, start, end, feed, mode, power, state,
                 centre=None, sweep=0.0, plane=17):
        self.line, self.kind, self.start, self.end = line, kind, start, end
        self.feed, self.mode, self.power, self.state = feed, mode, power, state
        self.centre, self.sweep, self.plane = centre, sweep, plane

    def at(self, t):
        """The point at parameter t in 0..1."""
        if self.kind != "arc":
            return tuple(a + (b - a) * t for a, b in zip(self.start, self.end))
        if t <= 0.0 or t >= 1.0:
            return self.start if t <= 0.0 else self.end
        u, v, w = PLANES[self.plane]
        p = [0.0, 0.0, 0.0]
        du, dv = self.start[u] - self.centre[0], self.start[v] - self.centre[1]
        c, s = math.cos(self.sweep * t), math.sin(self.sweep * t)
        p[u] = self.centre[0] + du * c - dv * s
        p[v] = self.centre[1] + du * s + dv * c
        p[w] = self.start[w] + (self.end[w] - self.start[w]) * t
        return tuple(p)

    def length(self):
        """Length in mm, helices included."""
        if self.kind != "arc":
            return math.dist(self.start, self.end)
        u, v, w = PLANES[self.plane]
        radius = math.hypot(self.start[u] - self.centre[0], self.start[v] - self.centre[1])
        return math.hypot(radius * self.sweep, self.end[w] - self.start[w])


class Dwell:
    """A G4: seconds, where, and under which beam."""

    __slots__ = ("line", "seconds", "at", "mode", "power")

    def __init__(self, line, seconds, at, mode, power):
        self.line, self.seconds, self.at, self.mode, self.power = line, seconds, at, mode, power


class Fence:
    """A line nothing may move across: refused, or of an effect beyond modal state."""

    __slots__ = ("line", "text", "refused")

    def __init__(self, line, text, refused):
        self.line, self.text, self.refused = line, text, refused


class Program:
    """`events` in file order, `has_spindle` (an M3 or M4 was obeyed), and the final state."""

    def __init__(self, events, has_spindle, position, mode, power):
        self.events, self.has_spindle = events, has_spindle
        self.position, self.mode, self.power = position, mode, power
        self.moves = [e for e in events if isinstance(e, Move)]
        self.dwells = [e for e in events if isinstance(e, Dwell)]
        self.fences = [e for e in events if isinstance(e, Fence)]

    def works(self, move):
        """A feed move under M3 or M4 (at S0 too); without any spindle, each feed move."""
        return move.kind != "rapid" and (move.mode != 5 or not self.has_spindle)

    def lit(self, move):
        """The beam is on (lasers are dark in a rapid)."""
        return self.works(move) and (move.power > 0 or not self.has_spindle)

    def burns(self):
        return [m for m in self.moves if self.lit(m)]

    def dark(self):
        """Deliberate moves with the beam enabled at S0: overscan, white pixels."""
        return [m for m in self.moves if self.works(m) and not self.lit(m)]

    def hot_rapids(self):
        """The modes under which a rapid is made with S above zero."""
        return {m.mode for m in self.moves
                if m.kind == "rapid" and m.mode != 5 and m.power > 0 and m.start != m.end}

    def travel(self):
        """All motion with the beam off, mm."""
        return sum(m.length() for m in self.moves if not self.lit(m))


class Machine:
    """The modal state of the controller."""

    def __init__(self):
        self.pos = (0.0, 0.0, 0.0)
        self.wcs = [[0.0] * 3 for _ in range(6)]
        self.g92 = [0.0] * 3
        self.stored = {28: (0.0,) * 3, 30: (0.0,) * 3}
        self.tlo = 0.0
        self.feed = self.power = 0.0
        self.mode, self.coolant, self.tool = 5, 9, 0
        self.has_spindle = False
        self.events = []
        self.reset()

    def reset(self):
        """What M2 and M30 restore (and power-on, which starts in G0)."""
        self.motion, self.plane, self.distance, self.feed_mode, self.cs = 1, 17, 90, 94, 0
        self.units = getattr(self, "units", 1.0)

    def offset(self, axis):
        return self.wcs[self.cs][axis] + self.g92[axis] + (self.tlo if axis == 2 else 0.0)

    def state(self):
        return (self.cs, self.coolant, self.tool)

    def go(self, line, kind, end, feed=0.0, **arc):
        self.events.append(Move(line, kind, self.pos, end, feed, self.mode, self.power,
                                self.state(), **arc))
        self.pos = end

    def line(self, number, text):
        """Obeys one line, comments and blanks already gone."""
        if len(text) > 79 or text[0] == "$":
            raise Refused("not a block")
        g, m, words = split(text)
        units = {20: 25.4, 21: 1.0}.get(g.get("units"), self.units)
        feed_mode = g.get("feed", self.feed_mode)
        motion = g.get("motion", self.motion)
        nonmodal = g.get("nonmodal")
        axes = [words.get(a) for a in "XYZ"]
        used = set("XYZFNST") if any(a is not None for a in axes) else set("FNST")
        has_axes = "X" in used
        axis_command = None
        if nonmodal in (10, 28, 30, 92):
            axis_command = nonmodal
        if "length" in g and g["length"] == 43.1:
            axis_command = 43.1
        if "motion" in g and g["motion"] != 80:
            if axis_command is not None:
                raise Refused("two commands want the axis words")
            axis_command = "motion"
        if has_axes and axis_command is None and nonmodal not in (28.1, 30.1, 92.1):
            axis_command = "motion"
        if axis_command == "motion" and not has_axes and motion in (0, 1):
            axis_command = None

        # The feed.
        feed = self.feed if feed_mode == self.feed_mode else 0.0
        if feed_mode == 93:
            feed = 0.0
            if axis_command == "motion" and motion in (1, 2, 3) and "F" not in words:
                raise Refused("G93 without F")
        if "F" in words:
            feed = words["F"] * (units if feed_mode == 94 else 1.0)

        if nonmodal == 4:
            if "P" not in words:
                raise Refused("G4 without P")
            used.add("P")
        cs = g["wcs"] - 54 if "wcs" in g else self.cs
        distance = g.get("distance", self.distance)
        plane = g.get("plane", self.plane)
        mm = [None if a is None else a * units for a in axes]

        def offset(axis):
            return self.wcs[cs][axis] + self.g92[axis] + (self.tlo if axis == 2 else 0.0)

        def target(machine_coordinates=False):
            out = list(self.pos)
            for i, a in enumerate(mm):
                if a is None:
                    continue
                if machine_coordinates:
                    out[i] = a
                elif distance == 91:
                    out[i] = self.pos[i] + a
                else:
                    out[i] = a + offset(i)
            return tuple(out)

        act = None
        if axis_command == 10:
            select, number_p = words.get("L"), words.get("P")
            if not has_axes or number_p is None or select not in (2, 20) or "R" in words:
                raise Refused("G10")
            if number_p != int(number_p) or not 0 <= number_p <= 6:
                raise Refused("G10 P")
            used |= {"L", "P"}
            k = cs if number_p == 0 else int(number_p) - 1

            def act():
                for i, a in enumerate(mm):
                    if a is None:
                        continue
                    tlo = self.tlo if i == 2 else 0.0
                    self.wcs[k][i] = a if select == 2 else self.pos[i] - self.g92[i] - tlo - a
        elif axis_command == 92:
            if not has_axes:
                raise Refused("G92 without axes")

            def act():
                for i, a in enumerate(mm):
                    if a is not None:
                        tlo = self.tlo if i == 2 else 0.0
                        self.g92[i] = self.pos[i] - self.wcs[self.cs][i] - tlo - a
        elif axis_command == 43.1:
            if mm[2] is None or mm[0] is not None or mm[1] is not None:
                raise Refused("G43.1")

            def act():
                self.tlo = mm[2]
        elif axis_command in (28, 30):
            via = target() if has_axes else None

            def act():
                home = self.stored[axis_command]
                if via is not None:
                    self.go(number, "rapid", via)
                    home = tuple(h if a is not None else p
                                 for h, a, p in zip(home, mm, self.pos))
                self.go(number, "rapid", home)
        elif axis_command == "motion":
            act = self.motion_of(number, motion, plane, words, used, units, mm, feed,
                                 feed_mode, target, nonmodal == 53)
        elif nonmodal == 53 and motion not in (0, 1):
            raise Refused("G53 needs G0 or G1")
        if set(words) - used:
            raise Refused("words without a use")

        # Nothing was refused: obey, in GRBL's order.
        self.feed_mode, self.feed = feed_mode, feed
        self.power = words.get("S", self.power)
        self.tool = words.get("T", self.tool)
        self.mode = m.get("spindle", self.mode)
        self.has_spindle |= self.mode != 5
        self.coolant = m.get("coolant", self.coolant)
        if nonmodal == 4:
            self.events.append(Dwell(number, words["P"], self.pos, self.mode, self.power))
        self.plane, self.units, self.cs, self.distance = plane, units, cs, distance
        self.motion = motion
        if g.get("length") == 49:
            self.tlo = 0.0
        if nonmodal == 92.1:
            self.g92 = [0.0] * 3
        if nonmodal in (28.1, 30.1):
            self.stored[int(nonmodal)] = self.pos
        if act:
            act()
        if any(("G", c) in FENCES for c in g.values()) or any(
                ("M", c) in FENCES for c in m.values()):
            self.events.append(Fence(number, text, False))
        if m.get("stop") in (2, 30):
            self.reset()
            self.mode, self.coolant = 5, 9

    def motion_of(self, number, motion, plane, words, used, units, mm, feed, feed_mode,
                  target, machine_coordinates):
        """Checks one motion and returns the closure that performs it."""
        if machine_coordinates and motion not in (0, 1):
            raise Refused("G53 needs G0 or G1")
        end = target(machine_coordinates)
        if motion == 80:
            raise Refused("axis words under G80")
        if motion == 0:
            return lambda: self.go(number, "rapid", end)
        if feed == 0.0:
            raise Refused("no feed")
        rate = feed if feed_mode == 94 else ("G93", feed)
        if motion == 1:
            return lambda: self.go(number, "line", end, rate)
        if not any(a is not None for a in mm):
            raise Refused("no axis words")
        if motion > 38:
            return lambda: self.go(number, "rapid", end)
        u, v, _ = PLANES[plane]
        if mm[u] is None and mm[v] is None:
            raise Refused("no axis word in the plane")
        start, x, y = self.pos, end[u] - self.pos[u], end[v] - self.pos[v]
        clockwise = motion == 2
        if "R" in words:
            used.add("R")
            r = words["R"] * units
            if end == start or 4 * r * r < x * x + y * y:
                raise Refused("R too small")
            h = -math.sqrt(4 * r * r - x * x - y * y) / math.hypot(x, y)
            if not clockwise:
                h = -h
            if r < 0:
                h = -h
            du, dv = 0.5 * (x - y * h), 0.5 * (y + x * h)
        else:
            names = "IJK"[u], "IJK"[v]
            if not any(n in words for n in names):
                raise Refused("no offsets")
            used |= set(names)
            du, dv = (words.get(n, 0.0) * units for n in names)
            r1, r2 = math.hypot(du, dv), math.hypot(x - du, y - dv)
            if abs(r1 - r2) > 0.005 and (abs(r1 - r2) > 0.5 or abs(r1 - r2) > 0.001 * r1):
                raise Refused("the radii differ")
        a, b = (-du, -dv), (x - du, y - dv)
        sweep = math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])
        if clockwise and sweep >= -5e-7:
            sweep -= 2 * math.pi
        elif not clockwise and sweep <= 5e-7:
            sweep += 2 * math.pi
        centre = (start[u] + du, start[v] + dv)
        return lambda: self.go(number, "arc", end, rate, centre=centre, sweep=sweep, plane=plane)


def split(text):
    """The words of a block: ({group: G code}, {group: M code}, {letter: value})."""
    g, m, words, end = {}, {}, {}, 0
    for word in WORD.finditer(text):
        if word.start() != end:
            raise Refused("not words")
        end = word.end()
        letter, value = word[1], float(word[2])
        if letter in "GM":
            code = round(value, 2)
            code = int(code) if code == int(code) else code
            group = GROUPS.get((letter, code))
            if group is None:
                raise Refused("unsupported command")
            side = g if letter == "G" else m
            if group in side:
                raise Refused("two of one modal group")
            side[group] = code
            continue
        if letter not in "FIJKLNPRSTXYZ" or letter in words:
            raise Refused("unsupported or repeated word")
        if value < 0 and letter in "FNPTS" or letter == "T" and value > 255:
            raise Refused("value out of range")
        words[letter] = value
    if end != len(text):
        raise Refused("not words")
    return g, m, words


def strip(line):
    """One line without blanks and comments, in capitals, as GRBL buffers it."""
    if "(" not in line and ";" not in line:
        return "".join(line.split()).replace("/", "").upper()
    out, depth = [], False
    for c in line:
        if depth:
            depth = c != ")"
        elif c == "(":
            depth = True
        elif c == ";":
            break
        else:
            out.append(c)
    return "".join("".join(out).split()).replace("/", "").upper()


def read(data):
    """Reads a whole program from bytes."""
    machine = Machine()
    machine.motion = 0
    text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        block = strip(line)
        if not block:
            continue
        try:
            machine.line(number, block)
        except Refused:
            machine.events.append(Fence(number, block, True))
    return Program(machine.events, machine.has_spindle, machine.pos, machine.mode, machine.power)
