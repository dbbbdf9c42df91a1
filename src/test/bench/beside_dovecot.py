#!/usr/bin/env python3
"""How fast a package of Postern is beside Debian's Dovecot: the same work in turn, in the same minutes.

    beside_dovecot.py [--quick] [--messages 100000] [--rounds 3] [--only store,bodies]

Wants a package made with -Psingle-node, and Dovecot 2.3 with IMAP, POP3 and LMTP
(apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd). It starts three servers in a temporary
directory, on free ports of the loopback interface, and ends them when it is done: Postern, Dovecot as it
comes (mail_fsync=optimized: changes of flags are not synced to disk), and Dovecot with mail_fsync=always,
which is as durable as Postern, which syncs every change. All three have the same accounts, messages, and
certificate. Dovecot keeps its mail in --format mdbox, its fastest, or sdbox or maildir, and its passwords
in clear text; Postern verifies a hash once and remembers that it was right.

With --native target/postern-…-runner the executable is measured, beside PostgreSQL and Redis of the package.

Each scenario is given to each server in turn, in another order in each round; a rate is the median of the
rounds. Before the first, the servers are restarted, if a cold one is among them, and trained with the same
scenarios on other accounts: cold is what a server has not read since. One training takes a minute or two,
and the JVM still compiles then; --training 5 shows what a server gives that has run for a while. Printed as
a table in Markdown: rates (messages, commands or sessions a second, as the row says), Postern's rate over
either of Dovecot's, the processor time of one operation (that of PostgreSQL and Redis is Postern's) and,
last, the memory. A time, such as p99, is compared the other way round: above 1.00, Postern is ahead.

The clients are one process on the same machine: where `clients` is near 1.0, it is they who are measured.
Only ratios of one run on a quiet machine mean anything; --quick is for a look.
"""

import argparse
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
import types

from mail_clients import Corpus, Imap, Lmtp, Pop3, Wrong, together, trusting
from mail_servers import PASSWORD, Dovecot, Postern, account

CORPUS = Corpus()
TLS = trusting()

SIZES = {
    "full": dict(
        big=10_000, flags=100_000, stores=30, singles=1_000, appends=500, lmtp=400, bodies=3_000, maildrop=1_000,
        searches=5, logins=1_000, tls=400, mixed=15.0,
    ),
    "quick": dict(
        big=500, flags=5_000, stores=5, singles=100, appends=48, lmtp=48, bodies=200, maildrop=100, searches=1,
        logins=96, tls=48, mixed=3.0,
    ),
    "training": dict(
        big=300, flags=2_000, stores=30, singles=300, appends=100, lmtp=50, bodies=1_000, maildrop=100, searches=5,
        logins=100, tls=50, mixed=3.0,
    ),
    "quick training": dict(
        big=100, flags=500, stores=5, singles=50, appends=16, lmtp=16, bodies=50, maildrop=50, searches=1,
        logins=32, tls=16, mixed=1.0,
    ),
}


class Figure(types.SimpleNamespace):
    """What was measured once: value is a rate, or a time if less is better."""


class Place:
    """A server, a size, accounts of its own, and what was measured there."""

    def __init__(self, server, size, first):
        self.server = server
        self.size = types.SimpleNamespace(**SIZES[size])
        self.first = first
        self.figures = {}
        self.messages = [CORPUS.message(first * 100_000 + n) for n in range(self.size.big)]

    def imap(self, number=0, mailbox="", tls=False):
        port = self.server.imaps if tls else self.server.imap
        return Imap(port, account(self.first + number), PASSWORD, mailbox, TLS if tls else None)

    @contextlib.contextmanager
    def timed(self, row, operations):
        """Measures what is done within; operations may still grow there, if it is a list."""
        used, own, began = self.server.cpu(), time.process_time(), time.perf_counter()
        yield
        seconds = time.perf_counter() - began
        own, used = time.process_time() - own, self.server.cpu() - used
        count = len(operations) if isinstance(operations, list) else operations
        self.figure(row, count / seconds, used / count * 1e6, own / seconds)

    def figure(self, row, value, processor, clients, less=False):
        measured = Figure(value=value, processor=processor, clients=clients, less=less)
        self.figures.setdefault(row, []).append(measured)


def must(right, what):
    if not right:
        raise Wrong(what)


def prepare(place):
    """The mailboxes that the scenarios read: one of many messages, one of very many."""
    with place.imap() as session:
        session.fresh("big")
        session.fill("big", place.messages)
    with place.imap(1) as session:
        session.fresh("flags")
        session.fill("flags", [CORPUS.message(n) for n in range(100)])
        session.command("SELECT flags")
        have = 100
        while have < place.size.flags:
            more = min(have, place.size.flags - have)
            session.command(f"COPY 1:{more} flags")
            session.command("NOOP")
            have += more
    with place.imap(3) as session:
        session.fill("INBOX", place.messages[: place.size.maildrop])


# The scenarios: each measures one row or several.


def fetch_all(place, how):
    count = len(place.messages)
    with place.imap(0, "big") as session:
        with place.timed(f"FETCH ALL of {count:,}, {how}", count):
            come = session.command("FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)")
        must(come.count(b" FETCH (") == count, "FETCH ALL: a message is missing")


def fetch_all_cold(place):
    fetch_all(place, "cold")


def fetch_all_warm(place):
    fetch_all(place, "warm")


def read_bodies(place, row, connections, numbers):
    sessions = [place.imap(0, "big") for _ in range(connections)]
    parts = [numbers[at::connections] for at in range(connections)]

    def work(session, part):
        for number in part:
            come = session.command(b"FETCH %d BODY.PEEK[]" % (number + 1))
            size = int(re.search(rb"BODY\[\] \{(\d+)\}", come[:200])[1])
            must(size == len(place.messages[number]), f"body {number} has {size} octets")

    with place.timed(row, len(numbers)):
        together([lambda s=s, p=p: work(s, p) for s, p in zip(sessions, parts)])
    for session in sessions:
        session.close()


def chosen(place, seed):
    count = min(place.size.bodies, len(place.messages) // 2)
    return random.Random(seed).sample(range(len(place.messages)), count)


def bodies_cold(place):
    read_bodies(place, "bodies, 1 connection, cold", 1, chosen(place, 1))


def bodies_one(place):
    read_bodies(place, "bodies, 1 connection, warm", 1, chosen(place, 1))


def bodies_eight(place):
    read_bodies(place, "bodies, 8 connections, warm", 8, chosen(place, 1))


def fetch_flags(place):
    count = place.size.flags
    with place.imap(1, "flags") as session:
        with place.timed(f"FETCH FLAGS of {count:,}", count):
            come = session.command("FETCH 1:* FLAGS")
        must(come.count(b" FETCH (") == count, "FETCH FLAGS: a message is missing")


def store(place):
    size = place.size
    with place.imap(0, "big") as session:
        many = min(1000, size.big)
        for row, silent in (("", ""), (", silent", ".SILENT")):
            with place.timed(f"STORE of {many:,}{row}", size.stores):
                for n in range(size.stores):
                    come = session.command(f"STORE 1:{many} {'+-'[n % 2]}FLAGS{silent} (\\Flagged)")
                    must(silent or come.count(b" FETCH (") == many, "STORE: a message is missing")
        uids = session.uids()
        chance = random.Random(1)
        with place.timed("STORE of one", size.singles):
            for n in range(size.singles):
                session.command(f"UID STORE {chance.choice(uids).decode()} {'+-'[n % 2]}FLAGS (\\Answered)")


def copy_expunge(place):
    count = place.size.big * 9 // 10
    with place.imap(0) as session:
        session.fresh("copies")
        session.command("SELECT big")
        with place.timed(f"COPY of {count:,}", count):
            session.command(f"COPY 1:{count} copies")
        session.command("SELECT copies")
        many = min(1000, count)
        session.command(f"STORE 1:{many} +FLAGS.SILENT (\\Deleted)")
        with place.timed(f"EXPUNGE of {many:,}", many):
            come = session.command("EXPUNGE")
        must(come.count(b" EXPUNGE\r\n") == many, "EXPUNGE: a message is left")


def append_by(place, connections):
    each = place.size.appends // min(connections, 2)
    sessions = [place.imap(4 + number) for number in range(connections)]
    for session in sessions:
        session.fresh("appended")

    def work(session):
        for number in range(each):
            session.append("appended", place.messages[number % len(place.messages)])

    plural = "s" * (connections > 1)
    with place.timed(f"APPEND, {connections} connection{plural}", each * connections):
        together([lambda s=s: work(s) for s in sessions])
    for session in sessions:
        must(b"MESSAGES %d" % each in session.command("STATUS appended (MESSAGES)"), "APPEND: lost")
        session.close()


def append(place):
    append_by(place, 1)
    append_by(place, 8)


def lmtp(place):
    for connections in (1, 8):
        each = max(1, place.size.lmtp // connections)
        clients = [Lmtp(place.server.lmtp) for _ in range(connections)]

        def work(client, number):
            for n in range(each):
                client.deliver(account(place.first + 4 + number), place.messages[n])

        plural = "s" * (connections > 1)
        with place.timed(f"LMTP, {connections} connection{plural}", each * connections):
            together([lambda c=c, n=n: work(c, n) for n, c in enumerate(clients)])
        for client in clients:
            client.close()


def pop3(place):
    sizes = [len(message) for message in place.messages[: place.size.maildrop]]
    for row in ("POP3 RETR", "POP3 RETR, pipelined"):
        with Pop3(place.server.pop3, account(place.first + 3), PASSWORD) as client:
            must(client.command("STAT").split()[1] == b"%d" % len(sizes), "POP3: another count")
            batch = 50 if "pipelined" in row else 1
            with place.timed(row, len(sizes)):
                for at in range(0, len(sizes), batch):
                    numbers = range(at, min(at + batch, len(sizes)))
                    client.send(b"".join(b"RETR %d\r\n" % (n + 1) for n in numbers))
                    for n in numbers:
                        octets = client.retrieved()
                        must(octets == sizes[n], f"RETR {n + 1}: {octets} of {sizes[n]} octets")
            client.command("QUIT")


def search(place):
    body = [CORPUS.RARE, CORPUS.COMMON]
    hits = {word: sum(CORPUS.holds(m, word) for m in place.messages) for word in body}
    heads = [message.partition(b"\r\n\r\n")[0] for message in place.messages]
    subjects = sum(b" " + CORPUS.SUBJECT.encode() + b"\r\n" in head for head in heads)
    senders = sum(b'From: "' + CORPUS.SENDER.encode() in head for head in heads)
    rows = [
        ("SUBJECT", f"SUBJECT {CORPUS.SUBJECT}", subjects, 3),
        ("FROM", f"FROM {CORPUS.SENDER}", senders, 3),
        ("BODY, absent", f"BODY {CORPUS.ABSENT}", 0, 1),
        ("BODY, rare", f"BODY {CORPUS.RARE}", hits[CORPUS.RARE], 1),
        ("BODY, common", f"BODY {CORPUS.COMMON}", hits[CORPUS.COMMON], 1),
    ]
    with place.imap(0, "big") as session:
        for row, key, expected, times in rows:
            times *= place.size.searches
            with place.timed(f"SEARCH {row}", times):
                for _ in range(times):
                    come = session.command(f"SEARCH {key}")
            found = len(re.search(rb"\* SEARCH([ \d]*)\r\n", come)[1].split())
            must(found == expected, f"SEARCH {row}: {found} in place of {expected}")


def login_by(place, row, count, tls):
    def work(number):
        for n in range(number, count, 16):
            with place.imap(n % 16, "INBOX", tls) as session:
                session.command("LOGOUT")

    with place.timed(row, count):
        together([lambda n=n: work(n) for n in range(16)])


def login(place):
    login_by(place, "login, 16 at a time", place.size.logins, False)


def login_tls(place):
    login_by(place, "TLS login, 16 at a time", place.size.tls, True)


def one_of_many(chance, session, count, place):
    """A command as clients give them, in a mailbox of so many messages, and its answers."""
    low = chance.randint(1, max(1, count - 20))
    some = f"{low}:{min(count, low + chance.randint(0, 20))}"
    kind = chance.randrange(100)
    if kind < 8 or count == 0:
        return session.append("mixed", place.messages[chance.randrange(100)])
    if kind < 28:
        item = chance.choice(["ENVELOPE", "BODYSTRUCTURE", "RFC822.SIZE"])
        return session.ask(f"FETCH {some} (UID FLAGS {item})")[0]
    if kind < 40:
        return session.ask("UID FETCH 1:* (FLAGS)")[0]
    if kind < 55:
        return session.ask(f"FETCH {low} BODY.PEEK[]")[0]
    if kind < 75:
        flag = chance.choice(["\\Seen", "\\Flagged", "\\Answered", "$Work"])
        return session.ask(f"STORE {some} {chance.choice('+-')}FLAGS{chance.choice(['', '.SILENT'])} ({flag})")[0]
    if kind < 83:
        key = chance.choice(["UNSEEN", f"SUBJECT {CORPUS.SUBJECT}", f"BODY {CORPUS.RARE}"])
        return session.ask(f"SEARCH {key}")[0]
    if kind < 87:
        return session.ask(f"STORE {low} +FLAGS.SILENT (\\Deleted)")[0] + session.ask("EXPUNGE")[0]
    if kind < 92:
        return session.ask("SELECT mixed")[0]
    return session.ask(chance.choice(["NOOP", "STATUS INBOX (MESSAGES UNSEEN UIDNEXT)"]))[0]


def counted(count, come):
    """How many messages a client knows of behind these answers."""
    for number, what in re.findall(rb"\* (\d+) (EXISTS|EXPUNGE)\r\n", come):
        count = int(number) if what == b"EXISTS" else count - 1
    return count


def mixed(place):
    """50 clients in ten mailboxes."""
    for number in range(10):
        with place.imap(4 + number) as session:
            session.fresh("mixed")
            session.fill("mixed", place.messages[:100])
    sessions = [place.imap(4 + number % 10) for number in range(50)]
    took = []

    def work(number, until):
        chance = random.Random(number)
        count = counted(0, sessions[number].command("SELECT mixed"))
        while time.perf_counter() < until:
            began = time.perf_counter()
            come = one_of_many(chance, sessions[number], count, place)
            took.append(time.perf_counter() - began)
            count = counted(count, come)

    row = "50 clients, mixed"
    with place.timed(row, took):
        until = time.perf_counter() + place.size.mixed
        together([lambda n=n: work(n, until) for n in range(50)])
    measured = place.figures[row][-1]
    p99 = sorted(took)[len(took) * 99 // 100] * 1000
    place.figure(row + ": p99, ms", p99, measured.processor, measured.clients, less=True)
    for session in sessions:
        session.close()


ONCE = [fetch_all_cold, bodies_cold]
SCENARIOS = ONCE + [
    fetch_all_warm, fetch_flags, bodies_one, bodies_eight, pop3, search, store, copy_expunge, append, lmtp,
    login, login_tls, mixed,
]


class Run:
    """The servers and what they are asked."""

    def __init__(self, args, servers):
        self.args = args
        self.servers = servers
        self.failures = 0
        only = args.only.split(",") if args.only else [""]
        self.scenarios = [s for s in SCENARIOS if any(s.__name__.startswith(name) for name in only)]
        if not self.scenarios:
            raise SystemExit("--only knows " + ", ".join(s.__name__ for s in SCENARIOS))

    def measure(self):
        size, small = ("quick", "quick training") if self.args.quick else ("full", "training")
        places = [Place(server, size, 0) for server in self.servers]
        training = [Place(server, small, 20) for server in self.servers]
        if self.args.messages:
            for place in places:
                place.size.flags = self.args.messages
        for place in places + training:
            self.say(f"messages for {place.server.name}")
            prepare(place)
        if any(scenario in ONCE for scenario in self.scenarios):
            for server in self.servers:
                server.stop()
                server.start()
        for _ in range(self.args.training):
            for scenario in self.scenarios:
                self.in_turn(scenario, training)
        for number in range(self.args.rounds):
            for scenario in self.scenarios:
                if number == 0 or scenario not in ONCE:
                    turn = number % len(places)
                    self.in_turn(scenario, places[turn:] + places[:turn])
        return places

    def in_turn(self, scenario, places):
        for place in places:
            self.say(f"{scenario.__name__}: {place.server.name}")
            try:
                scenario(place)
            except (Wrong, OSError) as failure:
                self.failures += 1
                print(f"{scenario.__name__}, {place.server.name}: {failure}", file=sys.stderr)

    def say(self, what):
        if self.args.verbose:
            print(what, file=sys.stderr, flush=True)


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def cells(row, places):
    """A line of the table; a server that failed has no figure."""
    medians = []
    for place in places:
        figures = place.figures.get(row, [])
        medians.append(
            Figure(
                **{name: statistics.median(getattr(f, name) for f in figures) for name in ("value", "processor", "clients")},
                less=figures[0].less,
            )
            if figures
            else None
        )
    postern, *others = medians
    line = [row, shown(postern.value) if postern else "failed"]
    for other in others:
        line.append(shown(other.value) if other else "failed")
        if postern and other:
            ratio = other.value / postern.value if postern.less else postern.value / other.value
            line.append(f"**{ratio:.2f}**")
        else:
            line.append("")
    line += [f"{m.processor:,.0f}" if m else "" for m in medians]
    line.append(f"{max(m.clients for m in medians if m):.1f}")
    return line


def table(places):
    names = [place.server.name for place in places]
    head = ["", names[0]]
    for name in names[1:]:
        head += [name, "ratio"]
    head += [f"µs each: {name}" for name in names] + ["clients"]
    rows = dict.fromkeys(row for place in places for row in place.figures)
    lines = [head, ["---"] * len(head)] + [cells(row, places) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer messages, one round")
    parser.add_argument("--messages", type=int, default=0, help="in the mailbox of FETCH FLAGS")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--training", type=int, default=1, help="how often the training is repeated")
    parser.add_argument("--only", default="", help="scenarios by the beginnings of their names")
    parser.add_argument("--format", default="mdbox", choices=["mdbox", "sdbox", "maildir"])
    parser.add_argument("--directory", default=None, help="where the temporary directory is made")
    parser.add_argument("--package", default="target/quarkus-app")
    parser.add_argument("--native", default="", help="a native executable; the package then is for its servers only")
    parser.add_argument("--java", default=os.environ.get("JAVA_HOME", "/usr"))
    parser.add_argument("--jvm", default="", help="flags in place of those of idle_scale.py")
    parser.add_argument("--verbose", action="store_true", help="say what is being done")
    parser.add_argument("--log", action="store_true", help="what Postern says goes to idle_scale.log")
    args = parser.parse_args()
    args.rounds = args.rounds or (1 if args.quick else 3)
    Dovecot.check()
    if not pathlib.Path(args.package, "quarkus-run.jar").exists():
        raise SystemExit(f"no package in {args.package}: ./mvnw package -Psingle-node")
    # So that the servers end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = pathlib.Path(tempfile.mkdtemp(prefix="beside-dovecot-", dir=args.directory))
    # The servers' own users must come through.
    directory.chmod(0o755)
    with contextlib.ExitStack() as ends:
        ends.callback(shutil.rmtree, directory, ignore_errors=True)
        servers = [Postern(args, directory)]
        ends.callback(lambda: servers[0].stop())
        for fsync in ("optimized", "always"):
            server = Dovecot(args, directory, fsync, servers[0].certificate())
            servers.append(server)
            ends.callback(server.stop)
        run = Run(args, servers)
        places = run.measure()
        print(table(places))
        memory = ", ".join(f"{server.name} {server.memory():.0f} MB" for server in servers)
        print(f"\nMemory at the end (PSS): {memory}. Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
