#!/usr/bin/env python3
"""What TLS costs a server with each engine: processor time of full and resumed handshakes and of bulk.

    tls_handshake.py --tls 127.0.0.1:1993 --plain 127.0.0.1:1143 --pid PID --settings DIR \
        --metrics http://127.0.0.1:9000/q/metrics

The server listens for IMAP at --tls (TLS from the beginning) and at --plain, and was started with
mail.config.directory=DIR, where this program switches mail.tls.engine. For --rounds rounds both engines are
measured in turn: --handshakes full handshakes, as many resumed ones, as many connections without TLS (their
cost is subtracted), and --fetches times the body of a message of --octets octets, which is appended to the
INBOX of --user before. The first round is not counted: it warms the JVM up. Printed are medians of the rounds
and their ratio; absolute times depend on the machine, the ratio hardly does.
"""

import argparse
import os
import pathlib
import socket
import ssl
import statistics
import time
import urllib.request

ENGINES = ("jdk", "openssl")
PATIENCE = 60


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def processor(pid):
    """Seconds of processor time of a process; ended children are not counted."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:13]) / os.sysconf("SC_CLK_TCK")


def switch(args, engine):
    (pathlib.Path(args.settings) / "mail.tls.engine").write_text(engine + "\n")
    wanted = f'mail_tls_engine{{engine="{engine}",protocol="imap"'
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with urllib.request.urlopen(args.metrics) as answer:
            lines = answer.read().decode().splitlines()
        if any(line.startswith(wanted) and float(line.split()[-1]) == 1 for line in lines):
            return
        time.sleep(0.2)
    raise SystemExit(f"the server does not switch to {engine}")


def client_context(version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    return context


def greeted(connection):
    line = connection.recv(4096)
    if not line.startswith(b"* OK"):
        raise SystemExit(f"the server greets with {line!r}")


def plain(where):
    with socket.create_connection(where, PATIENCE) as connection:
        greeted(connection)


def handshake(where, context, session=None):
    with socket.create_connection(where, PATIENCE) as raw:
        with context.wrap_socket(raw, session=session) as connection:
            greeted(connection)
            return connection.session, connection.session_reused


class Imap:
    def __init__(self, connection):
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.lines.readline()

    def command(self, text, literal=None):
        self.connection.sendall(b"t " + text + b"\r\n")
        if literal is not None:
            self.lines.readline()
            self.connection.sendall(literal + b"\r\n")
        octets = 0
        while True:
            line = self.lines.readline()
            if line.startswith(b"t "):
                if not line.startswith(b"t OK"):
                    raise SystemExit(f"{text!r} is answered {line!r}")
                return octets
            octets += len(line)
            if line.endswith(b"}\r\n"):
                count = int(line[line.rindex(b"{") + 1:-3])
                octets += len(self.lines.read(count))


def fetches(args, connection):
    client = Imap(connection)
    client.command(f"LOGIN {args.user} {args.password}".encode())
    client.command(b"SELECT INBOX")
    client.command(b"FETCH * BODY.PEEK[]")
    before = processor(args.pid)
    for _ in range(args.fetches):
        if client.command(b"FETCH * BODY.PEEK[]") < args.octets:
            raise SystemExit("the body is not whole")
    return (processor(args.pid) - before) / args.fetches


def per(args, count, step):
    before = processor(args.pid)
    for _ in range(count):
        step()
    return (processor(args.pid) - before) / count


def measured(args, version):
    tls = place(args.tls)
    n = args.handshakes
    bare = per(args, n, lambda: plain(place(args.plain)))
    full = per(args, n, lambda: handshake(tls, client_context(version)))
    context = client_context(version)
    kept = [handshake(tls, context)[0]]
    resumed = []

    def resume():
        session, reused = handshake(tls, context, kept[0])
        kept[0] = session or kept[0]
        resumed.append(reused)

    again = per(args, n, resume)
    raw = socket.create_connection(tls, PATIENCE)
    with client_context(version).wrap_socket(raw) as connection:
        bulk = fetches(args, connection)
    return {
        "full": full - bare,
        "resumed": again - bare,
        "bulk": bulk,
        "share resumed": sum(resumed) / len(resumed),
    }


def fill(args):
    with socket.create_connection(place(args.tls), PATIENCE) as raw:
        with client_context(ssl.TLSVersion.TLSv1_3).wrap_socket(raw) as connection:
            client = Imap(connection)
            client.command(f"LOGIN {args.user} {args.password}".encode())
            line = b"x" * 70 + b"\r\n"
            text = b"Subject: bulk\r\n\r\n" + line * (args.octets // len(line) + 1)
            client.command(b"APPEND INBOX {%d}" % len(text), text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tls", required=True)
    parser.add_argument("--plain", required=True)
    parser.add_argument("--pid", required=True, type=int)
    parser.add_argument("--settings", required=True)
    parser.add_argument("--metrics", required=True)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--handshakes", type=int, default=500)
    parser.add_argument("--fetches", type=int, default=100)
    parser.add_argument("--octets", type=int, default=1 << 20)
    parser.add_argument("--user", default="alice@example.test")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--version", choices=("1.2", "1.3"), default="1.3")
    args = parser.parse_args()
    version = ssl.TLSVersion.TLSv1_2 if args.version == "1.2" else ssl.TLSVersion.TLSv1_3
    switch(args, ENGINES[0])
    fill(args)
    results = {engine: [] for engine in ENGINES}
    for number in range(args.rounds + 1):
        for engine in ENGINES:
            switch(args, engine)
            result = measured(args, version)
            if number > 0:
                results[engine].append(result)
            print(number, engine, {key: round(value, 6) for key, value in result.items()}, flush=True)
    for key in ("full", "resumed", "bulk"):
        medians = [statistics.median(r[key] for r in results[engine]) for engine in ENGINES]
        print(
            f"{key:8} jdk {medians[0] * 1e6:8.0f} us  openssl {medians[1] * 1e6:8.0f} us"
            f"  openssl/jdk {medians[1] / medians[0]:.2f}"
        )
    for engine in ENGINES:
        print(f"{engine}: {min(r['share resumed'] for r in results[engine]):.0%} were resumed")


if __name__ == "__main__":
    main()
