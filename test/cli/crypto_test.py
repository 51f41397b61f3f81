"""The module crypto against other implementations: Node's for the same input, and openssl."""
import os
import shutil
import subprocess
import tempfile
import unittest

import sluice

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
NODE = sluice.comparable_node()
CURVES = {"ec256": "P-256", "ec384": "P-384", "ec521": "P-521", "k256": "secp256k1"}


def openssl(folder, *arguments, data=b""):
    """Runs openssl in a folder; returns its standard output."""
    result = subprocess.run(["openssl", *arguments], cwd=folder, input=data, capture_output=True,
                            timeout=sluice.LIMIT, check=False)
    if result.returncode != 0:
        raise AssertionError(f"openssl {arguments}: {result.stderr.decode()}")
    return result.stdout


def make_keys(folder):
    """Keys of every type, and a certificate, by openssl."""
    openssl(folder, "genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem")
    openssl(folder, "genpkey", "-algorithm", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:1024",
            "-pkeyopt", "rsa_pss_keygen_md:sha256", "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha256",
            "-pkeyopt", "rsa_pss_keygen_saltlen:16", "-out", "pss.pem")
    for name, curve in CURVES.items():
        openssl(folder, "genpkey", "-algorithm", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}",
                "-out", f"{name}.pem")
    for name in ("ed25519", "ed448", "x25519", "x448"):
        openssl(folder, "genpkey", "-algorithm", name, "-out", f"{name}.pem")
    openssl(folder, "genpkey", "-genparam", "-algorithm", "dsa", "-pkeyopt", "dsa_paramgen_bits:1024",
            "-out", "parameters.pem")
    openssl(folder, "genpkey", "-paramfile", "parameters.pem", "-out", "dsa.pem")
    openssl(folder, "pkey", "-in", "rsa.pem", "-aes256", "-passout", "pass:sesame", "-out", "encrypted.pem")
    openssl(folder, "rsa", "-in", "rsa.pem", "-traditional", "-aes128", "-passout", "pass:sesame",
            "-out", "traditional.pem")
    openssl(folder, "req", "-x509", "-key", "rsa.pem", "-days", "30", "-out", "cert.pem",
            "-subj", "/C=DE/O=Acme/CN=example.org",
            "-addext", "subjectAltName=DNS:example.org,DNS:*.example.net,IP:127.0.0.1,IP:::1,"
                       "email:root@example.org",
            "-addext", "extendedKeyUsage=serverAuth,clientAuth",
            "-addext", "authorityInfoAccess=OCSP;URI:http://ocsp.example.org/,"
                       "caIssuers;URI:http://example.org/ca")


class CryptoTest(unittest.TestCase):
    """Runs fixtures in sluice and in the other implementation."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        make_keys(cls.folder)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_fixture(self, program, fixture, *arguments):
        """The lines that a fixture prints."""
        result = subprocess.run([program, "--no-deprecation", os.path.join(FIXTURES, fixture), self.folder, *arguments],
                                capture_output=True, timeout=sluice.LIMIT, check=False)
        self.assertEqual((result.returncode, result.stderr.decode()), (0, ""))
        return result.stdout.decode().splitlines()

    @unittest.skipUnless(NODE, "node 20 is not installed")
    def test_results_are_those_of_node(self):
        """Everything that does not depend on chance is the same, byte for byte."""
        theirs = self.run_fixture(NODE, "crypto_same.js")
        ours = self.run_fixture(sluice.BINARY, "crypto_same.js")
        self.assertGreater(len(ours), 600)
        for their, our in zip(theirs, ours):
            # Releases before 24 have no default length of SHAKE with OpenSSL 3.4 and later.
            if "shake" in their and their.endswith(': ""'):
                continue
            # Releases from 26 on list the members of a JWK in another order.
            self.assertEqual(sorted(their) if "jwk" in their else their,
                             sorted(our) if "jwk" in our else our)
        self.assertEqual(len(theirs), len(ours))

    @unittest.skipUnless(NODE, "node 20 is not installed")
    def test_what_one_makes_the_other_takes(self):
        """Random keys, signatures and ciphertexts of each are right for the other."""
        for maker, taker in ((NODE, sluice.BINARY), (sluice.BINARY, NODE)):
            made = self.run_fixture(maker, "crypto_exchange.js", "make")
            self.assertEqual(len(made), 1)
            self.assertEqual(self.run_fixture(taker, "crypto_exchange.js", "take", made[0]), ["ok"])

    def test_openssl_takes_signatures(self):
        """openssl verifies what sign() makes, and the other way round."""
        with open(os.path.join(self.folder, "data"), "wb") as file:
            file.write(b"data")
        for key in ("rsa", "ec256", "dsa"):
            openssl(self.folder, "pkey", "-in", f"{key}.pem", "-pubout", "-out", "public.pem")
            code = (f"const fs = require('fs'), crypto = require('crypto');"
                    f"fs.writeFileSync('signature', crypto.sign('sha256', Buffer.from('data'),"
                    f"fs.readFileSync('{key}.pem')))")
            self.assertEqual(sluice.run(code, cwd=self.folder)[0], 0)
            output = openssl(self.folder, "dgst", "-sha256", "-verify", "public.pem",
                             "-signature", "signature", "data")
            self.assertEqual(output, b"Verified OK\n")
            openssl(self.folder, "dgst", "-sha256", "-sign", f"{key}.pem", "-out", "signature", "data")
            code = ("const fs = require('fs'), crypto = require('crypto');"
                    "console.log(crypto.verify('sha256', Buffer.from('data'),"
                    "fs.readFileSync('public.pem'), fs.readFileSync('signature')))")
            self.assertEqual(sluice.run(code, cwd=self.folder)[1], b"true\n")

    def test_openssl_takes_keys(self):
        """openssl reads what generateKeyPair() exports, encrypted too."""
        for kind, options in (("rsa", "modulusLength: 1024"), ("ec", "namedCurve: 'P-256'"),
                              ("ed25519", ""), ("x25519", ""), ("dsa", "modulusLength: 1024")):
            code = (f"process.stdout.write(require('crypto').generateKeyPairSync('{kind}', {{ {options},"
                    "publicKeyEncoding: { type: 'spki', format: 'pem' },"
                    "privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc',"
                    "passphrase: 'sesame' } }).privateKey)").replace("{ ,", "{ ")
            status, key, errors = sluice.run(code)
            self.assertEqual((status, errors), (0, b""))
            self.assertIn(b"BEGIN ENCRYPTED PRIVATE KEY", key)
            text = openssl(self.folder, "pkey", "-passin", "pass:sesame", "-noout", "-text", data=key)
            self.assertIn(b"rivate", text)

    def test_the_process_ends_while_workers_are_busy(self):
        """process.exit() ends it with its code, whatever runs on other threads."""
        code = ("const crypto = require('crypto'); let left = 50;"
                "for (let i = 0; i < 8; i++) (function again() {"
                "if (left-- === 0) process.exit(3);"
                "crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, again); })()")
        for _ in range(5):
            self.assertEqual(sluice.run(code), (3, b"", b""))


if __name__ == "__main__":
    unittest.main()
