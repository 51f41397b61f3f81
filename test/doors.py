"""doors.py SOURCE: checks that nothing opens a file, a socket or a program beside the calls that take
a grant (src/grant/grant.h), and that a grant of the runtime's own is asked for only where it is for no
program's wish. A file that may is named here with its reason."""

import pathlib
import re
import sys

CALLS = (
    "open openat creat mkdir mkdirat unlink unlinkat rename renameat rmdir link linkat symlink symlinkat "
    "stat lstat statx fstatat statfs access faccessat readlink readlinkat realpath opendir chmod fchmodat "
    "chown lchown fchownat utimensat truncate mkdtemp mkstemp fopen inotify_add_watch dlopen socket bind "
    "connect sendto getaddrinfo getnameinfo posix_spawn execve fork kill chdir setenv putenv"
).split()
CALL = re.compile(rf"(?<![\w.>:])(?:::)?({'|'.join(CALLS)})\((?!new )")
STREAM = re.compile(r"\bstd::(i|o)?fstream\b|\bstd::filesystem\b")
OWN = re.compile(r"\bgrant::Own(Path|Address)\(|\bgrant::As\b|\bgrant::Become(Main)?\(")

# Where the calls are, each behind a grant.
HOME = {"src/sys/sys.cc", "src/sys/files.cc", "src/sys/child.cc", "src/sys/signals.cc"}
# What opens by itself, and what names it.
RUNTIME = {
    "src/base/libc.cc": "numbers of descriptors, from /proc",
    "src/grant/path.cc": "the check itself",
    "src/grant/unix_pin.cc": "the same, of Unix sockets",
    "src/grant/load.cc": "where a program is, before it runs",
    "src/grant/grant.cc": "the policy that a run needed, where the command line says",
    "src/grant/landlock.cc": "rules of the kernel, of paths that the policy has",
    "src/sys/service.cc": "the socket of the service manager",
    "src/control/control.cc": "the control socket",
    "src/ledger/process_numbers.cc": "numbers of this process, from /proc",
    "src/cli/init.cc": "`sluice init`, which runs no program",
    "src/cli/main.cc": "the command's own path",
    "src/cli/simulate_run.cc": "`sluice simulate`, which runs each seed in a process of its own",
    "src/cli/simulate_options.cc": "whether the programs of its command line are there",
    "src/sim/sockets.cc": "placeholders of simulated sockets",
    "src/sim/paths.cc": "files of simulated Unix sockets, in the scratch folder alone",
    "src/sim/program.cc": "where a path of a simulated program leads, which decides whether it may be written",
    "src/cli/permission.cc": "the policy's file",
    "src/bind/fs/attributes.cc": "of descriptors",
    "src/bind/fs/directories.cc": "below directories that are open",
    "src/dns/dns.cc": "names, behind ToLookUp and ToUse",
    "src/engine/vm.cc": "variables that the engine reads",
    "src/engine/jsc_spi.cc": "the engine's library, which is loaded already",
    "src/tls/fast_gcm.cc": "a library of a fixed name",
    "src/tls/system_authorities.cc": "the system's authorities",
    "src/bind/http2/library.cc": "a library of a fixed name",
    "src/bind/module/private_folder.cc": "what is made of files, in the user's cache",
    "src/bind/process/os.cc": "numbers of the machine, from /proc and /sys",
    "src/bind/process/process.cc": "variables, behind ToUse; numbers of the process",
}
OWNERS = {
    "src/control/control.cc": "the control socket",
    "src/engine/task.cc": "a task's thread acts for its program",
    "src/loop/workers.cc": "a worker acts for who asks",
    "src/control/dashboard.cc": "--dashboard",
    "src/control/requests.cc": "what an operator asks for",
    "src/cli/permission.cc": "the main task's policy",
    "src/bind/permission/permission.cc": "drop()",
}


def code(line):
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', line).split("//")[0]


def problems(source):
    for path in sorted((source / "src").rglob("*")):
        if path.suffix not in (".cc", ".h"):
            continue
        name = str(path.relative_to(source))
        inside_grant = name.startswith("src/grant/")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = code(line)
            found = CALL.search(text) or STREAM.search(text)
            declares = re.match(r"^\s*(int|ssize_t|bool|void|auto|size_t|uint64_t|std::\w+)\b[^=]*$", text)
            if found and not declares and name not in HOME and name not in RUNTIME:
                yield f"{path}:{number}: {found.group()} has no grant"
            if OWN.search(text) and not inside_grant and name not in OWNERS:
                yield f"{path}:{number}: {OWN.search(text).group()} is not for this file"


def main():
    source = pathlib.Path(sys.argv[1])
    gone = [name for name in [*HOME, *RUNTIME, *OWNERS] if not (source / name).exists()]
    found = list(problems(source)) + [f"{name} is not there" for name in gone]
    print("\n".join(found) or "every door has a grant")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
