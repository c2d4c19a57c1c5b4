"""The checks must be able to fail: pairs of programs that differ in one thing."""
import math
import os
import pathlib
import tempfile
import unittest

import check_burn
import check_fit
import check_hostile
import check_merge
import check_passes
import check_prints
import check_raster
import check_svg
import gcode_reader

HEAD = "G21 G90\nM4 S0\n"
A = "G0 X10 Y10\nG1 X20 F1000 S500\nY20\n"
B = "G0 X40 Y10\nG1 X50 F1000 S500\nG1 X50 Y15\n"
C = "G0 X70 Y10\nG1 X80 F300 S900\n"
TAIL = "M5\nG0 X0 Y0\nM2\n"


def check(before, after, tolerance=0.02):
    return check_burn.check(before.encode(), after.encode(), tolerance)


def read(text):
    return gcode_reader.read(text.encode())


class Reader(unittest.TestCase):
    def test_units_distance_and_offsets(self):
        job = read("G20 G91\nG0 X1\nG21\nG0 Y1\nG90 G92 X0\nG0 X5\nG92.1\nG0 X5\nG53 G0 Z2\n")
        ends = [m.end for m in job.moves]
        for got, want in zip(ends, [(25.4, 0, 0), (25.4, 1, 0), (30.4, 1, 0), (5, 1, 0), (5, 1, 2)]):
            self.assertLess(math.dist(got, want), 1e-9)

    def test_work_offsets(self):
        job = read("G10 L2 P2 X100\nG55 G0 X1\nG10 L20 P0 X0\nG0 X3\nG54 G0 X1\n")
        self.assertEqual([m.end[0] for m in job.moves], [101, 104, 1])

    def test_arcs(self):
        job = read("G21 G90 F100\nG2 X10 Y0 I5\nG3 X10 Y0 I-5\nG3 X0 Y0 R5\nG3 X0 Y10 R-5.1\n")
        quarter = [m.length() / (5 * math.pi) for m in job.moves]
        self.assertAlmostEqual(quarter[0], 1)
        self.assertAlmostEqual(quarter[1], 2)
        self.assertAlmostEqual(quarter[2], 1)
        self.assertGreater(quarter[3], 1)
        self.assertLess(math.dist(job.moves[0].at(0.5), (5, 5, 0)), 1e-9)
        helix = read("G18 F100\nG2 X0 Z10 K5 Y3\n").moves[0]
        self.assertAlmostEqual(helix.length(), math.hypot(5 * math.pi, 3))

    def test_refusals(self):
        for line in ("G1 X1", "F1 G1 G2 X1", "G0 X1 X2", "G0 X1 I2", "M6", "T300", "G0 A1",
                     "F1 G2 X10 I1", "F1 G2 X0 Y0 R0.3", "G4", "%", "G0 X1" + " N1" * 30,
                     "X1 G10 G0", "F1 G2", "G0 X", "G93 G1 X1", "G43", "#1=2"):
            job = read("G0 Y1\n" + line)
            self.assertTrue(job.fences and job.fences[0].refused, line)
            self.assertEqual(job.position, (0, 1, 0), line)

    def test_comments_and_blanks(self):
        self.assertEqual(read("g0 (x9) x 1 0 ; y5\n/N3 y2\n").position, (10, 2, 0))

    def test_end_resets(self):
        job = read("G91 M3 S5\nM2\nG0 X1\nX1\n")
        self.assertEqual((job.mode, job.position), (5, (1, 0, 0)))

    def test_dwell_and_dark(self):
        job = read("M3 S0 F60\nG1 X1\nG4 P0.5\nG1 X2 S9\nG0 X3\n")
        self.assertEqual([len(job.dark()), len(job.burns()), len(job.dwells)], [1, 1, 1])
        self.assertEqual((job.travel(), job.hot_rapids()), (2, {3}))


class Same(unittest.TestCase):
    def test_reordered(self):
        check(HEAD + B + A + C + TAIL, HEAD + A + B + C + TAIL)

    def test_circle_burned_again_elsewhere(self):
        ring, turned = "G0 X20 Y20\nG2 X20 I5 F100 S9\n", "G0 X30 Y20\nG2 X30 I-5 F100 S9\n"
        check(HEAD + turned + A + ring + TAIL, HEAD + ring + A + ring + TAIL)

    def test_operations_that_touch(self):
        dark = "G0 X5 Y10\nG1 X10 F1000 S0\n" + A.split("\n", 1)[1]
        d = "G0 X30 Y20\nG1 X20 F1000 S500\n"
        check(HEAD + dark + B + d + TAIL,
              HEAD + dark + "G1 X30 F1000 S500\n" + B + TAIL)

    def test_reversed(self):
        before = HEAD + "G0 X30 Y30\nG1 X10 F100 S9\nG0 X40\nG1 X60\nG0 X0 Y0\n" + TAIL
        after = HEAD + "G0 X10 Y30\nG1 X30 F100 S9\nG0 X40\nG1 X60\nG0 X0 Y0\n" + TAIL
        check(before, after)

    def test_start_of_a_circle_and_its_cuts(self):
        before = HEAD + "G0 X20 Y20\nG2 X20 I5 F100 S9\n" + TAIL
        after = HEAD + "G0 X20 Y20\nG3 X30 R5 F100 S9\nG3 X25 Y25 R5\nG3 X20 Y20 R5\n" + TAIL
        check(before, after)
        check(after, before)

    def test_cut_line(self):
        before = HEAD + "G0 X10\nG1 X30 F100 S9\n" + TAIL
        check(before, HEAD + "G0 X10\nG1 X17 F100 S9\nX30\n" + TAIL)

    def test_dwell_at_a_new_start(self):
        square = ["G1 X40 Y20 F100 S9\n", "G1 X40 Y40 F100 S9\n", "G1 X20 Y40 F100 S9\n",
                  "G1 X20 Y20 F100 S9\n"]
        check(HEAD + "G0 X40 Y40\nG4 P1\n" + "".join(square[2:] + square[:2]) + TAIL,
              HEAD + "G0 X20 Y20\nG4 P1\n" + "".join(square) + TAIL)


class Differs(unittest.TestCase):
    def differs(self, before, after, reason):
        with self.assertRaisesRegex(check_burn.Different, reason):
            check(before, after)

    def test_dropped_path(self):
        self.differs(HEAD + A + B + TAIL, HEAD + A + TAIL, "burn is missing")

    def test_dropped_segment_of_an_arc(self):
        self.differs(HEAD + "G0 X20 Y20\nG2 X20 I5 F100 S9\n" + TAIL,
                     HEAD + "G0 X20 Y20\nG2 X30 I5 F100 S9\n" + TAIL, "burn is missing")

    def test_added(self):
        self.differs(HEAD + A + TAIL, HEAD + A + B + TAIL, "not in the input")

    def test_burned_twice(self):
        self.differs(HEAD + A + B + TAIL, HEAD + A + A + B + TAIL, "not in the input")

    def test_moved(self):
        self.differs(HEAD + A + TAIL, HEAD + A.replace("X20", "X20.05") + TAIL, "burn is missing")

    def test_power_feed_mode(self):
        for old, new in (("S500", "S501"), ("F1000", "F999")):
            self.differs(HEAD + A + TAIL, HEAD + A.replace(old, new) + TAIL, "burn is missing")
        self.differs(HEAD + A + TAIL, HEAD.replace("M4", "M3") + A + TAIL, "burn is missing")

    def test_air_assist(self):
        self.differs(HEAD + A + B + TAIL, HEAD + A + "M8\n" + B + TAIL, "burn is missing")

    def test_swapped_operations(self):
        self.differs(HEAD + A + C + TAIL, HEAD + C + A + TAIL, "comes after one of operation")

    def test_moved_between_equal_operations(self):
        d = A.replace("X10", "X90").replace("X20", "X95")
        self.differs(HEAD + A + B + C + d + TAIL, HEAD + A + C + B + d + TAIL,
                     "of operation 1 of the input")

    def test_moved_across_a_fence(self):
        self.differs(HEAD + A + B + "M0\n" + A.replace("Y10", "Y5") + TAIL,
                     HEAD + A + "M0\n" + B + A.replace("Y10", "Y5") + TAIL, "nothing may cross")

    def test_fence_lost(self):
        self.differs(HEAD + A + "M6\n" + TAIL, HEAD + A + TAIL, "nothing may cross")

    def test_stacked_passes(self):
        self.differs(HEAD + A + B + A + B + TAIL, HEAD + A + A + B + B + TAIL, "burned again at once")

    def test_parted_passes(self):
        self.differs(HEAD + B + B + A + A + TAIL, HEAD + B + A + B + A + TAIL, "burned again at once")

    def test_beam_on_in_a_dwell(self):
        pierced = A.replace("G1 X20", "G4 P0.5\nG1 X20")
        self.differs(HEAD + pierced + TAIL, HEAD + "S500\n" + pierced + TAIL, "dwell of 0.5 s")

    def test_dark_move(self):
        dark = HEAD + "G0 X5 Y10\nG1 X10 F1000 S0\n" + A.split("\n", 1)[1] + TAIL
        self.differs(dark, HEAD + A + TAIL, "dark move is missing")

    def test_rapid_under_power(self):
        before = HEAD + A + "S0\n" + B + "S0\n" + TAIL
        self.differs(before, HEAD + A + B + "S0\n" + TAIL, "rapid under power")

    def test_beam_left_on(self):
        self.differs(HEAD + A + "M5\n", HEAD + A, "beam ends")

    def test_travel_burned(self):
        self.differs(HEAD + A + B + TAIL, HEAD + A + B.replace("G0", "G1") + TAIL, "not in the input")

    def test_dwells(self):
        pierced = A.replace("G1 X20", "G4 P0.5\nG1 X20")
        self.differs(HEAD + pierced + TAIL, HEAD + A + TAIL, "dwell of 0.5 s")
        self.differs(HEAD + A + TAIL, HEAD + pierced + TAIL, "dwell of 0.5 s")
        self.differs(HEAD + pierced + B + TAIL,
                     HEAD + A + B.replace("G1 X50 F", "G4 P0.5\nG1 X50 F") + TAIL, "dwell of 0.5 s")

    def test_end(self):
        self.differs(HEAD + A + TAIL, HEAD + A + "M5\nM2\n", "head ends")

    def test_longer_travel(self):
        self.differs(HEAD + A + B + TAIL, HEAD + "G0 X90 Y90\n" + A + B + TAIL, "travel grew")

    def test_unclear_is_untouched(self):
        unclear = HEAD.replace("M4", "M3") + "G1 X10 F100\nG0 X20\nG1 X30\nM5\n"
        check(unclear, unclear)
        self.differs(unclear, unclear + "\n", "unclear what burns")

    def test_plain_program(self):
        before = "G21 G90\nG0 X50\nG1 X60 F100\nG0 X10\nG1 X20\nG0 X60\n"
        after = "G21 G90\nG0 X10\nG1 X20 F100\nG0 X50\nG1 X60\n"
        check(before, after)
        self.differs(before, after.replace("G0 X50", "G1 X50"), "not in the input")

    def test_work_offset(self):
        self.differs(HEAD + A + B + TAIL, HEAD + A + "G55\n" + B + TAIL, "burn is missing")


SVG = ('<svg width="100mm" height="100mm" viewBox="0 0 100 100">'
       '<path d="M10,10L20,10L20,20Z"/><path d="M0,0L90,0L90,90L0,90Z"/></svg>')
CSV = "0,1,1,10 10 20 10 20 20 10 10\n0,-1,1,0 0 90 0 90 90 0 90 0 0\n"
INNER = "G0 X10 Y90\nG1 X20 F100 S9\nX20 Y80\nX10 Y90\n"
OUTER = "G0 X0 Y100\nG1 X90 F100 S9\nY10\nX0\nY100\n"


class Once(unittest.TestCase):
    """What is burned twice may be burned once, where that is said."""

    def same(self, before, after):
        with self.assertRaises(check_burn.Different):
            check(before, after)
        check_burn.check(before.encode(), after.encode(), once=0.02)

    def differs(self, before, after):
        with self.assertRaises(check_burn.Different):
            check_burn.check(before.encode(), after.encode(), once=0.02)

    def test_copies_and_parts(self):
        back = "G0 X20 Y20\nG1 Y10.01\nX10.01\n"
        self.same(HEAD + A + B + A + TAIL, HEAD + A + B + TAIL)
        self.same(HEAD + A + back + B + TAIL, HEAD + A + B + TAIL)
        longer = "G0 X15 Y10\nG1 X30 F1000 S500\n"
        rest = "G0 X20 Y10\nG1 X30 F1000 S500\n"
        self.same(HEAD + A + longer + TAIL, HEAD + A + rest + TAIL)
        self.differs(HEAD + A + longer + TAIL, HEAD + A + TAIL)

    def test_near_is_near(self):
        self.differs(HEAD + A + A.replace("Y10", "Y10.1") + TAIL, HEAD + A + TAIL)

    def test_settings_and_operations(self):
        for word, other in (("S500", "S400"), ("F1000", "F900")):
            self.differs(HEAD + A + A.replace(word, other) + TAIL, HEAD + A + TAIL)
        self.differs(HEAD + A + C + A + TAIL, HEAD + A + C + TAIL)
        self.differs(HEAD + A + "M0\n" + A + TAIL, HEAD + A + "M0\n" + TAIL)

    def test_nothing_new(self):
        self.differs(HEAD + A + B + TAIL, HEAD + A + B + A + TAIL)

    def test_drawing(self):
        first = SVG.index("<path")
        twice = SVG[:first] + SVG[first:SVG.index("/>", first) + 2] + SVG[first:]
        once = (HEAD + INNER + OUTER + "M5\n").encode()
        with self.assertRaises(check_burn.Different):
            check_svg.check(twice, once)
        check_svg.check(twice, once, once=0.02)


class Drawing(unittest.TestCase):
    def differs(self, gcode, reason, csv=None):
        with self.assertRaisesRegex(check_burn.Different, reason):
            check_svg.check(SVG, gcode.encode(), csv)

    def test_same(self):
        check_svg.check(SVG, (HEAD + INNER + OUTER + "M5\n").encode(), CSV)

    def test_parent_first(self):
        self.differs(HEAD + OUTER + INNER + "M5\n", "after its parent", CSV)

    def test_unflipped(self):
        self.differs(HEAD + INNER.replace("Y90", "Y10").replace("Y80", "Y20") + OUTER + "M5\n",
                     "segment is missing")

    def test_twice(self):
        self.differs(HEAD + INNER + INNER + OUTER + "M5\n", "not in the input")

    def test_beam_left_on(self):
        self.differs(HEAD + INNER + OUTER, "beam ends")

    def test_hot(self):
        self.differs((HEAD + INNER + OUTER + "M5\n").replace("M4", "M3"), "rapid under M3")

    def test_long_travel(self):
        self.differs(HEAD + "G0 X90 Y90\nG0 X0 Y0\nG0 X90 Y90\n" + INNER + OUTER + "M5\n",
                     "travel grew")

    def test_other_drawings(self):
        page = '<svg width="50mm" height="50mm"><circle r="3"/></svg>'
        check_svg.check(page, b"M4 S5 F100\nG1 X5\nM5\n")
        for job in (b"M5\n", b"M4 S5 F100\nG1 X500\nM5\n"):
            with self.assertRaises(check_burn.Different):
                check_svg.check(page, job)


class Merged(unittest.TestCase):
    def report(self, pen_downs=10, travel=100.0, seconds=5.0):
        side = {"pen_downs": pen_downs, "travel_mm": travel, "seconds": seconds}
        return {"after": side, "bounds": {"pen_downs": 10}}

    def test_each_figure(self):
        apart = self.report()
        check_merge.judge(self.report(travel=101.9), apart, known=101)
        for other in ({"pen_downs": 11}, {"travel": 102.1}, {"seconds": 5.1}):
            with self.assertRaises(check_merge.Wrong):
                check_merge.judge(self.report(**other), apart)
        with self.assertRaises(check_merge.Wrong):
            check_merge.judge(self.report(), apart, known=98)

    def test_splitting(self):
        def split(travel=90.0, burned=50.0, changed=3, pen_downs=10):
            report = self.report(pen_downs, travel)
            report["after"]["burn_mm"] = burned
            return {**report, "passes": [{"name": "split", "changed": changed}]}

        whole = split(travel=100.0)
        check_merge.judge_split(split(), whole)
        for other in ({"travel": 100.0}, {"burned": 49.0}, {"changed": 0}, {"pen_downs": 9}):
            with self.assertRaises(check_merge.Wrong):
                check_merge.judge_split(split(**other), whole)


class Fits(unittest.TestCase):
    CHORDS = HEAD + "G0 X0 Y0\nG1 F1000 S500\n" + "".join(
        f"X{10 * math.sin(i / 20):.4f} Y{10 - 10 * math.cos(i / 20):.4f}\n" for i in range(1, 21)) + TAIL

    def judge(self, body, tolerance=0.004):
        after = HEAD + body + TAIL
        return check_fit.judge(self.CHORDS.encode(), after.encode(), tolerance)

    def test_an_arc_for_its_chords(self):
        apart, was, left = self.judge("G0 X0 Y0\nG3 X8.4147 Y4.597 J10 F1000 S500\n")
        self.assertAlmostEqual(apart, 10 - 10 * math.cos(0.025), 3)
        self.assertEqual((was, left), (20, 1))
        # The other way round.
        self.judge("G0 X8.4147 Y4.597\nG2 X0 Y0 I-8.4147 J5.403 F1000 S500\n")

    def test_each_difference(self):
        arc = "G0 X0 Y0\nG3 X8.4147 Y4.597 J10 F1000 S500\n"
        for body in (arc.replace("S500", "S400"), arc.replace("F1000", "F900"), arc + "G4 P1\n",
                     arc + "G92 X0\n", "G0 X0 Y0\nG1 X8.4147 Y4.597 F1000 S500\n",
                     arc.replace("J10", "I-0.044 J10.04"), arc + arc,
                     "G0 X0 Y0\nG3 X4.7943 Y1.2242 J10 F1000 S500\n", arc + "G1 X8 Y4\n"):
            with self.assertRaises(check_burn.Different, msg=body):
                self.judge(body)
        with self.assertRaises(check_burn.Different):
            self.judge(arc, 0.002)

    def test_heights(self):
        before = "G21 G90\nM3 S5\nG1 X10 Z1 F100\nX20 Z0\n"
        with self.assertRaises(check_burn.Different):
            check_fit.judge(before.encode(), before.replace("Z1", "Z1.1").encode(), 0.05)


class Passes(unittest.TestCase):
    def test_what_takes_longer(self):
        def report(after, *codes):
            return {"before": {"seconds": 5.0}, "after": {"seconds": after},
                    "diagnostics": [{"code": code} for code in codes]}

        judge = check_passes.judge
        self.assertEqual(judge(report(4.9)), "less")
        self.assertEqual(judge(report(5.0)), "same")
        self.assertEqual(judge(report(5.0 + 1e-12)), "same")
        self.assertEqual(judge(report(5.0, "job/slower")), "kept")
        self.assertEqual(judge(report(5.1, "job/inner-first")), "inner")
        for other in (report(5.1), report(5.1, "job/slower"), report(4.9, "job/slower"),
                      report(4.9, "job/kept-unverified")):
            with self.assertRaises(check_passes.Wrong):
                judge(other)


class Hostile(unittest.TestCase):
    """Programs that stand in for trajet."""

    def wrong(self, script):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "stand-in"
            path.write_text("#!/usr/bin/env python3\n" + script)
            os.chmod(path, 0o755)
            return check_hostile.run(str(path), "check", "grbl", "x.nc", 2, 100)[0]

    def test_each_limit(self):
        self.assertEqual(self.wrong("print('1 error')\nexit(3)"), [])
        self.assertEqual(self.wrong("print('x')\nexit(101)"), ["exit 101"])
        self.assertEqual(self.wrong("exit(0)"), ["no answer"])
        self.assertEqual(len(self.wrong("print('thread main panicked')\nexit(1)")), 1)
        self.assertIn("MB", self.wrong("print('x' + ' ' * (200 << 20))[:1]")[0])
        self.assertIn("exit -9", self.wrong("print('x', flush=True)\nwhile True: pass"))


class Rasters(unittest.TestCase):
    ROWS = ("G0 X0 Y0\nG1 X5 F6000 S0\nX10 S300\nX90 S0\nX95 S300\nX100 S0\n"
            "G0 X100 Y1\nG1 X95 S0\nX90 S300\nX10 S0\nX5 S300\nX0 S0\n")
    ISLANDS = ("G0 X0 Y0\nG1 X5 F6000 S0\nX10 S300\nX15 S0\nG0 X15 Y1\nG1 X10 S0\nX5 S300\nX0 S0\n"
               "G0 X85 Y0\nG1 X90 S0\nX95 S300\nX100 S0\nG0 X100 Y1\nG1 X95 S0\nX90 S300\nX85 S0\n")

    def check(self, after):
        return check_raster.check((HEAD + self.ROWS + TAIL).encode(), (HEAD + after + TAIL).encode())

    def test_islands_pass(self):
        self.check(self.ROWS)
        a, b = self.check(self.ISLANDS)
        self.assertNotEqual(len(b.dark()), len(a.dark()))

    def test_each_difference_is_found(self):
        for old, new, reason in (
                ("X10 S300\n", "X9 S300\n", "is missing|was not"),
                ("X10 S300\n", "X10 S310\n", "is missing|was not"),
                ("G0 X15 Y1\nG1 X10 S0\nX5 S300\nX0 S0\n",
                 "G0 X0 Y1\nG1 X5 S0\nX10 S300\nX15 S0\n", "the other way"),
                ("G0 X85 Y0\nG1 X90 S0\n", "G0 X88 Y0\nG1 X90 S0\n", "run-up of 2.000"),
                ("X95 S300\nX100 S0\nG0", "X95 S300\nX96 S0\nG0", "run-out of 1.000"),
                ("X0 S0\nG0 X85", "X-9 S0\nG0 X85", "did not go"),
                ("G0 X85 Y0\n", "G4 P1\nG0 X85 Y0\n", "dwell")):
            self.assertIn(old, self.ISLANDS)
            with self.assertRaisesRegex(check_burn.Different, reason, msg=new):
                self.check(self.ISLANDS.replace(old, new, 1))


class Prints(unittest.TestCase):
    """Six lines around (0, 0), and an arc for the last five."""

    HEAD = "G90\nM83\nG1 X10 Y0 Z0.2 F9000\nG1 F1200\n"
    ENDS = [(10 * math.cos(i / 20), 10 * math.sin(i / 20)) for i in range(1, 7)]
    LINES = [f"G1 X{x:.3f} Y{y:.3f} E.01663" for x, y in ENDS]
    ARC = "G3 X9.553 Y2.955 I-9.9875 J-.4998 E.08315"

    def check(self, new, old=None, tail="; end\nM84\n"):
        old, new = ("\n".join(lines) for lines in (old or self.LINES, new))
        after = (self.HEAD + new + "\n" + tail).encode()
        return check_prints.judge((self.HEAD + old + "\n; end\nM84\n").encode(), after)

    def test_lines_and_an_arc(self):
        self.assertEqual(self.check(self.LINES).fitted, 0)
        figures = self.check([self.LINES[0], self.ARC])
        self.assertEqual((figures.fitted, figures.stood_for), (1, 5))
        self.assertLess(max(figures.off), 0.005)

    def test_each_difference_is_found(self):
        for old, new, reason in (
                ("X9.553", "X9.554", "another place"),
                ("E.08315", "E.08314", "no lines"),
                ("I-9.9875 J-.4998", "I-9.4 J-.47", "mm off|two radii"),
                ("I-9.9875 J-.4998", "I-9.98 J-.49", "two radii"),
                ("G3", "G2", "mm off"),
                ("E.08315", "E.08315 F1300", "two feeds"),
                ("E.08315", "E.08315 ; arc", "lays no filament|no lines")):
            with self.assertRaisesRegex(check_prints.Wrong, reason, msg=new):
                self.check([self.LINES[0], self.ARC.replace(old, new)])
        for at, line, reason in (
                (3, ";TYPE:Wall", "no lines"), (3, "M73 P5", "no lines"),
                (3, "G1 E-.5", "no lines"), (3, "G1 F900", "no lines")):
            lines = [*self.LINES[:at], line, *self.LINES[at:]]
            with self.assertRaisesRegex(check_prints.Wrong, reason, msg=line):
                self.check([self.LINES[0], self.ARC], lines)
        uneven = [*self.LINES[:5], self.LINES[5].replace("01663", "01863")]
        with self.assertRaisesRegex(check_prints.Wrong, "uneven"):
            self.check([self.LINES[0], self.ARC.replace("08315", "08515")], uneven)
        for tail in ("M84\n", "; end\n", "; End\nM84\n"):
            with self.assertRaises(check_prints.Wrong):
                self.check(self.LINES, tail=tail)

    def test_arcs_that_grow(self):
        text = (self.HEAD + "\n".join(self.LINES) + "\n").encode()
        self.assertEqual(check_prints.grown(check_prints.read(text)), 3)
        self.assertLess(check_prints.grown(check_prints.read(check_prints.cup(True))),
                        check_prints.commands(check_prints.read(check_prints.cup(True))))


if __name__ == "__main__":
    unittest.main()
