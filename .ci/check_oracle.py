"""Compares `trajet estimate` with the times that the real firmware code took:
check_oracle.py FOLDER, which holds seconds.csv, the programs and the settings.

$TRAJET names the program (target/release/trajet).  Prints a table; fails when a
row is off by more than 1 % or the median by more than 0.1 %.
"""
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys


def main():
    trajet = os.path.abspath(os.environ.get("TRAJET", "target/release/trajet"))
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "seconds.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    errors = []
    print(f"{'file':<32}{'settings':<14}{'firmware s':>12}{'trajet s':>12}{'error %':>10}")
    for row in rows:
        done = subprocess.run([trajet, "estimate", row["file"], "--machine", row["settings"],
                               "--json"], cwd=folder, capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"{row['file']}: exit {done.returncode}: {done.stderr.strip()}")
        ours, truth = json.loads(done.stdout)["jobs"][0]["seconds"], float(row["seconds"])
        errors.append(100 * (ours - truth) / truth)
        print(f"{row['file']:<32}{row['settings']:<14}{truth:>12.3f}{ours:>12.3f}{errors[-1]:>10.3f}")
    median = statistics.median(map(abs, errors))
    worst = max(map(abs, errors))
    print(f"{len(rows)} rows: median error {median:.4f} %, largest {worst:.3f} %")
    if not rows or worst > 1 or median > 0.1:
        sys.exit("the durations are off")


if __name__ == "__main__":
    main()
