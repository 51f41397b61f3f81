"""Builds the libFuzzer target address_range.cc with clang and runs it over mutations of good ranges.

    SLUICE_FUZZ_RUNS=1000000 test/fuzz/address_range_test.py
"""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ["test/fuzz/address_range.cc", "src/base/address_range.cc", "src/base/address.cc"]
RUNS = os.environ.get("SLUICE_FUZZ_RUNS", "50000")
SEEDS = ["10.0.0.0/8", "192.0.2.7", "0.0.0.0/0", "::/0", "2001:db8::/32", "fe80::1", "::ffff:10.0.0.0/104",
         "::ffff:1.2.3.4", "fe80::1%lo/64", "1.2.3.4/032"]


class Ranges(unittest.TestCase):
    def test_mutated_ranges_are_read_without_a_fault(self):
        compiler = shutil.which("clang++") or shutil.which("clang++-14")
        if compiler is None:
            self.skipTest("there is no clang++")
        with tempfile.TemporaryDirectory() as folder:
            corpus = pathlib.Path(folder, "corpus")
            corpus.mkdir()
            for i, seed in enumerate(SEEDS):
                (corpus / str(i)).write_text(seed)
            target = pathlib.Path(folder, "target")
            built = subprocess.run(
                [compiler, "-std=c++20", "-O1", "-g", "-fsanitize=fuzzer,address,undefined",
                 "-fno-sanitize-recover=undefined", f"-I{ROOT}/include", f"-I{ROOT}/src", "-o", target,
                 *[ROOT / source for source in SOURCES]], capture_output=True, text=True, check=False)
            if "libclang_rt.fuzzer" in built.stderr:
                self.skipTest("clang has no libFuzzer")
            self.assertEqual(built.returncode, 0, built.stderr)
            done = subprocess.run([target, f"-runs={RUNS}", "-max_len=64", f"-artifact_prefix={folder}/", corpus],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr[-4000:])


if __name__ == "__main__":
    unittest.main()
