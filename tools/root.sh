# root.sh, to be sourced: bare Debian roots by debootstrap, and commands run in them. Needs root.
# Packages come from the mirrors that this machine's apt knows, or from $DEBIAN_MIRROR and
# $DEBIAN_SECURITY_MIRROR.

# need COMMAND…: ends the script if it does not run as root, or lacks a command.
need() {
  ((EUID == 0)) || { echo "${0##*/}: needs root, for chroot(2)" >&2; exit 1; }
  local command
  for command in "$@"; do
    command -v "$command" >/dev/null || { echo "${0##*/}: $command is not installed" >&2; exit 1; }
  done
}

# mirror SUFFIX: the first address from which apt has a suite whose name ends so.
mirror() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 2>/dev/null |
    awk -v suffix="$1" '$2 ~ (suffix "$") { print $1; exit }'
}

# base SUITE ROOT: makes a minimal root, with the suite's updates and security updates among its
# sources, unless there is one.
base() {
  local suite=$1 root=$2 main security script=()
  [[ ! -d $root ]] || return 0
  main=${DEBIAN_MIRROR:-$(mirror '(bookworm|trixie|forky|sid)')}
  security=${DEBIAN_SECURITY_MIRROR:-$(mirror '-security')}
  rm -rf --one-file-system "$root.part"
  mkdir -p "$(dirname "$root")"
  # A debootstrap older than the suite knows how to make the newest one.
  [[ -z $main || -e /usr/share/debootstrap/scripts/$suite ]] || script=(sid)
  debootstrap --variant=minbase "$suite" "$root.part" ${main:+"$main" "${script[@]}"} \
    >"$root.log" || { tail -n 20 "$root.log" >&2; return 1; }
  if [[ -n $main && $suite == @(bookworm|trixie) ]]; then
    echo "deb $main $suite-updates main" >>"$root.part/etc/apt/sources.list"
    [[ -z $security ]] ||
      echo "deb $security $suite-security main" >>"$root.part/etc/apt/sources.list"
  fi
  mv "$root.part" "$root"
}

# copy BASE ROOT: makes ROOT anew from a base, with this machine's way to the network: a machine
# behind a gateway that reads what is encrypted has its certificate here.
copy() {
  rm -rf --one-file-system "$2"
  cp -a --reflink=auto "$1" "$2"
  cp /etc/resolv.conf "$2/etc/resolv.conf"
  mkdir -p "$2/usr/local/share/ca-certificates"
  cp -r /usr/local/share/ca-certificates/. "$2/usr/local/share/ca-certificates/" 2>/dev/null || true
  echo force-unsafe-io >"$2/etc/dpkg/dpkg.cfg.d/trial"  # a root that is thrown away need not last
}

# inside ROOT COMMAND: runs it in the root, in namespaces of its own, without this environment.
inside() {
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child bash -c '
    set -e
    root=$1 command=$2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
      ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt} \
      chroot "$root" bash -c "$command"' inside "$1" "${*:2}"
}
