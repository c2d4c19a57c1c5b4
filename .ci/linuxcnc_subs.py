"""A program that does something, made of a file that does nothing alone.

Most files of the package define one subroutine, call subroutines of other files,
or read values that only a running machine has.  The program made here holds, in
one file: the subroutines of other files that are called, the file itself without
its end, a call of the file's own subroutine, M2.

- The arguments of that call are what the file says they are by default
  (`#<x> = #3 (=1.5 text)`), else 1.
- `#<_hal[...]>` and `#<_ini[...]>` become 100, and exist.
- M codes from M100 on, which run programs of the user, go.
"""
import os
import re

WORD = r"^[ \t/]*o[ \t]*<?([\w.-]+)>?[ \t]*"
SUB = re.compile(WORD + r"sub\b", re.M | re.I)
ENDSUB = re.compile(WORD + r"endsub\b.*$", re.M | re.I)
CALL = re.compile(WORD + r"call\b", re.M | re.I)
END = re.compile(r"^[ \t]*(?:%.*|m0?2\b.*|m30\b.*)$", re.M | re.I)
EXISTS = re.compile(r"\bexists[ \t]*\[[ \t]*#<_(?:hal|ini)\[[^]\n]*\][^>\n]*>[ \t]*\]", re.I)
OUTSIDE = re.compile(r"#<_(?:hal|ini)\[[^]\n]*\][^>\n]*>", re.I)
USER = re.compile(r"(?<![\w<])m[1-9]\d\d(?!\d)(?:[ \t]*[pq][ \t]*(?:[-+]?[\d.]+|\[[^]\n]*\]|#<[^>\n]*>))*", re.I)
ARGUMENT = re.compile(r"#(\d+)\b")
DEFAULT = re.compile(r"=[ \t]*#(\d+)[ \t]*\([ \t]*=[ \t]*([-+]?[\d.]+)")
POINT = re.compile(r"#<([xy]\d)>[ \t]*=[ \t]*#(\d+)\b", re.I)
# Corners without a default: a rectangle, as none of 1 is one.
CORNERS = {"x1": 0, "y1": 0, "x2": 3, "y2": 0, "x3": 3, "y3": 2, "x4": 0, "y4": 2}
ARGUMENTS = 30
LOADED = 40  # files that one program may take in

# The subroutines of the package have defaults in inches; the two names are those
# that the program that assembles features sets.
HEAD = "G20 G90 G17 G94\nF10\nS1000 M3\n#<_feature:>=0\n#<_remaining_features:>=0\n"


def name_of(path):
    return os.path.splitext(os.path.basename(path))[0].lower()


def library(paths):
    """Where the subroutine of a name is found when its own folder has none."""
    found = {}
    for path in paths:
        if "/ncfiles/" in path or name_of(path) not in found:
            found[name_of(path)] = path
    return found


def read(path):
    with open(path, encoding="latin-1", newline="") as f:
        return f.read().replace("\r\n", "\n")


def program(path, known):
    """The text of the program, or None if it would be the file itself."""
    original = read(path)
    text = alone(original)
    names = [name.lower() for name in SUB.findall(text)]
    own_calls = {name.lower() for name in CALL.findall(text)} & set(names)
    loaded = others(path, text, known)
    call = ""
    if names and not own_calls:
        name = name_of(path) if name_of(path) in names else names[-1]
        call = f"o<{name}> call {arguments(text)}\n"
    if END.search(text) and not loaded and not call and text == original:
        return None
    if call:
        text = text[:last_end(text)]
    return f"{HEAD}{loaded}{END.sub('', text)}\n{call}M2\n"


def alone(text):
    """The text without what only a running machine knows."""
    return USER.sub("", OUTSIDE.sub("100", EXISTS.sub("1", text)))


def last_end(text):
    return max((found.end() for found in ENDSUB.finditer(text)), default=len(text))


def others(path, text, known):
    """The subroutines of other files that are called, those they call first."""
    parts, seen, todo = [], {name.lower() for name in SUB.findall(text)}, [(path, text)]
    while todo and len(parts) < LOADED:
        user, text = todo.pop()
        for name in map(str.lower, CALL.findall(text)):
            beside = os.path.join(os.path.dirname(user), name + ".ngc")
            file = beside if os.path.isfile(beside) else known.get(name)
            if name in seen or not file:
                continue
            seen.add(name)
            more = alone(read(file))
            starts = [found.start() for found in SUB.finditer(more)]
            if starts:
                parts.insert(0, END.sub("", more[starts[0]:last_end(more)]) + "\n")
                seen |= {name.lower() for name in SUB.findall(more)}
                todo.append((file, more))
    return "".join(parts)


def arguments(text):
    used = {int(n) for n in ARGUMENT.findall(text)}
    count = max((n for n in used if n <= ARGUMENTS), default=0)
    given = {int(n): CORNERS.get(name.lower(), 1) for name, n in POINT.findall(text)}
    given |= {int(n): value for n, value in DEFAULT.findall(text)}
    return " ".join(f"[{given.get(n, 1)}]" for n in range(1, count + 1))
