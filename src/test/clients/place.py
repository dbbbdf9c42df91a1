"""Where the server is and who we are, for all programs of this folder."""

import argparse
import base64
import contextlib
import hashlib
import imaplib
import os
import random
import re
import select
import shutil
import socket
import ssl
import subprocess
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


def utf7(name):
    """Modified UTF-7 (RFC 3501 §5.1.3)."""
    out, wide = [], []

    def flush():
        if wide:
            text = base64.b64encode("".join(wide).encode("utf-16-be")).decode().rstrip("=")
            out.append("&" + text.replace("/", ",") + "-")
            wide.clear()

    for c in name:
        if " " <= c <= "~":
            flush()
            out.append("&-" if c == "&" else c)
        else:
            wide.append(c)
    flush()
    return "".join(out)


def names(client, pattern):
    """The mailboxes of a pattern that can be selected, as they are written in IMAP."""
    found = []
    for line in ok(client.list('""', f'"{pattern}"')):
        if line and b"\\Noselect" not in line and b"\\NonExistent" not in line:
            found.append(line.decode().partition(' "/" ')[2].strip('"'))
    return sorted(found)


def clean(client, prefix):
    """Deletes all mailboxes whose names begin so."""
    for name in sorted(names(client, prefix + "*"), reverse=True):
        ok(client.unsubscribe(f'"{name}"'))
        ok(client.delete(f'"{name}"'))


def contents(client, name):
    """The messages of a mailbox by the digests of their octets: flags, without \\Recent."""
    count = int(ok(client.select(f'"{name}"', readonly=True))[0])
    got = ok(client.fetch("1:*", "(FLAGS BODY.PEEK[])")) if count else []
    messages = {}
    for at, part in enumerate(got):
        if isinstance(part, tuple):
            key = digest(part[1])
            check(key not in messages, f"{name} holds a message twice")
            messages[key] = flags(part, got[at + 1])
    return messages


def flags(part, rest):
    """The flags in a FETCH response with a literal, without \\Recent."""
    found = imaplib.ParseFlags(part[0]) or imaplib.ParseFlags(rest)
    return sorted(flag.decode() for flag in found if flag != b"\\Recent")


class Watch:
    """A session in IDLE that sees the changes of a mailbox."""

    def __init__(self, args, name, user=None):
        self.sock, self.lines = raw(args, user)
        self.sock.sendall(b's SELECT "%s"\r\n' % name.encode())
        until(self.lines, b"s OK")
        self.sock.sendall(b"i IDLE\r\n")
        until(self.lines, b"+")

    def until(self, pattern):
        """Waits for a line in which the expression is found."""
        while True:
            line = self.lines.readline()
            check(line, "the server closed the connection")
            if re.search(pattern, line):
                return line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.sock.close()


class Signal:
    """A named pipe into which a client's hook writes a line."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = path
        # Open for both, so that it never ends.
        self.pipe = os.open(path, os.O_RDWR)

    def arrives(self, seconds):
        """Waits for the next line, so long; whether it came."""
        if not select.select([self.pipe], [], [], seconds)[0]:
            return False
        while os.read(self.pipe, 1) != b"\n":
            pass
        return True

    def close(self):
        os.close(self.pipe)


def deliver(args, octets, user=None):
    """Hands a message in by LMTP."""
    import smtplib

    with smtplib.LMTP(args.host, args.lmtp) as client:
        client.sendmail("sender@example.test", [user or args.user], octets)


SKIPPED = 77


def needs(program, probe=None, environment=None):
    """Ends this program as skipped when the client is not installed: no such command, or the probe fails."""
    there = shutil.which(program) is not None
    if there and probe:
        ran = subprocess.run(
            [program, *probe], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        there = ran.returncode == 0
    if not there:
        print("skipped: not installed:", " ".join([program, *(probe or [])]))
        sys.exit(SKIPPED)


def program(command, seconds=300, environment=None):
    """Runs a command to its end, which must be good; its output."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, env=environment, check=False
    )
    said = done.stdout.decode(errors="replace")
    check(done.returncode == 0, f"{command[0]} ended with {done.returncode}: {said[-3000:]}")
    return said


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
