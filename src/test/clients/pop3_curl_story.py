#!/usr/bin/env python3
"""curl lists, takes and deletes mail over pop3, pop3s and STLS: few messages, then 1,000 of 1 KB to 5 MB."""

import hashlib
import subprocess
import tempfile

import place
from place import check, ok
from poplib_story import fill


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


def take(args, wanted, base, *more):
    """Takes all messages on one connection, one behind the other, and holds them against the digests."""
    listing = curl(args, base + "/", *more).split()
    check(listing[0::2] == [b"%d" % (n + 1) for n in range(len(wanted))], "all are listed")
    sizes = [int(octets) for octets in listing[1::2]]
    with tempfile.NamedTemporaryFile("w", suffix=".curlrc") as config:
        config.writelines(f'url = "{base}/{n + 1}"\n' for n in range(len(wanted)))
        config.flush()
        command = ["curl", "-sS", "-k", "-u", f"{args.other}:{args.password}", "-K", config.name]
        command += ["-w", "%{stderr}%{num_connects}\n"]
        with tempfile.TemporaryFile() as told:
            running = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=told)
            for n, digest in enumerate(wanted):
                got = running.stdout.read(sizes[n])
                check(hashlib.sha256(got).hexdigest() == digest, f"message {n + 1} of {len(got)} octets differs")
            check(running.stdout.read() == b"", "no octet more comes")
            told.seek(0)
            said = told.read().decode()
            check(running.wait() == 0, said[-2000:])
            check(said.split().count("1") == 1, "one connection does")


def bulk(args, plain, secure):
    wanted = fill(args, args.other)
    take(args, wanted, plain)
    take(args, wanted, plain, "--ssl-reqd")
    take(args, wanted, secure)


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    plain = f"pop3://{arguments.host}:{arguments.pop3}"
    secure = f"pop3s://{arguments.host}:{arguments.pop3s}"
    place.run(lambda: story(arguments, plain))
    place.run(lambda: story(arguments, plain, "--ssl-reqd"))
    place.run(lambda: story(arguments, secure))
    place.run(lambda: bulk(arguments, plain, secure))
