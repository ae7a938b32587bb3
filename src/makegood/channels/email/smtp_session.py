"""One conversation in SMTP or LMTP, as a machine of bytes in and bytes out: no socket, no clock.

A mail ends at CRLF.CRLF and nowhere else, and one with a bare CR or LF is refused, so that
nobody can hide a second mail in a first (security.md T10).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

MAX_LINE = 2_048
MAX_RECIPIENTS = 100
MAX_MISTAKES = 20
MAX_COMMANDS = 1_000
"""Between two mails: more than any sender needs."""
_END = b"\r\n.\r\n"
KEPT = "250 2.0.0 Kept"
NOT_NOW = "451 4.3.0 Could not keep it now, try again"
NO_ROOM = "452 4.3.1 The disk is full, try again later"


class Rules(Protocol):
    """What the house says to a sender before it takes a mail."""

    max_bytes: int

    def knows(self, recipient: str) -> bool:
        """Whether mail to this address is ours to take."""
        ...

    def has_room(self) -> bool:
        """Whether the disk may take another mail."""
        ...


@dataclass(slots=True)
class Finished:
    """A whole mail that waits to be kept before it is acknowledged."""

    sender: str
    recipients: list[str]
    helo: str
    content: bytes = field(repr=False)


class Session:
    """Feed it bytes; send what is in `out`; answer `finished` once it is on the disk."""

    def __init__(self, rules: Rules, *, hostname: str, is_lmtp: bool = False) -> None:
        self.rules = rules
        self.hostname = hostname
        self.is_lmtp = is_lmtp
        self.out = bytearray()
        self.finished: Finished | None = None
        self.is_over = False
        self.helo = ""
        self.mistakes = 0
        self.commands = 0
        self._buffer = bytearray()
        self._scanned = 0
        self._in_data = False
        self._too_large = False
        self._known = self._commands()
        self._forget()
        self._say(f"220 {hostname} {'LMTP' if is_lmtp else 'ESMTP'} Makegood")

    def receive(self, data: bytes) -> None:
        """Take what the other side sent, and go as far as it allows."""
        self._buffer += data
        self._go_on()

    @property
    def held(self) -> int:
        """How many bytes wait here for the rest of a line or a mail."""
        return len(self._buffer) + (len(self.finished.content) if self.finished else 0)

    def give_up(self) -> None:
        """Too much comes in at once: whoever sends the most is asked to come again."""
        self._end("421 4.3.2 Too much mail at once, try again later")

    def answer(self, words: str) -> None:
        """The mail is on the disk (`KEPT`), or could not be put there."""
        assert self.finished is not None
        for _recipient in self.finished.recipients if self.is_lmtp else [""]:
            self._say(words)
        self.finished = None
        self.commands = 0
        self._forget()
        self._go_on()

    def _go_on(self) -> None:
        while not self.is_over and self.finished is None:
            moved = self._read_data() if self._in_data else self._read_command()
            if not moved:
                break

    def _say(self, line: str) -> None:
        self.out += line.encode("ascii", "replace") + b"\r\n"

    def _end(self, line: str) -> None:
        self._say(line)
        self.is_over = True
        self._buffer.clear()

    def _forget(self) -> None:
        self._sender: str | None = None
        self._recipients: list[str] = []

    # ── Commands ──────────────────────────────────────────────────────────────

    def _read_command(self) -> bool:
        stop = self._buffer.find(b"\n", 0, MAX_LINE)
        if stop < 0:
            if len(self._buffer) >= MAX_LINE:
                self._end("500 5.5.2 Line too long")
            return False
        line = bytes(self._buffer[: stop + 1])
        del self._buffer[: stop + 1]
        if not line.endswith(b"\r\n") or b"\r" in line[:-2] or b"\0" in line:
            self._end("521 5.5.2 Lines end with CR LF here")
            return False
        self._obey(line[:-2].decode("utf-8", "surrogateescape"))
        return True

    def _obey(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        command = self._known.get(verb.upper())
        before = len(self.out)
        if command is None:
            self._say("500 5.5.1 I do not know this command")
        else:
            command(rest.strip())
        self.commands += 1
        if self.out[before : before + 1] == b"5":
            self.mistakes += 1
        if self.mistakes >= MAX_MISTAKES:
            self._end("421 4.7.0 Too many mistakes")
        elif self.commands >= MAX_COMMANDS:
            self._end("421 4.7.0 Too many commands")

    def _commands(self) -> dict[str, Callable[[str], None]]:
        hello = {"LHLO": self._ehlo} if self.is_lmtp else {"EHLO": self._ehlo, "HELO": self._helo}
        return {
            **hello,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "VRFY": self._vrfy,
            "QUIT": self._quit,
        }

    def _noop(self, _rest: str) -> None:
        self._say("250 2.0.0 Still here")

    def _vrfy(self, _rest: str) -> None:
        self._say("252 2.5.0 Send it and see")

    def _quit(self, _rest: str) -> None:
        self._end("221 2.0.0 Goodbye")

    def _helo(self, name: str) -> None:
        self._forget()
        self.helo = _printable(name[:255])
        self._say(f"250 {self.hostname}" if name else "501 5.5.4 Say your name")

    def _ehlo(self, name: str) -> None:
        self._forget()
        self.helo = _printable(name[:255])
        if not name:
            self._say("501 5.5.4 Say your name")
            return
        offers = ["PIPELINING", f"SIZE {self.rules.max_bytes}", "8BITMIME", "SMTPUTF8"]
        for line in [self.hostname, *offers]:
            self._say(f"250-{line}")
        self._say("250 ENHANCEDSTATUSCODES")

    def _mail(self, rest: str) -> None:
        path, words = _path(rest, "FROM:")
        if not self.helo:
            self._say("503 5.5.1 Say hello first")
        elif self._sender is not None:
            self._say("503 5.5.1 One sender at a time")
        elif path is None:
            self._say("501 5.1.7 That is no sender's address")
        elif _announced_size(words) > self.rules.max_bytes:
            self._say("552 5.3.4 Too large")
        elif not self.rules.has_room():
            self._say("452 4.3.1 The disk is nearly full, try again later")
        else:
            self._sender = path
            self._say("250 2.1.0 Go on")

    def _rcpt(self, rest: str) -> None:
        path, _words = _path(rest, "TO:")
        if self._sender is None:
            self._say("503 5.5.1 Who sends it?")
        elif not path:
            self._say("501 5.1.3 That is no address")
        elif len(self._recipients) >= MAX_RECIPIENTS:
            self._say("452 4.5.3 Too many recipients")
        elif not self.rules.knows(path):
            self._say("550 5.1.1 Nobody here has this address")
        else:
            self._recipients.append(path)
            self._say("250 2.1.5 Go on")

    def _data(self, rest: str) -> None:
        if rest:
            self._say("501 5.5.4 DATA stands alone")
        elif not self._recipients:
            self._say("503 5.5.1 To whom?")
        elif self._buffer:
            # Nobody who follows the rules sends before the go-ahead.
            self._end("521 5.5.0 Too early")
        else:
            self._in_data, self._too_large, self._scanned = True, False, 0
            self._buffer += b"\r\n"
            self._say("354 Go ahead, end with a dot on a line of its own")

    def _rset(self, _rest: str) -> None:
        self._forget()
        self._say("250 2.0.0 Forgotten")

    # ── The mail itself ───────────────────────────────────────────────────────

    def _read_data(self) -> bool:
        """Look for the end. The buffer begins with the line end of the DATA command."""
        stop = self._buffer.find(_END, max(0, self._scanned - len(_END)))
        if stop < 0:
            self._scanned = len(self._buffer)
            if self._scanned > self.rules.max_bytes + 2:
                self._too_large = True
            if self._too_large:
                del self._buffer[: -len(_END)]
                self._scanned = 0
            return False
        content = bytes(self._buffer[2 : stop + 2])
        del self._buffer[: stop + len(_END)]
        self._in_data = False
        if self._too_large or len(content) > self.rules.max_bytes:
            self._refuse("552 5.3.4 Too large")
        elif _has_bare_line_ends(content):
            self._refuse("554 5.6.0 Lines end with CR LF here")
        else:
            assert self._sender is not None
            kept = content.replace(b"\r\n.", b"\r\n")
            kept = kept[1:] if kept.startswith(b".") else kept
            self.finished = Finished(self._sender, self._recipients, self.helo, kept)
        return True

    def _refuse(self, words: str) -> None:
        for _recipient in self._recipients if self.is_lmtp else [""]:
            self._say(words)
        self._forget()


def _printable(text: str) -> str:
    """A sender may call itself by any bytes; what is stored of it is text."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _has_bare_line_ends(content: bytes) -> bool:
    pairs = content.count(b"\r\n")
    return content.count(b"\n") != pairs or content.count(b"\r") != pairs


def _path(rest: str, keyword: str) -> tuple[str | None, list[str]]:
    """The address of `FROM:<…> words`, and the words; None where it is none."""
    if rest[: len(keyword)].upper() != keyword:
        return None, []
    rest = rest[len(keyword) :].lstrip()
    begin, end = rest.find("<"), rest.rfind(">")
    if begin != 0 or end < 0:
        return None, []
    path, words = rest[1:end], rest[end + 1 :].split()
    if path.startswith("@") and ":" in path:
        path = path.partition(":")[2]
    is_fit = len(path) <= 320 and path.isprintable() and " " not in path
    is_address = not path or "@" in path[1:-1] or path.lower() == "postmaster"
    return (path if is_fit and is_address else None), words


def _announced_size(words: list[str]) -> int:
    for word in words:
        name, _, value = word.partition("=")
        if name.upper() == "SIZE" and value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
    return 0
