"""sluice init: a service that runs at once."""
import os
import shutil
import signal
import subprocess
import unittest

from sluice import BINARY, LIMIT, FolderTest


class Init(FolderTest):
    def setUp(self):
        super().setUp()
        self.service = os.path.join(self.folder, "weather")

    def refuses(self, message, *arguments):
        done = self.command(*arguments)
        self.assertEqual((done.stdout, done.returncode), ("", 2))
        self.assertIn(message, done.stderr)

    def make(self):
        done = self.command("init", "weather")
        self.assertEqual((done.stderr, done.returncode), ("", 0))

    def test_the_test_of_a_new_service_passes(self):
        self.make()
        done = self.command("server.test.js", cwd=self.service)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        self.assertEqual(done.stdout.count("ok - "), 2)

    def test_a_new_service_runs_until_it_is_told_to_end(self):
        self.make()
        environment = dict(os.environ, PORT="0")
        with subprocess.Popen([BINARY, os.path.join(self.service, "server.js")], env=environment,
                              stdout=subprocess.PIPE, text=True) as process:
            self.assertRegex(process.stdout.readline(), r"^weather listens at 127\.0\.0\.1 port \d+$")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(LIMIT), 0)

    def test_the_name_and_the_command_are_filled_in(self):
        self.make()
        with open(os.path.join(self.service, "weather.service"), encoding="utf-8") as file:
            unit = file.read()
        self.assertIn(f"ExecStart={os.path.realpath(BINARY)} /opt/weather/server.js\n", unit)
        for folder, _, files in os.walk(self.service):
            for name in files:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    self.assertNotRegex(file.read(), "@[A-Z]+@", name)

    def test_a_command_in_a_folder_of_an_odd_name_is_quoted_in_the_unit(self):
        command = os.path.join(self.folder, "a b%n", "sluice")
        os.mkdir(os.path.dirname(command))
        shutil.copy(BINARY, command)
        subprocess.run([command, "init", "weather"], cwd=self.folder, check=True, capture_output=True)
        with open(os.path.join(self.service, "weather.service"), encoding="utf-8") as file:
            path = os.path.realpath(self.folder)
            self.assertIn(f'ExecStart="{path}/a b%%n/sluice" /opt/weather/server.js\n', file.read())

    def test_the_type_declarations_come_along(self):
        self.make()
        self.assertTrue(os.path.exists(os.path.join(self.service, "types/index.d.ts")))

    def test_an_empty_folder_is_filled(self):
        os.mkdir(self.service)
        self.make()
        self.assertTrue(os.path.exists(os.path.join(self.service, "server.js")))

    def test_a_folder_that_holds_something_is_left_alone(self):
        os.mkdir(self.service)
        with open(os.path.join(self.service, "note"), "w", encoding="utf-8"):
            pass
        self.refuses("'weather' exists already and is not an empty folder", "init", "weather")
        self.assertEqual(os.listdir(self.service), ["note"])

    def test_a_file_in_the_way_is_left_alone(self):
        with open(self.service, "w", encoding="utf-8") as file:
            file.write("mine")
        self.refuses("'weather' exists already and is not an empty folder", "init", "weather")

    def test_what_is_no_name_of_a_service_is_refused(self):
        for name in ("Weather", "a b", "-x", ".hidden", "é"):
            with self.subTest(name):
                self.refuses("name", "init", name)
        self.assertEqual(os.listdir(self.folder), [])

    def test_init_needs_one_name(self):
        self.refuses("init needs the name of the new service", "init")
        self.refuses("init needs the name of the new service", "init", "a", "b")

    def test_a_program_called_init_is_run_by_its_path(self):
        with open(os.path.join(self.folder, "init.js"), "w", encoding="utf-8") as file:
            file.write("console.log('mine')")
        self.assertEqual(self.command("./init").stdout, "mine\n")


if __name__ == "__main__":
    unittest.main()
