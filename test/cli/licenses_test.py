"""sluice --licenses: the packages that the bundler put into the binary, and their licences."""
import json
import os
import re
import unittest

from sluice import BINARY
from subprocess import run

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


class Licenses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bundled = json.loads(read(os.path.dirname(BINARY), "generated/bundled.json"))
        done = run([BINARY, "--licenses"], capture_output=True, text=True, check=True)
        cls.printed = done.stdout

    def test_every_bundled_package_is_listed_with_its_licence(self):
        listed = re.findall(r"^  (\S+) \S+: (\S+)$", self.printed, re.M)
        self.assertEqual(listed, [(one["name"], one["license"]) for one in self.bundled])
        self.assertIn(("ts-interface-checker", "Apache-2.0"), listed)

    def test_the_texts_are_printed_in_full(self):
        self.assertIn(read(SOURCE, "LICENSE").strip(), self.printed)
        for one in self.bundled:
            folder = os.path.join(SOURCE, "node_modules", one["name"])
            name = next(name for name in os.listdir(folder) if name.lower().startswith("licen"))
            self.assertIn(read(folder, name).strip(), self.printed, one["name"])

    def test_the_documentation_names_each_with_its_licence(self):
        rows = {}
        for row in re.findall(r"^\| (.+) \|$", read(SOURCE, "docs/dependencies.md"), re.M):
            cells = row.split(" | ")
            for name in cells[0].split(", "):
                rows[name] = cells[-1]
        for one in self.bundled:
            self.assertEqual(rows.get(one["name"]), one["license"], one["name"])


if __name__ == "__main__":
    unittest.main()
