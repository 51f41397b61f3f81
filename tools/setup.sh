#!/usr/bin/env bash
# setup.sh build [test] [deb]: installs what is missing of the packages that building (and testing, and
# making Debian packages) needs, and the npm packages of package-lock.json. Quick when nothing is
# missing.
# setup.sh libraries [ARCHITECTURE]: prints the packages of the libraries that building needs.
set -euo pipefail
cd "$(dirname "$0")/.."

# The machine's package manager, and in its names: what building needs (libraries, which are asked
# for by package), and commands as command:package, of which one from elsewhere in PATH is as good as
# the package's. Only Debian's names of what tests need are known.
test_libraries=()
test_commands=()
if command -v apt-get >/dev/null; then
  manager=apt-get
  build_libraries=(libjavascriptcoregtk-4.1-dev libssl-dev zlib1g-dev libbrotli-dev libzstd-dev libc-ares-dev
    libnghttp2-dev)
  # What only some architectures have; sluice is built without it elsewhere.
  architecture=$(dpkg --print-architecture)
  [[ ${1:-} == libraries ]] && architecture=${2:-$architecture}
  [[ $architecture == amd64 ]] && build_libraries+=(libipsec-mb-dev)
  build_commands=(g++:g++ cmake:cmake ninja:ninja-build pkg-config:pkg-config node:nodejs npm:npm)
  test_libraries=(libgtest-dev libgmock-dev python3-aiosmtpd python3-grpcio)
  test_commands=(python3:python3 openssl:openssl curl:curl nghttp:nghttp2-client nghttpd:nghttp2-server
    git:git strace:strace
    redis-server:redis-server redis-cli:redis-tools)
elif command -v dnf >/dev/null; then
  manager=dnf
  build_libraries=(javascriptcoregtk4.1-devel openssl-devel zlib-devel brotli-devel libzstd-devel c-ares-devel
    libnghttp2-devel)
  build_commands=(g++:gcc-c++ cmake:cmake ninja:ninja-build pkg-config:pkgconf-pkg-config
    node:nodejs npm:nodejs-npm)
elif command -v apk >/dev/null; then
  manager=apk
  build_libraries=(webkit2gtk-4.1-dev openssl-dev zlib-dev brotli-dev zstd-dev c-ares-dev nghttp2-dev linux-headers)
  build_commands=(g++:g++ cmake:cmake ninja:samurai pkg-config:pkgconf node:nodejs npm:npm)
else
  manager=none
  build_libraries=()
  build_commands=(g++:g++ cmake:cmake ninja:ninja pkg-config:pkg-config node:node npm:npm)
fi

if [[ ${1:-} == libraries ]]; then
  printf '%s\n' "${build_libraries[@]}"
  exit
fi

# A source archive has what Node would make.
if [[ -e generated/builtins.S ]]; then
  for i in "${!build_commands[@]}"; do
    case ${build_commands[i]} in node:* | npm:*) unset "build_commands[i]" ;; esac
  done
fi

libraries=()
commands=()
for part in "$@"; do
  case $part in
    build) libraries+=("${build_libraries[@]}") commands+=("${build_commands[@]}") ;;
    test) libraries+=("${test_libraries[@]}") commands+=("${test_commands[@]}") ;;
    deb) commands+=(dh:debhelper dpkg-buildpackage:dpkg-dev lintian:lintian) ;;
    *) echo "usage: tools/setup.sh build [test] [deb] | libraries [ARCHITECTURE]" >&2; exit 2 ;;
  esac
done

# installed LIBRARY…: prints those of the libraries that are there.
installed() {
  case $manager in
    apt-get) dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *//p' ;;
    dnf) rpm -q --qf '%{NAME}\n' "$@" 2>/dev/null ;;
    apk) apk info -e "$@" 2>/dev/null ;;
  esac || true
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# install PACKAGE…: of the machine's package manager; quietly.
install() {
  case $manager in
    apt-get)
      as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@"
      ;;
    dnf) as_root dnf install -y -q "$@" ;;
    apk) as_root apk add -q "$@" ;;
  esac
}

missing=()
there=$(installed "${libraries[@]}")
for library in "${libraries[@]}"; do
  grep -qxF "$library" <<<"$there" || missing+=("$library")
done
for pair in "${commands[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done

if ((${#missing[@]} > 0)); then
  if [[ $manager == none ]]; then
    echo "setup: no package manager that it knows (apt-get, dnf, apk); install: ${missing[*]}," \
      "and the headers of JavaScriptCore (javascriptcoregtk-4.1), OpenSSL 3, zlib, Brotli, Zstandard, c-ares, nghttp2" >&2
    exit 1
  fi
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    echo "setup: as root, install: ${missing[*]}" >&2
    exit 1
  fi
  echo "setup: installing ${missing[*]}"
  [[ $manager != apt-get ]] || as_root apt-get update -qq
  install "${missing[@]}"
fi

# npm_packages FOLDER STAMP [OPTION]: the stamp says which lock file FOLDER/node_modules was made
# from, and in its last line with which option.
npm_packages() {
  local folder=$1 stamp=$2 option=${3:-}
  if [[ ! -d $folder/node_modules ]] || ! { head -n -1 "$stamp" | cmp -s - "$folder/package-lock.json"; } ||
    [[ -z $option && -n $(tail -n 1 "$stamp") ]]; then
    echo "setup: installing the npm packages of $folder/package-lock.json"
    npm ci --no-progress ${option:+"$option"} --prefix "$folder"
    mkdir -p "$(dirname "$stamp")"
    { cat "$folder/package-lock.json"; echo "$option"; } >"$stamp"
  fi
}
# What is bundled is among the dependencies, what only tests use among the devDependencies.
case " $* " in
  *" test "*) npm_packages . build/npm-stamp ;;
  *" build "*) [[ -e generated/builtins.S ]] || npm_packages . build/npm-stamp --omit=dev ;;
esac

# Servers that test/packages, test/peers and test/js/dns run, as command:package. They are not started as services. A test
# whose server is missing says so and is skipped, so that a failure here is only told.
servers=(mariadbd:mariadb-server mosquitto:mosquitto mosquitto_pub:mosquitto-clients
  rabbitmq-server:rabbitmq-server nats-server:nats-server memcached:memcached vsftpd:vsftpd
  haproxy:haproxy nginx:nginx-light curl:curl wrk:wrk promtool:prometheus ngircd:ngircd nsd:nsd danted:dante-server slapd:slapd initdb:postgresql
  stunnel:stunnel4 hitch:hitch varnishd:varnish dnsdist:dnsdist snmpd:snmpd sshd:openssh-server ssh:openssh-client telnetd:inetutils-telnetd inetutils-inetd:inetutils-inetd)
if [[ " $* " == *" test "* && $manager == apt-get ]]; then
  absent=()
  for pair in "${servers[@]}"; do
    PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null ||
      compgen -G "/usr/lib/postgresql/*/bin/${pair%%:*}" >/dev/null || absent+=("${pair#*:}")
  done
  if ((${#absent[@]} > 0)); then
    echo "setup: installing ${absent[*]}"
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
      printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
      as_root chmod +x "$policy"
      trap 'as_root rm -f "$policy"' EXIT
    fi
    as_root apt-get update -qq || true
    for package in "${absent[@]}"; do
      install "$package" || echo "setup: $package cannot be installed; its tests will be skipped"
    done
  fi
fi
