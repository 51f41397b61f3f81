"""Runs what a program does while the nth call of a function of the system fails (faults.cc).

Nothing may end by a signal, hang, keep descriptors open, or remember the failure. FAULTS_MOST is the
largest n (default 3); all is "for each step, function and n up to the first that is not reached".
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SLUICE = os.environ["SLUICE"]
LIBRARY = os.environ["FAULTS"]
MOST = int(os.environ.get("FAULTS_MOST", "3"))
EMFILE, EAGAIN, ENOMEM, ENOSPC = 24, 11, 12, 28

# Function, errno.
FAULTS = [("socket", EMFILE), ("accept4", EMFILE), ("epoll_create1", EMFILE), ("epoll_ctl", ENOSPC),
          ("eventfd", EMFILE), ("open", EMFILE), ("getrandom", EAGAIN), ("pthread_create", EAGAIN)]
STEPS = ["net", "tls", "authorities", "http", "dns", "udp", "fs", "child", "task", "group", "crypto",
         "zlib", "modules"]


def run(step, function, number, count, error, folder):
    condition = os.path.join(folder, "while")
    if os.path.exists(condition):  # what ended badly leaves it
        os.unlink(condition)
    environment = {**os.environ, "LD_PRELOAD": LIBRARY, "SLUICE_FAULT_WHILE": condition,
                   "SLUICE_FAULT": f"{function}:{number}:{count}",
                   "SLUICE_FAULT_ERROR": str(error)}
    return subprocess.run([SLUICE, os.path.join(HERE, "program.js"), step], env=environment,
                          capture_output=True, text=True, timeout=60)


class Faults(unittest.TestCase):
    pass


def add(step):
    def test(self):
        with tempfile.TemporaryDirectory() as folder:
            for function, error in FAULTS:
                # All calls, then the nth alone. A server that cannot accept waits until it can.
                every = 3 if function == "accept4" else 1000000
                for number, count in [(1, every)] + [(n, 1) for n in range(1, MOST + 1)]:
                    with self.subTest(function=function, number=number, count=count):
                        done = run(step, function, number, count, error, folder)
                        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
                        answer = json.loads(done.stdout)
                        self.assertLessEqual(answer["left"], 4, answer)
                        if "faults: injected" not in done.stderr:
                            break

    setattr(Faults, f"test_{step}", test)


for name in STEPS:
    add(name)

if __name__ == "__main__":
    unittest.main(argv=sys.argv)
