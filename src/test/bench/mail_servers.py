"""The servers of beside_dovecot.py: a package of Postern with its PostgreSQL and Redis, and Debian's Dovecot.

Both keep their data in a directory of their own, listen on the loopback interface only, at free ports, and
have the accounts u0@example.test, u1@example.test ... with the password "secret".
"""

import contextlib
import getpass
import grp
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from idle_scale import FLAGS, Server, free_ports
from login import processor
from mail_clients import Imap

ACCOUNTS = 40
PASSWORD = "secret"

# Each account has a user of its own: the kernel counts file watches by user.
FIRST_USER = 300_000


def account(number):
    return f"u{number}@example.test"


def family(roots):
    """Processes and all below them."""
    above = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            above[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    below = set(roots)
    while True:
        more = {pid for pid, parent in above.items() if parent in below} - below
        if not more:
            return below
        below |= more


class Measurable:
    """A server whose processor time and memory can be read, those of all its processes together."""

    def roots(self):
        """The processes that the others are below."""
        return [self.process.pid]

    def cpu(self):
        return processor(self.roots())

    def memory(self):
        """Megabytes; a page that several processes share is divided between them (PSS)."""
        total = 0
        for pid in family(self.roots()):
            with contextlib.suppress(OSError):
                for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
        return total / 1000


class NativeServer(Server):
    """A native executable. It brings no servers along: those of a package are started for it."""

    def __init__(self, args, flags, settings=()):
        bundled = [setting for setting in settings if "mail.demo." in setting]
        self.servers = BundledServers(args, bundled)
        data = pathlib.Path(args.data)
        database = f"127.0.0.1:{postmaster(data)[3]}/postgres"
        password = (data / "password").read_text().strip()
        redis = re.search(r"^port (\d+)", (data / "servers/redis.conf").read_text(), re.M)[1]
        command = [
            args.native,
            *(flag for flag in flags if not flag.startswith("-XX:")),
            f"-Dquarkus.datasource.reactive.url=postgresql://{database}",
            f"-Dquarkus.datasource.jdbc.url=jdbc:postgresql://{database}",
            "-Dquarkus.datasource.username=postern",
            f"-Dquarkus.datasource.password={password}",
            f"-Dquarkus.redis.hosts=redis://:{password}@127.0.0.1:{redis}",
            f"-Dquarkus.tls.mail.key-store.pem.0.cert={data}/tls/mail.crt",
            f"-Dquarkus.tls.mail.key-store.pem.0.key={data}/tls/mail.key",
        ]
        own = [setting for setting in settings if setting not in bundled]
        self.launch(args, [*command, *self.listeners(), *own])

    def stop(self):
        super().stop()
        self.servers.stop()


class BundledServers(Server):
    """A package that serves no mail, for its PostgreSQL and Redis."""

    def __init__(self, args, settings):
        self.java = pathlib.Path(args.java)
        ports = ["-Dquarkus.http.port=0", "-Dquarkus.management.port=0"]
        self.launch(args, [*self.package(args, ["-Xmx128m"]), *ports, *settings, "-jar", "quarkus-run.jar"])


def postmaster(data):
    """The lines of PostgreSQL's file: the process, the directory, the time, the port."""
    return (data / "servers/postgresql/postmaster.pid").read_text().splitlines()


class Postern(Measurable):
    """The package, or the native executable, with the servers that are bundled with the package."""

    name = "Postern"

    def __init__(self, args, directory):
        self.args = args
        self.args.data = str(directory / "postern")
        os.makedirs(self.args.data)
        self.start()

    def start(self):
        self.pop3 = free_ports(1)[0]
        settings = [
            f"-Dmail.demo.bulk-accounts={ACCOUNTS}",
            "-Dmail.imap.login-type=plain-text-login",
            "-Dmail.pop3.enabled=true",
            "-Dmail.pop3.login-type=plain-text-login",
            f"-Dmail.pop3.unencrypted-or-tls-bindings=127.0.0.1:{self.pop3}",
            "-Dmail.pop3.ssl-bindings=",
            "-Dmail.drain.spread=PT0S",
        ]
        start = NativeServer if getattr(self.args, "native", "") else Server
        self.server = start(self.args, self.args.jvm.split() if self.args.jvm else FLAGS, settings)
        self.process = self.server.process
        self.imap, self.imaps, self.lmtp = self.server.imap, self.server.imaps, self.server.lmtp

        data = pathlib.Path(self.args.data)
        self.postgres = int(postmaster(data)[0])
        self.redis = int((data / "servers/redis.pid").read_text())

    def roots(self):
        return [self.process.pid, self.postgres, self.redis]

    def certificate(self):
        """Certificate and key, for the other server: handshakes are to cost both the same."""
        tls = pathlib.Path(self.args.data) / "tls"
        return tls / "mail.crt", tls / "mail.key"

    def stop(self):
        self.server.stop()


CONFIGURATION = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
listen = 127.0.0.1
protocols = imap pop3 lmtp
ssl = yes
ssl_cert = <{root}/mail.crt
ssl_key = <{root}/mail.key
disable_plaintext_auth = no
auth_mechanisms = plain
auth_cache_size = 8M
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {root}/accounts
}}
userdb {{
  driver = passwd-file
  args = {root}/accounts
}}
mail_location = {format}:~/{format}
mail_fsync = {fsync}
mail_max_userip_connections = 0
first_valid_uid = 1
first_valid_gid = 1
default_process_limit = 2000
default_client_limit = 8000
default_vsz_limit = 0
service imap-login {{
  {chroot}
  service_count = 0
  process_min_avail = 2
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  {chroot}
  service_count = 0
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service lmtp {{
  process_min_avail = 2
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  {chroot}
}}
{users}
{more}
"""


class Dovecot(Measurable):
    """Debian's Dovecot; it needs no rights of root, and gives each account a user of its own if it has them."""

    def __init__(self, args, directory, fsync, certificate, more=""):
        self.name = "Dovecot" if fsync == "optimized" else f"Dovecot, mail_fsync={fsync}"
        self.format = args.format
        self.fsync = fsync
        self.more = more
        self.root = directory / f"dovecot-{fsync}"
        self.root.mkdir()
        self.root.chmod(0o755)
        for source, name in zip(certificate, ("mail.crt", "mail.key")):
            shutil.copyfile(source, self.root / name)
        self.accounts()
        self.start()

    @staticmethod
    def check():
        if not shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin"):
            raise SystemExit("no dovecot: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd")
        missing = [name for name in ("imap", "pop3", "lmtp")
                   if not pathlib.Path("/usr/lib/dovecot", name).exists()]
        if missing:
            raise SystemExit("apt-get install " + " ".join(f"dovecot-{name}d" for name in missing))

    def accounts(self):
        lines = []
        for number in range(ACCOUNTS):
            home = self.root / "mail" / account(number)
            home.mkdir(parents=True)
            user, group = os.getuid(), os.getgid()
            if user == 0:
                user = group = FIRST_USER + number
                os.chown(home, user, group)
            lines.append(f"{account(number)}:{PASSWORD}:{user}:{group}::{home}::\n")
        (self.root / "mail").chmod(0o755)
        (self.root / "accounts").write_text("".join(lines))

    def start(self):
        self.imap, self.imaps, self.pop3, self.lmtp = free_ports(4)
        users = chroot = ""
        if os.getuid() != 0:
            me = getpass.getuser()
            users = f"default_internal_user = {me}\ndefault_login_user = {me}\n"
            users += f"default_internal_group = {grp.getgrgid(os.getgid()).gr_name}\n"
            chroot = "chroot ="
        (self.root / "dovecot.conf").write_text(
            CONFIGURATION.format(**vars(self), chroot=chroot, users=users)
        )
        command = [shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin"), "-F"]
        self.process = subprocess.Popen(
            command + ["-c", str(self.root / "dovecot.conf")], stdin=subprocess.DEVNULL
        )
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):
                Imap(self.imap).close()
                return
            time.sleep(0.1)
        log = self.root / "dovecot.log"
        self.stop()
        raise SystemExit("dovecot does not start:\n" + (log.read_text() if log.exists() else ""))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
