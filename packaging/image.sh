#!/bin/sh
# image.sh ROOT: copies into the folder ROOT what the installed command needs to run, and nothing else:
# it, the libraries that it is linked with and that it loads, the authorities that TLS trusts, the
# licences of all of them. For Debian, as root; packaging/Containerfile runs it.
set -eu
root=$1
command=/usr/bin/sluice

# put FILE…: the same path in ROOT; links become the files that they lead to.
put() {
  for file in "$@"; do
    [ -e "$file" ] || continue
    mkdir -p "$root$(dirname "$file")"
    cp -Lp "$file" "$root$file"
  done
}

libraries() { ldd "$@" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' | sort -u; }

# What is loaded by name: AES-GCM for TLS, HTTP/2, OpenSSL's old algorithms.
loaded=$(find /usr/lib -name 'libIPSec_MB.so.?' -o -name 'libnghttp2.so.14' -o -path '*/ossl-modules/legacy.so')
files=$(libraries "$command" $loaded)
put "$command" $loaded $files
put /etc/ssl/certs/ca-certificates.crt /etc/ssl/openssl.cnf /usr/lib/ssl/openssl.cnf
mkdir -p "$root/usr/lib/ssl" "$root/etc" "$root/app"
ln -sf /etc/ssl/certs "$root/usr/lib/ssl/certs"
ln -sf /etc/ssl/certs/ca-certificates.crt "$root/usr/lib/ssl/cert.pem"
mkdir -p -m 1777 "$root/tmp"
echo 'nobody:x:65534:65534:nobody:/:/usr/sbin/nologin' >"$root/etc/passwd"
echo 'nogroup:x:65534:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

# Licences.
put $(find /usr/share/doc/sluice -type f)
for file in $files $loaded; do
  # Packages name files by either of the two paths that Debian's merged /usr has.
  dpkg-query -S "$file" "/usr$file" "${file#/usr}" 2>/dev/null || true
done | sed 's/:.*//' | sort -u | while read -r package; do
  put "/usr/share/doc/$package/copyright"
done
for name in Apache-2.0 LGPL-2.1 LGPL-2 GPL-3 GPL-2; do put "/usr/share/common-licenses/$name"; done
