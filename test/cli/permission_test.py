"""User Mode from outside: no system call of what is refused, children, audit, the example."""
import json
import os
import shutil
import subprocess
import unittest
import urllib.error
import urllib.request

from sluice import BINARY, LIMIT, FolderTest, Program

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples")


def sluice(*arguments, **options):
    result = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=LIMIT,
                            check=False, **options)
    return result.returncode, result.stdout, result.stderr


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class NoSystemCall(FolderTest):
    """Each pair of a program that is refused, and calls that would be its door."""

    def traced(self, calls, flags, code):
        log = os.path.join(self.folder, "log")
        command = ["strace", "-f", "-qq", "-s", "200", "-e", f"trace={calls}", "-o", log, BINARY, "--permission",
                   "--control=off", *flags, "-e", code]
        result = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
        if "ptrace" in result.stderr and "not permitted" in result.stderr:
            self.skipTest("strace may not trace here")
        with open(log, encoding="utf-8", errors="replace") as lines:
            return result.stdout, lines.read()

    def test_a_refused_connection_reaches_no_connect(self):
        out, log = self.traced("connect", ["--allow-connect=10.0.0.1"],
                               "require('net').connect(4321, '127.0.0.1').on('error', (e) => console.log(e.code))")
        self.assertEqual(out, "ERR_ACCESS_DENIED\n")
        self.assertNotIn("4321", log)

    def test_a_refused_server_reaches_no_bind(self):
        out, log = self.traced("bind,listen", [],
                               "require('net').createServer().listen(4321).on('error', (e) => console.log(e.code))")
        self.assertEqual(out, "ERR_ACCESS_DENIED\n")
        self.assertEqual(log, "")

    def test_a_refused_file_is_not_looked_at(self):
        secret = self.file("out/secret", "x")
        out, log = self.traced("%file", [f"--allow-fs.read={self.folder}/in"], f"""
            const fs = require('fs');
            for (const call of ['readFileSync', 'statSync', 'readlinkSync', 'accessSync', 'realpathSync'])
              try {{ fs[call]({json.dumps(secret)}); }} catch (error) {{ console.log(error.code); }}""")
        self.assertEqual(out, "ERR_ACCESS_DENIED\n" * 5)
        opened = [line for line in log.splitlines() if "out/secret" in line and "execve" not in line]
        self.assertEqual(opened, [])

    def test_a_refused_program_is_not_started(self):
        out, log = self.traced("execve,fork,vfork", ["--allow-run=/usr/bin/true"],
                               "console.log(require('child_process').spawnSync('/bin/echo', ['x']).error.code)")
        self.assertEqual(out, "ERR_ACCESS_DENIED\n")
        self.assertNotIn('execve("/bin/echo"', log)

    def test_a_refused_name_is_not_asked_for(self):
        out, log = self.traced("connect,sendto,sendmmsg", [],
                               "require('dns').lookup('x.example.com', (e) => console.log(e.code))")
        self.assertEqual(out, "ERR_ACCESS_DENIED\n")
        self.assertNotIn("sin_port=htons(53)", log)

    def test_a_refused_signal_is_not_sent(self):
        out, log = self.traced("kill", [], "try { process.kill(1, 0); } catch (e) { console.log(e.code); }")
        self.assertEqual(out, "ERR_ACCESS_DENIED\n")
        self.assertNotIn("kill(1", log)


class Children(FolderTest):
    def test_a_sluice_that_is_run_has_no_more(self):
        secret = self.file("secret", "SECRET")
        code = f"""
            const cp = require('child_process');
            const inner = "try {{ console.log(require('fs').readFileSync('{secret}', 'utf8')); }} catch (e) {{ console.log(e.code); }}";
            for (const env of [process.env, {{}}, {{ SLUICE_PERMISSION: '{{"allow":{{"fs.read":true}}}}' }}])
              console.log(cp.spawnSync(process.execPath, ['-e', inner], {{ env }}).stdout.toString().trim());"""
        out = sluice("--permission", f"--allow-run={BINARY}", "--allow-env=PATH", "-e", code)
        self.assertEqual(out[1], "ERR_ACCESS_DENIED\n" * 3, out)

    def test_a_fork_has_the_same_flags(self):
        child = self.file("child.js", "process.send(process.permission.has('fs.read'))")
        code = f"""require('child_process').fork({json.dumps(child)})
                   .on('message', (m) => console.log(m))"""
        program = self.file("main.js", code)
        out = sluice("--permission", f"--allow-run={BINARY}", "--allow-env", program)
        self.assertEqual(out[1], "false\n", out)


class Audit(FolderTest):
    def test_what_would_be_denied_is_told_and_done(self):
        secret = self.file("secret", "text")
        code = f"""
            process.on('permission', (e) => console.log(e.scope, e.resource, e.task, /eval/.test(e.stack)));
            console.log(require('fs').readFileSync('{secret}', 'utf8'));"""
        out = sluice("--permission-audit", "-e", code)
        self.assertEqual(out[1], f"text\nfs.read {secret} 1 true\n", out)

    def test_the_policy_that_a_run_needed_is_enough_for_the_next(self):
        data = self.file("data", "text")
        policy = os.path.join(self.folder, "policy.json")
        program = self.file("app/main.js", f"""
            const fs = require('fs');
            const server = require('net').createServer().listen(0, '127.0.0.1', () => {{
              require('net').connect(server.address().port, '127.0.0.1', function () {{
                this.end();
                server.close();
                fs.readFile('{data}', (error, text) => console.log(String(text), process.env.HOME));
              }});
            }});""")
        first = sluice(f"--permission-audit={policy}", program)
        with open(policy, encoding="utf-8") as file:
            needed = json.load(file)
        self.assertEqual(needed["allow"]["fs.read"], [data])
        self.assertEqual(needed["allow"]["env"], ["HOME"])
        self.assertEqual(needed["allow"]["listen"], ["127.0.0.1:0"])
        needed["allow"]["connect"] = ["127.0.0.1"]  # the port is another
        with open(policy, "w", encoding="utf-8") as file:
            json.dump(needed, file)
        self.assertEqual(sluice(f"--permission={policy}", program), first)


class Policies(FolderTest):
    def refused(self, text):
        return sluice(f"--permission={self.file('policy.json', text)}", "-e", "1")

    def test_a_policy_that_is_not_understood_is_an_error(self):
        for text, reason in [("", "no JSON"), ("[]", "no JSON"), ("{", "no JSON"), ('{"allow": []}', "unknown"),
                             ('{"alow": {"dns": true}}', "unknown member"), ('{"allow": {"net": true}}', "unknown scope"),
                             ('{"allow": {"dns": "yes"}}', "must be true"), ('{"allow": {"listen": [80]}}', "is not"),
                             ('{"allow": {"fs.read": ["a*"]}}', "no wildcards")]:
            code, _, errors = self.refused(text)
            self.assertEqual(code, 2, text)
            self.assertIn(reason, errors, text)

    def test_a_policy_that_is_not_there_is_an_error(self):
        code, _, errors = sluice("--permission=/absent.json", "-e", "1")
        self.assertEqual(code, 2)
        self.assertIn("cannot read the policy", errors)

    def test_what_is_in_force_reads_as_a_policy(self):
        text = '{"allow":{"connect":["10.0.0.0/8:443"],"dns":true},"deny":{"env":["A_*"]}}'
        code, out, _ = sluice(f"--permission={self.file('policy.json', text)}", "-p",
                              "JSON.stringify(process.getPermissions())")
        self.assertEqual((code, out.strip()), (0, text))


class SecondLayer(FolderTest):
    """Landlock, which the kernel has from some version on."""

    def confined(self, *flags):
        code, out, errors = sluice("--permission", *flags, "-p", "process.permission.confined.join()")
        self.assertEqual(code, 0, errors)
        return out.strip()

    def test_what_the_kernel_refuses_as_well_is_told(self):
        have = self.confined("--allow-listen=127.0.0.1:80", "--allow-connect=127.0.0.1:80")
        self.assertIn(have, ["", "files", "files,listen,connect", "files,listen,connect,signal"])
        every = self.confined("--allow-listen", "--allow-connect=127.0.0.1", "--allow-signal")
        self.assertIn(every, ["", "files"])
        self.assertEqual(self.confined("--allow-run=/usr/bin/true"), "")

    def test_the_runtime_listens_and_looks_up_all_the_same(self):
        code, out, errors = sluice("--permission", "--metrics=127.0.0.1:0", "--allow-dns", "-e",
                                   "require('dns').lookup('localhost', (e, a) => console.log(e ?? 'found'))")
        self.assertEqual((code, out.strip()), (0, "found"), errors)

    def test_a_server_and_its_client_have_their_ports(self):
        code, out, errors = sluice(
            "--permission", "--allow-listen=127.0.0.1:0", "--allow-connect=127.0.0.1:1024-65535", "-e", """
            const net = require('net');
            const server = net.createServer((socket) => socket.end('x')).listen(0, '127.0.0.1', () =>
              net.connect(server.address().port, '127.0.0.1').on('data', (data) => console.log(String(data)))
                .on('close', () => server.close()));""")
        self.assertEqual((code, out.strip()), (0, "x"), errors)


class Example(unittest.TestCase):
    def test_the_hardened_server_serves_what_it_may(self):
        command = [BINARY, "--permission=examples/hardened.json", "examples/hardened-server.js", "--port"]
        root = os.path.dirname(EXAMPLES)
        with Program(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
            port = int(server.stdout.readline())
            answers = {}
            for path in ["/index.txt", "/../hardened.json", "/%2e%2e/%2e%2e/etc/passwd", "/absent", "/private/x"]:
                try:
                    url = f"http://127.0.0.1:{port}{path}"
                    with urllib.request.urlopen(url, timeout=LIMIT) as answer:
                        answers[path] = answer.read().decode()
                except urllib.error.HTTPError as error:
                    answers[path] = error.code
            server.kill()
        self.assertEqual(answers, {"/index.txt": "hello from a file\n", "/../hardened.json": 403,
                                   "/%2e%2e/%2e%2e/etc/passwd": 403, "/absent": 404, "/private/x": 403})


if __name__ == "__main__":
    unittest.main()
