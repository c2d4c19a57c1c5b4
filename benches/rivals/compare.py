"""Runs trajet and the programs that do the same on the same strokes.

compare.py WORK TASK [NAME or FILE ...] [--trajet PROGRAM] [--timeout S] [--again]
                [--programs A,B]

WORK is a folder for the venv, files and results.  TASK is `order`, `inner` (order, inner
contours first), `merge` or `dedupe`.  A NAME is a kind of drawing and a size, such as
`streets5000` (kinds: see drawings.py); a FILE is SVG or CSV, a folder is all files in it.
Results are kept in WORK and not measured again without --again.  See README.md.
"""
import argparse
import json
import math
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time
import venv

import drawings
import tools

DEFAULT = {
    "order": ["segments1000", "clusters5000", "dots5000", "streets5000", "letters4000",
              "segments10000", "cells900"],
    "inner": ["letters4000"],
    "merge": ["edges2800", "streets5000", "streets50000"],
    "dedupe": ["overlaps2000", "overlaps10000", "overlaps100000"],
}
# A hop below this joins, mm.
JOINED = 0.001


def install(folder):
    """The venv of the rivals, made once."""
    if not (folder / "bin/meerk40t").exists():
        venv.create(folder, with_pip=True)
        wanted = pathlib.Path(__file__).with_name("requirements.txt")
        subprocess.run([folder / "bin/pip", "install", "--quiet", "-r", wanted], check=True)
    return folder


def run(command, folder, limit):
    """Runs a program: (processor seconds of it and its children, wall seconds, output)."""
    log = folder / "log.txt"
    begun = time.monotonic()
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            env=dict(os.environ, HOME=str(folder)),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)))
    try:
        _, status, used = os.wait4(child.pid, 0)
    except BaseException:
        child.kill()
        raise
    child.returncode = os.waitstatus_to_exitcode(status)
    wall, cpu = time.monotonic() - begun, used.ru_utime + used.ru_stime
    if cpu >= limit:
        raise TimeoutError(f"not done after {cpu:.0f} s")
    if child.returncode not in (0, 3):
        sys.stderr.write(log.read_text(errors="replace")[-2000:])
        raise RuntimeError(f"exit {child.returncode}")
    return cpu, wall, log.read_text(errors="replace")


def judge(drawn):
    """What the strokes come to: travel from the origin without the way home, and so on."""
    at, travel, downs = (0.0, 0.0), 0.0, 0
    for stroke in drawn:
        hop = math.dist(at, stroke.start)
        travel += hop
        downs += hop > JOINED or not downs
        at = stroke.end
    return {"travel": travel, "downs": downs, "drawn": sum(s.length for s in drawn)}


def measure(tool, task, drawing, args):
    folder = args.work / task / drawing.name / tool.__name__
    folder.mkdir(parents=True, exist_ok=True)
    command, read = tool(tools.Place(folder, args.work / "venv", args.trajet, drawing.strokes), task)
    try:
        cpu, wall, out = run(command, folder, args.timeout)
        for _ in range(2):
            if cpu < 5:
                cpu, wall, out = min((cpu, wall, out), run(command, folder, args.timeout))
        result = judge(read(out)) | {"cpu": cpu, "wall": wall}
        if tool in tools.CALLS:
            result["call"] = float(out.split()[-1])
    except TimeoutError as e:
        return {"failed": str(e)}
    except (RuntimeError, OSError, ValueError) as e:
        return {"failed": f"fails: {e}"}
    given = judge(tools.from_strokes(drawing.strokes))["drawn"]
    if task != "dedupe" and abs(result["drawn"] / given - 1) > 0.001:
        result["note"] = f"draws {result['drawn']:.1f} of {given:.1f} mm"
    return result


def row(task, drawing, name, result, own):
    """A line of the table; ratios are to trajet."""
    cells = [drawing.name, f"{len(drawing.strokes):,}", name]
    if "failed" in result:
        return [*cells, result["failed"]]

    def beside(key, unit):
        return [f"{result[key]:,.{unit}f}", f"{result[key] / own[key]:.2f}" if own.get(key) else ""]

    if task == "dedupe":
        excess = "" if drawing.truth is None else f"{result['drawn'] - drawing.truth:+.1f}"
        cells += [f"{result['drawn']:,.1f}", excess]
    else:
        cells += beside("travel", 0)
    if task == "merge":
        cells.append(f"{result['downs']:,}")
    cells += beside("cpu", 2)
    if task == "dedupe":
        cells.append(f"{result['call']:.4f}" if "call" in result else "")
    return [*cells, f"{result['wall']:.2f}", result.get("note", "")]


def main():
    # A stop ends the program that is being run, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("task", choices=tools.TASKS)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--trajet", default="target/release/trajet")
    parser.add_argument("--timeout", type=int, default=600, help="processor seconds")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--programs", help="only these, with commas between")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    install(args.work / "venv")
    kept = args.work / f"{args.task}.json"
    results = json.loads(kept.read_text()) if kept.exists() and not args.again else {}

    result = {"dedupe": ["drawn, mm", "over the truth"],
              "merge": ["travel, mm", "ratio", "pen-downs"]}.get(args.task, ["travel, mm", "ratio"])
    call = ["call alone, s"] if args.task == "dedupe" else []
    head = ["drawing", "strokes", "program", *result, "processor s", "ratio", *call, "wall s", ""]
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|", flush=True)
    for name in args.names or DEFAULT[args.task]:
        path = pathlib.Path(name)
        files = sorted(f for f in path.iterdir() if f.suffix in (".svg", ".csv")) if path.is_dir() else [path]
        for file in files:
            drawing = drawings.load(file) if file.exists() else drawings.made(name)
            of = results.setdefault(drawing.name, {})
            for tool in tools.TASKS[args.task]:
                key = tool.__name__
                if args.programs and key not in args.programs.split(","):
                    continue
                if key not in of or of[key].get("failed", "").startswith("fails"):
                    of[key] = measure(tool, args.task, drawing, args)
                    kept.write_text(json.dumps(results, indent=1))
                line = row(args.task, drawing, key, of[key], of.get("trajet", {}))
                print("| " + " | ".join(line) + " |", flush=True)


if __name__ == "__main__":
    main()
