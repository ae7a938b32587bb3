"""What a joined conversation brings along beside its words, and how that is taken back."""

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from makegood.channels.queries import may_see
from makegood.conversations.models import (
    Conversation,
    Draft,
    Join,
    Participant,
    Seen,
    Tag,
)


def bring(joined: Conversation, stays: Conversation) -> dict[str, Any]:
    """People, tags, drafts, reading marks and the assignee; what of it is new there."""
    had = set(stays.tags.values_list("pk", flat=True))
    tags = [pk for pk in joined.tags.values_list("pk", flat=True) if pk not in had]
    stays.tags.add(*tags)
    _bring_drafts(joined, stays)
    _bring_reading(joined, stays)
    brought: dict[str, Any] = {
        "people": _bring_people(joined, stays),
        "tags": tags,
        "assignee": None,
    }
    assignee = joined.assignee
    if stays.assignee_id is None and assignee is not None and may_see(assignee, stays.inbox_id):
        stays.assignee = assignee
        brought["assignee"] = assignee.pk
    return brought


def _bring_people(joined: Conversation, stays: Conversation) -> list[int]:
    """The customer's own handles take part as before; other people's wait for an agent's word."""
    known = set(stays.participants.values_list("handle", flat=True))
    brought = []
    for one in joined.participants.select_related("handle").order_by("pk"):
        if one.handle_id in known or one.state == Participant.State.LEFT:
            continue
        is_same = one.handle.customer_id == stays.customer_id
        state = one.state if is_same else Participant.State.PENDING
        Participant.objects.create(
            conversation=stays, handle=one.handle, state=state, joined_at=timezone.now()
        )
        brought.append(one.handle_id)
    return brought


def _bring_drafts(joined: Conversation, stays: Conversation) -> None:
    """No word is lost: what was typed here stands below what was typed there."""
    for draft in joined.drafts.exclude(purpose=Draft.Purpose.HELD).order_by("pk"):
        there = Draft.objects.filter(
            conversation=stays, agent=draft.agent_id, purpose=draft.purpose
        ).first()
        if there is None:
            draft.conversation = stays
            draft.save(update_fields=["conversation"])
            continue
        there.text = "\n\n".join(filter(None, [there.text.rstrip(), draft.text]))
        there.save(update_fields=["text"])
        draft.attachments.update(draft=there)
        draft.delete()


def _bring_reading(joined: Conversation, stays: Conversation) -> None:
    """Who had read both has read all; where either was unread, the whole is unread."""
    newest = max(joined.last_message, stays.last_message)
    read_joined = dict(Seen.objects.filter(conversation=joined).values_list("agent", "message"))
    read_stays = dict(Seen.objects.filter(conversation=stays).values_list("agent", "message"))
    for agent in {*read_joined, *read_stays}:
        marks = [
            mark
            for mark, one in (
                (read_joined.get(agent, 0), joined),
                (read_stays.get(agent, 0), stays),
            )
            if mark < one.last_incoming
        ]
        mark = min(marks) if marks else newest
        Seen.objects.update_or_create(
            agent_id=agent, conversation=stays, defaults={"message": mark}
        )


def take_back(join: Join, stays: Conversation) -> None:
    """Take back what a join brought and nobody used since."""
    before = join.before
    stays.tags.remove(*Tag.objects.filter(pk__in=before.get("tags", [])))
    speaking = set(stays.messages.values_list("handle", flat=True))
    gone = [pk for pk in before.get("people", []) if pk not in speaking]
    Participant.objects.filter(conversation=stays, handle__in=gone).delete()
    if before.get("assignee") and stays.assignee_id == before["assignee"]:
        stays.assignee = None


def stand_again(parted: Conversation, join: Join) -> None:
    """It stands as it stood when it was joined, unless something was said for it since."""
    before = join.before
    if parted.last_message > before["last_message"]:
        return
    parted.turn = before["turn"]
    parted.status = before["status"]
    if parted.status == Conversation.Status.RESOLVED:
        parted.resolved_at = timezone.now()
    until = parse_datetime(before["snoozed_until"] or "")
    if parted.status == Conversation.Status.SNOOZED:
        parted.snoozed_until = until
        parted.wakes_with_id = before.get("wakes_with")
