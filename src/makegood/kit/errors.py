"""What a person is told when the rules say no."""

from django.utils.functional import Promise


class Refused(Exception):
    """The rules say no. The words are for the person who asked, and are shown as they are."""

    status = 409
    """What a page says it with."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)
