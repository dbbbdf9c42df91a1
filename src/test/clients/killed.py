#!/usr/bin/env python3
"""The server is killed amid 200 APPENDs and started again: what got OK is there, and nothing twice."""

import collections
import os
import re
import shlex
import signal
import subprocess
import threading
import time

import place
from place import check, ok


def start(args):
    """Starts the server; gives its process when a session can log in."""
    with open(args.log, "ab") as log:
        server = subprocess.Popen(shlex.split(args.start), stdout=log, stderr=log, start_new_session=True)
    until = time.time() + 180
    last = "nothing listens"
    while time.time() < until:
        check(server.poll() is None, f"the server ended, see {args.log}")
        try:
            with place.session(args):
                return server
        except OSError:
            time.sleep(0.2)
        except Exception as failure:  # imaplib's own errors while the store comes up
            time.sleep(0.2)
            last = failure
    raise AssertionError(f"the server does not come up: {last}")


def append(args, box, writer, done):
    """Appends until the connection breaks; notes what was acknowledged."""
    try:
        with place.session(args) as client:
            for n in range(args.count // args.writers):
                name = f"{writer}-{n}"
                answer = client.append(box, None, None, place.message(args.size, n, f"kill {name}"))
                if answer[0] == "OK":
                    done.append(name)
    except Exception:
        return


def story(args):
    server = start(args)
    acknowledged = []
    try:
        with place.session(args) as client:
            box = place.fresh(client, "killed")
        writers = [
            threading.Thread(target=append, args=(args, box, w, acknowledged)) for w in range(args.writers)
        ]
        for writer in writers:
            writer.start()
        while len(acknowledged) < args.count // 2 and any(w.is_alive() for w in writers):
            time.sleep(0.001)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        for writer in writers:
            writer.join()
        check(0 < len(acknowledged) < args.count, f"killed in the middle: {len(acknowledged)}")
        server = start(args)
        compare(args, box, acknowledged)
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def compare(args, box, acknowledged):
    with place.session(args) as client:
        count = int(ok(client.select(box))[0])
        there = collections.Counter()
        for n in range(1, count + 1):
            got = ok(client.fetch(str(n), "(BODY.PEEK[])"))[0][1]
            name = re.search(rb"Subject: kill (\S+)", got).group(1).decode()
            check(got == place.message(args.size, int(name.split("-")[1]), f"kill {name}"), f"{name} is whole")
            there[name] += 1
        ok(client.close())
        ok(client.delete(box))
    lost = [name for name in acknowledged if not there[name]]
    twice = [name for name in there if there[name] > 1]
    print(f"{len(acknowledged)} acknowledged, {count} there, {len(lost)} lost, {len(twice)} twice")
    check(not lost and not twice, f"lost {lost}, twice {twice}")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--start", required=True, help="the command that starts the server, in the foreground")
    parser.add_argument("--log", default="killed.log", help="where the server's output goes")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--size", type=int, default=20_000)
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
