"""Moves in machine coordinates, from what `rs274` prints and from what the
example `moves` prints, in one form.

`rs274` prints one canonical call a line, in program coordinates and the unit in
force, with four decimals.  A place of the machine is

    rotated(program + G92) + work offset + tool length

where only X and Y are rotated.  Lengths become mm; A B C stay degrees.  The
printing error of a place is 0.05 um for each printed term in mm, which is
nothing beside the tolerance, and 1.27 um in inches, which is kept in `slack`.

A thread is a feed by the turn of the spindle.  What cannot be seen in the output:
the line of the source, where a spline goes (NURBS_FEED prints a number of points),
U V W.
"""
import dataclasses
import math
import re

AXES = "XYZABC"
LENGTHS = range(3)
PLANES = {"CANON_PLANE_XY": "xy", "CANON_PLANE_XZ": "zx", "CANON_PLANE_YZ": "yz"}
FIRST_SECOND = {"xy": (0, 1), "zx": (2, 0), "yz": (1, 2)}
THIRD = {"xy": 2, "zx": 1, "yz": 0}
DECIMALS = 0.00005  # half of the last printed digit

CALL = re.compile(r"^ *\d+ N[.\d]* *([A-Z][A-Z0-9_]*)\((.*)\)\s*$")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?|nan|-nan|inf|-inf")


@dataclasses.dataclass
class Move:
    kind: str             # rapid feed arc probe spline dwell place
    end: tuple = ()       # X Y Z A B C; empty where it is not known
    rate: tuple = ()      # (per, value): min mm/min, turn mm/turn, inverse 1/min
    arc: tuple = ()       # plane, first and second of the centre or NaN, turns
    seconds: float = 0.0  # of a dwell
    slack: float = 0.0    # what printing may have added to a place, mm
    rate_slack: float = 0.0
    step: int = -1        # which executed line, where known
    line: int = 0         # which line of the file from 1, where known

    def text(self):
        where = " ".join(f"{axis}{value:.4f}" for axis, value in zip(AXES, self.end))
        rate = f" F{self.rate[1]:.4f}/{self.rate[0]}" if self.rate else ""
        arc = " {} centre {:.4f} {:.4f} turns {}".format(*self.arc) if self.arc else ""
        pause = f" {self.seconds:.4f} s" if self.kind == "dwell" else ""
        return f"{self.kind} {where}{rate}{arc}{pause}".replace("  ", " ")


class Machine:
    """What the calls have set so far."""

    def __init__(self):
        self.unit = 1.0
        self.work, self.g92, self.tool = [0.0] * 6, [0.0] * 6, [0.0] * 6
        self.work_slack = self.g92_slack = self.tool_slack = 0.0
        self.degrees = 0.0
        self.plane = "xy"
        self.per = "min"
        self.rate, self.rate_slack = 0.0, 0.0
        self.pitch = None
        self.moves = []

    def printed(self):
        """The printing error of one number, mm, where it counts."""
        return DECIMALS * self.unit if self.unit > 1 else 0.0

    def axes(self, numbers):
        return [v * self.unit if i in LENGTHS else v for i, v in enumerate(numbers[:6])]

    def offset(self, numbers):
        """An offset in mm, and its printing error."""
        return self.axes(numbers), self.printed() if any(numbers[:3]) else 0.0

    def place(self, numbers):
        at = [v + g for v, g in zip(self.axes(numbers), self.g92)]
        turn = math.radians(self.degrees)
        x, y = at[0], at[1]
        at[0] = x * math.cos(turn) - y * math.sin(turn)
        at[1] = x * math.sin(turn) + y * math.cos(turn)
        return tuple(v + w + t for v, w, t in zip(at, self.work, self.tool))

    def slack(self, numbers):
        turn = math.radians(DECIMALS) if self.degrees else 0.0
        reach = max(abs(v) * self.unit for v in numbers[:2])
        return self.printed() + self.work_slack + self.g92_slack + self.tool_slack + turn * reach

    def add(self, kind, numbers, **more):
        self.moves.append(Move(kind, self.place(numbers), slack=self.slack(numbers), **more))

    def feed(self):
        if self.pitch is not None:
            return {"rate": ("turn", self.pitch), "rate_slack": 1e-6 * self.unit}
        return {"rate": (self.per, self.rate), "rate_slack": self.rate_slack}

    def call(self, name, numbers, text):
        if name == "USE_LENGTH_UNITS":
            self.unit = 25.4 if "INCHES" in text else 1.0
        elif name == "SET_G5X_OFFSET":
            self.work, self.work_slack = self.offset(numbers[1:])
        elif name == "SET_G92_OFFSET":
            self.g92, self.g92_slack = self.offset(numbers)
        elif name == "USE_TOOL_LENGTH_OFFSET":
            self.tool, self.tool_slack = self.offset(numbers)
        elif name == "SET_XY_ROTATION":
            self.degrees = numbers[0]
        elif name == "SELECT_PLANE":
            self.plane = PLANES[text.strip()]
        elif name == "SET_FEED_MODE":
            self.per = "turn" if numbers[1] else "min"
        elif name == "SET_FEED_RATE":
            self.rate, self.rate_slack = numbers[0] * self.unit, 2 * DECIMALS * self.unit
        elif name == "START_SPEED_FEED_SYNC":
            self.pitch = numbers[0] * self.unit
        elif name == "STOP_SPEED_FEED_SYNCH":
            self.pitch = None
        elif name == "STRAIGHT_TRAVERSE":
            self.add("rapid", numbers)
        elif name == "STRAIGHT_FEED":
            self.add("feed", numbers, **self.feed())
        elif name == "STRAIGHT_PROBE":
            self.add("probe", numbers, **self.feed())
        elif name == "RIGID_TAP":  # there and back, without the rotary axes
            start = next((m.end for m in reversed(self.moves) if m.end), (0.0,) * 6)
            self.add("feed", numbers + [0.0] * 3, **self.feed())
            self.moves[-1].end = self.moves[-1].end[:3] + start[3:]
            self.moves.append(dataclasses.replace(self.moves[-1], end=start))
        elif name == "ARC_FEED":
            self.arc(numbers)
        elif name == "NURBS_FEED":
            self.moves.append(Move("spline"))
        elif name == "DWELL":
            self.moves.append(Move("dwell", seconds=numbers[0]))

    def arc(self, numbers):
        first, second, center1, center2, turns, third = numbers[:6]
        a, b = FIRST_SECOND[self.plane]
        end, center = [0.0] * 6, [0.0] * 6
        end[a], end[b], end[THIRD[self.plane]] = first, second, third
        center[a], center[b], center[THIRD[self.plane]] = center1, center2, third
        end[3:] = center[3:] = numbers[6:9]
        at = self.place(center)
        if self.degrees and self.plane != "xy":  # not a circle of this plane any more
            at = (math.nan,) * 6
        self.add("arc", end, arc=(self.plane, at[a], at[b], int(turns)), **self.feed())


def of_calls(text):
    """The moves of what `rs274` printed."""
    machine = Machine()
    for row in text.splitlines():
        found = CALL.match(row)
        if found and found.group(1) not in ("COMMENT", "MESSAGE", "LOG"):
            name, inside = found.groups()
            machine.call(name, [float(v) for v in NUMBER.findall(inside)], inside)
    return machine.moves


def of_ours(text):
    """The moves that the example `moves` printed, and its refused lines as
    (number of moves before it, line, reason)."""
    moves, refused = [], []
    for row in text.splitlines():
        step, line, kind, *rest = row.split(" ")
        step, line = int(step), int(line)
        if kind == "refused":
            refused.append((len(moves), line, " ".join(rest)))
        elif kind == "dwell":
            moves.append(Move(kind, seconds=float(rest[0]), step=step, line=line))
        elif kind != "end":
            move = Move(kind, tuple(float(v) for v in rest[:6]), step=step, line=line)
            if rest[9:]:
                per, value = rest[9].split(":")
                move.rate = (per, float(value))
            if rest[10:]:
                move.arc = (rest[10], float(rest[11]), float(rest[12]), int(rest[13]))
            moves.append(move)
    return moves, refused
