"""Metrics: --metrics, what promtool says of them, and counters that never go back."""
import http.client
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import time
import unittest
import urllib.parse

from sluice import BINARY, LIMIT, FolderTest, Program

RULES = os.path.join(os.path.dirname(__file__), "../metrics/sluice.rules.test.yml")
PROMTOOL = shutil.which("promtool")
# A master whose subs end, or spin, as a client says.
GROUP = """
const net = require('net');
const socket = require('socket');
if (Task.me() !== 1) {
  const server = net.createSubServer('g');
  server.on('connection', (one) => {
    one.on('data', (data) => {
      if (String(data) === 'throw') throw new Error('a client said so');
      if (String(data) === 'spin') for (;;);
      one.write(data);
    });
  });
  server.listen();
} else {
  const server = net.createServer('g', 2, __filename, socket.sockaddr(socket.INADDR_LOOPBACK, 0));
  let turn = 0;
  server.balance = () => (turn = (turn % 2) + 1);
  server.on('connection', () => {});
  server.listen(() => console.log(server.port()));
  server.on('sub', (event) => { if (event.type === 'respawn') console.log('respawn'); });
}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class MetricsTest(FolderTest):
    def start(self, text, **options):
        """Starts a program that prints a number first; returns it, and the number."""
        self.port = free_port()
        process = Program([BINARY, "--control=off", f"--metrics={self.port}",
                           self.file("program.js", text)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, int(process.stdout.readline())

    def get(self, path="/metrics", method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        self.addCleanup(connection.close)
        connection.request(method, path)
        response = connection.getresponse()
        return response, response.read().decode()

    def values(self, kind="counter"):
        """The samples of all metrics of a type."""
        text = self.get()[1]
        names = set(re.findall(rf"^# TYPE (\S+) {kind}$", text, re.M))
        samples = re.findall(r"^([^#\s{]+)(\{.*\})? (\S+)$", text, re.M)
        return {name + labels: float(value) for name, labels, value in samples if name in names}

    def test_the_page_has_its_type_and_only_its_path(self):
        self.start(GROUP)
        response, text = self.get()
        self.assertEqual(response.status, 200)
        self.assertEqual(response.getheader("Content-Type"),
                         "text/plain; version=0.0.4; charset=utf-8")
        self.assertIn("sluice_build_info{", text)
        self.assertEqual(self.get("/other")[0].status, 404)
        self.assertEqual(self.get(method="POST")[0].status, 405)
        self.assertEqual(self.get(method="HEAD")[1], "")

    def test_a_request_that_is_too_long_is_told_so(self):
        self.start(GROUP)
        for request, status in [
                (b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\n\r\n", b"HTTP/1.1 414 "),
                (b"GET /metrics HTTP/1.1\r\n" + b"a: b\r\n" * 2000 + b"\r\n", b"HTTP/1.1 431 "),
                (b"POST /metrics HTTP/1.1\r\nContent-Length: 50000\r\n\r\n" + b"x" * 50000,
                 b"HTTP/1.1 405 ")]:
            with socket.create_connection(("127.0.0.1", self.port)) as client:
                try:
                    client.sendall(request)
                except OSError:
                    pass  # it was answered already
                self.assertTrue(client.recv(100).startswith(status), status)

    def test_clients_that_send_nothing_keep_no_others_waiting(self):
        self.start(GROUP)
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(40)]
        for client in silent:
            client.sendall(b"G")
        self.assertEqual(self.get()[0].status, 200)
        for client in silent:
            client.settimeout(LIMIT)
        self.assertEqual(silent[0].recv(1), b"")  # who came first had to leave
        for client in silent:
            client.close()

    @unittest.skipUnless(PROMTOOL, "needs promtool")
    def test_promtool_finds_nothing_wrong(self):
        _, port = self.start(GROUP)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"hello")
            client.recv(5)
        checked = subprocess.run([PROMTOOL, "check", "metrics"], input=self.get()[1],
                                 capture_output=True, encoding="utf-8", check=False)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    @unittest.skipUnless(PROMTOOL, "needs promtool")
    def test_the_rules_for_alerts_do_what_they_say(self):
        subprocess.run([PROMTOOL, "test", "rules", RULES], capture_output=True, check=True)

    def test_counters_do_not_go_back_when_members_end(self):
        process, port = self.start(GROUP)
        before = {}
        for i in range(4):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(b"hello")
                self.assertEqual(client.recv(5), b"hello")
                client.sendall(b"throw")
                self.assertEqual(client.recv(5), b"")
            now = self.values()
            for name, value in before.items():
                if "task=" not in name and "process_" not in name:
                    self.assertGreaterEqual(now.get(name, 0), value, name)
            before = now
            self.assertEqual(process.stdout.readline(), b"respawn\n")
        opened = sum(value for name, value in before.items()
                     if name.startswith("sluice_connections_opened_total{group=\"g\""))
        self.assertEqual(opened, 4)
        killed = sum(value for name, value in self.values().items() if 'reason="task-killed"' in name)
        self.assertEqual(killed, 4)
        restarts = sum(value for name, value in self.values().items()
                       if name.startswith("sluice_task_restarts_total"))
        self.assertEqual(restarts, 4)

    def test_prometheus_sees_no_counter_go_back_while_subs_are_killed(self):
        if shutil.which("prometheus") is None:
            self.skipTest("prometheus is not installed")
        # SLUICE_SCRAPE_SECONDS=600: ten minutes of it.
        seconds = float(os.environ.get("SLUICE_SCRAPE_SECONDS", "5"))
        process, port = self.start(GROUP.replace("server.on('connection', () => {});",
                                                 "server.on('connection', (one) => one.end());"))
        web = free_port()
        config = self.file("prometheus.yml", "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\nscrape_configs:\n"
                           f"  - {{job_name: sluice, static_configs: [{{targets: ['127.0.0.1:{self.port}']}}]}}\n")
        prometheus = subprocess.Popen(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder}/data",
                                       f"--web.listen-address=127.0.0.1:{web}", "--log.level=error"])
        self.addCleanup(prometheus.wait)
        self.addCleanup(prometheus.kill)

        def series():
            """What Prometheus has of counters: their values in the order of time."""
            query = urllib.parse.urlencode({"query": '{__name__=~"sluice_.+_(total|count|sum|bucket)"}[1h]'})
            connection = http.client.HTTPConnection("127.0.0.1", web, timeout=LIMIT)
            try:
                connection.request("GET", "/api/v1/query?" + query)
                response = connection.getresponse()
                if response.status != 200:
                    return []
                return json.loads(response.read())["data"]["result"]
            except (OSError, http.client.HTTPException):
                return []
            finally:
                connection.close()

        def scrapes():
            return max((len(one["values"]) for one in series()), default=0)

        end = time.monotonic() + seconds
        kills = 0
        while time.monotonic() < end or scrapes() < 5:
            with socket.create_connection(("127.0.0.1", port), LIMIT) as client:
                client.sendall(b"x" * 1000)
                # The master gets connections while no sub is ready, and ends them.
                if not client.recv(1000):
                    continue
                client.sendall(b"throw")
                while client.recv(1000):
                    pass
            self.assertEqual(process.stdout.readline(), b"respawn\n")
            kills += 1
        self.assertGreater(kills, 0)
        for one in series():
            values = [float(value) for _, value in one["values"]]
            # Loops of tasks that ended are no series any more.
            self.assertEqual(values, sorted(values), one["metric"])

    def test_a_member_that_is_stuck_still_has_its_last_numbers(self):
        _, port = self.start(GROUP)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"hello")
            self.assertEqual(client.recv(5), b"hello")
            client.sendall(b"spin")
            received = 'sluice_received_bytes_total{group="g",side="accepted",member="1"}'
            while self.values()[received] < 9:
                pass
            busy = [name for name in self.values() if name.startswith("sluice_loop_busy_seconds")]
            self.assertEqual(len(busy), 3)

    def test_connections_that_could_not_be_accepted_are_counted(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
        _, port = self.start(GROUP, preexec_fn=limit)
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
        for client in clients:
            client.close()
        name = 'sluice_accept_errors_total{group="g",reason="EMFILE"}'
        while self.values().get(name, 0) == 0:
            pass

    def test_what_is_no_address_is_refused(self):
        result = self.command("--metrics=nowhere:1", "-e", "1")
        self.assertEqual(result.returncode, 2)
        self.assertIn("--metrics must be a port", result.stderr)
        for option in ("--metrics=70000", "--metrics=", "--metrics=:1", "--dashboard=", "--dashboard=x"):
            self.assertEqual(self.command(option, "-e", "1").returncode, 2, option)


if __name__ == "__main__":
    unittest.main()
