"""The checks, one after the other. A check is a function from a `Sheet` to findings."""

from collections.abc import Callable, Iterable, Sequence

from makegood.guard.files import missing_files
from makegood.guard.languages import other_language
from makegood.guard.links import odd_addresses, odd_links
from makegood.guard.people import deaf_sender, foreign_words, odd_recipients
from makegood.guard.placeholders import empty_salutation, placeholders
from makegood.guard.sheet import Finding, Severity, Sheet

Check = Callable[[Sheet], Iterable[Finding]]

CHECKS: Sequence[Check] = (
    placeholders, empty_salutation, odd_links, odd_addresses, foreign_words, odd_recipients,
    deaf_sender, missing_files, other_language,
)  # fmt: skip
MOST = 8
LONGEST = 200_000


def check(sheet: Sheet) -> Sequence[Finding]:
    """Everything that was found, what is refused first; the same words are named once."""
    found: dict[str, Finding] = {}
    for look in CHECKS:
        for finding in look(sheet):
            found.setdefault(finding.key, finding)
    by_weight = sorted(found.values(), key=lambda one: one.severity != Severity.REFUSE)
    return by_weight[:MOST]


def refusals_in(sheet: Sheet) -> Sequence[Finding]:
    """What must not leave, for those who cannot answer a question: machines."""
    return [one for one in check(sheet) if one.severity == Severity.REFUSE]
