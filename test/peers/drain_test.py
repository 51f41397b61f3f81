"""Requests through load balancers while one of two nodes drains: none is lost."""
import re
import signal
import subprocess
import unittest

from peers import PeerTest, free_ports, sluice

SERVER = """
const server = require('http').createServer((request, response) => response.end('hello'));
const { port } = server.health({ port: 0 });
server.listen(0, '127.0.0.1', () => console.log(server.address().port, port));
"""
SECONDS = 5


class Drain(PeerTest):
    def nodes(self):
        made = [self.program(SERVER, "--drain=4s", "--drain-grace=2s") for _ in range(2)]
        return [process for process, _ in made], [numbers for _, numbers in made]

    def load(self, port, node):
        """Runs wrk while a node drains; returns what it says of failures."""
        self.need("wrk")
        wrk = self.started(["wrk", "-t1", "-c50", f"-d{SECONDS}s", f"http://127.0.0.1:{port}/"],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        # In the midst of it: two seconds of wrk's are over once the node's grace is.
        node.send_signal(signal.SIGTERM)
        output = wrk.stdout.read()
        wrk.wait(sluice.LIMIT)
        self.assertEqual(node.wait(sluice.LIMIT), 0)
        self.assertGreater(int(re.search(r"(\d+) requests in", output).group(1)), 100, output)
        return re.findall(r"(Socket errors.*|Non-2xx.*)", output)

    def test_through_haproxy(self):
        (one, _), numbers = self.nodes()
        port, = free_ports(1)
        # A check that haproxy itself was late for is a failed one: two of them mark a node as down.
        servers = "\n".join(f"  server s{i} 127.0.0.1:{web} check port {health} inter 200ms fall 2"
                            for i, (web, health) in enumerate(numbers))
        self.haproxy(f"""
frontend f
  mode http
  bind 127.0.0.1:{port}
  default_backend b
backend b
  mode http
  option httpchk GET /ready
  timeout check 5s
  option redispatch 1
  retry-on conn-failure empty-response
  retries 3
{servers}
""", port)
        self.assertEqual(self.load(port, one), [])

    def test_through_nginx(self):
        (one, _), numbers = self.nodes()
        port, = free_ports(1)
        servers = " ".join(f"server 127.0.0.1:{web} max_fails=1 fail_timeout=60s;" for web, _ in numbers)
        self.nginx(f"http {{ access_log off; upstream nodes {{ {servers} keepalive 64; }} server {{ listen 127.0.0.1:{port}; "
                   "keepalive_requests 1000000; location / { proxy_pass http://nodes; proxy_http_version 1.1; "
                   "proxy_set_header Connection ''; proxy_next_upstream error timeout; } } }", port)
        self.assertEqual(self.load(port, one), [])


if __name__ == "__main__":
    unittest.main()
