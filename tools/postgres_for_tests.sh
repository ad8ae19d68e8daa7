#!/bin/sh
# A PostgreSQL server of its own for tests and measurements, from Debian's packages (apt-get install postgresql).
#
#   tools/postgres_for_tests.sh start FOLDER    starts it with its files in FOLDER and prints its address
#   tools/postgres_for_tests.sh stop FOLDER     stops it
#
# It listens on a socket in FOLDER only and writes without fsync: it is for data that may be lost. Run by root, it works as the
# user nobody, because PostgreSQL refuses to run as root.
set -eu

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -eq 2 ] || usage
command=$1 folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
[ -x "$bin/initdb" ] || { echo "no PostgreSQL here; install it with: apt-get install postgresql" >&2; exit 1; }

as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$folder" LC_ALL=C.UTF-8 "$@"
    else
        LC_ALL=C.UTF-8 "$@"
    fi
}

case $command in
start)
    [ "$(id -u)" -ne 0 ] || chown nobody "$folder"
    as_user "$bin/initdb" -D "$folder/data" -U sayso -A trust -E UTF8 --no-sync >"$folder.log" 2>&1 || { cat "$folder.log" >&2; exit 1; }
    rm -f "$folder.log"
    as_user "$bin/pg_ctl" -D "$folder/data" -w -t 120 -l "$folder/server.log" -s start -o \
        "-k '$folder' -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=60" >/dev/null 2>&1 \
        || { cat "$folder/server.log" >&2; exit 1; }
    echo "postgresql://sayso@/postgres?host=$folder"
    ;;
stop)
    as_user "$bin/pg_ctl" -D "$folder/data" -w -m immediate -s stop
    ;;
*) usage ;;
esac
