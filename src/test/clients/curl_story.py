#!/usr/bin/env python3
"""curl lists, appends and fetches over imap, imaps and STARTTLS."""

import os
import subprocess
import tempfile

import place
from place import check


def curl(args, base, *more, path=""):
    command = ["curl", "-sS", "-k", "--max-time", "60", "-u", f"{args.user}:{args.password}"]
    done = subprocess.run(
        [*command, base + path, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )
    check(done.returncode == 0, f"curl {base + path} {more}: {done.returncode} {done.stderr.decode()}")
    return done.stdout


def story(args, name, base, *tls):
    with place.session(args) as client:
        box = place.fresh(client, f"curl-{name}")
    text = place.message(50_000, 7)
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(text)
    try:
        listing = curl(args, base, *tls, path="/")
        check(b"INBOX" in listing and box.encode() in listing, listing)
        curl(args, base, *tls, "-T", file.name, path=f"/{box}")
        got = curl(args, base, *tls, path=f"/{box};MAILINDEX=1")
        check(got == text, "the message comes back as it went")
        head = curl(args, base, *tls, path=f"/{box};MAILINDEX=1;SECTION=HEADER.FIELDS%20(SUBJECT)")
        check(head.strip() == b"Subject: A message", head)
        found = curl(args, base, *tls, path=f"/{box}?SUBJECT%20message")
        check(found.split() == [b"*", b"SEARCH", b"1"], found)
        examined = curl(args, base, *tls, "-X", f"EXAMINE {box}")
        check(b"1 EXISTS" in examined, examined)
    finally:
        os.unlink(file.name)
        with place.session(args) as client:
            client.delete(box)


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    plain = f"imap://{arguments.host}:{arguments.imap}"
    secure = f"imaps://{arguments.host}:{arguments.imaps}"
    place.run(lambda: story(arguments, "plain", plain))
    place.run(lambda: story(arguments, "starttls", plain, "--ssl-reqd"))
    place.run(lambda: story(arguments, "tls", secure))
