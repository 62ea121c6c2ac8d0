#!/usr/bin/env bash
# Run a command with DATABASE_URL pointing at a PostgreSQL cluster of its own, thrown away afterwards.
#
#     tests/with_postgres.sh python -m pytest
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort --version-sort | tail -1) # Debian's place
if [ -z "$bin" ] && command -v initdb >/dev/null; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ ! -x "$bin/initdb" ]; then
    echo "No PostgreSQL server was found; on Debian: apt-get install postgresql" >&2
    exit 1
fi

directory=$(mktemp -d)
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
    chown postgres "$directory"
    as_owner() { runuser -u postgres -- "$@"; }
fi
finish() {
    as_owner "$bin/pg_ctl" --pgdata "$directory/data" --mode immediate --silent stop || true
    rm -rf "$directory"
}
trap finish EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
echo "$password" >"$directory/password"
chmod 644 "$directory/password" # for the owner to read; the folder lets nobody else in

cd "$directory" # a folder that the owner may stand in
as_owner "$bin/initdb" --pgdata "$directory/data" --username onrecord --pwfile "$directory/password" \
    --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --no-sync >"$directory/initdb.log" ||
    { cat "$directory/initdb.log" >&2; exit 1; }
# What survives a crash does not matter here, and waiting for the disk does. A lock that nobody gives
# back is an error, and not the end of the run.
as_owner "$bin/pg_ctl" --pgdata "$directory/data" --log "$directory/server.log" --silent --wait start \
    --options "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$directory -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 -c lock_timeout=90s" ||
    { cat "$directory/server.log" >&2; exit 1; }
cd "$OLDPWD"

DATABASE_URL="postgres://onrecord:$password@127.0.0.1:$port/postgres" "$@"
