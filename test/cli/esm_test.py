"""ECMAScript modules and TypeScript as programs, seen from outside."""

import os
import unittest

import sluice


class Programs(sluice.FolderTest):
    def run_sluice(self, *arguments, code=0, input=""):
        """Returns standard output, or standard error of a failure, with the folder left out."""
        done = self.command(*arguments, input=input)
        self.assertEqual(done.returncode, code, done.stderr)
        text = done.stderr if code else done.stdout
        return text.replace(self.folder + "/", "")

    def test_a_module_is_a_program_with_arguments(self):
        self.file("app.mjs", "import { basename } from 'node:path';\n"
                  "console.log(basename(process.argv[1]), process.argv[2], import.meta.main);\n"
                  "console.log(await Promise.resolve('waited'));\n")
        self.assertEqual(self.run_sluice("app.mjs", "x"), "app.mjs x true\nwaited\n")

    def test_columns_behind_a_template_are_those_of_the_file(self):
        self.file("app.ts", "const f = (x: string) => `a${x as string}b`; "
                  "function g(): void { throw new Error(); } g();\n")
        self.assertRegex(self.command("app.ts").stderr, r"at g \(\S+/app\.ts:1:82\)\n    at \S+/app\.ts:1:89\n")

    def test_a_js_file_with_import_is_a_module(self):
        self.file("app.js", "import fs from 'fs';\nconsole.log(typeof fs.readFile, typeof require);\n"
                  "await null;\n")
        self.assertEqual(self.run_sluice("app.js"), "function undefined\n")

    def test_typescript_is_a_program(self):
        self.file("app.ts", "const answer: number = 42;\nconsole.log(answer as unknown, typeof require);\n")
        self.assertEqual(self.run_sluice("app.ts"), "42 function\n")

    def test_code_is_a_module_if_told_or_if_it_looks_like_one(self):
        code = "import os from 'os'; console.log(typeof os.cpus, typeof require)"
        for arguments in (["-e", code], ["--input-type=module", "-e", code]):
            self.assertEqual(self.run_sluice(*arguments), "function undefined\n")
        self.assertEqual(self.run_sluice(input=code), "function undefined\n")
        self.assertIn("SyntaxError", self.run_sluice("--input-type=commonjs", "-e", code, code=1))
        self.assertIn("--input-type must be commonjs or module, not 'x'",
                      self.run_sluice("--input-type=x", "-e", "0", code=2))

    def test_code_has_import(self):
        self.file("data.mjs", "export default 'data'")
        self.assertEqual(self.run_sluice("-e", "import('./data.mjs').then((m) => console.log(m.default))"),
                         "data\n")

    def test_an_error_shows_line_and_caret_of_the_file(self):
        self.file("name.mjs", "export const name = null;\n")
        self.file("app.mjs", "import { name } from './name.mjs';\n\tname; name.length;\n")
        lines = self.run_sluice("app.mjs", code=1).split("\n")
        self.assertEqual(lines[:3], ["app.mjs:2", "\tname; name.length;", "\t          ^"])
        self.assertIn("    at app.mjs:2:12", lines)

    def test_an_error_in_typescript_shows_line_and_caret_of_the_file(self):
        self.file("app.ts", "type X = string;\nfunction f(x: X): X { throw new Error(x as any) } f('no');\n")
        lines = self.run_sluice("app.ts", code=1).split("\n")
        self.assertEqual(lines[:3], ["app.ts:2",
                                     "function f(x: X): X { throw new Error(x as any) } f('no');",
                                     "                                     ^"])
        self.assertEqual(lines[4:7], ["Error: no", "    at f (app.ts:2:38)", "    at app.ts:2:52"])

    def test_text_that_does_not_parse_shows_its_place(self):
        self.file("app.mjs", "export const a = 1;\nlet b = = 2;\n")
        self.assertTrue(self.run_sluice("app.mjs", code=1).startswith(
            "app.mjs:2\nlet b = = 2;\n        ^\n\nSyntaxError: Unexpected token\n"))
        self.assertTrue(self.run_sluice("--check", "app.mjs", code=1).startswith("app.mjs:2\n"))

    def test_a_missing_export_shows_the_import(self):
        self.file("name.mjs", "export const name = null;\n")
        self.file("app.mjs", "import { nam } from './name.mjs';\n")
        self.assertTrue(self.run_sluice("app.mjs", code=1).startswith(
            "app.mjs:1\nimport { nam } from './name.mjs';\n         ^\n\n"
            "SyntaxError: The requested module './name.mjs' does not provide an export named 'nam'\n"))

    def test_a_name_of_commonjs_in_a_module_is_told_what_to_use_instead(self):
        for name, use in (("require('fs')", "import, or createRequire(import.meta.url) of 'node:module'"),
                          ("__dirname", "import.meta.dirname"),
                          ("__filename", "import.meta.filename")):
            self.file("app.mjs", f"console.log({name});\n")
            self.assertIn(f"is not defined in ES modules: use {use}\n", self.run_sluice("app.mjs", code=1))

    def test_a_type_imported_as_a_value_is_told_to_be_one(self):
        self.file("types.ts", "export interface Thing { a: number }\n")
        self.file("app.ts", "import { Thing } from './types.ts';\nconst t: Thing = { a: 1 };\n")
        self.assertIn("if it is a type: import type { Thing } from './types.ts'",
                      self.run_sluice("app.ts", code=1))

    def test_an_error_after_await_ends_the_program(self):
        self.file("app.mjs", "await null;\nthrow new RangeError('late');\n")
        self.assertIn("RangeError: late", self.run_sluice("app.mjs", code=1))

    def test_an_await_that_never_settles_is_exit_code_13(self):
        self.file("app.mjs", "await new Promise(() => {});\n")
        self.assertEqual(self.run_sluice("app.mjs", code=13),
                         "sluice: top-level await in app.mjs never settled\n")

    def test_exit_while_a_module_awaits_has_the_code_that_it_gives(self):
        for code in ("await new Promise(() => { setImmediate(() => process.exit()); });",
                     "await null; process.exit();",
                     "await null; setImmediate(() => process.exit(0));",
                     "process.on('SIGTERM', () => process.exit());"
                     "setImmediate(() => process.kill(process.pid, 'SIGTERM'));"
                     "await new Promise((resolve) => setTimeout(resolve, 1e6));"):
            self.file("app.mjs", code + "\n")
            self.assertEqual(self.run_sluice("app.mjs"), "")


if __name__ == "__main__":
    unittest.main()
