"""Compares `trajet estimate` with the times that the real firmware code took:
check_oracle.py FOLDER, which holds seconds.csv, the programs and the settings.

$TRAJET names the program (target/release/trajet).  Prints a table; fails when a
row is off by more than its settings' kind allows.
"""
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys

# By the ending of the settings file: how far a row may be off, and the median, in %.
LIMITS = {
    ".txt": (0.2, 0.02),  # GRBL's answer to $$
    ".cfg": (0.01, 0.01),  # Klipper
    ".m503": (0.02, 0.01),  # Marlin
}
# Programs whose arcs the firmware cuts: a hair more.
ARCS = {"vase_klipper_arcs.gcode": 0.02}
# Of the rows that say how many blocks and stops there were, so many have as many.
COUNTED = 0.95


def main():
    trajet = os.path.abspath(os.environ.get("TRAJET", "target/release/trajet"))
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "seconds.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    errors, left_out, outside, counted = {}, 0, [], []
    print(f"{'file':<32}{'settings':<18}{'firmware s':>12}{'trajet s':>12}{'error %':>10}")
    for row in rows:
        kind = pathlib.Path(row["settings"]).suffix
        if kind not in LIMITS:
            left_out += 1
            continue
        done = subprocess.run([trajet, "estimate", row["file"], "--machine", row["settings"],
                               "--json"], cwd=folder, capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"{row['file']}: exit {done.returncode}: {done.stderr.strip()}")
        job = json.loads(done.stdout)["jobs"][0]
        ours, truth = job["seconds"], float(row["seconds"])
        if "blocks" in row:
            counted.append(all(job[name] == int(row[name]) for name in ("blocks", "stops")))
        error = 100 * (ours - truth) / truth
        errors.setdefault(kind, []).append(abs(error))
        if abs(error) > ARCS.get(row["file"], LIMITS[kind][0]):
            outside.append(row["file"])
        print(f"{row['file']:<32}{row['settings']:<18}{truth:>12.3f}{ours:>12.3f}{error:>10.4f}")
    for kind, all_errors in errors.items():
        median = statistics.median(all_errors)
        print(f"{len(all_errors)} rows of {kind}: median error {median:.4f} %, "
              f"largest {max(all_errors):.4f} %")
        if median > LIMITS[kind][1]:
            outside.append(f"the median of {kind}")
    if counted:
        print(f"{sum(counted)} of {len(counted)} rows have as many blocks and stops")
        if sum(counted) < COUNTED * len(counted):
            outside.append("the counts")
    if left_out:
        print(f"{left_out} rows are of firmware without a planner here")
    if not errors or outside:
        sys.exit(f"the durations are off: {', '.join(outside) or 'no rows'}")


if __name__ == "__main__":
    main()
