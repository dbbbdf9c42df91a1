#!/usr/bin/env python3
"""Clients that vanish amid IDLE and APPEND, work on one mailbox at once, and lose the folder they watch."""

import imaplib
import socket
import struct
import threading

import place
from place import check, ok

BOX = "Rough/Box"
DOOMED = "Rough/Doomed"


def reset(sock):
    """Ends the connection without a word: by a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def vanish_in_idle(args):
    """Half of the clients that idle vanish while mail comes in; the others hear of all of it."""
    watches = [place.Watch(args, BOX) for _ in range(40)]
    for watch in watches[::2]:
        watch.lines.close()
        reset(watch.sock)
    with place.session(args) as client:
        for n in range(20):
            ok(client.append(f'"{BOX}"', None, None, place.message(500, n)))
    for watch in watches[1::2]:
        watch.until(rb"^\* 20 EXISTS")
        # DONE with a command behind it in one packet.
        watch.sock.sendall(b"DONE\r\nn NOOP\r\n")
        place.until(watch.lines, b"i OK")
        place.until(watch.lines, b"n OK")
        watch.__exit__()


def vanish_in_append(args):
    """A message that has not arrived whole is not there."""
    before = messages(args)
    for sent in (0, 1, 500, 9_999):
        sock, lines = place.raw(args)
        sock.sendall(b'a APPEND "%s" {10000}\r\n' % BOX.encode())
        place.until(lines, b"+")
        sock.sendall(b"x" * sent)
        lines.close()
        reset(sock)
    check(messages(args) == before, "an incomplete message was stored")


def messages(args):
    with place.session(args) as client:
        return ok(client.status(f'"{BOX}"', "(MESSAGES)"))[0]


def work_at_once(args):
    """Eight clients append, flag, copy and expunge; in the end each sees what a new session sees."""
    clients = 8
    steps = 15
    failures = []
    views = {}
    everybody = threading.Barrier(clients)

    def work(mine):
        try:
            with place.session(args) as client:
                ok(client.select(f'"{BOX}"'))
                for step in range(steps):
                    ok(client.append(f'"{BOX}"', None, None, place.message(400, 1000 + mine * steps + step)))
                    ok(client.uid("STORE", "1:*", "+FLAGS" if step % 2 else "-FLAGS", f"(work{mine})"))
                    newest = ok(client.uid("SEARCH", "RETURN", "(MAX)", "ALL"))
                    check(newest, "no answer to SEARCH")
                    uids = ok(client.uid("SEARCH", "UNDELETED"))[0].split()
                    if uids and step % 3 == mine % 3:
                        ok(client.uid("STORE", uids[mine % len(uids)].decode(), "+FLAGS", r"(\Deleted)"))
                        ok(client.expunge())
                    if uids and step % 5 == 0:
                        client.uid("COPY", uids[-1].decode(), f'"{BOX}"')
                everybody.wait(120)
                ok(client.noop())
                views[mine] = view(client)
        except Exception as failure:  # To be shown by the story's own thread.
            failures.append(f"client {mine}: {failure!r}")
            everybody.abort()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(not failures, failures)
    with place.session(args) as client:
        ok(client.select(f'"{BOX}"', readonly=True))
        truth = view(client)
    for mine, seen in views.items():
        check(seen == truth, f"client {mine} sees something else than a new session: {seen} {truth}")


def view(client):
    """Sequence numbers, UIDs and flags without \\Recent, as the client gets them."""
    # What came unasked is not what this asks for.
    client.response("FETCH")
    found = []
    for line in ok(client.fetch("1:*", "(UID FLAGS)")):
        flags = sorted(flag for flag in imaplib.ParseFlags(line) if flag != b"\\Recent")
        uid = line.partition(b"UID ")[2].split()[0].rstrip(b")")
        found.append((line.split()[0], uid, flags))
    return found


def lose_the_folder(args):
    """A folder deleted under clients that watch it, have it selected, or copy into it."""
    with place.session(args) as client:
        place.fresh(client, f'"{DOOMED}"')
        ok(client.append(f'"{DOOMED}"', None, None, place.message(500, 1)))
        watch = place.Watch(args, DOOMED)
        selected, lines = place.raw(args)
        selected.sendall(b's SELECT "%s"\r\n' % DOOMED.encode())
        place.until(lines, b"s OK")
        ok(client.delete(f'"{DOOMED}"'))
        place.until(watch.lines, b"* BYE")
        check(watch.lines.readline() == b"", "the connection is open after BYE")
        watch.__exit__()
        selected.sendall(b"f FETCH 1 FLAGS\r\n")
        place.until(lines, b"* BYE")
        lines.close()
        selected.close()
        ok(client.select(f'"{BOX}"'))
        refused = client.uid("COPY", "1:*", f'"{DOOMED}"')
        check(refused[0] == "NO" and b"[TRYCREATE]" in refused[1][0], refused)
        ok(client.create(f'"{DOOMED}"'))
        ok(client.uid("COPY", "1:*", f'"{DOOMED}"'))


def story(args):
    with place.session(args) as client:
        place.clean(client, "Rough")
        ok(client.create(f'"{BOX}"'))
    vanish_in_idle(args)
    vanish_in_append(args)
    work_at_once(args)
    lose_the_folder(args)
    with place.session(args) as client:
        place.clean(client, "Rough")


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    place.run(lambda: story(arguments))
