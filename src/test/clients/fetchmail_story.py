#!/usr/bin/env python3
"""fetchmail takes an INBOX: keeping it, then again finding nothing new, then deleting it.

What it hands on has the line ends of Unix, and no Received line when it is told so; all else of a
message is as it was sent.
"""

import os
import subprocess
import tempfile

import place
from place import check
from poplib_story import fill

NOTHING_NEW = 1


def fetchmail(args, folder, keep):
    """Runs it once; its exit code. Each message goes to a file of its own."""
    box = os.path.join(folder, "box")
    os.makedirs(box, exist_ok=True)
    rc = os.path.join(folder, "rc")
    with open(rc, "w", encoding="ascii") as file:
        file.write(
            f"poll {args.host} service {args.pop3} protocol pop3 uidl auth password\n"
            f' user "{args.other}" password "{args.password}" {"keep" if keep else "nokeep"}'
            f" sslproto '' no rewrite mda \"sh -c 'cat > {box}/$(mktemp -u XXXXXXXXXX)'\"\n"
        )
    os.chmod(rc, 0o600)
    command = ["fetchmail", "-f", rc, "-i", os.path.join(folder, "ids"), "--nosyslog", "--pidfile"]
    done = subprocess.run(
        [*command, os.path.join(folder, "pid"), "--invisible"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    check(done.returncode in (0, NOTHING_NEW), done.stdout.decode()[-2000:])
    return done.returncode


def arrived(folder):
    """The digests of the messages that came."""
    box = os.path.join(folder, "box")
    found = []
    for name in os.listdir(box):
        with open(os.path.join(box, name), "rb") as file:
            found.append(place.digest(b"\r\n".join(file.read().split(b"\n"))))
        os.unlink(os.path.join(box, name))
    return sorted(found)


def story(args):
    wanted = sorted(fill(args, args.other))
    with tempfile.TemporaryDirectory() as folder:
        check(fetchmail(args, folder, keep=True) == 0, "it takes all")
        check(arrived(folder) == wanted, "all messages are as they were")
        check(fetchmail(args, folder, keep=True) == NOTHING_NEW, "there is nothing new")
        check(not arrived(folder), "nothing comes twice")
    with tempfile.TemporaryDirectory() as folder:
        check(fetchmail(args, folder, keep=False) == 0, "it takes all again")
        check(arrived(folder) == wanted, "all messages are as they were")
        check(fetchmail(args, folder, keep=False) == NOTHING_NEW, "all is deleted")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
