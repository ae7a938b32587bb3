"""An answer that is not said yet: given to the team, put off until a time, or shown to a lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.conversations.drafting import (
    attach_to_draft,
    detach_from_draft,
    give_draft_back,
    put_draft_aside,
    was_said,
)
from makegood.conversations.models import Attachment, Conversation, Draft, Message
from makegood.conversations.replying import Reply, look_over_reply
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.facts import Fact
from makegood.sending.answering import STAYS, After, refuse_what_was_decided, send_answer
from makegood.sending.events import (
    AnswerEdited,
    AnswerScheduled,
    AnswerShared,
    AnswerWithdrawn,
    ApprovalAsked,
)
from makegood.sending.models import Prepared
from makegood.sending.rules import may_approve, needs_approval
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

State = Prepared.State
LONGEST = timedelta(days=366)
LEASE = timedelta(seconds=90)
NOTHING = gettext_lazy("There is nothing to send yet: write something first.")


class Overtaken(Refused):
    """Somebody else changed the words meanwhile; `prepared` has theirs."""

    def __init__(self, prepared: Prepared) -> None:
        name = prepared.edited_by.name if prepared.edited_by else prepared.agent.name
        words = _("%(name)s changed it meanwhile. Yours are kept below theirs: look, then save.")
        super().__init__(words % {"name": name})
        self.prepared = prepared


@dataclass(frozen=True, kw_only=True)
class FileChanges:
    """Files that come onto a waiting answer (name, type, content), and those taken off it."""

    on: Sequence[tuple[str, str, bytes]] = ()
    off: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to become of a written answer, and what of the conversation when it is said."""

    state: str
    due_at: datetime | None = None
    after: After = STAYS


@transaction.atomic
def prepare_answer(conversation: Conversation, reply: Reply, wish: Wish, *, by: Agent) -> Prepared:
    """Put an answer aside: for a time, for the team, for a lead. Pressed twice, it is put once."""
    conversation = lock_standing(conversation.pk, "inbox__mail_inbox", "customer")
    known = Prepared.objects.filter(client_key=reply.client_key, conversation=conversation)
    if reply.client_key and (again := known.first()) is not None:
        return again
    refuse_what_was_decided(reply.client_key)
    if was_said(Draft.Purpose.REPLY, reply.client_key):
        raise Refused(_("This was sent already. Look at the conversation."))
    _refuse_the_time(wish)
    to = _recipient(conversation, reply, wish, by)
    prepared = Prepared.objects.create(
        conversation=conversation,
        agent=by,
        draft=put_draft_aside(conversation, reply.text, by=by),
        state=_state(wish, conversation, by),
        due_at=wish.due_at,
        then=wish.after.then,
        rests_until=wish.after.until,
        seen=conversation.last_message,
        to=to,
        accepted=list(reply.accepted),
        client_key=reply.client_key,
        made_at=timezone.now(),
    )
    record(_made(prepared), about=[prepared, conversation], by=by)
    return prepared


def send_or_ask(
    conversation: Conversation, reply: Reply, *, after: After = STAYS, by: Agent
) -> Message | Prepared:
    """Answer the customer; where a lead reads this agent's answers first, ask for the yes."""
    refuse_unless(by, "answer")
    if needs_approval(by, conversation.inbox_id):
        return prepare_answer(conversation, reply, Wish(state=State.ASKING, after=after), by=by)
    return send_answer(conversation, reply, after=after, by=by)


def _recipient(conversation: Conversation, reply: Reply, wish: Wish, by: Agent) -> int | None:
    """Whom it goes to. What leaves without another look is looked over now; a draft is not."""
    if wish.state != State.SHARED:
        return look_over_reply(conversation, reply, by=by)[1].pk
    if not reply.text.strip() and not reply.attachments:
        raise Refused(NOTHING)
    return None


def _state(wish: Wish, conversation: Conversation, by: Agent) -> str:
    """What leaves by itself needs the yes that it would need now."""
    waits = wish.state == State.LATER and needs_approval(by, conversation.inbox_id)
    return State.ASKING if waits else wish.state


def _refuse_the_time(wish: Wish) -> None:
    now = timezone.now()
    if wish.state == State.LATER and wish.due_at is None:
        raise Refused(_("Say when it is to leave."))
    if wish.due_at is not None and wish.due_at <= now:
        raise Refused(_("That time has passed: choose one that is still to come."))
    if wish.due_at is not None and wish.due_at > now + LONGEST:
        raise Refused(_("That is very far away: choose a time within a year."))


def _made(prepared: Prepared) -> Fact:
    if prepared.state == State.ASKING:
        return ApprovalAsked(prepared=prepared.pk)
    if prepared.state == State.SHARED or prepared.due_at is None:
        return AnswerShared(prepared=prepared.pk)
    return AnswerScheduled(prepared=prepared.pk, until=prepared.due_at.isoformat())


def lock_prepared(prepared: Prepared) -> tuple[Prepared, Conversation]:
    """The answer and its conversation, locked in that order everywhere: conversation first."""
    conversation = lock_standing(prepared.conversation_id, "inbox__mail_inbox", "customer")
    rows = Prepared.objects.select_for_update(of=("self",))
    locked = rows.select_related("agent", "draft", "edited_by").get(pk=prepared.pk)
    return locked, conversation


def draft_of(prepared: Prepared) -> Draft:
    """The words and files. Raises `Refused` where it is over."""
    if prepared.draft is None or not prepared.is_open():
        raise Refused(_("This answer does not wait any more. Look at the conversation."))
    return prepared.draft


@transaction.atomic
def take_up_writing(prepared: Prepared, *, by: Agent) -> Prepared:
    """Write in it, alone for a while: whoever else opens it sees who is at it."""
    prepared, _conversation = lock_prepared(prepared)
    draft_of(prepared)
    _refuse_strange_hands(prepared, by)
    _refuse_two_hands(prepared, by)
    prepared.edited_by, prepared.edited_until = by, timezone.now() + LEASE
    prepared.save(update_fields=["edited_by", "edited_until"])
    return prepared


def may_change(prepared: Prepared, agent: Agent) -> bool:
    """What leaves in somebody's name is theirs to change, and a lead's; the team's is all's."""
    is_theirs = prepared.agent_id == agent.pk or may_approve(agent)
    return is_theirs or prepared.state == State.SHARED


def _refuse_strange_hands(prepared: Prepared, by: Agent) -> None:
    if not may_change(prepared, by):
        words = _("This leaves in the name of %(name)s: only they or a lead can change it.")
        raise Refused(words % {"name": prepared.agent.name})


def _refuse_two_hands(prepared: Prepared, by: Agent) -> None:
    if prepared.is_somebody_elses(by, timezone.now()) and prepared.edited_by is not None:
        words = _("%(name)s is writing in it at this moment.")
        raise Refused(words % {"name": prepared.edited_by.name})


@transaction.atomic
def edit_prepared(
    prepared: Prepared,
    text: str,
    *,
    revision: int,
    accepted: Sequence[str] = (),
    changed: FileChanges | None = None,
    by: Agent,
) -> Prepared:
    """Change the words and files. Refused where somebody did since: nobody's words get lost."""
    prepared, conversation = lock_prepared(prepared)
    draft = draft_of(prepared)
    if revision != prepared.revision:
        raise Overtaken(prepared)
    _refuse_strange_hands(prepared, by)
    _refuse_two_hands(prepared, by)
    text, files = fit_for_storage(text), _with_changes(draft, changed or FileChanges())
    reply = Reply(text=text, attachments=files, accepted=accepted, to=prepared.to)
    _recipient(conversation, reply, Wish(state=prepared.state), prepared.agent)
    draft.text, draft.saved_at = text, timezone.now()
    draft.save(update_fields=["text", "saved_at"])
    prepared.revision += 1
    prepared.edited_by, prepared.edited_until = by, None
    prepared.accepted = list(accepted)
    if prepared.state == State.LATER and needs_approval(by, conversation.inbox_id):
        prepared.state, prepared.approved_by = State.ASKING, None
    prepared.save()
    fact = AnswerEdited(prepared=prepared.pk, revision=prepared.revision)
    record(fact, about=[prepared, conversation], by=by)
    return prepared


def _with_changes(draft: Draft, changed: FileChanges) -> list[Attachment]:
    for pk in changed.off:
        detach_from_draft(draft, pk)
    for name, content_type, content in changed.on:
        attach_to_draft(draft, name=name, content_type=content_type, content=content)
    return list(draft.attachments.select_related("file").order_by("pk"))


@transaction.atomic
def change_time(prepared: Prepared, due_at: datetime, *, by: Agent) -> None:
    """Let it leave at another time."""
    prepared, conversation = lock_prepared(prepared)
    draft_of(prepared)
    _refuse_strange_hands(prepared, by)
    if prepared.state == State.SHARED:
        raise Refused(_("This draft is the team's: it leaves when somebody sends it."))
    _refuse_the_time(Wish(state=State.LATER, due_at=due_at))
    if prepared.due_at == due_at:
        return
    prepared.due_at = due_at
    prepared.save(update_fields=["due_at"])
    fact = AnswerScheduled(prepared=prepared.pk, until=due_at.isoformat())
    record(fact, about=[prepared, conversation], by=by)


@transaction.atomic
def withdraw_prepared(prepared: Prepared, *, by: Agent) -> Conversation:
    """It does not leave; its words are a draft again, of whoever took it back."""
    prepared, conversation = lock_prepared(prepared)
    if prepared.state == State.WITHDRAWN:
        return conversation
    draft = draft_of(prepared)
    if by.pk != prepared.agent_id and prepared.state != State.SHARED:
        raise Refused(_("Only who wrote it can take it back."))
    end(prepared, State.WITHDRAWN, told_at=timezone.now())
    draft.agent = by
    give_draft_back(draft, conversation)
    record(AnswerWithdrawn(prepared=prepared.pk), about=[prepared, conversation], by=by)
    return conversation


def end(prepared: Prepared, state: str, **changes: Any) -> None:
    """It waits no more: nothing holds its words any longer."""
    prepared.state, prepared.draft, prepared.ended_at = state, None, timezone.now()
    prepared.edited_until = None
    for name, value in changes.items():
        setattr(prepared, name, value)
    prepared.save()
