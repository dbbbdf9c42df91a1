#!/usr/bin/env python3
"""How late push is: from LMTP's 250 for a delivery on one server to EXISTS at a client that idles
on another (or the same).

    push_lag.py --pair /var/tmp/pair                                        # two servers of its own
    push_lag.py --lmtp 127.0.0.1:10024 --imap 127.0.0.1:10143               # those that run already

`--pair` wants a package made with -Psingle-node: it starts one server with the bundled PostgreSQL and
Redis on that directory, a second one on the same database and Redis, hands mail in at the first and has
clients idle at the second.

Clients log in as u0@example.test, u1@example.test ... with the password "secret" (mail.demo.bulk-accounts
makes them), select INBOX and idle; each delivery goes to one of them at random. Both ends are in this
process, so one clock measures both. A delivery that is told before its 250 came counts as 0.
"""

import argparse
import asyncio
import os
import pathlib
import random
import re
import statistics
import sys
import time

from idle_scale import FLAGS, Server


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Client:
    """One that idles."""

    def __init__(self, number, args):
        self.number = number
        self.args = args
        self.told = asyncio.Queue()

    async def until(self, beginning):
        while True:
            line = await self.reader.readline()
            if not line:
                raise SystemExit(f"the server closed client {self.number}")
            if line.startswith(beginning):
                return line

    async def command(self, tag, text):
        self.writer.write(f"{tag} {text}\r\n".encode())
        answer = await self.until(tag.encode())
        if b" OK" not in answer:
            raise SystemExit(f"{text}: {answer.decode()}")

    async def start(self):
        self.reader, self.writer = await asyncio.open_connection(*place(self.args.imap))
        await self.until(b"* OK")
        name = self.args.user.format(self.number)
        await self.command("a", f"LOGIN {name} {self.args.password}")
        await self.command("b", "SELECT INBOX")
        self.writer.write(b"c IDLE\r\n")
        await self.until(b"+")
        self.listening = asyncio.create_task(self.listen())

    async def listen(self):
        while True:
            line = await self.reader.readline()
            if not line:
                raise SystemExit(f"the server closed client {self.number}")
            if line.rstrip().endswith(b"EXISTS"):
                self.told.put_nowait(time.perf_counter())


class Deliverer:
    """One LMTP connection."""

    def __init__(self, args):
        self.args = args

    async def say(self, text, expected):
        self.writer.write(text.encode() + b"\r\n")
        line = b"   -"
        while line[3:4] == b"-":
            line = await self.reader.readline()
        if not line.startswith(expected):
            raise SystemExit(f"{text[:60]}: {line.decode()}")

    async def start(self):
        self.reader, self.writer = await asyncio.open_connection(*place(self.args.lmtp))
        await self.reader.readline()
        await self.say("LHLO bench.example.test", b"250")

    async def deliver(self, number):
        name = self.args.user.format(number)
        await self.say("MAIL FROM:<bench@example.test>", b"250")
        await self.say(f"RCPT TO:<{name}>", b"250")
        await self.say("DATA", b"354")
        body = "x" * 70 + "\r\n"
        message = f"From: bench@example.test\r\nTo: {name}\r\nSubject: push\r\n\r\n{body * 10}."
        await self.say(message, b"250")
        return time.perf_counter()


async def measure(args):
    clients = [Client(i, args) for i in range(args.clients)]
    for at in range(0, len(clients), 20):
        await asyncio.gather(*(c.start() for c in clients[at : at + 20]))
    deliverer = Deliverer(args)
    await deliverer.start()
    lags = []
    for at in range(args.warm_up + args.deliveries):
        client = random.choice(clients)
        done = await deliverer.deliver(client.number)
        told = await asyncio.wait_for(client.told.get(), args.patience)
        if at >= args.warm_up:
            lags.append(max(0.0, told - done))
        await asyncio.sleep(args.pause)
    return sorted(lags)


class Pair:
    """Two servers on one database and one Redis."""

    def __init__(self, args):
        demo = ["-Dmail.demo.enabled=true", f"-Dmail.demo.bulk-accounts={args.clients}"]
        open_login = ["-Dmail.imap.login-type=plain-text-login", "-Dquarkus.profile=pair"]
        self.here = Server(args, FLAGS, demo + open_login)
        try:
            self.there = Server(args, FLAGS, self.servers(args) + demo + open_login)
        except BaseException:
            self.here.stop()
            raise

    def servers(self, args):
        """The first one's database and Redis, as settings for the second."""
        servers = pathlib.Path(args.data) / "servers"
        password = (pathlib.Path(args.data) / "password").read_text().strip()
        database = (servers / "postgresql/postmaster.pid").read_text().splitlines()[3]
        redis = dict(re.findall(r"^(port|requirepass) (\S+)$", (servers / "redis.conf").read_text(), re.M))
        url = f"postgresql://127.0.0.1:{database}/postgres"
        return [
            "-Dmail.embedded.enabled=false",
            f"-Dquarkus.tls.mail.key-store.pem.0.cert={pathlib.Path(args.data) / 'tls/mail.crt'}",
            f"-Dquarkus.tls.mail.key-store.pem.0.key={pathlib.Path(args.data) / 'tls/mail.key'}",
            f"-Dquarkus.datasource.reactive.url={url}",
            f"-Dquarkus.datasource.jdbc.url=jdbc:{url}",
            "-Dquarkus.datasource.username=postern",
            f"-Dquarkus.datasource.password={password}",
            f"-Dquarkus.redis.hosts=redis://:{redis['requirepass']}@127.0.0.1:{redis['port']}",
        ]

    def stop(self):
        self.there.stop()
        self.here.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--imap", default="127.0.0.1:10143", help="where clients idle")
    parser.add_argument("--lmtp", default="127.0.0.1:10024", help="where mail is handed in")
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--warm-up", type=int, default=0, help="deliveries before those that are counted")
    parser.add_argument("--pause", type=float, default=0.005, help="seconds between deliveries")
    parser.add_argument("--patience", type=float, default=30, help="seconds to wait for a push")
    parser.add_argument("--user", default="u{}@example.test")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--pair", dest="data", help="a directory, empty or of an earlier run: start two servers")
    parser.add_argument("--package", default="target/quarkus-app")
    parser.add_argument("--java", default=os.environ.get("JAVA_HOME", "/usr"))
    parser.add_argument("--log", action="store_true", help="what the servers say goes to idle_scale.log")
    args = parser.parse_args()
    pair = None
    if args.data:
        pathlib.Path(args.data).mkdir(parents=True, exist_ok=True)
        pair = Pair(args)
        args.lmtp = f"127.0.0.1:{pair.here.lmtp}"
        args.imap = f"127.0.0.1:{pair.there.imap}"
    try:
        lags = asyncio.run(measure(args))
    finally:
        if pair:
            pair.stop()
    median = statistics.median(lags) * 1000
    p99 = lags[min(len(lags) - 1, int(len(lags) * 0.99))] * 1000
    print(
        f"{args.clients} clients, {len(lags)} deliveries:"
        f" median {median:.2f} ms, p99 {p99:.2f} ms, most {lags[-1] * 1000:.2f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
