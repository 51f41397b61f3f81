"""Runs what a program does while the nth call of a function of the system fails (faults.cc).

Nothing may end by a signal, hang, keep descriptors open, or remember the failure. FAULTS_MOST is the
largest n (default 3); all is "for each step, function and n up to the first that is not reached".
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SLUICE = os.environ["SLUICE"]
LIBRARY = os.environ["FAULTS"]
MOST = int(os.environ.get("FAULTS_MOST", "3"))
EMFILE, EAGAIN, ENOMEM, ENOSPC, EIO = 24, 11, 12, 28, 5

# Function, errno.
FAULTS = [("socket", EMFILE), ("accept4", EMFILE), ("epoll_create1", EMFILE), ("epoll_ctl", ENOSPC),
          ("eventfd", EMFILE), ("timerfd_create", EMFILE), ("pipe2", EMFILE), ("socketpair", EMFILE),
          ("mmap", ENOMEM), ("open", EMFILE), ("getrandom", EAGAIN), ("pthread_create", EAGAIN)]
STEPS = ["net", "tls", "authorities", "http", "dns", "udp", "fs", "child", "task", "group", "crypto",
         "zlib", "modules"]


def run(step, function, number, count, error, folder):
    condition = os.path.join(folder, "while")
    if os.path.exists(condition):  # what ended badly leaves it
        os.unlink(condition)
    environment = {**os.environ, "LD_PRELOAD": LIBRARY, "SLUICE_FAULT_WHILE": condition,
                   "SLUICE_FAULT": f"{function}:{number}:{count}",
                   "NODE_EXTRA_CA_CERTS": os.path.join(os.environ["SLUICE_TEST_KEYS"], "ca.pem"),
                   "SLUICE_FAULT_ERROR": str(error)}
    return subprocess.run([SLUICE, os.path.join(HERE, "program.js"), step], env=environment,
                          capture_output=True, text=True, timeout=60)


# An echo server that prints why its connections end.
SERVER = """
const net = require('net');
const server = net.createServer((socket) => {
  socket.on('error', () => {}).on('close', () => {
    console.log(JSON.stringify(socket.closeReason));
    server.close();
  });
  socket.resume();
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""


class Faults(unittest.TestCase):
    def reason(self, number):
        """Why a connection ends whose first read fails with that errno."""
        environment = {**os.environ, "LD_PRELOAD": LIBRARY, "SLUICE_FAULT": "recv:1",
                       "SLUICE_FAULT_ERROR": str(number)}
        with subprocess.Popen([SLUICE, "-e", SERVER], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as program:
            port = int(program.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
                client.sendall(b"hello")
                self.assertRaises(ConnectionResetError, client.recv, 1)  # unread bytes: a reset
                return json.loads(program.stdout.readline())

    def test_close_codes(self):
        self.assertEqual(self.reason(ENOMEM), {"by": "runtime", "code": "limit-memory"})
        self.assertEqual(self.reason(EIO), {"by": "runtime", "code": "io-error"})


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
