#!/bin/sh
# Starts two sites of the package on this machine: "east" with two replicas and "west" with one, each
# with its own PostgreSQL and Redis, and the directory of homes in a third PostgreSQL. For tests,
# demonstrations and newcomers. Needs the single-node package (./mvnw package -Psingle-node), java,
# openssl and curl.
#
#   src/test/sites/two-sites.sh up       starts them, and prints ports, users and the admin token
#   src/test/sites/two-sites.sh status   prints the same, and which of them run
#   src/test/sites/two-sites.sh down     stops them; their data stay
#
# SITES_DIR is the directory of all data, target/sites if not set; SITES_JVM has more options of the JVM.
# SITES_PORT is the first of 4,000 ports, 15000 if not set: embedded servers and tests use free ports from
# 20000 to 29999, and the system gives those from 32768 on to any connection.
cd "$(dirname "$0")/../../.." || exit 1
# Sets JAVA_HOME to a JDK that can run the package.
. .mvn/find-jdk.sh
set -eu

DIR=${SITES_DIR:-target/sites}
FIRST=${SITES_PORT:-15000}
JAR=target/quarkus-app/quarkus-run.jar
TOKEN=token-of-two-sites-0123456789
PASSWORD=secret-secret
WAIT=120

say() { printf '%s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

# The first port of a node; the others follow from it.
base() {
  case $1 in
    directory) echo "$FIRST" ;;
    east1) echo $((FIRST + 1000)) ;;
    east2) echo $((FIRST + 2000)) ;;
    west) echo $((FIRST + 3000)) ;;
    *) die "no such node: $1" ;;
  esac
}

port() { echo $(($(base "$1") + $2)); }

running() { [ -f "$DIR/$1.pid" ] && kill -0 "$(cat "$DIR/$1.pid")" 2>/dev/null; }

certificates() {
  mkdir -p "$DIR/tls"
  [ -f "$DIR/tls/west.crt" ] && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj "/CN=issuer of the sites" -keyout "$DIR/tls/ca.key" -out "$DIR/tls/ca.crt" 2>/dev/null
  for site in east west; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$site" \
      -keyout "$DIR/tls/$site.key" -out "$DIR/tls/$site.csr" 2>/dev/null
    echo "subjectAltName=URI:spiffe://example.test/site/$site" >"$DIR/tls/$site.ext"
    openssl x509 -req -in "$DIR/tls/$site.csr" -CA "$DIR/tls/ca.crt" -CAkey "$DIR/tls/ca.key" \
      -CAcreateserial -days 3650 -extfile "$DIR/tls/$site.ext" -out "$DIR/tls/$site.crt" 2>/dev/null
  done
}

# How another node reaches the PostgreSQL of a data directory: prefix, directory.
database() {
  pid=$(find "$2" -name postmaster.pid | head -1)
  url="postgresql://127.0.0.1:$(sed -n 4p "$pid")/postgres"
  say "-D$1.reactive.url=$url"
  say "-D$1.jdbc.url=jdbc:$url"
  say "-D$1.username=postern"
  say "-D$1.password=$(cat "$2/password")"
}

# Starts a node: name, further settings.
start() {
  name=$1
  shift
  running "$name" && return
  # shellcheck disable=SC2086 # Several options.
  nohup "$JAVA_HOME/bin/java" -Xmx256m ${SITES_JVM:-} \
    -Dquarkus.http.port="$(port "$name" 80)" -Dquarkus.management.port="$(port "$name" 90)" \
    -Dquarkus.profile=sites -Dmail.admin.bootstrap-token=$TOKEN "$@" \
    -jar $JAR >"$DIR/$name.log" 2>&1 &
  echo $! >"$DIR/$name.pid"
  i=0
  until curl -fs "http://127.0.0.1:$(port "$name" 90)/q/health/ready" >/dev/null 2>&1; do
    i=$((i + 1))
    running "$name" || die "$name has ended; see $DIR/$name.log"
    [ $i -lt $WAIT ] || die "$name is not ready; see $DIR/$name.log"
    sleep 1
  done
}

# Starts a replica of a site: name, site, the other site's back ends by IMAP, POP3 and for moves, settings.
replica() {
  name=$1 site=$2 imap=$3 pop3=$4 moves=$5
  shift 5
  number=1
  [ "$site" = east ] || number=2
  # shellcheck disable=SC2046 # Words without spaces.
  start "$name" \
    -Dmail.imap.enabled=true -Dmail.imap.login-type=plain-text-login \
    -Dmail.imap.unencrypted-or-tls-bindings=127.0.0.1:"$(port "$name" 143)" \
    -Dmail.imap.ssl-bindings=127.0.0.1:"$(port "$name" 993)" \
    -Dmail.pop3.enabled=true -Dmail.pop3.login-type=plain-text-login \
    -Dmail.pop3.unencrypted-or-tls-bindings=127.0.0.1:"$(port "$name" 110)" \
    -Dmail.pop3.ssl-bindings=127.0.0.1:"$(port "$name" 995)" \
    -Dmail.lmtp.enabled=true -Dmail.lmtp.bindings=127.0.0.1:"$(port "$name" 24)" \
    -Dmail.drain.spread=PT0S -Dmail.site.disconnect-spread=PT5S \
    -Dmail.site.name="$site" -Dmail.site.number=$number \
    -Dmail.site.imap-bindings=127.0.0.1:"$(port "$name" 193)" \
    -Dmail.site.pop3-bindings=127.0.0.1:"$(port "$name" 195)" \
    -Dmail.site.imap-back-ends="$imap" -Dmail.site.pop3-back-ends="$pop3" \
    -Dmail.site.transfer-bindings=127.0.0.1:"$(port "$name" 196)" \
    -Dmail.site.transfer-back-ends="$moves" \
    -Dquarkus.tls.site.key-store.pem.0.cert="$DIR/tls/$site.crt" \
    -Dquarkus.tls.site.key-store.pem.0.key="$DIR/tls/$site.key" \
    -Dquarkus.tls.site.trust-store.pem.certs="$DIR/tls/ca.crt" \
    $(database quarkus.datasource.directory "$DIR/directory") "$@"
}

# Creates an account at the site of a node, if it is missing.
account() {
  curl -s -o /dev/null -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -d "{\"name\":\"$2\",\"password\":\"$PASSWORD\"}" \
    "http://127.0.0.1:$(port "$1" 80)/admin/v1/accounts"
}

up() {
  [ -f $JAR ] || die "nothing is packaged: ./mvnw package -Psingle-node"
  certificates
  west="west=127.0.0.1:$(port west 193)" west3="west=127.0.0.1:$(port west 195)"
  west6="west=127.0.0.1:$(port west 196)"
  east="east=127.0.0.1:$(port east1 193),east=127.0.0.1:$(port east2 193)"
  east3="east=127.0.0.1:$(port east1 195),east=127.0.0.1:$(port east2 195)"
  east6="east=127.0.0.1:$(port east1 196),east=127.0.0.1:$(port east2 196)"
  start directory -Dmail.embedded.enabled=true -Dmail.embedded.data-dir="$DIR/directory"
  replica east1 east "$west" "$west3" "$west6" \
    -Dmail.embedded.enabled=true -Dmail.embedded.data-dir="$DIR/east"
  redis=$(sed -n 's/^port //p' "$(find "$DIR/east" -name redis.conf | head -1)")
  # shellcheck disable=SC2046 # Words without spaces.
  replica east2 east "$west" "$west3" "$west6" $(database quarkus.datasource "$DIR/east") \
    -Dquarkus.redis.hosts="redis://:$(cat "$DIR/east/password")@127.0.0.1:$redis" \
    -Dquarkus.tls.mail.key-store.pem.0.cert="$DIR/east/tls/mail.crt" \
    -Dquarkus.tls.mail.key-store.pem.0.key="$DIR/east/tls/mail.key"
  replica west west "$east" "$east3" "$east6" \
    -Dmail.embedded.enabled=true -Dmail.embedded.data-dir="$DIR/west"
  account east1 alice@example.test
  account west bob@example.test
  status
}

status() {
  say "node        state    IMAP   IMAPS  POP3   POP3S  LMTP   back ends      admin  metrics"
  for node in directory east1 east2 west; do
    state=stopped
    running $node && state=running
    say "$(printf '%-11s %-8s %-6s %-6s %-6s %-6s %-6s %-6s %-7s %-6s %s' $node $state \
      "$(port $node 143)" "$(port $node 993)" "$(port $node 110)" "$(port $node 995)" \
      "$(port $node 24)" "$(port $node 193)" "$(port $node 195)" "$(port $node 80)" \
      "$(port $node 90)")"
  done
  say ""
  say "users       alice@example.test (home: east), bob@example.test (home: west); password $PASSWORD"
  say "admin       Authorization: Bearer $TOKEN"
  say "logs        $DIR/*.log"
}

down() {
  # The servers of a node end with it: those that use them first.
  for node in east2 west east1 directory; do
    if running $node; then
      kill "$(cat "$DIR/$node.pid")"
      i=0
      while running $node && [ $i -lt $WAIT ]; do
        i=$((i + 1))
        sleep 1
      done
      running $node && die "$node does not end"
    fi
    rm -f "$DIR/$node.pid"
  done
  say "all nodes are stopped; their data are in $DIR"
}

case ${1:-} in
  up) up ;;
  down) down ;;
  status) status ;;
  *) die "usage: two-sites.sh up|down|status" ;;
esac
