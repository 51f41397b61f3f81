"""layers.py SOURCE: checks that includes point down only, as docs/architecture.md draws it, that the
folders of bindings stand side by side, and that only the engine's layer knows the engine's inside."""

import pathlib
import re
import sys

# A layer may include those of a lower number, and itself.
LAYERS = {"base": 0, "sim": 1, "sys": 2, "loop": 3, "ledger": 4, "stream": 5, "tls": 6, "dns": 6,
          "group": 7, "engine": 8, "control": 9, "bind": 10, "cli": 11}
# What the public headers may include beyond <sluice/…> and the standard library.
SYSTEM = {
    "include/sluice/address.h": {"sys/socket.h"},
    "include/sluice/socket.h": {"sys/types.h"},
}
# What a folder of bindings may include of another one.
COMMON = {"bind/net/state.h", "bind/tls/certificate_value.h"}
# What the engine's library exports beyond its C API, declared there and used in src/engine only.
SPI = "engine/jsc_spi.h"
INSIDE = [r"\b(?:JSC|WTF)::", r"\b_ZN\d+(?:JSC|WTF|OpaqueJSString)", r"\bspi::"]
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def sources(folder):
    return (path for path in sorted(folder.rglob("*")) if path.suffix in (".h", ".cc"))


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1) or found.group(2), found.group(1) is not None


def check_layers(source):
    for path in sources(source / "src"):
        layer = path.relative_to(source / "src").parts[0]
        if layer not in LAYERS:
            yield f"{path}: the layer {layer} is not in test/layers.py"
            continue
        for number, name, _ in includes(path):
            other = name.split("/")[0]
            if other in LAYERS and (source / "src" / name).exists() and other != layer:
                if LAYERS[other] >= LAYERS[layer]:
                    yield f"{path}:{number}: {layer} must not include {name} of {other}"


def check_bindings(source):
    for path in sources(source / "src/bind"):
        folder = path.relative_to(source / "src").parent.as_posix()
        if folder == "bind":
            continue
        for number, name, _ in includes(path):
            other = pathlib.PurePosixPath(name).parent.as_posix()
            if other.startswith("bind/") and other != folder and name not in COMMON:
                yield f"{path}:{number}: {folder} must not include {name}, which is not COMMON"


def check_engine(source):
    declared = (source / "src" / SPI).with_suffix(".cc").read_text(encoding="utf-8")
    names = re.findall(r'"(JS\w+)"', declared)
    inside = re.compile("|".join([*INSIDE, rf"\b(?:{'|'.join(names)})\b", re.escape(SPI)]))
    for folder in ("src", "include", "test/unit", "examples"):
        for path in sources(source / folder):
            if path.is_relative_to(source / "src/engine"):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = inside.search(line)
                if found:
                    yield f"{path}:{number}: {found.group()} is for src/engine only"


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
    problems = [
        problem
        for check in (check_layers, check_bindings, check_engine, check_public)
        for problem in check(source)
    ]
    print("\n".join(problems) or "includes point down only")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
