"""rooms.py SOURCE: checks that built-in modules require only those of the rooms they may.

A module's room is its folder in lib/internal; that of a public module is the room of its name, or
the one that PUBLIC tells.
"""

import pathlib
import re
import sys

# Each room and those that its modules may require, which stand above it.
ROOMS = {
    "base": "",
    "errors": "base",
    "inspect": "base errors",
    "path": "errors",
    "timers": "base errors",
    "events": "base errors timers",
    "buffer": "base errors",
    "url": "errors buffer path",
    "util": "base errors inspect events buffer",
    "assert": "errors inspect util",
    "streams": "base errors inspect events buffer",
    "messages": "base errors events buffer util",
    "fs": "base errors events buffer streams url path",
    "zlib": "base errors buffer streams",
    "crypto": "base errors buffer util streams",
    "process": "base errors inspect events timers buffer streams",
    "os": "base errors buffer",
    "web": "base errors process timers os",
    "console": "base errors inspect process",
    "modules": "base errors inspect process url",
    "task": "errors events buffer modules",
    "vm": "base errors modules web",
    "worker": "base errors inspect path events streams url util messages modules process task vm",
    "dns": "base errors url",
    "net": "base errors events timers buffer streams process dns task",
    "child": "base errors events buffer url util process net",
    "cluster": "base errors events net child",
    "tls": "base errors events buffer streams crypto process fs net",
    "http": "base errors events buffer streams url process net",
    "https": "errors process http tls",
    "http2": "base errors events streams url crypto fs net tls http",
    "async_hooks": "base errors",
    "diagnostics_channel": "base errors",
    "perf_hooks": "base errors timers events",
    "readline": "base errors inspect events buffer",
    "constants": "os fs crypto",
    "v8": "base errors util os",
    "metrics": "errors",
    "control": "inspect buffer fs net path util",
    "sim": "errors path",
    "start": "base errors inspect events timers buffer url util streams crypto process console"
             " modules task worker perf_hooks net child cluster messages web control sim",
    "test": "base errors path timers url util assert streams fs process modules vm child os v8"
            " perf_hooks async_hooks",
    "constants": "os fs crypto",
    "absent": "errors events inspect",
}

# `absent`: modules of Node that sluice has only the refusals of.
PUBLIC = {
    "dgram": "net", "child_process": "child",
    "inspector": "absent", "repl": "absent", "trace_events": "absent", "iosched": "timers", "module": "modules", "punycode": "url",
    "querystring": "url", "socket": "net", "stream": "streams", "string_decoder": "buffer", "sys": "util",
    "_http_agent": "http", "_http_client": "http", "_http_common": "http",
    "_http_incoming": "http", "_http_outgoing": "http", "_http_server": "http",
    "_stream_duplex": "streams", "_stream_passthrough": "streams", "_stream_readable": "streams",
    "_stream_transform": "streams", "_stream_wrap": "streams", "_stream_writable": "streams",
    "_tls_common": "tls", "_tls_wrap": "tls", "domain": "events",
    "tty": "process", "util/types": "inspect", "worker_threads": "worker",
}

# Modules that a room requires although theirs stands below it.
EXCEPTIONS = {
    ("errors", "internal/inspect/inspect"): "a message shows the value that was received",
    ("errors", "internal/modules/source"): "columns count from what stands before a file's text",
    ("streams", "zlib"): "CompressionStream",
    ("events", "internal/inspect/inspect"): "a warning shows the emitter that has too many listeners",
    ("events", "async_hooks"): "events.EventEmitterAsyncResource",
    ("process", "internal/net/socket_fields"): "process.getActiveResourcesInfo()",
    ("util", "timers"): "promisify() of timers",
    ("util", "internal/process/warnings"): "the module sys is deprecated",
    ("crypto", "internal/process/warnings"): "deprecated uses",
    ("buffer", "internal/process/flags"): "--pending-deprecation",
    ("dns", "internal/process/flags"): "--dns-result-order",
    ("buffer", "internal/inspect/inspect"): "inspect() shows the own properties of a Buffer",
    ("url", "crypto"): "URLs of Blobs are not to be guessed",
    ("url", "internal/buffer/blob"): "URL.createObjectURL()",
    ("buffer", "internal/url/object_urls"): "buffer.resolveObjectURL()",
    ("process", "internal/worker/messaging"): "listeners of workerMessage",
    ("util", "internal/crypto/cryptokey"): "keys are cloned",
    ("util", "internal/crypto/keys"): "keys are cloned",
    ("util", "internal/net/socketaddress"): "addresses are cloned",
    ("util", "internal/net/moving"): "sockets and servers move to a copy",
    ("util", "internal/messages/task_route"): "sockets and servers move to a copy",
    ("http", "tls"): "proxies that are encrypted",
    ("http", "internal/https/global_proxy"): "http.setGlobalProxyFromEnv()",
    ("util", "tty"): "styleText() asks how many colours there are",
    ("util", "os"): "numbers of signals",
    ("process", "fs"): "--redirect-warnings, process.loadEnvFile()",
    ("process", "internal/util/parse_env"): "process.loadEnvFile()",
    ("fs", "readline"): "FileHandle.readLines()",
    ("process", "internal/net/handles"): "process.getActiveResourcesInfo()",
    ("process", "internal/modules/source_maps"): "--enable-source-maps",
    ("process", "os"): "process.report",
    ("process", "path"): "process.report",
    ("modules", "internal/worker/register"): "module.register()",
    ("start", "internal/test/command"): "the option --test",
    ("process", "net"): "process.getActiveResourcesInfo()",
    ("process", "internal/net/service"): "a service manager is told of the end",
    ("process", "internal/modules/loader"): "process.getBuiltinModule()",
    ("process", "internal/modules/methods"): "the engine tells no classes of methods",
    ("process", "internal/modules/syntax_error"): "the engine tells the line of what does not parse alone",
    ("test", "internal/worker/errors"): "errors of files of tests come as those of workers do",
    ("worker", "internal/start/modes"): "the text of a worker of `eval` runs as that of -e",
    ("vm", "internal/sim/globals"): "clocks and random numbers of a simulation, in contexts too",
    ("net", "internal/tls/certificates"): "servers with tlsOpt",
    ("net", "internal/tls/page"): "clients with tlsOpt",
}

# The only rooms that require them.
PACKAGES = {
    "acorn": "modules", "cjs-module-lexer": "modules", "encodings": "buffer",
    "minimatch": "path", "punycode": "url",
    "readable-stream": "streams", "readable-stream-ends": "streams",
    "readable-stream-pipelines": "streams", "sucrase": "modules", "tr46": "url", "undici": "web",
    "urlpattern": "url", "web-streams": "streams", "whatwg-url": "url",
}

# Names in stack traces and of a program's modules, which look like those of built-in ones.
NOT_MODULES = {"internal/preload", "internal/turns"}

# require(name), defineLazy(target, name, …) and tables of what loads later.
REQUIRE = re.compile(r"\brequire\('([^']+)'\)|\b(?:defineLazy\([\w.]+, |lazy\()'([^']+)'"
                     r"|'((?:internal|vendor)/[^']+)'")
COMMENT = re.compile(r"\s*(?://|/?\*)")
# In text, with or without lib/.
MENTION = re.compile(r"(?<![\w./])(?:lib/)?(internal/[\w/]+)")
TEXTS = ["lib/**/*.js", "src/**/*.h", "src/**/*.cc", "docs/**/*.md", "tools/*.mjs", "*.mjs", "*.md"]


def room_of(name):
    parts = name.split("/")
    if parts[0] == "internal":
        return parts[1]
    return PUBLIC.get(name) or PUBLIC.get(parts[0]) or parts[0]


def lines_of(path):
    return enumerate(path.read_text(encoding="utf-8").splitlines(), 1)


def requires(lib, modules):
    """Of every module that is no package: its path, the line, its name, the name it requires."""
    for name in sorted(modules):
        path = lib / f"{name}.js"
        if name.startswith("vendor/"):
            continue
        for number, line in lines_of(path):
            if not COMMENT.match(line):
                for found in REQUIRE.finditer(line):
                    yield path, number, name, next(filter(None, found.groups()))


def check_table():
    above = set()
    for room, allowed in ROOMS.items():
        for other in allowed.split():
            if other not in above:
                yield f"test/rooms.py: {other} must stand above {room}, which may require it"
        above.add(room)


def check_rooms(lib, modules):
    used = set()
    for name in sorted(modules):
        if not name.startswith("vendor/") and room_of(name) not in ROOMS:
            yield f"{lib / name}.js: the room {room_of(name)} is not in test/rooms.py"
    for path, number, name, other in requires(lib, modules):
        room = room_of(name)
        if other in NOT_MODULES or room not in ROOMS:
            continue
        if other not in modules:
            yield f"{path}:{number}: there is no module {other}"
        elif other.startswith("vendor/"):
            if PACKAGES.get(other.removeprefix("vendor/")) != room:
                yield f"{path}:{number}: {room} must not require {other}"
        elif (target := room_of(other)) != room:
            used |= {(room, target), (room, other)}
            if target not in ROOMS[room].split() and (room, other) not in EXCEPTIONS:
                yield f"{path}:{number}: {room} must not require {other} of {target}"
    table = {(room, other) for room, allowed in ROOMS.items() for other in allowed.split()}
    for room, other in sorted((table | EXCEPTIONS.keys()) - used):
        yield f"test/rooms.py: {room} does not require {other}"


def check_mentions(source, modules):
    folders = {name.rsplit("/", 1)[0] for name in modules if name.startswith("internal/")}
    for pattern in TEXTS:
        for path in sorted(source.glob(pattern)):
            for number, line in lines_of(path):
                for found in MENTION.finditer(line):
                    name = found.group(1).rstrip("/")
                    if name not in modules | folders | NOT_MODULES:
                        yield f"{path}:{number}: there is no module {name}"


def main():
    source = pathlib.Path(sys.argv[1])
    lib = source / "lib"
    modules = {path.relative_to(lib).with_suffix("").as_posix() for path in lib.rglob("*.js")}
    problems = [*check_table(), *check_rooms(lib, modules), *check_mentions(source, modules)]
    print("\n".join(dict.fromkeys(problems)) or "modules require only what their rooms may")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
