"""numbers.py SOURCE: checks that numbers which C++ and JavaScript share are the same on both sides.

C++ declares them, as an enum, or as a struct of numbers that JavaScript sees as an array. A module
that needs some has a comment that says `of enum NAME in FILE` or `of struct NAME in FILE`, and below
it up to the next empty line constants, properties or one list with names of the same words:
`kGroupClosed` is GROUP_CLOSED, 'group-closed' or 'groupClosed'. The declaration's comment names the
module's file, so that both sides lead to the other.
"""

import pathlib
import re
import sys

MARK = re.compile(r"[Oo]f (enum|struct) ([\w:]+) in ((?:src|include)/[\w/]+\.(?:h|cc))")
CONSTANT = re.compile(r"^\s*(?:const )?(\w+)(?: = |: )(-?\d+)[;,]")
LIST = re.compile(r"^\s*const \w+ = \[(.*)\];")
FIELD = re.compile(r"^\s*(?:double|int32_t) (\w+) = -?\d+;", re.M)
COMMENTS = re.compile(r"//.*")
MENTION = re.compile(r"lib/[\w/]+\.js")


def word(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def declared(text, kind, name):
    """The numbers of an enum or struct by the words of its names; None if it is not there."""
    plain = name.split("::")[-1]
    text = COMMENTS.sub("", text)
    start = re.search(rf"\b{kind} (?:class )?{plain}\b[^;{{]*\{{", text)
    if not start:
        return None
    body = text[start.end():text.index("};", start.end())]
    if kind == "struct":
        names = FIELD.findall(body)
        return {word(field): number for number, field in enumerate(names)}
    numbers, next_number = {}, 0
    for entry in filter(None, (part.strip() for part in body.split(","))):
        entry, _, value = entry.partition("=")
        next_number = int(value, 0) if value else next_number
        numbers[word(entry.strip().removeprefix("k"))] = next_number
        next_number += 1
    return numbers


def used(lines):
    """Line, name and number of what stands below a mark, up to an empty line."""
    for number, line in lines:
        if not line.strip():
            return
        if found := CONSTANT.match(line):
            yield number, found.group(1), int(found.group(2))
        elif found := LIST.match(line):
            for position, name in enumerate(re.findall(r"'([^']*)'", found.group(1))):
                yield number, name, position


def check_module(source, path, marks):
    lines = list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        mark = MARK.search(line)
        if not mark:
            continue
        kind, name, file = mark.groups()
        marks.add((path.relative_to(source).as_posix(), name.split("::")[-1]))
        header = source / file
        numbers = header.is_file() and declared(header.read_text(encoding="utf-8"), kind, name)
        if not numbers:
            yield f"{path}:{number}: there is no {kind} {name} in {file}"
            continue
        found = list(used(lines[number:]))
        if not found:
            yield f"{path}:{number}: no numbers of {name} follow"
        for place, constant, value in found:
            if numbers.get(word(constant)) != value:
                yield (f"{path}:{place}: {constant} is {value} here and"
                       f" {numbers.get(word(constant), 'nothing')} in {name} of {file}")


def check_declarations(source, marks):
    """A declaration that names a module is named by that module."""
    for path in sorted((source / "src").rglob("*.[hc]*")):
        comment = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.lstrip().startswith("//"):
                comment.append(line)
                continue
            found = re.match(r"\s*(?:enum|struct) (?:class )?(\w+)", line)
            text = " ".join(comment)
            about = found and re.search(r"\bnumbers\b|\bindices\b", text)
            for module in MENTION.findall(text) if about else ():
                if (module, found.group(1)) not in marks:
                    yield f"{path}:{number}: {module} does not say that it has numbers of this"
            comment = []


def main():
    source = pathlib.Path(sys.argv[1])
    marks = set()
    problems = [problem for path in sorted((source / "lib").rglob("*.js"))
                for problem in check_module(source, path, marks)]
    problems += check_declarations(source, marks)
    print("\n".join(problems) or "the numbers of both sides are the same")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
