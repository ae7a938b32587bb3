"""What is about to leave, and what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from makegood.kit.ids import digest

BESIDE = 40
"""Letters shown to the left and the right of what was found."""


class Severity(StrEnum):
    """Refused where it cannot be right; a question where it may be."""

    REFUSE = "refuse"
    QUESTION = "question"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was found: why it stops, where it stands, and what to do about it."""

    check: str
    severity: Severity
    reason: str
    excerpt: str = ""
    before: str = ""
    after: str = ""
    way: str = ""

    @property
    def key(self) -> str:
        """What somebody says yes to: this question, of these words, and no other."""
        return f"{self.check}-{digest(f'{self.reason} {self.excerpt}')[:16]}"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A text on its way out, with everything that the checks want to know of it."""

    text: str
    subject: str = ""
    theirs: str = ""
    """What the customer wrote: words of theirs are never found fault with."""
    files: Sequence[str] = ()
    recipients: Sequence[str] = ()
    taking_part: Sequence[str] = ()
    ours: Sequence[str] = ()
    """Our own addresses."""
    house: str = ""
    """Where this install answers: `https://desk.shop.example`."""
    open_paths: Sequence[str] = ("/write/", "/c/")
    """What below it customers may open."""
    foreign: Sequence[tuple[str, str]] = ()
    """Words that are somebody else's, each with why: found out by whoever knows customers."""
    deaf: str = ""
    """Why an answer to this could not come in; empty where it can."""

    @cached_property
    def written(self) -> str:
        """Subject and text without what is quoted in it, line for line."""
        lines = [self.subject, *self.text.replace("\r\n", "\n").split("\n")]
        return "\n".join("" if line.lstrip()[:1] == ">" else line for line in lines)

    @cached_property
    def said_by_them(self) -> str:
        return self.theirs.lower()

    def is_theirs(self, words: str) -> bool:
        """Whether the customer used these very words."""
        return bool(words.strip()) and words.strip().lower() in self.said_by_them

    def found(
        self, check: str, severity: Severity, reason: str, span: tuple[int, int], *, way: str = ""
    ) -> Finding:
        """A finding about one place of the text, with a little of what stands beside it."""
        start, end = span
        text = self.written
        before = text[max(0, start - BESIDE) : start].rpartition("\n")[2]
        after = text[end : end + BESIDE].partition("\n")[0]
        return Finding(
            check=check,
            severity=severity,
            reason=reason,
            excerpt=text[start:end],
            before=before,
            after=after,
            way=way,
        )
