#!/usr/bin/env python3
"""run.py FOLDER MODULE…: runs test/differential/MODULE.facts.js with Node and with sluice and
compares what they print, program by program.

MODULE.differences.json lists the differences that are wanted: objects of `program`, `node` and
`sluice` (the lines that only this one prints, in order) and `reason`: a text for all of them, or an
object of reasons by what the lines begin with, each of which begins with one of them. One that is listed and is not
there fails too. `variants` are what it is with other libraries: objects of `where`, `node` and `sluice`, without lines
where there is no difference. FOLDER gets Node, in the version of package-lock.json; when it cannot be installed
all is skipped (exit code 77). The environment variable SLUICE names sluice's binary, DIFFERENTIAL_NODE
a Node to use instead.

`--update MODULE` writes the differences of now, reasons kept; new ones get the reason "" and fail. With
`--where TEXT` those that are not as listed become variants.
`--only TEXT` runs only programs with TEXT in their names; `--show` prints the facts of both.
"""
import argparse
import difflib
import fcntl
import glob
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SLUICE = os.environ.get("SLUICE", os.path.join(HERE, "../../build/sluice"))
SKIPPED = 77
# Words of the engine that its versions put differently, and as what they are compared.
WORDS = [(re.compile(r"Cannot call a class constructor \w+ without"), "Cannot call a class constructor without")]
# Seconds for all programs of a file; harness.js ends each one of them after ten.
LIMIT = 300


def find_node(folder):
    """The path of Node's binary; installs it when that was not done from this lock file before."""
    if "DIFFERENTIAL_NODE" in os.environ:
        return os.environ["DIFFERENTIAL_NODE"]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return install_node(folder)


def install_node(folder):
    installed = os.path.join(folder, "installed")
    with open(os.path.join(HERE, "package-lock.json")) as file:
        wanted = file.read()
    if not os.path.exists(installed) or open(installed).read() != wanted:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(os.path.join(HERE, name), folder)
        command = ["npm", "ci", "--ignore-scripts", "--no-progress"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if result.returncode != 0:
            return skip("Node cannot be installed: " + result.stderr.strip()[:200])
        with open(installed, "w") as file:
            file.write(wanted)
    found = glob.glob(os.path.join(folder, "node_modules/node-linux-*/bin/node"))
    return found[0] if found else skip("there is no Node for this machine")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def facts(binary, module, only):
    """What the programs of a file print: a list of lines for each program's name, in order."""
    command = [binary, os.path.join(HERE, module + ".facts.js"), *only]
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    result = subprocess.run(["timeout", str(LIMIT), *command], capture_output=True, text=True,
                            env=environment, stdin=subprocess.DEVNULL)
    programs, lines = {}, []
    for line in result.stdout.splitlines():
        for pattern, text in WORDS:
            line = pattern.sub(text, line)
        if line.startswith("# "):
            lines = programs.setdefault(line[2:], [])
        else:
            lines.append(line)
    if result.returncode != 0:
        programs["the whole file"] = [f"exit code {result.returncode}", *result.stderr.splitlines()]
    return programs


def differences(node, sluice):
    """The programs whose facts differ: name, lines of Node alone, lines of sluice alone."""
    found = []
    for program in dict.fromkeys([*node, *sluice]):
        diff = list(difflib.ndiff(node.get(program, []), sluice.get(program, [])))
        only_node = [line[2:] for line in diff if line.startswith("- ")]
        only_sluice = [line[2:] for line in diff if line.startswith("+ ")]
        if only_node or only_sluice:
            found.append({"program": program, "node": only_node, "sluice": only_sluice})
    return found


def describe(one):
    lines = [f"not ok - {one['program']}"]
    lines += [f"    node:   {line}" for line in one["node"]]
    lines += [f"    sluice: {line}" for line in one["sluice"]]
    return "\n".join(lines)


def list_path(module):
    return os.path.join(HERE, module + ".differences.json")


def read_list(module):
    if not os.path.exists(list_path(module)):
        return []
    with open(list_path(module)) as file:
        return json.load(file)


def write_list(module, entries):
    if entries:
        with open(list_path(module), "w") as file:
            file.write(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
    elif os.path.exists(list_path(module)):
        os.remove(list_path(module))


def lines_of(entry):
    return {"node": entry["node"], "sluice": entry["sluice"]}


def update_list(module, found):
    known = {one["program"]: one for one in read_list(module)}
    new = []
    for one in found:
        before = known.pop(one["program"], {"reason": ""})
        variants = {"variants": before["variants"]} if "variants" in before else {}
        new.append({**one, "reason": before["reason"], **variants})
    new += [{**one, "node": [], "sluice": []} for one in known.values() if "variants" in one]
    write_list(module, new)


def add_variants(module, found, where, programs):
    """Lists what is not as listed as what it is `where`."""
    entries = read_list(module)
    known = {one["program"]: one for one in entries}
    now = {one["program"]: one for one in found}
    for program in programs:
        none = {"program": program, "node": [], "sluice": []}
        one = now.get(program, none)
        if program not in known:
            known[program] = {**none, "reason": ""}
            entries.append(known[program])
        entry = known[program]
        others = [each for each in entry.pop("variants", []) if each["where"] != where]
        variants = [{"where": where, **lines_of(one)}]
        entry["variants"] = others if lines_of(one) == lines_of(entry) else others + variants
        if not entry["variants"]:
            del entry["variants"]
    write_list(module, entries)


def is_reasoned(entry):
    """Whether each line of an entry has a reason."""
    reason = entry["reason"]
    if isinstance(reason, str):
        return reason != ""
    lines = [line for one in variants_of(entry) for line in one["node"] + one["sluice"]]
    return all(any(line.startswith(start) for start in reason) for line in lines) and all(
        any(line.startswith(start) for line in lines) for start in reason
    )


def variants_of(entry):
    return [lines_of(one) for one in [entry, *entry.get("variants", [])]]


def as_listed(module, found, program):
    now = next((lines_of(one) for one in found if one["program"] == program), None)
    entry = next((one for one in read_list(module) if one["program"] == program), None)
    if now is None:
        return entry is None or {"node": [], "sluice": []} in variants_of(entry)
    return entry is not None and now in variants_of(entry)


def check(module, found, known, only):
    """Prints what is not as listed; returns how many."""
    listed = {one["program"]: one for one in known if is_reasoned(one)}
    failed = 0
    for one in found:
        entry = listed.pop(one["program"], None)
        if entry is None or lines_of(one) not in variants_of(entry):
            failed += 1
            print(describe(one))
    for program, entry in listed.items():
        if (only and only[0] not in program) or {"node": [], "sluice": []} in variants_of(entry):
            continue
        failed += 1
        print(f"not ok - {program}\n    is listed in {module}.differences.json, but there is none")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("modules", nargs="+")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--where")
    parser.add_argument("--only", nargs=1, default=[])
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    node = find_node(options.folder)
    failed = 0
    for module in options.modules:
        expected = facts(node, module, options.only)
        found = differences(expected, facts(SLUICE, module, options.only))
        if options.show:
            for program, lines in expected.items():
                print(f"# {program}", *lines, sep="\n")
        if options.update and options.where:
            programs = [name for name in expected if not as_listed(module, found, name)]
            add_variants(module, found, options.where, programs)
        elif options.update:
            update_list(module, found)
        failed += check(module, found, read_list(module), options.only)
        print(f"{module}: {len(expected)} programs, {len(found)} differ")
    sys.exit(1 if failed else 0)


main()
