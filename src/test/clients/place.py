"""Where the server is and who we are, for all programs of this folder."""

import argparse
import contextlib
import hashlib
import imaplib
import random
import socket
import ssl
import sys
import time

# Larger messages than the library expects.
imaplib._MAXLINE = 50_000_000


def arguments(text):
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--imap", type=int, default=10143, help="port: clear text, STARTTLS")
    parser.add_argument("--imaps", type=int, default=10993, help="port: TLS")
    parser.add_argument("--pop3", type=int, default=10110, help="port: clear text, STLS")
    parser.add_argument("--pop3s", type=int, default=10995, help="port: TLS")
    parser.add_argument("--lmtp", type=int, default=10024, help="port")
    parser.add_argument("--user", default="alice@example.test")
    parser.add_argument("--other", default="bob@example.test", help="a second account")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--pid", type=int, default=0, help="the server's process, to watch its memory")
    return parser


def any_certificate():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.contextmanager
def session(args, how="plain", user=None):
    """A session that is logged in: plain, starttls or tls."""
    if how == "tls":
        client = imaplib.IMAP4_SSL(args.host, args.imaps, ssl_context=any_certificate())
    else:
        client = imaplib.IMAP4(args.host, args.imap)
    if how == "starttls":
        client.starttls(any_certificate())
    client.login(user or args.user, args.password)
    try:
        yield client
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def raw(args, user=None):
    """A socket that is logged in, and its reading end."""
    sock = socket.create_connection((args.host, args.imap), timeout=60)
    lines = sock.makefile("rb")
    lines.readline()
    sock.sendall(b'l LOGIN "%s" "%s"\r\n' % ((user or args.user).encode(), args.password.encode()))
    until(lines, b"l ")
    return sock, lines


def until(lines, start):
    """Reads up to the line that begins so; gives it back."""
    while True:
        line = lines.readline()
        if not line:
            raise AssertionError("the server closed the connection")
        if line.startswith(start):
            return line


def ok(answer):
    """The data of an imaplib answer that must be OK."""
    check(answer[0] == "OK", answer)
    return answer[1]


def check(truth, what):
    if not truth:
        raise AssertionError(what)


def fresh(client, name):
    """An empty mailbox of this name."""
    client.delete(name)
    ok(client.create(name))
    return name


def message(size, seed=0, subject="A message"):
    """A message of about so many octets, the same for the same seed."""
    head = (
        f"From: sender@example.test\r\nTo: reader@example.test\r\nSubject: {subject}\r\n"
        f"Message-ID: <{seed}.{size}@example.test>\r\n\r\n"
    ).encode()
    chance = random.Random(seed)
    line = bytes(chance.choices(b"abcdefghijklmnopqrstuvwxyz0123456789 ", k=74)) + b"\r\n"
    count = max(0, size - len(head)) // len(line)
    numbered = bytearray()
    for n in range(count):
        numbered += b"%08d" % n + line[8:]
    return head + bytes(numbered) + b"." * max(0, size - len(head) - len(numbered) - 2) + b"\r\n"


def digest(octets):
    return hashlib.sha256(octets).hexdigest()


def memory(pid):
    """Resident memory of a process in MB; 0 when none is watched."""
    if not pid:
        return 0
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
    return 0


def run(story):
    """Runs the story; prints how long it took, or what went wrong."""
    began = time.time()
    try:
        story()
    except AssertionError as failure:
        print(f"FAILED {sys.argv[0]}: {failure}")
        sys.exit(1)
    print(f"ok {sys.argv[0]} {time.time() - began:.1f} s")
