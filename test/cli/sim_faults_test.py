"""Each fault of sluice sim truly occurs: a program sees what it does."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SLUICE = os.environ.get("SLUICE", "build/sluice")

ECHO = """
    require('net').createServer((socket) => {
      socket.on('error', (error) => console.log('error', error.code));
      socket.pipe(socket);
    }).listen(7000);"""
# Faults alone keep no simulation going.
STAY = "setInterval(() => {}, 1000);"
# Counts what comes of one connection, and tells of its end.
COUNT = """
    require('net').createServer({ allowHalfOpen: true }, (socket) => {
      let bytes = 0, reads = 0;
      socket.on('error', (error) => console.log('error', error.code, bytes));
      socket.on('data', (data) => { bytes += data.length; reads++; });
      socket.on('end', () => { console.log('got', bytes, 'in', reads); socket.end(); });
    }).listen(7000);"""
# Sends a byte each 100 ms and notes the longest time between two answers, for 20 s.
PINGS = """
    const socket = require('net').connect(7000, 'server');
    let last = 0, longest = 0, answers = 0;
    socket.on('error', () => {});
    socket.on('connect', () => {
      last = performance.now();
      const timer = setInterval(() => socket.write('x'), 100);
      setTimeout(() => {
        clearInterval(timer);
        longest = Math.max(longest, performance.now() - last);
        console.log('longest', Math.round(longest), 'answers', answers);
        process.exit();
      }, 20_000);
    });
    socket.on('data', (data) => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      answers += data.length;
    });"""


class Faults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_sim(self, faults, programs, *options):
        """What the programs print while those faults are on, for one seed."""
        files = []
        for name, text in programs.items():
            path = self.folder / f"{name}.js"
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
        done = subprocess.run([SLUICE, "sim", "--faults", faults, *options, *files],
                              capture_output=True, text=True, timeout=100, check=False)
        self.assertNotIn("sluice:", done.stderr)
        return done.stdout

    def number(self, pattern, text):
        found = re.search(pattern, text)
        self.assertIsNotNone(found, text)
        return float(found.group(1))

    def exchange(self, faults, size, server=COUNT):
        """Sends size bytes by one write, then the end; prints how long it took until the answer."""
        return self.run_sim(faults, {"server": server, "client": f"""
            const socket = require('net').connect(7000, 'server');
            socket.on('error', (error) => console.log('error', error.code));
            socket.on('connect', () => {{
              const began = performance.now();
              socket.on('data', () => {{}});
              socket.on('end', () => console.log('took', Math.round(performance.now() - began)));
              socket.end(Buffer.alloc({size}));
            }});"""})

    def test_latency_is_that_of_a_packet_one_way(self):
        took = self.number(r"took (\d+)", self.exchange("latency=50", 1))
        self.assertTrue(100 <= took < 120, took)

    def test_spread_makes_latencies_differ(self):
        text = self.run_sim("latency=1,spread=100", {"server": ECHO, "client": """
            const socket = require('net').connect(7000, 'server');
            const took = new Set();
            const ask = () => {
              const began = performance.now();
              socket.write('x');
              socket.once('data', () => {
                took.add(Math.round(performance.now() - began));
                if (took.size < 5) ask(); else { console.log('spread', Math.max(...took) - Math.min(...took)); process.exit(); }
              });
            };
            ask();"""})
        self.assertGreater(self.number(r"spread (\d+)", text), 20)

    def test_bandwidth_is_bytes_a_second(self):
        took = self.number(r"took (\d+)", self.exchange("latency=1,bandwidth=10000", 50_000))
        self.assertTrue(5000 <= took < 6000, took)

    def test_lost_packets_are_sent_again_later(self):
        took = self.number(r"took (\d+)", self.exchange("latency=1,loss=0.5", 10_000))
        self.assertGreater(took, 200)

    def test_split_segments_are_read_one_by_one(self):
        whole = self.number(r"got 10000 in (\d+)", self.exchange("latency=1", 10_000))
        split = self.number(r"got 10000 in (\d+)", self.exchange("latency=1,split=1,spread=5", 10_000))
        self.assertEqual(whole, 1)
        self.assertGreater(split, 5)

    def test_segments_that_wait_are_read_at_once(self):
        text = self.run_sim("latency=1", {"server": """
            require('net').createServer({ pauseOnConnect: true }, (socket) => {
              socket.on('data', (data) => console.log('read', String(data)));
              setTimeout(() => socket.resume(), 1000);
            }).listen(7000);""", "client": """
            const socket = require('net').connect(7000, 'server');
            socket.write('one ');
            setTimeout(() => socket.end('two'), 100);"""})
        self.assertIn("read one two", text)

    def trace_sizes(self, faults, kind, who):
        trace = self.folder / "trace"
        self.run_sim(faults, {"server": COUNT, "client": """
            require('net').connect(7000, 'server').end(Buffer.alloc(10_000));"""},
                     "--trace", str(trace))
        return [int(size) for size in re.findall(rf" {kind} {who} #\d+ (\d+)", trace.read_text())]

    def test_a_short_write_takes_a_part(self):
        self.assertEqual(self.trace_sizes("latency=1", "send", "client"), [10_000])
        sizes = self.trace_sizes("latency=1,short=1", "send", "client")
        self.assertEqual(sum(sizes), 10_000)
        self.assertGreater(len(sizes), 3)

    def test_a_read_gives_a_part(self):
        sizes = self.trace_sizes("latency=1,fewer=1", "recv", "server")
        self.assertEqual(sum(sizes), 10_000)
        self.assertLessEqual(max(sizes), 256)

    def test_a_slow_reader_lets_little_through_at_once(self):
        fast = self.number(r"took (\d+)", self.exchange("latency=10", 60_000))
        slow = self.number(r"took (\d+)", self.exchange("latency=10,slow=1", 60_000))
        self.assertLess(fast, 100)
        self.assertGreater(slow, 20 * 60_000 / 2048)

    def test_a_full_accept_queue_lets_a_connection_wait_until_it_times_out(self):
        self.assertIn("error ETIMEDOUT", self.exchange("latency=1,queue=1", 1))

    def test_a_connection_is_refused(self):
        self.assertIn("error ECONNREFUSED", self.exchange("latency=1,refused=1", 1))

    def test_a_connection_is_reset(self):
        text = self.run_sim("latency=1,rst=1", {"server": ECHO, "client": PINGS})
        self.assertIn("error ECONNRESET", text)

    def test_one_end_is_forgotten_and_the_other_stays_half_open(self):
        text = self.run_sim("latency=1,forget=0.5", {"server": """
            require('net').createServer((socket) => {
              socket.on('error', (error) => console.log('error', error.code));
              socket.on('close', () => console.log('closed'));
            }).listen(7000);""", "client": """
            const socket = require('net').connect(7000, 'server');
            socket.on('error', (error) => console.log('error', error.code));
            socket.on('close', () => console.log('closed'));
            setTimeout(() => socket.write('x'), 60_000);"""}, "--time", "2m", "--keep", "1")
        times = [float(time) for time in re.findall(r"([\d.]+) \w+ \| error", text)]
        self.assertEqual(len(times), 2, text)
        self.assertLess(times[0], 60, text)
        self.assertGreaterEqual(times[1], 60, text)

    def test_a_connection_ends_at_any_byte(self):
        text = self.run_sim("latency=1,fin=2", {"server": COUNT, "client": """
            const connect = () => {
              const socket = require('net').connect(7000, 'server');
              const timer = setInterval(() => socket.write(Buffer.alloc(1000)), 100);
              socket.on('error', () => {});
              socket.resume();
              socket.on('close', () => { clearInterval(timer); connect(); });
            };
            connect();"""}, "--time", "20s")
        got = [int(bytes) for bytes in re.findall(r"got (\d+) in", text)]
        self.assertGreater(len(got), 3, text)
        self.assertTrue(any(bytes % 1000 != 0 for bytes in got), text)

    def test_a_link_is_cut_for_a_while(self):
        whole = self.run_sim("latency=1", {"server": ECHO, "client": PINGS})
        self.assertLess(self.number(r"longest (\d+)", whole), 200)
        cut = self.run_sim("latency=1,cut=0.5", {"server": ECHO, "client": PINGS})
        self.assertGreater(self.number(r"longest (\d+)", cut), 250)

    def test_a_link_is_cut_one_way(self):
        text = self.run_sim("latency=1,oneway=0.5", {"server": """
            require('net').createServer((socket) => {
              const timer = setInterval(() => socket.write('s'), 100);
              socket.on('data', () => console.log('at server', Math.round(performance.now())));
              socket.on('error', () => {});
              socket.on('close', () => clearInterval(timer));
            }).listen(7000);""", "client": """
            const socket = require('net').connect(7000, 'server');
            setInterval(() => socket.write('c'), 100);
            socket.on('error', () => {});
            socket.on('data', () => console.log('at client', Math.round(performance.now())));"""},
                            "--time", "20s")
        longest = {}
        for who in ("server", "client"):
            times = [int(time) for time in re.findall(rf"at {who} (\d+)", text)]
            longest[who] = max(b - a for a, b in zip(times, times[1:]))
        self.assertGreater(max(longest.values()), 250, longest)

    def test_a_name_is_not_found_for_now_by_lookup_and_by_question(self):
        text = self.run_sim("latency=1,dns=1", {"client": """
            const dns = require('dns');
            dns.lookup('client', (error) => console.log(error.code));
            dns.resolve4('client', (error) => console.log(error.code));"""})
        self.assertIn("EAI_AGAIN", text)
        self.assertIn("ESERVFAIL", text)

    def test_answers_about_names_are_late(self):
        text = self.run_sim("latency=1,dnsdelay=3000", {"client": """
            const dns = require('dns');
            const tell = (what) => console.log(what, Math.round(performance.now()));
            dns.lookup('client', () => tell('lookup'));
            dns.resolve4('client', () => tell('resolve'));"""}, "--seed", "2")
        self.assertGreater(self.number(r"lookup (\d+)", text), 100)
        self.assertGreater(self.number(r"resolve (\d+)", text), 100)

    def test_a_task_ends_by_an_error(self):
        text = self.run_sim("latency=1,task=1", {"one": """
            if (Task.me() === 1) {
              const task = new Task(__filename);
              task.on('exit', (...how) => { console.log('ended', ...how); process.exit(); });
              setInterval(() => {}, 1000);
            } else {
              setInterval(() => {}, 1000);
            }"""}, "--time", "30s")
        self.assertIn("ended", text)

    def test_a_process_is_killed_and_its_peers_hear_it(self):
        text = self.run_sim("latency=1,kill=0.1", {"server": "console.log('up');" + ECHO + STAY, "client": """
            const connect = () => {
              const socket = require('net').connect(7000, 'server');
              socket.on('error', () => {});
              socket.on('connect', () => console.log('connected'));
              socket.on('end', () => console.log('end'));
              socket.on('close', () => setTimeout(connect, 100));
            };
            connect();"""}, "--time", "3m")
        self.assertGreater(text.count("| up"), 1, text)
        self.assertGreater(text.count("| end"), 0, text)

    def test_a_machine_loses_power_and_its_peers_hear_nothing(self):
        text = self.run_sim("latency=1,crash=0.1", {"server": "console.log('up');" + ECHO + STAY, "client": """
            const connect = () => {
              const socket = require('net').connect(7000, 'server');
              socket.on('error', (error) => console.log(error.code));
              socket.on('end', () => console.log('end'));
              socket.on('close', () => setTimeout(connect, 100));
            };
            connect();"""}, "--time", "3m")
        self.assertGreater(text.count("| up"), 1, text)
        self.assertEqual(text.count("| end"), 0, text)

    def test_no_descriptor_is_left_for_a_socket(self):
        text = self.run_sim("latency=1,emfile=1", {"client": """
            require('net').connect(7000, 'client').on('error', (error) => console.log(error.code));"""})
        self.assertIn("EMFILE", text)

    def test_a_write_finds_no_memory(self):
        self.assertIn("error ENOBUFS", self.exchange("latency=1,enobufs=1", 10))

    def test_the_wall_clock_jumps_and_the_other_one_does_not(self):
        text = self.run_sim("latency=1,clock=0.1", {"one": """
            const began = [Date.now(), performance.now()];
            setTimeout(() => {
              const passed = [Date.now() - began[0], performance.now() - began[1]];
              console.log('apart', Math.round(Math.abs(passed[0] - passed[1])));
            }, 60_000);"""})
        self.assertGreater(self.number(r"apart (\d+)", text), 1000)


if __name__ == "__main__":
    unittest.main()
