#!/usr/bin/env python3
"""What ten thousand idle TLS sessions cost a server, and how soon one of them is told of new mail.

    idle_scale.py seed --data /var/tmp/scale          # once: 5,000 mailboxes of 2,000 messages, some minutes
    idle_scale.py run  --data /var/tmp/scale

Wants a package made with -Psingle-node, psql (for seeding), and about 4 GB of disk. `seed` starts the
server on an empty directory, lets it make accounts u0, u1 ..., hands one message in to each of a few,
and copies rows: one statement per table, counters as the server would have left them. `run` starts the
server on that directory with the JVM flags below, logs sessions in from processes of their own (session
i is of account i modulo accounts: two in each mailbox), has them select INBOX and idle, and reports

  heap     live bytes after a full collection, from jcmd GC.class_histogram, less those before the first
           session, by sessions;
  RSS      VmRSS of the server's process (not PostgreSQL, not Redis), after the same full collection, less
           that of the server when it had served and lost a few hundred sessions (its code is loaded
           then, its heap is touched as any server's is), by sessions; and all of it by sessions;
  push     from LMTP's 250 to EXISTS at each of both sessions of a mailbox taken at random;
  noop     beside it, between the same: how long LMTP's NOOP takes, which needs no database and no push.
           What it takes above a millisecond is the machine's noise, in the figures of push several times.

The clients speak TLS 1.3 and read no more than they must. One clock (CLOCK_MONOTONIC) serves all processes.
Absolute times mean nothing on a busy machine: the load is printed with them.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import pathlib
import random
import re
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import time

# The collector that costs least beside a small heap, most of which is for what stays; small object
# headers; fewer malloc arenas (MALLOC_ARENA_MAX=2, below). Good for production, too, where a pod has one
# or two cores.
FLAGS = [
    "-Xmx256m",
    "-Xmn40m",
    "-XX:+UseSerialGC",
    "-XX:+UseCompactObjectHeaders",
]
PASSWORD = "secret"
MESSAGE = (
    "From: Bench <bench@example.test>\r\nTo: u@example.test\r\nSubject: scale\r\n"
    "Date: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <1@example.test>\r\n\r\n" + "x" * 70 + "\r\n"
)


def free_ports(count):
    """Below those that the kernel gives to outgoing connections, which might take them meanwhile."""
    sockets = []
    while len(sockets) < count:
        with contextlib.suppress(OSError):
            sockets.append(socket.create_server(("127.0.0.1", random.randrange(15_000, 32_000))))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Server:
    """The packaged server on a data directory."""

    def __init__(self, args, flags, settings=()):
        self.java = pathlib.Path(args.java)
        self.launch(args, [*self.package(args, flags), *self.listeners(), *settings, "-jar", "quarkus-run.jar"])

    def package(self, args, flags):
        """Starts the package with its servers."""
        return [
            str(self.java / "bin/java"),
            *flags,
            f"-Dmail.embedded.data-dir={pathlib.Path(args.data).resolve()}",
            "-Dmail.embedded.enabled=true",
        ]

    def listeners(self):
        self.imap, self.imaps, self.lmtp, http, management = free_ports(5)
        return [
            "-Dmail.imap.enabled=true",
            f"-Dmail.imap.unencrypted-or-tls-bindings=127.0.0.1:{self.imap}",
            f"-Dmail.imap.ssl-bindings=127.0.0.1:{self.imaps}",
            "-Dmail.lmtp.enabled=true",
            f"-Dmail.lmtp.bindings=127.0.0.1:{self.lmtp}",
            f"-Dquarkus.http.port={http}",
            f"-Dquarkus.management.port={management}",
        ]

    def launch(self, args, command):
        environment = dict(os.environ, MALLOC_ARENA_MAX="2")
        # In the directory of the package: an AOT cache is valid for the class path as it is named there.
        self.process = subprocess.Popen(
            command, cwd=args.package, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        said = []
        for line in self.process.stdout:
            said.append(line)
            if " started in " in line:
                break
        else:
            raise SystemExit("the server does not start:\n" + "".join(said))
        # Whatever else it says goes to a file, so that the pipe never fills.
        self.log = open("idle_scale.log", "w") if args.log else subprocess.DEVNULL
        self.drain = multiprocessing.Process(target=self.swallow, daemon=True)
        self.drain.start()

    def swallow(self):
        for line in self.process.stdout:
            if self.log != subprocess.DEVNULL:
                self.log.write(line)
                self.log.flush()

    def jcmd(self, *words):
        command = [str(self.java / "bin/jcmd"), str(self.process.pid), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def rss(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def live(self):
        """Classes and their live bytes, after a full collection."""
        self.jcmd("GC.run")
        histogram = self.jcmd("GC.class_histogram")
        rows = re.findall(r"^\s*\d+:\s+(\d+)\s+(\d+)\s+(\S+)", histogram, re.M)
        # The collector leaves some dead space where it is, and calls it so.
        return {name: (int(count), int(size)) for count, size, name in rows if "Filler" not in name}

    def stop(self):
        self.process.terminate()
        self.process.wait(120)
        self.drain.terminate()


def octets(live):
    return sum(size for _, size in live.values())


def raise_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


# Seeding


def psql(data, sql):
    data = pathlib.Path(data)
    port = (data / "servers/postgresql/postmaster.pid").read_text().splitlines()[3]
    password = (data / "password").read_text().strip()
    subprocess.run(
        ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", port, "-U", "postern", "postgres"],
        input=sql,
        text=True,
        check=True,
        env=dict(os.environ, PGPASSWORD=password),
    )


SEED = """
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET work_mem = '256MB';
CREATE TEMP TABLE first AS
  SELECT c.* FROM content c JOIN account a ON a.id = c.account WHERE a.name = 'u0@example.test' LIMIT 1;
CREATE TEMP TABLE box AS
  SELECT b.account, b.id AS mailbox, nextval('content_id') AS content
  FROM mailbox b JOIN account a ON a.id = b.account WHERE a.name ~ '^u[0-9]+@' AND b.name = 'INBOX'
  ORDER BY b.account;
DELETE FROM mailbox_page p USING box WHERE p.account = box.account;
-- One content each, and one blob for all: the bytes are not what is measured.
INSERT INTO content (account, id, blob, size, sent, envelope, body, body_structure, header, parts, unended,
    crlf_size, nul)
  SELECT box.account, box.content, c.blob, c.size, c.sent, c.envelope, c.body, c.body_structure, c.header,
    c.parts, c.unended, c.crlf_size, c.nul
  FROM box, first c;
-- As FlagsCodec and FactsCodec describe. Every fourth message is unseen (bit 3 is \\Seen's); each has a
-- mod-sequence of its own.
CREATE TEMP TABLE slot AS
  SELECT n, int8send(({seen})::bigint << 1 | 1) || int8send(n + 1) AS flags,
    int4send(f.size) || int8send(1700000000::bigint << 12 | 2048) || int8send(1700000000) AS facts
  FROM first f, generate_series(1::bigint, {messages}) n;
INSERT INTO mailbox_page (account, mailbox, page, mod_seq, flags, facts)
  SELECT box.account, box.mailbox, (n - 1) / 256, max(n) + 1,
    decode('0200' || lpad(to_hex(count(*) - 1), 2, '0') || '880000000000000000', 'hex')
      || string_agg(flags, ''::bytea ORDER BY n),
    decode('0100' || lpad(to_hex(count(*) - 1), 2, '0') || '00', 'hex')
      || string_agg(facts || int8send(box.content), ''::bytea ORDER BY n)
  FROM box, slot WHERE n < {tail} GROUP BY box.account, box.mailbox, box.content, (n - 1) / 256
  ORDER BY 1, 2, 3;
UPDATE mailbox_state s SET uid_next = {messages} + 1, mod_seq = {messages} + 1, messages = {messages},
    unseen = u.unseen, size = u.size, first_recent = {messages} + 1, tail_flags = t.flags, tail_facts = t.facts
  FROM (SELECT {messages} * f.size::bigint AS size FROM first f) z,
    (SELECT count(*) FILTER (WHERE ({seen}) & {bit} = 0) AS unseen FROM generate_series(1, {messages}) n) o,
    LATERAL (SELECT z.size, o.unseen) u,
    (SELECT box.account, box.mailbox, string_agg(flags, ''::bytea ORDER BY n) AS flags,
        string_agg(facts || int8send(box.content), ''::bytea ORDER BY n) AS facts
      FROM box, slot WHERE n >= {tail} GROUP BY box.account, box.mailbox, box.content) t
  WHERE s.account = t.account AND s.mailbox = t.mailbox;
VACUUM ANALYZE mailbox_page;
VACUUM ANALYZE mailbox_state;
CHECKPOINT;
"""


def seed(args):
    pathlib.Path(args.data).mkdir(parents=True, exist_ok=True)
    settings = [f"-Dmail.demo.bulk-accounts={args.accounts}"]
    began = time.monotonic()
    server = Server(args, FLAGS, settings)
    try:
        print(f"{args.accounts} accounts after {time.monotonic() - began:.0f} s", flush=True)
        Deliverer(server.lmtp).deliver(0)
        psql(args.data, SEED.format(messages=args.messages, bit=args.seen_bit, tail=(args.messages - 1) // 32 * 32 + 1,
                                    seen=f"CASE WHEN n % 4 = 0 THEN 0 ELSE {args.seen_bit} END"))
        print(f"{args.accounts * args.messages} messages after {time.monotonic() - began:.0f} s")
    finally:
        server.stop()


# Clients


class Session:
    """One that idles."""

    def __init__(self, number, args, port, context, told):
        self.number = number
        self.args = args
        self.port = port
        self.context = context
        self.told = told

    async def until(self, beginning):
        while True:
            line = await self.reader.readline()
            if not line:
                raise SystemExit(f"the server closed session {self.number}")
            if line.startswith(beginning):
                return line

    async def command(self, tag, text):
        self.writer.write(f"{tag} {text}\r\n".encode())
        answer = await self.until(tag.encode())
        if b" OK" not in answer:
            raise SystemExit(f"{text}: {answer.decode()}")

    async def start(self):
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self.context, limit=8192
        )
        await self.until(b"* OK")
        await self.command("a", f"LOGIN u{self.number % self.args.accounts}@example.test {PASSWORD}")
        await self.command("b", "SELECT INBOX")
        self.writer.write(b"c IDLE\r\n")
        await self.until(b"+")

    async def listen(self):
        while True:
            line = await self.reader.readline()
            if not line:
                raise SystemExit(f"the server closed session {self.number}")
            if line.rstrip().endswith(b"EXISTS"):
                self.told(self.number, time.monotonic())


def client(args, port, numbers, pipe):
    """A process with some of the sessions; says over the pipe when they idle, and what they are told."""
    raise_limit()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3

    async def main():
        sessions = [Session(n, args, port, context, lambda *what: pipe.send(what)) for n in numbers]
        for at in range(0, len(sessions), args.at_once):
            await asyncio.gather(*(s.start() for s in sessions[at : at + args.at_once]))
        listening = [asyncio.create_task(s.listen()) for s in sessions]
        pipe.send(("idle", len(sessions)))
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        for task in listening:
            task.cancel()

    asyncio.run(main())
    os._exit(0)


class Clients:
    """Sessions in processes of their own."""

    def __init__(self, args, port, count):
        self.processes = []
        self.pipes = []
        for k in range(args.processes):
            here, there = multiprocessing.Pipe()
            numbers = range(k, count, args.processes)
            process = multiprocessing.Process(target=client, args=(args, port, numbers, there), daemon=True)
            process.start()
            there.close()
            self.processes.append(process)
            self.pipes.append(here)
        for pipe in self.pipes:
            what, _ = pipe.recv()
            assert what == "idle", what

    def told(self, numbers, patience):
        """When each of these sessions was told of a message."""
        times = {}
        until = time.monotonic() + patience
        while len(times) < len(numbers):
            ready = multiprocessing.connection.wait(self.pipes, until - time.monotonic())
            if not ready:
                raise SystemExit(f"sessions {set(numbers) - set(times)} were told nothing for {patience} s")
            for pipe in ready:
                number, when = pipe.recv()
                times[number] = when
        assert set(times) == set(numbers), "a session of another mailbox was told"
        return times

    def stop(self):
        for pipe in self.pipes:
            pipe.send("stop")
        for process in self.processes:
            process.join()


class Deliverer:
    """One LMTP connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.say("LHLO bench.example.test", b"250")

    def say(self, text, expected):
        self.socket.sendall(text.encode() + b"\r\n")
        line = b"   -"
        while line[3:4] == b"-":
            line = self.file.readline()
        if not line.startswith(expected):
            raise SystemExit(f"{text[:60]}: {line.decode()}")

    def noop(self):
        """How long, in milliseconds, a question takes that asks for nothing."""
        began = time.monotonic()
        self.say("NOOP", b"250")
        return (time.monotonic() - began) * 1000

    def deliver(self, account):
        """Hands a message in; answers when that was confirmed."""
        self.say("MAIL FROM:<bench@example.test>", b"250")
        self.say(f"RCPT TO:<u{account}@example.test>", b"250")
        self.say("DATA", b"354")
        self.say(MESSAGE + ".", b"250")
        return time.monotonic()


# Measuring


def pushes(args, clients, server):
    deliverer = Deliverer(server.lmtp)
    lags, noise = [], []
    for at in range(args.pushes + args.warm_up):
        account = random.randrange(args.accounts)
        numbers = [n for n in range(account, args.sessions, args.accounts)]
        noise.append(deliverer.noop())
        done = deliverer.deliver(account)
        told = clients.told(numbers, 60)
        if at >= args.warm_up:
            lags += [max(0.0, when - done) * 1000 for when in told.values()]
        time.sleep(args.pause)
    return sorted(lags), sorted(noise[args.warm_up :])


def run(args):
    if raise_limit() < args.sessions + 1000:
        raise SystemExit("the hard limit of open files is too low for the server")
    server = Server(args, args.jvm.split() if args.jvm else FLAGS)
    try:
        # What every server has that served somebody: loaded classes, compiled code, touched heap.
        clients = Clients(args, server.imaps, args.first)
        clients.stop()
        time.sleep(2)
        empty, bare = server.live(), server.rss()
        began, used = time.monotonic(), server.cpu()
        clients = Clients(args, server.imaps, args.sessions)
        took, used = time.monotonic() - began, server.cpu() - used
        time.sleep(args.settle)
        full, loaded = server.live(), server.rss()
        print(f"{args.sessions} sessions idle after {took:.0f} s, at load {os.getloadavg()[0]:.0f}", flush=True)
        report = {
            "sessions": args.sessions,
            "heap_per_session": (octets(full) - octets(empty)) / args.sessions,
            "rss_per_session": (loaded - bare) / args.sessions,
            "rss_by_sessions": loaded / args.sessions,
            "rss_mb": loaded / 1e6,
            "bare_rss_mb": bare / 1e6,
            "login_s": took,
            "login_cpu_ms": used * 1000 / args.sessions,
        }
        if args.histogram:
            histogram(empty, full, args)
        if args.pushes:
            lags, noise = pushes(args, clients, server)
            report |= {
                "push_median_ms": statistics.median(lags),
                "push_p99_ms": lags[int(len(lags) * 0.99)],
                "push_most_ms": lags[-1],
                "noop_median_ms": statistics.median(noise),
                "noop_p99_ms": noise[int(len(noise) * 0.99)],
                "rss_after_pushes_mb": server.rss() / 1e6,
            }
        report["load"] = os.getloadavg()[0]
        print(json.dumps({k: round(v, 2) for k, v in report.items()}, indent=1))
        clients.stop()
    finally:
        server.stop()


def histogram(empty, full, args):
    """Which classes the sessions consist of."""
    more = {
        name: (count - empty.get(name, (0, 0))[0], size - empty.get(name, (0, 0))[1])
        for name, (count, size) in full.items()
    }
    for name, (count, size) in sorted(more.items(), key=lambda row: -row[1][1])[: args.histogram]:
        print(f"{size / args.sessions:9.0f} B {count / args.sessions:7.2f}  {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=["seed", "run"])
    parser.add_argument("--data", required=True, help="where the server keeps everything")
    parser.add_argument("--package", default="target/quarkus-app")
    parser.add_argument("--java", default=os.environ.get("JAVA_HOME", "/usr"))
    parser.add_argument("--jvm", default="", help="flags in place of those above")
    parser.add_argument("--accounts", type=int, default=5000)
    parser.add_argument("--messages", type=int, default=2000, help="in each INBOX")
    parser.add_argument("--seen-bit", type=int, default=8)
    parser.add_argument("--sessions", type=int, default=10000)
    parser.add_argument("--first", type=int, default=300, help="sessions that come and go before")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=10, help="logins at a time, of each process")
    parser.add_argument("--settle", type=float, default=10, help="seconds before the figures are taken")
    parser.add_argument("--pushes", type=int, default=1000)
    parser.add_argument("--warm-up", type=int, default=100, help="pushes that do not count")
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between pushes")
    parser.add_argument("--histogram", type=int, default=0, metavar="N", help="print so many classes")
    parser.add_argument("--log", action="store_true", help="keep what the server says")
    args = parser.parse_args()
    {"seed": seed, "run": run}[args.what](args)


if __name__ == "__main__":
    sys.exit(main())
