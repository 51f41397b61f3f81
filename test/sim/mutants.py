#!/usr/bin/env python3
"""mutants.py SLUICE: that simulations find deliberate faults. SLUICE is of a build with the option
SLUICE_MUTANTS. For each fault the sweeps below run until one fails; each must, within 500 seeds."""

import itertools
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# The numbers of Mutant(n) in the sources: what is wrong, the scenarios that look at it, and the faults
# with which they do.
MUTANTS = {
    1: ("a byte is sent twice after a flush", ["echo"]),
    2: ("no drain", ["echo"]),
    3: ("drain comes twice", ["echo"]),
    4: ("what waits is forgotten at the end", ["secure"]),
    5: ("a byte that arrived is told twice", ["echo"]),
    6: ("nobody hears that there is room to write", ["echo"]),
    7: ("descriptors stay open", ["echo"]),
    8: ("a byte is sent twice after a write", ["echo"]),
    10: ("a failed write is not told", ["echo"], ["enobufs=0.02"]),
    11: ("two writes change places", ["echo", "pipe"]),
    12: ("some accepted connections are lost", ["echo"]),
    13: ("connections go to one member", ["group"]),
    14: ("a wake-up of another task is lost", ["group"]),
    15: ("a record of TLS is lost", ["secure"]),
}
SEEDS = 500
FAULTS = ["calm", "all"]


def sweep(sluice, number, scenario, faults, seeds):
    done = subprocess.run(
        [sluice, "sim", "--seeds", f"1-{seeds}", "--faults", faults, "--quiet",
         str(HERE / f"{scenario}.js")],
        env={**os.environ, "SLUICE_MUTANT": str(number)}, capture_output=True, text=True,
        check=False)
    found = re.search(r"FAILED: seed (\d+) after .*?: (.*)", done.stdout)
    return found and (int(found.group(1)), found.group(2))


def main():
    sluice = sys.argv[1]
    alive = []
    for number, (what, scenarios, *faults) in MUTANTS.items():
        tries = list(itertools.product(scenarios, *(faults or [FAULTS])))
        for scenario, profile in tries:
            found = sweep(sluice, number, scenario, profile, SEEDS // len(tries))
            if found:
                print(f"{number:2} {what}: {scenario} {profile}, seed {found[0]}: {found[1]}",
                      flush=True)
                break
        else:
            alive.append(number)
            print(f"{number:2} {what}: NOT FOUND", flush=True)
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
