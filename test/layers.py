"""layers.py SOURCE: checks that includes point down only, as docs/architecture.md draws it."""

import pathlib
import re
import sys

# A layer may include those of a lower number, and itself.
LAYERS = {"base": 0, "sys": 1, "loop": 2, "stream": 3, "tls": 4, "dns": 4, "group": 5,
          "engine": 6, "bind": 7, "cli": 8}
# What the public headers may include beyond <sluice/…> and the standard library.
SYSTEM = {
    "include/sluice/address.h": {"sys/socket.h"},
    "include/sluice/socket.h": {"sys/types.h"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1) or found.group(2), found.group(1) is not None


def check_layers(source):
    for path in sorted((source / "src").rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        layer = path.relative_to(source / "src").parts[0]
        if layer not in LAYERS:
            yield f"{path}: the layer {layer} is not in test/layers.py"
            continue
        for number, name, _ in includes(path):
            other = name.split("/")[0]
            if other in LAYERS and (source / "src" / name).exists() and other != layer:
                if LAYERS[other] >= LAYERS[layer]:
                    yield f"{path}:{number}: {layer} must not include {name} of {other}"


def check_public(source):
    for path in sorted((source / "include").rglob("*.h")):
        allowed = SYSTEM.get(str(path.relative_to(source)), set())
        for number, name, _ in includes(path):
            if name.startswith("sluice/"):
                if not (source / "include" / name).exists():
                    yield f"{path}:{number}: there is no public header {name}"
            elif not re.fullmatch(r"[a-z_]+", name) and name not in allowed:
                yield f"{path}:{number}: a public header must not include {name}"


def main():
    source = pathlib.Path(sys.argv[1])
    problems = [*check_layers(source), *check_public(source)]
    print("\n".join(problems) or "includes point down only")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
