"""The servers of examples/cpp and their twins in JavaScript: the same tests for both.

The environment names the folder of the C++ programs (EXAMPLES), the command (SLUICE; without it only
the C++ programs are tested) and a folder of keys (SLUICE_TEST_KEYS).
"""
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

FOLDER = os.environ.get("EXAMPLES", "build/examples/cpp")
KEYS = os.environ.get("SLUICE_TEST_KEYS", "build/test-keys")
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples")
LIMIT = 60  # seconds; no test needs as long


def programs(name):
    """The commands of an example's programs, by language."""
    yield "C++", [os.path.join(FOLDER, "example_" + name)]
    if "SLUICE" in os.environ:
        yield "JavaScript", [os.environ["SLUICE"], os.path.join(SOURCE, name.replace("_", "-") + ".js")]


@contextlib.contextmanager
def serving(words):
    """Runs a server; gives its port. It has nothing to complain about."""
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            try:
                line = process.stdout.readline()
                if not line.startswith("port "):
                    raise RuntimeError(f"{words}: said {line!r}")
                yield int(line.split()[1])
            finally:
                process.kill()
        errors.seek(0)
        if text := errors.read():
            raise AssertionError(f"{words}: {text}")


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=LIMIT)


def connect_tls(port, name):
    context = ssl.create_default_context(cafile=os.path.join(KEYS, "ca.pem"))
    return context.wrap_socket(connect(port), server_hostname=name)


def receive(stream, size=None):
    """So many bytes, or all to the end."""
    parts = []
    while size is None or size > 0:
        part = stream.recv(65536 if size is None else size)
        if not part:
            break
        parts.append(part)
        size = None if size is None else size - len(part)
    return b"".join(parts)


def pair(name):
    return [os.path.join(KEYS, name + ".pem"), os.path.join(KEYS, name + ".key")]


class Examples(unittest.TestCase):
    def for_each(self, name, test, *arguments):
        for language, words in programs(name):
            with self.subTest(language), serving(words + list(arguments)) as port:
                test(port)

    def test_lines_are_answered_in_order(self):
        def test(port):
            with connect(port) as client:
                client.sendall(b"PING a b\nSET k some value\r\nGET k\nDEL k\nGET k\nDEL k\nwhat\nPI")
                client.sendall(b"NG \xff\n")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(receive(client), b"PONG a b\nOK\nVALUE some value\nOK\nNONE\nNONE\n"
                                                  b"ERROR unknown command what\nPONG \xff\n")
        self.for_each("line_protocol", test)

    def test_a_line_without_an_end_is_cut_off(self):
        def test(port):
            with connect(port) as client:
                with contextlib.suppress(ConnectionError):
                    client.sendall(b"x" * 1_000_000)
                    self.assertEqual(receive(client), b"")
        self.for_each("line_protocol", test)

    def test_the_group_shows_each_name_its_certificate(self):
        def test(port):
            for name, shown in (("localhost", "localhost"), ("a.example", "a.example")):
                with connect_tls(port, name) as client:
                    subject = dict(part[0] for part in client.getpeercert()["subject"])
                    self.assertEqual(subject["commonName"], shown)
        self.for_each("tls_echo_group", test, "2", *pair("server"), "a.example", *pair("a"))

    def test_the_group_echoes_on_every_thread(self):
        data = os.urandom(300_000)

        def test(port):
            for _ in range(4):
                with connect_tls(port, "localhost") as client:
                    client.sendall(data)
                    self.assertEqual(receive(client, len(data)), data)
        self.for_each("tls_echo_group", test, "2", *pair("server"))

    def test_the_group_of_cpp_leaves_at_sigterm_when_its_clients_have(self):
        words = next(programs("tls_echo_group"))[1] + ["2", *pair("server")]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            port = int(process.stdout.readline().split()[1])
            with connect_tls(port, "localhost") as client:
                process.send_signal(signal.SIGTERM)
                client.sendall(b"x")
                self.assertEqual(receive(client, 1), b"x")
            self.assertEqual(process.wait(LIMIT), 0)

    def test_the_proxy_finds_the_server_of_a_name(self):
        echo = next(programs("tls_echo_group"))[1]
        data = os.urandom(300_000)
        with serving(echo + ["1", *pair("server")]) as local, \
                serving(echo + ["1", *pair("a")]) as other:
            def test(port):
                for name in ("localhost", "a.example"):
                    with connect_tls(port, name) as client:
                        client.sendall(data)
                        self.assertEqual(receive(client, len(data)), data)
            self.for_each("sni_proxy", test, f"localhost=127.0.0.1:{local}",
                          f"a.example=127.0.0.1:{other}")

    def test_the_proxy_refuses_other_names_and_what_is_no_tls(self):
        def test(port):
            with self.assertRaises((ssl.SSLError, OSError)):
                connect_tls(port, "localhost").close()
            with connect(port) as client, contextlib.suppress(ConnectionError):
                client.sendall(b"GET / HTTP/1.1\r\n\r\n")
                self.assertEqual(receive(client), b"")
        self.for_each("sni_proxy", test, "a.example=127.0.0.1:1")

    def test_the_proxy_reads_a_hello_that_comes_in_pieces(self):
        echo = next(programs("tls_echo_group"))[1]
        with serving(echo + ["1", *pair("server")]) as local:
            def test(port):
                incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                context = ssl.create_default_context(cafile=os.path.join(KEYS, "ca.pem"))
                tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
                with self.assertRaises(ssl.SSLWantReadError):
                    tls.do_handshake()
                hello = outgoing.read()
                with connect(port) as client:
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for byte in hello[:100]:
                        client.sendall(bytes([byte]))
                    client.sendall(hello[100:])
                    self.assertEqual(receive(client, 1), b"\x16")
            self.for_each("sni_proxy", test, f"localhost=127.0.0.1:{local}")


if __name__ == "__main__":
    unittest.main()
