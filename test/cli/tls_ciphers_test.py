"""Large data by each AES-GCM suite, with and without sluice's provider, to and from the openssl
command and curl."""
import functools
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

import sluice

KEYS = os.environ.get("SLUICE_TEST_KEYS",
                      os.path.join(os.path.dirname(sluice.BINARY), "test-keys"))
CURL = shutil.which("curl")
DATA = random.Random(3).randbytes(3_000_001)

# The versions with their suites: sluice's and OpenSSL's name, options of openssl and of curl.
SUITES = [
    ("TLSv1.2", name, ["-tls1_2", "-cipher", name], ["--tls-max", "1.2", "--ciphers", name])
    for name in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384")
] + [
    ("TLSv1.3", name, ["-tls1_3", "-ciphersuites", name], ["--tls13-ciphers", name])
    for name in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384")
]

PRELUDE = """
'use strict';
const fs = require('fs');
const https = require('https');
const tls = require('tls');
const pem = (name) => fs.readFileSync(process.env.KEYS + '/' + name, 'latin1');
const pair = { cert: pem('server.pem'), key: pem('server.key') };
"""

# Each connection gets back what it sent, and the cipher on standard error.
ECHO = """
const server = tls.createServer(pair, (socket) => {
  console.error(socket.getProtocol(), socket.getCipher().name);
  let left = SIZE;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    left -= chunk.length;
    if (left > 0) socket.write(chunk);
    else socket.end(chunk);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

PAGE = """
const server = https.createServer(pair, (request, answer) => request.pipe(answer));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

# Sends all of standard input, then prints what comes.
SEND = """
const socket = tls.connect({ port: PORT, host: '127.0.0.1', servername: 'localhost', ca: pem('ca.pem') });
process.stdin.pipe(socket);
socket.pipe(process.stdout);
"""


def key(name):
    return os.path.join(KEYS, name)


def with_each_suite(test):
    """A test that runs with the provider and without it, by every suite."""
    @functools.wraps(test)
    def run(self):
        for provider in ("1", "0"):
            for version, name, openssl, curl in SUITES:
                with self.subTest(provider=provider, suite=name):
                    test(self, provider=provider, version=version, name=name, openssl=openssl,
                         curl=curl)
    return run


class Ciphers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        with open(os.path.join(cls.folder, "data"), "wb") as file:
            file.write(DATA)

    def start(self, *command, provider="1", stdin=subprocess.PIPE):
        process = subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
            env={**os.environ, "KEYS": KEYS, "SLUICE_TLS_PROVIDER": provider})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def serve(self, code, provider):
        server = self.start(sluice.BINARY, "-e", f"const SIZE = {len(DATA)};" + PRELUDE + code,
                            provider=provider)
        return server, int(server.stdout.readline())

    @with_each_suite
    def test_s_client_gets_back_what_it_sends(self, provider, version, name, openssl, **_):
        server, port = self.serve(ECHO, provider)
        client = self.start("openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{port}",
                            "-CAfile", key("ca.pem"), "-verify_return_error", *openssl)
        output, errors = client.communicate(DATA, timeout=sluice.LIMIT)
        self.assertEqual(server.stderr.readline().decode(), f"{version} {name}\n")
        self.assertTrue(output == DATA, errors)

    @with_each_suite
    def test_s_server_gets_what_is_sent(self, provider, openssl, **_):
        server, port = self.s_server("-naccept", "1", *openssl)
        with open(os.path.join(self.folder, "data"), "rb") as data:
            self.start(sluice.BINARY, "-e", f"const PORT = {port};" + PRELUDE + SEND,
                       provider=provider, stdin=data)
        # Not communicate(): s_server ends when its standard input does.
        self.assertTrue(DATA in server.stdout.read(), "not all of it, or not as it was")

    @with_each_suite
    def test_what_s_server_sends_is_read(self, provider, openssl, **_):
        _, port = self.s_server("-WWW", *openssl)
        client = self.start(sluice.BINARY, "-e", f"const PORT = {port};" + PRELUDE + SEND,
                            provider=provider)
        output, errors = client.communicate(b"GET /data HTTP/1.0\r\n\r\n", timeout=sluice.LIMIT)
        self.assertTrue(output.endswith(DATA), errors)

    @unittest.skipUnless(CURL, "curl is absent")
    @with_each_suite
    def test_curl_gets_back_what_it_sends(self, provider, curl, **_):
        _, port = self.serve(PAGE, provider)
        done = subprocess.run(
            [CURL, "-sS", "--noproxy", "*", "--cacert", key("ca.pem"), "--data-binary", "@-",
             f"https://localhost:{port}/", "--resolve", f"localhost:{port}:127.0.0.1", *curl],
            input=DATA, capture_output=True, timeout=sluice.LIMIT, check=False)
        self.assertEqual(done.stderr, b"")
        self.assertTrue(done.stdout == DATA)

    def s_server(self, *arguments):
        """Starts openssl's server; returns it and its port."""
        process = self.start("openssl", "s_server", "-accept", "127.0.0.1:0", "-cert",
                             key("server.pem"), "-key", key("server.key"), *arguments)
        for line in process.stdout:
            if found := re.match(rb"ACCEPT.*:(\d+)", line):
                return process, int(found[1])
        return self.fail(process.stderr.read())


if __name__ == "__main__":
    unittest.main()
