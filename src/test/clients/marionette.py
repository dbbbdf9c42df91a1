"""A client of Marionette, the protocol by which Mozilla's programs are driven: JSON over TCP, a length before each packet."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time

from place import check

START_SECONDS = 120
ACTIVE_PORT = "MarionetteActivePort"


class ScriptError(AssertionError):
    """What a script threw, or that it took too long."""


class Display:
    """A screen in memory, on a free display number."""

    def __init__(self, size="1280x900x24"):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as number:
            self.name = ":" + number.readline().strip()
        check(self.name != ":", "Xvfb does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


class Program:
    """A program of Mozilla with a profile, on a display, driven from its privileged scope."""

    def __init__(self, command, profile, prefs, display, environment):
        self.profile = pathlib.Path(profile)
        prefs = {"marionette.port": 0, **prefs}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items()]
        (self.profile / "user.js").write_text("".join(lines), encoding="utf-8")
        self.log = (self.profile / "output.log").open("wb")
        self.process = subprocess.Popen(
            [command, "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", str(profile)],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                **environment,
                "DISPLAY": display.name,
                "HOME": str(profile),
                "MOZ_CRASHREPORTER_DISABLE": "1",
            },
            start_new_session=True,
        )
        self.number = 0
        self.connection = None
        try:
            self.connection = self._connect()
            self.packets = self.connection.makefile("rb")
            self._read()
            self.call("WebDriver:NewSession", capabilities={})
            self.call("Marionette:SetContext", value="chrome")
        except BaseException:
            self.close()
            raise

    def _connect(self):
        """The port is in a file of the profile as soon as it is open."""
        end = time.monotonic() + START_SECONDS
        file = self.profile / ACTIVE_PORT
        while time.monotonic() < end:
            check(self.process.poll() is None, f"the program ended: {self.output()}")
            text = file.read_text(encoding="ascii") if file.exists() else ""
            if text.strip().isdigit():
                return socket.create_connection(("127.0.0.1", int(text)), timeout=START_SECONDS)
            # Another program writes the file; there is no event to wait for.
            time.sleep(0.1)
        raise AssertionError(f"the program does not listen: {self.output()}")

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            octet = self.packets.read(1)
            check(octet, f"the program closed the connection: {self.output()}")
            length += octet
        return json.loads(self.packets.read(int(length[:-1])))

    def call(self, command, **parameters):
        """Sends a command and returns its result."""
        self.number += 1
        packet = json.dumps([0, self.number, command, parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(packet), packet))
        while True:
            _, number, error, result = self._read()
            if number == self.number:
                break
        if error:
            raise ScriptError(f"{error['message']}\n{error.get('stacktrace', '')}")
        return result.get("value") if isinstance(result, dict) else result

    def run(self, script, *arguments, seconds=60):
        """Runs the body of an async function; its arguments are in `args`, its result must be JSON."""
        self.call("WebDriver:SetTimeouts", script=int(seconds * 1000))
        self.connection.settimeout(seconds + 30)
        body = f"""
          const done = arguments[arguments.length - 1];
          const args = Array.from(arguments).slice(0, -1);
          (async () => {{ {script} }})().then(
            value => done({{value: value ?? null}}),
            error => done({{error: `${{error}}\\n${{error.stack || ""}}`}}));
        """
        outcome = self.call(
            "WebDriver:ExecuteAsyncScript", script=body, args=list(arguments), newSandbox=False, sandbox="system"
        )
        if "error" in outcome:
            raise ScriptError(outcome["error"])
        return outcome["value"]

    def output(self):
        return (self.profile / "output.log").read_text(errors="replace")[-3000:]

    def close(self):
        """Ends it, and the processes that it started."""
        if self.connection:
            self.connection.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(20)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
