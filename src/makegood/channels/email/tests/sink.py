"""An SMTP server that does what a test tells it, and remembers what it was given."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Sink:
    """`answers` maps a verb (or "." for the end of a mail) to what is said instead of 250.

    "cut" closes the connection there; "cut after" takes the mail and then closes.
    """

    answers: dict[str, str] = field(default_factory=dict)
    offers: list[str] = field(default_factory=lambda: ["SIZE 30000000"])
    tls: ssl.SSLContext | None = None
    mails: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def settings(self, **more: object) -> dict[str, object]:
        return {"host": "127.0.0.1", "port": self.port, "security": "none", **more}

    def signed_in_with(self) -> list[str]:
        """What was said to sign in, in the clear."""
        words = [line.split(" ")[-1] for line in self.heard if line.upper().startswith("AUTH")]
        return [base64.b64decode(word).decode() for word in words]

    def serve(self, sock: socket.socket) -> None:
        stream = sock.makefile("rwb")

        def say(*lines: str) -> None:
            for line in lines:
                stream.write(line.encode() + b"\r\n")
            stream.flush()

        say("220 sink")
        while line := stream.readline():
            text = line.decode().strip()
            verb = text.split(" ")[0].upper()
            self.heard.append(text)
            answer = self.answers.get(verb, "")
            if answer == "cut":
                return
            if answer:
                say(answer)
            elif verb == "EHLO":
                say("250-sink", *[f"250-{offer}" for offer in self.offers], "250 OK")
            elif verb == "STARTTLS" and self.tls:
                say("220 Go")
                sock = self.tls.wrap_socket(sock, server_side=True)
                stream = sock.makefile("rwb")
            elif verb == "AUTH":
                say("235 OK")
            elif verb == "DATA":
                say("354 Go")
                if not self.take(stream):
                    return
                end = self.answers.get(".", "250 Taken")
                if end.startswith("cut"):
                    return
                say(end)
            elif verb == "QUIT":
                say("221 Bye")
                return
            else:
                say("250 OK")

    def take(self, stream: object) -> bool:
        lines: list[bytes] = []
        if self.answers.get(".") == "cut":
            return False
        for line in stream:  # type: ignore[attr-defined]
            if line == b".\r\n":
                if not self.answers.get(".", "").startswith(("4", "5")):
                    self.mails.append(b"".join(lines))
                return True
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return False


@contextmanager
def running(sink: Sink) -> Iterator[Sink]:
    door = socket.create_server(("127.0.0.1", 0))
    door.settimeout(0.2)
    sink.port = door.getsockname()[1]
    stop = threading.Event()

    def accept() -> None:
        while not stop.is_set():
            try:
                sock, _address = door.accept()
            except TimeoutError:
                continue
            sock.settimeout(120)
            with sock:
                try:
                    sink.serve(sock)
                except OSError:
                    continue

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield sink
    finally:
        stop.set()
        thread.join()
        door.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but the test trusts, and its key."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_path, key_path
