#!/usr/bin/env python3
"""Mail handed in by LMTP is there for FETCH, byte for byte, once for each recipient."""

import smtplib

import place
from place import check, ok

MESSAGES = [
    place.message(1_500, 1, "Small"),
    b"Subject: dots\r\n\r\n.\r\n..\r\n.one\r\n",
    b"Subject: eight bit\r\n\r\n" + "Grüße, 日本語\r\n".encode(),
    b"Subject: long line\r\n\r\n" + b"x" * 20_000 + b"\r\n",
    b"no header at all\r\n",
    b"\r\nempty header\r\n",
    place.message(3_000_000, 2, "Large"),
]


def story(args):
    lmtp = smtplib.LMTP(args.host, args.lmtp, timeout=60)
    check(lmtp.ehlo()[0] == 250, "LHLO")
    for user in (args.user, args.other):
        with place.session(args, user=user) as client:
            if ok(client.select("INBOX")) != [b"0"]:
                ok(client.store("1:*", "+FLAGS.SILENT", r"(\Deleted)"))
                ok(client.expunge())
    for text in MESSAGES:
        size = f" SIZE={len(text)}" if lmtp.has_extn("size") else ""
        code, words = lmtp.docmd("MAIL", "FROM:<sender@example.test> BODY=8BITMIME" + size)
        check(code == 250, words)
        for user in (args.user, args.other):
            code, words = lmtp.docmd("RCPT", f"TO:<{user}>")
            check(code in (250, 251), words)
        check(lmtp.docmd("DATA")[0] == 354, "DATA")
        stuffed = b"".join(b"." + l if l.startswith(b".") else l for l in text.splitlines(True))
        lmtp.send(stuffed + b".\r\n")
        for user in (args.user, args.other):
            code, words = lmtp.getreply()
            check(code == 250, (user, words))
    lmtp.quit()
    for user in (args.user, args.other):
        with place.session(args, user=user) as client:
            check(ok(client.select("INBOX")) == [b"%d" % len(MESSAGES)], "each is there once")
            for n, text in enumerate(MESSAGES, 1):
                got = ok(client.fetch(str(n), "(BODY.PEEK[])"))[0][1]
                # What an agent puts before the message for its path stays outside the comparison.
                check(got.endswith(text), (n, len(got), len(text)))
                check(len(got) - len(text) < 1000, (n, got[:500]))


def unknown(args):
    lmtp = smtplib.LMTP(args.host, args.lmtp, timeout=60)
    lmtp.ehlo()
    lmtp.docmd("MAIL", "FROM:<>")
    code, _ = lmtp.docmd("RCPT", "TO:<nobody-at-all@example.test>")
    check(500 <= code < 600, f"an unknown recipient is refused: {code}")
    lmtp.quit()


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--anybody", action="store_true", help="every recipient exists there")
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
    if not arguments.anybody:
        place.run(lambda: unknown(arguments))
