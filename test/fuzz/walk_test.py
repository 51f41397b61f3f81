"""Walks the public modules with odd values (walk.js), each in a child of its own.

FUZZ_SEED is the first seed (default: by the clock; it is printed), FUZZ_RUNS how many seeds a module
gets (default 1), FUZZ_OPERATIONS how many operations a run has (default 600), FUZZ_MODULES which
modules, all by default. A run that fails is repeated by the line that tells of it.
"""
import concurrent.futures
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SLUICE = os.path.abspath(os.environ["SLUICE"])
SEED = int(os.environ.get("FUZZ_SEED", int(time.time()) % 1000000))
RUNS = int(os.environ.get("FUZZ_RUNS", "1"))
OPERATIONS = os.environ.get("FUZZ_OPERATIONS", "600")
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
MEMORY = 2 << 20  # KiB that a run may have in memory
# What they have is refused, or is another module's.
LEFT_OUT = {"cluster", "inspector", "worker_threads", "http2", "vm", "module", "repl"}


def modules():
    if "FUZZ_MODULES" in os.environ:
        return os.environ["FUZZ_MODULES"].split()
    listed = subprocess.run([SLUICE, "-p", "require('module').builtinModules.join(' ')"],
                            capture_output=True, text=True, check=True).stdout.split()
    return [name for name in listed if name not in LEFT_OUT and not name.startswith("_")]


def limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))


def wait(child):
    """The exit code of child, or what it had too much of."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            return child.wait(0.1)
        except subprocess.TimeoutExpired:
            resident = int(open(f"/proc/{child.pid}/statm").read().split()[1]) * 4
            code = "time" if time.monotonic() > until else "memory" if resident > MEMORY else None
        if code:
            child.kill()
            child.wait()
            return code


def run(name, seed):
    folder = tempfile.mkdtemp(prefix="sluice-fuzz-")
    log = os.path.join(folder, "log")
    command = [SLUICE, os.path.join(HERE, "walk.js"), name, str(seed), OPERATIONS]
    with open(os.path.join(folder, "errors"), "w+b") as errors:
        child = subprocess.Popen(command, cwd=folder, env={**os.environ, "LOG": log},
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                                 preexec_fn=limit, start_new_session=True)
        code = wait(child)
        errors.seek(0, os.SEEK_END)
        errors.seek(max(errors.tell() - 3000, 0))
        text = errors.read().decode(errors="replace")
    last = open(log, errors="replace").read() if os.path.exists(log) else ""
    shutil.rmtree(folder, ignore_errors=True)
    return name, seed, code, last, text


def main():
    names = modules()
    jobs = [(name, SEED + i) for i in range(RUNS) for name in names]
    print(f"seed {SEED}, {len(names)} modules, {len(jobs)} runs of {OPERATIONS} operations")
    bad = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, seed, code, last, text in pool.map(lambda job: run(*job), jobs):
            if code == 0:
                continue
            bad[code] = bad.get(code, 0) + 1
            print(f"{code}: {SLUICE} {HERE}/walk.js {name} {seed} {OPERATIONS}; last: {last}{text}")
    print(f"failed: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
