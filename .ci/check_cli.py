"""Runs the program as a stranger would, with wrong input too: check_cli.py TRAJET

Each wrong call gives a clear message, the documented exit code (1 input or output,
2 command line), no panic, and touches no file; 3 is for what is done with an error in it.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

GOOD = b"G21 G90\nM4 S0\nG0 X50 Y50\nG1 X60 F1000 S500\nG0 X0 Y0\nG1 X5\nG0 X40 Y50\nG1 X45\nM5\nM2\n"


def main():
    trajet = os.path.abspath(sys.argv[1])
    root = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(tempfile.mkdtemp(prefix="trajet-cli-"))
    os.chdir(folder)
    files = {
        "good.nc": GOOD,
        "empty.nc": b"",
        "blank.nc": b" \n\n",
        "noise.bin": bytes((i * 73 + i // 7) % 256 for i in range(4096)),
        "cut.nc": GOOD[:45],
        "bad.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0L1 1'>",
        "entity.svg": b"<!DOCTYPE svg [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><svg>&nope;</svg>",
        "bad.toml": b"currency = 3\n",
        "zero.txt": b"$110=0\n$120=5\n",
        "tariff.toml": b"currency='EUR'\n[machine]\nrate=0.5\nper='minute'\n",
        "keep.gcode": b"precious",
    }
    for name, data in files.items():
        pathlib.Path(name).write_bytes(data)
    pathlib.Path("folder").mkdir()
    os.makedirs("locked", exist_ok=True)

    def call(*args, stdin=b""):
        return subprocess.run([trajet, *args], input=stdin, capture_output=True, timeout=60)

    def names():
        return sorted(p.name for p in folder.rglob("*"))

    failed = []

    def expect(code, text, *args, stdin=b""):
        before = names()
        done = call(*args, stdin=stdin)
        said = done.stderr.decode("utf-8", "replace")
        why = None
        if done.returncode != code:
            why = f"exit {done.returncode}, not {code}"
        elif text not in said:
            why = f"no `{text}` on standard error"
        elif "panicked" in said:
            why = "a panic"
        elif code in (1, 2) and names() != before:
            why = "files changed"
        elif pathlib.Path("keep.gcode").read_bytes() != b"precious":
            why = "an existing file was touched"
        print(f"{'ok' if why is None else 'FAILED: ' + why:<24} trajet {' '.join(args)}")
        if why:
            print("    " + said.strip().replace("\n", "\n    "))
            failed.append(args)
        return done

    out = ("-o", "keep.gcode")
    expect(1, "cannot read missing.nc", "optimize", "missing.nc", *out)
    expect(1, "empty", "optimize", "empty.nc", *out)
    expect(1, "empty", "optimize", "blank.nc", *out)
    expect(1, "directory", "optimize", "folder", *out)
    expect(1, "binary", "optimize", "noise.bin", *out)
    expect(1, "bad.svg:1:", "optimize", "bad.svg", *out)
    expect(1, "entity.svg", "optimize", "entity.svg", *out)
    expect(0, "", "optimize", "cut.nc")
    for wrong in ("NaN", "0", "-1", "inf", "x", "1e-9"):
        expect(2, "--tolerance", "optimize", "good.nc", f"--tolerance={wrong}", *out)
    expect(2, "--nope", "optimize", "good.nc", "--nope")
    expect(2, "Usage", "optimise", "good.nc")
    expect(1, "no machine nope", "optimize", "good.nc", "--machine", "nope", *out)
    expect(1, "no machine settings", "estimate", "good.nc", "--machine", "noise.bin")
    expect(1, "$110", "estimate", "good.nc", "--machine", "zero.txt")
    expect(1, "directory", "optimize", "good.nc", "-o", "folder")
    expect(1, "no folder nowhere", "optimize", "good.nc", "-o", "nowhere/out.gcode")
    # One result that cannot be written leaves the other alone.
    for bad in ("nowhere/out.gcode", "folder"):
        expect(1, "cannot write", "optimize", "good.nc", "-o", bad, "--map", "keep.gcode")
        expect(1, "cannot write", "optimize", "good.nc", *out, "--map", bad)
    expect(2, "same place", "optimize", "good.nc", *out, "--map", "./keep.gcode")
    expect(2, "same place", "optimize", "good.nc", "--map", "-")
    expect(2, "standard output", "optimize", "good.nc", *out, "--map", "-", "--json")
    expect(2, "replace the input", "optimize", "keep.gcode", "--map", "./keep.gcode")
    expect(2, "--threads", "optimize", "good.nc", "--threads", "100000", *out)
    expect(1, "tariff", "quote", "good.nc", "--machine", "diode-laser", "--tariff", "bad.toml")
    expect(1, "wood", "quote", "good.nc", "--machine", "diode-laser", "--tariff", "tariff.toml",
           "--material", "wood")
    expect(2, "quantity", "quote", "good.nc", "--machine", "diode-laser", "--tariff",
           "tariff.toml", "--quantity", "0")
    # A file that cannot be used does not take the others with it.
    done = expect(1, "cannot read", "estimate", "missing.nc", "good.nc")
    assert b"good.nc" in done.stdout and b"missing" not in done.stdout
    done = expect(1, "cannot read", "estimate", "--json", "missing.nc", "good.nc")
    missing, good = json.loads(done.stdout)["jobs"]
    assert "cannot read" in missing["error"] and good["seconds"] > 0

    # What could not be used of a drawing is an error; the rest is done.
    pathlib.Path("part.svg").write_bytes(
        b"<svg xmlns='http://www.w3.org/2000/svg' width='99mm' height='99mm' viewBox='0 0 99 99'>"
        b"<path d='M1 1h9v9z' stroke='red'/><path d='M0 0L1e99 1' stroke='red'/></svg>")
    done = expect(3, "too large", "optimize", "part.svg")
    assert b"G1" in done.stdout
    expect(3, "too large", "optimize", "part.svg", "-o", "part.gcode")
    assert pathlib.Path("part.gcode").read_bytes() == done.stdout
    pathlib.Path("part.gcode").unlink()
    expect(3, "too large", "estimate", "part.svg", "good.nc")
    expect(3, "too large", "quote", "part.svg", "--machine", "diode-laser", "--tariff",
           "tariff.toml")
    expect(3, "", "check", "part.svg")

    # A pipe stays a pipe, and a reader that leaves early is no failure.
    os.mkfifo("pipe")
    reader = subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE)
    expect(0, "travel", "optimize", "good.nc", "-o", "pipe")
    assert reader.communicate(timeout=60)[0] == call("optimize", "good.nc").stdout
    assert pathlib.Path("pipe").is_fifo()
    pathlib.Path("pipe").unlink()
    with subprocess.Popen([trajet, "optimize", "good.nc"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as leaving:
        leaving.stdout.close()
        assert b"panicked" not in leaving.stderr.read() and leaving.wait(60) == 0

    # Data on standard output, talk on standard error.
    piped = expect(0, "travel", "optimize", "-", stdin=GOOD)
    filed = expect(0, "travel", "optimize", "good.nc", "-o", "new.gcode")
    assert filed.stdout == b"" and pathlib.Path("new.gcode").read_bytes() == piped.stdout
    expect(0, "travel", "optimize", "good.nc", "-o", "good2.nc", "--map", "map.svg")
    assert pathlib.Path("map.svg").read_bytes().startswith(b"<svg")
    report = expect(0, '"schema"', "optimize", "good.nc", "-o", "-", "--json")
    assert json.loads(report.stderr)["schema"] == "trajet.optimize/1"
    assert report.stdout == piped.stdout
    report = json.loads(expect(0, "", "optimize", "good.nc", "-o", "new.gcode", "--json").stdout)
    assert report["after"]["travel_mm"] < report["before"]["travel_mm"]
    report = json.loads(expect(0, "", "estimate", "good.nc", "new.gcode", "--json").stdout)
    assert report["schema"] == "trajet.estimate/1" and len(report["jobs"]) == 2
    keys = {"file", "seconds", "cutting_seconds", "travel_seconds", "dwell_seconds",
            "stopped_seconds", "burn_mm", "travel_mm", "pen_downs", "blocks", "stops", "bounds_mm", "filament_mm",
            "unknown", "diagnostics", "machine", "seconds_with_waits", "waits", "seconds_low",
            "seconds_high"}
    assert set(report["jobs"][0]) == keys, set(report["jobs"][0]) ^ keys
    assert set(report["jobs"][0]["bounds_mm"]) == {"min", "max"}
    for form in ("text", "json", "csv", "html"):
        for lang in ("en", "fr"):
            expect(0, "", "quote", "good.nc", "--machine", "diode-laser", "--tariff",
                   "tariff.toml", "--format", form, "--lang", lang)
    # Where the time goes.
    job = json.loads(expect(0, "", "estimate", "good.nc", "--top", "--json").stdout)["jobs"][0]
    parts = job["breakdown"]
    assert set(parts) == {"seconds", "kinds", "operations", "layers", "ranges", "speeds", "spots"}
    for name in ("operations", "layers", "ranges"):
        assert abs(sum(p["seconds"] for p in parts[name]) - job["seconds"]) < 1e-9, name
    assert abs(sum(parts["kinds"].values()) - job["seconds"]) < 1e-9, parts["kinds"]
    assert parts["spots"][0]["why"] in ("stop", "corner", "ramp"), parts["spots"]
    told = expect(0, "", "estimate", "good.nc", "--top").stdout.decode()
    assert "what the machine does" in told and "most is lost in lines" in told
    assert "breakdown" not in expect(0, "", "estimate", "good.nc", "--json").stdout.decode()

    # A slicer's hook: the file in place, with another name than it will have.
    print_ = (b"; slicer\r\nM73 P0 R99\r\nG28\r\nG1 X10 Y10 F600\r\nG4 S60\r\nM73 P9 R9\r\n"
              b"; estimated printing time (normal mode) = 9h 9m 9s\r\n")
    part = pathlib.Path("part.gcode.pp")
    part.write_bytes(print_)
    hook = ("post-process", "--machine", "grbl", "--dialect", "marlin")
    said = expect(0, "the slicer said 9 h 09 min 09.0 s; 3 lines would be rewritten", *hook,
                  "--dry-run", "part.gcode.pp")
    assert said.stdout == b"" and part.read_bytes() == print_
    expect(0, "3 lines rewritten", *hook, "part.gcode.pp")
    done = part.read_bytes()
    assert done.startswith(b"; slicer\r\nM73 P0 R1\r\nG28\r\n") and b"9h" not in done, done
    assert done.count(b"\r\n") == print_.count(b"\r\n")
    expect(0, "", *hook, "part.gcode.pp")
    assert part.read_bytes() == done
    assert expect(0, "", *hook, "-", stdin=print_).stdout == done
    expect(0, "", *hook, "part.gcode.pp", "-o", "else.gcode")
    assert pathlib.Path("else.gcode").read_bytes() == done
    expect(0, "retime/no-times", *hook, "good.nc")
    assert pathlib.Path("good.nc").read_bytes() == GOOD
    expect(0, "added", *hook, "--add-progress", "good.nc", "-o", "else.gcode")
    assert pathlib.Path("else.gcode").read_bytes().startswith(b"M73 P0 R0\n" + GOOD[:10])
    expect(1, "cannot read missing.gcode", *hook, "missing.gcode")
    expect(1, "no folder nowhere", *hook, "part.gcode.pp", "-o", "nowhere/out.gcode")
    expect(1, "binary", *hook, "noise.bin")
    expect(1, "no G-code", *hook, "bad.svg")
    expect(1, "--machine", "post-process", "keep.gcode")
    own = (b"; gcode_flavor = klipper\n; machine_max_feedrate_x = 300,200\n"
           b"; machine_max_acceleration_x = 5000,1000\n")
    part.write_bytes(print_ + own)
    expect(0, "3 lines rewritten", "post-process", "part.gcode.pp")
    assert part.read_bytes().endswith(own) and b"9h" not in part.read_bytes()
    expect(1, "no machine nope", "post-process", "keep.gcode", "--machine", "nope")
    expect(1, "no machine nope", *hook, "keep.gcode", "--stealth-machine", "nope")
    expect(2, "FILE", *hook)
    expect(2, "--dialect", "post-process", "keep.gcode", "--dialect", "nope")
    # On standard output there is always a result.
    lone = b";FLAVOR:Marlin\n;TIME:9\nG4 S5\n"
    pathlib.Path("lone.gcode").write_bytes(lone)
    expect(1, "nothing in it moves", *hook, "lone.gcode")
    assert pathlib.Path("lone.gcode").read_bytes() == lone
    part.write_bytes(b";FLAVOR:Marlin\n;TIME:9\nM104 S200\nG0 X5\nG1 X9 Y9 E3 F600\n")
    expect(0, "looks like one for Marlin", "post-process", "--machine", "grbl", "part.gcode.pp")
    expect(0, "retime/no-progress", "post-process", "--machine", "grbl", "--add-progress", "good.nc")
    assert pathlib.Path("good.nc").read_bytes() == GOOD
    plain = b"G1 X1 F100\n"
    assert expect(0, "", *hook, "-", stdin=plain).stdout == plain
    assert expect(0, "", *hook, "good.nc", "-o", "-").stdout == GOOD

    # A machine from its log.
    pathlib.Path("log.csv").write_text("fichier;secondes\ngood.nc;12,5\ncut.nc;0:03\n")
    done = expect(0, "calibrate/few-jobs", "calibrate", "log.csv", "--machine", "diode-laser",
                  "-o", "mine.toml")
    assert b"good.nc" in done.stdout and b"foretold" in done.stdout
    assert "[calibration]" in pathlib.Path("mine.toml").read_text()
    job = json.loads(expect(0, "", "estimate", "good.nc", "--machine", "mine.toml",
                            "--json").stdout)["jobs"][0]
    assert job["seconds_low"] <= job["seconds"] <= job["seconds_high"], job
    pathlib.Path("one.csv").write_text("good.nc,12.5\n")
    assert b"scale = " in expect(0, "one job", "calibrate", "one.csv", "--machine", "grbl", "-o",
                                 "-").stdout
    for text, why in (("good.nc,1\nmissing.nc,2\n", "bad.csv:2: cannot read missing.nc"),
                      ("good.nc,1\ngood.nc,-2\n", "bad.csv:2:1:"), ("", "no jobs"),
                      ("good.nc,12,5\n", "bad.csv:1:1:"), ("bad.svg,3\n", "drawing"),
                      ("blank.nc,3\n", "empty")):
        pathlib.Path("bad.csv").write_text(text)
        expect(1, why, "calibrate", "bad.csv", "--machine", "grbl", *out)
    expect(1, "not UTF-8", "calibrate", "noise.bin", "--machine", "grbl", *out)
    expect(1, "cannot read", "calibrate", "missing.csv", "--machine", "grbl", *out)
    expect(1, "no machine nope", "calibrate", "log.csv", "--machine", "nope", *out)
    expect(2, "--machine", "calibrate", "log.csv", *out)
    expect(2, "LOG.csv", "calibrate", "--machine", "grbl", *out)
    # No result replaces what it is made with.
    mine = ("--machine", "mine.toml")
    kept = {name: pathlib.Path(name).read_bytes()
            for name in ("mine.toml", "log.csv", "good.nc", "part.gcode.pp", "tariff.toml")}
    settings = "settings of the machine would be replaced"
    for call_ in (("calibrate", "log.csv"), ("optimize", "good.nc"),
                  ("post-process", "part.gcode.pp")):
        expect(2, settings, *call_, *mine, "-o", "./mine.toml")
        expect(2, "named more than once", *call_[:1], "-", "--machine", "-")
    expect(2, settings, "optimize", "good.nc", *mine, "--map", "mine.toml")
    expect(2, "the stealth mode would be replaced", *hook, "part.gcode.pp", "--stealth-machine",
           "mine.toml", "-o", "mine.toml")
    expect(2, "table of operations would be replaced", "optimize", "good.nc", "--operations",
           "tariff.toml", "-o", "tariff.toml")
    expect(2, "the log would be replaced", "calibrate", "log.csv", *mine, "-o", "./log.csv")
    expect(1, "log.csv:2: this job would be replaced", "calibrate", "log.csv", *mine, "-o",
           "./good.nc")
    pathlib.Path("bad.csv").write_text("good.nc,1\n-,2\n")
    expect(1, "bad.csv:2: a job of a log is a file", "calibrate", "bad.csv", *mine, *out)
    for name, was in kept.items():
        assert pathlib.Path(name).read_bytes() == was, name
    expect(2, "named more than once", "estimate", "-", "-")
    expect(2, "named more than once", "quote", "-", *mine, "--tariff", "-")
    expect(2, "named more than once", "check", "-", "--operations", "-")
    expect(2, "named more than once", *hook, "-", "--stealth-machine", "-")
    # A preset is no file.
    expect(0, "few-jobs", "calibrate", "log.csv", "--machine", "grbl", "-o", "grbl")
    pathlib.Path("grbl").unlink()
    # Rows of one file share it; a file in which nothing moves tells nothing.
    pathlib.Path("many.csv").write_text("good.nc,12.5\n" * 50)
    expect(0, "alike", "calibrate", "many.csv", *mine)
    pathlib.Path("bad.csv").write_text("still.nc,2\n")
    pathlib.Path("still.nc").write_bytes(b"G4 P2\n")
    expect(1, "still.nc holds no motion", "calibrate", "bad.csv", *mine, *out)
    pathlib.Path("bad.csv").write_text("good.nc,1e300\n")
    expect(1, "give seconds", "calibrate", "bad.csv", *mine, *out)
    pathlib.Path("one.csv").write_text("good.nc,1:00:00\n")
    expect(0, "calibrate/far-limit", "calibrate", "one.csv", *mine)
    # Passes by name, and lines on other lines.
    known = "inside-first, dedupe, split, reorder, merge"
    for option in ("--only", "--skip"):
        for wrong in ("nope", "", "reorder,nope"):
            expect(2, known, "optimize", "good.nc", f"{option}={wrong}", *out)
    expect(2, "--skip", "optimize", "good.nc", "--only", "merge", "--skip", "merge", *out)
    expect(2, "--remove-overlaps", "optimize", "good.nc", "--remove-overlaps", "some", *out)
    expect(2, "--split", "optimize", "good.nc", "--split", "some", *out)
    expect(0, "job/split-in-vain", "optimize", "good.nc", "--split", "ends", "-o", "new.gcode")
    for wrong in ("0", "-1", "NaN", "x"):
        expect(2, "--overlap-distance", "optimize", "good.nc", f"--overlap-distance={wrong}", *out)
    twice = GOOD.replace(b"M5", b"G0 X0 Y0\nG1 X5\nG0 X55 Y50\nG1 X70\nM5")
    pathlib.Path("twice.nc").write_bytes(twice)
    double = ("<svg xmlns='http://www.w3.org/2000/svg' width='40mm' height='20mm' viewBox='0 0 40 20'"
              " stroke='red' fill='none'><path d='M1 1h9'/><path d='M5 1h9'/></svg>")
    pathlib.Path("double.svg").write_text(double)
    for file, options, removed in (
            ("twice.nc", (), 0), ("twice.nc", ("--remove-overlaps", "partial"), 5),
            ("twice.nc", ("--remove-overlaps", "all"), 10), ("twice.nc", ("--only", "dedupe"), 5),
            ("twice.nc", ("--only", "reorder,merge"), 0), ("double.svg", (), 0),
            ("double.svg", ("--remove-overlaps", "auto"), 5), ("double.svg", ("--only", "dedupe"), 5),
            ("double.svg", ("--remove-overlaps", "all", "--skip", "dedupe,merge"), 0)):
        report = json.loads(expect(0, "", "optimize", file, "-o", "new.gcode", "--json",
                                   *options).stdout)
        assert abs(report["removed_mm"] - removed) < 0.01, (file, options, report["removed_mm"])
        shorter = report["before"]["burn_mm"] - report["after"]["burn_mm"]
        assert abs(shorter - removed) < 0.01, (file, options, shorter)
        said = [d for d in report["diagnostics"] if d["code"] == "job/overlaps-removed"]
        assert len(said) == (removed > 0), said
    expect(0, "overlaps 5 mm removed", "optimize", "double.svg", "-o", "new.gcode",
           "--remove-overlaps", "auto")
    for effort in ("fast", "normal", "best"):
        expect(0, "", "optimize", "double.svg", "-o", "new.gcode", "--effort", effort)
    expect(2, "--effort", "optimize", "good.nc", "--effort", "more", *out)
    expect(2, "--time-budget", "optimize", "good.nc", "--time-budget", "0", *out)
    rows = "".join(f"<path d='M1 {y}h{y}'/>" for y in range(1, 20))
    pathlib.Path("rows.svg").write_text(double.replace("<path", rows + "<path", 1))
    expect(0, "job/stopped-early", "optimize", "rows.svg", "-o", "new.gcode",
           "--time-budget", "1e-9")
    # `check`: findings on standard output, an exit code by the gravest.
    pathlib.Path("lit.nc").write_bytes(b"G21 G90\nM3 S500\nG1 X10 F900\n")
    pathlib.Path("far.nc").write_bytes(GOOD.replace(b"X50", b"X5000"))
    pathlib.Path("odd.nc").write_bytes(b"G21 G90\nM4 S0\nG1 X1 F900 S9\nM106\nM5\nM2\n")
    pathlib.Path("m30.gcode").write_bytes(b"G28\nG1 X1 F900\nM30\n")

    def finds(code, codes, *args):
        done = expect(code, "", "check", "--json", *args)
        report = json.loads(done.stdout)
        assert report["schema"] == "trajet.check/1", report
        # Which dialect a plain program is read as is always said.
        found = {d["code"] for f in report["files"] for d in f.get("diagnostics", [])}
        found -= {"gcode/dialect"} - codes
        assert codes <= found and (codes or not found), (codes, found)
        for d in (d for f in report["files"] for d in f.get("diagnostics", [])):
            assert set(d) == {"code", "severity", "message", "line", "column", "count", "lines",
                              "help", "title"}, d
            assert d["title"], d
        return report

    finds(0, set(), "good.nc")
    finds(0, {"gcode/unknown-word"}, "odd.nc")
    finds(3, {"check/laser-on-at-end"}, "lit.nc")
    finds(0, set(), "far.nc")
    finds(3, {"check/outside-bed"}, "far.nc", "--machine", "diode-laser")
    finds(3, {"gcode/deletes-file"}, "m30.gcode", "--dialect", "marlin")
    report = finds(1, {"check/laser-on-at-end"}, "missing.nc", "lit.nc")
    assert "error" in report["files"][0] and report["files"][1]["dialect"] == "grbl"
    finds(1, set(), "folder")
    assert b"lit.nc:2:1: unsafe[check/laser-on-at-end]" in expect(3, "", "check", "lit.nc").stdout
    french = expect(3, "", "check", "lit.nc", "--lang", "fr").stdout.decode()
    assert "lit.nc:2:1: danger[check/laser-on-at-end]" in french and "aide" in french
    assert "\x1b" not in french
    told = expect(0, "", "check", "--explain", "check/outside-bed", "--lang", "fr").stdout
    assert "plateau" in told.decode()
    expect(2, "gcode/syntax", "check", "--explain", "gcode/nope")
    expect(2, "FILE", "check")
    expect(2, "marlin", "check", "lit.nc", "--dialect", "nope")
    expect(1, "no machine nope", "check", "lit.nc", "--machine", "nope")
    # Drawings: size and operations.
    art = ("<svg xmlns='http://www.w3.org/2000/svg' width='40mm' height='20mm' viewBox='0 0 40 20' "
           "fill='none'><path d='M1 1h9' stroke='red'/><path d='M1 5h9' stroke='lime'/>"
           "<rect x='20' y='5' width='10' height='10' fill='black'/></svg>")
    pathlib.Path("art.svg").write_text(art)
    pathlib.Path("ops.toml").write_text(
        "[colors]\nred='cut'\nblack='engrave'\n[operations.engrave]\nfeed_mm_min=3000\n"
        "fill={spacing_mm=1}\n[operations.cut]\nfeed_mm_min=300\npasses=2\n")
    pathlib.Path("odd.toml").write_text("[colors]\nred='cut'\n[operations.cut]\nfeed=3\n")
    expect(0, "40.00 mm by 20.00 mm", "optimize", "art.svg", "-o", "new.gcode")
    expect(0, "80.00 mm by 40.00 mm", "optimize", "art.svg", "-o", "new.gcode", "--scale", "2")
    expect(0, "20.00 mm by 10.00 mm", "estimate", "art.svg", "--width", "20")
    expect(0, "dpi changes nothing", "estimate", "art.svg", "--dpi", "72")
    expect(2, "--scale", "optimize", "art.svg", *out, "--width", "20", "--scale", "2")
    for wrong in ("0", "-1", "NaN", "inf", "x"):
        for name in ("--dpi", "--width", "--scale"):
            expect(2, name, "optimize", "art.svg", f"{name}={wrong}", *out)
    expect(0, "svg/fill-edge", "optimize", "art.svg", "-o", "new.gcode")
    expect(0, "#00ff00: it is cut", "optimize", "art.svg", "-o", "new.gcode")
    expect(0, "#00ff00: it is left out", "optimize", "art.svg", "-o", "new.gcode", "--unmapped",
           "skip")
    expect(1, "#00ff00 (line 1)", "optimize", "art.svg", *out, "--unmapped", "error")
    expect(2, "--unmapped", "optimize", "art.svg", *out, "--unmapped", "burn")
    expect(1, "odd.toml:4:1: ", "optimize", "art.svg", *out, "--operations", "odd.toml")
    expect(1, "cannot read no.toml", "optimize", "art.svg", *out, "--operations", "no.toml")
    expect(0, "--width is for drawings", "optimize", "good.nc", "-o", "new.gcode", "--width", "9")
    expect(0, "--operations is for drawings", "estimate", "good.nc", "--operations", "ops.toml")
    report = json.loads(expect(0, "", "optimize", "art.svg", "-o", "new.gcode", "--json",
                               "--operations", "ops.toml").stdout)
    assert [(o["name"], o["colors"], o["passes"], o["paths"]) for o in report["operations"]] == [
        ("engrave", ["#000000"], 1, 10), ("cut", ["#00ff00"], 2, 1), ("cut", ["#ff0000"], 2, 1),
    ], report["operations"]
    # 10 rows of 10 mm at 50 mm/s, 4 lines of 9 mm at 5 mm/s, whoever asks.
    burn = report["after"]["burn_mm"]
    assert abs(burn - (100 + 36)) < 0.01, burn
    report = json.loads(expect(0, "", "estimate", "art.svg", "--json", "--operations",
                               "ops.toml").stdout)
    assert abs(report["jobs"][0]["burn_mm"] - burn) < 0.01
    assert report["jobs"][0]["cutting_seconds"] > 36 / 5
    quoted = ("quote", "art.svg", "--machine", "diode-laser", "--tariff", "tariff.toml")
    assert expect(0, "", *quoted, "--operations", "ops.toml").stdout != \
        expect(0, "", *quoted).stdout
    finds(0, {"svg/size", "svg/unmapped-color"}, "art.svg", "--operations", "ops.toml")
    # Machines: what they are, where their figures come from, and how long waits take.
    listed = json.loads(expect(0, "", "machine", "list", "--json").stdout)
    assert listed["schema"] == "trajet.machines/1" and len(listed["machines"]) >= 24
    lines = expect(0, "", "machine", "list").stdout.decode().splitlines()
    assert len(lines) == len(listed["machines"])
    for machine in listed["machines"]:
        name = machine["name"]
        shown = json.loads(expect(0, "", "machine", "show", name, "--json").stdout)
        assert shown["schema"] == "trajet.machine/1" and shown["name"] == name
        guesses = sorted(f["name"] for f in shown["figures"] if f["guess"])
        assert guesses == sorted(machine["guesses"]), name
        assert bool(guesses) == bool(shown["diagnostics"]), name
        # What is written of it is the same machine.
        expect(0, "", "machine", "import", name, "-o", "machine.toml")
        again = json.loads(expect(0, "", "machine", "show", "machine.toml", "--json").stdout)
        same = [(f["name"], f["value"]) for f in again["figures"]]
        assert same == [(f["name"], f["value"]) for f in shown["figures"]], name
    shown = expect(0, "", "machine", "show", "shapeoko-3").stdout.decode()
    assert "5000, 5000, 5000 mm/min" in shown and "DEFAULTS_SHAPEOKO_3" in shown
    pathlib.Path("dump.txt").write_bytes(b"$1=25\n$110=6000\n$111=6000\n$112=600\n$120=500\nok\n")
    done = expect(0, "$121", "machine", "import", "dump.txt", "--name", "our laser")
    assert b'name = "our laser"' in done.stdout and b"dump.txt" in done.stdout
    piped = expect(0, "$121", "machine", "import", "-", "--name", "our laser",
                   stdin=pathlib.Path("dump.txt").read_bytes())
    assert piped.stdout.replace(b"standard input", b"dump.txt") == done.stdout
    expect(0, "$121", "machine", "import", "dump.txt", "-o", "machine.toml", "--name", "our laser")
    assert pathlib.Path("machine.toml").read_bytes() == done.stdout
    expect(1, "no machine nope", "machine", "import", "nope", *out)
    expect(1, "no machine settings", "machine", "import", "noise.bin", *out)
    expect(1, "line 1: $110", "machine", "import", "zero.txt", *out)
    expect(1, "line 1: a machine has no figure currency", "machine", "show", "bad.toml")
    expect(2, "would be replaced", "machine", "import", "dump.txt", "-o", "./dump.txt")
    expect(1, "no folder", "machine", "import", "dump.txt", "-o", "nowhere/m.toml")
    expect(1, "no machine nope", "machine", "show", "nope")
    expect(2, "Usage", "machine")
    expect(2, "FILE", "machine", "import")
    expect(2, "unexpected", "machine", "list", "grbl")
    expect(2, "NAME", "machine", "show")
    profile = pathlib.Path("machine.toml").read_bytes()
    pathlib.Path("waits.toml").write_bytes(profile + b"[waits]\noperator = 30.5\n")
    pathlib.Path("waiting.nc").write_bytes(b"G21 G90\n$H\nM0\nG1 X10 F600\nM0\nM2\n")
    timed = ("estimate", "waiting.nc", "--machine", "waits.toml")
    job = json.loads(expect(0, "", *timed, "--json").stdout)["jobs"][0]
    assert job["waits"] == [{"what": "operator", "count": 2, "seconds_each": 30.5, "seconds": 61.0}]
    assert abs(job["seconds_with_waits"] - job["seconds"] - 61) < 1e-9
    assert job["unknown"] == [{"what": "homing", "count": 1}] and job["machine"] == "our laser"
    words = expect(0, "", *timed).stdout.decode()
    assert "operator: 2 times 30.5 s" in words and "with these: 1 min" in words
    for wrong in ("9", "201", "x", "NaN", "-10"):
        expect(2, "--feed-override", *timed, f"--feed-override={wrong}")
    for wrong in ("75", "0", "x", "101"):
        expect(2, "--rapid-override", *timed, f"--rapid-override={wrong}")
    expect(1, "no override of rapids", "estimate", "good.nc", "--machine", "voron-2-4",
           "--rapid-override", "50")
    slow = json.loads(expect(0, "", *timed, "--json", "--feed-override", "50").stdout)["jobs"][0]
    assert slow["seconds"] > 1.8 * job["seconds"]
    # A slicer's settings in the file, at its end.
    block = (b"; prusaslicer_config = begin\n; gcode_flavor = klipper\n; printer_model = LAB\n"
             b"; machine_max_feedrate_x = 300,200\n; machine_max_acceleration_x = 5000,1000\n"
             b"; prusaslicer_config = end\n")
    pathlib.Path("print.gcode").write_bytes(b"G90\nM83\nG1 X100 E3 F6000\n" + block)
    job = json.loads(expect(0, "", "estimate", "print.gcode", "--json").stdout)["jobs"][0]
    assert job["machine"] == "LAB", job
    codes = [d["code"] for d in job["diagnostics"]]
    assert "machine/of-program" in codes and "machine/assumed" not in codes, codes
    expect(0, "times are those of LAB", "estimate", "print.gcode", "good.nc")
    expect(0, "not read from standard input", "estimate", "-", stdin=GOOD)
    expect(0, "LAB", "machine", "import", "print.gcode", "-o", "machine.toml")
    assert b"[klipper]" in pathlib.Path("machine.toml").read_bytes()
    # Its times are told of by the same machine where it is optimized, read in the same way.
    done = expect(0, "on LAB", "optimize", "print.gcode", "-o", "new.gcode")
    assert b"machine/assumed" not in done.stderr
    report = json.loads(expect(0, "", "optimize", "print.gcode", "-o", "new.gcode",
                               "--json").stdout)
    assert report["machine"] == "LAB", report
    assert abs(report["before"]["seconds"] - job["seconds"]) < 1e-9, report
    expect(0, "on diode-laser", "optimize", "good.nc", "-o", "new.gcode")
    for options in (("--simplify",), ("--only", "simplify"), ("--fit-arcs", "--helices")):
        expect(0, "job/only-arcs", "optimize", "print.gcode", "-o", "new.gcode", *options)
        assert pathlib.Path("new.gcode").read_bytes() == pathlib.Path("print.gcode").read_bytes()
        done = expect(0, "", "optimize", "good.nc", "-o", "new.gcode", *options)
        assert b"only-arcs" not in done.stderr
    done = expect(0, "", "optimize", "print.gcode", "-o", "new.gcode", "--fit-arcs")
    assert b"only-arcs" not in done.stderr
    broken = block.replace(b"300,200", b"fast")
    pathlib.Path("print.gcode").write_bytes(b"G1 X9 F600\n" + broken)
    expect(0, "cannot be used: ", "estimate", "print.gcode")
    # The first command of README.md draws the picture of README.md.
    expect(0, "travel", "optimize", str(root / "examples/coaster.svg"), "-o", "coaster.gcode",
           "--map", "coaster-map.svg")
    assert pathlib.Path("coaster-map.svg").read_bytes() == \
        (root / "docs/coaster-map.svg").read_bytes(), "docs/coaster-map.svg is another map"

    leftovers = [n for n in names() if n.startswith(".trajet")]
    assert not leftovers, leftovers
    sys.exit(f"{len(failed)} failed" if failed else 0)


if __name__ == "__main__":
    main()
