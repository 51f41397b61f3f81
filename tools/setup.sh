#!/usr/bin/env bash
# setup.sh build [test]: installs what is missing of the Debian packages that building (and
# testing) needs, and the npm packages of package-lock.json. Quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

# Libraries, by package.
build_libraries=(libjavascriptcoregtk-4.1-dev libssl-dev zlib1g-dev libbrotli-dev
  libc-ares-dev)
# What only some architectures have; sluice is built without it elsewhere.
[[ $(dpkg --print-architecture) == amd64 ]] && build_libraries+=(libipsec-mb-dev)
test_libraries=(libgtest-dev libgmock-dev python3-aiosmtpd)
# Commands, as command:package; one from elsewhere in PATH is as good as the package's.
build_commands=(g++:g++ cmake:cmake ninja:ninja-build pkg-config:pkg-config node:nodejs npm:npm)
test_commands=(python3:python3 openssl:openssl curl:curl strace:strace
  redis-server:redis-server redis-cli:redis-tools)

libraries=()
commands=()
for part in "$@"; do
  case $part in
    build) libraries+=("${build_libraries[@]}") commands+=("${build_commands[@]}") ;;
    test) libraries+=("${test_libraries[@]}") commands+=("${test_commands[@]}") ;;
    *) echo "usage: tools/setup.sh build [test]" >&2; exit 2 ;;
  esac
done

missing=()
installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${libraries[@]}" 2>/dev/null || true)
for library in "${libraries[@]}"; do
  grep -q "^ii *$library\$" <<<"$installed" || missing+=("$library")
done
for pair in "${commands[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done

if ((${#missing[@]} > 0)); then
  echo "setup: installing ${missing[*]}"
  sudo=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      echo "setup: as root, install: ${missing[*]}" >&2
      exit 1
    }
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

# npm_packages FOLDER STAMP: the stamp holds the lock file that FOLDER/node_modules was made from.
npm_packages() {
  if [[ ! -d $1/node_modules ]] || ! cmp -s "$1/package-lock.json" "$2"; then
    echo "setup: installing the npm packages of $1/package-lock.json"
    npm ci --no-progress --prefix "$1"
    mkdir -p build
    cp "$1/package-lock.json" "$2"
  fi
}
npm_packages . build/npm-stamp

# Servers that test/packages and test/js/dns run, as command:package. They are not started as services. A test
# whose server is missing says so and is skipped, so that a failure here is only told.
servers=(mariadbd:mariadb-server mosquitto:mosquitto mosquitto_pub:mosquitto-clients
  rabbitmq-server:rabbitmq-server nats-server:nats-server memcached:memcached vsftpd:vsftpd
  ngircd:ngircd nsd:nsd danted:dante-server slapd:slapd initdb:postgresql
  sshd:openssh-server ssh:openssh-client telnetd:inetutils-telnetd inetutils-inetd:inetutils-inetd)
if [[ " $* " == *" test "* ]]; then
  absent=()
  for pair in "${servers[@]}"; do
    PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null ||
      compgen -G "/usr/lib/postgresql/*/bin/${pair%%:*}" >/dev/null || absent+=("${pair#*:}")
  done
  if ((${#absent[@]} > 0)); then
    echo "setup: installing ${absent[*]}"
    sudo=()
    ((EUID == 0)) || sudo=(sudo)
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
      printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
      "${sudo[@]}" chmod +x "$policy"
      trap '"${sudo[@]}" rm -f "$policy"' EXIT
    fi
    "${sudo[@]}" apt-get update -qq || true
    for package in "${absent[@]}"; do
      "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$package" ||
        echo "setup: $package cannot be installed; its tests will be skipped"
    done
  fi
fi
