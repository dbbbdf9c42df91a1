#!/usr/bin/env python3
"""neomutt with QRESYNC, a header cache and IDLE: a large mailbox is read, changed, resynchronised and watched."""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile

import place
from place import check, ok

BIG = "Mutt/Big"
ASIDE = "Mutt/Aside"

CONFIG = """
set imap_user="{user}" imap_pass="{password}"
set folder="imap://{host}:{port}/"
set ssl_starttls=no ssl_force_tls=no
set imap_qresync=yes imap_condstore=yes imap_idle=yes
set header_cache="{work}/headers/" message_cachedir="{work}/bodies/"
set mbox_type=Maildir mark_old=no
set quit=yes delete=yes confirm_append=no confirm_create=no move=no wait_key=no
set sleep_time=0 timeout=1 mail_check=1 imap_keepalive=60
set new_mail_command="echo new > {work}/signal"
timeout-hook 'source "echo idle > {work}/timeout|"'
macro index P "<tag-pattern>~s Zebra<enter><tag-prefix><copy-message>{work}/watched<enter><quit>"
"""


class Neomutt:
    """The program on a terminal of its own."""

    def __init__(self, args, work):
        self.work = work
        self.url = f"imap://{args.host}:{args.imap}/"
        self.config = work / "muttrc"
        self.config.write_text(CONFIG.format(work=work, port=args.imap, **vars(args)), encoding="utf-8")
        (work / "headers").mkdir()
        (work / "bodies").mkdir()
        self.runs = 0

    def start(self, mailbox, keys=""):
        """Starts it; these keys are as if they were typed."""
        self.runs += 1
        self.log = self.work / f"log{self.runs}"
        self.screen = b""
        self.terminal, end = pty.openpty()
        keyboard = ["-e", f"push '{keys}'"] if keys else []
        self.process = subprocess.Popen(
            ["neomutt", "-n", "-F", self.config, "-d", "3", "-l", self.log, *keyboard, "-f", self.url + mailbox],
            stdin=end,
            stdout=end,
            stderr=end,
            close_fds=True,
            start_new_session=True,
            env={**os.environ, "HOME": str(self.work), "TERM": "xterm", "LINES": "40", "COLUMNS": "120"},
        )
        os.close(end)

    def type(self, keys):
        os.write(self.terminal, keys)

    def ended(self, seconds=180):
        """Waits for its end, which must be good."""
        try:
            while True:
                check(select.select([self.terminal], [], [], seconds)[0], f"neomutt hangs: {self.shown()}")
                self.screen += os.read(self.terminal, 65536)
        except OSError:
            # The terminal's other end is closed.
            code = self.process.wait(60)
        finally:
            self.close()
        check(code == 0, f"neomutt ended with {code}: {self.shown()}")
        return self.log.with_name(self.log.name + "0").read_text(errors="replace")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.terminal)

    def shown(self):
        """The end of what it wrote, without the control sequences."""
        return re.sub(rb"\x1b[\[(][0-9;?]*[a-zA-Z]|[\x00-\x1f]+", b" ", self.screen)[-1500:].decode(errors="replace")


def maildir(path):
    """Its messages by subject: flags and the digest of the body."""
    messages = {}
    for file in [*(path / "cur").iterdir(), *(path / "new").iterdir()]:
        head, _, body = file.read_bytes().partition(b"\n\n")
        subject = re.search(rb"^Subject: (.*)$", head, re.M)[1].decode()
        check(subject not in messages, f"{path.name} holds {subject} twice")
        flags = "".join(sorted(set(file.name.partition(":2,")[2]) & set("FRS")))
        messages[subject] = flags, place.digest(body)
    return messages


def far(args, name):
    """The messages of the mailbox on the server, as those of a Maildir."""
    letters = {"\\Flagged": "F", "\\Answered": "R", "\\Seen": "S"}
    with place.session(args) as client:
        count = int(ok(client.select(f'"{name}"', readonly=True))[0])
        got = ok(client.fetch("1:*", "(FLAGS BODY.PEEK[])")) if count else []
    messages = {}
    for at, part in enumerate(got):
        if isinstance(part, tuple):
            flags = place.flags(part, got[at + 1])
            head, _, body = part[1].replace(b"\r\n", b"\n").partition(b"\n\n")
            subject = re.search(rb"^Subject: (.*)$", head, re.M)[1].decode()
            messages[subject] = "".join(sorted(letters[f] for f in flags if f in letters)), place.digest(body)
    return messages


def text(n):
    return place.message(700, n, f"Number {n}")


def changes(args, neomutt, count):
    """Flags by a pattern, deletions, messages moved."""
    neomutt.start(
        BIG,
        "<tag-pattern>~s 7$<enter><tag-prefix><set-flag>!<untag-pattern>~A<enter>"
        "<delete-pattern>~s Number.*00$<enter>"
        f"<tag-pattern>~s Number.*50$<enter><tag-prefix><save-message>={ASIDE}<enter>"
        "<sync-mailbox><quit>",
    )
    neomutt.ended()
    there = far(args, BIG)
    # Number 0 does not end in two noughts.
    kept = [n for n in range(count) if n == 0 or n % 50]
    check(there.keys() == {f"Number {n}" for n in kept}, f"{len(there)} messages are left, not {len(kept)}")
    flagged = {s for s, (flags, _) in there.items() if "F" in flags}
    check(flagged == {f"Number {n}" for n in kept if n % 10 == 7}, f"{len(flagged)} messages are flagged")
    moved = far(args, ASIDE).keys()
    check(moved == {f"Number {n}" for n in range(50, count, 100)}, f"{len(moved)} messages were moved")


def resyncs(args, neomutt):
    """Changes made elsewhere arrive by QRESYNC, and everything else from the cache."""
    with place.session(args) as client:
        ok(client.select(f'"{BIG}"'))
        ok(client.store("10:19", "+FLAGS", r"(\Answered)"))
        ok(client.store("1:30", "-FLAGS", r"(\Flagged)"))
        ok(client.store("40:49", "+FLAGS", r"(\Deleted)"))
        ok(client.expunge())
        for n in range(5):
            ok(client.append(f'"{BIG}"', r"(\Flagged)" if n else None, None, place.message(700, 9000 + n, f"Late {n}")))
    copy = neomutt.work / "copy"
    neomutt.start(BIG, f"<tag-pattern>~A<enter><tag-prefix><copy-message>{copy}<enter><quit>")
    log = neomutt.ended()
    check(re.search(r"UID FETCH \S+ \(FLAGS\) \(CHANGEDSINCE \d+ VANISHED\)", log), "neomutt did not use QRESYNC")
    check(maildir(copy) == far(args, BIG), "the copy differs from the mailbox")
    # The new ones, and as many as vanished: where those were, it looks for others.
    headers = re.findall(r"FETCH (\d+):(\d+) \([^)]*HEADER\.FIELDS", log)
    count = sum(int(last) - int(first) + 1 for first, last in headers)
    check(5 <= count <= 15, f"headers were read: {headers}")


def watches(args, neomutt):
    """A message that arrives while it idles."""
    idle, new = (place.Signal(neomutt.work / name) for name in ("timeout", "signal"))
    neomutt.start(BIG)
    try:
        for _ in range(2):
            check(idle.arrives(120), "neomutt does not get idle")
        with place.session(args) as client:
            ok(client.append(f'"{BIG}"', None, None, place.message(700, 9100, "Zebra")))
        check(new.arrives(120), "neomutt did not see the new message")
        neomutt.type(b"P")
        log = neomutt.ended()
    finally:
        idle.close()
        new.close()
    check(re.search(r"\ba\d+ IDLE", log), "neomutt did not use IDLE")
    seen = maildir(neomutt.work / "watched")
    check(seen.keys() == {"Zebra"}, seen.keys())
    check(seen["Zebra"] == far(args, BIG)["Zebra"], "the copy differs from the message")


def story(args):
    place.needs("neomutt", ["-v"])
    work = pathlib.Path(tempfile.mkdtemp(prefix="neomutt-"))
    try:
        with place.session(args) as client:
            place.clean(client, "Mutt")
            ok(client.create(f'"{BIG}"'))
            ok(client.create(f'"{ASIDE}"'))
            for n in range(args.count):
                ok(client.append(f'"{BIG}"', r"(\Seen)" if n % 2 else None, None, text(n)))
        neomutt = Neomutt(args, work)
        changes(args, neomutt, args.count)
        resyncs(args, neomutt)
        watches(args, neomutt)
        with place.session(args) as client:
            place.clean(client, "Mutt")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--count", type=int, default=500)
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
