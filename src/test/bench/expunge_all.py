#!/usr/bin/env python3
"""Whether a hundred thousand messages can be expunged at once beside others, and what memory it takes.

    expunge_all.py --data /var/tmp/expunge [--messages 100000]

Wants a package made with -Psingle-node. Fills a mailbox by COPY, has four sessions idle in it, and two
others, of another mailbox, send NOOP after NOOP. Then STORE 1:* \\Deleted and EXPUNGE. Reported: how long
each took, the longest NOOP and the 99th percentile before, during STORE and during EXPUNGE (beside the
same of the machine's noise before), and the heap: live bytes before and after, and the most in use
between (looked at every 50 ms; of it much may be garbage). With -Xmx256m it must not fail.
"""

import argparse
import json
import os
import pathlib
import re
import socket
import ssl
import sys
import threading
import time

from idle_scale import FLAGS, Deliverer, Server, octets


class Imap:
    """One session, blocking."""

    def __init__(self, server, name="u0@example.test"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(socket.create_connection(("127.0.0.1", server.imaps)))
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.say(f"LOGIN {name} secret")

    def say(self, text):
        """Answers how many untagged lines came."""
        self.socket.sendall(b"t " + text.encode() + b"\r\n")
        lines = 0
        while True:
            line = self.file.readline()
            if not line:
                raise SystemExit(f"closed at {text}")
            if line.startswith(b"t "):
                if not line.startswith(b"t OK"):
                    raise SystemExit(f"{text}: {line.decode()}")
                return lines
            lines += 1

    def idle(self):
        self.socket.sendall(b"t IDLE\r\n")
        while not self.file.readline().startswith(b"+"):
            pass

    def expunges(self, count):
        while count:
            line = self.file.readline()
            if not line:
                raise SystemExit("an idler was closed")
            count -= line.rstrip().endswith(b"EXPUNGE")


class Watch:
    """Sends NOOP after NOOP, and looks at the heap."""

    def __init__(self, server):
        self.server = server
        self.phase = "before"
        self.times = {}
        self.used = 0
        self.over = False
        self.threads = [threading.Thread(target=self.noops) for _ in range(2)]
        self.threads.append(threading.Thread(target=self.heap))
        for thread in self.threads:
            thread.start()

    def noops(self):
        session = Imap(self.server, "u1@example.test")
        session.say("SELECT INBOX")
        while not self.over:
            began = time.perf_counter()
            session.say("NOOP")
            self.times.setdefault(self.phase, []).append((time.perf_counter() - began) * 1000)
            time.sleep(0.002)

    def heap(self):
        while not self.over:
            info = self.server.jcmd("GC.heap_info")
            self.used = max(self.used, sum(int(k) for k in re.findall(r"total \d+K, used (\d+)K", info)))
            time.sleep(0.05)

    def stop(self):
        self.over = True
        for thread in self.threads:
            thread.join()


def fill(session, count):
    session.say("SELECT INBOX")
    have = 1
    while have < count:
        more = min(have, count - have)
        session.say(f"COPY 1:{more} INBOX")
        session.say("NOOP")
        have += more


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", required=True, help="an empty directory")
    parser.add_argument("--package", default="target/quarkus-app")
    parser.add_argument("--java", default=os.environ.get("JAVA_HOME", "/usr"))
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--log", action="store_true")
    args = parser.parse_args()
    pathlib.Path(args.data).mkdir(parents=True, exist_ok=True)
    server = Server(args, FLAGS, ["-Dmail.demo.bulk-accounts=2"])
    try:
        Deliverer(server.lmtp).deliver(0)
        writer = Imap(server)
        fill(writer, args.messages)
        idlers = [Imap(server) for _ in range(4)]
        for idler in idlers:
            idler.say("SELECT INBOX")
            idler.idle()
        report = {"messages": args.messages, "live_before_mb": octets(server.live()) / 1e6}
        watch = Watch(server)
        time.sleep(3)
        for phase, command, lines in (
            ("store", "STORE 1:* +FLAGS (\\Deleted)", args.messages),
            ("expunge", "EXPUNGE", args.messages),
        ):
            watch.phase = phase
            began = time.perf_counter()
            told = writer.say(command)
            assert told >= lines, f"{told} lines"
            if phase == "expunge":
                for idler in idlers:
                    idler.expunges(args.messages)
            report[f"{phase}_s"] = time.perf_counter() - began
        watch.stop()
        for phase, times in watch.times.items():
            times.sort()
            report[f"noop_{phase}"] = len(times)
            report[f"noop_{phase}_p99_ms"] = times[int(len(times) * 0.99)]
            report[f"noop_{phase}_most_ms"] = times[-1]
        report["most_used_mb"] = watch.used * 1024 / 1e6
        report["live_after_mb"] = octets(server.live()) / 1e6
        report["load"] = os.getloadavg()[0]
        print(json.dumps({k: round(v, 2) for k, v in report.items()}, indent=1))
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
