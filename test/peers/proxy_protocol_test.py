"""The PROXY protocol with the load balancers that speak it: who sends it to us, and who takes ours."""
import json
import os
import ssl
import socket
import subprocess
import unittest

from peers import KEYS, PeerTest, free_ports, sluice, talk

# Tells what it knows of each connection; its second server speaks HTTP, its third keeps TLS for itself.
TELLER = """
const proxy = { trust: ['127.0.0.0/8'] };
const net = require('net');
const facts = (one) => {
  const { version, command, peer, authority, alpn, ssl } = one.proxied;
  return JSON.stringify({ address: one.remoteAddress, port: one.remotePort, here: one.localPort, version, command,
    peer: peer.address, authority, alpn, ssl });
};
const plain = net.createServer({ proxy, allowHalfOpen: true }, (one) =>
  // Not before the client has spoken: nginx resets it else, if it speaks late.
  one.on('error', () => {}).once('data', () => one.end(facts(one))).on('end', () => one.end()));
const web = require('http').createServer({ proxy }, (request, response) => response.end(facts(request.socket)));
plain.listen(0, '127.0.0.1', () => web.listen(0, '127.0.0.1', () =>
  console.log(plain.address().port, web.address().port)));
"""


class FromThem(PeerTest):
    """They send, we read."""

    def setUp(self):
        super().setUp()
        _, (self.plain, self.web) = self.program(TELLER)

    def check(self, port, version):
        mine, answer = talk(port)
        facts = json.loads(answer)
        self.assertEqual((facts["address"], facts["port"], facts["here"], facts["version"], facts["command"]),
                         (*mine, port, version, "proxy"))

    def test_haproxy_of_both_versions(self):
        one, two = free_ports(2)
        self.haproxy("".join(f"""
frontend f{i}
  mode tcp
  bind 127.0.0.1:{port}
  default_backend b{i}
backend b{i}
  mode tcp
  server s 127.0.0.1:{self.plain} {how}
""" for i, (port, how) in enumerate([(one, "send-proxy"), (two, "send-proxy-v2 proxy-v2-options crc32c,unique-id")])),
                     two)
        self.check(one, 1)
        self.check(two, 2)

    def test_haproxy_tells_of_tls(self):
        port, = free_ports(1)
        self.haproxy(f"""
frontend f
  mode tcp
  bind 127.0.0.1:{port} ssl crt {self.pem()} ca-file {KEYS}/ca.pem verify optional
  default_backend b
backend b
  mode tcp
  server s 127.0.0.1:{self.plain} send-proxy-v2-ssl-cn proxy-v2-options ssl,cert-cn,ssl-cipher,authority,crc32c
""", port)
        context = ssl.create_default_context(cafile=os.path.join(KEYS, "ca.pem"))
        context.load_cert_chain(os.path.join(KEYS, "client.pem"), os.path.join(KEYS, "client.key"))
        with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost") as client:
            client.settimeout(sluice.LIMIT)
            client.sendall(b"x")
            facts = json.loads(client.recv(65536))
        self.assertEqual(facts["authority"], "localhost")
        told = facts["ssl"]
        self.assertEqual((told["client"], told["certificate"], told["verify"], told["version"]),
                         (True, True, 0, "TLSv1.3"))
        self.assertTrue(told["cn"])
        self.assertTrue(told["cipher"])

    def test_haproxy_checks_health_with_local(self):
        port, stats = free_ports(2)
        self.haproxy(f"""
frontend f
  mode tcp
  bind 127.0.0.1:{port}
  default_backend b
frontend stats
  mode http
  bind 127.0.0.1:{stats}
  http-request return status 200 content-type text/plain lf-string "%[nbsrv(b)]"
backend b
  mode tcp
  server s 127.0.0.1:{self.plain} send-proxy-v2 check inter 10ms
""", port)
        self.check(port, 2)

    def test_nginx(self):
        port, = free_ports(1)
        self.nginx(f"stream {{ server {{ listen 127.0.0.1:{port}; proxy_pass 127.0.0.1:{self.plain}; "
                   "proxy_protocol on; } }", port)
        self.check(port, 1)

    def ask_over_tls(self, port):
        """Asks over TLS; returns the own address and what comes."""
        context = ssl.create_default_context(cafile=os.path.join(KEYS, "ca.pem"))
        with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost") as client:
            client.settimeout(sluice.LIMIT)
            mine = client.getsockname()
            client.sendall(b"x")
            return mine, json.loads(client.recv(65536))

    def test_stunnel(self):
        port, = free_ports(1)
        self.stunnel(f"accept = 127.0.0.1:{port}\nconnect = 127.0.0.1:{self.plain}\nprotocol = proxy\n", port)
        mine, facts = self.ask_over_tls(port)
        self.assertEqual((facts["address"], facts["port"], facts["here"], facts["version"]), (*mine, port, 1))

    def test_hitch(self):
        for option, version in (("write-proxy-v1", 1), ("write-proxy-v2", 2)):
            port, = free_ports(1)
            self.hitch(f"{option} = on\n", port, self.plain)
            mine, facts = self.ask_over_tls(port)
            self.assertEqual((facts["address"], facts["port"], facts["here"], facts["version"]), (*mine, port, version))
        self.assertEqual((facts["ssl"]["client"], facts["ssl"]["version"]), (True, "TLSv1.3"))
        self.assertEqual(facts["authority"], "localhost")

    def test_varnish(self):
        for version in (1, 2):
            port, = free_ports(1)
            self.varnish(f"""
backend b {{ .host = "127.0.0.1"; .port = "{self.web}"; .proxy_header = {version}; }}
sub vcl_recv {{ return (pass); }}
""", port)
            with socket.create_connection(("127.0.0.1", port), sluice.LIMIT) as client:
                mine = client.getsockname()
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                answer = b"".join(iter(lambda: client.recv(65536), b""))
            facts = json.loads(answer.partition(b"\r\n\r\n")[2])
            self.assertEqual((facts["address"], facts["port"], facts["version"]), (*mine, version))

    def test_curl(self):
        self.need("curl")
        done = subprocess.run(["curl", "-s", "--haproxy-protocol", f"http://127.0.0.1:{self.web}/"],
                              capture_output=True, check=True, timeout=sluice.LIMIT)
        facts = json.loads(done.stdout)
        self.assertEqual((facts["version"], facts["command"], facts["address"]), (1, "proxy", "127.0.0.1"))


# A name server that answers nothing, and tells of each question by TCP.
NAMES = """
const proxy = { trust: ['127.0.0.0/8'] };
const server = require('net').createServer({ proxy }, (one) => {
  let rest = Buffer.alloc(0);
  one.on('error', () => {}).on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length > 2 && rest.length >= 2 + rest.readUInt16BE()) {
      const message = rest.subarray(0, 2 + rest.readUInt16BE());
      rest = rest.subarray(message.length);
      message[4] |= 0x80;
      one.write(message);
      console.log(one.remoteAddress, one.remotePort, one.localAddress, one.localPort, one.proxied.version);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""
QUESTION = """
const [, , port] = process.argv;
const source = { address: '192.0.2.7', port: 1234 };
const destination = { address: '198.51.100.1', port: 53 };
const client = require('net').connect({ host: '127.0.0.1', port, proxy: { version: 2, source, destination } });
const question = '1234' + '0100' + '0001000000000000' + '076578616d706c65036f7267000001' + '0001';
client.write(Buffer.from((question.length / 2).toString(16).padStart(4, '0') + question, 'hex'));
client.once('data', (data) => { console.log(data.toString('hex', 2, 4)); client.destroy(); });
"""
SENDER = """
const [, , port, how] = process.argv;
const source = { address: '192.0.2.7', port: 1234 };
const destination = { address: '198.51.100.1', port: 443 };
const proxy = how === 'local' ? how : { source, destination, version: Number(how),
  ...(how === '2' ? { authority: 'example.org', uniqueId: Buffer.from('id'), tlvs: [[0xEA, Buffer.from('x')]] } : {}) };
require('http').get({ host: '127.0.0.1', port, proxy, agent: false }, (response) => response.pipe(process.stdout));
"""


class ToThem(PeerTest):
    """We send, they read."""

    def ask(self, port, how):
        program = self.file("sender.js", SENDER)
        return subprocess.run([sluice.BINARY, program, str(port), how], capture_output=True, check=True, text=True,
                              timeout=sluice.LIMIT).stdout

    def test_haproxy(self):
        port, open_port = free_ports(2)
        self.haproxy(f"""
frontend f
  mode http
  bind 127.0.0.1:{port} accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst] %[fc_pp_authority] %[fc_pp_unique_id]"
frontend open
  mode http
  bind 127.0.0.1:{open_port}
""", open_port)
        self.assertEqual(self.ask(port, "1"), "192.0.2.7 1234 198.51.100.1  ")
        self.assertEqual(self.ask(port, "2"), "192.0.2.7 1234 198.51.100.1 example.org id")
        self.assertEqual(self.ask(port, "local").split()[0], "127.0.0.1")

    def test_nginx(self):
        port, open_port = free_ports(2)
        self.nginx(f"http {{ access_log off; server {{ listen 127.0.0.1:{port} proxy_protocol; listen 127.0.0.1:{open_port}; "
                   "return 200 '$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr'; } }", open_port)
        for how in ("1", "2"):
            self.assertEqual(self.ask(port, how), "192.0.2.7 1234 198.51.100.1")

    def test_hitch_passes_ours_on(self):
        _, (plain, _) = self.program(TELLER)
        port, = free_ports(1)
        self.hitch("proxy-proxy = on\n", port, plain)
        code = f"""
const source = {{ address: '192.0.2.7', port: 1234 }};
const destination = {{ address: '198.51.100.1', port: 443 }};
const client = require('tls').connect({{ host: '127.0.0.1', port: {port}, servername: 'localhost',
  ca: require('fs').readFileSync('{KEYS}/ca.pem'), proxy: {{ version: 2, source, destination }} }});
client.write('x');
client.pipe(process.stdout);
"""
        done = subprocess.run([sluice.BINARY, "-e", code], capture_output=True, text=True, check=True, timeout=sluice.LIMIT)
        facts = json.loads(done.stdout)
        self.assertEqual((facts["address"], facts["port"], facts["here"]), ("192.0.2.7", 1234, 443))

    def test_varnish(self):
        port, open_port = free_ports(2)
        self.varnish("""
import std;
import proxy;
backend none none;
sub vcl_recv { return (synth(200)); }
sub vcl_synth {
  set resp.body = "" + client.ip + " " + std.port(client.ip) + " " + server.ip + " " + proxy.authority();
  return (deliver);
}
""", open_port, "-a", f"127.0.0.1:{port},PROXY")
        self.assertEqual(self.ask(port, "1").strip(), "192.0.2.7 1234 198.51.100.1")
        self.assertEqual(self.ask(port, "2"), "192.0.2.7 1234 198.51.100.1 example.org")

    def test_dnsdist_reads_ours_and_sends_its_own(self):
        names, (backend,) = self.program(NAMES)
        port, = free_ports(1)
        self.dnsdist(f"""
setLocal("127.0.0.1:{port}")
setACL("0.0.0.0/0")
setProxyProtocolACL("127.0.0.0/8")
newServer({{address="127.0.0.1:{backend}", useProxyProtocol=true, tcpOnly=true}}):setUp()
""", port)
        program = self.file("question.js", QUESTION)
        done = subprocess.run([sluice.BINARY, program, str(port)], capture_output=True, text=True, check=True,
                              timeout=sluice.LIMIT)
        self.assertEqual(done.stdout, "1234\n")
        self.assertEqual(names.stdout.readline(), b"192.0.2.7 1234 198.51.100.1 53 2\n")


if __name__ == "__main__":
    unittest.main()
