from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation
from makegood.conversations.standing import joined_into, standing_number
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.linking.events import ConversationsLinked, ConversationsUnlinked
from makegood.linking.models import Link
from makegood.linking.queries import linked_numbers, links_of

MOST = 200
"""Links of one conversation: what concerns more is a tag."""


@transaction.atomic
def link_conversations(conversation: Conversation, other: Conversation, *, by: Actor) -> None:
    """Say that two have to do with each other. Said twice, it is so once."""
    ours, theirs = _locked(conversation, other)
    linked = linked_numbers(ours.pk)
    if theirs.pk in linked:
        return
    if max(len(linked), len(linked_numbers(theirs.pk))) >= MOST:
        words = _("That is linked with %(n)s others already: a tag says it better.")
        raise Refused(words % {"n": MOST})
    low, high = sorted([ours.pk, theirs.pk])
    Link.objects.create(low_id=low, high_id=high, at=timezone.now())
    fact = ConversationsLinked(conversation=ours.pk, other=theirs.pk)
    record(fact, about=[ours, theirs], by=by)


@transaction.atomic
def unlink_conversations(conversation: Conversation, other: Conversation, *, by: Actor) -> None:
    """They have nothing to do with each other; nor has what was joined into them."""
    ours, theirs = _locked(conversation, other)
    family, others = ({one.pk, *joined_into(one.pk)} for one in (ours, theirs))
    links = links_of(family).filter(low__in=family | others, high__in=family | others)
    between = [one.pk for one in links if (one.low_id in family) != (one.high_id in family)]
    if not between:
        return
    Link.objects.filter(pk__in=between).delete()
    fact = ConversationsUnlinked(conversation=ours.pk, other=theirs.pk)
    record(fact, about=[ours, theirs], by=by)


def _locked(conversation: Conversation, other: Conversation) -> tuple[Conversation, Conversation]:
    """Both where they stand, locked in the order of their numbers."""
    ours, theirs = standing_number(conversation.pk), standing_number(other.pk)
    if ours == theirs:
        raise Refused(_("A conversation cannot be linked with itself."))
    rows = Conversation.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[ours, theirs])}
    if any(row.joined_into_id is not None for row in found.values()):
        raise Refused(_("Somebody joined one of them in this moment. Look again, then decide."))
    return found[ours], found[theirs]
