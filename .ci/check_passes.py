"""Checks that no pass of `trajet optimize` makes a job take longer.

check_passes.py TRAJET SHARED: prints a table; exits 1 when a check fails.
Each pass alone, and all together, on programs and drawings, for two machines whose
settings are read from GRBL dumps.  What is inside of an outline comes before it, which
may take longer than the input did: that is said (`job/inner-first`), and all else that
takes longer is a failure.  An input that is kept because the result would take longer
is said, too (`job/slower`).
"""
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys

MACHINES = ["diode.txt", "co2fast.txt"]
# Drawings of more than this take long to order, and one of them is enough, on one machine.
MOST_BYTES = 400_000
LARGE = "map_world50_arcs.svg"
# Estimates are sums: what differs by this share is the rounding of these.
ROUNDING = 1e-9
# What is asked of a pass besides its name.
ALSO = {"dedupe": ["--remove-overlaps", "all"], "split": ["--split", "crossings"]}


class Wrong(Exception):
    """What a report must not say."""


def passes(trajet):
    """The passes that there are, as the help of `--only` has them."""
    text = subprocess.run([trajet, "optimize", "--help"], capture_output=True, text=True,
                          check=True).stdout
    named = re.search(r"Run these passes only: ([^.]*)\.", re.sub(r"\s+", " ", text))
    found = named.group(1).split(", ") if named else []
    if not {"inside-first", "dedupe", "split", "reorder", "merge"} <= set(found):
        raise SystemExit(f"the help of --only names the passes {found}")
    return found


def run(trajet, source, machine, options):
    """The report on one job."""
    done = subprocess.run([trajet, "optimize", str(source), "-o", "/dev/null", "--json",
                           "--machine", str(machine), "--effort", "fast", "--threads", "1",
                           "--unmapped", "cut", *options], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise Wrong(f"exit {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def judge(report):
    """What a job comes to: `less`, `same`, `kept` or `inner`; raises `Wrong` where it takes
    longer for no reason."""
    before, after = report["before"]["seconds"], report["after"]["seconds"]
    codes = {d["code"] for d in report["diagnostics"]}
    if "job/kept-unverified" in codes:
        raise Wrong("the result did not pass its own check")
    if after > before * (1 + ROUNDING):
        if "job/inner-first" in codes:
            return "inner"
        raise Wrong(f"{before:.3f} s became {after:.3f} s")
    if "job/slower" in codes:
        if after != before:
            raise Wrong("it is said that the input is kept, and it is not")
        return "kept"
    return "less" if after < before * (1 - ROUNDING) else "same"


def main():
    trajet, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    sources = [f for folder in ("corpus/gcode", "corpus/svg", "oracle/grbl")
               for f in sorted((shared / folder).iterdir())
               if f.suffix.lower() in (".gcode", ".nc", ".ncf", ".eia", ".svg")]
    machines = [shared / "oracle/grbl" / name for name in MACHINES]
    ways = {name: ["--only", name, *ALSO.get(name, [])] for name in passes(trajet)} | {"all": []}
    jobs = [(source, machine, way) for source in sources for machine in machines for way in ways
            if source.stat().st_size <= MOST_BYTES
            or source.name == LARGE and machine is machines[0]]

    def one(job):
        source, machine, way = job
        try:
            return judge(run(trajet, source, machine, ways[way]))
        except Wrong as why:
            return why

    counts = {way: dict.fromkeys(("less", "same", "kept", "inner", "failed"), 0) for way in ways}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for (source, machine, way), result in zip(jobs, pool.map(one, jobs)):
            if isinstance(result, Wrong):
                print(f"{source.name}, {machine.name}, {way}: FAILED: {result}")
                result = "failed"
            elif result == "inner":
                print(f"{source.name}, {machine.name}, {way}: longer, as the inside comes first")
            counts[way][result] += 1
    print(f"{'pass':<14}" + "".join(f"{what:>8}" for what in counts["all"]))
    for way, of in counts.items():
        print(f"{way:<14}" + "".join(f"{n:>8}" for n in of.values()))
    sys.exit(1 if any(of["failed"] for of in counts.values()) else 0)


if __name__ == "__main__":
    main()
