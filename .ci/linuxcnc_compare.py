"""Two lists of moves, one by `rs274` and one by trajet: the first difference.

A straight move to where the machine already is does nothing: it is skipped where
the other side has none.  Where trajet knows that somebody brought the head to a
place, it is there for both.  A spline is known by its being there; the moves after
it show where it ended.
"""
import dataclasses
import math

from linuxcnc_moves import FIRST_SECOND, THIRD

PLACE_MM = 0.003
SECONDS = 1e-4
FEED_SHARE = 1e-6


def difference(theirs, ours):
    """None, or (index into ours, what differs)."""
    i = j = 0
    their_place = our_place = (0.0,) * 6
    while i < len(theirs) or j < len(ours):
        a = theirs[i] if i < len(theirs) else None
        b = ours[j] if j < len(ours) else None
        if b and b.kind == "place":
            their_place = our_place = b.end
            j += 1
            continue
        if a and a.kind == "spline" and b:
            after = past_spline(ours, j)
            if after == j:
                return j, f"a spline, but trajet: {b.text()}"
            i, j = i + 1, after
            their_place = our_place = ours[j - 1].end
            continue
        after = j + 1
        if a and a.arc:
            b, after = wound(ours, j, abs(a.arc[3]))
        wrong = unlike(a, b, our_place) if a and b else "missing"
        if not wrong:
            i, j = i + 1, after
            their_place, our_place = arrived(a, their_place), arrived(b, our_place)
        elif b and idle(b, our_place):
            j += 1
        elif a and idle(a, their_place):
            i += 1
        else:
            said = [m.text() if m else "nothing more" for m in (a, b)]
            return j, f"move {i + 1}, {wrong}: rs274 {said[0]} | trajet {said[1]}"
    return None


def past_spline(ours, j):
    """The index after the cutting moves of the executed line of ours[j]."""
    step = ours[j].step
    while j < len(ours) and ours[j].step == step and ours[j].kind in ("feed", "arc", "spline"):
        j += 1
    return j


def wound(ours, j, turns):
    """The arc at ours[j] with up to `turns` of its line, of which each is at most a
    full turn, taken for one, and the index after it."""
    if j >= len(ours):
        return None, j
    first, end = ours[j], j + 1
    while (first.arc and end < len(ours) and end - j < turns and ours[end].step == first.step
           and ours[end].arc and not unlike(ours[end - 1], ours[end], (), ends=False)):
        end += 1
    if end == j + 1:
        return first, end
    plane, c1, c2, sign = first.arc
    arc = (plane, c1, c2, sign * (end - j))
    return dataclasses.replace(ours[end - 1], arc=arc), end


def arrived(move, place):
    """Where the machine is after the move."""
    return place if move.kind == "dwell" else move.end


def idle(move, place):
    return move.kind in ("rapid", "feed") and apart(move.end, place) <= PLACE_MM


def apart(a, b):
    return max(abs(p - q) for p, q in zip(a, b))


def unlike(a, b, start, ends=True):
    """What differs between a move of rs274 and one of trajet that begins at
    `start`; empty if nothing does.  Without `ends`, they may end anywhere."""
    if a.kind != b.kind:
        return "kind"
    if a.kind == "dwell":
        return "" if abs(a.seconds - b.seconds) <= SECONDS else "seconds"
    tolerance = PLACE_MM + a.slack
    if ends and not apart(a.end, b.end) <= tolerance:  # true of NaN too
        return "end point"
    if a.arc:
        if a.arc[0] != b.arc[0]:
            return "plane"
        if a.arc[3] != b.arc[3]:
            return "direction or turns"
        known = not math.isnan(a.arc[1])
        if known and not apart(a.arc[1:3], b.arc[1:3]) <= tolerance:
            return "centre"
    if bool(a.rate) != bool(b.rate):
        return "feed"
    if a.rate:
        per, value = b.rate
        if per == "inverse":  # rs274 turns it into mm/min by the length of the move
            per, value = "min", value * length(b, start)
        off = abs(value - a.rate[1])
        if per != a.rate[0] or not off <= a.rate_slack + FEED_SHARE * abs(value):
            return "feed"
    return ""


def length(move, start):
    """What inverse time refers to: the way of X Y Z, or of A B C where these rest."""
    delta = [q - p for p, q in zip(start, move.end)]
    if move.arc:
        plane, c1, c2, turns = move.arc
        a, b = FIRST_SECOND[plane]
        r = math.hypot(start[a] - c1, start[b] - c2)
        sweep = (math.atan2(move.end[b] - c2, move.end[a] - c1)
                 - math.atan2(start[b] - c2, start[a] - c1))
        sweep = sweep % math.tau if turns > 0 else -sweep % math.tau
        if sweep < 1e-9:
            sweep = math.tau
        return math.hypot(r * (sweep + math.tau * (abs(turns) - 1)), delta[THIRD[plane]])
    straight = math.hypot(*delta[:3])
    return straight or math.hypot(*delta[3:])
