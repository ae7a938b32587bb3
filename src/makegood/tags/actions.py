"""Tags for everybody. A renamed or merged tag is known by its old name, too."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation, Tag
from makegood.conversations.tagging import tag_words
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.ledger.actions import record
from makegood.tags.events import TagRemoved, TagRestored, TagSaved, TagsMerged
from makegood.tags.models import TagEnding, TagWearer
from makegood.team.models import Agent

WORN = Conversation.tags.through.objects


@refuses_a_second
@transaction.atomic
def save_tag(tag: Tag | None, *, name: str, colour: str = "", by: Agent) -> Tag:
    """Make a tag, or let one be called or coloured otherwise."""
    tag = _lock(tag) if tag else Tag()
    word = next(iter(tag_words([name])), "")
    if colour not in Tag.Colour.values:
        raise Refused(_("Tags have no such colour."))
    before = _told(tag) if tag.pk else {}
    if word != tag.name or not word:
        _free_name(word, tag)
    old, tag.name, tag.colour = tag.name, word, colour
    after = _told(tag)
    if before == after:
        return tag
    tag.save()
    if old and old != word:
        Tag.objects.create(name=old, stands_for=tag)
    record(TagSaved(name=tag.name, before=before, after=after), about=[tag], by=by)
    return tag


def _lock(tag: Tag) -> Tag:
    return Tag.objects.select_for_update().get(pk=tag.pk)


def _free_name(word: str, tag: Tag) -> None:
    """Make room for a name: one's own old name is given up; another's is refused."""
    if not word:
        raise Refused(_("A tag needs a name."))
    clash = Tag.objects.filter(name=word).select_related("stands_for").first()
    if clash is None:
        return
    if clash.stands_for is None:
        raise Refused(_("There is already a tag of this name: merge the two instead."))
    if clash.stands_for_id != tag.pk:
        words = _("“%(word)s” is an old name of “%(name)s”.")
        raise Refused(words % {"word": word, "name": clash.stands_for.name})
    clash.delete()


def _told(tag: Tag) -> dict[str, str]:
    return {"name": tag.name, "colour": tag.colour}


@transaction.atomic
def merge_tags(tag: Tag, into: Tag, *, by: Agent) -> TagEnding:
    """Whatever bears one tag bears the other instead; the first becomes an old name of it."""
    if tag.pk == into.pk:
        raise Refused(_("A tag cannot be merged into itself."))
    first, second = sorted((tag.pk, into.pk))
    locked = {pk: Tag.objects.select_for_update().get(pk=pk) for pk in (first, second)}
    tag, into = locked[tag.pk], locked[into.pk]
    if tag.stands_for_id or into.stands_for_id:
        raise Refused(_("One of these tags is merged already."))
    ending = _end(tag, into, by)
    _ask(
        """INSERT INTO conversations_conversation_tags (conversation_id, tag_id)
           SELECT conversation_id, %s FROM tags_tagwearer
           WHERE ending_id = %s AND NOT had_both""",
        [into.pk, ending.pk],
    )
    WORN.filter(tag=tag).delete()
    tag.other_names.update(stands_for=into)
    tag.stands_for = into
    tag.save(update_fields=["stands_for"])
    fact = TagsMerged(
        name=tag.name, into=into.name, count=ending.count, before=_told(tag), after=_told(into)
    )
    record(fact, about=[tag, into], by=by)
    return ending


def _end(tag: Tag, into: Tag | None, by: Agent) -> TagEnding:
    """Keep what bears a tag, and its names, before it goes."""
    names = list(tag.other_names.values_list("name", flat=True))
    ending = TagEnding.objects.create(
        name=tag.name, colour=tag.colour, into=into, other_names=names, by_name=by.name,
        at=timezone.now(),
    )  # fmt: skip
    _ask(
        """INSERT INTO tags_tagwearer (ending_id, conversation_id, had_both)
           SELECT %s, a.conversation_id, EXISTS (
             SELECT 1 FROM conversations_conversation_tags b
             WHERE b.conversation_id = a.conversation_id AND b.tag_id = %s)
           FROM conversations_conversation_tags a WHERE a.tag_id = %s""",
        [ending.pk, into.pk if into else 0, tag.pk],
    )
    ending.count = TagWearer.objects.filter(ending=ending).count()
    ending.save(update_fields=["count"])
    return ending


@transaction.atomic
def remove_tag(tag: Tag, *, by: Agent) -> TagEnding:
    """Take a tag off every conversation, with its old names."""
    tag = _lock(tag)
    ending = _end(tag, None, by)
    WORN.filter(tag=tag).delete()
    fact = TagRemoved(name=tag.name, count=ending.count, before=_told(tag), after={})
    record(fact, about=[tag], by=by)
    tag.delete()
    return ending


@transaction.atomic
def bring_tag_back(ending: TagEnding, *, by: Agent) -> Tag:
    """Undo a merge or a deletion: who bore it bears it again, as far as nobody changed it since."""
    ending = TagEnding.objects.select_for_update(of=("self",)).get(pk=ending.pk)
    if ending.undone_at:
        raise Refused(_("This was undone already."))
    tag = _named_again(ending)
    before = TagWearer.objects.filter(ending=ending)
    count = _put_on_again(ending, tag)
    if ending.into_id:
        mine = before.filter(had_both=False).values("conversation_id")
        WORN.filter(tag=ending.into_id, conversation__in=mine).delete()
    Tag.objects.filter(name__in=ending.other_names, stands_for=ending.into).update(stands_for=tag)
    ending.undone_at = timezone.now()
    ending.save(update_fields=["undone_at"])
    fact = TagRestored(name=tag.name, count=count, before={}, after=_told(tag))
    record(fact, about=[tag], by=by)
    return tag


def _named_again(ending: TagEnding) -> Tag:
    """The tag by its name, as it was; whoever said the name meanwhile made it already."""
    tag = Tag.objects.select_for_update().filter(name=ending.name).first()
    if ending.into_id is None:
        tag = tag or Tag.objects.create(name=ending.name, colour=ending.colour)
        _name_otherwise(tag, ending)
        return tag
    if tag is None or tag.stands_for_id != ending.into_id:
        raise Refused(_("These tags were changed since. Undo what was done last first."))
    tag.stands_for, tag.colour = None, ending.colour
    tag.save(update_fields=["stands_for", "colour"])
    return tag


def _name_otherwise(tag: Tag, ending: TagEnding) -> None:
    """A deleted tag's old names mean it again, where nobody took them."""
    if tag.stands_for_id:
        raise Refused(_("These tags were changed since. Undo what was done last first."))
    names = [Tag(name=name, stands_for=tag) for name in ending.other_names]
    Tag.objects.bulk_create(names, ignore_conflicts=True)


def _put_on_again(ending: TagEnding, tag: Tag) -> int:
    """Of a merge only where the other still is: a tag that was taken off since stays off."""
    still = "" if ending.into_id is None else """
          AND EXISTS (SELECT 1 FROM conversations_conversation_tags b
                      WHERE b.conversation_id = w.conversation_id AND b.tag_id = %s)"""  # fmt: skip
    values = [tag.pk, ending.pk, *([ending.into_id] if ending.into_id else []), tag.pk]
    return _ask(
        f"""INSERT INTO conversations_conversation_tags (conversation_id, tag_id)
            SELECT w.conversation_id, %s FROM tags_tagwearer w WHERE w.ending_id = %s{still}
              AND NOT EXISTS (SELECT 1 FROM conversations_conversation_tags c
                              WHERE c.conversation_id = w.conversation_id AND c.tag_id = %s)""",  # noqa: S608
        values,
    )


def _ask(sql: str, values: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
