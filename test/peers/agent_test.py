"""HAProxy asks a server's agent: its weight falls with the load, and a drain is seen."""
import os
import socket
import time
import unittest

from peers import PeerTest, free_ports, sluice

SERVER = """
const server = require('net').createServer((one) => one.on('error', () => {}).pipe(one));
let weight = 100;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.agent({ port: 0, weight: () => weight });
  console.log(server.address().port, port);
});
process.stdin.on('data', (text) => {
  const [word, value] = String(text).trim().split(' ');
  if (word === 'weight') weight = Number(value);
  else server.drain({ grace: 20000, deadline: 40000 });
});
"""


class Agent(PeerTest):
    def state(self, path):
        """(operational state, administrative state, weight) of the server."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.sendall(b"show servers state b\n")
            lines = b"".join(iter(lambda: client.recv(65536), b"")).decode().splitlines()
        fields = dict(zip(lines[1].lstrip("# ").split(), lines[2].split()))
        return int(fields["srv_op_state"]), int(fields["srv_admin_state"]), int(fields["srv_uweight"])

    def until(self, path, condition):
        end = time.monotonic() + sluice.LIMIT
        while not condition(*(now := self.state(path))):
            self.assertLess(time.monotonic(), end, now)
            time.sleep(0.02)
        return now

    def test_weight_and_drain_reach_haproxy(self):
        process, (server, agent) = self.program(SERVER, stdin=-1)
        self.addCleanup(process.stdin.close)
        port, = free_ports(1)
        path = os.path.join(self.folder, "stats")
        self.haproxy(f"""
frontend f
  mode tcp
  bind 127.0.0.1:{port}
  default_backend b
backend b
  mode tcp
  balance leastconn
  server s 127.0.0.1:{server} weight 100 check inter 100ms agent-check agent-addr 127.0.0.1 agent-port {agent} agent-inter 100ms
""".replace("frontend f", f"global\n  stats socket {path} level admin\nfrontend f"), port)
        # 0 of the agent's ramp at first, or 1; then what the program says of its 10 s.
        self.until(path, lambda op, admin, weight: op == 2)
        process.stdin.write(b"weight 0\n")
        process.stdin.flush()
        self.until(path, lambda op, admin, weight: weight == 0)
        process.stdin.write(b"weight 100\n")
        process.stdin.flush()
        self.until(path, lambda op, admin, weight: weight > 1)
        process.stdin.write(b"drain\n")
        process.stdin.flush()
        drained = 0x08 | 0x10  # SRV_ADMF_FDRAIN, SRV_ADMF_IDRAIN
        self.until(path, lambda op, admin, weight: weight == 0 or admin & drained)


if __name__ == "__main__":
    unittest.main()
