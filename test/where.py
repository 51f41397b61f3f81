"""where.py SOURCE [--write]: checks that the files and symbols that the documentation points to are
there, and that docs/architecture.md draws the rooms that test/rooms.py allows; --write draws them."""

import pathlib
import re
import sys
import textwrap

import rooms

FILE = r"(?:src|lib|include|test|tools|types|docs|examples|bench)/[\w./-]*\w"
# A file, and what to look for in it.
POINTER = re.compile(rf"`({FILE})`((?:,?\s`[^`/]+`)*)")
POINTERS = ("docs/where.md", "docs/architecture.md")
# Room, what is in it, what it may require, where to start reading.
ROW = re.compile(r"^(\| (\w+) \| .* \| )(.*)( \| (\w+) \|)$", re.M)
ALONE = re.compile(r"(\w+)\s\(([\w,\s]+)\)")


def check_pointers(source, path, text):
    for file, symbols in POINTER.findall(text):
        if not (source / file).exists():
            yield f"{path}: there is no {file}"
            continue
        for symbol in re.findall(r"`([^`]+)`", symbols):
            if symbol not in (source / file).read_text(encoding="utf-8"):
                yield f"{path}: there is no {symbol} in {file}"


def check_rooms(path, text):
    drawn = {}
    for _, room, allowed, _, start in ROW.findall(text):
        drawn[room] = allowed
        if not (path.parent.parent / "lib/internal" / room / f"{start}.js").exists():
            yield f"{path}: there is no {start} in lib/internal/{room}"
    drawn |= ALONE.findall(text[text.index("Public modules without"):].split("\n\n")[0])
    drawn = {room: allowed.replace(",", "").split() for room, allowed in drawn.items()}
    for room in sorted(drawn.keys() ^ rooms.ROOMS.keys()):
        yield f"{path}: the room {room} is not both there and in test/rooms.py"
    for room, allowed in rooms.ROOMS.items():
        if drawn.get(room, allowed.split()) != allowed.split():
            yield f"{path}: what {room} may require is not drawn as test/rooms.py has it: --write"


def draw_rooms(text):
    def allowed(room):
        return ", ".join(rooms.ROOMS.get(room, "").split())

    text = ROW.sub(lambda row: f"{row[1]}{allowed(row[2])}{row[4]}", text)
    begin = text.index("Public modules without")
    end = text.index("\n\n", begin)
    alone = ALONE.sub(lambda room: f"{room[1]} ({allowed(room[1])})", text[begin:end])
    return text[:begin] + textwrap.fill(alone, 100) + text[end:]


def main():
    source = pathlib.Path(sys.argv[1])
    problems = []
    for name in POINTERS:
        path = source / name
        problems += check_pointers(source, path, path.read_text(encoding="utf-8"))
    drawing = source / "docs/architecture.md"
    if "--write" in sys.argv:
        drawing.write_text(draw_rooms(drawing.read_text(encoding="utf-8")), encoding="utf-8")
    problems += check_rooms(drawing, drawing.read_text(encoding="utf-8"))
    print("\n".join(problems) or "all that the documentation points to is there")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
