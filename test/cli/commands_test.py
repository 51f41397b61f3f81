"""What the commands that look at programs show: ps, stats, sess, top, help."""
import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import unittest

from control import ECHO, ControlCase
from sluice import BINARY, LIMIT, Program


class CommandsTest(ControlCase):
    def test_a_program_that_is_stopped_keeps_no_command_waiting(self):
        process, _ = self.start(ECHO, "--no-warnings")
        path = os.path.join(self.folder, "sluice", f"{process.pid}.sock")
        environment = {**os.environ, "XDG_RUNTIME_DIR": self.folder}
        while not os.path.exists(path):
            pass
        process.send_signal(signal.SIGSTOP)
        stats = self.command("stats", path)
        self.assertEqual(stats.returncode, 1)
        self.assertIn("it does not answer", stats.stderr)
        ps = self.command("ps", "--json", env=environment)
        self.assertEqual((ps.returncode, ps.stdout), (0, "[]\n"))
        self.assertIn(f"process {process.pid} does not answer", ps.stderr)

    def test_what_is_no_program_of_sluice_is_told_so(self):
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(self.path)
        listener.listen()
        for answer, said in [(b"hello\n", "no program of sluice"), (b"null\n", "no program of sluice"),
                             (b'{"v": 9, "result": {}}\n', "version 9 of the protocol")]:
            command = Program([BINARY, "stats", self.path], stderr=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
            client = listener.accept()[0]
            client.sendall(answer)
            _, errors = command.communicate(timeout=LIMIT)
            client.close()
            self.assertEqual(command.returncode, 1)
            self.assertIn(said, errors)
            self.assertEqual(len(errors.splitlines()), 1)

    def test_a_table_of_any_length_is_printed(self):
        code = """
            const answer = (request) => request.method === 'info' ? [{ v: 1, result: {} }] : [
              ...Array(700).fill({ v: 1, part: Array(100).fill({
                id: 1, side: 'made', transport: 'tcp', times: { opened: 0 }, bytes: {}, tcp: null,
                closeReason: null, peer: { path: '/x\\u009b\\u202e\\n' } }) }),
              { v: 1, result: { stuck: [] } }];
            require('net').createServer((socket) => socket.on('data', (line) => {
              for (const one of answer(JSON.parse(line))) socket.write(JSON.stringify(one) + '\\n');
            })).listen(process.argv[2], () => console.log(1));"""
        listing = self.file("many.js", code.replace("\\\\", "\\"))
        server = Program([BINARY, listing, self.path], stdout=subprocess.PIPE)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        server.stdout.readline()
        lines = self.lines("sess", self.path)
        self.assertEqual(len(lines), 70001)
        self.assertIn("/x???", lines[-1])

    def test_help_tells_of_each_command(self):
        for name in ("ps", "stats", "sess", "close", "top", "dump", "capture", "sim", "init", "help"):
            self.assertIn(f"Usage: sluice {name}", self.command("help", name).stdout)
        for name in ("ps", "stats", "sess", "close", "top", "dump", "capture", "sim", "help"):
            asked = self.command(name, "--help")
            self.assertEqual(asked.returncode, 0)
            self.assertIn(f"Usage: sluice {name}", asked.stdout)
        self.assertEqual(self.command("init", "--help").returncode, 0)
        self.assertEqual(self.command("help", "x").returncode, 2)
        self.assertEqual(self.command("sess").returncode, 2)
        self.assertEqual(self.command("sess", "1", "--older", "x").returncode, 2)
        self.assertEqual(self.command("sess", "/nowhere").returncode, 1)

    def test_top_draws_anew_sorts_by_keys_and_leaves_the_terminal_as_it_was(self):
        _, port = self.start(ECHO)
        self.connect(port)
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        before = termios.tcgetattr(terminal)
        process = Program([BINARY, "top", self.path], stdin=terminal, stdout=terminal,
                          stderr=terminal, cwd=self.folder)
        self.addCleanup(process.kill)

        def read_until(text):
            got = b""
            while text not in got:
                self.assertTrue(select.select([master], [], [], LIMIT)[0], got)
                got += os.read(master, 65536)
            return got

        screen = read_until(b"by connections")
        self.assertIn(b"servers", screen)
        self.assertTrue(all(len(line) <= 90 for line in screen.split(b"\r\n")))
        read_until(b"\x1b[H")  # the next one, in place
        os.write(master, b"w")
        read_until(b"by write queue")
        os.write(master, b"s")
        read_until(b"no task is stuck")
        os.write(master, b"q")
        read_until(b"\x1b[?1049l")
        self.assertEqual(process.wait(LIMIT), 0)
        self.assertEqual(termios.tcgetattr(terminal)[3], before[3])
        os.close(terminal)

    def test_top_draws_on_a_terminal_of_any_size_and_leaves_it_by_any_signal(self):
        self.start(ECHO)
        for rows, columns, width in ((10, 20, 20), (0, 0, 80)):
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
                master, terminal = pty.openpty()
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                process = Program([BINARY, "top", self.path], stdin=subprocess.DEVNULL,
                                  stdout=terminal, stderr=terminal, cwd=self.folder)
                self.addCleanup(process.kill)
                os.close(terminal)
                got = b""
                while b"by connections"[:width - 2] not in got:
                    got += os.read(master, 65536)
                lines = re.sub(rb"\x1b\[[?0-9]*[a-zA-Z]", b"", got).split(b"\r\n")
                self.assertLessEqual(max(len(line.strip(b"\r")) for line in lines), width)
                process.send_signal(number)
                while b"\x1b[?1049l" not in got:
                    got += os.read(master, 65536)
                self.assertEqual(process.wait(LIMIT), 0)
                os.close(master)

    def test_top_says_that_a_program_does_not_answer(self):
        process, _ = self.start(ECHO)
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        top = Program([BINARY, "top", self.path], stdin=terminal, stdout=terminal, stderr=terminal)
        self.addCleanup(top.kill)
        os.close(terminal)
        got = b""
        while b"by connections" not in got:
            got += os.read(master, 65536)
        process.send_signal(signal.SIGSTOP)
        while b"no answer since" not in got:
            got += os.read(master, 65536)
        os.write(master, b"q")
        self.assertEqual(top.wait(LIMIT), 0)


if __name__ == "__main__":
    unittest.main()
