#!/usr/bin/env bash
# run.sh [SLUICE [SERVER]]: runs an echo server and the client once, and shows what they say.
set -euo pipefail
cd "$(dirname "$0")/.."
sluice=${1:-build/sluice}
program=${2:-examples/echo-server.js}

# The server's output comes through descriptor 3, so that its port is read as soon as it is known.
exec 3< <(exec "$sluice" "$program" 0 2>&1)
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT

if ! read -r -t 30 line <&3 || [[ $line != *port* ]]; then
  echo "the echo server did not start: ${line:-no output}" >&2
  exit 1
fi
port=${line##* }
[[ $port =~ ^[0-9]+$ ]] || { echo "the echo server did not start: $line" >&2; exit 1; }
echo "server: $line"

set -o pipefail
timeout 30 "$sluice" examples/echo-client.js "$port" | sed 's/^/client: /'

kill "$server"
sed 's/^/server: /' <&3

echo
echo 'Run them yourself, each in a terminal of its own:'
echo "  $sluice $program 3000"
echo "  $sluice examples/echo-client.js 3000"
