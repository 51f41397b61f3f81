"""Builds the libFuzzer target proxy_header.cc with clang and runs it over mutations of good headers.

    SLUICE_FUZZ_RUNS=1000000 test/fuzz/proxy_header_test.py
"""
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ["test/fuzz/proxy_header.cc", "src/stream/proxy_header.cc", "src/base/address.cc"]
RUNS = os.environ.get("SLUICE_FUZZ_RUNS", "50000")
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def version2(command, family, body):
    return SIGNATURE + bytes([0x20 | command, family]) + struct.pack(">H", len(body)) + body


def tlv(kind, value):
    return bytes([kind]) + struct.pack(">H", len(value)) + value


IPV4 = bytes([10, 1, 2, 3, 10, 0, 0, 1]) + struct.pack(">HH", 1234, 80)
SSL = tlv(0x20, b"\1\0\0\0\0" + tlv(0x21, b"TLSv1.3") + tlv(0x22, b"cn"))
SEEDS = [
    b"PROXY TCP4 10.1.2.3 10.0.0.1 1234 80\r\n", b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\nGET",
    b"PROXY UNKNOWN\r\n", version2(0, 0, b""), version2(1, 0x11, IPV4), version2(1, 0x21, bytes(36)),
    version2(1, 0x31, b"/a".ljust(108, b"\0") + b"\0b".ljust(108, b"\0")),
    version2(1, 0x11, IPV4 + SSL + tlv(5, b"id") + tlv(3, b"\0\0\0\0")),
]


class Headers(unittest.TestCase):
    def test_mutated_headers_are_read_without_a_fault(self):
        compiler = shutil.which("clang++") or shutil.which("clang++-14")
        if compiler is None:
            self.skipTest("there is no clang++")
        with tempfile.TemporaryDirectory() as folder:
            corpus = pathlib.Path(folder, "corpus")
            corpus.mkdir()
            for i, seed in enumerate(SEEDS):
                (corpus / str(i)).write_bytes(seed)
            target = pathlib.Path(folder, "target")
            built = subprocess.run(
                [compiler, "-std=c++20", "-O1", "-g", "-fsanitize=fuzzer,address,undefined",
                 "-fno-sanitize-recover=undefined", f"-I{ROOT}/include", f"-I{ROOT}/src", "-o", target,
                 *[ROOT / source for source in SOURCES]], capture_output=True, text=True, check=False)
            if "libclang_rt.fuzzer" in built.stderr:
                self.skipTest("clang has no libFuzzer")
            self.assertEqual(built.returncode, 0, built.stderr)
            done = subprocess.run([target, f"-runs={RUNS}", "-max_len=4200", f"-artifact_prefix={folder}/", corpus],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr[-4000:])


if __name__ == "__main__":
    unittest.main()
