"""sizes.py SOURCE: checks that no file is longer than 450 lines and no function than 80.

In C++ and JavaScript a function begins on a line that ends in `) {` or `=> {`, and ends on the first
line that closes a brace at its indent: the formatters see to both. The functions that group tests
or facts are no functions of a program.
"""

import ast
import pathlib
import re
import sys

MOST_OF_FILE = 450
MOST_OF_FUNCTION = 80

# What is one thing although it is longer, with the reason; of a function, its file and first line.
LONG_FILES = {
    "lib/internal/errors/messages.js": "the table of error codes",
    "test/differential/crypto.facts.js": "programs that print facts",
    "test/differential/fs.facts.js": "programs that print facts",
    "test/differential/http.facts.js": "one program that prints facts",
    "test/differential/net.facts.js": "one program that prints facts",
    "types/net.d.ts": "the declarations of one module",
}
LONG_FUNCTIONS = {}

FOLDERS = ("include", "src", "lib", "types", "test", "tools", "bench", "examples")
ENDINGS = {".cc", ".h", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".py"}
FUNCTION = re.compile(r"^(\s*)([:?] )?\S.*(?:=>|\)[^()=]*) \{$")
NO_FUNCTION = re.compile(r"^\s*(?:namespace|class|struct|enum|union|extern|describe|program)\b")


def files(source):
    return sorted(path for folder in FOLDERS for path in (source / folder).rglob("*")
                  if path.suffix in ENDINGS and path.is_file() and "node_modules" not in path.parts)


def functions_in_braces(lines):
    """First line, last line and text of each function of C++ or JavaScript."""
    for first, line in enumerate(lines):
        found = FUNCTION.match(line)
        if not found or NO_FUNCTION.match(line):
            continue
        # A list of members' values, or a branch of ?:, is indented otherwise than what it belongs to.
        indent = len(found.group(1)) + {None: 0, ": ": -4, "? ": 2}[found.group(2)]
        end = " " * indent + "}"
        for last in range(first + 1, len(lines)):
            if lines[last].startswith(end):
                yield first + 1, last + 1, line.strip()
                break


def functions_of_python(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno, f"def {node.name}"


def check(source):
    used = set()
    for path in files(source):
        name = path.relative_to(source).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = text.splitlines()
        if len(lines) > MOST_OF_FILE:
            used.add(name)
            if name not in LONG_FILES:
                yield f"{path}: {len(lines)} lines, {MOST_OF_FILE} are the most"
        in_braces = path.suffix != ".py"
        functions = functions_in_braces(lines) if in_braces else functions_of_python(text)
        for first, last, begin in functions:
            if (size := last - first + 1) > MOST_OF_FUNCTION:
                used.add((name, begin))
                if (name, begin) not in LONG_FUNCTIONS:
                    yield f"{path}:{first}: {size} lines, {MOST_OF_FUNCTION} are the most: {begin}"
    for rest in (LONG_FILES.keys() | LONG_FUNCTIONS.keys()) - used:
        yield f"test/sizes.py: {rest} is not long"


def main():
    problems = list(check(pathlib.Path(sys.argv[1])))
    print("\n".join(problems) or "files and functions are short enough")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
