"""Programs that take turns, and what each of them takes."""

import resource
import subprocess

# Longer is no race.
MOST_SECONDS = 600


def seconds(command):
    """Processor seconds of a command, user and system; an error when it fails or does not end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, check=True, timeout=MOST_SECONDS,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(commands, rounds, before=lambda name: None):
    """The least seconds of each command by name, in rounds in which all take turns; `before`
    is called with the name of one that is about to run."""
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            before(name)
            times[name].append(seconds(command))
    return {name: min(all_of) for name, all_of in times.items()}
