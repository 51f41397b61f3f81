"""A program under a service manager: sockets it is given, what it tells."""
import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest

import sluice

RUN = """
import os, sys
os.environ['LISTEN_PID'] = str(os.getpid())
os.execv(sys.argv[1], sys.argv[1:])
"""
ECHO = "(socket) => socket.pipe(socket)"


def listener(family=socket.AF_INET, address=("127.0.0.1", 0)):
    """A socket that listens."""
    made = socket.socket(family)
    made.bind(address)
    made.listen()
    return made


class Activated(unittest.TestCase):
    """Sockets by LISTEN_FDS."""

    def start(self, code, sockets, names=None, options=(), **environment):
        """Starts code with these sockets as its descriptors from 3 on."""
        self.sockets += sockets
        def place():
            # By way of numbers above all, so that none is overwritten.
            for i, one in enumerate(sockets):
                os.dup2(one.fileno(), 60 + i)
            for i in range(len(sockets)):
                os.dup2(60 + i, 3 + i)
        process = sluice.Program(
            [sys.executable, "-c", RUN, sluice.BINARY, *options, "-e", code], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=place, close_fds=False,
            env={**os.environ, "LISTEN_FDS": str(len(sockets)), **environment,
                 **({"LISTEN_FDNAMES": ":".join(names)} if names else {})})
        return process

    def tearDown(self):
        for one in self.sockets:
            one.close()

    def setUp(self):
        self.sockets = []

    def lines(self, code, sockets, names=None, silent=True, **more):
        """What code prints; silent: on standard error nothing."""
        with self.start(code, sockets, names, **more) as process:
            output, errors = process.communicate(timeout=sluice.LIMIT)
        self.assertEqual((process.returncode, errors if silent else b""), (0, b""))
        return [json.loads(line) for line in output.splitlines()]

    def test_a_server_listens_on_the_socket_of_that_name(self):
        one, other = listener(), listener()
        code = f"""
            const server = require('net').createServer({ECHO});
            server.listen({{activated: 'other'}}, () => console.log(JSON.stringify(server.address().port)));
            server.on('connection', () => server.close());
        """
        with self.start(code, [one, other], ["one", "other"]) as process:
            port = json.loads(process.stdout.readline())
            self.assertEqual(port, other.getsockname()[1])
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(b"hello")
                self.assertEqual(client.recv(10), b"hello")
            process.communicate(timeout=sluice.LIMIT)

    def test_by_place_over_http_and_in_a_group(self):
        one, other = listener(), listener()
        got = self.lines("""
            const http = require('http').createServer((request, response) => response.end('hi'));
            http.listen({activated: 0}, () => {
              const group = require('net').createServer('group', 0, {activated: 'unknown'});
              group.listen(() => {
                console.log(JSON.stringify([http.address().port, group.port()]));
                http.close();
                group.close();
              });
            });
        """, [one, other])
        self.assertEqual(got, [[one.getsockname()[1], other.getsockname()[1]]])

    def test_activated_lists_them_and_children_hear_of_none(self):
        one = listener()
        path = os.path.join("/tmp", f"sluice-{os.getpid()}.sock")
        unix = listener(socket.AF_UNIX, path)
        self.addCleanup(os.unlink, path)
        got = self.lines("""
            console.log(JSON.stringify(require('net').activated()));
            const { execFileSync } = require('child_process');
            const child = "console.log(require('net').activated().length, process.env.LISTEN_FDS)";
            console.log(JSON.stringify(String(execFileSync(process.execPath, ['-e', child]))));
        """, [one, unix], ["a", "b"])
        self.assertEqual(got[0], [
            {"name": "a", "fd": 3, "address": {"address": "127.0.0.1", "family": "IPv4", "port": one.getsockname()[1]}},
            {"name": "b", "fd": 4, "address": path}])
        self.assertEqual(got[1], "0 undefined\n")

    def test_a_path_is_not_unlinked(self):
        path = os.path.join("/tmp", f"sluice-{os.getpid()}.sock")
        unix = listener(socket.AF_UNIX, path)
        self.addCleanup(os.unlink, path)
        self.lines("""
            const server = require('net').createServer().listen({activated: 0}, () => server.close());
        """, [unix])
        self.assertTrue(os.path.exists(path))

    def test_an_unknown_name_one_that_is_taken_and_what_does_not_listen_are_errors(self):
        plain = socket.socket()
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        got = self.lines("""
            const net = require('net');
            const server = net.createServer();
            for (const activated of ['no', 7, 'one', 'one', 1, 2, {}]) {
              try {
                (activated === 'one' ? server : net.createServer()).listen({activated});
                console.log('"listens"');
              } catch (error) {
                console.log(JSON.stringify([error.code, error.message]));
              }
              server.close?.();
            }
        """, [listener(), plain, datagrams], ["one", "plain", "datagrams"])
        code = "ERR_ACTIVATION_FD"
        self.assertEqual(got[:6], [
            [code, "There is no socket 'no' to listen on: there are 0 'one', 1 'plain', 2 'datagrams'"],
            [code, "There is no socket 7 to listen on: there are 0 'one', 1 'plain', 2 'datagrams'"],
            "listens",
            [code, "There is no socket 'one' to listen on: a server has it"],
            [code, "There is no socket 1 to listen on: descriptor 4 is no stream socket that listens: EINVAL"],
            [code, "There is no socket 2 to listen on: descriptor 5 is no stream socket that listens: EPROTOTYPE"],
        ])
        self.assertEqual(got[6][0], "ERR_INVALID_ARG_TYPE")

    def test_what_the_process_opened_itself_is_none_of_them(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        got = self.lines("""
            for (const { fd, address } of require('net').activated())
              if (address !== null) console.log(JSON.stringify(fd));
        """, [listener()], LISTEN_FDS="40",
            options=[f"--control={folder.name}/c", "--metrics=0", "--dashboard=[::1]:0"], silent=False)
        self.assertEqual(got, [3])

    def test_what_is_no_number_of_sockets_is_told(self):
        for count in ("x", "-1", "1.5", "1000000000", "99999999999999999999"):
            with self.start("console.log(require('net').activated().length)", [listener()],
                            LISTEN_FDS=count) as process:
                output, errors = process.communicate(timeout=sluice.LIMIT)
            self.assertEqual(output, b"0\n")
            self.assertIn(b"[SLUICE_ACTIVATION_COUNT] Warning: LISTEN_FDS must be", errors)

    def test_with_the_option_listen_takes_the_socket_of_its_address(self):
        one = listener()
        port = one.getsockname()[1]
        got = self.lines(f"""
            const server = require('net').createServer();
            server.listen({port}, '127.0.0.1', () => {{
              console.log(JSON.stringify(server._handle.fd));
              server.close();
            }});
        """, [one], options=["--activated"])
        self.assertEqual(got, [3])

    def test_another_process_is_meant_if_the_pid_is(self):
        code = "console.log(require('net').activated().length)"
        done = subprocess.run([sluice.BINARY, "-e", code], capture_output=True, timeout=sluice.LIMIT, check=True,
                              env={**os.environ, "LISTEN_PID": "1", "LISTEN_FDS": "1"})
        self.assertEqual(done.stdout, b"0\n")


class Notices(sluice.FolderTest):
    """NOTIFY_SOCKET."""

    def manager(self, name="notify"):
        """The manager's socket."""
        made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        made.settimeout(sluice.LIMIT)
        made.bind(name if name.startswith("\0") else os.path.join(self.folder, name))
        self.addCleanup(made.close)
        return made

    def start(self, code, manager, **environment):
        name = manager.getsockname()
        name = "@" + name[1:].decode() if isinstance(name, bytes) else name
        return sluice.start(code, env={**os.environ, "NOTIFY_SOCKET": name, **environment})

    def test_ready_comes_when_every_server_listens_and_stopping_at_the_end(self):
        manager = self.manager()
        with self.start("""
            const net = require('net');
            const one = net.createServer().listen(0, 'localhost');
            const two = net.createServer().listen(0, '127.0.0.1');
            process.stdin.on('data', () => process.exit());
        """, manager) as process:
            first = manager.recv(1000).decode().splitlines()
            self.assertEqual(first[0], "READY=1")
            self.assertRegex(first[1], r"^STATUS=listening on .*:\d+, .*:\d+; 0 connections$")
            process.stdin.write(b"x")
            process.stdin.close()
            self.assertEqual(manager.recv(1000), b"STOPPING=1")
            process.wait(sluice.LIMIT)

    def test_an_abstract_name_and_a_program_without_servers(self):
        manager = self.manager(f"\0sluice-{os.getpid()}")
        with self.start("setTimeout(() => {}, 1)", manager) as process:
            self.assertEqual(manager.recv(1000), b"READY=1\nSTATUS=not listening")
            process.communicate(timeout=sluice.LIMIT)

    def test_the_watchdog_is_told_until_the_loop_or_a_sub_is_stuck(self):
        manager = self.manager()
        sub = self.file("sub.js", """
            const server = require('net').createSubServer('g');
            server.on('connection', () => { for (;;); });
            server.listen();
        """)
        main = self.file("main.js", f"""
            const net = require('net');
            const server = net.createServer('g', 1, {json.dumps(sub)}, {{addr: '127.0.0.1', port: 0}});
            server.on('connection', (socket) => socket.end());
            server.listen(() => console.log(server.port()));
        """)
        name = manager.getsockname()
        with sluice.Program([sluice.BINARY, main], stdout=subprocess.PIPE,
                            env={**os.environ, "NOTIFY_SOCKET": name, "WATCHDOG_USEC": "400000"}) as process:
            port = int(process.stdout.readline())
            while manager.recv(1000) != b"WATCHDOG=1":
                pass
            clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
            manager.settimeout(2)
            with self.assertRaises(TimeoutError):
                while True:
                    manager.recv(1000)
            for client in clients:
                client.close()
            process.kill()


if __name__ == "__main__":
    unittest.main()
