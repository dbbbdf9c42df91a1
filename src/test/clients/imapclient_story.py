#!/usr/bin/env python3
"""Perl's Mail::IMAPClient does what scripts do: files, searches, sorts, threads, moves, idles, shares and copies."""

import pathlib

import place
from place import check

SCRIPT = pathlib.Path(__file__).with_suffix(".pl")


def story(args):
    place.needs("perl", ["-MMail::IMAPClient", "-e", "1"])
    users = (args.user, args.other)
    for user in users:
        with place.session(args, user=user) as client:
            place.clean(client, "Perl")
    said = place.program(["perl", SCRIPT, args.host, str(args.imap), args.user, args.other, args.password])
    check(said.splitlines()[-1] == "done", said)
    with place.session(args) as client:
        renamed = place.contents(client, "Perl/Renamed")
        aside = place.contents(client, "Perl/Aside &- Rest")
        check(place.names(client, "Perl/*") == ["Perl/Aside &- Rest", "Perl/Renamed"], place.names(client, "Perl/*"))
    check(sorted(renamed.values()) == [[], ["$Work", "\\Flagged"], ["\\Seen"]], renamed)
    check(sorted(aside.values()) == [[], ["$Work", "\\Flagged"], ["\\Flagged"]], aside)
    with place.session(args, user=args.other) as client:
        copy = place.contents(client, "Perl/Copy")
    check(copy.keys() == renamed.keys(), "the copy in the other account differs")
    for user in users:
        with place.session(args, user=user) as client:
            place.clean(client, "Perl")


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    place.run(lambda: story(arguments))
