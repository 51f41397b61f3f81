"""What sluice does where the engine lacks what it uses beyond the public API, or is told to do without."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SLUICE = os.environ["SLUICE"]
os.environ.pop("SLUICE_FAST", None)  # each test says which paths it wants
NAMES = [
    "integers", "functions", "strings", "views", "buffers", "traces", "microtasks", "termination",
    "statistics", "sharing",
]
# Only the engine that sluice was built with can have it.
if b"bytecode" in subprocess.run([SLUICE, "--version"], capture_output=True, check=True).stdout:
    NAMES.append("bytecode")
# A program that uses each path: strings and bytes both ways, a caught error of the engine's, promise
# jobs, a task that is ended.
PROGRAM = r"""
const net = require('net');
if (!Task.isMain()) {
  Task.send(Task.parent(), 'ends');
  Task.exit(0);
  while (true); // is not reached, or not for long
}
const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1');
  client.write('z\u00fcrich \u2192 ' + 'x'.repeat(40));
  client.end(Buffer.from([0x20, 0x35]));
  let text = '';
  client.setEncoding('utf8').on('data', (part) => (text += part));
  client.on('end', async () => {
    let thrown;
    try {
      null.x;
    } catch (error) {
      thrown = error.constructor.name;
    }
    new Task(__filename);
    Task.on('message', (message) => {
      console.log(text, message, thrown, process.versions.fast_paths);
      server.close();
    });
  });
});
"""
# What the dynamic linker finds in the engine, without the functions named in HIDE.
HIDER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
void* dlsym(void* handle, const char* name) {
  static void* (*real)(void*, const char*);
  if (real == NULL) real = (void* (*)(void*, const char*))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
  if (real == NULL) real = (void* (*)(void*, const char*))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
  const char* hidden = getenv("HIDE");
  return hidden != NULL && strcmp(hidden, name) == 0 ? NULL : real(handle, name);
}
"""


class EngineTest(unittest.TestCase):
    def run_program(self, program=PROGRAM, **environment):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "program.js")
            file.write_text(program)
            return subprocess.run([SLUICE, file], env={**os.environ, **environment}, timeout=60,
                                  capture_output=True, text=True)

    def check_works(self, done, on):
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout, f"z\u00fcrich \u2192 {'x' * 40} 5 ends TypeError {on}\n")
        self.assertEqual(done.returncode, 0)

    def test_all_paths_are_on_with_this_engine(self):
        self.check_works(self.run_program(SLUICE_FAST="all"), ",".join(NAMES))

    def test_a_program_runs_without_any(self):
        self.check_works(self.run_program(SLUICE_FAST="none"), "none")

    def test_a_program_runs_without_each(self):
        depend = {"integers": {"strings", "views", "traces", "sharing"}}
        for name in NAMES:
            with self.subTest(name):
                off = {name} | depend.get(name, set())
                on = ",".join(other for other in NAMES if other not in off)
                self.check_works(self.run_program(SLUICE_FAST=f"-{name}"), on)

    def test_a_program_runs_with_some(self):
        self.check_works(self.run_program(SLUICE_FAST="integers,views"), "integers,views")

    def test_an_unknown_name_is_an_error_that_lists_the_names(self):
        done = self.run_program(SLUICE_FAST="fast")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"^sluice: SLUICE_FAST has no 'fast'; its names are none, all, inte.*\n$")

    def hide(self, symbol):
        if "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ:
            self.skipTest("the sanitizers' library must be the first one")
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "hide.c")
            source.write_text(HIDER)
            library = pathlib.Path(folder, "hide.so")
            subprocess.run(["g++", "-x", "c", "-shared", "-fPIC", "-o", library, source], check=True)
            return self.run_program(LD_PRELOAD=str(library), HIDE=symbol)

    def test_a_missing_function_turns_its_path_off(self):
        for symbol, path in {
            "_ZN3JSC2VM15drainMicrotasksEv": "microtasks",
            "_ZN3JSC2VM26ensureTerminationExceptionEv": "termination",
            "_ZN3JSC25jsStringWithCacheSlowCaseERNS_2VMERN3WTF10StringImplE": "strings",
            "JSContextCreateBacktrace": "statistics",
            "JSScriptEvaluate": "bytecode",
        }.items():
            if path not in NAMES:
                continue
            with self.subTest(path):
                self.check_works(self.hide(symbol), ",".join(n for n in NAMES if n != path))

    def test_a_program_runs_where_bytecode_has_copies_of_texts(self):
        done = self.hide("_ZN3WTF14AtomStringImpl11addSlowCaseERNS_10StringImplE")
        self.check_works(done, ",".join(NAMES))

    def compiled(self, program):
        """How many functions were compiled to machine code."""
        done = self.run_program(program, JSC_reportBaselineCompileTimes="1", JSC_useConcurrentJIT="0")
        self.assertEqual(done.returncode, 0, done.stderr)
        return (done.stdout + done.stderr).count("using Baseline")

    def test_nothing_of_the_start_is_compiled(self):
        if self.compiled("function f(i) { return i + 1; } for (let i = 0; i < 1e5; i++) f(i);") == 0:
            self.skipTest("this engine does not tell, or does not compile")
        for program in ("", "require('net');", "require('tls').TLSSocket; require('http').Server;",
                        "if (Task.isMain()) new Task(__filename); else require('net');"):
            with self.subTest(program):
                self.assertEqual(self.compiled(program), 0)

    def test_a_function_that_there_is_no_way_without_is_named_with_both_versions(self):
        done = self.hide("JSLock")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(
            done.stderr,
            r"^sluice: JavaScriptCore 2\.\d+\.\d+ does not have JSLock, which sluice \d+\.\d+\.\d+, "
            r"built for JavaScriptCore 2\.\d+\.\d+, needs\n$")


if __name__ == "__main__":
    unittest.main()
