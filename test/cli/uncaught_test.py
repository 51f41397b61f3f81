"""What an uncaught error leaves on standard error."""

import os
import unittest

import sluice

# What was thrown has a place only by a fast path.
WITHOUT_TRACES = os.environ.get("SLUICE_FAST") == "none"


class Uncaught(sluice.FolderTest):
    def report(self, text):
        """Runs text as app.js; returns standard error with the folder left out."""
        self.file("app.js", text)
        done = self.command("app.js")
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.returncode, 1)
        return done.stderr.replace(self.folder + "/", "")

    def test_an_error_shows_the_line_a_caret_and_the_stack(self):
        lines = self.report("function inner() {\n\tthrow new TypeError('bad');\n}\ninner();\n").split("\n")
        self.assertEqual(lines[:6], ["app.js:2", "\tthrow new TypeError('bad');",
                                     "\t                   ^", "", "TypeError: bad",
                                     "    at inner (app.js:2:21)"])

    def test_an_error_event_that_nobody_hears_shows_where_it_was_emitted(self):
        text = self.report("const EventEmitter = require('events');\nclass Mine extends EventEmitter {}\n"
                           "const one = new Mine();\nconst error = new Error('made');\n"
                           "function tell() {\n  one.emit('error', error);\n}\ntell();\n")
        self.assertIn("Emitted 'error' event on Mine instance, to which nobody listens\n"
                      "    at tell (app.js:6:11)\n", text)

    def test_code_that_is_no_file_shows_its_line_too(self):
        for arguments, text in [(["-e", "let a;\nnull.x"], ""), (["-"], "let a;\nnull.x")]:
            done = self.command(*arguments, input=text)
            name = "[stdin]" if text else "[eval]"
            self.assertEqual(done.stderr, f"{name}:2\nnull.x\n    ^\n\nTypeError: null is not an "
                             f"object (evaluating 'null.x')\n    at {name}:2:5\n")

    def test_columns_of_the_first_line_are_those_of_the_file(self):
        self.assertIn("\n    at app.js:1:5", self.report("null.x"))

    def test_a_syntax_error_shows_its_line(self):
        self.assertTrue(self.report("let a = 1;\nlet b = ;\n").startswith(
            "app.js:2\nlet b = ;\n        ^\n\nSyntaxError: "))

    def test_a_brace_too_many_shows_its_line(self):
        for text in ("let a = 1;\n}\n", "async function f() {}\n}\n", "}); f(); (function () {\n"):
            line = text.splitlines()[-1]
            number = len(text.splitlines())
            self.assertTrue(self.report(text).startswith(
                f"app.js:{number}\n{line}\n^\n\nSyntaxError: Unexpected token '}}'\n"))

    def test_what_does_not_parse_says_why(self):
        for text, expected in [
            ("class A {\n  @log\n  run() {}\n}\n", "decorators are not run as they are"),
            ("function f() { await 1; }", "await is for async functions"),
            ("const s = 'abc\n", "Unterminated string constant"),
        ]:
            self.assertIn(expected, self.report(text))

    def test_what_was_assigned_to_is_named(self):
        self.assertIn("\n'port' is a constant\n", self.report("const port = 80;\nport = 81;\n"))
        self.assertIn("\nthe property 'a' is read-only\n", self.report(
            "'use strict';\nconst o = Object.freeze({ a: 1 });\no.a += 2;\n"))

    def test_modules_that_import_each_other_are_named(self):
        self.file("b.mjs", "import { a } from './a.mjs';\nexport const b = a + 1;\n")
        self.file("a.mjs", "import { b } from './b.mjs';\nexport const a = 1;\n")
        done = self.command("a.mjs")
        self.assertIn("/b.mjs:2\nexport const b = a + 1;\n                 ^\n", done.stderr)
        self.assertRegex(done.stderr, r"'a' is of \S+/a\.mjs, which has not run so far: ")

    def test_an_error_of_json_has_its_place(self):
        self.assertIn("at position 15 (line 2 column 7)",
                      self.report("JSON.parse('{\"a\": 1,\\n \"b\": tru }')"))

    def test_a_warning_has_its_place_in_the_program(self):
        self.file("app.js", "function add() {\n  process.emitWarning('mine');\n}\nadd();\n")
        done = self.command("app.js")
        self.assertRegex(done.stderr, r"Warning: mine\n    at add \(\S+/app\.js:2:\d+\)\n$")

    def test_methods_have_the_names_of_their_classes(self):
        text = self.report("class A {\n  #deep() { throw new Error('x'); }\n  get value() { this.#deep(); }\n"
                           "  constructor() { this.value; }\n}\nconst made = { go() { new A(); } };\nmade.go();\n")
        for name in ["A.#deep", "A.get value", "new A", "Object.go"]:
            self.assertIn(f"    at {name} (app.js:", text)

    def test_properties_and_causes_are_shown(self):
        text = self.report("const e = new Error('top', { cause: new RangeError('why') });\n"
                           "e.code = 'EX';\nthrow e;\n")
        self.assertIn("  code: 'EX',\n  [cause]: RangeError: why\n", text)
        self.assertIn("[errors]: [\n    Error: one\n",
                      self.report("throw new AggregateError([new Error('one')], 'many')"))

    def test_values_that_are_no_errors_are_shown(self):
        for value, shown in [("'str'", "'str'"), ("{ a: 1 }", "{ a: 1 }"), ("null", "null"),
                             ("undefined", "undefined"), ("Symbol('s')", "Symbol(s)")]:
            place = "" if WITHOUT_TRACES else f"app.js:1\nthrow {value}\n\n"
            self.assertEqual(self.report(f"throw {value}"), f"{place}Uncaught {shown}\n")

    def test_a_rejection_that_nothing_handles_is_shown(self):
        self.assertIn("Error: rejected\n    at ", self.report("Promise.reject(new Error('rejected'))"))
        self.assertIn('The promise rejected with the reason "5".', self.report("Promise.reject(5)"))

    def test_hostile_values_are_survived(self):
        for value in [
                "new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } })",
                "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
                "Object.create(null)",
                "{ get a() { throw 1; }, [Symbol.for('nodejs.util.inspect.custom')]() { throw 1; } }",
                "Object.assign(new Error('x'), { stack: 5 })",
                "Object.freeze(new Error('x'))",
                "(() => { const e = new Error('x'); e.cause = e; return e; })()",
                "Object.defineProperties(new Error('x'), Object.fromEntries(['stack', 'message', 'name',"
                " 'cause', 'errors', 'code'].map((k) => [k, { get() { throw 1; } }])))",
        ]:
            text = self.report(f"throw {value}")
            self.assertNotIn("failure while reporting", text)
            self.assertNotEqual(text, "")


if __name__ == "__main__":
    unittest.main()
