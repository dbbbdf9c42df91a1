"""Clients of IMAP, POP3 and LMTP for the benchmarks, and the messages that they use.

They block, read in large pieces and look at no more than they must, so that the server is measured
and not they. Whatever is not as it must be raises Wrong.
"""

import base64
import random
import re
import socket
import ssl
import threading

PIECE = 1 << 18
PATIENCE = 120


class Wrong(Exception):
    """The server said what it must not, or nothing."""


def trusting():
    """A context that takes any certificate: those of benchmarks are made on the spot."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Wire:
    """A connection, and what came over it that nobody has taken yet."""

    def __init__(self, port, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls.wrap_socket(self.socket)
        self.come = bytearray()

    def send(self, octets):
        self.socket.sendall(octets)

    def more(self):
        piece = self.socket.recv(PIECE)
        if not piece:
            raise Wrong(f"the server closed behind {bytes(self.come[-200:])!r}")
        self.come += piece

    def take(self, end):
        taken = bytes(self.come[:end])
        del self.come[:end]
        return taken

    def line(self):
        at = self.come.find(b"\r\n")
        while at < 0:
            self.more()
            at = self.come.find(b"\r\n")
        return self.take(at + 2)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Imap(Wire):
    """A session of IMAP; one command at a time, or several without waiting."""

    def __init__(self, port, name="", password="", mailbox="", tls=None):
        super().__init__(port, tls)
        self.count = 0
        if not self.line().startswith(b"* OK"):
            raise Wrong("no greeting")
        if name:
            self.command(f'LOGIN "{name}" "{password}"')
        if mailbox:
            self.command(f"SELECT {mailbox}")

    def start(self, text):
        self.count += 1
        tag = b"zq%d " % self.count
        self.send(tag + (text if isinstance(text, bytes) else text.encode()) + b"\r\n")
        return tag

    def finish(self, tag):
        """All answers up to the tagged one, and that."""
        while True:
            last = self.come.rfind(b"\r\n", 0, len(self.come) - 2) + 2 if self.come else 0
            if last == 1:
                last = 0
            if self.come.endswith(b"\r\n") and self.come.startswith(tag, last):
                return self.take(len(self.come)), last
            self.more()

    def ask(self, text):
        """All answers, and the tagged one: OK or NO."""
        come, last = self.finish(self.start(text))
        status = come[last:]
        if b" BAD " in status[:12]:
            raise Wrong(f"{text[:80]!r}: {status[:200]!r}")
        return come, status.split(b" ", 2)[1] == b"OK"

    def command(self, text):
        """All answers to a command that must be done."""
        come, done = self.ask(text)
        if not done:
            raise Wrong(f"{text[:80]!r}: {come[-200:]!r}")
        return come

    def append(self, mailbox, message):
        return self.command(b"APPEND %s {%d+}\r\n%s" % (mailbox.encode(), len(message), message))

    def fill(self, mailbox, messages, batch=32):
        """Appends many, as fast as the server lets."""
        several = b"MULTIAPPEND" in self.command("CAPABILITY")
        for at in range(0, len(messages), batch):
            literals = [b" {%d+}\r\n%s" % (len(m), m) for m in messages[at : at + batch]]
            if several:
                self.command(b"APPEND " + mailbox.encode() + b"".join(literals))
            else:
                for literal in literals:
                    self.command(b"APPEND " + mailbox.encode() + literal)

    def fresh(self, mailbox):
        """Makes a mailbox of this name that is empty."""
        self.ask(f"DELETE {mailbox}")
        self.command(f"CREATE {mailbox}")

    def uids(self):
        return re.search(rb"\* SEARCH([ \d]*)\r\n", self.command("UID SEARCH ALL"))[1].split()


class Pop3(Wire):
    """A session of POP3 that is logged in."""

    def __init__(self, port, name, password):
        super().__init__(port)
        self.status()
        self.command(f"USER {name}")
        self.command(f"PASS {password}")

    def status(self):
        line = self.line()
        if not line.startswith(b"+OK"):
            raise Wrong(f"POP3: {line!r}")
        return line

    def command(self, text):
        self.send(text.encode() + b"\r\n")
        return self.status()

    def retrieved(self):
        """The octets of a message as they came, its end not among them."""
        self.status()
        seen = 0
        while True:
            end = self.come.find(b"\r\n.\r\n", max(0, seen - 4))
            if end >= 0:
                return len(self.take(end + 5)) - 3
            seen = len(self.come)
            self.more()


class Lmtp(Wire):
    """A session of LMTP."""

    def __init__(self, port):
        super().__init__(port)
        self.reply(b"220")
        self.say("LHLO bench.example.test", b"250")

    def reply(self, expected):
        line = self.line()
        while line[3:4] == b"-":
            line = self.line()
        if not line.startswith(expected):
            raise Wrong(f"LMTP: {line!r}")

    def say(self, text, expected):
        self.send(text.encode() + b"\r\n")
        self.reply(expected)

    def deliver(self, recipient, message):
        self.say("MAIL FROM:<bench@example.test>", b"250")
        self.say(f"RCPT TO:<{recipient}>", b"250")
        self.say("DATA", b"354")
        # No line of the messages begins with a dot.
        self.send(message + b".\r\n")
        self.reply(b"250")


def together(works):
    """Runs all at the same time, each in a thread; the first failure is raised."""
    failures = []

    def guarded(work):
        try:
            work()
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class Corpus:
    """Messages as people get them: short texts, texts with an alternative in HTML, attachments."""

    SUBJECT = "xenolith"  # in 2 of 100 subjects
    SENDER = "quillon"  # sends 5 of 100
    RARE = "zymurgist"  # in 1 of 100 bodies
    COMMON = "quarter"  # in half of the bodies
    ABSENT = "jabberwocky"

    def __init__(self):
        chance = random.Random(1)
        sounds = [c + v for c in "bdfgklmnprst" for v in "aeiou"]
        self.words = ["".join(chance.choices(sounds, k=chance.randint(1, 4))) for _ in range(3000)]
        self.texts = [self.text(chance, chance.randint(60, 900)) for _ in range(64)]
        self.pages = [self.page(chance) for _ in range(48)]
        self.files = [self.file(chance) for _ in range(24)]

    def text(self, chance, count):
        words = chance.choices(self.words, k=count)
        return "".join(" ".join(words[at : at + 10]) + "\r\n" for at in range(0, count, 10))

    def page(self, chance):
        rows = [f"<tr><td style=3D\"padding:4px\">{' '.join(chance.choices(self.words, k=7))}</td></tr>"
                for _ in range(chance.randint(20, 400))]
        return "<html><body><table>\r\n" + "\r\n".join(rows) + "\r\n</table></body></html>\r\n"

    def file(self, chance):
        coded = base64.b64encode(chance.randbytes(chance.randint(20, 150) * 1024)).decode()
        return "".join(coded[at : at + 76] + "\r\n" for at in range(0, len(coded), 76))

    def message(self, number):
        """The message of this number: always the same."""
        chance = random.Random(number)
        marks = [chance.random() < share for share in (0.02, 0.05, 0.01, 0.5)]
        words = chance.choices(self.words, k=5) + [self.SUBJECT] * marks[0]
        sender = self.SENDER if marks[1] else chance.choice(self.words)
        text = self.texts[number % 64] + f"{self.RARE} " * marks[2] + f"{self.COMMON} " * marks[3]
        head = [
            f"Received: from mx.example.net by mail.example.test with ESMTPS id {number:08X}",
            f"Message-ID: <{number}@bench.example.test>",
            f"Date: Mon, {number % 28 + 1} Jan 2024 12:{number % 60:02}:00 +0000",
            f'From: "{sender}" <{sender}@example.net>',
            f"To: reader@example.test, {chance.choice(self.words)}@example.test",
            f"Subject: {' '.join(words)}",
            "MIME-Version: 1.0",
        ]
        kind = chance.random()
        plain = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        if kind < 0.5:
            return ("\r\n".join(head) + "\r\n" + plain).encode()
        html = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        both = self.parts("alternative", f"a{number}", [plain, html + chance.choice(self.pages)])
        if kind < 0.9:
            return ("\r\n".join(head) + "\r\n" + both).encode()
        file = (
            'Content-Type: application/octet-stream; name="a.bin"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n" + chance.choice(self.files)
        )
        return ("\r\n".join(head) + "\r\n" + self.parts("mixed", f"m{number}", [both, file])).encode()

    @staticmethod
    def parts(kind, boundary, parts):
        inside = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
        return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inside}--{boundary}--\r\n'

    @staticmethod
    def holds(message, word):
        """Whether the word is in its body; all texts with such words are written as they are."""
        return word.encode() in message.partition(b"\r\n\r\n")[2]
