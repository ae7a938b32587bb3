from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from makegood.asking.reading import read
from makegood.asking.tree import Word, tests
from makegood.conversations.fields import CONVERSATIONS
from makegood.conversations.models import SavedView, Tag
from makegood.tags.models import TagEnding

MOST_SHOWN = 200
MOST_CHOICES = 2000
MOST_COUNTED = 5000
CAN_BE_UNDONE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Worn:
    """A tag with how many conversations bear it, counted no further than people count."""

    tag: Tag
    count: int
    other_names: Sequence[str] = ()

    @property
    def names(self) -> set[str]:
        """What it is called, and was."""
        return {self.tag.name, *self.other_names}

    @property
    def is_more(self) -> bool:
        return self.count > MOST_COUNTED


def tag_numbered(pk: int) -> Tag:
    tag = Tag.objects.filter(pk=pk, stands_for=None).first()
    if tag is None:
        raise Http404
    return tag


def all_tags(words: str = "") -> Sequence[Worn]:
    """Every tag by name, or those that have these letters, each with its count."""
    tags = Tag.objects.filter(stands_for=None).prefetch_related("other_names")
    if words:
        has = Q(name__contains=words.lower()) | Q(other_names__name__contains=words.lower())
        tags = tags.filter(has).distinct()
    found = list(tags[:MOST_SHOWN])
    counted = _counts([tag.pk for tag in found])
    return [
        Worn(
            tag=tag,
            count=counted.get(tag.pk, 0),
            other_names=[one.name for one in tag.other_names.all()],
        )
        for tag in found
    ]


def worn(tag: Tag) -> Worn:
    names = list(tag.other_names.values_list("name", flat=True))
    return Worn(tag=tag, count=_counts([tag.pk]).get(tag.pk, 0), other_names=names)


def _counts(pks: Sequence[int]) -> dict[int, int]:
    """A short walk along each tag's index: flat however many conversations there are."""
    if not pks:
        return {}
    within = ", ".join(["%s"] * len(pks))
    sql = f"""SELECT t.id, (SELECT count(*) FROM (SELECT 1 FROM conversations_conversation_tags w
              WHERE w.tag_id = t.id LIMIT {MOST_COUNTED + 1}) AS bearing)
              FROM conversations_tag t WHERE t.id IN ({within})"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, list(pks))
        return dict(cursor.fetchall())


def others_than(tag: Tag) -> Sequence[Tag]:
    """What a tag can be merged into."""
    return list(Tag.objects.filter(stands_for=None).exclude(pk=tag.pk)[:MOST_CHOICES])


def views_naming(names: Set[str]) -> int:
    """How many saved views ask for a tag by any of these names."""
    queries = SavedView.objects.filter(query__contains="tag").values_list("query", flat=True)
    return sum(1 for query in queries if names & _tags_in(query))


def _tags_in(query: str) -> set[str]:
    tree = read(query, CONVERSATIONS).tree
    found = tests(tree) if tree is not None else ()
    return {
        value.text.lower()
        for test in found
        if test.field == "tag"
        for value in test.values
        if isinstance(value, Word)
    }


def endings() -> Sequence[TagEnding]:
    """What was merged or deleted of late, and can be brought back."""
    since = timezone.now() - CAN_BE_UNDONE
    return list(TagEnding.objects.filter(undone_at=None, at__gt=since).select_related("into")[:20])


def ending_numbered(pk: int) -> TagEnding:
    found = TagEnding.objects.filter(pk=pk, undone_at=None).select_related("into").first()
    if found is None:
        raise Http404
    return found


def tags_having(words: str) -> Sequence[Tag]:
    """A few tags with these letters in them."""
    return list(Tag.objects.filter(stands_for=None, name__contains=words.lower())[:20])
