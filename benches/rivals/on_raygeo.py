"""Runs one operation of raygeo: on_raygeo.py order|dedupe IN.json OUT.json.

Prints the processor seconds of the call alone.
"""
import json
import sys
import time

from raygeo.ops import Ops

MOVE, LINE = 1, 2

task, source, target = sys.argv[1:]
ops = Ops()
ops.set_power(1.0)
with open(source) as file:
    for stroke in json.load(file):
        ops.move_to(*stroke[0])
        for point in stroke[1:]:
            ops.line_to(*point)
begun = time.process_time()
if task == "order":
    ops.optimize_travel(best_start_point=True)
else:
    ops.merge_overlapping_lines(0.02)
print(time.process_time() - begun)
arrays, strokes = ops.to_numpy_arrays(), []
for kind, (x, y, _) in zip(arrays["types"].tolist(), arrays["endpoints"].tolist()):
    if kind == MOVE:
        strokes.append([(x, y)])
    elif kind == LINE:
        strokes[-1].append((x, y))
with open(target, "w") as file:
    json.dump([s for s in strokes if len(s) > 1], file)
