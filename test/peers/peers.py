"""Load balancers and what else stands before programs, with configurations of the tests' own."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import sluice  # noqa: E402  pylint: disable=wrong-import-position

KEYS = os.environ.get("SLUICE_TEST_KEYS", os.path.join(os.path.dirname(sluice.BINARY), "test-keys"))
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
os.environ["PATH"] = PATH


def free_ports(count):
    """Ports that nobody has now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class PeerTest(sluice.FolderTest):
    """Tests whose programs end with them."""

    def need(self, *tools):
        for tool in tools:
            if shutil.which(tool) is None:
                self.skipTest(f"{tool} is not installed")

    def wait(self, port, process):
        """Waits until somebody listens; the time-out only guards."""
        end = time.monotonic() + sluice.LIMIT
        while time.monotonic() < end:
            self.assertIsNone(process.poll(), "ended early")
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.01)
        self.fail(f"nobody listens on {port}")

    def started(self, arguments, **options):
        process = subprocess.Popen(arguments, **options)
        def end():
            process.terminate()
            process.wait(sluice.LIMIT)
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
        self.addCleanup(end)
        return process

    def program(self, code, *options, **more):
        """Starts code; returns the process and the numbers of its first line."""
        process = self.started([sluice.BINARY, *options, "-e", code], stdout=subprocess.PIPE, **more)
        return process, [int(word) for word in process.stdout.readline().split()]

    def haproxy(self, text, port, options=()):
        self.need("haproxy")
        config = self.file("haproxy.cfg", "global\n  maxconn 4000\n  tune.ssl.default-dh-param 2048\ndefaults\n"
                           "  timeout connect 20s\n  timeout client 20s\n  timeout server 20s\n" + text)
        process = self.started(["haproxy", "-db", "-q", *options, "-f", config])
        self.wait(port, process)
        return process

    def nginx(self, text, port):
        self.need("nginx")
        modules = "/usr/lib/nginx/modules/ngx_stream_module.so"
        if text.startswith("stream") and not os.path.exists(modules):
            self.skipTest("nginx has no module stream here")
        load = f"load_module {modules};\n" if os.path.exists(modules) else ""
        config = self.file("nginx.conf", f"{load}daemon off;\nmaster_process off;\npid {self.folder}/pid;\n"
                           f"error_log stderr crit;\nevents {{}}\n{text}")
        process = self.started(["nginx", "-p", self.folder, "-e", "stderr", "-c", config])
        self.wait(port, process)
        return process

    def pem(self):
        """A file with the server's certificate and key."""
        return self.file("server.pem", "".join(pathlib.Path(KEYS, name).read_text(encoding="ascii")
                                               for name in ("server-ec.pem", "server-ec.key")))

    def stunnel(self, text, port):
        self.need("stunnel")
        config = self.file("stunnel.conf", f"foreground = yes\npid =\ndebug = err\n[s]\ncert = {self.pem()}\n{text}")
        self.wait(port, self.started(["stunnel", config], stderr=subprocess.DEVNULL))

    def hitch(self, text, port, backend):
        self.need("hitch")
        user = 'user = "nobody"\n' if os.geteuid() == 0 else ""
        config = self.file("hitch.conf", f'frontend = "[127.0.0.1]:{port}"\nbackend = "[127.0.0.1]:{backend}"\n'
                           f'pem-file = "{self.pem()}"\nquiet = on\ndaemon = off\n{user}{text}')
        self.wait(port, self.started(["hitch", f"--config={config}"], stderr=subprocess.DEVNULL))

    def varnish(self, text, port, *options):
        self.need("varnishd")
        config = self.file("varnish.vcl", "vcl 4.1;\n" + text)
        folder = os.path.join(self.folder, f"varnish-{port}")
        self.wait(port, self.started(["varnishd", "-j", "none", "-F", "-n", folder, "-f", config, "-s", "malloc,16m",
                                      "-a", f"127.0.0.1:{port}", *options],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def dnsdist(self, text, port):
        self.need("dnsdist")
        config = self.file("dnsdist.conf", text)
        self.wait(port, self.started(["dnsdist", "--supervised", "--disable-syslog", "-C", config],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def talk(port, data=b"x"):
    """Sends data to a port; returns the own address and all that comes. The other side ends first: nginx
    lets go of both sides once one has ended."""
    with socket.create_connection(("127.0.0.1", port), sluice.LIMIT) as client:
        mine = client.getsockname()
        client.sendall(data)
        return mine, b"".join(iter(lambda: client.recv(65536), b""))
