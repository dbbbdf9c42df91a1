#!/usr/bin/env python3
"""curl lists and takes mail over pop3, pop3s and STLS."""

import subprocess

import place
from place import check, ok


def curl(args, url, *more):
    command = ["curl", "-sS", "-k", "--max-time", "60", "-u", f"{args.other}:{args.password}"]
    done = subprocess.run(
        [*command, url, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )
    check(done.returncode == 0, f"curl {url} {more}: {done.returncode} {done.stderr.decode()}")
    return done.stdout


def story(args, base, *more):
    texts = [place.message(50_000, 7), b"Subject: dots\r\n\r\n.\r\n..x\r\n.y\r\n"]
    with place.session(args, user=args.other) as client:
        ok(client.select("INBOX"))
        ok(client.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)"))
        ok(client.expunge())
        for text in texts:
            ok(client.append("INBOX", None, None, text))
    listing = curl(args, base + "/", *more)
    check(listing.split() == [b"1", b"50000", b"2", b"%d" % len(texts[1])], listing)
    for n, text in enumerate(texts):
        check(curl(args, f"{base}/{n + 1}", *more) == text, f"message {n + 1} comes as it went")
    head = curl(args, base + "/", "-X", "TOP 1 0", *more)
    check(head == texts[0][: len(head)] and head.endswith(b"\r\n\r\n"), head)
    ids = curl(args, base + "/", "-X", "UIDL", *more).split()
    check(len(ids) == 4 and ids[1] != ids[3], ids)
    curl(args, base + "/2", "-X", "DELE", "-l", *more)
    left = curl(args, base + "/", "-X", "UIDL", *more).split()
    check(left == ids[:2], left)


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    plain = f"pop3://{arguments.host}:{arguments.pop3}"
    secure = f"pop3s://{arguments.host}:{arguments.pop3s}"
    place.run(lambda: story(arguments, plain))
    place.run(lambda: story(arguments, plain, "--ssl-reqd"))
    place.run(lambda: story(arguments, secure))
