"""What tags are called: an old name that somebody still says means the tag of today."""

from collections.abc import Iterable
from functools import partial

from django.db.models.functions import Coalesce

from makegood.conversations.models import Tag
from makegood.kit.remembering import remembered
from makegood.kit.text import one_line


def tag_words(names: Iterable[str]) -> set[str]:
    """Tags as they are kept: small letters, no sign before them."""
    return {one_line(name.strip().lstrip("#").lower(), 40) for name in names} - {""}


def as_called_now(words: Iterable[str]) -> set[str]:
    """The same tags by the names of today; a word that is no tag stays."""
    wanted = tuple(sorted(words))
    return remembered(("tags called", wanted), partial(_called, wanted)) if wanted else set()


def _called(words: Iterable[str]) -> set[str]:
    old = Tag.objects.filter(name__in=list(words), stands_for__isnull=False)
    today = dict(old.values_list("name", "stands_for__name"))
    return {str(today.get(word, word)) for word in words}


def tag_numbered(word: str) -> int:
    """The number of a tag by any of its names; a new word becomes a tag."""
    Tag.objects.bulk_create([Tag(name=word)], ignore_conflicts=True)
    return int(Tag.objects.values_list(Coalesce("stands_for_id", "pk"), flat=True).get(name=word))
