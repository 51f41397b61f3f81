"""Names in a simulation: lookups, questions to its name server and to servers that are programs."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SLUICE = os.environ.get("SLUICE", "build/sluice")


class Dns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_sim(self, programs, *options, main=None):
        for name, text in programs.items():
            (self.folder / f"{name}.js").write_text(text, encoding="utf-8")
        files = [str(self.folder / f"{name}.js") for name in ([main] if main else programs)]
        done = subprocess.run([SLUICE, "sim", "--faults", "latency=5", *options, *files],
                              capture_output=True, text=True, timeout=100, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_name_server_knows_hosts_by_name_and_by_address(self):
        text = self.run_sim({"one": "setInterval(() => {}, 1000)", "two": """
            const dns = require('dns').promises;
            (async () => {
              console.log(dns.getServers().join());
              console.log((await dns.resolve4('one')).join(), (await dns.resolve4('TWO')).join());
              console.log((await dns.reverse('10.0.0.1')).join());
              console.log((await dns.lookupService('10.0.0.2', 22)).hostname);
              for (const [name, type] of [['three', 'A'], ['one', 'AAAA'], ['one', 'MX']])
                await dns.resolve(name, type).catch((error) => console.log(error.code));
              console.log(performance.now() > 50);
              process.exit();
            })();"""})
        for line in ("| 10.0.255.53", "| 10.0.0.1 10.0.0.2", "| one", "| two", "| ENOTFOUND",
                     "| ENODATA", "| true"):
            self.assertIn(line, text)
        self.assertEqual(text.count("| ENODATA"), 2)

    def test_a_name_may_be_of_several_hosts_and_a_long_answer_comes_by_tcp(self):
        hosts = ", ".join(f"host{i}: 'idle.js'" for i in range(40))
        names = ", ".join(f"'host{i}'" for i in range(40))
        trace = self.folder / "trace"
        text = self.run_sim({"idle": "", "client": """
            const dns = require('dns');
            dns.resolve4('many', (error, all) => console.log(error, new Set(all).size));
            dns.lookup('few', { all: true }, (error, all) => console.log(error, all.length));""",
                             "scenario": f"""
            module.exports = {{
              hosts: {{ client: 'client.js', {hosts} }},
              names: {{ many: [{names}], few: ['host1', 'host2'] }},
            }};"""}, "--trace", str(trace), main="scenario")
        self.assertIn("| null 40", text)
        self.assertIn("| null 2", text)
        self.assertRegex(trace.read_text(), r"sent client:\d+>nameserver:53 SYN ")

    def test_a_program_may_be_a_server_for_names(self):
        text = self.run_sim({"server": """
            // Answers each question by 10.1.2.3, by UDP.
            const socket = require('dgram').createSocket('udp4');
            socket.on('message', (question, from) => {
              const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 1, 2, 3]);
              const head = Buffer.from(question);
              head.writeUInt16BE(0x8180, 2);
              head.writeUInt16BE(1, 6);
              socket.send(Buffer.concat([head, answer]), from.port, from.address);
            });
            socket.bind(53);""", "client": """
            const { Resolver } = require('dns').promises;
            const resolver = new Resolver();
            resolver.setServers(['10.0.0.1']);
            resolver.resolve4('any.where').then((all) => {
              console.log(all.join());
              process.exit();
            });"""})
        self.assertIn("| 10.1.2.3", text)

    # The pauses are 1, 2 and 4 s; newer versions of c-ares make the later ones up to a half shorter.
    def test_who_does_not_answer_is_asked_again_by_the_simulated_clock(self):
        text = self.run_sim({"server": """
            require('dgram').createSocket('udp4').on('message', () => console.log('asked')).bind(53);""",
                             "client": """
            const { Resolver } = require('dns');
            const resolver = new Resolver({ timeout: 1000, tries: 3 });
            resolver.setServers(['10.0.0.1']);
            resolver.resolve4('any.where', (error) => {
              console.log(error.code, performance.now() > 3900);
              process.exit();
            });"""})
        self.assertEqual(text.count("| asked"), 3)
        self.assertIn("| ETIMEOUT true", text)

    def test_a_port_that_nobody_listens_at_refuses(self):
        text = self.run_sim({"server": "setInterval(() => {}, 1000)", "client": """
            const { Resolver } = require('dns');
            const resolver = new Resolver({ tries: 1 });
            resolver.setServers(['10.0.0.1']);
            resolver.resolve4('any.where', (error) => {
              console.log(error.code);
              process.exit();
            });"""})
        self.assertIn("| ECONNREFUSED", text)

    def test_questions_leave_the_same_trace_each_time(self):
        program = """
            const dns = require('dns');
            for (let i = 0; i < 10; i++) dns.resolve4('client', () => {});"""
        traces = []
        for name in ("one", "two"):
            trace = self.folder / name
            self.run_sim({"client": program}, "--trace", str(trace))
            traces.append(trace.read_bytes())
        self.assertEqual(*traces)

    def test_network_interfaces_have_the_address_of_the_host(self):
        text = self.run_sim({"one": "", "two": """
            const { networkInterfaces } = require('os');
            console.log(networkInterfaces().eth0[0].cidr);"""})
        self.assertIn("| 10.0.0.2/16", text)


if __name__ == "__main__":
    unittest.main()
