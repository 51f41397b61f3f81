"""sluice sim from outside: what it finds, that it repeats itself, what it refuses."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SLUICE = os.environ.get("SLUICE", "build/sluice")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHOP = [str(SOURCE / "examples/simulate/server.js"), str(SOURCE / "examples/simulate/client.js")]
FIXED = [str(SOURCE / "examples/simulate/server-fixed.js"), SHOP[1]]


def sim(*arguments):
    return subprocess.run([SLUICE, "sim", *arguments], capture_output=True, text=True, timeout=110,
                          check=False)


class Sim(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_a_seed_gives_the_same_trace_byte_for_byte(self):
        traces = []
        for name in ("one", "two"):
            path = self.folder / name
            done = sim("--seed", "3", "--faults", "all", "--trace", str(path), *FIXED)
            self.assertEqual(done.returncode, 0, done.stdout)
            traces.append(path.read_bytes())
        self.assertEqual(*traces)
        self.assertGreater(len(traces[0]), 1000)

    def test_a_bug_is_found_and_its_faults_are_shrunk(self):
        done = sim("--seeds", "1-60", "--shrink", "--quiet", *SHOP)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("always: an order is taken once", done.stdout)
        again = done.stdout.split("again   sluice sim ")[-1].split("\n")[0].split()
        self.assertIn("--keep", again)
        repeated = sim("--quiet", *again)
        self.assertEqual(repeated.returncode, 1, repeated.stdout)
        hashes = re.findall(r"trace +([0-9a-f]{16})", done.stdout + repeated.stdout)
        self.assertEqual(hashes[-1], hashes[-2])

    def test_what_a_sweep_never_reaches_fails_it(self):
        path = self.program("one.js", "require('sim').sometimes(false, 'rain')")
        done = sim("--seeds", "1-2", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("sometimes rain: with 0 of 2 seeds", done.stdout)

    def test_an_exit_code_and_a_hang_of_a_host_are_failures(self):
        path = self.program("one.js", "process.exit(3)")
        done = sim(path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("one ended with exit code 3", done.stdout)

    def test_what_reaches_out_of_the_simulation_is_refused(self):
        path = self.program("one.js", """
            for (const run of [
              () => require('child_process').spawn('true'),
              () => require('fs').writeFileSync('/tmp/sluice-not-there', ''),
              () => process.kill(1, 0),
            ]) {
              try { run(); console.log('ran'); } catch (error) { console.log(error.code); }
            }
            const file = require('path').join(require('os').tmpdir(), 'a');
            require('fs').writeFileSync(file, 'x');
            console.log(require('fs').readFileSync(file, 'utf8'));""")
        done = sim(path)
        self.assertEqual(done.stdout.count("ERR_SIM_UNSUPPORTED"), 3, done.stdout)
        self.assertIn("| x\n", done.stdout)

    def test_time_and_random_numbers_come_from_the_seed(self):
        path = self.program("one.js", """
            const late = performance.now();
            setTimeout(() => {
              console.log(Date.now() - began, Math.round(performance.now() - late));
              console.log(Math.random(), crypto.randomUUID(), new Date().toISOString());
            }, 86400_000);
            const began = Date.now();""")
        options = ["--time", "48h", "--date", "2026-01-01", "--faults", "none"]
        done = [sim(*options, "--seed", seed, path).stdout for seed in ("1", "1", "2")]
        body = [re.sub(r" in [\d.]+ s|trace.*", "", text) for text in done]
        self.assertEqual(body[0], body[1])
        self.assertNotEqual(body[0], body[2])
        self.assertIn("86400000 86400000", body[0])
        self.assertIn("2026-01-03T00:00:00", body[0])

    def test_hosts_crash_and_start_again_and_links_are_cut(self):
        self.program("host.js", "console.log('up'); setInterval(() => {}, 1000)")
        self.program("client.js", """
            const socket = require('net').connect(1, 'host');
            socket.on('error', (error) => console.log(error.code));""")
        path = self.program("scenario.js", """
            module.exports = {
              hosts: { host: 'host.js', client: 'client.js' },
              run(sim) {
                sim.link('host', 'client').cut();
                setTimeout(() => sim.host('host').crash({ restartAfter: 2000 }), 1000);
              },
            };""")
        done = sim("--faults", "none", path)
        self.assertEqual(done.stdout.count("host | up"), 2, done.stdout)
        self.assertIn("client | ETIMEDOUT", done.stdout)

    def test_names_of_hosts_may_have_dashes_and_be_that_of_the_scenario(self):
        self.program("idle.js", "console.log('here', require('os').hostname())")
        path = self.program("echo-server.js", """
            module.exports = {
              hosts: { 'echo-server': 'idle.js', 'a-client': 'idle.js' },
              links: { 'echo-server-a-client': { latency: 5 } },
            };""")
        done = sim("--faults", "none", path)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("echo-server | here echo-server", done.stdout)
        self.program("echo-server.js", """
            module.exports = { hosts: { one: 'idle.js' }, links: { 'one-two': { latency: 5 } } };""")
        done = sim("--faults", "none", path)
        self.assertIn("'links' are no two hosts with a - between them. Received 'one-two'",
                      done.stdout)

    @unittest.skipIf(os.environ.get("SLUICE_FAST") == "none", "memory is shared by a fast path")
    def test_threads_wait_and_end_without_a_change_of_the_trace(self):
        path = self.program("one.js", """
            const { Worker } = require('worker_threads');
            const shared = new SharedArrayBuffer(4);
            const text = `
              const { parentPort, workerData } = require('worker_threads');
              const began = Date.now();
              const how = Atomics.wait(new Int32Array(workerData), 0, 0);
              parentPort.postMessage([how, Date.now() - began]);`;
            for (let i = 0; i < 5; i++)
              new Worker(text, { eval: true, workerData: shared })
                .on('message', (message) => console.log(message.join(' ')));
            setTimeout(() => console.log(Atomics.notify(new Int32Array(shared), 0)), 3600_000);""")
        runs = [sim("--time", "2h", "--faults", "none", path).stdout for _ in range(5)]
        self.assertEqual(runs[0].count("| ok 3600000"), 5, runs[0])
        self.assertIn("| 5", runs[0])
        hashes = {re.search(r"trace hash (\w+)", text).group(1) for text in runs}
        self.assertEqual(len(hashes), 1)

    def test_contexts_and_formats_of_dates_have_the_simulated_time_and_random_numbers(self):
        path = self.program("one.js", """
            const { runInNewContext } = require('vm');
            console.log(runInNewContext('new Date().toISOString()'));
            console.log(new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).format());
            console.log(runInNewContext('Math.random()'));""")
        runs = [sim("--date", "2026-01-01", "--faults", "none", path).stdout for _ in range(2)]
        self.assertIn("| 2026-01-02T00:00:00.000Z", runs[0])
        self.assertIn("| 1/2/2026", runs[0])
        random = [re.search(r"\| (0\.\d+)", text).group(1) for text in runs]
        self.assertEqual(*random)

    def test_claims_know_which_faults_there_are(self):
        path = self.program("one.js", """
            const sim = require('sim');
            console.log(JSON.stringify(sim.faults()));
            sim.quiet(0).then(() => console.log(JSON.stringify(sim.faults())));""")
        done = sim("--faults", "latency=3,rst=2", path)
        self.assertIn('| {"latency":3,"rst":2}', done.stdout)
        self.assertIn('| {"latency":3}', done.stdout)

    def test_files_elsewhere_are_out_of_reach_by_any_name(self):
        victim = self.folder / "victim"
        victim.write_text("kept", encoding="utf-8")
        path = self.program("one.js", """
            const fs = require('fs');
            const { join } = require('path');
            const tmp = require('os').tmpdir();
            const victim = join(__dirname, 'victim');
            fs.symlinkSync(__dirname, join(tmp, 'folder'));
            fs.symlinkSync(victim, join(tmp, 'file'));
            fs.symlinkSync(join(__dirname, 'made'), join(tmp, 'dangling'));
            for (const run of [
              () => fs.writeFileSync(Buffer.from(victim), ''),
              () => fs.closeSync(fs.openSync(victim, fs.constants.O_TRUNC)),
              () => fs.writeFileSync(join(tmp, 'folder', 'victim'), ''),
              () => fs.writeFileSync(join(tmp, 'file'), ''),
              () => fs.writeFileSync(join(tmp, 'dangling'), ''),
              () => fs.writeFileSync(tmp + '/none/../../../' + victim, ''),
              () => fs.linkSync(victim, join(tmp, 'hard')),
              () => fs.unlinkSync(join(tmp, 'folder', 'victim')),
              () => fs.chmodSync(join(tmp, 'file'), 0),
            ]) {
              try { run(); console.log('ran', run); } catch (error) { console.log(error.code); }
            }
            process.chdir(tmp);
            fs.writeFileSync('own', 'x');
            fs.writeFileSync(Buffer.from('./own'), 'y');
            fs.unlinkSync('file');
            fs.rmSync('folder');
            console.log(fs.readdirSync('.').join(), fs.readFileSync('own', 'utf8'));""")
        done = sim("--faults", "none", path)
        self.assertEqual(done.stdout.count("ERR_SIM_UNSUPPORTED"), 9, done.stdout)
        self.assertIn("| dangling,own y\n", done.stdout)
        self.assertEqual(victim.read_text(encoding="utf-8"), "kept")
        self.assertFalse((self.folder / "made").exists())

    def test_what_threads_serve_and_multicast_are_refused(self):
        path = self.program("one.js", """
            const refused = (run) => {
              try { run(); console.log('ran', run); } catch (error) { console.log(error.code); }
            };
            refused(() => require('metrics').serve({ port: 0 }));
            refused(() => require('net').createServer().health({ port: 0 }));
            refused(() => require('net').createServer().agent({ port: 0 }));
            const one = require('dgram').createSocket('udp4').bind(5000, () => {
              refused(() => one.addMembership('224.0.0.1'));
              refused(() => one.setMulticastInterface('10.0.0.1'));
              one.close();
            });""")
        done = sim("--faults", "none", path)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.count("ERR_SIM_UNSUPPORTED"), 5, done.stdout)

    def test_a_word_that_is_wrong_in_a_scenario_is_named_with_the_right_one(self):
        self.program("a.js", "")
        for scenario, said in [
                ("{ hosts: { a: './a.js' }, linsk: {} }", "'scenario.linsk'; did you mean 'links'"),
                ("{ hosts: { a: { progam: './a.js' } } }", "did you mean 'program'"),
                ("{ hosts: { a: { program: './a.js', mustEnd: 'no' } } }", "hosts.a.mustEnd"),
                ("{ hosts: { a: { program: './a.js', args: 'x' } } }", "hosts.a.args"),
                ("{ hosts: { a: { program: './a.js', env: 'x' } } }", "hosts.a.env"),
                ("{ hosts: { '../a': './a.js' } }", "ERR_INVALID_ARG_VALUE"),
                ("{ hosts: { nameserver: './a.js' } }", "ERR_INVALID_ARG_VALUE"),
                ("{ hosts: { a: './a.js', b: './a.js' }, links: { 'a-b': { latancy: 80 } } }",
                 "did you mean 'latency'"),
                ("{ hosts: { a: './a.js', b: './a.js' }, links: { 'a-b': { loss: 5 } } }",
                 "ERR_OUT_OF_RANGE"),
                ("{ hosts: { a: './a.js', b: './a.js' }, links: { 'a-b': { latency: -0.5 } } }",
                 "ERR_OUT_OF_RANGE"),
                ("{ hosts: { a: './a.js' }, run: (sim) => sim.host('a').kill({ restartafter: 1 }) }",
                 "did you mean 'restartAfter'"),
                ("{ hosts: { a: './a.js' }, run: (sim) => sim.host('a').kill({ restartAfter: -1 }) }",
                 "ERR_OUT_OF_RANGE")]:
            done = sim(self.program("s.js", f"module.exports = {scenario};"))
            self.assertEqual(done.returncode, 1, scenario)
            self.assertIn(said, done.stdout)

    def test_a_trace_depends_on_no_folder_environment_or_number_of_processors(self):
        self.program("server.js", """
            require('net').createServer((one) => one.on('error', () => {}).pipe(one)).listen(7000);
            setTimeout(() => process.exit(), 5000);""")
        self.program("client.js", """
            const one = require('net').connect(7000, 'server', () => one.write('hello'));
            one.on('data', () => console.log(String(new Date()), new Date(0).toLocaleString()));
            one.on('error', () => {});""")
        said = set()
        for folder, change, before in [
                (self.folder, {}, []), ("/", {"TZ": "Asia/Tokyo", "HOME": "/nowhere"}, []),
                (self.folder, {"LANG": "de_DE.UTF-8"}, ["taskset", "-c", "0"])]:
            done = subprocess.run(
                [*before, os.path.realpath(SLUICE), "sim", "--faults", "network,refused=0,queue=0",
                 *(str(self.folder / name) for name in ("server.js", "client.js"))],
                cwd=folder, env={**os.environ, **change}, capture_output=True, text=True, timeout=110,
                check=False)
            said.add(re.search("trace hash .*", done.stdout).group())
        self.assertEqual(len(said), 1, said)

    def test_a_report_shows_hosts_and_the_failure(self):
        report = self.folder / "report.html"
        sim("--seeds", "1-60", "--quiet", "--report", str(report), *SHOP)
        text = report.read_text(encoding="utf-8")
        for part in ("<svg", ">server<", ">client<", "an order is taken once"):
            self.assertIn(part, text)

    def test_wrong_options_are_named(self):
        for arguments, said in [
                ([], "sim needs a scenario or programs"),
                (["--seeds", "5-2", "a.js"], "--seeds must be"),
                (["--faults", "storm", "a.js"], "a profile (none, calm, network, hosts, all)"),
                (["--faults", "loss=2", "a.js"], "must be a number from 0 to 1"),
                (["--time", "1", "a.js"], "--time must be"),
                (["--date", "2026-02-31", "a.js"], "--date must be"),
                (["--trace", "/nowhere/t", SHOP[0]], "cannot write /nowhere/t"),
                (["--report", "/nowhere/r", SHOP[0]], "cannot write /nowhere/r"),
                (["--no-such", "a.js"], "unknown option '--no-such'"),
                (["no-such.js"], "cannot read 'no-such.js': No such file or directory")]:
            done = sim(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr)

    def test_webassembly_compiles_within_a_turn(self):
        path = self.program("one.js", """
            const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
            const headers = { 'content-type': 'application/wasm' };
            const respond = () => new Response(bytes, { headers });
            Promise.all([WebAssembly.compile(bytes), WebAssembly.compileStreaming(respond()),
                         WebAssembly.instantiateStreaming(respond())])
              .then((all) => console.log('compiled', all.length));""")
        self.assertIn("compiled 3", sim("--seed", "1", path).stdout)

    def test_outside_of_a_simulation_claims_do_nothing(self):
        path = self.program("one.js", """
            const sim = require('sim');
            sim.always(false, 'x'); sim.host('a').crash(); sim.link('a', 'b').cut();
            sim.quiet(5000).then(() => console.log(sim.active, sim.seed, sim.descriptors()));""")
        done = subprocess.run([SLUICE, path], capture_output=True, text=True, timeout=60,
                              check=True)
        self.assertEqual(done.stdout, "false undefined undefined\n")


if __name__ == "__main__":
    unittest.main()
