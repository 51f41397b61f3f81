"""The sluice command from outside: options, exit codes, where output goes."""

import os
import pty
import subprocess
import unittest

import sluice


class CommandLine(sluice.FolderTest):
    def prints(self, code, *arguments, **options):
        done = self.command("-p", code, *arguments, **options)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0)
        return done.stdout

    def refuses(self, done, message):
        self.assertEqual(done.stderr, f"sluice: {message}\n")
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.returncode, 2)

    def test_a_task_has_the_arguments_of_the_program(self):
        self.file("app.js", "new Task('./task.js');")
        self.file("task.js", "console.log(process.argv.slice(2), process.execArgv);")
        self.assertEqual(self.command("--no-warnings", "app.js", "a", "b").stdout,
                         "[ 'a', 'b' ] [ '--no-warnings' ]\n")

    def test_runs_a_file_with_its_arguments(self):
        self.file("app.js", "process.exitCode = process.argv.slice(2).join() === '-x,--help' ? 40 : 1")
        self.assertEqual(self.command("app.js", "-x", "--help").returncode, 40)

    def test_the_file_resolves_as_in_require(self):
        self.file("app.js", "process.exitCode = 41")
        self.file("site/index.js", "process.exitCode = 42")
        self.assertEqual(self.command("app").returncode, 41)
        self.assertEqual(self.command("./site/").returncode, 42)
        self.assertEqual(self.command(os.path.join(self.folder, "site")).returncode, 42)

    def test_modules_are_imported_and_awaited_before_the_program(self):
        self.file("first.mjs", "await null; globalThis.seen = ['first'];")
        self.assertEqual(self.prints("seen.join()", "--import", "./first.mjs"), "first\n")
        self.assertEqual(
            self.prints("typeof seen", "--import=data:text/javascript,globalThis.seen = 1"),
            "number\n")

    def test_variables_of_files_are_set_that_are_not(self):
        self.file("one.env", "FIRST=1\nSECOND='from one'\n")
        self.file("two.env", "SECOND='from two'\n")
        code = "[process.env.FIRST, process.env.SECOND].join()"
        self.assertEqual(self.prints(code, "--env-file=one.env", "--env-file", "two.env"),
                         "1,from two\n")
        self.assertEqual(self.prints("5", "--env-file-if-exists=none.env"), "5\n")
        done = self.command("--env-file=none.env", "-p", "5")
        self.assertEqual((done.returncode, done.stderr), (9, "sluice: none.env: not found\n"))

    def test_files_of_tests_run_in_processes_of_their_own(self):
        self.file("one.test.js", "require('node:test')('good', () => {});")
        self.file("other.js", "throw new Error('no test');")
        done = self.command("--test", "--test-reporter=tap")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("ok 1 - good", done.stdout)
        self.file("two.test.js", "require('node:test')('bad', () => { throw 1; });")
        done = self.command("--test", "--test-reporter=tap", "two.test.js")
        self.assertEqual(done.returncode, 1)
        self.assertIn("not ok 1 - bad", done.stdout)

    def test_argv_has_absolute_paths(self):
        path = self.file("app.js", "throw process.argv.join('|')")
        done = self.command("app.js", "one")
        self.assertIn(f"{sluice.BINARY}|{path}|one", done.stderr)

    def test_an_uncaught_error_exits_1(self):
        self.file("app.js", "throw new Error('reason of the end')")
        done = self.command("app.js")
        self.assertEqual(done.returncode, 1)
        self.assertIn("reason of the end", done.stderr)

    def test_a_file_that_is_missing_or_a_directory_without_index(self):
        self.refuses(self.command("nope.js"),
                     f"cannot read '{self.folder}/nope.js': no such file or directory")
        self.refuses(self.command("."),
                     f"cannot read '{self.folder}': is a directory without package.json main or index.js")

    @unittest.skipIf(os.geteuid() == 0, "root can read every file")
    def test_a_file_that_cannot_be_read(self):
        path = self.file("closed.js", "")
        os.chmod(path, 0)
        self.refuses(self.command("closed.js"), f"cannot read '{path}': permission denied")

    def test_an_unknown_option(self):
        self.refuses(self.command("--frobnicate", "app.js"),
                     "unknown option '--frobnicate' (see sluice --help)")
        self.refuses(self.command("-x"), "unknown option '-x' (see sluice --help)")
        self.refuses(self.command("--check=yes"), "unknown option '--check=yes' (see sluice --help)")

    def test_an_option_without_its_value(self):
        self.refuses(self.command("-e"), "-e needs the code to run after it")
        self.refuses(self.command("--require"), "--require needs a module after it")
        self.refuses(self.command("--check"), "--check needs the name of a file")

    def test_two_dashes_end_the_options(self):
        self.file("-e", "process.exitCode = 43")
        self.assertEqual(self.command("--", "-e").returncode, 43)

    def test_help_names_every_option(self):
        done = self.command("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in ("-e, --eval", "-p, --print", "-r, --require", "-c, --check", "-h, --help",
                       "-v, --version", "--  ", "Exit codes"):
            self.assertIn(option, done.stdout)
        self.assertEqual(self.command("-h").stdout, done.stdout)

    def test_version_names_the_parts(self):
        done = self.command("-v")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^sluice \d+\.\d+\.\d+\nJavaScriptCore 2\.\S+\nOpenSSL 3\.\S+\nfast paths [a-z,]+\n$")

    def test_eval_sees_the_names_of_a_module(self):
        self.file("near.js", "module.exports = 'near'")
        self.assertEqual(self.prints("require('./near')"), "near\n")
        self.assertEqual(self.prints("[__filename, __dirname, typeof module, exports === module.exports].join()"),
                         "[eval],.,object,true\n")
        done = self.command("--eval=process.exitCode = process.argv.length", "a", "b")
        self.assertEqual(done.returncode, 3)

    def test_print_shows_the_completion_value(self):
        self.assertEqual(self.prints("var a = 20; a * 2 + 2"), "42\n")
        self.assertEqual(self.prints("process.execArgv.join()"), "-p,process.execArgv.join()\n")

    def test_arguments_that_are_not_utf8_keep_their_place(self):
        done = subprocess.run([sluice.BINARY, "-p", "process.argv.slice(1).map((a) => a.length).join()",
                               b"a\xffb", b"x"], capture_output=True, timeout=60, check=False)
        self.assertEqual(done.stdout, b"3,1\n")

    def test_a_syntax_error_in_code_exits_1(self):
        done = self.command("-e", "let x = ;")
        self.assertEqual(done.returncode, 1)
        self.assertIn("SyntaxError", done.stderr)

    def test_required_modules_load_first_in_order(self):
        self.file("one.js", "globalThis.seen = ['one', module.isPreloading]")
        self.file("two.js", "seen.push('two')")
        done = self.command("-r", "./one", "--require=./two", "-p", "seen.join()")
        self.assertEqual(done.stdout, "one,true,two\n")

    def test_check_only_parses(self):
        self.file("good.js", "process.exitCode = 9; return;")
        self.file("bad.js", "'fine';\nlet x = ;")
        good = self.command("-c", "good")
        self.assertEqual((good.returncode, good.stdout, good.stderr), (0, "", ""))
        bad = self.command("--check", "bad.js")
        self.assertEqual(bad.returncode, 1)
        self.assertIn("SyntaxError", bad.stderr)

    def test_a_program_on_standard_input(self):
        code = "process.exitCode = process.argv.length + (__filename === '[stdin]' ? 40 : 0)"
        self.assertEqual(self.command(input=code).returncode, 42)
        self.assertEqual(self.command("-", "a", input=code).returncode, 43)

    def test_no_program_on_a_terminal_prints_the_usage(self):
        master, terminal = pty.openpty()
        try:
            done = self.command(input=None, stdin=terminal)
        finally:
            os.close(master)
            os.close(terminal)
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stderr.startswith("Usage: sluice "))
        self.assertEqual(done.stdout, "")

    def test_task_exit_runs_what_was_registered(self):
        self.file("app.js", "Task.cleanup(() => { process.exitCode = 12 }); Task.exit()")
        self.assertEqual(self.command("app.js").returncode, 12)
        self.file("app2.js", "Task.cleanup(() => {}); Task.exit(13)")
        self.assertEqual(self.command("app2.js").returncode, 13)


if __name__ == "__main__":
    unittest.main()
