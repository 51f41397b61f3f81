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
                (["--drain-grace=1s"], b"sluice: --drain-grace is a part of --drain, which is not given\n"),
                (["--drain=0s"], b"sluice: --drain must be more than 0\n"),
                (["--drain=1s", "--drain-grace=1s"],
                 b"sluice: --drain-grace must be less than --drain (1000 ms), not 1000 ms\n")]:
            done = subprocess.run([sluice.BINARY, *options, "-e", "1"], capture_output=True, timeout=sluice.LIMIT,
                                  check=False)
            self.assertEqual((done.returncode, done.stderr), (2, text))

    def clients(self, ports):
        for port in ports:
            client = socket.create_connection(("127.0.0.1", port), sluice.LIMIT)
            self.addCleanup(client.close)
            yield client

    def check_all_leave(self, code, count):
        """A program that prints its ports, and `connected` count times, ends them all at SIGTERM."""
        path = self.file("program.js", code)
        with sluice.Program([sluice.BINARY, "--drain=2s", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            cwd=self.folder) as process:
            clients = list(self.clients(map(int, process.stdout.readline().split())))
            for _ in range(count):
                self.assertEqual(process.stdout.readline(), b"connected\n")
            process.send_signal(signal.SIGTERM)
            for client in clients:
                self.assertEqual(client.recv(100), b"bye")
                self.assertEqual(client.recv(100), b"")
                client.close()
            output, errors = process.communicate(timeout=sluice.LIMIT)
            self.assertEqual((process.returncode, output, errors), (0, b"", b""))

    def test_servers_of_tasks_and_workers_leave_too(self):
        self.file("task.js", """
const server = require('net').createServer((one) => {
  console.log('connected');
  one.on('goaway', () => one.end('bye')).on('error', () => {}).resume();
});
server.listen(0, '127.0.0.1', () => Task.send(Task.parent(), String(server.address().port)));
""")
        self.file("worker.js", """
const server = require('net').createServer((one) => {
  console.log('connected');
  one.on('goaway', () => one.end('bye')).on('error', () => {}).resume();
});
server.listen(0, '127.0.0.1', () => require('worker_threads').parentPort.postMessage(server.address().port));
""")
        self.check_all_leave("""
const { Worker } = require('worker_threads');
const ports = [];
const told = (port) => { ports.push(port); if (ports.length === 3) console.log(...ports); };
new Task('./task');
new Task('./task');
Task.on('message', told);
new Worker(`${__dirname}/worker.js`).on('message', told);
""", 3)

    def test_a_group_whose_master_is_in_a_task_leaves_too(self):
        self.file("master.js", """
const net = require('net');
const socket = require('socket');
const server = net.createServer('g', 1, './sub', socket.sockaddr(socket.INADDR_LOOPBACK, 0));
const serve = (one) => {
  console.log('connected');
  one.on('goaway', () => one.end('bye')).on('error', () => {}).resume();
};
server.on('connection', serve);
server.listen(() => Task.send(Task.parent(), String(server.port())));
""")
        self.file("sub.js", """
const server = require('net').createSubServer('g');
server.on('connection', (one) => {
  console.log('connected');
  one.on('goaway', () => one.end('bye')).on('error', () => {}).resume();
});
server.listen();
""")
        self.check_all_leave("""
new Task('./master');
Task.on('message', (port) => console.log(port, port, port));
""", 3)

    def test_a_task_that_is_stuck_is_not_waited_for(self):
        self.file("stuck.js", """
const server = require('net').createServer().listen(0, '127.0.0.1', () => {
  console.log('listening');
  for (;;);
});
""")
        path = self.file("program.js", "new Task('./stuck'); setInterval(() => {}, 1000);")
        with sluice.Program([sluice.BINARY, "--drain=100ms", path], stdout=subprocess.PIPE, cwd=self.folder) as process:
            process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=sluice.LIMIT)
            self.assertEqual(process.returncode, 0)

    def test_workers_of_a_cluster_leave_and_end(self):
        self.check_all_leave("""
const cluster = require('cluster');
if (cluster.isPrimary) {
  const workers = [cluster.fork(), cluster.fork()];
  let listening = 0;
  cluster.on('listening', (worker, { port }) => { if (++listening === 2) console.log(port, port); });
  cluster.on('exit', (worker, code) => {
    if (code !== 0 || !worker.exitedAfterDisconnect) console.log('a worker ended', code);
  });
} else {
  require('net').createServer((one) => {
    console.log('connected');
    one.on('goaway', () => one.end('bye')).on('error', () => {}).resume();
  }).listen(0, '127.0.0.1');
}
""", 2)


if __name__ == "__main__":
    unittest.main()
