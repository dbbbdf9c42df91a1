#!/usr/bin/env python3
"""What it costs that a connection is passed on to another site: through the front beside direct, in the same run.

    SITES_JVM="-Xms256m -Xmn40m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:+UseCompactObjectHeaders" \\
      src/test/sites/two-sites.sh up
    python3 src/test/bench/site_hop.py

The mailbox is alice's. The client connects to a replica of her home ("direct") and to the other site ("front"),
by TLS both times, in turn, so that the machine's noise meets both. It reports

  fetch    seconds for FETCH of 100 MB in messages of 10 MB, the median of the rounds, and how many times as long it
           takes through the front; seconds of processor time, and reads and writes by system calls, that the
           front's process took for each 100 MB passed on;
  push     from LMTP's 250 to EXISTS at a session that idles direct and one that idles through the front, both of
           the same mailbox, and by how much the second is later;
  login    milliseconds from LOGIN to its OK, on connections whose TLS sessions are resumed, with a password that
           the server remembers; and from connecting to OK;
  memory   of the front for each session that is passed on and idles, when as many are open already: live bytes of
           the heap after a full collection, and by how much the process grows outside of the heap (VmRSS: objects of
           the TLS engine, Netty's buffers, metaspace, code). The heap is of one size and touched at the start
           (AlwaysPreTouch above), so it does not count twice. Buffers of sockets in the kernel do not count; both
           sockets are with TLS.

Absolute times mean nothing on a busy machine: the load is printed with them. One clock serves both ends.
"""

import argparse
import asyncio
import json
import os
import pathlib
import re
import socket
import ssl
import statistics
import subprocess
import time
import urllib.error
import urllib.request

TOKEN = "token-of-two-sites-0123456789"
# As two-sites.sh gives them.
FIRST = int(os.environ.get("SITES_PORT", "15000"))
MESSAGE = 10_000_000
BOX = "site-hop"
SESSIONS_OF_ONE = 10


def context():
    made = ssl.create_default_context()
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


class Imap:
    """A session over TLS that is read as octets."""

    def __init__(self, port, tls, resumed=None):
        self.began = time.perf_counter()
        plain = socket.create_connection(("127.0.0.1", port), timeout=120)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = tls.wrap_socket(plain, server_hostname="localhost", session=resumed)
        self.lines = self.sock.makefile("rb", 1 << 20)
        self.until(b"* OK")

    def until(self, beginning):
        while True:
            line = self.lines.readline()
            if not line:
                raise SystemExit("the server closed the connection")
            if line.startswith(beginning):
                return line

    def command(self, text):
        self.sock.sendall(b"t " + text.encode() + b"\r\n")
        answer = self.until(b"t ")
        if not answer.startswith(b"t OK"):
            raise SystemExit(f"{text}: {answer.decode()}")

    def login(self, args, user=None):
        self.command(f"LOGIN {user or args.user} {args.password}")
        return self

    def close(self):
        self.lines.close()
        self.sock.close()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def fill(args):
    client = Imap(args.direct, context()).login(args)
    client.sock.sendall(f"d DELETE {BOX}\r\n".encode())
    client.until(b"d ")
    client.command(f"CREATE {BOX}")
    text = b"Subject: ten megabytes\r\n\r\n" + (b"x" * 76 + b"\r\n") * (MESSAGE // 78)
    for _ in range(args.megabytes * 1_000_000 // MESSAGE):
        client.sock.sendall(b"a APPEND %s {%d}\r\n" % (BOX.encode(), len(text)))
        client.until(b"+")
        client.sock.sendall(text + b"\r\n")
        client.until(b"a OK")
    client.close()


def spent(pid):
    """Seconds of processor time, reads and writes of a process."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    calls = dict(re.findall(r"(sysc.): (\d+)", pathlib.Path(f"/proc/{pid}/io").read_text()))
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK"), int(calls["syscr"]), int(calls["syscw"])


def fetch_once(client):
    """Seconds, and octets."""
    began = time.perf_counter()
    client.sock.sendall(b"f UID FETCH 1:* BODY.PEEK[]\r\n")
    octets = 0
    scratch = bytearray(1 << 20)
    while True:
        line = client.lines.readline()
        if line.startswith(b"f "):
            return time.perf_counter() - began, octets
        size = re.search(rb"\{(\d+)\}\r\n$", line)
        left = int(size.group(1)) if size else 0
        octets += left
        while left:
            left -= client.lines.readinto(memoryview(scratch)[: min(left, len(scratch))])


def fetch(args):
    fill(args)
    clients = {"direct": Imap(args.direct, context()), "front": Imap(args.front, context())}
    times = {name: [] for name in clients}
    for name, client in clients.items():
        client.login(args).command(f"SELECT {BOX}")
        fetch_once(client)
    costs = []
    for n in range(args.rounds):
        for name in sorted(clients, reverse=n % 2 == 0):
            before = spent(args.pid)
            seconds, octets = fetch_once(clients[name])
            times[name].append(seconds)
            if name == "front":
                costs.append([(after - earlier) / octets * 1e8 for earlier, after in zip(before, spent(args.pid))])
    cipher = clients["front"].sock.cipher()[0]
    for client in clients.values():
        client.close()
    ratio = statistics.median(f / d for d, f in zip(times["direct"], times["front"]))
    shown = {name: f"{statistics.median(all_of):.3f} s" for name, all_of in times.items()}
    print(f"fetch   {octets / 1e6:.0f} MB, {cipher}: {shown}; front takes {ratio:.2f} times as long "
          f"(quartiles {quartiles([f / d for d, f in zip(times['direct'], times['front'])])})")
    cpu, reads, writes = (statistics.fmean(of) for of in zip(*costs))
    print(f"fetch   the front spends {cpu:.3f} s of processor time for 100 MB, {reads:.0f} reads, {writes:.0f} writes")


def quartiles(values):
    cut = statistics.quantiles(values, n=4)
    return f"{cut[0]:.2f} to {cut[2]:.2f}"


async def idle(args, port, arrivals):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context())

    async def until(beginning):
        while True:
            line = await reader.readline()
            if not line:
                raise SystemExit("the server closed the connection")
            if line.startswith(beginning):
                return

    await until(b"* OK")
    for text in (f"LOGIN {args.user} {args.password}", "SELECT INBOX"):
        writer.write(f"t {text}\r\n".encode())
        await until(b"t OK")
    writer.write(b"i IDLE\r\n")
    await until(b"+")

    async def listen():
        while True:
            line = await reader.readline()
            if line.endswith(b" EXISTS\r\n"):
                await arrivals.put(time.perf_counter())

    return asyncio.create_task(listen()), writer


async def deliver(args, reader, writer):
    """Hands a message in; when its 250 came."""
    async def say(line):
        writer.write(line + b"\r\n")
        answer = await reader.readline()
        if answer[:1] not in b"23":
            raise SystemExit(answer.decode())

    await say(b"MAIL FROM:<bench@example.test>")
    await say(b"RCPT TO:<" + args.user.encode() + b">")
    await say(b"DATA")
    await say(b"Subject: push\r\n\r\npush\r\n.")
    return time.perf_counter()


async def pushes(args):
    queues = {"direct": asyncio.Queue(), "front": asyncio.Queue()}
    listening = [
        await idle(args, args.direct, queues["direct"]), await idle(args, args.front, queues["front"])
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", args.lmtp)
    await reader.readline()
    writer.write(b"LHLO bench\r\n")
    while (await reader.readline())[3:4] == b"-":
        pass
    times = {name: [] for name in queues}
    for n in range(args.deliveries + args.warm):
        sent = await deliver(args, reader, writer)
        for name, queue in queues.items():
            came = await asyncio.wait_for(queue.get(), 60)
            if n >= args.warm:
                times[name].append((came - sent) * 1000)
        await asyncio.sleep(args.pause)
    for task, session in listening:
        task.cancel()
        session.close()
    return times


def push(args):
    times = asyncio.run(pushes(args))
    later = [f - d for d, f in zip(times["direct"], times["front"])]
    shown = {
        name: f"median {statistics.median(all_of):.1f} ms, p99 {percentile(all_of, 0.99):.1f} ms"
        for name, all_of in times.items()
    }
    more = percentile(times["front"], 0.99) - percentile(times["direct"], 0.99)
    print(f"push    {len(later)} deliveries: {shown}; p99 is {more:.1f} ms more; "
          f"each later by median {statistics.median(later):.1f} ms, p99 {percentile(later, 0.99):.1f} ms")


def login(args):
    ports = {"direct": args.direct, "front": args.front}
    tls = {name: context() for name in ports}
    session = {}
    login_times = {name: [] for name in ports}
    whole_times = {name: [] for name in ports}
    resumed = dict.fromkeys(ports, 0)
    for n in range(args.logins + args.warm):
        for name in sorted(ports, reverse=n % 2 == 0):
            client = Imap(ports[name], tls[name], session.get(name))
            began = time.perf_counter()
            client.login(args)
            ended = time.perf_counter()
            session[name] = client.sock.session
            if n >= args.warm:
                resumed[name] += client.sock.session_reused
                login_times[name].append((ended - began) * 1000)
                whole_times[name].append((ended - client.began) * 1000)
            client.command("LOGOUT")
            client.close()
    for what, times in (("LOGIN", login_times), ("connect", whole_times)):
        shown = {
            name: f"median {statistics.median(all_of):.1f} ms, p99 {percentile(all_of, 0.99):.1f} ms"
            for name, all_of in times.items()
        }
        more = statistics.median(times["front"]) - statistics.median(times["direct"])
        print(f"login   from {what} to OK, {args.logins} each, resumed {resumed}: {shown}; front {more:.1f} ms more")


def accounts(args, count):
    """Creates them at the home, if they are missing."""
    for n in range(count):
        body = json.dumps({"name": f"hop{n}@example.test", "password": args.password}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{args.admin}/admin/v1/accounts", body,
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        try:
            urllib.request.urlopen(request).close()
        except urllib.error.HTTPError as refused:
            if refused.code != 409:
                raise


def live(args):
    """Live bytes of the heap, and of the process, after a full collection."""
    def jcmd(*words):
        return subprocess.run(["jcmd", str(args.pid), *words], check=True, capture_output=True, text=True).stdout

    jcmd("GC.run")
    jcmd("GC.run")
    rows = re.findall(r"^\s*\d+:\s+\d+\s+(\d+)\s+(\S+)", jcmd("GC.class_histogram"), re.M)
    # Gaps that the collector has left are filled with objects that are not live.
    total = sum(int(octets) for octets, name in rows if "FillerElement" not in name)
    status = pathlib.Path(f"/proc/{args.pid}/status").read_text()
    return total, int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024


def piped(args, count, first=0):
    tls = context()
    made = []
    for n in range(first, first + count):
        client = Imap(args.front, tls).login(args, f"hop{n // SESSIONS_OF_ONE}@example.test")
        client.command("SELECT INBOX")
        client.sock.sendall(b"i IDLE\r\n")
        client.until(b"+")
        made.append(client)
    return made


def memory(args):
    accounts(args, -(-2 * args.sessions // SESSIONS_OF_ONE))
    # These stay: code that is loaded and what is pooled or kept free is not that of a session.
    clients = piped(args, args.sessions)
    time.sleep(args.settle)
    heap_before, rss_before = live(args)
    clients += piped(args, args.sessions, args.sessions)
    time.sleep(args.settle)
    heap, rss = live(args)
    for client in clients:
        client.close()
    inside = (heap - heap_before) / args.sessions / 1024
    outside = (rss - rss_before) / args.sessions / 1024
    print(f"memory  {args.sessions} sessions beside {args.sessions}: {inside + outside:.1f} KB each, of which "
          f"{inside:.1f} KB in the heap{fixed(args)}")


def fixed(args):
    """A note if the process grows with its heap, too."""
    flags = subprocess.run(["jcmd", str(args.pid), "VM.flags"], check=True, capture_output=True, text=True).stdout
    sizes = set(re.findall(r"(?:InitialHeapSize|MaxHeapSize)=(\d+)", flags))
    if "+AlwaysPreTouch" in flags and len(sizes) == 1:
        return ""
    return "; the heap is not of one size and touched: its growth counts twice"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["fetch", "push", "login", "memory"])
    parser.add_argument("--direct", type=int, default=FIRST + 1993, help="port of the home: IMAP over TLS")
    parser.add_argument("--front", type=int, default=FIRST + 3993, help="port of the other site")
    parser.add_argument("--lmtp", type=int, default=FIRST + 1024, help="port of the home")
    parser.add_argument("--admin", type=int, default=FIRST + 1080, help="port of the home")
    parser.add_argument("--pid", type=int, default=0, help="process of the front; target/sites/west.pid if not given")
    parser.add_argument("--user", default="alice@example.test")
    parser.add_argument("--password", default="secret-secret")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--deliveries", type=int, default=500)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two deliveries")
    parser.add_argument("--logins", type=int, default=300)
    parser.add_argument("--warm", type=int, default=200, help="deliveries and logins that are not counted")
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--settle", type=float, default=5, help="seconds before memory is read")
    args = parser.parse_args()
    if not args.pid:
        root = pathlib.Path(os.environ.get("SITES_DIR", "target/sites"))
        args.pid = int((root / "west.pid").read_text())
    what = {"fetch": fetch, "push": push, "login": login, "memory": memory}
    for name in args.what:
        print(f"load {' '.join(f'{it:.1f}' for it in os.getloadavg())}", flush=True)
        what[name](args)


if __name__ == "__main__":
    main()
