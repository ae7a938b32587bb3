"""Whom it goes to, whose words it holds, and whether an answer could come in."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from makegood.guard.sheet import Finding, Severity, Sheet


def foreign_words(sheet: Sheet) -> Iterator[Finding]:
    """Another customer's address, number or private link."""
    for words, why in sheet.foreign:
        start = sheet.written.lower().find(words.lower())
        if start >= 0 and not sheet.is_theirs(words):
            span, way = (
                (start, start + len(words)),
                _("Take it out, unless it is meant to be there."),
            )
            severity = Severity.REFUSE if words.startswith("http") else Severity.QUESTION
            yield sheet.found("foreign", severity, why, span, way=way)


def odd_recipients(sheet: Sheet) -> Iterator[Finding]:
    """Somebody who takes no part, above all one whose domain is a letter away from theirs."""
    known = {one.lower() for one in sheet.taking_part}
    homes = {one.rpartition("@")[2] for one in known}
    for address in dict.fromkeys(one.lower() for one in sheet.recipients):
        home = address.rpartition("@")[2]
        near = [
            other for other in sorted(homes) if other != home and is_one_letter_off(home, other)
        ]
        if near:
            reason = _("This address is one letter away from %(domain)s:") % {"domain": near[0]}
        elif known and address not in known:
            reason = _("This address takes no part in the conversation:")
        else:
            continue
        way = _("Look at the address again.")
        yield Finding(
            check="recipient",
            severity=Severity.QUESTION,
            reason=reason,
            excerpt=address,
            way=way,
        )


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped with its neighbour makes one the other."""
    if abs(len(one) - len(other)) > 1 or one == other or min(len(one), len(other)) < 5:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    is_swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or is_swapped


def deaf_sender(sheet: Sheet) -> Iterator[Finding]:
    """An answer to this could not come in."""
    if sheet.deaf:
        way = _("See to the inbox first, or send and expect no answer.")
        yield Finding(check="sender", severity=Severity.QUESTION, reason=sheet.deaf, way=way)
