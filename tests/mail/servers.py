"""A real Dovecot and a real Postfix on free ports of this machine, in a folder of their own.

Two domains: `shop.test`, where the desk has its mailbox, and `customer.test`, where Ida has
hers. Postfix delivers to Dovecot by LMTP and bounces what nobody can take.
"""

import http.server
import imaplib
import json
import os
import pwd
import shutil
import smtplib
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from makegood.channels.email.tests.sink import certificate
from tests.mail import configuration
from tests.served import free_port

PASSWORD = "secret"
TOKEN = "a-token-that-is-valid"


class MailServers:
    """Both servers. `accounts` are added while they run."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="makegood-mail."))
        self.home.chmod(0o755)
        self.imap, self.imaps, self.smtp, self.submission = (free_port() for _ in range(4))
        self.tokens = _TokenServer()
        self.certificate, self.key = certificate(self.home)

    def start(self) -> "MailServers":
        for name in ("spool", "data", "mail", "run", "dovecot", "postfix"):
            (self.home / name).mkdir()
        _own(self.home / "mail", _mail_owner())
        _own(self.home / "data", "postfix")
        self.tokens.start()
        (self.home / "dovecot/users").write_text("")
        (self.home / "dovecot/oauth2.conf").write_text(configuration.oauth(self))
        (self.home / "dovecot/dovecot.conf").write_text(configuration.dovecot(self))
        (self.home / "postfix/main.cf").write_text(configuration.main_cf(self))
        (self.home / "postfix/master.cf").write_text(configuration.master_cf(self))
        for account in ("support@shop.test", "anna@customer.test"):
            self.add(account)
        self.add("full@customer.test", "userdb_quota_rule=*:storage=20K")
        _run("dovecot", "-c", self._dovecot)
        _run("postfix", "-c", self._postfix, "start")
        _wait_for_port(self.imap)
        _wait_for_port(self.smtp)
        return self

    def stop(self) -> None:
        _run("postfix", "-c", self._postfix, "stop", check=False)
        _run("doveadm", "-c", self._dovecot, "stop", check=False)
        self.tokens.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def add(self, address: str, more: str = "") -> None:
        with (self.home / "dovecot/users").open("a") as users:
            users.write(f"{address}:{{PLAIN}}{PASSWORD}::::::{more}\n")

    def doveadm(self, *arguments: str) -> str:
        return _run("doveadm", "-c", self._dovecot, *arguments)

    @property
    def _dovecot(self) -> str:
        return str(self.home / "dovecot/dovecot.conf")

    @property
    def _postfix(self) -> str:
        return str(self.home / "postfix")

    def settings(self, account: str = "support@shop.test", **more: Any) -> dict[str, Any]:
        """How an inbox of the desk reaches its mailbox here."""
        common = {"host": "localhost", "security": "starttls", "username": account}
        return {
            "imap": {**common, "port": self.imap},
            "smtp": {**common, "port": self.submission},
            **more,
        }

    def send(self, sender: str, to: str, mail: EmailMessage) -> None:
        """A customer's program hands a mail to Postfix."""
        with smtplib.SMTP("localhost", self.smtp, timeout=120) as client:
            client.starttls(context=ssl.create_default_context(cafile=str(self.certificate)))
            client.sendmail(sender, [to], mail.as_bytes(policy=policy.SMTP))

    @contextmanager
    def signed_in(self, account: str) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("localhost", self.imap)
        client.login(account, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def inbox(self, account: str) -> list[EmailMessage]:
        """What lies in somebody's mailbox."""
        with self.signed_in(account) as client:
            client.select("INBOX", readonly=True)
            _ok, [found] = client.search(None, "ALL")
            mails = []
            for number in found.split():
                _ok, data = client.fetch(number, "(BODY.PEEK[])")
                mails.append(message_from_bytes(data[0][1], policy=policy.default))  # type: ignore[index,arg-type]
            return mails

    def wait_for_mail(self, account: str, subject: str, seconds: float = 120) -> EmailMessage:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in self.inbox(account):
                if subject in str(mail["Subject"]):
                    return mail
            time.sleep(0.1)
        raise AssertionError(f"No mail “{subject}” for {account}.\n{self.log()}")

    def log(self) -> str:
        logs = [self.home / "postfix.log", self.home / "dovecot.log"]
        return "\n".join(log.read_text()[-3000:] for log in logs if log.exists())


class _TokenServer:
    """Tells Dovecot whether an OAuth token is good (RFC 7662)."""

    def __init__(self) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                given = urllib.parse.parse_qs(body.decode()).get("token")
                good = {"active": True, "email": "support@shop.test"}
                answer = json.dumps(good if given == [TOKEN] else {"active": False}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: Any) -> None:
                """Nothing to say."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def _run(*command: str, check: bool = True) -> str:
    # Debian keeps these where an ordinary PATH does not look. A file and no pipe: a server
    # that goes to the background would hold the pipe open for ever.
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            timeout=300,
            env={**os.environ, "PATH": path},
        )
        said.seek(0)
        words = said.read()
    assert not check or done.returncode == 0, f"{command}: {words}"
    return words


def _mail_owner() -> str:
    try:
        pwd.getpwnam("vmail")
    except KeyError:
        _run("useradd", "-r", "-M", "-s", "/usr/sbin/nologin", "vmail")
    return "vmail"


def _own(folder: Path, name: str) -> None:
    shutil.chown(folder, name, pwd.getpwnam(name).pw_gid)


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with smtplib.socket.create_connection(("127.0.0.1", port), timeout=10):  # type: ignore[attr-defined]
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"Nothing listens on {port}.")
