#!/usr/bin/env python3
"""fetchmail takes an INBOX: keeping it, then again finding nothing new, then deleting it."""

import os
import subprocess
import tempfile

import place
from bulk import size
from place import check, ok

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


def bodies(folder):
    """The digests of the bodies that came; fetchmail makes line ends LF."""
    box = os.path.join(folder, "box")
    found = []
    for name in os.listdir(box):
        with open(os.path.join(box, name), "rb") as file:
            found.append(body(file.read()))
        os.unlink(os.path.join(box, name))
    return sorted(found)


def body(text):
    return place.digest(text.replace(b"\r\n", b"\n").split(b"\n\n", 1)[1])


def story(args):
    wanted = []
    with place.session(args, user=args.other) as client:
        ok(client.select("INBOX"))
        ok(client.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)"))
        ok(client.expunge())
        for n in range(args.count):
            text = place.message(size(n, args.count), n)
            wanted.append(body(text))
            ok(client.append("INBOX", None, None, text))
    wanted.sort()
    with tempfile.TemporaryDirectory() as folder:
        check(fetchmail(args, folder, keep=True) == 0, "it takes all")
        check(bodies(folder) == wanted, "all bodies are as they were")
        check(fetchmail(args, folder, keep=True) == NOTHING_NEW, "there is nothing new")
        check(not bodies(folder), "nothing comes twice")
    with tempfile.TemporaryDirectory() as folder:
        check(fetchmail(args, folder, keep=False) == 0, "it takes all again")
        check(bodies(folder) == wanted, "all bodies are as they were")
        check(fetchmail(args, folder, keep=False) == NOTHING_NEW, "all is deleted")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
