#!/usr/bin/env python3
"""Chromium opens the settings page in all sizes, colour schemes and languages; axe-core finds nothing; keyboard, copying, and no script."""

import os
import pathlib
import shutil
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
    place.needs("chromium")
    place.needs("node", ["-e", "require('puppeteer-core'); require('axe-core')"], modules)
    command = ["node", SCRIPT, f"http://{args.host}:{args.page}", shutil.which("chromium")]
    said = place.program([*command, *([args.pictures] if args.pictures else [])], environment=modules)
    check(said.splitlines()[-1] == "done", said)


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--page", type=int, default=8090, help="port of the settings page, HTTP")
    parser.add_argument("--pictures", help="a directory for screenshots")
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
