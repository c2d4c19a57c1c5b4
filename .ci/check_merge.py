"""Checks that `trajet optimize` makes one path of what touches, without paying for it.

check_merge.py TRAJET SHARED: prints a table; exits 1 when a check fails.
On nets of lines the pen-downs equal their lower bound, the travel is at most 2 % over
that of the same strokes ordered without merging and over what is known to be possible,
and the job takes no longer for being merged.  Cells that share edges, which are burned
once, have less travel when they are split where they meet, and burn as much.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# Travel that is known to be possible, mm; None: only beside that without merging.
KNOWN = {"hexedges2k8": 5190, "hexedges30k": 17370, "streets5k": 3470, "streets50k": 10770,
         "map_world50_arcs": None}
# Ordered from other random choices too.
SMALL = ["hexedges2k8", "streets5k"]
MORE = 1.02


class Wrong(Exception):
    """What a report must not say."""


def run(trajet, source, folder, *options):
    """The report on one job."""
    done = subprocess.run([trajet, "optimize", str(source), "-o", str(folder / "out.gcode"),
                           "--json", "--objective", "travel", "--unmapped", "cut", *options],
                          capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise Wrong(f"exit {done.returncode}: {done.stderr.strip()}")
    report = json.loads(done.stdout)
    if any(d["code"] == "job/kept-unverified" for d in report["diagnostics"]):
        raise Wrong("the result did not pass its own check")
    return report


def judge(merged, apart, known=None):
    """Raises `Wrong` unless a report is as it must be beside that without merging."""
    a, b, least = merged["after"], apart["after"], merged["bounds"]["pen_downs"]
    if a["pen_downs"] != least:
        raise Wrong(f"{a['pen_downs']} pen-downs where {least} are enough")
    for what, mm in ("without merging", b["travel_mm"]), ("known to be possible", known):
        if mm is not None and a["travel_mm"] > mm * MORE:
            raise Wrong(f"{a['travel_mm']:.1f} mm of travel; {mm:.1f} {what}")
    if a["seconds"] > b["seconds"] * 1.0001:
        raise Wrong(f"{a['seconds']:.1f} s merged, {b['seconds']:.1f} s without")


def judge_split(split, whole):
    """Raises `Wrong` unless splitting helps and burns the same."""
    a, b = split["after"], whole["after"]
    if not any(p["name"] == "split" and p["changed"] for p in split["passes"]):
        raise Wrong("nothing was split")
    if a["travel_mm"] >= b["travel_mm"]:
        raise Wrong(f"{a['travel_mm']:.1f} mm of travel split, {b['travel_mm']:.1f} without")
    if abs(a["burn_mm"] - b["burn_mm"]) > 0.1:
        raise Wrong(f"{a['burn_mm']:.1f} mm burned split, {b['burn_mm']:.1f} without")
    if a["pen_downs"] < split["bounds"]["pen_downs"]:
        raise Wrong(f"a bound of {split['bounds']['pen_downs']} pen-downs that is no bound")


def main():
    trajet, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    failed = 0
    with tempfile.TemporaryDirectory(prefix="trajet-merge-") as folder:
        folder = pathlib.Path(folder)
        names = ["hexcells900", *(n for n in KNOWN if not n.startswith("map"))]
        subprocess.run([sys.executable, str(shared / "corpus/make_corpus.py"), str(folder), *names],
                       check=True, stdout=subprocess.DEVNULL)
        print(f"{'file':<20}{'seed':>5}{'lines':>8}{'pen-downs':>11}{'bound':>7}{'travel mm':>11}"
              f"{'unmerged':>10}{'s':>9}{'unmerged':>10}")
        for name, known in KNOWN.items():
            source = folder / f"{name}.svg"
            if not source.exists():
                source = shared / f"corpus/svg/{name}.svg"
            for seed in ["0", "1"] if name in SMALL else ["0"]:
                try:
                    merged = run(trajet, source, folder, "--seed", seed)
                    apart = run(trajet, source, folder, "--seed", seed, "--skip", "merge")
                    a, b = merged["after"], apart["after"]
                    print(f"{name:<20}{seed:>5}{merged['before']['paths']:>8}{a['pen_downs']:>11}"
                          f"{merged['bounds']['pen_downs']:>7}{a['travel_mm']:>11.1f}"
                          f"{b['travel_mm']:>10.1f}{a['seconds']:>9.1f}{b['seconds']:>10.1f}")
                    judge(merged, apart, known)
                except Wrong as why:
                    failed += 1
                    print(f"{name}, seed {seed}: FAILED: {why}")
        source, once = folder / "hexcells900.svg", ["--remove-overlaps", "all"]
        try:
            split = run(trajet, source, folder, *once, "--split", "ends")
            whole = run(trajet, source, folder, *once)
            print(f"hexcells900 split: {split['after']['travel_mm']:.1f} mm of travel, "
                  f"{whole['after']['travel_mm']:.1f} without")
            judge_split(split, whole)
        except Wrong as why:
            failed += 1
            print(f"hexcells900 split: FAILED: {why}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
