"""The module zlib against other implementations: Node's, and Python's."""
import gzip
import os
import re
import subprocess
import unittest
import zlib

import sluice

FIXTURE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "zlib_same.js")
NODE = sluice.comparable_node()


class ZlibTest(unittest.TestCase):
    """Compares results."""

    maxDiff = None

    @unittest.skipUnless(NODE, "node 20 is not installed")
    def test_results_are_those_of_node(self):
        """Results and errors are the same."""
        lines = []
        for program in (NODE, sluice.BINARY):
            result = subprocess.run([program, FIXTURE], capture_output=True, timeout=sluice.LIMIT,
                                    check=False)
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            # The largest size of a Buffer is another in other releases.
            text = re.sub(r"<= \d{10,}", "<= MAX", result.stdout.decode())
            lines.append(text.splitlines())
        self.assertGreater(len(lines[0]), 80)
        self.assertEqual(lines[0], lines[1])

    def test_python_reads_what_streams_write(self):
        """What comes out of standard input's stream is a file of gzip, and the other way round."""
        data = bytes(range(256)) * 5000
        code = "process.stdin.pipe(require('zlib').{}()).pipe(process.stdout)"
        status, packed, errors = sluice.run(code.format("createGzip"), data)
        self.assertEqual((status, errors), (0, b""))
        self.assertEqual(gzip.decompress(packed), data)
        status, output, errors = sluice.run(code.format("createInflate"), zlib.compress(data))
        self.assertEqual((status, errors), (0, b""))
        self.assertEqual(output, data)


if __name__ == "__main__":
    unittest.main()
