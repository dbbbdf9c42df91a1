#!/usr/bin/env python3
"""poplib takes an INBOX of messages of 1 KB to 5 MB over pop3, STLS and pop3s, keeps, then deletes."""

import poplib

import place
from bulk import size
from place import check, ok


def fill(args, user):
    """Empties the account's INBOX and puts new messages in; their digests."""
    wanted = []
    with place.session(args, user=user) as client:
        ok(client.select("INBOX"))
        ok(client.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)"))
        ok(client.expunge())
        for n in range(args.count):
            text = place.message(size(n, args.count), n)
            wanted.append(place.digest(text))
            ok(client.append("INBOX", None, None, text))
    return wanted


def opened(args, how, user):
    if how == "tls":
        client = poplib.POP3_SSL(args.host, args.pop3s, context=place.any_certificate(), timeout=60)
    else:
        client = poplib.POP3(args.host, args.pop3, timeout=60)
    if how == "stls":
        check("STLS" in client.capa(), "STLS is offered")
        client.stls(place.any_certificate())
    client.user(user)
    client.pass_(args.password)
    return client


def take(client, wanted):
    """Fetches all and holds them against the digests and the sizes that LIST told."""
    check(client.stat()[0] == len(wanted), f"all {len(wanted)} are there")
    sizes = [int(line.split()[1]) for line in client.list()[1]]
    check(client.stat()[1] == sum(sizes), "STAT is the sum of LIST")
    for n, digest in enumerate(wanted):
        _, lines, octets = client.retr(n + 1)
        got = b"".join(line + b"\r\n" for line in lines)
        check(len(got) == sizes[n], f"message {n + 1} has {len(got)} octets, announced were {sizes[n]}")
        check(place.digest(got) == digest, f"message {n + 1} of {octets} octets differs")


def uidl(client):
    return [line.split()[1] for line in client.uidl()[1]]


def story(args, user):
    wanted = fill(args, user)
    seen = []
    for how in ("plain", "stls", "tls"):
        client = opened(args, how, user)
        take(client, wanted)
        seen.append(uidl(client))
        client.quit()
    check(len(set(seen[0])) == len(wanted) and seen[0] == seen[1] == seen[2], "UIDL is stable")
    half = len(wanted) // 2
    client = opened(args, "plain", user)
    for n in range(half):
        client.dele(n + 1)
    client.close()
    client = reopened(args, user)
    check(uidl(client) == seen[0], "without QUIT nothing is deleted")
    for n in range(half):
        client.dele(n + 1)
    client.quit()
    client = opened(args, "plain", user)
    check(uidl(client) == seen[0][half:], "what was deleted is gone, the rest keeps its ids")
    take(client, wanted[half:])
    client.quit()


def reopened(args, user):
    """The maildrop, as soon as the server has seen that its last session went."""
    for _ in range(1000):
        try:
            return opened(args, "plain", user)
        except poplib.error_proto as refused:
            check(b"[IN-USE]" in refused.args[0], refused)
    raise AssertionError("the maildrop stays in use")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    place.run(lambda: story(arguments, arguments.other))
