"""Programs that are looked at by their control sockets."""
import json
import os
import socket
import subprocess

from sluice import BINARY, FolderTest, Program

ECHO = """
const net = require('net');
const server = net.createServer((socket) => {
  socket.on('data', (data) => {
    if (String(data) === 'spin') (function spinning() { for (;;); })();
    socket.write(data);
  });
  socket.on('close', () => console.log(socket.closeReason.code));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""
# A master whose sub spins when somebody says so.
GROUP = """
const net = require('net');
const socket = require('socket');
if (Task.me() !== 1) {
  const server = net.createSubServer('g');
  server.on('connection', (one) => one.once('data', function spinning() { for (;;); }));
  server.listen();
} else {
  const server = net.createServer('g', 1, __filename, socket.sockaddr(socket.INADDR_LOOPBACK, 0));
  server.balance = () => 1;
  server.on('connection', () => {});
  server.listen(() => console.log(server.port()));
}
"""


class ControlCase(FolderTest):
    """Tests of a program with a control socket at self.path."""

    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.folder, "c")

    def start(self, text, *options):
        """Starts a program; returns it and the number that it prints first."""
        program = self.file("program.js", text)
        options = options or (f"--control={self.path}",)
        process = Program([BINARY, *options, program], stdout=subprocess.PIPE, cwd=self.folder,
                          env={**os.environ, "XDG_RUNTIME_DIR": self.folder})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, int(process.stdout.readline())

    def connect(self, port, data=b"hello"):
        client = socket.create_connection(("127.0.0.1", port))
        self.addCleanup(client.close)
        client.sendall(data)
        if data == b"hello":
            self.assertEqual(client.recv(5), data)
        return client

    def ask(self, **request):
        """Sends a request; returns all answers."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(self.path)
            with control.makefile("rw") as lines:
                lines.write(json.dumps(request) + "\n")
                lines.flush()
                answers = []
                while not answers or "part" in answers[-1]:
                    answers.append(json.loads(lines.readline()))
        return answers

    def lines(self, *arguments):
        result = self.command(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.splitlines()
