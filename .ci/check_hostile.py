"""Files made to exhaust a reader: check_hostile.py TRAJET [NAME ...]

`estimate` and `check` answer each with a result or a message, within SECONDS of
processor time and MEGABYTES of memory; drawings that are large are given to `check`, which
orders nothing. Time and
memory of drawings made large are in proportion to their size, and no drawing makes
the program open what it names. Files are made and run one at a time, and
written piece by piece: the memory of whoever starts a process counts for that.
"""
import os
import pathlib
import socket
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


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
SVG_MEGABYTES = 2048


def bomb(levels, times):
    """Entities that each stand for `times` of the one before."""
    steps = "".join(
        f'<!ENTITY e{i} "' + f"&e{i - 1};" * times + '">' for i in range(1, levels)
    )
    return f'<!DOCTYPE svg [<!ENTITY e0 "<path d=\'M0 0L9 9\'/>">{steps}]>'


def doubled(levels, times):
    """`use` elements that each show `times` of the one before."""
    uses = "".join(
        f'<g id="u{i}">' + f'<use x:href="#u{i - 1}"/>' * times + "</g>" for i in range(1, levels)
    )
    return f'<g id="u0"><path d="M0 0L9 9"/></g>{uses}'


OUTSIDE = [
    '<use x:href="{0}#a"/>', '<image x:href="{0}" width="9" height="9"/>', '<use href="{0}"/>',
    '<style>@import url("{0}"); @font-face{{font-family:f;src:url("{0}")}}</style>',
    '<path d="M0 0L9 9" style="fill:url({0}#a);stroke:url({0}#b);filter:url({0}#c);mask:url({0}#d)"/>',
    '<g clip-path="url({0}#a)"><text font-family="f">a</text></g>', '<script x:href="{0}"/>',
    '<path d="M0 0L9 9" marker-end="url({0}#m)"/>', '<linearGradient id="g" x:href="{0}#g"/>',
]


def outside(name):
    """A drawing that refers to something outside of it in every way."""
    return (
        f'<?xml-stylesheet href="{name}" type="text/css"?>'
        f'<!DOCTYPE svg SYSTEM "{name}" [<!ENTITY % p SYSTEM "{name}"><!ENTITY e SYSTEM "{name}">]>'
        + HEAD + "".join(way.format(name) for way in OUTSIDE) + "<g>&e;</g></svg>"
    )


DEEP = 100_000
# Drawings, in pieces.
DRAWINGS = {
    "entity-bomb": [bomb(9, 10) + HEAD + "&e8;</svg>"],
    "entity-bomb-wide": [bomb(3, 200) + HEAD, ("&e2;", 1000), "</svg>"],
    "entity-bomb-text": [
        '<!DOCTYPE svg [<!ENTITY a "' + "a" * 100_000 + '">]>' + HEAD + "<g><text>",
        ("&a;", 200_000), "</text></g></svg>",
    ],
    "entity-bomb-attribute": [
        '<!DOCTYPE svg [<!ENTITY a "' + "M0 0L9 9" * 100_000 + '">]>' + HEAD,
        ('<path d="&a;"/>', 10_000), "</svg>",
    ],
    "entity-loop": ['<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + HEAD + "&a;</svg>"],
    "use-of-itself": [HEAD + '<g id="a"><use x:href="#b"/></g><g id="b"><use x:href="#a"/></g></svg>'],
    "use-doubling": [HEAD + doubled(40, 2) + "</svg>"],
    "use-fan-out": [HEAD + doubled(7, 30) + "</svg>"],
    "use-empty-fan-out": [HEAD + doubled(40, 2).replace('<path d="M0 0L9 9"/>', "") + "</svg>"],
    "use-chain": [
        HEAD + '<path id="u0" d="M0 0L9 9"/>',
        ('<g><use id="v{0}" x:href="#u{0}"/></g><use id="u{0}x" x:href="#v{0}"/>', 100_000), "</svg>",
    ],
    "far": [
        HEAD + '<path d="M1e308 -1e308 1e308 1e308A1e308 1e308 0 1 1 -1e308 0C1e308 0 0 1e308 1 1z"/>'
        '<circle r="1e308"/><rect width="1e308" height="1e308" rx="1e307"/>'
        '<g transform="scale(1e300)"><path d="M0 0L1e300 1e300"/></g>'
        '<path d="M0 0L900000 900000C-900000 900000 900000 0 0 1" stroke-dasharray="1e-300"/></svg>'
    ],
    "nan": [
        HEAD + '<path d="MNaN 0L inf 9"/><circle r="NaN"/><g transform="scale(NaN)"><path d="M0 0L9 9"/></g>'
        '<g transform="scale(0) rotate(1e309)"><path d="M0 0L9 9A1 NaN 0 0 0 3 3"/></g></svg>'
    ],
    "deep": [HEAD, ("<g>", DEEP), '<path d="M0 0L9 9"/>', ("</g>", DEEP), "</svg>"],
    "deep-svg": [HEAD, ("<svg>", DEEP), ("</svg>", DEEP), "</svg>"],
    "deep-unknown": [HEAD, ("<q>", DEEP), ("</q>", DEEP), "</svg>"],
    "deep-defs": [HEAD + "<defs>", ("<g>", DEEP), ("</g>", DEEP), "</defs></svg>"],
    "many-rules": [
        HEAD + "<style>", (".c{0}{{stroke:#f00;fill:none}}", 10_000), "</style>",
        ('<path class="c{0}" d="M0 0L9 9"/>', 10_000), "</svg>",
    ],
    "many-rules-for-all": [
        HEAD + "<style>", ("*{{stroke:#f00}}", 10_000), "</style>", ('<path d="M0 0L9 9"/>', 10_000), "</svg>",
    ],
    "many-selectors": [
        HEAD + "<style>", (".a{0},", 300_000), "b{{", ("fill:#{0}f;", 300_000), "}}</style><path d='M0 0L9 9'/></svg>",
    ],
    "long-selector": [
        HEAD + "<style>" + "g " * 30 + "q{fill:red}" + "g " * 100_000 + "path{fill:red}</style>" + "<g>" * 900,
        ('<path d="M0 0L9 9"/><q/>', 1000), "</g>" * 900 + "</svg>",
    ],
    "many-sheets": [HEAD, ("<style>.a{0}{{fill:red}}</style>", 100_000), "</svg>"],
    "long-style": [HEAD + '<path d="M0 0L9 9" style="', ("fill:red;", 2_000_000), '"/></svg>'],
    "many-classes": [
        HEAD + "<style>", (".c{0}{{fill:red}}", 10_000), '</style><path d="M0 0L9 9" class="',
        ("c{0} ", 1_000_000), '"/></svg>',
    ],
    "same-ids": [HEAD, ('<path id="a" d="M0 0L9 9"/><use x:href="#a"/>', 200_000), "</svg>"],
    "many-transforms": [HEAD + '<g transform="', ("scale(1)rotate({0})", 1_000_000), '"><path d="M0 0L9 9"/></g></svg>'],
    "many-dashes": [
        HEAD + '<path stroke="red" d="M0 0L9e5 9" stroke-dasharray="', ("0.00{0} ", 1_000_000), '"/></svg>',
    ],
    "tiny-dashes": [HEAD, ('<path stroke="red" d="M0 0L9e5 9" stroke-dasharray="1e-9"/>', 1000), "</svg>"],
    "many-gradients": [
        HEAD, ('<linearGradient id="g{0}" x:href="#g{0}"/><path d="M0 0L9 9z" fill="url(#g{0})"/>', 100_000), "</svg>",
    ],
    "curves": [HEAD + '<path d="M0 0', ("C900000 {0} -900000 {0} 0 {0}", 3000), '"/></svg>'],
    "cusps": [HEAD + '<path d="M0 0', ("c9 9 0 9 9 0", 100_000), '"/></svg>'],
    "points": [HEAD + '<polygon points="', ("{0} 1 ", 2_000_000), '"/></svg>'],
    "findings": [HEAD, ('<path d="M0 0L9 9@" id="a{0}" transform="q"/>', 300_000), "</svg>"],
}
ELEMENT = '<path d="M{0} 0L9 9" stroke="red" fill="none"/>'
# One attribute of PATH bytes.
PATH = 32 << 20
PATHS = {"path-of-lines": "L1 1 2 3", "path-of-moves": "M1 1", "path-of-closes": "z", "path-of-numbers": "1"}


def check_drawings(trajet, folder, names):
    """What is wrong with drawings, and the runs."""
    failed, runs = [], []
    path = pathlib.Path(folder) / "drawing.svg"

    def one(name, megabytes=SVG_MEGABYTES, seconds=SECONDS, command="estimate"):
        wrong, took, held = run(trajet, command, None, path, seconds, megabytes)
        runs.append((took, held, f"{command} {name} svg"))
        failed.extend([f"{command} {name} svg: {', '.join(wrong)}"] * bool(wrong))
        return took, held

    wanted = lambda name: not names or name in names
    for name, pieces in filter(lambda case: wanted(case[0]), DRAWINGS.items()):
        write(path, [p if isinstance(p, tuple) else p.replace("{{", "{").replace("}}", "}") for p in pieces])
        one(name)
    for name, repeated in filter(lambda case: wanted(case[0]), PATHS.items()):
        with open(path, "w") as out:
            out.write(HEAD + '<path d="M0 0')
            for _ in range(PATH >> 20):
                out.write(repeated * ((1 << 20) // len(repeated)))
            out.write('"/></svg>')
        # The text, twice 16 bytes a number as it is read, and outlines.
        one(name, megabytes=4096, command="check")
    if wanted("million"):
        small, large = (
            (write(path, [HEAD, (ELEMENT, count), "</svg>"]), one(f"elements-{count}", command="check"))[1]
            for count in (MILLION // 4, MILLION)
        )
        if large[0] > 4 * 1.6 * small[0] + 1:
            failed.append(f"a million elements take {large[0]:.1f} s, a quarter of them {small[0]:.1f} s")
    if wanted("outside"):
        failed += opens_nothing(trajet, folder)
    return failed, runs


def opens_nothing(trajet, folder):
    """Whether what a drawing refers to is opened: a pipe without a reader would be
    waited for, and nobody may call the socket."""
    pipe = pathlib.Path(folder) / "named.svg"
    os.mkfifo(pipe)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.1)
        for name in (f"file://{pipe}", str(pipe), pipe.name, "http://127.0.0.1:%d/a" % server.getsockname()[1]):
            path = pathlib.Path(folder) / "outside.svg"
            path.write_text(outside(name))
            try:
                done = subprocess.run([trajet, "estimate", path], capture_output=True, timeout=20, cwd=folder)
            except subprocess.TimeoutExpired:
                return [f"a drawing that refers to {name} makes the program wait for it"]
            if done.returncode not in (0, 1, 3) or b"panicked" in done.stderr:
                return [f"a drawing that refers to {name}: exit {done.returncode}, {done.stderr[-300:]}"]
        try:
            server.accept()
        except TimeoutError:
            return []
    return ["a drawing makes the program open a connection"]


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
    call = ["sh", "-c", f'ulimit -t {2 * seconds}; ulimit -v {3 * megabytes << 10}; exec "$@"', "sh"]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [*call, trajet, command, *(["--dialect", dialect] if dialect else []), path],
            stdout=said, stderr=said,
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
                        print(f"{what}: {took:.2f} s, {held:.0f} MB", flush=True)
                    failed += [f"{what}: {', '.join(wrong)}"] * bool(wrong)
            path.unlink()
        wrong, drawn = check_drawings(trajet, folder, names)
        failed += wrong
        runs += len(drawn)
        for took, held, what in drawn:
            slowest, largest = max(slowest, (took, what)), max(largest, (held, what))
            if names:
                print(f"{what}: {took:.2f} s, {held:.0f} MB", flush=True)
    print(f"{runs} runs; the slowest {slowest[0]:.1f} s ({slowest[1]}), "
          f"the largest {largest[0]:.0f} MB ({largest[1]})")
    for line in failed:
        print(line)
    sys.exit(bool(failed) or not runs)


if __name__ == "__main__":
    main()
