#!/usr/bin/env python3
"""How long logins take: those that are refused, for each reason, and many that come at once.

    login.py refused --imap 127.0.0.1:10143 \
        --names alice@example.test,nobody@example.test,guest@example.test --rounds 100
    login.py burst --imap 127.0.0.1:10143 --accounts u#@example.test --clients 500

"refused" gives each name a wrong password in turn, over one connection a try, and prints the median
and quartiles by name: whoever cannot come in must not be told apart. "burst" connects all clients,
then lets all log in at the same moment, and prints how many were let in and when.
"""

import argparse
import asyncio
import statistics
import sys
import time


async def opened(where):
    host, port = where.rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port))
    await reader.readline()
    return reader, writer


async def login(reader, writer, name, password):
    began = time.perf_counter()
    writer.write(f'a LOGIN "{name}" "{password}"\r\n'.encode())
    line = await reader.readline()
    while not line.startswith(b"a "):
        line = await reader.readline()
    return (time.perf_counter() - began) * 1000, line


async def refused(args):
    times = {name: [] for name in args.names.split(",")}
    answers = set()
    for n in range(args.rounds):
        for name in times:
            reader, writer = await opened(args.imap)
            took, line = await login(reader, writer, name, f"wrong{n}")
            answers.add(line)
            times[name].append(took)
            writer.close()
    for name, all_of in times.items():
        low, median, high = statistics.quantiles(all_of, n=4)
        print(f"{name:32} median {median:7.1f} ms   quartiles {low:7.1f} {high:7.1f}")
    print(f"{len(answers)} different answer(s): {answers}")
    return len(answers) == 1


async def burst(args):
    places = await asyncio.gather(*[opened(args.imap) for _ in range(args.clients)])
    began = time.perf_counter()
    done = await asyncio.gather(
        *[
            login(reader, writer, args.accounts.replace("#", str(n)), args.password)
            for n, (reader, writer) in enumerate(places)
        ]
    )
    whole = time.perf_counter() - began
    right = [took for took, line in done if line.startswith(b"a OK")]
    print(f"{len(right)} of {args.clients} let in, the last after {whole:.2f} s")
    if right:
        print(f"median {statistics.median(right):.0f} ms, longest {max(right):.0f} ms")
    for _, line in [d for d in done if not d[1].startswith(b"a OK")][:3]:
        print(line)
    return len(right) == args.clients


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["refused", "burst"])
    parser.add_argument("--imap", default="127.0.0.1:10143")
    parser.add_argument("--names", default="alice@example.test,nobody@example.test,guest@example.test")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--accounts", default="u#@example.test")
    parser.add_argument("--password", default="secret")
    parser.add_argument("--clients", type=int, default=500)
    arguments = parser.parse_args()
    sys.exit(0 if asyncio.run(globals()[arguments.what](arguments)) else 1)
