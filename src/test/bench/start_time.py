#!/usr/bin/env python3
"""How fast a server starts and how much memory it then takes: from exec to the greeting of IMAP, and the
resident memory of the process (VmRSS) a second later.

    start_time.py --runs 20 --imap 127.0.0.1:1143 -- COMMAND ...

COMMAND starts a server that listens at --imap, beside a PostgreSQL that runs already and whose schema is
current (the first run, which is not counted, sees to that). It is started --runs times, one after the
other, and ended by SIGTERM; the clock is monotonic and read in this process. Minimum and median are told:
the minimum is what the server takes, the median also what else the machine did meanwhile.
"""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

# Between two attempts to connect: short beside what is measured, long enough to leave the core alone.
BREATH = 0.0005
PATIENCE = 60
SETTLING = 1.0


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def refuse_another(where):
    """Whoever listens there already would be measured in the server's place."""
    with socket.socket() as probe:
        if probe.connect_ex(where) == 0:
            raise SystemExit(f"something listens at {where[0]}:{where[1]} already")


def greeting(where, process):
    """The first line of the server, and when it came."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        try:
            with socket.create_connection(where, timeout=PATIENCE) as client:
                line = client.recv(512)
                return line, time.monotonic()
        except ConnectionRefusedError:
            time.sleep(BREATH)
    raise SystemExit("the server does not greet")


def resident(pid):
    """Resident memory of a process in megabytes of 1024 × 1024 octets."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise SystemExit(f"{pid} has no resident memory")


def processor(pid):
    """Milliseconds of processor time that a process has used."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def run(args):
    refuse_another(place(args.imap))
    with open(args.log, "ab") as log:
        begin = time.monotonic()
        process = subprocess.Popen(args.command, stdout=log, stderr=log)
        try:
            line, end = greeting(place(args.imap), process)
            if not line.startswith(b"* OK"):
                raise SystemExit(f"no greeting: {line!r}")
            used = processor(process.pid)
            time.sleep(SETTLING)
            return (end - begin) * 1000, used, resident(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def told(name, unit, values):
    print(f"{name:10} min {min(values):7.1f} {unit}   median {statistics.median(values):7.1f} {unit}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--imap", default="127.0.0.1:1143", metavar="HOST:PORT")
    parser.add_argument("--log", default=os.devnull, help="where the server's output goes")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    args.command = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not args.command:
        parser.error("which command starts the server?")
    run(args)
    runs = [run(args) for _ in range(args.runs)]
    print(f"{len(runs)} starts, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    told("greeting", "ms", [one[0] for one in runs])
    told("processor", "ms", [one[1] for one in runs])
    told("resident", "MB", [one[2] for one in runs])
    return 0


if __name__ == "__main__":
    sys.exit(main())
