"""The module http against other implementations: curl and Node as clients and servers."""
import os
import shutil
import subprocess
import unittest

import sluice

NODE = shutil.which("node")
SERVER = """
const { createServer } = require('http');
const server = createServer((req, res) => {
  const parts = [];
  req.on('data', (part) => parts.push(part)).on('end', () => {
    res.setHeader('X-Method', req.method);
    const body = Buffer.concat(parts);
    if (req.url === '/chunks') { res.write(body.subarray(0, 10)); res.end(body.subarray(10)); } else res.end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => { server.close(); server.closeAllConnections(); }).resume();
"""
CLIENT = """
const http = require('http');
const agent = new http.Agent({ keepAlive: true });
const body = Buffer.alloc(300000, 'sluice');
let left = 6;
(function next() {
  if (left-- === 0) { agent.destroy(); return; }
  const path = left % 2 === 0 ? '/chunks' : '/whole';
  const req = http.request({ host: '127.0.0.1', port: PORT, path, agent, method: 'POST' }, (res) => {
    const parts = [];
    res.on('data', (part) => parts.push(part)).on('end', () => {
      console.log(res.statusCode, res.headers['x-method'], Buffer.concat(parts).equals(body));
      setImmediate(next);
    });
  });
  req.write(body.subarray(0, 1000));
  req.end(body.subarray(1000));
})();
"""


class Server:
    """A server of SERVER's code in a program; its port is in `port`."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "-e", SERVER], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(sluice.LIMIT)
        self.process.stdout.close()


class HttpTest(unittest.TestCase):
    """Other implementations talk to sluice's."""

    def curl(self, *arguments, data=b""):
        """Runs curl; returns its output."""
        result = subprocess.run(["curl", "-sS", *arguments], input=data, capture_output=True,
                                timeout=sluice.LIMIT, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout

    def test_curl_is_answered(self):
        """GET, HEAD, PUT with a length, with chunks, with Expect, many on one connection."""
        data = os.urandom(2000000)
        with Server(sluice.BINARY) as server:
            url = f"http://127.0.0.1:{server.port}"
            self.assertEqual(self.curl(f"{url}/whole"), b"")
            self.assertIn(b"X-Method: HEAD", self.curl("-I", f"{url}/whole"))
            for path in ("whole", "chunks"):
                for extra in ("Expect: 100-continue", "Expect:", "Transfer-Encoding: chunked"):
                    self.assertEqual(self.curl("-T", "-", "-H", extra, f"{url}/{path}", data=data), data)
            output = self.curl("-w", "%{num_connects}", f"{url}/1", f"{url}/2", f"{url}/3")
            self.assertEqual(output, b"100")
            self.assertEqual(self.curl("-0", "--data-binary", "abc", f"{url}/chunks"), b"abc")

    @unittest.skipUnless(NODE, "node is not installed")
    def test_node_is_a_peer(self):
        """Requests of each are answered by the other."""
        for client, servant in ((NODE, sluice.BINARY), (sluice.BINARY, NODE)):
            with Server(servant) as server:
                code = CLIENT.replace("PORT", str(server.port))
                result = subprocess.run([client, "-e", code], capture_output=True, timeout=sluice.LIMIT,
                                        check=False)
                self.assertEqual(result.stderr, b"")
                self.assertEqual(result.stdout, b"200 POST true\n" * 6)


if __name__ == "__main__":
    unittest.main()
