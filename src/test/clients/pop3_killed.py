#!/usr/bin/env python3
"""The server is killed amid a QUIT with 500 deletions: all or none went, and the rest keep their ids."""

import os
import poplib
import signal
import time

import place
from killed import start
from place import check, ok


def opened(args):
    """A POP3 session; waits up to the minute after which a dead holder's lock is free."""
    until = time.time() + 75
    while True:
        client = poplib.POP3(args.host, args.pop3, timeout=60)
        client.user(args.user)
        try:
            client.pass_(args.password)
            return client
        except poplib.error_proto as refused:
            check(b"[IN-USE]" in refused.args[0] and time.time() < until, refused)
            client.close()
            time.sleep(0.5)


def uidl(client):
    return [line.split()[1] for line in client.uidl()[1]]


def story(args):
    server = start(args)
    try:
        with place.session(args) as client:
            ok(client.select("INBOX"))
            for n in range(args.count + 10):
                ok(client.append("INBOX", None, None, place.message(2000, n)))
        first = opened(args)
        before = uidl(first)
        for n in range(args.count):
            first.dele(n + 1)
        first.sock.sendall(b"QUIT\r\n")
        time.sleep(args.after / 1000)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        began = time.time()
        server = start(args)
        again = opened(args)
        left = uidl(again)
        again.quit()
        print(f"{len(left)} of {len(before)} left, open again after {time.time() - began:.0f} s")
        check(left in (before, before[args.count :]), "all or none, and the rest as it was")
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--start", required=True, help="the command that starts the server, in the foreground")
    parser.add_argument("--log", default="killed.log", help="where the server's output goes")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--after", type=float, default=5, help="milliseconds from QUIT to the kill")
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
