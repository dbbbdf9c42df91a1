#!/usr/bin/env python3
"""A thousand messages of 1 KB to 5 MB are appended and come back with the same SHA-256."""

import place
from place import check, ok

SMALL, LARGE = 1024, 5 * 1024 * 1024


def size(n, count):
    """Sizes spread evenly over their logarithms: many small ones, some large."""
    return int(SMALL * (LARGE / SMALL) ** (n / max(1, count - 1)))


def story(args):
    wanted = []
    with place.session(args, args.how) as client:
        box = place.fresh(client, "bulk")
        for n in range(args.count):
            text = place.message(size(n, args.count), n)
            wanted.append(place.digest(text))
            ok(client.append(box, None, None, text))
        check(ok(client.select(box)) == [b"%d" % args.count], "all are there")
        for n in range(args.count):
            got = ok(client.fetch(str(n + 1), "(BODY.PEEK[])"))[0][1]
            check(place.digest(got) == wanted[n], f"message {n + 1} of {len(got)} octets differs")
        ok(client.close())
        ok(client.delete(box))
    print(f"{args.count} messages, resident memory {place.memory(args.pid)} MB")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--how", default="plain", choices=("plain", "starttls", "tls"))
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
