"""What policies promise to whoever writes by a form or in a chat, before there is a conversation.

A condition that cannot be answered beforehand may hold or not: then the longest that may be
promised is said, or nothing where that cannot be told.
"""

from collections.abc import Iterator

from django.utils.translation import ngettext

from makegood.promises.choosing import versions_in_force
from makegood.promises.models import PolicyVersion, Promise

FIRST = Promise.Kind.FIRST
CHANNELS = frozenset(["web", "chat", "social", "phone", "email"])
MINUTES, HOURS = 60, 3600


def promised_by_form() -> str:
    """`We answer within 8 business hours.`, in the language of the page; or nothing."""
    return _promised("web")


def promised_by_chat() -> str:
    """`We answer within 5 minutes.`; or nothing."""
    return _promised("chat")


def _promised(channel: str) -> str:
    versions = list(_may_hold(channel))
    clocks = {version.targets[FIRST]["clock"] for version in versions}
    if len(clocks) != 1:
        return ""
    longest = max(int(version.targets[FIRST]["seconds"]) for version in versions)
    return _in_words(longest, is_of_hours=clocks == {Promise.Clock.HOURS})


def _may_hold(channel: str) -> Iterator[PolicyVersion]:
    """Those that may be the first that holds; none where perhaps none would."""
    others = {f"channel:{one}" for one in CHANNELS - {channel}}
    may: list[PolicyVersion] = []
    for version in versions_in_force():
        condition = version.condition.strip()
        if FIRST not in version.targets or condition in others:
            continue
        may.append(version)
        if condition in ("", f"channel:{channel}"):
            yield from may
            return


def _in_words(seconds: int, *, is_of_hours: bool) -> str:
    if seconds < HOURS:
        minutes = -(-seconds // MINUTES)
        return ngettext(
            "We answer within %(n)s minute.", "We answer within %(n)s minutes.", minutes
        ) % {"n": minutes}
    hours = -(-seconds // HOURS)
    if is_of_hours:
        return ngettext(
            "We answer within %(n)s business hour.", "We answer within %(n)s business hours.", hours
        ) % {"n": hours}
    return ngettext("We answer within %(n)s hour.", "We answer within %(n)s hours.", hours) % {
        "n": hours
    }
