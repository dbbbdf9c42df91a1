#!/usr/bin/env python3
"""One of two replicas is killed while it has a maildrop open: the other opens it within a minute."""

import os
import poplib
import signal
import time

import place
from place import check


def opened(args, port):
    client = poplib.POP3(args.host, port, timeout=60)
    client.user(args.user)
    client.pass_(args.password)
    return client


def story(args):
    first = opened(args, args.second)
    ids = first.uidl()[1]
    first.dele(1)
    try:
        opened(args, args.pop3)
        check(False, "the other replica honours the lock")
    except poplib.error_proto as refused:
        check(b"[IN-USE]" in refused.args[0], refused)
    os.kill(args.second_pid, signal.SIGKILL)
    killed = time.time()
    while True:
        try:
            other = opened(args, args.pop3)
            break
        except poplib.error_proto as refused:
            check(b"[IN-USE]" in refused.args[0] and time.time() < killed + 65, refused)
            time.sleep(0.2)
    print(f"open again after {time.time() - killed:.0f} s")
    check(other.uidl()[1] == ids, "nothing is deleted, and the ids are the same on both")
    other.quit()


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--second", type=int, required=True, help="the other replica's POP3 port")
    parser.add_argument("--second-pid", type=int, required=True, help="its process, which is killed")
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
