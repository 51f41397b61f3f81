"""Signals as events, and how processes end."""
import os
import signal
import unittest

from sluice import LIMIT, run, start

READY = "console.log('ready');"


class Signals(unittest.TestCase):
    def deliver(self, code, *signals):
        """Starts code, waits for its line 'ready', sends signals; returns (status, output)."""
        with start(code) as process:
            self.assertEqual(process.stdout.readline(), b"ready\n")
            for number in signals:
                process.send_signal(number)
            output, _ = process.communicate(timeout=LIMIT)
        return process.returncode, output

    def test_a_listener_gets_the_name_and_the_number(self):
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT"):
            code = f"""
            process.on('{name}', (name, number) => {{ console.log(name, number); process.exit(9); }});
            setInterval(() => {{}}, 1000); {READY}
            """
            number = getattr(signal, name)
            self.assertEqual(self.deliver(code, number), (9, f"{name} {int(number)}\n".encode()))

    def test_without_a_listener_the_signal_ends_the_process(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP):
            status, _ = self.deliver(f"setInterval(() => {{}}, 1000); {READY}", number)
            self.assertEqual(status, -number)

    def test_removing_the_last_listener_gives_the_signal_back(self):
        code = f"""
        const once = () => {{}};
        process.on('SIGTERM', once); process.on('SIGTERM', console.log);
        process.removeListener('SIGTERM', once); process.removeAllListeners('SIGTERM');
        setInterval(() => {{}}, 1000); {READY}
        """
        self.assertEqual(self.deliver(code, signal.SIGTERM)[0], -signal.SIGTERM)

    def test_once_hears_one_signal(self):
        code = f"""
        process.once('SIGTERM', () => process.kill(process.pid, 'SIGTERM'));
        setInterval(() => {{}}, 1000); {READY}
        """
        self.assertEqual(self.deliver(code, signal.SIGTERM)[0], -signal.SIGTERM)

    def test_a_listener_does_not_keep_the_process(self):
        self.assertEqual(run("process.on('SIGTERM', () => {})")[0], 0)

    def test_many_signals_arrive(self):
        code = f"""
        let count = 0;
        process.on('SIGUSR2', () => {{ if (++count === 5) process.exit(count); process.send(); }});
        process.send = () => console.log('ready');
        setInterval(() => {{}}, 1000); {READY}
        """
        with start(code) as process:
            for _ in range(5):
                self.assertEqual(process.stdout.readline(), b"ready\n")
                process.send_signal(signal.SIGUSR2)
            process.communicate(timeout=LIMIT)
            self.assertEqual(process.returncode, 5)

    def test_the_collector_and_programs_do_not_share_a_signal(self):
        code = """
        let count = 0;
        process.on('SIGUSR1', () => { count++; });
        const end = setInterval(() => {
          for (let i = 0, keep = []; i < 20000; i++) keep.push({ i, text: 'x'.repeat(i % 100) });
          process.kill(process.pid, 'SIGUSR1');
          if (count >= 20) clearInterval(end);
        }, 0);
        """
        self.assertEqual(run(code), (0, b"", b""))

    def test_sigpipe_is_ignored(self):
        code = "process.kill(process.pid, 'SIGPIPE'); console.log('alive')"
        self.assertEqual(run(code)[:2], (0, b"alive\n"))


class Ends(unittest.TestCase):
    def test_exit_codes(self):
        for code, status in {
            "process.exit()": 0,
            "process.exit(7)": 7,
            "process.exitCode = 8": 8,
            "process.exitCode = 8; process.exit()": 8,
            "process.exitCode = '12'": 12,
            "process.on('exit', () => { process.exitCode = 9 })": 9,
            "process.on('exit', (code) => { process.exit(code + 1) }); process.exitCode = 4": 5,
            "throw new Error('x')": 1,
            "Promise.reject(new Error('x'))": 1,
            "process.on('uncaughtException', () => process.exit(6)); throw 1": 6,
            "process.on('uncaughtException', () => { throw 2 }); throw 1": 7,
            "process.abort()": -signal.SIGABRT,
        }.items():
            self.assertEqual(run(code)[0], status, code)

    def test_beforeexit_may_give_new_work_and_exit_may_not(self):
        code = """
        let more = 1;
        process.on('beforeExit', (code) => { if (more-- > 0) setTimeout(() => console.log('work', code), 0); });
        process.on('exit', (code) => { console.log('exit', code); setTimeout(() => console.log('never'), 0); });
        """
        self.assertEqual(run(code)[1], b"work 0\nexit 0\n")

    def test_a_capture_callback_gets_what_nothing_caught(self):
        code = """
        process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message));
        setTimeout(() => console.log(process.hasUncaughtExceptionCaptureCallback()), 0);
        throw new Error('boom');
        """
        self.assertEqual(run(code)[:2], (0, b"captured boom\ntrue\n"))

    def test_warnings_are_printed_and_are_events(self):
        code = """
        process.on('warning', (w) => console.log(w.name, w.code));
        process.emitWarning('first');
        process.emitWarning('second', { type: 'Custom', code: 'C1', detail: 'more' });
        for (let i = 0; i < 2; i++) process.emitWarning('old', 'DeprecationWarning', 'DEP9');
        """
        with start(code) as process:
            output, errors = process.communicate(timeout=LIMIT)
        lines = errors.decode().replace(str(process.pid), "PID").splitlines()
        self.assertEqual(
            lines,
            [
                "(node:PID) Warning: first",
                "(node:PID) [C1] Custom: second",
                "more",
                "(node:PID) [DEP9] DeprecationWarning: old",
                "(node:PID) [DEP9] DeprecationWarning: old",
            ],
        )
        self.assertEqual(output.count(b"DeprecationWarning DEP9"), 2)

    def test_no_descriptor_leaks_to_children(self):
        code = """
        process.on('SIGTERM', () => {}); process.stdin.on('data', () => {});
        const fs = require('fs');
        for (const name of fs.readdirSync('/proc/self/fd')) {
          if (Number(name) < 3 || !fs.existsSync(`/proc/self/fd/${name}`)) continue;
          const flags = parseInt(/flags:\\s*([0-7]+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${name}`, 'latin1'))[1], 8);
          const target = fs.readlinkSync(`/proc/self/fd/${name}`);
          // The engine's own source of random numbers is open in every process with an engine.
          if (!(flags & 0o2000000) && target !== '/dev/urandom') console.log('leaks', name, target);
        }
        """
        with start(code) as process:
            output, errors = process.communicate(timeout=LIMIT)
        self.assertEqual((output, errors), (b"", b""))


if __name__ == "__main__":
    unittest.main()
