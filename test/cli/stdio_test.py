"""Standard input, output and error of every kind: files, pipes, sockets, terminals."""
import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import unittest

from sluice import LIMIT, run, start

COUNT_INPUT = """
let bytes = 0;
process.stdin.on('data', (data) => { bytes += data.length; });
process.stdin.on('end', () => console.log('end', bytes));
process.stdin.on('close', () => console.log('close'));
"""


def read_until(fd, text):
    """Reads from a descriptor until text arrived; returns everything read."""
    got = b""
    while text not in got:
        ready, _, _ = select.select([fd], [], [], LIMIT)
        if not ready:
            raise AssertionError(f"no {text!r} in {got!r}")
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if not data:
            raise AssertionError(f"the end came before {text!r}: {got!r}")
        got += data
    return got


class Terminal:
    """A pseudo terminal; a program gets its slave side."""

    def __init__(self, columns=80, rows=24):
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.master)
        os.close(self.slave)


class Output(unittest.TestCase):
    def test_everything_written_before_exit_reaches_a_slow_pipe(self):
        code = "process.stdout.write('x'.repeat(3000000)); process.stderr.write('e'); process.exit(3)"
        status, output, errors = run(code)
        self.assertEqual((status, len(output), errors), (3, 3000000, b"e"))

    def test_everything_is_written_to_a_pipe_that_is_non_blocking(self):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        with start("process.stdout.write('x'.repeat(1000000)); process.exit()", stdout=writer) as process:
            os.close(writer)
            total = 0
            while data := os.read(reader, 65536):
                total += len(data)
            process.stdin.close()
            process.wait(LIMIT)
        os.close(reader)
        self.assertEqual(total, 1000000)

    def test_a_file_gets_everything_in_order_with_console(self):
        with tempfile.TemporaryFile() as file:
            run("console.log('a'); process.stdout.write('b\\n'); console.log('c')", stdout=file)
            file.seek(0)
            self.assertEqual(file.read(), b"a\nb\nc\n")

    def test_a_replaced_write_sees_what_console_prints(self):
        code = """
        const seen = [];
        const { write } = process.stdout;
        process.stdout.write = (text) => (seen.push(text), true);
        console.log('hidden');
        process.stdout.write = write;
        console.log(JSON.stringify(seen));
        """
        self.assertEqual(run(code)[1], b'["hidden\\n"]\n')

    def test_a_closed_pipe_is_an_error_event(self):
        reader, writer = os.pipe()
        os.close(reader)
        code = """
        process.stdout.on('error', (error) => {
          process.stderr.write(`${error.code} ${error.syscall}`);
          process.exit(4);
        });
        process.stdout.write('x');
        """
        status, _, errors = run(code, stdout=writer)
        os.close(writer)
        self.assertEqual((status, errors), (4, b"EPIPE write"))

    def test_a_closed_pipe_without_a_listener_is_an_uncaught_error(self):
        reader, writer = os.pipe()
        os.close(reader)
        status, _, errors = run("process.stdout.write('x')", stdout=writer)
        os.close(writer)
        self.assertEqual(status, 1)
        self.assertIn(b"EPIPE", errors)

    def test_console_ignores_a_closed_pipe(self):
        reader, writer = os.pipe()
        os.close(reader)
        for code in ("console.log('x')", "process.stdout; console.log('x')"):
            self.assertEqual(run(code, stdout=writer)[0], 0)
        os.close(writer)

    def test_closed_descriptors_are_not_given_to_files(self):
        def close_all():
            for fd in (0, 1):
                os.close(fd)

        code = """
        const fd = require('fs').openSync('/dev/null');
        console.error(fd > 2, process.stdin._type, process.stdout._type);
        """
        status, _, errors = run(code, preexec_fn=close_all, stdin=None, stdout=None)
        self.assertEqual((status, errors), (0, b"true fs fs\n"))

    def test_a_terminal_tells_its_size_and_reports_changes(self):
        code = """
        const { stdout } = process;
        stdout.write(`${stdout.isTTY} ${stdout.getWindowSize().join('x')} ${stdout instanceof require('tty').WriteStream}\\n`);
        stdout.on('resize', () => { stdout.write(`now ${stdout.columns} ${stdout.rows}`); clearInterval(timer); });
        const timer = setInterval(() => {}, 1000);
        """
        with Terminal(90, 30) as terminal, start(code, stdout=terminal.slave) as process:
            self.assertIn(b"true 90x30 true", read_until(terminal.master, b"\n"))
            terminal.resize(100, 40)
            process.send_signal(signal.SIGWINCH)
            self.assertIn(b"now 100 40", read_until(terminal.master, b"40"))
            process.communicate(timeout=LIMIT)
            self.assertEqual(process.returncode, 0)

    def test_colours_follow_the_environment(self):
        code = """
        const depth = (env) => process.stdout.getColorDepth(env);
        process.stdout.write([depth({ TERM: 'xterm-256color' }), depth({ TERM: 'dumb' }),
          depth({ COLORTERM: 'truecolor', TERM: 'x' }), depth({ TERM: 'xterm' }), depth({ FORCE_COLOR: '0' }),
          process.stdout.hasColors(256, { TERM: 'xterm' })].join(' ') + '\\n');
        """
        with Terminal() as terminal, start(code, stdout=terminal.slave) as process:
            self.assertIn(b"8 1 24 4 1 false", read_until(terminal.master, b"\n"))
            process.communicate(timeout=LIMIT)


class Input(unittest.TestCase):
    def test_a_pipe_is_read_to_its_end(self):
        _, output, _ = run(COUNT_INPUT, b"x" * 1000000)
        self.assertEqual(output, b"end 1000000\nclose\n")

    def test_a_pipe_that_ended_before_the_start_is_read(self):
        reader, writer = os.pipe()
        os.write(writer, b"early")
        os.close(writer)
        _, output, _ = run(COUNT_INPUT, stdin=reader)
        os.close(reader)
        self.assertEqual(output, b"end 5\nclose\n")

    def test_a_file_is_read_to_its_end(self):
        with tempfile.TemporaryFile() as file:
            file.write(b"y" * 300000)
            file.seek(0)
            _, output, _ = run(COUNT_INPUT, stdin=file)
        self.assertEqual(output, b"end 300000\nclose\n")

    def test_dev_null_ends_at_once(self):
        _, output, _ = run(COUNT_INPUT, stdin=subprocess.DEVNULL)
        self.assertEqual(output, b"end 0\nclose\n")

    def test_a_socket_is_read_to_its_end(self):
        ours, theirs = socket.socketpair()
        ours.sendall(b"z" * 1000)
        ours.shutdown(socket.SHUT_WR)
        _, output, _ = run(COUNT_INPUT, stdin=theirs)
        ours.close()
        theirs.close()
        self.assertEqual(output, b"end 1000\nclose\n")

    def test_input_that_nobody_reads_does_not_keep_the_process(self):
        for code in ("process.stdin", "process.stdin.on('end', () => {})", "process.stdin.on('data', () => {}).unref()"):
            with start(code) as process:  # its input stays open
                self.assertEqual(process.wait(LIMIT), 0, code)

    def test_paused_input_does_not_keep_the_process_and_resumes(self):
        code = """
        process.stdin.once('data', (data) => {
          console.log('got', String(data));
          process.stdin.pause();
          setImmediate(() => process.stdin.once('data', (more) => {
            console.log('more', String(more));
            process.stdin.pause();
          }).resume());
        });
        """
        with start(code) as process:
            process.stdin.write(b"1")
            process.stdin.flush()
            self.assertEqual(read_until(process.stdout.fileno(), b"got 1\n"), b"got 1\n")
            process.stdin.write(b"2")
            process.stdin.flush()
            self.assertEqual(process.wait(LIMIT), 0)
            self.assertEqual(process.stdout.read(), b"more 2\n")

    def test_async_iteration_and_pipe(self):
        code = "(async () => { let n = 0; for await (const d of process.stdin) n += d.length; console.log(n); })()"
        self.assertEqual(run(code, b"abc" * 50000)[1], b"150000\n")
        self.assertEqual(run("process.stdin.pipe(process.stdout)", b"abc" * 50000)[1], b"abc" * 50000)

    def test_readable_events(self):
        code = """
        let text = '';
        process.stdin.setEncoding('utf8');
        process.stdin.on('readable', () => { for (let d; (d = process.stdin.read()) !== null; ) text += d; });
        process.stdin.on('end', () => console.log(text));
        """
        self.assertEqual(run(code, "h\u00e9".encode())[1], "h\u00e9\n".encode())

    def test_the_open_file_of_input_stays_blocking(self):
        reader, writer = os.pipe()
        with start("process.stdin.on('data', (d) => console.log(String(d)))", stdin=reader) as process:
            os.write(writer, b"x")
            read_until(process.stdout.fileno(), b"x\n")
            self.assertTrue(os.get_blocking(reader))
            os.close(writer)
            self.assertEqual(process.wait(LIMIT), 0)
            process.communicate()
        os.close(reader)

    def test_a_terminal_in_raw_mode_gives_single_keys_and_is_restored(self):
        code = """
        process.stdin.setRawMode(true);
        console.log('ready', process.stdin.isTTY, process.stdin.isRaw);
        process.stdin.once('data', (key) => { console.log('key', key[0]); process.exit(5); });
        """
        with Terminal() as terminal:
            before = termios.tcgetattr(terminal.slave)
            with start(code, stdin=terminal.slave) as process:
                read_until(process.stdout.fileno(), b"ready true true\n")
                self.assertNotEqual(termios.tcgetattr(terminal.slave), before)
                os.write(terminal.master, b"\x03")  # a plain byte, not SIGINT
                read_until(process.stdout.fileno(), b"key 3\n")
                process.communicate(timeout=LIMIT)
                self.assertEqual(process.returncode, 5)
            self.assertEqual(termios.tcgetattr(terminal.slave), before)

    def test_a_terminal_gives_lines_and_its_end(self):
        with Terminal() as terminal, start(COUNT_INPUT, stdin=terminal.slave) as process:
            os.write(terminal.master, b"line\n")
            os.write(terminal.master, b"\x04")
            read_until(process.stdout.fileno(), b"end 5\n")
            process.communicate(timeout=LIMIT)


if __name__ == "__main__":
    unittest.main()
