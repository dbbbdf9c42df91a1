#!/usr/bin/env python3
"""imapflow of Node.js does what web mail does: files, reads parts, searches, moves, idles, resynchronises, renames."""

import os
import pathlib
import subprocess

import place
from place import check

SCRIPT = pathlib.Path(__file__).with_suffix(".cjs")


def environment():
    """With the modules that npm has installed for everybody."""
    place.needs("npm")
    root = subprocess.run(["npm", "root", "-g"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    return {**os.environ, "NODE_PATH": root}


def story(args):
    modules = environment()
    place.needs("node", ["-e", "require('imapflow')"], modules)
    with place.session(args) as client:
        place.clean(client, "Flow")
    said = place.program(
        ["node", SCRIPT, args.host, str(args.imap), str(args.imaps), args.user, args.password], environment=modules
    )
    check(said.splitlines()[-1] == "done", said)
    with place.session(args) as client:
        renamed = place.utf7("Flow/Gelesen 📚")
        check(place.names(client, "Flow/*") == sorted([renamed, "Flow/Beiseite"]), place.names(client, "Flow/*"))
        flags = sorted(place.contents(client, renamed).values())
        read, seen = ["$Read", "\\Flagged"], ["\\Seen"]
        wanted = [read, sorted(read + seen), read, seen, ["\\Flagged", "\\Seen"], ["\\Answered", "\\Seen"], []]
        check(flags == sorted(wanted), flags)
        aside = sorted(place.contents(client, "Flow/Beiseite").values())
        check(aside == sorted([read, seen]), aside)
        place.clean(client, "Flow")


if __name__ == "__main__":
    arguments = place.arguments(__doc__).parse_args()
    place.run(lambda: story(arguments))
