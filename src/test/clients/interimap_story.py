#!/usr/bin/env python3
"""interimap keeps two accounts the same by QRESYNC: both ways, once and while it watches, renaming and deleting."""

import contextlib
import pathlib
import shutil
import subprocess
import tempfile

import place
from place import check, ok

ROOT = "Inter"
WORK = "Inter/Work"
HOME = "Inter/Home"
JOB = "Inter/Job"
WIDE = place.utf7("Inter/Entwürfe/日本語")

CONFIG = """
database = {work}/sync.db
logfile = {work}/log
list-mailbox = "Inter" "Inter/*"

[local]
type = imap
host = {host}
port = {port}
STARTTLS = NO
username = {user}
password = {password}
compress = YES

[remote]
type = imap
host = {host}
port = {port}
STARTTLS = NO
username = {other}
password = {password}
"""


class Interimap:
    def __init__(self, args, work):
        self.config = work / "config"
        self.log = work / "log"
        self.config.write_text(CONFIG.format(work=work, **vars(args), port=args.imap), encoding="utf-8")

    def run(self, *more):
        place.program(["interimap", f"--config={self.config}", *more])
        self.no_complaints()

    @contextlib.contextmanager
    def watching(self, *more):
        """Runs it until the end of the block; its end must be good."""
        process = subprocess.Popen(["interimap", f"--config={self.config}", *more])
        try:
            yield
            check(process.poll() is None, f"interimap {more} ended: {self.log.read_text()[-2000:]}")
        finally:
            process.terminate()
            ended = process.wait(60)
        check(ended == 0, f"interimap {more} ended with {ended}: {self.log.read_text()[-2000:]}")
        self.no_complaints()

    def no_complaints(self):
        for line in self.log.read_text(errors="replace").splitlines():
            # It may create a mailbox below another one first, which makes the server create both.
            if "[ALREADYEXISTS]" in line:
                continue
            check("warning" not in line.lower() and "error" not in line.lower(), line)


def state(args, user):
    with place.session(args, user=user) as client:
        return {name: place.contents(client, name) for name in place.names(client, ROOT + "*")}


def numbers(args, user):
    """What an idle run must not change: UIDNEXT and HIGHESTMODSEQ."""
    with place.session(args, user=user) as client:
        return [
            ok(client.status(f'"{name}"', "(UIDNEXT HIGHESTMODSEQ)"))[0] for name in place.names(client, ROOT + "*")
        ]


def same(args, counts):
    """Both accounts hold the same, and as many messages as expected."""
    here, there = state(args, args.user), state(args, args.other)
    check(here == there, f"different: {differences(here, there)}")
    found = {name: len(messages) for name, messages in here.items() if messages}
    check(found == counts, f"{found}, expected {counts}")


def differences(here, there):
    return [
        (name, set(map(str, here.get(name, {}).items())) ^ set(map(str, there.get(name, {}).items())))
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name)
    ]


def fill(client, name, first, count):
    ok(client.create(f'"{name}"'))
    for n in range(first, first + count):
        flags = (None, r"(\Seen)", r"(\Flagged $Forwarded)")[n % 3]
        ok(client.append(f'"{name}"', flags, '"02-Jan-2024 03:04:05 +0100"', place.message(900, n)))


def once(args, interimap):
    with place.session(args) as client:
        fill(client, WORK, 0, 30)
        fill(client, WIDE, 100, 3)
    with place.session(args, user=args.other) as client:
        fill(client, HOME, 200, 20)
    interimap.run()
    same(args, {HOME: 20, WIDE: 3, WORK: 30})
    with place.session(args) as client:
        ok(client.select(f'"{WORK}"'))
        ok(client.store("1:5", "+FLAGS", r"(\Answered)"))
        ok(client.store("6:8", "+FLAGS", r"(\Deleted)"))
        ok(client.expunge())
        ok(client.append(f'"{WORK}"', None, None, place.message(900, 300)))
        ok(client.select(f'"{HOME}"'))
        ok(client.store("1:2", "FLAGS", r"(\Flagged)"))
    with place.session(args, user=args.other) as client:
        ok(client.select(f'"{WORK}"'))
        ok(client.store("20:22", "+FLAGS", r"(\Seen later)"))
        ok(client.store("25", "+FLAGS", r"(\Deleted)"))
        ok(client.expunge())
        ok(client.append(f'"{HOME}"', r"(\Draft)", None, place.message(900, 301)))
        ok(client.append(f'"{HOME}"', None, None, place.message(900, 302)))
    interimap.run()
    same(args, {HOME: 22, WIDE: 3, WORK: 27})
    before = numbers(args, args.user), numbers(args, args.other)
    interimap.run()
    check((numbers(args, args.user), numbers(args, args.other)) == before, "a run with nothing to do changed something")
    interimap.run("--repair")
    same(args, {HOME: 22, WIDE: 3, WORK: 27})


def renames(args, interimap):
    interimap.run("--rename", WORK, JOB)
    same(args, {HOME: 22, WIDE: 3, JOB: 27})
    with place.session(args) as client:
        ok(client.append(f'"{JOB}"', None, None, place.message(900, 303)))
    interimap.run()
    same(args, {HOME: 22, WIDE: 3, JOB: 28})
    interimap.run("--delete", JOB)
    same(args, {HOME: 22, WIDE: 3})


def watches(args, interimap, how, first):
    """Changes of either account arrive in the other while interimap runs."""
    users = (args.user, args.other)
    with interimap.watching(*how):
        for n in range(4):
            near, far = users[n % 2], users[(n + 1) % 2]
            with place.Watch(args, HOME, far) as watch, place.session(args, user=near) as client:
                ok(client.append(f'"{HOME}"', None, None, place.message(900, first + n)))
                watch.until(rb"^\* \d+ EXISTS")
                ok(client.select(f'"{HOME}"'))
                ok(client.store("*", "+FLAGS", r"(\Flagged)"))
                watch.until(rb"^\* \d+ FETCH .*\\Flagged")
                ok(client.store("1", "+FLAGS", r"(\Deleted)"))
                ok(client.expunge())
                watch.until(rb"^\* 1 EXPUNGE")
    interimap.run()
    same(args, {HOME: 22, WIDE: 3})


def story(args):
    place.needs("interimap", ["--version"])
    work = pathlib.Path(tempfile.mkdtemp(prefix="interimap-"))
    users = (args.user, args.other)
    interimap = Interimap(args, work)
    try:
        for user in users:
            with place.session(args, user=user) as client:
                place.clean(client, ROOT)
        once(args, interimap)
        renames(args, interimap)
        watches(args, interimap, ["--watch=1"], 400)
        watches(args, interimap, ["--notify"], 500)
        for user in users:
            with place.session(args, user=user) as client:
                place.clean(client, ROOT)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    place.run(lambda: story(arguments))
