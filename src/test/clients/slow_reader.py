#!/usr/bin/env python3
"""A message of 34 MB is appended and read slowly; the server's memory stays flat."""

import socket
import threading
import time

import place
from place import check, ok

SIZE = 34 * 1024 * 1024


def story(args):
    text = place.message(SIZE, 5)
    with place.session(args) as client:
        box = place.fresh(client, "slow-reader")
        ok(client.append(box, None, None, place.message(1000)))
    before = place.memory(args.pid)
    peak = [before]
    watching = threading.Event()
    watcher = threading.Thread(target=watch, args=(args.pid, peak, watching))
    watcher.start()
    try:
        append(args, box, text)
        readers = [threading.Thread(target=read, args=(args, box, text)) for _ in range(args.readers)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        watching.set()
        watcher.join()
    check(len(DONE) == args.readers, "every reader got the whole message")
    print(f"resident memory: {before} MB before, {peak[0]} MB at most")
    check(peak[0] - before <= args.grow or not args.pid, f"memory grew by {peak[0] - before} MB")
    with place.session(args) as client:
        ok(client.delete(box))


DONE = []


def watch(pid, peak, stop):
    while not stop.wait(0.05):
        peak[0] = max(peak[0], place.memory(pid))


def append(args, box, text):
    sock, lines = place.raw(args)
    sock.sendall(b"a APPEND %s {%d}\r\n" % (box.encode(), len(text)))
    check(lines.readline().startswith(b"+"), "the server asks for the literal")
    for at in range(0, len(text), 1 << 20):
        sock.sendall(text[at : at + (1 << 20)])
        time.sleep(0.02)
    sock.sendall(b"\r\n")
    check(place.until(lines, b"a ").startswith(b"a OK"), "APPEND")
    sock.close()


def read(args, box, text):
    sock, lines = place.raw(args)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    sock.sendall(b"s SELECT %s\r\n" % box.encode())
    place.until(lines, b"s ")
    sock.sendall(b"f FETCH 2 BODY.PEEK[]\r\n")
    head = lines.readline()
    check(head.rstrip().endswith(b"{%d}" % len(text)), head)
    got = bytearray()
    while len(got) < len(text):
        got += lines.read(min(1 << 20, len(text) - len(got)))
        time.sleep(args.pause)
    check(place.digest(bytes(got)) == place.digest(text), "the message is the same")
    DONE.append(1)
    sock.close()


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds after each MB")
    parser.add_argument("--grow", type=int, default=64, help="MB that memory may grow by")
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
