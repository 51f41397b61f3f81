"""Programs with sockets as whole processes: limits, errors that nothing caught, how they end."""
import os
import signal
import socket
import struct
import subprocess
import unittest

from sluice import BINARY, LIMIT, Program, run, start

SERVER = """
const net = require('net');
const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (chunk) => socket.write(chunk));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

# Two ends of one connection in one process.
PAIR = """
const net = require('net');
const server = net.createServer((socket) => {
  globalThis.accepted = socket;
  SERVER_SIDE
});
server.listen(0, '127.0.0.1', () => {
  const client = globalThis.client = net.connect(server.address().port, '127.0.0.1');
  CLIENT_SIDE
});
const stop = () => { client.destroy(); accepted?.destroy(); server.close(); };
"""


def pair(client_side="", server_side=""):
    return PAIR.replace("CLIENT_SIDE", client_side).replace("SERVER_SIDE", server_side)


def cpu_ticks(pid):
    """User and system time of a process, in clock ticks (proc(5), stat)."""
    with open(f"/proc/{pid}/stat", encoding="latin1") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def shell(code):
    """Starts code as a program that may have 64 descriptors."""
    return Program(["/bin/sh", "-c", f"ulimit -n 64; exec '{BINARY}' -e \"$0\"", code],
                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Limits(unittest.TestCase):
    def test_without_free_descriptors_the_server_waits_and_goes_on(self):
        code = "server => server.on('starved', (e) => console.log('starved', e.code, e.syscall))"
        command = SERVER + f";({code})(server)"
        with shell(command) as process:
            port = int(process.stdout.readline())
            clients = []
            for _ in range(100):  # the kernel's backlog takes what the server cannot
                clients.append(socket.create_connection(("127.0.0.1", port), timeout=LIMIT))
            self.assertEqual(process.stdout.readline(), b"starved EMFILE accept\n")
            clients[0].sendall(b"x")
            self.assertEqual(clients[0].recv(1), b"x")  # those it has are served
            before = cpu_ticks(process.pid)
            clients[-1].sendall(b"y")
            clients[-1].settimeout(1)
            with self.assertRaises(TimeoutError):
                clients[-1].recv(1)
            self.assertLess(cpu_ticks(process.pid) - before, os.sysconf("SC_CLK_TCK") // 4)
            for client in clients[:90]:
                client.close()
            clients[-1].settimeout(LIMIT)
            self.assertEqual(clients[-1].recv(1), b"y")
            for client in clients[90:]:
                client.close()
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as late:
                late.sendall(b"z")
                self.assertEqual(late.recv(1), b"z")
            self.assertIsNone(process.poll())
            process.kill()

    def test_connect_without_free_descriptors_is_an_error_event(self):
        code = """
        const net = require('net');
        const server = net.createServer().listen(0, '127.0.0.1', () => {
          let failed = 0, open = 0, asked = 100;
          const all = [];
          for (let i = 0; i < asked; i++) {
            const socket = net.connect(server.address().port, '127.0.0.1');
            all.push(socket);
            socket.on('connect', () => { open++; if (open + failed === asked) end(); });
            socket.on('error', (e) => {
              if (e.code !== 'EMFILE') throw e;
              failed++; if (open + failed === asked) end();
            });
          }
          const end = () => {
            console.log(failed > 0, open > 0);
            for (const socket of all) socket.destroy();
            server.close();
            server.on('connection', (socket) => socket.destroy());
          };
        });
        server.on('connection', (socket) => socket.on('error', () => {}));
        """
        with shell(code) as process:
            output, errors = process.communicate(timeout=LIMIT)
        self.assertEqual((output, errors), (b"true true\n", b""))
        self.assertEqual(process.returncode, 0)

    def test_a_peer_that_is_killed_leaves_no_connection_behind(self):
        code = SERVER + """
        server.on('connection', (socket) => socket.on('close', () => {
          server.getConnections((error, count) => console.log('left', count));
        }));
        """
        with start(code) as server:
            port = int(server.stdout.readline())
            client = start(f"""
            const socket = require('net').connect({port}, '127.0.0.1', () => socket.write('hello'));
            socket.on('data', () => console.log('up'));
            """)
            self.assertEqual(client.stdout.readline(), b"up\n")
            client.kill()
            client.communicate()
            self.assertEqual(server.stdout.readline(), b"left 0\n")
            server.kill()


class Throws(unittest.TestCase):
    """A listener that throws ends the process with exit code 1 and the stack, or, with a listener
    of uncaughtException, only itself."""

    PLACES = {
        "data": pair("client.write('x'); client.on('error', () => {});",
                     "socket.on('data', () => { THROW });"),
        "connection": pair("", "THROW"),
        "connect": pair("client.on('connect', () => { THROW });"),
        "ready": pair("client.on('ready', () => { THROW });"),
        "connect listener": pair("client.destroy(); net.connect(server.address().port, "
                                 "'127.0.0.1', () => { THROW });"),
        "close": pair("client.on('close', () => { THROW }); client.destroy();"),
        "end": pair("client.on('end', () => { THROW }); client.resume();", "socket.end();"),
        "finish": pair("client.on('finish', () => { THROW }); client.end();"),
        "drain": pair("client.on('connect', () => client.write(Buffer.alloc(64 << 20)));"
                      "client.on('drain', () => { THROW });", "socket.resume();"),
        "write callback": pair("client.write('x', () => { THROW });"),
        "end callback": pair("client.end('x', () => { THROW });"),
        "timeout": pair("client.setTimeout(1, () => { THROW });"),
        "lookup": pair("client.destroy(); net.connect({port: server.address().port, host: "
                       "'localhost'}).on('lookup', () => { THROW });"),
        "error": pair("net.connect(1, '127.0.0.1').on('error', () => { THROW });"),
        "readable": pair("client.on('readable', () => { THROW });", "socket.write('x');"),
        "onread": pair("net.connect({port: server.address().port, host: '127.0.0.1', onread: {"
                       "buffer: Buffer.alloc(10), callback() { THROW }}});", "socket.write('x');"),
        "listening": pair("") + "server.on('listening', () => { THROW });",
        "server close": pair("client.destroy(); server.on('close', () => { THROW });"
                             " server.close(); server.on('connection', (s) => s.destroy());"),
        "drop": pair("server.maxConnections = 0; server.on('drop', () => { THROW });"),
        "getConnections": pair("server.getConnections(() => { THROW });"),
        "nextTick": pair("client.on('connect', () => process.nextTick(() => { THROW }));"),
        "promise": pair("client.on('connect', () => Promise.resolve().then(() => { THROW }));"),
        "async listener": pair("client.on('connect', async () => { THROW });"),
        "timer": pair("client.on('connect', () => setTimeout(() => { THROW }, 1));"),
        "immediate": pair("client.on('connect', () => setImmediate(() => { THROW }));"),
        "microtask": pair("client.on('connect', () => queueMicrotask(() => { THROW }));"),
    }

    def test_uncaught_ends_the_process_with_the_stack(self):
        for place, code in self.PLACES.items():
            with self.subTest(place):
                code = code.replace("THROW", "function thrower() { throw new RangeError('boom') } thrower();")
                status, _, errors = run(code)
                self.assertEqual(status, 1)
                self.assertIn(b"RangeError: boom", errors)
                self.assertIn(b"thrower", errors)

    def test_with_a_listener_of_uncaughtexception_the_process_goes_on(self):
        handler = """
        process.on('uncaughtException', (error) => {
          console.log('caught', error.message);
          // The runtime works as before: a further connection is made and echoes.
          const again = net.createServer((s) => s.pipe(s)).listen(0, '127.0.0.1', () => {
            const one = net.connect(again.address().port, '127.0.0.1', () => one.end('fine'));
            one.on('data', (chunk) => console.log(String(chunk)));
            one.on('close', () => { again.close(); process.exit(); });
          });
        });
        """
        for place, code in self.PLACES.items():
            with self.subTest(place):
                once = "if (!globalThis.over) { globalThis.over = true; throw new Error('boom') }"
                status, output, errors = run(code.replace("THROW", once) + handler)
                self.assertEqual((status, output), (0, b"caught boom\nfine\n"), errors)

    def test_a_listener_that_throws_keeps_no_other_socket_from_its_bytes(self):
        # The three are readable in the same turn.
        code = """
        const net = require('net');
        const caught = [], seen = [], clients = [];
        process.on('uncaughtException', (error) => caught.push(error.message));
        const server = net.createServer((socket) => socket.on('data', (data) => {
          seen.push(String(data));
          if (seen.length === 3) setImmediate(() => {
            console.log(seen.sort().join(), caught.sort().join());
            process.exit();
          });
          throw new Error('of ' + data);
        })).listen(0, '127.0.0.1', () => {
          for (let i = 0; i < 3; i++) clients.push(net.connect(server.address().port, '127.0.0.1'));
          let open = 0;
          server.on('connection', () => {
            if (++open === 3) setImmediate(() => clients.forEach((client, i) => client.write(String(i))));
          });
        });
        """
        status, output, errors = run(code)
        self.assertEqual((status, output), (0, b"0,1,2 of 0,of 1,of 2\n"), errors)

    def test_an_error_event_without_listener_is_uncaught(self):
        status, _, errors = run("require('net').connect(1, '127.0.0.1')")
        self.assertEqual(status, 1)
        self.assertIn(b"connect ECONNREFUSED 127.0.0.1:1", errors)

    def test_inside_poll_what_nothing_catches_ends_the_process(self):
        for source in ("setTimeout(() => { thrower() }, 1)", "setImmediate(thrower)",
                       "Promise.reject(new RangeError('boom'))", "process.nextTick(thrower)"):
            if "Promise" in source and os.environ.get("SLUICE_FAST") == "none":
                continue  # promise jobs do not run within poll() then
            with self.subTest(source):
                status, _, errors = run("function thrower() { throw new RangeError('boom') }"
                                        f"{source}; for (;;) require('iosched').poll();")
                self.assertEqual(status, 1)
                self.assertIn(b"RangeError: boom", errors)


class Ends(unittest.TestCase):
    def test_the_process_ends_when_no_handle_is_alive(self):
        code = pair("client.on('data', () => client.end()); client.on('close', () => server.close());",
                    "socket.end('bye');")
        self.assertEqual(run(code + "process.on('exit', () => console.log('end'));"), (0, b"end\n", b""))

    def test_unref_lets_the_process_end(self):
        for code in (
            "require('net').createServer().listen(0).unref()",
            "require('net').createServer().unref().listen(0)",
            "const s = require('net').createServer().listen(0, () => s.unref())",
            "require('net').createServer('g', 0).listen().unref()",
            "setInterval(() => {}, 1000).unref()",
            pair("client.on('connect', () => { client.unref(); accepted?.unref(); server.unref(); });",
                 "socket.unref(); server.unref(); client.unref();"),
            "const c = require('net').connect(9, '192.0.2.1').on('error', () => {}); c.unref(); c.setTimeout(100000)",
            "const s = new (require('net').Socket)(); s.setTimeout(100000)",
        ):
            with self.subTest(code):
                status, _, errors = run(code)
                self.assertEqual((status, errors), (0, b""))

    def test_ref_takes_unref_back(self):
        code = """
        const server = require('net').createServer().listen(0, () => {
          server.unref().ref();
          setTimeout(() => { console.log('alive'); server.close(); }, 20).unref();
        });
        """
        self.assertEqual(run(code), (0, b"alive\n", b""))

    def test_a_program_that_polled_ends_with_its_last_statement(self):
        code = """
        const iosched = require('iosched');
        const server = require('net').createServer().listen(0, () => console.log('listening'));
        setInterval(() => {}, 1000);
        let done = false; setTimeout(() => { done = true }, 1);
        while (!done) iosched.poll();
        console.log('last');
        """
        self.assertEqual(run(code), (0, b"listening\nlast\n", b""))

    def test_the_end_with_live_sockets_is_clean(self):
        # Under a leak checker this also finds what is not released.
        for how in ("process.exit(3)", "throw new Error('x')"):
            code = pair("client.on('connect', () => { client.write(Buffer.alloc(8 << 20)); });",
                        f"socket.pause(); socket.write('x'); setTimeout(() => {{ {how} }}, 5);"
                        "net.connect(9, '192.0.2.1').on('error', () => {});")
            status, _, errors = run(code)
            self.assertEqual(status, 3 if "exit" in how else 1, errors)
            self.assertNotIn(b"Sanitizer", errors)
        code = pair("client.on('connect', () => { globalThis.done = true });", "socket.write('x');")
        code += "while (!globalThis.done || !globalThis.accepted) require('iosched').poll();"
        status, _, errors = run(code)
        self.assertEqual((status, errors), (0, b""))

    def test_sigint_and_sigterm_with_live_sockets(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with start(SERVER) as process:
                port = int(process.stdout.readline())
                with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as one:
                    one.sendall(b"x")
                    self.assertEqual(one.recv(1), b"x")
                    process.send_signal(number)
                    self.assertEqual(process.wait(LIMIT), -number)  # 130 and 143 to a shell
                    self.assertEqual(one.recv(1), b"")

    def test_a_reset_of_an_accepted_socket_warns_and_the_server_lives(self):
        code = SERVER.replace("socket.on('error', () => {});", "")
        with start(code) as process:
            port = int(process.stdout.readline())
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as one:
                peer = one.getsockname()[1]
                one.sendall(b"x")
                self.assertEqual(one.recv(1), b"x")
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line = process.stderr.readline()
            self.assertIn(b"127.0.0.1:%d" % peer, line)
            self.assertIn(b"read ECONNRESET", line)
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as one:
                one.sendall(b"y")
                self.assertEqual(one.recv(1), b"y")
            process.kill()


if __name__ == "__main__":
    unittest.main()
