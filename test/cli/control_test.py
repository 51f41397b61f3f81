"""The control socket, and what it tells those who ask it."""
import json
import os
import socket
import stat
import subprocess
import unittest

from control import ECHO, GROUP, ControlCase
from sluice import BINARY, LIMIT, Program


class ControlTest(ControlCase):
    def test_the_socket_is_of_this_user_alone(self):
        self.start(ECHO)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)

    def test_sess_lists_a_connection_as_its_peer_sees_it(self):
        _, port = self.start(ECHO)
        client = self.connect(port)
        [line] = self.lines("sess", self.path, "--json")
        seen = json.loads(line)
        address, number = client.getsockname()
        self.assertEqual(seen["peer"], {"address": address, "port": number})
        self.assertEqual(seen["local"], {"address": "127.0.0.1", "port": port})
        self.assertEqual((seen["bytes"]["in"], seen["bytes"]["out"]), (5, 5))
        self.assertEqual(seen["tcp"]["state"], "established")
        self.assertIsNone(seen["closeReason"])
        heads, row = self.lines("sess", self.path)
        self.assertEqual(heads.split()[0], "ID")
        self.assertIn(f"{address}:{number}", row)

    def test_what_sess_shows_of_the_kernel_is_what_ss_shows(self):
        _, port = self.start(ECHO)
        client = self.connect(port)
        seen = json.loads(self.lines("sess", self.path, "--json")[0])
        shown = subprocess.run(
            ["ss", "-tinH", f"sport = :{port} and dport = :{client.getsockname()[1]}"],
            capture_output=True, encoding="utf-8", check=True).stdout
        self.assertIn(f"cwnd:{seen['tcp']['cwnd']}", shown)
        self.assertIn(f"minrtt:{seen['tcp']['minRtt']:g}", shown)

    def test_a_listing_asks_a_loop_for_few_connections_at_a_turn(self):
        _, port = self.start(ECHO)
        for _ in range(300):
            self.connect(port)
        *parts, last = self.ask(method="sess")
        self.assertEqual(last["result"], {"count": 300, "stuck": []})
        sizes = [len(one["part"]) for one in parts]
        self.assertEqual((sum(sizes), max(sizes)), (300, 64))
        ids = [session["id"] for one in parts for session in one["part"]]
        self.assertEqual(len(set(ids)), 300)
        # The last one is looked for some at a turn too.
        self.assertEqual(self.ask(method="close", params={"connection": max(ids)})[-1]["result"],
                         {"closed": max(ids)})

    def test_filters_leave_out_what_does_not_fit(self):
        _, port = self.start(ECHO)
        self.connect(port)
        self.connect(port)
        count = lambda *filters: len(self.lines("sess", self.path, "--json", *filters))
        self.assertEqual(count("--peer", "127.0.0.0/8"), 2)
        self.assertEqual(count("--peer", "10.0.0.0/8"), 0)
        self.assertEqual(count("--limit", "1"), 1)
        self.assertEqual(count("--older", "3600"), 0)
        self.assertEqual(count("--group", "none"), 0)

    def test_close_ends_a_connection_without_an_error(self):
        process, port = self.start(ECHO)
        client = self.connect(port)
        number = json.loads(self.lines("sess", self.path, "--json")[0])["id"]
        self.assertEqual(self.lines("close", self.path, str(number), "--json"), [f'{{"closed":{number}}}'])
        self.assertEqual(client.recv(1), b"")
        self.assertEqual(process.stdout.readline(), b"control\n")
        [closed] = self.lines("sess", self.path, "--closed", "--json")
        self.assertEqual(json.loads(closed)["closeReason"], {"by": "local", "code": "control"})
        self.assertEqual(self.lines("sess", self.path, "--closed", "--code", "peer-end"),
                         self.lines("sess", self.path))
        again = self.command("close", self.path, str(number))
        self.assertEqual((again.returncode, again.stderr),
                         (1, f"sluice close: there is no open connection {number}\n"))

    def test_what_was_opened_is_open_or_closed(self):
        _, port = self.start(ECHO)
        self.connect(port).close()
        self.connect(port)
        [answer] = self.ask(id="7", method="stats")
        self.assertEqual((answer["v"], answer["id"]), (1, "7"))
        for account in answer["result"]["accounts"]:
            self.assertEqual(account["opened"], account["open"] + sum(account["closed"].values()))

    def test_a_stuck_task_is_shown_as_such_and_keeps_nobody_waiting(self):
        _, port = self.start(GROUP)
        self.connect(port, b"x")
        while True:
            [answer] = self.ask(method="stats")
            states = [task["state"] for task in answer["result"]["tasks"]]
            if "stuck" in states:
                break
        accounts = {(one["group"], one["member"]): one["open"]
                    for one in answer["result"]["accounts"]}
        self.assertEqual(accounts["g", 1], 1)
        task = answer["result"]["tasks"][states.index("stuck")]["id"]
        self.assertEqual(self.ask(method="sess")[-1]["result"]["stuck"], [task])
        [answer] = self.ask(method="stack", params={"task": task})
        if os.environ.get("SLUICE_FAST") != "none":  # the engine tells no stacks then
            self.assertIn("spinning", answer["result"]["stack"])

    def test_what_a_task_did_not_answer_in_time_is_not_done_later(self):
        process, port = self.start(ECHO.replace("for (;;);", "for (const end = Date.now() + 3000; Date.now() < end;);"))
        client = self.connect(port)
        client.sendall(b"spin")
        while self.ask(method="stats")[-1]["result"]["tasks"][0]["state"] != "stuck":
            pass
        answer = self.ask(method="close", params={"connection": 1})[-1]
        self.assertEqual(answer["error"]["code"], "ERR_CONTROL_STUCK")
        self.assertEqual(client.recv(4), b"spin")
        client.sendall(b"hello")
        self.assertEqual(client.recv(5), b"hello")
        self.assertIsNone(process.poll())

    def test_the_main_task_may_be_stuck(self):
        _, port = self.start(ECHO)
        self.connect(port, b"spin")
        while self.ask(method="stats")[0]["result"]["tasks"][0]["state"] != "stuck":
            pass
        [answer] = self.ask(method="stack", params={"task": 1})
        if os.environ.get("SLUICE_FAST") != "none":  # the engine tells no stacks then
            self.assertIn("spinning", answer["result"]["stack"])

    def test_requests_that_cannot_be_are_refused_by_a_code(self):
        self.start(ECHO)
        code = lambda **request: self.ask(**request)[0]["error"]["code"]
        self.assertEqual(code(method="nope"), "ERR_CONTROL_METHOD")
        self.assertEqual(code(method="close", params={"connection": "x"}), "ERR_CONTROL_PARAMETER")
        self.assertEqual(code(method="stack", params={"task": 99}), "ERR_CONTROL_TASK")
        self.assertEqual(code(method=["list"]), "ERR_CONTROL_JSON")

    def test_parameters_are_known_and_in_their_range(self):
        self.start(ECHO)
        for method, name, value in [
                ("sess", "odler", 1), ("sess", "older", -1), ("sess", "older", 1e30),
                ("sess", "limit", "all"), ("sess", "code", "typo"), ("sess", "peer", "typo"),
                ("sess", "peer", "10.0.0.0/99"), ("stats", "x", 1), ("stack", "task", 0),
                ("close", "connection", 2**64), ("capture", "connection", 0),
                ("capture", "seconds", 2**60), ("capture", "snap", 1), ("capture", "mode", "x")]:
            [answer] = self.ask(method=method, params={name: value, **(
                {"file": os.path.join(self.folder, "x")} if method == "capture" else {})})
            self.assertEqual(answer["error"]["code"], "ERR_CONTROL_PARAMETER", (method, name))
            self.assertIn(name, answer["error"]["message"])

    def test_a_peer_is_an_address_however_it_is_written_a_range_or_a_path(self):
        _, port = self.start(ECHO)
        self.connect(port)
        count = lambda peer: self.ask(method="sess", params={"peer": peer})[-1]["result"]["count"]
        for peer in ("127.0.0.1", "127.0.0.0/8", "::ffff:127.0.0.1", "0.0.0.0/0"):
            self.assertEqual(count(peer), 1, peer)
        for peer in ("127.0.0.2", "::1", "/nowhere", "@abstract"):
            self.assertEqual(count(peer), 0, peer)

    def test_processes_that_are_forked_have_control_sockets_of_their_own(self):
        self.file("child.js", "console.log('child', process.execArgv.join());")
        parent = self.file("parent.js", """
            const cluster = require('cluster');
            if (cluster.isPrimary)
              require('child_process').fork('./child.js').on('exit', (code) => {
                console.log('exit', code);
                cluster.fork().on('exit', (code) => { console.log('exit', code); process.exit(); });
              });
            else process.exit();""")
        said = self.lines(f"--control={self.path}", "--metrics=[::1]:0", "--dashboard=127.0.0.1:0",
                          "--no-warnings", parent)
        self.assertEqual(said, ["child --no-warnings", "exit 0", "exit 0"])

    def test_ps_finds_programs_in_the_runtime_directory_and_removes_what_is_left_over(self):
        folder = os.path.join(self.folder, "sluice")
        process, _ = self.start(ECHO, "--no-warnings")
        path = os.path.join(folder, f"{process.pid}.sock")
        environment = {**os.environ, "XDG_RUNTIME_DIR": self.folder}
        while not os.path.exists(path):
            pass
        [found] = json.loads(self.command("ps", "--json", env=environment).stdout)
        self.assertEqual(found["pid"], process.pid)
        self.assertIn("program.js", found["program"])
        process.kill()
        process.wait()
        self.assertTrue(os.path.exists(path))
        self.assertEqual(self.command("ps", "--json", env=environment).stdout, "[]\n")
        self.assertFalse(os.path.exists(path))

    def test_a_program_removes_its_socket_at_its_end(self):
        program = self.file("ends.js", "setTimeout(() => {}, 1)")
        self.lines(f"--control={self.path}", program)
        self.assertFalse(os.path.exists(self.path))
        self.lines(f"--control={self.path}", "-e", "process.exit()")
        self.assertFalse(os.path.exists(self.path))

    def test_a_socket_that_cannot_be_opened_is_an_error(self):
        result = self.command("--control=/nowhere/c", "-e", "1")
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot open the control socket /nowhere/c", result.stderr)
        self.file("c", "a file")
        self.assertEqual(self.command(f"--control={self.path}", "-e", "1").returncode, 1)

    def test_off_opens_none(self):
        program = self.file("waits.js", "setTimeout(() => {}, 300)")
        result = self.command("--control=off", program,
                              env={**os.environ, "XDG_RUNTIME_DIR": self.folder})
        self.assertEqual(result.returncode, 0)
        self.assertEqual(os.listdir(self.folder), ["waits.js"])

    def test_dump_tells_what_happened_in_its_order(self):
        _, port = self.start(ECHO)
        first = self.connect(port)
        first.close()
        self.connect(port)
        # The first one's end may come after the second one's beginning.
        while not (closed := [one for one in self.dump() if one["event"] == "closed"]):
            pass
        events = self.dump()
        mine = [one for one in events if one.get("connection") == closed[0]["connection"]]
        self.assertEqual([one["event"] for one in mine], ["opened", "closed"])
        self.assertEqual((mine[0]["side"], mine[0]["transport"]), ("accepted", "tcp"))
        self.assertEqual((closed[0]["code"], closed[0]["in"], closed[0]["out"]), ("peer-end", 5, 5))
        times = [one["time"] for one in events]
        self.assertEqual(times, sorted(times))
        self.assertEqual({one["task"] for one in events}, {1})

    def dump(self):
        return [json.loads(line) for line in self.lines("dump", self.path)]

    def test_the_events_of_a_task_that_ended_are_kept(self):
        process, port = self.start("""
            const net = require('net');
            if (Task.me() === 1) {
              new Task(__filename);
              setInterval(() => {}, 1000);
            } else {
              const server = net.createServer((socket) => { socket.end(); server.close(); });
              server.listen(0, '127.0.0.1', () => console.log(server.address().port));
            }""")
        with socket.create_connection(("127.0.0.1", port)) as client:
            self.assertEqual(client.recv(1), b"")
        while not any(one["event"] == "ended" for one in self.dump()):
            pass
        self.assertIn("closed", [one["event"] for one in self.dump() if one["task"] != 1])

    def test_a_small_ring_has_the_last_events(self):
        _, port = self.start(ECHO, f"--control={self.path}", "--recorder=4096")
        for _ in range(100):
            with self.connect(port) as client:
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(client.recv(1), b"")
        events = self.dump()
        self.assertEqual(len(events), 128)
        self.assertEqual(max(one["connection"] for one in events), events[-1]["connection"])

    def test_without_a_recorder_there_is_nothing_to_dump(self):
        _, port = self.start(ECHO, f"--control={self.path}", "--recorder=off")
        self.connect(port)
        self.assertEqual(self.dump(), [])

    def test_an_error_that_ends_the_process_leaves_its_events_if_asked_for(self):
        crash = """
            const net = require('net');
            const server = net.createServer((socket) => {
              socket.on('data', () => { throw new Error('a client said so'); });
            }).listen(0, '127.0.0.1', () => console.log(server.address().port));"""
        for options, count in ((["--recorder"], 2), ([], 0)):
            with Program([BINARY, "--control=off", *options, self.file("program.js", crash)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder) as process:
                with socket.create_connection(("127.0.0.1", int(process.stdout.readline()))) as client:
                    client.sendall(b"hello")
                    self.assertEqual(client.recv(1), b"")
                    errors = process.communicate(timeout=LIMIT)[1].decode()
                self.assertEqual(process.returncode, 1)
            self.assertIn("a client said so", errors)
            events = [json.loads(line) for line in errors.splitlines() if line.startswith('{"time"')]
            events = [event for event in events if event["event"] != "slow-turn"]
            self.assertEqual(len(events), count)
            if events:
                self.assertEqual((events[1]["event"], events[1]["code"], events[1]["in"]),
                                 ("closed", "process-exit", 5))

    def test_a_size_that_no_ring_can_have_is_refused(self):
        for size in ("1", "x", "4096x", ""):
            result = self.command(f"--recorder={size}", "-e", "1")
            self.assertEqual(result.returncode, 2)
            self.assertIn("--recorder must be off, or a number of bytes", result.stderr)

    def test_capture_writes_a_file_until_its_time_is_over(self):
        _, port = self.start(ECHO)
        client = self.connect(port)
        number = json.loads(self.lines("sess", self.path, "--json")[0])["id"]
        command = Program([BINARY, "capture", self.path, "x.pcapng", "--seconds", "2", "--json",
                           "--connection", str(number)], cwd=self.folder, stdout=subprocess.PIPE)
        while not os.path.exists(os.path.join(self.folder, "x.pcapng")):
            pass
        client.sendall(b"captured")
        self.assertEqual(client.recv(8), b"captured")
        with command:
            numbers = json.loads(command.communicate(timeout=LIMIT)[0])
        self.assertEqual((numbers["connections"], numbers["packets"]), (1, 5))
        with open(os.path.join(self.folder, "x.pcapng"), "rb") as file:
            self.assertEqual(file.read().count(b"captured"), 2)
        self.assertEqual(self.command("capture", self.path, "x.pcapng").returncode, 1)

    def test_capture_ends_with_its_command(self):
        self.start(ECHO)
        for name in ("1", "2"):
            command = Program([BINARY, "capture", self.path, name], cwd=self.folder)
            while not os.path.exists(os.path.join(self.folder, name)):
                pass
            command.kill()
            command.wait(LIMIT)
        for name in range(3, 1000):
            if self.command("capture", self.path, str(name), "--bytes", "1").returncode == 0:
                return
        self.fail("the captures go on")


if __name__ == "__main__":
    unittest.main()
