#!/usr/bin/env python3
"""A hundred clients stall within a FETCH and a hundred within an APPEND; another one goes on as before."""

import socket
import statistics
import time

import place
from place import check, ok

SIZE = 8 * 1024 * 1024


def story(args):
    text = place.message(SIZE, 9)
    with place.session(args, user=args.other) as client:
        box = place.fresh(client, "stalled")
        ok(client.append(box, None, None, text))
    alone = speed(args)
    stuck = [reader(args, box) for _ in range(args.stalled)]
    stuck += [writer(args, box, text) for _ in range(args.stalled)]
    time.sleep(1)
    amid = speed(args)
    print(
        f"median of a command: {alone * 1000:.2f} ms alone, {amid * 1000:.2f} ms amid {len(stuck)} stalled clients,"
        f" memory {place.memory(args.pid)} MB"
    )
    check(amid < alone * 3 + 0.005, "the other client is slowed down")
    for sock in stuck:
        sock.close()
    time.sleep(1)
    with place.session(args, user=args.other) as client:
        check(ok(client.select(box)) == [b"1"], "no half message was kept")
        ok(client.close())
        ok(client.delete(box))


def speed(args):
    """The median time of a command of somebody else."""
    times = []
    with place.session(args) as client:
        box = place.fresh(client, "going-on")
        ok(client.append(box, None, None, place.message(2000)))
        ok(client.select(box))
        for n in range(args.rounds):
            began = time.perf_counter()
            ok(client.noop())
            ok(client.fetch("1", "(FLAGS BODY.PEEK[])"))
            ok(client.store("1", "+FLAGS.SILENT" if n % 2 else "-FLAGS.SILENT", r"(\Flagged)"))
            ok(client.append(box, None, None, place.message(1000)))
            times.append((time.perf_counter() - began) / 4)
        ok(client.close())
        ok(client.delete(box))
    return statistics.median(times)


def small_socket(args):
    sock, lines = place.raw(args, user=args.other)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024)
    return sock, lines


def reader(args, box):
    sock, lines = small_socket(args)
    sock.sendall(b"s EXAMINE %s\r\n" % box.encode())
    place.until(lines, b"s ")
    sock.sendall(b"f FETCH 1 BODY.PEEK[]\r\n")
    check(lines.readline().startswith(b"* 1 FETCH"), "FETCH begins")
    return sock


def writer(args, box, text):
    sock, lines = small_socket(args)
    sock.sendall(b"a APPEND %s {%d}\r\n" % (box.encode(), len(text)))
    check(lines.readline().startswith(b"+"), "the server asks for the literal")
    sock.sendall(text[: SIZE // 4])
    return sock


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--stalled", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=100)
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
