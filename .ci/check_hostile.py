"""Files made to exhaust a reader: check_hostile.py TRAJET [NAME ...]

`estimate` and `check` answer each with a result or a message, within SECONDS of
processor time and MEGABYTES of memory. Files are made and run one at a time, and
written piece by piece: the memory of whoever starts a process counts for that.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

SECONDS = 30
MEGABYTES = 512
LINE = 100 << 20
MILLION = 1_000_000

# One line of 100 MB: its name, what it begins with, what is repeated, whose it is.
LINES = [
    ("digits", "G0 X", "1", "grbl linuxcnc klipper fanuc"),
    ("letters", "", "X", "grbl klipper smoothieware fanuc"),
    ("words", "G1", "X1", "grbl klipper smoothieware reprapfirmware fanuc"),
    ("brackets", "G0 X", "[", "grbl linuxcnc fanuc"),
    ("nested", "G0 X", "[1+", "linuxcnc fanuc"),
    ("blanks", "G0 X1", " ", "grbl linuxcnc klipper fanuc"),
    ("comment", "G0 X1 (", "a", "grbl linuxcnc klipper smoothieware fanuc"),
    ("comments", "G0 X1", "()", "grbl marlin fanuc"),
    ("semicolon", "G0 X1 ;", "a", "grbl marlin fanuc"),
    ("quotes", 'M118 P"', '""', "reprapfirmware klipper marlin"),
    ("checksums", "N1", "*1", "smoothieware klipper reprapfirmware marlin"),
    ("numbered", "", "N1M5", "smoothieware klipper fanuc"),
    ("assignments", "", "#1=1", "linuxcnc fanuc"),
    ("condition", "o1 if ", "[", "linuxcnc"),
    ("arguments", "o1 call ", "[1]", "linuxcnc"),
    ("name", "G0 X#<", "a", "linuxcnc"),
    ("percent", "", "%", "linuxcnc grbl"),
    ("system", "", "$", "grbl"),
    ("macro", "PAUSE ", "A=1 ", "klipper"),
    ("list", "G1 X1", ":1", "reprapfirmware"),
]

CYCLE = "S100 M3 F100\nG90 G83 X1 Z-1000 R1 Q0.004\n"

# Programs in LinuxCNC's language, in pieces.
PROGRAMS = {
    "open-brackets": ["G0 X" + "[" * 20_000 + "\n"],
    "calls": ["o1 sub\nG0 X#1\no1 endsub\n", ("o1 call [1]\n", MILLION)],
    "calls-in-a-loop": ["o1 sub\nG0 X#1\no1 endsub\no2 repeat [1000000]\no1 call [1]\no2 endrepeat\n"],
    "endless": ["o1 while [1]\nG0 X1\no1 endwhile\n"],
    "endless-main": ["G0 X1\nM99\n"],
    "endless-subprogram": ["M98 P1 L999999999\nM2\nO1\nG91 G0 X1\nM99\n"],
    "recursion": ["o1 sub\no1 call\no1 call\no1 endsub\no1 call\n"],
    "long-condition": ["o1 while [1" + "+1" * 500_000 + "]\no1 endwhile\n"],
    "long-comment": ["o1 while [1]\n(" + "a" * 1_000_000 + ")\no1 endwhile\n"],
    "names": [("#<n{0}>={0}\n", MILLION)],
    "global-names": [("#<_n{0}>={0}\n", MILLION)],
    "diagnostics": [("G{0}\n", MILLION)],
    "labels": [("o{0} if [1]\n", MILLION)],
    "subroutines": [("o{0} sub\no{0} endsub\n", MILLION)],
    "unknown-calls": [("o{0} call\n", MILLION)],
    "tools": [("G10 L1 P{0} Z1\n", MILLION)],
    "states": [("S{0} F{0}\n", MILLION)],
    "kept-states": [("M70\n", MILLION)],
    "turns": [("G2 I1 P900000 F100\n", 100)],
    "pecks": [CYCLE, ("X{0}\n", 1000)],
    "cycle-in-a-loop": [CYCLE, "o1 while [1]\nX1\no1 endwhile\n"],
    "nurbs": ["F100\nG5.2 X0 Y1 P1 L3\n", ("X{0} Y1 P1\n", 300_000), "G5.3\n"],
    "far-nurbs": [
        "F100\nG5.2 X0 Y1 P1 L32\n",
        ("X{0} Y90000000 P1\nX9{0} Y-90000000 P0.001\n", 50_000),
        "G5.3\n" * 1000,
    ],
    "far-arcs": ["F100\n", ("G2 I90000000\n", 20_000)],
    "splines": ["F100\n", ("G5 I9 J9000000 P-8000000 Q5 X{0} Y7000000\n", 10_000)],
}


def write(path, pieces):
    """Pieces are texts, or (text with {0} for a count, times)."""
    with open(path, "w") as out:
        for piece in pieces:
            if isinstance(piece, str):
                out.write(piece)
                continue
            text, times = piece
            for start in range(0, times, 10_000):
                out.write("".join(text.format(i) for i in range(start, min(times, start + 10_000))))


def write_line(path, begin, repeated):
    with open(path, "w") as out:
        out.write(begin)
        block = repeated * ((1 << 20) // len(repeated))
        for _ in range(LINE >> 20):
            out.write(block)


def run(trajet, command, dialect, path, seconds=SECONDS, megabytes=MEGABYTES):
    """What is wrong with a run, or nothing, and what it took."""
    call = ["sh", "-c", f'ulimit -t {2 * seconds}; exec "$@"', "sh"]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [*call, trajet, command, "--dialect", dialect, path], stdout=said, stderr=said
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read(1 << 20).decode("utf-8", "replace")
    took, held = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    wrong = []
    if child.returncode not in (0, 1, 3):
        wrong.append(f"exit {child.returncode}")
    if "panicked" in text or not text.strip():
        wrong.append(text[-300:] or "no answer")
    if took > seconds:
        wrong.append(f"{took:.1f} s")
    if held > megabytes:
        wrong.append(f"{held:.0f} MB")
    return wrong, took, held


def main():
    trajet, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    failed, runs, slowest, largest = [], 0, (0, ""), (0, "")
    with tempfile.TemporaryDirectory(prefix="trajet-hostile-") as folder:
        cases = [(n, d.split(), lambda p, b=b, r=r: write_line(p, b, r)) for n, b, r, d in LINES]
        cases += [(n, ["linuxcnc"], lambda p, x=x: write(p, x)) for n, x in PROGRAMS.items()]
        for name, dialects, make in cases:
            if names and name not in names:
                continue
            path = pathlib.Path(folder) / f"{name}.nc"
            make(path)
            for dialect in dialects:
                for command in ("estimate", "check"):
                    wrong, took, held = run(trajet, command, dialect, path)
                    what = f"{command} {name} {dialect}"
                    runs += 1
                    slowest = max(slowest, (took, what))
                    largest = max(largest, (held, what))
                    if names:
                        print(f"{what}: {took:.2f} s, {held:.0f} MB")
                    failed += [f"{what}: {', '.join(wrong)}"] * bool(wrong)
            path.unlink()
    print(f"{runs} runs; the slowest {slowest[0]:.1f} s ({slowest[1]}), "
          f"the largest {largest[0]:.0f} MB ({largest[1]})")
    for line in failed:
        print(line)
    sys.exit(bool(failed) or not runs)


if __name__ == "__main__":
    main()
