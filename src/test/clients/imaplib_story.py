#!/usr/bin/env python3
"""Python's imaplib does what a mail program does: files, searches, reads, moves and removes mail."""

import place
from place import check, ok

MULTIPART = (
    b"From: sender@example.test\r\nTo: reader@example.test\r\nSubject: Two parts\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nfirst part\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>second</p>\r\n--b--\r\n"
)


def story(args, how):
    with place.session(args, how) as client:
        box = place.fresh(client, f"imaplib-{how}")
        aside = place.fresh(client, f"imaplib-{how}-aside")
        ok(client.append(box, r"(\Seen)", '"02-Jan-2024 03:04:05 +0100"', MULTIPART))
        for n in range(3):
            ok(client.append(box, None, None, place.message(2000, n, f"Number {n}")))
        check(ok(client.select(box)) == [b"4"], "SELECT tells 4 messages")
        check(ok(client.search(None, "SUBJECT", '"Number 1"')) == [b"3"], "SEARCH finds one")
        check(ok(client.search(None, "UNSEEN")) == [b"2 3 4"], "SEARCH UNSEEN")
        parts = ok(client.fetch("1", "(BODY.PEEK[1] BODY.PEEK[2])"))
        texts = [part[1] for part in parts if isinstance(part, tuple)]
        check(texts == [b"first part", b"<p>second</p>"], parts)
        whole = ok(client.fetch("1", "(BODY.PEEK[])"))[0][1]
        check(whole == MULTIPART, "the message as it came")
        ok(client.store("2", "+FLAGS", r"(\Flagged work)"))
        flags = ok(client.fetch("2", "(FLAGS)"))[0]
        check(b"\\Flagged" in flags and b"work" in flags, flags)
        ok(client.copy("1:2", aside))
        check(ok(client.status(aside, "(MESSAGES)"))[0].endswith(b"(MESSAGES 2)"), "COPY")
        ok(client.uid("MOVE", ok(client.fetch("4", "(UID)"))[0].split()[-1].rstrip(b")").decode(), aside))
        ok(client.store("1", "+FLAGS", r"(\Deleted)"))
        check(ok(client.expunge())[-1] == b"1", "EXPUNGE tells message 1")
        check(ok(client.search(None, "ALL")) == [b"1 2"], "two are left")
        ok(client.close())
        check(ok(client.status(aside, "(MESSAGES)"))[0].endswith(b"(MESSAGES 3)"), "MOVE")
        ok(client.delete(box))
        ok(client.delete(aside))


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    for way in ("plain", "starttls", "tls"):
        place.run(lambda: story(arguments, way))
