"""Runs programs with the sluice binary that the environment variable SLUICE names."""
import os
import subprocess

BINARY = os.environ.get("SLUICE", os.path.join(os.path.dirname(__file__), "../../build/sluice"))
# No test needs as long; a program that hangs fails its test by name.
LIMIT = 60


class Program(subprocess.Popen):
    """A program that does not outlive a failed test."""

    def __exit__(self, kind, *rest):
        if kind is not None:
            self.kill()
        super().__exit__(kind, *rest)


def start(code, **options):
    """Starts code as a program; its standard descriptors are pipes unless options say else."""
    for name in ("stdin", "stdout", "stderr"):
        options.setdefault(name, subprocess.PIPE)
    return Program([BINARY, "-e", code], **options)


def run(code, data=b"", **options):
    """Runs code to its end; returns (exit code, standard output, standard error)."""
    if "stdin" in options:
        data = None
    with start(code, **options) as process:
        output, errors = process.communicate(data, timeout=LIMIT)
    return process.returncode, output, errors
