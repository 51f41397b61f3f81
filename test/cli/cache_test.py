"""What is kept of programs' files on the disk: what transforms made, and bytecode."""

import contextlib
import os
import subprocess
import unittest

import sluice

VERSION = subprocess.run([sluice.BINARY, "--version"], capture_output=True, check=True, text=True).stdout
# A file that is long enough to be kept as bytecode; it tells what depends on its text.
TEXT = """#!/usr/bin/env sluice
// %s
exports.sum = (a, b) => a + b;
class Shape { #area = 7; get area() { return this.#area; } static { this.made = true; } }
function fails() {
  throw new Error('one');
}
function* count() { yield* [1, 2]; }
const label = (strings, ...values) => strings.raw.join('|') + values;
const later = () => Promise.resolve('later');
try { fails(); } catch (error) { console.log(error.stack.split('\\n').slice(0, 3).join()); }
console.log(fails.toString(), new Shape().area, Shape.made, [...count()], label`x${1}\\n`, exports.sum(1, 2));
console.log(/\\bone\\b/u.test('one'), module.filename === __filename, typeof require, this === exports);
later().then(console.log);
"""


def program(filling="x"):
    return TEXT % (filling * 20000)


class Cache(sluice.FolderTest):
    def setUp(self):
        super().setUp()
        self.cache = os.path.join(self.folder, "cache")
        self.environment(SLUICE_CACHE=self.cache)

    def environment(self, **changes):
        for name, value in changes.items():
            before = os.environ.get(name)
            os.environ[name] = value
            if before is None:
                self.addCleanup(os.environ.pop, name)
            else:
                self.addCleanup(os.environ.__setitem__, name, before)

    def run_sluice(self, *arguments, code=0, **options):
        done = self.command(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def kept(self):
        """The files of the folder by name: which file it is, and its size."""
        with contextlib.suppress(FileNotFoundError):
            return {entry.name: (entry.inode(), entry.stat().st_size) for entry in os.scandir(self.cache)}
        return {}

    def kinds(self):
        return sorted(name.split("-")[0] for name in self.kept())


class Transforms(Cache):
    def setUp(self):
        super().setUp()
        self.file("app.ts", "import fs from 'node:fs';\nconst x: string = 'one';\nconsole.log(x, typeof fs);\n")

    def test_what_was_transformed_is_kept_by_content(self):
        self.environment(SLUICE_CACHE=os.path.join(self.folder, "made/cache"))
        self.cache = os.environ["SLUICE_CACHE"]
        self.assertEqual(self.run_sluice("app.ts"), "one object\n")
        self.assertEqual(self.kinds(), ["module", "types"])
        before = self.kept()
        self.assertEqual(self.run_sluice("app.ts"), "one object\n")
        self.assertEqual(self.kept(), before)
        self.file("app.ts", "import fs from 'node:fs';\nconsole.log('two', typeof fs);\n")
        self.assertEqual(self.run_sluice("app.ts"), "two object\n")
        after = self.kept()
        self.assertEqual(after.keys(), before.keys())
        self.assertFalse(set(after.values()) & set(before.values()))

    def test_what_others_may_write_to_keeps_nothing(self):
        self.environment(SLUICE_CACHE=os.path.join(self.folder, "outer/cache"))
        self.cache = os.environ["SLUICE_CACHE"]
        for folder in (self.cache, os.path.dirname(self.cache)):
            os.makedirs(folder, 0o700, exist_ok=True)
            for mode in (0o777, 0o770):
                os.chmod(folder, mode)
                self.assertEqual(self.run_sluice("app.ts"), "one object\n")
                self.assertEqual(self.kept(), {})
            os.chmod(folder, 0o700)

    def test_a_kept_file_that_others_may_write_to_is_made_anew(self):
        self.run_sluice("app.ts")
        before = self.kept()
        for name in before:
            os.chmod(os.path.join(self.cache, name), 0o666)
        self.assertEqual(self.run_sluice("app.ts"), "one object\n")
        self.assertFalse(set(self.kept().values()) & set(before.values()))

    def test_a_kept_file_that_is_a_link_is_made_anew(self):
        self.run_sluice("app.ts")
        for name in self.kept():
            moved = os.path.join(self.folder, name)
            os.rename(os.path.join(self.cache, name), moved)
            os.symlink(moved, os.path.join(self.cache, name))
        self.assertEqual(self.run_sluice("app.ts"), "one object\n")
        self.assertFalse(any(entry.is_symlink() for entry in os.scandir(self.cache)))

    def test_an_empty_name_of_the_cache_keeps_nothing(self):
        self.environment(SLUICE_CACHE="", HOME=self.folder)
        self.assertEqual(self.run_sluice("app.ts"), "one object\n")
        self.assertEqual(os.listdir(self.folder), ["app.ts"])

    def test_the_folder_is_the_users_for_caches(self):
        environment = {name: value for name, value in os.environ.items() if name != "SLUICE_CACHE"}
        environment["XDG_CACHE_HOME"] = os.path.join(self.folder, "xdg")
        self.run_sluice("app.ts", env=environment)
        self.cache = os.path.join(self.folder, "xdg/sluice")
        self.assertEqual(self.kinds(), ["module", "types"])


@unittest.skipIf("bytecode" not in VERSION, "the engine is not the one that sluice was built with")
class Bytecode(Cache):
    def name(self):
        (name,) = self.kept()
        return os.path.join(self.cache, name)

    def make(self, text=None):
        """Loads a program until its bytecode is kept; returns what it printed."""
        self.file("app.js", text or program())
        output = self.run_sluice("app.js")
        self.assertEqual(self.run_sluice("app.js"), output)
        self.assertEqual(self.kinds(), ["bytecode"])
        return output

    def test_a_file_that_is_loaded_again_is_bytecode_from_then_on(self):
        self.file("app.js", program())
        output = self.run_sluice("app.js")
        self.assertIn("Error: one,    at fails (", output)
        self.assertIn("later", output)
        (seen,) = self.kept().values()
        self.assertEqual(self.run_sluice("app.js"), output)
        (made,) = self.kept().values()
        self.assertGreater(made[1], seen[1])
        self.assertEqual(self.run_sluice("app.js"), output)
        self.assertEqual([*self.kept().values()], [made])

    def test_an_uncaught_error_shows_the_line_of_the_file(self):
        self.file("app.js", f"// {'x' * 20000}\nfunction f() {{\n  null.x;\n}}\nf();\n")
        errors = [self.command("app.js").stderr for _ in range(3)]
        self.assertIn("app.js:3\n  null.x;\n", errors[0])
        self.assertEqual(errors, [errors[0]] * 3)

    def test_text_that_is_not_latin_is_kept_too(self):
        output = self.make(program("\u0451") + "console.log('\u0451\u2192\U0001f600');\n")
        self.assertIn("\u0451\u2192\U0001f600", output)
        self.assertEqual(self.run_sluice("app.js"), output)

    def test_the_name_that_a_text_gives_itself_is_the_same(self):
        output = self.make(program() + "//# sourceURL=other.js\n")
        self.assertEqual(self.run_sluice("app.js"), output)

    def test_a_text_that_does_not_parse_is_not_kept(self):
        self.file("app.js", program() + "let let;")
        errors = {self.command("app.js").stderr for _ in range(2)}
        self.assertEqual(len(errors), 1)
        self.assertEqual(self.kept(), {})

    def test_short_texts_and_code_are_not_kept(self):
        self.file("app.js", "console.log(1)")
        for _ in range(2):
            self.run_sluice("app.js")
            self.run_sluice("-e", program())
            self.run_sluice(input=program())
        self.assertEqual(self.kept(), {})

    def test_a_changed_text_is_read(self):
        output = self.make()
        self.file("app.js", program().replace("Error('one')", "Error('two')"))
        changed = output.replace("Error: one", "Error: two").replace("Error('one')", "Error('two')")
        self.assertEqual(self.run_sluice("app.js"), changed)
        self.assertEqual(self.kinds(), ["bytecode"])

    def test_each_path_has_its_own(self):
        self.make()
        self.file("other.js", program())
        self.assertIn("other.js:6", self.run_sluice("other.js"))
        self.assertEqual(self.kinds(), ["bytecode"] * 2)

    def test_other_options_of_the_engine_have_their_own(self):
        output = self.make()
        before = self.kept()
        self.environment(JSC_useFTLJIT="0")
        self.assertEqual(self.run_sluice("app.js"), output)
        self.assertEqual(len(self.kept()), 2)
        self.assertLessEqual(before.items(), self.kept().items())

    def test_a_text_of_more_than_2_MiB_is_not_kept_as_bytecode(self):
        self.file("long.js", "// " + "x" * (2 << 20) + "\nconsole.log('ran');\n")
        for _ in range(3):
            self.assertEqual(self.run_sluice("long.js"), "ran\n")
        self.assertEqual(self.kinds(), [])

    def test_without_the_path_of_bytecode_nothing_is_kept_or_read(self):
        self.environment(SLUICE_FAST="-bytecode")
        self.file("app.js", program())
        self.run_sluice("app.js")
        self.assertEqual(self.kept(), {})

    def damage(self, change):
        """Writes what change makes of a kept file; it must be seen and made anew."""
        output = self.make()
        with open(self.name(), "rb") as kept:
            whole = kept.read()
        for number, changed in enumerate(change(whole)):
            with self.subTest(number):
                with open(self.name(), "wb") as kept:
                    kept.write(changed)
                self.assertEqual(self.run_sluice("app.js"), output)
                self.assertEqual(self.run_sluice("app.js"), output)
                with open(self.name(), "rb") as kept:
                    self.assertEqual(len(kept.read()), len(whole))

    def test_a_truncated_file_is_made_anew(self):
        self.damage(lambda whole: [whole[:size] for size in (0, 1, 15, 40, 63, 64, 65, 4096, len(whole) // 2, len(whole) - 1)])

    def test_a_flipped_bit_is_found_wherever_it_is(self):
        def flips(whole):
            for place in [*range(0, 64, 5), *range(64, len(whole), len(whole) // 12), len(whole) - 1]:
                changed = bytearray(whole)
                changed[place] ^= 1 << place % 8
                yield bytes(changed)
        self.damage(flips)

    def test_what_is_too_long_or_of_others_is_made_anew(self):
        self.damage(lambda whole: [whole + b"\0", b"\x7fELF" + whole[4:], b"\0" * len(whole), whole * 2])

    def test_a_file_of_another_path_or_text_in_its_place_is_made_anew(self):
        self.make()
        name = self.name()
        self.file("other.js", program().replace("'one'", "'two'"))
        for _ in range(2):
            self.run_sluice("other.js")
        (other,) = set(self.kept()) - {os.path.basename(name)}
        os.replace(os.path.join(self.cache, other), name)
        self.assertIn("Error: one", self.run_sluice("app.js"))

    def test_many_processes_at_once_leave_whole_files(self):
        self.file("app.js", program())
        for _ in range(3):
            running = [subprocess.Popen([sluice.BINARY, "app.js"], cwd=self.folder, stdout=subprocess.PIPE)
                       for _ in range(6)]
            outputs = {one.communicate(timeout=sluice.LIMIT)[0] for one in running}
            self.assertEqual(len(outputs), 1)
            self.assertEqual(self.kinds(), ["bytecode"])
        before = self.kept()
        self.run_sluice("app.js")
        self.assertEqual(self.kept(), before)

    def test_a_folder_that_cannot_be_written_to_is_read(self):
        output = self.make()
        before = self.kept()
        os.chmod(self.cache, 0o500)
        self.addCleanup(os.chmod, self.cache, 0o700)
        self.assertEqual(self.run_sluice("app.js"), output)
        self.assertEqual(self.kept(), before)

    def test_tasks_share_what_is_kept(self):
        self.file("part.js", program() + "exports.wide = (x) => [x, x];\n")
        self.file("app.js", "const { sum, wide } = require('./part');\n"
                  "if (Task.isMain()) for (let i = 0; i < 3; i++) new Task(__filename);\n"
                  "setTimeout(() => console.log(sum(2, 3), wide(4).length), 1);\n")
        for _ in range(3):
            self.assertEqual(self.run_sluice("app.js").count("5 2\n"), 4)
        self.assertEqual(self.kinds(), ["bytecode"])

    def test_modules_and_types_are_kept_as_bytecode_too(self):
        self.file("app.mts", f"// {'x' * 20000}\nimport fs from 'node:fs';\nconst x: string = 'one';\n"
                  "export default x;\nconsole.log(x, typeof fs);\n")
        for _ in range(3):
            self.assertEqual(self.run_sluice("app.mts"), "one object\n")
        self.assertEqual(self.kinds(), ["bytecode", "module", "types"])

    def test_async_functions_are_transformed_and_kept(self):
        self.file("app.js", program() + "(async () => { await null; console.log('awaited'); })();\n")
        for _ in range(3):
            self.assertIn("awaited\n", self.run_sluice("app.js"))
        self.assertEqual(self.kinds(), ["bytecode", "script"])

    def test_a_text_that_is_loaded_twice_in_one_program_runs_twice(self):
        self.file("part.js", program() + "exports.count = (globalThis.count = (globalThis.count ?? 0) + 1);\n")
        self.file("app.js", "for (let i = 0; i < 4; i++) {\n"
                  "  delete require.cache[require.resolve('./part')];\n"
                  "  console.log(require('./part').count);\n}\n")
        for _ in range(2):
            lines = self.run_sluice("app.js").split("\n")
            self.assertEqual([line for line in lines if line.isdigit()], ["1", "2", "3", "4"])

    def test_a_program_in_user_mode_has_it_and_cannot_look_at_it(self):
        self.file("app.js", program() + "require('fs').readdir(process.argv[2], (error) => console.log(error?.code));\n")
        self.environment(LSAN_OPTIONS="detect_leaks=0")  # it could not read its file of exceptions there
        arguments = ("--permission", f"--allow-fs.read={self.folder}/app.js", "app.js", self.cache)
        output = self.run_sluice(*arguments)
        self.assertIn("ERR_ACCESS_DENIED", output)
        for _ in range(2):
            self.assertEqual(self.run_sluice(*arguments), output)
        self.assertEqual(self.kinds(), ["bytecode"])

    def test_a_file_that_may_not_be_read_is_not_found_in_it(self):
        self.file("secret/app.js", program())
        self.file("program/main.js", "require('../secret/app')")
        for _ in range(2):
            self.assertIn("Error: one", self.run_sluice("program/main.js"))
        self.assertEqual(self.kinds(), ["bytecode"])
        done = self.command("--permission", "program/main.js")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Error: one", done.stdout)


if __name__ == "__main__":
    unittest.main()
