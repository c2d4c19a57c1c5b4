"""Compares trajet with LinuxCNC's own interpreter: check_linuxcnc.py MOVES [ROWS]

MOVES is the built example `moves`.  The .ngc and .nc programs of Debian's package
linuxcnc-uspace go through its `rs274` and through MOVES, and the moves are compared
one by one: end points within 3 um, arc centres and turns, feeds, dwells.  There are
two series:

- as they are: every program.  Most are files of subroutines, which do nothing.
- called: what stopped or did nothing there, made into a program that does
  something (linuxcnc_subs.py).

Fails when fewer than 95 % of the programs that `rs274` runs to the end agree: of
each series, and of those of each that move at all.  Fails too when a program as
it is disagrees and REASONS does not say why, or says why of one that agrees.  The table of all programs goes to the file ROWS, or is printed.

Each run has a folder of its own: `rs274` rewrites its parameter file, and a file
in $HOME.  The tools are 1 to 100, of no length and no diameter, because trajet
knows no tool table.  No path for subroutines is set: a program is one file.
"""
import concurrent.futures
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import linuxcnc_compare
import linuxcnc_moves
import linuxcnc_subs

PACKAGE = "linuxcnc-uspace"
PROGRAMS = 300     # fewer than this: the package came without its examples
SHARE = 0.95
TIMEOUT_S = 10
MOVES_OPTIONS = []  # of the example `moves`

INI = "[EMC]\nVERSION = 1.1\n[RS274NGC]\nPARAMETER_FILE = parameters.var\n"
TOOLS = "".join(f"T{n} P{n} Z0 D0\n" for n in range(1, 101))

# Programs that may differ, by the end of their path: why that is right.
REASONS = {
    "ncfiles/lathe_g70_71_demo.ngc":
        "the path of G42.1 is timed as programmed, and corners that A rounds are not modelled",
}

VERDICTS = ["agrees", "stopped", "refused", "differs"]


@dataclasses.dataclass
class Row:
    program: str
    series: str         # as it is, called
    verdict: str        # agrees, differs, refused, stopped
    moves: int = 0      # by rs274
    detail: str = ""


def programs():
    listed = subprocess.run(["dpkg", "-L", PACKAGE], capture_output=True, text=True)
    if listed.returncode or not shutil.which("rs274"):
        sys.exit(f"apt-get install --no-install-recommends {PACKAGE} first")
    found = [p for p in listed.stdout.splitlines() if p.lower().endswith((".ngc", ".nc"))]
    found = [p for p in found if os.path.isfile(p)]
    if len(found) < PROGRAMS:
        sys.exit(f"only {len(found)} programs: was /usr/share/doc left out by dpkg?")
    return sorted(found)


def rs274(program, folder):
    """Its calls, or the reason why it did not come to the end."""
    at = pathlib.Path(folder)
    (at / "machine.ini").write_text(INI)
    (at / "parameters.var").write_text("")
    (at / "tools.tbl").write_text(TOOLS)
    command = ["rs274", "-g", "-n", "2", "-i", "machine.ini", "-t", "tools.tbl",
               "-v", "parameters.var", program]
    try:
        done = subprocess.run(command, cwd=folder, env={**os.environ, "HOME": folder},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None, f"no end within {TIMEOUT_S} s"
    if done.returncode:
        said = done.stderr.decode("latin-1").replace(folder, "").splitlines()
        said = [row.strip() for row in said if row.strip() and row != "executing"]
        return None, ": ".join(said) or f"exit {done.returncode}"
    return done.stdout.decode("latin-1"), ""


def trajet(moves, program):
    """What it prints, or the reason why it did not."""
    command = [moves, *MOVES_OPTIONS, program]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None, f"no end within {TIMEOUT_S} s"
    if done.returncode:
        return None, f"exit {done.returncode}: {done.stderr.decode('latin-1').strip()[-200:]}"
    return done.stdout.decode(), ""


def judge(moves, program, series, text):
    """Runs `text`, which stands for `program`, through both."""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(program))
        with open(copy, "wb") as f:
            f.write(text)
        calls, reason = rs274(copy, folder)
        if calls is None:
            return Row(program, series, "stopped", detail=reason)
        said, reason = trajet(moves, copy)
    theirs = linuxcnc_moves.of_calls(calls)
    if said is None:
        return Row(program, series, "differs", len(theirs), reason)
    ours, refused = linuxcnc_moves.of_ours(said)
    found = linuxcnc_compare.difference(theirs, ours)
    if found is None:
        return Row(program, series, "agrees", len(theirs))
    at, what = found
    if refused and refused[0][0] <= at:
        _, line, why = refused[0]
        return Row(program, series, "refused", len(theirs), f"line {line}: {why}")
    line = ours[at].line if at < len(ours) else "end"
    return Row(program, series, "differs", len(theirs), f"line {line}: {what}")


def both(moves, program, known):
    """The rows of a program: as it is, and called if that shows nothing."""
    with open(program, "rb") as f:
        rows = [judge(moves, program, "as it is", f.read())]
    if not rows[0].moves:
        text = linuxcnc_subs.program(program, known)
        if text is not None:
            rows.append(judge(moves, program, "called", text.encode("latin-1")))
    return rows


def reason_of(row):
    return next((why for end, why in REASONS.items() if row.program.endswith(end)), "")


def table(rows, out):
    for row in sorted(rows, key=lambda row: (row.series, VERDICTS.index(row.verdict), row.program)):
        why = reason_of(row)
        detail = row.detail + (f" (listed: {why})" if why and row.verdict != "agrees" else "")
        print(f"{row.series:<9}{row.verdict:<8}{row.moves:>7}  {row.program}  {detail}".rstrip(), file=out)


def share(name, rows):
    """Prints and gives the share of rows that agree."""
    good = sum(row.verdict == "agrees" for row in rows)
    part = good / len(rows) if rows else 0.0
    print(f"{good} of {len(rows)} {name} agree ({100 * part:.1f} %)")
    return part


def main():
    moves = os.path.abspath(sys.argv[1])
    if not os.path.isfile(moves):
        sys.exit(f"build the example first: no {moves}")
    found = programs()
    known = linuxcnc_subs.library(found)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = sum(pool.map(lambda program: both(moves, program, known), found), [])
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as out:
            table(rows, out)
    else:
        table(rows, sys.stdout)
    run = [row for row in rows if row.verdict != "stopped"]
    plain = [row for row in run if row.series == "as it is"]
    called = [row for row in run if row.series == "called"]
    print(f"{len(found)} programs, {len(found) - len(plain)} of which rs274 does not run to the end")
    parts = [share("programs that rs274 runs", plain),
             share("of them that move", [row for row in plain if row.moves]),
             share("programs made of the others", called),
             share("of these that move", [row for row in called if row.moves])]
    bad = [row for row in plain if row.verdict != "agrees"]
    stale = [end for end in REASONS if not any(row.program.endswith(end) for row in bad)]
    unlisted = [row.program for row in bad if not reason_of(row)]
    if min(parts) < SHARE:
        sys.exit(f"fewer than {SHARE:.0%} agree")
    if unlisted or stale:
        sys.exit("\n".join(["no reason is listed, or one that is not so:", *unlisted, *stale]))


if __name__ == "__main__":
    main()
