"""The files of deploy/ are read by the tools that they are for."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from peers import PeerTest, sluice

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"

# The schema of a Kubernetes object, of what Kubernetes publishes.
VALIDATE = """
const manifest = JSON.parse(process.argv[1]);
const { [manifest.kind]: Model } = require('kubernetes-models/' + manifest.apiVersion);
try {
  new Model(manifest).validate();
  console.log('valid');
} catch (error) {
  console.log(error.message);
}
"""


class Deploy(PeerTest):
    def run_tool(self, *arguments, **options):
        self.need(arguments[0])
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_haproxy(self):
        output = self.run_tool("haproxy", "-c", "-f", str(DEPLOY / "haproxy.cfg"))
        self.assertNotIn("WARNING", output)

    def test_nginx(self):
        if not os.path.exists("/usr/lib/nginx/modules/ngx_stream_module.so"):
            self.skipTest("nginx has no module stream here")
        text = (DEPLOY / "nginx.conf").read_text(encoding="ascii")
        os.symlink("/usr/lib/nginx/modules", os.path.join(self.folder, "modules"))
        config = self.file("nginx.conf", f"pid {self.folder}/pid;\n" + text)
        self.run_tool("nginx", "-t", "-p", self.folder, "-e", "stderr", "-c", config)

    def unit_folder(self):
        for name in ("sluice@.service", "sluice@.socket"):
            text = (DEPLOY / name).read_text(encoding="ascii")
            # What they name is not installed where tests run.
            self.file(name, text.replace("/usr/bin/sluice", "/bin/true").replace("/opt/%i", self.folder))
        return os.path.join(self.folder, "sluice@.service"), os.path.join(self.folder, "sluice@.socket")

    def test_systemd_units(self):
        service, socket = self.unit_folder()
        for unit in (service, socket):
            output = self.run_tool("systemd-analyze", "verify", "--man=no", unit.replace("@.", "@x."))
            self.assertEqual([line for line in output.splitlines() if self.folder in line], [])

    def test_systemd_security(self):
        service, _ = self.unit_folder()
        self.run_tool("systemd-analyze", "security", "--offline=true", "--threshold=30",
                      service.replace("@.", "@x."))

    def test_prometheus(self):
        self.run_tool("promtool", "check", "config", str(DEPLOY / "prometheus.yml"))

    def check_schema(self, manifests):
        """Each must fit the schema of its kind, and have no member that the schema has not."""
        def validate(one):
            return subprocess.run([sluice.BINARY, "-e", VALIDATE, json.dumps(one)], capture_output=True, text=True,
                                  check=False, timeout=sluice.LIMIT,
                                  env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")})
        for one in manifests:
            done = validate(one)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "valid\n", ""))
        wrong = json.loads(json.dumps(manifests[0]))
        container, = wrong["spec"]["template"]["spec"]["containers"]
        container["ports"][0]["containerPort"] = "all"
        self.assertIn("containerPort", validate(wrong).stdout)
        self.assertEqual(self.compile(manifests), "")
        container["ports"][0] = {"containerPort": 1, "protocoll": "TCP"}
        self.assertIn("protocoll", self.compile([wrong]))

    def compile(self, manifests):
        """What TypeScript says of them, as constants of the types of their kinds."""
        modules = os.path.join(self.folder, "node_modules")
        if not os.path.exists(modules):
            os.symlink(ROOT / "node_modules", modules)
        text = "".join(f"export const x{i}: import('kubernetes-models/{one['apiVersion']}').I{one['kind']} = "
                       f"{json.dumps(one)};\n" for i, one in enumerate(manifests))
        done = subprocess.run([sluice.BINARY, str(ROOT / "node_modules/typescript/bin/tsc"), "--noEmit", "--strict",
                               "--skipLibCheck", "--target", "es2022", "--module", "node16",
                               self.file("manifests.ts", text)],
                              capture_output=True, text=True, check=False, timeout=sluice.LIMIT)
        return done.stdout + done.stderr

    def test_kubernetes(self):
        try:
            import yaml  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("there is no python3-yaml")
        manifests = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="ascii")))
        self.check_schema(manifests)
        deployment, service, budget = manifests
        self.assertEqual([one["kind"] for one in (deployment, service, budget)],
                         ["Deployment", "Service", "PodDisruptionBudget"])
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(deployment["spec"]["selector"]["matchLabels"], labels)
        self.assertEqual(service["spec"]["selector"], labels)
        self.assertEqual(budget["spec"]["selector"]["matchLabels"], labels)
        pod = deployment["spec"]["template"]["spec"]
        container, = pod["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        self.assertIn(service["spec"]["ports"][0]["targetPort"], ports)
        for probe, path in (("startupProbe", "/ready"), ("readinessProbe", "/ready"), ("livenessProbe", "/live")):
            self.assertEqual(container[probe]["httpGet"]["path"], path)
            self.assertIn(container[probe]["httpGet"]["port"], ports)
        # SIGTERM comes after preStop, SIGKILL when the period is over.
        waits = int(re.search(r"(\d+)\)$", container["lifecycle"]["preStop"]["exec"]["command"][-1]).group(1)) / 1000
        drain = int(re.search(r"^--drain=(\d+)s$", container["args"][0]).group(1))
        self.assertGreater(pod["terminationGracePeriodSeconds"], waits + drain + 5)


if __name__ == "__main__":
    unittest.main()
