#!/usr/bin/env python3
"""offlineimap keeps a Maildir and the account the same, both ways, and when new mail arrives while it idles."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import place
from place import check, ok

WORK = "Offline/Work"
WIDE = "Offline/Entwürfe"
NEW = "Offline/Neu"

CONFIG = """
[general]
accounts = one
metadata = {work}/metadata
socktimeout = 60
fsync = false

[Account one]
localrepository = near
remoterepository = far
utf8foldernames = yes
autorefresh = 60
postsynchook = sh -c "echo synced > {work}/signal"

[Repository near]
type = Maildir
localfolders = {work}/mail
customflag_a = later

[Repository far]
type = IMAP
remotehost = {host}
remoteport = {port}
remoteuser = {user}
remotepass = {password}
ssl = no
starttls = no
auth_mechanisms = PLAIN, LOGIN
usecompression = yes
maxconnections = 2
expunge = yes
holdconnectionopen = yes
keepalive = 60
idlefolders = ['{idle}']
folderfilter = lambda name: name.startswith('Offline/')
"""

FLAGS = {"\\Answered": "R", "\\Deleted": "T", "\\Draft": "D", "\\Flagged": "F", "\\Seen": "S", "later": "a"}


def command(work, *more):
    return ["offlineimap", "-c", str(work / "config"), "-u", "basic", *more]


def sync(work):
    place.program(command(work, "-o"), environment={**os.environ, "HOME": str(work)})


def near(work):
    """Every message of the Maildir by folder and digest: flags."""
    state = {}
    for folder in sorted((work / "mail").iterdir()):
        messages = state[folder.name.replace(".", "/")] = {}
        for file in [*(folder / "cur").iterdir(), *(folder / "new").iterdir()]:
            key = place.digest(file.read_bytes())
            check(key not in messages, f"{folder.name} holds a message twice")
            messages[key] = "".join(sorted(file.name.partition(":2,")[2]))
    return state


def far(args):
    """Every message of the account, as it is written in a Maildir."""
    state = {}
    with place.session(args) as client:
        for name in place.names(client, "Offline/*"):
            messages = state[name.replace(place.utf7(WIDE), WIDE)] = {}
            count = int(ok(client.select(f'"{name}"', readonly=True))[0])
            got = ok(client.fetch("1:*", "(FLAGS BODY.PEEK[])")) if count else []
            for at, part in enumerate(got):
                if isinstance(part, tuple):
                    letters = "".join(sorted(FLAGS[flag] for flag in place.flags(part, got[at + 1])))
                    messages[place.digest(part[1].replace(b"\r\n", b"\n"))] = letters
    return state


def same(args, work, counts):
    here, there = near(work), far(args)
    check(
        here == there,
        [
            (name, set(here.get(name, {}).items()) ^ set(there.get(name, {}).items()))
            for name in sorted(here.keys() | there.keys())
            if here.get(name) != there.get(name)
        ],
    )
    found = {name: len(messages) for name, messages in here.items()}
    check(found == counts, f"{found}, expected {counts}")


def change_near(work):
    """Flags, a removal, a new message and a new folder."""
    files = sorted((work / "mail" / "Offline.Work" / "cur").iterdir())
    for file in files[:3]:
        file.rename(file.with_name(file.name.partition(":2,")[0] + ":2,FRS"))
    files[3].unlink()
    for folder, seed in (("Offline.Work", 500), ("Offline.Neu", 501)):
        for part in ("cur", "new", "tmp"):
            (work / "mail" / folder / part).mkdir(parents=True, exist_ok=True)
        text = place.message(900, seed).replace(b"\r\n", b"\n")
        (work / "mail" / folder / "new" / f"1.{seed}.local").write_bytes(text)


def change_far(args):
    with place.session(args) as client:
        ok(client.select(f'"{WORK}"'))
        # Not seen, as those that change_near() changes are.
        ok(client.store("2", "+FLAGS", r"(\Flagged later)"))
        ok(client.store("5", "+FLAGS", r"(\Deleted)"))
        ok(client.expunge())
        ok(client.append(f'"{WORK}"', r"(\Answered)", None, place.message(900, 502)))


def fill(args):
    with place.session(args) as client:
        place.clean(client, "Offline")
        for name, count in ((WORK, 40), (WIDE, 5)):
            ok(client.create(f'"{place.utf7(name)}"'))
            for n in range(count):
                flags = (None, None, r"(\Seen)")[n % 3]
                ok(client.append(f'"{place.utf7(name)}"', flags, None, place.message(900, count + n)))


def once(args, work):
    sync(work)
    same(args, work, {WORK: 40, WIDE: 5})
    change_near(work)
    change_far(args)
    sync(work)
    # One was removed here, another there, and each has a new one.
    same(args, work, {WORK: 40, WIDE: 5, NEW: 1})
    before = far(args)
    sync(work)
    same(args, work, {WORK: 40, WIDE: 5, NEW: 1})
    check(far(args) == before, "a second run changed something")


@contextlib.contextmanager
def running(work):
    with open(work / "output", "wb") as output:
        process = subprocess.Popen(
            command(work), stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "HOME": str(work)}
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def watches(args, work, synced):
    """What arrives before the client idles, it finds only when more arrives: so more is sent until it looks."""
    first = place.digest(place.message(900, 600).replace(b"\r\n", b"\n"))
    with running(work) as process:
        check(synced.arrives(120), f"no first run: {(work / 'output').read_text()[-2000:]}")
        for n in range(30):
            check(process.poll() is None, f"ended: {(work / 'output').read_text()[-2000:]}")
            with place.session(args) as client:
                ok(client.append(f'"{WORK}"', None, None, place.message(900, 600 + n)))
            if synced.arrives(4):
                break
        else:
            raise AssertionError(f"new mail was not seen: {(work / 'output').read_text()[-2000:]}")
    check(first in near(work)[WORK], "the new message is not in the Maildir")
    sync(work)
    same(args, work, {WORK: 41 + n, WIDE: 5, NEW: 1})


def story(args):
    place.needs("offlineimap", ["--version"])
    work = pathlib.Path(tempfile.mkdtemp(prefix="offlineimap-"))
    (work / "config").write_text(CONFIG.format(work=work, port=args.imap, idle=WORK, **vars(args)), encoding="utf-8")
    synced = place.Signal(work / "signal")
    try:
        fill(args)
        once(args, work)
        for _ in range(3):
            check(synced.arrives(0), "each run must have said that it is done")
        watches(args, work, synced)
        with place.session(args) as client:
            place.clean(client, "Offline")
    finally:
        synced.close()
        shutil.rmtree(work)


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    place.run(lambda: story(arguments))
