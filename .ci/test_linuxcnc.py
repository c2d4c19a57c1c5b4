"""The comparison with LinuxCNC must be able to fail: calls and moves that differ
in one thing."""
import os
import tempfile
import unittest

import linuxcnc_compare
import linuxcnc_moves
import linuxcnc_subs

SIX = ", 0.0000, 0.0000, 0.0000)"
NINE = " 0 0 0 0 0 0"


def calls(*lines):
    return linuxcnc_moves.of_calls("\n".join(f"{i + 1:5} N..... {c}" for i, c in enumerate(lines)))


def ours(*lines):
    return linuxcnc_moves.of_ours("\n".join(f"{i} {i + 1} {m}" for i, m in enumerate(lines)))[0]


def difference(theirs, *lines):
    found = linuxcnc_compare.difference(calls(*theirs), ours(*lines))
    return found[1].split(": ")[0] if found else None


class Compare(unittest.TestCase):
    RUN = ["STRAIGHT_TRAVERSE(1.0000, 2.0000, 3.0000" + SIX, "SET_FEED_RATE(600.0000)",
           "STRAIGHT_FEED(4.0000, 2.0000, 3.0000" + SIX,
           "ARC_FEED(4.0000, 4.0000, 4.0000, 3.0000, -1, 3.0000" + SIX, "DWELL(0.5000)"]
    SAME = ["rapid 1 2 3" + NINE, "feed 4 2 3" + NINE + " min:600",
            "arc 4 4 3" + NINE + " min:600 xy 4 3 -1", "dwell 0.5"]

    def test_each_part_counts(self):
        self.assertIsNone(difference(self.RUN, *self.SAME))
        for at, old, new, said in [
            (0, "rapid 1", "rapid 1.0031", "move 1, end point"),
            (0, "rapid", "probe", "move 1, kind"),
            (1, "min:600", "min:600.2", "move 2, feed"),
            (1, "min:600", "turn:600", "move 2, feed"),
            (2, "xy", "zx", "move 3, plane"),
            (2, "-1", "-2", "move 3, direction or turns"),
            (2, "4 3 -1", "4 3.004 -1", "move 3, centre"),
            (3, "0.5", "0.6", "move 4, seconds"),
        ]:
            changed = list(self.SAME)
            changed[at] = changed[at].replace(old, new)
            self.assertEqual(difference(self.RUN, *changed), said, (old, new))
        near = [self.SAME[0].replace("rapid 1", "rapid 1.0029")] + self.SAME[1:]
        self.assertIsNone(difference(self.RUN, *near))

    def test_missing_and_extra_moves(self):
        self.assertEqual(difference(self.RUN, *self.SAME[:3]), "move 4, missing")
        self.assertEqual(difference(self.RUN[:1], *self.SAME[:2]), "move 2, missing")
        idle = self.SAME[:1] + ["rapid 1 2 3" + NINE] + self.SAME[1:]
        self.assertIsNone(difference(self.RUN, *idle))

    def test_several_turns_are_one_arc(self):
        theirs = self.RUN[:2] + ["ARC_FEED(3.0000, 2.0000, 2.0000, 2.0000, 3, 8.0000" + SIX]
        turn = " 0 0 0 0 0 0 min:600 xy 2 2 1"
        first = ["0 1 rapid 1 2 3" + NINE, "1 2 arc 1 2 5" + turn, "1 2 arc 1 2 7" + turn]
        for last, said in [("1 2 arc 3 2 8" + turn, None), ("1 2 arc 3 2 9" + turn, "end point"),
                           ("2 3 arc 3 2 8" + turn, "end point")]:
            moves = linuxcnc_moves.of_ours("\n".join([*first, last]))[0]
            found = linuxcnc_compare.difference(calls(*theirs), moves)
            self.assertEqual(found and found[1].split(", ")[1].split(":")[0], said, last)

    def test_a_head_that_was_brought_elsewhere(self):
        theirs = self.RUN[:1] + ["STRAIGHT_TRAVERSE(1.0000, 2.0000, 9.0000" + SIX]
        self.assertEqual(difference(theirs, self.SAME[0]), "move 2, missing")
        self.assertIsNone(difference(theirs, self.SAME[0], "place 1 2 9" + NINE))

    def test_inverse_time_goes_by_the_length(self):
        self.assertIsNone(difference(self.RUN[:3], self.SAME[0], "feed 4 2 3" + NINE + " inverse:200"))
        self.assertEqual(difference(self.RUN[:3], self.SAME[0], "feed 4 2 3" + NINE + " inverse:201"),
                         "move 2, feed")

    def test_a_spline_is_one_executed_line(self):
        theirs = calls("NURBS_FEED(4, ...)", "STRAIGHT_TRAVERSE(5.0000, 1.0000, 0.0000" + SIX)
        text = "\n".join(["0 1 feed 1 1 0" + NINE + " min:1", "0 1 feed 2 1 0" + NINE + " min:1",
                          "1 2 rapid 5 1 0" + NINE])
        mine = linuxcnc_moves.of_ours(text)[0]
        self.assertIsNone(linuxcnc_compare.difference(theirs, mine))
        self.assertIsNotNone(linuxcnc_compare.difference(theirs, mine[2:]))


class Calls(unittest.TestCase):
    def test_offsets_rotation_and_units(self):
        moves = calls("USE_LENGTH_UNITS(CANON_UNITS_INCHES)",
                      "SET_G5X_OFFSET(1, 1.0000, 2.0000, 0.0000, 5.0000, 0.0000, 0.0000)",
                      "SET_G92_OFFSET(0.0000, 0.0000, 1.0000" + SIX,
                      "SET_XY_ROTATION(90.0000)",
                      "USE_TOOL_LENGTH_OFFSET(0.0000 0.0000 0.5000, 0.0000 0.0000 0.0000, 0.0000 0.0000 0.0000)",
                      "STRAIGHT_TRAVERSE(1.0000, 0.0000, 2.0000, 7.0000, 0.0000, 0.0000)",
                      "USE_LENGTH_UNITS(CANON_UNITS_MM)",
                      "STRAIGHT_TRAVERSE(0.0000, 0.0000, 0.0000" + SIX)
        for move, want in zip(moves, [(25.4, 76.2, 88.9, 12, 0, 0), (25.4, 50.8, 38.1, 5, 0, 0)]):
            self.assertLess(linuxcnc_compare.apart(move.end, want), 1e-9)

    def test_a_long_line_number_runs_into_the_name(self):
        text = "    9 N123456STRAIGHT_TRAVERSE(1.0000, 0.0000, 0.0000" + SIX
        self.assertEqual(linuxcnc_moves.of_calls(text)[0].end[0], 1)

    def test_an_arc_in_another_plane(self):
        move = calls("SELECT_PLANE(CANON_PLANE_XZ)",
                     "ARC_FEED(2.0000, 3.0000, 1.5000, 4.0000, 1, 7.0000" + SIX)[0]
        self.assertEqual((move.end[:3], move.arc), ((3, 7, 2), ("zx", 1.5, 4, 1)))

    def test_threads_have_a_pitch(self):
        move = calls("START_SPEED_FEED_SYNC(1.500000,0)", "STRAIGHT_FEED(0.0000, 0.0000, -5.0000" + SIX,
                     "STOP_SPEED_FEED_SYNCH()")[0]
        self.assertEqual((move.kind, move.rate), ("feed", ("turn", 1.5)))

    def test_a_tap_comes_back(self):
        ends = [move.end[:3] for move in calls("STRAIGHT_TRAVERSE(1.0000, 2.0000, 3.0000" + SIX,
                                               "RIGID_TAP(1.0000, 2.0000, -9.0000)")]
        self.assertEqual(ends, [(1, 2, 3), (1, 2, -9), (1, 2, 3)])


class Called(unittest.TestCase):
    def test_the_subroutine_is_called_with_its_defaults(self):
        with tempfile.TemporaryDirectory() as folder:
            def write(name, text):
                path = os.path.join(folder, name)
                with open(path, "w", encoding="latin-1") as f:
                    f.write(text)
                return path
            helper = write("helper.ngc", "o<helper> sub\nG0 X#1\no<helper> endsub\nM2\n")
            user = write("user.ngc", "o<user> sub\n#<a> = #1 (=2.5 size)\n#<b> = #2\n"
                                     "M123 P1\no<helper> call [#<a>]\no<user> endsub\n%\n")
            made = linuxcnc_subs.program(user, linuxcnc_subs.library([helper, user]))
            tail = made[made.index("o<helper> sub"):]
            self.assertEqual(tail.split(), "o<helper> sub G0 X#1 o<helper> endsub o<user> sub #<a> = #1 "
                             "(=2.5 size) #<b> = #2 o<helper> call [#<a>] o<user> endsub "
                             "o<user> call [2.5] [1] M2".split())
            plain = write("plain.ngc", "G0 X1\nM2\n")
            self.assertIsNone(linuxcnc_subs.program(plain, {}))


if __name__ == "__main__":
    unittest.main()
