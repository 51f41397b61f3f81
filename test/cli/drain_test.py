"""--drain: what SIGTERM does to a program's servers."""
import os
import signal
import socket
import subprocess
import unittest

import sluice

SERVER = """
const server = require('net').createServer((one) => {
  if (process.argv[1] === 'deaf') one.on('goaway', () => console.log('goaway'));
  one.on('error', () => {});
  one.resume();
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
server.on('connection', () => console.log('connected'));
setInterval(() => {}, 1000);
"""


class Drain(sluice.FolderTest):
    """One program, one client."""

    def start(self, *options, arguments=(), **environment):
        process = sluice.Program([sluice.BINARY, *options, "-e", SERVER, *arguments], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env={**os.environ, **environment})
        client = socket.create_connection(("127.0.0.1", int(process.stdout.readline())))
        client.settimeout(sluice.LIMIT)
        self.addCleanup(client.close)
        process.stdout.readline()
        return process, client

    def test_sigterm_has_the_servers_leave_and_the_process_ends_well(self):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.settimeout(sluice.LIMIT)
        manager.bind(os.path.join(self.folder, "notify"))
        process, client = self.start("--drain=2s", NOTIFY_SOCKET=manager.getsockname())
        with process:
            self.assertRegex(manager.recv(1000), b"^READY=1")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(client.recv(10), b"")
            client.close()
            output, errors = process.communicate(timeout=sluice.LIMIT)
            self.assertEqual((process.returncode, output, errors), (0, b"", b""))
        while not (told := manager.recv(1000)).startswith(b"STOPPING=1"):
            pass
        self.assertEqual(told, b"STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=7000000")

    def test_a_second_sigterm_ends_it_at_once(self):
        process, client = self.start("--drain=1000s", "--drain-grace=100ms", arguments=["deaf"])
        with process:
            process.send_signal(signal.SIGTERM)
            # The listener is gone, the connection is not.
            while True:
                try:
                    socket.create_connection(client.getpeername()).close()
                except OSError:
                    break
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=sluice.LIMIT)
            self.assertEqual(process.returncode, 143)

    def test_a_time_without_unit_and_a_grace_as_long_as_all_are_wrong(self):
        for options, text in [
                (["--drain=30"], b"sluice: --drain must be a number with ms, s or m, as 30s, not '30'\n"),
                (["--drain-grace=1s"], b"sluice: --drain must be more than 0 and than --drain-grace\n"),
                (["--drain=1s", "--drain-grace=1s"], b"sluice: --drain must be more than 0 and than --drain-grace\n")]:
            done = subprocess.run([sluice.BINARY, *options, "-e", "1"], capture_output=True, timeout=sluice.LIMIT,
                                  check=False)
            self.assertEqual((done.returncode, done.stderr), (2, text))


if __name__ == "__main__":
    unittest.main()
