#!/usr/bin/env python3
"""Thunderbird sets up an account from the served autoconfig, reads, marks, files and tags mail, and sees what others do by IDLE and CONDSTORE."""

import base64
import pathlib
import re
import shutil
import sys
import tempfile
import time

import marionette
import place
from place import check, ok

ASIDE = "Thunderbird/Äpfel & Birnen"
FOLDERS = [ASIDE, "Thunderbird/Deep/Deeper"]
SUBJECTS = ["Größe", "Second", "Third", "Fourth"]
ARRIVED = "Arrived while it idles"
SEEN = rb"FETCH .*\\Seen"

# The first version whose account set-up is the one that is driven here.
OLDEST = 140

# It reaches this machine only, whatever the names: its own services are not called.
PREFS = {
    "network.dns.forceResolve": "127.0.0.1",
    "network.dns.disableIPv6": True,
    "mailnews.auto_config_url": "",
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "mail.shell.checkDefaultClient": False,
    "mail.rights.version": 1,
    "app.update.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "extensions.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "mail.server.default.use_condstore": True,
    "mail.biff.show_alert": False,
    "mail.biff.play_sound": False,
    "mail.setup.loglevel": "All",
}

# What all scripts have.
COMMON = """
  const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
  const win = Services.wm.getMostRecentWindow("mail:3pane");
  const timer = ms => new Promise(resolve => win.setTimeout(resolve, ms));
  const until = async (what, test) => {
    const end = Date.now() + 60000;
    for (;;) {
      const value = await test();
      if (value) {
        return value;
      }
      if (Date.now() > end) {
        throw new Error("no " + what);
      }
      await timer(50);
    }
  };
  const server = () => MailServices.accounts.allServers.find(s => s.type == "imap");
  const folder = path => {
    let found = server().rootFolder;
    for (const name of path.split("/")) {
      found = found.subFolders.find(f => f.name.toLowerCase() == name.toLowerCase());
      if (!found) {
        return null;
      }
    }
    return found;
  };
  const headers = path => [...folder(path).msgDatabase.enumerateMessages()];
  const header = (path, subject) => headers(path).find(h => h.mime2DecodedSubject == subject);
  const update = path => new Promise((resolve, reject) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(["nsIUrlListener"]),
      OnStartRunningUrl() {},
      OnStopRunningUrl(url, status) {
        Components.isSuccessCode(status) ? resolve() : reject(new Error("update of " + path + ": " + status));
      },
    };
    folder(path).QueryInterface(Ci.nsIMsgImapMailFolder).updateFolderWithListener(win.msgWindow, listener);
  });
"""

# Shows a message as a click on it does, and returns its text.
SHOWS = """
  const [path, subject] = args;
  const pane = await until("pane", () => win.document.getElementById("tabmail").currentAbout3Pane);
  pane.displayFolder(folder(path).URI);
  const row = await until("row of " + subject, () => {
    const view = pane.gDBView;
    for (let n = 0; view?.viewFolder == folder(path) && n < view.rowCount; n++) {
      if (view.getMsgHdrAt(n).mime2DecodedSubject == subject) {
        return { n };
      }
    }
    return null;
  });
  pane.threadTree.selectedIndex = row.n;
  return until("text of " + subject, () => {
    const shown = pane.messageBrowser.contentWindow;
    return shown?.gMessage?.mime2DecodedSubject == subject
      && shown.getMessagePaneBrowser()?.contentDocument?.body?.textContent.trim();
  });
"""

# Opens a new connection, which reads what has changed since the last.
RECONNECTS = """
  server().closeCachedConnections();
  await update("INBOX");
"""

MARKS = """
  const [starred, tagged] = args;
  folder("INBOX").markMessagesFlagged([header("INBOX", starred)], true);
  folder("INBOX").addKeywordsToMessages([header("INBOX", tagged)], "$label1");
"""

MOVES = """
  const [path, subject] = args;
  await new Promise((resolve, reject) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
      onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() {},
      onStopCopy(status) {
        Components.isSuccessCode(status) ? resolve() : reject(new Error("move: " + status));
      },
    };
    const moved = [header("INBOX", subject)];
    MailServices.copy.copyMessages(folder("INBOX"), moved, folder(path), true, listener, win.msgWindow, false);
  });
"""

DELETES = """
  folder("INBOX").deleteMessages([header("INBOX", args[0])], win.msgWindow, false, false, null, false);
"""

FILES = """
  const [path, text] = args;
  const file = Services.dirsvc.get("TmpD", Ci.nsIFile);
  file.append("filed.eml");
  file.createUnique(Ci.nsIFile.NORMAL_FILE_TYPE, 0o600);
  await IOUtils.writeUTF8(file.path, text);
  try {
    await new Promise((resolve, reject) => {
      const listener = {
        QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
        onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() {},
        onStopCopy(status) {
          Components.isSuccessCode(status) ? resolve() : reject(new Error("file: " + status));
        },
      };
      MailServices.copy.copyFileMessage(
        file, folder(path), null, false, Ci.nsMsgMessageFlags.Read, "", listener, win.msgWindow);
    });
  } finally {
    await IOUtils.remove(file.path);
  }
"""

TRUST = """
  Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(args[0], "CT,C,C");
  // The one lookup that does not go the way of the others.
  ChromeUtils.importESModule("resource:///modules/DNS.sys.mjs").DNS.mx = async () => [];
"""

HUB = """
  const hub = await until("account hub", () => win.document.querySelector("account-hub-container"));
  const find = selector => {
    const roots = [hub, hub.shadowRoot, hub.modal].filter(Boolean);
    for (const root of roots) {
      const found = root.querySelector(selector);
      if (found) {
        return found;
      }
    }
    return null;
  };
  const view = () => find("account-hub-email");
  const step = async id => {
    try {
      return await until("step " + id, () => {
        const there = find("#" + id);
        return there && !there.hidden && !view().classList.contains("busy") && there;
      });
    } catch (error) {
      const shown = [...(view()?.querySelectorAll(".account-hub-step") ?? [])].find(s => !s.hidden);
      throw new Error(error.message + "; shown: " + shown?.id + " " + shown?.textContent.replace(/\\s+/g, " "));
    }
  };
  const type = (root, selector, text) => {
    const input = root.querySelector(selector);
    input.value = text;
    input.dispatchEvent(new win.Event("input", { bubbles: true }));
  };
  const forward = async () => {
    const button = await until("button", () => {
      const there = view().querySelector("account-hub-footer #forward");
      return there && !there.disabled && there;
    });
    button.click();
  };
"""

OPENS = """
  if (!win.document.querySelector("account-hub-container")) {
    await win.openAccountHub("MAIL");
  }
"""

FINDS = """
  const [address] = args;
  const form = await step("emailAutoConfigSubview");
  type(form, "#realName", "A Person");
  type(form, "#email", address);
  await forward();
  const found = await step("emailConfigFoundSubview");
  return found.textContent.replace(/\\s+/g, " ");
"""

LOGS_IN = """
  const [password] = args;
  await forward();
  const form = await step("emailPasswordSubview");
  type(form, "#password", password);
  await forward();
  await step("emailAddedSuccessSubview");
  const s = server();
  return {
    host: s.hostname, port: s.port, socket: s.socketType, auth: s.authMethod, user: s.username,
    smtp: MailServices.outgoingServer.defaultServer.serverURI.spec,
  };
"""

CLOSES = """
  await forward();
  await until("end of the account hub", () => !hub.modal.open);
"""


class Thunderbird:
    def __init__(self, program, pictures):
        self.program = program
        self.pictures = pictures

    def run(self, script, *arguments, seconds=120):
        return self.program.run(COMMON + script, *arguments, seconds=seconds)

    def hub(self, script, *arguments):
        return self.run(HUB + script, *arguments)

    def until(self, what, expression, *arguments):
        """Waits until the expression is true."""
        self.run(f"await until(args[0], () => {expression});", what, *arguments)

    def logged(self, pattern):
        """Waits until a line of its log of IMAP has the expression."""
        file = self.program.profile / "imap.log.moz_log"
        end = time.monotonic() + 60
        while not re.search(pattern, file.read_text(errors="replace")):
            check(time.monotonic() < end, f"not in the log: {pattern}")
            # Another program writes the file; there is no event to wait for.
            time.sleep(0.1)

    def picture(self, name):
        if self.pictures:
            data = self.program.call("WebDriver:TakeScreenshot", full=True)
            (pathlib.Path(self.pictures) / f"{name}.png").write_bytes(base64.b64decode(data))


def sets_up(args, thunderbird):
    """The account is made from the autoconfig alone: name, address and password are typed."""
    der = "".join(line for line in pathlib.Path(args.ca).read_text().splitlines() if "CERTIFICATE" not in line)
    thunderbird.run(TRUST, der)
    thunderbird.run(OPENS)
    shown = thunderbird.hub(FINDS, args.user)
    check(args.name in shown, shown)
    thunderbird.picture("found")
    account = thunderbird.hub(LOGS_IN, args.password)
    # TLS from the first octet: 3; a password as it is: 3.
    check((account["socket"], account["auth"]) == (3, 3), account)
    check((account["host"], account["port"], account["user"]) == (args.name, 993, args.user), account)
    check("465" in account["smtp"], account)
    thunderbird.picture("added")
    thunderbird.hub(CLOSES)


def lists_and_reads(args, thunderbird):
    """The folders and messages are those of the server; a message that is shown becomes read there."""
    for name in FOLDERS:
        thunderbird.until(f"folder {name}", "folder(args[1])", name)
    thunderbird.until("messages", 'headers("INBOX").length == args[1]', len(SUBJECTS))
    shown = thunderbird.run('return headers("INBOX").map(h => h.mime2DecodedSubject);')
    check(sorted(shown) == sorted(SUBJECTS), shown)
    with place.Watch(args, "INBOX") as watch:
        text = thunderbird.run(SHOWS, "INBOX", SUBJECTS[0])
        check("Grüße 1" in text, text)
        watch.until(SEEN)


def sees_others(args, thunderbird):
    """A message that arrives, a flag that is set and a message that goes away are seen while it idles."""
    thunderbird.logged(r"S-INBOX:SendData: \d+ IDLE")
    place.deliver(args, mail(ARRIVED, 9))
    thunderbird.until("new message", 'header("INBOX", args[1])', ARRIVED)
    with place.session(args) as client:
        ok(client.select("INBOX"))
        ok(client.store("2", "+FLAGS", r"(\Flagged)"))
        thunderbird.until("star", 'header("INBOX", args[1]).isFlagged', SUBJECTS[1])
        ok(client.store("3", "+FLAGS", r"(\Deleted)"))
        ok(client.expunge())
        thunderbird.until("end of a message", '!header("INBOX", args[1])', SUBJECTS[2])


def resyncs(args, thunderbird):
    """What has changed between two connections is read by CONDSTORE."""
    with place.session(args) as client:
        ok(client.select("INBOX"))
        thunderbird.run("server().closeCachedConnections();")
        ok(client.store("2", "-FLAGS", r"(\Flagged)"))
        ok(client.store("3", "+FLAGS", r"(\Answered)"))
        thunderbird.run(RECONNECTS)
        thunderbird.until("end of the star", '!header("INBOX", args[1]).isFlagged', SUBJECTS[1])
        thunderbird.until("reply", 'header("INBOX", args[1]).flags & Ci.nsMsgMessageFlags.Replied', SUBJECTS[3])
    thunderbird.logged(r"SendData: \d+ UID fetch 1:\* \(FLAGS\) \(CHANGEDSINCE [1-9]\d*\)")


def changes(args, thunderbird):
    """Stars, tags, a move, a deletion, and a message that is filed arrive at the server."""
    with place.Watch(args, "INBOX") as watch:
        thunderbird.run(MARKS, SUBJECTS[0], SUBJECTS[1])
        watch.until(rb"FETCH .*\$label1")
        thunderbird.run(MOVES, ASIDE, SUBJECTS[1])
        watch.until(rb"EXPUNGE|VANISHED")
        thunderbird.run(DELETES, SUBJECTS[3])
        watch.until(rb"EXPUNGE|VANISHED")
    filed = mail("Filed", 10, 300_000)
    thunderbird.run(FILES, ASIDE, filed.decode())
    with place.session(args) as client:
        inbox = place.contents(client, "INBOX")
        aside = place.contents(client, place.utf7(ASIDE))
        trash = place.contents(client, "Trash")
    check(sorted(inbox.values()) == [[], ["\\Flagged", "\\Seen"]], inbox)
    check(sorted(aside.values()) == [["$label1"], ["\\Seen"]], aside)
    check(aside[place.digest(filed)] == ["\\Seen"], "the filed message differs")
    check(list(trash.values()) == [["\\Answered"]], trash)


def mail(subject, n, size=0):
    """A message in UTF-8 of at least this many octets."""
    filling = "".join(f"{line:07d} Füllung\r\n" for line in range(size // 18))
    return (
        f"From: sender@example.test\r\nTo: reader@example.test\r\n"
        f"Subject: =?utf-8?B?{base64.b64encode(subject.encode()).decode()}?=\r\n"
        f"Date: Mon, 05 Jan 2026 09:12:{n:02d} +0100\r\nMessage-ID: <{n}.thunderbird@example.test>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"\r\nGrüße {n}\r\n{filling}"
    ).encode()


def prepare(args):
    """What the account has: two folders, and these messages in INBOX alone."""
    with place.session(args) as client:
        place.clean(client, "Thunderbird")
        for name in FOLDERS:
            ok(client.create(f'"{place.utf7(name)}"'))
            ok(client.subscribe(f'"{place.utf7(name)}"'))
        for name in ("INBOX", "Trash"):
            if int(ok(client.select(name))[0]):
                ok(client.store("1:*", "+FLAGS", r"(\Deleted)"))
                ok(client.expunge())
    for n, subject in enumerate(SUBJECTS):
        place.deliver(args, mail(subject, n + 1))


def story(args):
    place.needs("thunderbird", ["--version"])
    place.needs("Xvfb")
    version = place.program(["thunderbird", "--version"])
    if int(re.search(r"(\d+)\.", version)[1]) < OLDEST:
        print(f"skipped: {version.strip()} sets up accounts otherwise; this needs {OLDEST}")
        sys.exit(place.SKIPPED)
    prepare(args)
    profile = tempfile.mkdtemp(prefix="thunderbird-")
    # It uses the ports of the services, which only a process of the system could open here.
    there = {80: args.page, 443: args.pages, 143: args.imap, 993: args.imaps}
    prefs = {**PREFS, "network.socket.forcePort": ";".join(f"{port}={to}" for port, to in there.items())}
    environment = {"MOZ_LOG": "IMAP:4,sync", "MOZ_LOG_FILE": profile + "/imap.log"}
    try:
        with (
            marionette.Display() as display,
            marionette.Program("thunderbird", profile, prefs, display, environment) as program,
        ):
            thunderbird = Thunderbird(program, args.pictures)
            try:
                sets_up(args, thunderbird)
                lists_and_reads(args, thunderbird)
                thunderbird.picture("read")
                sees_others(args, thunderbird)
                resyncs(args, thunderbird)
                changes(args, thunderbird)
                thunderbird.picture("changed")
            except BaseException:
                thunderbird.picture("failed")
                raise
    finally:
        shutil.rmtree(profile, ignore_errors=True)
    with place.session(args) as client:
        place.clean(client, "Thunderbird")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--page", type=int, required=True, help="port of the settings page, HTTP")
    parser.add_argument("--pages", type=int, required=True, help="port of the settings page, HTTPS")
    parser.add_argument("--ca", required=True, help="the certificate authority, as PEM")
    parser.add_argument("--name", default="mail.example.test", help="the server's name in its certificate")
    parser.add_argument("--pictures", help="a directory for screenshots")
    arguments = parser.parse_args()
    place.run(lambda: story(arguments))
