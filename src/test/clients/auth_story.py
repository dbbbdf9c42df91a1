#!/usr/bin/env python3
"""curl and gsasl log in by each mechanism they know, right and wrong, with TLS; curl by a Kerberos
ticket too when --ticket or --wrong-ticket names one. Tokens are signed by the key that --key names (RS256); the
server must know it as issuer https://id.example.test, audience mail."""

import base64
import json
import os
import shutil
import subprocess
import time

import place
from place import check

ENVIRONMENT = dict(os.environ)
DENIED = 67  # curl: the server refused the login


def curl(args, base, mechanism, *more):
    command = ["curl", "-sS", "-k", "--max-time", "60", "--login-options", f"AUTH={mechanism}"]
    done = subprocess.run(
        [*command, *more, base + "/"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        env=ENVIRONMENT,
    )
    return done.returncode, done.stderr.decode()


def opens(args, base, mechanism, *more):
    code, said = curl(args, base, mechanism, *more)
    check(code == 0, f"{mechanism} at {base}: {code} {said}")


def closed(args, base, mechanism, *more):
    code, said = curl(args, base, mechanism, *more)
    check(code == DENIED, f"{mechanism} at {base} with a wrong proof: {code} {said}")


def passwords(args, base, *tls):
    for mechanism in ("PLAIN", "LOGIN"):
        opens(args, base, mechanism, *tls, "-u", f"{args.user}:{args.password}")
        closed(args, base, mechanism, *tls, "-u", f"{args.user}:wrong")


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def token(args, user, seconds=600, audience="mail"):
    now = int(time.time())
    head = {"alg": "RS256", "kid": "one", "typ": "JWT"}
    claims = {
        "iss": "https://id.example.test", "aud": audience, "email": user, "email_verified": True,
        "iat": now - 10, "exp": now + seconds,
    }
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", args.key], input=signed.encode(),
        stdout=subprocess.PIPE, check=True,
    ).stdout
    return signed + "." + base64url(signature)


def tokens(args, base, *tls):
    for mechanism in ("OAUTHBEARER", "XOAUTH2"):
        user = ["-u", args.user + ":"]
        opens(args, base, mechanism, *tls, *user, "--oauth2-bearer", token(args, args.user))
        for wrong in (
            token(args, args.user, -600), token(args, args.user, audience="other"),
            token(args, args.user)[:-8] + "AAAAAAAA",
        ):
            closed(args, base, mechanism, *tls, *user, "--oauth2-bearer", wrong)


def scram(args, mechanism, *more):
    def run(password):
        return subprocess.run(
            ["gsasl", "--imap", "--connect", f"{args.host}:{args.imap}", "-m", mechanism,
             "-a", args.user, "-p", password, "--quiet", *more],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        )
    done = run(args.password)
    check(done.returncode == 0, f"gsasl {mechanism}: {done.stdout} {done.stderr}")
    check(run("wrong").returncode != 0, f"gsasl {mechanism} with a wrong password")


def kerberos(args, base, *tls):
    if args.ticket:
        ENVIRONMENT["KRB5CCNAME"] = args.ticket
        opens(args, base, "GSSAPI", *tls, "-u", ":")
    if args.wrong_ticket:
        ENVIRONMENT["KRB5CCNAME"] = args.wrong_ticket
        closed(args, base, "GSSAPI", *tls, "-u", ":")


if __name__ == "__main__":
    parser = place.arguments(__doc__)
    parser.add_argument("--key", default="", help="PEM file of the key that signs tokens")
    parser.add_argument("--binding", action="store_true", help="the server allows SCRAM-SHA-256-PLUS")
    parser.add_argument("--ticket", default="", help="file with a Kerberos ticket of the user")
    parser.add_argument("--wrong-ticket", default="", help="file with one that opens nothing")
    parser.add_argument("--name", default="localhost", help="the server's name in its principals")
    arguments = parser.parse_args()
    imap = f"imap://{arguments.host}:{arguments.imap}"
    pop3 = f"pop3://{arguments.host}:{arguments.pop3}"
    for places in (
        [imap], [imap, "--ssl-reqd"], [f"imaps://{arguments.host}:{arguments.imaps}"],
        [pop3], [pop3, "--ssl-reqd"], [f"pop3s://{arguments.host}:{arguments.pop3s}"],
    ):
        place.run(lambda: passwords(arguments, *places))
        if arguments.key:
            place.run(lambda: tokens(arguments, *places))
    if arguments.ticket or arguments.wrong_ticket:
        for places in (
            [f"imap://{arguments.name}:{arguments.imap}"],
            [f"imap://{arguments.name}:{arguments.imap}", "--ssl-reqd"],
            [f"pop3://{arguments.name}:{arguments.pop3}"],
            [f"pop3://{arguments.name}:{arguments.pop3}", "--ssl-reqd"],
        ):
            place.run(lambda: kerberos(arguments, *places))
    if shutil.which("gsasl"):
        tls = ["--starttls", "--x509-ca-file="]
        place.run(lambda: scram(arguments, "SCRAM-SHA-256", "--no-starttls"))
        place.run(lambda: scram(arguments, "SCRAM-SHA-256", "--no-cb", *tls))
        # Bound to the channel, by tls-exporter on TLS 1.3: the server allows it for --binding only.
        if arguments.binding:
            place.run(lambda: scram(arguments, "SCRAM-SHA-256-PLUS", *tls))
