#!/usr/bin/env python3
"""mbsync keeps a Maildir of 20 folders and the account the same, both ways, until nothing changes."""

import collections
import os
import pathlib
import shutil
import ssl
import subprocess
import tempfile

import place
from place import check, ok

NAMES = [f"Sync/Folder {n:02d}" for n in range(14)] + [
    "Sync/Entwürfe",
    "Sync/日本語",
    "Sync/R&D",
    "Sync/Ünï/çødé",
    "Sync/Größe/Maß",
    "Sync/emoji 📬",
]

CONFIG = """
IMAPAccount there
Host {host}
Port {port}
User {user}
Pass {password}
SSLType {tls}
{trust}AuthMechs LOGIN PLAIN

IMAPStore far
Account there

MaildirStore near
Path {maildir}/
Inbox {maildir}/INBOX-not-synced
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns Sync*
Create Both
Remove Both
Expunge Both
SyncState *
CopyArrivalDate yes
"""


def sync(config):
    done = subprocess.run(
        ["mbsync", "-c", config, "-V", "all"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    check(done.returncode == 0, f"mbsync: {done.stdout.decode(errors='replace')[-3000:]}")


def near_state(maildir):
    """Every message of the Maildir: folder, flags, digest."""
    state = []
    for path in sorted(maildir.rglob("*")):
        if path.is_file() and path.parent.name in ("cur", "new"):
            flags = path.name.partition(":2,")[2]
            text = path.read_bytes()
            kept = b"".join(l for l in text.splitlines(True) if not l.startswith(b"X-TUID"))
            state.append((str(path.parent.parent.relative_to(maildir)), flags, place.digest(kept)))
    return sorted(state)


def far_state(client):
    """Every message of the account below Sync: mailbox, flags, digest."""
    state = []
    for name in place.names(client, "Sync*"):
        answer = client.select(f'"{name}"', readonly=True)
        count = int(ok(answer)[0])
        for n in range(1, count + 1):
            got = ok(client.fetch(str(n), "(FLAGS BODY.PEEK[])"))
            line, text = got[0]
            flags = sorted(f for f in (b"\\Seen", b"\\Flagged", b"\\Answered") if f in line + got[1])
            kept = b"".join(l for l in text.splitlines(True) if not l.startswith(b"X-TUID"))
            state.append((name, str(flags), place.digest(kept.replace(b"\r\n", b"\n"))))
    return sorted(state)


def trust(args, work):
    """The server's own certificate as the one to trust."""
    pem = work / "server.pem"
    pem.write_text(ssl.get_server_certificate((args.host, args.imaps)), encoding="ascii")
    return f"CertificateFile {pem}\nSystemCertificates no\n"


def story(args, tls):
    work = pathlib.Path(tempfile.mkdtemp(prefix="mbsync-"))
    maildir = work / "mail"
    maildir.mkdir()
    config = str(work / "mbsyncrc")
    with open(config, "w", encoding="utf-8") as file:
        file.write(
            CONFIG.format(
                host=args.host,
                port=args.imap,
                user=args.user,
                password=args.password,
                tls=tls,
                trust=trust(args, work) if tls != "None" else "",
                maildir=maildir,
            )
        )
    try:
        with place.session(args) as client:
            place.clean(client, "Sync")
            for n, name in enumerate(NAMES):
                ok(client.create(f'"{place.utf7(name)}"'))
                for m in range(3):
                    flags = (None, r"(\Seen)", r"(\Flagged \Answered)")[m]
                    ok(client.append(f'"{place.utf7(name)}"', flags, None, place.message(800 + n, n * 10 + m)))
        rounds(args, config, maildir)
        with place.session(args) as client:
            place.clean(client, "Sync")
    finally:
        shutil.rmtree(work)


def rounds(args, config, maildir):
    for turn in range(3):
        change_near(maildir, turn)
        with place.session(args) as client:
            change_far(client, turn)
        sync(config)
        before = near_state(maildir)
        with place.session(args) as client:
            there = far_state(client)
        check(len(there) >= len(NAMES) * 2 and len(before) >= len(there), f"{len(before)} {len(there)}")
        sync(config)
        with place.session(args) as client:
            check(far_state(client) == there, "a second run changes nothing there")
        check(near_state(maildir) == before, "a second run changes nothing here")
        here = collections.Counter(digest for _, _, digest in before)
        far = collections.Counter(digest for _, _, digest in there)
        check(
            here == far,
            f"round {turn}: here only {[m for m in before if (here - far)[m[2]]]},"
            f" there only {[m for m in there if (far - here)[m[2]]]}",
        )


def change_near(maildir, turn):
    """A new message here, a flag, a removal."""
    folders = sorted({path.parent for path in maildir.rglob("cur")})
    for folder in folders[: 5 * turn]:
        text = place.message(500, 1000 + turn).replace(b"\r\n", b"\n")
        (folder / "new" / f"{turn}.{os.getpid()}.{folder.name.__hash__() & 0xffff}.local").write_bytes(text)
        some = sorted((folder / "cur").iterdir())
        if some:
            base = some[0].name.partition(":2,")[0]
            some[0].rename(folder / "cur" / (base + ":2,FS"))


def change_far(client, turn):
    """A flag and a removal there."""
    if turn:
        for name in NAMES[10:]:
            ok(client.select(f'"{place.utf7(name)}"'))
            ok(client.store("1", "+FLAGS", r"(\Answered)" if turn == 1 else r"(\Deleted)"))
            ok(client.expunge())


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--tls", default="None", choices=("None", "STARTTLS"))
    arguments = parser.parse_args()
    place.run(lambda: story(arguments, arguments.tls))
