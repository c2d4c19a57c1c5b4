"""How fast trajet and klipper_estimator time the same print, in one run.

    python3 benches/rivals/times.py PRINT.gcode [--klipper-estimator PATH] [--rounds N]

Processor seconds of the whole program, user and system, the least of N rounds in which the
two take turns. klipper_estimator (https://github.com/Annex-Engineering/klipper_estimator)
is run as it is built there and is no part of trajet; without it trajet is timed alone.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

import race

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# Round figures of a common printer.
LIMITS = {
    "max_velocity": 300.0,
    "max_acceleration": 3000.0,
    "minimum_cruise_ratio": 0.5,
    # The same to builds from before minimum_cruise_ratio.
    "max_accel_to_decel": 1500.0,
    "square_corner_velocity": 5.0,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--trajet", default=os.path.join(ROOT, "target", "release", "trajet"))
    parser.add_argument("--machine", default="voron-2-4")
    parser.add_argument("--arc-segment", type=float,
                        help="mm; without, klipper_estimator passes over arcs, as a Klipper machine"
                             " without klipper.arc_resolution does")
    parser.add_argument("--klipper-estimator", default=shutil.which("klipper_estimator"))
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()

    with open(args.file, "rb") as file:
        data = file.read()
    lines, size = data.count(b"\n"), len(data)
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "config.json")
        with open(config, "w", encoding="utf-8") as file:
            pieces = {"mm_per_arc_segment": args.arc_segment} if args.arc_segment else {}
            json.dump(LIMITS | pieces, file)
        commands = {
            "trajet": [args.trajet, "estimate", "--machine", args.machine, "--json", args.file],
        }
        if args.klipper_estimator:
            tool = args.klipper_estimator
            commands["klipper_estimator"] = [
                # Without a terminal its table for people does not end.
                tool, "--config_file", config, "estimate", "--format", "json", args.file,
            ]  # fmt: skip
        times = race.least(commands, args.rounds)

    print(f"{lines} lines, {size / 1e6:.1f} MB, the least of {args.rounds} rounds")
    print("| program | s | M lines/s | MB/s |\n|---|---|---|---|")
    for name, best in times.items():
        print(f"| {name} | {best:.3f} | {lines / best / 1e6:.2f} | {size / best / 1e6:.0f} |")
    if not args.klipper_estimator:
        print("klipper_estimator is not on the path: give --klipper-estimator", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
