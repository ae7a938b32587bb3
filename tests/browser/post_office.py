"""The customers' mail server: takes what the desk sends and keeps it to be read."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.served import free_port


class PostOffice:
    """An SMTP server on a free port. `letters` are the mails that reached it."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.port = free_port()
        self._door = Controller(self, hostname="127.0.0.1", port=self.port)

    def open(self) -> "PostOffice":
        self._door.start()
        return self

    def close(self) -> None:
        self._door.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 Kept"

    def count_with(self, words: str) -> int:
        return sum(words in self._text_of(letter) for letter in self.letters)

    def letter_with(self, words: str) -> EmailMessage | None:
        """The newest letter in whose text these words stand."""
        return next((one for one in reversed(self.letters) if words in self._text_of(one)), None)

    @staticmethod
    def _text_of(letter: EmailMessage) -> str:
        body = letter.get_body(("plain", "html"))
        return str(body.get_content()) if body is not None else ""
