#!/usr/bin/env python3
"""How long logins take: those that are refused, for each reason, and many that come at once.

    login.py make --admin http://127.0.0.1:8080 --token ... --accounts b#@example.test --clients 500
    login.py refused --imap 127.0.0.1:10143 --rounds 300 \
        --names wrong=alice@example.test,unknown=nobody@example.test,anonymous=anonymous
    login.py burst --imap 127.0.0.1:10143 --accounts b#@example.test --clients 500 --rounds 3

"make" makes accounts, each with verifiers of its own. "refused" tries names that cannot come in,
in an order by chance, one at a time, each over a connection of its own; name=reason:password gives
a password other than a wrong one. It prints the median for each reason, with the band in which the
true one lies (95 of 100), and whether any two bands are apart: whoever cannot come in must not be
told apart. With --sasl PLAIN it is AUTHENTICATE. "burst" connects all clients, then lets all log in
at the same moment, and prints how many were let in and when; in the second round the server may
remember them. The clients' own share of the time is printed, too: they are one process. With
--pids it is what a login costs the server, which a noisy machine changes least.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import math
import os
import pathlib
import random
import statistics
import sys
import time
import urllib.error
import urllib.request


async def opened(where):
    host, port = where.rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port))
    await reader.readline()
    return reader, writer


def command(name, password, sasl):
    if sasl:
        message = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
        return f"a AUTHENTICATE {sasl} {message}\r\n".encode()
    return f'a LOGIN "{name}" "{password}"\r\n'.encode()


async def login(reader, writer, name, password, sasl=""):
    began = time.perf_counter()
    writer.write(command(name, password, sasl))
    line = await reader.readline()
    while line and not line.startswith(b"a "):
        line = await reader.readline()
    return (time.perf_counter() - began) * 1000, line


def band(times):
    """Where the true median lies: order statistics, so that no shape of the times is assumed."""
    ordered = sorted(times)
    n = len(ordered)
    off = 1.96 * math.sqrt(n) / 2
    return ordered[max(0, int(n / 2 - off))], ordered[min(n - 1, int(n / 2 + off))]


def apart(times):
    bands = {reason: band(all_of) for reason, all_of in times.items()}
    return [
        (one, other)
        for one in bands for other in bands
        if one < other and (bands[one][1] < bands[other][0] or bands[other][1] < bands[one][0])
    ]


async def refused(args):
    who = dict(one.split("=", 1) for one in args.names.split(","))
    times = {reason: [] for reason in who}
    answers = set()
    for n in range(args.rounds + args.warm):
        for reason in random.sample(list(who), len(who)):
            name, _, right = who[reason].partition(":")
            reader, writer = await opened(args.imap)
            took, line = await login(reader, writer, name, right or f"wrong{n}", args.sasl)
            answers.add(line)
            if n >= args.warm:
                times[reason].append(took)
            writer.close()
    print(f"{args.rounds} tries for each reason, behind {args.warm} to warm up")
    for reason, all_of in times.items():
        low, high = band(all_of)
        quartile, median, upper = statistics.quantiles(all_of, n=4)
        print(
            f"{reason:16} median {median:7.2f} ms  band {low:7.2f} {high:7.2f}"
            f"  quartiles {quartile:7.2f} {upper:7.2f}"
        )
    print(f"{len(answers)} different answer(s): {answers}")
    pairs = apart(times)
    print("no two bands are apart" if not pairs else f"apart: {pairs}")
    return len(answers) == 1


def processor(roots):
    """Seconds of processor time of these processes and all below them, those that ended too."""
    above, used = {}, {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            above[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = sum(int(field) for field in fields[11:15])
    below = set(roots)
    for _ in above:
        more = {pid for pid, parent in above.items() if parent in below} - below
        if not more:
            break
        below |= more
    return sum(used.get(pid, 0) for pid in below) / os.sysconf("SC_CLK_TCK")


async def one_burst(args):
    roots = [int(pid) for pid in args.pids.split(",") if pid]
    places = []
    for at in range(0, args.clients, 100):
        some = range(at, min(at + 100, args.clients))
        places += await asyncio.gather(*[opened(args.imap) for _ in some])
    began, worked, used = time.perf_counter(), time.process_time(), processor(roots)
    done = await asyncio.gather(
        *[
            login(reader, writer, args.accounts.replace("#", str(n)), args.password, args.sasl)
            for n, (reader, writer) in enumerate(places)
        ]
    )
    whole = time.perf_counter() - began
    own = (time.process_time() - worked) / whole
    right = [took for took, line in done if line.startswith(b"a OK")]
    print(f"{len(right)} of {args.clients} let in, the last after {whole:.2f} s", end="")
    if right:
        print(f", median {statistics.median(right):.0f} ms, first {min(right):.0f} ms", end="")
    print(f"; {len(right) / whole:.0f} logins/s, the clients' share {own:.2f}", end="")
    if roots:
        print(f"; the server's processor {(processor(roots) - used) * 1000 / args.clients:.1f} ms each", end="")
    print()
    for _, line in [d for d in done if not d[1].startswith(b"a OK")][:3]:
        print(line)
    for _, writer in places:
        writer.close()
    return len(right) == args.clients


async def burst(args):
    right = True
    for n in range(args.rounds):
        right = await one_burst(args) and right
        if n + 1 < args.rounds:
            # The server is to have seen them go.
            await asyncio.sleep(1)
    return right


async def make(args):
    made = 0
    for n in range(args.clients):
        account = {"name": args.accounts.replace("#", str(n)), "password": args.password}
        call = urllib.request.Request(
            args.admin + "/admin/v1/accounts",
            json.dumps(account).encode(),
            {"Content-Type": "application/json", "Authorization": "Bearer " + args.token},
        )
        try:
            with urllib.request.urlopen(call):
                made += 1
        except urllib.error.HTTPError as refusal:
            if refusal.code != 409:
                print(refusal.read().decode())
                return False
    print(f"{made} accounts made")
    return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["make", "refused", "burst"])
    parser.add_argument("--imap", default="127.0.0.1:10143")
    parser.add_argument(
        "--names", default="wrong=alice@example.test,unknown=nobody@example.test,guest=guest@example.test"
    )
    parser.add_argument("--rounds", type=int, default=0, help="300 for refused, 2 for burst")
    parser.add_argument("--warm", type=int, default=60)
    parser.add_argument("--accounts", default="u#@example.test")
    parser.add_argument("--password", default="")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--pids", default="", help="the server's processes, for its processor time")
    parser.add_argument("--sasl", default="", help="PLAIN; without it, LOGIN the command")
    parser.add_argument("--admin", default="http://127.0.0.1:8080")
    parser.add_argument("--token", default="")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (300 if arguments.what == "refused" else 2)
    # What administration makes wants eight characters; the demo's accounts have six.
    arguments.password = arguments.password or ("secret" if arguments.what == "refused" else "secret-of-b")
    sys.exit(0 if asyncio.run(globals()[arguments.what](arguments)) else 1)
