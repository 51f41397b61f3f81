"""TLS with peers that others wrote: the openssl command, curl, Node, and an SMTP server."""
import os
import re
import shutil
import smtplib
import ssl
import subprocess
import tempfile
import unittest

import sluice

KEYS = os.environ.get("SLUICE_TEST_KEYS",
                      os.path.join(os.path.dirname(sluice.BINARY), "test-keys"))
SYSTEM_PYTHON = "/usr/bin/python3"
NODE = shutil.which("node")
CURL = shutil.which("curl")

# What programs of both runtimes begin with.
PRELUDE = """
'use strict';
const fs = require('fs');
const net = require('net');
const tls = require('tls');
const pem = (name) => fs.readFileSync(process.env.KEYS + '/' + name, 'latin1');
const pair = (name) => ({ cert: pem(name + '.pem'), key: pem(name + '.key') });
const ca = pem('ca.pem');
"""

ECHO = """
const server = tls.createServer({ ...pair('server'), ...OPTIONS }, (socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
});
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

ASK = """
const socket = tls.connect({ port: PORT, host: '127.0.0.1', servername: 'localhost', ca, ...OPTIONS });
let text = '';
socket.on('secureConnect', () => socket.write('hello\\n'));
socket.on('data', (chunk) => {
  text += chunk;
  if (text.endsWith('\\n')) socket.end();
});
socket.on('error', (error) => console.log(error.code));
socket.on('close', () => process.stdout.write(text));
"""


def key(name):
    return os.path.join(KEYS, name)


def options(text):
    return f"const OPTIONS = {{ {text} }};"


class Peers(unittest.TestCase):
    def start(self, *command):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env={**os.environ, "KEYS": KEYS})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def serve(self, code, runtime=sluice.BINARY):
        """Starts a server that prints its port; returns the port."""
        self.server = self.start(runtime, "-e", PRELUDE + code)
        return int(self.server.stdout.readline())

    def run_client(self, code, runtime=sluice.BINARY):
        process = self.start(runtime, "-e", PRELUDE + code)
        output, errors = process.communicate(timeout=sluice.LIMIT)
        self.assertEqual(errors, b"")
        return output.decode()

    def s_client(self, port, *arguments, text=b"hello\n"):
        """Says text, reads until it comes back, and returns all that the client printed."""
        process = self.start("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile",
                             key("ca.pem"), "-servername", "localhost", "-verify_return_error",
                             *arguments)
        process.stdin.write(text)
        process.stdin.flush()
        output = b""
        while not output.endswith(text):
            byte = process.stdout.read(1)
            if not byte:
                break
            output += byte
        rest, errors = process.communicate(b"Q\n", timeout=sluice.LIMIT)
        return (output + rest + errors).decode()

    def s_server(self, *arguments):
        """A server that reverses lines; returns its port."""
        process = self.start("openssl", "s_server", "-accept", "127.0.0.1:0", "-rev", "-cert",
                             key("server.pem"), "-key", key("server.key"), *arguments)
        for line in process.stdout:
            if found := re.match(rb"ACCEPT.*:(\d+)", line):
                return int(found[1])
        return self.fail(process.stderr.read())

    # ---- openssl s_client

    def test_s_client_speaks_both_versions(self):
        port = self.serve(options("") + ECHO)
        for option, version in (("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")):
            output = self.s_client(port, option)
            self.assertIn(version, output)
            self.assertIn("Verify return code: 0 (ok)", output)
            self.assertIn("hello\n", output)

    def test_s_client_gets_the_certificate_of_the_name_it_asks_for(self):
        port = self.serve("""
            const server = net.createServer('names', 0, { addr: '127.0.0.1' }, pair('server'));
            server.addcert({ name: 'a.example', ...pair('a') });
            server.on('connection', (socket) => socket.on('error', () => {}).pipe(socket));
            server.listen();
            console.log(server.port());
        """)
        self.assertRegex(self.s_client(port, "-servername", "a.example"), "CN ?= ?a.example")
        self.assertRegex(self.s_client(port, "-servername", "b.example"), "CN ?= ?localhost")

    def test_s_client_must_show_a_certificate_where_one_is_asked_for(self):
        port = self.serve(options("requestCert: true, ca") + ECHO)
        known = ("-cert", key("client.pem"), "-key", key("client.key"))
        stranger = ("-cert", key("stranger.pem"), "-key", key("stranger.key"))
        self.assertIn("hello\n", self.s_client(port, *known))
        for arguments in ((), stranger):
            self.assertRegex(self.s_client(port, *arguments), "alert (certificate required|unknown ca)")

    def test_s_client_resumes(self):
        port = self.serve(options("") + ECHO)
        with tempfile.TemporaryDirectory() as folder:
            session = os.path.join(folder, "session")
            for version in ("-tls1_2", "-tls1_3"):
                self.assertIn("New, TLS", self.s_client(port, version, "-sess_out", session))
                self.assertIn("Reused, TLS", self.s_client(port, version, "-sess_in", session))
            self.s_client(port, "-tls1_2", "-no_ticket", "-sess_out", session)
            output = self.s_client(port, "-tls1_2", "-no_ticket", "-sess_in", session)
            self.assertIn("Reused, TLS", output)

    def test_s_client_agrees_on_a_protocol(self):
        port = self.serve(options("ALPNProtocols: ['two', 'one']") + ECHO)
        self.assertIn("ALPN protocol: two", self.s_client(port, "-alpn", "one,two"))
        self.assertIn("no application protocol", self.s_client(port, "-alpn", "three"))

    def test_the_key_log_is_that_of_s_client(self):
        port = self.serve(options("") + ECHO + """
            server.on('keylog', (line) => process.stderr.write(line));
        """)
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "keys")
            self.s_client(port, "-tls1_3", "-keylogfile", log)
            with open(log, encoding="ascii") as file:
                theirs = sorted(line for line in file if not line.startswith("#"))
        self.server.kill()
        _, ours = self.server.communicate()
        self.assertEqual(sorted(ours.decode().splitlines(keepends=True)), theirs)

    # ---- openssl s_server

    def test_clients_speak_to_s_server_in_both_versions(self):
        for option in ("-tls1_2", "-tls1_3"):
            port = self.s_server(option)
            for code in (ASK, ASK.replace("tls.connect", "net.connect").replace(
                    "servername: 'localhost', ca", "tlsOpt: { ca, server: 'localhost' }").replace(
                    "secureConnect", "connect")):
                output = self.run_client(options("") + f"const PORT = {port};" + code)
                self.assertEqual(output, "olleh\n")

    def test_s_server_asks_for_a_certificate_and_gets_it(self):
        port = self.s_server("-Verify", "1", "-verify_return_error", "-CAfile", key("ca.pem"))
        code = f"const PORT = {port};" + ASK
        self.assertEqual(self.run_client(options("...pair('client')") + code), "olleh\n")
        self.assertRegex(self.run_client(options("...pair('stranger')") + code),
                         "^ERR_SSL_TLSV1_ALERT_UNKNOWN_CA\n")

    # ---- curl

    @unittest.skipUnless(CURL, "curl is absent")
    def test_curl_reads_a_page(self):
        port = self.serve("""
            const server = net.createServer('page', 0, { addr: '127.0.0.1' }, pair('server'));
            server.on('connection', (socket) => {
              socket.on('error', () => {});
              socket.once('data', () =>
                socket.end('HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello'));
            });
            server.listen();
            console.log(server.port());
        """)
        done = subprocess.run([CURL, "-sS", "--noproxy", "*", "--cacert", key("ca.pem"),
                               f"https://localhost:{port}/", "--resolve",
                               f"localhost:{port}:127.0.0.1"],
                              capture_output=True, timeout=sluice.LIMIT, check=False)
        self.assertEqual((done.stdout, done.stderr), (b"hello", b""))

    # ---- Node

    @unittest.skipUnless(NODE, "node is absent")
    def test_node_and_sluice_speak_to_each_other(self):
        for here, there in ((sluice.BINARY, NODE), (NODE, sluice.BINARY)):
            port = self.serve(options("requestCert: true, ca, ALPNProtocols: ['x']") + ECHO, here)
            for version in ("TLSv1.2", "TLSv1.3"):
                more = f"...pair('client'), ALPNProtocols: ['y', 'x'], maxVersion: '{version}'"
                code = options(more) + f"const PORT = {port};" + ASK
                self.assertEqual(self.run_client(code, there), "hello\n")

    @unittest.skipUnless(NODE, "node is absent")
    def test_node_and_sluice_refuse_each_other_with_the_same_codes(self):
        cases = (("...pair('self')", "ca: undefined"), ("", "ca: undefined"), ("...pair('expired')", ""),
                 ("", "servername: 'other.example'"))
        for server, client in cases:
            port = self.serve(options(server) + ECHO)
            code = options(client) + f"const PORT = {port};" + ASK
            self.assertEqual(self.run_client(code), self.run_client(code, NODE))

    # ---- STARTTLS

    def test_an_smtp_client_goes_on_encrypted(self):
        port = self.serve("""
            const server = net.createServer((plain) => {
              const talk = (socket, encrypted) => {
                socket.on('error', () => {});
                socket.on('data', function hear(data) {
                  const line = String(data).trim();
                  if (/^EHLO/i.test(line)) socket.write(encrypted ? '250 inside\\r\\n' : '250-hi\\r\\n250 STARTTLS\\r\\n');
                  else if (/^STARTTLS$/i.test(line)) {
                    socket.off('data', hear);
                    socket.write('220 go\\r\\n');
                    talk(new tls.TLSSocket(plain, { isServer: true, ...pair('server') }), true);
                  } else socket.end('221 bye\\r\\n');
                });
              };
              plain.write('220 here\\r\\n');
              talk(plain, false);
            });
            server.listen(0, '127.0.0.1', () => console.log(server.address().port));
        """)
        context = ssl.create_default_context(cafile=key("ca.pem"))
        client = smtplib.SMTP("127.0.0.1", port, timeout=sluice.LIMIT)
        client._host = "localhost"  # whom the certificate must name
        client.starttls(context=context)
        self.assertEqual(client.ehlo(), (250, b"inside"))
        client.quit()

    def test_an_smtp_server_of_a_package_is_spoken_to_encrypted(self):
        code = """
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(sys.argv[1], sys.argv[2])
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return '250 ' + envelope.content.decode().strip()
async def main():
    make = lambda: SMTP(Sink(), tls_context=context, require_starttls=True, hostname='here')
    server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
        probe = subprocess.run([SYSTEM_PYTHON, "-c", "import aiosmtpd"], capture_output=True, check=False)
        if probe.returncode != 0:
            self.skipTest("the package python3-aiosmtpd is absent")
        server = self.start(SYSTEM_PYTHON, "-c", code, key("server.pem"), key("server.key"))
        port = int(server.stdout.readline())
        output = self.run_client(f"const PORT = {port};" + """
            const steps = ['EHLO me', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA', 'sealed\\r\\n.', 'QUIT'];
            const talk = (socket) => socket.on('data', (data) => {
              if (/^250 sealed/m.test(data)) console.log(socket.encrypted, socket.authorized);
              if (/^\\d\\d\\d /m.test(data) && steps.length > 0) socket.write(steps.shift() + '\\r\\n');
            });
            const plain = net.connect(PORT, '127.0.0.1');
            const opening = ['EHLO me', 'STARTTLS'];
            plain.on('data', function hear(data) {
              if (!/^\\d\\d\\d /m.test(data)) return;
              if (opening.length > 0) plain.write(opening.shift() + '\\r\\n');
              else {
                plain.off('data', hear);
                const socket = tls.connect({ socket: plain, servername: 'localhost', ca }, () => {
                  socket.write(steps.shift() + '\\r\\n');
                });
                talk(socket);
              }
            });
        """)
        self.assertEqual(output, "true true\n")


if __name__ == "__main__":
    unittest.main()
