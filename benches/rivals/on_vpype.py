"""Runs commands of vpype: on_vpype.py IN.svg OUT.svg COMMANDS.

Prints the processor seconds of the commands alone.
"""
import sys
import time

from vpype_cli import execute

source, target, commands = sys.argv[1:]
document = execute(f"read --no-crop '{source}'")
begun = time.process_time()
document = execute(commands, document)
print(time.process_time() - begun)
execute(f"write '{target}'", document)
