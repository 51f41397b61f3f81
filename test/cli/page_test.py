"""The programs of the manual's page, as their users type them. Only addresses and ports differ,
and the fragments require the module socket that they use."""
import collections
import os
import random
import signal
import socket
import struct
import subprocess
import tempfile
import unittest

from sluice import BINARY, LIMIT, Program

CLIENT = """
var iosched = require('iosched');
var net = require('net');

var client = net.createConnection({ host: '127.0.0.1', port: PORT });
var timer = undefined;
var count = 0;

function setTimer(enable = true) {
  if (enable && !timer) {
    timer = setInterval(
      () => {
        client.write(`Send msg(${count++})`);
      }, 1000);
  } else if (!enable && timer) {
    clearInterval(timer);
    timer = undefined;
  }
}

function done() {
  setTimer(false);
}

client.on('connect', function () {
  console.log('client connect.');
  setTimer();
});

client.on('data', function (chunk) {
  console.log('recv msg:' + chunk.toString());
});

client.on('error', function (err) {
  console.log('client error');
  done();
});

client.on('close', function (err) {
  console.log('client close');
  done();
});

while (true) {
  iosched.poll();
}
"""

SERVER = """
var iosched = require('iosched');
var net = require('net');
var socket = require('socket');

var saddr = socket.sockaddr(socket.INADDR_ANY, PORT);
var server = net.createServer('net', 0, saddr);

server.on('connection', (connect) => {
  console.log(`connect (${connect.id}) open.`);
  connect.on('data', (buf) => {
    console.log('rece msg:' + buf.toString());
    connect.write(buf);
  });
  connect.on('close', () => {
    console.log(`connect(${connect.id}) close.`);
  });
});

server.listen();

while (true) {
  iosched.poll();
}
"""

SMALL_CLIENT = """
var net = require('net');

var client = net.createConnection({host: '127.0.0.1', port: PORT});
client.on('connect', function () {
  // 'connect' listener.
  console.log('connected to server!');
  client.write('world!\\r\\n');
});
client.on('data', function (chunk) {
  console.log('recv msg:' + chunk.toString());
  client.end();
});
client.on('end', function () {
  console.log('disconnected from server');
});
"""

SINGLE_SERVER = """
var net = require('net');
var socket = require('socket');
var saddr = socket.sockaddr(socket.INADDR_ANY, PORT);
var server = net.createServer('server', 0, saddr);
server.listen();
"""

MULT_TASK_SERVER = """
var net = require('net');
var socket = require('socket');
var saddr = socket.sockaddr(socket.INADDR_ANY, PORT);
var server = net.createServer('./server', 2, saddr);
server.listen();
"""

MASTER = """
var net = require('net');
var socket = require('socket');
var saddr = socket.sockaddr(socket.INADDR_ANY, PORT);
server = net.createServer('server', 2, './sub', saddr);
server.listen();
"""

SUB = """
var net = require('net');
var server = net.createSubServer('server');
server.listen();
"""

# What the test adds to see who handles a connection.
ANSWER = """
server.on('connection', (connect) => connect.end(server.groupName.name));
server.on('listening', () => { if (server.isMaster()) console.log('listening'); });
"""

PORT_EXAMPLE = """
var port = server.port();
console.log(port);
"""

TIMEOUT_EXAMPLE = """
socket.setTimeout(TIMEOUT);
socket.on('timeout', () => {
  console.log('socket timeout');
  socket.end();
});
"""


def free_port():
    """A port below those that the system gives to connections and to servers that ask for any."""
    while True:
        port = random.randrange(10000, 30000)
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def listen():
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(LIMIT)
    return server, server.getsockname()[1]


def connect(port):
    """Connects, also to a server that is only just starting."""
    while True:
        try:
            one = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        except ConnectionRefusedError:
            continue
        return one


def reset(one):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.close()


def cpu_ticks(pid):
    """User and system time of a process, in clock ticks (proc(5), stat)."""
    with open(f"/proc/{pid}/stat", encoding="latin1") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


class Page(unittest.TestCase):
    def program(self, text, name="program.js", modules=(), **options):
        """Starts a program from a file, with modules (name, text) beside it; its end comes with
        the test's."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, name)
        for file_name, content in [(name, text), *modules]:
            with open(os.path.join(folder.name, file_name), "w", encoding="utf-8") as file:
                file.write(content)
        process = Program([BINARY, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, bufsize=1, **options)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def expect(self, process, *lines):
        for line in lines:
            self.assertEqual(process.stdout.readline().rstrip("\n"), line)

    def test_small_client(self):
        server, port = listen()
        client = self.program(SMALL_CLIENT.replace("PORT", str(port)))
        peer, _ = server.accept()
        self.expect(client, "connected to server!")
        self.assertEqual(peer.recv(100), b"world!\r\n")
        peer.sendall(b"hello")
        self.expect(client, "recv msg:hello")
        self.assertEqual(peer.recv(100), b"")  # the client half-closed
        peer.close()
        self.expect(client, "disconnected from server", "")
        self.assertEqual(client.wait(LIMIT), 0)
        server.close()

    def test_timeout_comes_once_and_the_socket_ends(self):
        server, port = listen()
        text = f"""
        var net = require('net');
        var socket = net.connect({{ port: {port}, host: '127.0.0.1' }});
        """ + TIMEOUT_EXAMPLE.replace("TIMEOUT", "50")
        client = self.program(text)
        peer, _ = server.accept()
        self.expect(client, "socket timeout")
        self.assertEqual(peer.recv(1), b"")
        peer.close()
        self.expect(client, "")
        self.assertEqual(client.wait(LIMIT), 0)
        server.close()

    def test_single_server_and_its_port(self):
        port = free_port()
        server = self.program(SINGLE_SERVER.replace("PORT", str(port)) + PORT_EXAMPLE)
        self.expect(server, str(port))
        for address in ("127.0.0.1", "127.0.0.2"):  # every address of the machine
            socket.create_connection((address, port), timeout=LIMIT).close()
        self.assertIsNone(server.poll())

    def test_an_assigned_port(self):
        server = self.program(SINGLE_SERVER.replace("PORT", "0") + PORT_EXAMPLE)
        port = int(server.stdout.readline())
        self.assertGreater(port, 0)
        connect(port).close()

    def test_the_fragment_as_printed_misses_socket(self):
        server = self.program(SINGLE_SERVER.replace("var socket = require('socket');", ""))
        _, errors = server.communicate(timeout=LIMIT)
        self.assertEqual(server.returncode, 1)
        self.assertIn("ReferenceError", errors)
        self.assertIn("socket", errors)

    def handlers(self, port, count):
        """Who answers count connections, one after the other."""
        names = []
        for _ in range(count):
            with connect(port) as client:
                names.append(client.recv(100).decode())
        return collections.Counter(names)

    def test_mult_task_server_of_one_module(self):
        port = free_port()
        server = self.program(MULT_TASK_SERVER.replace("PORT", str(port)) + ANSWER, "server.js")
        self.expect(server, "listening")
        self.assertEqual(self.handlers(port, 9),
                         {"./server": 3, "./server:1": 3, "./server:2": 3})

    def test_master_and_sub_server_of_two_modules(self):
        port = free_port()
        server = self.program(MASTER.replace("PORT", str(port)) + ANSWER, "master.js",
                              [("sub.js", SUB + ANSWER)])
        self.expect(server, "listening")
        self.assertEqual(self.handlers(port, 9), {"server": 3, "server:1": 3, "server:2": 3})

    def test_full_client_against_a_peer(self):
        server, port = listen()
        client = self.program(CLIENT.replace("PORT", str(port)))
        peer, _ = server.accept()
        self.expect(client, "client connect.")
        for number in range(2):
            message = peer.recv(100)
            self.assertEqual(message, f"Send msg({number})".encode())
            peer.sendall(message)
            self.expect(client, f"recv msg:Send msg({number})")
        peer.close()
        self.expect(client, "client close")
        self.assertIsNone(client.poll())  # it polls for ever
        client.send_signal(signal.SIGINT)
        output, errors = client.communicate(timeout=LIMIT)
        self.assertEqual((output, errors), ("", ""))
        server.close()

    def test_full_client_is_refused(self):
        client = self.program(CLIENT.replace("PORT", str(free_port())))
        self.expect(client, "client error", "client close")
        self.assertIsNone(client.poll())

    def test_full_client_is_reset(self):
        server, port = listen()
        client = self.program(CLIENT.replace("PORT", str(port)))
        peer, _ = server.accept()
        self.expect(client, "client connect.")
        reset(peer)
        self.expect(client, "client error", "client close")
        self.assertIsNone(client.poll())
        server.close()

    def test_full_server_and_client_together(self):
        port = free_port()
        server = self.program(SERVER.replace("PORT", str(port)))
        connect(port).close()  # the server is up
        opened = server.stdout.readline().strip()
        self.assertRegex(opened, r"^connect \(\d+\) open\.$")
        self.expect(server, opened.replace(" (", "(").replace("open", "close"))
        ids = []
        for _ in range(2):
            client = self.program(CLIENT.replace("PORT", str(port)))
            self.expect(client, "client connect.", "recv msg:Send msg(0)")
            opened = server.stdout.readline().strip()
            self.assertRegex(opened, r"^connect \(\d+\) open\.$")
            ids.append(opened)
            self.expect(server, "rece msg:Send msg(0)")
            client.kill()
            self.expect(server, opened.replace(" (", "(").replace("open", "close"))
        self.assertNotEqual(*ids)
        # A reset instead of an end.
        peer = connect(port)
        opened = server.stdout.readline().strip()
        peer.sendall(b"x")
        self.assertEqual(peer.recv(1), b"x")
        self.expect(server, "rece msg:x")
        reset(peer)
        self.expect(server, opened.replace(" (", "(").replace("open", "close"))
        # The server is killed: the client hears of it and lives.
        client = self.program(CLIENT.replace("PORT", str(port)))
        self.expect(client, "client connect.")
        server.kill()
        line = client.stdout.readline().strip()
        while line.startswith("recv msg:"):
            line = client.stdout.readline().strip()
        if line == "client error":
            line = client.stdout.readline().strip()
        self.assertEqual(line, "client close")
        self.assertIsNone(client.poll())

    def test_an_idle_program_that_polls_does_not_spin(self):
        port = free_port()
        server = self.program(SERVER.replace("PORT", str(port)))
        peer = connect(port)
        server.stdout.readline()
        before = cpu_ticks(server.pid)
        peer.settimeout(1)
        with self.assertRaises(TimeoutError):
            peer.recv(1)  # a second in which nothing comes
        self.assertLess(cpu_ticks(server.pid) - before, os.sysconf("SC_CLK_TCK") // 4)
        peer.close()


if __name__ == "__main__":
    unittest.main()
