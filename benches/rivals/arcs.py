"""How many commands trajet and ArcWelder leave of the same print, and what that takes, in one run.

    python3 benches/rivals/arcs.py PRINT.gcode [--tolerance MM] [--machine M]
        [--arcwelder 'ArcWelder --resolution-mm={resolution} {in} {out}'] [--rounds N]

ArcWelder's resolution is twice the tolerance: it allows half to each side. Commands are counted by
`.ci/check_prints.py`, which shares no code with trajet. Processor seconds are those of the whole
program, the least of N rounds in which all take turns; trajet's checks what it wrote and estimates
its time, the example `arcs` does neither. ArcWelder (https://github.com/FormerLurker/ArcWelderLib) is run
as it is built there and is no part of trajet; without it trajet is run alone.
"""

import argparse
import os
import pathlib
import shlex
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))
import check_prints  # noqa: E402

import race


def commands(path):
    """How many commands a print has."""
    return check_prints.commands(check_prints.read(pathlib.Path(path).read_bytes()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--tolerance", type=float, default=0.025)
    parser.add_argument("--machine", help="as of trajet; where arcs cost time its lines are kept")
    parser.add_argument("--arcwelder", help="its command, with {in}, {out} and {resolution}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--release", default=str(ROOT / "target" / "release"))
    args = parser.parse_args()

    size = os.path.getsize(args.file) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        out = {name: os.path.join(folder, name) for name in ("trajet", "example", "arcwelder")}
        tolerance = str(args.tolerance)
        trajet = [
            os.path.join(args.release, "trajet"), "optimize", args.file, "--only", "arc-fit",
            "--tolerance", tolerance, "-o", out["trajet"],
            *(["--machine", args.machine] if args.machine else []),
        ]  # fmt: skip
        example = os.path.join(args.release, "examples", "arcs")
        to_run = {
            "trajet": trajet,
            "example": [example, args.file, tolerance, out["example"]],
        }
        if args.arcwelder:
            put = {"in": args.file, "out": out["arcwelder"], "resolution": 2 * args.tolerance}
            to_run["arcwelder"] = [w.format(**put) for w in shlex.split(args.arcwelder)]

        def clear(name):
            # A result is never written over one that is there.
            pathlib.Path(out[name]).unlink(missing_ok=True)

        times = race.least(to_run, args.rounds, clear)
        print(f"{size:.1f} MB, {commands(args.file)} commands, {args.tolerance} mm to each side")
        print("| program | commands | s | s/MB |\n|---|---|---|---|")
        for name, best in times.items():
            print(f"| {name} | {commands(out[name])} | {best:.3f} | {best / size:.3f} |")
    if not args.arcwelder:
        print("without --arcwelder trajet is alone", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
