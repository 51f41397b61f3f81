"""Builds a libFuzzer target of this folder with clang, and runs it over mutations of good inputs.

    [SLUICE_FUZZ_RUNS=1000000] test/fuzz/targets.py NAME

Exits with 77 where there is no clang with libFuzzer.
"""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
POLICY = [*(path.relative_to(ROOT) for path in (ROOT / "src/grant").glob("*.cc")), "src/base/address.cc",
          "src/base/json.cc", "src/base/json_parser.cc"]
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def version2(command, family, body):
    return SIGNATURE + bytes([0x20 | command, family]) + struct.pack(">H", len(body)) + body


def tlv(kind, value):
    return bytes([kind]) + struct.pack(">H", len(value)) + value


IPV4 = bytes([10, 1, 2, 3, 10, 0, 0, 1]) + struct.pack(">HH", 1234, 80)
SSL = tlv(0x20, b"\1\0\0\0\0" + tlv(0x21, b"TLSv1.3") + tlv(0x22, b"cn"))
RANGES = [b"10.0.0.0/8", b"192.0.2.7", b"0.0.0.0/0", b"::/0", b"2001:db8::/32", b"fe80::1", b"::ffff:10.0.0.0/104",
          b"::ffff:1.2.3.4", b"fe80::1%lo/64", b"1.2.3.4/032"]
HEADERS = [
    b"PROXY TCP4 10.1.2.3 10.0.0.1 1234 80\r\n", b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\nGET",
    b"PROXY UNKNOWN\r\n", version2(0, 0, b""), version2(1, 0x11, IPV4), version2(1, 0x21, bytes(36)),
    version2(1, 0x31, b"/a".ljust(108, b"\0") + b"\0b".ljust(108, b"\0")),
    version2(1, 0x11, IPV4 + SSL + tlv(5, b"id") + tlv(3, b"\0\0\0\0")),
]
RECORDS = [f"src/tls/{name}.cc" for name in ("records", "record_cipher", "record_aead", "aead_key", "hkdf",
                                                "ticket_session")]
# To a client: a record of the peer's, type 22, with a message NewSessionTicket; whole, and in two.
TICKET = (struct.pack(">II", 7200, 1) + b"\1\0" + struct.pack(">H", 4) + b"tick" +
          struct.pack(">HHHI", 8, 42, 4, 1024))
MESSAGE = b"\4" + struct.pack(">I", len(TICKET))[1:] + TICKET
TICKETS = [b"\0" + b"".join(b"\x16" + struct.pack(">H", len(part)) + part for part in parts)
           for parts in ([MESSAGE], [MESSAGE[:7], MESSAGE[7:] + MESSAGE])]
# name: sources beside its own, good inputs, options of libFuzzer
TARGETS = {
    "address_range": (["src/base/address_range.cc", "src/base/address.cc"], RANGES, ["-max_len=64", "-runs=50000"]),
    "proxy_header": (["src/stream/proxy_header.cc", "src/base/address.cc"], HEADERS,
                     ["-max_len=4200", "-runs=50000"]),
    "endpoint": (POLICY, [], ["-max_len=512", "-seed=7", "-runs=20000"]),
    "policy": (POLICY, [], ["-max_len=512", "-seed=7", "-runs=20000"]),
    "records": (RECORDS, TICKETS, ["-seed=7", "-runs=20000"]),
}


def main():
    name = sys.argv[1]
    sources, seeds, options = TARGETS[name]
    compiler = next(filter(None, map(shutil.which, ["clang++", "clang++-19", "clang++-16", "clang++-14"])), None)
    if compiler is None:
        print("skipped: there is no clang++")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder, "corpus")
        corpus.mkdir()
        for i, seed in enumerate(seeds):
            (corpus / str(i)).write_bytes(seed)
        target = pathlib.Path(folder, "target")
        built = subprocess.run(
            [compiler, "-std=c++20", "-O1", "-g", "-fsanitize=fuzzer,address,undefined",
             "-fno-sanitize-recover=undefined", f"-I{ROOT}/include", f"-I{ROOT}/src", "-o", target,
             ROOT / f"test/fuzz/{name}.cc", *(ROOT / source for source in sources),
             "-lssl", "-lcrypto"],
            capture_output=True, text=True, check=False)
        if "libclang_rt.fuzzer" in built.stderr:
            print("skipped: clang has no libFuzzer")
            return SKIPPED
        if built.returncode != 0:
            print(built.stderr)
            return 1
        if "SLUICE_FUZZ_RUNS" in os.environ:
            options.append(f"-runs={os.environ['SLUICE_FUZZ_RUNS']}")
        done = subprocess.run([target, *options, f"-artifact_prefix={folder}/", corpus], capture_output=True,
                              text=True, check=False)
        print(done.stderr[-4000:])
        return 0 if done.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
