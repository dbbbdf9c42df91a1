#!/usr/bin/env python3
"""What a client pays that comes back to a large mailbox, and what COMPRESS saves, beside Debian's Dovecot.

    resync.py [--messages 100000] [--changes 10] [--rounds 5] [--bodies 1000]

Wants a package made with -Psingle-node, and Dovecot 2.3 with IMAP, POP3 and LMTP
(apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd). It starts both in a temporary directory, on free
ports of the loopback interface, with the same accounts and messages, and ends them when it is done.

Resync: in each round another session changes so many messages (four of five get another flag, the others are
expunged), then a client that has logged in learns of it: by SELECT with QRESYNC (RFC 7162 §3.2.5), by SELECT
and FETCH with CHANGEDSINCE, and by SELECT and a FETCH of all UIDs and flags. The server had no session in the
mailbox meanwhile but that of the changes. A time is the median of the rounds behind the first three, in which
both servers take turns, from the first command to the last answer; octets are those that the server sent. The
ratio is Dovecot's time over Postern's: above 1.00, Postern is ahead.

COMPRESS (RFC 4978): the same FETCH with and without it, as often as --rounds says: the octets that the server
sent in per cent of those without, and the processor time of the server that compressing took, for each
megabyte before compression. The processor time of Postern includes that of PostgreSQL and Redis.

Only ratios of one run on a quiet machine mean anything.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
import zlib

from mail_clients import Corpus, Imap, Wrong
from mail_servers import PASSWORD, Dovecot, Postern, account

CORPUS = Corpus()
WARM = 3
ZLIB = "protocol imap {\n  mail_plugins = imap_zlib\n}\n"


class Counted:
    """A socket that counts what comes, and inflates it from deflate() on."""

    def __init__(self, socket):
        self.socket = socket
        self.octets = 0
        self.deflating = self.inflating = None

    def deflate(self):
        self.deflating = zlib.compressobj(wbits=-15)
        self.inflating = zlib.decompressobj(wbits=-15)

    def sendall(self, octets):
        if self.deflating:
            octets = self.deflating.compress(octets) + self.deflating.flush(zlib.Z_SYNC_FLUSH)
        self.socket.sendall(octets)

    def recv(self, most):
        while True:
            piece = self.socket.recv(most)
            self.octets += len(piece)
            inflated = self.inflating.decompress(piece) if self.inflating else piece
            if inflated or not piece:
                return inflated

    def close(self):
        self.socket.close()


class Client(Imap):
    """A session that is logged in, and counts octets."""

    def __init__(self, server, number, mailbox="", compressed=False):
        super().__init__(server.imap, account(number), PASSWORD)
        self.socket = Counted(self.socket)
        if compressed:
            self.command("COMPRESS DEFLATE")
            self.socket.deflate()
        if mailbox:
            self.command(f"SELECT {mailbox}")
        self.socket.octets = 0

    @property
    def octets(self):
        return self.socket.octets


def prepare(server, args):
    with Client(server, 0) as session:
        session.fresh("flags")
        session.fill("flags", [CORPUS.message(n) for n in range(100)])
        session.command("SELECT flags")
        have = 100
        while have < args.messages:
            more = min(have, args.messages - have)
            session.command(f"COPY 1:{more} flags")
            session.command("NOOP")
            have += more
    with Client(server, 1) as session:
        session.fresh("big")
        session.fill("big", [CORPUS.message(n) for n in range(args.bodies)])


def known(server):
    """UIDVALIDITY, the mod-sequence and the UIDs that a client has seen."""
    with Client(server, 0) as session:
        session.command("ENABLE QRESYNC")
        come = session.command("SELECT flags")
        validity = re.search(rb"\[UIDVALIDITY (\d+)", come)[1].decode()
        mod_seq = re.search(rb"\[HIGHESTMODSEQ (\d+)", come)[1].decode()
        found = re.search(rb"\* SEARCH([ \d]*)", session.command("UID SEARCH ALL"))
        return validity, mod_seq, [int(uid) for uid in found[1].split()]


def change(server, uids, count, number):
    """Changes flags of some messages and expunges others; returns the UIDs of both."""
    step = len(uids) // count
    chosen = [uids[step // 2 + n * step] for n in range(count)]
    expunged = chosen[::5]
    flagged = [uid for uid in chosen if uid not in expunged]
    with Client(server, 0, "flags") as session:
        for uid in flagged:
            session.command(f"UID STORE {uid} +FLAGS.SILENT ($Round{number})")
        session.command(f"UID STORE {','.join(map(str, expunged))} +FLAGS.SILENT (\\Deleted)")
        session.command(f"UID EXPUNGE {','.join(map(str, expunged))}")
    return flagged, expunged


def timed(server, commands):
    """Gives them to a new session; returns what came, its octets, and milliseconds."""
    with Client(server, 0) as session:
        session.command("ENABLE QRESYNC")
        session.socket.octets = 0
        began = time.perf_counter()
        come = b"".join(session.command(command) for command in commands)
        return come, session.octets, (time.perf_counter() - began) * 1000


def fetched(come):
    return {int(uid) for uid in re.findall(rb" FETCH \((?:[^()]|\([^()]*\))*?UID (\d+)", come)}


def resync(server, args, number):
    """By row: octets and milliseconds."""
    rows = {}
    validity, mod_seq, uids = known(server)
    flagged, expunged = change(server, uids, args.changes, number)
    ways = {
        "QRESYNC": [f"SELECT flags (QRESYNC ({validity} {mod_seq}))"],
        "CHANGEDSINCE": ["SELECT flags", f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {mod_seq} VANISHED)"],
        "all flags": ["SELECT flags", "UID FETCH 1:* (FLAGS)"],
    }
    for row, commands in ways.items():
        come, octets, took = timed(server, commands)
        if not set(flagged) <= fetched(come):
            raise Wrong(f"{server.name}, {row}: a change is missing in {come[:2000]!r}")
        if row != "all flags" and not all(str(uid).encode() in come for uid in expunged):
            raise Wrong(f"{server.name}, {row}: an expunge is missing in {come[:2000]!r}")
        rows[row] = (octets, took)
    return rows


COMPRESSED = {"UIDs and flags": (0, "flags", "UID FETCH 1:* (FLAGS)"), "messages": (1, "big", "FETCH 1:* BODY.PEEK[]")}


def compress(server, args, row):
    """Octets sent without and with COMPRESS, and seconds of processor time."""
    number, mailbox, command = COMPRESSED[row]
    measured = []
    for compressed in (False, True):
        with Client(server, number, mailbox, compressed) as session:
            session.command(command)
            session.socket.octets = 0
            before = server.cpu()
            for _ in range(args.rounds):
                session.command(command)
            measured.append((session.octets, server.cpu() - before))
    return measured


def report(servers, args):
    print(f"| resync of {args.messages:,} messages, {args.changes} changes | "
          + " | ".join(f"{server.name}: octets | ms" for server in servers) + " | ratio |")
    print("|" + "---|" * (2 * len(servers) + 2))
    rounds = [[resync(server, args, number) for server in servers] for number in range(WARM + args.rounds)]
    for row in rounds[0][0]:
        medians = []
        for at in range(len(servers)):
            medians.append([statistics.median(column) for column in zip(*(each[at][row] for each in rounds[WARM:]))])
        cells = [f"{octets:,.0f} | {took:.1f}" for octets, took in medians]
        print(f"| {row} | " + " | ".join(cells) + f" | {medians[1][1] / medians[0][1]:.2f} |", flush=True)
    print("\n| COMPRESS | " + " | ".join(f"{server.name}: octets left | ms of processor per MB" for server in servers)
          + " |")
    print("|" + "---|" * (2 * len(servers) + 1))
    for row in COMPRESSED:
        cells = []
        for server in servers:
            (plain, used), (small, more) = compress(server, args, row)
            cells.append(f"{small / plain:.1%} of {plain / args.rounds / 1e6:.1f} MB | "
                         f"{(more - used) / (plain / 1e6) * 1000:.1f} (without: {used / (plain / 1e6) * 1000:.1f})")
        print(f"| {row} | " + " | ".join(cells) + " |", flush=True)
    print(f"\nLoad {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000, help="in the mailbox that is resynchronised")
    parser.add_argument("--changes", type=int, default=10)
    parser.add_argument("--bodies", type=int, default=1_000, help="messages fetched whole with COMPRESS")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--format", default="mdbox", choices=["mdbox", "sdbox", "maildir"])
    parser.add_argument("--directory", default=None, help="where the temporary directory is made")
    parser.add_argument("--package", default="target/quarkus-app")
    parser.add_argument("--java", default=os.environ.get("JAVA_HOME", "/usr"))
    parser.add_argument("--jvm", default="", help="flags in place of those of idle_scale.py")
    parser.add_argument("--log", action="store_true", help="what Postern says goes to idle_scale.log")
    args = parser.parse_args()
    Dovecot.check()
    if not pathlib.Path(args.package, "quarkus-run.jar").exists():
        raise SystemExit(f"no package in {args.package}: ./mvnw package -Psingle-node")
    # So that the servers end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = pathlib.Path(tempfile.mkdtemp(prefix="resync-", dir=args.directory))
    # The servers' own users must come through.
    directory.chmod(0o755)
    with contextlib.ExitStack() as ends:
        ends.callback(shutil.rmtree, directory, ignore_errors=True)
        servers = [Postern(args, directory)]
        ends.callback(lambda: servers[0].stop())
        servers.append(Dovecot(args, directory, "optimized", servers[0].certificate(), ZLIB))
        ends.callback(servers[1].stop)
        for server in servers:
            prepare(server, args)
        report(servers, args)


if __name__ == "__main__":
    main()
