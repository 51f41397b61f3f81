"""Runs programs with the sluice binary that the environment variable SLUICE names."""
import os
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.path.realpath(
    os.environ.get("SLUICE", os.path.join(os.path.dirname(__file__), "../../build/sluice")))
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


def comparable_node():
    """Node, if one is installed that has what its releases from 20 on have; else None."""
    node = shutil.which("node")
    if node is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return node if int(version.lstrip("v").split(".")[0]) >= 20 else None


class FolderTest(unittest.TestCase):
    """Tests that run the binary in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)

    def file(self, name, text):
        """Writes a file of the folder; returns its path."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def command(self, *arguments, **options):
        """Runs the binary to its end; its standard descriptors are text."""
        options = {"cwd": self.folder, "input": "", **options}
        return subprocess.run([BINARY, *arguments], capture_output=True, encoding="utf-8",
                              timeout=LIMIT, check=False, **options)
