"""Join one conversation into another, take it out again, split a part off.

What is joined keeps its number, its tokens and its own people; its messages and notes stand in
the other one and remember their home, also those that come later by the old address. So a join
can be undone at any time. Locks are taken in the order of the numbers.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations import bringing
from makegood.conversations.events import ConversationJoined, ConversationParted, ConversationSplit
from makegood.conversations.models import Conversation, Join, Message, Note, Participant
from makegood.conversations.retelling import carry_over, retell
from makegood.conversations.standing import joined_into, lock_standing, standing_number
from makegood.conversations.tokens import carry_messages
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor


@transaction.atomic
def join_conversation(conversation: Conversation, *, into: Conversation, by: Actor) -> Conversation:
    """Make one conversation part of another; returns the one that stands. Twice is once."""
    ours, other = standing_number(conversation.pk), standing_number(into.pk)
    if conversation.pk == into.pk:
        raise Refused(_("A conversation cannot be joined into itself."))
    if ours == other:
        if ours == conversation.pk:
            raise Refused(_("They are joined already, the other way round."))
        return Conversation.objects.get(pk=other)
    joined, stays = _locked(ours, other)
    join = Join(conversation=joined, into=stays, at=timezone.now(), before=_how_it_stood(joined))
    moved = list(joined.messages.order_by("pk").values_list("pk", flat=True))
    join.before |= bringing.bring(joined, stays)
    carry_over(joined, stays)
    _move(joined, stays)
    joined.status, joined.joined_into = Conversation.Status.JOINED, stays
    joined.snoozed_until = joined.resolved_at = None
    joined.save()
    join.save()
    stays.save()
    fact = ConversationJoined(
        conversation=joined.pk,
        into=stays.pk,
        status=join.before["status"],
        turn=join.before["turn"],
        messages=len(moved),
        first=moved[0] if moved else 0,
        last=moved[-1] if moved else 0,
    )
    record(fact, about=[joined, stays, f"customer:{joined.customer_id}"], by=by, at=join.at)
    return stays


@transaction.atomic
def join_together(conversations: Sequence[Conversation], *, by: Actor) -> Conversation:
    """Make several conversations one; the oldest stays, and every number and address leads there.

    Each is joined by itself, and so is taken out again by itself.
    """
    numbers = {standing_number(one.pk) for one in conversations}
    if len(numbers) < 2:
        raise Refused(_("To join, choose at least two conversations."))
    rows = Conversation.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    locked = list(rows.order_by("pk"))
    stays = min(locked, key=lambda one: (one.opened_at, one.pk))
    for one in locked:
        if one.pk != stays.pk:
            join_conversation(one, into=stays, by=by)
    return Conversation.objects.get(pk=stays.pk)


def _locked(ours: int, other: int) -> tuple[Conversation, Conversation]:
    """Both, locked in the order of their numbers; refused where one moved meanwhile."""
    rows = Conversation.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[ours, other])}
    if any(row.joined_into_id is not None for row in found.values()):
        raise Refused(_("Somebody joined one of them in this moment. Look again, then decide."))
    return found[ours], found[other]


def _how_it_stood(conversation: Conversation) -> dict[str, object]:
    until = conversation.snoozed_until
    return {
        "status": conversation.status,
        "turn": conversation.turn,
        "snoozed_until": until.isoformat() if until else None,
        "wakes_with": conversation.wakes_with_id,
        "last_message": conversation.last_message,
    }


def _move(joined: Conversation, stays: Conversation) -> None:
    """Everything that stands in the one stands in the other, and remembers its home."""
    for noun in (Message, Note):
        here = noun.objects.filter(conversation=joined)
        here.filter(home=None).update(home=joined, conversation=stays)
        here.update(conversation=stays)


@transaction.atomic
def part_conversation(conversation: Conversation, *, by: Actor) -> Conversation:
    """Take a joined conversation out again, with what came for it since. Twice is once."""
    standing = lock_standing(conversation.pk)
    parted = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if parted.joined_into_id is None:
        return parted
    join = Join.objects.get(conversation=parted, undone_at=None)
    family = [parted.pk, *joined_into(parted.pk)]
    parted.joined_into, parted.status = None, Conversation.Status.OPEN
    moved = 0
    for noun in (Message, Note):
        back = noun.objects.filter(conversation=standing, home__in=family)
        moved += back.update(conversation=parted)
        noun.objects.filter(conversation=parted, home=parted).update(home=None)
    bringing.take_back(join, standing)
    retell(parted)
    bringing.stand_again(parted, join)
    parted.save()
    retell(standing)
    standing.save()
    join.undone_at = timezone.now()
    join.save(update_fields=["undone_at"])
    fact = ConversationParted(
        conversation=parted.pk, into=standing.pk, status=parted.status, messages=moved
    )
    record(fact, about=[parted, standing, f"customer:{parted.customer_id}"], by=by)
    return parted


@transaction.atomic
def split_conversation(
    message: Message, *, subject: str = "", only_this: bool = False, by: Actor
) -> Conversation:
    """Make a message, and what follows it, a conversation of its own. Joining it undoes that."""
    conversation = lock_standing(message.conversation_id)
    begin = conversation.messages.select_related("handle").get(pk=message.pk)
    chosen = conversation.messages.filter(pk=begin.pk)
    if not only_this:
        chosen = conversation.messages.filter(pk__gte=begin.pk)
    pks = list(chosen.order_by("pk").values_list("pk", flat=True))
    if conversation.messages.count() == len(pks):
        raise Refused(_("That is the whole conversation: there is nothing to split it off from."))
    split = _begin(conversation, begin, subject)
    notes = conversation.notes.filter(at__gte=begin.at) if not only_this else Note.objects.none()
    notes.update(conversation=split, home=None)
    moved = Message.objects.filter(pk__in=pks)
    moved.update(conversation=split, home=None)
    carry_messages(moved.values_list("external_id", flat=True), to=split)
    Message.objects.filter(pk=begin.pk).update(new_matter="", asks=False)
    _who_spoke(conversation, split)
    for one in (split, conversation):
        retell(one)
        one.save()
    fact = ConversationSplit(
        conversation=conversation.pk, into=split.pk, messages=len(pks), first=pks[0], last=pks[-1]
    )
    record(fact, about=[conversation, split, f"customer:{split.customer_id}"], by=by)
    return split


def _begin(conversation: Conversation, begin: Message, subject: str) -> Conversation:
    """An empty conversation for what is split off, which knows where it came from."""
    customer = begin.handle.customer if begin.handle else conversation.customer
    words = _("Split off from #%(number)s") % {"number": conversation.pk}
    return Conversation.objects.create(
        inbox=conversation.inbox,
        customer=customer,
        subject=one_line(subject or begin.subject or conversation.subject, 250),
        turn_since=begin.at,
        opened_at=begin.at,
        last_at=begin.at,
        assignee=conversation.assignee,
        team=conversation.team,
        looks_like=conversation,
        looks_like_because=words,
        unlike_at=timezone.now(),
    )


def _who_spoke(conversation: Conversation, split: Conversation) -> None:
    """Who spoke in the part, or was spoken to, takes part there as before."""
    told = {str(to).lower() for each in split.messages.values_list("to", flat=True) for to in each}
    spoke = set(split.messages.values_list("handle", flat=True))
    for one in conversation.participants.select_related("handle"):
        if one.handle_id in spoke or one.handle.address in told:
            Participant.objects.get_or_create(
                conversation=split,
                handle=one.handle,
                defaults={"state": one.state, "joined_at": one.joined_at},
            )
