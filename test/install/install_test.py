"""cmake --install: what lies where, and programs built from it outside of the tree.

The environment names the build folder (BUILD), the source (SOURCE), CMake (CMAKE) and a C++ compiler
(CXX). What has no fitting command (pkg-config, mandoc, doxygen) is skipped.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
SOURCE = os.path.abspath(os.environ.get("SOURCE", "."))
CMAKE = os.environ.get("CMAKE", "cmake")
CXX = os.environ.get("CXX", "c++")
EXAMPLES = os.path.join(SOURCE, "examples/cpp")


def run(*words, **options):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def needs(command):
    return unittest.skipUnless(shutil.which(command), f"{command} is not installed")


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.prefix = os.path.join(folder.name, "prefix")
        run(CMAKE, "--install", BUILD, "--prefix", cls.prefix)

    def file(self, pattern):
        found = glob.glob(os.path.join(self.prefix, pattern))
        self.assertEqual(len(found), 1, pattern)
        return found[0]

    def library(self):
        """The folder of the library: lib, or one of the architecture in it."""
        found = [root for root, _, files in os.walk(self.prefix) if "libsluice.so.0" in files]
        self.assertEqual(len(found), 1)
        return found[0]

    def environment(self):
        return dict(os.environ, LD_LIBRARY_PATH=self.library(), CXX=CXX,
                    PKG_CONFIG_PATH=os.path.join(self.library(), "pkgconfig"))

    def configure(self, source, *options, build=None):
        """Builds a project outside of the tree; returns the folder."""
        build = build or tempfile.mkdtemp(dir=self.folder)
        run(CMAKE, "-G", "Ninja", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release", *options,
            env=self.environment())
        run(CMAKE, "--build", build)
        return build

    def talks(self, program):
        self.assertIn("client: goodbye", run(program, env=self.environment()))

    def test_everything_has_its_place(self):
        for name in ("bin/sluice", "include/sluice/version.h", "include/sluice/group.h",
                     "share/man/man1/sluice.1", "share/bash-completion/completions/sluice",
                     "share/zsh/site-functions/_sluice",
                     "share/fish/vendor_completions.d/sluice.fish",
                     "share/sluice/types/index.d.ts", "share/doc/sluice/LICENSE",
                     "share/doc/sluice/licenses.txt"):
            self.file(name)
        for name in ("libsluice.a", "libsluice.so", "pkgconfig/sluice.pc",
                     "cmake/sluice/sluiceConfig.cmake"):
            self.assertTrue(os.path.exists(os.path.join(self.library(), name)), name)

    def test_the_shared_library_has_a_soname(self):
        text = run("readelf", "-d", os.path.join(self.library(), "libsluice.so"))
        self.assertIn("Library soname: [libsluice.so.0]", text)

    def test_the_shared_library_exports_what_public_headers_declare_and_nothing_else(self):
        public = set()
        for header in glob.glob(os.path.join(SOURCE, "include/sluice/*.h")):
            with open(header, encoding="utf-8") as file:
                text = file.read()
            public.update(re.findall(r"^(?:class|struct) (\w+)(?: final)?(?: :[^{;]*)? \{", text, re.M))
            public.update(re.findall(r"^\w[\w:<>*& ]*[ *&](\w+)\([^{]*?\);", text, re.M))

        def names(*words):
            symbols = set()
            for line in run("nm", "-C", "--defined-only", "--extern-only", *words).splitlines():
                # Nested classes are private ones; the tables of public ones are needed by programs.
                found = re.match(r"[0-9a-f]+ [TBDRV] (?:(?:vtable|typeinfo) for sluice::(\w+)(?:@@.*)?$|"
                                 r"sluice::(?:dns::)?(\w+).*)", line)
                if found and (found.group(1) or found.group(2)) in public:
                    symbols.add(line.split(" ", 2)[2].split("@@")[0])
            return symbols
        wanted = names(os.path.join(self.library(), "libsluice.a"))
        exported = names("-D", os.path.join(self.library(), "libsluice.so"))
        self.assertGreater(len(wanted), 100)
        self.assertEqual(sorted(wanted - exported), [])
        for line in run("nm", "-DC", "--defined-only",
                        os.path.join(self.library(), "libsluice.so")).splitlines():
            found = re.search(r"(?: for | )sluice::(?:dns::)?(\w+)", line)
            if found:
                self.assertIn(found.group(1), public, line)

    def test_every_header_compiles_alone_and_in_strict_programs(self):
        words = ["-std=c++23", "-fno-exceptions", "-fno-rtti", "-fsyntax-only", "-Werror", "-Wall", "-Wextra",
                 "-Wpedantic", "-Wshadow", "-Wconversion", "-Wold-style-cast", "-Woverloaded-virtual"]
        include = os.path.join(self.prefix, "include")
        for header in sorted(os.listdir(os.path.join(include, "sluice"))):
            text = f"#include <sluice/{header}>\n#include <sluice/{header}>\n"
            run(CXX, *words, "-I", include, "-x", "c++", "-", input=text)

    def test_find_package_builds_the_examples(self):
        build = self.configure(EXAMPLES, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.talks(os.path.join(build, "example_echo"))

    def test_find_package_has_a_static_library_too(self):
        project = tempfile.mkdtemp(dir=self.folder)
        with open(os.path.join(project, "CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write("cmake_minimum_required(VERSION 3.20)\nproject(program CXX)\n"
                       "find_package(sluice 0.2 REQUIRED)\n"
                       f"add_executable(program {EXAMPLES}/echo.cc)\n"
                       "target_link_libraries(program sluice::sluice_static)\n")
        build = self.configure(project, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertNotIn("libsluice", run("readelf", "-d", os.path.join(build, "program")))
        self.talks(os.path.join(build, "program"))

    def test_add_subdirectory_builds_a_program(self):
        # In the build folder, so that the library is compiled anew only when it changed.
        project = os.path.join(BUILD, "add_subdirectory")
        os.makedirs(project, exist_ok=True)
        with open(os.path.join(project, "CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write("cmake_minimum_required(VERSION 3.25)\nproject(program CXX)\n"
                       f"add_subdirectory({SOURCE} sluice)\n"
                       f"add_executable(program {EXAMPLES}/echo.cc)\n"
                       "target_link_libraries(program sluice::sluice)\n"
                       "if(TARGET sluice)\n  message(FATAL_ERROR \"the command too\")\nendif()\n")
        build = self.configure(project, build=os.path.join(project, "build"))
        self.talks(os.path.join(build, "program"))

    @needs("pkg-config")
    def test_pkg_config_builds_a_program(self):
        for static in ([], ["--static"]):
            flags = run("pkg-config", "--cflags", "--libs", *static, "sluice",
                        env=self.environment()).split()
            if static:
                flags = ["-Wl,-Bstatic,-lsluice,-Bdynamic" if flag == "-lsluice" else flag
                         for flag in flags]
            program = os.path.join(self.folder, "program" + "".join(static))
            run(CXX, "-std=c++20", os.path.join(EXAMPLES, "echo.cc"), "-o", program, *flags)
            self.talks(program)

    def test_the_version_is_the_same_everywhere(self):
        with open(os.path.join(SOURCE, "include/sluice/version.h"), encoding="utf-8") as file:
            version = ".".join(re.findall(r"SLUICE_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", file.read()))
        self.assertIn(f"sluice {version}\n", run(self.file("bin/sluice"), "--version"))
        with open(os.path.join(self.library(), "pkgconfig/sluice.pc"), encoding="utf-8") as file:
            self.assertIn(f"Version: {version}\n", file.read())
        with open(os.path.join(SOURCE, "CHANGELOG.md"), encoding="utf-8") as file:
            self.assertIn(f"## {version}", file.read())
        with open(os.path.join(SOURCE, "packaging/debian/changelog"), encoding="utf-8") as file:
            self.assertIn(f"sluice ({version}-", file.readline())

    def test_no_path_of_the_building_machine_is_in_what_is_installed(self):
        source = os.path.realpath(SOURCE).encode()
        for name in ("bin/sluice", "share/doc/sluice/licenses.txt"):
            with open(self.file(name), "rb") as file:
                self.assertNotIn(source, file.read(), name)
        for root, _, files in os.walk(self.library()):
            for name in files:
                with open(os.path.join(root, name), "rb") as file:
                    self.assertNotIn(source, file.read(), name)

    @needs("mandoc")
    def test_the_man_page_is_clean(self):
        page = self.file("share/man/man1/sluice.1")
        done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", page], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.stdout + done.stderr, "")

    def test_the_man_page_and_the_completion_know_every_option(self):
        options = re.findall(r"^  (?:-\w, )?--([a-z-]*[a-z])", run(self.file("bin/sluice"), "--help"), re.M)
        self.assertGreater(len(options), 6)
        with open(self.file("share/man/man1/sluice.1"), encoding="utf-8") as file:
            page = file.read().replace("\\-", "-")
        ask = ('source "$1"; COMP_WORDS=("$0" --); COMP_CWORD=1; _sluice "$0"; '
               'printf "%s\\n" "${COMPREPLY[@]}"')
        completed = run("bash", "-c", ask, self.file("bin/sluice"),
                        self.file("share/bash-completion/completions/sluice")).split()
        for option in options:
            self.assertIn("Fl -" + option, page)
            self.assertTrue(any(word.startswith("--" + option) for word in completed), option)

    def test_the_completion_of_bash_knows_the_options_of_a_command(self):
        ask = ('source "$1"; compopt() { :; }; COMP_WORDS=("$0" sess 5 --); COMP_CWORD=3; _sluice "$0"; '
               'printf "%s\\n" "${COMPREPLY[@]}"')
        completed = run("bash", "-c", ask, self.file("bin/sluice"),
                        self.file("share/bash-completion/completions/sluice")).split()
        self.assertIn("--older", completed)
        self.assertNotIn("--eval", completed)

    @needs("fish")
    def test_the_completion_of_fish_knows_options_and_commands(self):
        script = self.file("share/fish/vendor_completions.d/sluice.fish")
        path = os.path.dirname(self.file("bin/sluice")) + ":" + os.environ["PATH"]
        done = run("fish", "--no-config", "-c", f"source {script}; complete -C 'sluice --d'; complete -C 'sluice s'; "
                   "complete -C 'sluice sess 5 --o'",
                   env=dict(os.environ, PATH=path, HOME=self.folder))
        for word in ("--dashboard", "--drain", "--drain-grace", "--deny-fs.read", "sim", "sess", "stats", "--older"):
            self.assertIn(word, done.split())

    @needs("zsh")
    def test_the_completion_of_zsh_is_well_formed(self):
        run("zsh", "-f", "-n", self.file("share/zsh/site-functions/_sluice"))

    @needs("zsh")
    def test_the_completion_of_zsh_knows_the_options_of_a_command(self):
        ask = 'compadd() { print -l -- $@ }; words=($1 sess 5 --); CURRENT=4; source $2'
        completed = run("zsh", "-f", "-c", ask, "zsh", self.file("bin/sluice"),
                        self.file("share/zsh/site-functions/_sluice")).split()
        self.assertIn("--older", completed)
        self.assertNotIn("--eval", completed)

    @needs("doxygen")
    def test_the_headers_are_documented(self):
        output = tempfile.mkdtemp(dir=self.folder)
        run("doxygen", "-", cwd=SOURCE, input=f"@INCLUDE = docs/Doxyfile\nOUTPUT_DIRECTORY = {output}\n")


if __name__ == "__main__":
    unittest.main()
