#!/usr/bin/env bash
# make-keys.sh FOLDER: makes the keys and certificates that tests use, with the openssl command.
# What is there and good for another day stays. They are worth nothing outside of the tests.
set -euo pipefail
folder=$1
script=$(realpath "${BASH_SOURCE[0]}")
mkdir -p "$folder"
cd "$folder"
if [[ -e complete && complete -nt $script ]] && openssl x509 -in server.pem -noout -checkend 86400 >/dev/null; then
  exit 0
fi
rm -f -- ./*

log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { openssl "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }; }
rsa() { run genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key"; }
ec() { run genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }

# authority NAME: a certificate that signs others and itself
authority() {
  ec "$1"
  run req -x509 -new -key "$1.key" -subj "/CN=$1" -days 30 -out "$1.pem" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign
}
# sign NAME SUBJECT ISSUER EXTENSIONS [DAYS]: the certificate of NAME.key
sign() {
  local days=${5:-30}
  run req -new -key "$1.key" -subj "$2" -out "$1.csr"
  run x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days "$days" \
    -extfile <(printf '%b' "$4") -out "$1.pem"
  rm "$1.csr"
}
names() { printf 'subjectAltName=%s\n' "$1"; }

authority ca
authority other-ca
local_names='DNS:localhost,IP:127.0.0.1,IP:::1'
rsa server; sign server /CN=localhost ca "$(names "$local_names")"
ec server-ec; sign server-ec /CN=localhost ca "$(names "$local_names")"
run genpkey -algorithm ED25519 -out server-ed25519.key
sign server-ed25519 /CN=localhost ca "$(names "$local_names")"
ec a; sign a /CN=a.example ca "$(names DNS:a.example)"
ec b; sign b /CN=b.example ca "$(names DNS:b.example)"
ec wild; sign wild '/CN=*.wild.example' ca "$(names 'DNS:*.wild.example')"
ec expired; sign expired /CN=localhost ca "$(names "$local_names")" 0
ec soon; sign soon /CN=localhost ca "$(names "$local_names")" 2
ec client; sign client /CN=client ca 'extendedKeyUsage=clientAuth'
ec stranger; sign stranger /CN=stranger other-ca 'extendedKeyUsage=clientAuth'
ec self; run req -x509 -new -key self.key -subj /CN=localhost -days 30 -out self.pem -addext "subjectAltName=$local_names"

# A chain with an authority between.
ec middle
sign middle /CN=middle ca 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n'
ec leaf; sign leaf /CN=localhost middle "$(names "$local_names")"
cat leaf.pem middle.pem >chain.pem

run pkcs8 -topk8 -in server.key -passout pass:secret -out server-locked.key
run pkcs12 -export -in server.pem -inkey server.key -certfile ca.pem -passout pass:secret -out server.pfx
touch complete
