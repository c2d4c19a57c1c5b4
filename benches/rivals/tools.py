"""How each program is asked, and how what it wrote is read.

A tool is a function of a `Place` and a task.  It gives the command and a function that
reads the strokes drawn, in order, with the origin where trajet has it: the lower left
corner of the page.
"""
import json
import math
import pathlib
import sys
from typing import NamedTuple

import drawings

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / ".ci"))
import gcode_reader  # noqa: E402

# The height of the bed that MeerK40t's GRBL device has, mm; its lower left is the origin.
BED = 235.0
COMMANDS = {"order": "linesort --two-opt", "merge": "linemerge linesort",
            "dedupe": "deduplicate"}


class Place(NamedTuple):
    """Where a program runs: a folder of its own, the venv, trajet, and the strokes."""
    folder: pathlib.Path
    venv: pathlib.Path
    trajet: str
    strokes: list


class Drawn(NamedTuple):
    """A stroke as it was drawn: where it begins and ends, and how long it is, mm."""
    start: tuple
    end: tuple
    length: float


def trajet(place, task, effort="normal"):
    source, target = place.folder / "in.svg", place.folder / "out.gcode"
    drawings.write_svg(source, place.strokes, drawings.side(place.strokes))
    words = {
        "order": ["--remove-overlaps", "none", "--skip", "inside-first"],
        "inner": ["--remove-overlaps", "none"],
        "merge": ["--remove-overlaps", "none", "--skip", "inside-first"],
        "dedupe": ["--remove-overlaps", "all", "--only", "dedupe"],
    }[task]
    return ([place.trajet, "optimize", str(source), "-o", str(target), "--objective", "travel",
             "--effort", effort, *words], lambda out: from_gcode(target))


def trajet_fast(place, task):
    return trajet(place, task, "fast")


def library(place, task):
    """trajet's library on its own; what it leaves is its own word."""
    source = place.folder / "in.csv"
    drawings.write_csv(source, place.strokes)
    example = pathlib.Path(place.trajet).with_name("examples") / "overlaps"

    def read(out):
        return [Drawn((0, 0), (0, 0), float(out.split()[-5]))]

    return [str(example), str(source)], read


def vpype(place, task):
    source, target = place.folder / "in.svg", place.folder / "out.svg"
    drawings.write_svg(source, place.strokes)
    runner = pathlib.Path(__file__).with_name("on_vpype.py")
    return ([str(place.venv / "bin/python"), str(runner), str(source), str(target), COMMANDS[task]],
            lambda out: from_strokes(drawings.read_svg(target, flip=False)))


def raygeo(place, task):
    source, target = place.folder / "in.json", place.folder / "out.json"
    drawings.write_json(source, place.strokes)
    runner = pathlib.Path(__file__).with_name("on_raygeo.py")
    return ([str(place.venv / "bin/python"), str(runner), task, str(source), str(target)],
            lambda out: from_strokes(json.loads(target.read_text())))


def meerk40t(place, task):
    """Its settings leave travel as it is unless effects are not kept together."""
    source, target = place.folder / "in.svg", place.folder / "out.gcode"
    batch = place.folder / "batch.txt"
    drawings.write_svg(source, place.strokes, BED)
    batch.write_text("\n".join([
        "service device start -i grbl",
        "operation* delete",
        f"load {source}",
        "set -p planner opt_effect_combine False",
        f"set -p planner opt_inner_first {task == 'inner'}",
        f"element* {'cut' if task == 'inner' else 'engrave'}",
        f"plan copy preprocess validate blob preopt optimize save_job {target}",
        "quit",
        "",
    ]))
    return ([str(place.venv / "bin/meerk40t"), "--no-gui", "--no-plugins", "--nuke-settings",
             "--disable-ansi", "--batch", str(batch)],
            # It goes on without M4 after a dot, which it burns by a dwell.
            lambda out: from_gcode(target, lambda move: move.kind != "rapid" and move.power > 0))


def from_strokes(strokes):
    return [Drawn(tuple(s[0]), tuple(s[-1]), sum(map(math.dist, s, s[1:]))) for s in strokes]


def from_gcode(path, lit=None):
    program = gcode_reader.read(path.read_bytes())
    drawn = []
    for event in program.events:
        if isinstance(event, gcode_reader.Dwell):
            drawn.append(Drawn(event.at[:2], event.at[:2], 0.0))
        elif isinstance(event, gcode_reader.Move) and (lit or program.lit)(event):
            drawn.append(Drawn(event.start[:2], event.end[:2], event.length()))
    return drawn


TASKS = {
    "order": [trajet, trajet_fast, vpype, raygeo, meerk40t],
    "inner": [trajet, meerk40t],
    "merge": [trajet, vpype],
    "dedupe": [trajet, library, vpype, raygeo],
}
# Those whose last word is the processor seconds of the call alone.
CALLS = [library, vpype, raygeo]
