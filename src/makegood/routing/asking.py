"""Strengths as people write them, and back: `returns, language:de, channel:chat`."""

from collections.abc import Iterable, Mapping

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext as _

from makegood.conversations.models import Tag
from makegood.kit.errors import Refused

CHANNELS = ("email", "web", "social", "review", "chat", "voice")


def read_strengths(said: Mapping[str, str]) -> dict[str, str]:
    """By level what was written for it: each word a tag, or what its first part says it is."""
    found: dict[str, str] = {}
    for level, line in said.items():
        for word in filter(None, map(str.strip, line.replace("\n", ",").split(","))):
            about = _about(word)
            if found.get(about, level) != level:
                raise Refused(_("“%(word)s” stands in two places.") % {"word": word})
            found[about] = level
    return found


def _about(word: str) -> str:
    first, colon, rest = word.partition(":")
    kind, value = first.strip().casefold(), rest.strip()
    if colon and kind == "language":
        return f"language:{_language(value)}"
    if colon and kind == "channel":
        if value.casefold() not in CHANNELS:
            told = {"word": value, "known": ", ".join(CHANNELS)}
            raise Refused(_("There is no channel “%(word)s”. There are: %(known)s.") % told)
        return f"channel:{value.casefold()}"
    name = value if colon and kind == "tag" else word
    tag = Tag.objects.filter(name__iexact=name).first()
    if tag is None:
        raise Refused(_("There is no tag “%(word)s”.") % {"word": name})
    return f"tag:{tag.stands_for_id or tag.pk}"


def _language(code: str) -> str:
    try:
        return Locale.parse(code.replace("-", "_")).language
    except (UnknownLocaleError, ValueError) as error:
        told = _("“%(word)s” is no language. Write it like language:de.")
        raise Refused(told % {"word": code[:30]}) from error


def said_strengths(levels: Mapping[str, str]) -> dict[str, str]:
    """By level what there is, as it would be written."""
    names = _tag_names(levels)
    found: dict[str, list[str]] = {}
    for about, level in sorted(levels.items()):
        word = names.get(int(about[4:]), "") if about.startswith("tag:") else about
        found.setdefault(level, []).extend([word] if word else [])
    return {level: ", ".join(words) for level, words in found.items()}


def _tag_names(abouts: Iterable[str]) -> Mapping[int, str]:
    numbers = [int(about[4:]) for about in abouts if about.startswith("tag:")]
    return dict(Tag.objects.filter(pk__in=numbers).values_list("pk", "name"))
