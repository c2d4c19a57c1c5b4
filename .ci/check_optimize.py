"""Runs `trajet optimize` on real and generated inputs and checks what it writes.

check_optimize.py TRAJET SHARED: prints a table; exits 1 when a check fails.
For travel with 1, 2 and 8 threads, which must agree, and once for time; programs once
more with overlapping lines removed, as drawings always have them; rasters by islands.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import check_burn
import check_raster
import check_svg

LASER = ["laser_jsdc.gcode", "laser_svg2gcode_arcs.gcode", "laser_svg2gcode_smooth.gcode",
         "laser_tball.gcode", "laser_tball_pocket.gcode"]
# Jobs whose travel README.md gives.
QUOTED = ["seg10k", "nested600", "streets5k"]
GENERATED = ["seg10k", "hatch2k", "nested600", "streets5k", "overkill2k"]
# How near lines must lie to be one, mm: the default of --overlap-distance.
ONCE = 0.02
SIDE = {"seconds", "travel_mm", "travel_seconds", "burn_mm", "pen_downs", "paths", "segments"}


def run(trajet, source, out, *options):
    begun = time.monotonic()
    done = subprocess.run([trajet, "optimize", str(source), "-o", str(out), "--json",
                           *options], capture_output=True, text=True)
    seconds = time.monotonic() - begun
    if done.returncode not in (0, 3):
        raise check_burn.Different(f"exit {done.returncode}: {done.stderr.strip()}")
    report = json.loads(done.stdout)
    assert report["schema"] == "trajet.optimize/1", report["schema"]
    assert set(report["before"]) >= SIDE and set(report["after"]) >= SIDE
    least = report["bounds"]["pen_downs"]
    # What burns less than the source has is bound by what it has.
    bound = ["after"] if report["removed_mm"] > 0 else ["before", "after"]
    if least > min(report[side]["pen_downs"] for side in bound):
        raise check_burn.Different(f"a bound of {least} pen-downs that is no bound")
    assert "max_deviation_mm" in report and "passes" in report and "diagnostics" in report
    return report, seconds


def verify(source, report, gcode, once=None):
    """Checks one written file against its source; returns travel before and after, mm."""
    defects = [d["message"] for d in report["diagnostics"] if d["code"] == "job/kept-unverified"]
    if defects:
        raise check_burn.Different(defects[0])
    if source.suffix == ".svg":
        csv = source.with_suffix(".csv")
        job = check_svg.check(source.read_text("utf-8", "replace"), gcode,
                              csv.read_text() if csv.exists() else None, once=once)
        before, after = report["before"]["travel_mm"], job.travel()
    else:
        a, b = check_burn.check(source.read_bytes(), gcode, once=once)
        before, after = a.travel(), b.travel()
    unclear = any(d["code"] == "gcode/laser-unclear" for d in report["diagnostics"])
    if not unclear and abs(after - report["after"]["travel_mm"]) > 0.5 + after / 1000:
        raise check_burn.Different(f"the report says {report['after']['travel_mm']:.1f} mm of "
                                   f"travel, the file has {after:.1f}")
    truth = source.with_suffix(".truth")
    if truth.exists() and once:
        figures = dict(line.split("=") for line in truth.read_text().split())
        burned, true = report["after"]["burn_mm"], float(figures["true_length_mm"])
        if abs(burned - true) > 0.1:
            raise check_burn.Different(f"{burned:.1f} mm burned, not {true:.1f}")
    if after > before + report["removed_mm"] + 0.02:
        raise check_burn.Different(f"travel grew from {before:.1f} to {after:.1f} mm")
    return before, after


def main():
    trajet, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    root = pathlib.Path(__file__).parent.parent
    examples, readme = root / "examples", (root / "README.md").read_text("utf-8")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="trajet-check-") as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sys.executable, str(shared / "corpus/make_corpus.py"), str(folder),
                        *GENERATED], check=True, stdout=subprocess.DEVNULL)
        sources = [shared / "oracle/grbl" / n for n in LASER]
        sources += sorted((shared / "oracle/grbl").glob("gen_*.nc"))
        sources += sorted(examples.glob("*.gcode")) + sorted(examples.glob("*.svg"))
        sources += sorted((shared / "corpus/svg").glob("*.svg"))
        sources += [folder / f"{n}.svg" for n in GENERATED]
        print(f"{'file':<30}{'travel mm':>12}{'after':>10}{'for time':>10}{'seconds':>9}")
        for source in sources:
            out = folder / "out.gcode"
            try:
                outs = []
                for threads in (1, 8, 2):
                    report, seconds = run(trajet, source, out, "--objective", "travel",
                                          "--threads", str(threads))
                    outs.append(out.read_bytes())
                if len(set(outs)) != 1:
                    raise check_burn.Different("other bytes for another number of threads")
                before, after = verify(source, report, outs[0])
                if source.stem == "seg10k" and (after > 16_000 or seconds > 5):
                    raise check_burn.Different(
                        f"{after:.0f} mm in {seconds:.1f} s; at most 16,000 in 5 s")
                if source.stem in QUOTED and f"| {after:,.0f} mm |" not in readme:
                    raise check_burn.Different(f"README.md gives other figures than {after:,.0f}")
                report, _ = run(trajet, source, out, "--objective", "time")
                gcode = out.read_bytes()
                _, timed = verify(source, report, gcode) if gcode != outs[0] else (before, after)
                if "raster" in source.name:
                    report, _ = run(trajet, source, out, "--machine", "co2-laser",
                                    "--rasters", "order")
                    check_raster.check(source.read_bytes(), out.read_bytes())
                    if report["after"]["seconds"] > report["before"]["seconds"]:
                        raise check_burn.Different("an ordered raster takes longer")
                # Drawings are slower to compare: the one whose answer is known will do.
                if source.suffix != ".svg" or source.with_suffix(".truth").exists():
                    report, _ = run(trajet, source, out, "--remove-overlaps", "all")
                    verify(source, report, out.read_bytes(), ONCE)
                print(f"{source.name:<30}{before:>12.1f}{after:>10.1f}{timed:>10.1f}{seconds:>9.2f}")
            except check_burn.Different as why:
                failed += 1
                print(f"{source.name:<30} FAILED: {why}")
    print(f"{len(sources)} files, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
