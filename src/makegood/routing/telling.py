"""A choice in words: "Nora: here, 3 of 8, answered this customer twice, knows returns"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from makegood.conversations.models import Tag
from makegood.routing.floor import names_of
from makegood.routing.models import Choice
from makegood.routing.scoring import Rank


@dataclass(frozen=True, kw_only=True)
class ToldRank:
    """One who could be chosen, and why."""

    agent: int
    name: str
    reasons: str
    points: float


@dataclass(frozen=True, kw_only=True)
class ToldChoice:
    """Who was chosen, who else could have been, and what became of it."""

    how: str
    at: datetime
    first: ToldRank
    others: Sequence[ToldRank]
    overruled_by: str
    overruled_at: datetime | None


def told_choice(choice: Choice) -> ToldChoice:
    """A choice as its page tells it."""
    first, *others = told_ranks(choice.ranks)
    by = choice.overruled_by
    return ToldChoice(
        how=str(choice.get_how_display()),
        at=choice.at,
        first=first,
        others=others,
        overruled_by=by.name if by else "",
        overruled_at=choice.overruled_at,
    )


def told_ranks(ranks: Sequence[Mapping[str, Any] | Rank]) -> Sequence[ToldRank]:
    """Ranks in words, with names as they are today; two queries."""
    plain = [rank.as_json() if isinstance(rank, Rank) else rank for rank in ranks]
    names = names_of([rank["agent"] for rank in plain])
    topics = {why.get("topic", 0) for rank in plain for why in rank["reasons"]} - {0}
    tags = dict(Tag.objects.filter(pk__in=topics).values_list("pk", "name")) if topics else {}
    return [
        ToldRank(
            agent=rank["agent"],
            name=names.get(rank["agent"], ""),
            reasons=", ".join(filter(None, (_said(why, tags) for why in rank["reasons"]))),
            points=rank["points"],
        )
        for rank in plain
    ]


def _said(why: Mapping[str, Any], tags: Mapping[int, str]) -> str:
    match why["why"]:
        case "here":
            return _("here")
        case "load":
            return _("%(load)s of %(most)s") % {"load": why["load"], "most": why["most"]}
        case "wrote":
            return _("wrote in this conversation")
        case "answered":
            return _answered(int(why["times"]))
        case "knows":
            return _knows(tags.get(why["topic"], ""), _language(why["language"]))
    return ""


def _answered(times: int) -> str:
    if times == 1:
        return _("answered this customer once")
    if times == 2:  # said as people say it
        return _("answered this customer twice")
    words = ngettext(
        "answered this customer %(n)s time", "answered this customer %(n)s times", times
    )
    return words % {"n": times}


def _knows(tag: str, language: str) -> str:
    if tag and language:
        return _("knows %(tag)s in %(language)s") % {"tag": tag, "language": language}
    if tag or language:
        return _("knows %(what)s") % {"what": tag or language}
    return _("settled many such")


def _language(code: str) -> str:
    """`German` of `de`, in the reader's own language."""
    if not code:
        return ""
    try:
        reader = Locale.parse((get_language() or "en").replace("-", "_"))
        return Locale.parse(code.replace("-", "_")).get_language_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code
